"""A place in the tokens of a statement, and the pieces that need no grammar: names with their subscripts."""

from __future__ import annotations

import re

from kl_engine.symbolic.formulas.parsing.tokens import BAR, END, NAME, NUMBER, SIGN, TEXT, Syntax, Token
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.refusals import MAX_DEPTH, Source, Span, Unreadable

OPENING = {"(": ")", "[": "]", "{": "}"}
TWO_READINGS = "can be read in two ways"
KEYWORDS = words("for if else elif in is not and or await yield return def class import from with try raise")
_IN_SUBSCRIPTS = {"<": "lt", ">": "gt", "+": "plus", "-": "minus", "*": "star", ":": "to", "|": "given", "...": "dots"}


class Cursor:
    """The tokens, and where reading has come to.

    tight: whether a product without a sign holds together more tightly than a division, as in 1/2σ. ambiguous: whether
    that made a difference. running: an index of a sum, and how many of its sums are open. loose: whether one of them
    was met outside its sum.
    """

    def __init__(self, source: Source, tokens: list[Token], syntax: Syntax, tight: bool = True) -> None:
        self.source, self.tokens, self.syntax, self.tight = source, list(tokens), syntax, tight
        self.place, self.nesting, self.bars = 0, 0, 0
        self.ambiguous = self.loose = False
        self.running: dict[str, int] = {}
        self.integrals = 0
        self.notes: list[str] = []

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """A token further on; the END if there are not so many."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != END
        return token

    def sees(self, *signs: str) -> bool:
        return self.now.is_sign(*signs)

    def since(self, start: int) -> Span:
        """From there to the end of what was last taken."""
        return start, max(start, self.tokens[self.place - 1].at[1] if self.place else start)

    def error(self, what: str, advice: str, at: Span) -> Unreadable:
        return self.source.error(what, advice, at)

    def unexpected(self, advice: str) -> Unreadable:
        what = "The text ends too early" if self.now.kind == END else "Cannot read on from"
        end = len(self.source.text) if self.now.kind != END else self.now.at[1]
        return self.error(what, advice, (self.now.at[0], end))

    def expect(self, sign: str, opened: int) -> Token:
        if not self.sees(sign):
            raise self.unexpected(f"the bracket opened at position {opened + 1} is not closed before it, add {sign}")
        return self.take()

    def enter(self) -> None:
        """One more bracket, sum or sign is open."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.error("Nested too deeply at", f"nest at most {MAX_DEPTH} brackets and signs", self.now.at)

    def note(self, words: str) -> None:
        """Something a person should know of how the text was read."""
        if words not in self.notes:
            self.notes.append(words)

    def starts_factor(self) -> bool:
        """Whether a factor can begin here."""
        token = self.now
        if token.kind == NAME:
            return token.value not in KEYWORDS
        if token.kind in (NUMBER, "accent"):
            return True
        if token.is_sign("|", BAR):
            return self.bars == 0 and not self.in_arguments
        return token.is_sign("(", "[", "{", "√", "<<")

    in_arguments = False  # whether bars divide what is read now

    def subscripts(self, word: str, start: int) -> str:
        """The name with what stands below it: p_{\\theta}, log_var, π_ref. An index that runs is left out."""
        words = [word]
        while self.sees("_") and (self.syntax is Syntax.LATEX or not self.now.space):
            if self.syntax is not Syntax.LATEX and not self._glued_after():
                if self.syntax is Syntax.PYTHON:  # a method that works in place, such as add_
                    self.take()
                    words[-1] += "_"
                break
            self.take()
            found = self._subscript(start)
            self.loose |= any(self.running.get(part) == 0 for part in found)
            words += [part for part in found if part not in self.running]
        return "_".join(words)

    def _glued_after(self) -> bool:
        token = self.peek()
        return not token.space and (token.kind in (NAME, NUMBER) or token.is_sign("{", "*", "+"))

    def _subscript(self, start: int) -> list[str]:
        token = self.take()
        if token.is_sign("{"):
            return self._braced_subscript(token)
        if token.kind == NUMBER:
            if self.syntax is Syntax.LATEX and len(token.value) > 1:
                raise self.error("The subscript", f"it {TWO_READINGS}; write braces around it", (start, token.at[1]))
            return [token.value]
        if token.kind == NAME and token.style == "run" and re.fullmatch("[a-z][A-Z]", token.value):
            self.place -= 1  # L_qL_q is L_q L_q
            first, second = token.value
            self.tokens[self.place] = token._replace(value=second, at=(token.at[0] + 1, token.at[1]), style="")
            return [first]
        if token.kind == NAME:
            return self._parted(token.value)
        if token.is_sign("*", "+", "..."):
            return [_IN_SUBSCRIPTS.get(token.value, "plus")]
        if token.kind == "accent":
            return [f"{self.accented(token)}"]
        self.place -= 1
        raise self.unexpected("a subscript of letters or digits is expected here")

    def _braced_subscript(self, opened: Token) -> list[str]:
        words: list[str] = []
        depth = 1
        while depth:
            token = self.take()
            if token.kind == END:
                raise self.error("Not closed:", "close the brace after the subscript", opened.at)
            if token.is_sign("{", "}"):
                depth += 1 if token.value == "{" else -1
            elif token.kind in (NAME, NUMBER, TEXT):
                words += self._parted(token.value)
            elif token.kind == SIGN and token.value in _IN_SUBSCRIPTS:
                words.append(_IN_SUBSCRIPTS[token.value])
            elif token.is_sign("'"):
                words.append("prime")
            elif not token.is_sign(",", "(", ")", "_", "^", ";", "~", "=", "/", ".", "[", "]"):
                raise self.error("The subscript", "use letters, digits and commas", token.at)
        return words

    def _parted(self, word: str) -> list[str]:
        """1j under a sum over j is 1 and j."""
        if len(word) > 1 and word[-1] in self.running and word[:-1].isdigit():
            return [word[:-1], word[-1]]
        return [word]

    def accented(self, accent: Token) -> str:
        r"""The name under an accent: \hat{\rho} is rho_hat."""
        start = accent.at[0]
        opened = self.sees("{")
        if opened:
            self.take()
        token = self.take()
        if token.kind != NAME:
            self.place -= 1
            raise self.unexpected("a name is expected under the accent")
        word = token.value
        if opened:
            word = self.subscripts(word, start)
            self.expect("}", start)
        if word == "E" and self.sees("_", "["):
            word = "𝔼"  # the average over a sample, as in \\hat{E}_t[…]
        return word if word == "𝔼" else f"{word}_{accent.value}"

    def closing(self, place: int) -> int:
        """The place of the bracket that closes the one at `place`; the last place if none does."""
        depth = 0
        for i in range(place, len(self.tokens)):
            depth += self.tokens[i].is_sign(*OPENING) - self.tokens[i].is_sign(*OPENING.values())
            if depth == 0:
                return i
        return len(self.tokens) - 1
