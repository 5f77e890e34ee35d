"""Is an expression from outside identically zero? The effort is bounded, whatever the expression.

`zero.is_zero` ends in SymPy's simplifier, which can take minutes; that suits formulas of our own. Here an expression is
rewritten by identities of real numbers into a polynomial in atoms (symbols, logarithms, exponentials, roots,
reciprocals), and it is 0 if no term is left. Every rule holds wherever the expression is defined over the reals, so a
True is a proof; a False says that these rules did not find one.
"""

from fractions import Fraction

from sympy import Abs, Add, E, Expr, Mul, Pow, Rational, Symbol, digamma, exp, factorint, log, loggamma, pi, polygamma

from kl_engine.symbolic.recognise.algebra.polynomial import (
    ONE,
    Monomial,
    Polynomial,
    TooMuchWork,
    Workshop,
    common_factor,
    raised,
    times,
)

WORK = 40_000  # products of terms, more for long coefficients: under half a second
_LARGEST_POWER = 1000  # of a prime, in a coefficient
_FACTORED = 10**12  # larger integers are not taken apart


def proves_zero(expression: Expr, work: int = WORK) -> bool:
    """True only if the expression is 0 wherever it is defined. False: not proved within the work allowed."""
    try:
        return _Rewriting(work).vanishes(expression)
    except TooMuchWork:
        return False


class _Rewriting(Workshop):
    """One proof: its atoms, and the rules. An atom is known by its kind and content, and numbered as it is found."""

    def __init__(self, allowed: int) -> None:
        super().__init__(allowed)
        self._numbers: dict[tuple, int] = {}
        self._atoms: list[tuple] = []

    def vanishes(self, expression: Expr) -> bool:
        polynomial = self.polynomial(expression)
        # A reciprocal is multiplied away, a root squared back; each can bring up others, all of them made earlier.
        for atom in reversed(range(len(self._atoms))):
            polynomial = self.without(atom, polynomial)
        return not self.add([self.counted(monomial, number) for monomial, number in polynomial.items()])

    def counted(self, monomial: Monomial, number: Fraction) -> Polynomial:
        """Whole powers of prime atoms, which come from roots of numbers, taken into the coefficient."""
        rest = []
        for atom, exponent in monomial:
            kind, content = self._atoms[atom]
            whole = exponent // 1 if kind == "prime" else Fraction(0)
            if abs(whole) > _LARGEST_POWER:
                raise TooMuchWork
            number *= Fraction(content) ** int(whole) if whole else 1
            rest += [(atom, exponent - whole)] if exponent != whole else []
        return {tuple(rest): number}

    def atom(self, kind: str, content: object) -> int:
        key = (kind, frozenset(content.items()) if isinstance(content, dict) else content)
        if key not in self._numbers:
            self._numbers[key] = len(self._atoms)
            self._atoms.append((kind, content))
        return self._numbers[key]

    def term(self, kind: str, content: object, exponent: Fraction | int = 1) -> Monomial:
        return ((self.atom(kind, content), Fraction(exponent)),)

    def is_positive(self, monomial: Monomial) -> bool:
        return all(self._atoms[atom][0] in ("positive", "prime", "exp", "root") for atom, _ in monomial)

    def polynomial(self, expression: Expr) -> Polynomial:
        self.spend(1)
        if expression.is_Rational:
            value = Fraction(expression.p, expression.q)
            return {(): value} if value else {}
        if isinstance(expression, Symbol) or expression is pi:
            positive = "positive" if expression.is_positive else "real"
            return {self.term(positive, expression): Fraction(1)}
        if isinstance(expression, Add):
            return self.add([self.polynomial(part) for part in expression.args])
        if isinstance(expression, Mul):
            result = ONE
            for part in expression.args:
                result = self.multiply(result, self.polynomial(part))
            return result
        if isinstance(expression, exp) or expression is E:
            return self.exponential(expression.exp if isinstance(expression, exp) else Rational(1))
        if isinstance(expression, Pow) and expression.exp.is_Rational:
            return self.power(expression.base, Fraction(expression.exp.p, expression.exp.q))
        if isinstance(expression, log):
            return self.logarithm(expression.args[0])
        if isinstance(expression, loggamma | digamma) or isinstance(expression, polygamma) and expression.args[0] == 0:
            kind = "loggamma" if isinstance(expression, loggamma) else "digamma"
            return {self.term(kind, frozenset(self.polynomial(expression.args[-1]).items())): Fraction(1)}
        if isinstance(expression, Abs):
            inside = self.polynomial(expression.args[0])
            return self.root(self.multiply(inside, inside), Fraction(1, 2))
        raise TooMuchWork  # no rule for it

    def power(self, base: Expr, exponent: Fraction) -> Polynomial:
        inside = self.polynomial(base)
        if exponent.denominator != 1:
            return self.root(inside, exponent)
        if exponent > 0:
            return self.repeated(inside, int(exponent))
        return self.repeated(self.reciprocal(inside), int(-exponent))

    def reciprocal(self, polynomial: Polynomial) -> Polynomial:
        """1/P = N^k / (c m P') where P = c m P' R^k, with a number c, a monomial m and reciprocals R = 1/N."""
        above, freed = self.cleared(polynomial)
        number, monomial, rest = self.parted(above)
        inverse = raised(monomial, Fraction(-1))
        if rest != ONE:
            inverse = times(inverse, self.term("reciprocal", rest))
        result = {inverse: 1 / number}
        for atom, exponent in freed:
            result = self.multiply(result, self.repeated(self._atoms[atom][1], int(exponent)))
        return result

    def root(self, polynomial: Polynomial, exponent: Fraction) -> Polynomial:
        """P^(a/b), where P >= 0: positive factors come out, the rest is an atom that stands for P' >= 0."""
        number, monomial, rest = self.parted(polynomial)
        outside = tuple(pair for pair in monomial if self.is_positive((pair,)))
        inside = tuple(pair for pair in monomial if not self.is_positive((pair,)))
        sign = 1 if number > 0 else -1
        rest = self.multiply({inside: Fraction(sign)}, rest)
        result = times(raised(outside, exponent), self.primes(abs(number), exponent))
        if rest != ONE:
            result = times(result, self.term("root", rest, exponent))
        return {result: Fraction(1)}

    def primes(self, number: Fraction, exponent: Fraction | int = 1) -> Monomial:
        """A positive number as a product of powers of primes."""
        result: Monomial = ()
        for part, sign in ((number.numerator, 1), (number.denominator, -1)):
            factors = factorint(part) if part < _FACTORED else {part: 1}
            for prime, count in factors.items():
                if prime != 1:
                    result = times(result, self.term("prime", prime, sign * count * exponent))
        return result

    def exponential(self, exponent: Expr) -> Polynomial:
        """exp(sum of c m) is the product of exp(m)^c; exp(c log a) is a^c."""
        result = ONE
        for monomial, number in self.polynomial(exponent).items():
            kind, content = self._atoms[monomial[0][0]] if monomial else ("exp", ())
            is_log = kind == "log" and len(monomial) == 1 and monomial[0][1] == 1
            # log stands for log|a| here; for an a of unknown sign exp(c log|a|) is left as it is.
            base = content if is_log and self.is_positive(((content, Fraction(1)),)) else self.atom("exp", monomial)
            result = self.multiply(result, {((base, number),): Fraction(1)})
        return result

    def logarithm(self, inside: Expr) -> Polynomial:
        """log of products and powers as a sum. A log of an atom stands for log|atom|: their sum is what is real."""
        if isinstance(inside, Mul):
            return self.add([self.logarithm(part) for part in inside.args])
        if isinstance(inside, Pow) and inside.exp.is_Rational:
            return self.multiply({(): Fraction(inside.exp.p, inside.exp.q)}, self.logarithm(inside.base))
        if isinstance(inside, exp) or inside is E:
            return self.polynomial(inside.exp if isinstance(inside, exp) else Rational(1))
        return self.log_of_polynomial(self.polynomial(inside))

    def log_of_polynomial(self, polynomial: Polynomial) -> Polynomial:
        above, freed = self.cleared(polynomial)
        number, monomial, rest = self.parted(above)
        factors = times(monomial, self.primes(abs(number)))
        logs = [self.log_of_atom(atom, exponent) for atom, exponent in (*factors, *freed)]
        if rest != ONE:
            logs.append(self.log_of_atom(self.atom("reciprocal", rest), Fraction(-1)))
        return self.add(logs)

    def log_of_atom(self, atom: int, exponent: Fraction) -> Polynomial:
        kind, content = self._atoms[atom]
        if kind == "exp":
            return {content: exponent}
        if kind == "root":
            return self.multiply({(): exponent}, self.log_of_polynomial(content))
        return {self.term("log", atom): exponent}

    def parted(self, polynomial: Polynomial) -> tuple[Fraction, Monomial, Polynomial]:
        """P = number * monomial * rest, the rest with one leading coefficient 1 and no common factor."""
        if not polynomial:
            raise TooMuchWork  # a root, a logarithm or a reciprocal of 0
        self.spend(len(polynomial))
        monomial = common_factor(polynomial)
        inverse = raised(monomial, Fraction(-1))
        rest = {times(inverse, m): c for m, c in polynomial.items()}
        number = rest[max(rest)]
        return number, monomial, {m: c / number for m, c in rest.items()}

    def cleared(self, polynomial: Polynomial) -> tuple[Polynomial, Monomial]:
        """P = above * freed: the polynomial without reciprocals, and the powers of those that it was freed of."""
        freed: Monomial = ()
        for atom in {a for m in polynomial for a, _ in m if self._atoms[a][0] == "reciprocal"}:
            most = max(dict(m).get(atom, Fraction(0)) for m in polynomial)
            freed = times(freed, ((atom, most),))
            polynomial = self.without(atom, polynomial)
        return polynomial, freed

    def without(self, atom: int, polynomial: Polynomial) -> Polynomial:
        """Multiplied by P until no 1/P is left; and whole powers of a root of P as powers of P."""
        kind, content = self._atoms[atom]
        if kind not in ("reciprocal", "root"):
            return polynomial
        found = [(dict(m).get(atom, Fraction(0)), m, c) for m, c in polynomial.items()]
        most = max((e for e, *_ in found), default=0)
        least = min((e for e, *_ in found), default=0)
        parts = []
        for exponent, monomial, c in found:
            # Times P^most, or the root as often as makes all its exponents at least 0.
            whole = most - exponent if kind == "reciprocal" else (exponent - min(least, 0)) // 1
            left = 0 if kind == "reciprocal" else exponent - min(least, 0) - whole
            bare = tuple(pair for pair in monomial if pair[0] != atom)
            bare = times(bare, ((atom, left),)) if left else bare
            parts.append(self.multiply({bare: c}, self.repeated(content, int(whole))))
        return self.add(parts)
