"""Bounds and approximations of the divergence between mixtures, beside the exact value."""
