"""Models of a latent and data, their posteriors, and the beliefs that approximate these: free energy and its minima."""

from kl_engine.inference import posterior_problem as posterior_problem  # so that `kl.fit` knows a posterior
