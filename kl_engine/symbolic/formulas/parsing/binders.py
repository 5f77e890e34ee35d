r"""What opens something that reaches on: sums, integrals, expectations, min and max, logarithms without brackets."""

from __future__ import annotations

from fractions import Fraction

from kl_engine.symbolic.formulas.parsing.cursor import OPENING, TWO_READINGS, Cursor
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, number
from kl_engine.symbolic.formulas.parsing.tokens import BAR, NAME, NUMBER, Syntax, Token
from kl_engine.symbolic.formulas.parsing.word_lists import words

REACHING = words("log log2 log10 exp det logdet tr")  # functions whose argument may stand without brackets
SPELLED = {"ln": "log", "Log": "log", "LN": "log", "LOG": "log", "Ln": "log", "Exp": "exp", "EXP": "exp", "Tr": "tr"}
SPELLED |= {"trace": "tr", "Trace": "tr", "Det": "det", "lg": "log10"}
QUANTIFIERS = words("min max argmin argmax minimize maximize minimise maximise")
_COVARIANCES = words("0 1 2 a b p q prior post")


class Binders(Cursor):
    """The rules for words that reach on; `sum`, `product`, `factor` and `atom` are those of `parser`."""

    def summation(self, token: Token) -> Phrase:
        r"""\sum_{i} and what it reaches over: the product that follows it."""
        self.enter()
        index = self._limits()
        for name in index:
            self.running[name] = self.running.get(name, 0) + 1
        inside = self.product()
        for name in index:
            self.running[name] -= 1
        self.nesting -= 1
        kind = "sum" if token.value != "prod" else "prod"
        return Phrase(kind, self.since(token.at[0]), (inside,), index)

    def _limits(self) -> tuple[str, ...]:
        """What stands below and above a sum or an integral, set aside; the names that run."""
        found: list[str] = []
        while self.sees("_", "^"):
            below = self.take().value == "_"
            inside = self._group()
            if any(t.is_sign("_") and after.is_sign("_", "}") for t, after in zip(inside, [*inside[1:], self.now])):
                raise self.unexpected("an index such as _{i=1} or ^{n} is expected at the sum")
            names = [t.value for t in inside if t.kind == NAME]
            is_set = any(t.is_sign("~") for t in inside)  # x in X, i ∈ {1 … n}
            found += (names[:1] if is_set or "=" in [t.value for t in inside] else names) if below else []
        return tuple(dict.fromkeys(found))

    def _group(self) -> list[Token]:
        """The tokens of a group in braces, or one token."""
        if not self.sees("{"):
            return [self.take()]
        end = self.closing(self.place)
        inside = self.tokens[self.place + 1 : end]
        self.place = end
        self.expect("}", inside[0].at[0] if inside else self.now.at[0])
        return inside

    def integral(self, token: Token) -> Phrase:
        r"""\int … dz: to the differential, if there is one, else the product that follows."""
        self.enter()
        self._limits()
        while self.now.is_name("int"):
            self.take()
            self._limits()
        self._differential()  # ∫ dx f(x)
        if self._differential_follows():
            self.integrals += 1
            inside = self.sum()
            self.integrals -= 1
            if not self._differential():
                raise self.unexpected("the differential of the integral, such as dx, is expected here")
            while self._differential():
                pass
        else:
            inside = self.product()
        self.nesting -= 1
        return Phrase("integral", self.since(token.at[0]), (inside,))

    def at_differential(self) -> bool:
        """Whether dx, dz, d\\theta or d x stands here, inside an integral."""
        token = self.now
        if token.kind != NAME or not token.value.startswith("d"):
            return False
        return len(token.value) == 2 or (token.value == "d" and self.peek().kind in (NAME, "accent"))

    def _differential(self) -> bool:
        if not self.at_differential():
            return False
        token = self.take()
        if token.value == "d":
            following = self.take()
            if following.kind == "accent":
                self.accented(following)
            else:
                self.subscripts(following.value, following.at[0])
        elif self.sees("_"):
            self.subscripts(token.value, token.at[0])
        return True

    def _differential_follows(self) -> bool:
        """Whether a differential stands further on, before what is open here is closed."""
        start, depth, found = self.place, 0, False
        while self.place < len(self.tokens) - 1 and depth >= 0 and not found:
            found = depth == 0 and self.at_differential() and self.place > start
            depth += self.sees(*OPENING) - self.sees(*OPENING.values())
            self.place += 1
        self.place = start
        return found

    def expectation(self, token: Token, word: str) -> Phrase:
        """E_q[…], E_{x ~ p}[…]: under what, and of what. word: what is glued to the E, as in E_q."""
        self.enter()
        start = token.at[0]
        if word:
            under: tuple[Phrase, ...] = (self._glued_under(token, word),)
        else:
            under = ()
            while self.sees("_", "^"):
                self.take()
                under += self.under()
        body = self.atom() if self.sees("[", "(", "{", "<<") else self.product()
        self.nesting -= 1
        return Phrase("expectation", self.since(start), (*under, body))

    def _glued_under(self, token: Token, word: str) -> Phrase:
        name = Phrase("name", token.at, value=word)
        if self.sees("(") and self.tokens[self.closing(self.place) + 1 : self.closing(self.place) + 2]:
            after = self.tokens[self.closing(self.place) + 1]
            if after.is_sign("[", "{", "("):
                return self.call(name)
        return name

    def under(self) -> tuple[Phrase, ...]:
        r"""The distributions in a subscript: q, q(z|x), x \sim p, z \sim q."""
        if not self.sees("{"):
            return (self.atom(),)
        opened = self.take()
        items: list[Phrase] = []
        drawn: list[Phrase] = []
        bars, self.bars = self.bars, 0
        while not self.sees("}"):
            if self.sees("..."):  # z_1, …, z_K ~ q
                self.take()
                if self.sees(","):
                    self.take()
                continue
            items.append(self.sum())
            if self.sees("~"):
                self.take()
                drawn.append(self.sum())
            if not self.sees(",", ";", "|", ":", "&"):
                break
            self.take()
        self.bars = bars
        self.expect("}", opened.at[0])
        return tuple(drawn or items)

    def average(self, token: Token) -> Phrase:
        r"""\langle f \rangle_q, the physicist's E_q[f]."""
        self.enter()
        inside = self.sum()
        if not self.sees(">>"):
            raise self.unexpected(f"the bracket opened at position {token.at[0] + 1} is not closed before it")
        self.take()
        under: tuple[Phrase, ...] = ()
        if self.sees("_"):
            self.take()
            under = self.under()
        self.nesting -= 1
        return Phrase("expectation", self.since(token.at[0]), (*under, inside))

    def quantifier(self, token: Token, word: str) -> Phrase:
        r"""\min_q, \arg\max_{\pi}, "minimise over q": it reaches over all that follows."""
        self.enter()
        kind, _, index = word.partition("_")
        over: tuple[Phrase, ...] = (Phrase("name", token.at, value=index),) if index else ()
        while self.sees("_"):
            self.take()
            over += tuple(Phrase("name", t.at, value=t.value) for t in self._group() if t.kind == NAME)
        if self.now.is_name("over") and self.peek().kind == NAME:
            self.take()
            over = (self.atom(),)
        if self.sees(":", ","):
            self.take()
        body = self.sum()
        self.nesting -= 1
        return Phrase("quantifier", self.since(token.at[0]), (*over, body), kind)

    def limit(self, token: Token) -> Phrase:
        r"""\lim_{a \to 1} and what it reaches over; to infinity it says how many samples there are, and is left out."""
        self.enter()
        below = self._group() if self.sees("_") and self.take() else []
        arrow = next((i for i, t in enumerate(below) if t.is_sign("->")), 0)
        name, target = below[:arrow], below[arrow + 1 :]
        body = self.product()
        self.nesting -= 1
        if any(t.is_name("infty") for t in target):
            return body
        numbers = [t for t in target if t.kind == NUMBER]
        if not name or name[0].kind != NAME or len(numbers) != 1:
            raise self.error("The limit", r"write what tends to what below it, as in \lim_{\alpha \to 1}", token.at)
        value = Fraction(numbers[0].value) * (-1 if any(t.is_sign("-") for t in target[:1]) else 1)
        what = Phrase("name", name[0].at, value=name[0].value)
        return Phrase("limit", self.since(token.at[0]), (what, number(value, numbers[0].at), body))

    def reaching(self, token: Token, word: str) -> Phrase:
        """A function and its argument without brackets, or with them in mathematics."""
        self.enter()
        function = self._base(token, SPELLED.get(word, word))
        if self.sees("^"):
            raise self.unexpected("write a power of a function around it, as in (log x)^2")
        if not self.starts_factor() and not self.sees("|", BAR):
            raise self.unexpected(f"the argument of {function} is expected here")
        closed = self.sees("(", "[", "{", "|", BAR) or self.now.is_name("frac", "sqrt", *REACHING, *SPELLED)
        barred = self.sees("|", BAR) or self.now.is_name("det")
        inside = self._closed() if closed else self._plain_run()
        if inside.kind == "div" and inside.parts[0].kind == "number" and self.now.is_name("sum", "int"):
            inside = Phrase("mul", self.since(inside.at[0]), (inside, self.factor()))  # \log\frac1K\sum_k …
        if self.sees("/") and self.syntax is not Syntax.PYTHON and function.startswith("log"):
            inside = self._divided(function, inside, closed and not barred, token)
        at = self.since(token.at[0])
        if self.sees("^"):
            advice = f"how far {function} reaches {TWO_READINGS}; write brackets around its argument and around it all"
            raise self.error("The function", advice, at)
        self.nesting -= 1
        style = "" if closed else "bare"
        return Phrase("call", at, (Phrase("name", token.at, value=function), inside), bracket="(", style=style)

    def _base(self, token: Token, function: str) -> str:
        """The logarithm to the base that follows: log2 or log10."""
        if not self.sees("_"):
            return function
        self.take()
        base = "".join(t.value for t in self._group())
        if function != "log" or base not in ("2", "10", "e"):
            raise self.error("The base of", "a logarithm may be to the base 2, 10 or e", self.since(token.at[0]))
        return {"2": "log2", "10": "log10", "e": "log"}[base]

    def _closed(self) -> Phrase:
        """A bracket, a fraction, a root, or another function with its argument."""
        return self.factor() if self.now.kind == NAME else self.atom()

    def _plain_run(self) -> Phrase:
        """Numbers and names side by side, each with its power: what a function without brackets applies to."""
        start = self.now.at[0]
        result = self.factor()
        while (self.now.kind in (NAME, NUMBER, "accent")) and self.starts_factor() and not self._ends_run(result):
            result = Phrase("mul", self.since(start), (result, self.factor()))
            result = Phrase("mul", self.since(start), result.parts)
        if self.sees("(", "[") and result.kind != "call" and self.syntax is not Syntax.PYTHON:
            advice = f"how far the function before it reaches {TWO_READINGS}; write brackets around its argument"
            raise self.error("The factor", advice, self.since(start))
        return result

    def _ends_run(self, result: Phrase) -> bool:
        if self.integrals and self.at_differential():
            return True
        is_function = self.now.is_name("sum", "int", "prod", *REACHING, *SPELLED) or self.now.value in ("E", "𝔼")
        return is_function or result.kind == "call" or self.syntax is Syntax.PYTHON

    def _divided(self, function: str, inside: Phrase, closed: bool, token: Token) -> Phrase:
        r"""What the function applies to, where a / follows: in \log a/b also the divisor, in \log(a)/b only a."""
        if closed:
            self.note(f"{function}(...)/... is read as a quotient.")
            return inside
        self.take()
        divisor = (
            self.atom() if self.sees("|", BAR) else self._closed() if self.now.is_name("det") else self._plain_run()
        )
        if self.sees("/") or divisor.kind == "mul":
            advice = f"how far {function} reaches {TWO_READINGS}; write brackets around its argument"
            raise self.error("The function", advice, self.since(token.at[0]))
        at = self.since(token.at[0])
        self.note(
            f"{self.source.piece(at)} is read as the {self.source.piece(token.at).strip(chr(92))} of the quotient."
        )
        return Phrase("div", at, (inside, divisor))

    def is_summation(self, token: Token) -> bool:
        """Whether Σ, sum, ∑ or \\sum opens a sum here: Σ may be a covariance, and sum(…) is a call."""
        if token.value in ("sum", "prod") and token.style == "sign":
            return True
        if token.value == "sum" and self.syntax is Syntax.PYTHON and self.sees("_") and self.peek().kind == NAME:
            after = self.peek(2)
            return after.kind in (NAME, NUMBER) or after.is_sign("(", "[")  # sum_i p_i …; sum_p is a name
        if token.value == "sum":
            return not self.sees("(", ".") and not (self.sees("_") and self.peek().is_name("of")) and self._operand()
        if token.value != "Sigma" or self.source.piece(token.at) != "Σ":
            return False
        place, after = self.place, self.now
        if after.is_sign("_"):
            place = self.closing(self.place + 1) + 1 if self.peek().is_sign("{") else self.place + 2
            index = [t.value for t in self.tokens[self.place + 1 : place] if t.kind in (NAME, NUMBER)]
            if any(word in _COVARIANCES for word in index[:1]):
                return False
            after = self.tokens[min(place, len(self.tokens) - 1)]
        opens = after.kind in (NAME, NUMBER, "accent") or after.is_sign("(", "[", "{", "|")
        return opens and self.bars == 0 and (after.space or place > self.place or after.is_sign("(", "["))

    def _operand(self) -> bool:
        token = self.now
        return token.kind in (NAME, NUMBER, "accent") or token.is_sign("_", "[", "{", "-")
