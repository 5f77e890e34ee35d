"""Objectives that are recognised by their values: what they come to on distributions over a few outcomes."""
