"""A derivation is data: a setting, a claim, and the steps that lead to it, each with its reason, its check and the
hypotheses under which it holds."""

from dataclasses import dataclass, field
from functools import lru_cache

from mpmath import mpf
from sympy import Basic, Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality, Relational

from kl_engine.symbolic.proof.check import Case, Check, Outcome, Verdict, same
from kl_engine.symbolic.proof.notation import exchange_roles
from kl_engine.symbolic.proof.reason import Reason
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.statement import Statement
from kl_engine.symbolic.proof.work import Undecided


@lru_cache(maxsize=1024)
def _outcome(check: Check, case: Case) -> Outcome:
    """A check is a pure function of the two, and derivations share steps: each is made once."""
    return check.run(case)


def _refused(why: str) -> Outcome:
    return Outcome(Verdict.REFUSED, mpf("inf"), why)


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    expression: an equation or inequality, its left side the quantity it is about. reason: why it follows, in words; a
    `Reason` where they hold a formula. check: the law by which it follows, and how that is verified. under: the
    hypotheses under which it holds. back: how many steps earlier stands the one it follows from; by default the line
    above, or none for a law that needs none. name: by which others ask for it (`Derivation.step`). A step has the unit
    of its quantity, nats for a divergence. Made by `kl.symbolic.DERIVATIONS`, in the steps of each.

    >>> import kl_engine as kl
    >>> step = kl.symbolic.DERIVATIONS["gaussian_forward"].steps[0]
    >>> step.reason, step.under
    ('The mean of the log ratio, under the first of the two densities.', ())
    """

    expression: Relational
    reason: str | Reason
    check: Check
    under: tuple[Relational, ...] = ()
    back: int = field(default=-1)
    name: str = ""

    def __post_init__(self) -> None:
        if self.back < 0:
            object.__setattr__(self, "back", 0 if self.check.starts else 1)

    @property
    def statement(self) -> Statement:
        """What the step says, with its hypotheses."""
        return Statement(self.expression, self.under)

    @property
    def law(self) -> str:
        """The name of the law, which belongs to the check."""
        return self.check.law

    @property
    def why(self) -> Reason:
        """The reason, its formulas apart from its words."""
        return self.reason if isinstance(self.reason, Reason) else Reason(self.reason)


@dataclass(frozen=True)
class Verification:
    """What `verify` found: one of the `checks` per step, one for the claim; `residual` is the largest, in the unit of
    the equations. `ok` where all hold. Made by `kl.symbolic.Derivation`, by its method verify.

    >>> import kl_engine as kl
    >>> kl.symbolic.DERIVATIONS["equal_widths"].verify().ok
    True
    """

    checks: tuple[Outcome, ...]
    claim: Outcome

    def __repr__(self) -> str:
        return f"Verification(ok={self.ok}, {len(self.checks)} checks, residual={float(self.residual):.1e})"

    @property
    def ok(self) -> bool:
        """Whether all of it is proved."""
        return self.claim.ok and all(outcome.ok for outcome in self.checks)

    @property
    def residual(self) -> mpf:
        """The largest numeric residual, of numbers of 50 digits."""
        return max(outcome.residual for outcome in (*self.checks, self.claim))


@dataclass(frozen=True)
class Derivation:
    """A claim and its proof.

    title: its heading. setting: what the symbols stand for. claim, and also: what it shows, each word for word what a
    step says; the last one is what the last step says. forward, reverse: D(p||q) and D(q||p) in closed form, where the
    steps prove it; formula: another closed form, which the last step with it on the right proves. parameters: the
    symbols of these, in the order of the function that `to_python` writes. meaning: what `formula` is, and its unit.
    notes: what the parameters are, one line each. steps: the proof, a `Step` for each line. subject, name: where it
    stands in the catalogue, which fills them in. Divergences are in nats. Raises ValueError where there is no step.
    Made by `kl.symbolic.DERIVATIONS`, the catalogue.

    >>> import kl_engine as kl
    >>> proof = kl.symbolic.DERIVATIONS["gaussian_forward"]
    >>> proof.check(0).ok, len(proof.steps), proof.forward == proof.claim.relation.rhs
    (True, 5, True)
    """

    title: str
    setting: Setting
    claim: Statement
    steps: tuple[Step, ...]
    parameters: tuple[Symbol, ...] = ()
    forward: Expr | None = None
    reverse: Expr | None = None
    formula: Expr | None = None
    meaning: str = ""
    notes: tuple[str, ...] = ()
    also: tuple[Statement, ...] = ()
    subject: str = ""
    name: str = "closed_form"

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError(f"derivation {self.title!r}: steps must not be empty")
        if (self.formula is None) != (self.meaning == ""):
            raise ValueError(
                f"derivation {self.title!r}: meaning must say what the formula is, and only where there is one"
            )

    def step(self, name: str) -> Step:
        """The step of that name; KeyError if there is none."""
        found = next((step for step in self.steps if step.name == name), None)
        if found is None:
            raise KeyError(f"derivation {self.title!r} has no step named {name!r}")
        return found

    def verify(self) -> Verification:
        """Check every step, symbolically and in numbers, and that the claim is what the last one says."""
        return Verification(tuple(self.check(i) for i in range(len(self.steps))), self._check_claim())

    def check(self, index: int) -> Outcome:
        """Check one step against the one it follows from, that whatever else it cites stands above it, and that the
        formulas in its reason hold."""
        step = self.steps[index]
        earlier = index - step.back
        before = self.steps[earlier].statement if 0 <= earlier < index else None
        cited = [self._above(index, relation) for relation in step.check.cites]
        if None in cited:
            return _refused("It rests on something that no earlier step says.")
        case = Case(before, step.statement, tuple(cited), self.setting)
        try:
            outcome = _outcome(step.check, case)
            if outcome.ok and not all(self._is_known(index, relation) for relation in step.why.relations):
                return _refused("A formula in its reason is not proved.")
            return outcome
        except Undecided as why:
            return Outcome(Verdict.NOT_DECIDED, mpf("inf"), f"Not decided: {why}.")
        except Exception as error:
            # A malformed step (an index out of range, a matrix of another shape) can fail anywhere in SymPy, whose
            # errors have no common base. What cannot be checked is not accepted.
            return _refused(f"It cannot be checked: {type(error).__name__}, {error}.")

    def _above(self, index: int, relation: Relational) -> Statement | None:
        """The earlier step that says this; of several, the one with the fewest hypotheses."""
        found = [step.statement for step in self.steps[:index] if step.expression == relation]
        return min(found, key=lambda statement: len(statement.under), default=None)

    def _is_known(self, index: int, relation: Relational) -> bool:
        """Whether a formula of a reason is a step above, a hypothesis, a fact of the check, or true as it stands."""
        step = self.steps[index]
        known = [other.expression for other in self.steps[: index + 1]]
        if relation in (*known, *step.under, *step.check.facts):
            return True
        return isinstance(relation, Equality) and same(relation.lhs, relation.rhs, self.setting)

    def _check_claim(self) -> Outcome:
        said = [step.statement for step in self.steps]
        if self.claim != said[-1]:
            return _refused("The claim is not what the last step says, with its hypotheses.")
        if any(claim not in said for claim in self.also):
            return _refused("A claim is not what a step says, with its hypotheses.")
        if twins := self._twins():
            return _refused(f"Two different symbols bear the name {twins[0]}.")
        for quantity, form in (("D_forward", self.forward), ("D_reverse", self.reverse)):
            if form is not None and not self._proves(quantity, form):
                return _refused("A closed form is not one that a step proves without hypotheses.")
        if self.formula is not None and self.formula_step is None:
            return _refused("The formula is not what a step proves without hypotheses.")
        if self.forward is not None and self.reverse not in (None, exchange_roles(self.forward)):
            return _refused("The two closed forms are not each other's with p and q exchanged.")
        return Outcome(Verdict.HOLDS, mpf(0), "The claim is the last step, word for word.")

    @property
    def formula_step(self) -> Step | None:
        """The step that proves `formula`: the last one, or one that is among the claims, without hypotheses."""
        said = (self.claim, *self.also)
        proving = [s for s in self.steps if s.statement in said and not s.under and isinstance(s.expression, Equality)]
        return next((step for step in reversed(proving) if step.expression.rhs == self.formula), None)

    def proving(self, quantity: str, form: Expr) -> Step | None:
        """The step that equates the form with that divergence of the parameters, without hypotheses."""
        for step in self.steps:
            left = step.expression.lhs if isinstance(step.expression, Equality) else None
            if getattr(left, "func", None) is None or getattr(left.func, "__name__", "") != quantity:
                continue
            # A symbol that stands for two parameters, as a shared mean does, is one argument of the function.
            takes = tuple(dict.fromkeys(left.args)) == self.parameters
            if takes and step.expression.rhs == form and not step.under and self._is_whole(left):
                return step
        return None

    def _is_whole(self, divergence: Expr) -> bool:
        """Whether the divergence is named in the setting, perhaps at other values of its parameters."""
        signature = getattr(divergence.func, "signature", None)
        return signature is not None and self.setting.under(divergence.func(*signature)) is not None

    def _proves(self, quantity: str, form: Expr) -> bool:
        return self.proving(quantity, form) is not None

    def _twins(self) -> list[str]:
        """Names that two different symbols share, or two different functions of as many arguments."""
        parts = _expressions(self)
        symbols = {s for part in parts for s in part.free_symbols if isinstance(s, Symbol)}
        functions = {(f.func, len(f.args)) for part in parts for f in part.atoms(AppliedUndef)}
        names = [(s.name, None) for s in symbols] + [(f.__name__, count) for f, count in functions]
        return sorted({name for name, count in names if names.count((name, count)) > 1})

    def __repr__(self) -> str:
        return f"Derivation({self.title!r}, {len(self.steps)} steps)"

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the setting, the claim and all steps."""
        return self.to_markdown()

    def to_latex(self) -> str:
        """A LaTeX document with the setting, the claim and all steps; it compiles as it stands."""
        from kl_engine.symbolic.proof.writing.document import document

        return document(self)

    def to_markdown(self) -> str:
        """The same as Markdown with formulas between dollar signs."""
        from kl_engine.symbolic.proof.writing.document import markdown

        return markdown(self)

    def to_python(self) -> str:
        """Source text of a NumPy function of the closed form. ValueError if the claim is none."""
        from kl_engine.symbolic.proof.writing.source import function_source

        return function_source(self)


def _expressions(derivation: Derivation) -> list[Basic]:
    """Every expression of a derivation."""
    setting = derivation.setting
    statements = [step.statement for step in derivation.steps]
    parts: list[Basic] = [r for statement in statements for r in (statement.relation, *statement.under)]
    pairs = (*setting.definitions, *setting.quantities)
    named = [density for density, _ in setting.laws] + [
        side for roles in setting.divergences for side in (roles.target, roles.approximation) if isinstance(side, Expr)
    ]
    return [*parts, *named, *(side for pair in pairs for side in pair)]
