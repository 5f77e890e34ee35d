"""Symbols set to numbers and to each other, all at once: which are equal, and to what number."""

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Rational, Symbol

from kl_engine.symbolic.spoken import listed, spoken


class ExplorationError(ValueError):
    """Something that cannot be done to a form: one sentence, with what to do instead."""


@dataclass(frozen=True)
class Equal:
    """Symbols that are one: the first stands for the others. number: what they are set to, None if they stay free."""

    first: Symbol
    others: tuple[Symbol, ...]
    number: Rational | None


def equal_classes(parameters: tuple[Symbol, ...], targets: Mapping[Symbol, Rational | Symbol]) -> list[Equal]:
    """The classes of symbols that are set, in the order of the settings. ExplorationError if two numbers meet."""
    joined: list[list[Symbol]] = []
    for symbol, target in targets.items():
        pair = [symbol, target] if isinstance(target, Symbol) else [symbol]
        touched = [group for group in joined if not set(group).isdisjoint(pair)]
        merged = list(dict.fromkeys([s for group in touched for s in group] + pair))
        place = joined.index(touched[0]) if touched else len(joined)
        joined = [group for group in joined if group not in touched]
        joined.insert(place, merged)
    return [_equal(parameters, group, targets) for group in joined]


def _equal(parameters: tuple[Symbol, ...], group: list[Symbol], targets: Mapping[Symbol, Rational | Symbol]) -> Equal:
    numbers = {s: targets[s] for s in group if isinstance(targets.get(s), Rational)}
    if len(set(numbers.values())) > 1:
        given = " and ".join(f"{spoken(symbol)} = {number}" for symbol, number in numbers.items())
        raise ExplorationError(f"{given} contradict each other, for {listed(group)} are set equal: change one of them.")
    # A symbol without a setting of its own stands for the others, or else the first of the form.
    first = min(group, key=lambda symbol: (symbol in targets, parameters.index(symbol)))
    others = tuple(symbol for symbol in group if symbol != first)
    return Equal(first, others, next(iter(numbers.values()), None))
