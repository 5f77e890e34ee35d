"""What everything in a derivation stands for, said once: the densities, the abbreviations, the ranges of the symbols.

Every step of a derivation is checked in its one setting, so nothing can mean one thing in one line and another in the
next.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from typing import Any

from mpmath import mpf
from sympy import Add, Basic, Derivative, Expr, Integral, Symbol, log, oo
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.laws import AnyLaw, Gaussian
from kl_engine.symbolic.proof.notation import Normal, Pair
from kl_engine.symbolic.proof.quantities import LINE, Outcomes, Roles, Space, bound_symbols, is_of_a_sum
from kl_engine.symbolic.proof.sampling import Point, random_point, value


@dataclass(frozen=True)
class Trial:
    """Something concrete to put numbers in where a derivation holds for anything: a particular p, a particular f."""

    words: str
    replace: tuple[Pair, ...]


@dataclass(frozen=True)
class UnitInterval:
    """A symbol between 0 and 1: u/(1 + u) for a positive u, which takes every such value and shows every sign."""

    symbol: Symbol

    @property
    def pairs(self) -> tuple[Pair, ...]:
        s, u = self.symbol, _free(self.symbol)
        return ((1 - s, 1 / (1 + u)), (s - 1, -1 / (1 + u)), (s, u / (1 + u)))


@dataclass(frozen=True)
class Correlation:
    """A symbol between -1 and 1: (1 - u^2)/(1 + u^2) for a positive u."""

    symbol: Symbol

    @property
    def pairs(self) -> tuple[Pair, ...]:
        s, square = self.symbol, _free(self.symbol) ** 2
        rest = 4 * square / (1 + square) ** 2  # 1 - s^2
        return ((1 - s**2, rest), (s**2 - 1, -rest), (s, (1 - square) / (1 + square)))


@dataclass(frozen=True)
class Shares:
    """Positive symbols that sum to 1: positive numbers over their sum."""

    symbols: tuple[Symbol, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        parts = [_free(symbol) for symbol in self.symbols]
        return tuple((symbol, part / Add(*parts)) for symbol, part in zip(self.symbols, parts, strict=True))


@dataclass(frozen=True)
class Simplex:
    """Symbols that are positive and leave something of 1: all but the last of some shares."""

    symbols: tuple[Symbol, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        parts = [_free(symbol) for symbol in self.symbols]
        whole = Add(1, *parts)
        shares = tuple((symbol, part / whole) for symbol, part in zip(self.symbols, parts, strict=True))
        return ((1 - Add(*self.symbols), 1 / whole), *shares)


@dataclass(frozen=True)
class PositivePart:
    """An expression that is positive by assumption, where the signs of its symbols do not make it so."""

    expression: Expr

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return ((self.expression, Symbol(f"u_{self.expression}", positive=True)),)


@dataclass(frozen=True)
class Above:
    """A symbol above a number: that number and a positive u."""

    symbol: Symbol
    low: Expr

    @property
    def pairs(self) -> tuple[Pair, ...]:
        s, u = self.symbol, _free(self.symbol)
        return ((s - self.low, u), (self.low - s, -u), (s, self.low + u))


@dataclass(frozen=True)
class UpTo:
    """A positive symbol up to a number, which it may be: that number over 1 + u, for a u that is not negative."""

    symbol: Symbol
    high: Expr

    @property
    def pairs(self) -> tuple[Pair, ...]:
        s, u = self.symbol, Symbol(f"u_{self.symbol.name}", nonnegative=True)
        rest = self.high * u / (1 + u)
        return ((self.high - s, rest), (s - self.high, -rest), (s, self.high / (1 + u)))


_RANGES = ("positive", "nonnegative", "negative", "nonpositive", "nonzero", "integer", "real", "even", "odd", "prime")
Domain = UnitInterval | Correlation | Shares | Simplex | PositivePart | Above | UpTo


def _free(symbol: Symbol) -> Symbol:
    return Symbol(f"u_{symbol.name}", positive=True)


@dataclass(frozen=True)
class SizeRange:
    """For which sizes n a derivation with vectors or sums is proved, and of which kind its symbols are.

    covariance: "general" (Cholesky), "diagonal", "isotropic" or "factorised" (p general, q diagonal).
    simplex: names of weights that sum to 1.
    """

    sizes: tuple[int, ...] = (1, 2, 3)
    covariance: str = "general"
    simplex: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the symbols of one derivation stand for.

    laws: a density as it is written, and the law that it is of. definitions: other abbreviations, and what they stand
    for. divergences: who is p and who is q. quantities: other names on the left of an equation, and what they are.
    domains: symbols of a narrower range than their sign says. sizes: where n is a size. moderate: functions that grow
    more slowly than any Gaussian falls, with all their derivatives, by assumption. regular: matrices that have an
    inverse, by assumption. smooth: densities whose parameters may be differentiated under an integral, by assumption.
    trial: what stands in, for numbers only, for something left open. words: what the laws do not say of themselves.
    """

    laws: tuple[tuple[Expr, Any], ...] = ()
    definitions: tuple[Pair, ...] = ()
    divergences: tuple[Roles, ...] = ()
    quantities: tuple[Pair, ...] = ()
    domains: tuple[Domain, ...] = ()
    sizes: SizeRange | None = None
    moderate: tuple[Expr, ...] = ()
    regular: tuple[Any, ...] = ()
    smooth: tuple[Expr, ...] = ()
    trial: Trial | None = None
    words: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        named = [name for name, _ in (*self.definitions, *self.laws, *self.quantities)]
        named += [side for roles in self.divergences for side in (roles.forward, roles.reverse)]
        if any(_is_divergence(name) for name, _ in (*self.definitions, *self.quantities)):
            raise ValueError("setting: a divergence is named by its roles alone, and means what they say")
        if len(named) != len(set(named)):
            twice = next(name for name in named if named.count(name) > 1)
            raise ValueError(f"setting: {twice} is defined twice")
        for name, meaning in self.definitions if self.sizes is None else ():
            if not self._has_signs_of(name, meaning):
                raise ValueError(f"setting: {name} is not known to have the sign that its name says")

    def _has_signs_of(self, name: Expr, meaning: Expr) -> bool:
        """Whether what an abbreviation stands for is positive, or real, where the abbreviation is."""
        shown = self.known(self.full(meaning))
        asked = [sign for sign in ("is_positive", "is_nonnegative", "is_real") if getattr(name, sign, None)]
        return all(getattr(shown, sign) is not False and (sign == "is_real" or getattr(shown, sign)) for sign in asked)

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        densities = tuple((d, law.density(d.args[0])) for d, law in self.laws if isinstance(law, Gaussian))
        entropies = tuple(
            (law.entropy, -Integral(d * log(d), (d.args[0], -oo, oo)))
            for d, law in self.laws
            if isinstance(law, AnyLaw) and law.entropy is not None
        )
        return (*densities, *entropies, *self.definitions)

    @cached_property
    def _written_out(self) -> tuple[Pair, ...]:
        """Every abbreviation, and what it stands for without any other one."""
        return tuple((name, _settled(meaning, self._pairs)) for name, meaning in self._pairs)

    def full(self, expression: Basic) -> Basic:
        """The expression with every abbreviation written out, and the derivatives that this allows carried out."""
        return _put_in(expression, self._written_out)

    def about(self, expression: Basic, symbols: Iterable[Symbol]) -> Basic:
        """The expression with those abbreviations written out that hide one of the symbols: that depend on it and do
        not show it."""
        wanted = set(symbols)
        hiding = ((name, m) for name, m in self._written_out if m.free_symbols & wanted - name.free_symbols)
        return _put_in(expression, tuple(hiding))

    def written_of(self, expression: Basic, symbols: Iterable[Symbol]) -> Basic:
        """The expression with every abbreviation written out that depends on one of the symbols, shown or not."""
        wanted = set(symbols)
        return _put_in(expression, tuple(pair for pair in self._written_out if pair[1].free_symbols & wanted))

    def with_laws(self, expression: Basic) -> Basic:
        """The expression with the densities of known laws written out, and no other abbreviation."""
        named = {density for density, _ in self.laws}
        return _put_in(expression, tuple(pair for pair in self._written_out if pair[0] in named))

    def known(self, expression: Basic) -> Basic:
        """The expression in symbols that show the range of each: 1 - theta > 0 is seen of 1/(1 + u)."""
        if not self.domains:
            return expression
        bound = bound_symbols(expression)
        pairs = tuple(pair for domain in self.domains for pair in domain.pairs if not pair[0].free_symbols & bound)
        return _put_in(expression, pairs)

    def law_of(self, density: Expr) -> Any:
        """The law of a density as it is written, None if it has none here; a Gaussian's width must be positive, and
        its mean and width not move with the point."""
        law = Gaussian(*density.args[1:]) if isinstance(density, Normal) else dict(self.laws).get(density)
        if not isinstance(law, Gaussian):
            return law
        moves = density.args[0].free_symbols & (law.mean.free_symbols | law.std.free_symbols)
        return law if not moves and self.known(self.full(law.std)).is_positive else None

    def roles_of(self, divergence: Expr) -> Roles | None:
        """Who is who in a divergence named here."""
        return next((roles for roles in self.divergences if roles.under(divergence) is not None), None)

    def under(self, divergence: Expr) -> tuple[Any, Any] | None:
        """The density under the expectation and the other one, of a divergence named here."""
        roles = self.roles_of(divergence)
        return None if roles is None else roles.under(divergence)

    def space_of(self, density: Expr) -> Space | Outcomes:
        """What a density is summed or integrated over: the line, unless a divergence says otherwise."""
        sides = ((side, roles.space) for roles in self.divergences for side in (roles.target, roles.approximation))
        return next((space for side, space in sides if side == density), LINE)

    def meaning(self, name: Expr) -> Expr | None:
        """What a quantity is by its definition: D(a||b) is the mean of log a - log b under a."""
        if (pair := self.under(name)) is not None and all(isinstance(density, Expr) for density in pair):
            a, b = pair
            return self.roles_of(name).space.total(a * (log(a) - log(b)))
        return dict(self.quantities).get(name)

    def symbols_of(self, expression: Basic) -> set[Symbol]:
        """Every symbol that the expression depends on, those behind its abbreviations and names among them."""
        return set(self.full(expression).free_symbols) | self.hidden(expression)

    def hidden(self, expression: Basic) -> set[Symbol]:
        """Symbols that the expression depends on and does not show, even with its abbreviations written out.

        A divergence of any p does not show the moments of p: it is of one p, and they cannot be changed under it.
        """
        written = self.full(expression)
        found = self._moments_in(written)
        for name in written.atoms(AppliedUndef):
            signature = getattr(name.func, "signature", name.args)
            found |= self._behind(name.func(*signature)) - set().union(*(a.free_symbols for a in signature))
        return found

    def _behind(self, name: Expr) -> set[Symbol]:
        """The symbols of what a name stands for."""
        if (meaning := self.meaning(name)) is not None:
            written = self.full(meaning)
            return set(written.free_symbols) | self._moments_in(written)
        found: set[Symbol] = set()
        for law in self.under(name) or ():
            if is_dataclass(law):
                found |= {s for f in fields(law) for s in getattr(getattr(law, f.name), "free_symbols", ())}
        return found

    def _moments_in(self, expression: Basic) -> set[Symbol]:
        """The moments of the densities of which nothing else is known."""
        unknown = ((density, law) for density, law in self.laws if isinstance(law, AnyLaw))
        return {s for density, law in unknown if expression.has(density) for s, _ in law.facts(density)}

    def is_in_range(self, symbol: Symbol, value: Expr) -> bool:
        """Whether the value has every property that the symbol is assumed to have here."""
        shown = self.known(self.full(value))
        narrow = any(symbol in {name for name, _ in domain.pairs} for domain in self.domains)
        asked = [f"is_{name}" for name in _RANGES if getattr(symbol, f"is_{name}")]
        return not narrow and all(getattr(shown, name) is True for name in asked)

    def number(self, expression: Expr, point: Point) -> mpf:
        """The expression at a point, its integrals by quadrature; what is left open as in the trial."""
        return value(self.concrete(expression), point)

    def concrete(self, expression: Expr) -> Expr:
        """The expression with everything written out, the trial put in for what is left open."""
        written = self.full(expression)
        written = _put_in(written, self.trial.replace) if self.trial else written
        return _carried_out(written)

    def point(self, symbols: Iterable[Symbol], index: int) -> Point:
        """Random values of the symbols and of what the setting adds to them."""
        asked = set(symbols)
        for _, meaning in (*self._written_out, *(self.trial.replace if self.trial else ())):
            asked |= {s for s in meaning.free_symbols if isinstance(s, Symbol)}
        pairs = tuple(pair for domain in self.domains for pair in domain.pairs if isinstance(pair[0], Symbol))
        point = random_point(asked | {s for _, inside in pairs for s in inside.free_symbols}, index)
        point |= {symbol: value(inside, point) for symbol, inside in pairs}
        for density, law in self.laws:
            if isinstance(law, AnyLaw):
                point |= {symbol: value(self.concrete(fact), point) for symbol, fact in law.facts(density)}
        return point


def _is_divergence(name: Expr) -> bool:
    return getattr(name.func, "__name__", "") in ("D_forward", "D_reverse")


@lru_cache(maxsize=4096)
def _carried_out(expression: Expr) -> Expr:
    """The expression with its derivatives carried out, but for those of integrals and sums."""
    return expression.xreplace({d: d.doit() for d in expression.atoms(Derivative) if not is_of_a_sum(d)})


@lru_cache(maxsize=4096)
def _put_in(expression: Basic, pairs: tuple[Pair, ...]) -> Basic:
    """The expression with what is given put in for names, named Gaussian densities written out, and the derivatives
    that this makes possible carried out."""
    if isinstance(expression, Relational):  # kept as it is: SymPy would decide an equation with a matrix
        return expression.func(*(_put_in(side, pairs) for side in expression.args), evaluate=False)
    replaced = expression.xreplace(dict(pairs))
    normals = {normal: normal.explicit for normal in replaced.atoms(Normal)}
    if not normals and replaced == expression:
        return expression
    replaced = replaced.xreplace(normals)
    new = tuple(put for _, put in (*pairs, *normals.items()))
    done = {d: d.doit() for d in replaced.atoms(Derivative) if d.has(*new) and not is_of_a_sum(d)}
    return replaced.xreplace(done)


def _settled(expression: Basic, pairs: tuple[Pair, ...]) -> Basic:
    for _ in range(len(pairs) + 1):
        changed = _put_in(expression, pairs)
        if changed == expression:
            return expression
        expression = changed
    raise ValueError(f"setting: the definition of {expression} goes round in a circle")
