"""Expressions as LaTeX, as a textbook sets them. The order of terms and factors is that of `terms`."""

import re

from sympy import (
    Add,
    Basic,
    ComplexRootOf,
    Derivative,
    Expr,
    Indexed,
    Integer,
    Integral,
    Lambda,
    Limit,
    Mul,
    Pow,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    cosh,
    floor,
    log,
    oo,
)
from sympy.core.function import AppliedUndef, _coeff_isneg
from sympy.core.relational import Equality, Relational
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter, translate

from kl_engine.symbolic.proof.notation import Normal, counterpart, moved, n, x, z
from kl_engine.symbolic.proof.writing.terms import is_operator, ordered_factors, ordered_terms, signed

_DECIMALS = 10
_NUMBERED = re.compile(r"^([a-zA-Z]+)(\d+)$")
_DENSITIES = ("p", "q")
_NAMES = {"D_forward": r"D(p \,\|\, q)", "D_reverse": r"D(q \,\|\, p)", "D_alpha": r"D_{\alpha}(p \,\|\, q)"}
_NAMES |= {"kappa": r"\kappa", "K": "K", "F": "F"}
_WORDS = {"prior": r"\operatorname{prior}", "likelihood": r"\operatorname{likelihood}"}


class Printer(LatexPrinter):
    """SymPy's printer, with quantities by name, expectations as E, and terms and factors in a textbook's order."""

    # Sums and products

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        shown = ""
        for term in ordered_terms(expr):
            negative, bare = signed(term)
            text = self._print(bare)
            if isinstance(bare, Add):
                text = self._bracketed(text)
            sign = " - " if negative else " + "
            shown = f"{shown}{sign}{text}" if shown else ("- " if negative else "") + text
        return shown

    def _print_Mul(self, expr: Mul) -> str:
        negative, bare = signed(expr)
        if negative:
            inside = self._print(bare)
            return f"- {inside}" if not isinstance(bare, Add) else f"- {self._bracketed(inside)}"
        number, _ = bare.as_coeff_Mul(rational=True)
        weights, above, below, after = _sorted_factors(bare)
        number, above = _contents_taken_out(number, above)
        share, below = _contents_taken_out(S.One, below)
        number, top, bottom = _roots_joined(number / share, above, below)
        if weights:
            rest = number * Mul(*top, *after) / Mul(*bottom)
            return f"{self._product(weights)} {self._factor(rest)}" if rest != 1 else self._product(weights)
        if bottom == [] and number.q == 1:
            return self._product([*_number(number.p, bool(top or after)), *top, *after])
        if _are_roots(top, bottom) and number == 1:
            return self._product([Pow(top[0].base / bottom[0].base, S.Half, evaluate=False), *after])
        if any(isinstance(f, (Integral, Sum)) for f in bottom):
            top, after = [*top, *after], []
        if not _in_symbols(bottom) and any(isinstance(f, Add) for f in top):
            share = self._fraction(_number(number.p), [*_number(number.q, bool(bottom)), *bottom])
            return f"{share} {self._product([*top, *after])}"
        upper = [*_number(number.p, bool(top)), *top]
        fraction = self._fraction(upper, [*_number(number.q, bool(bottom)), *bottom])
        return f"{fraction} {self._product(after)}" if after else fraction

    def _fraction(self, above: list[Expr], below: list[Expr]) -> str:
        return rf"\frac{{{self._product(above)}}}{{{self._product(below)}}}"

    def _product(self, factors: list[Expr]) -> str:
        """Factors side by side, sums in brackets; between numbers a dot."""
        if len(factors) == 1:
            return self._print(factors[0])
        shown = [self._factor(f) for f in factors]
        between = self._settings["mul_symbol_latex"] if self._settings["mul_symbol"] else " "
        return between.join(shown)

    def _factor(self, factor: Expr) -> str:
        text = self._print(factor)
        return rf"\left({text}\right)" if isinstance(factor, Add) or _is_negative_number(factor) else text

    def _print_Pow(self, expr: Pow) -> str:
        base, power = expr.base, expr.exp
        if power == -S.Half or power == S.Half:
            root = rf"\sqrt{{{self._print(base)}}}"
            return root if power > 0 else rf"\frac{{1}}{{{root}}}"
        if isinstance(base, cosh) and power.is_Integer and power < 0:
            return self._named_function(r"\operatorname{sech}", base.args[0], -power)
        if base is S.Exp1:
            return self._print_exp_of(power)
        if _is_below(expr):
            return rf"\frac{{1}}{{{self._print(Pow(base, -power))}}}"
        if isinstance(base, log):
            return rf"\left({self._print(base)}\right)^{{{self._print(power)}}}"
        if isinstance(base, AppliedUndef) and base.func.__name__ not in _NAMES and not hasattr(base.func, "signature"):
            return rf"{self._print(base)}^{{{self._print(power)}}}"
        if base.is_Function and not isinstance(base, AppliedUndef):
            return self._function_power(base, power)
        inside = self._print(base)
        simple = base.is_Symbol or isinstance(base, Indexed) or (base.is_Integer and base >= 0)
        return f"{inside if simple else self._bracketed(inside)}^{{{self._whole(power)}}}"

    def _whole(self, expr: Expr) -> str:
        """A sum like a/2 + 1/2 over its one denominator, as it stands in an exponent or an argument."""
        negative, bare = (True, -expr) if all(map(_coeff_isneg, Add.make_args(expr))) else (False, expr)
        content, rest = bare.as_content_primitive() if isinstance(bare, Add) else (S.One, bare)
        if content.q == 1 or not _is_plain(rest):
            return self._print(expr)
        shown = self._fraction([*_number(content.p, True), rest], [Integer(content.q)])
        return f"- {shown}" if negative else shown

    def _function_power(self, base: Expr, power: Expr) -> str:
        name = getattr(base, "func", type(base)).__name__
        if name in ("cosh", "sinh", "tanh"):
            return self._named_function(rf"\{name}", base.args[0], power)
        return rf"\left({self._print(base)}\right)^{{{self._print(power)}}}"

    @staticmethod
    def _bracketed(inside: str) -> str:
        return rf"\left({inside}\right)"

    def _print_exp_of(self, power: Expr) -> str:
        return rf"e^{{{self._print(power)}}}"

    def _print_ExpBase(self, expr: Expr, exp: str | None = None) -> str:
        shown = self._print_exp_of(expr.args[0])
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    # Functions

    def _print_log(self, expr: Expr, exp: str | None = None) -> str:
        shown = self._named_function(r"\log", expr.args[0])
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _named_function(self, name: str, of: Expr, power: Expr | None = None) -> str:
        """A function by its name: without brackets where one symbol, one fraction or a short product stands."""
        inside = self._print(of)
        raised = name if power is None else f"{name}^{{{self._print(power)}}}"
        return f"{raised} {inside}" if _needs_no_brackets(of, inside) else rf"{raised}\left({inside}\right)"

    def _print_tanh(self, expr: Expr, exp: str | None = None) -> str:
        return self._named_function(r"\tanh", expr.args[0], None if exp is None else Symbol(exp))

    def _print_cosh(self, expr: Expr, exp: str | None = None) -> str:
        return self._named_function(r"\cosh", expr.args[0], None if exp is None else Symbol(exp))

    def _print_sinh(self, expr: Expr, exp: str | None = None) -> str:
        return self._named_function(r"\sinh", expr.args[0], None if exp is None else Symbol(exp))

    def _print_gamma(self, expr: Expr, exp: str | None = None) -> str:
        inside = self._whole(expr.args[0])
        shown = rf"\Gamma\left({inside}\right)" if r"\frac" in inside else rf"\Gamma({inside})"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

    def _print_polygamma(self, expr: Expr, exp: str | None = None) -> str:
        name = r"\psi" if expr.args[0] == 0 else rf"\psi^{{({self._print(expr.args[0])})}}"
        shown = rf"{name}({self._print(expr.args[1])})"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

    def _print_Abs(self, expr: Expr, exp: str | None = None) -> str:
        (inside,) = expr.args
        turned = -inside if inside.coeff(x).is_negative else inside
        shown = rf"\left|{self._print(turned)}\right|"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

    def _print_loggamma(self, expr: Expr, exp: str | None = None) -> str:
        shown = rf"\log \Gamma({self._print(expr.args[0])})"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _print_Normal(self, expr: Normal, exp: str | None = None) -> str:
        at, mean, std = expr.args
        return rf"{_gaussian(self, mean, std, at)}"

    def _print_Function(self, expr: AppliedUndef, exp: str | None = None) -> str:
        if not isinstance(expr, AppliedUndef):
            return super()._print_Function(expr, exp)
        shown = self._quantity(expr)
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _quantity(self, expr: AppliedUndef) -> str:
        name, arguments = expr.func.__name__, expr.args
        special = {"Taylor": self._taylor, "H": self._hessian, "least": self._least, "argmin": self._least}.get(name)
        if special is not None:
            return special(expr)
        if name == "gradient":
            return rf"\nabla_{{\!{self._print(arguments[1])}}} {self._print(arguments[0])}"
        if hasattr(expr.func, "signature"):
            return self._at(self._name_of(name), moved(expr), expr)
        if name == "r":  # responsibilities: the index as such
            return rf"r_{{{self._print(arguments[0])}}}({self._print(arguments[1])})"
        shown = arguments if name in ("A", "gap") else _variables(arguments)
        label = _WORDS.get(name) or self._deal_with_super_sub(name)
        return rf"{label}({', '.join(self._print(a) for a in shown)})"

    def _name_of(self, name: str) -> str:
        if name.startswith("E_q_"):
            return rf"\mathbb{{E}}_{{q}}\left[{name.removeprefix('E_q_')}(x)\right]"
        return _NAMES.get(name) or self._deal_with_super_sub(name)

    def _at(self, shown: str, places: tuple, quantity: Expr) -> str:
        """A quantity at a point: a bar with what its parameters are there."""
        if not places:
            return shown
        if _is_target(places, quantity):
            return rf"\left. {shown} \right|_{{q = p}}"
        listed = r",\, ".join(f"{self._print(name)} = {self._print(value)}" for name, value in places)
        return rf"\left. {shown} \right|_{{{listed}}}"

    def _taylor(self, expr: AppliedUndef) -> str:
        return rf"T_{{{expr.args[2]}}}\left[{self._print(expr.args[0])}\right]"

    def _hessian(self, expr: AppliedUndef) -> str:
        of, *rest = expr.args
        by, at = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        places = tuple((s, v) for s, v in zip(by, at, strict=True) if s != v)
        symbols = r",\,".join(map(self._print, by))
        return self._at(rf"\nabla^{{2}}_{{\!({symbols})}} {self._print(of)}", places, of)

    def _least(self, expr: AppliedUndef) -> str:
        of, *by = expr.args
        name = r"\min" if expr.func.__name__ == "least" else r"\operatorname*{arg\,min}"
        return rf"{name}_{{{', '.join(map(self._print, by))}}} {self._print(of)}"

    # Derivatives, integrals, sums, limits

    def _print_Derivative(self, expr: Derivative) -> str:
        of, counts = expr.expr, expr.variable_count
        if isinstance(of, (AppliedUndef, log)) and len(counts) == 1:
            (variable, order) = counts[0]
            inside = of.args[0] if isinstance(of, log) else of
            is_of_x = isinstance(inside, AppliedUndef) and inside.args[:1] == (variable,) and variable in (x, z)
            if is_of_x and order <= 3:
                primes = "'" * int(order)
                return self._primed(of, inside, variable, primes)
        places = moved(of) if hasattr(getattr(of, "func", None), "signature") else ()
        base = of.func(*of.func.signature) if places else of
        total = sum(order for _, order in counts)
        raised = "" if total == 1 else f"^{{{self._print(total)}}}"
        sign = r"\partial" if _is_of_several(of) else "d"
        below = " ".join(
            rf"{sign} {self._print(v)}" + ("" if order == 1 else f"^{{{self._print(order)}}}") for v, order in counts
        )
        shown = self._print(base)
        if isinstance(of, AppliedUndef):
            return self._at(rf"\frac{{{sign}{raised} {shown}}}{{{below}}}", places, of)
        return rf"\frac{{{sign}{raised}}}{{{below}}} {shown if not isinstance(of, Add) else self._bracketed(shown)}"

    def _primed(self, of: Expr, inside: Expr, variable: Symbol, primes: str) -> str:
        name = self._print(inside).split("(")[0]
        label = rf"(\log {name})" if isinstance(of, log) else name
        return rf"{label}{primes}({self._print(variable)})"

    def _print_Subs(self, expr: Subs) -> str:
        """A derivative at a place: the name of the parameter in place of the dummy that SymPy puts there."""
        derivative, (dummy,), (value,) = expr.args
        of = derivative.expr if isinstance(derivative, Derivative) else derivative
        if not hasattr(getattr(of, "func", None), "signature"):
            return super()._print_Subs(expr)
        name = of.func.signature[of.args.index(dummy)]
        inside = derivative.xreplace({dummy: name})
        places = (*moved(inside.expr if isinstance(inside, Derivative) else inside), (name, value))
        at_names = Derivative(of.func(*of.func.signature), *inside.variable_count)
        return self._at(self._print(at_names), places, of)

    def _print_Integral(self, expr: Integral) -> str:
        density = _density_of(expr)
        if density is None:
            return self._plain_integral(expr)
        under = _gaussian(self, *density.args[1:]) if isinstance(density, Normal) else density.func.__name__
        under = under if isinstance(density, Normal) else self._deal_with_super_sub(under)
        return rf"\mathbb{{E}}_{{{under}}}\left[{self._print(expr.function / density)}\right]"

    def _plain_integral(self, expr: Integral) -> str:
        signs, ends = [], []
        for variable, *limits in expr.limits:
            low, high = limits or ("", "")
            signs.append(rf"\int_{{{self._print(low)}}}^{{{self._print(high)}}}" if limits else r"\int")
            ends.append(rf"\, d{self._print(variable)}")
        body = self._print(expr.function)
        body = self._bracketed(body) if isinstance(expr.function, Add) else body
        return f"{' '.join(reversed(signs))} {body}{''.join(ends)}"

    def _print_Sum(self, expr: Sum) -> str:
        if (density := _density_of(expr)) is not None:
            return rf"\mathbb{{E}}_{{{density.func.__name__}}}\left[{self._print(expr.function / density)}\right]"
        ((index, low, high),) = expr.limits
        body = self._print(expr.function)
        body = self._bracketed(body) if isinstance(expr.function, Add) else body
        if (low, high) == (1, n):
            return rf"\sum_{{{self._print(index)}}} {body}"
        return rf"\sum_{{{self._print(index)}={self._print(low)}}}^{{{self._print(high)}}} {body}"

    def _print_Limit(self, expr: Limit) -> str:
        of, variable, at, *_ = expr.args
        return rf"\lim_{{{self._print(variable)} \to {self._print(at)}}} {self._print(of)}"

    def _print_NoiseMean(self, expr: Expr) -> str:
        return rf"\mathbb{{E}}_{{z}}\left[{self._print(expr.args[0])}\right]"

    def _print_FieldMean(self, expr: Expr) -> str:
        return rf"\mathbb{{E}}_{{q}}\left[{_field(expr.args[0])}\right]"

    def _print_FieldDerivatives(self, expr: Expr) -> str:
        operator = r"\nabla" if expr.args[1] == 1 else r"\nabla^{2}"
        return rf"\mathbb{{E}}_{{q}}\left[{operator} {_field(expr.args[0])}\right]"

    def _print_LogNormal(self, expr: Expr) -> str:
        at, mean, cov = map(self._print, expr.args)
        return rf"\log \mathcal{{N}}\left({at};\, {mean},\, {cov}\right)"

    # Symbols, vectors and matrices

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        if expr in self._settings["symbol_names"]:
            return self._settings["symbol_names"][expr]
        return _with_subscripts(expr.name)

    def _print_MatrixSymbol(self, expr: Expr) -> str:
        return self._settings["symbol_names"].get(expr) or _with_subscripts(expr.name)

    def _print_Indexed(self, expr: Indexed) -> str:
        name, indices = str(expr.base), ",".join(map(self._print, expr.indices))
        stem, _, role = name.partition("_")
        return f"{translate(stem)}_{{{role + ',' if role else ''}{indices}}}"

    def _print_MatrixElement(self, expr: MatrixElement) -> str:
        if expr.parent.shape == (1, 1):
            return self._print(expr.parent)
        inner = self._print(expr.parent)
        if expr.parent.shape[1] == 1:
            return rf"{inner}_{{{self._print(expr.i + 1)}}}"
        inner = inner if expr.parent.is_symbol and "_" not in inner else rf"({inner})"
        return rf"{inner}_{{{self._print(expr.i + 1)}{self._print(expr.j + 1)}}}"

    def _print_Quadratic(self, expr: Expr) -> str:
        vector, matrix = expr.args
        shown = self._print(vector)
        shown = shown if vector.is_symbol or not vector.is_MatAdd else self._bracketed(shown)
        middle = "" if matrix.is_Identity else f" {self._matrix_factor(matrix)}"
        return rf"{shown}^{{\top}}{middle} {shown}"

    def _print_Transpose(self, expr: Expr) -> str:
        return rf"{self._matrix_factor(expr.arg)}^{{\top}}"

    def _matrix_factor(self, matrix: Expr) -> str:
        shown = self._print(matrix)
        return shown if not (matrix.is_MatAdd or (matrix.is_MatMul and "^" in shown)) else self._bracketed(shown)

    def _in_product(self, matrix: Expr) -> str:
        shown = self._print(matrix)
        is_sum = matrix.is_MatAdd and not all(_is_transposed(term) for term in matrix.args)
        return self._bracketed(shown) if is_sum else shown

    def _print_MatMul(self, expr: Expr) -> str:
        number, matrices = expr.as_coeff_matrices()
        shown = " ".join(self._in_product(m) for m in matrices)
        if number == 1:
            return shown
        return f"- {shown}" if number == -1 else f"{self._print(number)} {shown}"

    def _print_MatAdd(self, expr: Expr) -> str:
        if all(_is_transposed(term) for term in expr.args):
            return rf"{self._bracketed(self._print(expr.T.doit()))}^{{\top}}"
        terms = sorted(expr.args, key=lambda term: (_is_negative_matrix(term), not term.is_symbol, str(term)))
        shown = ""
        for term in terms:
            negative = _is_negative_matrix(term)
            text = self._print(-1 * term if negative else term)
            shown = f"{shown} {'-' if negative else '+'} {text}" if shown else ("- " if negative else "") + text
        return shown

    def _print_Inverse(self, expr: Expr) -> str:
        return rf"{self._matrix_factor(expr.arg)}^{{-1}}"

    def _print_Trace(self, expr: Expr, exp: str | None = None) -> str:
        return rf"\operatorname{{tr}}\left({self._print(expr.arg)}\right)"

    def _print_Determinant(self, expr: Expr, exp: str | None = None) -> str:
        shown = rf"\left|{self._print(expr.arg)}\right|"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

    def _print_ZeroMatrix(self, expr: Expr) -> str:
        return "0"

    def _print_MatrixBase(self, expr: Expr) -> str:
        if expr.shape[1] == 1 and all(entry.is_number for entry in expr) or expr.shape[0] == 1:
            entries = r",\; ".join(self._print(entry) for entry in expr)
            return rf"\left({entries}\right)"
        rows = (" & ".join(self._print(e).replace(r"\frac", r"\dfrac") for e in expr.row(k)) for k in range(expr.rows))
        return r"\begin{pmatrix} " + r" \\[4pt] ".join(rows) + r" \end{pmatrix}"

    _print_ImmutableDenseMatrix = _print_MutableDenseMatrix = _print_MatrixBase

    def _print_ComplexRootOf(self, expr: ComplexRootOf) -> str:
        """A root without a formula by its first decimals, which are cut off and not rounded."""
        sign, digits = ("-" if expr.is_negative else ""), str(floor(abs(expr) * 10**_DECIMALS)).zfill(_DECIMALS + 1)
        return rf"{sign}{digits[:-_DECIMALS]}.{digits[-_DECIMALS:]}\ldots"

    def _print_Relational(self, expr: Relational) -> str:
        if isinstance(expr, Equality) and isinstance(expr.lhs, Lambda):
            (variable,) = expr.lhs.signature
            equal = f"{self._print(expr.lhs.expr)} = {self._print(expr.rhs.expr)}"
            return rf"{equal} \text{{ for all }} {self._print(variable)}"
        signs = {"==": "=", ">": ">", "<": "<", ">=": r"\geq", "<=": r"\leq", "!=": r"\neq"}
        return f"{self._print(expr.lhs)} {signs[expr.rel_op]} {self._print(expr.rhs)}"


def _variables(arguments: tuple[Expr, ...]) -> list[Expr]:
    """What a density is shown to be a function of: its variables, not the parameters that it carries."""
    named = [a for a in arguments if isinstance(a, Symbol) and a.name.split("_")[0] in ("x", "y", "z", "k", "t")]
    return sorted(named, key=str) or list(arguments[:1])


def _field(name: Symbol) -> str:
    return r"\log p(x)" if name.name == "log p" else name.name


def _is_target(places: tuple, of: Expr) -> bool:
    """Whether all parameters of q are those of p."""
    names = getattr(getattr(of, "func", None), "signature", ())
    own = {s for s in names if isinstance(s, Symbol) and s.name.endswith("_q")}
    return bool(own) and {s for s, _ in places} == own and all(value == counterpart(s) for s, value in places)


def _gaussian(printer: Printer, mean: Expr, std: Expr, at: Expr | None = None) -> str:
    variance = printer._print(std**2)
    place = "" if at is None else rf"{printer._print(at)};\, "
    return rf"\mathcal{{N}}({place}{printer._print(mean)},\, {variance})"


def _with_subscripts(name: str) -> str:
    """mu_p -> \\mu_{p}, theta_1_p -> \\theta_{1,p}, s2 -> s_{2}."""
    stem, *rest = _NUMBERED.sub(r"\1_\2", name).split("_")
    return f"{translate(stem)}_{{{','.join(map(translate, rest))}}}" if rest else translate(stem)


def _density_of(total: Integral | Sum) -> Expr | None:
    """The density under which a sum or an integral is a mean. A log ratio stays under its integral, as defined."""
    variables = {limits[0] for limits in total.limits}
    on_line = len(total.limits) == 1 and total.limits[0][1:] == (-oo, oo)
    for factor in Mul.make_args(total.function):
        if isinstance(factor, Normal):
            named = on_line and factor.args[0] in variables
        else:
            name = factor.func.__name__ if isinstance(factor, AppliedUndef) else ""
            named = (name in _DENSITIES or name.startswith("N_")) and set(factor.args[:1]) <= variables
        body = total.function / factor
        if (
            named
            and _is_whole(total)
            and body != 1
            and (on_line or not body.atoms(AppliedUndef))
            and not _is_bare(body)
        ):
            return factor
    return None


def _is_whole(total: Integral | Sum) -> bool:
    """Whether it goes over a whole space: its ends are numbers, or what its other variables leave."""
    ends = {s for _, *limits in total.limits for end in limits for s in end.free_symbols}
    return ends <= {limits[0] for limits in total.limits} | {n}


def _is_plain(total: Expr) -> bool:
    """Whether it is a sum of symbols, whole multiples of symbols and a whole number."""
    parts = (term.as_coeff_Mul(rational=True) for term in Add.make_args(total))
    return isinstance(total, Add) and all(k.is_Integer and (s.is_Symbol or s == 1) for k, s in parts)


def _is_of_several(of: Expr) -> bool:
    """Whether a derivative of it is a partial one: it is a function, or the logarithm of one, of several symbols."""
    inside = of.args[0] if isinstance(of, log) else of
    is_named = hasattr(getattr(inside, "func", None), "signature")
    return is_named or (isinstance(inside, AppliedUndef) and len(inside.free_symbols) > 1)


def _is_bare(body: Expr) -> bool:
    """A function of which nothing is known: its mean is written as the integral that defines it."""
    return isinstance(body, AppliedUndef) and body.func.__name__ == "f"


def _is_below(factor: Expr) -> bool:
    """Whether a factor stands below the line of a fraction."""
    if not isinstance(factor, Pow) or factor.base is S.Exp1 or isinstance(factor.base, cosh):
        return False
    return _coeff_isneg(factor.exp) and not isinstance(factor.exp, Add)


def _are_roots(top: list[Expr], bottom: list[Expr]) -> bool:
    return len(top) == len(bottom) == 1 and _is_root(top[0]) and _is_root(bottom[0])


def _is_transposed(term: Expr) -> bool:
    return any(type(part).__name__ == "Transpose" for part in (term, *term.args))


def _number(value: int, beside_others: bool = False) -> list[Expr]:
    return [] if value == 1 and beside_others else [Integer(value)]


def _is_negative_number(factor: Expr) -> bool:
    return factor.is_Number and factor.is_negative is True


def _is_negative_matrix(term: Expr) -> bool:
    return term.is_MatMul and term.as_coeff_matrices()[0].is_negative is True


def _in_symbols(factors: list[Expr]) -> bool:
    return any(f.free_symbols for f in factors)


def _sorted_factors(expr: Mul) -> tuple[list[Expr], list[Expr], list[Expr], list[Expr]]:
    """Weights that stand in front, the factors above the line, those below it, and those that follow the fraction."""
    weights, above, below, after = [], [], [], []
    for factor in ordered_factors(expr):
        if is_operator(factor):
            after.append(factor)
        elif isinstance(factor, AppliedUndef) and factor.func.__name__ == "r":
            weights.append(factor)
        elif _is_below(factor):
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    return weights, above, below, after


def _contents_taken_out(number: Rational, factors: list[Expr]) -> tuple[Rational, list[Expr]]:
    """2 (a - b) for the 2 a - 2 b that SymPy makes of it."""
    taken = []
    for factor in factors:
        content, rest = factor.as_content_primitive() if isinstance(factor, Add) else (S.One, factor)
        number, factor = (number * content, rest) if content.is_Integer or _is_plain(rest) else (number, factor)
        taken.append(factor)
    return number, taken


def _roots_joined(number: Rational, above: list[Expr], below: list[Expr]) -> tuple[Rational, list[Expr], list[Expr]]:
    """Square roots under one root: sqrt(2)/(2 sqrt(pi) s) is 1/(sqrt(2 pi) s)."""
    over, under = [f for f in above if _is_root(f)], [f for f in below if _is_root(f)]
    above, below = [f for f in above if f not in over], [f for f in below if f not in under]
    for root in list(over):
        if root.base.is_Integer and number.q % root.base == 0:
            over.remove(root)
            under.append(root)
            number = number * root.base
    joined = [[Pow(Mul(*(f.base for f in roots)), S.Half, evaluate=False)] if roots else [] for roots in (over, under)]
    return number, [*above, *joined[0]], [*joined[1], *below]


def _is_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == S.Half


def _needs_no_brackets(of: Expr, inside: str) -> bool:
    if isinstance(of, Add) or inside.startswith("-"):
        return False
    if isinstance(of, Integral):
        return True
    if of.is_Symbol or of.is_Number or isinstance(of, (Indexed, AppliedUndef)) or of.is_Function:
        return not (of.is_Function and inside.startswith(r"\log"))
    if isinstance(of, Pow):
        return not isinstance(of.base, Add) or inside.startswith(r"\frac")
    is_fraction = inside.startswith(r"\frac") and inside.endswith("}") and inside.count(r"\frac") == 1
    plain = isinstance(of, Mul) and not any(isinstance(f, (Add, log)) or f.is_Function or _is_root(f) for f in of.args)
    return is_fraction or plain or isinstance(of, Basic) and type(of).__name__ in ("Determinant", "MatrixElement")
