"""From what a text says to a formula in numbers: the functions and methods that are known, and what each means.

Nothing is ever called: a name that is on no list here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from kl_engine.symbolic.formulas.greek import GREEK_LETTERS
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.parsing.tokens import Syntax
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.refusals import Span
from kl_engine.symbolic.formulas.syntax_tree import FUNCTIONS, MATRIX, Builder, Node

MODULES = words(
    "np numpy math torch sp sympy jnp jax tf K keras cmath scipy special th ops backend nn F functional linalg Math "
    "mx nd paddle anp onp tfm tfp stats lax linen mnp xp cupy cp autograd T numpy_ mpmath mp flax pt nx tensor"
)
OWNERS_LEFT_OUT = words("self cls this model args cfg config hparams params opt module net")
UNARY = {name: name for name in FUNCTIONS} | {"ln": "log", "fabs": "abs", "absolute": "abs", "Log": "log", "Exp": "exp"}
UNARY |= {"gammaln": "lgamma", "loggamma": "lgamma", "lngamma": "lgamma", "logabsgamma": "lgamma", "psi": "digamma"}
UNARY |= {"abs2": "square", "negative": "neg", "neg": "neg", "Sqrt": "sqrt", "Abs": "abs", "polygamma": "digamma"}
UNARY |= {"logdet": "logdet", "slogdet": "logdet", "det": "det", "Det": "det", "inv": "inverse", "inverse": "inverse"}
UNARY |= {"logf": "log", "expf": "exp", "sqrtf": "sqrt", "fabsf": "abs", "logl": "log", "expl": "exp"}
UNARY |= {"pinv": "inverse", "tr": "trace", "Tr": "trace", "trace": "trace", "transpose": "transpose", "t": "transpose"}
UNARY |= {"T": "transpose", "adjoint": "transpose", "norm": "norm", "mT": "transpose", "matrix_inverse": "inverse"}
UNARY |= {"cholesky": "cholesky", "chol": "cholesky", "diag": "diagonal", "diagonal": "diagonal"}
BINARY = {"add": "add", "sub": "sub", "subtract": "sub", "mul": "mul", "multiply": "mul", "div": "div", "divide": "div"}
BINARY |= {
    "true_divide": "div",
    "truediv": "div",
    "pow": "pow",
    "power": "pow",
    "dot": "matmul",
    "matmul": "matmul",
    "powf": "pow",
}
BINARY |= {"mm": "matmul", "mv": "matmul", "inner": "matmul", "vdot": "matmul", "bmm": "matmul", "times": "mul"}
SUMS = ("sum", "reduce_sum", "nansum", "sum_flat", "fsum", "sum_except_batch")
MEANS = ("mean", "reduce_mean", "nanmean", "average", "mean_flat")
KEPT = words(
    "detach contiguous cpu cuda float double item view reshape squeeze unsqueeze flatten expand expand_as to type "
    "numpy array asarray tensor Tensor as_tensor stop_gradient cast constant Variable float32 float64 copy ravel real "
    "FloatTensor round broadcast_to type_as requires_grad_ repeat tile stop_grad sg clone convert_to_tensor Float32 "
    "squeeze_ half"
)
CLAMPS = words("clamp clip clip_by_value clamp_min clamp_ clamp_max maximum")
SIZES = words("size shape numel len nelement ndim dim length get_shape")
_ZEROS = {"zeros_like": 0, "zeros": 0, "ones_like": 1, "ones": 1, "tensor": None}
_NATURAL = re.compile(r"(?:\\pi|π|pi)\s*(?:\\[,;]\s*)?e(?![a-z])")
_GREEK = frozenset(GREEK_LETTERS.values()) | {"lam"}
_DATA = words("x y z s o a h u v X Z t dot xs data obs input inputs x_i x_n x_t")
_OBJECTIVE = "it is an objective, no closed form: the check of objectives reads it"
# The moments of a distribution that is an object.
_MOMENTS = {"stddev": "std", "variance": "var", "covariance": "cov", "mean": "mean", "std": "std", "var": "var"}
_WIDTH_OF = re.compile(
    r"\.(?:stddev|variance|covariance)\(\)|(?<![\w.])(?:std|var)\((?:[pq]\w*|prior|post\w*|target)\)"
)
_OF_LAW = re.compile(r"(?<![\w.])(?:std|var)\((?:[pq]\w*|prior|post\w*|target)\)")
ADVICE = f"use {', '.join(FUNCTIONS[:9])} or pow"


def tree_of(
    phrase: Phrase, builder: Builder, syntax: Syntax, taken: Callable[[Phrase], bool] = lambda bound: True
) -> Node:
    """The tree of a phrase. taken: of a name with a value in the text, whether its value is taken in its place."""
    return _Walk(builder, syntax, taken).node(phrase)


def sums_products(subscripts: Phrase) -> bool:
    """Whether the subscripts of einsum multiply entry by entry and sum: "btk,btk->bt"."""
    operands, arrow, result = str(subscripts.value).replace(" ", "").partition("->")
    first, _, second = operands.partition(",")
    return subscripts.kind == "text" and bool(arrow) and first == second != result and set(result) <= set(first)


_HOLDERS = words(
    "out outputs output inputs batch data sample params res result results losses stats info d micro_batch"
)


def key_of(phrase: Phrase) -> str:
    """The name under which something is kept: logvar_prior of out["logvar_prior"], post_mean of post["mean"]."""
    if phrase.kind != "index" or len(phrase.parts) != 2 or not _KEY.fullmatch(str(phrase.parts[1].value)):
        return ""
    holder = path_of(phrase.parts[0])[-1:]
    key = str(phrase.parts[1].value)
    if holder and re.search(r"(?i)dict|cache|store", holder[0]):
        return key
    return key if not holder or holder[0] in _HOLDERS else f"{holder[0]}_{key}"


_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Za-z]{2,}\d*|[pqPQ]")


def plain_name(phrase: Phrase) -> str:
    """The name of a symbol: mu, self.mu is mu, p.scale is p_scale, mu[0] is mu_0; empty for anything else."""
    if phrase.kind in ("name", "bound"):
        return str(phrase.value).rpartition(".")[2] if phrase.kind == "bound" else phrase.value
    if phrase.kind == "attribute":
        path = path_of(phrase)
        owners = [name for name in path[:-1] if name not in OWNERS_LEFT_OUT]
        return "_".join([*owners, path[-1]]) if path else ""
    if phrase.kind == "index" and (key := key_of(phrase)):
        return key
    if phrase.kind == "index":
        before = plain_name(phrase.parts[0])
        digits = [place.value for place in phrase.parts[1:] if str(place.value).isdigit()]
        alone = len(phrase.parts) == 2 and digits
        return f"{before}_{digits[0]}" if before and alone else before
    return ""


class _Walk:
    """From phrases to nodes, one kind at a time."""

    def __init__(self, builder: Builder, syntax: Syntax, taken: Callable[[Phrase], bool]) -> None:
        self.builder, self.syntax, self.taken = builder, syntax, taken
        # In NumPy and its kin * is of each entry with each; in mathematics, Julia and MATLAB a product of matrices.
        text = builder.source.text
        arrays = (
            any(f"{name}." in text for name in ("np", "numpy", "torch", "tf", "jnp", "K", ".T", "ops")) or "@" in text
        )
        arrays = arrays or any(f".{method}(" in text for method in ("sum", "pow", "mean", "exp", "log"))
        self.elementwise = syntax is Syntax.PYTHON and arrays

    def error(self, what: str, advice: str, at: Span) -> ValueError:
        return self.builder.error(what, advice, at)

    def node(self, phrase: Phrase) -> Node:
        """The node of a phrase."""
        at, parts = phrase.at, phrase.parts
        match phrase.kind:
            case "number":
                return self.builder.number(phrase.value, at)
            case "name" | "attribute" | "index":
                return self.symbol(phrase)
            case "bound":
                return self.node(parts[0]) if self.taken(phrase) else self.symbol(phrase)
            case "neg":
                return self.builder.apply("neg", self.node(parts[0]), at=at)
            case "add" | "sub" | "div" | "matmul":
                sides = self.node(parts[0]), self.node(parts[1])
                return self.builder.apply(phrase.kind, *sides, at=at)
            case "mul":
                sides = self.node(parts[0]), self.node(parts[1])
                return self.builder.apply("mul", *sides, at=at, elementwise=self.elementwise)
            case "pow":
                return self.power(parts[0], parts[1], at)
            case "solve":
                left = self.builder.apply("inverse", self.node(parts[0]), at=at)
                return self.builder.apply("matmul", left, self.node(parts[1]), at=at)
            case "transpose" | "bars":
                return self.decorated(phrase)
            case "sum":
                return self.builder.apply("sum", self.node(parts[0]), at=at)
            case "if":
                self.builder.note("Of an if the first branch is read.")
                return self.node(parts[0])
            case "call":
                return self.call(phrase)
            case "integral" | "expectation" | "quantifier":
                raise self.error("Not a closed form:", _OBJECTIVE, at)
        raise self.error("Not part of a formula:", "use numbers, names, + - * / ** and functions such as log(...)", at)

    def decorated(self, phrase: Phrase) -> Node:
        """A transpose, an absolute value, a norm; of a name of a matrix the bars are a determinant."""
        inside = phrase.parts[0]
        if phrase.kind == "transpose":
            product = self.product_in_call(inside, lambda part: Phrase("transpose", phrase.at, (part,)))
            return product or self.builder.apply("transpose", self.node(inside), at=phrase.at)
        node = self.node(inside)
        if phrase.value == "||" and is_matrix(node) and node.operation == "name":
            self.builder.note("The double bars around a covariance are read as its determinant.")
            return self.builder.apply("det", node, at=phrase.at)
        if phrase.value == "|" and is_matrix(node):
            return self.builder.apply("det", node, at=phrase.at)
        return self.builder.apply("norm" if phrase.value == "||" else "abs", node, at=phrase.at)

    def symbol(self, phrase: Phrase) -> Node:
        """A name, or a constant such as math.pi and np.e."""
        path = path_of(phrase)
        at, name, text = phrase.at, plain_name(phrase), self.builder.source.text
        indexed = any(sign in self.builder.source.piece(at) for sign in "_[ᵢⱼₖ")  # π_k is a parameter
        if (
            phrase.kind == "name"
            and name == "pi"
            and not indexed
            or len(path) > 1
            and path[0] in MODULES
            and path[-1] == "pi"
        ):
            return self.builder.apply("pi", at=at)
        if phrase.kind == "name" and name == "e" and _NATURAL.search(text) and self.syntax is not Syntax.PYTHON:
            return self.builder.apply("exp", self.builder.number(Fraction(1), at), at=at)  # log 2πe σ²
        if len(path) > 1 and path[0] in MODULES:
            if path[-1] == "e" and len(path) == 2:
                return self.builder.apply("exp", self.builder.number(Fraction(1), at), at=at)
            raise self.error("The function", "give its argument in brackets after it", at)
        if phrase.kind == "attribute" and phrase.value in ("T", "mT", "H"):
            return self.builder.apply("transpose", self.node(phrase.parts[0]), at=at)
        if phrase.kind == "index" and phrase.parts[0].kind == "call":
            return self.node(phrase.parts[0])  # slogdet(S)[1]
        if phrase.kind == "index" and phrase.parts[0].kind == "attribute" and phrase.parts[0].value in SIZES:
            return self.builder.name("size", at)
        if name in ("None", "True", "False"):
            raise self.error(
                "Not part of a formula:", "use numbers, names, + - * / ** and functions such as log(...)", at
            )
        if phrase.kind == "attribute" and not path:
            raise self.error("Not a function of the list:", "write a plain name, such as std_q for q.std", at)
        if (
            not name
            or name in UNARY
            and name not in ("t", "T", "norm", "psi", "inv", "chol")
            or phrase.style == "run"
            and not _is_word(name)
        ):
            advice = r"they can be read in two ways; write \mathrm{..} or a space" if phrase.style == "run" else ""
            what = "The letters" if advice else "The function"
            raise self.error(what, advice or "give its argument in brackets after it", at)
        return self.builder.name(name, at)

    def power(self, base: Phrase, exponent: Phrase, at: Span) -> Node:
        """base ** exponent; a power of math.e is the exponential; Σ^-1 is an inverse; a(b)^2 is a b^2."""
        if (
            path_of(base)[-1:] == ("e",)
            and base.kind in ("attribute", "name")
            and (len(path_of(base)) > 1 or not exponent.is_number())
        ):
            return self.builder.apply("exp", self.node(exponent), at=at)
        if product := self.product_in_call(base, lambda part: Phrase("pow", at, (part, exponent))):
            return product
        node, power = self.node(base), self.node(exponent)
        if self.elementwise and is_matrix(node) and exponent.is_number(2):  # in NumPy of each entry
            return self.builder.apply("mul", node, node, at=at, elementwise=True)
        if is_matrix(node) and _is_minus_one(exponent):
            return self.builder.apply("inverse", node, at=at)
        return self.builder.apply("pow", node, power, at=at)

    def product_in_call(self, phrase: Phrase, wrap: Callable[[Phrase], Phrase]) -> Node | None:
        """Of τ(a − b)^2, where τ is not a function: τ times the rest, with what stands behind the bracket on it."""
        if not self.is_product(phrase):
            return None
        factor = self.node(phrase.parts[0])
        return self.builder.apply("mul", factor, self.node(wrap(phrase.parts[1])), at=phrase.at)

    def is_product(self, phrase: Phrase) -> bool:
        """Whether a name before a bracket is a factor: on paper, where it is not a function of the bracket."""
        if phrase.kind != "call" or self.syntax is Syntax.PYTHON or phrase.parts[0].kind != "name":
            return False
        single = len(phrase.parts) == 2 and not phrase.keywords
        head = phrase.parts[0].value.partition("_")[0].rstrip("0123456789")
        if head == "Gamma" or len(head) > 2 and head.lower() not in _GREEK:  # a word before a bracket is a function
            return False
        return single and phrase.parts[0].value not in (*UNARY, *BINARY, *SUMS, *MEANS) and not self.is_applied(phrase)

    def is_applied(self, phrase: Phrase) -> bool:
        """Whether a name is that of a function of the data, as in μ(x)."""
        names = [part.value for part in phrase.parts[1:] if part.is_name()]
        return len(names) == len(phrase.parts) - 1 > 0 and all(name.partition("_")[0] in _DATA for name in names)

    def call(self, phrase: Phrase) -> Node:
        """A function of the list, called by its name, by module.name, or as a method of its first argument."""
        function, arguments = phrase.parts[0], list(phrase.positional())
        if self.is_product(phrase):
            return self.builder.apply("mul", self.node(function), self.node(arguments[0]), at=phrase.at)
        if _is_logarithm(phrase) and (product := self.log_of_product(arguments)):
            return product
        name = function.value if function.kind in ("name", "attribute") else ""
        path = path_of(function)
        if phrase.style == "bare" and any(self.is_product(part) for part in arguments[0].walk()):
            advice = "it can be read in two ways; write brackets around its argument"
            raise self.error("How far it reaches:", advice, phrase.at)
        if function.kind == "attribute" and not (path and path[0] in MODULES):
            arguments.insert(0, function.parts[0])
        elif not MODULES.issuperset(path[:-1]):
            raise self.error("Unknown function", ADVICE, function.at)
        elif (
            self.syntax is not Syntax.PYTHON
            and self.is_applied(phrase)
            and name not in (*UNARY, *SUMS, *MEANS, *BINARY, *_SPECIAL)
        ):
            return self.symbol(function)
        if (moment := self.moment(function, arguments, phrase)) is not None:
            return moment
        name = str(name)
        if name in _LOGARITHMS and len(arguments) == 1 and arguments[0].is_name("e"):  # log₂ e
            one = self.builder.apply("exp", self.builder.number(Fraction(1), phrase.at), at=phrase.at)
            return self.builder.apply(UNARY[name], one, at=phrase.at)
        if name == "einsum" and (product := self.einsum(arguments, phrase)):
            return product
        if name.endswith("_") and name[:-1] in (*UNARY, *BINARY):
            name = name[:-1]  # in place
        return self.known(name, arguments, phrase)

    def is_raw(self, phrase: Phrase) -> bool:
        """Whether it is a parameter by itself, of which the softplus is a standard deviation or a variance."""
        return (
            phrase.kind in ("name", "attribute", "index") and bool(plain_name(phrase)) and self.syntax is Syntax.PYTHON
        )

    def moment(self, function: Phrase, arguments: list[Phrase], phrase: Phrase) -> Node | None:
        """prior.stddev() is std_p written as a method, and Julia's std(q) as a function; None for any other call."""
        name = str(function.value)
        if phrase.keywords or name not in _MOMENTS or len(arguments) != 1:
            return None
        text = self.builder.source.text
        if name == "mean" and not _WIDTH_OF.search(text) or name in ("var", "std") and not _OF_LAW.search(text):
            return None
        owner = plain_name(arguments[0]) if arguments[0].kind in ("name", "attribute") else ""
        return self.builder.name(f"{owner}_{_MOMENTS[name]}", phrase.at) if owner else None

    def log_of_product(self, arguments: list[Phrase]) -> Node | None:
        r"""The sum of the logs of log(a/b · ∏_k c_k); None where no product over an index stands in it."""
        (argument,) = arguments
        return self.log_of(argument) if _holds_product(argument) else None

    def log_of(self, phrase: Phrase) -> Node:
        """The log of a phrase, taken apart where it is a product."""
        at = phrase.at
        if phrase.kind == "bound" and self.taken(phrase):
            return self.log_of(phrase.parts[0])
        if phrase.kind in ("mul", "div") and any(map(_holds_product, phrase.parts)):
            sides = (self.log_of(part) for part in phrase.parts)
            return self.builder.apply("add" if phrase.kind == "mul" else "sub", *sides, at=at)
        if inside := _factors_of(phrase):
            return self.builder.apply("sum", self.log_of(inside), at=at)
        return self.builder.apply("log", self.node(phrase), at=at)

    def known(self, name: str, arguments: list[Phrase], phrase: Phrase) -> Node:
        """The function of that name on its arguments."""
        at = phrase.at
        node = self.kept(name, arguments, at) or self.of_matrices(name, arguments, at)
        if node is not None:
            return node
        if name == "softplus" and len(arguments) == 1 and self.is_raw(arguments[0]):
            return self.builder.name(f"softplus_{plain_name(arguments[0])}", at)
        if name in ("zeros_like", "zeros", "ones_like", "ones"):
            return self.builder.number(Fraction(_ZEROS[name]), at)
        if name in SUMS and arguments and arguments[0].kind == "generator":  # sum(f(a, b) for a, b in zip(x, y))
            return self.builder.apply("sum", self.node(arguments[0].parts[0]), at=at)
        if any(part.kind in ("generator", "tuple") for part in arguments[:1]):
            raise self.error("The call", "write its argument as one formula", at)
        if name in SUMS or name in MEANS:
            return self.over_coordinates(name, arguments, phrase)
        if name in SIZES:
            return self.builder.name("size", at)
        if name in UNARY and len(arguments) == 1 and not phrase.keywords or name in ("norm", "transpose", "slogdet"):
            return self.builder.apply(UNARY[name], self.node(arguments[0]), at=at)
        if name == "polygamma" and len(arguments) == 2 and arguments[0].is_number(0):
            return self.builder.apply("digamma", self.node(arguments[1]), at=at)
        if name in BINARY and len(arguments) == 2 and not phrase.keywords:
            return self.binary(BINARY[name], *arguments, at)
        special = getattr(self, f"_{name}", None) if name in _SPECIAL and len(arguments) == _SPECIAL[name] else None
        if special and not phrase.keywords:
            return special(*arguments, at)
        if name in UNARY or name in BINARY or name in _SPECIAL:
            expected = 2 if name in BINARY else _SPECIAL.get(name, 1)
            raise self.error("The call", f"{name} takes {expected} plain argument(s)", at)
        raise self.error("Unknown function", ADVICE, phrase.parts[0].at)

    def kept(self, name: str, arguments: list[Phrase], at: Span) -> Node | None:
        """What changes nothing where it does nothing: a clamp, a condition, a least value; None for anything else."""
        if name == "epsilon" and not arguments:
            return self.builder.number(Fraction(1, 10**7), at)  # what Keras adds to a divisor
        if not arguments or arguments[0].kind in ("generator", "tuple"):
            return None
        if name in ("where", "ifelse") and len(arguments) == 3:
            self.builder.note("A condition is left out: the answer holds where it does nothing.")
            return self.node(arguments[2] if arguments[1].is_number() else arguments[1])
        if name in KEPT:
            return self.node(arguments[0])
        if name in CLAMPS:
            self.builder.note("A clamp is left out: the answer holds where it does nothing.")
            return self.node(arguments[0])
        if name in ("max", "fmax", "min", "fmin") and len(arguments) == 2 and (inside := _of_more_names(arguments)):
            self.builder.note("A least or a greatest value is left out: the answer holds where it does nothing.")
            return self.node(inside)
        return None

    def of_matrices(self, name: str, arguments: list[Phrase], at: Span) -> Node | None:
        """Solving with a matrix or with its factor of Cholesky, and the sum of a diagonal; None for anything else."""
        if name == "cho_solve" and len(arguments) >= 2:
            factored = arguments[0].parts[0] if arguments[0].kind == "tuple" else arguments[0]
            return self.solved_twice(factored, arguments[1], at)
        if name == "cholesky_solve" and len(arguments) >= 2:  # torch's takes the factor second
            return self.solved_twice(arguments[1], arguments[0], at)
        if name in ("cholesky_inverse", "chol2inv") and arguments:
            return self.builder.apply("inverse", self.squared_factor(arguments[0], at), at=at)
        if name in ("solve_triangular", "tri_solve") and len(arguments) >= 2:  # with options: lower, upper, trans
            return self._solve(arguments[0], arguments[1], at)
        if name in SUMS and len(arguments) == 1 and _is_diagonal(arguments[0]):
            return self.builder.apply("trace", self.node(arguments[0].parts[1]), at=at)
        if name == "solve" and len(arguments) == 1:
            return self.builder.apply("inverse", self.node(arguments[0]), at=at)
        return None

    def squared_factor(self, factor: Phrase, at: Span) -> Node:
        """L Lᵀ of a factor of Cholesky; of cho_factor(S), which is given whole, S."""
        node = self.node(factor)
        named = node.operation == "name" and re.search(r"(?i)^L(?![a-z])|chol|tril", str(node.value))
        if node.operation != "cholesky" and not named:
            return node
        return self.builder.apply("matmul", node, self.builder.apply("transpose", node, at=at), at=at)

    def solved_twice(self, factor: Phrase, other: Phrase, at: Span) -> Node:
        """Solving with a covariance of which the factor of Cholesky is given."""
        inverse = self.builder.apply("inverse", self.squared_factor(factor, at), at=at)
        return self.builder.apply("matmul", inverse, self.node(other), at=at)

    def einsum(self, arguments: list[Phrase], phrase: Phrase) -> Node | None:
        """einsum("bi,bi->b", a, b), the sum of the products of entries; None for products of matrices."""
        if len(arguments) != 3 or not sums_products(arguments[0]):
            return None
        product = self.builder.apply("mul", *map(self.node, arguments[1:]), at=phrase.at, elementwise=self.elementwise)
        return self.builder.apply("sum", product, at=phrase.at)

    def binary(self, operation: str, left: Phrase, right: Phrase, at: Span) -> Node:
        if operation == "pow":
            return self.power(left, right, at)
        sides = self.node(left), self.node(right)
        return self.builder.apply(operation, *sides, at=at, elementwise=self.elementwise and operation == "mul")

    def over_coordinates(self, name: str, arguments: list[Phrase], phrase: Phrase) -> Node:
        """A sum or mean, perhaps with its dimensions: sum(x), x.sum(-1), torch.sum(x, dim=1)."""
        known = all(keyword in _AXES for keyword in phrase.keywords)
        if not known or not 1 <= len(arguments) <= 3 or not all(map(_is_dimension, arguments[1:])):
            raise self.error("The call", f"{name} takes one formula, and at most dim or axis", phrase.at)
        if not all(map(_is_dimension, phrase.options().values())):
            raise self.error("The call", f"{name} takes one formula, and at most dim or axis", phrase.at)
        operation = "sum" if name in SUMS else "mean"
        return self.builder.apply(operation, self.node(arguments[0]), at=phrase.at)

    def _squared_difference(self, a: Phrase, b: Phrase, at: Span) -> Node:
        difference = self.builder.apply("sub", self.node(a), self.node(b), at=at)
        return self.builder.apply("square", difference, at=at)

    def _betaln(self, a: Phrase, b: Phrase, at: Span) -> Node:
        parts = [self.builder.apply("lgamma", self.node(part), at=at) for part in (a, b)]
        total = self.builder.apply("add", self.node(a), self.node(b), at=at)
        whole = self.builder.apply("lgamma", total, at=at)
        return self.builder.apply("sub", self.builder.apply("add", *parts, at=at), whole, at=at)

    _lbeta = _logbeta = _betaln

    def _B(self, a: Phrase, b: Phrase, at: Span) -> Node:
        return self.builder.apply("exp", self._betaln(a, b, at), at=at)

    def _gamma(self, a: Phrase, at: Span) -> Node:
        return self.builder.apply("exp", self.builder.apply("lgamma", self.node(a), at=at), at=at)

    _Gamma = _gamma
    _beta = _Beta = _B

    def _softplus(self, a: Phrase, at: Span) -> Node:
        return self.builder.apply("log1p", self.builder.apply("exp", self.node(a), at=at), at=at)

    def _xlogy(self, a: Phrase, b: Phrase, at: Span) -> Node:
        return self.builder.apply("mul", self.node(a), self.builder.apply("log", self.node(b), at=at), at=at)

    def _xlogx(self, a: Phrase, at: Span) -> Node:
        return self._xlogy(a, a, at)

    def _reciprocal(self, a: Phrase, at: Span) -> Node:
        return self.builder.apply("div", self.builder.number(Fraction(1), at), self.node(a), at=at)

    def _rsqrt(self, a: Phrase, at: Span) -> Node:
        root = self.builder.apply("sqrt", self.node(a), at=at)
        return self.builder.apply("div", self.builder.number(Fraction(1), at), root, at=at)

    def _solve(self, a: Phrase, b: Phrase, at: Span) -> Node:
        return self.builder.apply("matmul", self.builder.apply("inverse", self.node(a), at=at), self.node(b), at=at)


_LOGARITHMS = ("log", "ln", "log2", "log10")
_AXES = words("dim axis keepdim keepdims keep_dims dims axes reduction_indices")
_SPECIAL = {
    "squared_difference": 2,
    "betaln": 2,
    "lbeta": 2,
    "logbeta": 2,
    "B": 2,
    "beta": 2,
    "Beta": 2,
    "gamma": 1,
    "Gamma": 1,
}
_SPECIAL |= {"xlogy": 2, "xlogx": 1}
_SPECIAL |= {"softplus": 1, "reciprocal": 1, "rsqrt": 1, "solve": 2}


def _is_logarithm(phrase: Phrase) -> bool:
    """log(x), np.log(x) and \\ln x, of one thing."""
    return len(phrase.parts) == 2 and path_of(phrase.parts[0])[-1:] in (("log",), ("ln",)) and not phrase.keywords


def _factors_of(phrase: Phrase) -> Phrase | None:
    r"""What \prod_k, np.prod(…) and x.prod() multiply together; None for anything else."""
    if phrase.kind == "prod":
        return phrase.parts[0]
    if phrase.kind != "call" or phrase.parts[0].kind not in ("name", "attribute"):
        return None
    function = phrase.parts[0]
    if function.value not in ("prod", "reduce_prod"):
        return None
    path = path_of(function)
    method = function.kind == "attribute" and not (path and path[0] in MODULES)
    return function.parts[0] if method else phrase.parts[1] if len(phrase.parts) > 1 else None


def _holds_product(phrase: Phrase) -> bool:
    if phrase.kind in ("mul", "div", "bound"):
        return any(map(_holds_product, phrase.parts))
    return _factors_of(phrase) is not None


def _of_more_names(arguments: list[Phrase]) -> Phrase | None:
    """Of max(kl, free_bits) the one with the formula in it; None where both may be."""
    names = [_names_in(argument) for argument in arguments]
    formulas = [argument for argument, found in zip(arguments, names, strict=True) if len(found) > 1]
    formulas = formulas or [argument for argument, found in zip(arguments, names, strict=True) if found]
    return formulas[0] if len(formulas) == 1 else None


def _names_in(phrase: Phrase) -> set[str]:
    """The names that it depends on; of ones_like(x) none."""
    if phrase.kind == "call" and path_of(phrase.parts[0])[-1:] in {(name,) for name in _ZEROS}:
        return set()
    own = {str(phrase.value)} if phrase.kind == "name" else set()
    return own.union(*(_names_in(part) for part in phrase.parts))


def _is_diagonal(phrase: Phrase) -> bool:
    """diag(A), whose sum is the trace."""
    if phrase.kind != "call" or len(phrase.parts) != 2:
        return False
    return path_of(phrase.parts[0])[-1:] in (("diag",), ("diagonal",))


def is_matrix(node: Node) -> bool:
    """Whether a node is one of matrices by its operation or its name, as far as the text alone can tell."""
    if node.operation == "name":
        stem = node.value.partition("_")[0].rstrip("0123456789")
        return (
            stem in ("Sigma", "cov", "covariance", "Cov", "Lambda", "C", "S", "V", "K", "L")
            or re.search("cov|chol|tril", node.value.lower()) is not None
        )
    if node.operation in ("inverse", "matmul", "mul", "add", "sub", "neg", "transpose", "cholesky"):
        return any(is_matrix(part) for part in node.arguments) and not node.holds("trace", "det", "logdet", "log")
    return False


def _is_minus_one(phrase: Phrase) -> bool:
    if phrase.kind == "neg":
        return phrase.parts[0].is_number(1)
    return phrase.is_number(-1)


def _is_dimension(phrase: Phrase) -> bool:
    """A small number, True or False, None, or a few of them in brackets."""
    if phrase.kind == "number":
        return True
    if phrase.kind == "neg":
        return phrase.parts[0].kind == "number"
    if phrase.is_name("True", "False", "None", "true", "false"):
        return True
    return phrase.kind == "tuple" and all(part.kind != "tuple" and _is_dimension(part) for part in phrase.parts)


_WORDS = words(
    "mu sigma std sd var loc scale mean logvar log lv nats bits sig tau prec lam lambda rho alpha beta theta phi cov "
    "logstd logsigma kl KL eps size rate shape conc"
)


def _is_word(name: str) -> bool:
    """Whether letters side by side in LaTeX are a word, and no product of letters."""
    head = name.partition("_")[0].rstrip("0123456789")
    return len(head) == 1 or head in _WORDS or len(head) > 3


__all__ = ["MATRIX", "plain_name", "tree_of"]
