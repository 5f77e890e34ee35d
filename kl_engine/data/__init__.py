"""Samples: reading them, fitting to them, and what held-out points say of the fit."""

from kl_engine.data.empirical import Empirical
from kl_engine.data.kernel_density import bandwidth_grid, kernel_density, kernel_log_densities
from kl_engine.data.likelihood import LikelihoodFit, likelihood_fit
from kl_engine.data.number_tables import Column, LeftOut, NumberTable, read_table
from kl_engine.data.pasted.readings import Reading

__all__ = [
    "Column",
    "Empirical",
    "LeftOut",
    "LikelihoodFit",
    "NumberTable",
    "Reading",
    "bandwidth_grid",
    "kernel_density",
    "kernel_log_densities",
    "likelihood_fit",
    "read_table",
]
