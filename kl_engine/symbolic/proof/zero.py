"""Is an expression identically zero? Decided by bringing it to one fraction of polynomials.

Everything that is no sum, product or whole power (a logarithm, an exponential, a root, a value of an unknown function)
becomes a symbol of its own, once it is brought to a standard form: log(a b) to log a + log b where SymPy knows that a
and b are positive, exp(a + b) to exp(a) exp(b), cosh to exponentials. The expression vanishes if the numerator does.
The work is counted in products of terms and bounded, so that no expression keeps a check busy.
"""

from collections.abc import Callable
from functools import reduce
from math import gcd

from sympy import (
    QQ,
    Abs,
    Add,
    Derivative,
    Dummy,
    Expr,
    Integer,
    Integral,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    cancel,
    div,
    exp,
    expand,
    expand_log,
    factor,
    factorial,
    factorint,
    fraction,
    gamma,
    log,
    loggamma,
    ring,
    together,
)
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction
from sympy.polys.rings import PolyElement

from kl_engine.symbolic.proof.quantities import is_of_a_sum
from kl_engine.symbolic.proof.work import Budget, Undecided, require_expandable, require_small

_PARTS = 24  # an exponent may have these fractions: exp(a/2), exp(a/3), ... are powers of exp(a/24)
_SMALL = 400  # operations of a sum whose factors are looked for


def is_zero(expression: Expr) -> bool:
    """True only if the expression is proved to be 0 for every value that its symbols may take; False: not proved.

    Symbols must carry their signs: log(a/b) is split only where SymPy knows a, b > 0. Integrals (and sums) over the
    same range are joined, for a sum of integrals is 0 if the sum of the integrands is. Raises `Undecided` if it would
    take too many terms.
    """
    budget = Budget()
    return all(_vanishes(part, budget) for part in join_integrals(expression))


def are_equal(one: Expr, other: Expr) -> bool:
    """Whether two expressions are proved to be the same for every value of their symbols; see `is_zero`."""
    return one == other or is_zero(one - other)


def join_integrals(expression: Expr) -> tuple[Expr, ...]:
    """The joint integrand for each range of integration, and the rest: if all vanish, so does the whole."""
    masks = {integral: Dummy() for integral in expression.atoms(Integral, Sum)}
    if not masks:
        return (expression,)
    masked = expression.xreplace(masks)
    require_expandable(masked)
    parts: dict = {}
    for term in Add.make_args(expand(masked)):
        inside = [i for i, mask in masks.items() if term.has(mask)]
        factor_of = term / masks[inside[0]] if inside else term
        if not inside or factor_of.has(*masks.values()):  # none, or a product of them: compared as it is
            parts[None] = parts.get(None, 0) + term.xreplace({mask: i for i, mask in masks.items()})
        else:
            range_of = (type(inside[0]), inside[0].limits)
            parts[range_of] = parts.get(range_of, 0) + factor_of * inside[0].function
    return tuple(parts.values())


def _vanishes(expression: Expr, budget: Budget) -> bool:
    if expression == 0:
        return True
    if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity) and not expression.has(Integral, Sum):
        return False
    names = _Names(expression)
    flat = names.flat(expression)
    if flat == 0:
        return True
    symbols = tuple(names.known.values())
    polynomials = _Polynomials(symbols, names.roots, budget)
    return polynomials.vanishes(polynomials.value(flat)[0])


class _Names:
    """The parts of an expression in standard form, each by a symbol: `flat` gives the rational function of them."""

    def __init__(self, expression: Expr) -> None:
        self.known: dict[object, Dummy] = {}  # what it stands for → symbol
        self.roots: list[tuple[Dummy, int, Expr]] = []  # a root, its power that is free of it, and that power
        self._seen: dict[Expr, Expr] = {}
        powers = [p for p in expression.atoms(Pow) if p.exp.is_Rational and not p.exp.is_Integer]
        self._order = reduce(lambda a, b: a * b // gcd(a, b), (int(p.exp.q) for p in powers), 1)
        self._rooted = {s for p in powers for s in (p.base, *p.base.args) if s.is_Symbol or s is S.Pi}

    def flat(self, e: Expr) -> Expr:
        """The expression with every part by its symbol: sums, products and whole powers alone are left."""
        if e not in self._seen:
            self._seen[e] = self._flat(e)
        return self._seen[e]

    def _flat(self, e: Expr) -> Expr:
        if e.is_Rational:
            return e
        if e.is_Symbol or e is S.Pi:
            return self._name(e) ** (self._order if e in self._rooted else 1)
        if e.is_Add or e.is_Mul:
            return e.func(*(self.flat(argument) for argument in e.args))
        if e is S.Exp1:
            return self._exponential(S.One)
        for kinds, rule in _RULES:
            if isinstance(e, kinds):
                return rule(self, e)
        return self._name(e)

    def _name(self, key: object) -> Dummy:
        if key not in self.known:
            self.known[key] = Dummy(f"g{len(self.known)}")
        return self.known[key]

    def _power(self, e: Pow) -> Expr:
        if e.base is S.Exp1:
            return self._exponential(e.exp)
        if e.exp.is_Integer:
            return self.flat(e.base) ** e.exp
        if e.exp.is_Rational:
            return self._root(e.base, e.exp)
        return self._exponential(e.exp * log(e.base)) if e.base.is_positive else self._name(e)

    def _root(self, base: Expr, power: Rational) -> Expr:
        """base^power: that many times the root of the order which all roots here share."""
        times = int(power * self._order)
        if base in self._rooted:
            return self._name(base) ** times
        if base.is_Rational and base > 0:
            primes = [*factorint(base.p).items(), *((prime, -k) for prime, k in factorint(base.q).items())]
            return Mul(*(self._related(Integer(prime)) ** (k * times) for prime, k in primes))
        factors = _factors(base)
        if len(factors) > 1 and sum(not f.is_positive for f, _ in factors) == 0:
            return Mul(*(self.flat(Pow(f, k * power)) for f, k in factors))
        return self._related(expand(base)) ** times

    def _related(self, base: Expr) -> Dummy:
        """The root of something that is no symbol: its power is that again."""
        key = ("root", base)
        if key not in self.known:
            inside = self.flat(base)  # named first, for its own roots are to be removed after this one
            self.roots.append((self._name(key), self._order, inside))
        return self.known[key]

    def _exponential(self, exponent: Expr) -> Expr:
        product = S.One
        for term in Add.make_args(_standard_exponent(exponent)):
            times, rest = term.as_coeff_Mul(rational=True)
            if isinstance(rest, loggamma) and times.is_Integer:
                product *= self._name(("gamma", expand(rest.args[0]))) ** times
            elif isinstance(rest, log) and (times.is_Integer or self._order % times.q == 0):
                product *= self.flat(Pow(rest.args[0], times))
            elif (times * _PARTS).is_Integer:
                product *= self._name(("exp", rest)) ** (times * _PARTS)
            else:
                product *= self._name(("exp", term))
        return product

    def _logarithm(self, e: log) -> Expr:
        return self._log_of(e.args[0])

    def _log_of(self, inside: Expr) -> Expr:
        total, unknown = S.Zero, S.One
        for part, power in _factors(inside):
            if part.is_Rational and part > 0:
                primes = [*factorint(part.p).items(), *((prime, -k) for prime, k in factorint(part.q).items())]
                total += sum(k * power * self._name(("log", prime)) for prime, k in primes)
            elif isinstance(part, exp) and part.exp.is_real:
                total += self.flat(power * part.exp)
            elif isinstance(part, (gamma, factorial)) and _argument(part).is_positive:
                total += self.flat(power) * self._name(("log gamma", _argument(part)))
            elif part.is_positive:
                total += self.flat(power) * self._name(("log", part))
            else:
                unknown *= part**power
        return total if unknown == 1 else total + self._name(("log", expand(unknown)))

    def _function(self, e: Expr) -> Expr:
        arguments = [expand(a) if isinstance(a, Expr) else a for a in e.args]
        return self._name(e.func(*arguments))

    def _absolute(self, e: Abs) -> Expr:
        inside = factor(together(e.args[0])) if e.args[0].count_ops() <= _SMALL else e.args[0]
        if inside.is_nonnegative or inside.is_nonpositive:
            return self.flat(inside) if inside.is_nonnegative else -self.flat(inside)
        inside = expand(inside)
        return self._name(("abs", -inside if inside.could_extract_minus_sign() else inside))

    def _gamma(self, e: Expr) -> Expr:
        inside = _argument(e)
        return self._name(("gamma", inside)) if inside.is_positive else self._function(e)

    def _log_gamma(self, e: Expr) -> Expr:
        return self._name(("log gamma", expand(e.args[0])))

    def _derivative(self, e: Derivative) -> Expr:
        if is_of_a_sum(e):
            return self._name(e)
        done = e.doit()
        return self._name(done) if isinstance(done, Derivative) else self.flat(done)

    def _as_exponentials(self, e: Expr) -> Expr:
        return self.flat(e.rewrite(exp))


_RULES: tuple[tuple[object, Callable[[_Names, Expr], Expr]], ...] = (
    (exp, lambda names, e: names._exponential(e.exp)),
    (Pow, _Names._power),
    (log, _Names._logarithm),
    (Abs, _Names._absolute),
    ((gamma, factorial), _Names._gamma),
    (loggamma, _Names._log_gamma),
    (Derivative, _Names._derivative),
    ((HyperbolicFunction, TrigonometricFunction), _Names._as_exponentials),
    ((Integral, Sum), lambda names, e: names._name(e)),
    (Expr, lambda names, e: names._function(e) if e.is_Function else names._name(e)),
)


def _argument(e: Expr) -> Expr:
    """k! = Gamma(k + 1)."""
    return expand(e.args[0] + 1 if isinstance(e, factorial) else e.args[0])


def _standard_exponent(exponent: Expr) -> Expr:
    """A sum of terms, over a common denominator where a sum stands in one."""
    require_expandable(exponent, 5_000)
    exponent = expand(expand_log(exponent))
    below = [p for p in exponent.atoms(Pow) if p.exp.is_negative and p.base.is_Add]
    if not below:
        return exponent
    require_small(exponent)
    above, denominator = fraction(cancel(together(exponent)))
    content, below = expand(denominator).as_content_primitive()
    if not below.free_symbols:
        return expand(above / denominator)
    whole, rest = div(above, below, *sorted(below.free_symbols, key=str))
    return Add(*(term / content / part for end, part in ((whole, 1), (rest, below)) for term in _terms(end)))


def _terms(expression: Expr) -> tuple[Expr, ...]:
    return Add.make_args(expand(expression))


def _factors(expression: Expr) -> list[tuple[Expr, Expr]]:
    """Factors and their powers; a sum is factored too, unless it is large, over its common denominator."""
    if expression.is_Mul:
        return [pair for part in expression.args for pair in _factors(part)]
    if isinstance(expression, exp):
        return [(expression, S.One)]
    if expression.is_Pow and (expression.base.is_positive or expression.exp.is_Integer):
        return [(base, power * expression.exp) for base, power in _factors(expression.base)]
    if not expression.is_Add:
        return [(expression, S.One)]
    if expression.count_ops() > _SMALL:
        return [(expand(expression), S.One)]
    factored = factor(together(expression))
    if factored.is_Add:
        content, rest = factored.as_content_primitive()
        return [(content, S.One), (expand(rest), S.One)] if content != 1 else [(expand(factored), S.One)]
    if factored.is_Pow:
        return [(expand(factored.base), factored.exp)]
    parts = [
        (p.base, p.exp) if p.is_Pow and not isinstance(p, exp) else (p, S.One) for p in factored.as_ordered_factors()
    ]
    return [(expand(base) if base.is_Add else base, power) for base, power in parts]


Fraction = tuple[PolyElement, dict[PolyElement, int]]  # numerator, and the factors of the denominator with their powers


class _Polynomials:
    """Fractions of polynomials in some symbols, with rational coefficients; every product is counted."""

    def __init__(self, symbols: tuple[Symbol, ...], roots: list[tuple[Dummy, int, Expr]], budget: Budget) -> None:
        self._ring, *elements = ring(symbols, QQ)
        self._roots = roots
        self._element = dict(zip(symbols, elements, strict=True))
        self._budget = budget
        self._values: dict[Expr, Fraction] = {}

    def value(self, e: Expr) -> Fraction:
        """The expression as a fraction."""
        if e not in self._values:
            self._values[e] = self._value(e)
        return self._values[e]

    def _value(self, e: Expr) -> Fraction:
        if e.is_Rational:
            return self._ring(QQ(e.p, e.q)), {}
        if e.is_Symbol:
            return self._element[e], {}
        if e.is_Add:
            return reduce(self._sum, (self.value(argument) for argument in e.args))
        if e.is_Mul:
            return reduce(self._product, (self.value(argument) for argument in e.args))
        if e.is_Pow and e.exp.is_Integer:
            base = self.value(e.base)
            return self._whole_power(base if e.exp > 0 else self._inverse(base), abs(int(e.exp)))
        raise Undecided("it holds a part that is not understood")

    def times(self, a: PolyElement, b: PolyElement) -> PolyElement:
        """The product, counted."""
        self._budget.spend(len(a) * len(b))
        return a * b

    def _power(self, a: PolyElement, k: int) -> PolyElement:
        if len(a) == 1:
            return a**k
        return reduce(self.times, [a] * k, self._ring(1))

    def _sum(self, a: Fraction, b: Fraction) -> Fraction:
        below = {f: max(a[1].get(f, 0), b[1].get(f, 0)) for f in {**a[1], **b[1]}}
        raised = []
        for above, own in (a, b):
            for f, k in below.items():
                if missing := k - own.get(f, 0):
                    above = self.times(above, self._power(f, missing))
            raised.append(above)
        self._budget.spend(len(raised[0]) + len(raised[1]))
        return raised[0] + raised[1], below

    def _product(self, a: Fraction, b: Fraction) -> Fraction:
        below = {f: a[1].get(f, 0) + b[1].get(f, 0) for f in {**a[1], **b[1]}}
        return self.times(a[0], b[0]), below

    def _whole_power(self, a: Fraction, k: int) -> Fraction:
        return self._power(a[0], k), {f: k * own for f, own in a[1].items()}

    def _inverse(self, a: Fraction) -> Fraction:
        above, below = a
        if self.vanishes(above):
            raise Undecided("it divides by 0")
        number = self._ring(1)
        for f, k in below.items():
            number = self.times(number, self._power(f, k))
        if len(above) == 1:
            (powers, coefficient), *_ = above.terms()
            factors = {self._element_at(i): k for i, k in enumerate(powers) if k}
            return number * (1 / coefficient), factors
        return number * (1 / above.LC), {above * (1 / above.LC): 1}

    def _element_at(self, index: int) -> PolyElement:
        return self._ring.gens[index]

    def vanishes(self, number: PolyElement) -> bool:
        """Whether the polynomial is 0, its roots being what they are."""
        left = [number]
        for root, power, base in reversed(self._roots):
            left = [rest for polynomial in left for rest in self._without_root(polynomial, root, power, base)]
        return not any(left)

    def _without_root(self, number: PolyElement, root: Symbol, power: int, base: Expr) -> list[PolyElement]:
        """What must vanish for the polynomial to: with root^power = base, one polynomial for each lower power."""
        place = self._ring.gens.index(self._element[root])
        if not any(powers[place] for powers in number.monoms()):
            return [number]
        shares: dict[int, dict[int, PolyElement]] = {}
        for powers, coefficient in number.terms():
            times, rest = divmod(powers[place], power)
            lowered = (*powers[:place], 0, *powers[place + 1 :])
            share = shares.setdefault(rest, {})
            share[times] = share.get(times, self._ring(0)) + self._ring({lowered: coefficient})
        above, below = self.value(base)
        denominator = reduce(self.times, (self._power(f, k) for f, k in below.items()), self._ring(1))
        found = []
        for share in shares.values():
            most = max(share)
            terms = (
                self.times(self.times(c, self._power(above, k)), self._power(denominator, most - k))
                for k, c in share.items()
            )
            found.append(sum(terms, self._ring(0)))
        return found
