"""The argument: what is said of the divergence, in the order in which one thing follows from another.

A claim is one entry of the module of its step. To add one, add it there; nothing here knows Streamlit or Altair.
"""

from __future__ import annotations

from pages.ui.views.claims.argument import (
    acting,
    directions,
    expectation,
    free_energies,
    generalising,
    inferring,
    measuring,
    practice,
    seeking,
)
from pages.ui.views.claims.argument.claim import Claim

STEPS: dict[str, tuple[Claim, ...]] = {
    "What it measures": measuring.CLAIMS,
    "Which distribution is averaged over": expectation.CLAIMS,
    "Mean-seeking, mode-seeking": seeking.CLAIMS,
    "Generalising": generalising.CLAIMS,
    "What inference does": inferring.CLAIMS,
    "Free energy": free_energies.CLAIMS,
    "Commit, then act": acting.CLAIMS,
    "Your own loss": practice.CLAIMS,
    "No direction is superior": directions.CLAIMS,
}
CLAIMS: dict[str, Claim] = {claim.key: claim for claims in STEPS.values() for claim in claims}
