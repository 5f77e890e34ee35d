"""The gestures by which a page is moved, found on the page itself: a control that is added is moved too."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page

from tests.browser.grid import TABLES, first_number, type_into
from tests.browser.stage import rest

MAIN = "[data-testid=stMain]"
FIND = (Path(__file__).parent / "gestures.js").read_text("utf-8").replace("TABLES", json.dumps(TABLES))
MOST = 60  # of one page


class Gesture(NamedTuple):
    """One move of one control: its kind, what it is called, and which of those of its kind it moves."""

    kind: str
    name: str
    which: int

    @property
    def kept(self) -> str:
        """Its name without numbers: a button that offers another q after each change is pressed once."""
        return re.sub(r"[-−]?[\d.]+", "", self.name)


def each(page: Page, of_a_kind: Mapping[str, int] | None = None) -> Iterator[Gesture]:
    """Every gesture that the page offers, once each, also those that another one brings up; or of each kind the first
    so many, one where the kind is not named."""
    done: set[str] = set()
    made: Counter[str] = Counter()
    while len(done) < MOST:
        offered = [Gesture(*found) for found in page.evaluate(FIND)]
        left = (each for each in offered if of_a_kind is None or made[each.kind] < of_a_kind.get(each.kind, 1))
        gesture = next((gesture for gesture in left if gesture.kept not in done), None)
        if gesture is None:
            return
        done.add(gesture.kept)
        made[gesture.kind] += 1
        yield gesture
    raise AssertionError(f"{page.url} offers more than {MOST} gestures")


def make(page: Page, gesture: Gesture) -> None:
    """Make it, and wait until the page is at rest again: what it puts off for a moment, too, has been done then."""
    selector, move = MOVES[gesture.kind]
    move(page, page.locator(selector).nth(gesture.which))
    rest(page)


def _click(page: Page, control: Locator) -> None:
    control.click()


def _step(page: Page, slider: Locator) -> None:
    """One step up, or down where it can go no further."""
    high = slider.evaluate("slider => Number(slider.value) >= Number(slider.max)")
    slider.press("ArrowLeft" if high else "ArrowRight")


def _next(page: Page, box: Locator) -> None:
    """The next option of a list."""
    now = box.input_value()
    box.scroll_into_view_if_needed()
    rest(page)  # a list that has opened is closed by the page's scrolling
    box.click()
    options = page.get_by_role("option")
    options.first.wait_for()
    names = options.all_inner_texts()
    options.nth((names.index(now) + 1) % len(names)).click()


def _write(page: Page, box: Locator) -> None:
    """Something added to a text."""
    box.fill(f"{box.input_value()} + 1")
    box.press("Control+Enter" if box.evaluate("box => box.tagName") == "TEXTAREA" else "Enter")


def _type(page: Page, table: Locator) -> None:
    """Another number in the first row."""
    type_into(page, first_number(table), 0, "0.3", table)


def _push(page: Page, handle: Locator) -> None:
    """A handle of a stage to the right."""
    handle.focus()
    page.keyboard.press("ArrowRight")


def _play(page: Page, player: Locator) -> None:
    """A step back and on, to both ends, and back to where it stood."""
    scrubber = player.locator("input.frame")
    stood = scrubber.input_value()
    for name in ("One step back", "One step on"):
        player.get_by_role("button", name=name).click()
    for key in ("Home", "End"):
        scrubber.press(key)
        rest(page)
    scrubber.fill(stood)


Move = Callable[[Page, Locator], None]
MOVES: dict[str, tuple[str, Move]] = {
    "preset": (f"{MAIN} [data-testid=stButton] button", _click),
    "slider": (f"{MAIN} [data-testid=stSlider] input[type=range]", _step),
    "number": (f"{MAIN} [data-testid=stNumberInputStepUp]", _click),
    "switch": (f"{MAIN} [data-testid=stCheckbox] label", _click),
    "choice": (f"{MAIN} [role=radio]", _click),
    "list": (f"{MAIN} [data-testid=stSelectbox] input", _next),
    "text": (f"{MAIN} :is([data-testid=stTextInput] input, [data-testid=stTextArea] textarea)", _write),
    "table": (TABLES, _type),
    "handle": (f"{MAIN} [role=slider][tabindex='0']:not(input)", _push),
    "stage": (f"{MAIN} .bar button", _click),
    "player": (f"{MAIN} .player", _play),
    "fold": (f"{MAIN} [data-testid=stExpander] summary", _click),
    "units": ("[data-testid=stSidebar] [role=radio]", _click),
    "undo": (f"{MAIN} [data-testid=stButton] button", _click),
    "present": (f"{MAIN} [data-testid=stCheckbox] label", _click),
}
