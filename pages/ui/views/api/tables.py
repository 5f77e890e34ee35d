"""The public names of the engine with what their docstrings say: read from them, and found by words in them."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache

import kl_engine as kl

SPACES = {
    "top": "kl.…",
    **{
        name: f"kl.{name}"
        for name in ("distributions", "divergences", "families", "optima", "inference", "coding", "acting", "data")
    },
    **{name: f"kl.{name}" for name in ("objectives", "symbolic")},
}
EVERYWHERE = "all"
SHORT = 3  # letters of a word that is taken as it is
FAMILIES = ("Diagonal", "Gaussian", "Isotropic", "Mixture")  # `kl.families` is a module with helpers as well
NOISE = re.compile(r"'|kl_engine(?:\.\w+)+\.|np\.")  # of annotations


@dataclass(frozen=True)
class Entry:
    """A public name: how it is called, what it is, its example, and its methods with a line on each."""

    space: str
    name: str
    signature: str
    summary: str
    rest: tuple[str, ...]
    example: str
    methods: tuple[tuple[str, str], ...]

    @property
    def full_name(self) -> str:
        """As it is written: `kl.optima.flow`."""
        return f"kl.{self.name}" if self.space == "top" else f"kl.{self.space}.{self.name}"

    def rank(self, words: tuple[str, ...]) -> int | None:
        """How well it answers: 0 a word is its name, 1 in it, 2 in the summary or a method's name, 3 elsewhere.

        None if it lacks one of the words.
        """
        name, methods = self.full_name.lower(), {stem(method.lower()) for method, _ in self.methods}
        summary = self.summary.lower()
        text = " ".join((summary, *self.rest, *(f"{method} {line}" for method, line in self.methods))).lower()
        places = [
            0
            if word == stem(self.name.lower())
            else 1
            if word in name
            else 2
            if word in methods or word in summary
            else 3
            for word in words
            if word in name or word in text
        ]
        return min(places) if len(places) == len(words) and places else None


def matching(space: str, find: str) -> tuple[Entry, ...]:
    """The names of a namespace, or of all, that hold every word; those that are called so first."""
    wanted = SPACES if space == EVERYWHERE else (space,)
    entries = [entry for each in wanted for entry in entries_of(each)]
    words = tuple(stem(word) for word in find.lower().split())
    if not words:
        return tuple(entries)
    ranked = [(entry.rank(words), i, entry) for i, entry in enumerate(entries)]
    return tuple(entry for _, _, entry in sorted(each for each in ranked if each[0] is not None))


def stem(word: str) -> str:
    """A word without the s of a plural: "mixtures" finds what speaks of a mixture."""
    return word[:-1] if len(word) > SHORT and word.endswith("s") and not word.endswith("ss") else word


@cache
def entries_of(space: str) -> tuple[Entry, ...]:
    """Every name of a namespace, in the order of the alphabet."""
    held = kl if space == "top" else getattr(kl, space)
    names = FAMILIES if space == "families" else held.__all__
    values = {name: getattr(held, name) for name in sorted(names, key=str.lower)}
    top = () if space == "top" else tuple(id(getattr(kl, name)) for name in kl.__all__)
    return tuple(
        entry_of(space, name, value)
        for name, value in values.items()
        if not inspect.ismodule(value) and id(value) not in top
    )


def entry_of(space: str, name: str, value: object) -> Entry:
    """One name, read from its docstring: paragraphs, and the example from the first prompt on."""
    prose, prompt, example = (inspect.getdoc(value) or "").partition(">>>")
    first, *rest = (" ".join(part.split()) for part in re.split(r"\n\s*\n", prose.strip()))
    return Entry(space, name, _signature(value), first, tuple(rest), (prompt + example).strip(), _methods(value))


def _signature(value: object) -> str:
    """Its arguments in brackets; nothing of what takes none that a person gives."""
    if not callable(value) or (inspect.isclass(value) and issubclass(value, Exception | tuple | str)):
        return ""
    try:
        return re.sub(r"\s+", " ", NOISE.sub("", str(inspect.signature(value)))).removesuffix(" -> None")
    except (TypeError, ValueError):
        return ""


def _methods(value: object) -> tuple[tuple[str, str], ...]:
    """What a class of ours offers beside its fields: names with the first sentence of what they say."""
    if not inspect.isclass(value):
        return ()
    ours = {name for base in value.__mro__ if base.__module__.startswith(kl.__name__) for name in vars(base)}
    found = []
    for name in sorted(ours):
        held = inspect.getattr_static(value, name)
        said = inspect.getdoc(getattr(held, "func", held)) or ""
        own = (
            inspect.isfunction(held) or isinstance(held, property | classmethod | staticmethod) or hasattr(held, "func")
        )
        if own and not name.startswith("_") and said:
            found.append((name, said.split("\n\n")[0].replace("\n", " ")))
    return tuple(found)
