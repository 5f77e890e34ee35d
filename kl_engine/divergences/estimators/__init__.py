"""Estimates by draws: k1, k2 and k3, and what is exact about them."""
