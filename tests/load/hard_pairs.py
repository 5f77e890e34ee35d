"""Pairs harder than the reference pairs: one of theirs, its separations and the spread of its widths stretched."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import mpmath as mp
import numpy as np

from kl_engine import GaussianMixture
from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.checks import SMALLEST
from kl_engine.quadrature.truncation import RESOLVED
from tests.reference import Pair, mixture_pairs

MOST = 10.0  # how many times theirs
FAINTEST = math.log(SMALLEST)


class HardPair(NamedTuple):
    """A pair, and the kind of reference pair that it was made from."""

    kind: str
    p: GaussianMixture
    q: GaussianMixture


def hard_pairs(count: int, seed: int = 0) -> Iterator[HardPair]:
    """So many, each kind in its turn."""
    rng = np.random.default_rng(seed)
    kinds: dict[str, list[Pair]] = {}
    for pair in mixture_pairs():
        kinds.setdefault(pair.kind, []).append(pair)
    for k in range(count):
        kind = list(kinds)[k % len(kinds)]
        pair = kinds[kind][rng.integers(len(kinds[kind]))]
        yield HardPair(kind, *_stretched(pair, rng))


def _stretched(pair: Pair, rng: np.random.Generator) -> Iterator[GaussianMixture]:
    """Both mixtures: means and log stds stretched about their centres by up to `MOST`; weights down to the least."""
    apart, spread = MOST ** rng.uniform(0, 1, 2)
    every = [np.concatenate([getattr(m, name) for m in (pair.p, pair.q)]) for name in ("means", "stds")]
    centre, level = float(np.mean(every[0])), float(np.mean(np.log(every[1])))
    for mixture in (pair.p, pair.q):
        logs = np.log(mixture.weights)
        if logs.size > 1 and rng.random() < 0.5:
            logs = logs - logs.max()
            logs[rng.integers(logs.size)] = rng.choice([FAINTEST, rng.uniform(FAINTEST, 0)])
        weights = np.maximum(np.exp(logs - np.logaddexp.reduce(logs)), SMALLEST)
        means = centre + apart * (mixture.means - centre)
        yield GaussianMixture(weights, means, np.exp(level + spread * (np.log(mixture.stds) - level)))


def fits_in_doubles(a: Mixture, b: Mixture) -> bool:
    """Whether D(a‖b) is surely below the largest double: each component of `a` against the best one of `b`."""
    worst = mp.mpf(0)
    for m, s in zip(map(mp.mpf, a.means.tolist()), map(mp.mpf, a.stds.tolist())):
        ways = zip(*(map(mp.mpf, numbers.tolist()) for numbers in (b.weights, b.means, b.stds)))
        costs = [(s**2 + (m - n) ** 2) / (2 * t**2) + mp.log(t / s) - mp.log(w) for w, n, t in ways]
        worst = max(worst, min(costs))
    return worst < sys.float_info.max


def refusable(*mixtures: Mixture) -> bool:
    """Whether a component is so narrow, so far from 0, that doubles do not resolve it: the engine refuses those."""
    return any(s < RESOLVED * math.ulp(m) for a in mixtures for m, s in zip(a.means.tolist(), a.stds.tolist()))
