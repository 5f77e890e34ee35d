"""Integrals of Gaussian mixtures on the line whose stated error is a theorem, for one pair or for many in rows."""
