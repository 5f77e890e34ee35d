"""Both fits in numbers, and what they mean for this target: each sentence computed."""

from __future__ import annotations

import numpy as np

from kl_engine import Direction, Estimate, MultivariateGaussian
from pages.ui.glossary.links import glossary
from pages.ui.say.key import written
from pages.ui.say.numbers import LOG, NATS_IN, TEX_LOG, amount, in_brief, plain
from pages.ui.say.rows import divergence_rows
from pages.ui.views.two_dimensions.question import DIAGONAL, FULL, ISOTROPIC
from pages.ui.views.two_dimensions.scene import Fits, Scene

ALONE = 0.95  # of E_q of the responsibilities: beyond it q stands at one component
SAME = 1e-9  # relative: two widths no further apart are those of one Gaussian
APART = 0.01  # nats: so near to −log w the price of locking is paid in full
HEAD = "{name} &ensp; ${formula}$  \n${condition}$"
FORWARD = r"D(p\,\|\,q)=\mathbb{E}_p[\log p-\log q]"
REVERSE = r"D(q\,\|\,p)=\mathbb{E}_q[\log q-\log p]"
# What each direction asks of q = N(m, S), by the family of S.
CONDITIONS = {
    FULL: (
        r"m=\mathbb{E}_p[x],\ \ S=\operatorname{Cov}_p[x]",
        r"\mathbb{E}_q[\nabla\log p]=0,\ \ \mathbb{E}_q[\nabla^2\log p]=-S^{-1}",
    ),
    DIAGONAL: (
        r"m=\mathbb{E}_p[x],\ \ S_{ii}=\operatorname{Var}_p[x_i]",
        r"\mathbb{E}_q[\nabla\log p]=0,\ \ \mathbb{E}_q[\partial_i^2\log p]=-1/S_{ii}",
    ),
    ISOTROPIC: (
        r"m=\mathbb{E}_p[x],\ \ s=\tfrac12\operatorname{tr}\operatorname{Cov}_p[x]",
        r"\mathbb{E}_q[\nabla\log p]=0,\ \ \mathbb{E}_q[\Delta\log p]=-2/s",
    ),
}


def lead(fits: Fits, units: str) -> list[str]:
    """The two sentences under the title: what a person sees each fit do, and what it costs."""
    p = "p" if fits.independence is not None else "all of p"
    own = in_brief(fits.forward.forward, units)
    forward = f"**Forward covers {p}**; it costs {own}."
    if not fits.reverse.fit.converged:
        return [forward, "**The reverse search did not end at a minimum.**"]
    cost = in_brief(fits.reverse.reverse, units)
    if fits.independence is not None:
        widths = [float(np.trace(scored.q.cov)) for scored in (fits.reverse, fits.forward)]
        if widths[0] >= (1 - SAME) * widths[1]:
            return [forward, f"**Reverse gives the same Gaussian**; it costs {cost}."]
        return [forward, f"**Reverse keeps to the narrower middle of p**; it costs {cost}."]
    held = int(fits.shares.argmax())
    if fits.shares[held] < ALONE:
        return [forward, f"**Reverse spreads over more than one component**; it costs {cost}."]
    return [forward, f"**Reverse settles on component {held + 1} alone**; it costs {cost}."]


def card(fits: Fits, units: str, forward: bool) -> str:
    """Formula, fit and both divergences of one direction."""
    condition = CONDITIONS[fits.covariance][0 if forward else 1]
    own = Direction.FORWARD if forward else Direction.REVERSE
    name = written(own.value, f"{own.value.title()} fit")
    head = HEAD.format(name=name, formula=FORWARD if forward else REVERSE, condition=condition)
    scored = fits.forward if forward else fits.reverse
    mean, covariance = (
        glossary("moment match" if forward else "stationarity", units, word) for word in ("mean", "covariance")
    )
    lines = [f"| {mean} | {_vector(scored.q, 3)} |", "|---|---|", f"| {covariance} | {_matrix(scored.q)} |"]
    lines += divergence_rows(scored.forward, scored.reverse, units, own)
    return f"{head}\n\n" + "\n".join(lines)


def meaning(fits: Fits, units: str) -> list[str]:
    """What the two fits of this target do, and what they cost."""
    return [_forward(fits, units), _reverse(fits, units), *_others(fits, units), *_usual_figure(fits, units)]


def cost(scene: Scene, units: str) -> str:
    """What mean field costs in each direction at the question's correlation and dimension."""
    question, costs = scene.question, scene.cost
    told = (
        "both are the mutual information, as always in two dimensions"
        if question.dimension == 2
        else "forward pays for all of the dependence, reverse for part of it"
        if question.correlation
        else "without correlation there is nothing to pay"
    )
    log = TEX_LOG[units]
    return (
        rf":red[**Forward**] $-\tfrac12{log}\det R$ = **{amount(costs.forward, units)}**, :blue[**reverse**] "
        rf"$\tfrac12({log}\det\Sigma+\sum_i{log}\Lambda_{{ii}})$ = **{amount(costs.reverse, units)}**: {told}."
    )


def _forward(fits: Fits, units: str) -> str:
    held = {
        FULL: "the mean and the covariance of p",
        DIAGONAL: "the mean and the variances of p, and none of its correlation",
        ISOTROPIC: "the mean of p, and the average of its variances",
    }[fits.covariance]
    match = glossary("moment match", units, held)
    cost = amount(fits.forward.forward, units)
    return f"**The forward fit** copies {match}. It costs {cost}, and there is no other optimum."


def _reverse(fits: Fits, units: str) -> str:
    scored = fits.reverse
    if not scored.fit.converged:
        return f"**The reverse search did not end at a local minimum**: {scored.fit.reason}."
    cost = amount(scored.reverse, units)
    if fits.independence is not None:
        return f"**The reverse fit** costs {cost}. {_independent(fits, units)}"
    held = int(fits.shares.argmax())
    belongs, belong = (glossary("responsibility", units, word) for word in ("belongs", "belong"))
    if fits.shares[held] < ALONE:
        parts = " and ".join(f"{100 * share:.0f} %" for share in fits.shares)
        return f"**The reverse fit** spreads over p: {parts} of its mass {belong} to the components. It costs {cost}."
    share = f"{100 * fits.shares[held]:.1f} % of its mass {belongs} to that one"
    text = f"**The reverse fit** settles on component {held + 1} alone: {share}, and it costs {cost}"
    price = -float(np.log(fits.p.weights[held]))
    if fits.covariance == FULL and abs(scored.reverse.value - price) < APART:
        weight = fits.p.weights[held]
        cost = f"−{LOG[units]} {weight:.3g} = {_plain(price, units)}"
        text += f". Taking only a component of weight {weight:.3g} costs about {cost}"
    return text + "."


def _independent(fits: Fits, units: str) -> str:
    """One Gaussian: what the family makes of its variances."""
    p, forward, reverse = fits.p, fits.forward.q, fits.reverse.q
    if fits.covariance == FULL:
        return "p itself is such a Gaussian, so the fit is p."
    rule = {
        DIAGONAL: ("1/Λᵢᵢ, the variance of each coordinate given the other", "Σᵢᵢ, its variance alone"),
        ISOTROPIC: ("2/tr Λ, the harmonic mean of p's principal variances", "½ tr Σ, their arithmetic mean"),
    }[fits.covariance]
    own = [" and ".join(plain(value, decimals=4) for value in np.diagonal(q.cov)) for q in (reverse, forward)]
    text = f"Its variances, {own[0]}, are {rule[0]}; those of the forward fit, {own[1]}, are {rule[1]}."
    gap = fits.forward.forward.value - fits.reverse.reverse.value
    if abs(gap) <= fits.forward.forward.error + fits.reverse.reverse.error:
        rho = float(p.cov[0, 1] / np.sqrt(p.cov[0, 0] * p.cov[1, 1]))
        same = f"−½ {LOG[units]}(1 − ρ²) at ρ = {plain(rho, decimals=3)}"
        text += (
            f" Both cost {same}: in two dimensions the cost cannot tell the directions apart, but the variances can."
        )
    return text


def _others(fits: Fits, units: str) -> list[str]:
    found = fits.optima[1:]
    if fits.independence is not None:
        return []
    minima = [point for point in found if point.kind == "minimum"]
    saddles = sum(point.kind == "saddle" for point in found)
    text = "No other local optimum was found from starts at every set of components"
    if minima:
        listed = "; ".join(f"mean {_vector(point.q, 2)} at {amount(point.value, units)}" for point in minima)
        text = f"Other local optima, found from starts at every set of components: {listed}"
    if saddles:
        text += f". There {'is' if saddles == 1 else 'are'} also {saddles} saddle point{'s' * (saddles > 1)}"
    return [text + "."]


def _usual_figure(fits: Fits, units: str) -> list[str]:
    """What the printed figure of this target draws, and what that costs."""
    if not fits.drawn:
        return []
    (_, wide), *locked = fits.drawn
    costs = " and ".join(_short(estimate, units) for _, estimate in locked)
    return [
        f"**Murphy's hand-drawn figure** of this target (thin lines) shows a reverse fit on one mode or the other, at "
        f"{costs}, and a forward fit at {_short(wide, units)}. None of them is an optimum: when they are really "
        f"fitted, the reverse fit covers both modes at {_short(fits.reverse.reverse, units)}, and the forward fit "
        f"costs {_short(fits.forward.forward, units)}."
    ]


def _short(estimate: Estimate, units: str) -> str:
    return _plain(estimate.value, units)


def _plain(nats: float, units: str) -> str:
    return f"{plain(nats / NATS_IN[units], decimals=4)} {units}"


def _vector(q: MultivariateGaussian, decimals: int = 4) -> str:
    return "(" + ", ".join(plain(value, decimals=decimals) for value in q.mean) + ")"


def _matrix(q: MultivariateGaussian) -> str:
    rows = (" & ".join(plain(value, decimals=3).replace("−", "-") for value in row) for row in q.cov)
    return r"$\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}$"
