"""Integrals of any two densities on the line: pieces of the support, panels on them, and what lies beyond."""

from kl_engine.quadrature.general.endings import RULE, ending
from kl_engine.quadrature.general.panels import RELATIVE_GOAL, first_panels, integrate
from kl_engine.quadrature.general.pieces import Integral, Pair, Piece, Unsettled, pieces_of, told_apart

__all__ = [
    "RELATIVE_GOAL",
    "RULE",
    "Integral",
    "Pair",
    "Piece",
    "Unsettled",
    "ending",
    "first_panels",
    "integrate",
    "pieces_of",
    "told_apart",
]
