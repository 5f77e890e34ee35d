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
# Choices whose buttons do not stand in one row.
BROKEN = """() => [...document.querySelectorAll('[role=radiogroup]:has(> [data-variant=segmented_control])')]
  .filter((group) => new Set([...group.children].map((e) => Math.round(e.getBoundingClientRect().top))).size > 1)
  .map((group) => `the choice “${group.textContent}” is broken into rows`)"""
# A picture of which not half is on the first screen of a phone together with a control that changes something.
APART = """(height) => {
  const main = document.querySelector('[data-testid=stMain]');
  main.scrollTo(0, 0);
  const roots = [main, ...[...main.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])];
  const boxes = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)])
    .filter((element) => element.checkVisibility()).map((element) => element.getBoundingClientRect());
  const kinds = ['Slider', 'DataFrame', 'TextInput', 'NumberInput', 'TextArea', 'FileUploader'];
  const own = 'input[type=range], [role=slider][tabindex="0"]';
  const controls = boxes([own, ...kinds.map((kind) => `[data-testid=st${kind}]`)].join());
  const [picture] = boxes('svg.marks, [data-picture], .claim .picture').sort((a, b) => a.top - b.top);
  if (!picture || !controls.length) return [];
  const seen = [(picture.top + picture.bottom) / 2, Math.min(...controls.map(({ top }) => top + 24))];
  return Math.max(...seen) > height ? [`the picture and its control are not on one screen: ${seen}`] : [];
}"""
PHONE = 844  # px, its height
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
# By how many px the page is wider than its window: the document, or the part of it that scrolls by itself.
WIDER = """() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
  .map((part) => part.scrollWidth - part.clientWidth))"""
# Words of a chart through which a rule or a curve could run: what lies under them does not stop at their letters.
CROSSED = """() => {
  const ground = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
  const own = ({ paintOrder, stroke, strokeWidth }) =>
    paintOrder.startsWith('stroke') && stroke === ground && parseFloat(strokeWidth) >= 3;
  return [...document.querySelectorAll('svg.marks .mark-text.role-mark text:not([stroke=transparent])')]
    .filter((text) => text.textContent && !own(getComputedStyle(text)))
    .map((text) => `“${text.textContent}” has no ground of its own`);
}"""
# What glides or turns, in the page or in a part that has a tree of its own.
MOVING = """() => {
  const below = (root) => [...root.querySelectorAll('*')];
  const within = (root) => below(root).flatMap((e) => [e, ...(e.shadowRoot ? within(e.shadowRoot) : [])]);
  const lasts = (times) => times.split(',').some((time) => parseFloat(time) > 0.002); // a part hears of a theme by 1 ms
  const moves = ({ animationName, animationDuration, transitionProperty, transitionDuration }) => {
    if (animationName !== 'none' && lasts(animationDuration)) return `is animated by ${animationName}`;
    return transitionProperty !== 'none' && lasts(transitionDuration) ? `glides in ${transitionProperty}` : '';
  };
  const found = within(document.body).flatMap((e) => [null, '::before', '::after'].map((part) => {
    const how = moves(getComputedStyle(e, part));
    return how && `${e.tagName}.${e.classList}${part ?? ''} ${how}`;
  }));
  return [...new Set(found.filter(Boolean))];
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
    if page.evaluate(WIDER) > 0:
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
    """What is wrong with the page on a phone: a small target, a broken choice, a far picture, a covered title."""
    yield from page.evaluate(TOO_SMALL)
    yield from page.evaluate(BROKEN)
    yield from page.evaluate(APART, PHONE)
    yield from page.evaluate(OUT_OF_SIGHT)
    if page.evaluate(COVERED) > 0:
        yield "the bar at the top covers the title"


def with_words_to_be_read(page: Page) -> list[str]:
    """The words on charts that something may strike through."""
    return page.evaluate(CROSSED)


def without_motion(page: Page) -> list[str]:
    """What still moves for somebody who asks for less motion."""
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    return moving


Law = Callable[[Page], Iterable[str]]
SCREENS: dict[str, tuple[int, str, tuple[Law, ...]]] = {
    "wide and light": (1280, "light", (in_its_shell, accessible, with_words_to_be_read, without_motion)),
    "a phone in the dark": (390, "dark", (in_its_shell, accessible, under_a_finger)),
    "wide in the dark": (1280, "dark", (in_its_shell, in_legible_colours, with_words_to_be_read)),
}


# What each law must see, put on the page of a phone in the dark as the element `planted`.
PLANTED: dict[str, tuple[Law, str]] = {
    "a dialog": (in_its_shell, "<div id=planted role=dialog></div>"),
    "what is wider": (in_its_shell, "<div id=planted style='position: absolute; top: 0; width: 3000px'>.</div>"),
    "another ground": (
        in_its_shell,
        "<style id=planted>[data-testid=stApp] { background: #123456 !important }</style>",
    ),
    "a nameless button": (accessible, "<button id=planted style='width: 40px; height: 40px'></button>"),
    "faint letters": (in_legible_colours, "<style id=planted>h1 { color: #334 !important }</style>"),
    "a small target": (under_a_finger, "<a id=planted href='#a' style='display: block; width: 9px; height: 9px'>a</a>"),
    "a picture that leaves": (under_a_finger, "<style id=planted>* { position: static !important }</style>"),
    "a broken choice": (
        under_a_finger,
        "<div id=planted role=radiogroup>"
        + "<button data-variant=segmented_control style='display: block; width: 40px; height: 40px'>a</button>" * 2
        + "</div>",
    ),
    "a control below the screen": (under_a_finger, "<style id=planted>.st-key-desk { padding-top: 900px }</style>"),
    "words without a ground": (with_words_to_be_read, "<style id=planted>svg text { stroke: none !important }</style>"),
    "what glides": (without_motion, "<p id=planted style='transition: all 1s !important'></p>"),
    "a covered title": (under_a_finger, "<style id=planted>[data-testid=stHeader] { height: 99px !important }</style>"),
}


def test_each_law_sees_what_is_against_it(walk, address):
    page = walk(f"{address}/estimators", width=390, scheme="dark")
    rest(page)
    plant = "planted => document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', planted)"
    for name, (law, planted) in PLANTED.items():
        assert not list(law(page)), name
        page.evaluate(plant, planted)
        assert list(law(page)), name
        page.evaluate("document.querySelector('#planted').remove()")
