"""The two cards: which number stands in which row, in which unit, with which margin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import trapezoid
from streamlit.testing.v1 import AppTest

from kl_engine import GaussianMixture, forward_kl, reverse_kl
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import answered
from tests.pages.opening import visit
from tests.pages.reading import numbers

NATS = {"nats": 1.0, "bits": math.log(2)}
P = GaussianMixture([0.7, 0.3], [3, -3], [0.6, 1.4])
SCENE = answered(Question(Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)))
ROWS = ("fit", "D(p‖q)", "D(q‖p)", "invents", "misses")


def tables(app: AppTest) -> list[dict[str, str]]:
    """The rows of both cards, by what stands at their left; forward first."""
    cards = [element.value for element in app.markdown if "| [fit](" in element.value]
    assert len(cards) == 2 and "#moment-match" in cards[0] and "#stationarity" in cards[1]
    return [{name: _row(card, name) for name in ROWS} for card in cards]


def _row(card: str, name: str) -> str:
    (line,) = [line for line in card.splitlines() if line.startswith((f"| {name} |", f"| [{name}]"))]
    return line.split("|")[2]


def mass_where_above(a, b) -> float:
    """A{x : a(x) > e² b(x)}, by counting on a fine grid."""
    x = np.linspace(-25, 25, 400_001)
    log_a, log_b = a.log_pdf(x), b.log_pdf(x)
    return float(trapezoid(np.where(log_a - log_b > 2, np.exp(log_a), 0), x))


@pytest.mark.parametrize("units", NATS)
def test_each_number_stands_in_its_row(units):
    app = visit("app.py", separation=6, weight=0.7, right=0.6, left=1.4, mean=-1, std=2, units=units)
    for card, q in zip(tables(app), (SCENE.forward.q, SCENE.reverse.q)):
        assert numbers(card["fit"])[:2] == pytest.approx((q.mean, q.std), abs=6e-5)
        for name, divergence in (("D(p‖q)", forward_kl), ("D(q‖p)", reverse_kl)):
            assert numbers(card[name])[0] == pytest.approx(divergence(P, q).value / NATS[units], abs=1e-6)
            assert f" {units}" in card[name]
        assert numbers(card["invents"])[0] == pytest.approx(100 * mass_where_above(q, P), abs=0.02)
        assert numbers(card["misses"])[0] == pytest.approx(100 * mass_where_above(P, q), abs=0.02)


def rough_cards(units: str) -> None:
    """Cards whose every number has its own large error."""
    from dataclasses import replace

    from kl_engine import Certainty, Estimate
    from kl_engine.divergences import Disagreement
    from pages.ui.say.cards import draw_cards
    from tests.pages.say.test_cards import SCENE

    errors = ((0.3, 0.013), (0.4, 0.032), (2.0, 0.0065), (3.0, 0.065))
    hallucinated, missed, forward, reverse = (Estimate(*pair, Certainty.EXACT, "") for pair in errors)
    rough = {"forward": forward, "reverse": reverse, "failures": Disagreement(hallucinated, missed)}
    draw_cards(replace(SCENE.forward, **rough), replace(SCENE.reverse, **rough), units)


@pytest.mark.parametrize("units", NATS)
def test_each_margin_is_in_the_unit_of_its_number(units):
    app = AppTest.from_function(rough_cards, kwargs={"units": units}, default_timeout=30).run()
    assert not app.exception
    expected = {"D(p‖q)": 0.0065 / NATS[units], "D(q‖p)": 0.065 / NATS[units], "invents": 1.3, "misses": 3.2}
    for card in tables(app):
        for name, error in expected.items():
            shown = numbers(card[name].split("±")[1])[0]
            assert 0.92 * error <= shown <= 1.1 * error or shown == math.ceil(error)
