"""Gaussians of several dimensions and their mixtures: `distributions`, then one concept a file.

Closed forms in any dimension (`closed_forms`); mixtures in the plane by adaptive cubature (`frames`, `integrands`,
`cells`, `cubature`, `plane`), beyond it by randomised quasi-Monte Carlo (`quasi_monte_carlo`); which of them, in
`divergences`. Fits of one Gaussian: `families`, `objective`, `descent`, `fits`.
"""
