"""What axe-core finds on each page, light and dark: nothing that is serious or critical."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from pages.ui.shell import PAGES
from tests.browser.stage import IDLE

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
RUN = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')}: ${node.failureSummary}`))"""


def address_of(script: str) -> str:
    """The path of a page in the app's address."""
    return "" if script == "app.py" else Path(script).stem


def settle(page: Page) -> None:
    """Wait until the script has run and the page is drawn."""
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


@pytest.mark.parametrize("script", [page.script for page in PAGES])
def test_nothing_serious_stands_in_the_way(visit, address, script):
    page = visit(f"{address}/{address_of(script)}", color_scheme="light")
    page.add_script_tag(content=AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        assert page.evaluate(RUN) == [], scheme
