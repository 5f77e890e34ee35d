"""The exact algebra of objectives: coefficients, what stands at one outcome, and sums of expectations."""
