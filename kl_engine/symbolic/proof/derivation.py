"""A derivation is data: a claim, and the steps that lead to it, each with its reason and the way it is checked."""

from dataclasses import dataclass
from functools import lru_cache

from mpmath import mpf
from sympy import Expr, Symbol
from sympy.core.relational import Equality, Relational

from kl_engine.symbolic.proof.check import Check, Outcome
from kl_engine.symbolic.proof.notation import exchange_roles


@lru_cache(maxsize=1024)
def _outcome(check: Check, before: Relational | None, after: Relational) -> Outcome:
    """A check is a pure function of three values, and derivations share steps: each is made once."""
    return check.run(before, after)


def _refused(why: str) -> Outcome:
    return Outcome(False, mpf("inf"), why)


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    expression: an equation or inequality, its left side the quantity it is about.
    reason: why it follows, in words ($...$ holds LaTeX). law: the name of the rule.
    check: how it is verified. back: how many steps earlier stands the one it follows from (1: the line above).
    """

    expression: Relational
    reason: str
    law: str
    check: Check
    back: int = 1


@dataclass(frozen=True)
class Verification:
    """What `verify` found: one outcome a step, and one for the claim."""

    checks: tuple[Outcome, ...]
    claim: Outcome

    @property
    def ok(self) -> bool:
        return self.claim.ok and all(outcome.ok for outcome in self.checks)

    @property
    def residual(self) -> mpf:
        """The largest numeric residual, of numbers of 50 digits."""
        return max(outcome.residual for outcome in (*self.checks, self.claim))


@dataclass(frozen=True)
class Derivation:
    """A claim and its proof.

    forward, reverse: D(p||q) and D(q||p) in closed form, where the steps prove it; formula: another closed form that
    they prove. parameters: the symbols of these, in the order of the function that `to_python` writes.
    meaning: what `formula` is, and its unit. notes: what the parameters are, one line each.
    subject, name: where it stands in the catalogue, which fills them in.
    """

    title: str
    claim: Relational
    steps: tuple[Step, ...]
    parameters: tuple[Symbol, ...] = ()
    forward: Expr | None = None
    reverse: Expr | None = None
    formula: Expr | None = None
    meaning: str = ""
    notes: tuple[str, ...] = ()
    subject: str = ""
    name: str = "closed_form"

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError(f"derivation {self.title!r}: steps must not be empty")
        if (self.formula is None) != (self.meaning == ""):
            raise ValueError(
                f"derivation {self.title!r}: meaning must say what the formula is, and only where there is one"
            )

    def verify(self) -> Verification:
        """Check every step, symbolically and in numbers, and that the claim is what the last one says."""
        return Verification(tuple(self.check(i) for i in range(len(self.steps))), self._check_claim())

    def check(self, index: int) -> Outcome:
        """Check one step against the one it follows from, and that whatever else it cites stands above it."""
        step = self.steps[index]
        earlier = index - step.back
        before = self.steps[earlier].expression if 0 <= earlier < index else None
        above = [other.expression for other in self.steps[:index]]
        if any(cited not in above for cited in step.check.cites):
            return _refused("It rests on something that no earlier step says.")
        try:
            return _outcome(step.check, before, step.expression)
        except Exception as error:
            # A malformed step (an index out of range, a matrix of another shape) can fail anywhere in SymPy, whose
            # errors have no common base. What cannot be checked is not accepted.
            return _refused(f"It cannot be checked: {type(error).__name__}, {error}.")

    def _check_claim(self) -> Outcome:
        if self.claim != self.steps[-1].expression:
            return _refused("The claim is not what the last step says.")
        closed = (("D_forward", self.forward), ("D_reverse", self.reverse), (None, self.formula))
        if any(form is not None and not self._proves(quantity, form) for quantity, form in closed):
            return _refused("A closed form is not one that a step proves.")
        if self.forward is not None and self.reverse not in (None, exchange_roles(self.forward)):
            return _refused("The two closed forms are not each other's with p and q exchanged.")
        return Outcome(True, mpf(0), "The claim is the last step, word for word.")

    def _proves(self, quantity: str | None, form: Expr) -> bool:
        """Whether a step equates the form with that quantity of the parameters (with any quantity, if None)."""
        equations = [step.expression for step in self.steps if isinstance(step.expression, Equality)]
        quantities = [equation.lhs for equation in equations if equation.rhs == form]
        if quantity is None:
            return bool(quantities)
        # A symbol that stands for two parameters, as a shared mean does, is one argument of the function.
        return any(q.func.__name__ == quantity and tuple(dict.fromkeys(q.args)) == self.parameters for q in quantities)

    def to_latex(self) -> str:
        """A LaTeX document with the claim and all steps; it compiles as it stands."""
        from kl_engine.symbolic.proof.document import document

        return document(self)

    def to_python(self) -> str:
        """Source text of a NumPy function of the closed form. ValueError if the claim is none."""
        from kl_engine.symbolic.proof.source import function_source

        return function_source(self)
