"""What is kept between reruns, by section of the app."""

from pages.ui.cache.derive import checked_formula, explored, explored_forms, form_symbols, guessed_meanings, proof

__all__ = [
    "checked_formula",
    "explored",
    "explored_forms",
    "form_symbols",
    "guessed_meanings",
    "proof",
]
