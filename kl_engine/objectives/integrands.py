"""What stands under an expectation, or in a sum over outcomes: logs of distributions, and other functions."""

from __future__ import annotations

from fractions import Fraction

from kl_engine.objectives.arguments import called, density_name, logged_name
from kl_engine.objectives.canonical_form import ONE
from kl_engine.objectives.coefficients import Coefficient
from kl_engine.objectives.grammar import Node
from kl_engine.objectives.text_limits import ObjectiveError

# (name, whether it is a log density) → coefficient; a number alone has the name "".
Integrand = dict[tuple[str, bool], Coefficient]
NUMBER = ("", False)
COMMANDS = ("min", "max", "argmin", "argmax", "minimize", "maximize", "minimise", "maximise")


def integrand_of(text: str, node: Node) -> Integrand:
    """The integrand as a sum of logs of distributions and of named functions. ObjectiveError for anything else."""
    match node:
        case Node(kind="number", value=number):
            return {NUMBER: Coefficient.number(number)}
        case Node(kind="neg", parts=(inner,)):
            return _scaled(integrand_of(text, inner), -ONE)
        case Node(kind="add" | "sub", parts=(left, right)):
            second = integrand_of(text, right)
            return _sum(integrand_of(text, left), second if node.kind == "add" else _scaled(second, -ONE))
        case Node(kind="log", parts=(inner,)):
            return _log(text, inner, ONE)
        case Node(kind="name", value=name):
            logged = logged_name(name)
            return {(logged, True) if logged else (name, False): ONE}
        case Node(kind="mul" | "div"):
            return _product(text, node)
        case Node(kind="call"):
            return _call(text, node)
    raise ObjectiveError.of(text, "Cannot stand in an expectation:", "use logs of distributions, and names", node.at)


def scalar_of(text: str, node: Node) -> Coefficient:
    """A coefficient: numbers and plain names such as beta, with + − * /."""
    match node:
        case Node(kind="number", value=number):
            return Coefficient.number(number)
        case Node(kind="name", value=name) if name.partition("_")[0] in COMMANDS:
            raise ObjectiveError.of(text, "Not part of an objective:", "write only what follows it", node.at)
        case Node(kind="name", value=name):
            return Coefficient.name(name)
        case Node(kind="neg", parts=(inner,)):
            return -scalar_of(text, inner)
        case Node(kind="add" | "sub" | "mul" | "div", parts=(left, right)):
            return _combined(text, node.kind, scalar_of(text, left), scalar_of(text, right), right)
    raise ObjectiveError.of(text, "Not a coefficient:", "use numbers and plain names such as beta", node.at)


def _combined(text: str, kind: str, left: Coefficient, right: Coefficient, place: Node) -> Coefficient:
    try:
        if kind == "div":
            return left * _reciprocal(text, right, place)
        return left * right if kind == "mul" else left + right if kind == "add" else left - right
    except OverflowError:
        raise ObjectiveError.of(
            text, "The coefficient is too long in", "use fewer names and digits", place.at
        ) from None


def _reciprocal(text: str, coefficient: Coefficient, place: Node) -> Coefficient:
    inverse = coefficient.reciprocal()
    if inverse is None:
        raise ObjectiveError.of(text, "Cannot divide by", "divide by a number or by one name", place.at)
    return inverse


def is_scalar(node: Node) -> bool:
    """Whether it is made of numbers, plain names and + − * / alone, and no name in it says that it is a log."""
    if node.kind == "name":
        return logged_name(node.value) is None
    return node.kind == "number" or (
        node.kind in ("neg", "add", "sub", "mul", "div") and all(is_scalar(part) for part in node.parts)
    )


def factors_of(node: Node) -> list[tuple[Node, int]]:
    """The factors of a product, each with its power 1 or −1."""
    if node.kind not in ("mul", "div"):
        return [(node, 1)]
    left, right = (factors_of(part) for part in node.parts)
    sign = 1 if node.kind == "mul" else -1
    return left + [(factor, sign * power) for factor, power in right]


def _product(text: str, node: Node) -> Integrand:
    """Coefficients times one thing that is integrated."""
    left, right = node.parts
    if node.kind == "div" or is_scalar(right):
        factor, rest = scalar_of(text, right), left
    elif is_scalar(left):
        factor, rest = scalar_of(text, left), right
    else:
        raise ObjectiveError.of(text, "A product of two integrands:", "one of them must be a coefficient", node.at)
    factor = _reciprocal(text, factor, right) if node.kind == "div" else factor
    if node.kind == "mul" and is_scalar(rest) and rest.kind == "name":  # beta * r: the last one is what is averaged
        factor, rest = scalar_of(text, left), right
    return _scaled(integrand_of(text, rest), factor)


def _log(text: str, node: Node, power: Coefficient) -> Integrand:
    """log of a product and quotient of distributions, taken apart."""
    total: Integrand = {}
    for factor, sign in factors_of(node):
        if factor.kind == "number":
            if factor.value != 1:
                raise ObjectiveError.of(text, "A number inside a log:", "write it outside as a constant", factor.at)
            continue
        term = {(density_name(text, factor), True): power * Coefficient.number(Fraction(sign))}
        total = _sum(total, term)
    return total


def _call(text: str, node: Node) -> Integrand:
    """torch.log(q), q.log(), q.log_prob(x), log_q(z); or a function such as r(x)."""
    found = called(node)
    if found and found[0] in ("log", "log_prob", "logpdf", "log_pdf") and found[2]:
        return _log(text, found[2][0], ONE)
    if found and (node.parts[0].kind != "name"):
        raise ObjectiveError.of(text, "Unknown function", "use log(q), q.log() or q.log_prob(x)", node.parts[0].at)
    name = density_name(text, node)
    head, bracket, rest = name.partition("(")
    logged = logged_name(head)
    return {(logged + bracket + rest, True) if logged else (name, False): ONE}


def _scaled(integrand: Integrand, factor: Coefficient) -> Integrand:
    return {key: coefficient * factor for key, coefficient in integrand.items()}


def _sum(first: Integrand, second: Integrand) -> Integrand:
    total = dict(first)
    for key, coefficient in second.items():
        total[key] = total.get(key, Coefficient()) + coefficient
    return total
