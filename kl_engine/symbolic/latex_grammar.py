r"""Formulas in the syntax of LaTeX, as a syntax tree: an own recursive-descent parser for a small part of it.

    sum     = [sign] product {sign product}
    product = run {(\cdot | \times | * | /) run}
    run     = factor {factor}                        implicit multiplication
    factor  = atom [^ argument] [_ name]

LaTeX is for the eye, and some of what it shows has two readings, such as a / b c, or \log a / b. Those are refused
with the advice to put brackets: a checker that guesses would check another formula than the one meant.
"""

from kl_engine.symbolic.latex_reader import TWO_READINGS, Reader
from kl_engine.symbolic.latex_tokens import FRACTIONS, FUNCTIONS, GREEK, TEXT, TIMES, Token
from kl_engine.symbolic.syntax_tree import MAX_DEPTH, Builder, Node

_CLOSING = {"(": ")", "[": "]", "{": "}"}


def latex_tree(builder: Builder) -> Node:
    """The tree of the builder's text. FormulaError if it is not of the grammar above."""
    parser = _Parser(builder)
    tree = parser.sum()
    if parser.next.kind != "end":
        raise parser.unexpected("expected a sign or the end of the formula, so check the brackets")
    return tree


class _Parser(Reader):
    """Sums, products and factors. nesting: brackets open now; bars: whether |...| is open in the innermost of them."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(builder)
        self.nesting = 0
        self.bars = 0

    def sum(self) -> Node:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.builder.error("Nested too deeply at", f"nest at most {MAX_DEPTH} brackets", self.next.at)
        start = self.next.at[0]
        sign = self.take().text if self.next.is_sign("+", "-") else "+"
        total = self.product()
        if sign == "-":
            total = self.builder.apply("neg", total, at=self.since(start))
        while self.next.is_sign("+", "-"):
            operation = "add" if self.take().text == "+" else "sub"
            total = self.builder.apply(operation, total, self.product(), at=self.since(start))
        self.nesting -= 1
        return total

    def product(self) -> Node:
        start = self.next.at[0]
        result, _ = self.run()
        while self.next.is_sign("*", "/") or self.next.is_command(*TIMES):
            operation = "div" if self.take().text == "/" else "mul"
            right, count = self.run()
            at = self.since(start)
            if operation == "div" and count > 1:
                raise self.builder.error("The quotient", rf"it {TWO_READINGS}; write \frac or brackets", at)
            result = self.builder.apply(operation, result, right, at=at)
        return result

    def run(self) -> tuple[Node, int]:
        """Factors side by side, and how many there are."""
        start = self.next.at[0]
        result, count = self.factor(), 1
        while self.starts_factor():
            result = self.builder.apply("mul", result, self.factor(), at=self.since(start))
            count += 1
        return result, count

    def starts_factor(self) -> bool:
        token = self.next
        if token.kind in ("letter", "digit") or token.is_sign("(", "[", "{", "."):
            return True
        if token.is_sign("|"):
            return self.bars == 0  # within bars the next one closes them
        return token.kind == "command" and token.text not in TIMES

    def factor(self) -> Node:
        token = self.next
        if not self.starts_factor() and not token.is_sign("|"):
            raise self.unexpected("a number, a name or an opening bracket is expected here")
        if token.is_command(*FUNCTIONS) or self.at_named_function():
            return self.function()
        if self.at_symbol():
            return self.symbol()
        return self.powered(self.atom(), token.at[0])

    def atom(self) -> Node:
        token = self.next
        if token.kind == "digit" or token.is_sign("."):
            return self.number()
        if token.is_sign("|"):
            return self.absolute()
        if token.is_sign(*_CLOSING):
            return self.bracket()
        self.take()
        if token.text == "pi":
            return self.builder.apply("pi", at=token.at)
        if token.text == "sqrt":
            return self.root(token)
        if token.text in FRACTIONS:
            above, below = self.argument(), self.argument()
            return self.builder.apply("div", above, below, at=self.since(token.at[0]))
        raise self.builder.error("Unexpected", "a number, a name or an opening bracket is expected here", token.at)

    def symbol(self) -> Node:
        r"""A name with its subscript and power, in either order, as in \sigma^2_1; e with a power is exp."""
        start = self.next.at[0]
        name = self.subscripted(self.word(), start)
        at = self.since(start)
        if not self.next.is_sign("^"):
            return self.builder.name(name, at)
        self.take()
        exponent = self.argument()
        if name == "e":
            return self.builder.apply("exp", exponent, at=self.since(start))
        if self.next.is_sign("_") and "_" not in name:
            name = self.subscripted(name, start)
        self.refuse_scripts()
        return self.builder.apply("pow", self.builder.name(name, at), exponent, at=self.since(start))

    def powered(self, base: Node, start: int) -> Node:
        """The base, with its power if one follows."""
        if self.next.is_sign("^"):
            self.take()
            base = self.builder.apply("pow", base, self.argument(), at=self.since(start))
        self.refuse_scripts()
        return base

    def bracket(self) -> Node:
        opening = self.take()
        bars, self.bars = self.bars, 0
        inside = self.sum()
        self.bars = bars
        if not self.next.is_sign(_CLOSING[opening.text]):
            raise self.unexpected(f"the bracket opened at position {opening.at[0] + 1} is not closed before it")
        self.take()
        return inside

    def absolute(self) -> Node:
        start = self.take().at[0]
        self.bars += 1
        inside = self.sum()
        self.bars -= 1
        if not self.next.is_sign("|"):
            raise self.unexpected(f"the bar opened at position {start + 1} is not closed before it")
        self.take()
        return self.builder.apply("abs", inside, at=self.since(start))

    def argument(self) -> Node:
        r"""What a command or a power applies to: a group in braces, or one digit, letter or command."""
        token = self.next
        if token.is_sign("{"):
            return self.bracket()
        if token.kind == "digit":
            return self.builder.number(self.take().text, token.at)
        if token.kind == "letter" or token.is_command(*GREEK):
            return self.builder.name(self.take().text, token.at)
        if token.is_command("pi"):
            return self.atom()
        raise self.unexpected("put the argument in braces")

    def root(self, token: Token) -> Node:
        if self.next.is_sign("["):
            raise self.unexpected("write a higher root as a power, such as x^{1/3}")
        return self.builder.apply("sqrt", self.argument(), at=self.since(token.at[0]))

    def function(self) -> Node:
        r"""A function and its argument: a bracket, a \frac, or names and numbers side by side."""
        start = self.next.at[0]
        word = self.word() if self.next.is_command(*TEXT) else self.take().text
        if self.next.is_sign("^", "_"):
            raise self.unexpected("write a power of a function as (\\log x)^2, and a base as a factor")
        if not self.starts_factor():
            raise self.unexpected(f"the argument of {word} is expected here")
        closed = self.next.is_sign("(", "[", "{", "|") or self.next.is_command(*FRACTIONS, "sqrt", *FUNCTIONS)
        inside = self.closed_argument() if closed else self.plain_run()
        at = self.since(start)
        after = self.next
        if after.is_sign("^", "/") or (not closed and self.starts_factor() and not after.is_command(*FUNCTIONS)):
            advice = rf"how far {word} reaches {TWO_READINGS}; write brackets around its argument and around it all"
            raise self.builder.error("The function", advice, at)
        return self.builder.apply(FUNCTIONS[word], inside, at=at)

    def closed_argument(self) -> Node:
        """A bracket, a fraction, a root, or another function with its argument."""
        return self.function() if self.next.is_command(*FUNCTIONS) else self.atom()

    def plain_run(self) -> Node:
        """Numbers and names side by side, each with its power: what a function without brackets applies to."""
        start = self.next.at[0]
        result = None
        while self.at_symbol() or self.next.kind == "digit" or self.next.is_command("pi") or self.next.is_sign("."):
            factor = self.factor()
            result = factor if result is None else self.builder.apply("mul", result, factor, at=self.since(start))
        if result is None:
            raise self.unexpected("put the argument of the function in brackets")
        return result
