r"""Formulas in the syntax of LaTeX, as a syntax tree: an own recursive-descent parser for a small part of it.

    sum     = [sign] product {sign product}
    product = run {(\cdot | \times | * | /) run}
    run     = factor {factor}                        implicit multiplication
    factor  = atom [^ argument] [_ name]

LaTeX is for the eye, and some of what it shows has two readings, such as a / b c. Those are refused with the advice to
put brackets: a checker that guesses would check another formula than the one meant. Three of them are read as nearly
everybody means them, and it is said how: \log a/b as log(a/b), \log(a)/b as a quotient, 1/2 a as half of a.
"""

from kl_engine.symbolic.formulas.latex_reader import TWO_READINGS, Reader
from kl_engine.symbolic.formulas.latex_tokens import FRACTIONS, FUNCTIONS, GREEK, SUMS, TEXT, TIMES, Token
from kl_engine.symbolic.formulas.syntax_tree import MATRIX_ADVICE, Builder, Node, constant

_CLOSING = {"(": ")", "[": "]", "{": "}"}


def latex_tree(builder: Builder) -> Node:
    """The tree of the builder's text. FormulaError if it is not of the grammar above."""
    parser = _Parser(builder)
    tree = parser.sum()
    if parser.next.kind != "end":
        raise parser.unexpected("expected a sign or the end of the formula, so check the brackets")
    if parser.loose:
        builder.note("A sum is taken to reach over all terms with its index.")
        return tree.without_sums()
    return tree


class _Parser(Reader):
    """Sums, products and factors."""

    def sum(self) -> Node:
        self.enter()
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
        result = self.run()
        while self.next.is_sign("*", "/") or self.next.is_command(*TIMES):
            if self.take().text == "/":
                result = self.quotient(result, start)
            else:
                result = self.builder.apply("mul", result, self.run(), at=self.since(start))
        return result

    def quotient(self, above: Node, start: int) -> Node:
        """Divided by one factor. Of numbers alone, what follows multiplies; else it has two readings."""
        below = self.factor()
        at = self.since(start)
        result = self.builder.apply("div", above, below, at=at)
        if not self.starts_factor():
            return result
        if constant(above) is None or constant(below) is None:
            raise self.builder.error("The quotient", rf"it {TWO_READINGS}; write \frac or brackets", at)
        self.builder.note(f"{self.builder.source.piece(at)} is read as a factor of what follows it.")
        return self.builder.apply("mul", result, self.run(), at=self.since(start))

    def run(self) -> Node:
        """Factors side by side."""
        start = self.next.at[0]
        result = self.factor()
        while self.starts_factor():
            result = self.builder.apply("mul", result, self.factor(), at=self.since(start))
        return result

    def factor(self) -> Node:
        token = self.next
        if not self.starts_factor() and not token.is_sign("|"):
            raise self.unexpected("a number, a name or an opening bracket is expected here")
        if token.is_command(*FUNCTIONS) or self.at_named_function():
            return self.function()
        if token.is_command(*SUMS):
            return self.summed()
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

    def summed(self) -> Node:
        r"""\sum_j and what it reaches over: the product that follows it."""
        self.enter()
        start = self.take().at[0]
        index = self.sum_index()
        self.running[index] = self.running.get(index, 0) + 1
        inside = self.product()
        self.running[index] -= 1
        self.nesting -= 1
        return self.builder.apply("sum", inside, at=self.since(start))

    def symbol(self) -> Node:
        r"""A name with its subscript and power, in either order, as in \sigma^2_1; e with a power is exp."""
        start = self.next.at[0]
        name = self.subscripted(self.word(), start)
        if self.skip_example():
            name = self.subscripted(name, start)
        at = self.since(start)
        if not self.next.is_sign("^"):
            return self.builder.name(name, at)
        exponent = self.exponent()
        if name == "e":
            return self.builder.apply("exp", exponent, at=self.since(start))
        if self.next.is_sign("_") and "_" not in name:
            name = self.subscripted(name, start)
        self.refuse_scripts()
        return self.builder.apply("pow", self.builder.name(name, at), exponent, at=self.since(start))

    def powered(self, base: Node, start: int) -> Node:
        """The base, with its power if one follows."""
        if self.next.is_sign("^"):
            is_norm = base.operation == "abs"
            base = self.builder.apply("pow", base, self.exponent(), at=self.since(start))
            if is_norm:
                self.skip_norm()
        self.refuse_scripts()
        return base

    def exponent(self) -> Node:
        """What stands after ^, which is next."""
        start = self.take().at[0]
        exponent = self.argument()
        if exponent.value == "T":
            raise self.builder.error("The transpose", MATRIX_ADVICE, self.since(start))
        return exponent

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
        self.skip_norm()
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
        if self.next.is_sign("("):
            return self.builder.apply("sqrt", self.bracket(), at=self.since(token.at[0]))
        return self.builder.apply("sqrt", self.argument(), at=self.since(token.at[0]))

    def function(self) -> Node:
        r"""A function and its argument: a bracket, a \frac, or names and numbers side by side."""
        start = self.next.at[0]
        word = self.word() if self.next.is_command(*TEXT) else self.take().text
        function = self.base_of_logarithm(FUNCTIONS[word]) if self.next.is_sign("_") else FUNCTIONS[word]
        if self.next.is_sign("^"):
            raise self.unexpected("write a power of a function as (\\log x)^2")
        if not self.starts_factor():
            raise self.unexpected(f"the argument of {word} is expected here")
        closed = self.next.is_sign("(", "[", "{", "|") or self.next.is_command(*FRACTIONS, "sqrt", *FUNCTIONS)
        inside = self.closed_argument() if closed else self.plain_run()
        if self.next.is_sign("/"):
            inside = self.divided(word, inside, closed, start)
        at = self.since(start)
        after = self.next
        if after.is_sign("^") or (not closed and self.starts_factor() and not after.is_command(*FUNCTIONS)):
            advice = rf"how far {word} reaches {TWO_READINGS}; write brackets around its argument and around it all"
            raise self.builder.error("The function", advice, at)
        return self.builder.apply(function, inside, at=at)

    def divided(self, word: str, inside: Node, closed: bool, start: int) -> Node:
        r"""What the function applies to, where a / follows: in \log a/b also the divisor, in \log(a)/b only a."""
        if closed:
            self.builder.note(f"{word}(...)/... is read as a quotient.")
            return inside
        self.take()
        divisor = self.plain_run()
        if self.next.is_sign("/") or divisor.operation == "mul":
            advice = rf"how far {word} reaches {TWO_READINGS}; write brackets around its argument"
            raise self.builder.error("The function", advice, self.since(start))
        at = self.since(start)
        self.builder.note(f"{self.builder.source.piece(at)} is read as the {word} of the quotient.")
        return self.builder.apply("div", inside, divisor, at=at)

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
