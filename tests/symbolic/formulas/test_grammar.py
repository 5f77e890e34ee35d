"""Text from outside becomes a tree of allow-listed operations, or a FormulaError with its place; nothing else."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Rational, Symbol, exp, log, pi, sqrt

from kl_engine.symbolic.formulas.grammar import FormulaError, Syntax, parse_formula, parse_number
from kl_engine.symbolic.formulas.refusals import MAX_LENGTH

a, b, c = (Symbol(name, real=True) for name in "abc")
mu_1, sigma_1, sigma_2 = (Symbol(name, real=True) for name in ("mu_1", "sigma_1", "sigma_2"))

PYTHON = {
    "a + b*c - 1/2": a + b * c - Rational(1, 2),
    "a^2 + b": a**2 + b,
    "-a**2": -(a**2),
    "a**-2 * .5": a**-2 / 2,
    "np.log(a) + math.log(b) + torch.log(c) + ln(a)": 2 * log(a) + log(b) + log(c),
    "a.pow(2) - b.exp() + np.square(c)": a**2 - exp(b) + c**2,
    "pow(a, 1/2) + abs(b) + np.abs(c)": sqrt(a) + Abs(b) + Abs(c),
    "math.pi * math.e**a + numpy.pi": pi * exp(a) + pi,
    "log1p(a) + expm1(b) + log2(c)": log(1 + a) + exp(b) - 1 + log(c) / log(2),
    "(a\n + b)\t* 1e-3": (a + b) / 1000,
    "+a - -b": a + b,
    "0.1 * 3": Rational(3, 10),
}
LATEX = {
    r"\frac{a}{b} + \frac12 c": a / b + c / 2,
    r"\frac1{b}\dfrac{a}2": a / (2 * b),
    r"\sigma_1^2 + \sigma^2_1 + \sigma_{1}^{2}": 3 * sigma_1**2,
    r"\log\frac{\sigma_2}{\sigma_1}": log(sigma_2 / sigma_1),
    r"\ln \sigma_1^2 - \log 2\pi": log(sigma_1**2) - log(2 * pi),
    r"\ln\left(\frac{\sigma_2}{\sigma_1}\right)": log(sigma_2 / sigma_1),
    r"2\sqrt{a}\cdot b \times c": 2 * sqrt(a) * b * c,
    r"-\left[ a - b \right]": b - a,
    r"|a - b|^2 + \left|c\right|": (a - b) ** 2 + Abs(c),
    r"\exp(a) + e^{b} + \exp\log c": exp(a) + exp(b) + c,
    r"\mathrm{a} + \text{b}\,c": a + b * c,
    r"\operatorname{log}(a) + \mathrm{ln}\,b": log(a) + log(b),
    r"a_{\mathrm{prior}}": Symbol("a_prior", real=True),
    r"2^{-1} a^{1/2}": sqrt(a) / 2,
    r"{a}/{b}": a / b,
    r"\log \sigma_2 - \log \sigma_1 \log \sigma_2": log(sigma_2) - log(sigma_1) * log(sigma_2),
    r"10.5 a": Rational(21, 2) * a,
}


@pytest.mark.parametrize("text", PYTHON)
def test_python(text):
    assert parse_formula(text).expression().doit() == PYTHON[text]


@pytest.mark.parametrize("text", LATEX)
def test_latex(text):
    assert parse_formula(text, Syntax.LATEX).expression().doit() == LATEX[text]


ATTACKS = (
    "__import__('os')", "().__class__", "a.__class__", "np.load(a)", "eval(a)",
    "exec(a)", "open(a)", "[a for a in b]", "(a for a in b)",
    "f'{a}'", '"a"', "'a'", "b'a'", "(a := 1)", "a == b", "a < b", "a and b", "not a",
    "~a", "a | b", "a & b", "a << b", "a // b", "a % b", "*a", "log(*a)", "log(**a)", "log(a, b)", "log()",
    "log(x=a)", "f(a)", "log", "pow(a)",
    "sum(a, b)", "a.sum(b)", "sum(a, out=b)", "sum(axis=1)", "a.sum(dim=a)",
    "log(a)(b)", "a(b)", "await a", "...",
    "None", "True", "0x10", "0b1", "1_000", "1e999", "1e99", "9**9**9", "a**b", "a**9", "a**-9",
    "a**(1/9)", "2**a", "((a**8)**8)**8", "a**0.123", "(" * 300 + "a" + ")" * 300, "-" * 400 + "a", "(" * 99, "a)",
    "+".join("a" * 150), "_a", "a__b", "a_", "a\x00", "\x00", "\u0430 + 1", "\uff41", "\u03bca\u03bc",
    "a\u200b",
    "a\\\nb", "`a`", "a!", "a?", "", "   ", "\n", "a" * 10_000, "1/0", "a/(1-1)",
    "log(0)", "log(-1)", "sqrt(-1)", "0**-1", "exp(exp(exp(9)))", "np.log", "np.e.e", "math.pi.real",
"s1+s2+s3+s4+s5+s6+s7+s8+s9+t1+t2+t3+t4", "x[__import__('os')]", "a.__init__.__globals__", "log(" * 40 + "a" + ")" * 40,
)  # fmt: skip

LATEX_ATTACKS = (
    r"\input{a}", r"\def\a{b}", r"\write18{a}", r"\csname a\endcsname", r"\include{a}", r"\newcommand{\a}{b}", r"\\",
    "\\", r"\frac", r"\frac{a}", r"\frac{a}{b", r"{a", r"\frac{" * 60 + "a" + "}{b}" * 60, "{" * 400, r"a^{b}",
    r"a^9", r"9^{9^9}", r"a^b", r"a^{2}^{2}", r"ab", r"\log", r"\log^2 a", r"\log_3 a", r"\log a / b c",
    r"\log a / b / c",
    r"\log (a)^2", r"\sqrt[3]{a}", r"\sum_{i}",
    r"\sum_{i a", r"\sum" * 60,
    r"\href{http://x}{a}", r"\url{a}", r"\includegraphics{a}", r"\let\a\b", r"\catcode`a", r"\html{a}", r"\class{a}{b}",
    r"\int a", r"a \over b", r"(a]",
    r"|a", r"\left( a", r"a \cdot", r"\mathrm{}", r"\text{\input{a}}", r"\begin{a}",
    r"a, b", "\\\x00", "\\\u03bc", r"\pi^a", r"a!", r"\operatorname{eval}(a)(b)^{c}", "^a",
    "_a", r"\,", r"\mathrm", r"\mathrm{__a}", "\\" * 200, r"\exp" * 60, "|" * 100, r"\frac{1}{0}",
)  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_python_attacks_are_refused(text):
    _refused(text, Syntax.PYTHON)


@pytest.mark.parametrize("text", LATEX_ATTACKS, ids=range(len(LATEX_ATTACKS)))
def test_latex_attacks_are_refused(text):
    _refused(text, Syntax.LATEX)


def _refused(text, syntax):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text, syntax)
    message = str(caught.value)
    assert message.endswith(".")
    assert ":" in message or ";" in message  # what is wrong, and what to do
    assert len(message) < 250
    if caught.value.at is not None:
        begin, end = caught.value.at
        assert 0 <= begin <= end <= len(text)
        assert f"position {begin + 1}" in message


def test_an_error_names_the_piece_its_place_and_what_to_do():
    with pytest.raises(FormulaError) as caught:
        parse_formula("log(s2) + foo(s1)")
    assert caught.value.at == (10, 13)
    assert str(caught.value).startswith("Unknown function 'foo' at position 11: use log, ")


def test_positions_survive_carets_and_spaces():
    with pytest.raises(FormulaError) as caught:
        parse_formula("  a^2 + b^2 + bad(1)")
    assert caught.value.at == (14, 17)


def test_tex_takes_one_sign_as_the_argument():
    assert parse_formula(r"\frac ab c").expression().doit() == a * c / b


def test_nothing_longer_than_the_limit():
    assert parse_formula("a" + " " * (MAX_LENGTH - 1)).names == ("a",)
    with pytest.raises(FormulaError):
        parse_formula("a" + " " * MAX_LENGTH)


@pytest.mark.parametrize("text", ["log(exp(exp(exp(exp(a - a + 9)))) - 5)", "exp(999999999999*log(3)*(a - a + 1))"])
def test_nothing_is_evaluated(text):
    """SymPy would need more memory than there is for the numbers that hide here."""
    assert parse_formula(text).expression().free_symbols == {a}


def test_numbers():
    assert parse_number("-1/2 + 0.25") == Fraction(-1, 4)
    for text in ("a", "1/0", "sqrt(4)", "", "1e99", "__import__"):
        with pytest.raises(FormulaError):
            parse_number(text)


ALPHABET = "abms12^_*/+-().,{}[]|\\ eE=:'\"%&#$~`<>\x00\u03bc"
WORDS = ("log", "exp", "np.", "**", "^2", "\\frac", "\\log", "\\sigma", "_1", "{", "}", "(", ")", "(1/2)", "/", "*",
         "+", "-", "s1", "m2", " ", "\\left(", "\\right)", "\\sqrt", "\\mathrm{", "e^", "|", "lambda ", ".pow(", "__",
         "9**9")  # fmt: skip


@settings(max_examples=400, deadline=1000)
@given(st.one_of(st.text(ALPHABET, max_size=60), st.lists(st.sampled_from(WORDS), max_size=25).map("".join), st.text()))
def test_fuzz(text):
    for syntax in Syntax:
        try:
            formula = parse_formula(text, syntax)
            expression = formula.expression()
        except FormulaError:
            continue
        assert {symbol.name for symbol in expression.free_symbols} <= set(formula.names)


@pytest.mark.parametrize("sign", ["x = x+x", "x = x*x", "x += x", "x *= x", "x = log(x)+x"])
def test_names_that_double_at_each_line_are_refused(sign):
    with pytest.raises(FormulaError, match="too long"):
        parse_formula(f"x = s1\n{f'{sign}{chr(10)}' * 50}x")
