"""The server killed and started again while pages are open: each comes back by itself, with what was set on it."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack

from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import SCRIPT, TRAFFIC, Traffic, rest
from tests.serving import serve

TABLE = "symbols=x~1/2~1/8~1/3_y~1/4~3/4~1/3_z~1/4~1/8~1/3"
CARDS = ".kl-card"
# What is open, and what its numbers must still be after the restart.
OPENED = {
    "?separation=7.25&weight=0.3&left=1.5&mean=-1&std=2": CARDS,
    "mixture_lab?p=1,-4,1;3,2.5,0.5;2,6,1&q=1,2": CARDS,
    f"code_lengths?{TABLE}&sample=7.0&third=true": "[data-testid=stCaptionContainer]",
}
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
AWAY = "[data-testid=stApp]:not([data-test-connection-state=CONNECTED])"


def units(page: Page, name: str) -> None:
    """Take these units: a run of the whole page on the server."""
    page.get_by_text(name, exact=True).first.click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    page.locator(f"{CONNECTED}[data-test-script-state=notRunning]").wait_for(timeout=40_000)


def opened(stack: ExitStack, browser: Browser, server: str) -> dict[str, Page]:
    """All the pages, each in a browser of its own, and something set on two of them after they were opened."""
    pages = {}
    for query in OPENED:
        context = stack.enter_context(browser.new_context())
        context.add_init_script(SCRIPT)
        page = pages[query] = context.new_page()
        TRAFFIC[page] = Traffic(page)
        page.goto(f"{server}/{query}")
        page.locator("h1").first.wait_for(timeout=30_000)
        rest(page)
    home, lab, _ = pages.values()
    home.get_by_role("slider", name="Separation of the modes").press("ArrowRight")
    expect(home.locator(CARDS).first).to_contain_text("N(−1.46, ", timeout=30_000)
    lab.get_by_text("held at its start value").click()
    expect(lab.locator(CARDS).first).to_contain_text(", 2²)", timeout=30_000)
    return pages


def test_every_page_comes_back_with_the_state_of_its_address(browser):
    with ExitStack() as stack:
        server = stack.enter_context(serve())
        pages = opened(stack, browser, server)
        for page in pages.values():
            rest(page)
        before = {query: (page.url, page.locator(OPENED[query]).all_text_contents()) for query, page in pages.items()}
        os.kill(server.pid, signal.SIGKILL)
        for page in pages.values():
            page.locator(AWAY).wait_for(timeout=20_000)
        stack.enter_context(serve(port=int(server.rpartition(":")[2])))
        for page in pages.values():
            page.locator(CONNECTED).wait_for(timeout=40_000)
            # The first press only starts the new session: before its first run it knows no callback of any control.
            page.get_by_text("bits", exact=True).first.click()
            rest(page)
        for query, page in pages.items():
            units(page, "bits")  # the numbers in between are other ones: what comes back is not what was left standing
            expect(page.locator(OPENED[query]).last).to_contain_text("bits", timeout=30_000)
            units(page, "nats")
            address, texts = before[query]
            expect(page.locator(OPENED[query])).to_have_text(texts, timeout=30_000)
            expect(page).to_have_url(address)
            assert page.locator("[data-testid=stAlert], [data-testid=stException]").count() == 0
