"""The free energy of a belief, for a finite model, a linear Gaussian one and one under a polynomial link."""
