"""Everything that stands beside a lesson, of one question: numbers and curves in nats, and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine import Direction, Gaussian, GaussianMixture, Solution, families, fit, moment_match
from kl_engine.optima import expected_score, kl_along
from pages.ui.cache.kept import kept
from pages.ui.views.lessons.forms import Form, closed_forms
from pages.ui.views.lessons.question import Question

POINTS = 161
ZOOM, ROUNDS = 17, 7  # points around a minimum, and how often they are drawn closer: to 1e-8 of the range
BEYOND = 3  # of the modes of a mixture, on either side: how far its curves reach


class Least(NamedTuple):
    """Where a curve is least in its range, in nats; inside it the slope is 0 there, at an end it need not be."""

    at: float
    value: float
    is_inside: bool


@dataclass(frozen=True, eq=False)
class FormScene:
    """Closed forms, by direction, with the curves of each over the lesson's axis, and where each is least."""

    question: Question
    forms: dict[str, Form]
    x: np.ndarray
    curves: dict[str, np.ndarray]
    least: dict[str, Least]


@dataclass(frozen=True, eq=False)
class MixtureScene:
    """A mixture and a q: the two conditions in numbers, both divergences over the mean of q, and their minima."""

    question: Question
    p: GaussianMixture
    q: Gaussian
    moments: Gaussian
    slope: float  # of log p under q
    curvature: float
    x: np.ndarray
    curves: dict[str, np.ndarray]
    forward_least: float
    optima: tuple[Solution, ...]  # at the std of q


@kept(256)
def answered(question: Question) -> FormScene | MixtureScene:
    """What stands beside the lesson."""
    return _mixture_scene(question) if question.is_about_a_mixture else _form_scene(question)


def _form_scene(question: Question) -> FormScene:
    lesson, forms = question.lesson, closed_forms(question.lesson)
    axis = next(slider for slider in lesson.sliders if slider.key == lesson.axis)
    x = np.linspace(axis.low, axis.high, POINTS)
    curves = {name: form.along(lesson, question.set, x) for name, form in forms.items()}
    least = {name: least_place(question, form, x, curves[name]) for name, form in forms.items()}
    return FormScene(question, forms, x, curves, least)


def least_place(question: Question, form: Form, x: np.ndarray, curve: np.ndarray) -> Least:
    """The least point of a curve, found again between the points that it is drawn with."""
    place = int(np.argmin(curve))
    low, high = x[max(place - 1, 0)], x[min(place + 1, x.size - 1)]
    for _ in range(ROUNDS):
        near = np.linspace(low, high, ZOOM)
        heights = form.along(question.lesson, question.set, near)
        nearest = int(np.argmin(heights))
        low, high = near[max(nearest - 1, 0)], near[min(nearest + 1, ZOOM - 1)]
    return Least(float(near[nearest]), float(heights[nearest]), bool(x[0] < near[nearest] < x[-1]))


def _mixture_scene(question: Question) -> MixtureScene:
    p, q = question.mixture()
    reach = max(abs(float(m)) for m in p.means) + BEYOND
    x = np.linspace(min(-reach, q.mean), max(reach, q.mean), POINTS)
    curves = {direction: kl_along(p, direction, x, np.full(POINTS, q.std)).kl for direction in Direction}
    forward_least = float(kl_along(p, Direction.FORWARD, [p.mean], [q.std]).kl[0])
    optima = fit(p, Direction.REVERSE, families.Gaussian(q.std)).optima
    return MixtureScene(question, p, q, moment_match(p), *expected_score(p, q), x, curves, forward_least, optima)
