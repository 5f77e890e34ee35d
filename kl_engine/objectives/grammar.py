r"""A typed objective as a tree: a recursive descent over names, calls, expectations and + - * /.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/" | nothing) signed)*
    signed  = "-" signed | chain
    chain   = atom ("." name | "(" arguments ")")*          as in torch.nn.functional.kl_div(log_q, p)
    atom    = number | text | name | "(" sum ")" | "{" sum "}" | \frac{sum}{sum} | E_sub [ sum ] | log chain

The text is never run: what the tree may mean is decided in `reading`, name by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kl_engine.objectives.text_limits import MAX_DEPTH, ObjectiveError, Span
from kl_engine.objectives.tokens import BAR, END, NAME, NUMBER, SIGN, TEXT, Token, tokens_of

CLOSING = {"(": ")", "[": "]", "{": "}"}
SEPARATORS = (",", ";", "|", BAR)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree.

    kind: "number", "name", "text", "call" (its function first, then the arguments), "attribute", "expectation" (under
    what, of what), "log", "neg", "add", "sub", "mul", "div". separators: what divides the arguments of a call.
    keywords: the names of the last arguments of a call, those given as name=value.
    """

    kind: str
    at: Span
    parts: tuple[Node, ...] = ()
    value: str | Fraction | None = None
    separators: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def parse_objective(text: str) -> Node:
    """The tree of a text. Raises ObjectiveError with the offending piece, its position and what to do."""
    parser = _Parser(text, tokens_of(text))
    tree = parser.sum(0)
    if parser.now.kind != END:
        raise parser.error("Cannot read on from", "check the signs and brackets there", (parser.now.at[0], len(text)))
    return tree


class _Parser:
    """The rules of the grammar, one a method; `depth` bounds the recursion."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def error(self, what: str, advice: str, at: Span) -> ObjectiveError:
        return ObjectiveError.of(self.text, what, advice, at)

    def sees(self, *signs: str) -> bool:
        return self.now.kind == SIGN and self.now.value in signs

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != END
        return token

    def expect(self, sign: str, opened: Span) -> Token:
        if not self.sees(sign):
            raise self.error("Not closed:", f"add {sign!r} before {self.now.value or 'the end'!r}", opened)
        return self.take()

    def sum(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.error("Nested too deeply:", "write it with fewer brackets and signs", self.now.at)
        left = self.product(depth + 1)
        while self.sees("+", "-"):
            kind = "add" if self.take().value == "+" else "sub"
            right = self.product(depth + 1)
            left = _join(kind, left, right)
        return left

    def product(self, depth: int) -> Node:
        left = self.signed(depth)
        while True:
            if self.sees("*", "/"):
                kind = "mul" if self.take().value == "*" else "div"
            elif self.now.kind in (NAME, NUMBER) or self.sees("(", "{"):
                kind = "mul"  # written side by side, as in \beta D(q\|p)
            else:
                return left
            left = _join(kind, left, self.signed(depth))

    def signed(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.error("Nested too deeply:", "write it with fewer brackets and signs", self.now.at)
        if self.sees("-", "+"):
            sign = self.take()
            inner = self.signed(depth + 1)
            return inner if sign.value == "+" else Node("neg", (sign.at[0], inner.at[1]), (inner,))
        return self.chain(depth)

    def chain(self, depth: int) -> Node:
        node = self.atom(depth)
        while True:
            if self.sees("."):
                self.take()
                name = self.take()
                if name.kind != NAME:
                    raise self.error("The point before", "write the name of a function after it", name.at)
                node = Node("attribute", (node.at[0], name.at[1]), (node,), name.value)
            elif self.sees("(", "[") and node.kind in ("name", "attribute", "call"):
                node = self.call(node, depth + 1)
            else:
                return node

    def atom(self, depth: int) -> Node:
        token = self.take()
        if token.kind == NUMBER:
            return Node("number", token.at, value=Fraction(token.value))
        if token.kind == TEXT:
            return Node("text", token.at, value=token.value)
        if token.kind == NAME:
            return self.named(token, depth)
        if token.kind == SIGN and token.value in CLOSING:
            inner = self.sum(depth + 1)
            end = self.expect(CLOSING[token.value], token.at)
            return Node(inner.kind, (token.at[0], end.at[1]), *_rest(inner))
        what = "The objective ends too early, after" if token.kind == END else "Cannot read"
        at = (max(0, token.at[0] - 1), token.at[1]) if token.kind == END else token.at
        raise self.error(what, "a name, a number or a bracket must stand there", at)

    def named(self, token: Token, depth: int) -> Node:
        """A name with its subscript, or one of the three that open something: E, log, frac."""
        head, _, subscript = token.value.partition("_")
        if token.value == "frac":
            above, below = self.braced(depth), self.braced(depth)
            return Node("div", (token.at[0], below.at[1]), (above, below))
        if head == "E" and (subscript or self.sees("_", "[")):
            return self.expectation(token, subscript, depth + 1)
        if token.value in ("log", "ln"):
            return self.log(token, depth + 1)
        if self.sees("_"):
            token = self.subscripted(token)
        return Node("name", token.at, value=token.value)

    def log(self, token: Token, depth: int) -> Node:
        """log of what stands next to it; a quotient without brackets could mean two things."""
        if depth > MAX_DEPTH:
            raise self.error("Nested too deeply:", "write it with fewer brackets and signs", token.at)
        bracket = self.sees("(", "[", "{") or self.now.value == "frac"
        inner = self.atom(depth) if bracket else self.chain(depth)
        node = Node("log", (token.at[0], inner.at[1]), (inner,))
        if not bracket and self.sees("/"):
            raise self.error("Two readings:", "write log(a/b), or log(a)/b", (token.at[0], self.now.at[1]))
        return node

    def braced(self, depth: int) -> Node:
        if not self.sees("{"):
            raise self.error("A fraction needs braces before", "write \\frac{a}{b}", self.now.at)
        return self.atom(depth + 1)

    def subscripted(self, token: Token) -> Token:
        """A LaTeX subscript made part of the name: p_{\\theta} is p_theta."""
        self.take()
        names = []
        if self.sees("{"):
            opened = self.take()
            while self.now.kind in (NAME, NUMBER) or self.sees(",", "_"):
                names.append(self.take())
            end = self.expect("}", opened.at)
        else:
            end = self.take()
            names.append(end)
        words = [name.value for name in names if name.kind in (NAME, NUMBER)]
        if not words:
            raise self.error("The subscript", "write a letter or a word, such as p_{theta}", end.at)
        return Token(NAME, "_".join([token.value, *words]), (token.at[0], end.at[1]))

    def expectation(self, token: Token, subscript: str, depth: int) -> Node:
        """E_q[...], E_{q(z|x)}[...], E_{x ~ p}[...]: under what, and of what."""
        if depth > MAX_DEPTH:
            raise self.error("Nested too deeply:", "write it with fewer brackets and signs", token.at)
        if subscript[:1].isdigit():
            raise self.error("Not a distribution:", "write E_q[...] or E_p[...]", token.at)
        if subscript:
            under = Node("name", token.at, value=subscript)
            if self.sees("(") and self.bracket_follows():
                under = self.call(under, depth)
        elif self.sees("_"):
            self.take()
            under = self.under(depth)
        else:
            raise self.error("No distribution under", "write E_q[...] or E_p[...]: it is the whole question", token.at)
        if not self.sees("[", "("):
            raise self.error("The expectation", "put what it is of in square brackets after it", token.at)
        body = self.atom(depth)
        return Node("expectation", (token.at[0], body.at[1]), (under, body))

    def bracket_follows(self) -> bool:
        """Whether the round bracket that opens here is followed by a square one, as in E_q(z|x)[...]."""
        open_brackets = 0
        for i in range(self.place, len(self.tokens) - 1):
            value = self.tokens[i].value if self.tokens[i].kind == SIGN else ""
            open_brackets += (value == "(") - (value == ")")
            if open_brackets == 0:
                return self.tokens[i + 1].value == "["
        return False

    def under(self, depth: int) -> Node:
        if not self.sees("{"):
            return self.atom(depth)
        opened = self.take()
        node = self.chain(depth)
        while self.sees("~", ","):  # x ~ p, or x, z ~ p: what is drawn does not matter here, from what does
            self.take()
            node = self.chain(depth)
        self.expect("}", opened.at)
        return node

    def call(self, function: Node, depth: int) -> Node:
        opened = self.take()
        arguments, separators, keywords = [], [], []
        while not self.sees(CLOSING[opened.value]):
            if self.now.kind == NAME and self.tokens[self.place + 1].value == "=":
                keywords.append(self.take().value)
                self.take()
            elif keywords:
                raise self.error("After a keyword", "give every later argument by name too", self.now.at)
            arguments.append(self.sum(depth + 1))
            if not self.sees(*SEPARATORS):
                break
            separators.append(self.take().value)
        end = self.expect(CLOSING[opened.value], opened.at)
        parts = (function, *arguments)
        return Node("call", (function.at[0], end.at[1]), parts, None, tuple(separators), tuple(keywords))


def _join(kind: str, left: Node, right: Node) -> Node:
    return Node(kind, (left.at[0], right.at[1]), (left, right))


def _rest(node: Node) -> tuple:
    return node.parts, node.value, node.separators, node.keywords
