"""Samples: reading them, fitting to them, and what held-out points say of the fit."""
