"""The opening of a page: what stands under the title, and whether its numbers are those of the page below."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.pages.opening import words
from tests.pages.reading import numbers

CONTROLS = ("slider", "number_input", "text_input", "text_area", "selectbox")
LINE = 70  # characters of a line under the title
TOKEN = re.compile(r"(?<![\w.])−?\d+(?:\.\d+(?:e[+−-]?\d+)?|e[+−-]?\d+)(?!\w)")  # with a fraction: a count is no result


def opening(app: AppTest) -> str:
    """What stands under the title, as it is read."""
    elements = list(app._tree)
    start = next(i for i, element in enumerate(elements) if element.type == "title")
    text = next(element for element in elements[start + 1 :] if element.type in ("markdown", "caption"))
    assert text.type == "markdown", "under the title stands what can be done here, and not what this state shows"
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text.value))


def plain(text: str) -> str:
    """The text without what makes it bold or coloured."""
    return re.sub(r":[a-z]+\[([^\]]*)\]", r"\1", text).replace("**", "")


def rest(app: AppTest) -> list[float]:
    """Every number that the page states beside its opening: in texts, in tables of text, on its controls."""
    found = numbers(words(app).replace(opening(app), "", 1).replace(",", ""))
    for table in app.dataframe:
        found += [x for cell in table.value.to_numpy().ravel() for x in numbers(f"{cell}")]
    for element in app._tree:
        value = getattr(element, "value", None) if element.type in CONTROLS else None
        found += [float(value)] if isinstance(value, int | float) else numbers(value) if isinstance(value, str) else []
    return found


def unknown(app: AppTest, quotes: bool = False) -> list[str]:
    """The numbers of the opening that the page does not have, rounded to the digits that stand there.

    Where its first line quotes what a person typed, of the lines after that.
    """
    known, missing = rest(app), []
    text = plain(opening(app)).partition("  \n")[2] if quotes else plain(opening(app))
    for token in TOKEN.findall(text.replace(",", "")):
        mantissa, _, power = token.replace("−", "-").partition("e")
        unit = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
        if not any(abs(x - float(token.replace("−", "-"))) <= 0.5001 * unit for x in known):
            missing.append(token)
    return missing


def too_long(app: AppTest) -> list[str]:
    """The lines of the opening that are longer than one reads at a glance."""
    return [line for line in plain(opening(app)).split("  \n") if len(line) > LINE]
