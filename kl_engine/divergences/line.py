"""Entropy, cross entropy and the KL divergence of Gaussians on the line and their mixtures, in nats.

Closed form where there is one; otherwise the integral, in log space, with an error that is proved.
"""

from __future__ import annotations

import math

from kl_engine.distributions.gaussian import Mixture, is_gaussian, mixture
from kl_engine.divergences import closed_forms
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.ellipse import RULE
from kl_engine.quadrature.proved.integral import GOAL, Integral, Value
from kl_engine.quadrature.proved.integrand import Surprisal
from kl_engine.quadrature.proved.kept import Kept
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.relative import NEAR as NEAR
from kl_engine.quadrature.proved.steps.alike import Alike, alike, apart
from kl_engine.quadrature.proved.steps.strip import Strip, strip
from kl_engine.quadrature.proved.table import table_of

KEPT = Kept()  # panels of pairs


def entropy(a: Mixture) -> Estimate:
    """H[a] = −E_a log a, in nats (for a density it may be negative).

    Closed form for one Gaussian, ½ log 2πe std²; quadrature for a mixture. Raises ValueError when `a` is not a mixture.
    """
    a = mixture("a", a)
    return closed_forms.entropy(a) if is_gaussian(a) else _expected_surprisal(a)


def cross_entropy(a: Mixture, b: Mixture) -> Estimate:
    """H[a, b] = −E_a log b, in nats: the expectation is under the first argument.

    Closed form when `b` is one Gaussian, for any mixture `a`; quadrature otherwise.
    """
    a, b = mixture("a", a), mixture("b", b)
    return closed_forms.cross_entropy(a, b) if is_gaussian(b) else _expected_surprisal(a, b)


def kl_divergence(a: Mixture, b: Mixture) -> Estimate:
    """D(a‖b) = E_a [log a − log b] ≥ 0, in nats: the expectation is under the first argument.

    Closed form between two Gaussians, quadrature with a proved error otherwise. Source: S. Kullback, R. A. Leibler,
    Ann. Math. Stat. 22 (1951) 79. Raises ValueError when an argument is neither a Gaussian nor a mixture of them,
    OverflowError when the divergence is beyond the largest double.
    """
    a, b = mixture("a", a), mixture("b", b)
    if is_gaussian(a) and is_gaussian(b):
        return closed_forms.kl_divergence(a, b)
    if plan := KEPT.get((a, b)):
        return _known(plan)
    plan = alike(a, b, size) if (size := apart(a, b)) < math.inf else strip(a, b)
    if not (plan and _serves(plan, found := _known(plan))):
        plan, value = relative.solve(table_of(a, b)[0])
        found = estimate_of(value)
    KEPT.put((a, b), plan, plan.numbers())
    return found


def _serves(plan: Strip | Alike, found: Estimate) -> bool:
    """Whether the digits of what was found by steps of one length are all there are."""
    return found.value > NEAR if isinstance(plan, Strip) else plan.truncation <= relative.FINE * found.value


def _known(plan: Strip | Alike | relative.Plan) -> Estimate:
    """The divergence whose nodes or panels are known."""
    if isinstance(plan, relative.Plan):
        return estimate_of(plan.value())
    value, error, nodes = plan.value()
    return Estimate(value, error, Certainty.PROVED, f"trapezoidal rule at {nodes} nodes, with a proved bound")


def _expected_surprisal(*sides: Mixture) -> Estimate:
    """−∫ a log b, a the first and b the last of the sides."""
    table, unit = table_of(*sides)
    log_scale = math.log(unit.scale[0])
    found = estimate_of(Integral.of(table, Surprisal(), reach(table, GOAL), GOAL).value())
    value, error = found.value + log_scale, found.error + 2 * EPSILON * (abs(found.value) + abs(log_scale))
    return Estimate(value, error, found.certainty, found.method)


def estimate_of(value: Value, row: int = 0) -> Estimate:
    """One row of proved integrals; OverflowError when it is beyond the largest double."""
    proved = bool(value.proved[row])
    certainty = Certainty.PROVED if proved else Certainty.ESTIMATED
    number, error = float(value.value[row]), float(value.error[row])
    method = how(value.panels[row], proved)
    return finite_estimate(number if math.isfinite(error) else math.nan, error, certainty, method)


def how(panels: int, proved: bool) -> str:
    """The method of an integral."""
    method = f"Gauss-Legendre ({RULE.nodes.size}) on {panels} panels"
    return f"{method}, each with a proved bound" if proved else f"{method}, not all with a proved bound"
