"""What stands around a divergence in a loss: named factors, means over a batch, a reconstruction term beside it.

beta * kl.mean() / batch_size + recon is kl, times beta, over batch_size, with recon set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kl_engine.symbolic.formulas.arithmetic import KEPT, MEANS, MODULES, SIZES, SUMS, plain_name
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.refusals import Source

_LOSSES = re.compile(
    r"(?i)rec(on\w*)?|bce|mse|nll|ce|mae|\w*loss\w*|likelihood|ll|reproduction|xent|err(or)?|distortion|reward|"
    r"log_?p_?x\w*|reg(ularis\w*|ulariz\w*)?|penalty|energy|cost|rate|task|adv|gan|score|logpx\w*|lpx\w*|l1|l2"
)
_LOSS_CALLS = re.compile(
    r"(?i)\w*(cross_?entropy|mse|bce|nll|loss|l1|log_prob|logpdf|likelihood|criterion|crossentropy)\w*"
)


@dataclass
class Peel:
    """A phrase without what stands around it: `core`, and the texts of what was taken off."""

    source: Source
    known: Callable[[str], bool]
    factors: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)

    def core(self, phrase: Phrase) -> Phrase:
        """The part that holds the quantities that are known."""
        match phrase.kind:
            case "bound" if self.holds(phrase.parts[0]):
                return self.core(phrase.parts[0])
            case "neg":
                return replace(phrase, parts=(self.core(phrase.parts[0]),))
            case "mul" | "div":
                return self.product(phrase)
            case "add" | "sub":
                return self.sum(phrase)
            case "call":
                return self.wrapped(phrase)
            case "index" | "if" if self.holds(phrase.parts[0]):
                return self.core(phrase.parts[0])
        return phrase

    def holds(self, phrase: Phrase) -> bool:
        """Whether a known quantity is in it."""
        if phrase.kind == "bound":
            return self.holds(phrase.parts[0]) or self.known(plain_name(phrase))
        if _is_size(phrase):
            return False
        if phrase.kind in ("name", "attribute", "index") and (name := plain_name(phrase)) and self.known(name):
            return True
        parts = phrase.parts
        if phrase.kind == "call" and parts[0].kind == "attribute":  # a method of something, or a function of a module
            parts = (*parts[0].parts, *parts[1:])
        elif phrase.kind == "call" and len(parts) > 2:  # else τ(a − b) may be a product
            parts = parts[1:]
        return any(self.holds(part) for part in parts)

    def product(self, phrase: Phrase) -> Phrase:
        """Without the factors that are names."""
        left, right = phrase.parts
        if self.holds(left) == self.holds(right):
            return phrase
        if self.holds(left):
            numbers = self.scalar(right, 1 if phrase.kind == "mul" else -1)
            inside = self.core(left)
            for number, power in numbers:
                inside = Phrase("mul" if power > 0 else "div", phrase.at, (inside, number))
            return inside
        if phrase.kind == "div":
            return phrase
        inside = self.core(right)
        for number, power in self.scalar(left, 1):
            inside = Phrase("mul", phrase.at, (_to(number, power), inside))
        return inside

    def scalar(self, phrase: Phrase, power: int) -> list[tuple[Phrase, int]]:
        """The factors of a scalar that are numbers, each with its power; the others are named as factors."""
        if not any(part.kind in ("name", "attribute", "index", "bound") for part in _arguments(phrase)):
            return [(phrase, power)]
        if phrase.kind == "neg":
            return [(Phrase("neg", phrase.at, (_one(phrase),)), 1), *self.scalar(phrase.parts[0], power)]
        if phrase.kind in ("mul", "div"):
            second = power if phrase.kind == "mul" else -power
            return self.scalar(phrase.parts[0], power) + self.scalar(phrase.parts[1], second)
        text = plain_name(phrase) if phrase.kind in ("name", "attribute") else ""
        text = text or " ".join(self.source.piece(phrase.at).split())
        text = f"({text})" if phrase.kind in ("add", "sub") and not text.startswith("(") else text
        self.factors.append(text if power > 0 else f"1/{text}")
        return []

    def sum(self, phrase: Phrase) -> Phrase:
        """Without the terms that are other losses; of one term that is left, its core."""
        terms = _terms(phrase, 1)
        kept = [(term, sign) for term, sign in terms if not self.is_aside(term)]
        aside = [term for term, _ in terms if self.is_aside(term)]
        if not any(self.holds(term) for term, _ in kept) or not aside:
            if len(kept) == 1 and not aside:
                return self.core(kept[0][0])
            return phrase
        self.set_aside += [" ".join(self.source.piece(term.at).split()) for term in aside]
        if len(kept) == 1:
            term, sign = kept[0]
            inside = self.core(term)
            return inside if sign > 0 else Phrase("neg", phrase.at, (inside,))
        total: Phrase | None = None
        for term, sign in kept:
            if total is None:
                total = term if sign > 0 else Phrase("neg", term.at, (term,))
            else:
                total = Phrase("add" if sign > 0 else "sub", phrase.at, (total, term))
        return total or phrase

    def is_aside(self, term: Phrase) -> bool:
        """Whether a term is another loss: by its name, or a call of one."""
        if term.kind == "bound":
            return (
                not self.holds(term.parts[0])
                and not self.known(plain_name(term))
                and bool(
                    _LOSSES.fullmatch(plain_name(term).rpartition("_")[0] or plain_name(term))
                    or self.is_aside(term.parts[0])
                )
                or _named_loss(plain_name(term))
                and not self.holds(term.parts[0])
            )
        if self.holds(term):
            return False
        if term.kind in ("name", "attribute"):
            return _named_loss(plain_name(term))
        if term.kind in ("mul", "div"):
            return any(self.is_aside(part) for part in term.parts)
        if term.kind == "neg":
            return self.is_aside(term.parts[0])
        if term.kind == "call":
            function = term.parts[0]
            name = function.value if function.kind in ("name", "attribute") else ""
            inner = list(term.parts[1:])
            inner += [function.parts[0]] if function.kind == "attribute" else []
            return bool(_LOSS_CALLS.fullmatch(str(name))) or any(self.is_aside(part) for part in inner)
        return term.kind == "expectation"

    def wrapped(self, phrase: Phrase) -> Phrase:
        """A sum, a mean or the like around it."""
        function = phrase.parts[0]
        path = path_of(function)
        name = str(function.value) if function.kind in ("name", "attribute") else ""
        if name not in (*SUMS, *MEANS, *KEPT, "clamp", "clip"):
            return phrase
        if function.kind == "attribute" and not (path and path[0] in MODULES):
            if self.holds(function.parts[0]):
                inside = replace(function, parts=(self.core(function.parts[0]),))
                return replace(phrase, parts=(inside, *phrase.parts[1:]))
        elif len(phrase.parts) > 1 and self.holds(phrase.parts[1]):
            return replace(phrase, parts=(function, self.core(phrase.parts[1]), *phrase.parts[2:]))
        return phrase


def _is_size(phrase: Phrase) -> bool:
    """x.size(0), x.shape[0], len(x), x.numel(): how many there are of something."""
    if phrase.kind == "index":
        return _is_size(phrase.parts[0])
    if phrase.kind == "call":
        phrase = phrase.parts[0]
    return phrase.kind in ("attribute", "name") and phrase.value in SIZES - {"dim"}


def _named_loss(name: str) -> bool:
    parts = name.split("_")
    return bool(_LOSSES.fullmatch(name) or any(_LOSSES.fullmatch(part) for part in parts))


def _terms(phrase: Phrase, sign: int) -> list[tuple[Phrase, int]]:
    if phrase.kind in ("add", "sub"):
        second = sign if phrase.kind == "add" else -sign
        return _terms(phrase.parts[0], sign) + _terms(phrase.parts[1], second)
    return [(phrase, sign)]


def _arguments(phrase: Phrase) -> list[Phrase]:
    """All parts but the names of functions."""
    if phrase.kind == "call":
        name = phrase.parts[0].value if phrase.parts[0].kind in ("name", "attribute") else ""
        inside = [part for argument in phrase.parts[1:] for part in _arguments(argument)]
        return [*inside, phrase.parts[0]] if name in SIZES or not phrase.parts[1:] else inside
    return [phrase, *(part for argument in phrase.parts for part in _arguments(argument))]


def _one(phrase: Phrase) -> Phrase:
    return Phrase("number", phrase.at, value=Fraction(1))


def _to(number: Phrase, power: int) -> Phrase:
    return number if power > 0 else Phrase("div", number.at, (_one(number), number))
