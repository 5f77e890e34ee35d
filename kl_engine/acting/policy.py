"""Active inference on a finite model, one step ahead: the expected free energy of every action, in nats.

The model: prior D over states, likelihood A of each modality of outcomes, transition B of each action, log preferences
C of each modality (normalised by log-softmax, as C is a distribution). Modalities are independent given the state, and
all that is said of outcomes is said of them jointly. Source: K. Friston et al., Cogn. Neurosci. 6 (2015) 187; for the
two splits, B. Millidge, A. Tschantz, C. L. Buckley, Neural Comput. 33 (2021) 447.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.divergences.sums.discrete import entropy
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import WEIGHT_TOLERANCE, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON


@dataclass(frozen=True, eq=False)
class FiniteModel:
    """D (states,); A of each modality (outcomes, states); B of each action (states, states), from column to row; C.

    Columns of A and B sum to 1 within 1e-9 (they are then divided by their sums). C of each modality (outcomes,): log
    preferences up to a constant, −inf for what is never to be. Raises ValueError naming what is otherwise. Preferences
    are in nats. Source: K. Friston et al., Cogn. Neurosci. 6 (2015) 187.

    >>> import kl_engine as kl
    >>> seen, moved, liked = [[1, 0], [0, 1]], [[1, 1], [0, 0]], [0.0, -1.0]
    >>> model = kl.acting.FiniteModel(kl.Categorical([0.5, 0.5]), (seen,), (moved,), (liked,))
    >>> f"{kl.acting.action_values(model)[0].risk:.6f}"
    '0.313262'
    """

    D: Categorical
    A: tuple[np.ndarray, ...]
    B: tuple[np.ndarray, ...]
    C: tuple[np.ndarray, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.D, Categorical):
            raise refuse("D", "a Categorical", self.D)
        states = self.D.probs.size
        likelihoods = tuple(_columns("A", table, states) for table in self.A)
        moves = tuple(_columns("B", table, states, rows=states) for table in self.B)
        if not likelihoods or not moves or len(self.C) != len(likelihoods):
            raise refuse(
                "A, B, C", "at least one modality with its preferences, and one action", (self.A, self.B, self.C)
            )
        preferences = tuple(_log_softmax(logs, table.shape[0]) for logs, table in zip(self.C, likelihoods))
        for name, value in (("A", likelihoods), ("B", moves), ("C", preferences)):
            object.__setattr__(self, name, value)

    @cached_property
    def outcomes(self) -> np.ndarray:
        """(joint outcomes, states): the likelihood of all modalities together, the last varying fastest."""
        joint = reduce(lambda whole, part: (whole[:, None] * part[None]).reshape(-1, whole.shape[1]), self.A)
        joint.flags.writeable = False
        return joint

    @cached_property
    def log_preferred(self) -> np.ndarray:
        """C over the joint outcomes, in logs: a preference of −1000 is finite, though its probability underflows."""
        joint = reduce(lambda whole, part: (whole[:, None] + part[None]).ravel(), self.C)
        joint.flags.writeable = False
        return joint

    @cached_property
    def ambiguities(self) -> tuple[Estimate, ...]:
        """H[p(o∣s)] of the joint outcomes in each state, in nats."""
        return tuple(entropy(Categorical(_unit(column))) for column in self.outcomes.T)


@dataclass(frozen=True)
class ActionValue:
    """The expected free energy G of an action and its parts: risk + ambiguity = −utility − information gain.

    `risk` is D(Q(o)‖C), `ambiguity` E H[A], `utility` E log C, `information_gain` the mean divergence of the posterior
    from the predicted belief; `gains` is that of each modality observed alone; in nats. Made by
    `kl.acting.action_values`.

    >>> import kl_engine as kl
    >>> value = kl.acting.action_values(kl.acting.t_maze())[3]  # go to the cue
    >>> f"{value.information_gain.bits:.4f}"
    '1.0000'
    """

    risk: Estimate  # D(Q(o)‖C)
    ambiguity: Estimate  # E_Q(s) H[A]
    utility: Estimate  # E_Q(o) log C
    information_gain: Estimate  # E_Q(o) D(Q(s|o)‖Q(s))
    gains: tuple[Estimate, ...]  # the same of one modality at a time

    @property
    def expected_free_energy(self) -> Estimate:
        """G = risk + ambiguity."""
        return _sum(self.risk, self.ambiguity, "risk + ambiguity")

    @property
    def second_split(self) -> Estimate:
        """The same G, as −utility − information gain."""
        return _sum(-self.utility, -self.information_gain, "−utility − information gain")

    @property
    def double_counted(self) -> Estimate:
        """Risk − information gain: no split of G. It subtracts H[Q(o)] twice; computed to show what that does."""
        return _sum(self.risk, -self.information_gain, "risk − information gain")

    @property
    def gains_added(self) -> Estimate:
        """Σ of the gains of the modalities one by one, as pymdp adds: never less than the information gain, and more
        by the mutual information of the modalities' outcomes, of which that takes off what two of them both tell."""
        return sum(self.gains[1:], self.gains[0])

    @property
    def added_one_by_one(self) -> Estimate:
        """What takes the place of G where the gains are so added: −utility − Σ of the gains; for comparison."""
        return _sum(-self.utility, -self.gains_added, "−utility − gains one by one")


@ieee
def action_values(model: FiniteModel, belief: Categorical | None = None) -> tuple[ActionValue, ...]:
    """The value of each action from a belief over states (the prior D when none is given).

    Both splits are computed apart and compared: ArithmeticError if they differ by more than their rounding. Raises
    ValueError when `model` is not a FiniteModel, or `belief` not a Categorical over its states. G = D(Q(o)‖C) + E_Q(s)
    H[p(o∣s)] in nats for each, as the `model` has it. Source: K. Friston et al., Cogn. Neurosci. 6 (2015) 187; B.
    Millidge, A. Tschantz, C. L. Buckley, Neural Comput. 33 (2021) 447.

    >>> import kl_engine as kl
    >>> [f"{value.expected_free_energy:.4f}" for value in kl.acting.action_values(kl.acting.t_maze())]
    ['5.1304', '4.5353', '4.5353', '4.4372']
    """
    if not isinstance(model, FiniteModel):
        raise refuse("model", "a FiniteModel", model)
    belief = model.D if belief is None else belief
    if not isinstance(belief, Categorical) or belief.probs.size != model.D.probs.size:
        raise refuse("belief", f"a Categorical over {model.D.probs.size} states", belief)
    return tuple(_value(model, Categorical(_unit(move @ belief.probs))) for move in model.B)


@ieee
def best_actions(values: tuple[ActionValue, ...], measure: str = "expected_free_energy") -> tuple[int, ...]:
    """argmin G: the places in `values` of the actions of least G (or of another property of ActionValue): several when
    they tie within their errors.

    `measure` is the name of the property, in nats. Raises AttributeError when there is none of that name. Source: K.
    Friston et al., Cogn. Neurosci. 6 (2015) 187.

    >>> import kl_engine as kl
    >>> kl.acting.best_actions(kl.acting.action_values(kl.acting.t_maze()))  # of centre, right, left, cue
    (3,)
    """
    found = [getattr(value, measure) for value in values]
    least = min(found, key=float)
    return tuple(
        k for k, x in enumerate(found) if x.value == least.value or x.value - x.error <= least.value + least.error
    )


@ieee
def action_probabilities(values: tuple[ActionValue, ...]) -> Categorical:
    """softmax(−G), at precision 1. Raises ValueError when every G is infinite.

    P(a) = e^−G(a)/Σ e^−G, G in nats, for `values` as `action_values` gives them. Source: K. Friston et al., Cogn.
    Neurosci. 6 (2015) 187.

    >>> import kl_engine as kl
    >>> p = kl.acting.action_probabilities(kl.acting.action_values(kl.acting.t_maze()))
    >>> p.probs.round(4).tolist()
    [0.1509, 0.2736, 0.2736, 0.3018]
    """
    costs = np.array([value.expected_free_energy.value for value in values])
    if np.isinf(costs).all():
        raise refuse("values", "at least one action of finite G", costs.tolist())
    return Categorical(_unit(np.exp(costs.min() - costs)))


def _value(model: FiniteModel, states: Categorical) -> ActionValue:
    """The parts of G where the states are predicted to be so."""
    likelihood = model.outcomes
    outcomes = Categorical(_unit(likelihood @ states.probs))
    used = np.nonzero(states.probs)[0]
    ambiguity = _mean(states.probs[used], [model.ambiguities[s] for s in used])
    seen = np.nonzero(outcomes.probs)[0]
    logs = model.log_preferred[seen]
    risk = _expected(outcomes, seen, outcomes.log_prob[seen] - logs)
    utility, gain = -_expected(outcomes, seen, -logs), _gain(likelihood, states)
    gains = (gain,) if len(model.A) == 1 else tuple(_gain(part, states) for part in model.A)
    value = ActionValue(risk, ambiguity, utility, gain, gains)
    first, second = value.expected_free_energy, value.second_split
    if first.value != second.value and not abs(first.value - second.value) <= first.error + second.error:
        raise ArithmeticError(f"the two splits of G differ: {first.value!r} and {second.value!r}")
    return value


def _gain(likelihood: np.ndarray, states: Categorical) -> Estimate:
    """Σ over states and outcomes of A Q(s) log(A/Q(o)): what an outcome tells of the state on average, at least 0."""
    joint = likelihood * states.probs
    predicted = joint.sum(axis=1)
    held = joint > 0
    ratio = (likelihood / np.where(predicted > 0, predicted, 1.0)[:, None])[held]
    terms = joint[held] * np.log(ratio)
    rounding = (32 + sum(likelihood.shape)) * EPSILON * (1 + math.fsum(np.abs(terms)))
    return Estimate(max(0.0, math.fsum(terms)), rounding, Certainty.EXACT, "sum over states and outcomes")


def _expected(outcomes: Categorical, seen: np.ndarray, costs: np.ndarray) -> Estimate:
    """The mean of the costs of the outcomes that are seen; inf, with the outcome, where C excludes one of them."""
    for excluded in seen[np.isinf(costs)][:1].tolist():
        return Estimate.infinite(f"C excludes outcome {excluded} (counted from 0), which may happen")
    terms = outcomes.probs[seen] * costs
    rounding = 32 * EPSILON * (1 + math.fsum(np.abs(terms)))
    return Estimate(math.fsum(terms), rounding, Certainty.EXACT, "sum over the outcomes")


def _mean(weights: np.ndarray, parts: list[Estimate]) -> Estimate:
    """Σ weights · parts; the weights, and the distributions that the parts are of, are themselves rounded."""
    value = math.fsum(w * part.value for w, part in zip(weights.tolist(), parts))
    rounding = 32 * EPSILON * (1 + abs(value)) * len(parts)
    return Estimate(
        value, math.fsum(w * part.error for w, part in zip(weights.tolist(), parts)) + rounding, Certainty.EXACT, "mean"
    )


def _sum(first: Estimate, second: Estimate, method: str) -> Estimate:
    """first + second, and what the rounding of the probabilities that both are computed from does to it."""
    total = first + second
    if math.isinf(total.value):
        return total
    return replace(total, error=total.error + 64 * EPSILON * (1 + abs(total.value)), method=method)


def _columns(name: str, table, states: int, rows: int | None = None) -> np.ndarray:
    """`table` as distributions over its rows, one for each of the states."""
    expected = f"columns of numbers >= 0 that sum to 1 within {WEIGHT_TOLERANCE:g}, one for each of {states} states"
    try:
        array = np.array(table, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refuse(name, expected, table) from error
    good = array.ndim == 2 and array.shape[1] == states and rows in (None, len(array)) and np.isfinite(array).all()
    if not good or (array < 0).any() or (np.abs(array.sum(axis=0) - 1) > WEIGHT_TOLERANCE).any():
        raise refuse(name, expected, table)
    array /= array.sum(axis=0)
    array.flags.writeable = False
    return array


def _log_softmax(logs, outcomes: int) -> np.ndarray:
    """Log preferences less the log of the sum of their exponentials."""
    expected = f"{outcomes} log preferences below inf, at least one of them finite"
    try:
        array = np.array(logs, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refuse("C", expected, logs) from error
    if array.shape != (outcomes,) or np.isnan(array).any() or not -math.inf < array.max() < math.inf:
        raise refuse("C", expected, logs)
    array = array - array.max()
    array -= math.log(math.fsum(np.exp(array)))
    array.flags.writeable = False
    return array


def _unit(weights: np.ndarray) -> np.ndarray:
    return weights / math.fsum(weights)
