"""What the view says of a scene: the table of the candidates, and sentences computed from their scores."""

from __future__ import annotations

import numpy as np

from kl_engine.data.empirical import Empirical, binned_divergence, log_loss
from kl_engine.data.points import PointsFit
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, normal, plain, share, stated, three
from pages.ui.say.plain_text import escaped
from pages.ui.views.your_data.question import FOLDS, REPEATS
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
    Verdict,
    candidates,
    compared,
    errors_of,
    memory_begins,
    plane_of,
    verdict_of,
)

COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
WIDTHS = (1.0, 0.1, 0.01, 0.001)  # of bins, in std of the data


def name_of(study: Study, candidate: Candidate) -> str:
    """How a candidate is called in the table."""
    if candidate.key == SEVERAL:
        return f"{candidate.components} Gaussians"
    return {
        MEAN: "1 Gaussian (the mean): forward",
        MODE: "1 Gaussian (a mode): reverse",
        SMOOTHED: "kernel, best bandwidth",
        MEMORY: "kernel so narrow that it memorises",
    }[candidate.key]


def plainly(study: Study, candidate: Candidate) -> str:
    """How a candidate is called in a sentence."""
    if candidate.key == SEVERAL:
        return f"{COUNTS[candidate.components]} Gaussians"
    single = study.single
    return {
        MEAN: "one Gaussian",
        MODE: f"the reverse fit {normal(single.reverse)}",
        SMOOTHED: "a smoothing kernel",
        MEMORY: "the narrowest kernel, which remembers every point,",
    }[candidate.key]


def table(scene: Scene, units: str) -> str:
    """Every candidate: held-out loss, by how much it is behind the one taken, invented and missed mass, bits."""
    invents, misses = glossary("hallucinated", units, "invents"), glossary("missed", units, "misses")
    loss, bits = glossary("log loss", units, "held-out loss"), glossary("description length", units, "bits in total")
    behind = glossary("standard error", units, "behind the chosen one")
    lines = [f"| | {loss}, {units} per point | {behind} | {invents} | {misses} | {bits} |"]
    lines.append("|---|---|---|---|---|---|")
    verdict, scale = verdict_of(scene.study), NATS_IN[units]
    shortest = scene.study.shortest.components
    for i, candidate in enumerate(candidates(scene.study)):
        bits = "" if candidate.bits is None else f"{candidate.bits:.0f}"
        bits = f"**{bits}**" if candidate.components == shortest else bits
        if candidate.score is None:
            lines.append(f"| {name_of(scene.study, candidate)} | not judged: {candidate.reason} | | | | {bits} |")
            continue
        score = candidate.score
        loss = f"{plain(score.held_out / scale, decimals=3)} :small[± {plain(score.deviation / scale, decimals=3)}]"
        behind = "chosen"
        if i != verdict.selection.taken:
            lead = verdict.selection.over(i)
            behind = f"{plain(lead.gain / scale, decimals=3)} ± {plain(lead.error / scale, decimals=3)}"
        elif verdict.settled:
            loss, behind = f"**{loss}**", "**chosen**"
        failures = [_share(each) for each in candidate.failures] if candidate.failures else ["", ""]
        name = name_of(scene.study, candidate)
        lines.append(f"| {name} | {loss} | {behind} | {failures[0]} | {failures[1]} | {bits} |")
    return "\n".join(lines)


def both_directions(scene: Scene, units: str) -> str:
    """The fits drawn, against the reference: each divergence that they minimise, what they invent and miss."""
    study, found, components = scene.study, scene.pair, scene.question.components
    count, scale = study.reference.components, NATS_IN[units]
    reference = f"{count} Gaussian{'s' * (count > 1)} chosen"
    if components >= count:
        return f"With the {reference} as p, a q of {components} need give up nothing: both directions agree."
    parts = []
    for i, (name, sign) in enumerate((("forward", "D(p‖q)"), ("reverse", "D(q‖p)"))):
        own, failures = found.divergences[i][i], found.failures[i]
        cost = f"{sign} = {plain(own.value / scale, own.error / scale)} {units}"
        parts.append(f"{name} {cost}, invents {share(failures.hallucinated)}, misses {share(failures.missed)}")
    plural = "s" * (components > 1)
    return f"With the {reference} as p, the best q with {components} Gaussian{plural}: {'; '.join(parts)}."


def _share(found) -> str:
    if isinstance(found, Sampled):
        return f"{100 * found.share:.0f} % :small[± {100 * found.deviation:.1f} %]"
    return share(found)


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: which model these data support, and what it costs on points left out."""
    found, scale = verdict_of(scene.study), NATS_IN[units]
    if found is None:
        return ["**Nothing can be judged on points left out**: some part of the data has a single value."]
    losses = {each.key: three(each.score.held_out / scale) for each in found.found if each.score}
    best = three(found.taken.score.held_out / scale)
    beside = f"; with one Gaussian, {losses[MEAN]}" if found.taken.key != MEAN and MEAN in losses else ""
    return [_headline(scene, found), f"Each point left out costs {best} {units}{beside}."]


def verdict(scene: Scene, units: str) -> list[str]:
    """What these data say: the model taken, whether that is settled, what was not judged, the description length."""
    study = scene.study
    found = verdict_of(study)
    if found is None:
        return ["Nothing could be judged on points left out: some part of the data has a single value."]
    lines = [f"{_headline(scene, found)} {_evidence(study, found, units)}"]
    lines += [sentence for sentence in (_unjudged(study), _prices(study, found, units)) if sentence]
    lines.append(" ".join(filter(None, [_description(study, found), _memory(study, units)])))
    return lines


def _headline(scene: Scene, found: Verdict) -> str:
    """The model taken; bold only where that is settled."""
    study, taken = scene.study, found.taken
    name = escaped(scene.question.numbers.name)
    what = plainly(study, taken)
    if not found.settled:
        return f"{name}: too close to call. The simplest that is not distinguishably worse is {what}."
    said = {
        MEAN: f"one Gaussian, {normal(study.single.forward)}, is enough.",
        SMOOTHED: "a smoothing kernel does better than every mixture judged.",
        MEMORY: "memory does best, as where values repeat.",
    }.get(taken.key, f"{what} are enough." if taken.key == SEVERAL else f"{what} does best.")
    return f"**{name}: {said}**"


def _evidence(study: Study, found: Verdict, units: str) -> str:
    """What speaks for the model taken: its leads over simpler ones, and what is ahead of it by less than one error."""
    selection, scale = found.selection, NATS_IN[units]
    sentences = []
    simpler = [lead for lead in selection.leads if lead.over < selection.taken]
    if selection.doubts:
        doubt = min(selection.doubts, key=lambda lead: lead.errors)
        over = plainly(study, found.found[doubt.over])
        sentences.append(
            f"Its lead over {over} is {_gap(doubt, scale)} {units} per point: {plain(doubt.errors, decimals=1)} "
            "standard errors, and two are required."
        )
    elif simpler:
        nearest = min(simpler, key=lambda lead: lead.errors)
        over = plainly(study, found.found[nearest.over])
        they = "they beat" if found.taken.key == SEVERAL else "it beats"
        every = "every simpler model" if len(simpler) > 1 else over
        beside = f", {over} by" if len(simpler) > 1 else " by"
        sentences.append(
            f"On points left out {they} {every} by more than two standard errors{beside} {_gap(nearest, scale)} "
            f"{units} per point."
        )
    if selection.best != selection.taken:
        best, behind = found.found[selection.best], selection.over(selection.best)
        ahead = f"{plain(-behind.gain / scale, decimals=3)} ± {plain(behind.error / scale, decimals=3)}"
        sentences.append(
            f"The lowest loss is that of {plainly(study, best).rstrip(',')}, ahead by {ahead}: less than one standard "
            "error."
        )
    elif not simpler:
        sentences.append("Nothing larger does better on points left out.")
    return " ".join(sentences)


def _gap(lead, scale: float) -> str:
    return f"{plain(lead.gain / scale, decimals=3)} ± {plain(lead.error / scale, decimals=3)}"


def _unjudged(study: Study) -> str:
    """The sizes that nothing is claimed over, and why."""
    by_reason: dict[str, list[int]] = {}
    for size in study.sizes:
        if size.score is None:
            by_reason.setdefault(size.reason, []).append(size.components)
    parts = [f"{_listed(sizes)} Gaussians: not judged, {reason}" for reason, sizes in by_reason.items()]
    return f"{'; '.join(parts)}. Nothing is claimed about what was not judged." if parts else ""


def _listed(sizes: list[int]) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]}"


def _prices(study: Study, found: Verdict, units: str) -> str:
    """What one Gaussian by either direction costs beside the model taken."""
    said = []
    for i, candidate in enumerate(found.found):
        if candidate.key in (MEAN, MODE) and i != found.selection.taken and candidate.failures:
            said.append(_price(study, candidate, found.selection.over(i), units))
    return " ".join(said)


def _price(study: Study, candidate: Candidate, lead, units: str) -> str:
    gap = _gap(lead, NATS_IN[units])
    invented, missed = candidate.failures
    if candidate.key == MEAN:
        return f"The mean costs {gap} {units} per point more, with {share(invented)} of it where the data are scarce."
    q, p = study.single.reverse, study.single.forward
    near = abs(q.mean - p.mean) < 0.25 * p.std and q.std > 0.75 * p.std
    what = "stays wide, near the mean" if near else f"is {normal(q)}"
    return f"The reverse fit {what}: {gap} {units} per point more, with {share(missed)} of the data's mass missed."


def _memory(study: Study, units: str) -> str:
    if not study.kernels:
        return ""
    width = study.kernels.bandwidths[study.best_kernel()]
    text = f"A kernel does best at bandwidth {width:.3g}"
    begins = memory_begins(study)
    if begins is None:
        return f"{text}."
    trained = study.kernels.scores[-1].train / NATS_IN[units]
    return (
        f"{text}; from {begins:.3g} down it does worse on new points than one Gaussian, though on the points it was "
        f"fitted to its loss falls without end ({plain(trained, decimals=2)} {units} per point at the narrowest): that "
        "is memorising."
    )


def _description(study: Study, found: Verdict) -> str:
    """Where the description length turns, beside the held-out loss, and whether the two agree."""
    shortest = study.shortest
    following = [size for size in study.sizes if size.components == shortest.components + 1 and size.fit]
    text = f"The shortest description, {sum(shortest.bits):.0f} bits, has {shortest.components} component"
    text += "s" if shortest.components > 1 else ""
    if following:
        saved = shortest.bits[0] - following[0].bits[0]
        paid = following[0].bits[1] - shortest.bits[1]
        text += f": one more would save {plain(saved, decimals=1)} bits of data for {paid:.1f} bits of parameters"
    taken = found.taken
    if taken.components == shortest.components:
        return f"{text}. Both ways to judge agree."
    return (
        f"{text}. The two ways to judge disagree: points left out speak for {plainly(study, taken).rstrip(',')}, "
        f"the description length for {COUNTS[shortest.components]}. It measures how "
        "briefly these data can be described, with ½ log n per parameter, and not how well new data are predicted."
    )


def parameters(scene: Scene, units: str) -> str:
    """The weights, means and stds of the q that is asked about, with their standard errors."""
    q, errors = scene.fits.forward, errors_of(scene.question.sample, scene.question.components)
    lines = ["| component | weight | mean | std |", "|---|---|---|---|"]
    table = (
        np.stack([q.weights, q.means, q.stds], axis=1),
        np.stack([errors.weights, errors.means, errors.stds], axis=1),
    )
    for k, (values, deviations) in enumerate(zip(table[0].tolist(), table[1].tolist())):
        cells = [
            f"{plain(value, error / 20 if np.isfinite(error) else 0.0, 4)} :small[± {plain(error, error / 20, 4)}]"
            for value, error in zip(values, deviations)
        ]
        cells[0] = "1" if q.weights.size == 1 else cells[0]
        lines.append(f"| {glossary('mixture', units, str(k + 1))} | {' | '.join(cells)} |")
    return "\n".join(lines)


def found_how(scene: Scene) -> str:
    """How the q that is asked about was found, and which runs were refused."""
    fit = scene.study.sizes[scene.question.components - 1].fit
    text = f"Maximum likelihood, {fit.message}. ± is one standard error, from the curvature of the likelihood."
    return f"{text} {fit.refused[0].upper()}{fit.refused[1:]}." if fit.refused else text


def comparison(scene: Scene, units: str) -> list[str]:
    """Both directions between the two that are compared, from the samples."""
    question = scene.question
    a, b = escaped(question.numbers.name), escaped(question.other.name)
    found = compared(question.sample, question.other_sample)
    lines = []
    for (first, second), answer in zip(((a, b), (b, a)), found):
        said = escaped(answer) if isinstance(answer, str) else stated(answer, units, bold=True)
        lines.append(f"- D({first}‖{second}): {said}")
    return ["\n".join(lines), "From the samples alone, by the ratio of their densities; the interval holds D at 95 %."]


def plane(scene: Scene, units: str) -> list[str]:
    """The Gaussians in the plane of the two columns: which size BIC takes, and its parameters."""
    fits = plane_of(scene.question.sample, scene.question.other_sample)
    if isinstance(fits, str):
        return [escaped(fits)]
    known = [fit for fit in fits if isinstance(fit, PointsFit)]
    q = min(known, key=lambda fit: fit.bic).q
    a, b = escaped(scene.question.numbers.name), escaped(scene.question.other.name)
    head = f"| component | weight | mean of {a} | mean of {b} | std of {a} | std of {b} | correlation |"
    lines = [head, f"|{'---|' * 7}"]
    for k, (weight, mean, cov) in enumerate(zip(q.weights, q.means, q.covs)):
        stds = np.sqrt(np.diag(cov))
        cells = (weight, *mean, *stds, cov[0][1] / (stds[0] * stds[1]))
        numbers = " | ".join(f"{number:.3g}" for number in map(float, cells))
        lines.append(f"| {glossary('mixture', units, str(k + 1))} | {numbers} |")
    sizes, count = "; ".join(f"{i}: {fit.bic / NATS_IN[units]:.1f}" for i, fit in enumerate(known, 1)), len(q.weights)
    plural = "s" * (count > 1)
    said = f"As points in the plane, BIC takes {COUNTS[count]} Gaussian{plural} (BIC by size, in {units}: {sizes})."
    return [said, "\n".join(lines)]


def same_argmin(scene: Scene, units: str) -> str:
    """The binned divergence of two densities at falling widths, their difference, and that of their log losses."""
    data, study = Empirical.of(scene.question.sample.values), scene.study
    one, other = study.sizes[0].fit.q, study.reference.fit.q  # one Gaussian always has a fit
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
        f"Held-out loss: each of {FOLDS} parts is judged by a fit to the others, {REPEATS} times (seed {seed}). ± is "
        "one standard error over the points, with the spread over the partitions added in quadrature: an "
        "approximation. The model taken is the simplest within one such error of the best; it is settled when it "
        "leads each simpler one by two of them and the shortest description has the same size. Invented and missed "
        f"mass, and the reverse direction, are measured against the {count} Gaussian{'s' * (count > 1)} taken among "
        f"the mixtures; for the kernel that memorises, by {DRAWS} draws. Bits: n log loss to the precision of the "
        f"smallest gap, and ½ log₂ n per parameter; a {glossary('kernel density', units)} remembers each point, to the "
        "precision of its bandwidth."
    )


def why_forward(scene: Scene) -> str:
    """Why maximum likelihood is a direction at all, in words before the table of `same_argmin`."""
    return (
        "The data are n points of mass 1/n each: p̂. For a density q the divergence D(p̂‖q) is ∞, whatever q is. "
        "Counted in bins it is finite, and grows as the bins narrow; but the difference between two q tends to that "
        "of their log losses −E log q. The rest does not depend on q, so both have the same minimiser. Here q₁ is one "
        f"Gaussian and q₂ is {second_density(scene)}."
    )
