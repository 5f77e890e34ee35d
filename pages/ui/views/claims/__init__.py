"""The view "Claims"."""
