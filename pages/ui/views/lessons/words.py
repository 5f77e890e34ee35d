"""What stands beside a lesson in words and formulas: forms with the numbers put in, or both conditions on a mixture."""

from __future__ import annotations

from kl_engine import Direction
from pages.ui.say.display_math import breakable
from pages.ui.say.key import written
from pages.ui.say.numbers import NATS_IN, plain, three
from pages.ui.views.lessons.forms import DIMENSIONS, FORMULA
from pages.ui.views.lessons.scene import FormScene, Least, MixtureScene

SHOWN = 5e-4  # the least that is not 0 in the decimals of the formulas below
ROUNDING = 1e-13  # of a textbook form of numbers of order 1
NAMES = {Direction.FORWARD: "forward ", Direction.REVERSE: "reverse ", FORMULA: ""}
HEADS = {
    Direction.FORWARD: written("forward", "Forward"),
    Direction.REVERSE: written("reverse", "Reverse"),
    FORMULA: "**The formula**",
}


def lead(scene: FormScene | MixtureScene, units: str) -> list[str]:
    """The two sentences under the title: the values here, and where each is least; or what each direction asks of q."""
    if isinstance(scene, MixtureScene):
        return _asked(scene)
    lesson, values = scene.question.lesson, scene.question.put_in
    scale, unit = (NATS_IN[units], f" {units}") if lesson.in_units else (1.0, "")
    shown = {name: f"{three(form.value(values) / scale, ROUNDING)}{unit}" for name, form in scene.forms.items()}
    named = {Direction.FORWARD: "forward is", Direction.REVERSE: "reverse is", FORMULA: "the formula gives"}
    told = ", ".join(f"{named[name]} **{value}**" for name, value in shown.items())
    least = [three(place.at) for place in scene.least.values()]
    which = "Their minima are" if len(least) > 1 else "Its minimum is"  # in the order in which they were named
    return [f"With these numbers {told}.", f"{which} at {_axis(lesson)} = {' and '.join(least)}."]


def _asked(scene: MixtureScene) -> list[str]:
    """What each direction asks of q, and how far q is from it."""
    gap, slope = scene.moments.mean - scene.q.mean, scene.slope
    mean = f"p's mean minus q's is {three(gap)}" if abs(gap) >= SHOWN else "it has"
    return [
        f"**Forward asks q to have p's mean**: {mean}.",
        f"**Reverse asks log p's slope to average 0** under q: here it is "
        f"{three(slope) if abs(slope) >= SHOWN else 0}.",
    ]


def _axis(lesson) -> str:
    """The label of the symbol over which the curves are drawn."""
    return next(slider.label for slider in lesson.sliders if slider.key == lesson.axis)


def columns(scene: FormScene | MixtureScene, units: str) -> list[str]:
    """What stands side by side above the curves: forward at the left, reverse at the right."""
    if isinstance(scene, FormScene):
        return [_with_numbers(scene, name, units) for name in scene.forms]
    return [_forward(scene), _reverse(scene)]


def caption(scene: FormScene | MixtureScene, units: str) -> str:
    """What the curves run over and in which unit they are, and where their dots stand."""
    unit = f", the vertical one is in {units}" if scene.question.lesson.in_units else ""
    if isinstance(scene, MixtureScene):
        at = f"{scene.q.std:g}"
        return (
            f"The horizontal axis is the mean of q, with its std held at {at}{unit}. Dots are minima: there the "
            "condition on the mean holds."
        )
    label = _axis(scene.question.lesson)
    return f"The horizontal axis is {label}{unit}; everything else is as set. {_in_words(label, scene.least)}"


def _with_numbers(scene: FormScene, name: str, units: str) -> str:
    from kl_engine.symbolic.proof.writing.typeset import latex, latex_with

    form, values = scene.forms[name], scene.question.put_in
    known = {parameter: values[parameter.name] for parameter in form.parameters}
    put_in = latex_with(form.expression, known | dict.fromkeys(form.others, DIMENSIONS))
    scale, unit = (NATS_IN[units], f" {units}") if scene.question.lesson.in_units else (1.0, "")
    shown = f"{plain(form.value(values) / scale, ROUNDING)}{unit}"
    general, numbers = (_in_units(formula, scale) for formula in (latex(form.expression), put_in))
    return f"{HEADS[name]} = **{shown}**\n\n$$\n{general}\n$$\n\n$$\n={numbers}\n$$"


def _in_units(formula: str, scale: float) -> str:
    """A formula in nats, in the units that are shown: in bits it is divided by log 2, which is written."""
    return formula if scale == 1.0 else breakable(rf"\frac{{1}}{{\log 2}} \left({formula}\right)")


def _in_words(label: str, least: dict[str, Least]) -> str:
    """Where the dots stand: where the condition on the slope holds, or at an end of the range."""
    inside = [f"{NAMES[name]}{label} = {plain(p.at, decimals=3)}" for name, p in least.items() if p.is_inside]
    at_end = [f"{NAMES[name]}{label} = {plain(p.at, decimals=3)}" for name, p in least.items() if not p.is_inside]
    words = [f"Dots are minima, where the slope in {label} is 0: {', '.join(inside)}."] if inside else []
    ends = [f"At an end of the range the smallest value is reached by {', '.join(at_end)}."] if at_end else []
    return " ".join([*words, *ends])


def _forward(scene: MixtureScene) -> str:
    """Moment matching: what is still missing."""
    fit, q = scene.moments, scene.q
    square = fit.std**2 + (fit.mean - q.mean) ** 2
    return (
        f"{HEADS[Direction.FORWARD]}: moments of p and of q\n\n"
        rf"$\mathbb{{E}}_p[x]-\mu_q={_tex(fit.mean)}-{_paren(q.mean)}={_tex(fit.mean - q.mean)}$"
        "\n\n"
        rf"$\mathbb{{E}}_p[(x-\mu_q)^2]-\sigma_q^2={_tex(square)}-{_tex(q.std**2)}={_tex(square - q.std**2)}$"
    )


def _reverse(scene: MixtureScene) -> str:
    """Bonnet and Price: slope and curvature of log p under q, against 0 and −1/σ²."""
    return (
        f"{HEADS[Direction.REVERSE]}: slope, curvature of log p\n\n"
        rf"$\mathbb{{E}}_q[(\log p)']={_compared(scene.slope, 0.0)}0$"
        "\n\n"
        rf"$\mathbb{{E}}_q[(\log p)'']={_compared(scene.curvature, -1 / scene.q.std**2)}"
        rf"{_tex(-1 / scene.q.std**2)}=-1/\sigma_q^2$"
    )


def _compared(number: float, asked: float) -> str:
    """A number, and whether it is what is asked of it, in the decimals that are shown."""
    shown, wanted = _tex(number), _tex(asked)
    return f"{shown} = " if float(shown) == float(wanted) else rf"{shown} \ne "


def _tex(number: float) -> str:
    return plain(number, decimals=3).replace("−", "-")


def _paren(number: float) -> str:
    return _tex(number) if number >= 0 else f"({_tex(number)})"
