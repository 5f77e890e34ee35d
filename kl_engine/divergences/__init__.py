"""Entropies and divergences of every pair of distributions that the engine knows, each with its error."""
