"""Divergences that are sums: over symbols, and over whole numbers without an end."""
