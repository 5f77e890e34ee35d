r"""What a pasted text says as a whole: its lines, what they assign, and what comes out in the end.

Left sides, comments, imports and the heads of functions are set aside. A name that the text gives a value is kept as
"bound", with what it was given, so that a reader may take either. A text is never run: a line is an expression with a
name, or it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from kl_engine.symbolic.formulas.parsing.aliases import with_known_modules
from kl_engine.symbolic.formulas.parsing.behind import parted, without_condition
from kl_engine.symbolic.formulas.parsing.branches import (
    ONE_COMPUTES,
    PASTE_ONE,
    Way,
    colon,
    column,
    is_constant,
    of_one_way,
)
from kl_engine.symbolic.formulas.parsing.cursor import OPENING
from kl_engine.symbolic.formulas.parsing.gathered import Lists, is_empty_list
from kl_engine.symbolic.formulas.parsing.parser import Parser
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, applied, path_of
from kl_engine.symbolic.formulas.parsing.tokens import (
    END,
    LINE,
    NAME,
    NUMBER,
    SIGN,
    TEXT,
    Syntax,
    Token,
    guessed_syntax,
    tokens_of,
)
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.refusals import MAX_LENGTH, FormulaError, Source, Span, Unreadable

_LEFT_OUT = words(
    "import from with class try except finally assert print raise pass global plt using library require package del "
    "end begin println console where super module include export"
)
_PACKAGES = words("scipy torch tensorflow keras jax optax sklearn tensorflow_probability numpyro pyro distrax")
_PRINTS = words("print println cat display disp show")
_DECLARED = words("const let var double float auto int local final val mutable static return yield")
_ASSIGNS = ("=", ":=", "<-", "+=", "-=", "*=", "/=", "~=", "->")
_AUGMENTED = {"+=": "add", "-=": "sub", "*=": "mul", "/=": "div"}
_GOES_ON = ("+", "*", "/", ".", "@", "=", "^", ".*", "|", "||", ")", "]", "}", ">=", "<=", "~=", ":=")
_UNFINISHED = ("+", "-", "*", "/", "=", ",", "(", "[", "{", "@", "^", ".*", "|", "||", "\\", ":=", "<-")
_SIDE_EFFECTS = (
    "add_loss",
    "backward",
    "step",
    "zero_grad",
    "append",
    "log",
    "add_scalar",
    "update",
    "print",
    "train",
    "eval",
    "numpy",
)
_HANDED = ("append", "add_loss")  # what is computed in their brackets is what a text comes to
_NO_GRADIENT = words("no no_grad inference_mode inference stop_recording")
_OBJECTIVES = words("F L J G ELBO")  # functions that are defined before they are made large or small
_GENERATORS = words("f g h phi psi F G Phi")  # what the function of a divergence is called on paper
_STOPS = re.compile(r"no_grad|inference_mode|stop_recording")
MOST_STATEMENTS = 60
MOST_PIECES = 3000  # of a statement, with what its names were given put in


@dataclass(frozen=True)
class Program:
    """A text as read. results: what comes out, several where a tuple does. left: what stands before each equals sign.

    name: what the result is called. bound: what every name was given. notes: how it was read where it has two
    readings. ambiguous: whether a product without a sign after a division could belong above or below. loose: whether
    an index of a sum was met outside it. syntax: see `Syntax`. spare: what a name that says KL was given, for where the
    result itself, such as a network's output, is no formula. sides: on paper what stands before the last equals sign.
    laws: what the text says samples are drawn from. conditions: what stands behind "s.t.", each as a phrase.
    """

    source: Source
    syntax: Syntax
    results: tuple[Phrase, ...]
    left: tuple[Span, ...] = ()
    name: str = ""
    bound: dict[str, Phrase] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    ambiguous: bool = False
    loose: bool = False
    spare: tuple[Phrase, ...] = ()
    sides: tuple[Phrase, ...] = ()
    laws: tuple[Phrase, ...] = ()
    conditions: tuple[Phrase, ...] = ()


_DIVERGENCE = re.compile(r"(?i)(?:.*[._])?(?:kl|kld|kld?_?(?:loss|div\w*|term|q_?p|pq)?|dkl|d_kl|latent_loss|kl_\w+)")


def read_text(
    text: str,
    syntax: Syntax | str | None = None,
    refusal: type[Unreadable] = FormulaError,
    tight: bool = True,
    way: Way | None = None,
) -> Program:
    """The program of a text, on one way through its branches: the first, if none is given.

    Raises `refusal` with the offending piece, its position and what to do.
    """
    source = Source(text, refusal)
    if len(text) > MAX_LENGTH:
        raise source.whole(f"The text has {len(text)} characters: shorten it to at most {MAX_LENGTH}.")
    if not text.strip():
        raise source.whole("The text is empty: type a formula or an objective, for example KL(q||p).")
    syntax = guessed_syntax(text) if syntax is None else Syntax(syntax)
    tokens = tokens_of(source, syntax)
    if syntax is Syntax.PYTHON:
        tokens = with_known_modules(tokens, text)
    tokens, conditions = without_condition(tokens, text, syntax)
    lines = _statements(tokens, syntax, text)
    if not lines:
        raise source.whole("There is no formula in the text: type one, for example KL(q||p).")
    return _Reading(source, syntax, tight, way or Way()).program(lines, conditions)


def _statements(tokens: list[Token], syntax: Syntax, text: str) -> list[list[Token]]:
    """The tokens of each statement, without the ends of its lines."""
    found: list[list[Token]] = [[]]
    depth = 0
    for i, token in enumerate(tokens[:-1]):
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
        if token.kind == LINE:
            ends = depth <= 0 and (
                _begins_equation(tokens, i) if token.value == "row" else _ends_here(tokens, i, found[-1], syntax, text)
            )
        elif syntax is not Syntax.LATEX and depth == 1 and _opens_body(tokens, i):
            found[-1], ends, depth = [], True, 0  # what stands before a body in braces is its head
        else:
            ends = token.is_sign(";") and depth <= 0
            if not ends:
                found[-1].append(token)
        if ends and found[-1]:
            found.append([])
            depth = 0
    return [line for line in found if line]


def _opens_body(tokens: list[Token], place: int) -> bool:
    """Whether a brace opens the body of a function, as in double f(double a) { … and f = (a) => { …"""
    if not tokens[place].is_sign("{") or place == 0 or not tokens[place - 1].is_sign(")", "=>"):
        return False
    return tokens[place + 1].kind == LINE or tokens[place + 1].is_name("return", "const", "let", "var", "double")


def _ends_here(tokens: list[Token], place: int, line: list[Token], syntax: Syntax, text: str) -> bool:
    """Whether a line ends the statement: not after an open sign, nor before one."""
    after = next((token for token in tokens[place:] if token.kind != LINE), tokens[-1])
    if not line or line[-1].is_sign(*_UNFINISHED) or after.is_sign(*_GOES_ON):
        return not (line and line[-1].is_sign(*_UNFINISHED) or after.is_sign(*_GOES_ON))
    if after.is_sign("-"):
        deeper = column(text, after) > column(text, line[0])
        return syntax is Syntax.PYTHON and not (deeper and not line[-1].is_sign(":"))
    return True


def _begins_equation(tokens: list[Token], place: int) -> bool:
    r"""Whether after the \\ an equation of its own begins: something, then an equals sign."""
    depth = 0
    for i in range(place + 1, len(tokens)):
        token = tokens[i]
        if depth == 0 and (token.is_sign("=", "~=") or token.kind in (LINE, END)):
            return token.kind == SIGN and i > place + 1 and not tokens[place + 1].is_sign("+", "-", "*", "/")
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
    return False


class _Reading:
    """One walk through the statements."""

    def __init__(self, source: Source, syntax: Syntax, tight: bool, way: Way) -> None:
        self.source, self.syntax, self.tight, self.way = source, syntax, tight, way
        self.lists = Lists()
        self.laws: list[list[Token]] = []  # what samples are drawn from
        self.bound: dict[str, Phrase] = {}
        self.imports: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []
        self.ambiguous = self.loose = self.returned = False
        self.result: Phrase | None = None
        self.left: tuple[Span, ...] = ()
        self.name = ""
        self.loop: tuple[int, tuple[str, ...]] | None = None  # the column of a for, and the names that run
        self.still: int | None = None  # the column of a block through which no gradient goes
        self.sizes: dict[int, int] = {}  # of what names were given, by the identity of the phrase, which `kept` holds
        self.kept: list[Phrase] = []
        self.too_long = False
        self.same: dict[str, Phrase] = {}  # on paper, names for what has another
        self.functions: dict[str, Phrase] = {}  # what the text defines: the body, with its parameters
        self.function = ""  # the name of the function that is pasted, for what it returns without a name
        self.between: list[list[Token]] = []  # what stands before the last equals sign
        self.outer: list[tuple[str, tuple[str, ...], int]] = []  # the functions around the one that is defined
        self.defining: tuple[str, tuple[str, ...], int] | None = None  # a name, its parameters, its column

    def program(self, lines: list[list[Token]], conditions: list[list[Token]]) -> Program:
        if len(lines) > MOST_STATEMENTS:
            raise self.source.whole(f"The text has {len(lines)} statements: paste at most {MOST_STATEMENTS}.")
        lines = of_one_way(self._definitions(lines), self.source.text, self.way, self._note)
        for place, line in enumerate(lines):
            self._end_of_definition(line, lines[place:])
            if not self.returned:
                self.statement(line, place == len(lines) - 1)
        if self.result is None:
            raise self.source.whole("There is no formula in the text: paste the line that computes it.")
        result = self.result
        while result.kind == "bound" and result.parts[0].kind == "tuple" and not self.lists.keys.get(str(result.value)):
            result = result.parts[0]
        results = self.lists.opened(result.parts if result.kind == "tuple" and result.parts else (result,))
        notes, bound = tuple(self.notes), dict(self.bound)
        spare = tuple(phrase for name, phrase in bound.items() if _DIVERGENCE.fullmatch(name))[-1:]
        return Program(
            self.source,
            self.syntax,
            results,
            self.left,
            self.name or self.function,
            bound,
            notes,
            self.ambiguous,
            self.loose,
            spare,
            self._other_sides(),
            self._readable(self.laws),
            self._readable(conditions),
        )

    def _other_sides(self) -> tuple[Phrase, ...]:
        """What stands between equals signs before the last side, the last first; what cannot be read is left out."""
        return self._readable(self.between[::-1])

    def _readable(self, pieces: list[list[Token]]) -> tuple[Phrase, ...]:
        """The phrases of what stands beside the formula, without what cannot be read."""
        found = []
        for piece in pieces:
            equal = next((i for i, token in enumerate(piece) if token.is_sign("=")), 0)
            try:
                found.append(self._read(piece[:equal] if equal else piece))
            except Unreadable:
                continue
        return tuple(found)

    def _definitions(self, lines: list[list[Token]]) -> list[list[Token]]:
        """The other lines, once f(u) = u log u, which may stand after what it is used in, is remembered."""
        pieces = []
        for line in lines:
            found = parted(line)
            self.laws += found.laws
            pieces += [*found.definitions, found.main]
        if self.syntax is Syntax.PYTHON:
            return pieces
        lines, pieces = pieces, [piece for line in pieces for piece in _at_commas(line)]
        kept = []
        for line in pieces:
            name, parameter, body = _definition(line)
            used = any(_calls(other, name) for other in pieces if other is not line) if name else False
            if not used and _names_mean(line):
                kept.insert(0, line)
                continue
            if not used:
                kept.append(line)
                continue
            self.functions[name] = replace(self._read(body), parameters=(parameter,))
        return kept if self.functions or len(pieces) > len(lines) else lines

    def _end_of_definition(self, line: list[Token], rest: list[list[Token]]) -> None:
        """What stands after the body of a function that is called further on is read too."""
        while self.defining is not None and line and column(self.source.text, line[0]) <= self.defining[2]:
            name, parameters, _ = self.defining
            inner = bool(self.outer)
            used = any(_calls(other, name) for other in rest) and not _shows(line, name)
            if self.result is not None and (inner or used):
                self.functions[name] = replace(self.result, parameters=parameters)
                self.result, self.returned, self.left, self.name = None, False, (), ""
                for parameter in parameters:
                    self.bound.pop(parameter, None)
            self.defining = self.outer.pop() if inner else None

    def statement(self, line: list[Token], is_last: bool) -> None:
        """One statement: what it assigns is bound, what stands alone or is returned is the result so far."""
        line = _unboxed(self._without_head(self._in_block(line)), self.syntax)
        if len(line) > 3 and line[0].is_name(*_PRINTS) and line[1].is_sign("("):
            self._printed(line)
            return
        if line and line[0].is_name("from"):
            self._import(line)
        if not line or line[0].is_name(*_LEFT_OUT) and not self._is_a_symbol(line) or line[0].is_sign("@"):
            return
        if all(token.kind == TEXT for token in line) and not is_last:
            return
        returns = line[0].is_name("return", "yield")
        while (
            len(line) > 1
            and line[0].is_name(*_DECLARED)
            and line[0].style != "sign"
            and (line[1].kind != SIGN or line[0].is_name("return", "yield"))
        ):
            line = line[1:]
        line = _without_tail(_without_label(line), self.syntax)
        if not line:
            return
        left, sign, right = self._sides(line)
        if not right:
            return
        try:
            phrase = self._read(right) if self.still is None else _without_gradient(self._read(right))
        except Unreadable:
            if self.too_long or is_last or self._is_needed(left, line) or self.syntax is not Syntax.PYTHON:
                raise
            for name in _targets(left):
                self.bound.pop(name, None)
            return
        if not left:
            self._alone(phrase, returns)
            return
        self._assign(left, sign, phrase, line, right)
        self.returned |= returns

    def _in_block(self, line: list[Token]) -> list[Token]:
        """The statement; of with torch.no_grad(): what follows it, and from there on no gradient is taken."""
        margin = column(self.source.text, line[0])
        if self.still is not None and margin <= self.still:
            self.still = None
        if line[0].is_name("with") and any(token.is_name(*_NO_GRADIENT) for token in line):
            joined = "".join(token.value for token in line)
            if _STOPS.search(joined):
                self.still = margin
                return line[colon(line) + 1 :] if colon(line) else []
        return line

    def _import(self, line: list[Token]) -> None:
        """from scipy.special import kl_div as kl: where a name comes from, which tells it from its namesakes."""
        place = next((i for i, token in enumerate(line) if token.is_name("import")), 0)
        path = [token.value for token in line[1:place] if token.kind == NAME]
        if not path or path[0] not in _PACKAGES:
            return
        pieces: list[list[str]] = [[]]
        for token in line[place + 1 :]:
            if token.is_sign(","):
                pieces.append([])
            elif token.kind == NAME or token.is_sign("_"):
                pieces[-1].append(token.value)
        for piece in filter(None, pieces):
            before, _, after = " ".join(piece).partition(" as ")
            name = before.replace(" ", "")
            self.imports[(after or name).replace(" ", "")] = (*path, name)

    def _from_package(self, phrase: Phrase) -> Phrase:
        """A call with the path of its function, where the text imports it from a package by its name."""
        path = self.imports.get(str(phrase.parts[0].value)) if phrase.parts[0].kind == "name" else None
        if path is None:
            return phrase
        at = phrase.parts[0].at
        function = Phrase("name", at, value=path[0])
        for word in path[1:]:
            function = Phrase("attribute", at, (function,), word)
        return replace(phrase, parts=(function, *phrase.parts[1:]))

    def _printed(self, line: list[Token]) -> None:
        """print("kl", a + b): what is computed in it is a result; a name, a text or a call on the way is none."""
        before = self.bound, self.notes, self.ambiguous, self.loose
        try:
            phrase = self._read(line[1:])
        except Unreadable:
            self.bound, self.notes, self.ambiguous, self.loose = before
            return
        shown = phrase.parts[-1] if phrase.kind == "tuple" and phrase.parts else phrase
        computed = shown.kind in ("add", "sub", "mul", "div", "neg", "bound")
        if computed or shown.kind == "call" and self.result is None:
            self._alone(replace(shown, bracket=""), False)

    def _is_a_symbol(self, line: list[Token]) -> bool:
        """Whether a word that is left out elsewhere is a name here: var = …, end_q."""
        return len(line) > 1 and (line[1].is_sign("=", "_") or self.syntax is Syntax.LATEX)

    def _is_needed(self, left: list[Token], line: list[Token]) -> bool:
        """Whether a statement that cannot be read is more than a step on the way, such as a call of a network."""
        return not left

    def _without_head(self, line: list[Token]) -> list[Token]:
        """The statement without what introduces it: def f(x):, if c:, for i in x:, >>>, x =>."""
        while line and line[0].is_sign(">>", ">", "}", "$", "?", "!", "&", "%", ":", ","):
            line = line[1:]
        if not line:
            return line
        self._end_of_loop(line[0])
        if line[0].is_name("def", "function") and len(line) > 2 and (line[1].kind == NAME or line[1].is_sign("_")):
            self._define(line)
            return self._without_head(_after_head(line))
        if line[0].is_name("else", "elif", "elseif"):
            raise self.source.error("Two branches:", PASTE_ONE, (line[0].at[0], line[0].at[1]))
        if line[0].is_name("if", "while") and colon(line):
            self._note("The condition of an if is taken to hold.")
            return line[colon(line) + 1 :]
        if line[0].is_name("for") and colon(line):
            place = colon(line)
            names = tuple(t.value for t in line[1:place] if t.kind == NAME)
            self.loop = column(self.source.text, line[0]), names[: [*names, "in"].index("in")]
            self._pair(line[1:place])
            return line[place + 1 :]
        arrow = next((i for i, t in enumerate(line) if t.is_sign("=>")), 0)
        rest = line[arrow + 1 :] if arrow else line
        while arrow and len(rest) > 1 and rest[-1].is_sign(")", "}", ";") and not _is_balanced(rest):
            rest = rest[:-1]  # tf.tidy(() => x)
        return rest

    def _pair(self, head: list[Token]) -> None:
        """for a, b in zip(p, q): a is an entry of p, and b one of q."""
        names = [token.value for token in head if token.kind == NAME]
        targets, _, lists = " ".join(names).partition(" in zip ")
        pairs = list(zip(targets.split(), lists.split(), strict=False))
        if lists and len(targets.split()) == len(lists.split()):
            at = head[0].at
            self.bound |= {name: Phrase("name", at, value=whole) for name, whole in pairs}

    def _define(self, line: list[Token]) -> None:
        """def f(a, b): a function of the text, which what follows may call."""
        name, opened = _whole_name(line, 1) if line[1].kind == NAME else (line[1].value, 2)
        if line[0].value != "def":
            return
        self.function = self.function if self.defining else name
        names = _parameters(line[opened:])
        if names:
            self.outer += [self.defining] if self.defining else []
            self.defining = name, names, column(self.source.text, line[0])
            for parameter in names:
                self.bound.pop(parameter, None)

    def _applied(self, phrase: Phrase) -> Phrase:
        """A call of a function that the text defines, as its body with the arguments put in."""
        function = phrase.parts[0]
        body = self.functions.get(str(function.value)) if function.kind in ("name", "bound") else None
        arguments = phrase.parts[1:]
        if body is None or phrase.keywords or len(arguments) != len(body.parameters):
            return phrase
        given = dict(zip(body.parameters, map(_bracketed, arguments), strict=True))
        return replace(applied(_bracketed(body), given), parameters=())

    def _end_of_loop(self, first: Token) -> None:
        if self.loop and column(self.source.text, first) <= self.loop[0]:
            self.loop = None

    def _sides(self, line: list[Token]) -> tuple[list[Token], str, list[Token]]:
        """What is assigned to, the sign, and what is assigned; in a chain a = b = c the last side."""
        depth, places = 0, []
        for i, token in enumerate(line):
            depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
            if depth == 0 and token.is_sign(*_ASSIGNS):
                places.append(i)
        if not places and depth > 0:  # a bracket too many on the left side, as in a well-known appendix
            places = [i for i, t in enumerate(line) if t.is_sign("=") and _is_balanced(line[i + 1 :])][-1:]
        places = [i for i in places if i]
        if not places:
            return [], "", line[1:] if line[0].is_sign("=") else line
        last = places[-1]
        if self.syntax is not Syntax.PYTHON:
            starts = [0, *(place + 1 for place in places[:-1])]
            self.between = [line[a:b] for a, b in zip(starts, places, strict=True) if b > a]
        self._look_at(line[: places[0]])
        right = line[last + 1 :]
        if len(right) > 3 and right[0].is_name("function") and right[1].is_sign("("):  # R's f <- function(a, b) …
            right = _after_head(right)
            if right and right[0].is_name("return"):
                right = right[1:]
        return line[: places[0]], line[last].value, right

    def _look_at(self, left: list[Token]) -> None:
        """Raises the error for a left side that is not a name with arguments: it is set aside, not read."""
        depth, start = 0, left[0].at[0]
        for i, token in enumerate(left):
            depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
            dunder = token.is_sign("_") and left[i - 1].is_sign("_") and i > 0
            is_sum = depth == 0 and token.is_sign("+", "/", "@", "-") and i > 0 and not self._is_identity(left)
            quoted = token.kind == TEXT and not (depth and any(t.is_sign("[") for t in left[:i]))
            if dunder or is_sum or quoted or token.is_sign("->", "==", "!", "?", "%", "$"):
                advice = "leave out what stands before the equals sign, and the sign"
                raise self.source.error("Not a name:", advice, (start, left[-1].at[1]))
        closes = any(token.is_sign(*OPENING.values()) for token in left)
        if depth not in (0, 1) or depth and not closes or not any(token.kind == NAME for token in left):
            advice = "leave out what stands before the equals sign, and the sign"
            raise self.source.error("Not a name:", advice, (start, left[-1].at[1]))

    def _is_identity(self, left: list[Token]) -> bool:
        """Whether on paper two sides of an equation stand, as in log p(x) − D(q‖p) = …; the last one is read."""
        applied = any(token.is_sign("(", "[") for token in left[1:])
        if applied and self.syntax is not Syntax.PYTHON:
            self._note("Only what stands after the equals sign is read.")
        return applied and self.syntax is not Syntax.PYTHON

    def _read(self, tokens: list[Token]) -> Phrase:
        end = tokens[-1].at[1]
        parser = Parser(self.source, [*tokens, Token(END, "", (end, end))], self.syntax, self.tight)
        if self.loop:
            parser.running = dict.fromkeys(self.loop[1], 1)
        phrase = parser.value()
        if parser.sees(",") and self.syntax is Syntax.PYTHON:
            parts = [phrase]
            while parser.sees(","):
                parser.take()
                if parser.now.kind != END:
                    parts.append(parser.value())
            phrase = Phrase("tuple", parser.since(phrase.at[0]), tuple(parts))
        if parser.now.kind != END:
            raise parser.unexpected(parser._advice())
        self.ambiguous |= parser.ambiguous
        self.loose |= parser.loose
        for note in parser.notes:
            self._note(note)
        found = self._with_bound(self._of_this_way(phrase))
        if self._size(found) > MOST_PIECES:
            self.too_long = True
            advice = f"with what its names were given put in it has more than {MOST_PIECES} signs and symbols"
            raise self.source.whole(f"The text is too long: {advice}.")
        return found

    def _size(self, phrase: Phrase) -> int:
        """How many pieces there are with definitions put in; each definition is counted once and remembered."""
        if id(phrase) not in self.sizes:
            self.kept.append(phrase)
            self.sizes[id(phrase)] = 1 + sum(map(self._size, phrase.parts))
        return self.sizes[id(phrase)]

    def _note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def _with_bound(self, phrase: Phrase) -> Phrase:
        """The phrase with each name that was given a value marked as such."""
        if not self.bound and not self.imports and not self.functions:
            return phrase
        if phrase.kind == "call" and self.imports:
            phrase = self._from_package(phrase)
        if phrase.kind == "name" and phrase.value in self.same:
            return replace(self.same[str(phrase.value)], bracket=phrase.bracket)
        if phrase.kind in ("name", "attribute"):
            definition = self.bound.get(".".join(path_of(phrase)))
            if definition is not None:
                return Phrase("bound", phrase.at, (definition,), ".".join(path_of(phrase)), bracket=phrase.bracket)
        if phrase.kind == "index" and (name := _index_of(phrase)) in self.bound:
            return Phrase("bound", phrase.at, (self.bound[name],), str(phrase.parts[1].value), bracket=phrase.bracket)
        if phrase.kind in ("number", "text", "bound", "name"):
            return phrase
        phrase = self.lists.total(replace(phrase, parts=tuple(self._with_bound(part) for part in phrase.parts)))
        return self._applied(phrase) if phrase.kind == "call" and self.functions else phrase

    def _of_this_way(self, phrase: Phrase) -> Phrase:
        """The phrase with one value of each a if c else b: that which is no constant, or the one of this way."""
        if not any(part.kind == "if" for part in phrase.walk()):
            return phrase
        phrase = replace(phrase, parts=tuple(map(self._of_this_way, phrase.parts)))
        if phrase.kind != "if":
            return phrase
        then, otherwise = phrase.parts
        if is_constant(then) != is_constant(otherwise):
            self._note(ONE_COMPUTES)
            return _bracketed(otherwise if is_constant(then) else then)
        if is_constant(then) or then == otherwise:
            return _bracketed(then)
        return _bracketed(phrase.parts[self.way.choose(2)])

    def _alone(self, phrase: Phrase, returns: bool) -> None:
        """An expression that stands by itself: what is returned, or computed last."""
        if phrase.kind == "call" and phrase.parts[0].kind in ("attribute", "bound", "name"):
            function = phrase.parts[0]
            if (
                function.kind == "attribute"
                and function.value in _SIDE_EFFECTS
                and not returns
                and (len(phrase.parts) == 1 or function.value in ("add_scalar", "update", "step", *_HANDED))
            ):
                if function.value == "backward":
                    self.result, self.left = function.parts[0], ()
                elif function.value in _HANDED and len(phrase.parts) > 1:
                    self._hand_over(function, phrase.parts[1])
                return
        self.result, self.returned = phrase, self.returned or returns
        if returns and phrase.kind != "bound" or not returns:
            self.left, self.name = (), ""

    def _hand_over(self, function: Phrase, item: Phrase) -> None:
        """losses.append(kl): one more item of the list, and a result where it is computed in the brackets."""
        owner = function.parts[0]
        name = str(owner.value) if owner.kind == "bound" else ".".join(path_of(owner))
        if name and function.value == "append":
            self.bound[name] = self.lists.add(name, item, self.loop[1] if self.loop else ())
        if _computes(item) or item.kind == "call" and self.result is None:
            self.result, self.left, self.name = item, (), ""

    def _assign(self, left: list[Token], sign: str, phrase: Phrase, line: list[Token], right: list[Token]) -> None:
        if kept := _kept_under(left):
            self._keep(*kept, sign, phrase)
            return
        targets = _targets(left)
        if phrase.kind == "number" and self.defining and self.defining[1] and {*targets} <= {*self.defining[1]}:
            return  # if p == 0: p = 0.0001
        if is_empty_list(phrase) and len(targets) == 1:
            self.lists.start(targets[0])
            self.bound[targets[0]] = phrase
            return
        before = self.bound.get(targets[0]) if len(targets) == 1 else None
        if phrase.kind == "number" and before is not None and before.kind != "number" and sign not in _AUGMENTED:
            return  # if isnan(kl): kl = 0
        if self.syntax is not Syntax.PYTHON:
            self._remember(left, phrase)
        if phrase.parameters and len(targets) == 1:
            self.functions[targets[0]] = phrase
        self.result = phrase
        self.left = _left_spans(line, right)
        self.name = targets[0] if len(targets) == 1 else ""
        if sign in _AUGMENTED and len(targets) == 1:
            self._augment(targets[0], sign, phrase)
        elif len(targets) == 1 and self.syntax is not Syntax.LATEX or len(targets) == 1 and phrase.kind not in ("sum",):
            self.bound[targets[0]] = phrase
        elif (
            len(targets) == 2
            and phrase.kind == "call"
            and (kept := _PAIRS.get(path_of(phrase.parts[0])[-1:])) is not None
        ):
            whole = phrase if kept else phrase.parts[1]  # sign, logdet = slogdet(S); c, low = cho_factor(S)
            self.bound[targets[kept]] = whole
        elif phrase.kind == "tuple" and len(phrase.parts) == len(targets):
            self.bound |= dict(zip(targets, phrase.parts, strict=True))
        else:
            for name in targets:
                self.bound.pop(name, None)

    def _remember(self, left: list[Token], phrase: Phrase) -> None:
        r"""On paper F(q, θ) = … may be used behind it, as in q = \arg\max_q F(q, θ); p = q is one with two names."""
        if len(left) == 1 and left[0].kind == NAME:
            self.same.pop(left[0].value, None)
        if len(left) == 1 and phrase.is_name() and left[0].kind == NAME and phrase.value != left[0].value:
            self.same[left[0].value] = phrase
        heads = [token for token in left if token.kind == NAME]
        if not heads or heads[0].value not in _OBJECTIVES or not left[-1].is_sign(")", "]", "}"):
            return
        try:
            head = Parser(self.source, [*left, Token(END, "", left[-1].at)], self.syntax, self.tight).value()
        except Unreadable:
            return
        names = head.parts[1:] if head.kind == "call" else ()
        if names and head.parts[0].kind == "name" and all(part.is_name() for part in names):
            self.functions[str(head.parts[0].value)] = replace(phrase, parameters=tuple(str(n.value) for n in names))

    def _keep(self, holder: str, key: str, sign: str, phrase: Phrase) -> None:
        """losses["kl"] = kl: one more item of the dictionary, which a sum of its values adds up."""
        name = f"{holder}[{key}]"
        before = self.bound.get(name)
        if sign in _AUGMENTED and before is not None:
            phrase = Phrase(_AUGMENTED[sign], phrase.at, (_bracketed(before), _bracketed(phrase)))
        self.bound[name] = self.result = phrase
        self.bound[holder] = self.lists.put(holder, key, phrase, self.loop[1] if self.loop else ())
        self.left, self.name = (), key

    def _augment(self, target: str, sign: str, phrase: Phrase) -> None:
        """x += y, also in a loop, where it is a sum."""
        before = self.bound.get(target)
        if sign == "+=" and target in self.lists.items:
            for item in phrase.parts if phrase.kind == "tuple" else (phrase,):  # kls += [kl]
                self.bound[target] = self.lists.add(target, item, self.loop[1] if self.loop else ())
            return
        if self.loop and sign in ("+=", "-="):
            phrase = Phrase("sum", phrase.at, (phrase,), self.loop[1])
            phrase = Phrase("neg", phrase.at, (phrase,)) if sign == "-=" else phrase
        elif before is not None:
            kind = _AUGMENTED[sign]
            phrase = Phrase(kind, phrase.at, (_bracketed(before), _bracketed(phrase)))
        elif sign in ("*=", "/=") or sign == "+=" and _is_small(phrase):  # p += 1e-8
            name = Phrase("name", phrase.at, value=target)
            phrase = Phrase(_AUGMENTED[sign], phrase.at, (name, _bracketed(phrase)))
        self.bound[target] = self.result = phrase
        if self._size(phrase) > MOST_PIECES:
            raise self.source.whole(f"The text is too long: put together it has more than {MOST_PIECES} pieces.")


def _kept_under(left: list[Token]) -> tuple[str, str] | None:
    """losses and kl of a left side losses["kl"]; None for any other."""
    if len(left) < 4 or not left[-3].is_sign("[") or left[-2].kind != TEXT or not left[-1].is_sign("]"):
        return None
    holder = _targets(left[:-3])
    return (holder[0], left[-2].value) if len(holder) == 1 else None


def _index_of(phrase: Phrase) -> str:
    """What losses["kl"] is kept under."""
    path = ".".join(path_of(phrase.parts[0])) if phrase.parts[0].kind in ("name", "attribute") else ""
    return f"{path}[{phrase.parts[1].value}]" if path and len(phrase.parts) == 2 else ""


def _is_small(phrase: Phrase) -> bool:
    number = phrase.kind == "number" and 0 < phrase.value <= Fraction(1, 1000)
    return number or phrase.is_name("eps", "epsilon", "EPS", "EPSILON")


_PAIRS = {("slogdet",): 1, ("cho_factor",): 0}  # which of the two that they return is a matrix or a number


def _shows(line: list[Token], name: str) -> bool:
    """Whether a line prints one value of a function, and computes nothing with it."""
    return line[0].is_name(*_PRINTS) and _calls(line, name) < 2


def _parameters(line: list[Token]) -> tuple[str, ...]:
    """The names of the parameters in the brackets at the beginning, without self and what says their types."""
    if not line or not line[0].is_sign("("):
        return ()
    names, depth, expected = [], 0, True
    for i, token in enumerate(line):
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
        if depth == 0:
            break
        if expected and depth == 1 and token.kind == NAME:
            names.append(_whole_name(line, i)[0])
        expected = depth == 1 and token.is_sign("(", ",")
    return tuple(name for name in names if name not in ("self", "cls"))


def _at_commas(line: list[Token]) -> list[list[Token]]:
    """A line cut where a definition such as f(u) = u log u begins after a comma."""
    depth = 0
    for i, token in enumerate(line):
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
        rest = line[i + 1 :]
        while rest and (rest[0].is_name("where", "with", "and", "for") or rest[0].kind == TEXT):
            rest = rest[1:]
        parts = depth == 0 and i and (token.is_sign(",", ";") or token.is_name("where", "with"))
        if parts and (_definition(rest)[0] or _names_mean(rest) or _optimises(rest)):
            return [line[:i], *_at_commas(rest)]
    return [line]


def _optimises(line: list[Token]) -> bool:
    """Whether a line is q* = arg max … of what stands before it."""
    place = _first_sign(line)
    return 0 < place < len(line) - 2 and line[place + 1].is_name("arg", "argmin", "argmax", "min", "max")


def _names_mean(line: list[Token]) -> bool:
    """Whether a line is M = ½ (P + Q): a mean of two that a formula before it speaks of."""
    signs = [token.value for token in line if token.kind in (SIGN, NAME)]
    named = len(line) > 4 and line[0].kind == NAME and line[1].is_sign("=", ":=") and "+" in signs
    return named and sum(token.kind == NAME and token.value not in ("frac", "tfrac") for token in line[2:]) == 2


def _definition(line: list[Token]) -> tuple[str, str, list[Token]]:
    """The name, the parameter and the body of f(u) = …; a name that is empty for any other line."""
    kinds = len(line) > 5 and line[0].kind == line[2].kind == NAME and line[1].is_sign("(") and line[3].is_sign(")")
    if not kinds or not line[4].is_sign("=", ":=") or line[0].value not in _GENERATORS:
        return "", "", []
    body = line[5:]
    while body and body[-1].is_sign(".", ",", ";"):
        body = body[:-1]
    return line[0].value, line[2].value, body


def _calls(line: list[Token], name: str) -> int:
    """How often a function is called in a line; its name may hold underscores, which are signs of their own."""
    found = 0
    for i, token in enumerate(line):
        begins = token.kind == NAME and not (i and line[i - 1].is_sign("_", ".") and not token.space)
        whole, after = _whole_name(line, i) if begins else ("", i)
        found += whole == name and after < len(line) and line[after].is_sign("(")
    return found


def _whole_name(line: list[Token], place: int) -> tuple[str, int]:
    """The name that begins at a place, with its underscores, and the place after it."""
    name = line[place].value
    place += 1
    while place + 1 < len(line) and line[place].is_sign("_") and not line[place].space and not line[place + 1].space:
        name, place = f"{name}_{line[place + 1].value}", place + 2
    return name, place


def _unboxed(line: list[Token], syntax: Syntax) -> list[Token]:
    r"""What stands in braces as a whole, with an equals sign in it, as in \boxed{A = B}, without them."""
    while syntax is Syntax.LATEX and len(line) > 2 and line[0].is_sign("{"):
        depths, depth = [], 0
        for token in line:
            depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
            depths.append(depth)
        end = depths.index(0) if 0 in depths else -1
        equation = any(token.is_sign("=") and depth == 1 for token, depth in zip(line, depths))
        if not equation or any(not token.is_sign(".", ",", ";") for token in line[end + 1 :]):
            return line
        line = line[1:end]
    return line


def _without_gradient(phrase: Phrase) -> Phrase:
    """What is computed where no gradient is taken, as its detach() would be."""
    if phrase.kind == "tuple":
        return replace(phrase, parts=tuple(_without_gradient(part) for part in phrase.parts))
    return Phrase("call", phrase.at, (Phrase("name", phrase.at, value="detach"), phrase), bracket="(")


def _computes(phrase: Phrase) -> bool:
    """Whether it is more than a name, a text, or a call of something."""
    return phrase.kind in ("add", "sub", "mul", "div", "neg")


def _bracketed(phrase: Phrase) -> Phrase:
    return replace(phrase, bracket="(") if phrase.kind in ("add", "sub", "neg", "mul", "div") else phrase


_HEADS = words("lambda if for def class else elif try except with while return min max argmin argmax minimize maximize "
               "minimise maximise case")  # fmt: skip


def _without_label(line: list[Token]) -> list[Token]:
    """The statement without a title such as KL loss: in front of it."""
    place = colon(line)
    title = line[:place]
    named = all(token.kind == NAME or token.is_sign("-", "_") for token in title)
    if not place or not named or any(token.is_name(*_HEADS) or token.style == "sign" for token in title):
        return line
    rest = line[place + 1 :]
    assigned = any(token.is_sign(*_ASSIGNS) for token in rest) and colon(line) and rest and rest[0].kind == NAME
    annotated = assigned and not any(token.is_sign("(") for token in rest[: _first_sign(rest)])
    return line if not rest or annotated else rest


def _first_sign(line: list[Token]) -> int:
    """The place of the first sign of an assignment; the length of the line if there is none."""
    return next((i for i, token in enumerate(line) if token.is_sign(*_ASSIGNS)), len(line))


def _after_head(line: list[Token]) -> list[Token]:
    """What stands after def f(a, b) -> c:, or after function f(a, b) {."""
    place = next((i for i, token in enumerate(line) if token.is_sign("(")), 0)
    depth = 0
    for i in range(place, len(line)):
        depth += line[i].is_sign(*OPENING) - line[i].is_sign(*OPENING.values())
        if depth == 0:
            place = i
            break
    rest = line[place + 1 :]
    mark = colon([Token(SIGN, "", (0, 0)), *rest])
    if line[0].value == "def" and mark:
        return rest[mark:]
    while rest and rest[0].is_sign("{", ":"):
        rest = rest[1:]
    while rest and rest[-1].is_sign("}"):
        rest = rest[:-1]
    return rest


def _is_balanced(line: list[Token]) -> bool:
    return sum(t.is_sign(*OPENING) - t.is_sign(*OPENING.values()) for t in line) == 0


def _without_tail(line: list[Token], syntax: Syntax) -> list[Token]:
    """Without a full stop, a number of the equation, and what a formula is said to be at least, as in >= 0."""
    while line and (line[-1].is_sign(".", ",", ";", ":") or _is_stray(line, syntax)):
        line = line[:-1]
    if syntax is Syntax.PYTHON:
        return line
    bound = next((i for i, t in enumerate(line) if t.is_sign(">=", "<=", ">", "<") and len(line) - i <= 3), 0)
    if bound and all(t.kind == NUMBER or t.is_sign("-") for t in line[bound + 1 :]):
        line = line[:bound]
    last = line[-3:]
    if len(line) > 4 and last[0].is_sign("(") and last[1].kind == NUMBER and last[2].is_sign(")") and last[0].space:
        before = line[-4]
        function = before.is_name("log", "ln", "exp", "sqrt", "det")
        if not function and not before.is_sign("+", "-", "*", "/", "=", "^", "_") and not last[1].space:
            return _without_tail(line[:-3], syntax)
    return line


def _is_stray(line: list[Token], syntax: Syntax) -> bool:
    """Whether a brace at the end closes the body of a function whose head is set aside."""
    return syntax is not Syntax.LATEX and line[-1].is_sign("}") and not _is_balanced(line)


def _targets(left: list[Token]) -> list[str]:
    """The names on a left side; none where it is not made of names alone."""
    mark = colon(left)
    left = left[:mark] if mark else left
    names, word = [], ""
    for token in left:
        if token.is_sign(",", "(", ")", "[", "]"):
            if token.is_sign("(", "[") and word:
                return []
            names += [word] if word else []
            word = ""
        elif token.kind in (NAME, NUMBER):
            if word and not word.endswith(("_", ".")):
                return []
            word += token.value
        elif token.is_sign("_", "."):
            word += token.value
        elif token.is_sign("{", "}"):
            continue
        else:
            return []
    return names + ([word] if word else [])


def _left_spans(line: list[Token], right: list[Token]) -> tuple[Span, ...]:
    """The places of what stands before each equals sign."""
    spans, start, depth = [], line[0].at[0], 0
    end = right[0].at[0]
    for token in line:
        if token.at[0] >= end:
            break
        if token.is_sign(*_ASSIGNS) and (depth == 0 or token.at[1] >= end - 2):
            spans.append((start, token.at[0]))
            start = token.at[1]
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
    return tuple(spans) or ((line[0].at[0], end),)


_SPACES = re.compile(r"\s+")
