"""Sums over outcomes, Σ p · log(p/q): which factor is the distribution, which the integrand, which a coefficient."""

from __future__ import annotations

from kl_engine.objectives.arguments import called, density_name
from kl_engine.objectives.canonical_form import ONE
from kl_engine.objectives.coefficients import Coefficient
from kl_engine.objectives.grammar import Node
from kl_engine.objectives.integrands import Integrand, factors_of, integrand_of, is_scalar, scalar_of
from kl_engine.objectives.text_limits import ObjectiveError


def weighted_sum(text: str, inner: Node, node: Node) -> tuple[str, Integrand, Coefficient]:
    """The distribution, the integrand and the coefficient of the summand `inner`; ObjectiveError if there is no one."""
    factors = factors_of(inner)
    logs = [factor for factor, _ in factors if not is_scalar(factor) and _mentions_log(factor)]
    if len(logs) != 1:
        advice = "must be of p * (log ...): a distribution times logs"
        raise ObjectiveError.of(text, "A sum over outcomes:", f"it {advice}", node.at)
    integrand = integrand_of(text, logs[0])
    known = {name for name, is_density in integrand if is_density}
    others = [(factor, power) for factor, power in factors if factor is not logs[0]]
    weights = [factor for factor, power in others if power == 1 and _is_weight(text, factor, known)]
    if len(weights) != 1:
        raise ObjectiveError.of(text, "A sum over outcomes:", "it must have one distribution as its weight", node.at)
    total = ONE
    for factor, power in others:
        if factor is not weights[0]:
            total = total * _scalar(text, factor, power)
    return density_name(text, weights[0]), integrand, total


def _scalar(text: str, factor: Node, power: int) -> Coefficient:
    scalar = scalar_of(text, factor)
    inverse = scalar if power == 1 else scalar.reciprocal()
    if inverse is None:
        raise ObjectiveError.of(text, "Cannot divide by", "divide by a number or by one name", factor.at)
    return inverse


def _is_weight(text: str, factor: Node, known: set[str]) -> bool:
    """Whether a factor of a summand is a distribution: one that also stands in the log, or one with an argument."""
    if factor.kind == "name":
        return factor.value in known or factor.value[0] in "pq"
    return factor.kind == "call" or (factor.kind == "attribute" and density_name(text, factor) != "")


def _mentions_log(node: Node) -> bool:
    if node.kind == "log" or (node.kind == "name" and not is_scalar(node)):
        return True
    found = called(node)
    if found and found[0] in ("log", "log_prob"):
        return True
    return node.kind in ("add", "sub", "neg", "mul", "div") and any(_mentions_log(part) for part in node.parts)
