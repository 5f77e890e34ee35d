"""The symbols of every formula, each made once, with how it is printed and where it is sampled.

p is always the target and q the approximation. A symbol that belongs to one of them ends in _p or _q, so that
exchanging the two roles is a renaming (`exchange_roles`). There is no bare sigma.
"""

from functools import lru_cache

from sympy import Dummy, Eq, Expr, Function, Integral, MatrixSymbol, Symbol, exp, log, oo, pi, sqrt
from sympy.core.relational import Relational

Pair = tuple[Expr, Expr]

x = Symbol("x", real=True)
z = Symbol("z", real=True)
t = Symbol("t", positive=True)

mu_p, mu_q = Symbol("mu_p", real=True), Symbol("mu_q", real=True)
sigma_p, sigma_q = Symbol("sigma_p", positive=True), Symbol("sigma_q", positive=True)
# The mean, standard deviation and entropy of a target of any shape.
mean_p, std_p, entropy_p = Symbol("m_p", real=True), Symbol("s_p", positive=True), Symbol("H_p", real=True)

w = Symbol("w", positive=True)
mu_1, mu_2 = Symbol("mu_1", real=True), Symbol("mu_2", real=True)
sigma_1, sigma_2 = Symbol("sigma_1", positive=True), Symbol("sigma_2", positive=True)
half_distance = Symbol("a", positive=True)
alpha = Symbol("alpha", positive=True)
rho = Symbol("rho", real=True)
epsilon = Symbol("epsilon", real=True)

# Densities without a stated form. q carries its parameters, so that it can be differentiated by them.
p_of_x = Function("p", positive=True)(x)
q_of_x = Function("q", positive=True)(x, mu_q, sigma_q)

# The size of a vector or of a sum, and the indices of sums.
n = Symbol("n", integer=True, positive=True)
i, j = Symbol("i", integer=True, positive=True), Symbol("j", integer=True, positive=True)

# Where a symbol is sampled, if not in the range of its kind (see `sampling`).
RANGES = {
    w: (0.15, 0.85),
    alpha: (0.15, 0.85),
    rho: (-0.85, 0.85),
    half_distance: (0.5, 1.1),
}

# Shapes of gamma, beta and Dirichlet stay above 1: below it the density is infinite at an end, and a quadrature of 50
# digits is not to be had there.
_SHAPES = (f"{stem}_{role}" for stem in ("a", "b", "a_1", "a_2", "a_3") for role in "pq")
RANGES |= {Symbol(name, positive=True): (1.6, 3.4) for name in _SHAPES}


def quantity(name: str, *parameters: Expr) -> Expr:
    """A quantity by name, as a function of the symbols it depends on. Its function remembers which these are, so that
    the quantity at other values of them is known for what it is: D at mu_q = mu_p is no other D.
    """
    return Function(name, real=True, signature=parameters)(*parameters)


def forward(*parameters: Symbol) -> Expr:
    """D(p||q) = E_p[log p - log q], as a function of the symbols it depends on."""
    return quantity("D_forward", *parameters)


def reverse(*parameters: Symbol) -> Expr:
    """D(q||p) = E_q[log q - log p], as a function of the symbols it depends on."""
    return quantity("D_reverse", *parameters)


def moved(of: Expr) -> tuple[Pair, ...]:
    """Where a quantity is taken at other values of its parameters than their names: parameter and value."""
    signature = getattr(of.func, "signature", of.args)
    return tuple((name, value) for name, value in zip(signature, of.args, strict=True) if name != value)


def taylor(quantity: Expr, by: Symbol, order: int) -> Expr:
    """The Taylor polynomial of a quantity around 0, as the name on the left of an equation."""
    return Function("Taylor", real=True)(quantity, by, order)


def equation(left: Expr, right: Expr) -> Eq:
    """left = right, kept as written: SymPy would otherwise decide it or turn it round."""
    return Eq(left, right, evaluate=False)


def gaussian_log_density(mean: Expr, std: Expr, at: Expr = x) -> Expr:
    """log N(x; mean, std) = -(x - mean)^2 / (2 std^2) - log std - log(2 pi)/2."""
    return -((at - mean) ** 2) / (2 * std**2) - log(std) - log(2 * pi) / 2


def gaussian_density(mean: Expr, std: Expr, at: Expr = x) -> Expr:
    """N(x; mean, std) = exp(-(x - mean)^2 / (2 std^2)) / (std sqrt(2 pi))."""
    return exp(-((at - mean) ** 2) / (2 * std**2)) / (std * sqrt(2 * pi))


class Normal(Function):
    """The density N(x; mean, std) of a Gaussian at x, by its name. `explicit` writes it out."""

    nargs = 3

    @property
    def explicit(self) -> Expr:
        """exp(-(x - mean)^2 / (2 std^2)) / (std sqrt(2 pi))."""
        at, mean, std = self.args
        return gaussian_density(mean, std, at)

    def _eval_is_positive(self) -> bool:
        return True

    def _eval_is_real(self) -> bool:
        return True


def expectation(density: Expr, body: Expr, variable: Symbol = x) -> Integral:
    """E[body] under a density on the real line, as the integral that it is."""
    return Integral(density * body, (variable, -oo, oo))


@lru_cache(maxsize=1024)
def counterpart(symbol: Symbol | MatrixSymbol) -> Symbol | MatrixSymbol:
    """The same symbol of the other distribution: mu_p <-> mu_q; others stay."""
    stem, _, role = symbol.name.rpartition("_")
    if not stem or role not in ("p", "q"):
        return symbol
    name = f"{stem}_{'q' if role == 'p' else 'p'}"
    if isinstance(symbol, MatrixSymbol):
        return MatrixSymbol(name, *symbol.shape)
    return Symbol(name, **symbol.assumptions0)


def exchange_roles(expression: Expr | Relational) -> Expr | Relational:
    """The expression with p and q exchanged, symbol by symbol. D(p||q) becomes D(q||p), of the same parameters."""
    if isinstance(expression, Relational):
        return expression.func(*(exchange_roles(side) for side in expression.args), evaluate=False)
    quantities = {f: Dummy() for f in expression.atoms(Function) if f.func.__name__ in ("D_forward", "D_reverse")}
    masked = expression.xreplace(quantities)
    named = (s for s in masked.atoms(Symbol, MatrixSymbol) if not isinstance(s, Dummy))
    renamed = masked.xreplace({s: counterpart(s) for s in named})
    return renamed.xreplace({mask: _other_direction(f) for f, mask in quantities.items()})


def _other_direction(divergence: Expr) -> Expr:
    """D(q||p) for D(p||q), of the same parameters, and the other way round."""
    name = {"D_forward": "D_reverse", "D_reverse": "D_forward"}[divergence.func.__name__]
    return Function(name, real=True, signature=divergence.func.signature)(*divergence.args)
