"""What is 0 but for rounding is shown as 0: no example of a page shows a mean of 8.9e-16 where symmetry makes it 0."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.frame.shell import PAGES
from pages.ui.state import pills
from pages.ui.views.any_two import words
from pages.ui.views.any_two.question import Question
from pages.ui.views.any_two.scene import answered
from tests.pages.opening import press, visit
from tests.pages.opening import words as texts
from tests.sweeps import part

TINY = re.compile(r"(?<![\w.])[-−]?\d(?:\.\d+)?e[-−](?:0[9]|[1-9]\d)")
# What so small a number may be: an error, a residual, a number that another program puts in place of 0.
MEANT = re.compile(r"(?:± ?|residual, at 50 digits, is |of |0: )$")
ABOUT_ERRORS = {"pages/measured.py", "pages/api.py"}
WITH_EXAMPLES = [page.script for page in PAGES if page.script not in ABOUT_ERRORS]
SYMMETRIC = ("norm(-{0}, {1}) + norm({0}, {1})", "norm(0, {1}) + norm(-{0}, {1}) + norm({0}, {1})")


def examples(script: str) -> list[str | None]:
    """The presets of a page by name; None for a page that has none."""
    rows = [row.options for row in visit(script).button_group if row.key == pills.KEY]
    return list(rows[0]) if rows else [None]


def rounding(app: AppTest) -> list[str]:
    """The numbers shown in texts and tables that are nothing but rounding, with what stands before them."""
    text = texts(app)
    found = [text[max(0, m.start() - 30) : m.end()] for m in TINY.finditer(text) if not MEANT.search(text[: m.start()])]
    cells = (cell for table in app.dataframe for cell in table.value.to_numpy().ravel())
    return found + [f"{cell}" for cell in cells if isinstance(cell, float) and 0 < abs(cell) < 1e-12]


@pytest.mark.parametrize("script", part(WITH_EXAMPLES, 4))
def test_no_example_of_a_page_shows_rounding(script):
    for name in part(examples(script), 2):
        assert not rounding(visit(script) if name is None else press(visit(script), name)), name


@pytest.mark.parametrize("form", SYMMETRIC)
@pytest.mark.parametrize("apart, std", [(2.3, 1.1), (0.7, 0.9), (1.9, 1.7), (23, 11)])
def test_the_fits_of_a_symmetric_target_lie_at_0(form, apart, std):
    weight = 1 / (form.count("+") + 1)
    text = " + ".join(f"{weight!r}*{part}" for part in form.format(apart, std).split(" + "))
    for each in answered(Question(text, "norm(0, 1)")).fits:
        if abs(each.q.mean) < 0.01 * std:  # of several minima the best may be one at a side
            assert "mean 0, std" in words.fitted(each, "nats")
    assert not TINY.search(words.fits_compared(answered(Question(text, "norm(0, 1)"))))
