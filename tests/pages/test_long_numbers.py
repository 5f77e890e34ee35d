"""What people type with many digits: nothing on a page shows a fraction too long to be read; all digits are there."""

from __future__ import annotations

import re

import pytest

from kl_engine.objectives import read_objective
from pages.ui.views.explore_formula import words
from pages.ui.views.explore_formula.question import Question, forms
from pages.ui.views.explore_formula.scene import answered
from pages.ui.views.lessons.lessons import EXPLORED
from pages.ui.views.objective_check.words import headline

TYPED = ("0.2718281828459045", "31415926535/100000000000", "7/22000000001")
RUN = re.compile(r"(?<![\d.])[1-9]\d{10,}")  # not of a decimal: a value has its digits


def said(key: str, settings: dict[str, str], by: str | None = None) -> list[tuple[str, str]]:
    """Everything that the page says of the forms, and of what is typed."""
    scene = answered(Question(key, tuple(settings.items()), by, ()))
    parts = [(words.TEXT, line) for line in words.lead(scene, "nats")]
    for explored in scene.explored:
        parts += words.told(explored, "nats") if explored.found else [(words.TEXT, words.brief(explored.refusal))]
    return parts


@pytest.mark.parametrize("key", EXPLORED)
def test_no_form_shows_a_long_fraction(key):
    for text, symbol in zip(TYPED, forms(EXPLORED[key].names)[0].parameters):
        parts = said(key, {symbol.name: text})
        assert not [part for kind, part in parts if kind != words.WHOLE and RUN.search(part)]


def test_nor_a_derivative_a_solution_or_a_refusal_and_all_digits_are_there():
    parts = said("gaussians", {"mu_q": "3.14159265358979", "sigma_q": TYPED[0]}, "sigma_p")
    parts += said("gaussians", {"sigma_p": "-0.12345678912345"})
    parts += said("laplace", {"b_p": "3.1415926535"}, "b_q")  # its powers were factored without end
    assert not [part for kind, part in parts if kind != words.WHOLE and RUN.search(part)]
    assert len([part for kind, part in parts if kind == words.WHOLE and RUN.search(part)]) >= 4
    assert any("-0.123456…" in part.replace("\\", "") for _, part in parts)


@pytest.mark.parametrize("text", ["0.123456789123*KL(q||p)", "E_q[log q] - 1.23456789123*E_q[log p]"])
def test_nor_an_objective(text):
    verdict = read_objective(text)
    assert RUN.search(verdict.canonical) and not RUN.search(" ".join(headline(verdict)))
