"""Every page opened from the sidebar, beside a page of a bare multipage app, in one run.

    python -m tests.bench.opening [times] [page …]

Kept: the page has been opened before, by somebody else. Fresh: on a server of which nothing but its glossary has been
opened. The time is from the click in the sidebar to the frame in which the page shows its title and its first picture;
where a page has no picture, to its first formula or code.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pages.ui.frame.shell import PAGES
from tests.bench.app import BARE
from tests.bench.table import Row, show
from tests.serving import CHROMIUM_FLAGS, chromium, serve

FROM = "Glossary"  # it has no picture that could be taken for that of the next page
BARE_TITLE = "Chart"
BARE_FIRST = 'import streamlit as st\nst.title("Glossary")\n'
# Whatever draws: Vega's marks, what a stage draws, and where there is neither, formulas and code.
SEEN = """(() => {
  const pictures = '[data-testid=stVegaLiteChart] svg.marks path, [data-picture] path, .claim .picture :is(path, rect)';
  const texts = '[data-testid=stMain] :is(.katex-display, [data-testid=stCode], [data-testid=stDataFrame])';
  const roots = () => [document, ...[...document.querySelectorAll('[data-testid=stMain] *')]
    .map((part) => part.shadowRoot).filter(Boolean)];
  const drawn = (selector) => roots().some((root) => [...root.querySelectorAll(selector)]
    .some((part) => !part.closest('[data-stale=true]') && part.getBoundingClientRect().width > 0));
  window.seen = (title, alone) => document.querySelector('h1')?.textContent === title
    && (alone || drawn(pictures) || (!window.pictured && drawn(texts)));
  window.time = (title, pictured) => {
    const links = [...document.querySelectorAll('[data-testid=stSidebar] a')];
    const link = links.find((each) => each.textContent.trim() === title);
    window.pictured = pictured;
    window.took = undefined;
    const clicked = performance.now();
    const look = () => {
      if (window.seen(title, false)) window.took = performance.now() - clicked;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    link.click();
  };
})()"""
TEXTS = ("Glossary", "API", "Explore a formula", "Check my formula")  # pages that show no picture


@contextmanager
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh browser's tab at the page that all openings start from."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(SEEN)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("title => seen(title, true)", arg=FROM, timeout=60_000)
    rested(page)
    yield page
    context.close()


def rested(page: Page) -> None:
    """Wait until no script runs: what an earlier page still does is no part of the next opening."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
        timeout=120_000,
    )
    page.wait_for_timeout(300)


def opening(page: Page, title: str) -> float:
    """Milliseconds from the click on the title in the sidebar to the first picture of the page."""
    page.locator("[data-testid=stSidebar] a").get_by_text(title, exact=True).wait_for(timeout=60_000)
    page.evaluate("([title, pictured]) => time(title, pictured)", [title, title not in TEXTS])
    page.wait_for_function("window.took", timeout=120_000)
    return page.evaluate("window.took")


def back(page: Page) -> None:
    """To the page that all openings start from."""
    rested(page)
    page.evaluate(
        "title => [...document.querySelectorAll('[data-testid=stSidebar] a')]"
        ".find((each) => each.textContent.trim() === title).click()",
        FROM,
    )
    page.wait_for_function("title => seen(title, true)", arg=FROM, timeout=60_000)
    rested(page)


def fresh(browser: Browser, script: Path | None, title: str) -> float:
    """The first opening of a page on a server that has just started."""
    with (
        serve(script) if script else serve() as address,
        tab(browser, f"{address}/{'' if script else 'glossary'}") as page,
    ):
        return opening(page, title)


def kept(browser: Browser, script: Path, titles: list[str], times: int) -> dict[str, list[float]]:
    """Openings of pages that have been opened before, each beside one of the bare page."""
    found: dict[str, list[float]] = {title: [] for title in [BARE_TITLE, *titles]}
    with serve() as ours, serve(script) as bare, tab(browser, bare) as there, tab(browser, f"{ours}/glossary") as here:
        for title in titles:
            opening(here, title)
            back(here)
            for _ in range(times):
                for page, name in ((there, BARE_TITLE), (here, title)):
                    found[name].append(opening(page, name))
                    back(page)
    return found


def main() -> None:
    """Print the table."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are kept, as they are for everybody
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    titles = [page.title for page in PAGES if page.title != FROM and (not sys.argv[2:] or page.title in sys.argv[2:])]
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / f"{FROM}.py"
        (Path(folder) / "pages").mkdir()
        script.write_text(BARE_FIRST, "utf-8")
        (Path(folder) / "pages" / f"{BARE_TITLE}.py").write_text(
            BARE.replace("d = st.slider", f'st.title("{BARE_TITLE}")\nd = st.slider'), "utf-8"
        )
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        found = kept(browser, script, titles, times)
        usual = statistics.median(found[BARE_TITLE])
        for title in titles:
            took = statistics.median(found[title])
            rows.append(Row(f"{title}: kept / bare", took / usual, (0, 1.3), f"{took:.0f} ms / {usual:.0f} ms"))
        first = statistics.median(fresh(browser, script, BARE_TITLE) for _ in range(5))
        for title in titles:
            took = statistics.median(fresh(browser, None, title) for _ in range(1 if times < 5 else 3))
            rows.append(Row(f"{title}: fresh / bare", took / first, (0, 3), f"{took:.0f} ms / {first:.0f} ms"))
        browser.close()
    show(f"Pages opened from the sidebar, beside a bare multipage app ({times} times, medians)", rows)


if __name__ == "__main__":
    main()
