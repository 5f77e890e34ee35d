"""Derivations that prove themselves: closed forms and stationarity conditions, step by step, each step checked."""

from kl_engine.symbolic.proof.check import Check, Outcome
from kl_engine.symbolic.proof.derivation import Derivation, Step, Verification
from kl_engine.symbolic.proof.typeset import latex
from kl_engine.symbolic.subjects.catalogue import DERIVATIONS

__all__ = ["DERIVATIONS", "Check", "Derivation", "Outcome", "Step", "Verification", "latex"]
