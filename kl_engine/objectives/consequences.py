"""What follows from the place of the expectation: what must be sampled, and what a zero of either density does."""

from __future__ import annotations

from kl_engine.fits.weighted import Fate
from kl_engine.objectives.reading.estimators import Sampled
from kl_engine.objectives.verdicts import Verdict


def sampling(verdict: Verdict) -> str:
    """What the objective needs to be estimated: samples of whom, densities of whom, and how the gradient gets there."""
    given = [name for name in verdict.expectations if name != verdict.model]
    parts = []
    if given:
        names = " and ".join(given)
        parts.append(
            f"samples of {names}, never a density of them; the gradient goes through log {verdict.model} alone, at "
            "given points"
        )
    if verdict.model in verdict.expectations:
        energy = verdict.weights.energy != 0
        target = f"log {verdict.targets[-1]} up to a constant at those samples" if energy and verdict.targets else ""
        needs = " and ".join(filter(None, [f"samples of {verdict.model} itself", target]))
        parts.append(
            f"{needs}, no samples of the target; the samples move with {verdict.model}, so the gradient is that of a "
            "reparameterisation or a score function"
        )
    return "; and ".join(parts) if parts else "nothing: it does not depend on what is fitted"


def at_draws(sampled: Sampled) -> tuple[str, tuple[str, ...]]:
    """What k1, k2, k3 and weighted log ratios need, and what zeros do to them: one distribution alone is drawn from."""
    s, o = sampled.sampled, sampled.other
    if sampled.kind == "weighted":
        return f"samples of {s}, and log {s} and log {o} at them", (f"{s} = 0 where {o} > 0: no draw shows it",)
    seen = f"{s} = 0 where {o} > 0: no draw shows it"
    return f"samples of {s}, and log {s} and log {o} at them", (
        seen,
        f"{o} = 0 where {s} > 0: ∞ at the first such draw",
    )


def zeros(verdict: Verdict) -> tuple[str, ...]:
    """What a zero of the target, and a zero of the fitted q, do to the objective as it is minimised."""
    q, lines = verdict.model, []
    forward, entropy, energy = verdict.weights
    targets = " or ".join(verdict.targets) or "the target"
    if forward > 0:
        given = " and ".join(name for name in verdict.expectations if name != q)
        lines.append(f"{q} = 0 where {given} > 0: ∞, so {q} must cover all of {given}")
        if energy <= 0:
            lines.append(
                f"{given} = 0 where {q} > 0: that costs nothing there, but the mass is missing elsewhere, which costs "
                f"at least −log {q}(support of {given})"
            )
    if energy > 0:
        target = verdict.targets[-1]
        lines.append(f"{target} = 0 where {q} > 0: ∞, so {q} must vanish wherever {target} does")
        if forward <= 0:
            lines.append(f"{q} = 0 where {target} > 0: that costs nothing, so {q} may leave out any part of {target}")
    if forward < 0 or energy < 0:
        lines.append(f"a zero of {q} or of {targets} is rewarded without bound: minimised, this has no lower bound")
    if not lines and entropy:
        lines.append(f"no zero of another density matters: only the entropy of {q} does")
    return tuple(lines)


def forced(verdict: Verdict) -> str:
    """What minimising it forces on q, in one sentence, before any number."""
    q, weights = verdict.model, verdict.weights
    target = verdict.targets[-1] if verdict.targets else "the target"
    match verdict.fate:
        case Fate.COLLAPSE if weights.energy > 0:
            return f"{q} shrinks onto the highest point of {target}: no entropy term holds it open"
        case Fate.COLLAPSE:
            return f"{q} shrinks to a point: its entropy is what is minimised"
        case Fate.SPREAD:
            return f"{q} spreads without end"
        case Fate.FLIGHT:
            return f"{q} flees from {target}: log {q} is made small where {target} has its mass"
        case Fate.CONSTANT:
            return f"nothing: it does not depend on {q}"
    if verdict.direction == "forward":
        given = " and ".join(verdict.targets)
        return f"{q} must put mass wherever {given} has some (a Gaussian {q} takes its mean and variance)"
    if verdict.direction == "both":
        return f"{q} is pulled both ways: to cover {verdict.targets[0]}, and to keep out of where {target} is small"
    return f"{q} must keep out of wherever {target} is small, and may leave parts of it out"
