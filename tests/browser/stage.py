"""What a test waits for on a stage, and what it reads off the one of the home page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page

LABELS = ".st-key-stage svg text"
LINES = ".st-key-stage [data-testid=stVegaLiteChart] svg g.mark-line path"
IDLE = "() => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"

# No widget's code is on its way, and every typeface in use is there.
DRESSED = "() => document.fonts.status === 'loaded' && !document.querySelector('[data-testid=stSkeleton]')"


def settle(page: Page) -> None:
    """Wait until the script has run, the charts are drawn and nothing more is coming."""
    page.wait_for_function(IDLE, timeout=30_000)
    page.locator(LINES).first.wait_for(state="attached", timeout=30_000)
    quiet(page)


def quiet(page: Page, held: int = 800) -> None:
    """Wait until the page has asked for nothing, and waited for nothing it asked for, during `held` milliseconds.

    The browser's own "networkidle" comes once in the life of a page, and on a slow machine before the page has its
    widgets: a block of code and its two typefaces are asked for after it.
    """
    coming, heard = set(), [None]
    page.on("request", lambda request: (coming.add(request), heard.append(request)))
    page.on("requestfinished", lambda request: (coming.discard(request), heard.append(request)))
    page.on("requestfailed", lambda request: (coming.discard(request), heard.append(request)))
    for _ in range(60):
        if not (heard or coming) and page.evaluate(DRESSED):
            return
        heard.clear()
        page.wait_for_timeout(held)
    raise TimeoutError(f"{page.url} never came to rest: {[request.url for request in coming]}")


def requests_from_now(page: Page) -> list[str]:
    """What the page asks for, filled while it does; every typeface it may ever use is fetched before."""
    page.evaluate("() => Promise.all([...document.fonts].map((face) => face.load()))")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    return sent


def answered(page: Page) -> None:
    """Wait until Python has heard of what was done and has answered."""
    page.wait_for_timeout(700)
    page.wait_for_function(IDLE, timeout=30_000)
    quiet(page, 400)


def until(page: Page, fact: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true: a slow machine draws later, and a test is not to fail for that."""
    end = time.monotonic() + seconds
    while not (true := fact()) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return true


def curves(page: Page) -> list[str]:
    """The drawn paths of the target, the forward fit and the reverse fit."""
    return page.locator(LINES).evaluate_all("paths => paths.slice(0, 3).map(path => path.getAttribute('d'))")


def points(curve: str) -> list[tuple[float, float]]:
    """The points of a drawn path, in pixels."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]?(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)", curve)]


def summit(curve: str) -> float:
    """The x of the highest point of a drawn path, in pixels."""
    return min(points(curve), key=lambda point: point[1])[0]


def divergences(page: Page) -> list[str]:
    """The texts of the forward and the reverse divergence in the frame shown."""
    return page.locator(LABELS).filter(has_text="D(").all_text_contents()


def step(page: Page, name: str, times: int = 1) -> None:
    """Press a button of the player, and see the curves move."""
    before = curves(page)
    for _ in range(times):
        page.get_by_role("button", name=name).click()
    assert until(page, lambda: curves(page) != before)
