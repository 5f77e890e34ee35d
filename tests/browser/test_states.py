"""What holds on every page in every state: it stands in its shell on every screen, and no gesture raises anything.

Each page is opened once, by its address, and moved by every preset, control and handle that it has, once each: in the
suite by some of every kind, as every control is flipped in `tests/pages/test_questions.py` too. Nothing here knows a
page by name: a page that is added is held to all of it, and so is a control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pages.ui.frame.shell import PAGES
from tests.browser import gestures
from tests.browser.axe import COLOURS, serious_violations
from tests.browser.stage import rest
from tests.sweeps import WHOLE

SOME = None if WHOLE else {"choice": 2}  # of a kind: presets are choices, and of all other kinds the first does
# By how many px the bar at the top reaches over the letters of the title.
COVERED = """() => {
  const letters = document.createRange();
  letters.selectNodeContents(document.querySelector('h1'));
  const bar = document.querySelector('[data-testid=stHeader]').getBoundingClientRect();
  return bar.bottom - letters.getBoundingClientRect().top;
}"""
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 23, 42)"}

# What a finger cannot meet: less than 24 px wide or high. What is hidden in a label or on a track is met by these.
TOO_SMALL = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const targets = main.querySelectorAll('a[href], button, summary, [role=button], input, textarea, select');
  const met = (e) => (e.matches('input') && e.closest('label, [role=group], [data-baseweb]')) || e;
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  return [...targets].filter(seen).map((e) => [e, met(e).getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 23.5)
    .map(([e, box]) => `${e.tagName} “${e.ariaLabel ?? e.textContent}” has ${box.width} by ${box.height} px`);
}"""
# Pictures that leave the screen while the controls under them are moved.
OUT_OF_SIGHT = """() => {
  const easel = document.querySelector('.st-key-desk .st-key-easel');
  if (!easel) return [];
  const picture = easel.querySelector('[data-testid=stVegaLiteChart], [data-testid=stBidiComponentIsolated]');
  for (let e = picture; e && e !== document.body; e = e.parentElement) {
    if (getComputedStyle(e).position === 'sticky') return [];
  }
  return picture ? ['the picture does not stay in sight above its controls'] : [];
}"""

# Presented in a room of this height, or embedded: what is not as a lecturer, or the page around it, needs it.
ALONE = """(shown) => {
  const main = document.querySelector('[data-testid=stMain]');
  const roots = [main, ...[...main.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])];
  const seen = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)])
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 0);
  const wrong = [];
  const shell = [...document.querySelectorAll('[data-testid=stSidebar], [data-testid=stHeader]')];
  if (shell.some((element) => element.checkVisibility())) wrong.push('the shell is still there');
  if (main.scrollWidth > main.clientWidth) wrong.push('it is wider than the screen');
  const pictures = seen('svg.marks, [data-picture], .claim .picture');
  const first = pictures[0] ?? (shown === 'presented' && seen('.katex-display')[0]);
  const box = first && first.getBoundingClientRect();
  if (box && box.bottom > innerHeight) wrong.push(`its picture or formula ends at ${box.bottom} px`);
  if (first && shown === 'presented') {
    const inSight = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
    const controls = seen('input[type=range], button, input, [role=slider][tabindex="0"]');
    if (!controls.some((control) => inSight(control.getBoundingClientRect()))) wrong.push('no control is in sight');
  }
  return wrong.map((what) => `${shown}: ${what}`);
}"""
ENTRIES = "history.length + runs.entries"


def place(script: str) -> str:
    """The path of a page in an address."""
    return "" if script == "app.py" else Path(script).stem


@pytest.mark.parametrize("script", [page.script for page in PAGES])
def test_a_page_stands_on_every_screen_and_after_every_gesture(walk, address, faults, script):
    """One visit, as to load a page costs more than to look at it: every law looks, and all complaints are told."""
    page = walk(f"{address}/{place(script)}", anew=True)
    rest(page)
    wrong = [*faults, *on_every_screen(page)]
    for gesture in gestures.each(page, SOME):
        heard, entries = len(faults), page.evaluate(ENTRIES)
        gestures.make(page, gesture)
        wrong += [f"{gesture.name}: {what}" for what in (*faults[heard:], *fallen(page))]
        if page.evaluate(ENTRIES) > entries:
            wrong.append(f"{gesture.name}: it has made an entry in the history")
    if gesture.kind != "present":
        wrong.append("the page cannot be presented")
    wrong += [*alone(page, "presented", 1280, 720), *alone(page, "embedded", 640, 480)]
    assert not wrong, "\n".join(wrong)


def on_every_screen(page: Page) -> Iterator[str]:
    """What the laws say of the page, by screen; it is left on the last one, a wide one."""
    for screen, (width, scheme, laws) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        rest(page)
        yield from (f"{screen}: {complaint}" for law in laws for complaint in law(page))


def alone(page: Page, shown: str, width: int, height: int) -> list[str]:
    """What is wrong with the page where it is shown so, in a window of this size; the style alone is told of it."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("shown => { document.querySelector('.kl-shown').className = `kl-shown ${shown}`; }", shown)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    rest(page)
    return page.evaluate(ALONE, shown)


def fallen(page: Page) -> Iterator[str]:
    """What says that the page could not be computed."""
    if page.locator("[role=dialog], [data-testid=stException], [class*=st-key-fault]").count():
        yield "a dialog or a fault stands before the page"


def in_its_shell(page: Page) -> Iterator[str]:
    """What bars anybody from the page: it has its shell, fits the screen, and has the ground of the theme."""
    yield from fallen(page)
    if not page.get_by_text("KL Lab", exact=True).count():
        yield "the page has no shell"
    if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
        yield "the page is wider than the screen"
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    if page.locator("[data-testid=stApp]").evaluate("e => getComputedStyle(e).backgroundColor") != GROUNDS[scheme]:
        yield "the ground has another colour"


def accessible(page: Page) -> list[str]:
    """What axe finds."""
    return serious_violations(page)


def in_legible_colours(page: Page) -> list[str]:
    """What axe finds of the colours: all that differs from theme to theme."""
    return serious_violations(page, COLOURS)


def under_a_finger(page: Page) -> Iterator[str]:
    """What is wrong with the page on a phone: a target that is too small, a picture that leaves, a covered title."""
    yield from page.evaluate(TOO_SMALL)
    yield from page.evaluate(OUT_OF_SIGHT)
    if page.evaluate(COVERED) > 0:
        yield "the bar at the top covers the title"


Law = Callable[[Page], Iterable[str]]
SCREENS: dict[str, tuple[int, str, tuple[Law, ...]]] = {
    "wide and light": (1280, "light", (in_its_shell, accessible)),
    "a phone in the dark": (390, "dark", (in_its_shell, accessible, under_a_finger)),
    "wide in the dark": (1280, "dark", (in_its_shell, in_legible_colours)),
}
