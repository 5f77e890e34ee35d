"""Models of a latent and data, their posteriors, and the beliefs that approximate these: free energy and its minima."""
