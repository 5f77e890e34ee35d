r"""The grammar of a statement, for code, LaTeX and paper alike: a recursive descent, and no text is ever run.

    value   = sum ["if" sum "else" value]
    sum     = product {("+" | "-") product}
    product = signed {("*" | "/" | "@" | "\" | nothing) signed}     nothing: written side by side
    signed  = ("-" | "+") signed | factor
    factor  = postfix ["^" exponent]
    postfix = atom {"." name | "(" arguments ")" | "[" arguments "]" | "'"}
    atom    = number | text | name | "(" value ")" | |sum| | ‖sum‖ | \frac{sum}{sum} | what `binders` opens

Where mathematics has two readings (a/b c, \log a b) one is taken and said, or brackets are asked for.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kl_engine.symbolic.formulas.parsing.binders import QUANTIFIERS, REACHING, SPELLED, Binders
from kl_engine.symbolic.formulas.parsing.cursor import KEYWORDS, OPENING, TWO_READINGS
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, number
from kl_engine.symbolic.formulas.parsing.tokens import BAR, END, NAME, NUMBER, TEXT, Syntax, Token
from kl_engine.symbolic.formulas.parsing.word_lists import words

_TIMES = {"*": "mul", ".*": "mul", "/": "div", "@": "matmul", "\\": "solve"}
_RELATIONS = ("==", "!=", "<", ">", "<=", ">=", "~=")
_IN_INDEX = (":", ",", "-", "+", "...", "_", ".", ">", "<", "==", "!=", ">=", "<=", "*", "[", "]", "~")
_SEPARATORS = (",", ";", "|", BAR, ":")
_BRACKETED = words("KL D H CE JS JSD F G ELBO E Ent VFE I MI Var Log Exp Sqrt Tr Det DKL KLD")
_TRANSPOSED = words("T top intercal mathsf prime")
_PARAMETERS = words("theta phi psi vartheta Theta Phi")
_EXPONENTS = words("alpha beta gamma lambda eta tau epsilon kappa")  # p^\\alpha is a power, \\pi^\\theta a policy
MOST_DIGITS = 30
MOST_POWER_OF_TEN = 12


class Parser(Binders):
    """The rules, one a method; `nesting` bounds the recursion."""

    def whole(self) -> Phrase:
        """The phrase that all the tokens make."""
        phrase = self.value()
        if self.now.kind != END:
            raise self.unexpected(self._advice())
        return phrase

    def _advice(self) -> str:
        if self.sees(")", "]", "}"):
            return "it closes a bracket that is not open here"
        if self.sees("=", "+=", "*=", ":="):
            return "one equals sign at most, after what the formula is said to be"
        return "check the signs and brackets there, and write * for a product"

    def value(self) -> Phrase:
        """A sum, a comparison of two, or one of two values by a condition."""
        then = self._relation()
        if self.now.is_name("if") and self.syntax is Syntax.PYTHON:
            self.take()
            self._relation()
            if not self.now.is_name("else"):
                raise self.unexpected("an if in a formula needs an else")
            self.take()
            return Phrase("if", self.since(then.at[0]), (then, self.value()))
        return then

    def _relation(self) -> Phrase:
        left = self.sum()
        while self.sees(*_RELATIONS) or self.now.is_name("and", "or", "in", "not"):
            if self.now.is_name("in") and self.generating:
                break
            sign = self.take().value
            left = Phrase("relation", self.since(left.at[0]), (left, self.sum()), sign)
        return left

    generating = False  # whether the names of a generator are read now

    def sum(self) -> Phrase:
        self.enter()
        start = self.now.at[0]
        total = self.product()
        while self.sees("+", "-"):
            kind = "add" if self.take().value == "+" else "sub"
            parts = total, self.product()
            total = Phrase(kind, self.since(start), parts)
        self.nesting -= 1
        return total

    def product(self) -> Phrase:
        start = self.now.at[0]
        result = self.signed()
        while True:
            if self.sees("/"):
                result = self._quotient(result, start)
            elif self.sees(*_TIMES):
                kind = _TIMES[self.take().value]
                parts = result, self.signed()
                result = Phrase(kind, self.since(start), parts)
            elif self._side_by_side(result):
                parts = result, self.factor()
                result = Phrase("mul", self.since(start), parts)
            else:
                return result

    def _side_by_side(self, before: Phrase) -> bool:
        """Whether a factor follows without a sign. In code only after a number, or before log, sum and the like."""
        if not self.starts_factor() or self.integrals and self.at_differential():
            return False
        if self.syntax is not Syntax.PYTHON or before.kind == "number":
            return True
        reaching = self.now.is_name("sum", *REACHING, *SPELLED) and not self.peek().is_sign("(", "_", ".")
        return reaching and self.peek().kind == NAME

    def _quotient(self, above: Phrase, start: int) -> Phrase:
        """Divided by one factor. What follows it without a sign belongs below, or multiplies: two readings."""
        self.take()
        glued = self.now.kind == NUMBER and not self.peek().space and self.peek().kind == NAME
        below = self.signed()
        at = self.since(start)
        follows = self.starts_factor() and not (self.integrals and self.at_differential())
        if not follows or self.syntax is Syntax.PYTHON and not glued:
            return Phrase("div", at, (above, below))
        if _is_plain(above) and (_is_plain(below) or below.is_name() and self._opens_sum()) and not glued:
            self.note(f"{self.source.piece(at)} is read as a factor of what follows it.")
            return Phrase("div", at, (above, below))
        self.ambiguous = True
        if not self.tight:
            self.note(f"{self.source.piece(at)} is read as a factor of what follows it.")
            return Phrase("div", at, (above, below))
        first = self.now.at[0]
        below = Phrase("mul", (below.at[0], first), (below, self.factor()))
        while not glued and self.starts_factor() and not (self.integrals and self.at_differential()):
            below = Phrase("mul", self.since(below.at[0]), (below, self.factor()))
        below = replace(below, at=self.since(below.at[0]))
        self.note(f"{self.source.piece(below.at)} as a whole is read as the divisor.")
        return Phrase("div", self.since(start), (above, below))

    def _opens_sum(self) -> bool:
        """Whether a sum or an expectation follows, as in 1/N sum_i …"""
        return self.now.is_name("sum", "prod", "int", "𝔼") or self.now.is_name("E") and self.peek().is_sign("_", "[")

    def signed(self) -> Phrase:
        if not self.sees("-", "+"):
            return self.factor()
        self.enter()
        sign = self.take()
        inside = self.signed()
        self.nesting -= 1
        return inside if sign.value == "+" else Phrase("neg", self.since(sign.at[0]), (inside,))

    def factor(self) -> Phrase:
        """A postfix with its power; \\sigma^2_1 and \\sigma_1^2 are one."""
        start = self.now.at[0]
        base = self.postfix()
        if base.kind == "bars" and (form := self._quadratic_form(base, start)):
            return form
        while self.sees("^"):
            base = self._raised(base, start)
        if self.sees("_") and base.kind in ("bars", "tuple", "add", "sub", "call") and self._norm_index():
            self.place += self._norm_index()
            if self.sees("^"):
                base = self._raised(base, start)
        if self.sees("_") and base.kind == "call" and self.peek().kind in (NAME, NUMBER):  # softmax(z)_k
            self.take()
            self.take()
        if self.sees("_"):
            raise self.unexpected("subscripts stand on names only")
        return base

    def _quadratic_form(self, norm: Phrase, start: int) -> Phrase | None:
        r"""‖x‖²_{A}, in either order of its scripts, is xᵀ A x; None for any other norm."""
        place = self.place
        squared = self._squares()
        if not (self.sees("_") and self.peek().is_sign("{")):
            self.place = place
            return None
        self.take()
        weight = self.bracket()
        if weight.is_number() or weight.is_name("F", "infty", "p") or not (squared or self._squares()):
            self.place = place
            return None
        at, inside = self.since(start), replace(norm.parts[0], bracket="(")
        turned = Phrase("transpose", at, (inside,))
        product = Phrase("matmul", at, (turned, replace(weight, bracket="(")))
        return Phrase("matmul", at, (product, inside), bracket="(")

    def _norm_index(self) -> int:
        r"""How many tokens are the 2, + or F of \|x\|_2 and \|A\|_{F}; none for any other subscript."""
        if self.peek().value in ("2", "+", "F"):
            return 2
        return 4 if self.peek().is_sign("{") and self.peek(2).value in ("2", "F") and self.peek(3).is_sign("}") else 0

    def _squares(self) -> bool:
        """Whether a power of 2 stands here, which is then read."""
        braced = self.sees("^") and self.peek().is_sign("{") and self.peek(2).value == "2" and self.peek(3).is_sign("}")
        plain = self.sees("^") and self.peek().value == "2"
        self.place += 4 if braced else 2 if plain else 0
        return bool(braced or plain)

    def _raised(self, base: Phrase, start: int) -> Phrase:
        self.take()
        if self.syntax is Syntax.PYTHON:
            exponent = self.signed()
            return Phrase("pow", self.since(start), (base, exponent))
        if base.is_name(*_PARAMETERS) and (step := self._step_above()):
            return replace(base, value=self.subscripts(f"{base.value}_{step}", start), at=self.since(start))
        if self._skips_example(base):
            word = self.subscripts(base.value, start)
            return replace(base, value=word, at=self.since(start))
        exponent = self._exponent()
        is_e = base.is_name("e") and base.style != "run"
        if base.is_name() and not is_e and self.syntax is Syntax.LATEX and (word := _word_above(exponent)):
            name = Phrase("name", self.since(start), value=self.subscripts(f"{base.value}_{word}", start))
            return self.call(name) if self._has_arguments(word) else name
        if is_e:
            return Phrase("call", self.since(start), (Phrase("name", base.at, value="exp"), exponent), bracket="(")
        if exponent.is_name("T", "top") or exponent.kind == "name" and exponent.value in _TRANSPOSED:
            return Phrase("transpose", self.since(start), (base,))
        if exponent.kind == "neg" and exponent.parts[0].is_name("T", "top"):
            inverse = Phrase("pow", self.since(start), (base, number(-1, exponent.at)))
            return Phrase("transpose", self.since(start), (inverse,))
        if base.is_name() and self.sees("_"):
            base = replace(base, value=self.subscripts(base.value, start))
        elif base.kind == "bars" and self.sees("_"):
            self.take()
            self.take()
        if self.sees("^") and exponent.is_number():
            raise self.unexpected("use braces around a power of a power")
        return Phrase("pow", self.since(start), (base, exponent))

    def _has_arguments(self, word: str) -> bool:
        """Whether the bracket after π^{ref} or p^* holds what it is of: (y|x), (·|s), (x)."""
        if not self.sees("(") or word.isdigit():
            return False
        inside = self.tokens[self.place + 1 : self.closing(self.place)]
        one = inside and all(token.kind in (NAME, NUMBER) or token.is_sign("_", "{", "}") for token in inside)
        return bool(one) and inside[0].kind == NAME or any(token.is_sign("|", ",", ";") for token in inside)

    def _step_above(self) -> str:
        """The t of θ^{(t)} and θ^t: parameters of a step before, which are other parameters."""
        ahead = [self.peek(i) for i in range(5)]
        shape = "".join("x" if token.kind == NAME else token.value for token in ahead)
        long = 5 if shape.startswith("{(x)}") else 3 if shape.startswith("{x}") else 1 if shape.startswith("x") else 0
        step = ahead[{5: 2, 3: 1, 1: 0}.get(long, 0)].value
        if not long or step not in ("t", "k", "n", "old", "s"):
            return ""
        self.place += long
        return step

    def _skips_example(self, base: Phrase) -> bool:
        """An upper index in brackets, such as ^{(i)}: it numbers examples, and is not a power."""
        ahead = [self.peek(i) for i in range(5)]
        shape = "".join("x" if token.kind == NAME else token.value for token in ahead)
        if not base.is_name() or not shape.startswith("{(x)}"):
            return False
        self.note("An upper index in brackets is left out.")
        self.place += 5
        return True

    def _exponent(self) -> Phrase:
        if self.sees("-", "+"):
            return self.signed()
        if self.sees("*", "'"):
            return Phrase("name", self.now.at, value={"*": "star", "'": "prime"}[self.take().value])
        return self.argument()

    def argument(self) -> Phrase:
        r"""What a command or a power applies to: a group in braces or brackets, or one digit, letter or command."""
        token = self.now
        if token.is_sign("{"):
            if self.peek().is_sign("*", "'") and self.peek(2).is_sign("}"):
                self.place += 3
                return Phrase("name", token.at, value="star")
            return self.bracket()
        if token.kind == NUMBER:
            return self._one_digit()
        if token.kind == NAME and token.style == "run" and len(token.value) > 1:  # \frac ab: TeX takes one letter
            self.tokens[self.place] = token._replace(value=token.value[1:], at=(token.at[0] + 1, token.at[1]))
            at = (token.at[0], token.at[0] + 1)
            return Phrase("name", at, value=token.value[0])
        if token.kind in (NAME, "accent") or token.is_sign("(", "[", "|", BAR):
            return self.factor() if token.is_name("frac", "sqrt") else self.bare_atom()
        raise self.unexpected("put the argument in braces")

    def _one_digit(self) -> Phrase:
        token = self.now
        if self.syntax is not Syntax.LATEX or len(token.value) == 1:
            return self.number()
        digit, rest = token.value[0], token.value[1:]
        self.tokens[self.place] = token._replace(value=rest, at=(token.at[0] + 1, token.at[1]), space=False)
        return number(Fraction(digit), (token.at[0], token.at[0] + 1))

    def postfix(self, scripts: bool = True) -> Phrase:
        """An atom and what is glued to its right: attributes, arguments, indices, a transpose."""
        start = self.now.at[0]
        node = self.atom() if scripts else self.bare_atom()
        while True:
            if self.sees(".") and self.peek().kind == NAME and self._is_dotted():
                self.take()
                name = self.take()
                word = self.subscripts(name.value, name.at[0])
                node = Phrase("attribute", self.since(start), (node,), word)
            elif self.sees("(") and self._is_callable(node):
                node = self.call(node)
            elif self.sees("[") and self._is_callable(node):
                node = self._bracketed(node)
            elif self.sees("'") and not self.now.space:
                self.take()
                node = self._primed(node, start)
            elif self.sees(".") and self.peek().is_sign("(") and node.kind in ("name", "attribute"):
                self.take()  # Julia's exp.(x)
            else:
                return node

    def _is_dotted(self) -> bool:
        return self.syntax is Syntax.PYTHON or not self.peek().space and not self.now.space

    def _is_callable(self, node: Phrase) -> bool:
        if node.kind in ("name", "attribute"):
            return (
                node.kind == "attribute"
                or self.syntax is not Syntax.LATEX
                or not node.is_name("pi")
                or not self.now.space
            )
        return node.kind in ("call", "index") and self.syntax is Syntax.PYTHON

    def _primed(self, node: Phrase, start: int) -> Phrase:
        if self.syntax is Syntax.LATEX and node.is_name():
            return replace(node, value=self.subscripts(f"{node.value}_prime", start), at=self.since(start))
        return Phrase("transpose", self.since(start), (node,))

    def _bracketed(self, node: Phrase) -> Phrase:
        """KL[q||p] and H[q] are calls, p[i] in code is an index, and on paper d[…] may be a product."""
        head = node.value.partition("_")[0] if node.kind == "name" else ""
        kept = self.syntax is not Syntax.LATEX and self.peek().kind == TEXT and self.peek(2).is_sign("]")  # d["q"]
        if not kept and (self.syntax is not Syntax.PYTHON or head in _BRACKETED):
            return self.call(node)
        opened = self.take()
        end = self.closing(self.place - 1)
        inside = self.tokens[self.place : end]
        for token, after in zip(inside, [*inside[1:], self.tokens[end]]):
            dunder = token.is_sign("_") and after.is_sign("_")
            if dunder or not (token.kind in (NAME, NUMBER, TEXT) or token.is_sign(*_IN_INDEX)):
                raise self.error("The index", "use a number, a name or a slice", (opened.at[0], token.at[1]))
        self.place = end
        self.expect("]", opened.at[0])
        places = [Phrase("text", token.at, value=token.value) for token in inside]
        return Phrase("index", self.since(node.at[0]), (node, *places))

    def atom(self) -> Phrase:
        """The smallest piece that has a value, a name with its subscripts."""
        return self._atom(scripts=True)

    def bare_atom(self) -> Phrase:
        """An atom as the argument of a command: a name without what follows it."""
        return self._atom(scripts=False)

    def _atom(self, scripts: bool) -> Phrase:
        token = self.now
        if token.kind == NUMBER:
            return self.number()
        if token.kind == TEXT:
            self.take()
            return Phrase("text", token.at, value=token.value)
        if token.kind == "accent":
            self.take()
            word = self.accented(token)
            if word == "𝔼":
                return self._opening(token, word)
            word = self.subscripts(word, token.at[0]) if scripts else word
            return Phrase("name", self.since(token.at[0]), value=word)
        if token.kind == NAME:
            if (
                token.style == "run"
                and len(token.value) == 2
                and token.value[0] == token.value[1]
                and token.value.isupper()
            ):
                self._part_letters(token)  # LL^\top
            return self.named(self.take(), scripts)
        if token.is_sign(*OPENING):
            return self.bracket()
        if token.is_sign("|", BAR):
            return self._absolute()
        if token.is_sign("<<"):
            return self.average(self.take())
        if token.is_sign("√"):
            self.take()
            inside = self.atom()
            return Phrase(
                "call", self.since(token.at[0]), (Phrase("name", token.at, value="sqrt"), inside), bracket="("
            )
        if token.is_sign("*", ".", "...", "-") and self.in_arguments:  # \pi(\cdot|s)
            self.take()
            return Phrase("name", token.at, value="dot")
        what = "The text ends too early" if token.kind == END else "Cannot read on from"
        at = (token.at[0], max(token.at[1], token.at[0] + 1)) if token.kind != END else token.at
        raise self.error(what, "a number, a name or an opening bracket is expected here", at)

    def _part_letters(self, token: Token) -> None:
        """Two letters side by side as two names."""
        (start, end), (first, second) = token.at, token.value
        self.tokens[self.place : self.place + 1] = [
            token._replace(value=first, at=(start, start + 1), style=""),
            token._replace(value=second, at=(start + 1, end), style="", space=False),
        ]

    def number(self) -> Phrase:
        token = self.take()
        digits, _, power = token.value.lower().partition("e")
        if len(digits) > MOST_DIGITS or power and abs(int(power[:6])) > MOST_POWER_OF_TEN or len(power) > 5:
            advice = (
                f"write a plain decimal of at most {MOST_DIGITS} digits, its power of ten within +-{MOST_POWER_OF_TEN}"
            )
            raise self.error("The number", advice, token.at)
        after = self.now
        if token.value == "0" and after.kind == NAME and not after.space and after.value[0] in "xXbBoO":
            raise self.error("The number", "write it in decimal digits", (token.at[0], after.at[1]))
        return number(Fraction(token.value), token.at)

    def bracket(self) -> Phrase:
        """What stands in brackets; {a \\over b} is a quotient, a, b a tuple, x for x in y a generator."""
        self.enter()
        opened = self.take()
        saved = self.bars, self.in_arguments
        self.bars, self.in_arguments = 0, False
        inside = self._inside(opened)
        self.bars, self.in_arguments = saved
        self.expect(OPENING[opened.value], opened.at[0])
        self.nesting -= 1
        kept = "(" if opened.value != "{" else inside.bracket
        node = replace(inside, at=self.since(opened.at[0]), bracket=kept) if inside.kind != "call" else inside
        return self._styled_name(node, opened)

    def _styled_name(self, node: Phrase, opened: Token) -> Phrase:
        r"""{\mu}_q, which is left of \bm{\mu}_q, is a name with its subscript."""
        if opened.value == "{" and node.is_name() and self.sees("_"):
            return replace(node, value=self.subscripts(node.value, opened.at[0]), at=self.since(opened.at[0]))
        return node

    def _inside(self, opened: Token) -> Phrase:
        if self.sees(OPENING[opened.value]) and opened.value != "{":
            return Phrase("tuple", opened.at)
        first = self.value()
        if opened.value == "{" and self.syntax is Syntax.PYTHON and self.sees(":"):
            return self._dictionary(first)
        if self.now.is_sign("over") or self.now.is_name("over"):
            self.take()
            first = Phrase("div", self.since(opened.at[0]), (first, self.sum()))
        if self.now.is_name("for"):
            return self.generator(first)
        if not self.sees(",", ";"):
            return first
        parts = [first]
        while self.sees(",", ";"):
            self.take()
            if self.sees(OPENING[opened.value]):
                break
            parts.append(self.value())
        return Phrase("tuple", self.since(opened.at[0]), tuple(parts))

    def _dictionary(self, first: Phrase) -> Phrase:
        """The values of {"loss": loss, "kl": kl}."""
        values: list[Phrase] = []
        while self.sees(":"):
            self.take()
            values.append(self.value())
            if self.sees(",") and not self.peek().is_sign("}"):
                self.take()
                self.value()
        if self.sees(","):
            self.take()
        return Phrase("tuple", self.since(first.at[0]), tuple(values))

    def generator(self, element: Phrase) -> Phrase:
        """x for a, b in zip(c, d) [if …]: what a sum in Python runs over."""
        start = element.at[0]
        self.take()
        names, self.generating = [self.postfix()], True
        while self.sees(",", ")"):
            if self.take().value == ",":
                names.append(self.postfix())
        self.generating = False
        if not self.now.is_name("in"):
            raise self.unexpected("a generator needs in and what it runs over")
        self.take()
        source = self.sum()
        if self.now.is_name("if"):
            self.take()
            self.take() if self.now.is_name("not") else None
            self._relation()
        targets = tuple(part for name in names for part in (name.parts if name.kind == "tuple" else (name,)))
        return Phrase("generator", self.since(start), (element, source, *targets))

    def _absolute(self) -> Phrase:
        """|a|, which may be a determinant, or the norm ‖a‖."""
        self.enter()
        opened = self.take()
        saved, self.bars = self.bars, self.bars + 1
        arguments, self.in_arguments = self.in_arguments, False
        inside = self.sum()
        self.bars, self.in_arguments = saved, arguments
        if not self.sees(opened.value):
            advice = f"the bar opened at position {opened.at[0] + 1} is not closed before it"
            raise self.unexpected(advice)
        self.take()
        self.nesting -= 1
        return Phrase("bars", self.since(opened.at[0]), (inside,), opened.value)

    def named(self, token: Token, scripts: bool = True) -> Phrase:
        """A name with its subscript, or one of the words that open something."""
        word, start = token.value, token.at[0]
        if word == "frac" and not self.sees("(", "."):
            above, below = self.argument(), self.argument()
            return Phrase("div", self.since(start), (above, below), bracket="(")
        if word == "sqrt" and self.syntax is Syntax.LATEX and not self.sees("("):
            if self.sees("["):
                raise self.unexpected("write a higher root as a power, such as x^{1/3}")
            return Phrase(
                "call", self.since(start), (Phrase("name", token.at, value="sqrt"), self.argument()), bracket="("
            )
        if word == "int" and token.style == "sign":
            return self.integral(token)
        if self.is_summation(token):
            return self.summation(token)
        if word == "lim" and self.sees("_"):
            return self.limit(token)
        if word == "underset":
            return self._underset()
        if word in KEYWORDS and self.syntax is Syntax.PYTHON and not (self.sees("_") and not self.now.space):
            raise self.error("Not part of a formula:", "write only the formula itself", token.at)
        if not scripts:
            return self._name(token, word)
        return self._opening(token, word)

    def _opening(self, token: Token, word: str) -> Phrase:
        start = token.at[0]
        if word == "lambda" and self.syntax is Syntax.PYTHON and (body := self._lambda()):
            return body
        base = self.sees("_") and word in REACHING and token.style == "sign"
        if word == "arg" and self.now.is_name("min", "max"):
            return self.quantifier(token, f"arg{self.take().value}")
        if (word == "𝔼" or word == "E" and self.sees("_", "[")) and self._is_expectation(word):
            return self.expectation(token, "" if self._under_is_braced() else self._glued_word(start))
        quantifies = word in QUANTIFIERS and not self.sees("(", ".") and not self._is_smaller()
        if not base and not quantifies:
            word = self._with_base(self.subscripts(word, start))
        if quantifies and (self.starts_factor() or self.sees("-", ":", "_")):
            return self.quantifier(token, word)
        if word in REACHING or word in SPELLED:
            if self.syntax is not Syntax.PYTHON and not self.sees(".") or self._reaches():
                return self.reaching(token, word)
            word = SPELLED.get(word, word)
        return self._name(token, word)

    def _is_smaller(self) -> bool:
        """Whether min_q is a name in code: the smaller of two values, from which something is taken away."""
        end = 2
        while self.peek(end).is_sign("_") and self.peek(end + 1).kind in (NAME, NUMBER):  # min_qf_pi
            end += 2
        after = self.peek(end)
        sign = after.is_sign("+", "*", "/", ")", "]", ",", ".", "^") or after.kind == END
        minus = after.is_sign("-") and self.peek(end + 1).space
        return self.syntax is Syntax.PYTHON and self.sees("_") and self.peek().kind == NAME and (sign or minus)

    def _with_base(self, word: str) -> str:
        """The logarithm to a base below it, log₂ x or log_10(x); the name log_2 where nothing follows that it is of."""
        whole = word.replace("_", "")
        on_paper = self.syntax is not Syntax.PYTHON and self.now.kind in (NAME, NUMBER, "accent")
        return whole if whole in ("log2", "log10") and (self.sees("(", "[") or on_paper) else word

    def _name(self, token: Token, word: str) -> Phrase:
        style = token.style if token.style == "run" else ""
        return Phrase("name", self.since(token.at[0]), value=word, style=style)

    def _reaches(self) -> bool:
        """In code: whether log stands before its argument without brackets."""
        return self.now.kind in (NAME, NUMBER) and self.now.value not in KEYWORDS

    def _is_expectation(self, word: str) -> bool:
        """Whether what follows E and its subscript is what it is of."""
        if word == "𝔼" or self.sees("["):
            return True
        if self.peek().is_sign("{"):
            return True
        ahead = 1
        while self.peek(ahead + 1).is_sign("_") and self.peek(ahead + 2).kind in (NAME, NUMBER):
            ahead += 2
        ahead += 1
        if self.peek(ahead).is_sign("("):
            ahead = self.closing(self.place + ahead) + 1 - self.place
        token = self.peek(ahead)
        return token.is_sign("[", "{") or token.kind == NAME or ahead > 2

    def _under_is_braced(self) -> bool:
        return not self.sees("_") or self.peek().is_sign("{") or self.peek().kind == "accent"

    def _glued_word(self, start: int) -> str:
        """What is glued below an E: q of E_q, pi_ref of E_pi_ref, q_phi of E_q_phi."""
        self.take()
        token = self.take()
        if token.kind == NUMBER:
            raise self.error("Not a distribution:", "write E_q[...] or E_p[...]", token.at)
        if token.kind != NAME:
            self.place -= 1
            raise self.unexpected("write E_q[...] or E_p[...]")
        return self.subscripts(token.value, start)

    def _underset(self) -> Phrase:
        r"""\underset{q}{\min} is \min_q."""
        below, above = self._group(), self._group()
        if not above or above[0].kind != NAME:
            raise self.unexpected("a word is expected over the subscript")
        mark = above[0]
        spliced = [*above, mark._replace(kind="sign", value="_"), mark._replace(kind="sign", value="{"), *below]
        self.tokens[self.place : self.place] = [*spliced, mark._replace(kind="sign", value="}")]
        return self.named(self.take())

    def _lambda(self) -> Phrase | None:
        """The body of lambda a, b: …; None if the word is the Greek letter here."""
        place = self.place
        while self.tokens[place].kind in (NAME, NUMBER) or self.tokens[place].is_sign(",", "_", "=", "*", "."):
            place += 1
        if not self.tokens[place].is_sign(":"):
            return None
        names = tuple(t.value for t in self.tokens[self.place : place] if t.kind == NAME)
        self.place = place + 1
        return replace(self.value(), parameters=names)

    def call(self, function: Phrase) -> Phrase:
        """A function or a distribution with its arguments; or, on paper, a factor before a bracket."""
        self.enter()
        opened = self.take()
        saved = self.bars, self.in_arguments, self.integrals
        self.bars, self.in_arguments, self.integrals = 0, True, 0
        arguments, separators, keywords = [], [], []
        while not self.sees(OPENING[opened.value]):
            keyword = self._keyword()
            if keyword:
                keywords.append(keyword)
            elif keywords and self.syntax is Syntax.PYTHON:
                raise self.error("After a keyword", "give every later argument by name too", self.now.at)
            arguments.append(self._one_argument())
            if not self.sees(*_SEPARATORS):
                break
            separators.append(self.take().value)
        self.bars, self.in_arguments, self.integrals = saved
        self.expect(OPENING[opened.value], opened.at[0])
        self.nesting -= 1
        at, parts = self.since(function.at[0]), (function, *arguments)
        return Phrase("call", at, parts, None, tuple(separators), tuple(keywords), opened.value)

    def _one_argument(self) -> Phrase:
        if self.sees("*") and self.peek().is_sign(")", "]", ",", "|"):
            return self.atom()
        if self.sees("...") and self.syntax is not Syntax.PYTHON:
            return Phrase("name", self.take().at, value="dots")
        if self.sees(".") and self.peek().is_sign("."):
            raise self.error("Left out:", "write what the three dots stand for", (self.now.at[0], self.now.at[0] + 3))
        if self.sees("*", "^", "..."):
            raise self.error("Not part of a formula:", "give the arguments one by one", self.now.at)
        argument = self.value()
        if self.now.is_name("for") and self.syntax is not Syntax.LATEX:
            return self.generator(argument)
        if self.sees("~"):
            self.take()
            return self.value()
        return argument

    def _keyword(self) -> str:
        """The name before an equals sign; nothing if there is none."""
        place, loose, found = self.place, self.loose, ""
        if self.now.kind == NAME:
            token = self.take()
            found = self.subscripts(token.value, token.at[0])
            if self.sees(".") and self.peek().kind == NAME and self.peek(2).is_sign("="):  # R's na.rm = TRUE
                self.take()
                found += f".{self.take().value}"
            if self.sees("="):
                self.take()
                return found
        self.place, self.loose = place, loose
        return ""


def _is_plain(phrase: Phrase) -> bool:
    """Whether it is made of numbers alone."""
    return all(part.kind in ("number", "div", "neg", "mul") for part in phrase.walk())


def _word_above(exponent: Phrase) -> str:
    """An upper index that is a word: ref of π^{ref}, star of q^*, 1 of μ^{(1)}."""
    if exponent.is_name() and (len(exponent.value) > 1 and exponent.value not in (*_TRANSPOSED, *_EXPONENTS)):
        return exponent.value
    if exponent.is_number() and exponent.bracket == "(" and exponent.value.denominator == 1:
        return str(exponent.value)
    return ""


__all__ = ["TWO_READINGS", "Parser"]
