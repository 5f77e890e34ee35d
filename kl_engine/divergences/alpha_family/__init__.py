"""Divergences with a power α: D_α, Rényi, and the tilted integrand that they share."""
