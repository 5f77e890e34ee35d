"""What the posterior of a line is and what its products make of it: each sentence computed."""

from __future__ import annotations

import numpy as np

from kl_engine import Estimate
from kl_engine.inference import PropagationStatus
from pages.ui.glossary.links import glossary
from pages.ui.say.key import THIN, written
from pages.ui.say.numbers import LOG, NATS_IN, brief, fine, plain, stated, three
from pages.ui.views.regression.scene import EP, EXACT, INDEPENDENT, MARGINALS, MEAN_FIELD, Scene, std_at

# How each is drawn, what it is called, and its entry in the glossary.
STROKES = {
    EXACT: (written("target", "{}"), "exact", "posterior"),
    MEAN_FIELD: (written("reverse", "{}"), "mean field", "mean field"),
    EP: (f":red[{THIN} **{{}}**]", "EP", "expectation propagation"),
    MARGINALS: (written("forward", "{}"), "marginals", "moment match"),
}
RULES = {
    EXACT: r"$\Lambda^{-1},\ \ \Lambda=S_0^{-1}+\tfrac{1}{\sigma^2}\sum_i\varphi_i\varphi_i^{\mathsf T}$",
    MEAN_FIELD: r"$1/\Lambda_{ii}$ minimises $D(q\,\|\,p)$",
    EP: r"$1/\sum_i\tau_i$ minimises $D(p_i\,\|\,q)$, point by point",
    MARGINALS: r"$(\Lambda^{-1})_{ii}$ minimises $D(p\,\|\,q)$",
}
DIVERGENCES = (("reverse", "D(q‖p)"), ("forward", "D(p‖q)"))
LEAST = {MEAN_FIELD: 0, MARGINALS: 1}  # the divergence that no other product has lower
HEAD = (
    r"Slope and intercept $w$, $\varphi_i=(x_i,1)$:&ensp; "
    r"$p(w\mid y)\propto\mathcal N(w;0,S_0)\prod_i\mathcal N(y_i;\,w^{\mathsf T}\varphi_i,\,\sigma^2)$,&ensp; "
    r"and a new $y$ has the variance $\varphi^{\mathsf T}S\varphi+\sigma^2$."
)


def opening(scene: Scene) -> list[str]:
    """What mean field makes of the predictive here: a line or two."""
    if scene.crossings is None:
        return ["**The data are centred: slope and intercept are independent,**", "**and mean field is exact here.**"]
    low, high = (_place(place) for place in scene.crossings)
    middle, far = _shown(scene)
    (own, exact), (own_far, exact_far) = (
        [three(std_at(scene, name, at)) for name in (MEAN_FIELD, EXACT)] for at in (middle, far)
    )
    return [
        f"**Mean field is too unsure from x = {low} to {high}, too sure beyond.**",
        f"Its std at {_place(middle)} is {own}, not {exact}; at {_place(far)} it is {own_far}, not {exact_far}.",
    ]


def stds_table(scene: Scene, units: str) -> str:
    """The std of a new y at a few places, under the posterior and each product."""
    places = sorted({0.0, float(np.mean(scene.question.x)), *(scene.crossings or ()), *_shown(scene)})
    lines = [f"| x | {' | '.join(_named(name, units) for name in STROKES)} |", "|---|---|---|---|---|"]
    for at in places:
        stds = " | ".join(plain(std_at(scene, name, at), decimals=4) for name in STROKES)
        lines.append(f"| {plain(at, decimals=4)} | {stds} |")
    return "\n".join(lines)


def _shown(scene: Scene) -> tuple[float, ...]:
    """The middle of where mean field is too unsure, and a place as far beyond as that is wide."""
    if scene.crossings is None:
        return ()
    low, high = scene.crossings
    return (low + high) / 2, 2 * high - low


def table(scene: Scene, units: str) -> str:
    """Formula and numbers of the posterior and of each product."""
    exact = scene.posterior
    reverse, forward = (glossary(f"{way} divergence", units, name) for way, name in DIVERGENCES)
    lines = [f"| {units} | its variances | slope | intercept | {reverse} | {forward} |", "|---|---|---|---|---|---|"]
    lines.append(f"| {_named(EXACT, units)} | {RULES[EXACT]} | {_fits(exact)} | | |")
    for product in scene.products:
        costs = [_number(each, units) for each in (product.reverse, product.forward)]
        if product.name in LEAST:
            costs[LEAST[product.name]] = f"**{costs[LEAST[product.name]]}**"
        lines.append(
            f"| {_named(product.name, units)} | {RULES[product.name]} | {_fits(product.q)} | {' | '.join(costs)} |"
        )
    return "\n".join(lines)


def _named(name: str, units: str) -> str:
    """The name in its colour, with its stroke, linked to its term."""
    stroke, word, entry = STROKES[name]
    return stroke.format(glossary(entry, units, word))


def meaning(scene: Scene, units: str) -> list[str]:
    """The sentences below the table."""
    return [_costs(scene, units), _propagation(scene, units), _marginals(scene), _evidence(scene, units)]


def _costs(scene: Scene, units: str) -> str:
    field, wide = scene[MEAN_FIELD], scene[MARGINALS]
    ratios = np.sqrt(np.diagonal(field.q.cov) / np.diagonal(scene.posterior.cov))
    mean_field = glossary("mean field", units, "Mean field")
    if abs(scene.correlation) < INDEPENDENT:
        return f"{mean_field} and the marginals are the posterior itself, at {stated(field.reverse, units)}."
    return (
        f"{mean_field}, the reverse fit, gives slope and intercept {three(ratios[0])} of their uncertainty, √(1 − ρ²), "
        f"as if the other one were known. It costs {stated(field.reverse, units)}, and the "
        f"marginals, the forward fit, cost {stated(wide.forward, units)}: the same, "
        f"−½ {LOG[units]}(1 − ρ²), as always in two dimensions."
    )


def _propagation(scene: Scene, units: str) -> str:
    """Where EP's variances stand between, or beyond, the other two."""
    name = glossary("expectation propagation", units, "EP")
    if scene.propagated.status is not PropagationStatus.CONVERGED:
        return f"**{name} has not converged**: {scene.propagated.reason}. What is drawn is where it has come to."
    ratios = np.sqrt(np.diagonal(scene[EP].q.cov) / np.diagonal(scene.posterior.cov))
    few = len(scene.question.rows)
    if few == 1:
        return f"With one point {name} is the forward fit itself: the marginals."
    said = " and ".join(three(ratio) for ratio in ratios)
    return (
        f"{name} matches moments one point at a time, each time forgetting the correlation: its stds of slope and "
        f"intercept are {said} times the exact ones. Forward for each of {few} points is not forward for all of them."
    )


def _marginals(scene: Scene) -> str:
    """The marginals have the right variance of each, and yet predict wrongly."""
    at = float(np.mean(scene.question.x))
    own, right = (std_at(scene, name, at) for name in (MARGINALS, EXACT))
    if abs(own - right) <= 1e-9 * right:
        return "The marginals predict as the posterior does."
    told = "wider" if own > right else "narrower"
    return (
        f"The marginals have the right std of slope and of intercept, yet at the mean of x, {_place(at)}, they "
        f"predict with a std of {three(own)}, {told} than the true {three(right)}: the covariance drops out only "
        "at x = 0."
    )


def _evidence(scene: Scene, units: str) -> str:
    name = glossary("log evidence", units)
    field = scene[MEAN_FIELD]
    bound = scene.evidence - field.reverse
    return (
        f"The {name} log p(y) is {stated(scene.evidence, units)}; mean field's bound lies D(q‖p) below it, at "
        f"{stated(bound, units)}."
    )


def _fits(q) -> str:
    """Mean and std of slope and of intercept, as two cells."""
    stds = np.sqrt(np.diagonal(q.cov))
    return " | ".join(f"{plain(m, decimals=3)} ± {fine(s, 0.0, 3)}" for m, s in zip(q.mean, stds))


def _number(estimate: Estimate, units: str) -> str:
    return fine(estimate.value / NATS_IN[units], estimate.error / NATS_IN[units], 4)


def _place(x: float) -> str:
    return brief(x)
