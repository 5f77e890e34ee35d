"""Formulas built to be heavy: every one is answered or refused, and what is accepted is bounded by its work."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine.symbolic.formulas.grammar import FormulaError
from kl_engine.symbolic.recognise.findings import Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula
from tests.sweeps import WHOLE

D = "log(s2/s1) + (s1**2 + (m1-m2)**2)/(2*s2**2) - 1/2"

BOMBS = (
    "(s1+s2+m1+m2)**8 * (s1-s2+m1-m2)**8", "((s1+s2+m1+m2+1)**8)**2 * s1", "((s1+s2)**8)**8/((s1+m1**2)**8)**7",
    f"{D} + (s1+s2+m1+m2+1)**8*(s1+s2)**8 - ((s1+s2+m1+m2+1)*(s1+s2))**8", "abs(" * 25 + "m1" + ")" * 25,
    D + "".join(f"+1/(s1+{i}*s2+m1**2)" for i in range(1, 11)) + "".join(f"-1/({i}*s2+s1+m1*m1)" for i in range(1, 11)),
    f"{D} + ((s1+s2)**(7/8)+(s1+2*s2+9)**(3/7)+(m1**2+3)**(1/3))**8"
    " - ((s2+s1)**(7/8)+(9+s1+2*s2)**(3/7)+(3+m1*m1)**(1/3))**8",
    f"{D} + log(999999999989*999999999961*s1) - log(999999999989*s1) - log(999999999961)",
    f"{D} + exp(999999999999*log(3)/m1) - exp(999999999999*log(3)/m1)", "exp(log(3)*1e12/(1e12/m1))*s1",
    f"{D} + sqrt(1+sqrt(1+sqrt(1+sqrt(1+sqrt(1+s1))))) - sqrt(1+sqrt(1+sqrt(1+sqrt(1+sqrt(s1+1)))))",
    f"{D} + exp(exp(exp(s1/9))) - exp(exp(exp(s1/18)**2)**1)", r"\frac{1}{1+" * 14 + r"\sigma_1" + "}" * 14,
)  # fmt: skip


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_a_heavy_formula_is_answered_or_refused(text):
    try:
        assert check_formula(text).headline
    except FormulaError as refusal:
        assert str(refusal)


LEAVES = ("s1", "s2", "m1", "m2", "2", "0.5", "3", "pi", "1e6")
FRAMES = ("{e}", "{D} + ({e}) - ({e})", "{D} + ({e})**2 - ({e})*({e})", "({D}) * ({e}) / ({e})")


def _tree(random, depth):
    if depth == 0 or random.random() < 0.1:
        return random.choice(LEAVES)
    kind = random.random()
    if kind < 0.5:
        return f"({_tree(random, depth - 1)} {random.choice('+-*/')} {_tree(random, depth - 1)})"
    if kind < 0.7:
        return f"({_tree(random, depth - 1)})**{random.choice(('2', '-1', '0.5', '8', '-8', '(1/3)'))}"
    return f"{random.choice(('log', 'exp', 'sqrt', 'abs', 'log1p', 'expm1'))}({_tree(random, depth - 1)})"


@settings(max_examples=200 if WHOLE else 70, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.sampled_from(FRAMES))
def test_fuzz(random, depth, frame):
    try:
        check = check_formula(frame.format(e=_tree(random, depth), D=D))
    except FormulaError:
        return
    if "D" in frame and check.verdict is not Verdict.UNDEFINED:
        assert check.direction == "forward"
    assert check.headline
    assert check.proof
