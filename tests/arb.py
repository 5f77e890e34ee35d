"""Truth in ball arithmetic: rigorous integrals of mixtures by Arb (python-flint), nothing of the engine's own.

Every number comes as a ball that holds the truth; `acb.integral` bounds its own error (F. Johansson, Numerical
integration in arbitrary-precision ball arithmetic, 2018). The mixtures are taken as they are held, their weights
divided by their exact sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from flint import acb, arb, ctx, fmpq

from kl_engine.distributions.gaussian import Mixture

BITS = 160
REACH = 14  # std: mass 1e-44
LIMIT = 200_000  # evaluations of one interval


def exact(x: float) -> arb:
    """The double itself."""
    fraction = Fraction(x)
    return arb(fmpq(fraction.numerator, fraction.denominator))


class Density:
    """A mixture, with log Σ as Arb needs it: not analytic where the sum may be 0 or less."""

    def __init__(self, p: Mixture) -> None:
        weights = [exact(w) for w in p.weights.tolist()]
        total = sum(weights, arb(0))
        self.parts = [
            (w / total / (exact(s) * (2 * arb.pi()).sqrt()), exact(m), exact(s))
            for w, m, s in zip(weights, p.means.tolist(), p.stds.tolist())
        ]

    def pdf(self, z: acb) -> acb:
        return sum((h * (-(((z - m) / s) ** 2) / 2).exp() for h, m, s in self.parts), acb(0))

    def log_pdf(self, z: acb, analytic: bool) -> acb:
        """The log, by the component that is highest at the middle of z."""
        middle = acb(z).real.mid()
        logs = [h.log() - ((middle - m) / s) ** 2 / 2 for h, m, s in self.parts]
        h, m, s = self.parts[max(range(len(logs)), key=lambda i: float(logs[i].mid()))]
        ratios = sum(
            ((k / h).log() + (((z - m) / s) ** 2 - ((z - n) / t) ** 2) / 2).exp() if (k, n, t) != (h, m, s) else acb(1)
            for k, n, t in self.parts
        )
        if analytic and not (ratios.real > 0 or ratios.imag > 0 or ratios.imag < 0):
            return acb("nan")
        return h.log() - ((z - m) / s) ** 2 / 2 + ratios.log()


def integral(f: Callable[[acb, bool], acb], *supports: Mixture, goal: str = "1e-30") -> arb:
    """∫ f over 14 std of every component of the mixtures, cut at many marks of them; what is beyond is not in the
    ball.
    """
    parts = [(exact(m), exact(s)) for p in supports for m, s in zip(p.means.tolist(), p.stds.tolist())]
    marks = [m + s * k for m, s in parts for k in (-REACH, -6, -3, -1, 0, 1, 3, 6, REACH)]
    marks.sort(key=lambda mark: mark.mid().fmpq() if hasattr(mark, "fmpq") else float(mark))
    total = arb(0)
    for low, high in pairwise(marks):
        if low < high:
            total += acb.integral(f, acb(low), acb(high), abs_tol=arb(goal), eval_limit=LIMIT).real
    return total


def kl_divergence(a: Mixture, b: Mixture) -> arb:
    """∫ a (log a − log b)."""
    with precision():
        first, second = Density(a), Density(b)
        return integral(lambda z, an: first.pdf(z) * (first.log_pdf(z, an) - second.log_pdf(z, an)), a)


def surprisal(a: Mixture, b: Mixture) -> arb:
    """−∫ a log b."""
    with precision():
        first, second = Density(a), Density(b)
        return integral(lambda z, an: -first.pdf(z) * second.log_pdf(z, an), a)


def alpha_divergence(p: Mixture, q: Mixture, alpha: float, *supports: Mixture) -> arb:
    """(1 − ∫ p^α q^(1−α))/(α (1−α)); `supports`: where the tilted density lives besides."""
    with precision():
        first, second, share = Density(p), Density(q), exact(alpha)
        total = integral(lambda z, an: _tilted(first, second, share, z, an), p, q, *supports)
        return (1 - total) / (share * (1 - share))


def _tilted(first: Density, second: Density, share: arb, z: acb, analytic: bool) -> acb:
    return (share * first.log_pdf(z, analytic) + (1 - share) * second.log_pdf(z, analytic)).exp()


def jensen_shannon(p: Mixture, q: Mixture) -> arb:
    """½ D(p‖m) + ½ D(q‖m)."""
    with precision():
        sides = Density(p), Density(q)
        middle = Density.__new__(Density)
        middle.parts = [(h / 2, m, s) for side in sides for h, m, s in side.parts]
        halves = [
            integral(lambda z, an, s=side: s.pdf(z) * (s.log_pdf(z, an) - middle.log_pdf(z, an)), p, q)
            for side in sides
        ]
        return (halves[0] + halves[1]) / 2


class precision:
    """`BITS` bits, for a while."""

    def __enter__(self) -> None:
        self.before, ctx.prec = ctx.prec, BITS

    def __exit__(self, *_: object) -> None:
        ctx.prec = self.before


def miss(value: float, truth: arb) -> float:
    """How far a double is from the truth at most, the radius of the ball included; rounded up."""
    with precision():
        return float(abs(exact(value) - truth).upper()) * (1 + 1e-15)


def radius(truth: arb) -> float:
    return float(truth.rad())


__all__: Sequence[str] = ["Density", "exact", "integral", "kl_divergence", "miss", "radius", "surprisal"]
