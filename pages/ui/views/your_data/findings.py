"""The answer for these data: mean, mode or memory? Each candidate with its price on points that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine.data.generalisation import Score
from pages.ui.views.your_data.scene import Directions, Kernels, Sampled, Size, best_size, shortest_size

MEAN, MODE, SEVERAL, SMOOTHED, MEMORY = "mean", "mode", "several", "smoothed", "memory"


@dataclass(frozen=True, eq=False)
class Study:
    """Everything computed about a set of numbers."""

    size: int  # of the points fitted
    sizes: list[Size]
    kernels: Kernels | None
    mode: Score | None
    single: Directions  # one Gaussian, both directions, against the reference
    memory_failures: tuple[Sampled, Sampled] | None

    @property
    def reference(self) -> Size:
        """The mixture of least held-out loss; it stands for the truth where one is needed."""
        return best_size(self.sizes)

    @property
    def shortest(self) -> Size:
        """The mixture of the shortest description."""
        return shortest_size(self.sizes)

    def best_kernel(self) -> int:
        """The place of the bandwidth of least held-out loss."""
        return min(range(len(self.kernels.scores)), key=lambda i: self.kernels.scores[i].held_out)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to stand for the data: its score, what it invents and misses, and its bits, where they are known."""

    key: str
    score: Score
    failures: tuple | None
    bits: float | None


def candidates(study: Study) -> list[Candidate]:
    """Mean, mode, several modes (where they do better than one), a smoothing kernel, memory; each that has a score."""
    one, reference = study.sizes[0], study.reference
    found = []
    if one.score:
        found.append(Candidate(MEAN, one.score, tuple(study.single.failures[0]), sum(one.bits)))
    if study.mode and reference.components > 1:
        found.append(Candidate(MODE, study.mode, tuple(study.single.failures[1]), None))
    if reference.components > 1:
        found.append(Candidate(SEVERAL, reference.score, None, sum(reference.bits)))
    if study.kernels:
        best = study.best_kernel()
        found.append(Candidate(SMOOTHED, study.kernels.scores[best], None, sum(study.kernels.bits[best])))
        failures, bits = study.memory_failures, sum(study.kernels.bits[-1])
        found.append(Candidate(MEMORY, study.kernels.scores[-1], failures, bits))
    return found


def winner(found: list[Candidate]) -> Candidate:
    """The candidate of least held-out loss; of a smoothing kernel and a mixture equally good, the mixture."""
    return min(found, key=lambda candidate: candidate.score.held_out)


def memory_begins(study: Study) -> float | None:
    """The widest bandwidth from which on down the kernel does worse on new points than one Gaussian; None if none."""
    if not study.kernels or not study.sizes[0].score:
        return None
    limit, begins = study.sizes[0].score.held_out, None
    for width, score in zip(study.kernels.bandwidths[::-1], study.kernels.scores[::-1]):  # from the narrowest
        if score.held_out <= limit:
            break
        begins = float(width)
    return begins
