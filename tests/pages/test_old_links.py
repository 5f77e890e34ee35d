"""Links that were once published keep their meaning for ever: what each sets is set, and nothing of it is corrected.

Lines are added to this table, never taken away and never changed. A page may give a parameter a new name as long as the
old one (`once` of its field) still says the same; home may open on other values as long as links that leave them out
keep the ones that they meant.
"""

from __future__ import annotations

import math

import pytest

from tests.pages.opening import visit

HOME, LAB, DIAL = "app.py", "pages/mixture_lab.py", "pages/alpha_dial.py"
LANDSCAPE, JUMP, FREE = "pages/landscape.py", "pages/transitions.py", "pages/free_energy.py"
ESTIMATORS, CODES, ACT = "pages/estimators.py", "pages/code_lengths.py", "pages/infer_then_act.py"
PLANE, CHECK, EXPLORE = "pages/two_dimensions.py", "pages/check_formula.py", "pages/explore_formula.py"
STATIONARITY, CLOSED, DATA, LOSS = (
    f"pages/{name}.py" for name in ("stationarity", "closed_forms", "your_data", "objective_check")
)

# (script, the link's query, what it sets in addition to what its own parameters say)
LINKS: list[tuple[str, dict[str, str], dict[str, object]]] = [
    (HOME, {"separation": "7.25", "weight": "0.3"}, {}),
    (HOME, {"separation": "7.25", "weight": "0.3", "left": "1.5", "mean": "-1", "std": "2"}, {}),
    (HOME, {"separation": "6", "weight": "0.7", "right": "0.6", "left": "1.4", "mean": "-1", "std": "2"}, {}),
    (HOME, {"weight": "0.98", "mean": "-2.3"}, {"separation": 5.0}),
    (HOME, {"separation": "8", "mean": "1.5"}, {}),
    (HOME, {"motion": "sweep", "separation": "5.6"}, {}),
    (LAB, {"p": "1,-4,1;3,2.5,0.5;2,6,1", "q": "1,2"}, {}),
    (LAB, {"p": "0.2,-3,1;0.8,3,0.5", "q": "-2,0.7"}, {}),
    (DIAL, {"separation": "8", "alpha": "0.3"}, {}),
    (DIAL, {"separation": "6", "weight": "0.7", "right": "0.6", "left": "1.4", "alpha": "1"}, {}),
    (LANDSCAPE, {"p": "0.5,-2.5,1;0.5,2.5,1", "q": "2,1"}, {}),
    (JUMP, {"weight": "0.55", "separation": "4"}, {}),
    (ESTIMATORS, {"separation": "6", "weight": "0.7", "mean": "1", "std": "2.5", "seed": "3"}, {}),
    (FREE, {"story": "Food size"}, {}),
    (FREE, {"story": "Frog or apple"}, {}),
    (FREE, {"story": "Conjugate Gaussian", "prior_mean": "-5", "prior_std": "0.1", "noise": "0.1", "x": "10"}, {}),
    (FREE, {"story": "Two states", "seen_1": "0.2"}, {}),
    (CODES, {"symbols": "a~1/3~.5~_b~1/3~.25~_c~1/3~.25~", "sample": "7"}, {}),
    (CODES, {"symbols": "rain~1/2~0~_sun~1/2~1~"}, {}),
    (ACT, {"noise": "0.05", "side": "left"}, {}),
    (PLANE, {"plane": "1,0,0,1,0,1"}, {}),
    (EXPLORE, {"set_mu_q": "mu_p", "by": "sigma_q"}, {}),
    (EXPLORE, {"set_mu_q": "mu_p", "by": "sigma_q", "at_sigma_p": "1", "at_sigma_q": "2"}, {}),
    (CHECK, {"formula": "log(s1/s2) + (s2**2 + (m1 - m2)**2)/(2*s1**2) - 1/2"}, {}),
    (CLOSED, {"pace": "one at a time", "step": "2"}, {}),
    (STATIONARITY, {"lesson": "shape"}, {}),
    (DATA, {"components": "2"}, {}),
    (HOME, {"units": "bits"}, {}),
]


@pytest.mark.parametrize(("script", "query", "also"), LINKS, ids=lambda part: None)
def test_a_link_means_what_it_meant(script, query, also):
    app = visit(script, **query)
    assert not app.exception and not app.warning and not app.error
    assert not any("the link" in caption.value.lower() for caption in app.caption)
    kept = app.session_state["kept_state"]
    drawn = {
        name: (field, kept.values[place])
        for key, (place, field) in kept.drawn.items()
        for name in (key, *getattr(field, "once", ()))  # what an address may call it
    }
    for name, text in query.items():
        if name == "units":
            assert "bits" in str([element.value for element in app.markdown]) + str(app.session_state["units"])
            continue
        assert name in drawn, f"no control of {script} is called {name}, now or once"
        field, value = drawn[name]
        assert same(field.text(value) or "", text) or getattr(field, "titles", {}).get(value) == text, name
    for name, value in also.items():
        assert math.isclose(drawn[name][1], value)


def same(written: str, text: str) -> bool:
    """Whether two texts of an address say the same: number by number, else to the letter."""
    parts = [[number(part) for part in line.replace(";", ",").split(",")] for line in (written, text)]
    return len(parts[0]) == len(parts[1]) and all(a == b for a, b in zip(*parts))


def number(text: str) -> float | str:
    """A number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
