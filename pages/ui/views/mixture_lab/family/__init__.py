"""The lab with a p that is no mixture of Gaussians: one family, heavy-tailed, skewed or bounded."""
