"""Samples: reading them, fitting to them, and what held-out points say of the fit."""

from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import repeated_folds
from kl_engine.data.held_out import held_out
from kl_engine.data.kernel_density import bandwidth_grid, kernel_density, kernel_log_densities
from kl_engine.data.likelihood import LikelihoodFit, likelihood_fit, likelihood_fits
from kl_engine.data.number_tables import Column, LeftOut, NumberTable, read_table
from kl_engine.data.pasted.readings import Reading
from kl_engine.data.points import PointsFit, points_fits
from kl_engine.data.selection import select
from kl_engine.data.standard_errors import standard_errors

__all__ = [
    "Column",
    "Empirical",
    "LeftOut",
    "LikelihoodFit",
    "NumberTable",
    "PointsFit",
    "Reading",
    "bandwidth_grid",
    "held_out",
    "kernel_density",
    "kernel_log_densities",
    "likelihood_fit",
    "likelihood_fits",
    "points_fits",
    "read_table",
    "repeated_folds",
    "select",
    "standard_errors",
]
