"""What is kept between reruns, by section of the app."""

from pages.ui.cache.derive import checked_formula, explored, explored_forms, form_symbols, guessed_meanings, proof
from pages.ui.cache.explore import (
    basins_of,
    flows,
    lab_findings,
    plane_scene,
    relief,
)

__all__ = [
    "basins_of",
    "checked_formula",
    "explored",
    "explored_forms",
    "flows",
    "form_symbols",
    "guessed_meanings",
    "lab_findings",
    "plane_scene",
    "proof",
    "relief",
]
