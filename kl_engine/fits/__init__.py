"""Fitting q to p: the objectives, the descents on them, and what they end in."""
