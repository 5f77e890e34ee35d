"""What a test waits for on a stage, and what it reads off the one of the home page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, Request, TimeoutError

LABELS = ".st-key-stage svg text"
LINES = ".st-key-stage [data-testid=stVegaLiteChart] svg g.mark-line path"
FITS = ".st-key-fits_place .curves"
# At rest, with the numbers of the engine.
ANSWERED = """() => !document.documentElement.hasAttribute('data-kl-moving')
  && (!document.querySelector('.st-key-fits_place') || Boolean(window.klLabFits?.stage?.answer))"""
IDLE = "() => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
COUNTED = """() => {
  const send = WebSocket.prototype.send;
  window.sent = 0;
  WebSocket.prototype.send = function (...a) { window.sent++; return send.apply(this, a); };
}"""

SCRIPT = (Path(__file__).parent / "rest.js").read_text("utf-8")  # runs in every page before anything of its own
SECONDS = 60  # that a page may take to come to rest

# No widget's code is on its way, and every typeface in use is there.
DRESSED = "() => document.fonts.status === 'loaded' && !document.querySelector('[data-testid=stSkeleton]')"


class Traffic:
    """The requests of a page that are under way, and how often that has changed."""

    def __init__(self, page: Page) -> None:
        self.coming, self.changes = set(), 0
        self.asked = 0  # for how many runs the page had asked when it last rested
        page.on("request", lambda request: self._note(self.coming.add, request))
        page.on("requestfinished", lambda request: self._note(self.coming.discard, request))
        page.on("requestfailed", lambda request: self._note(self.coming.discard, request))

    def _note(self, change: Callable, request: Request) -> None:
        change(request)
        self.changes += 1


TRAFFIC: WeakKeyDictionary[Page, Traffic] = WeakKeyDictionary()  # filled before a page is opened


def rest(page: Page, asked: int = 0) -> None:
    """Wait until the page has asked the server so often, has its answer, has drawn it, and nothing more is coming."""
    traffic, end = TRAFFIC[page], time.monotonic() + SECONDS
    while True:
        try:
            page.wait_for_function("asked => window.atRest(asked)", arg=asked, polling="raf", timeout=1000 * SECONDS)
        except TimeoutError as late:
            raise TimeoutError(f"{page.url} never came to rest: {page.evaluate('unrest(0)')}") from late
        traffic.asked = page.evaluate("runs.asked")  # and what has been heard of requests meanwhile is told
        if not traffic.coming:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url} never came to rest: {[request.url for request in traffic.coming]}")


def settle(page: Page) -> None:
    """Wait until the script has run, the charts are drawn and nothing more is coming."""
    page.wait_for_function(IDLE, timeout=30_000)
    page.locator(f"{LINES}, {FITS} .target").first.wait_for(state="attached", timeout=30_000)
    page.wait_for_function(ANSWERED, timeout=30_000)
    quiet(page)


def quiet(page: Page, held: int = 800) -> None:
    """Wait until the page has asked for nothing, and waited for nothing it asked for, during `held` milliseconds.

    What comes by its websocket is not counted: `IDLE` and `answered` wait for that. The browser's own "networkidle"
    comes once in the life of a page, and on a slow machine before the page has its widgets: a block of code and its two
    typefaces are asked for after it.
    """
    traffic = TRAFFIC[page]
    for _ in range(60):
        before = traffic.changes
        page.wait_for_timeout(held)
        if traffic.changes == before and not traffic.coming and page.evaluate(DRESSED):
            return
    raise TimeoutError(f"{page.url} never came to rest: {[request.url for request in traffic.coming]}")


def requests_from_now(page: Page) -> list[str]:
    """What the page asks for, filled while it does; `messages_since` counts what it says to the server meanwhile.

    Every typeface that it may ever use is fetched before.
    """
    page.evaluate("() => Promise.all([...document.fonts].map((face) => face.load()))")
    page.evaluate(COUNTED)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    return sent


def messages_since(page: Page) -> int:
    """How many messages the page has sent since `requests_from_now`."""
    return page.evaluate("window.sent")


def answered(page: Page) -> None:
    """Wait until Python has heard of what was done and has answered."""
    page.wait_for_timeout(700)
    page.wait_for_function(IDLE, timeout=30_000)
    quiet(page, 400)


def until(page: Page, fact: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true: a slow machine draws later, and a test is not to fail for that."""
    end = time.monotonic() + seconds
    while not (came_true := fact()) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return came_true


def curves(page: Page) -> list[str]:
    """The drawn paths of the target, the forward fit and the reverse fit."""
    if page.locator(FITS).count():
        found = [page.locator(f"{FITS} .{role}:not(.other)") for role in ("target", "forward", "reverse")]
        return [path.get_attribute("d") for path in found]
    return page.locator(LINES).evaluate_all("paths => paths.slice(0, 3).map(path => path.getAttribute('d'))")


def points(curve: str) -> list[tuple[float, float]]:
    """The points of a drawn path, in pixels."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]?(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)", curve)]


def summit(curve: str) -> float:
    """The x of the highest point of a drawn path, in pixels."""
    return min(points(curve), key=lambda point: point[1])[0]


def divergences(page: Page) -> list[str]:
    """What the row of each direction says of its divergence in the frame shown: D(p‖q) = 0.724 nats."""
    return page.locator(".st-key-fits_place .lanes .number").all_text_contents()


def step(page: Page, name: str, times: int = 1) -> None:
    """Press a button of the player, and see the curves move."""
    before = curves(page)
    for _ in range(times):
        page.get_by_role("button", name=name).click()
    assert until(page, lambda: curves(page) != before, seconds=1)
    quiet(page, 200)
