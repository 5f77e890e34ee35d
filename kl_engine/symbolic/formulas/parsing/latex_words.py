r"""The commands of LaTeX that a pasted text may hold, and the plain pieces that each of them is read as.

A command that is on no list here is refused. Sizes, spaces, labels and equation numbers are left out.
"""

import re
from typing import Protocol

from kl_engine.symbolic.formulas.greek import ACCENTS, BAR
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.refusals import Source

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_WORDS = {name: name for name in _GREEK.split()} | {f"var{name}": name for name in _GREEK.split()}
_WORDS |= {
    name: name for name in ("log", "exp", "det", "sum", "int", "prod", "sqrt", "frac", "min", "max", "infty", "lim")
}
_WORDS |= {"ln": "log", "lg": "log10", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "nicefrac": "frac"}
_WORDS |= {"sfrac": "frac", "iint": "int", "oint": "int", "tr": "tr", "Tr": "tr", "trace": "tr", "diag": "diag"}
_WORDS |= {"KL": "KL", "kl": "KL", "DKL": "KL", "E": "𝔼", "EE": "𝔼", "Expect": "𝔼", "ell": "ell", "partial": "partial"}
_WORDS |= {"sup": "max", "inf": "min", "argmin": "argmin", "argmax": "argmax", "arg": "arg", "top": "top", "dag": "top"}
_WORDS |= {
    "intercal": "top",
    "transpose": "top",
    "star": "star",
    "emptyset": "empty",
    "logdet": "logdet",
    "nabla": "nabla",
}
_WORDS |= {
    "underset": "underset",
    "prime": "prime",
    "operatorname": "",
    "hbar": "hbar",
    "Re": "Re",
    "R": "R",
    "N": "N",
    "cosh": "cosh",
}
_SIGNS = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "odot": "*",
    "circ": "*",
    "div": "/",
    "sim": "~",
    "in": "~",
    "mid": "|",
}
_SIGNS |= {"vert": "|", "lvert": "|", "rvert": "|", "parallel": BAR, "Vert": BAR, "lVert": BAR, "rVert": BAR}
_SIGNS |= {"lbrace": "(", "rbrace": ")", "lbrack": "[", "rbrack": "]", "langle": "<<", "rangle": ">>", "colon": ":"}
_SIGNS |= {
    "geq": ">=",
    "ge": ">=",
    "leq": "<=",
    "geqslant": ">=",
    "leqslant": "<=",
    "le": "<=",
    "approx": "~=",
    "propto": "~=",
    "neq": "!=",
    "ne": "!=",
}
_SIGNS |= {"equiv": "=", "triangleq": "=", "coloneqq": "=", "doteq": "=", "to": "->", "rightarrow": "->", "gets": "<-"}
_SIGNS |= {"otimes": "*"}
_SIGNS |= {"simeq": "~=", "cong": "~=", "leftarrow": "<-", "over": "over", "given": "|", "vee": "|", "semicolon": ";"}
_LEFT_OUT = words(
    "left right middle big Big bigl bigr Bigl Bigr bigg Bigg biggl biggr Biggl Biggr bigm Bigm biggm Biggm quad qquad "
    "displaystyle textstyle scriptstyle limits nolimits nonumber notag allowbreak newline hfill noindent centering "
    "small normalsize large bf rm it sf tt mathstrut null par enspace thinspace negthinspace ensuremath"
)
_STYLES = words(
    "mathrm text textrm textbf textit textsf texttt textnormal mathbf mathit mathsf mathtt mathcal mathscr mathfrak "
    "mathbb mathds boldsymbol bm pmb operatorname mathop mathnormal mbox hbox vec overrightarrow underbrace overbrace "
    "boxed fbox colorbox underline overline bold symbf symbfit symcal boldsymbol mathbbm"
)
_ACCENTED = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "check": "check"}
_WITH_ARGUMENT = words("label tag ref eqref cite hspace vspace phantom hphantom vphantom color textcolor mkern")
_DOTS = words("dots ldots cdots dotsc dotsb")
_ENVIRONMENTS = words(
    "equation align aligned alignedat alignat gather gathered displaymath math split multline eqnarray array "
    "flalign cases subequations"
)
_UNITS = words("nats nat bits bit")
_SPACES = (r"\,", r"\;", r"\:", r"\!", r"\ ", r"\>", "\\\n", "\\\t")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.|\Z)", re.S)
_BRACED = re.compile(r"\s*\{\s*([^{}\\]*?)\s*\}")
_ARGUMENT = re.compile(r"\s*\*?\s*(?:\[[^\]]*\]\s*)?\{[^{}]*\}")
_EMPTY = re.compile(r"\s*\.(?![0-9])")  # the delimiter that is none, of \right.
_EQUAL = re.compile(r"\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*(?:\{\s*=\s*\}|=)")  # what stands over an equals sign
_ARG_MIN = re.compile(r"\s*\{\s*arg(?:\\[,;:! ]|\s)*(?:\\)?(min|max)\s*\}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+)*")


class Scan(Protocol):
    """What `tokens` hands over: the text, the place in it, and how a token is added."""

    source: Source
    text: str
    place: int
    space: bool
    found: list
    skipped: dict[int, int]

    def add(self, kind: str, value: str, end: int, style: str = "") -> None:
        """A token from the place up to `end`."""


def command_tokens(scan: Scan) -> None:
    """The tokens of the command that begins here, if it says anything."""
    match = _COMMAND.match(scan.text, scan.place)
    piece, end = match[0], match.end()
    name = piece[1:].rstrip("*")
    if name in ("left", "right", "middle") and (empty := _EMPTY.match(scan.text, end)):
        _leave_out(scan, empty.end())
    elif piece in _SPACES or name in _LEFT_OUT or name == "":
        _leave_out(scan, end)
    elif piece == r"\\":
        row = re.compile(r"\s*\[[^\]]*\]").match(scan.text, end)
        scan.add("line", "row", end)
        scan.place = row.end() if row else end
    elif piece in (r"\{", r"\}"):
        _one(scan, "sign", "(" if piece == r"\{" else ")", end)
    elif piece == r"\|":
        _one(scan, "sign", BAR, end)
    elif piece in (r"\(", r"\)", r"\[", r"\]"):
        _leave_out(scan, end)
    elif piece in (r"\%", r"\$", r"\&", r"\#", r"\_"):
        _one(scan, "sign", "_" if piece == r"\_" else "%", end)
    elif name in ("begin", "end"):
        _environment(scan, end)
    elif name in ("overset", "stackrel") and (equal := _EQUAL.match(scan.text, end)):
        _one(scan, "sign", "=", equal.end())
    elif name in _WITH_ARGUMENT:
        argument = _ARGUMENT.match(scan.text, end)
        _leave_out(scan, argument.end() if argument else end)
    elif name in _DOTS:
        _one(scan, "sign", "...", end)
    elif name in _ACCENTED:
        _one(scan, "accent", _ACCENTED[name], end)
    elif name in _STYLES:
        _styled(scan, name, end)
    elif name in _SIGNS:
        _one(scan, "sign", _SIGNS[name], end)
    elif name in _WORDS:
        _one(scan, "name", _WORDS[name], end)
    else:
        advice = r"it is on no list here; write it as \frac, \sqrt, \log, \exp, \mathrm, a Greek letter or a plain word"
        raise scan.source.error("Unknown command", advice, (scan.place, end))


def is_command(name: str) -> bool:
    """Whether a word behind a backslash is a command on one of the lists."""
    lists = (_WORDS, _SIGNS, _LEFT_OUT, _STYLES, _ACCENTED, _WITH_ARGUMENT, _DOTS, ("begin", "end"))
    return any(name in known for known in lists)


def _leave_out(scan: Scan, end: int) -> None:
    scan.place, scan.space = end, True


def _one(scan: Scan, kind: str, value: str, end: int) -> None:
    scan.add(kind, value, end, "sign")
    scan.place = end


def _environment(scan: Scan, end: int) -> None:
    braced = _BRACED.match(scan.text, end)
    name = braced[1].rstrip("*") if braced else ""
    if name not in _ENVIRONMENTS:
        advice = "use equation, align, aligned or split"
        raise scan.source.error("Unknown environment", advice, (scan.place, braced.end() if braced else end))
    after = braced.end()
    if name in ("array", "alignat", "alignedat") and scan.text[scan.place : end] == r"\begin":
        columns = _BRACED.match(scan.text, after)
        after = columns.end() if columns else after
    _leave_out(scan, after)


def _styled(scan: Scan, style: str, end: int) -> None:
    r"""A word in braces, as in \mathrm{KL}, is one name; of anything else only the style is left out."""
    braced = _BRACED.match(scan.text, end)
    word = braced[1] if braced else ""
    if command := _ARG_MIN.match(scan.text, end):
        _one(scan, "name", f"arg{command[1]}", command.end())
    elif style in ("mathbb", "mathds", "mathbbm") and (word or scan.text[end:].lstrip()[:1]) == "E":
        _one(scan, "name", "𝔼", braced.end() if braced else scan.text.index("E", end) + 1)
    elif (
        braced
        and word.strip(" .,;:~()") in _UNITS | {""}
        or braced
        and style in ("text", "textrm", "mbox")
        and (" " in word and not re.fullmatch(r"arg ?(?:min|max)", word) or word.endswith((":", ",")))
    ):
        _leave_out(scan, braced.end())
    elif braced and _WORD.fullmatch(word):
        _one(scan, "name", re.sub("[ -]", "", word).replace("ln", "log") if word != "ln" else "log", braced.end())
    elif style in ("underbrace", "overbrace"):
        _without_label(scan, end)
    else:
        _leave_out(scan, end)


def _without_label(scan: Scan, end: int) -> None:
    r"""\underbrace{a}_{words}: what is in braces, without the words below it."""
    depth, place = 0, end
    while place < len(scan.text):
        depth += (scan.text[place] == "{") - (scan.text[place] == "}")
        place += 1
        if depth == 0 and place > end + 1:
            break
    label = re.compile(r"\s*[_^]\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}").match(scan.text, place)
    if label:
        scan.skipped[place] = label.end()
    _leave_out(scan, end)


__all__ = ["ACCENTS", "Scan", "command_tokens", "is_command"]
