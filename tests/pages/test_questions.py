"""What a page says, draws and hands out is a function of what is asked: every control of every page is flipped.

Either the question changes, and with it the Python that is handed out, the numbers and the pictures, which then are
those of a session that opens the page in the new state; or the control is on the short list VIEW_ONLY. A page is tested
by standing in PAGES, a control by being drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import NormalDist

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.frame.shell import PAGES
from pages.ui.state import pills as preset_pills
from pages.ui.state.components import Components, Numbers
from pages.ui.state.fields import Choice, Field, Note, Slider, Text, Toggle
from pages.ui.state.number_lists import Listed
from pages.ui.state.typed_table import Table, packed, unpacked
from tests.pages.opening import visit
from tests.pages.openings import opening, too_long, unknown
from tests.pages.shown import answer, code, figures, shown
from tests.sweeps import WHOLE, part

# Controls that show the same answer otherwise: in other units, more or less of it. No others are free of the question.
VIEW_ONLY = {
    ("every page", "units"): "the same numbers in another unit",
    ("every page", "present"): "the same, large and alone",
    ("app.py", "integrands"): "one more picture of the same fits",
    ("pages/mixture_lab.py", "integrands"): "another picture of the same fits",
    ("pages/landscape.py", "basins"): "the borders of the basins on the same map",
    ("pages/transitions.py", "range"): "more of the same diagram",
    ("pages/claims.py", "said"): "which claims the list shows",
    ("pages/claims.py", "table"): "all claims in one table",
    ("pages/free_energy.py", "view"): "another picture of the same terms",
    ("pages/infer_then_act.py", "table"): "which table of the model is open for editing",
    **{(f"pages/{name}.py", "pace"): "how much is seen of the proofs" for name in ("closed_forms", "stationarity")},
    **{
        (f"pages/{name}.py", "own_words"): "what SymPy says beside the proofs"
        for name in ("closed_forms", "stationarity")
    },
    **{(f"pages/{name}.py", "step"): "how much is seen of the proofs" for name in ("closed_forms", "stationarity")},
}
SCRIPTS = [page.script for page in PAGES if page.script != "pages/glossary.py"]  # that one asks nothing
BELL = NormalDist().inv_cdf
TEXTS = {
    "first": "t(5)",
    "second": "norm(0, 3)",
    "law": "skewnorm(5)",
    "samples": "\n".join(
        f"{BELL((i + 0.5) / 80):.4f}\t{0.5 + 1.3 * BELL((37 * i % 80 + 0.4) / 80):.4f}" for i in range(80)
    ),
    "text": "E_p[log p - log q]",
    "find": "divergence",
    "formula": "log(s1/s2) + (s2**2 + (m1 - m2)**2)/(2*s1**2) - 1/2",
}  # by key, flipped
# What must be set for a control to mean anything: a third distribution that may be left out must be there.
NEEDED = {("pages/code_lengths.py", "third"): {"symbols": "a~1/2~1/4~1/8_b~1/2~3/4~7/8"}}
MOST = 3 if WHOLE else 1  # of the other options of a choice, where it has many; more are taken in `places`
PLACES = 4  # of the options of a choice in the suite: where there are many, as of the lessons, they bring like controls
# Controls that may leave the answer as it is, though the question is another one.
INDIFFERENT = {("pages/objective_check.py", "scalar_eps"): "what it scales stands under both directions alike"}
# Their first line quotes what a person typed: a formula, a loss, the name of a column.
QUOTING = {f"pages/{name}.py" for name in ("check_formula", "objective_check", "your_data")}
FEWER_DECIMALS = {"pages/stationarity.py": 6e-4}  # its conditions stand in formulas, with three
SETS_FIELDS = {preset_pills.KEY}  # pills that set fields, and are filled by what these hold
WIDGETS = ("slider", "number_input", "toggle", "checkbox", "button_group", "selectbox", "multiselect", "radio")
WIDGETS += ("text_input", "text_area", "date_input", "time_input", "color_picker", "select_slider", "chat_input")
# As the engine prints an estimate, and as the lines of a page print a number that has no error.
PRINTED = re.compile(r"(-?[\d.]+(?:e-?\d+)?)(?= ± )|= (-?[\d.]+(?:e-?\d+)?)$", re.MULTILINE)


def fields(app: AppTest) -> dict[str, Field]:
    """The fields that the page has drawn, by key."""
    return {key: field for key, (_, field) in app.session_state["kept_state"].drawn.items()}


def control(app: AppTest, key: str):
    """The widget of a key; None where a field is set by a table, a stage or buttons."""
    return next((element for element in app._tree if element.type in WIDGETS and element.key == key), None)


def flip(app: AppTest, key: str, value) -> AppTest:
    """The page after a person has set a field: by its widget where it has one."""
    widget = control(app, key)
    if widget is None:
        app.session_state[key] = value
    else:
        widget.set_value(value)
    return app.run()


def others(field: Field, value) -> list:
    """What a field is flipped to: every other choice, otherwise one other value."""
    if isinstance(field, Slider):
        place = 0.65 if value < field.low + 0.5 * (field.high - field.low) else 0.25
        return [field.nearest(field.low + place * (field.high - field.low))]
    if isinstance(field, Choice):
        return [key for key in field.titles if key != value]
    if isinstance(field, Toggle):
        return [not value]
    if isinstance(field, Components):
        return [(*value[:-1], (*value[-1][:-1], 1.25 * value[-1][-1]))]
    if isinstance(field, Numbers):
        return [(value[0] + 0.5, *value[1:])]
    if isinstance(field, Table):
        *rows, last = unpacked(value)
        return [packed((*rows, (last[0], "1/3", *last[2:])))]
    if isinstance(field, Text):
        return [TEXTS[field.key]]
    if isinstance(field, Listed):
        return [f"{value}, 1"]
    if isinstance(field, Note):
        return [TEXTS.get(field.key, "1/5")]  # a number within every domain
    raise TypeError(f"{field.key}: say here what a {type(field).__name__} is flipped to")


def places(script: str) -> Iterator[AppTest]:
    """The page as it opens, and after each other option of its choices is taken: other controls may come.

    Of several choices with the same options (what each symbol of a formula means) the first stands for all.
    """
    first = visit(script)
    choices = [(key, field) for key, field in fields(first).items() if isinstance(field, Choice)]
    yield first
    for key, field in {tuple(field.titles): (key, field) for key, field in reversed(choices)}.values():
        for value in part(others(field, field.default), PLACES):
            yield flip(visit(script), key, value)


def check(script: str, app: AppTest, key: str, value) -> str:
    """One flip, and all that must follow it. Returns what then stands under the title, if that is of another "
    "question."""
    for name, needed in NEEDED.get((script, key), {}).items():
        app = flip(app, name, needed)
    where = f"{script} at {app.query_params}: {key} = {value!r}"
    told, python, question = answer(app), code(app), app.session_state["question"]
    app = flip(app, key, value)
    assert not app.exception and not app.warning, where
    fresh = visit(script, **app.query_params)
    assert fresh.session_state["question"] == app.session_state["question"], f"{where}: the address asks another"
    assert shown(fresh) == shown(app), f"{where}: not what a new session shows of this state"
    if {(script, key), ("every page", key)} & set(VIEW_ONLY):
        assert app.session_state["question"] == question and code(app) == python, f"{where}: it is more than a view"
        opened(script, app, where)
        return ""
    if app.session_state["question"] is None:  # what is set makes no question, and the page says why
        assert not code(app) and (app.error or app.info), where
        return ""
    assert app.session_state["question"] != question, f"{where}: the question does not know of it"
    assert code(app) == app.session_state["question"].to_python().strip(), f"{where}: other Python than the question's"
    assert code(app) != python, f"{where}: the same Python for another question"
    assert answer(app) != told or (script, key) in INDIFFERENT, f"{where}: the same answer to another question"
    return opened(script, app, where)


def opened(script: str, app: AppTest, where: str) -> str:
    """What stands under the title, which must be short and true."""
    assert not unknown(app, script in QUOTING), (
        f"{where}: under the title stand numbers that the page does not have: {opening(app)}"
    )
    assert not too_long(app) or script in QUOTING, f"{where}: {too_long(app)}"
    return opening(app)


@pytest.fixture(params=SCRIPTS)
def script(request) -> str:
    """Each page that asks a question."""
    return request.param


def test_every_control_on_a_page_is_a_field_of_it(script):
    app = visit(script)
    known = fields(app)
    drawn = {element.key for element in app._tree if element.type in WIDGETS} - SETS_FIELDS
    assert not {key for key in drawn if key not in known and not any(f"{key}".startswith(f"{own}_") for own in known)}


def test_the_address_of_a_page_is_its_state(script):
    app = visit(script)
    assert shown(visit(script, **app.query_params)) == shown(app)


def test_every_control_changes_the_question_and_with_it_all_that_is_shown(script):
    seen, told, opens_with = set(), set(), set()
    for app in places(script):
        opens_with = opens_with or set(fields(app))
        told = told or {opening(app)}
        new = {key: field for key, field in fields(app).items() if key not in seen}
        for key in sorted(new, key=lambda key: isinstance(new[key], Choice)):
            widget, field = control(app, key), fields(app).get(key)
            if field and (widget is None or not widget.disabled):  # what was just set may have taken it away
                seen.add(key)
                for value in part(others(field, app.session_state[key])[:3], MOST):
                    told.add(check(script, app, key, value))
    assert len(told - {""}) > 1, f"under the title stands {told}, whatever is set"
    assert seen >= opens_with


def test_the_python_of_a_question_prints_the_numbers_of_the_page(script, capsys):
    app = visit(script)
    for key, field in list(fields(app).items()):
        widget = control(app, key)
        if key not in fields(app):  # what was just set has taken it away
            continue
        if not isinstance(field, Choice | Text) and (widget is None or not widget.disabled):
            app = flip(app, key, others(field, app.session_state[key])[0])
    exec(compile(code(app), script, "exec"), {})
    printed = [float("".join(found)) for found in PRINTED.findall(capsys.readouterr().out)]
    on_the_page = figures(app)
    assert printed
    # As a number of its unit with four decimals or more, or as a percentage with two.
    near = FEWER_DECIMALS.get(script, 6e-5)
    missing = [x for x in printed if abs(on_the_page - x).min() > near and abs(on_the_page - 100 * x).min() > 6e-3]
    assert not missing
