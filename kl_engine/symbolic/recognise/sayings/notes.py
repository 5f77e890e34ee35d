"""What is worth knowing of a checked formula beside the verdict: its left side, names of one meaning, dimensions."""

from itertools import combinations

from kl_engine.symbolic.formulas.claims import SYMBOLS, Claim
from kl_engine.symbolic.formulas.grammar import Formula
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.syntax_tree import MATRIX
from kl_engine.symbolic.recognise.findings import Match, Verdict
from kl_engine.symbolic.recognise.meanings import Assumption, Meaning, Owner, Quantity
from kl_engine.symbolic.subjects.gaussian import PARAMETERS

_DIRECTIONS = {"forward": "D(p‖q)", "reverse": "D(q‖p)"}
_STANDARD = {"mu_p": 0, "sigma_p": 1}


def claimed_direction(claim: Claim | None, meanings: tuple[Meaning, ...]) -> str | None:
    """The direction that the left side names. An index there belongs to whom the symbols with that index belong to."""
    if claim is None:
        return None
    sides = [_side(side, meanings) for side in (claim.first, claim.second)]
    first, second = (side or _other(sides[1 - place]) for place, side in enumerate(sides))
    return {("p", "q"): "forward", ("q", "p"): "reverse"}.get((first, second))


def _side(side: str, meanings: tuple[Meaning, ...]) -> str:
    if side in ("p", "q"):
        return side
    named = [m for m in meanings if side == SYMBOLS or m.name.endswith(side)]
    owners = {m.owner for m in named if m.owner is not Owner.BOTH and m.quantity is not Quantity.ONE}
    return str(owners.pop()) if len(owners) == 1 else ""


def _other(side: str) -> str:
    return {"p": "q", "q": "p"}.get(side, "")


def contradicts(claim: Claim | None, meanings: tuple[Meaning, ...], match: Match | None) -> bool:
    """Whether the left side names the direction that the right side is not."""
    if match and (_says_other_numbers(claim, meanings) or _gives_symbols_to_numbers(claim, meanings)):
        return True
    claimed = claimed_direction(claim, meanings)
    return bool(claimed and match and match.direction in _DIRECTIONS and match.direction != claimed)


def _says_other_numbers(claim: Claim | None, meanings: tuple[Meaning, ...]) -> bool:
    """Whether the left side gives numbers that are not 0 and 1 to the one of the two that has no symbol."""
    owners = {m.owner for m in meanings if m.quantity is not Quantity.ONE}
    return bool(claim and claim.given not in (None, (0.0, 1.0)) and len(owners) == 1 and Owner.BOTH not in owners)


def _gives_symbols_to_numbers(claim: Claim | None, meanings: tuple[Meaning, ...]) -> bool:
    """Whether all symbols are of the one of the two that the left side gives in numbers."""
    owners = {str(m.owner) for m in meanings if m.quantity is not Quantity.ONE}
    return bool(claim and claim.fixed and owners == {claim.fixed})


def remarks(
    formula: Formula,
    meanings: tuple[Meaning, ...],
    assumptions: tuple[Assumption, ...],
    verdict: Verdict,
    match: Match | None,
    once: bool = False,
) -> tuple[str, ...]:
    """All that there is to say, each a sentence. once: whether every parameter is known to have one name alone."""
    found = [*_of_the_claim(formula.claim, meanings, match), *(() if once else _of_names(meanings))]
    if verdict is not Verdict.UNDEFINED and match and _is_against_the_prior(match, assumptions):
        found.append("It is the divergence of a variational autoencoder: of q from the prior p = N(0, 1).")
    if formula.tree.holds("sum", "mean") and not formula.tree.holds(*MATRIX):
        found.append("One coordinate is checked; coordinates that are independent in p and in q add up.")
    if formula.set_aside:
        found.append(f"Set aside, because it is not part of the divergence: {', '.join(formula.set_aside)}.")
    return (*found, *formula.notes)


def _of_the_claim(claim: Claim | None, meanings: tuple[Meaning, ...], match: Match | None) -> list[str]:
    if match and _says_other_numbers(claim, meanings):
        mean, spread = (f"{number:g}" for number in claim.given)
        return [f"Its left side says N({mean}, {spread}); what stands behind the equals sign is for N(0, 1)."]
    claimed = claimed_direction(claim, meanings)
    if claimed is None:
        return []
    name = ("−" if claim.is_negative else "") + _DIRECTIONS[claimed]
    if contradicts(claim, meanings, match):
        other = _DIRECTIONS[match.direction]
        return [f"Its left side says {name}, but the right side is about {other}: exchange p and q in one of them."]
    if match is None:
        return [f"Its left side says {name}, which it is not."]
    if claim.is_negative != (match.factor.is_negative or False):
        return [f"Its left side says {name}: the sign is another one."]
    return [f"Its left side says {name}, as it should."] if match.factor in (1, -1) and match.constant == 0 else []


def _of_names(meanings: tuple[Meaning, ...]) -> list[str]:
    """Two names for one quantity are taken as one number; they may be a slip of the pen."""
    return [
        f"{spoken(a.name)} and {spoken(b.name)} both mean the {a.quantity} of {_whose(a, b)}: they are taken as equal."
        for a, b in combinations(meanings, 2)
        if a.quantity is b.quantity is not Quantity.ONE and (a.owner is b.owner or Owner.BOTH in (a.owner, b.owner))
    ]


def _whose(a: Meaning, b: Meaning) -> str:
    owner = a.owner if b.owner is Owner.BOTH else b.owner
    return "p and of q" if owner is Owner.BOTH else str(owner)


def _is_against_the_prior(match: Match, assumptions: tuple[Assumption, ...]) -> bool:
    fixed = {assumption.parameter.name: assumption.value for assumption in assumptions}
    known = {symbol.name for symbol in PARAMETERS} & fixed.keys()
    return match.direction == "reverse" and known == set(_STANDARD) and all(fixed[s] == v for s, v in _STANDARD.items())
