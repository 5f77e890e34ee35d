"""Fixtures of the tests in a real browser, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.stage import SCRIPT, TRAFFIC, Traffic, rest
from tests.serving import CHROMIUM_FLAGS, chromium, in_ci, serve

RAISED = ("Uncaught app execution", "A callback raised")  # in the server's log: a page that could not be computed


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one they are left out, but never in CI."""
    path = chromium()
    if path is None:
        reason = "no Chromium found: install Debian's package chromium, or Google Chrome, to run the browser tests"
        pytest.fail(reason) if in_ci() else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def log(tmp_path_factory) -> Path:
    """What the server of all tests says."""
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def address(log) -> Iterator[str]:
    """One server for all tests that need no fresh one."""
    with serve(log=log) as address:
        yield address


@pytest.fixture
def faults(log) -> Iterator[list[str]]:
    """What the pages of the test do that none may do: a console error, an exception here or on the server, a request
    to an outside."""
    found: list[str] = []
    before = log.stat().st_size if log.exists() else 0
    yield found
    if log.exists():
        said = log.read_bytes()[before:].decode("utf-8", "replace")
        found += [said] if any(sign in said for sign in RAISED) else []
    assert found == []


@pytest.fixture
def visit(browser: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Open an address in a fresh browser, and note its faults."""
    contexts = []

    def open_page(url: str, width: int = 1280, height: int = 900, **options) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        return _go(_tab(context, faults.append), url)

    yield open_page
    for context in contexts:
        context.close()


ELSEWHERE = "check_formula"  # a small page, by which one comes back to a page that is open
BACK = "url => { history.replaceState({}, '', url); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }"


@dataclass
class Shared:
    """A tab of several tests, the address that it was last loaded at, and the list that its faults go to: that of the
    test that has it now."""

    page: Page
    lists: list[list[str]] = field(default_factory=lambda: [[]])
    loaded: str = ""
    visits: Iterator[int] = field(default_factory=count)

    def go(self, url: str, anew: bool) -> Page:
        """Go to an address by the history of the tab, as Back does and in a third of the time; or load it anew."""
        if anew or not self.has_the_app_of(url):
            self.loaded = url
            return _go(self.page, url)
        if (
            urlsplit(url).path == urlsplit(self.page.url).path
        ):  # what is folded out on it, or runs, is there no more then
            self._back(urlsplit(url)._replace(path=f"/{ELSEWHERE}").geturl())
        asked = parse_qs(urlsplit(url).query)
        # An address that this session has not had yet is an opening; that says all of the page, the units among it.
        more = {"units": ["nats"], "visit": [f"{next(self.visits)}"]} | asked
        self._back(urlsplit(url)._replace(query=urlencode(more, doseq=True)).geturl())
        return self.page

    def has_the_app_of(self, url: str) -> bool:
        """Whether the tab has the app of this address open, and neither of them in a frame."""
        wanted, loaded = urlsplit(url), urlsplit(self.loaded)
        return wanted.netloc == loaded.netloc and "embed=" not in f"{wanted.query}&{loaded.query}"

    def _back(self, url: str) -> None:
        self.page.evaluate(BACK, url)
        rest(self.page)


@pytest.fixture(scope="session")
def shared(browser: Browser) -> Iterator[Shared]:
    """One tab for most tests: what a browser has compiled it keeps, and then opens a page in half the time."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = Shared(_tab(context, lambda fault: tab.lists[-1].append(fault)))
    yield tab
    context.close()


@pytest.fixture
def walk(shared: Shared, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Go to an address in the tab that tests share, and note its faults: for what visitors see whatever they had open
    before. What an address leaves out is as in a link that leaves it out.

    A test of what a page does when it is loaded, or of a link that somebody else opens, loads it `anew`, in a session
    of its own; a test of a first visit, of the history or of a finger takes `visit`.
    """

    def go(url: str, width: int = 1280, height: int = 900, scheme: str = "light", anew: bool = False) -> Page:
        shared.page.set_viewport_size({"width": width, "height": height})
        shared.page.emulate_media(color_scheme=scheme)
        shared.page.mouse.move(0, 0)  # what it points at would be another thing on the next page
        return shared.go(url, anew)

    shared.lists.append(faults)
    yield go
    shared.lists.append([])  # what it may still say belongs to no test


def _tab(context: BrowserContext, note: Callable[[str], object]) -> Page:
    """A new page whose faults are noted."""

    def heard(message: ConsoleMessage) -> None:
        # Streamlit itself asks for two files that are not there when a page is opened by a deep link.
        if message.type == "error" and "404" not in message.text:
            note(message.text)

    context.add_init_script(SCRIPT)
    page = context.new_page()
    TRAFFIC[page] = Traffic(page)
    page.on("console", heard)
    page.on("pageerror", lambda error: note(str(error)))
    page.on("request", lambda request: note(request.url) if _outside(request.url) else None)
    return page


def _go(page: Page, url: str) -> Page:
    """The page at this address, once its title is there."""
    page.goto(url)
    page.locator("h1").first.wait_for(state="attached", timeout=30_000)  # embedded, it is hidden
    return page


def _outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
