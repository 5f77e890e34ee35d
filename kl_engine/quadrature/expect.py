"""One call for a new divergence on the line: an expectation of a function of log densities, with its error.

What an integral of mixtures needs is decided here, so that whoever writes a divergence writes its integrand and nothing
else: how far to integrate and what lies beyond (`truncation`), where the panels are cut (`crossings`, `roots`), how the
rounding of the log densities enters the value, and what is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.quadrature.crossings import Part, crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels, components
from kl_engine.quadrature.roots import LogRatio
from kl_engine.quadrature.truncation import REACH, log_ratio_tail, mass_beyond, support_points

ARITHMETIC = 2.0  # operations on a log density besides those that its level counts


class AtNodes(NamedTuple):
    """An integrand at the nodes, and how it answers to rounding; arrays of one shape, or numbers.

    `in_log_a` and `in_log_b` are |∂value/∂log a| and |∂value/∂log b|, or bounds of them; `in_third` the same for the
    log of a third function (`third` of `expect`). `cancels` is the size of what the value itself is a difference of.
    """

    value: np.ndarray
    in_log_a: np.ndarray | float
    in_log_b: np.ndarray | float
    cancels: np.ndarray | float = 0.0
    in_third: np.ndarray | float = 0.0


Integrand = Callable[..., AtNodes]  # of (log a, log b), and of the third log where there is one
Third = Callable[[Panels], tuple[np.ndarray, np.ndarray]]  # its log at the nodes, and the scale of its rounding


def expect(
    integrand: Integrand,
    a: Mixture,
    b: Mixture | None = None,
    over: Mixture | tuple[Mixture, Mixture] | None = None,
    *,
    bounded: float | None = None,
    left_out: float = 0.0,
    support: Sequence[float] = (),
    inner: Sequence[float] = (),
    cut_where_equal: bool = False,
    third: Third | None = None,
    reach: float = REACH,
) -> Estimate:
    """E[f(log a, log b)] in the units of f, for Gaussians on the line and their mixtures: ESTIMATED.

    `over` is the density of the expectation: `a`, `b`, or (a, b) for ½ (a + b). Without it the integrand is ∫ f itself,
    with its densities in it. `b` may be left out where f does not depend on it. Beyond the ends, `reach` std from every
    component of `over`, |f| may grow as 1 + |log a| + |log b|; where it is below a number everywhere, `bounded` says
    which. What an unweighted f leaves out only its author can say: `left_out`, with further `support` for the panels.
    `inner` are places to cut panels at, `cut_where_equal` adds those where a = b, for a kink there; `third` is one more
    log density. Raises ValueError where a component is too narrow for doubles, OverflowError beyond the largest double.

    >>> from kl_engine import Gaussian
    >>> p, q = Gaussian(0, 1), Gaussian(1, 2)
    >>> hellinger = expect(lambda log_p, log_q: AtNodes(1 - 1 / np.cosh((log_p - log_q) / 2), 0.5, 0.5), p, q, (p, q))
    >>> f"{hellinger:.6f}"  # 1 − ∫ √(p q), in closed form 1 − √(4/5) e^(−1/20)
    '0.149195'
    """
    b = a if b is None else b
    first, second = parts_of(a), parts_of(b)
    sides = _sides(a, b, over)
    edges = [edge for side in sides for edge in support_points((first, second)[side], reach)]
    cuts = [crossing_points(a), crossing_points(b), inner]
    if cut_where_equal:
        cuts.append(LogRatio(a, b).roots())
    tail = left_out + (0.0 if over is None else _beyond(sides, first, second, bounded, reach))
    level = ARITHMETIC + highest(first) + highest(second)
    weigh = () if over is None else sides
    weighted = _Weighted(integrand, components(a).beside(components(b)), level, weigh, third)
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        found = integrate(weighted, Panels.through([*edges, *support], *cuts))
    method = f"Gauss-Kronrod (15, 31) on {found.panels} panels"
    return finite_estimate(float(found.value[0, 0]), float(found.error[0, 0]) + tail, Certainty.ESTIMATED, method)


class _Weighted(NamedTuple):
    """An integrand times the density of the expectation, and the scale of its rounding, as `integrate` wants them."""

    integrand: Integrand
    pair: Components
    level: float  # a log density is a height less a square: its rounding is relative to these
    sides: tuple[int, ...]  # which of the two densities weigh it; none where it holds them itself
    third: Third | None

    def __call__(self, panels: Panels) -> np.ndarray:
        logs = panels.log_densities(self.pair)
        noise = np.abs(logs)
        noise += self.level
        more, third_noise = ((), 0.0) if self.third is None else self._third(panels)
        found = self.integrand(*logs, *more)
        size = np.abs(found.value)
        scale = found.in_log_a * noise[0] + found.in_log_b * noise[1] + found.in_third * third_noise
        scale += ARITHMETIC * size + found.cancels
        if not self.sides:
            return np.stack([found.value, scale])
        if len(self.sides) == 1:
            weight, slack = np.exp(logs[self.sides[0]]), noise[self.sides[0]]
        else:
            densities = 0.5 * np.exp(logs)  # each brings its own rounding, in the share that it has
            weight = densities.sum(axis=0)
            return np.stack([weight * found.value, weight * scale + size * (densities * noise).sum(axis=0)])
        return weight * np.stack([found.value, scale + size * slack])

    def _third(self, panels: Panels) -> tuple[tuple[np.ndarray], np.ndarray]:
        log, noise = self.third(panels)
        return (log,), noise


def _sides(a: Mixture, b: Mixture, over: object) -> tuple[int, ...]:
    """Which of the two densities the expectation is under: (0,), (1,) or both."""
    if over is None or isinstance(over, tuple):
        return (0, 1)
    return (0,) if over == a else (1,)


def _beyond(
    sides: tuple[int, ...], first: Sequence[Part], second: Sequence[Part], bounded: float | None, reach: float
) -> float:
    """An upper bound of what lies beyond the ends, of the mean over the densities of the expectation."""
    if bounded is not None:
        return bounded * mass_beyond(reach)
    pairs = [((first, second), (second, first))[side] for side in sides]
    return sum(mass_beyond(reach) + log_ratio_tail(*pair, reach) for pair in pairs) / len(sides)


def panels_over(over: Mixture, others: Sequence[Mixture] = (), bends: Sequence[Mixture] = ()) -> Panels:
    """Panels for expectations under `over`: they follow the components of `others` too, and the bends of some.

    For objectives that take many expectations at the same nodes; a single integral is `expect`.
    """
    inner = [support_points(parts_of(other), REACH) for other in others]
    return Panels.through(support_points(parts_of(over), REACH), *inner, *map(crossing_points, bends))
