"""The integrator of the plane: expectations under Gaussians of functions of the log densities of two mixtures."""
