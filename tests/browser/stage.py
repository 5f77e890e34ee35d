"""What a test waits for on a stage, and what it reads off the one of the home page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Locator, Page, Request, TimeoutError

LABELS = ".st-key-stage svg text"
LINES = ".st-key-stage [data-testid=stVegaLiteChart] svg g.mark-line path"
STAGE = ".st-key-fits_place"
FITS = f"{STAGE} .curves"
SCRIPT = (Path(__file__).parent / "rest.js").read_text("utf-8")  # runs in every page before anything of its own
SECONDS = 60  # that a page may take to come to rest


class Traffic:
    """The requests of a page that are under way."""

    def __init__(self, page: Page) -> None:
        self.coming: set[Request] = set()
        page.on("request", lambda request: self.coming.add(request))
        page.on("requestfinished", lambda request: self.coming.discard(request))
        page.on("requestfailed", lambda request: self.coming.discard(request))


TRAFFIC: WeakKeyDictionary[Page, Traffic] = WeakKeyDictionary()  # filled before a page is opened


def rest(page: Page) -> None:
    """Wait until the page has what it asked the server for, has drawn it, and nothing more is put off or coming."""
    traffic, end = TRAFFIC[page], time.monotonic() + SECONDS
    while True:
        page.evaluate("window.countAnew()")
        try:
            page.wait_for_function("() => window.atRest()", polling="raf", timeout=1000 * SECONDS)
        except TimeoutError as late:
            raise TimeoutError(f"{page.url} never came to rest: {page.evaluate('unrest()')}") from late
        page.evaluate("1")  # what has been heard of requests meanwhile is told
        if not traffic.coming:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url} never came to rest: {[request.url for request in traffic.coming]}")


def settle(page: Page) -> None:
    """Wait until the stage of the page is drawn, and the page at rest."""
    page.locator(f"{LINES}, {FITS} .target").first.wait_for(state="attached", timeout=30_000)
    rest(page)


def requests_from_now(page: Page) -> list[str]:
    """What the page asks for, filled while it does; `messages_since` counts what it says to the server meanwhile.

    Every typeface that it may ever use is fetched before.
    """
    page.evaluate("() => Promise.all([...document.fonts].map((face) => face.load()))")
    page.evaluate("runs.sent = 0")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    return sent


def messages_since(page: Page) -> int:
    """How many messages the page has sent since `requests_from_now`."""
    return page.evaluate("runs.sent")


def until(page: Page, fact: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true: a slow machine draws later, and a test is not to fail for that."""
    end = time.monotonic() + seconds
    while not (came_true := fact()) and time.monotonic() < end:
        page.evaluate("() => new Promise(requestAnimationFrame)")  # and not again before the next picture
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
    """The x of the highest point of a drawn path, in pixels: of several as high, the middle."""
    top = min(y for _, y in points(curve))
    level = [x for x, y in points(curve) if y == top]
    return sum(level) / len(level)


def handle(page: Page, name: str) -> Locator:
    """The handle whose name begins so."""
    return page.locator(f"{STAGE} .handles [aria-label^='{name}']")


def centre(page: Page, name: str) -> tuple[float, float]:
    """Where the handle of a name is."""
    box = handle(page, name).locator(".dot, path").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def divergences(page: Page) -> list[str]:
    """What the row of each direction says of its divergence in the frame shown: D(p‖q) = 0.724 nats."""
    return page.locator(f"{STAGE} .lanes .number").all_text_contents()


def step(page: Page, name: str, times: int = 1) -> None:
    """Press a button of the player, and see the curves move."""
    before = curves(page)
    for _ in range(times):
        page.get_by_role("button", name=name).click()
    assert until(page, lambda: curves(page) != before, seconds=1)
    rest(page)
