"""What stands outside every expectation: constants, the log evidence, another loss, or the log density of a sample."""

from __future__ import annotations

import re

from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.algebra.pointwise import Pointwise, in_words
from kl_engine.objectives.reading.asides import is_advantage, surrogate_of_one
from kl_engine.objectives.reading.models import guess_model, has_parameters, is_policy
from kl_engine.objectives.reading.sums import integrated, is_density
from kl_engine.objectives.text_limits import ObjectiveError

_CONSTANTS = re.compile(
    r"(?i)const(?:ant)?|c|c_?0|log_?z|z|log_?evidence|evidence|entropy_of_p|h_p|logz|log_?partition|surprise|surprisal"
)

_SHRINKING = re.compile(r"(?i)w|w_\w+|(?:\w+_)?weights?|\w*decay\w*|wd|l[12]_?(?:reg|norm|loss|penalty)?\w*|reg\w*")


def outside(walk, point: Pointwise, form: Form) -> Form:
    """The form of what is left beside expectations. ObjectiveError where it cannot be told what it is."""
    total = Form()
    for monomial, coefficient in point.terms.items():
        atoms = [(atom, power) for atom, power in monomial]
        if not atoms and any(map(_SHRINKING.fullmatch, coefficient.names())):
            total += Form.other(str(coefficient))
        elif not atoms:
            total += Form(constants=(str(coefficient),))
        elif len(atoms) == 1 and atoms[0][0].is_log and atoms[0][1] == 1:
            total += _log(walk, atoms[0][0].name, coefficient, form)
        else:
            total += _names(walk, monomial, coefficient)
    return total


_RECONSTRUCTED = re.compile(r"(?i).*(?:recon|decod|x_?hat|x_?rec(?![a-z])|x_?tilde|hat_x|generated|x_?pred|x_?out).*")


def with_costs(form: Form) -> Form:
    """The form with the cross entropy of a reconstruction, beside a divergence of q, as the cost under q that it is."""
    crossed = {t for t in form.terms if t.is_density and t.under != t.inside and _RECONSTRUCTED.fullmatch(t.inside)}
    whole = {t.under for t in form.terms if t.is_density and t.under == t.inside}
    if not crossed or not whole - {t.under for t in crossed} - {t.inside for t in crossed}:
        return form
    beside = crossed | {Term(t.under, t.under) for t in crossed}
    kept = {term: c for term, c in form.terms.items() if term not in beside}
    total = Form(kept, form.constants, form.others, form.mixtures)
    for term in crossed:
        total += Form.other("recon").scaled(-form.terms[term])
    return total


def _names(walk, monomial: tuple, coefficient: Coefficient) -> Form:
    """A name, or a product of some, that stands by itself."""
    densities = [atom for atom, power in monomial if not atom.is_log and power == 1 and is_density(walk, atom)]
    if walk.summed and len(monomial) == 2 and len(densities) == 1 and sum(atom.is_log for atom, _ in monomial) == 1:
        walk.note("the sum is taken to reach over all terms with its index")
        return integrated(walk, Pointwise({monomial: coefficient}), walk.objective)
    if found := rewarded(monomial, walk):
        return found.scaled(coefficient)
    if any(atom.is_log for atom, _ in monomial):
        raise ObjectiveError(
            "A product with a logarithm outside every expectation: write E_q[...] or E_p[...] around it."
        )
    name = in_words(monomial)
    if _CONSTANTS.fullmatch(name):
        walk.note(f"{name} stands outside every expectation: by its name it is taken as a constant")
        return Form(constants=(name,))
    return Form.other(name).scaled(coefficient)


def rewarded(monomial: tuple, walk) -> Form | None:
    """The mean reward that the surrogates A log π and A π/π_old have the gradient of; None for anything else."""
    if surrogate_of_one(monomial) is None:
        return None
    rewards = [atom.name for atom, power in monomial if not atom.is_log and power == 1 and is_advantage(atom.name)]
    others = [atom.name for atom, power in monomial if power == 1 and atom.name not in rewards]
    if len(rewards) != 1 or len(others) != 1 or not is_policy(others[0]):
        return None
    walk.note(f"the surrogate has the gradient of the mean of {rewards[0]} under {others[0]}")
    return Form.expectation(others[0], rewards[0], is_density=False)


_OBSERVED = {"x", "y"}  # letters of what is measured, not of what is latent


def _log(walk, name: str, coefficient: Coefficient, form: Form) -> Form:
    """log p(x): the evidence; log p(x|z) beside a q of z: at a sample of q; log p_θ(x) that is fitted: at the data."""
    densities = form.densities()
    guess = guess_model((*densities, name))
    q = guess_model(densities).model if densities else ""
    if q and re.match(
        r"(?i)joint|lik|decod|gener|dec(?![a-z])|recon|p_?x(?![a-z])|px_?z|x_dist", name.partition("(")[0]
    ):
        walk.note(f"log {name} is read at a sample of {q}")
        return Form.expectation(q, name).scaled(coefficient)
    if "(" in name and "|" in name and q and variables_of(q) & _given(name):
        walk.note(f"log {name} is read at a sample of {q}")
        return Form.expectation(q, name).scaled(coefficient)
    if guess.model == name and guess.certain and (name not in densities or has_parameters(name)):
        walk.note(f"log {name} is read at the data")
        return Form.expectation("data", name).scaled(coefficient)
    fitted = bool(q) and name.partition("(")[0] == q.partition("(")[0] and variables_of(q) <= variables_of(name)
    if fitted and (walk.summed or variables_of(name) <= _OBSERVED):
        walk.note(f"log {name} is read at the data")
        return Form.expectation("data", name).scaled(coefficient)
    if "(" in name and "|" not in name and not fitted:
        walk.note(f"log {name} depends on no approximation: it is the log evidence")
        return Form(constants=(f"log {name}",))
    raise ObjectiveError(f"A log outside an expectation: log {name}; write E_q[...] or E_p[...] around it.")


def variables_of(name: str) -> set[str]:
    """What a distribution is of: z of q(z|x); all that begins so of a bare q."""
    inside = name.partition("(")[2].rstrip(")").partition("|")[0]
    return {part for part in re.split(r"[,;]", inside) if part}


def _given(name: str) -> set[str]:
    inside = name.partition("(")[2].rstrip(")").partition("|")[2]
    return {part for part in re.split(r"[,;]", inside) if part}
