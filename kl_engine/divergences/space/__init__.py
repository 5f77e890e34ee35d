"""Divergences of Gaussians and their mixtures in several dimensions."""
