"""What a page of lessons is asked: one lesson, and the numbers of the sliders beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kl_engine import Gaussian, GaussianMixture
from pages.ui.state.fields import Choice, Slider, Toggle
from pages.ui.state.sliders import MEAN, SEPARATION, STD, WEIGHT
from pages.ui.views.lessons.forms import DIMENSIONS, closed_forms
from pages.ui.views.lessons.lessons import CLOSED_FORMS, MIXTURE, STATIONARITY, Lesson, Values

LESSONS = {**CLOSED_FORMS, **STATIONARITY}
MIXTURE_SLIDERS = (
    SEPARATION,
    WEIGHT,
    replace(MEAN, label="Mean of q", help="Where q lies."),
    replace(STD, label="Std of q", help="How wide q is."),
)
OWN_WORDS = Toggle("own_words", "SymPy's own words")  # beside the steps: what SymPy was asked, and its raw answer
ALL, ONE = "all", "one"
PACE = Choice("pace", "Derivation", {ALL: "all steps", ONE: "one at a time"})  # how much is seen of the derivations


@dataclass(frozen=True)
class Question:
    """A lesson by its key, and the values of its sliders, in their order."""

    key: str
    values: tuple[float, ...]

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return LESSONS[self.key]

    @property
    def is_about_a_mixture(self) -> bool:
        """Whether its numbers are those of a mixture and a q, and not of closed forms."""
        return self.lesson.panel == MIXTURE

    @property
    def set(self) -> dict[str, float]:
        """What is set, by slider."""
        return {slider.key: value for slider, value in zip(sliders_of(self.lesson), self.values)}

    @property
    def put_in(self) -> Values:
        """The parameters of the closed forms."""
        return self.lesson.complete(self.set)

    def mixture(self) -> tuple[GaussianMixture, Gaussian]:
        """p and q, where it is about a mixture."""
        separation, weight, mean, std = self.values
        return GaussianMixture.two_modes(separation, weight), Gaussian(mean, std)

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        return self._mixture_python() if self.is_about_a_mixture else self._forms_python()

    def _mixture_python(self) -> str:
        separation, weight, mean, std = self.values
        return f"""from kl_engine import Gaussian, GaussianMixture, families, fit, moment_match
from kl_engine.optima import expected_score

# {self.lesson.title}
p, q = GaussianMixture.two_modes({separation!r}, weight={weight!r}), Gaussian({mean!r}, {std!r})
match = moment_match(p)
square = match.std**2 + (match.mean - q.mean) ** 2
print("forward, to be 0: E_p[x] - mean =", match.mean - q.mean)
print("forward, to be 0: E_p[(x - mean)^2] - std^2 =", square - q.std**2)
slope, curvature = expected_score(p, q)
print("reverse, to be 0: E_q[(log p)'] =", slope)
print("reverse, to be", -1 / q.std**2, "(-1 / std^2): E_q[(log p)''] =", curvature)
for found in fit(p, "reverse", families.Gaussian(std=q.std)).optima:
    print("least over the mean:", found.q, found.value)  # nats
"""

    def _forms_python(self) -> str:
        forms = closed_forms(self.lesson)
        extra = f", n={DIMENSIONS}" if any(form.others for form in forms.values()) else ""
        imports = "from kl_engine.symbolic.proof.notation import exchange_roles\n"
        lines = [f'print("{name} =", value({form.derivation!r}, {form.python}))' for name, form in forms.items()]
        return f"""import numpy as np

from kl_engine.symbolic import DERIVATIONS
{imports if "exchange_roles(" in "".join(lines) else ""}from kl_engine.symbolic.proof.numeric import numeric_function

# {self.lesson.title}
values = {self.put_in!r}


def value(name, form):
    \"\"\"The form at these values{", in nats" if self.lesson.in_units else ""}.\"\"\"
    parameters = DERIVATIONS[name].parameters
    arguments = [np.asarray(values[parameter.name]) for parameter in parameters]
    return float(numeric_function(parameters, form)(*arguments{extra}))


""" + "\n".join([*lines, ""])


def sliders_of(lesson: Lesson) -> tuple[Slider, ...]:
    """The sliders that stand beside a lesson."""
    return MIXTURE_SLIDERS if lesson.panel == MIXTURE else lesson.sliders


def lesson_choice(lessons: Mapping[str, Lesson]) -> Choice:
    """The choice of a lesson of one page."""
    return Choice("lesson", "Subject", {key: lesson.title for key, lesson in lessons.items()})
