"""Results that a text gathers in a list, and what it does with them: kls.append(kl) in a loop, then sum(kls)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kl_engine.symbolic.formulas.parsing.phrases import Phrase, number, path_of
from kl_engine.symbolic.formulas.parsing.word_lists import words

_SUMS = words("sum fsum add_n accumulate_n reduce_sum nansum")
_MEANS = words("mean reduce_mean average fmean nanmean")
_STACKS = words(
    "stack cat concat concatenate hstack vstack array asarray tensor as_tensor convert_to_tensor list tuple Tensor"
)


_WHOLE = re.compile(r"(?i)(?:total|final|overall)(?:_?loss)?|loss(?:_total)?")  # the key of the sum of all others


@dataclass
class Lists:
    """The lists of a text by their names: what each holds, and the names that run where it was added in a loop."""

    items: dict[str, list[tuple[Phrase, tuple[str, ...]]]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)  # of a dictionary, in the order of its items

    def add(self, name: str, item: Phrase, running: tuple[str, ...]) -> Phrase:
        """The list with one more item."""
        held = self.items.setdefault(name, [])
        held.append((item, running))
        return Phrase("tuple", item.at, tuple(inside for inside, _ in held))

    def put(self, name: str, key: str, item: Phrase, running: tuple[str, ...]) -> Phrase:
        """The dictionary with an item under a key, in the place of what was kept there."""
        held, keys = self.items.setdefault(name, []), self.keys.setdefault(name, [])
        if key not in keys or len(keys) != len(held):
            keys.append(key)
            return self.add(name, item, running)
        held[keys.index(key)] = (item, running)
        return Phrase("tuple", item.at, tuple(inside for inside, _ in held))

    def start(self, name: str) -> None:
        """An empty list of that name."""
        self.items[name], self.keys[name] = [], []

    def total(self, phrase: Phrase) -> Phrase:
        """The sum or the mean of a list as that of its items, and stack(list) as the list; any other phrase as it is.

        It is given as a function, sum(kls), or as a method, stack(kls).mean().
        """
        if phrase.kind != "call":
            return phrase
        function = phrase.parts[0]
        name = str(function.value) if function.kind in ("name", "attribute") else ""
        if name == "values" and len(phrase.parts) == 1 and function.parts and self._holds(function.parts[0]):
            return function.parts[0]  # losses.values() of a dictionary
        of = next((part for part in (*phrase.parts[1:2], *function.parts[:1]) if self._holds(part)), None)
        if of is None or not name:
            return phrase
        if name in _STACKS:
            return of
        held = self._held(of)
        if name in _SUMS:
            return _sum(held, phrase)
        if name in _MEANS and len(held) == 1:
            mean = Phrase("name", function.at, value="mean")
            return Phrase("call", phrase.at, (mean, held[0][0]), bracket="(")
        if name in _MEANS:
            return Phrase("div", phrase.at, (_sum(held, phrase), number(Fraction(len(held)), phrase.at)), bracket="(")
        return phrase

    def _holds(self, phrase: Phrase) -> bool:
        return phrase.kind == "bound" and (bool(self.items.get(str(phrase.value))) or _is_list(phrase))

    def _held(self, phrase: Phrase) -> list[tuple[Phrase, tuple[str, ...]]]:
        return self.items.get(str(phrase.value)) or [(part, ()) for part in phrase.parts[0].parts]

    def opened(self, results: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        """Results with the items of a list in its place."""
        found: list[Phrase] = []
        for phrase in results:
            name = str(phrase.value) if phrase.kind == "bound" else ""
            held = [item for item, _ in self.items.get(name, [])]
            whole = [item for key, item in zip(self.keys.get(name, []), held) if _WHOLE.fullmatch(key)]
            found += whole[-1:] or held or [phrase]
        return tuple(found)


def _sum(held: list[tuple[Phrase, tuple[str, ...]]], phrase: Phrase) -> Phrase:
    """The items added up; what was added in a loop is a sum over the loop."""
    total: Phrase | None = None
    for item, running in held:
        part = Phrase("sum", item.at, (replace(item, bracket="("),), running) if running else replace(item, bracket="(")
        total = part if total is None else Phrase("add", phrase.at, (total, part), bracket="(")
    return total or phrase


def _is_list(phrase: Phrase) -> bool:
    """Whether a name was given a list or a dictionary of several terms that are computed."""
    inside = phrase.parts[0]
    return inside.kind == "tuple" and len(inside.parts) > 1 and not any(p.kind == "number" for p in inside.parts)


def is_empty_list(phrase: Phrase) -> bool:
    """[], list(), (), {} and dict(): where results are to be gathered."""
    named = phrase.kind == "call" and len(phrase.parts) == 1 and path_of(phrase.parts[0])[-1:] in (("list",), ("dict",))
    return named or phrase.kind == "tuple" and not phrase.parts


__all__ = ["Lists", "is_empty_list"]
