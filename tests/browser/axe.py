"""What axe-core finds on a page that stands in a person's way."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
RUN = """async (options) => (await axe.run({resultTypes: ['violations'], ...options})).violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(' ')}: ${node.failureSummary}`))"""


# All that another theme can change, of the rules that run by themselves.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def serious_violations(page: Page, only: dict | None = None) -> list[str]:
    """The violations of the serious and critical classes, each with its element; of all rules, or `only` of these."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=SOURCE)
    return page.evaluate(RUN, only or {})
