"""D(a‖b) in mpmath for pairs of any scale: each component of `a` in its own coordinate, panels about every crossing."""

from __future__ import annotations

from itertools import combinations

import mpmath as mp

from kl_engine.distributions.gaussian import Mixture
from tests.precise import legendre

DIGITS = 90  # means of 10⁴ beside stds of 10⁻³⁰, and twenty digits left
REACH = 14  # std of the component: mass 1e-44 is left out
NODES = 24
GRADES = [sign * mp.mpf(2) ** k for k in range(-1, 8) for sign in (-1, 1)]  # edges about a crossing, in its widths
Bell = tuple[mp.mpf, mp.mpf, mp.mpf]  # weight, mean, std


def divergence(a: Mixture, b: Mixture) -> mp.mpf:
    """∑ wₖ ∫ aₖ log(a/b), by Gauss-Legendre."""
    with mp.workdps(DIGITS):
        first, second = _bells(a), _bells(b)
        kinks = [kink for bells in (first, second) for pair in combinations(bells, 2) for kink in _crossings(*pair)]
        return mp.fsum(_part(bell, first, second, kinks) for bell in first)


def _bells(a: Mixture) -> list[Bell]:
    total = mp.fsum(a.weights.tolist())
    columns = (map(mp.mpf, numbers.tolist()) for numbers in (a.weights, a.means, a.stds))
    return [(w / total, m, s) for w, m, s in zip(*columns)]


def _part(bell: Bell, first: list[Bell], second: list[Bell], kinks: list[tuple[mp.mpf, mp.mpf]]) -> mp.mpf:
    """w ∫ φ(z) log(a/b) dz over the coordinate z = (x − m)/s of one component."""
    weight, mean, std = bell
    marks = {mp.mpf(k) for k in range(-REACH, REACH + 1)}
    for place, width in kinks:
        centre, scale = (place - mean) / std, width / std
        marks.update(z for grade in [0, *GRADES] if abs(z := centre + grade * scale) < REACH)
    edges, parts = sorted(marks), []
    for low, high in zip(edges, edges[1:]):
        half, middle = (high - low) / 2, (high + low) / 2
        for t, share in legendre(NODES):
            z = middle + half * t
            ratio = _log_density(first, mean + std * z) - _log_density(second, mean + std * z)
            parts.append(half * share * mp.npdf(z) * ratio)
    return weight * mp.fsum(parts)


def _log_density(bells: list[Bell], x: mp.mpf) -> mp.mpf:
    """log ∑ wₖ N(x; mₖ, sₖ²), less ½ log 2π."""
    levels = [mp.log(w / s) - ((x - m) / s) ** 2 / 2 for w, m, s in bells]
    top = max(levels)
    return top + mp.log(mp.fsum(mp.exp(level - top) for level in levels if level > top - 120))


def _crossings(first: Bell, second: Bell) -> list[tuple[mp.mpf, mp.mpf]]:
    """Where two components are equally high (or nearly, where they never are), and how wide the change is."""
    (w, m, s), (v, n, t) = first, second
    square = (1 / t**2 - 1 / s**2) / 2  # the log ratio is square x² + slope x + level, with x from the first mean
    slope = -(n - m) / t**2
    level = mp.log(w / s) - mp.log(v / t) + (n - m) ** 2 / (2 * t**2)
    if not square:
        return [(m - level / slope, 1 / abs(slope))] if slope else []
    root = mp.sqrt(mp.mpc(slope**2 - 4 * square * level))
    found = []
    for sign in (-1, 1):
        place = (-slope + sign * root) / (2 * square)
        found.append((m + place.real, abs(place.imag) + 1 / (abs(root) + mp.sqrt(abs(square)))))
    return found
