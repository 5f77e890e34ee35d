"""What the view says of a scene: the table of the candidates, and sentences computed from their scores."""

from __future__ import annotations

import numpy as np

from kl_engine.data.empirical import Empirical, binned_divergence, log_loss
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, normal, plain, share
from pages.ui.views.your_data.question import FOLDS
from pages.ui.views.your_data.scene import (
    DRAWS,
    MEAN,
    MEMORY,
    MODE,
    SEVERAL,
    SMOOTHED,
    Candidate,
    Sampled,
    Scene,
    Study,
    candidates,
    memory_begins,
    winner,
)

WIDTHS = (1.0, 0.1, 0.01, 0.001)  # of bins, in std of the data


def name_of(study: Study, key: str) -> str:
    """How a candidate is called."""
    return {
        MEAN: "mean: one Gaussian, forward",
        MODE: "mode: one Gaussian, reverse",
        SEVERAL: f"{study.reference.components} Gaussians",
        SMOOTHED: "kernel, best bandwidth",
        MEMORY: "memory: kernel of std/1000",
    }[key]


def table(scene: Scene, units: str) -> str:
    """Every candidate: held-out loss, invented and missed mass, description length."""
    invents, misses = glossary("hallucinated", units, "invents"), glossary("missed", units, "misses")
    loss, bits = glossary("log loss", units, "left out"), glossary("description length", units, "bits in all")
    lines = [f"| | {loss}, {units} per point | {invents} | {misses} | {bits} |", "|---|---|---|---|---|"]
    study, found = scene.study, candidates(scene.study)
    best, scale = winner(found), NATS_IN[units]
    for candidate in found:
        score = candidate.score
        loss = f"{plain(score.held_out / scale, decimals=3)} :small[± {plain(score.deviation / scale, decimals=3)}]"
        loss = f"**{loss}**" if candidate is best else loss
        failures = [_share(each) for each in candidate.failures] if candidate.failures else ["", ""]
        bits = "" if candidate.bits is None else f"{candidate.bits:.0f}"
        lines.append(f"| {name_of(study, candidate.key)} | {loss} | {failures[0]} | {failures[1]} | {bits} |")
    return "\n".join(lines)


def both_directions(scene: Scene, units: str) -> str:
    """The fits drawn, against the reference: each divergence that they minimise, what they invent and miss."""
    study, found, components = scene.study, scene.pair, scene.question.components
    count, scale = study.reference.components, NATS_IN[units]
    reference = f"{count} Gaussian{'s' * (count > 1)} of least loss on points left out"
    if components >= count:
        return f"Against the {reference}, a q of {components} or more has nothing to give up: both directions agree."
    parts = []
    for i, (name, sign) in enumerate((("forward", "D(p‖q)"), ("reverse", "D(q‖p)"))):
        own, failures = found.divergences[i][i], found.failures[i]
        cost = f"{sign} = {plain(own.value / scale, own.error / scale)} {units}"
        parts.append(f"{name} {cost}, invents {share(failures.hallucinated)}, misses {share(failures.missed)}")
    plural = "s" * (components > 1)
    return f"Against p, the {reference}, a q of {components} Gaussian{plural}: {'; '.join(parts)}."


def _share(found) -> str:
    if isinstance(found, Sampled):
        shown = plain(100 * found.share, 100 * found.deviation, decimals=1)
        return f"{shown} % :small[± {100 * found.deviation:.1f} %]"
    return share(found)


def verdict(scene: Scene, units: str) -> list[str]:
    """Mean, mode or memory: what these data say."""
    study = scene.study
    found = {candidate.key: candidate for candidate in candidates(study)}
    if not found:
        return ["Nothing could be judged on points left out: some part of the data has a single value."]
    best = winner(list(found.values()))
    lines = [f"**{_headline(study, best.key)}**{_lead(study, found, best, units)}"]
    for key in (MEAN, MODE):
        if key in found and found[key] is not best:
            lines.append(_price(study, found[key], best, units))
    return [" ".join(lines), " ".join(filter(None, [_memory(study, best, units), _description(study)]))]


def _headline(study: Study, key: str) -> str:
    count = study.reference.components
    return {
        MEAN: f"Mean: one Gaussian, {normal(study.single.forward)}, does best on points that it has not seen.",
        MODE: f"Mode: the reverse fit {normal(study.single.reverse)} does best on points that it has not seen.",
        SEVERAL: f"Neither mean nor mode: {count} Gaussians do best on points that they have not seen.",
        SMOOTHED: "Neither mean nor mode, nor a few Gaussians: a smoothing kernel does best on points not seen.",
        MEMORY: "Memory: the narrowest kernel does best on points not seen, as where values repeat.",
    }[key]


def _lead(study: Study, found: dict[str, Candidate], best: Candidate, units: str) -> str:
    """Said where the lead over the next one is less than its standard error."""
    others = [candidate for candidate in found.values() if candidate is not best]
    if not others:
        return ""
    following = winner(others)
    lead, error = (number / NATS_IN[units] for number in best.score.lead(following.score))
    if lead >= error:
        return ""
    shown = f"{plain(lead, decimals=3)} ± {plain(error, decimals=3)} {units}"
    return f" Its lead over the {name_of(study, following.key)} is {shown} per point: not settled by these data."


def _price(study: Study, candidate: Candidate, best: Candidate, units: str) -> str:
    lead, error = (number / NATS_IN[units] for number in best.score.lead(candidate.score))
    gap = f"{plain(lead, decimals=3)} ± {plain(error, decimals=3)}"
    invented, missed = candidate.failures
    if candidate.key == MEAN:
        return f"The mean costs {gap} {units} per point more, with {share(invented)} of it where the data are scarce."
    q, p = study.single.reverse, study.single.forward
    near = abs(q.mean - p.mean) < 0.25 * p.std and q.std > 0.75 * p.std
    what = "stays wide, near the mean" if near else f"is {normal(q)}"
    return f"The reverse fit {what}: {gap} {units} per point more, with {share(missed)} of the data's mass missed."


def _memory(study: Study, best: Candidate, units: str) -> str:
    if not study.kernels:
        return ""
    width = study.kernels.bandwidths[study.best_kernel()]
    text = f"A kernel serves best at bandwidth {width:.3g}"
    begins = memory_begins(study)
    if begins is None:
        return f"{text}."
    trained = study.kernels.scores[-1].train / NATS_IN[units]
    return (
        f"{text}; from {begins:.3g} down it does worse on new points than one Gaussian, though on its own points its "
        f"loss falls without end ({plain(trained, decimals=2)} {units} per point at the narrowest): that is memorising."
    )


def _description(study: Study) -> str:
    """Where the description length turns."""
    shortest = study.shortest
    following = [size for size in study.sizes if size.components == shortest.components + 1 and size.fit]
    text = f"The shortest description, {sum(shortest.bits):.0f} bits, has {shortest.components} component"
    text += "s" if shortest.components > 1 else ""
    if not following:
        return f"{text}."
    saved = shortest.bits[0] - following[0].bits[0]
    paid = following[0].bits[1] - shortest.bits[1]
    return f"{text}: one more would save {plain(saved, decimals=1)} bits of data for {paid:.1f} bits of parameters."


def same_argmin(scene: Scene, units: str) -> str:
    """The binned divergence of two densities at falling widths, their difference, and that of their log losses."""
    data, study = Empirical.of(scene.question.sample.values), scene.study
    one, other = study.sizes[0].fit.q, study.reference.fit.q
    if study.reference.components == 1:
        other = type(one)(one.mean + 0.5 * one.std, one.std)
    scale = NATS_IN[units]
    first, second = (glossary("forward divergence", units, f"D(p̂‖{q})") for q in ("q₁", "q₂"))
    difference = glossary("log loss", units, "difference")
    lines = [f"| bins of width | {first}, {units} | {second}, {units} | {difference} |", "|---|---|---|---|"]
    for width in np.array(WIDTHS) * data.std:
        first, second = (binned_divergence(data, q, width) for q in (one, other))
        error = first.error + second.error
        cells = [plain(each.value / scale, each.error / scale, 5) for each in (first, second)]
        gap = plain((first.value - second.value) / scale, error / scale, 5)
        lines.append(f"| {width:.3g} | {cells[0]} | {cells[1]} | {gap} |")
    losses = [log_loss(data, q) for q in (one, other)]
    cells = [plain(each.value / scale, each.error / scale, 5) for each in losses]
    gap = plain((losses[0].value - losses[1].value) / scale, sum(each.error for each in losses) / scale, 5)
    lines.append("| → 0 | ∞ | ∞ | |")
    lines.append(f"| {glossary('log loss', units)} −E log q | {cells[0]} | {cells[1]} | **{gap}** |")
    return "\n".join(lines)


def second_density(scene: Scene) -> str:
    """What q₂ is in that table."""
    count = scene.study.reference.components
    return f"the {count} Gaussians" if count > 1 else "the same, moved by half its std"


def how(scene: Scene, units: str) -> str:
    """How the numbers were found, in short."""
    count, seed = scene.study.reference.components, scene.question.seed
    return (
        f"Left out: each of {FOLDS} parts (seed {seed}) judged by what is fitted to the others; ± one standard error. "
        f"Invented and missed mass are against the {count} Gaussian{'s' * (count > 1)} of least loss, of memory by "
        f"{DRAWS} draws; so is the reverse direction. Bits: n log loss to the precision of the smallest gap, and "
        f"½ log₂ n per parameter; a {glossary('kernel density', units)} remembers each point, to the precision of its "
        "bandwidth."
    )


def why_forward(scene: Scene) -> str:
    """Why maximum likelihood is a direction at all, in words before the table of `same_argmin`."""
    return (
        "The data are points of mass 1/n: p̂. To a density q the divergence D(p̂‖q) is ∞, whatever q. Seen through "
        "bins it is finite, grows as the bins narrow, and its difference between two q goes to that of their log "
        "losses −E log q: what is left over does not depend on q, so both have the same minimiser. Here q₁ is one "
        f"Gaussian and q₂ {second_density(scene)}."
    )
