"""The landscape view: maps against the engine, the flow of a start, what a click is taken for."""

from __future__ import annotations

import base64
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from kl_engine import Direction, Gaussian, forward_kl, reverse_kl
from pages.ui.draw.flow_grid import COLUMNS, ROWS
from pages.ui.state.mixture import EXAMPLES, P
from pages.ui.state.two_modes import Start
from pages.ui.views.landscape import stage as maps
from pages.ui.views.landscape import words as wording
from pages.ui.views.landscape.question import Question
from pages.ui.views.landscape.scene import answered, relief_of
from pages.ui.views.landscape.takeaway import maps_table
from tests.pages.opening import visit, words
from tests.pages.reading import says

open_page = partial(visit, "pages/landscape.py")
UNEQUAL, DEFAULT = EXAMPLES["Unequal"][0], EXAMPLES["Two answers"][0]
RELIEF = relief_of(UNEQUAL)


@pytest.mark.parametrize(
    ("direction", "divergence"), [(Direction.FORWARD, forward_kl), (Direction.REVERSE, reverse_kl)]
)
def test_the_map_that_is_sent_holds_the_divergence_of_its_own_direction(direction, divergence):
    sent = maps._map(RELIEF, direction, answered(Question(*EXAMPLES["Unequal"])).flows[direction], "nats")
    values = np.frombuffer(base64.b64decode(sent["values"]), "<f4").reshape(ROWS, COLUMNS)
    p = UNEQUAL.p
    for i, j in ((0, 0), (20, 90), (60, 13), (ROWS - 1, COLUMNS - 1)):
        q = Gaussian(RELIEF.means[j], RELIEF.stds[i])
        assert values[i, j] == pytest.approx(divergence(p, q).value, rel=1e-6)
    assert sent["title"] == ("D(p‖q)" if direction is Direction.FORWARD else "D(q‖p)")
    assert all(values.min() < level < values.max() for level in sent["levels"])
    steps = np.diff(np.array(sent["levels"]) - RELIEF.values[direction].min(), prepend=0)
    assert np.allclose(steps[2:] / steps[1:-1], 2)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_point_and_every_component_is_on_the_map(name):
    target, _ = EXAMPLES[name]
    shown = relief_of(target)
    assert all(shown.holds(point.q) for points in shown.points.values() for point in points)
    assert shown.means[0] < target.p.means.min() and shown.means[-1] > target.p.means.max()


def test_the_page_says_where_the_flow_ends():
    text = words(open_page(p=P.text(DEFAULT.rows), q="0.1,2"))
    assert says(text, 0.48106185, 1e-6) and says(text, 0.31455816, 1e-6)
    assert "3 minima and 2 unstable points between them" in text and "every start leads there" in text
    aside = words(open_page(p=P.text(DEFAULT.rows), q="2,1"))
    assert says(aside, 0.66646299, 1e-6)


def test_units():
    assert says(words(open_page(p=P.text(DEFAULT.rows), q="0.1,2", units="bits")), 0.48106185 / np.log(2), 1e-6)
    assert "0.014, 0.029, 0.058 … bits" in wording.key("bits", False)


@pytest.mark.parametrize("sent", [None, [], [1], ["a", 1], [0, -1], [0, 1e9], {"mean": 0}])
def test_a_click_is_not_believed_blindly(monkeypatch, sent):
    said = []
    fake = SimpleNamespace(session_state={maps.KEY: SimpleNamespace(start=sent)}, warning=said.append)
    monkeypatch.setattr(maps, "st", fake)
    monkeypatch.setattr(maps.session, "put", lambda values: pytest.fail("taken"))
    maps._take()
    assert len(said) == 1


def test_what_is_taken_away_repeats_the_page(capsys):
    exec(Question(DEFAULT, Start(2.0, 1.0)).to_python(), {})  # the code that the page offers
    assert "2.386" in capsys.readouterr().out
    assert len(maps_table(RELIEF)) == ROWS * COLUMNS
