"""Closed forms between distributions that are no Gaussians on the line: whatever is derived is recognised."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Expr

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.recognise.families import FAMILIES
from kl_engine.symbolic.recognise.findings import Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula
from kl_engine.symbolic.recognise.sayings.formula_export import canonical, report, to_python

SCALAR = [family for family in FAMILIES if not family.vector]
LISTS = {
    "categorical": "sum({a}*log({a}/{b}))",
    "dirichlet": "gammaln({a}.sum()) - gammaln({b}.sum()) - (gammaln({a}) - gammaln({b})).sum()"
    " + (({a} - {b})*(digamma({a}) - digamma({a}.sum()))).sum()",
}
MATRIX = (
    r"\frac12\left(\operatorname{tr}(\Sigma_{b}^{-1}\Sigma_{a})"
    r" + (\mu_{b}-\mu_{a})^\top\Sigma_{b}^{-1}(\mu_{b}-\mu_{a})"
    r" - n + \log\frac{|\Sigma_{b}|}{|\Sigma_{a}|}\right)"
)


def written(expression: Expr) -> str:
    """A closed form as a person types it."""
    return str(expression).replace("polygamma(0, ", "digamma(").replace("loggamma", "gammaln").replace("Abs", "abs")


@pytest.mark.parametrize("family", SCALAR, ids=lambda family: family.name)
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_what_is_derived_is_recognised(family, direction):
    check = check_formula(written(getattr(DERIVATIONS[family.name], direction)))
    assert (check.direction, check.family, check.verdict) == (direction, family.words, Verdict.EQUAL)
    assert check.is_right and family.words in check.headline
    assert abs(check.comparison.value - getattr(check.comparison, direction)) < 1e-12


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("a", "b", "direction"), [("p", "q", "forward"), ("q", "p", "reverse"), ("x1", "x2", "forward")]
)
def test_sums_over_lists(name, a, b, direction):
    check = check_formula(LISTS[name].format(a=a, b=b))
    assert check.direction == direction and check.is_right and check.derivation == name


@pytest.mark.parametrize("spoil", ["2*({})", "({}) + 1/3", "-({})"])
@pytest.mark.parametrize("family", SCALAR, ids=lambda family: family.name)
def test_up_to_a_factor_or_a_constant(family, spoil):
    check = check_formula(spoil.format(written(DERIVATIONS[family.name].forward)))
    assert check.direction == "forward" and not check.is_right and check.proved


@pytest.mark.parametrize(
    "text",
    ["l1*log(l1/l2) + l1 - l2", "a*log(a/b) + (1-a)*log((1-b)/(1-a))", "lam_p*log(lam_p/lam_q) - lam_p",
     "p*log(p/q) + (1-p)*log((1-q)/(1-p))", "log(rate1/rate2) + rate1/rate2 - 1 + rate1"],
)  # fmt: skip
def test_a_wrong_one_is_neither(text):
    check = check_formula(text)
    assert check.direction is None and check.verdict is Verdict.NEITHER and not check.is_right


def test_means_and_rates_are_told_apart():
    assert check_formula("log(rate_p/rate_q) + rate_q/rate_p - 1").direction == "forward"
    check = check_formula("log(theta_q/theta_p) + theta_p/theta_q - 1")
    assert check.direction == "forward" and any("read as means" in remark for remark in check.remarks)


def test_a_number_of_trials_is_a_factor():
    check = check_formula("n*(p*log(p/q) + (1-p)*log((1-p)/(1-q)))")
    assert check.direction == "forward" and "n times D(p‖q)" in check.headline


@pytest.mark.parametrize(("a", "b", "direction"), [("p", "q", "forward"), ("q", "p", "reverse"), ("1", "2", "forward")])
def test_matrices_in_every_dimension(a, b, direction):
    text = MATRIX.replace("{a}", "{" + a + "}").replace("{b}", "{" + b + "}")
    check = check_formula(text)
    assert (check.direction, check.verdict) == (direction, Verdict.EQUAL)
    assert check.is_right and check.dimensions.proved and "for every n" in check.proof


SPOILED = {
    r"\Sigma_{b}^{-1}(\mu_{b}-\mu_{a})": r"\Sigma_{a}^{-1}(\mu_{b}-\mu_{a})",
    r"\Sigma_{b}^{-1}\Sigma_{a}": r"\Sigma_{a}^{-1}\Sigma_{b}",
    "- n": "- 1",
    r"|\Sigma_{b}|}{|\Sigma_{a}|": r"|\Sigma_{a}|}{|\Sigma_{b}|",
}


@pytest.mark.parametrize("right", SPOILED)
def test_spoiled_matrices_are_neither(right):
    text = MATRIX.replace(right, SPOILED[right]).replace("{a}", "{p}").replace("{b}", "{q}")
    check = check_formula(text)
    assert check.direction is None and not check.is_right


def test_entries_multiplied_one_by_one_are_no_product_of_matrices():
    text = "0.5*(np.trace(np.linalg.inv(S2) {} S1) + (m2-m1).T @ np.linalg.inv(S2) @ (m2-m1) - k" \
           " + np.log(np.linalg.det(S2)/np.linalg.det(S1)))"  # fmt: skip
    assert check_formula(text.format("@")).is_right
    spoiled = check_formula(text.format("*"))
    assert spoiled.direction is None and "in two dimensions" in spoiled.headline


TAKEN = ("p*log(p/q) + (1-p)*log((1-p)/(1-q))", "lam1*log(lam1/lam2) - lam1 + lam2",
         LISTS["categorical"].format(a="p", b="q"), LISTS["dirichlet"].format(a="p", b="q"), "l1*log(l1/l2) + l1 - l2",
         MATRIX.replace("{a}", "{p}").replace("{b}", "{q}"))  # fmt: skip


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_away_runs(text):
    check = check_formula(text)
    answer = report(check)
    assert all(form in answer.to_markdown() for form in canonical(check))
    printed = []
    exec(compile(to_python(check), "taken", "exec"), {"print": lambda *values: printed.append(values)})
    assert float(np.squeeze(printed[0][0])) == pytest.approx(check.comparison.value, abs=1e-12)
    assert printed[1] == pytest.approx((check.comparison.forward, check.comparison.reverse), abs=1e-12)


def test_a_number_of_something_within_is_no_parameter_of_a_family():
    with pytest.raises(ValueError, match="has no meaning yet"):
        check_formula("k*(log(theta2/theta1)) + k*(theta1 - theta2)/theta2")


UPSIDE_DOWN = ", or the ratio in its logarithm upside down,"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("b*log(b/c) + (1-b)*log((1-c)/(1-b))", f"second term turned{UPSIDE_DOWN} it"),
        (
            r"x\ln\frac{y}{x} + (1-x)\ln\frac{1-x}{1-y}",
            "first term turned, or the ratio in its logarithm upside down, it",
        ),
        ("l1*log(l1/l2) - l1 - l2", "third term turned it"),
        ("log(r1/r2) - r2/r1 - 1", "second term turned it"),
        ("log(b2/b1) + abs(m1-m2)/b2 - b1*exp(-abs(m1-m2)/b1)/b2 - 1", "third term turned it"),
    ],
)
def test_one_wrong_sign_is_found(text, place):
    check = check_formula(text)
    assert check.verdict is Verdict.NEITHER
    assert f"With the sign of its {place} would be D(p‖q)" in check.headline


def test_two_wrong_signs_are_not_made_one():
    assert "turned" not in check_formula("l1*log(l1/l2) + l1 - l2").headline
