"""Expectation propagation: the forward direction, one factor of the posterior at a time."""
