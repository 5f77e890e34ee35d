"""The key: one stroke a role, in HTML and in Markdown, each with a style of its own."""

import pytest

from pages.ui.draw.theme import STYLE
from pages.ui.say import key


@pytest.mark.parametrize("role", key.ROLES)
def test_a_role_has_one_stroke_in_html_and_in_markdown(role):
    assert f"kl-stroke {role}" in key.stroke(role) and f".kl-stroke.{role}" in STYLE
    colour, pattern = key.WRITTEN[role]
    assert key.written(role, "the fit") == f":{colour}[{pattern} **the fit**]"


def test_every_pattern_that_is_written_is_drawn_and_no_two_are_alike():
    patterns = (key.SOLID, key.DASHED, key.DOTTED, key.DASH_DOT, key.THIN)
    assert len(set(patterns)) == 5 and all(each.startswith("~~") and each.endswith("~~") for each in patterns)
    for held in ("strong", "em", "em > strong", "code"):
        assert f"del:has(> {held})" in STYLE


@pytest.mark.parametrize("make", [key.stroke, lambda role: key.written(role, "q")])
def test_no_other_role_has_a_stroke(make):
    with pytest.raises(ValueError, match="role"):
        make("q")
