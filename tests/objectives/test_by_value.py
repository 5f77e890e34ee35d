"""Divergences that are known by their values, in spellings of code and paper; and what is none of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kl_engine.objectives import ObjectiveError, read_objective
from kl_engine.objectives.by_value.evaluation import Values
from kl_engine.objectives.by_value.functionals import known_by_value
from kl_engine.symbolic.formulas.parsing.statements import read_text

NAMED = {
    "Hellinger": (
        "torch.norm(torch.sqrt(a) - torch.sqrt(b)) / 2**0.5",
        r"1 - \int \sqrt{p(x) q(x)}\,dx",
        "1 - sum(sqrt.(p .* q))",
        "f = lambda r: (np.sqrt(r) - 1)**2\nloss = np.sum(q * f(p / q))",
        "np.linalg.norm(p**0.5 - q**0.5)**2",
    ),
    "Bhattacharyya": ("-torch.log(torch.sqrt(p * q).sum())", r"-\ln \sum_x \sqrt{p(x) q(x)}"),
    "total variation": (
        "np.abs(p - q).sum() / 2",
        "0.5 * np.linalg.norm(p - q, ord=1)",
        r"\frac12 \int |p(x) - q(x)|\,dx",
        "½ Σ |p − q|",
        r"D_f = \int q f(p/q) dx, \quad f(t) = |t - 1|",
    ),
    "χ²": (
        "((p - q)**2 / q).sum()",
        r"\sum_i \frac{(p_i - q_i)^2}{q_i}",
        r"\int \frac{p^2}{q} dx - 1",
        "np.sum(p**2/q) - 1",
    ),
    "Jensen-Shannon": (
        "m = (p + q)/2\nnp.sqrt(0.5*np.sum(p*np.log(p/m)) + 0.5*np.sum(q*np.log(q/m)))",
        "lm = torch.logaddexp(log_s, log_t) - math.log(2)\n"
        "(torch.exp(log_s)*(log_s - lm)).sum() + (torch.exp(log_t)*(log_t - lm)).sum()",
    ),
    "α": (
        r"\frac{1}{\alpha-1}\ln \int p^\alpha q^{1-\alpha} dx",
        "(1 - torch.sum(p**a * q**(1 - a))) / (a * (1 - a))",
        r"\frac{4}{1-\alpha^2}\left(1 - \int p^{(1-\alpha)/2} q^{(1+\alpha)/2} dx\right)",
        "def f(t):\n    return (t**a - 1) / (a * (a - 1))\nd = np.sum(q * f(p / q))",
    ),
}  # fmt: skip
CASES = [(name, text) for name, texts in NAMED.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), CASES, ids=range(len(CASES)))
def test_a_divergence_without_logs_is_said_to_be_what_it_is(name, text):
    verdict = read_objective(text)
    assert verdict.direction is None and name in verdict.headline


LIMITS = {
    r"\lim_{\alpha \to 1} \frac{1}{\alpha - 1} \log \int p^\alpha q^{1-\alpha} dx": "forward",
    r"\lim_{\alpha \to 0} \frac{1}{\alpha(1-\alpha)} \left(1 - \sum_x p(x)^\alpha q(x)^{1-\alpha}\right)": "reverse",
    r"\lim_{a \to 1} \frac{\int p^a q^{1-a} dx - 1}{a - 1}": "forward",
    r"\lim_{\lambda \to 0} \frac{1}{\lambda(\lambda+1)}\sum_i p_i\left[(p_i/q_i)^\lambda - 1\right]": "forward",
    r"\lim_{N \to \infty} -\frac1N \sum_{i=1}^N \log q(x_i)": "forward",
}


@pytest.mark.parametrize("text", LIMITS)
def test_a_limit_is_taken(text):
    assert read_objective(text).direction == LIMITS[text]


GENERATED = (  # Σ q f(p/q), with f of the text
    ("f = lambda u: u*np.log(u)\nnp.sum(q*f(p/q))", "forward"),
    ("f = lambda u: -np.log(u)\nloss = (q * f(p / q)).sum()", "reverse"),
    ("def f(u):\n    return u * torch.log(u)\n\nloss = torch.sum(q * f(p / q))", "forward"),
    ("def g(r):\n    return (r - 1) * np.log(r)\nloss = (q * g(p / q)).sum()", None),
    (r"\int q(x) f\left(\frac{p(x)}{q(x)}\right)dx, \quad f(u) = u\log u - u + 1", "forward"),
    (r"D_f(p\|q) = \sum_x q(x) f(p(x)/q(x)), f(t) = -\log t", "reverse"),
    ("def kl(a, b):\n    return np.sum(a * np.log(a / b))\nloss = kl(teacher, student)", "forward"),
    ("def kl(a, b):\n    return np.sum(a * np.log(a / b))\nloss = kl(student, teacher)", "reverse"),
)


@pytest.mark.parametrize(("text", "direction"), GENERATED)
def test_a_function_that_the_text_defines_is_put_in(text, direction):
    verdict = read_objective(text)
    assert verdict.direction == direction and (direction or verdict.pull == "both")


@pytest.mark.parametrize(
    ("text", "direction", "factor"),
    [("3*sum(p*log(p/q))", "forward", 3), ("-sum(q*log(p/q))/2", "reverse", Fraction(1, 2)),
     ("sum(p*log2(p/q) + q*log2(q/p))", "both", None), ("sum(p*log(p/q)) + 0.001*sum((p-q)**2/q)", None, None),
     ("sum(p*log(p/q))**1.01", None, None), ("sum(sqrt(p)*log(p/q))", None, None)],
)  # fmt: skip
def test_what_is_nearly_a_divergence_is_none(text, direction, factor):
    known = known_by_value(text, read_text(text).results[0])
    turned = {"forward": "reverse", "reverse": "forward"} if known and known.first == "q" else {}
    assert (turned.get(known.direction, known.direction) if known else None) == direction
    assert known is None or known.factor == factor or factor is None


@pytest.mark.parametrize("text", ["sum(sqrt(p)*log(p/q))", "sum(p**1.5 + q)", "sqrt(a)*sum(b*c*d)"])
def test_what_has_no_known_values_is_refused(text):
    with pytest.raises(ObjectiveError):
        read_objective(text)


def test_what_is_large_where_the_two_are_near_is_said_to_be():
    assert "large where they are near" in read_objective("loss = np.sum(np.sqrt(p * q))").headline
    assert "large where they are near" not in read_objective(r"\max_q \int \sqrt{p(x) q(x)} dx").headline


def test_a_function_that_the_text_does_not_give_is_asked_for():
    for text in ("sum(f(p/q)*q)", r"\int q(x) f\left(\frac{p(x)}{q(x)}\right) dx"):
        with pytest.raises(ObjectiveError, match=r"say what it is, as in f\(u\) = u log u"):
            read_objective(text)


LONG = {
    "limits of limits": r"\lim_{a \to 1} " * 20 + r"\sum p^a q^{1-a}",
    "a function of itself, again and again": "f = lambda u: u*u + u\nx = p/q\n" + "x = f(x)\n" * 55 + "sum(q*x)",
    "a sum of many powers": "sum(" + "+".join(f"p**{k / 7:.3f}*q**{1 - k / 7:.3f}" for k in range(60)) + ")",
    "a function that calls itself": "f = lambda u: f(u)\nsum(q*f(p/q))",
    "numbers without end": "sum(exp(exp(exp(p*1e6)))*sqrt(q)) + sum(p**1e9)",
}


@pytest.mark.parametrize("name", LONG)
def test_what_has_no_end_is_refused_in_few_steps(name, monkeypatch):
    steps = 0
    of = Values.of

    def counted(self, phrase):
        nonlocal steps
        steps += 1
        return of(self, phrase)

    monkeypatch.setattr(Values, "of", counted)
    with pytest.raises(ObjectiveError):
        read_objective(LONG[name])
    assert steps < 100_000
