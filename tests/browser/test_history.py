"""The browser's history: one entry a page, and Back restores the page as it was left, address and controls alike."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.stage import rest, until

APART, WIDTH = "Separation of the modes", "Width of the left peak of p"  # of the stage of the home page


def query(page: Page) -> dict[str, str]:
    """What the address says."""
    return {key: texts[0] for key, texts in parse_qs(urlsplit(page.url).query).items()}


def slider(page: Page, label: str):
    """A slider by its label."""
    return page.get_by_role("slider", name=label)


def test_what_is_set_on_a_page_makes_no_entry_of_its_own(visit, address):
    page = visit(address)
    length = page.evaluate("history.length")
    rest(page)
    expect(page).to_have_url(re.compile("separation=8&"))
    for name, separation in (("Near modes: covers", "4"), ("Far modes: locks", "8"), ("Unequal", "6")):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page).to_have_url(re.compile(f"separation={separation}&"))
    slider(page, APART).press("ArrowRight")
    expect(page).to_have_url(re.compile("separation=6.05&"))
    page.get_by_text("bits", exact=True).click()
    expect(page).to_have_url(re.compile("units=bits"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile("separation=6&"))
    assert page.evaluate("history.length") == length


def test_a_page_that_opens_says_nothing_to_the_server_that_could_be_late(visit, address):
    """What is said of a page that is just being left, the server takes for the next one's: all of the app was white."""
    for name in ("", "glossary", "landscape", "?embed=true"):
        page = visit(f"{address}/{name}")
        rest(page)
        assert page.evaluate("runs.sent") == 1, name  # that it is opened
    assert query(page)["embed"] == "true" and query(page)["separation"] == "8"
    page = visit(f"{address}/glossary")
    page.get_by_role("link", name="One target, two best fits").click()  # before its script is there, or just then
    expect(page.get_by_role("heading", level=1)).to_have_text("One target, two best fits")
    rest(page)
    expect(page).to_have_url(re.compile("separation=8&"))


def test_back_restores_the_page_as_it_was_left(visit, address):
    page = visit(f"{address}/?separation=7.25&weight=0.3")
    slider(page, WIDTH).press("ArrowLeft")  # its left end goes outwards
    expect(page).to_have_url(re.compile("left=1.05&"))
    left = query(page)
    page.get_by_role("link", name="Stationarity").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stationarity")
    expect(page).to_have_url(re.compile("stationarity.*separation=7.25"), timeout=30_000)  # the page stands
    rest(page)  # a key that comes while a page is being opened may be lost
    slider(page, "Mode separation").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("separation=7.2(&|$)"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("One target, two best fits")
    expect(slider(page, APART)).to_have_value("7.25")
    expect(slider(page, WIDTH)).to_have_attribute("aria-valuetext", "std 1.05")
    assert query(page) == left
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stationarity")
    expect(slider(page, "Mode separation").first).to_have_value("7.2")
    page.go_back()
    expect(slider(page, WIDTH)).to_have_attribute("aria-valuetext", "std 1.05")
    page.go_back()
    assert page.url == "about:blank"


class Line:
    """What the server says to a page, which can be kept from it for a while, as on a slow line."""

    def __init__(self, page: Page) -> None:
        self.held: list[bytes] | None = None
        self.page: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._join)

    def _join(self, page: WebSocketRoute) -> None:
        self.page = page
        page.connect_to_server().on_message(self._hear)

    def _hear(self, said: bytes) -> None:
        if self.held is None:
            self.page.send(said)
        else:
            self.held.append(said)

    def hold(self) -> None:
        """Keep what comes."""
        self.held = []

    def has_kept_a_run(self) -> bool:
        """Whether the server has come to the end of a run."""
        return any(ForwardMsg.FromString(said).WhichOneof("type") == "script_finished" for said in self.held)

    def release(self) -> None:
        """Say all that was kept, in its order."""
        while self.held:
            self.page.send(self.held.pop(0))
        self.held = None


def test_back_and_forward_stand_whatever_the_page_before_still_says(visit, address):
    page = visit(f"{address}/?separation=7.25&weight=0.3")
    rest(page)
    left = query(page)
    line = Line(page)
    page.reload()
    rest(page)
    page.get_by_role("link", name="Stationarity").click()
    expect(page).to_have_url(re.compile("stationarity.*separation=7.25"), timeout=30_000)
    rest(page)
    there = query(page)
    title, entries = page.get_by_role("heading", level=1), page.evaluate("history.length")
    steps = (page.go_back, "Mode separation", "One target", left), (page.go_forward, APART, "Stationarity", there)
    for go, label, name, address_there in steps:
        slider(page, label).first.focus()
        line.hold()
        page.keyboard.press("ArrowLeft")
        assert until(page, line.has_kept_a_run)  # of the page that is being left
        path = urlsplit(page.url).path
        go()
        line.release()
        rest(page)
        expect(title).to_have_text(re.compile(name))
        assert urlsplit(page.url).path != path
        assert query(page) == address_there
        assert page.evaluate("history.length") == entries
    page.go_back()
    expect(title).to_have_text(re.compile("One target"))
