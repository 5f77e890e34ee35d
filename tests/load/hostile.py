"""Every parameter of every page, every text box, table and component given what nobody should send.

    python -m tests.load.hostile [cases]

Each case opens a page in a session of its own, by an address of one to three hostile parameters, types into one of its
boxes and presses one of its buttons. After each run the page must stand, must have said what it did not use, must hold
no markup of the input, and must have taken under 2 s of CPU.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from streamlit.testing.v1 import AppTest

from pages.ui.frame.shell import PAGES, Page
from pages.ui.state import session
from pages.ui.state.fields import Choice, Slider
from tests.load.hostile_checks import injected, unsaid, unstable
from tests.load.hostile_texts import hostile_text
from tests.load.hostile_values import refuse_values
from tests.serving import ROOT

MOST_SECONDS = 2.0  # of CPU, for one run
MOST_OPTIONS = 16  # of a choice, each of which may show other controls


@dataclass(frozen=True)
class Place:
    """A page as it is when the choices of `context` are made: its parameters with what they usually are."""

    page: Page
    context: dict[str, str]
    usual: dict[str, str]
    ranges: dict[str, tuple[float, float, float]]  # of those that are numbers: low, high, step
    keys: tuple[str, ...]


@dataclass
class Tally:
    """What became of the cases of one page."""

    cases: int = 0
    runs: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def open_page(page: Page, query: dict[str, object]) -> AppTest:
    """A page in a session of its own, run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).switch_page(page.script)
    app.query_params.update(query)
    return app.run()


def look(page: Page, context: dict[str, str]) -> tuple[Place, AppTest]:
    """The page with these choices, and what parameters it then has."""
    app = open_page(page, context)
    fields = {key: (each, app.session_state[key]) for key, (_, each) in drawn(app).items()}
    ranges = {key: (each.low, each.high, each.step) for key, (each, _) in fields.items() if isinstance(each, Slider)}
    usual = {key: each.text(value) or "" for key, (each, value) in fields.items()}
    return Place(page, context, usual, ranges, tuple(sorted(fields))), app


def drawn(app: AppTest) -> dict:
    """The fields of a page, each with its place, by key."""
    return app.session_state[session.KEY].drawn


def places(page: Page, thorough: bool) -> Iterator[Place]:
    """The page as it opens; if thorough, also with each option of each choice taken."""
    place, app = look(page, {})
    yield place
    for key, (_, each) in drawn(app).items() if thorough else ():
        if isinstance(each, Choice):
            for option in list(each.titles)[:MOST_OPTIONS]:
                yield look(page, {key: option})[0]


def attack(place: Place, rng: random.Random, good: list[str], tally: Tally) -> None:
    """One case."""
    tally.cases += 1
    asked = {}
    for key in rng.sample(place.keys, min(len(place.keys), rng.choice([1, 1, 2, 3]))):
        asked[key] = [hostile_text(rng, good) for _ in range(rng.choice([1, 1, 1, 2]))]
    story = f"{place.page.script} {place.context} { ({key: [text[:80] for text in v] for key, v in asked.items()}) }"
    app = _run(lambda: open_page(place.page, {**place.context, **asked}), story, place, tally)
    if app is None:
        return
    tally.faults += [f"{what}\n    {story}" for what in unsaid(app, asked, place.usual, place.ranges)]
    boxes = [*app.text_area, *app.text_input]
    if boxes and rng.random() < 0.5:
        box, text = rng.choice(boxes), hostile_text(rng, good)
        story += f" then {box.label[:30]!r}: {text[:80]!r}"
        app = _run(lambda: box.set_value(text).run(), story, place, tally)
    buttons = [button for button in app.button if not button.disabled] if app else []
    if buttons and rng.random() < 0.2:
        button = rng.choice(buttons)
        _run(lambda: button.click().run(), f"{story} then {button.label!r}", place, tally)


def _run(run, story: str, place: Place, tally: Tally) -> AppTest | None:
    """One run, timed and examined; None when there is no page left to go on with."""
    tally.runs += 1
    start = time.process_time()
    try:
        app = run()
    except RuntimeError as hanging:  # AppTest's timeout
        tally.faults.append(f"{hanging}\n    {story}")
        return None
    spent = time.process_time() - start
    tally.slowest = max(tally.slowest, spent)
    faults = unstable(app, place.page.title) + injected(app)
    if spent > MOST_SECONDS:
        faults.append(f"{spent:.1f} s of CPU")
    tally.faults += [f"{what}\n    {story}" for what in faults]
    return None if any("exception" in what for what in faults) else app


def hostile(cases: int, seed: int = 0, thorough: bool = True) -> dict[str, Tally]:
    """So many cases over all pages in turn, by the page's title; then the values of components and tables."""
    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    found = {page.title: list(places(page, thorough)) for page in PAGES}
    good = sorted({text for row in found.values() for place in row for text in place.usual.values() if text})
    good += sorted({text for row in found.values() for place in row for text in place.context.values()})
    tallies = {title: Tally() for title in found}
    rng = random.Random(seed)
    for number in range(cases):
        title = list(found)[number % len(found)]
        attack(rng.choice(found[title]), rng, good, tallies[title])
    tallies["values of components"] = values = Tally()
    for fault in refuse_values(rng, cases):
        values.faults.append(fault)
    values.cases = cases
    return tallies


def main(cases: int = 2000, seed: int = 0) -> None:
    """Print the table, and every fault."""
    logging.disable(logging.CRITICAL)  # else Streamlit says at each of the runs that it has no browser
    tallies = hostile(cases, seed)
    print(f"{'':24} {'cases':>6} {'runs':>6} {'faults':>7} {'slowest, s':>11}")
    for title, tally in tallies.items():
        print(f"{title:24} {tally.cases:>6} {tally.runs:>6} {len(tally.faults):>7} {tally.slowest:>11.2f}")
    for title, tally in tallies.items():
        for fault in tally.faults:
            print(f"\n{title}: {fault}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
