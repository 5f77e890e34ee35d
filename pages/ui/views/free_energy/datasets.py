"""The datasets of the free energy view's charts, made from engine results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kl_engine import Beta, Categorical
from kl_engine.distributions.beta import expected_logs, log_beta
from kl_engine.divergences.beta import entropy as beta_entropy
from kl_engine.inference.posteriors import likelihood_of
from pages.ui.views.free_energy.charts import BELIEF, LIKELIHOOD, POSTERIOR, PRIOR, THETA
from pages.ui.views.free_energy.scene import COIN, FINITE, FRAMES, Situation

CURVE_POINTS, FINE_POINTS = 121, 41
CROWDED = 4.0  # times the terms of the fit: bars of the descent beyond that are cut, and their numbers tell
MARGIN = 0.03  # of the width, so that a narrow posterior does not stand on the frame
ROOM = 1.32  # the space for the numbers at the right of the bars
LOG_ROOT_TAU = 0.5 * np.log(2 * np.pi)


def term_columns(found: Situation, scale: float) -> dict[str, np.ndarray | float]:
    """energy, complexity, surprisal and F in every frame of the descent, in units of `scale` nats; and the axis."""
    entropy, complexity = _moments_along(found)
    value, surprisal = found.descent.kl, np.full(FRAMES, found.at_fit.surprisal.value)
    facts = {
        "energy": value + entropy,
        "entropy": entropy,
        "complexity": complexity,
        "inaccuracy": value - complexity,
        "surprisal": surprisal,
        "divergence": value - surprisal,
        "value": value,
    }
    facts = {name: column / scale for name, column in facts.items()}
    ends = np.concatenate([facts[name] for name in ("energy", "complexity", "surprisal", "value")])
    ends = ends[np.isfinite(ends)]
    last = np.array([column[-1] for column in facts.values()])
    size = np.abs(last[np.isfinite(last)]).max()
    low, high = max(ends.min(initial=0), -CROWDED * size), min(ends.max(initial=0), CROWDED * size)
    width = max(high - low, 1e-9)
    return facts | {"bottom": low - 0.02 * width if low < 0 else 0.0, "ceiling": low + ROOM * width}


def belief_columns(found: Situation, descending: bool, fitted: bool) -> dict[str, np.ndarray | float]:
    """What draws q at each frame."""
    q = found.belief(fitted)
    if isinstance(q, Categorical):
        return {"q_1": found.descent.parameters[:, 0] if descending else q.probs[0]}
    if isinstance(q, Beta):
        rows = found.descent.parameters if descending else np.array([[q.a, q.b]] * FRAMES)
        return {"a": rows[:, 0], "b": rows[:, 1], "log_norm": np.array([log_beta(*row)[0] for row in rows.tolist()])}
    if descending:
        return {"q_mean": found.descent.mean, "q_std": found.descent.std}
    return {"q_mean": q.mean, "q_std": q.std}


def curve_data(found: Situation, names: tuple[str, str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """Prior, likelihood and posterior, and the ends of the axes."""
    if found.family == FINITE:
        return _bars(found, names), {}
    z = THETA if found.family == COIN else _places(found)
    posterior, prior = found.posterior.pdf(z), found.model.prior.pdf(z)
    log_likelihood = _log_likelihood(found, z)
    highest = max(posterior.max(), prior.max())
    top = 1.12 * max(highest, min(_tallest(found), 2.2 * highest))
    likelihood = np.exp(log_likelihood - log_likelihood.max()) * 0.9 * highest
    table = pd.DataFrame({"z": z, "prior": prior, "likelihood": likelihood, "posterior": posterior})
    return table, {"left": float(z[0]), "right": float(z[-1]), "top": float(top)}


def constant_data(places: np.ndarray, value: np.ndarray, divergence: np.ndarray, scale: float) -> pd.DataFrame:
    """F and the divergence over q's mean."""
    rows = {"row": np.arange(places.size), "at": places, "value": value / scale, "divergence": divergence / scale}
    return pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)


def constant_columns(found: Situation, table: pd.DataFrame, fitted: bool, scale: float) -> dict[str, float]:
    """The dots, the surprisal, and the axis: the lower part of both curves."""
    terms, q = found.shown(fitted), found.belief(fitted)
    at = q.probs[0] if isinstance(q, Categorical) else q.mean
    surprisal, value, divergence = (getattr(terms, name).value / scale for name in ("surprisal", "value", "divergence"))
    least = min(0.0, surprisal)
    size = max(2.5, 1.3 * (divergence if np.isfinite(divergence) else 0.0), 0.5 * abs(surprisal))
    high = min(float(np.nanmax(table[["value", "divergence"]].to_numpy())), max(0.0, surprisal) + size)
    return {
        "at": at,
        "surprisal": surprisal,
        "value": value,
        "divergence": divergence,
        "bottom": least - 0.04 * (high - least),
        "ceiling": high + 0.08 * (high - least),
    }


def _moments_along(found: Situation) -> tuple[np.ndarray, np.ndarray]:
    """H[q] and D(q‖prior) in every row of the descent."""
    if found.family == FINITE:
        q = found.descent.parameters
        entropy = -np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0).sum(axis=1)
        return entropy, -entropy - q @ found.model.prior.log_prob
    if found.family == COIN:
        beliefs = [Beta(*row) for row in found.descent.parameters.tolist()]
        logs = np.array([expected_logs(q) for q in beliefs])
        entropy = np.array([beta_entropy(q).value for q in beliefs])
        return entropy, found.descent.kl + logs @ np.array(found.x)
    mean, std = found.descent.mean, found.descent.std
    accuracy = likelihood_of(found.model, found.x).expected(mean, std)[0]
    return 0.5 + LOG_ROOT_TAU + np.log(std), found.descent.kl + accuracy


def _bars(found: Situation, names: tuple[str, str]) -> pd.DataFrame:
    """One row for each state and kind."""
    kinds = {
        PRIOR: found.model.prior.probs,
        LIKELIHOOD: found.model.likelihood[found.x],
        POSTERIOR: found.posterior.probs,
        BELIEF: found.start.probs,
    }
    rows = [
        {"slot": f"{i}·{kind}", "state": state, "first": i == 0, "kind": kind, "value": float(values[i])}
        for i, state in enumerate(names)
        for kind, values in kinds.items()
    ]
    return pd.DataFrame(rows)


def _log_likelihood(found: Situation, z: np.ndarray) -> np.ndarray:
    if found.family == COIN:
        return found.x[0] * np.log(z) + found.x[1] * np.log1p(-z)
    return -0.5 * ((found.x - found.model.predict(z)) / found.model.noise_std) ** 2


def _places(found: Situation) -> np.ndarray:
    """Where the curves are drawn: over prior, posterior and both beliefs, finely where the posterior is narrow."""
    prior, target = found.model.prior, found.posterior
    shown = [*zip(prior.means, prior.stds), (target.mean, target.std), (found.fit.q.mean, found.fit.q.std)]
    shown.append((found.start.mean, min(found.start.std, 2 * prior.stds[0])))
    low, high = min(m - 3 * s for m, s in shown), max(m + 3 * s for m, s in shown)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    centres = {fit.q.mean: fit.q.std for fit in found.optima} | {target.mean: target.std}
    near = [np.linspace(m - 4 * s, m + 4 * s, FINE_POINTS) for m, s in centres.items()]
    places = np.unique(np.concatenate([np.linspace(low, high, CURVE_POINTS), *near]))
    return places[(places >= low) & (places <= high)]


def _tallest(found: Situation) -> float:
    """The height of q, as set or as fitted."""
    if found.family == COIN:
        return float(found.start.pdf(THETA).max())
    return 0.4 / min(found.fit.q.std, found.start.std)
