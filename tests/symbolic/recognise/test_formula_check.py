"""A pasted formula is recognised as what it is: a direction, in some unit, with some slip, or neither."""

from fractions import Fraction

import pytest
from sympy import Integer, Rational, log, pi

from kl_engine.symbolic.formulas.grammar import FormulaError
from kl_engine.symbolic.recognise.algebra.normal_form import proves_zero
from kl_engine.symbolic.recognise.findings import Kind, Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula
from kl_engine.symbolic.recognise.meanings import Meaning, Owner, Quantity, guess_meanings
from kl_engine.symbolic.recognise.mistakes import RELATIVES, SLIPS
from kl_engine.symbolic.subjects.gaussian import P, Q

D = "log(s2/s1) + (s1**2 + (m1-m2)**2)/(2*s2**2) - 1/2"

FORWARD = (
    D,
    "np.log(sigma2) - np.log(sigma1) + (sigma1**2 + (mu1 - mu2)**2) / (2 * sigma2**2) - 0.5",
    "torch.log(std_q / std_p) + (std_p.pow(2) + (mean_p - mean_q).pow(2)) / (2 * std_q.pow(2)) - .5",
    "0.5 * (log(v2/v1) + (v1 + (m1 - m2)^2)/v2 - 1)",
    "0.5 * (logvar2 - logvar1 + exp(logvar1 - logvar2) + (mu1 - mu2)**2 * exp(-logvar2) - 1)",
    "log_std_q - log_std_p + (exp(2*log_std_p) + (mu_p - mu_q)**2) / (2*exp(2*log_std_q)) - 1/2",
    "0.5*(tau_2/tau_1 - 1 + log(tau_1/tau_2) + tau_2*(m_1 - m_2)**2)",
    "0.5 * ((s1/s2)**2 + ((m1-m2)/s2)**2 - 1 - log((s1/s2)**2))",
    "-0.5 * (1 + log(s1**2) - log(s2**2) - s1**2/s2**2 - (m2-m1)**2/s2**2)",
    "log(s2/s1) + (s1**2 - s2**2 + m1**2 - 2*m1*m2 + m2**2)/(2*s2**2)",
    "log(s0/s1)*(-1) + (s0**2 + abs(mu0-mu1)**2)/(2*s1**2) - d/2",
    r"\log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2 + (\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12",
    r"\frac{1}{2}\left(\frac{\sigma_p^2}{\sigma_q^2} + \frac{(\mu_q - \mu_p)^2}{\sigma_q^2}"
    r" - 1 + \ln\frac{\sigma_q^2}{\sigma_p^2}\right)",
    r"\ln \sigma_q - \ln \sigma_p + \frac{\sigma_{p}^{2}}{2 \sigma_{q}^2}"
    r" + \frac{\left|\mu_{\mathrm{p}} - \mu_q\right|^2}{2\sigma_q^2} - 0.5",
)
REVERSE = (
    "log(s1/s2) + (s2**2 + (m1-m2)**2)/(2*s1**2) - 1/2",
    "-0.5 * (1 + logvar - mu**2 - exp(logvar))",  # torch examples: q = N(mu, exp(logvar)) against p = N(0, 1)
    "-0.5 * (1 + logvar - mu.pow(2) - logvar.exp())",
    "0.5 * (sigma**2 + mu**2 - 1 - 2*log(sigma))",
    r"\frac{1}{2}\left(\mu^2 + \sigma^2 - \log\sigma^2 - 1\right)",
    "log(std_prior/std) + (std**2 + (mu - mu_prior)**2)/(2*std_prior**2) - 0.5",
)
BOTH = ("(m1 - m2)**2 / (2*s**2)", "(m1 - m2)**2 / 2", r"\frac{(\mu_p - \mu_q)^2}{2\sigma^2}", "0.5*tau*(m_p - m_q)**2")


@pytest.mark.parametrize(("text", "direction"), [(t, d) for d, texts in
                         (("forward", FORWARD), ("reverse", REVERSE), ("both", BOTH)) for t in texts])  # fmt: skip
def test_right_formulas(text, direction):
    check = check_formula(text)
    assert check.verdict is Verdict.EQUAL
    assert check.direction == direction
    assert check.proved
    assert check.match.residual < 1e-40
    assert check.failure is None
    assert bool(check.condition) == bool(check.assumptions)


RELATED = {
    f"({D})/log(2)": (Verdict.FACTOR, 1 / log(2), 0, "in bits"),
    f"({D})*1.4427": (Verdict.FACTOR, Rational(14427, 10000), 0, "rounded"),
    f"-({D})": (Verdict.FACTOR, -1, 0, "sign"),
    f"2*({D})": (Verdict.FACTOR, 2, 0, "twice"),
    f"({D})/3": (Verdict.FACTOR, Rational(1, 3), 0, ""),
    f"{D} + 1/2": (Verdict.CONSTANT, 1, Rational(1, 2), "missing"),
    f"{D} + 1": (Verdict.CONSTANT, 1, 1, "+1/2"),
    f"{D} - 1/2": (Verdict.CONSTANT, 1, Rational(-1, 2), "-1"),
    f"{D} + log(2*pi)/2": (Verdict.CONSTANT, 1, log(2 * pi) / 2, ""),
    f"{D} - 0.9189385332 + log(2*pi)/2": (Verdict.CONSTANT, 1, None, "rounded"),
    f"({D} + 1/2)/log(2)": (Verdict.FACTOR_AND_CONSTANT, 1 / log(2), 1 / (2 * log(2)), "in bits"),
    "1 + logvar - mu**2 - exp(logvar)": (Verdict.FACTOR, -2, 0, ""),
}


@pytest.mark.parametrize("text", RELATED)
def test_up_to_a_factor_or_a_constant(text):
    verdict, factor, constant, note = RELATED[text]
    check = check_formula(text)
    assert check.verdict is verdict
    assert check.match.factor == factor
    assert constant is None or check.match.constant == constant
    assert note in check.match.note
    assert check.proved
    assert check.comparison.value is not None


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_each_slip_is_recognised(slip, direction):
    wrong = slip.wrong(*((P, Q) if direction == "forward" else (Q, P)))
    # Without a symbol for the means they would be taken to be equal, and the formula right.
    values = {} if wrong.has(P.mean) else {"mean_p": 0, "mean_q": 1}
    check = check_formula(str(wrong), given=values)
    assert check.verdict in (Verdict.NEITHER, Verdict.UNDEFINED)
    assert check.match is None
    assert check.explanation.kind is Kind.SLIP
    # Some slips are each other's with the directions exchanged; what is named is then a true account too.
    assert check.explanation.match.proved
    assert check.explanation.match.factor == 1
    again = next(s for s in SLIPS if s.name == check.explanation.name)
    pair = (P, Q) if check.explanation.match.direction == "forward" else (Q, P)
    difference = again.wrong(*pair) - wrong
    assert proves_zero(difference.xreplace({P.mean: Integer(0), Q.mean: Integer(1)} if values else {}))
    _is_a_counterexample(check)


@pytest.mark.parametrize("relative", RELATIVES, ids=lambda slip: slip.name)
def test_other_quantities_are_recognised(relative):
    check = check_formula(str(relative.wrong(P, Q)))
    assert check.explanation.name == relative.name
    assert check.explanation.match.proved


def test_a_slip_in_bits_without_its_constant():
    check = check_formula("(log(s1/s2) + (s1**2 + (m1-m2)**2)/(2*s2**2))/log(2)")
    assert check.explanation.name == "log_sign"
    assert check.explanation.match.factor == 1 / log(2)
    assert "bits" in check.headline


def test_standard_deviation_and_variance_confused():
    check = check_formula("0.5*log(s2/s1) + (s1 + (m1-m2)**2)/(2*s2) - 0.5")
    assert check.verdict is Verdict.NEITHER
    assert check.explanation.kind is Kind.MEANING
    assert "s2 and s1 meant the variance" in check.headline
    variances = tuple(Meaning(m.name, Quantity.VARIANCE, m.owner) if m.name[0] == "s" else m for m in check.meanings)
    assert check_formula(check.formula.text, variances).verdict is Verdict.EQUAL


def test_one_symbol_misread():
    check = check_formula("0.5*log(v2/s1) + (s1/2 + (m1-m2)**2/2)/v2 - 0.5 - log(s1)/2 + log(s1)/2")
    assert check.explanation.kind is Kind.MEANING
    assert "s1 meant the variance" in check.headline


def test_swapped_owners_swap_the_direction():
    swapped = tuple(Meaning(m.name, m.quantity, Owner.Q if m.owner is Owner.P else Owner.P)
                    for m in guess_meanings(("s2", "s1", "m1", "m2")))  # fmt: skip
    assert check_formula(D, swapped).direction == "reverse"


def test_a_given_prior():
    text = "log(3/s_q) + (s_q**2 + (m_q - 1/2)**2)/18 - 1/2"
    assert check_formula(text).verdict is Verdict.NEITHER
    check = check_formula(text, given={"mean_p": Fraction(1, 2), "std_p": 3})
    assert (check.verdict, check.direction) == (Verdict.EQUAL, "reverse")
    assert "the std of p is 3" in check.condition


def _is_a_counterexample(check):
    numbers = check.comparison
    assert abs(numbers.value - numbers.forward) > 1e-6
    assert abs(numbers.value - numbers.reverse) > 1e-6


UNDEFINED = {
    "log(s2 - s1) + m1": "log(s2 - s1)",
    f"{D} + 1/(m1 - m2) - 1/(m1 - m2)": "1/(m1 - m2)",
    "log(m1/m2) + s1": "log(m1/m2)",
    "sqrt(m1) * s2": "sqrt(m1)",
    "log(log(s1)) + m2": "log(log(s1))",
    "exp(exp(exp(exp(s1))))": "exp(exp(exp(exp(s1))))",
    "1/(s1 - s1)": "1/(s1 - s1)",
}


@pytest.mark.parametrize("text", UNDEFINED)
def test_undefined_formulas(text):
    check = check_formula(text)
    assert check.verdict is Verdict.UNDEFINED
    assert check.failure.piece == UNDEFINED[text]
    assert check.failure.piece in check.headline


def test_what_is_undefined_somewhere_is_still_recognised_elsewhere():
    check = check_formula(f"{D} + 1/(m1 - m2) - 1/(m1 - m2)")
    assert check.direction == "forward"
    assert "Where it has a value" in check.headline


PLANTED = ("m1 + s2", "s1", "0*s1", f"{D} + 1e-9*m1", f"{D} * (1 + 1e-9*s1)", f"{D} + 1e-12*1e-12*(m1-m2)**4",
           D.replace("m1-m2", "m1-1.0001*m2"), D.replace("- 1/2", "- s1/2"), "exp(m1)*log(s1)",
           D.replace("**2)", "**4)"))  # fmt: skip


@pytest.mark.parametrize("text", PLANTED)
def test_planted_faults_are_not_equal_to_anything(text):
    check = check_formula(text)
    assert check.verdict is Verdict.NEITHER
    assert check.match is None
    assert not check.proved


@pytest.mark.parametrize("large", ["exp(256)", "exp(99*s1)", "(1e12*s2)**8", "1e-12**8"])
def test_digits_that_cancel_are_not_mistaken_for_a_difference(large):
    check = check_formula(f"{D} + {large} - {large}")
    assert check.verdict is Verdict.EQUAL
    assert check.proved


def test_agreement_without_proof_is_not_called_equal():
    check = check_formula(f"{D} + log(1 + s1 + s2 + s1*s2) - log(1 + s1) - log(1 + s2)")
    assert not check.proved
    assert "without a proof" in check.headline
    assert check.proof.startswith("Not proved")


def test_the_formula_is_shown_as_it_was_read():
    shown = {
        D: r"\log\left(\frac{s_{2}}{s_{1}}\right) + \frac{s_{1}^{2} + \left(m_{1} - m_{2}\right)^{2}}{2 s_{2}^{2}}"
        r" - \frac{1}{2}",
        "-s1**2 - (-s1)**2": r"-s_{1}^{2} - \left(-s_{1}\right)^{2}",
        "s1*2 - (m1 - m2)": r"s_{1} \cdot 2 - \left(m_{1} - m_{2}\right)",
        "sqrt(logvar) * abs(mu)": r"\sqrt{\mathrm{logvar}} \left|\mu\right|",
    }
    for text, latex in shown.items():
        assert check_formula(text).latex == latex


@pytest.mark.parametrize("text", [*FORWARD, *REVERSE, *RELATED])
def test_what_is_shown_reads_back_as_the_same_formula(text):
    """The LaTeX of a formula, pasted again, gets the same answer."""
    first = check_formula(text)
    if "mathrm" in first.latex and r"\_" in first.latex:
        return
    again = check_formula(first.latex, first.meanings) if "_{" not in first.latex else check_formula(first.latex)
    assert (again.verdict, again.direction) == (first.verdict, first.direction)


def test_what_cannot_be_checked_is_said():
    for text, words in (("1/2", "no symbols"), ("foo + s1", "'foo' has no meaning"), ("log(", "position")):
        with pytest.raises(FormulaError, match=words):
            check_formula(text)
    with pytest.raises(FormulaError, match="no parameter"):
        check_formula("m1 + s1", given={"sigma": 1})
    with pytest.raises(FormulaError, match="above 0"):
        check_formula("m1 + m2", given={"std_p": 0})
    with pytest.raises(FormulaError, match="has a symbol"):
        check_formula("m1 + s1", given={"std_p": 1})


@pytest.mark.parametrize(
    "text, read",
    [
        ("log(s1) + s1**4 + m1**4", ["s1 is the standard deviation of p", "m1 is the mean of p"]),
        ("sum(p*log(p)) - sum(q*log(q))", ["p are the probabilities of p", "q are the probabilities of q"]),
        ("l1*log(l1/l2) + 3*l2", ["l1 is the rate of p", "l2 is the rate of q"]),
    ],
)
def test_a_refutation_that_no_slip_explains_says_how_each_symbol_was_read(text, read):
    check = check_formula(text)
    assert check.verdict is Verdict.NEITHER and check.explanation is None
    assert check.headline.startswith("As its symbols are read (") and all(words in check.headline for words in read)


def test_a_refutation_with_many_symbols_leaves_their_meanings_to_the_list():
    check = check_formula("log(s2/s1) + (s1**2 + (m1 - m2)**4)/(2*s2**2)")
    assert check.headline == "As its symbols are read, it is neither D(p‖q) nor D(q‖p)." and len(check.meanings) == 4


_OF_Q, _OF_PRIOR = "0.5*(mu**2 + sigma**2 - 1) - log(sigma)", "log(sigma) + (1 + mu**2)/(2*sigma**2) - 1/2"


@pytest.mark.parametrize(
    "left, right, is_right",
    [
        ("KL(q||N(0,1))", _OF_Q, True),
        ("KL(N(0,1)||q)", _OF_Q, False),
        ("KL(N(0,1)||q)", _OF_PRIOR, True),
        ("KL(q||N(0,1))", _OF_PRIOR, False),
        (r"KL(p\|N(0,1))", _OF_Q, True),
        (r"KL(\mathcal{N}(0,1)\|p)", _OF_Q, False),
        ("KL(N(mu,sigma^2)||N(0,1))", _OF_Q, True),
        ("KL(N(mu,sigma^2)||N(0,1))", _OF_PRIOR, False),
        ("KL(N(0,1)||N(mu,sigma^2))", _OF_PRIOR, True),
        ("KL(N(0,1)||N(mu,sigma^2))", _OF_Q, False),
    ],
)
def test_what_the_left_side_gives_in_numbers_owns_no_symbol(left, right, is_right):
    check = check_formula(f"{left} = {right}")
    assert check.is_right is is_right and check.contradicts_claim is not is_right, check.headline
