"""The view of code lengths: what it says of a table, what an address may hold, and that nothing typed is lost."""

from __future__ import annotations

import math
import re
from functools import partial
from urllib.parse import quote

import numpy as np
import pytest

from kl_engine import Categorical, Direction, forward_kl, reverse_kl
from pages.ui.state.typed_table import packed, unpacked
from pages.ui.views.code_lengths import charts
from pages.ui.views.code_lengths.presets import PRESETS
from pages.ui.views.code_lengths.question import read
from pages.ui.views.code_lengths.scene import answered
from tests.pages.opening import press, visit, words
from tests.pages.reading import estimates, says
from tests.reference import worked_cases

open_page = partial(visit, "pages/code_lengths.py")
LOG_2 = math.log(2)
KNOWN = {  # preset → the worked case with its values, in bits or nats
    "Horse race": "A06",
    "Price of miscoding": "A07",
    "Binomial and uniform": "A01",
    "Two coins": "A02",
    "Fair die of four": "A03",
    "Certain symbol": "A04",
}


@pytest.mark.parametrize(("name", "prefix"), KNOWN.items())
def test_a_preset_shows_the_published_values(name, prefix):
    (case,) = worked_cases(prefix)
    app = open_page(symbols=PRESETS[name].table, units=case["inputs"]["unit"])
    assert not app.exception
    for key in ("kl_pq", "kl_qp"):
        value = float(case["expected"][key])
        text = f"∞ {case['inputs']['unit']}" if math.isinf(value) else f"{value:.6f} {case['inputs']['unit']}"
        assert text in words(app)


@pytest.mark.parametrize("name", PRESETS)
def test_blind_is_said_where_it_is_computed(name):
    app = open_page(symbols=PRESETS[name].table)
    p, q = sides(name)
    forward, reverse = forward_kl(p, q), reverse_kl(p, q)
    blind = p != q and not math.isinf(forward.value) and abs(forward.value - reverse.value) < 1e-14
    assert ("The directions agree" in words(app)) == blind
    assert (name == "Price of miscoding") <= blind
    assert ("triangle inequality fails" in words(app)) == (not math.isinf(forward.value))


def sides(name: str) -> tuple[Categorical, Categorical]:
    table = read(unpacked(PRESETS[name].table))
    return Categorical(table.p), Categorical(table.q)


def test_an_infinity_names_its_symbol_and_the_other_direction_stays_finite():
    text = words(open_page(symbols="rain~1/2~0~_sun~1/2~1~"))
    assert "D(p‖q) = ∞" in text and "because of **rain**" in text
    assert "stays finite, at 0.693147 nats" in text
    assert "has no word" in text and "stops at symbol" in text


def test_sums_are_explained_and_the_table_is_left_as_it_was_typed():
    app = open_page(symbols="a~3~1~_b~1~1~")
    assert "p adds up to 4 and q adds up to 2" in words(app)
    assert f"{forward_kl(Categorical([0.75, 0.25]), Categorical([0.5, 0.5])).value:.6f} nats" in words(app)
    assert app.session_state["symbols"] == "a~3~1~_b~1~1~"
    next(button for button in app.button if button.label.startswith("Write")).click().run()
    assert app.session_state["symbols"] == "a~0.75~0.5~_b~0.25~0.5~"
    assert "adds up" not in words(app)
    press(app, "Undo")
    assert app.session_state["symbols"] == "a~3~1~_b~1~1~"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("a~x~1~", "is not a number such as"),
        ("a~-1~1~", "is below 0"),
        ("a~1/0~1~", "divides by 0"),
        ("a~1e400000000~1~", "is not a number"),
        ("a~0~1~", "Column p adds up to 0"),
        ("~~~", "The table is empty"),
        ("_".join("a~1~1~" for _ in range(65)), "at most 64"),
        (f"{quote('<b>*x')}~{quote('$y$')}~1~", r"\<b\>\*x: “\$y\$”"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(table, said):
    app = open_page(symbols=table)
    assert not app.exception
    assert said in app.error[0].value  # with its escapes: what was typed is no Markdown
    assert app.session_state["symbols"] == packed(unpacked(table))


@pytest.mark.parametrize("text", ["", "a", "a~b", "___", "a~1~1~~", "%", "a~%ff~1~", "x" * 9000, "<script>~1~1~"])
def test_no_table_in_the_address_stops_the_page(text):
    app = open_page(symbols=text)
    assert not app.exception
    assert app.title[0].value == "Code lengths"


def test_a_preset_is_chosen_and_undone():
    app = open_page()
    assert app.session_state["preset"] == "Horse race"
    press(app, "Two coins")
    assert app.session_state["symbols"] == PRESETS["Two coins"].table and "0.143841 nats" in words(app)
    press(app, "Undo")
    assert app.session_state["symbols"] == PRESETS["Horse race"].table


def test_the_table_is_remembered_from_page_to_page():
    app = open_page(symbols="a~3~1~_b~1~1~")
    app.query_params.clear()
    app.switch_page("pages/glossary.py").run()
    app.switch_page("pages/code_lengths.py").run()
    assert not app.exception and app.session_state["symbols"] == "a~3~1~_b~1~1~"


def test_an_own_r():
    table = "a~0.5~0.1~0.5_b~0.5~0.9~0.5"
    assert "your r" in words(open_page(symbols=table, third="true"))
    assert "The triangle inequality holds for this r." in words(open_page(symbols=table, third="true"))
    assert "the middle r" in words(open_page(symbols=table))


def test_the_python_code_reproduces_the_numbers(capsys):
    app = open_page(symbols="a~1/3~.5~_b~1/3~.25~_c~1/3~.25~", sample="7")
    exec(compile(app.code[0].value, "<page>", "exec"), {})
    printed = capsys.readouterr().out
    forward, reverse, *others = estimates(printed)
    shown = words(app)
    assert f"{forward:.6f} nats" in shown and f"{reverse:.6f} nats" in shown and len(others) == 8
    found = re.findall(r"measured excess: \[([\d.]+)\]", printed)
    assert len(found) == 2
    for line in found:
        assert says(shown, round(float(line), 4), 1e-9)


def test_the_question_has_all_that_a_table_and_its_controls_say():
    rows = (("a", "1", "1", "1"), ("b", "1", "3", "0"))
    question = read(rows).question(True, 7)
    assert (question.p, question.q, question.r, question.seed) == ((0.5, 0.5), (0.25, 0.75), (1.0, 0.0), 7)
    others = [read(rows).question(False, 7), read(rows).question(True, 8), read(rows[::-1]).question(True, 7)]
    others.append(read((("c", *rows[0][1:]), rows[1])).question(True, 7))
    assert len({question, *others}) == 5
    assert len({each.to_python() for each in (question, *others)}) == 5


@pytest.mark.parametrize("name", PRESETS)
def test_the_python_of_the_page_is_that_of_its_question(name):
    app = open_page(symbols=PRESETS[name].table, sample="3", third="true")
    question = read(unpacked(PRESETS[name].table)).question(True, 3)
    assert app.code[0].value.endswith(question.to_python().strip())


def test_a_sample_is_of_its_own_direction():
    scene = answered(read((("a", "1", "9", ""), ("b", "9", "1", ""))).question(False, 1))
    for direction, least in ((Direction.FORWARD, 1), (Direction.REVERSE, 0)):
        shown = scene.sample(direction).run.symbols
        assert np.bincount(shown).argmax() == least
        assert scene.costs(direction).a.probs[least] == 0.9


def test_a_large_sample_measures_the_divergence():
    app = open_page()
    found = re.findall(
        r"After 100,000 symbols: ([\d.]+) nats per symbol \(D = ([\d.]+) nats, band ± ([\d.]+)", words(app)
    )
    assert len(found) == 2
    for measured, divergence, half in found:
        assert abs(float(measured) - float(divergence)) < 1.5 * float(half) < 0.05
    assert words(app).count("decoded without loss") == 2


def test_bits_are_nats_over_log_2():
    assert "1.000000 bits" in words(open_page(units="bits")) and "1.250000 bits" in words(open_page(units="bits"))


@pytest.mark.parametrize("name", PRESETS)
def test_the_bars_are_the_terms(name):
    p, q = sides(name)
    question = read(unpacked(PRESETS[name].table)).question(False, 1)
    chart = charts.terms_chart(answered(question), "bits")
    data = chart.data["terms"]
    assert data["symbol"].tolist() == [*question.names, *question.names]
    for role, divergence in ((charts.FORWARD, forward_kl(p, q)), (charts.REVERSE, reverse_kl(p, q))):
        rows = data[data["role"] == role]
        assert rows["infinite"].any() == math.isinf(divergence.value)
        if not rows["infinite"].any():
            assert rows["value"].sum() * LOG_2 == pytest.approx(divergence.value, abs=1e-14)
    axis = chart.data["axis"].iloc[0]
    assert axis["low"] <= data["value"].min() and data["value"].max() <= axis["high"] and axis["low"] < axis["high"]


def test_equal_names_stay_apart():
    assert read((("a", "1", "1", ""), ("a", "1", "1", ""), ("", "1", "1", ""))).names == ("a", "a (2)", "3")


def test_probabilities_are_read_exactly():
    table = read((("a", "1/3", "1e-6", ""), ("b", "2/3", "1", "")))
    assert table.p == (1 / 3, 2 / 3) and table.note == "q adds up to 1"
    assert np.isclose(table.q[0], 1e-6 / 1.000001, rtol=1e-15)


def test_any_cell_survives_the_address():
    rows = (("a_b*c", "1/3", "%5F", " "), ("é ∞&=#?", "", "+", ";,~*"))
    assert unpacked(packed(rows)) == rows
    assert not set(packed(rows)) & set("&=#?;,")


def test_that_huffmans_code_is_not_unique_is_said_where_another_costs_otherwise():
    text = words(open_page(symbols="a~1/2~1/3~_b~1/4~1/3~_c~1/4~1/3~", units="bits"))
    assert "Huffman's code for q is not unique: others are as short for q and cost p from 1.5000 to 1.7500 bits" in (
        text.replace("**", "")
    )
    assert "is not unique" not in words(open_page(symbols="a~1/2~1/2~_b~1/4~1/4~_c~1/4~1/4~"))
