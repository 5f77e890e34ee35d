"""The words for the terms of F, each with its number, and the signs that other tools give them."""

from __future__ import annotations

import math

from kl_engine import Estimate, FreeEnergy
from kl_engine.estimates.checks import SMALLEST
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, fine, known_to, plain

SIGNS = (
    "**Signs.** Here F is an upper bound on the surprisal and is made small, as in pymdp and RxInfer; the loss of "
    "Pyro, NumPyro and PyMC's ADVI is the same number, −ELBO. SPM and Bogacz (2017) call −F the free energy and make "
    "it large. What some texts call “Bayesian surprise” is D(posterior‖prior), not the surprisal."
)


def vocabulary(terms: FreeEnergy, units: str) -> str:
    """A table: term, definition, number."""
    scale = NATS_IN[units]
    log_evidence = Estimate(-terms.surprisal.value, terms.surprisal.error, terms.surprisal.method)
    rows = (
        ("free energy", "F", "energy − entropy", terms.value),
        ("ELBO", "", "−F ≤ log p(x)", terms.elbo),
        ("energy", "", "−E[log p(x, z)] under q", terms.energy),
        ("entropy", "", "−E[log q(z)] under q", terms.entropy),
        ("complexity", "", "D(q‖prior)", terms.complexity),
        ("accuracy", "", "E[log p(x∣z)] under q", terms.accuracy),
        ("divergence", "the gap", "D(q‖posterior)", terms.divergence),
        ("surprisal", "", "−log p(x)", terms.surprisal),
        ("log evidence", "", "log p(x)", log_evidence),
    )
    lines = [f"| term | definition | {units} | |", "|---|---|---|---|"]
    for name, other, definition, estimate in rows:
        named = glossary("Kullback-Leibler divergence", units, name) if name == "divergence" else glossary(name, units)
        also = f", {other}" if other else ""
        error = f":small[{known_to(estimate, units)}]"
        lines.append(
            f"| {named}{also} | {definition} | {fine(estimate.value / scale, estimate.error / scale)} | {error} |"
        )
    lines.append(_partition(terms, units))
    return "\n".join(lines)


def _partition(terms: FreeEnergy, units: str) -> str:
    """Z = p(x): a probability or a density, and so in no unit of information; never 0, as it is written out."""
    value, error = math.exp(-terms.surprisal.value), terms.surprisal.error
    shown = fine(value, value * error) if value > SMALLEST else f"exp({plain(-terms.surprisal.value, error)})"
    return f"| {glossary('partition function', units)} | Z = p(x) | {shown} | |"
