"""The view "Any two"."""
