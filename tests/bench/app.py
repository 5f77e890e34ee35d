"""The app beside a bare Streamlit page, in one run: slider to paint, cold start to first chart, animation.

    python -m tests.bench.app [pairs]

Every figure is a ratio of medians over interleaved pairs (at least 30). Bare against bare comes first: outside
0.95 to 1.05 the run is void, as the machine was too unsteady to compare anything.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.table import Row, show
from tests.browser.fits import farthest, mixtures, two_modes
from tests.serving import CHROMIUM_FLAGS, chromium, serve

BARE = """
import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

st.set_page_config(layout="wide")
d = st.slider("Mode separation", 0.0, 10.0, 5.0, 0.05)
x = np.linspace(-10, 10, 401)
p = (np.exp(-((x - d / 2) ** 2) / 2) + np.exp(-((x + d / 2) ** 2) / 2)) / np.sqrt(8 * np.pi)
chart = alt.Chart(pd.DataFrame({"x": x, "p": p})).mark_line().encode(x="x", y="p")
st.altair_chart(chart.properties(height=270))
"""
LINE = "[data-testid=stVegaLiteChart] svg g.mark-line path"
OURS = ".st-key-fits_place .curves .target"
OURS_DRAWN = ".curves path.reverse[d]"  # within the stage's own tree: the target and both fits are drawn
# The parts of the page that a selector may mean: the page itself, and the stage, which has a tree of its own.
ROOTS = """const roots = () => [document, ...[...document.querySelectorAll('.st-key-fits_place *')]
  .map((part) => part.shadowRoot).filter(Boolean)];
"""
SLIDERS = ("mixture_lab", "landscape", "free_energy")
NUMBER = ".kl-card .number b"  # the browser draws both fits before; this is when the numbers of the engine are there

# The time of the first frame in which each of these selectors has something, looked at in every frame.
ARRIVAL = """(selectors) => {
  ROOTS
  window.arrived = selectors.map(() => null);
  const look = () => {
    const now = Date.now() / 1000;
    selectors.forEach((selector, k) => {
      if (roots().some((root) => root.querySelector(selector))) window.arrived[k] ??= now;
    });
    if (window.arrived.includes(null)) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

# From the key press, and from the message that it sends, to the frame in which the curve has changed.
WATCH = """([selector, answered]) => {
  ROOTS
  const line = () => roots().map((root) => root.querySelector(selector)).find(Boolean)?.getAttribute('d');
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...a) { window.sentAt ??= performance.now(); return send.apply(this, a); };
  window.arm = () => {
    window.sentAt = undefined; window.done = undefined; window.painted = undefined;
    const before = line(), pressed = performance.now();
    const look = () => {
      if (line() !== before) window.painted ??= performance.now() - pressed;
      const waits = window.painted === undefined || (answered && !window.sentAt);
      if (waits || (answered && document.documentElement.hasAttribute('data-kl-moving'))) requestAnimationFrame(look);
      else window.done = [window.painted, performance.now() - window.sentAt];
    };
    requestAnimationFrame(look);
  };
}"""

# The pictures of the curves that differ, looked at in every frame that the browser draws.
COUNT = """(selector) => {
  ROOTS
  const drawn = new Set();
  const look = () => {
    const lines = roots().flatMap((root) => [...root.querySelectorAll(selector)]);
    drawn.add(lines.map((line) => line.getAttribute('d')).join(' '));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.drawn = () => [drawn.size, performance.now() / 1000];
  window.messages = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...a) { window.messages++; return send.apply(this, a); };
}"""


def open_page(browser: Browser, address: str) -> Page:
    """A page in a context of its own, its chart drawn and watched."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.locator(f"{LINE}, {OURS}").first.wait_for(state="attached", timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    ours = page.locator(OURS).count() > 0
    page.evaluate(WATCH.replace("ROOTS", ROOTS), [".curves .target" if ours else LINE, ours])
    return page


def slider_times(page: Page, key: str) -> tuple[float, float]:
    """Milliseconds from one key press on the slider to the changed chart, and from its message to the answer to it.

    A bare page draws its answer; on the home page the browser draws at once, and the numbers of the engine follow.
    """
    page.get_by_role("slider", name="separation").focus()
    page.evaluate("window.arm()")
    page.keyboard.press(key)
    page.wait_for_function("window.done", timeout=20_000)
    times = page.evaluate("window.done")
    page.wait_for_timeout(350)  # let the rest of the page settle before the next one is timed
    return tuple(times)


def interleaved(pairs: int, *sides: Callable[[int], tuple[float, ...]]) -> list[list[tuple[float, ...]]]:
    """`pairs` measurements of each side, in turn, the order reversed every other time."""
    found: list[list] = [[] for _ in sides]
    for i in range(pairs):
        order = range(len(sides)) if i % 2 == 0 else reversed(range(len(sides)))
        for side in order:
            found[side].append(sides[side](i))
    return found


def median(times: list[tuple[float, ...]], which: int = 0) -> float:
    """The median of one of the times."""
    return statistics.median(time[which] for time in times)


def measure_sliders(browser: Browser, bare_script: Path, pairs: int) -> list[Row]:
    """Slider moved to chart painted."""
    with serve() as app, serve(bare_script) as bare, serve(bare_script) as other:
        pages = [open_page(browser, address) for address in (app, bare, other)]
        for page in pages:
            for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
                slider_times(page, key)
        moves = [lambda i, page=page: slider_times(page, "ArrowRight" if i % 4 < 2 else "ArrowLeft") for page in pages]
        ours, first, second = interleaved(pairs, *moves)
    return [
        Row("bare / bare, key to paint", median(second) / median(first), (0.95, 1.05), f"{median(first):.0f} ms", True),
        Row("slider: key to paint / bare", median(ours) / median(first), (0, 1.05), f"{median(ours):.0f} ms"),
        Row("slider: message to the engine's numbers, in ms", median(ours, 1), (0, 300)),
    ]


# From the key press to the frame in which any picture of the page has changed.
CHANGED = """() => {
  const drawn = () => {
    const found = [];
    const look = (root) => root.querySelectorAll('*').forEach((part) => {
      if (part.shadowRoot) look(part.shadowRoot);
      else if (part.tagName === 'path' || part.tagName === 'rect') found.push(part.getAttribute('d') ?? part.outerHTML);
    });
    look(document.querySelector('[data-testid=stMain]'));
    return found.join('|');
  };
  window.arm = () => {
    window.done = undefined;
    const before = drawn(), pressed = performance.now();
    const look = () => {
      if (drawn() !== before) window.done = performance.now() - pressed;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
}"""


def measure_pages(browser: Browser, bare_script: Path, pairs: int) -> list[Row]:
    """The first control with a scale of a page moved by a key, to the first picture that changes."""
    with serve() as app, serve(bare_script) as bare:
        pages = {}
        for name, address in (("bare", bare), *((name, f"{app}/{name}") for name in SLIDERS)):
            page = pages[name] = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(address)
            page.locator("[data-testid=stMain]").get_by_role("slider").first.wait_for(timeout=60_000)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(2500)
            page.evaluate(CHANGED)

        def press(name: str, i: int) -> tuple[float, ...]:
            page = pages[name]
            page.locator("[data-testid=stMain]").get_by_role("slider").first.focus()
            page.evaluate("arm()")
            page.keyboard.press("ArrowRight" if i % 4 < 2 else "ArrowLeft")
            page.wait_for_function("window.done", timeout=20_000)
            page.wait_for_timeout(400)
            return (page.evaluate("window.done"),)

        bare_times, *others = interleaved(pairs, *(partial(press, name) for name in pages))
    usual = median(bare_times)
    return [
        Row(f"{name}: key to paint / bare", median(each) / usual, (0, 1.05), f"{median(each):.0f} / {usual:.0f} ms")
        for name, each in zip(SLIDERS, others)
    ]


def cold_start(browser: Browser, script: Path | None) -> tuple[float, ...]:
    """Seconds from the start of a server process to the first chart in a browser; of ours, also to the numbers."""
    begun = time.time()
    with serve(script) if script else serve() as address:
        return tuple(seen - begun for seen in arrivals(browser, address, [LINE] if script else [OURS_DRAWN, NUMBER]))


def arrivals(browser: Browser, address: str, marks: list[str]) -> list[float]:
    """When a page, opened in a fresh browser, first has something of each selector. Seconds since 1970."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(f"({ARRIVAL.replace('ROOTS', ROOTS)})({json.dumps(marks)})")
    page.goto(address)
    page.wait_for_function("window.arrived && !window.arrived.includes(null)", timeout=60_000)
    arrived = page.evaluate("window.arrived")
    context.close()
    return arrived


def measure_cold_starts(browser: Browser, bare_script: Path, pairs: int) -> list[Row]:
    """Cold start to first chart."""
    scripts = (None, bare_script, bare_script)
    sides = [lambda i, script=script: cold_start(browser, script) for script in scripts]
    ours, first, second = interleaved(pairs, *sides)
    return [
        Row("bare / bare, cold start", median(second) / median(first), (0.95, 1.05), f"{median(first):.2f} s", True),
        Row("cold start to first chart / bare", median(ours) / median(first), (0, 1.15), f"{median(ours):.2f} s"),
        Row("  to the engine's numbers / bare", median(ours, 1) / median(first), (0, 1.3), f"{median(ours, 1):.2f} s"),
    ]


def played(browser: Browser, address: str) -> tuple[float, int]:
    """Different pictures of the curves a second while playing, and messages sent meanwhile."""
    page = open_page(browser, address)
    page.evaluate(COUNT.replace("ROOTS", ROOTS), ".curves path:not(.target)")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(200)
    before, begun = page.evaluate("window.drawn()")
    page.wait_for_timeout(2000)
    after, ended = page.evaluate("window.drawn()")
    page.get_by_role("button", name="Play").wait_for(timeout=10_000)
    messages = page.evaluate("window.messages")
    page.context.close()
    return (after - before) / (ended - begun), messages


def measure_animation(browser: Browser) -> list[Row]:
    """Frames drawn a second while playing, and messages sent meanwhile."""
    rows = []
    with serve() as address:
        for name, query, least in (("densities", "", 45), ("with integrands", "?integrands=true", 35)):
            rates, messages = zip(*(played(browser, f"{address}/{query}") for _ in range(3)))
            rows.append(Row(f"animation, {name}: frames drawn a second", statistics.median(rates), (least, 1000)))
            rows.append(Row("  messages sent while playing", sum(messages), (0, 0)))
    return rows


# Frames a second of an empty loop, then of one in which a handle is dragged; and what was sent meanwhile.
DRAGGED = """async ([selector, hearer, follows]) => {
  const root = [document, ...[...document.querySelectorAll('[data-testid=stMain] *')].map((e) => e.shadowRoot)]
    .find((e) => e?.querySelector(selector));
  const frames = async (each) => {
    const begun = performance.now();
    let count = 0;
    await new Promise((done) => {
      const look = (now) => {
        count += 1;
        each(now - begun);
        if (now - begun < 3000) requestAnimationFrame(look);
        else done();
      };
      requestAnimationFrame(look);
    });
    return (1000 * count) / (performance.now() - begun);
  };
  const { send } = WebSocket.prototype;
  let sent = 0;
  WebSocket.prototype.send = function (...a) { sent += 1; return send.apply(this, a); };
  const empty = await frames(() => {});
  const handle = root.querySelector(selector), heard = handle.closest(hearer);
  const box = (handle.querySelector('.dot') ?? handle).getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  heard.setPointerCapture = () => {};
  const event = (kind, clientX) => new PointerEvent(kind, { clientX, clientY: y, bubbles: true });
  const tell = (kind, clientX) => heard.dispatchEvent(event(kind, clientX));
  sent = 0;
  handle.dispatchEvent(event('pointerdown', x));
  const moved = new Set();
  const dragged = await frames((ms) => {
    tell('pointermove', x - 80 + 80 * Math.cos(ms / 400));
    moved.add(root.querySelector(follows).getAttribute('d'));
  });
  const while_held = sent;
  tell('pointerup', x);
  return [dragged / empty, while_held, moved.size];
}"""

# What is taken hold of, what hears of it, and a line that follows.
PEAK = [".handles .peak", ".handles .peak", ".curves path.reverse"]
START = ["figure .start", "svg", ".path"]


def measure_hand(browser: Browser) -> list[Row]:
    """Frames while a peak is held, against those of an empty loop in the same page; the browser's optima."""
    rows = []
    with serve() as address:
        for name, query, held, least in (
            ("a peak, draws", "?separation=8", PEAK, 0.92),
            ("a peak, areas", "?separation=8&integrands=true", PEAK, 0.8),
            ("a peak of the lab", "mixture_lab?p=0.3,-5,0.7;0.3,0,1;0.4,4,0.5", PEAK, 0.92),
            ("the start on Landscape", "landscape", START, 0.92),
        ):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(f"{address}/{query}")
            page.locator(held[0]).first.wait_for(timeout=60_000)
            if held is PEAK:
                page.wait_for_function("() => window.klLabFits?.stage?.answer", timeout=60_000)
            page.wait_for_timeout(1500)
            share, sent, seen = page.evaluate(DRAGGED, held)
            rows.append(Row(f"{name}, is dragged: frames / empty loop", share, (least, 2), f"{seen} pictures in 3 s"))
            rows.append(Row("  messages sent while it is held", sent, (0, 0)))
            page.context.close()
    blank = browser.new_page()
    for name, targets in (("of two modes", two_modes), ("of 2 to 4 components", mixtures)):
        apart = farthest(blank, targets(200, 7))
        rows.append(Row(f"browser's and engine's optima, 200 targets {name}: most apart", apart, (0, 1e-6)))
    return rows


def main() -> None:
    """Print the table."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are kept, as they are for everybody
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare_script = Path(folder) / "bare.py"
        bare_script.write_text(BARE, "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        rows = measure_sliders(browser, bare_script, pairs)
        rows += measure_pages(browser, bare_script, pairs)
        rows += measure_cold_starts(browser, bare_script, pairs)
        rows += measure_animation(browser)
        rows += measure_hand(browser)
        browser.close()
    show(f"The app beside a bare page ({pairs} interleaved pairs, medians)", rows)


if __name__ == "__main__":
    main()
