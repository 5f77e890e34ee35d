"""Reading a LaTeX formula token by token: numbers, and names with their subscripts."""

from kl_engine.symbolic.formulas.latex_tokens import FUNCTIONS, GREEK, TEXT, TIMES, Token, tokens
from kl_engine.symbolic.formulas.source_text import Span
from kl_engine.symbolic.formulas.syntax_tree import MATRIX_ADVICE, MATRIX_WORDS, MAX_DEPTH, Builder, FormulaError, Node

TWO_READINGS = "can be read in two ways"


class Reader:
    """A place in the tokens of a formula, and the pieces that need no grammar."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.tokens = tokens(builder)
        self.place = 0
        self.running: dict[str, int] = {}  # index of a sum → how many of its sums are open
        self.nesting = 0  # brackets and sums open now
        self.bars = 0  # whether |...| is open in the innermost of them
        self.loose = False  # whether a running index was met outside its sum

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
        if self.next.kind == "letter" or self.next.is_command(*GREEK):  # \bm\mu
            return self.take().text
        start = self.next.at[0]
        if not self.take().is_sign("{"):
            self.place -= 1
            raise self.unexpected("a name in braces is expected here")
        parts = []
        named = (*GREEK, *TEXT)
        while self.next.kind in ("letter", "digit") or self.next.is_sign("_", ",") or self.next.is_command(*named):
            parts.append(self.word() if self.next.is_command(*TEXT) else self.take().text)
        if not parts or not self.take().is_sign("}"):
            raise self.unexpected("a name of letters and digits is expected in the braces")
        word = "".join(parts)
        if word in MATRIX_WORDS:
            raise self.builder.error("The function", MATRIX_ADVICE, self.since(start))
        return word

    def subscripted(self, name: str, start: int) -> str:
        if not self.next.is_sign("_"):
            return name
        self.take()
        token = self.next
        if token.is_sign("{"):
            subscript = self.braced_word()
        elif token.kind in ("letter", "digit") or token.is_command(*GREEK):
            subscript = self.take().text
        elif token.is_command(*TEXT):
            subscript = self.word()
        else:
            raise self.unexpected("a subscript of letters or digits is expected here")
        subscript = self.without_running(subscript)
        return f"{name}_{subscript}" if subscript else name

    def without_running(self, subscript: str) -> str:
        """A subscript without the index of a sum: q,j and 1j under a sum over j are q and 1."""
        parts = subscript.split(",")
        if len(parts) == 1 and len(subscript) > 1 and subscript[-1] in self.running and subscript[:-1].isdigit():
            parts = [subscript[:-1], subscript[-1]]
        self.loose |= any(self.running.get(part) == 0 for part in parts)
        return "_".join(part for part in parts if part not in self.running)

    def sum_index(self) -> str:
        r"""What stands below and above a \sum, set aside; its index, or nothing."""
        index = ""
        while self.next.is_sign("_", "^"):
            is_below = self.take().text == "_"
            token = self.take()
            inside = [token]
            while token.is_sign("{") and not self.next.is_sign("}"):
                if self.next.kind == "end" or self.next.is_sign("{", "^", "_"):
                    raise self.unexpected("an index such as _{i=1} or ^{n} is expected at the sum")
                inside.append(self.take())
            if token.is_sign("{"):
                self.take()
            letters = [part.text for part in inside if part.kind == "letter"]
            index = letters[0] if is_below and letters else index
        return index

    def skip_example(self) -> bool:
        """An upper index in brackets, such as ^{(i)}: it numbers examples, and is no power."""
        ahead = self.tokens[self.place : self.place + 6]
        shape = "".join("x" if token.kind in ("letter", "digit") else token.text for token in ahead)
        if shape.startswith("^{(x)}"):
            self.builder.note("An upper index in brackets is left out.")
            self.place += 6
            return True
        return False

    def base_of_logarithm(self, function: str) -> str:
        """The logarithm to the base that follows, log2 or log10."""
        self.take()
        found = {"2": "log2", "{2}": "log2", "{10}": "log10", "e": "log", "{e}": "log"}
        for shape, name in found.items():
            ahead = self.tokens[self.place : self.place + len(shape)]
            if function == "log" and "".join(token.text for token in ahead) == shape:
                self.place += len(shape)
                return name
        raise self.unexpected("the base of a logarithm may be 2, 10 or e")

    def skip_norm(self) -> None:
        r"""The lower 2 of a norm, as in \|a\|_2^2."""
        if self.next.is_sign("_") and self.tokens[self.place + 1].text == "2":
            self.place += 2

    def enter(self) -> None:
        """One more bracket or sum is open."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.builder.error("Nested too deeply at", f"nest at most {MAX_DEPTH} brackets", self.next.at)

    def starts_factor(self) -> bool:
        token = self.next
        if token.kind in ("letter", "digit") or token.is_sign("(", "[", "{", "."):
            return True
        if token.is_sign("|"):
            return self.bars == 0  # within bars the next one closes them
        return token.kind == "command" and token.text not in TIMES

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
