"""What a line of a derivation says: a relation, and the hypotheses under which it holds."""

from dataclasses import dataclass

from sympy import Eq, Expr, S, Symbol
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.quantities import bound_symbols
from kl_engine.symbolic.proof.setting import Setting


@dataclass(frozen=True)
class Statement:
    """`relation` holds for all values of its symbols for which every relation of `under` does.

    Symbols have the units that the derivation gives them. Raises ValueError for a relation that is none. Source: the
    hypotheses are written as SymPy writes relations.

    >>> import kl_engine as kl
    >>> claim = kl.symbolic.DERIVATIONS["gibbs"].claim
    >>> type(claim).__name__, len(claim.under)
    ('Statement', 0)
    """

    relation: Relational
    under: tuple[Relational, ...] = ()

    @property
    def lhs(self) -> Expr:
        """The left side: the quantity that the relation is about."""
        return self.relation.lhs

    @property
    def rhs(self) -> Expr:
        """The right side."""
        return self.relation.rhs


@dataclass(frozen=True)
class Case:
    """One step as its check sees it.

    before: the statement that it follows from, None if it starts afresh. after: the step itself. cited: the statements
    that it rests on besides, in the order in which its check names them.
    """

    before: Statement | None
    after: Statement
    cited: tuple[Statement, ...]
    setting: Setting

    @property
    def inherited(self) -> frozenset[Relational]:
        """The hypotheses of everything that the step rests on."""
        sources = self.cited if self.before is None else (self.before, *self.cited)
        return frozenset(hypothesis for source in sources for hypothesis in source.under)

    def depends(self, source: Statement, symbol: Symbol) -> bool:
        """Whether a statement holds only under a hypothesis about the symbol: then it does not hold for all of it."""
        return any(symbol in self.setting.symbols_of(h) | bound_symbols(h) for h in source.under)


def vanishing(of: Relational) -> Relational:
    """The hypothesis that the quantity on the left of a relation is 0."""
    return Eq(of.lhs, S.Zero, evaluate=False)
