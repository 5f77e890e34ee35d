"""The transitions view: the table against the engine, the diagram's lines, what follows the controls."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from altair import Chart
from streamlit.testing.v1 import AppTest

from kl_engine import GaussianMixture, families
from kl_engine.optima import stationary_points, transitions
from pages.ui.state.two_modes import Target
from pages.ui.views.transitions import charts
from pages.ui.views.transitions import words as wording
from pages.ui.views.transitions.presets import PRESETS
from pages.ui.views.transitions.question import Question
from pages.ui.views.transitions.scene import Scene
from pages.ui.views.transitions.takeaway import branches_table
from tests.pages.opening import press, visit, words
from tests.pages.reading import says
from tests.serving import ROOT

open_page = partial(visit, "pages/transitions.py")
FOUND = transitions(0.55)
SYMMETRIC = transitions()


def test_the_page_says_what_the_engine_finds():
    text = words(open_page(weight="0.55", separation="6"))
    for event in FOUND:
        assert says(text, event.separation, 1e-8) and event.kind in text
    assert "The best fit jumps at **5.3173** from" in text and "At separation 6 you are past the jump." in text
    assert "At separation 4 you are still before the jump." in words(open_page(weight="0.55", separation="4"))


@pytest.mark.parametrize(("weight", "std"), [(0.55, None), (0.5, 1.0)])
def test_p_is_drawn_with_the_best_of_its_reverse_fits(weight, std):
    app = open_page(separation="7", weight=weight, **({"std_of_fit": "held", "held_std": "1"} if std else {}))
    datasets = [data for chart in app.get("vega_lite_chart") for data in chart.proto.datasets]
    (drawn,) = (data.data.data for data in datasets if data.name == "pair")
    table, p = pa.ipc.open_stream(drawn).read_pandas(), GaussianMixture.two_modes(7, weight)
    best = stationary_points(p, "reverse", families.Gaussian(std))[0].q
    for who, law in (("target p", p), ("q", best)):
        rows = table[table["who"] == who]
        assert rows["value"].to_numpy() == pytest.approx(law.pdf(rows["x"].to_numpy()), abs=1e-9)


def test_two_answers_that_are_equally_good_are_both_named():
    equal, unequal = Question(Target(8.0, 0.5, 1.0, 1.0), None), Question(Target(7.0, 0.55, 1.0, 1.0), None)
    locked = wording.meaning(Scene(equal, SYMMETRIC, stationary_points(GaussianMixture.two_modes(8))), "nats")[0]
    assert "the best ones, equally good, are N(4, " in locked and "and N(−4, " in locked
    assert (
        "the best is N(3."
        in wording.meaning(Scene(unequal, FOUND, stationary_points(GaussianMixture.two_modes(7, 0.55))), "nats")[0]
    )


def test_a_held_std_has_its_own_transitions():
    text = words(open_page(std_of_fit="held", held_std="1"))
    assert "pitchfork" in text and says(text, 2.92166792, 1e-8)


def test_without_a_transition_that_is_said():
    assert "the best one stays the best" in wording.events_table(transitions(0.5, (1, 10)), "nats")


@pytest.mark.parametrize("found", [FOUND, SYMMETRIC])
def test_the_lines_hold_every_stationary_point(found):
    weight = 0.55 if found is FOUND else 0.5
    table = charts.branch_table(found, 10.0, "nats")
    for separation in (3.0, 5.05, 7.5):
        points = stationary_points(GaussianMixture.two_modes(separation, weight))
        lines = [
            line for _, line in table.groupby("line") if line.separation.min() <= separation <= line.separation.max()
        ]
        drawn = sorted(float(np.interp(separation, line.separation, line["mean"])) for line in lines)
        assert drawn == pytest.approx(sorted(point.q.mean for point in points), abs=0.05)
        thick = [line for line in lines if line.best.iloc[0]]
        assert len(thick) == (1 if abs(points[0].q.mean) < 1e-6 or found is FOUND else 2)
        assert all(line["kind"].nunique() == 1 and line["best"].nunique() == 1 for line in lines)


def test_marks_stand_where_their_transition_is_and_ranges_cut_them():
    near = charts.event_table(FOUND, charts.reach(FOUND, whole=False), "bits")
    whole = charts.event_table(FOUND, charts.reach(FOUND, whole=True), "bits")
    assert len(whole) == 5 and len(near) == 4  # a tie has two optima; one fold lies beyond 10
    tie = next(event for event in FOUND if event.kind == "tie")
    row = near[near["kind"] == "tie"].iloc[0]
    assert row.separation == tie.separation and row.kl == pytest.approx(tie.value.value / np.log(2))


@pytest.mark.parametrize(
    "target", [(0.5, (0.6, 1.4)), (0.5, (1, 1)), (0.55, (1, 1)), (0.7, (0.5, 2)), (0.3, (1.5, 0.7))]
)
def test_no_name_of_a_transition_stands_upon_another(target):
    found = transitions(*target)
    branches, events = (table(found, 10.0, "nats") for table in (charts.branch_table, charts.event_table))
    events["shift"] = charts.name_shifts(events, branches)
    names = events[events["label"] != ""]
    down = charts.HEIGHT * (names["mean"].max() - names["mean"]) / np.ptp(branches["mean"])
    y = (down + names["shift"] - np.where(names["kind"] == "fold", 0, charts.ABOVE)).to_numpy()
    x, wide = charts.WIDTH * names["separation"].to_numpy() / branches["separation"].max(), 6 * 11
    left = np.where(names["kind"] == "fold", x - charts.LEFT - wide, x + charts.RIGHT)
    for i in range(len(names)):
        for j in range(i):
            assert abs(left[i] - left[j]) >= wide or abs(y[i] - y[j]) >= 13, names
    assert (events[events["label"] == ""]["shift"] == 0).all() and names["shift"].abs().max() <= 60


def test_the_specs_are_valid_and_constant():
    question = Question(Target(5.0, 0.55, 1.0, 1.0), None)
    drawn = charts.pictures(
        Scene(question, FOUND, stationary_points(GaussianMixture.two_modes(5, 0.55))), False, "nats"
    )
    for quantity, height in (("mean", 300), ("std", 170), ("kl", 170)):
        picture = drawn[quantity]
        spec = picture.spec
        assert spec == charts.diagram_spec(height, charts.TITLES[quantity], quantity == "mean")
        assert set(picture.data) == {"branches", "events", "now"}
        Chart.from_dict({key: value for key, value in spec.items() if key != "config"})


def test_what_is_taken_away_repeats_the_page(capsys):
    exec(Question(Target(6.0, 0.55, 1.0, 1.0), None).to_python(), {})  # the code that the page offers
    printed = capsys.readouterr().out
    assert all(repr(event.separation) in printed for event in FOUND)
    assert all(repr(point.q) in printed for point in stationary_points(GaussianMixture.two_modes(6, 0.55)))
    assert len(branches_table(FOUND)) == sum(branch.separation.size for branch in FOUND.diagram)


def test_the_points_of_this_p_stand_before_its_branches_are_known():
    target = Target(5.0, 0.55, 1.0, 1.0)
    points = stationary_points(target.p)
    first = charts.first_pictures(5.0, points, "bits")
    whole = charts.pictures(Scene(Question(target, None), FOUND, points), False, "bits")
    for quantity, picture in first.items():
        assert picture.spec == whole[quantity].spec and picture.data["now"].equals(whole[quantity].data["now"])
        assert picture.data["branches"]["separation"].tolist() == [0, charts.NEAR_END]
        assert picture.data["branches"]["y"].isna().all() and picture.data["events"].empty


def test_work_can_be_stopped_and_started_again():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    name = ("found_transitions", 0.61, 1.0, 1.0, None)
    app.session_state["stopped_work"] = name
    app.query_params["weight"] = "0.61"
    app.run().switch_page("pages/transitions.py").run()
    assert "Stopped." in [caption.value for caption in app.caption] and "fold" not in words(app)
    press(app, "Start again")
    assert "fold" in words(app) and not app.exception


def test_each_preset_sets_the_modes_and_has_a_diagram_of_its_own():
    app, told = open_page(), set()
    for name, values in PRESETS.items():
        app = press(app, name)
        assert {key: app.session_state[key] for key in values} == values and not app.exception
        told.add(next(element.value for element in app.markdown if element.value.startswith("| transition")))
    assert len(told) == len(PRESETS) >= 3
