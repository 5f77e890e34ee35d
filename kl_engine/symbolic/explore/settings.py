"""Symbols set to numbers and to each other, all at once: which are equal, and to what number."""

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Rational, Symbol


class ExplorationError(ValueError):
    """Something that cannot be done to a form: one sentence, with what to do instead."""


@dataclass(frozen=True)
class Equal:
    """Symbols that are one: the first stands for the others. number: what they are set to, None if they stay free."""

    first: Symbol
    others: tuple[Symbol, ...]
    number: Rational | None


def equal_classes(parameters: tuple[Symbol, ...], targets: Mapping[Symbol, Rational | Symbol]) -> list[Equal]:
    """The classes of symbols that are set, in the order of the settings.

    Each symbol has one setting, so chains end in one number or in one free symbol, or close to a ring: two numbers
    never meet in a class.
    """
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
    # A symbol without a setting of its own stands for the others, or else the first of the form.
    first = min(group, key=lambda symbol: (symbol in targets, parameters.index(symbol)))
    numbers = (targets[symbol] for symbol in group if isinstance(targets.get(symbol), Rational))
    return Equal(first, tuple(symbol for symbol in group if symbol != first), next(numbers, None))
