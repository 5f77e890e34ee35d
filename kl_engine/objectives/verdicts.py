"""What an objective forces: under which distribution it takes its expectation, and what follows from that.

Seen from the fitted q, every form is A·H[b, q] − h·H[q] + Σ c_b·E_q[−log b] + constants. The first term is of the
forward kind (its expectation is under what is given), the other two of the reverse kind (theirs is under q itself):

    h H[q] and Σ c_b E_q[−log b] together are  h D(q‖t) + const,   t ∝ Π b^(c_b / h).

An average under q itself of something that does not hold q is a function of z under q, as a reward is. One under a
distribution that moves with q, as Q(s|π) does with Q(o|π), is kept as it is: it is not a constant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kl_engine.estimates.notebook import facts
from kl_engine.fits.weighted import Fate, Weighted, fate
from kl_engine.objectives.algebra.canonical_form import ONE, Form, Term
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.reading.models import has_parameters, is_fixed, is_parametric
from kl_engine.objectives.text_limits import ObjectiveError

HALF = 0.5  # what a named scalar is taken to be where nobody says it: positive, and not 1
FORWARD, REVERSE, BOTH, NEITHER = "forward", "reverse", "both", "neither"


@dataclass(frozen=True)
class Verdict:
    """The answer about one form and one fitted distribution.

    pull: the kinds of its terms: "forward", "reverse", "both" or "neither". weights: A, h and c (see `fates`) of the
    objective as it is to be minimised; `maximised` says that its sign was turned for that. targets: what q is fitted
    to. canonical: the form in words of divergences. dropped: the constants. exact: whether the demonstration on one p
    shows the objective itself, or p stands for a product or mixture. headline: the answer in a sentence or two. whole:
    whether the canonical form is the whole answer, and the headline says no more. model: the fitted distribution. fate
    and turned_fate: whether minimising it, or its negative, has a minimum. expectations: under what it takes them.
    notes: what else is to be said. tilt: κ of a target t ∝ b · exp(κ r), where one distribution b and something else,
    such as a reward r, weigh differently, as with κ = 1/β; 0 for any other. judged: whether the weights say what
    becomes of q; False for what is not an expectation of a log ratio, or has no gradient: there the headline says all.
    What it stands for is in nats. Made by `kl.objectives.read_objective`.

    >>> import kl_engine as kl
    >>> found = kl.objectives.read_objective("E_p[log p - log q]", "q")
    >>> found.direction, found.canonical, found.dropped, found.exact
    ('forward', 'D(p‖q)', ('−H[p]',), True)
    """

    model: str
    pull: str
    weights: Weighted
    fate: Fate
    turned_fate: Fate
    maximised: bool
    canonical: str
    expectations: tuple[str, ...]
    targets: tuple[str, ...]
    dropped: tuple[str, ...]
    exact: bool
    headline: str = ""
    notes: tuple[str, ...] = ()
    whole: bool = True
    tilt: float = 0.0
    judged: bool = True

    def __repr__(self) -> str:
        said = f"direction={self.direction!r}, canonical={self.canonical!r}, headline={self.headline!r}"
        return f"Verdict(model={self.model!r}, {said})"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = {"": self.headline or self.pull, "form": self.canonical, "direction": self.direction or self.pull}
        rows |= {"fitted to": ", ".join(self.targets), "constants left out": ", ".join(self.dropped)}
        return facts({name: value for name, value in rows.items() if value})

    @property
    def direction(self) -> str | None:
        """ "forward" or "reverse"; None where it is both at once, or neither."""
        return self.pull if self.pull in (FORWARD, REVERSE) else None


def judge(form: Form, model: str, scalars: Mapping[str, float], maximised: bool | None = None) -> Verdict:
    """The verdict; `scalars` gives every named scalar its value. Raises KeyError when one is missing.

    maximised: whether the text says so, or that it is minimised; without it the sign that has a minimum is taken.
    Raises ObjectiveError where an average may or may not move with what is fitted.
    """
    minimised, said = _Split.of(-form if maximised else form, model), maximised is not None
    weights, maximised = minimised.weights(scalars), bool(maximised)
    if fate(weights) is not Fate.MINIMUM and not said:
        turned = _Split.of(-form, model)
        if fate(turned.weights(scalars)) is Fate.MINIMUM:
            minimised, weights, maximised = turned, turned.weights(scalars), True
    return Verdict(
        model,
        minimised.pull(),
        weights,
        fate(weights),
        fate(-weights),
        maximised,
        minimised.canonical(),
        minimised.expectations(),
        minimised.targets(),
        (*(str(term) for term in minimised.fixed), *form.constants, *minimised.hidden_constant()),
        minimised.simple(),
        tilt=minimised.tilt(scalars),
    )


def depends(name: str, model: str) -> bool | None:
    """Whether a distribution moves with the fitted one; None where its name leaves that open."""
    if name == model:
        return True
    head, other = name.partition("(")[0], model.partition("(")[0]
    if head == other and (has_parameters(name) or _NETWORK.fullmatch(head)):
        return True  # p_θ(x_0|x_1) and p_θ(x_1|x_2) have one θ, model(x) and model(x_adv) one set of weights
    if head == other:
        return True if _given(name) & _given(model) or "(" not in name or "(" not in model else None
    # ρ_π, d^π: the states that a policy visits
    return other in re.split(r"[_^]", head) and not is_fixed(name)


_NETWORK = re.compile(r"(?:\w+\.)*(?:\w+_)?(?:model|net|network|classifier|encoder|student|f_theta)")


_FREE = re.compile(r"(?:theta|phi|psi|omega|eta|lambda|params?|w|m|model|Theta|Phi)(?![a-z])")  # parameters


def _variables(name: str) -> set[str]:
    inside = name.partition("(")[2].rstrip(")")
    return {part for part in re.split(r"[,]", re.split(r"[|;]", inside)[0]) if part}


def _given(name: str) -> set[str]:
    inside = name.partition("|")[2].rstrip(")")
    return {part for part in re.split(r"[,;]", inside) if part}


@dataclass(frozen=True)
class _Split:
    """A form sorted by what the fitted distribution does in it; the signs are those of A, h and c."""

    model: str
    forward: dict[str, Coefficient]  # b → A_b
    entropy: Coefficient  # h
    energy: dict[str, Coefficient]  # b → c_b
    rewards: dict[str, Coefficient]  # other functions under q
    fixed: dict[Term, Coefficient]  # what does not depend on q
    moving: dict[Term, Coefficient]  # averages under what moves with q
    others: dict[str, Coefficient]  # what stands by itself, and may depend on q
    constants: tuple[str, ...]

    @classmethod
    def of(cls, form: Form, model: str) -> _Split:
        split = cls(model, {}, Coefficient(), {}, {}, {}, {}, {}, form.constants)
        entropy = Coefficient()
        for term, coefficient in form.terms.items():
            if term.under == model and term.inside == model and term.is_density:
                entropy = entropy + coefficient
            else:
                split._put(term, coefficient)
        split = replace(split, entropy=entropy)
        for name, coefficient in form.others.items():
            split._put_other(name, coefficient)
        return split

    def _put(self, term: Term, coefficient: Coefficient) -> None:
        """One term to where it belongs."""
        q = self.model
        if term.under == q and term.is_density:
            _add(self.energy, term.inside, -coefficient)
        elif term.under == q:
            _add(self.rewards, term.inside, coefficient)
        elif term.inside == q and term.is_density:
            _add(self.forward, term.under, -coefficient)
        else:
            self._put_outer(term, coefficient)

    def _put_outer(self, term: Term, coefficient: Coefficient) -> None:
        """A term without q in it: a constant, unless it is averaged under q or under what moves with it."""
        for place, outer in enumerate(term.given):
            inner = term._replace(given=term.given[place + 1 :])
            moves = depends(outer, self.model)
            if moves is None:
                raise ObjectiveError(
                    f"An average under {outer}, with {self.model} fitted: does {outer} change with it? Give both the "
                    f"same name, or {outer} another one."
                )
            if outer == self.model:
                _add(self.rewards, str(inner), coefficient)
                return
            if moves:
                _add(self.moving, term, coefficient)
                return
        if depends(term.under, self.model) or term.is_density and depends(term.inside, self.model):
            _add(self.moving, term, coefficient)
            return
        _add(self.fixed, term, coefficient)

    def _put_other(self, name: str, coefficient: Coefficient) -> None:
        """A name that stands by itself: beside a divergence of q from something it is a cost under q, else it stays."""
        if (self.energy or self.entropy) and not self.forward and is_cost(name):
            _add(self.rewards, name, coefficient)
        else:
            _add(self.others, name, coefficient)

    def weights(self, scalars: Mapping[str, float]) -> Weighted:
        """A, h, c in numbers; a target that is a product or holds a reward counts as one whole."""
        forward = sum(coefficient.value(scalars) for coefficient in self.forward.values())
        entropy = self.entropy.value(scalars)
        energy = sum(coefficient.value(scalars) for coefficient in self.energy.values())
        moved = any(not term.is_density for term in self.moving)  # a reward where the policy leads
        if self.rewards or moved or len(self.energy) > 1:
            energy = entropy if entropy else _sign(energy) or 1.0
        return Weighted(forward, entropy, energy)

    def tilt(self, scalars: Mapping[str, float]) -> float:
        """κ of a target t ∝ b · exp(κ r): what weighs otherwise than the entropy, over the entropy's weight."""
        entropy = self.entropy.value(scalars)
        bases = [name for name, coefficient in self.energy.items() if coefficient == self.entropy]
        if self.forward or len(bases) != 1 or not self.is_divergence() or entropy <= 0:
            return 0.0
        rest = [*self.rewards.values(), *(c for name, c in self.energy.items() if name not in bases)]
        return sum(abs(coefficient.value(scalars)) for coefficient in rest) / entropy

    def simple(self) -> bool:
        """Whether there is at most one target, and it is the same for both kinds of term."""
        extra = self.rewards or self.moving or self.others
        return not extra and len({*self.forward, *self.energy}) <= 1

    def pull(self) -> str:
        """The kinds of its terms."""
        under_q = bool(self.entropy or self.energy or self.rewards)
        if self.forward and under_q:
            return BOTH
        return FORWARD if self.forward else REVERSE if under_q else NEITHER

    def expectations(self) -> tuple[str, ...]:
        """The distributions under which something that depends on q is averaged."""
        own = (self.model,) if self.entropy or self.energy or self.rewards else ()
        outer = tuple(term.given[0] if term.given else term.under for term in self.moving)
        return tuple(dict.fromkeys((*self.forward, *own, *outer)))

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
            share, what = _turned(-coefficient * inverse, name)
            parts.append(f"exp({share.of_what(what)})")
        return " · ".join(parts)

    def is_divergence(self) -> bool:
        """Whether the terms under q make one divergence: their weights equal that of the entropy, or divide by it."""
        equal = not self.rewards and set(self.energy.values()) == {self.entropy}
        return bool((self.energy or self.rewards) and (equal or self.entropy.reciprocal()))

    def is_plain(self) -> bool:
        """Whether the target under q is one distribution as it stands; a joint density is not normalised in z alone."""
        target = self.product()
        return target in self.energy and (is_parametric(target) or not self._is_joint(target))

    def _is_joint(self, target: str) -> bool:
        """Whether a density is of more than q is, as p(x,z) and p(x,z|θ) are, and so not normalised in z alone."""
        variables, own = _variables(target), _variables(self.model)
        if own:
            return len(variables) > 1 and not variables <= own
        return len(variables) > 1 and all(map(_FREE.match, _given(target)))

    def hidden_constant(self) -> tuple[str, ...]:
        """log Z of a target that is a product or a power."""
        if not self.is_divergence() or self.is_plain():
            return ()
        return ("the logarithm of the normaliser of the target",)

    def left_over(self) -> bool:
        """Whether a constant is left beside the divergences: A·E_b[log b] is part of A·D(b‖q)."""
        within = {term.under for term in self._within()}
        inside = {Term(b, b): c for b, c in self.forward.items() if b not in within}
        fixed = {term._replace(given=()): coefficient for term, coefficient in self.fixed.items()}
        return bool(self.constants or self.hidden_constant() or fixed != inside)

    def _within(self) -> list[Term]:
        """The entropies that move with q and are part of a divergence D(b‖q): those of a b that moves too."""
        own = (term for term in self.moving if term.is_density and term.under == term.inside)
        return [term for term in own if self.forward.get(term.under) == self.moving[term]]

    def canonical(self) -> str:
        """The form as divergences and, where it is none, as expectations and entropies."""
        q = self.model
        parts = [(coefficient, f"D({b}‖{q})") for b, coefficient in self.forward.items()]
        if self.is_divergence():
            parts.append((self.entropy, f"D({q}‖{self.product() if self.is_plain() else 't'})"))
        else:
            parts += [(coefficient, f"E_{q}[−log {b}]") for b, coefficient in self.energy.items()]
            parts += [_turned(coefficient, f"E_{q}[{name}]") for name, coefficient in self.rewards.items()]
            parts += [(-self.entropy, f"H[{q}]")] if self.entropy else []
        parts += [
            _turned(coefficient, str(term)) for term, coefficient in self.moving.items() if term not in self._within()
        ]
        parts += [(coefficient, name) for name, coefficient in self.others.items()]
        text = signed_sum(parts) or "0"
        text += " + const" if self.left_over() else ""
        if self.is_divergence() and not self.is_plain():
            text += f",   t ∝ {self.product()}"
        return text


COSTS = re.compile(
    r"(?i)(?:.*[_ .])?(?:rec(?:on\w*)?|bce|mse|nll|ce|mae|\w*recon\w*|likelihood|ll|distortion|xent|reproduction|"
    r"(?:policy|actor|pg|pi)_loss|loss_(?:pi|policy|actor)|"
    r"rec_loss|loss_rec\w*|l_rec\w*|data_term|neg_log_lik\w*|energy|expected_log_lik\w*|reward\w*|accuracy)(?:[_ .].*)?"
)


def is_cost(name: str) -> bool:
    """Whether a name says that it is a reconstruction loss or the like, which is taken at samples of q."""
    return bool(COSTS.fullmatch(name))


def _add(terms: dict, key, coefficient: Coefficient) -> None:
    terms[key] = terms.get(key, Coefficient()) + coefficient
    if not terms[key]:
        del terms[key]


def _sign(number: float) -> float:
    return (number > 0) - (number < 0) * 1.0


def _turned(coefficient: Coefficient, what: str) -> tuple[Coefficient, str]:
    """−E[−H[p]] as E[H[p]]."""
    return (-coefficient, what.replace("−H[", "H[")) if what.count("−H[") == 1 else (coefficient, what)


def signed_sum(parts: list[tuple[Coefficient, str]]) -> str:
    """A sum in words, each part with its sign."""
    total = ""
    for coefficient, what in parts:
        piece = coefficient.of_what(what)
        if total:
            piece = f" − {piece[1:]}" if piece.startswith("−") else f" + {piece}"
        total += piece
    return total
