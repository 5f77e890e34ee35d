"""log p(x∣z) as a function of a number z: what posteriors, free energies and searches ask of a likelihood."""
