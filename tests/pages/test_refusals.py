"""A page that can show nothing of what is set says so under its title, where else its answer stands."""

from __future__ import annotations

import pytest

from pages.ui.state.typed_table import packed
from pages.ui.views.infer_then_act.tables import CAUSES, PAIRS
from tests.pages.opening import visit
from tests.pages.openings import opening, too_long

REFUSED = {
    "pages/any_two.py": {"first": "laplace(0,"},
    "pages/check_formula.py": {"formula": "log(s2/s1) + ("},
    "pages/classic_exercise.py": {"joint": "abc"},
    "pages/code_lengths.py": {"symbols": "a~x~1_b~1~1_c~1~1"},
    "pages/explore_formula.py": {"set_sigma_q": "-2"},
    "pages/infer_then_act.py": {CAUSES: packed(tuple((pair, "0", "0.5") for pair in PAIRS))},
    "pages/objective_check.py": {"objective": "typed", "text": "E_q[log q - "},
    "pages/your_data.py": {"data": "mine"},
}


@pytest.mark.parametrize("script", REFUSED)
def test_what_cannot_be_shown_is_said_under_the_title(script):
    app = visit(script, **REFUSED[script])
    assert app.error or app.info or app.warning, "nothing was refused"
    assert opening(app).startswith("**") and not too_long(app)
