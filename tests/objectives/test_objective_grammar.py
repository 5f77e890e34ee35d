"""What is typed becomes a form, or an ObjectiveError with its place; nothing else, and nothing is run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine.objectives.reading.models import guess_model
from kl_engine.objectives.reading.reading import read as read_objective
from kl_engine.objectives.text_limits import MAX_LENGTH, ObjectiveError
from kl_engine.objectives.verdicts import judge

ATTACKS = (
    "__import__('os').system('true')", "().__class__", "p.__class__", "eval(p)", "exec(p, q)", "open(p)", "lambda: p",
    "[p for p in q]", "{p: q}", "p if q else r", "p; q", "p := q", "f'{p}'", "p @ q", "p ** q", "9**9**9", "2^99",
    "KL(" * 60 + "p", "(" * 240 + "p" + ")" * 240, "-" * 400 + "KL(p||q)", "E_{" * 80, "\\frac{" * 80, "log " * 100,
    "p" * 200, "KL(p||q)" * 60, "1" * 60, "1e999*KL(p||q)", "E[log p]", "E_q", "E_q[", "E_q[]", "E_[log p]", "KL(p)",
    "KL(p||q||r)", "KL()", "KL(p|q|r)", "KL(p||)", "CE(p)", "log q", "q", "beta", "0", "", "   ", "\n",
    "E_q[log q * log p]", "E_q[q*p*log q]", "KL(q||p)*KL(p||q)", "KL(q||p)/KL(p||q)", "KL(q||p)/(a+b)",
    "F.kl_div(q)", "F.kl_div(a, b, c)",
    "F.kl_div(a, b, None, None, 'foo')", "F.kl_div(log_q, p, bogus=1)", "KLDivLoss(log_q, p)",
    "KLDivergence(p, q)",
    "foo(p, q)", "pow(p)", "np.foo(p)", "torch.linalg.det(p)", "p.bar(q)", "sum(p)",
    "sum(p*q*log(p/q))", "\\input{a}", "\\write18{a}", "\\def\\a{b}", "\x00", "KL(p||q)\x00", "<script>", "p\u200b",
    "$$",
    "\u0440 + 1", "p(q(r(s(t(u)))))", "a" * 10_000, "KL(p||q) = 0", "\"p\"", "'q'", "a.b.c.d", "...",
    "KL(p||q", "KL p||q)", "E_p[log q]]", "|p|", "%", "KL(1||2)", "E_1[log p]", "F.kl_div(log_q, p, log_target=True",
    "+".join(f"KL(p{i}||q)" for i in range(40)), "KL(q||p)*a*b*c*d*e*f*g*h*i*j*k*l*m*n", "\\sum_i p_i",
    "E_", "KL(q||p) - E_", "where(log(q/p))", "from scipy.special import", "print(", "function(",
    "\\overset{", "\\right.",
    "(((1/3)**7", "KL(q||p)*" + "*".join(["999999999999"] * 30), "/".join(["x"] * 9) + "*KL(q||p)",

)  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_refused(text):
    with pytest.raises(ObjectiveError) as caught:
        read_objective(text)
    message = str(caught.value)
    assert message.endswith(".") and ":" in message and len(message) < 300
    if caught.value.at is not None:
        begin, end = caught.value.at
        assert 0 <= begin <= end <= len(text) and f"position {begin + 1}" in message


@pytest.mark.parametrize(
    ("text", "piece", "advice"),
    [
        ("KL(q||p) + foo(p, q)", (11, 14), "use KL"),
        ("E[log p]", (0, 1), "it is the whole question"),
        ("D(q|p)", (0, 6), "write || or a comma"),
        ("KLDivLoss(log_q, p)", (0, 19), "call it twice"),
    ],
)
def test_an_error_names_the_piece_and_what_to_do(text, piece, advice):
    with pytest.raises(ObjectiveError) as caught:
        read_objective(text)
    assert caught.value.at == piece and advice in str(caught.value)


def test_nothing_longer_than_the_limit():
    text = "KL(p||q)"
    assert read_objective(text + " " * (MAX_LENGTH - len(text))).form.terms
    with pytest.raises(ObjectiveError):
        read_objective(text + " " * MAX_LENGTH)


WORDS = (
    "KL(", "E_q[", "E_{p}[", "log ", "q", "p", "||", ")", "]", "}", "{", "(", "+", "-", "*", "/", "beta", "2", "|",
    "\\frac{", "\\mathbb{E}", "_", "F.kl_div(", ".log()", "sum(", ",", "=", "'sum'", "H(", "ELBO", "^", " ",
)  # fmt: skip


@settings(max_examples=500, deadline=1000)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=24).map("".join), st.text(max_size=60)))
def test_fuzz(text):
    try:
        form = read_objective(text).form
    except ObjectiveError:
        return
    verdict = judge(form, guess_model(form.densities()).model, dict.fromkeys(form.scalars(), 0.5))
    assert verdict.canonical
