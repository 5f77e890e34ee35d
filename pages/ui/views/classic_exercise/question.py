"""What the view asks: a joint distribution of two variables, read from a table that is typed or pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kl_engine.inference.joint_products import LARGEST
from pages.ui.say.plain_text import quoted
from pages.ui.state.typed_matrix import Matrix, numbered
from pages.ui.state.typed_numbers import probability
from pages.ui.state.typed_table import LABEL, Rows, packed
from pages.ui.views.classic_exercise.presets import PRESETS

ALLOWED = "0 or more, such as 0.25, 1/8 or a count; empty is 0. The table is divided by its sum."
EXACT = Fraction(1, 10**9)
COLUMNS = numbered(LARGEST, ALLOWED)
JOINT = Matrix("joint", tuple(COLUMNS), next(iter(PRESETS.values())).packed, COLUMNS)
PASTE = "joint_paste"  # the box beside the table: what is pasted is put into the table
PASTE_HELP = (
    f"A table of numbers, at most {LARGEST} × {LARGEST}: copied from a spreadsheet, lines of numbers separated by "
    "blanks, tabs, commas or semicolons, [[0.1, 0.2], [0.3, 0.4]], or a matrix in LaTeX."
)
LONGEST_PASTE = 4000  # characters
WRAPPING = re.compile(r"\b(?:np|numpy|torch|jnp)\.|\b(?:array|tensor|matrix|asarray)\b|,?\s*\bdtype\s*=\s*[\w.]+")
ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[a-zA-Z*]+\}|\\left|\\right|\\hline|\$")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Question:
    """The joint distribution, row by row, of sum 1."""

    joint: tuple[tuple[float, ...], ...]

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        lines = ",\n    ".join(repr(list(row)) for row in self.joint)
        return f"""from kl_engine.inference import product_fits

joint = [
    {lines},
]
found = product_fits(joint)  # q(x, y) = q(x) q(y); nats
print("forward: q(x)", found.rows.probs.round(6), " q(y)", found.columns.probs.round(6))
print("D(p‖q) =", found.forward, "  D(q‖p) =", found.reverse)
for k, each in enumerate(found.minima, start=1):
    print(f"reverse {{k}}: q(x)", each.rows.probs.round(6), " q(y)", each.columns.probs.round(6))
    print("D(q‖p) =", each.value)
print("from each row", found.from_rows, "  from each column", found.from_columns)  # places in found.optima
"""


def read(rows: Rows) -> tuple[Question, str]:
    """The question of a table, and a note where it was divided by its sum; ValueError where it cannot be read."""
    used = [row for row in rows if any(cell.strip() for cell in row)]
    if not used:
        raise ValueError("The table is empty: type probabilities, such as 0.25 or 1/8, or counts.")
    if len(used) > LARGEST:
        raise ValueError(f"The table has {len(used)} rows; at most {LARGEST} are read.")
    numbers = [[_number(cell, i, k) for k, cell in enumerate(row, start=1)] for i, row in enumerate(used, start=1)]
    total = sum(map(sum, numbers))
    if not total:
        raise ValueError("The table adds up to 0: give at least one cell a probability.")
    joint = tuple(tuple(float(number / total) for number in row) for row in numbers)
    note = f"The table adds up to {float(total):.6g}: each number is divided by it." if abs(total - 1) > EXACT else ""
    return Question(joint), note


def pasted(text: str) -> Rows:
    """The cells of a pasted table; ValueError, saying why, for a text that is none."""
    lines = _lines(text)
    if not lines:
        raise ValueError("There is no number in it.")
    rows = tuple(_cells(line) for line in lines)
    widths = sorted({len(row) for row in rows})
    if len(widths) > 1:
        raise ValueError(f"Its rows differ in length: from {widths[0]} to {widths[-1]} numbers.")
    if max(len(rows), widths[0]) > LARGEST:
        raise ValueError(f"It is a table of {len(rows)} × {widths[0]}; at most {LARGEST} × {LARGEST} are read.")
    for i, row in enumerate(rows, start=1):
        for k, cell in enumerate(row, start=1):
            _number(cell, i, k)
    return rows


def put_in(rows: Rows) -> dict[str, str]:
    """What is set when a pasted table is taken."""
    return {JOINT.key: packed(rows)}


def _lines(text: str) -> list[str]:
    """The rows of the text, each without what wraps it."""
    text = WRAPPING.sub(" ", ENVIRONMENT.sub(" ", text)).replace("−", "-").strip()
    text = re.sub(r"\\tfrac|\\dfrac", r"\\frac", text)
    text = re.sub(r"\\frac\s*\{(\d+)\}\s*\{(\d+)\}|\\frac\s*(\d)\s*(\d)", _as_ratio, text)
    text = re.sub(r"\][,;\s]*\[|\)[,;\s]*\(|\}[,;\s]*\{|\\\\", "\n", text)
    if "\n" not in text and any(re.search(r"\d[\s,]+\d", row) for row in text.split(";")[:-1]):
        text = text.replace(";", "\n")  # [1 2; 3 4], as MATLAB and Julia have it
    return [line for part in text.splitlines() if (line := re.sub(r"[\[\](){}|]", " ", part).strip(" ,;&"))]


def _as_ratio(match: re.Match) -> str:
    above, below = (match[1], match[2]) if match[1] else (match[3], match[4])
    return f"{above}/{below}"


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a line: parted by the strongest sign that stands in it."""
    for sign in ("&", "\t", ";"):
        if sign in line:
            return tuple(_point(cell.strip()) for cell in line.split(sign))
    line = re.sub(r"\s*/\s*", "/", line)
    words = line.split()
    if len(words) > 1 and any(map(DECIMAL_COMMA.fullmatch, words)) and not any(word.endswith(",") for word in words):
        return tuple(map(_point, words))
    return tuple(line.replace(",", " , ").split()) if "," not in line else tuple(x.strip() for x in line.split(","))


def _point(cell: str) -> str:
    """A cell with a decimal comma, with a point in its place."""
    return cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell


def _number(cell: str, row: int, column: int) -> Fraction:
    """The number of a cell."""
    if len(cell) > LABEL:
        raise ValueError(f"Row {row}, column {column}: “{quoted(cell)}” is longer than {LABEL} characters.")
    try:
        return probability(cell)
    except ValueError as problem:
        raise ValueError(f"Row {row}, column {column}: “{quoted(cell)}” {problem}.") from None
