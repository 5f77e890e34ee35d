"""The view "Check my formula"."""
