"""Families of distributions whose divergence has a closed form, and what all exponential families share."""
