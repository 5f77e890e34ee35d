"""The thread through the pages: every page has a next one, all are on the way, and p comes along."""

from __future__ import annotations

from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.ui.frame.shell import PAGES
from pages.ui.frame.thread import BY_COMPONENTS, BY_SLIDERS, NEXT, TITLES, doors
from pages.ui.state.law import EXAMPLES
from pages.ui.state.mixture import Mixture
from pages.ui.state.two_modes import Target
from pages.ui.views.any_two import scene as any_two
from tests.pages.opening import visit

UNEQUAL = Target(6.35, 0.7, 0.6, 1.4)


def test_the_thread_runs_through_all_pages_and_back():
    page, seen = "app.py", []
    while page not in seen:
        seen.append(page)
        page = NEXT[page][1]
    assert page == "app.py" and set(seen) == {each.script for each in PAGES}
    assert all(question.endswith("?") for question, _ in NEXT.values())


@pytest.mark.parametrize("script", ["app.py", "pages/code_lengths.py", "pages/glossary.py"])
def test_a_page_ends_with_the_question_that_comes_next(script):
    app = visit(script, units="bits")
    question, onward = NEXT[script]
    (link,) = [link.proto for link in app.main.get("page_link") if question in link.proto.label]
    assert TITLES[onward] in link.label and link.query_string == "units=bits"


@pytest.mark.parametrize("script", ["app.py", "pages/alpha_dial.py"])
def test_the_same_p_opens_on_every_page_that_is_named(script):
    app = visit(script, separation=6.35, weight=0.7, right=0.6, left=1.4)
    links = {link.proto.label: dict(parse_qsl(link.proto.query_string)) for link in app.main.get("page_link")}
    x = np.linspace(-12, 12, 41)
    for other, query in doors(script, UNEQUAL).items():
        assert links[TITLES[other]] == query
        opened = visit(other, **query)
        assert not opened.exception and not opened.warning
        question = opened.session_state["question"]
        p = question.target.p if hasattr(question, "target") else any_two.answered(question).p
        assert p.log_pdf(x) == pytest.approx(UNEQUAL.p.log_pdf(x), rel=1e-12)


def linked(app) -> dict[str, dict[str, str]]:
    """The links of a page by their labels, and what their addresses say."""
    return {link.proto.label: dict(parse_qsl(link.proto.query_string)) for link in app.main.get("page_link")}


def test_one_family_goes_from_page_to_page_and_back():
    pair = linked(visit("pages/mixture_lab.py", p_is="family", law="gumbel_r(0, 1)"))["Any two"]
    assert pair == {"first": "gumbel_r(0, 1)", "second": "norm(0.5, 1)"}
    both = visit("pages/any_two.py", **pair)
    assert not both.exception and both.session_state["question"].second == "norm(0.5, 1)"
    back = visit("pages/mixture_lab.py", **linked(both)["Mixture lab"])
    assert not back.exception and back.session_state["question"].target.text == "gumbel_r(0, 1)"


@pytest.mark.parametrize(
    ("first", "goes"),
    [
        ("0.5*norm(-2, 1) + 0.5*norm(2, 1)", {"p": "0.5,-2,1;0.5,2,1", "q": "2,1"}),
        ("norm(5, 3)", {"p_is": "family", "law": "norm(5, 3)"}),
        ("poisson(3)", None),
        ("t(3, 0, 1e9)", None),
        ("no distribution", None),
    ],
)
def test_p_goes_on_from_any_two_where_the_lab_can_show_it(first, goes):
    assert linked(visit("pages/any_two.py", first=first)).get("Mixture lab") == goes


def test_the_first_page_opens_one_mode_in_the_lab():
    links = {label: query for label, query in linked(visit("app.py")).items() if "law" in query}
    assert {label: query["law"] for label, query in links.items()} == EXAMPLES


@pytest.mark.parametrize(
    ("rows", "sliders"),
    [
        (((0.5, -2.5, 1.0), (0.5, 2.5, 1.0)), {"separation": "5", "weight": "0.5", "right": "1", "left": "1"}),
        (((3.0, 3.0, 0.6), (1.0, -3.0, 1.4)), {"separation": "6", "weight": "0.75", "right": "0.6", "left": "1.4"}),
        (((0.3, -3.0, 1.4), (0.7, 2.0, 0.6)), None),  # its middle is not at 0
        (((0.5, -9.0, 1.0), (0.5, 9.0, 1.0)), None),  # further apart than the slider goes
        (((1.0, 0.0, 1.0),), None),
        (((0.3, -5.0, 0.7), (0.3, 0.0, 1.0), (0.4, 5.0, 0.5)), None),
    ],
)
def test_a_mixture_goes_to_the_pages_of_sliders_where_these_can_say_it(rows, sliders):
    found = doors("pages/mixture_lab.py", Mixture(rows))
    assert {found.get(script) and tuple(found[script].items()) for script in BY_SLIDERS} == {
        sliders and tuple(sliders.items())
    }
    assert {"pages/landscape.py", "pages/any_two.py"} <= set(found)


def test_no_page_points_to_itself():
    for target in (UNEQUAL, Mixture(((0.5, -2.5, 1.0), (0.5, 2.5, 1.0)))):
        for script in (*BY_SLIDERS, *BY_COMPONENTS):
            assert script not in doors(script, target)
