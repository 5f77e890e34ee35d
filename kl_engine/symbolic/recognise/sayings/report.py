"""What a page shows, to be taken away: words and formulas as a LaTeX document that compiles, or as Markdown."""

import re
from dataclasses import dataclass

from kl_engine.symbolic.formulas.greek import GREEK_LETTERS
from kl_engine.symbolic.proof.writing.typeset import text

_SIGNS = {"‖": r"$\|$", "−": "--", "→": r"$\to$", "∞": r"$\infty$", "√": r"$\sqrt{}$", "²": r"$^2$", "≈": r"$\approx$"}
_SIGNS |= {"✓": "", "✗": "", "∂": r"$\partial$", "·": r"$\cdot$"}
_SIGNS |= {letter: rf"$\{name}$" for letter, name in GREEK_LETTERS.items() if name != "omicron"}
_INDEXED = re.compile(rf"([{''.join(GREEK_LETTERS)}])\\_(\w+(?:\\_\w+)*)")


@dataclass(frozen=True)
class Part:
    """A paragraph of words or, if is_formula, LaTeX to be displayed."""

    content: str
    is_formula: bool = False


@dataclass(frozen=True)
class Report:
    """A title and what stands under it, in order."""

    title: str
    parts: tuple[Part, ...]

    def to_latex(self) -> str:
        """A LaTeX document; it compiles as it stands."""
        lines = [r"\documentclass{article}", r"\usepackage{amsmath,amssymb}", r"\begin{document}"]
        lines.append(rf"\section*{{{_plain(self.title)}}}")
        for part in self.parts:
            lines += ["", rf"\[ {part.content} \]" if part.is_formula else _plain(part.content)]
        return "\n".join([*lines, r"\end{document}", ""])

    def to_markdown(self) -> str:
        """Markdown, with formulas between double dollars."""
        parts = [f"$$\n{part.content}\n$$" if part.is_formula else _literal(part.content) for part in self.parts]
        return "\n\n".join([f"## {_literal(self.title)}", *parts]) + "\n"


def _plain(words: str) -> str:
    """Words for LaTeX, every sign of them shown as itself; what the fonts of TeX lack is left out."""
    escaped = text(words.replace("$", "")).replace("\n", " ")
    escaped = _INDEXED.sub(lambda name: rf"$\{GREEK_LETTERS[name[1]]}_{{{name[2]}}}$", escaped)
    return "".join(_SIGNS.get(sign, sign if sign.isascii() else "") for sign in escaped)


def _literal(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#$|])", r"\\\1", words)
