"""What is kept between reruns, by section of the app."""

from pages.ui.cache.applied import (
    data_directions,
    data_kernel_failures,
    data_kernels,
    data_mode,
    data_size,
    demonstration,
    read_objective,
)
from pages.ui.cache.derive import checked_formula, explored, explored_forms, form_symbols, guessed_meanings, proof
from pages.ui.cache.explore import (
    alpha_member,
    basins_of,
    dial,
    flows,
    found_transitions,
    lab_findings,
    plane_scene,
    points_of,
    relief,
    trials,
)

__all__ = [
    "alpha_member",
    "basins_of",
    "checked_formula",
    "data_directions",
    "data_kernel_failures",
    "data_kernels",
    "data_mode",
    "data_size",
    "demonstration",
    "dial",
    "explored",
    "explored_forms",
    "flows",
    "form_symbols",
    "found_transitions",
    "guessed_meanings",
    "lab_findings",
    "plane_scene",
    "points_of",
    "proof",
    "read_objective",
    "relief",
    "trials",
]
