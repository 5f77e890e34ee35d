"""The words for the terms of F, each with its number, and the signs that other tools give them."""

from __future__ import annotations

import math

from kl_engine import Estimate, FreeEnergy
from pages.ui.numbers import NATS_IN, amount, margin, plain
from pages.ui.shell import glossary

SIGNS = (
    "**Signs.** Here F is an upper bound on the surprisal and is made small, as in pymdp and RxInfer; the loss of "
    "Pyro, NumPyro and PyMC's ADVI is the same number, −ELBO. SPM and Bogacz (2017) call −F the free energy and make "
    "it large. What some texts call “Bayesian surprise” is D(posterior‖prior): not the surprisal."
)


def vocabulary(terms: FreeEnergy, units: str) -> str:
    """A table: term, definition, number."""
    log_evidence = Estimate(-terms.surprisal.value, terms.surprisal.error, terms.surprisal.method)
    rows = (
        ("free energy", "F", "energy − entropy", terms.value),
        ("ELBO", "", r"$-F\le\log p(x)$", terms.elbo),
        ("energy", "", r"$-\mathbb{E}_q\log p(x,z)$", terms.energy),
        ("entropy", "", r"$H[q]=-\mathbb{E}_q\log q$", terms.entropy),
        ("complexity", "", r"$D(q\,\|\,\text{prior})$", terms.complexity),
        ("accuracy", "", r"$\mathbb{E}_q\log p(x\mid z)$", terms.accuracy),
        ("divergence", "the gap", r"$D(q\,\|\,\text{posterior})$", terms.divergence),
        ("surprisal", "", r"$-\log p(x)$", terms.surprisal),
        ("log evidence", "", r"$\log p(x)$", log_evidence),
    )
    lines = ["| term | definition | here | |", "|---|---|---|---|"]
    for name, other, definition, estimate in rows:
        named = glossary("Kullback-Leibler divergence", units, name) if name == "divergence" else glossary(name, units)
        also = f", {other}" if other else ""
        error = f":small[{margin(estimate.error / NATS_IN[units])}]"
        lines.append(f"| {named}{also} | {definition} | {amount(estimate, units)} | {error} |")
    lines.append(_partition(terms, units))
    return "\n".join(lines)


def _partition(terms: FreeEnergy, units: str) -> str:
    """Z = p(x): a probability or a density, and so in no unit of information."""
    value = math.exp(-terms.surprisal.value)
    shown = plain(value, value * terms.surprisal.error, 6)
    return f"| {glossary('partition function', units)} | $Z=p(x)=\\int p(x,z)\\,dz$ | {shown} | |"
