"""What the stage of the home page is told, against the engine: for a target that no reflection leaves as it is."""

from __future__ import annotations

import json

import pytest

from kl_engine import Gaussian, GaussianMixture, forward_kl, reverse_kl
from pages.ui.draw.fits.fits_stage import FitsStage
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home import charts
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import FRAMES, SWEEP_END, answered
from tests.pages.opening import visit

SETTING, START = Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)
ROWS = (0, 17, 90, FRAMES - 1)
DIVERGENCES = {"forward": forward_kl, "reverse": reverse_kl}
TOKEN = "of this state"


def target_at(separation: float) -> GaussianMixture:
    """The target of the setting, written out."""
    return GaussianMixture([0.7, 0.3], [separation / 2, -separation / 2], [0.6, 1.4])


@pytest.fixture(scope="module")
def scenes():
    """The scene in which both fits move, and that in which the separation does."""
    return {sweeping: answered(Question(SETTING, None if sweeping else START)) for sweeping in (False, True)}


@pytest.fixture(scope="module")
def answers(scenes):
    """What the stage is told of both."""
    return {sweeping: charts.answer_of(scene, TOKEN) for sweeping, scene in scenes.items()}


@pytest.mark.parametrize("sweeping", [False, True])
def test_each_frame_has_both_fits_and_what_they_cost(answers, sweeping):
    path = answers[sweeping]["path"]
    for i in ROWS:
        p = target_at(SWEEP_END * i / (FRAMES - 1) if sweeping else 6.0)
        for name, divergence in DIVERGENCES.items():
            mean, std, value = path[name][i]
            assert value == pytest.approx(divergence(p, Gaussian(mean, std)).value, rel=1e-9, abs=1e-12)
    assert len(path["forward"]) == len(path["reverse"]) == FRAMES


@pytest.mark.parametrize("sweeping", [False, True])
def test_at_rest_the_frame_is_the_fits(scenes, answers, sweeping):
    answer, scene = answers[sweeping], scenes[sweeping]
    for name, scored in (("forward", scene.forward), ("reverse", scene.reverse)):
        row = answer["path"][name][answer["path"]["rest"]]
        value = getattr(scored, name).value
        assert row == pytest.approx([scored.q.mean, scored.q.std, value], rel=1e-9)
        assert answer[name] == [scored.q.mean, scored.q.std, value]
    assert answer["token"] == TOKEN


def test_the_motion_begins_at_the_start(answers):
    path = answers[False]["path"]
    assert path["forward"][0][:2] == path["reverse"][0][:2] == [START.mean, START.std]


def test_the_other_minima_are_those_of_the_engine(scenes, answers):
    others = answers[False]["others"]
    known = [[found.q.mean, found.q.std, found.value.value] for found in scenes[False].optima]
    assert len(others) == len(known) - 1 and all(other in known for other in others)
    assert answers[False]["reverse"][:2] not in [other[:2] for other in others]


def test_an_answer_can_be_sent(answers):
    assert json.loads(json.dumps(answers[True])) == answers[True]


@pytest.mark.parametrize(
    ("changed", "set_"),
    [
        ({"separation": 7.48}, {"separation": 7.5}),
        ({"weight": 0.61, "left": 2.0}, {"weight": 0.61, "left": 2.0}),
        ({"separation": 1e9, "std": -3}, {"separation": 10.0, "std": 0.2}),
        ({"motion": "sweep"}, {"motion": "sweep"}),
        ({"integrands": True}, {"integrands": True}),
    ],
)
def test_what_the_stage_sends_is_set_within_the_limits(monkeypatch, changed, set_):
    put = {}
    monkeypatch.setattr(FitsStage, "taken", lambda stage: changed)
    monkeypatch.setattr("pages.ui.views.home.question.session.put", put.update)
    from pages.ui.views.home.question import take

    take()
    assert put == pytest.approx(set_) if all(isinstance(v, float) for v in set_.values()) else put == set_


@pytest.mark.parametrize(
    "changed",
    [
        {"separation": "x"},
        {"separation": float("nan")},
        {"separation": None},
        {"units": "bits"},
        {"motion": "<b>"},
        {"motion": 3},
        {"integrands": 1},
        {"integrands": "true"},
        {"__class__": 1},
    ],
)
def test_what_cannot_be_set_is_refused_whole(monkeypatch, changed):
    said, put = [], []
    monkeypatch.setattr(FitsStage, "taken", lambda stage: {"weight": 0.6, **changed})
    monkeypatch.setattr("pages.ui.views.home.question.session.put", put.append)
    monkeypatch.setattr("pages.ui.views.home.question.st.warning", said.append)
    from pages.ui.views.home.question import take

    take()
    assert put == [] and len(said) == 1


def test_the_stage_stands_with_all_that_is_set_and_its_limits():
    app = visit("app.py", separation=6, weight=0.7, right=0.6, left=1.4, mean=-1, std=2, units="bits")
    (told,) = [json.loads(part.proto.json) for part in app.get("bidi_component") if '"limits"' in part.proto.json]
    assert told["state"] == {"separation": 6, "weight": 0.7, "right": 0.6, "left": 1.4, "mean": -1, "std": 2}
    assert told["limits"]["separation"] == [0, 10, 0.05] and told["units"] == "bits"
    assert not told["opening"] and told["token"]
