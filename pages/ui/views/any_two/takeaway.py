"""The same pair in SciPy and in torch, what people write there and what it returns; and p for other pages."""

from __future__ import annotations

import math
import warnings
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from kl_engine import Estimate
from kl_engine.distributions import Affine, to_scipy
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.scipy_laws import ScipyLaw
from pages.ui.cache.kept import kept
from pages.ui.frame.thread import Pair
from pages.ui.state.law import LONGEST, Law
from pages.ui.state.mixture import Mixture, P
from pages.ui.views.any_two.question import Question
from pages.ui.views.any_two.scene import Scene, answered

SAME = 1e-6  # relative: what differs by more is another number
# The pairs of torch.distributions.kl that have a closed form, of the families that can be written on this page.
TORCH = {
    *((name, name) for name in ("Normal", "Laplace", "Cauchy", "Uniform", "Exponential", "Gamma", "Beta", "Poisson")),
    *(
        (name, name)
        for name in ("Bernoulli", "Binomial", "Geometric", "Categorical", "MultivariateNormal", "LogNormal")
    ),
    *(("Laplace", "Normal"), ("Normal", "Laplace"), ("Uniform", "Normal"), ("Exponential", "Normal")),
    *(("Gamma", "Normal"), ("Beta", "Normal"), ("Exponential", "Gamma"), ("Gamma", "Exponential")),
    *(("Beta", "Exponential"), ("Beta", "Gamma"), ("Uniform", "Exponential"), ("Uniform", "Gamma")),
    *(("Uniform", "Beta"), ("Beta", "Uniform"), ("Bernoulli", "Poisson")),
    *(("Gumbel", "Gumbel"), ("Pareto", "Pareto"), ("Gumbel", "Normal"), ("Normal", "Gumbel")),
    *(("Exponential", "Gumbel"), ("Gamma", "Gumbel"), ("Uniform", "Gumbel"), ("Uniform", "Pareto")),
    *(("Pareto", "Exponential"), ("Pareto", "Gamma"), ("Pareto", "Normal")),
}
# The pairs for which it is registered that the divergence is infinite, by support.
TORCH_INFINITE = {
    *((p, q) for p in ("Gumbel", "Laplace", "Normal") for q in ("Beta", "Exponential", "Gamma", "Pareto", "Uniform")),
    *((p, q) for p in ("Exponential", "Gamma", "Pareto") for q in ("Beta", "Uniform")),
    *(("Exponential", "Pareto"), ("Gamma", "Pareto"), ("Beta", "Pareto")),
    *(("Poisson", "Bernoulli"), ("Poisson", "Binomial")),
}
LAWS = {"gumbel_r": "Gumbel", "pareto": "Pareto", "halfcauchy": "HalfCauchy", "invgamma": "InverseGamma"}
NAMES = {name: name for pair in TORCH for name in pair} | {
    "Gaussian": "Normal",
    "MultivariateGaussian": "MultivariateNormal",
    "GaussianMixture": "MixtureSameFamily",
    "MultivariateGaussianMixture": "MixtureSameFamily",
    "StudentT": "StudentT",
    "Weibull": "Weibull",
    "NegativeBinomial": "NegativeBinomial",
    "Dirichlet": "Dirichlet",
}


class Row(NamedTuple):
    """What is written elsewhere, and what it returns."""

    code: str
    returns: str


@kept(128)
def elsewhere(question: Question) -> tuple[Row, ...]:
    """Rows for D(p‖q), computed as SciPy computes them; of torch, which need not be installed, what it does."""
    scene = answered(question)
    if scene.refusal or scene.kind == "samples":
        return ()
    if isinstance(scene.p, Categorical) and isinstance(scene.q, Categorical):
        return _of_vectors(scene)
    quad = (_by_quad(scene),) if scene.kind == "line" else ()
    return (*quad, _by_torch(scene))


def _by_quad(scene: Scene) -> Row:
    """The integral as it is usually written."""
    from scipy.integrate import quad
    from scipy.special import rel_entr

    code = "quad(lambda x: rel_entr(p.pdf(x), q.pdf(x)), -inf, inf)"
    try:
        p, q = to_scipy(scene.p), to_scipy(scene.q)
    except ValueError:
        p, q = scene.p, scene.q  # a family that SciPy writes otherwise: by our own density
    with warnings.catch_warnings(record=True) as warned, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        value = float(quad(lambda x: float(rel_entr(float(p.pdf(x)), float(q.pdf(x)))), -np.inf, np.inf)[0])
    return Row(code, _judged(value, scene.forward) + (", with a warning" if warned else ""))


def _by_torch(scene: Scene) -> Row:
    names = [_torch_name(d) for d in (scene.p, scene.q)]
    if None in names:
        missing = next(d for d, name in zip((scene.p, scene.q), names) if name is None)
        family = getattr(_bare(missing), "name", "family for " + ("p" if missing is scene.p else "q"))
        return Row("torch.distributions.kl_divergence(…)", f"nothing, as torch has no {family}")
    code = f"torch.distributions.kl_divergence({names[0]}(…), {names[1]}(…))"
    if tuple(names) in TORCH:
        return Row(code, "the closed form, in 32 bits unless the parameters are float64")
    if tuple(names) in TORCH_INFINITE:
        return Row(code, _judged(math.inf, scene.forward))
    return Row(code, "NotImplementedError, as no formula is registered for the pair")


def _bare(d: object) -> object:
    """A law of SciPy's without its place and width."""
    return d.base if isinstance(d, Affine) and isinstance(d.base, ScipyLaw) else d


def _torch_name(d: object) -> str | None:
    """What torch calls the family; None where it has none."""
    bare = _bare(d)
    if isinstance(bare, ScipyLaw):
        return LAWS.get(bare.name)
    return NAMES.get(type(d).__name__)


def _of_vectors(scene: Scene) -> tuple[Row, ...]:
    """Vectors of probabilities: SciPy's entropy, and torch's kl_div, whose arguments and mean are traps."""
    p, q, truth = scene.p.probs, scene.q.probs, scene.forward
    with np.errstate(all="ignore"):
        terms = np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)
        swapped = np.where(q > 0, q * (np.log(q) - np.log(p)), 0.0)
        distance = math.sqrt(max(0.0, scene.jensen_shannon.value)) if scene.jensen_shannon else math.nan
    return (
        Row("scipy.stats.entropy(p, q)", _judged(float(terms.sum()), truth)),
        Row('torch.nn.functional.kl_div(q.log(), p, reduction="sum")', _judged(float(terms.sum()), truth)),
        Row("torch.nn.functional.kl_div(q.log(), p)", f"{terms.mean():.6g}: the mean over the symbols, which is no KL"),
        Row(
            'torch.nn.functional.kl_div(p.log(), q, reduction="sum")',
            f"{swapped.sum():.6g}: the other direction, D(q‖p)",
        ),
        Row("scipy.spatial.distance.jensenshannon(p, q)", f"{distance:.6g}: the root of the Jensen-Shannon divergence"),
    )


def _judged(value: float, truth: Estimate) -> str:
    """The number, and whether it is right."""
    if math.isnan(value):
        return "nan"
    shown = "inf" if math.isinf(value) else f"{value:.6g}"
    if math.isinf(truth.value):
        return f"{shown}, which is right" if math.isinf(value) else f"{shown}, where D is infinite"
    if abs(value - truth.value) <= SAME * abs(truth.value) + truth.error:
        return f"{shown}, which is right"
    return f"{shown}, where D is {truth.value:.6g}"


def along(scene: Scene) -> Mixture | Pair | None:
    """p, where the pages that fit a Gaussian to a target can show it."""
    text = scene.question.first.strip()
    with suppress(ValueError):  # beyond the limits of those pages
        if isinstance(scene.p, GaussianMixture):
            return Mixture(P.checked(list(zip(scene.p.weights, scene.p.means, scene.p.stds))))
        if isinstance(scene.p, (Gaussian, LineDistribution)) and len(text) <= LONGEST and Law(text).p:
            return Pair(text)
    return None


def listed(rows: tuple[Row, ...]) -> str:
    """The rows in Markdown, for D(p‖q), in nats."""
    return "\n".join(f"- `{row.code}` returns {row.returns}." for row in rows)
