"""The view "API"."""
