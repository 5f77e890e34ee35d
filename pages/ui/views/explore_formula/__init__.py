"""The view "Explore a formula"."""
