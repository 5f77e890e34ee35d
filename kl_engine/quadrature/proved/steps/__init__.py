"""Proved integrals of one pair of mixtures by a single rule of equal steps, where components are of about one size."""
