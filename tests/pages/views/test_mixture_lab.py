"""The mixture lab: what the link says, what the presets set, what is found, and what is taken from table and stage."""

from __future__ import annotations

import json
import re
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from kl_engine import Gaussian, families, fit, reverse_kl
from pages.ui.draw.fits.fits_stage import FitsStage
from pages.ui.draw.flow_grid import COARSE, basins_of, grid
from pages.ui.state import components, fields
from pages.ui.state.mixture import EXAMPLES, LIMITS, Mixture, P, Q
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab import charts
from pages.ui.views.mixture_lab import question as asked
from pages.ui.views.mixture_lab.question import Question
from pages.ui.views.mixture_lab.scene import answered
from pages.ui.views.mixture_lab.takeaway import stationary_table
from pages.ui.views.mixture_lab.words import meaning, points_table, starts
from tests.pages.opening import press, visit, words
from tests.pages.reading import says

open_page = partial(visit, "pages/mixture_lab.py")
DEFAULT = EXAMPLES["Two answers"][0]


def found(name: str, held: bool = False):
    """The scene of an example."""
    return answered(Question(*EXAMPLES[name], held))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_text_of_the_link_gives_back_its_target(name):
    target, start = EXAMPLES[name]
    assert P.read(P.text(target.rows)) == (target.rows, "")
    assert Q.read(Q.text((start.mean, start.std))) == ((start.mean, start.std), "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_preset_is_what_the_page_then_shows(name):
    app = open_page()
    press(app, name)
    assert not app.exception and app.session_state["question"] == Question(*EXAMPLES[name], held=False)
    assert app.query_params["p"] == P.text(EXAMPLES[name][0].rows)
    best = found(name).points[0]
    assert says(words(app), best.value.value, 1e-6) and "minimum, best" in words(app)


def test_undo_takes_back_the_last_change():
    app = open_page()
    press(app, "Comb")
    press(app, "Undo")
    assert app.session_state["p"] == DEFAULT.rows and not app.exception


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"p": "0.5,0,1;0.5,zwei,1"}, "the mean of component 2 must be -10000 to 10000"),
        ({"p": "0.5,0"}, "component 1 needs weight, mean, std"),
        ({"p": ";".join(["1,0,1"] * 13)}, "1 to 12 components"),
        ({"p": "1,0,0"}, "the std of component 1 must be 0.001 to 1000, and is 0"),
        ({"p": "-1,0,1"}, "the weight of component 1"),
        ({"p": "nan,0,1"}, "the weight of component 1"),
        ({"p": "1,inf,1"}, "the mean of component 1"),
        ({"p": "1" * 5000}, "longer than"),
        ({"q": "0"}, "the start of q needs mean, std"),
        ({"q": "<script>alert(1)</script>,1"}, "the mean of the start of q"),
    ],
)
def test_what_a_link_has_wrong_is_said_and_the_page_stands(query, reason):
    app = open_page(**query)
    assert not app.exception
    assert any(reason in warning.value for warning in app.warning)
    assert not any("<script" in element.value for element in [*app.markdown, *app.warning])


def test_a_link_is_taken_as_it_is():
    app = open_page(p="0.2,-3,1;0.8,3,0.5", q="-2,0.7", std_of_q="kept from its start")
    target = Mixture(((0.2, -3.0, 1.0), (0.8, 3.0, 0.5)))
    assert app.session_state["question"] == Question(target, Start(-2.0, 0.7), held=True)
    assert not app.warning and says(words(app), 0.7)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("held", [False, True])
def test_every_point_stands_in_the_table_with_its_own_numbers(name, held):
    target, start = EXAMPLES[name]
    lab = found(name, held)
    rows = points_table(lab, "nats", None).splitlines()[2:]
    assert len(rows) == len(lab.points) and lab.points.complete
    for row, point in zip(rows, lab.points):
        assert says(row, point.q.mean, 6e-5) and says(row, point.q.std, 6e-5)
        assert says(row, reverse_kl(target.p, point.q).value, 1e-6) and point.kind in row
    led = fit(target.p, "reverse", families.Gaussian(start.std if held else None), start.q)
    marked = [point for row, point in zip(rows, lab.points) if "your start" in row]
    assert len(marked) == 1 and marked[0].q.mean == pytest.approx(led.q.mean, abs=1e-5)


def test_the_sentences_follow_the_target():
    covering = " ".join(meaning(found("Two answers"), "nats"))
    assert "3 minima with 2 unstable points between them" in covering and "misses no component" in covering
    assert "Your start leads to N(2.386, 1.136²)" in covering and says(covering, 0.185401, 1e-6)
    far = answered(Question(Mixture(((0.5, -5.0, 1.0), (0.5, 5.0, 1.0))), Start(4.0, 1.0), held=False))
    locked = " ".join(meaning(far, "bits"))
    assert re.search(r"misses most of component [12] \(50\.00 % of p\)", locked) and "is equally good" in locked
    assert points_table(far, "nats", None).count("minimum, best") == 2
    assert points_table(found("Two answers"), "nats", None).count("minimum, best") == 1
    one = " ".join(meaning(answered(Question(Mixture(((1.0, 2.0, 3.0),)), Start(0.0, 1.0), held=False)), "nats"))
    assert "one minimum" in one and "unstable" not in one


def test_typed_rows_are_used_and_bad_ones_are_kept_and_named(monkeypatch):
    said = []
    typed = pd.DataFrame([[0.5, -2.5, 1.0], [0.5, 2.5, -1.0]], columns=list(LIMITS))
    fake = SimpleNamespace(
        session_state={"p": DEFAULT.rows}, column_config=SimpleNamespace(NumberColumn=lambda *a, **k: None),
        error=said.append,
    )  # fmt: skip
    fake.data_editor = lambda base, key, **options: fake.session_state.update({key: {}}) or typed
    monkeypatch.setattr(components, "st", fake)
    monkeypatch.setattr(fields, "st", fake)
    assert P.draw() == DEFAULT.rows and "the std of component 2" in said[0]
    version = fake.session_state["p_table_version"]
    typed.loc[1, "std"] = 2.0
    typed.loc[2] = [np.nan] * 3  # an empty row is one that is still to be filled
    assert P.draw() == fake.session_state["p"] == ((0.5, -2.5, 1.0), (0.5, 2.5, 2.0))
    P.draw()
    assert fake.session_state["p_table_version"] == version  # or the editor would forget what is being typed
    fake.session_state["p"] = EXAMPLES["Comb"][0].rows
    P.draw()
    assert fake.session_state["p_table_version"] == version + 1
    del fake.session_state[f"p_table_base_{version + 1}"]  # as when the person has been to another page
    P.draw()
    assert fake.session_state["p_table_version"] == version + 2


@pytest.mark.parametrize(
    "sent",
    [{"p": [], "q": [0, 1]}, {"p": [[1, 0, "x"]]}, {"p": [[1, 0, 1]], "q": [0, 1e9]}, {"p": 5}, {"q": None},
     {"integrands": 1}, {"present": True}, {"p": [[1, 0, float("nan")]]}],
)  # fmt: skip
def test_the_stage_is_not_believed_blindly(monkeypatch, sent):
    said = []
    monkeypatch.setattr(FitsStage, "taken", lambda stage: sent)
    monkeypatch.setattr(asked.st, "warning", said.append)
    monkeypatch.setattr(asked.session, "put", lambda values: pytest.fail("taken"))
    asked.take()
    assert len(said) == 1


def test_what_the_stage_sends_is_set(monkeypatch):
    put = {}
    sent = {"p": [[0.4, 1, 2], [0.6, -1, 0.5]], "q": [3, 1], "integrands": True}
    monkeypatch.setattr(FitsStage, "taken", lambda stage: sent)
    monkeypatch.setattr(asked.session, "put", put.update)
    asked.take()
    assert put == {"p": ((0.4, 1.0, 2.0), (0.6, -1.0, 0.5)), "q": (3.0, 1.0), "integrands": True}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("held", [False, True])
def test_the_stage_is_told_what_the_page_says(name, held):
    lab = found(name, held)
    told = json.loads(json.dumps(charts.answer_of(lab)))
    minima = [point for point in lab.points if point.kind == "minimum"]
    assert told["token"] == repr(lab.question)
    assert told["reverse"] == [lab.reverse.q.mean, lab.reverse.q.std, lab.reverse.reverse.value]
    assert told["forward"] == [lab.forward.q.mean, lab.forward.q.std, lab.forward.forward.value]
    assert [told["reverse"], *told["others"]] == [[x.q.mean, x.q.std, x.value.value] for x in minima]
    assert len(told["unstable"]) == len(lab.points) - len(minima)
    assert told["led"] == [lab.led.q.mean, lab.led.q.std]


def test_weights_count_by_their_ratios():
    assert Mixture(((1.0, 0.0, 1.0), (3.0, 1.0, 1.0))).p.weights.tolist() == [0.25, 0.75]
    assert P.checked([["1", "-0", "2"]]) == ((1.0, 0.0, 2.0),)


def test_what_is_taken_away_repeats_the_page(capsys):
    lab = found("Unequal", held=True)
    exec(lab.question.to_python(), {})  # the code that the page offers
    printed = capsys.readouterr().out
    assert printed.count("Gaussian(") == len(lab.points) + 2 and repr(lab.points[0].q) in printed
    assert len(stationary_table(lab)) == len(lab.points)


def test_the_shares_of_the_starts_are_shown_and_said_of_what():
    text = words(open_page(p="0.5,-2.5,1;0.5,2.5,1", q="2,1"))
    rows = [line for line in text.splitlines() if "minimum" in line and line.startswith("|")]
    shares = [int(re.search(r"(\d+) %", row).group(1)) for row in rows]
    assert len(shares) == 3 and shares[0] > 50 and shares[1] == shares[2] and abs(sum(shares) - 100) <= 1


@pytest.mark.parametrize("held", [None, 0.7])
def test_a_share_counts_the_starts_that_end_there(held):
    basins = basins_of(DEFAULT.p, held, COARSE, lambda share: None)
    assert basins.index.shape == ((1, 121) if held else (31, 41))
    means, stds = grid(DEFAULT.p, [point.q for point in basins.points])
    for i, j in ((0, 3), (-1, 30)):
        start = Gaussian(means[j if held else COARSE * j], held or stds[::COARSE][i])
        end = fit(DEFAULT.p, "reverse", families.Gaussian(held), start).q
        q = basins.points[basins.index[i, j]].q
        assert (q.mean, q.std) == pytest.approx((end.mean, end.std), abs=1e-6)
    assert ("121 starts" if held else "1,271 starts") in starts(basins, "nats")
    assert ("with the std held" in starts(basins, "nats")) == bool(held)
