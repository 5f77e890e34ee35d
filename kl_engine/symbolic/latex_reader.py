"""Reading a LaTeX formula token by token: numbers, and names with their subscripts."""

from kl_engine.symbolic.latex_tokens import FUNCTIONS, GREEK, TEXT, Token, tokens
from kl_engine.symbolic.syntax_tree import Builder, FormulaError, Node, Span

TWO_READINGS = "can be read in two ways"


class Reader:
    """A place in the tokens of a formula, and the pieces that need no grammar."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.tokens = tokens(builder)
        self.place = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def unexpected(self, advice: str) -> FormulaError:
        what = "The formula ends too early at" if self.next.kind == "end" else "Unexpected"
        return self.builder.error(what, advice, self.next.at)

    def since(self, start: int) -> Span:
        return start, self.tokens[self.place - 1].at[1]

    def number(self) -> Node:
        start = self.next.at[0]
        text = ""
        while (self.next.kind == "digit" or self.next.is_sign(".")) and self.next.at[0] == start + len(text):
            text += self.take().text
        return self.builder.number(text, self.since(start))

    def word(self) -> str:
        r"""The name of a symbol: one letter, a Greek one, or what stands in \mathrm{...}."""
        token = self.take()
        if token.kind == "letter":
            if self.next.kind == "letter" and self.next.at[0] == token.at[1]:
                at = (token.at[0], self.next.at[1])
                raise self.builder.error("The letters", rf"they {TWO_READINGS}; write \mathrm{{..}} or a space", at)
            return token.text
        return token.text if token.text in GREEK else self.braced_word()

    def braced_word(self) -> str:
        if not self.take().is_sign("{"):
            self.place -= 1
            raise self.unexpected("a name in braces is expected here")
        parts = []
        while self.next.kind in ("letter", "digit") or self.next.is_sign("_") or self.next.is_command(*GREEK, *TEXT):
            parts.append(self.word() if self.next.is_command(*TEXT) else self.take().text)
        if not parts or not self.take().is_sign("}"):
            raise self.unexpected("a name of letters and digits is expected in the braces")
        return "".join(parts)

    def subscripted(self, name: str, start: int) -> str:
        if not self.next.is_sign("_"):
            return name
        self.take()
        token = self.next
        if token.is_sign("{"):
            return f"{name}_{self.braced_word()}"
        if token.kind in ("letter", "digit") or token.is_command(*GREEK):
            return f"{name}_{self.take().text}"
        if token.is_command(*TEXT):
            return f"{name}_{self.word()}"
        raise self.unexpected("a subscript of letters or digits is expected here")

    def at_symbol(self) -> bool:
        return self.next.kind == "letter" or self.next.is_command(*GREEK, *TEXT)

    def at_named_function(self) -> bool:
        r"""\operatorname{log} and \mathrm{log}, with their braces."""
        ahead = self.tokens[self.place : self.place + 8]
        if not ahead[0].is_command(*TEXT):
            return False
        letters = "".join(token.text for token in ahead[1:])
        return any(letters.startswith(f"{{{name}}}") for name in FUNCTIONS)

    def refuse_scripts(self) -> None:
        if self.next.is_sign("^", "_"):
            raise self.unexpected("use braces around a power of a power, and subscripts on names only")
