"""The view of inference and action: its numbers, its claims, and its tables in the address."""

from __future__ import annotations

import dataclasses
import math
import re
from functools import partial

import pytest

from pages.ui.state.typed_table import packed, unpacked
from pages.ui.views.infer_then_act import scene, tables
from pages.ui.views.infer_then_act.charts import bars_chart, branch_chart, highest
from pages.ui.views.infer_then_act.question import Question, read, read_maze
from pages.ui.views.infer_then_act.scene import EXACT, FACTORISED, answered, branches, choice
from pages.ui.views.infer_then_act.words import value_meanings
from tests.pages.opening import press, visit, words
from tests.pages.reading import estimates
from tests.reference import worked_case

open_page = partial(visit, "pages/infer_then_act.py")
MAZE = tables.maze_tables()
WORLD = read_maze(MAZE)[0]
AT_5_PERCENT = Question((0.0125, 0.2375, 0.2375, 0.0125), True, WORLD, 0.05)


def changed(key: str, row: int, column: int, cell: str) -> str:
    """A table of the maze with one cell typed over."""
    rows = [list(row) for row in unpacked(MAZE[key])]
    rows[row][column] = cell
    return packed(tuple(map(tuple, rows)))


def test_the_exclusive_or_commits_and_changes_the_action():
    text = words(open_page(noise="0.05"))
    expected = worked_case("K_xor_eps0.05")["expected"]
    for name in ("q1", "q2"):
        assert f"{expected[name]:.6f}" in text
    for name in ("F_meanfield", "surprise", "gap"):
        assert f"{expected[name]:.6f} nats" in text
    assert "commits** to one explanation" in text and "ε < 1/(1 + e²) = 0.119203" in text
    assert "the exact belief goes to **cue**, the factorised one to **right**" in text
    assert "the factorised one to **left**" in words(open_page(noise="0.05", side="left"))


def test_the_t_maze_by_its_preset():
    app = open_page()
    press(app, "T-maze")
    text = words(app)
    assert not app.exception and app.session_state["noise"] == 0.5
    assert "both beliefs go to **cue**" in text and "Least G: **cue**, 4.437240 nats." in text
    assert "The illegal mix flips the exact choice" in text and "3.148985 nats" in text and "3.744093 nats" in text
    frames = [frame.value for frame in app.dataframe if "G" in frame.value]
    assert len(frames) == 2
    expected = worked_case("I_tmaze_prior")["expected"]
    for frame in frames:
        for _, row in frame.iterrows():
            for name, key in (
                ("G", "G"),
                ("risk", "risk"),
                ("ambiguity", "ambiguity"),
                ("information gain", "info_gain"),
            ):
                assert float(row[name]) == pytest.approx(expected[row["action"]][key], abs=6e-5)


def test_above_the_threshold_nothing_commits():
    text = words(open_page(noise="0.15"))
    assert "commits** to one" not in text and "both beliefs go to **cue**" in text


def test_the_noise_sets_the_clue_and_keeps_the_prior():
    app = open_page(
        causes=packed(tuple((pair, x, "1/2") for pair, x in zip(tables.PAIRS, ("0.4", "0.3", "0.2", "0.1"))))
    )
    app.slider(key="noise").set_value(0.1).run()
    assert [row[1:] for row in unpacked(app.session_state["causes"])] == [
        ("0.4", "0.1"),
        ("0.3", "0.9"),
        ("0.2", "0.9"),
        ("0.1", "0.1"),
    ]
    press(app, "Undo")
    assert {row[2] for row in unpacked(app.session_state["causes"])} == {"1/2"} and not app.exception
    assert app.session_state["noise"] == 0.05


def test_the_bars_of_both_splits_end_at_the_same_height():
    shown = answered(AT_5_PERCENT)
    for belief, chosen in shown.choices.items():
        bars = bars_chart(shown, belief, "nats").data["bars"]
        ambiguity, whole = bars[bars["part"] == "ambiguity"], bars[bars["part"] == "G"]
        assert ambiguity["high"].to_numpy() == pytest.approx(whole["high"].to_numpy(), abs=1e-13)
        gain = bars[bars["part"] == "gain"]
        assert (gain["high"] - gain["low"]).tolist() == pytest.approx(
            [value.information_gain.value for value in chosen.values], abs=1e-12
        )
        assert bars["high"].max() <= highest(shown)


def test_where_the_action_changes_the_two_values_are_equal():
    (turn,) = branches(WORLD).turns
    found = scene.factorised_states(scene.exclusive_or(turn))[0]
    values = [value.expected_free_energy.value for value in choice(found.first, WORLD.model()).values]
    assert values[1] == pytest.approx(values[3], abs=1e-6) and turn < scene.COMMITMENT_NOISE


def test_the_action_changes_where_the_branch_of_the_start_does():
    """With a smaller reward at the left, one who believes “left” must be surer before going there."""
    likelihood = [list(row) for row in unpacked(MAZE["likelihood"])]
    names, place = [row[0] for row in likelihood], 1 + [f"{a}, {b}" for a, b in tables.STATES].index("left, left")
    likelihood[names.index("reward")][place], likelihood[names.index("loss")][place] = "0.9", "0.1"
    maze = read_maze({**MAZE, "likelihood": packed(tuple(map(tuple, likelihood)))})[0]
    for right in (True, False):
        for turn in branches(maze, right).turns:
            joint = tuple(scene.exclusive_or(turn).ravel())
            shown = answered(Question(joint, right, maze, turn))
            costs = sorted(value.expected_free_energy.value for value in shown.factorised_choice.values)
            assert costs[0] == pytest.approx(costs[1], abs=1e-5)
    assert branches(maze, True).turns != branches(maze, False).turns


def test_a_tie_that_the_illegal_mix_changes_is_no_flip():
    from pages.ui.views.infer_then_act.words import _mixes

    shown = answered(Question((0.25, 0.25, 0.25, 0.25), True, WORLD, 0.5))
    assert "flips the exact choice" in _mixes(shown, "nats")[0]
    part = dataclasses.replace(shown.exact_choice, mixed=(1, 3), best=(3,))
    said = _mixes(dataclasses.replace(shown, exact_choice=part), "nats")[0]
    assert "changes the exact tie" in said and "least for cue" in said and "for right or cue" in said


def test_a_wish_never_to_lose_makes_the_arms_infinitely_bad():
    app = open_page(preferences=changed("preferences", 8, 1, "-inf"), noise="0.5")
    assert not app.exception and "Least G: **cue**" in words(app)
    frame = next(frame.value for frame in app.dataframe if "G" in frame.value)
    assert frame["G"].tolist()[1:3] == ["∞", "∞"] and frame["softmax(−G)"].tolist()[1] == "0.0000"
    everything = packed(tuple((name, "-inf" if k in (6,) else "0") for k, name in enumerate(tables.OUTCOME_NAMES)))
    text = words(open_page(preferences=everything, noise="0.5"))
    assert "∞" not in re.findall("Least G: .*", text)[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"preferences": changed("preferences", 0, 1, "x")}, "is not a number such as"),
        ({"preferences": packed(tuple((name, "-inf") for name in tables.OUTCOME_NAMES))}, "rules out everything"),
        ({"likelihood": changed("likelihood", 0, 1, "0")}, "add up to 0"),
        ({"likelihood": changed("likelihood", 0, 1, "-1")}, "is below 0"),
        ({"likelihood": changed("likelihood", 4, 1, "2")}, "sums that are not 1"),
        ({"move_cue": changed("move_cue", 0, 1, "1")}, "sums that are not 1"),
        ({"causes": packed(tuple((pair, "0", "1") for pair in tables.PAIRS))}, "adds up to 0"),
        ({"causes": packed(tuple((pair, "1", "0") for pair in tables.PAIRS))}, "its probability is 0"),
        ({"causes": packed(tuple((pair, "1", "2") for pair in tables.PAIRS))}, "none can be above 1"),
        ({"causes": packed(tuple((pair, "1", "1") for pair in tables.PAIRS))}, "D adds up to 4"),
        ({"causes": "a~1~1"}, "From the link"),
        ({"likelihood": "<script>"}, "From the link"),
    ],
)
def test_what_is_typed_is_judged_in_a_sentence(query, said):
    app = open_page(**query)
    assert not app.exception
    assert said in words(app)


def test_the_tables_are_remembered_from_page_to_page():
    app = open_page(preferences=changed("preferences", 7, 1, "2"))
    app.query_params.clear()
    app.switch_page("pages/glossary.py").run()
    app.switch_page("pages/infer_then_act.py").run()
    assert not app.exception and unpacked(app.session_state["preferences"])[7][1] == "2"


def test_the_python_code_reproduces_the_numbers(capsys):
    app = open_page(noise="0.1", preferences=changed("preferences", 8, 1, "-inf"))
    exec(compile(app.code[0].value, "<page>", "exec"), {})
    printed = capsys.readouterr().out
    surprisal, energy, *values = estimates(printed)
    text = words(app)
    assert f"{surprisal:.6f} nats" in text and f"{energy:.6f} nats" in text
    assert len(values) == printed.count("G ") == 8 and math.inf in values and "best (3,)" in printed


def test_the_question_has_all_that_the_tables_and_controls_say():
    texts = {tables.CAUSES: tables.causes_table(0.05), **MAZE}
    question, note = read(texts, 0.05, True)
    assert question == AT_5_PERCENT and not note
    assert read(texts, 0.1, True)[0].noise is None  # these causes are no exclusive or of that noise
    others = [read(texts, 0.05, False)[0], read({**texts, tables.CAUSES: tables.causes_table(0.1)}, 0.1, True)[0]]
    others += [read({**texts, key: changed(key, 1, 1, "0.5")}, 0.05, True)[0] for key in MAZE]
    assert len({question, *others}) == len({each.to_python() for each in (question, *others)}) == len(others) + 1


def test_the_python_of_the_page_is_that_of_its_question():
    texts = {tables.CAUSES: tables.causes_table(0.05), **MAZE, "preferences": changed("preferences", 0, 1, "2")}
    app = open_page(noise="0.05", side="left", preferences=texts["preferences"])
    assert app.code[0].value.endswith(read(texts, 0.05, False)[0].to_python().strip())


def test_the_present_place_stands_on_the_branches_only_where_they_are_of_this_clue():
    at = branch_chart(answered(AT_5_PERCENT), branches(WORLD)).data["now"]
    q = answered(AT_5_PERCENT).choices[FACTORISED].context.probs[0]
    assert at.to_numpy().tolist() == [[0.05, q]] and answered(AT_5_PERCENT).choices[EXACT].context.probs[0] != q
    elsewhere = dataclasses.replace(AT_5_PERCENT, noise=None)
    assert branch_chart(answered(elsewhere), branches(WORLD)).data["now"].empty


@pytest.mark.parametrize("key", tables.TITLES)
def test_a_link_opens_the_table_that_it_names(key):
    for text in (key, tables.TITLES[key]):
        app = open_page(table=text)
        assert app.selectbox(key="table").value == key and not app.warning
        assert list(_maze_editor(app).value.columns) == list(tables.COLUMNS[key])


def _maze_editor(app):
    """The one table of the maze that is in sight."""
    shapes = [list(columns) for key, columns in tables.COLUMNS.items() if key != tables.CAUSES]
    (frame,) = [frame for frame in app.dataframe if list(frame.value.columns) in shapes]
    return frame


def test_bits_are_nats_over_log_2():
    assert "1.000000 bits" in words(open_page(noise="0.05", units="bits"))


def test_every_column_of_numbers_says_what_it_means():
    named = set(value_meanings())
    app = visit("pages/infer_then_act.py")
    columns = [set(frame.value.columns) for frame in app.dataframe if "G" in frame.value.columns]
    assert columns == [named | {"action"}] * 2


def test_where_two_modalities_tell_the_same_both_sums_of_gains_are_shown_and_the_exact_one_is_named():
    assert "One by one or together" not in words(open_page())
    rows = [list(row) for row in unpacked(tables.maze_tables()[tables.LIKELIHOOD])]
    for row in rows:  # the reward is seen from the cue's place too, and so tells what the cue tells
        if row[0] in ("nothing", "reward", "loss"):
            row[7:9] = {"nothing": ["0", "0"], "reward": ["0.9", "0.1"], "loss": ["0.1", "0.9"]}[row[0]]
    text = words(open_page(**{tables.LIKELIHOOD: packed(tuple(map(tuple, rows)))}))
    assert "for cue under the exact belief the information gain of all that is seen together, 0.693147 nats" in text
    assert "it would be 1.061211 nats" in text
