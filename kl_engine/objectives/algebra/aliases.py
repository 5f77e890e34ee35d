"""One distribution written in two ways: the q of E_q[log q(z|x) − log p(x,z)] is q(z|x)."""

from __future__ import annotations

import re

from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.reading.models import is_policy
from kl_engine.objectives.text_limits import ObjectiveError


def namesakes(form: Form) -> dict[str, str]:
    """The bare names that stand for a name with arguments in the same text, each with the name that it stands for.

    q stands for q(z), unless the one is held against the other: KL(q||q(z)) is of two distributions; for q(z|x) only
    where an expectation under the one is of the log of the other, or both have one. ObjectiveError when it could stand
    for several.
    """
    found, densities = {}, form.densities()
    outer = [name for term in form.terms for name in term.given]
    for bare in dict.fromkeys((*densities, *(name for name in outer if name in ("q", "Q")))):
        full = [name for name in (*densities, *outer) if name.startswith(f"{bare}(") and _is_one(form, bare, name)]
        full = list(dict.fromkeys(full))
        if len(full) > 1:
            raise ObjectiveError(f"Two readings: {bare} may be {' or '.join(full)}: write its arguments everywhere.")
        if full:
            found[bare] = full[0]
    for bare in {"q", "Q"} & {*densities} - {*found}:
        full = [name for name in densities if name.startswith(f"{bare}_") and "(" in name]
        if len(full) == 1 and all(term.inside != bare for term in form.terms):
            found[bare] = full[0]  # E_q beside KL(q_φ(z|x)‖p)
    policies = _of_one_policy(densities)
    rest = {bare: full for bare, full in found.items() if full not in policies and bare not in policies.values()}
    return rest | _of_one_stem(densities) | policies


def _of_one_policy(densities: tuple[str, ...]) -> dict[str, str]:
    """π, π(·|s) and π(a|s), or the π(y|x) and π(x) of a model of language, are one policy."""
    heads: dict[str, list[str]] = {}
    for name in densities:
        if is_policy(name.partition("(")[0]):
            heads.setdefault(name.partition("(")[0], []).append(name)
    firsts = {
        head: max(names, key=lambda name: ("(" in name) + ("·" not in name and "(" in name))
        for head, names in heads.items()
    }
    return {name: firsts[head] for head, names in heads.items() for name in names if name != firsts[head]}


_SPACE = re.compile(r"_?(?:probs?|logits?|softmax|dist|logps?|scores?|outputs?)$")


def _of_one_stem(densities: tuple[str, ...]) -> dict[str, str]:
    """student_probs and student_logits are of one student."""
    stems: dict[str, list[str]] = {}
    for name in densities:
        stems.setdefault(_SPACE.sub("", name) or name, []).append(name)
    return {name: names[0] for names in stems.values() for name in names[1:]}


def renamed(form: Form, names: dict[str, str]) -> Form:
    """The form with each distribution that is a key of `names` under its new name."""
    total = Form(constants=form.constants, others=form.others, mixtures=form.mixtures)
    for term, coefficient in form.terms.items():
        inside = names.get(term.inside, term.inside) if term.is_density else term.inside
        given = tuple(names.get(name, name) for name in term.given)
        changed = Term(names.get(term.under, term.under), inside, term.is_density, given)
        total += Form({changed: coefficient})
    return total


def _is_one(form: Form, bare: str, full: str) -> bool:
    if any(bare in term.given and full in (term.under, term.inside) for term in form.terms):
        return False  # E_Q[D(Q(s|o)‖…)]: what is averaged over is not what stands inside
    crossed = [term for term in (Term(bare, full), Term(full, bare)) if term in form.terms]
    if crossed:
        return any(Term(term.under, term.under) not in form.terms for term in crossed)
    unders = {term.under for term in form.terms}
    return "|" not in full or {bare, full} <= unders or bare in unders and any(full in t.given for t in form.terms)
