"""What people already hold, as distributions of the engine; read by its attributes, so that nothing need be installed.

Taken are distributions of scipy.stats (frozen, Normal, Mixture, what make_distribution makes, gaussian_kde,
rv_histogram), GaussianMixture of scikit-learn, the distributions of torch, NumPyro and TensorFlow Probability, and a
one-dimensional array of probabilities. One file a library; `reading` asks them in turn.
"""

from kl_engine.distributions.adapters.arrays import as_array
from kl_engine.distributions.adapters.as_scipy import to_scipy
from kl_engine.distributions.adapters.reading import as_distribution

__all__ = ["as_array", "as_distribution", "to_scipy"]
