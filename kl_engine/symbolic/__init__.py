"""Derivations that prove themselves: closed forms and stationarity conditions, step by step, each step checked."""

from kl_engine.symbolic.catalogue import DERIVATIONS
from kl_engine.symbolic.check import Check, Outcome
from kl_engine.symbolic.derivation import Derivation, Step, Verification
from kl_engine.symbolic.typeset import latex

__all__ = ["DERIVATIONS", "Check", "Derivation", "Outcome", "Step", "Verification", "latex"]
