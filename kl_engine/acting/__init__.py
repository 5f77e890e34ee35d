"""Finite models of states, observations and actions: infer, then act."""
