"""Divergences on [0, 1]: closed forms between Betas, and quadrature where there is none."""
