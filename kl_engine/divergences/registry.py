"""One table for every divergence: what computes a verb for a pair of kinds of distributions, or why nothing does.

A row is (verb, kind of the first argument, kind of the second); `pairs` fills the table, `verbs` asks it. A verb that
can be had from its arguments in the other order is looked up that way too. To add a divergence: a `Verb`, its rows, and
the function in `verbs`; to add a family: a `Kind` and its rows. Every pair needs a row, be it a refusal that names a
way out: the laws of `tests/laws` run over all verbs and all pairs of kinds, and miss nothing that is registered by
halves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kl_engine.distributions.adapters import as_distribution
from kl_engine.divergences.disagreement import Disagreement
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee
from kl_engine.quadrature.quasi_monte_carlo import Sampling


@dataclass(frozen=True)
class Kind:
    """Distributions that the same formulas hold for: their classes, and what two of them must share to be compared.

    `shape` gives what must be equal (and `shared` its name), as the number of symbols or of dimensions. `sampled` says
    whether a verb, by its name, may have to draw a sample for these.
    """

    name: str
    classes: tuple[type, ...]
    shared: str = ""
    shape: Callable[[object], int] | None = field(default=None, repr=False)
    sampled: Callable[[str, list], bool] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for each in self.classes:
            KIND_OF[each] = self


@dataclass(frozen=True)
class Verb:
    """A quantity of one distribution or of two, and the laws that it obeys.

    `mirror` computes it from a function of the arguments in the other order; `divergence`: it is never negative and 0
    between equals, the same for both arguments moved by one bijection, and no smaller than of coarser data; `most`: no
    value is larger. `options` are the further arguments for which the laws are tried.
    """

    name: str
    arguments: int = 2
    mirror: Callable[[Callable], Callable] | None = None
    divergence: bool = False
    most: float = float("inf")
    options: tuple[dict, ...] = ({},)


@dataclass(frozen=True)
class Refusal:
    """A row, or what a function returns, that says why there is no number, and what to ask instead."""

    reason: str


KIND_OF: dict[type, Kind] = {}
VERBS: dict[str, Verb] = {}
TABLE: dict[tuple, Callable | Refusal] = {}


def verb(name: str, **laws) -> Verb:
    """Declare a verb."""
    VERBS[name] = Verb(name, **laws)
    return VERBS[name]


def kinds() -> tuple[Kind, ...]:
    """Every kind there is, once."""
    return tuple(dict.fromkeys(KIND_OF.values()))


def register(name: str, *pair: Kind) -> Callable[[Callable], Callable]:
    """A decorator: this function computes the verb for these kinds."""

    def keep(function: Callable) -> Callable:
        TABLE[name, *pair] = function
        return function

    return keep


def row(name: str, *pair: Kind) -> Callable | Refusal | None:
    """What answers for these kinds, in the order given or in the other one; None where nobody has said."""
    found = TABLE.get((name, *pair))
    if found is None and len(pair) == 2 and (mirror := VERBS[name].mirror):
        swapped = TABLE.get((name, *reversed(pair)))
        return mirror(swapped) if callable(swapped) else swapped
    return found


@ieee
def answer(name: str, arguments: dict[str, object], wanted: dict[str, object] | None = None, **options):
    """The verb of these arguments, by their names; `wanted` is what a person asks of the sample, None where nothing.

    Raises ValueError where something is asked of a sample and none is drawn, where an argument is not a distribution,
    where the two cannot be compared, and where the table has a refusal or nothing for the pair.
    """
    values, pair = [], []
    for named, value in arguments.items():
        kind = KIND_OF.get(type(value))
        if kind is None:
            value = as_distribution(value, named)
            kind = kind_of(value, named)
        values.append(value)
        pair.append(kind)
    if len(pair) == 2 and pair[0] is pair[1] and pair[0].shape:
        _compare(pair[0], tuple(arguments), values)
    if wanted and (sampling := Sampling.asked(**wanted)):
        given = next(argument for argument, value in wanted.items() if value is not None)
        sampled = pair[0].sampled
        if any(kind is not pair[0] for kind in pair) or not sampled or not sampled(name, values):
            raise refuse(given, f"nothing: {name} of these is exact, or an integral, and no sample", wanted[given])
        options["sampling"] = sampling
    found = row(name, *pair)
    if callable(found):
        found = found(*values, **options)
        if not isinstance(found, Refusal):
            return found
    last = list(arguments)[-1]
    if found is None:
        expected = f"a pair that {name} knows, and no {' beside a '.join(type(value).__name__ for value in values)}"
        raise refuse(last, f"{expected} (monte_carlo_kl estimates D for any two that can be compared)", values[-1])
    raise refuse(last, found.reason, values[-1])


def kind_of(value: object, name: str) -> Kind:
    """The kind of a distribution; ValueError naming the argument for anything else."""
    for each in type(value).__mro__:
        if each in KIND_OF:
            return KIND_OF[each]
    known = ", ".join(each.__name__ for kind in kinds() for each in kind.classes)
    raise refuse(name, f"a distribution ({known})", value)


def _compare(kind: Kind, names: tuple[str, ...], values: list) -> None:
    first, second = (kind.shape(value) for value in values)
    if first != second:
        raise refuse(names[1], f"{first} {kind.shared}, as {names[0]} has", second)


def swapped(function: Callable) -> Callable:
    """A symmetric verb from its arguments in the other order."""
    return lambda p, q, **options: function(q, p, **options)


def swapped_alpha(function: Callable) -> Callable:
    """D_α(p, q) = D_{1−α}(q, p)."""
    return lambda p, q, alpha: function(q, p, alpha=1 - alpha)


def swapped_sides(function: Callable) -> Callable:
    """What q invents of p is what p misses of q."""

    def mirrored(p, q):
        found = function(q, p)
        return Disagreement(hallucinated=found.missed, missed=found.hallucinated)

    return mirrored
