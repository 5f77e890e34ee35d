"""Plans of several steps on their page: the run that is played, what is said of it, and both sums of gains."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from pages.ui.views.plan_ahead import charts, takeaway, words
from pages.ui.views.plan_ahead.question import NONE, asked
from pages.ui.views.plan_ahead.scene import answered
from pages.ui.views.plan_ahead.tables import GRID, MAZE, WORLDS
from tests.pages.opening import visit
from tests.pages.opening import words as said

open_page = partial(visit, "pages/plan_ahead.py")
SET = {"horizon": "2", "precision": 4.0, "habit": NONE, "strength": 10.0, "sample": 1.0}
OWN = {MAZE: {"truth": "right", "cue": 1.0}, GRID: {"slip": 0.1, "blur": 0.1}}


def scene_of(world: str, **changed):
    return answered(asked(world, SET | OWN[world] | changed))


def test_the_t_maze_is_solved_cue_first_then_the_arm():
    text = said(open_page())
    assert "It goes cue, right, right: **the reward is found at turn 2**." in text
    assert "Of 16 plans “cue, cue” is likeliest: G = 8.87 nats." in text
    assert "It goes cue, left, left" in said(open_page(truth="left"))


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("horizon", ["1", "2", "3"])
def test_both_splits_of_g_add_up_in_every_row(world, horizon):
    scene = scene_of(world, horizon=horizon)
    for table in (words.turn_table(scene, "nats"), words.plan_table(scene, "bits"), words.step_table(scene, "nats")):
        G, risk, ambiguity, cost, gain, added = (
            np.array([float(text.replace("−", "-")) for text in table[name]])
            for name in ("G", "risk", "ambiguity", "−utility", "information gain", "gains one by one")
        )
        assert risk + ambiguity == pytest.approx(G, abs=3e-6) and cost - gain == pytest.approx(G, abs=3e-6)
        assert (added >= gain - 2e-6).all()
    assert sum(plan.policy.probability for plan in scene.plans) == pytest.approx(1)


@pytest.mark.parametrize("world", WORLDS)
def test_every_frame_has_its_places_its_plan_and_its_next_step(world):
    scene = scene_of(world)
    picture, bars = charts.pictures(scene)
    count = len(scene.turns)
    assert len(picture.data["path"]) == count + 1
    shares = picture.data["places"].groupby("frame")["depth"].sum() / charts.DEEPEST
    assert shares.to_numpy() == pytest.approx([1] * (count + 1))
    taken = bars.data["steps"].query("taken")
    assert taken["frame"].tolist() == list(range(count))
    assert bars.data["steps"].groupby("frame")["probability"].sum().to_numpy() == pytest.approx([1] * count)
    first = picture.data["plan"].query("frame == 0")
    assert len(first) == scene.question.horizon + 1
    assert tuple(first[["row", "column"]].iloc[0]) == scene.question.drawn.places[scene.question.drawn.start]


def test_where_two_modalities_tell_the_same_the_page_says_which_sum_is_exact():
    apart = " ".join(words.meaning(scene_of(GRID, horizon="4", blur=0.3), "nats"))
    assert (
        "which is exact. Added one modality at a time, as pymdp does, it comes out at 2.531827 nats: 0.514426" in apart
    )
    alike = " ".join(words.meaning(scene_of(MAZE), "nats"))
    assert "it is the same here" in alike and "too much" not in alike


def test_a_habit_that_changes_the_first_step_is_said_to():
    scene = scene_of(MAZE, habit="centre", strength=100.0)
    assert scene.turns[0].action == 0
    assert "changes the first step: the plan of least G begins with cue" in " ".join(words.meaning(scene, "nats"))
    assert "does not change the first step" in " ".join(words.meaning(scene_of(MAZE, habit="cue"), "nats"))


def test_a_cue_that_says_nothing_is_not_worth_a_step():
    scene = scene_of(MAZE, cue=0.5)
    assert scene.turns[0].action != 3


def test_controls_come_and_go_with_the_world_and_the_habit():
    app = open_page().button_group(key="world").set_value(GRID).run()
    assert app.session_state["horizon"] == "3"
    keys = {element.key for element in (*app.slider, *app.number_input)}
    assert {"slip", "blur"} <= keys and "cue" not in keys and "strength" not in keys
    assert "the goal is found" in said(app)
    assert "strength" in {element.key for element in open_page(habit="cue").slider}


def test_the_table_that_is_saved_has_every_plan():
    scene = scene_of(GRID, horizon="3")
    assert len(takeaway.plans_table(scene)) == 125
    assert takeaway.tables(scene)["turns"]()["step"].iloc[0] == scene.question.drawn.actions[scene.turns[0].action]
    assert words.account(scene).count("\n") == len(scene.turns) - 1


@pytest.mark.parametrize(
    "query", [{"world": "x"}, {"habit": "up"}, {"horizon": "9"}, {"precision": "nan"}, {"truth": "<b>"}]
)
def test_no_text_in_the_address_stops_the_page(query):
    assert not open_page(**query).exception
