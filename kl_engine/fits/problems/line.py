"""Any other p on the line, and a Gaussian q: forward by the moments of p, else by quadrature over q.

Of p nothing but log p is asked. With f = log p and z = (x − μ)/σ, integrations by parts leave no derivative of f:

    E σf′ = E f z    E σ²f″ = E f (z² − 1)    E σ²f″ z = E f (z³ − 3z)    E σ²f″ (z² + 1) = E f (z⁴ − 4z² + 1)

so that kinks of f do no harm, and a constant in f drops out: p need not be normalised.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.line.density import Density
from kl_engine.divergences.any_line import entropy
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import ArgumentError, refuse
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROUNDING
from kl_engine.estimates.tolerances import SAME
from kl_engine.fits import families
from kl_engine.fits.alpha import Alpha
from kl_engine.fits.descent import descend
from kl_engine.fits.directions import ForwardObjective
from kl_engine.fits.objective import OnTheLine, Terms, apart
from kl_engine.fits.problems.gaussian import GaussianProblem
from kl_engine.fits.problems.line_mixture import LineMixtureProblem
from kl_engine.fits.problems.line_starts import DOUBLINGS, modes_of
from kl_engine.fits.problems.line_tilted import AlphaOfAny, alpha_exists, weights_exist
from kl_engine.fits.problems.own import problem_of_its_own
from kl_engine.fits.problems.problem import Aim, Found, Problem, best_first, problem_of
from kl_engine.fits.weighted import Weighted, WeightedObjective
from kl_engine.quadrature.general import RULE
from kl_engine.quadrature.moments import Moments, moments, normalised
from kl_engine.quadrature.truncation import REACH

MARKS = np.array([-9.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 9.0])  # cuts, in the std of q
BLURRED = 10.0  # roundings of the gradient, over the lowest curvature: two minima no further apart are one
LOST = 1e-2  # a rounding of the gradient: where it is larger nobody can say that the gradient vanishes
PLACES = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)  # of starts about the middle of p, in its width
WIDTHS = (0.5, 1.3, 4.0)  # the same, of their stds


class ReverseOfAny(OnTheLine):
    """D(q‖p) over rows of q, for a p that is known by its log density on the whole line."""

    def __init__(self, p: LineDistribution, held: bool = False) -> None:
        self.p, self.held = p, held
        middle, width = p.typical
        offsets = np.concatenate([-DOUBLINGS, [0.0], DOUBLINGS])
        self.cuts = np.unique(np.concatenate([middle + width * offsets, p.bends, p.breaks]))

    def chosen(self, rows: np.ndarray) -> ReverseOfAny:
        """The same: all rows have one p."""
        return self

    @ieee
    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²)."""
        found = [self._terms(mean, std) for mean, std in places]
        return self.free(Terms(*(np.array(part) for part in zip(*found))))

    @ieee
    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(q‖p), and its error, for every row."""
        found = [self._expectations(mean, std) for mean, std in places]
        logs, gaps = (np.array([each[i][0] for each in found]) for i in (0, 1))
        values = -0.5 - LOG_ROOT_TAU - np.log(places[:, 1]) - logs
        return values, gaps + ROUNDING * (2 + np.abs(values) + np.abs(logs))

    def _terms(self, mean: float, std: float) -> tuple[float, np.ndarray, np.ndarray, float]:
        if not (np.isfinite([mean, std]).all() and std > 0):
            return np.inf, np.zeros(2), np.eye(2), 0.0
        (log_p, slope, curve, skew, square), gaps, size = self._expectations(mean, std)
        if not np.isfinite(log_p):
            return np.inf, np.zeros(2), np.eye(2), 0.0
        value = -0.5 - LOG_ROOT_TAU - np.log(std) - log_p
        gradient, hessian = -np.array([slope, 1 + curve]), -np.array([[curve, skew], [skew, square]])
        rounding = ROUNDING * (2 + size) * (1 + np.abs(hessian).max()) + 2 * gaps[1:3].max()
        return value, gradient, hessian, rounding

    def _expectations(self, mean: float, std: float) -> tuple[np.ndarray, np.ndarray, float]:
        """E f times 1 and the four polynomials; how far two rules differ on each; E|f − E f|, which rounding sees."""
        inner = (self.cuts - mean) / std
        edges = np.unique(np.concatenate([MARKS, inner[np.abs(inner) < REACH]]))
        left, half = edges[:-1], np.diff(edges) / 2
        z = (left + half)[:, None] + half[:, None] * RULE.nodes
        f = self.p.log_pdf(mean + std * z)
        density = np.exp(-0.5 * z * z - LOG_ROOT_TAU) * half[:, None]
        centre = float((density * f) @ RULE.weights[:, 0] @ np.ones(len(half)))
        offset = f - centre
        polynomials = (1.0, z, z * z - 1, z * (z * z - 3), z * z * (z * z - 4) + 1)
        sums = np.array([((density * offset * polynomial) @ RULE.weights).sum(axis=0) for polynomial in polynomials])
        sums[0, 0] += centre
        size = float(((density * np.abs(offset)) @ RULE.weights[:, 0]).sum()) + abs(centre)
        gaps = np.abs(sums[:, 0] - sums[:, 1] - np.array([centre, 0, 0, 0, 0]))
        return sums[:, 0], gaps, size


class ForwardOfAny(ForwardObjective):
    """D(p‖q) over rows of q: of p only the moments and the entropy are asked."""

    def __init__(self, p: LineDistribution, known: Moments, held: bool = False) -> None:
        super().__init__(known, held)
        self.target = p

    @cached_property
    def own(self):
        """H[p], which no q changes."""
        return entropy(self.target)


@dataclass(frozen=True)
class LineProblem(GaussianProblem):
    """One Gaussian q for any p on the line."""

    known = Certainty.ESTIMATED  # where its moments are integrals

    @cached_property
    def moments(self) -> Moments:
        """Of p; ValueError, saying why, where it has none."""
        try:
            return moments(self.p)
        except ArgumentError as error:
            words = "So no forward fit exists: D(p‖q) is infinite for every Gaussian q and every mixture of them"
            raise ArgumentError(f'{error}. {words}; the "reverse" fit may exist') from error

    @property
    def matched(self) -> tuple[float, float]:
        """The mean of p, and its std."""
        return self.moments.mean, self.moments.std

    @property
    def frame(self) -> tuple[float, float]:
        """The middle of p, and its width."""
        return tuple(map(float, self.p.typical))

    @cached_property
    def objective(self) -> OnTheLine:
        """What a search sees."""
        held = self.std is not None
        match self.aim:
            case Direction.FORWARD:
                return ForwardOfAny(self.p, self.moments, held)
            case Direction.REVERSE:
                return ReverseOfAny(self.p, held)
            case Alpha(alpha):
                return AlphaOfAny(self.p, alpha, held)
            case weights:
                forward = ForwardOfAny(self.p, self.moments) if weights.forward else None
                return WeightedObjective(self.p, weights, held, (forward, ReverseOfAny(self.p)))

    def is_gaussian(self) -> bool:
        """It is not, as far as anybody knows."""
        return False

    def exact(self, first: np.ndarray | None) -> tuple[Gaussian, str] | None:
        """Forward the moments of p, and without an energy with a wider std, as of a mixture."""
        wider = 1.0
        if isinstance(self.aim, Weighted) and not self.aim.energy:
            wider = math.sqrt(self.aim.forward / (self.aim.forward - self.aim.entropy))
        elif self.aim is not Direction.FORWARD:
            return None
        found = self.moments
        told = "the mean of p" if self.std else "the moments of p"
        told += ", the std wider by the entropy" if wider != 1 else ""
        how = "exact" if not found.std_error else "by quadrature"
        return Gaussian(found.mean, self.std or found.std * wider), f"{how}: {told}; the only optimum, from every start"

    def starts(self) -> np.ndarray:
        """A grid about the middle of p, the moments of p where it has any, and the bell at each of its modes."""
        middle, width = self.p.typical
        found = [(middle + place * width, width * size) for place in PLACES for size in WIDTHS]
        found += modes_of(self.p)
        with suppress(ValueError):
            found.append(self.matched)
        starts = np.array(found)
        if self.std is not None:
            starts[:, 1] = self.std
        return self.objective.inside(starts) if isinstance(self.aim, Alpha) else starts

    def search(self) -> tuple[list[Found], int]:
        """Descents from all starts; minima at one place are one."""
        starts = self.starts()
        if not len(starts):
            raise refuse("objective", "an α at which D_α is finite for this p and std", self.aim)
        found = descend(self.objective, starts)
        # A kink that nobody has told of blurs the gradient, and with it where it vanishes.
        blurred = BLURRED * found.terms.rounding / np.abs(found.terms.curvatures()).min(axis=1)
        told = found.stationary & (found.terms.rounding < LOST)
        rows: list[int] = []
        for row in best_first(found.terms.value, -found.places[:, 0]):
            near = max(SAME, blurred[row])
            if told[row] and (apart(found.places[row], found.places[rows]) > near).all():
                rows.append(row)
        rows = rows or best_first(found.terms.value, -found.places[:, 0])[:1]
        return [self._settled(found, row, found.way(row)) for row in rows], len(starts)


@problem_of.register(LineDistribution)
def problem_of_any(p: LineDistribution, aim: Aim, family: families.Family | None) -> Problem:
    """A Gaussian q, or several, for any p on the line; an unnormalised log density is divided by its mass."""
    if isinstance(p, Density):
        p = normalised(p)
    several = isinstance(family, families.Mixture) and family.components > 1
    if several and not isinstance(aim, Direction):
        raise refuse("objective", '"forward" or "reverse", as q is a mixture', aim)
    _exists(p, aim)
    single = LineProblem(p, aim, family if isinstance(family, families.Gaussian) else families.Gaussian())
    if aim is Direction.FORWARD or isinstance(aim, Weighted) and aim.forward:
        _ = single.moments  # refused here, where there are none
    return LineMixtureProblem(p, aim, family) if several else single


def _exists(p: LineDistribution, aim: Aim) -> None:
    """ValueError where what is to be minimised is infinite for every Gaussian q, or falls without bound."""
    match aim:
        case Alpha():
            alpha_exists(p, aim)
        case Weighted():
            weights_exist(p, aim)
        case Direction.REVERSE if p.support != (-np.inf, np.inf):
            low, high = p.support
            raise refuse(
                "objective",
                f'"forward" or kl.Alpha(0.5): every Gaussian has mass outside the support of p, ({low:g}, {high:g}), '
                "so that D(q‖p) is infinite for all of them and no reverse fit exists",
                aim.value,
            )


@problem_of.register(Beta)
def problem_of_a_beta(p: Beta, aim: Aim, family: families.Family | None) -> Problem:
    """q of its own family where none is asked for, else a Gaussian."""
    return problem_of_its_own(p, aim, family) if family is None else problem_of_any(p, aim, family)
