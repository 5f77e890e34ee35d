"""Independent references in mpmath: 30 digits, plain densities, many small panels, nothing of the engine's own."""

from __future__ import annotations

from functools import cache

import mpmath as mp
import numpy as np

from kl_engine.distributions.gaussian import Mixture

DIGITS = 30
REACH = 13  # std on either side of each component: mass 1e-38
NODES = 24
FINE = 80  # where components change over within a hundredth of a std, as scores of rare ones feel
FAINT = mp.mpf("1e-38")


@cache
def surprisals(a: Mixture, b: Mixture) -> tuple[mp.mpf, mp.mpf]:
    """−∫ a log a and −∫ a log b, by Gauss-Legendre between the std marks of all components."""
    with mp.workdps(DIGITS):
        parts = [(mp.mpf(m), mp.mpf(s)) for c in (a, b) for m, s in zip(c.means.tolist(), c.stds.tolist())]
        edges = sorted({mean + std * k for mean, std in parts for k in range(-REACH, REACH + 1)})
        own, crossed = mp.mpf(0), mp.mpf(0)
        for low, high in zip(edges, edges[1:]):
            centre, half = (low + high) / 2, (high - low) / 2
            for t, w in legendre(NODES):
                x = centre + half * t
                density = pdf(a, x)
                if density > FAINT:
                    own -= half * w * density * mp.log(density)
                    crossed -= half * w * density * mp.log(pdf(b, x))
        return own, crossed


def pdf(a: Mixture, x: mp.mpf) -> mp.mpf:
    """a(x); mpmath's exponents do not underflow."""
    parts = zip(a.weights.tolist(), a.means.tolist(), a.stds.tolist())
    return mp.fsum(w * mp.npdf(x, m, s) for w, m, s in parts)


def kl_divergence(a: Mixture, b: Mixture) -> mp.mpf:
    """∫ a log(a/b): with 30 digits the difference of the two surprisals keeps enough of them."""
    own, crossed = surprisals(a, b)
    return crossed - own


def alpha_divergence(p: Mixture, q: Mixture, alpha: float) -> mp.mpf:
    """∫ (α p + (1−α) q − p^α q^(1−α)) / (α (1−α)), also between the std marks of the tilted pairs of components."""
    with mp.workdps(DIGITS):
        share = mp.mpf(alpha)
        firsts, seconds = ([(mp.mpf(m), mp.mpf(s)) for m, s in zip(c.means.tolist(), c.stds.tolist())] for c in (p, q))
        bells = [*firsts, *seconds]
        for m, s in firsts:
            for n, t in seconds:
                precision = share / s**2 + (1 - share) / t**2
                if precision > 0:
                    bells.append(((share * m / s**2 + (1 - share) * n / t**2) / precision, 1 / mp.sqrt(precision)))
        edges = sorted({mean + std * k for mean, std in bells for k in range(-REACH, REACH + 1)})
        total = mp.mpf(0)
        for low, high in zip(edges, edges[1:]):
            centre, half = (low + high) / 2, (high - low) / 2
            for t, w in legendre(NODES):
                a, b = (pdf(c, centre + half * t) for c in (p, q))
                tilted = mp.exp(share * mp.log(a) + (1 - share) * mp.log(b))
                total += half * w * (share * a + (1 - share) * b - tilted)
        return total / (share * (1 - share))


def mass_where_above(a: Mixture, b: Mixture, nats: float) -> mp.mpf:
    """A{x : a(x) > e^nats b(x)}: the sign on a dense grid over all components, its changes by bisection."""
    grid = np.unique(
        np.concatenate([m + s * np.linspace(-12, 12, 8001) for p in (a, b) for m, s in zip(p.means, p.stds)])
    )

    def lead(x) -> mp.mpf:
        return mp.log(pdf(a, mp.mpf(float(x)) if isinstance(x, np.floating) else x) / pdf(b, x)) - nats

    inside = _log_pdf(a, grid) - _log_pdf(b, grid) > nats
    flips = np.nonzero(inside[1:] != inside[:-1])[0]
    with mp.workdps(DIGITS):
        brackets = [(mp.mpf(float(grid[i])), mp.mpf(float(grid[i + 1]))) for i in flips]
        roots = [mp.findroot(lead, bracket, solver="anderson", tol=1e-40, verify=False) for bracket in brackets]
        ends = [-mp.inf, *roots, mp.inf]
        chosen = list(zip(ends, ends[1:]))[0 if inside[0] else 1 :: 2]
        parts = list(zip(a.weights.tolist(), a.means.tolist(), a.stds.tolist()))
        return mp.fsum(w * (mp.ncdf(high, m, s) - mp.ncdf(low, m, s)) for low, high in chosen for w, m, s in parts)


def _log_pdf(a: Mixture, x: np.ndarray) -> np.ndarray:
    z = (x[:, None] - a.means) / a.stds
    return np.logaddexp.reduce(np.log(a.weights / a.stds) - 0.5 * z * z - 0.5 * np.log(2 * np.pi), axis=1)


@cache
def legendre(n: int) -> list[tuple[mp.mpf, mp.mpf]]:
    """Nodes and weights of the n-point Gauss-Legendre rule."""
    rule = []
    for guess in np.polynomial.legendre.leggauss(n)[0].tolist():
        root = mp.findroot(lambda t: mp.legendre(n, t), mp.mpf(guess))
        slope = n * (root * mp.legendre(n, root) - mp.legendre(n - 1, root)) / (root * root - 1)
        rule.append((root, 2 / ((1 - root * root) * slope * slope)))
    return rule


def gradient(a: Mixture, b: Mixture, wrt: str) -> list[list[mp.mpf]]:
    """∂D(a‖b) by the weights (along the simplex), the means and the stds of one side: integrals of the scores."""
    with mp.workdps(DIGITS + 4):
        sides = [list(zip(*(map(mp.mpf, x.tolist()) for x in (c.weights, c.means, c.stds)))) for c in (a, b)]
        edges = sorted({m + s * k for side in sides for _, m, s in side for k in range(-REACH, REACH + 1)})
        own = sides["ab".index(wrt)]
        found = [[mp.mpf(0)] * 3 for _ in own]
        for low, high in zip(edges, edges[1:]):
            centre, half = (low + high) / 2, (high - low) / 2
            for t, w in legendre(FINE):
                x = centre + half * t
                first, second = ([v * mp.npdf(x, m, s) for v, m, s in side] for side in sides)
                top, bottom = mp.fsum(first), mp.fsum(second)
                ratio, parts = (mp.log(top / bottom), first) if wrt == "a" else (-top / bottom, second)
                for total, part, (v, m, s) in zip(found, parts, own):
                    z, weight = (x - m) / s, half * w * ratio * part
                    for i, score in enumerate((1 / v, z / s, (z * z - 1) / s)):
                        total[i] += weight * score
        by_weight = [total[0] for total in found]
        mean = mp.fsum(v * slope for (v, _, _), slope in zip(own, by_weight))
        return [[slope - mean for slope in by_weight], *([total[i] for total in found] for i in (1, 2))]
