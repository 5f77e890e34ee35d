"""What an objective forces: under which distribution it takes its expectation, and what follows from that.

Seen from the fitted q, every form is A·H[b, q] − h·H[q] + Σ c_b·E_q[−log b] + constants. The first term is of the
forward kind (its expectation is under what is given), the other two of the reverse kind (theirs is under q itself):

    h H[q] and Σ c_b E_q[−log b] together are  h D(q‖t) + const,   t ∝ Π b^(c_b / h).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kl_engine.fits.weighted import Fate, Weighted, fate
from kl_engine.objectives.canonical_form import ONE, Form, Term
from kl_engine.objectives.coefficients import Coefficient

FORWARD, REVERSE, BOTH, NEITHER = "forward", "reverse", "both", "neither"


@dataclass(frozen=True)
class Verdict:
    """The answer about one form and one fitted distribution.

    weights: A, h and c (see `fates`) of the objective as it is to be minimised; `maximised` says that its sign was
    turned for that. targets: what q is fitted to. canonical: the form in words of divergences. dropped: the constants.
    exact: whether the demonstration on one p shows the objective itself, or p stands for a product or mixture.
    """

    model: str
    direction: str
    weights: Weighted
    fate: Fate
    turned_fate: Fate
    maximised: bool
    canonical: str
    expectations: tuple[str, ...]
    targets: tuple[str, ...]
    dropped: tuple[str, ...]
    exact: bool


def judge(form: Form, model: str, scalars: Mapping[str, float]) -> Verdict:
    """The verdict; `scalars` gives every named scalar its value. Raises KeyError when one is missing."""
    minimised = _Split.of(form, model)
    weights, maximised = minimised.weights(scalars), False
    if fate(weights) is not Fate.MINIMUM:
        turned = _Split.of(-form, model)
        if fate(turned.weights(scalars)) is Fate.MINIMUM:
            minimised, weights, maximised = turned, turned.weights(scalars), True
    return Verdict(
        model,
        minimised.direction(),
        weights,
        fate(weights),
        fate(-weights),
        maximised,
        minimised.canonical(),
        minimised.expectations(),
        minimised.targets(),
        (*(str(term) for term in minimised.fixed), *form.constants, *minimised.hidden_constant()),
        minimised.simple(),
    )


@dataclass(frozen=True)
class _Split:
    """A form sorted by what the fitted distribution does in it; the signs are those of A, h and c."""

    model: str
    forward: dict[str, Coefficient]  # b → A_b
    entropy: Coefficient  # h
    energy: dict[str, Coefficient]  # b → c_b
    rewards: dict[str, Coefficient]  # other functions under q
    fixed: dict[Term, Coefficient]  # what does not depend on q
    constants: tuple[str, ...]

    @classmethod
    def of(cls, form: Form, model: str) -> _Split:
        forward, energy, rewards, fixed, entropy = {}, {}, {}, {}, Coefficient()
        for term, coefficient in form.terms.items():
            if term.under == model and not term.is_density:
                rewards[term.inside] = -coefficient
            elif term.under == model and term.inside == model:
                entropy = coefficient
            elif term.under == model:
                energy[term.inside] = -coefficient
            elif term.inside == model and term.is_density:
                forward[term.under] = -coefficient
            else:
                fixed[term] = coefficient
        return cls(model, forward, entropy, energy, rewards, fixed, form.constants)

    def weights(self, scalars: Mapping[str, float]) -> Weighted:
        """A, h, c in numbers; a target that is a product or holds a reward counts as one whole."""
        forward = sum(coefficient.value(scalars) for coefficient in self.forward.values())
        entropy = self.entropy.value(scalars)
        energy = sum(coefficient.value(scalars) for coefficient in self.energy.values())
        if self.rewards or len(self.energy) > 1:
            energy = entropy if entropy else _sign(energy) or 1.0
        return Weighted(forward, entropy, energy)

    def simple(self) -> bool:
        """Whether there is at most one target, and it is the same for both kinds of term."""
        return not self.rewards and len({*self.forward, *self.energy}) <= 1

    def direction(self) -> str:
        under_q = bool(self.entropy or self.energy or self.rewards)
        if self.forward and under_q:
            return BOTH
        return FORWARD if self.forward else REVERSE if under_q else NEITHER

    def expectations(self) -> tuple[str, ...]:
        """The distributions under which something that depends on q is averaged."""
        own = (self.model,) if self.entropy or self.energy or self.rewards else ()
        return (*self.forward, *own)

    def targets(self) -> tuple[str, ...]:
        """What q is fitted to, each once; "t" for a target that the canonical form gives a formula."""
        own = (self.product() if self.is_plain() or not self.is_divergence() else "t",)
        return tuple(dict.fromkeys((*self.forward, *(own if self.energy or self.rewards else ()))))

    def product(self) -> str:
        """What q is pulled towards by the terms under q: b^(c/h) …, as text."""
        inverse = self.entropy.reciprocal() or ONE
        parts = []
        for name, coefficient in self.energy.items():
            power = "1" if coefficient == self.entropy else str(coefficient * inverse)
            parts.append(name if power == "1" else f"{name}^({power})")
        for name, coefficient in self.rewards.items():
            parts.append(f"exp({(coefficient * inverse).of_what(name)})")
        return " · ".join(parts)

    def is_divergence(self) -> bool:
        """Whether the terms under q make one divergence: their weights equal that of the entropy, or divide by it."""
        equal = not self.rewards and set(self.energy.values()) == {self.entropy}
        return bool((self.energy or self.rewards) and (equal or self.entropy.reciprocal()))

    def is_plain(self) -> bool:
        """Whether the target under q is one distribution as it stands; a joint density is not normalised in z alone."""
        target = self.product()
        return target in self.energy and ("," not in target or "|" in target)

    def hidden_constant(self) -> tuple[str, ...]:
        """log Z of a target that is a product or a power."""
        if not self.is_divergence() or self.is_plain():
            return ()
        return ("the logarithm of the normaliser of the target",)

    def left_over(self) -> bool:
        """Whether a constant is left beside the divergences: A·E_b[log b] is part of A·D(b‖q)."""
        inside = {Term(b, b): coefficient for b, coefficient in self.forward.items()}
        return bool(self.constants or self.hidden_constant() or self.fixed != inside)

    def canonical(self) -> str:
        """The form as divergences and, where it is none, as expectations and entropies."""
        q = self.model
        parts = [(coefficient, f"D({b}‖{q})") for b, coefficient in self.forward.items()]
        if self.is_divergence():
            parts.append((self.entropy, f"D({q}‖{self.product() if self.is_plain() else 't'})"))
        else:
            parts += [(coefficient, f"E_{q}[−log {b}]") for b, coefficient in self.energy.items()]
            parts += [(-coefficient, f"E_{q}[{name}]") for name, coefficient in self.rewards.items()]
            parts += [(-self.entropy, f"H[{q}]")] if self.entropy else []
        text = _signed_sum(parts) or "0"
        text += " + const" if self.left_over() else ""
        if self.is_divergence() and not self.is_plain():
            text += f",   t ∝ {self.product()}"
        return text


def _sign(number: float) -> float:
    return (number > 0) - (number < 0) * 1.0


def _signed_sum(parts: list[tuple[Coefficient, str]]) -> str:
    total = ""
    for coefficient, what in parts:
        piece = coefficient.of_what(what)
        if total:
            piece = f" − {piece[1:]}" if piece.startswith("−") else f" + {piece}"
        total += piece
    return total
