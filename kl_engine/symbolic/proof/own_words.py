"""What SymPy itself says to a step: which of its functions it was asked, and its raw answer.

The checks compare a line with the one above, and need no closed form from SymPy. Here SymPy derives: `diff`, `solve`,
`series`, `limit`, `integrate` of the definition of D; then it simplifies what it says less what the line says. It may
take seconds, and how long is not counted: ask on request alone, and keep the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sympy import (
    Derivative,
    Expr,
    Integral,
    Limit,
    Matrix,
    S,
    Sum,
    diff,
    expand,
    expand_log,
    hessian,
    limit,
    oo,
    real_roots,
    series,
    simplify,
    solve,
)
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.checks.algebra import Solve
from kl_engine.symbolic.proof.checks.calculus import (
    Differentiate,
    FarLimit,
    Hessian,
    Ratio,
    SecondDerivatives,
    Series,
)
from kl_engine.symbolic.proof.checks.expectations import Definition
from kl_engine.symbolic.proof.checks.minimum import OnlyRoot
from kl_engine.symbolic.proof.checks.totals import Taken
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.setting import Setting

# Of these SymPy takes the integral or the sum that defines D in seconds. Of a Beta or a Dirichlet, and of a density
# without a formula, it has no answer after minutes: there the steps differentiate the proved normaliser.
TAKEN = ("gaussian_forward", "gaussian_reverse", "geometric", "poisson", "exponential")


@dataclass(frozen=True)
class OwnWords:
    """One question to SymPy and its raw answer. difference: its answer less what the line says, as it simplifies it;
    None where that is no single expression."""

    call: str
    answer: object
    less: str
    difference: Expr

    @property
    def agrees(self) -> bool:
        """Whether SymPy's answer is the line, by its own `simplify`."""
        return self.difference == 0

    @property
    def text(self) -> str:
        """As it would stand in a Python session."""
        shown = f">>> {self.call}\n{self.answer}"
        return f"{shown}\n>>> simplify(_{self.less})\n{self.difference}"


def own_words(derivation: Derivation, index: int) -> OwnWords | None:
    """SymPy's words to a step of a derivation; None where the step is of a kind that it has no function for.

    >>> from kl_engine.symbolic import DERIVATIONS
    >>> from kl_engine.symbolic.proof.own_words import own_words
    >>> own_words(DERIVATIONS["forward_stationarity"], 3).agrees
    True
    """
    step, setting = derivation.steps[index], derivation.setting
    ask = _ASKED.get(type(step.check))
    if setting.sizes is not None or ask is None:
        return None
    if ask is _taken:
        return _taken(derivation, step)
    relation = derivation.steps[index - step.back].expression
    before = relation.lhs - relation.rhs if isinstance(step.check, OnlyRoot) else relation.rhs
    line = step.expression.rhs
    if not _is_plain(before):
        before, line = setting.full(before), setting.full(line)
    return ask(step, before, line) if _is_plain(before) else None


def _is_plain(expression: Expr) -> bool:
    """Whether SymPy can work with it: it knows no function without a formula, and a mean that is left it leaves."""
    return not expression.atoms(AppliedUndef, Derivative, Limit, Integral, Sum)


def _compared(call: str, answer: Expr, line: Expr) -> OwnWords:
    return OwnWords(call, answer, f" - ({line})", simplify(answer - line))


def _differentiated(step: Step, before: Expr, line: Expr) -> OwnWords:
    by = step.check.by
    return _compared(f"diff({before}, {by})", diff(before, by), line)


def _solved(step: Step, before: Expr, line: Expr) -> OwnWords | None:
    """For s, or for s where the line says what a power of s is."""
    symbol, power = step.expression.lhs.as_base_exp()
    found = solve(before, symbol) if symbol.is_Symbol else []
    rests = [simplify(root**power - line) for root in found]
    if not rests:
        return None
    place = rests.index(0) if 0 in rests else 0
    raised = "" if power == 1 else f"**{power}"
    return OwnWords(f"solve({before}, {symbol})", found, f"[{place}]{raised} - ({line})", rests[place])


def _in_series(step: Step, before: Expr, line: Expr) -> OwnWords:
    by, order = step.check.by, step.check.order
    return _compared(f"series({before}, {by}, 0, {order + 1})", series(before, by, 0, order + 1).removeO(), line)


def _at_limit(step: Step, before: Expr, line: Expr) -> OwnWords:
    by, at = (step.check.of, oo) if isinstance(step.check, FarLimit) else (step.check.by, step.check.at)
    return _compared(f"limit({before}, {by}, {at})", limit(before, by, at), line)


def _second(step: Step, before: Expr, line: Expr) -> OwnWords:
    by, at = step.check.by, dict(step.check.at)
    found = hessian(before, by).subs(at, simultaneous=True)
    rest = simplify(found - Matrix(line))
    put_in = f".subs({at})" if at else ""
    return OwnWords(f"hessian({before}, {by}){put_in}", found, f" - {line}", S.Zero if rest.is_zero_matrix else rest)


def _roots(step: Step, before: Expr, line: Expr) -> OwnWords:
    found = real_roots(before)
    place = found.index(line) if line in found else 0
    return OwnWords(f"real_roots({before})", found, f"[{place}] - ({line})", found[place] - line)


def _taken(derivation: Derivation, step: Step) -> OwnWords | None:
    """The sum or the integral as SymPy takes it: of D's definition, compared with the closed form that is proved."""
    setting: Setting = derivation.setting
    asked, goal = setting.full(step.expression.lhs), step.expression.rhs
    if isinstance(step.check, Definition):
        if derivation.name not in TAKEN:
            return None
        asked = setting.full(step.expression.rhs)
        closed = (s.expression for s in derivation.steps if s.expression.lhs == step.expression.lhs)
        goal = list(closed)[-1].rhs
    if not isinstance(asked, (Integral, Sum)):
        return None
    asked, goal = setting.known(asked), setting.known(setting.full(goal))
    body = expand(expand_log(asked.function)) if isinstance(asked, Integral) else expand_log(asked.function)
    asked = asked.func(body, *asked.limits)
    verb = "integrate" if isinstance(asked, Integral) else "summation"
    limits = ", ".join(map(str, asked.limits))
    return _compared(f"{verb}({body}, {limits})", asked.doit(), goal)


_ASKED: dict[type, Callable] = {
    Differentiate: _differentiated,
    Solve: _solved,
    Series: _in_series,
    FarLimit: _at_limit,
    Ratio: _at_limit,
    SecondDerivatives: _second,
    Hessian: _second,
    OnlyRoot: _roots,
    Definition: _taken,
    Taken: _taken,
}
