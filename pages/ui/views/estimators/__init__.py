"""Estimators: the exact divergence beside every bound, approximation and sample of it."""
