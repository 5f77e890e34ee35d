"""KL Lab's engine: the Kullback-Leibler divergence, its two directions, and what each does to a fit.

p is always the target, q the approximation; every divergence is in nats and comes as an `Estimate` with its error and
the kind of that error. Here stand the distributions most used, the divergences and `fit`; the rest is in namespaces:

- `distributions`: the other families, `as_distribution` for what other libraries hold, `Density` for your own
- `families`: of q, for `fit`;  `optima`: all stationary points, how they change, flows and landscapes
- `inference`: posteriors and free energy;  `coding`: codes;  `acting`: infer, then act;  `data`: samples and tables
- `objectives`: typed objectives and what they make of q;  `symbolic`: derivations that prove themselves (needs SymPy)

>>> import kl_engine as kl
>>> p = kl.GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1])
>>> q = kl.fit(p, "reverse").q
>>> round(kl.reverse_kl(p, q).value, 6)
0.481062
"""

from importlib import import_module

from kl_engine import acting, coding, data, distributions, divergences, inference, optima
from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.divergences.batch import kl_divergences
from kl_engine.divergences.gradients import Gradient, kl_gradient
from kl_engine.divergences.samples.against_density import kl_to_density
from kl_engine.divergences.samples.intervals import kl_from_samples
from kl_engine.divergences.verbs import (
    alpha_divergence,
    cross_entropy,
    disagreement,
    entropy,
    forward_kl,
    jensen_shannon,
    kl_bounds,
    kl_divergence,
    monte_carlo_kl,
    renyi_divergence,
    reverse_kl,
    total_variation,
)
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.estimates import Estimates
from kl_engine.fits import families
from kl_engine.fits.alpha import Alpha
from kl_engine.fits.fitting import fit, moment_match
from kl_engine.fits.solution import Solution, Status
from kl_engine.fits.weighted import Weighted

__version__ = "1.0.0"

__all__ = [
    "Alpha",
    "Categorical",
    "Certainty",
    "Direction",
    "Estimate",
    "Estimates",
    "Gaussian",
    "GaussianMixture",
    "Gradient",
    "MultivariateGaussian",
    "MultivariateGaussianMixture",
    "Solution",
    "Status",
    "Weighted",
    "acting",
    "alpha_divergence",
    "as_distribution",
    "coding",
    "cross_entropy",
    "data",
    "disagreement",
    "distributions",
    "divergences",
    "entropy",
    "families",
    "fit",
    "forward_kl",
    "inference",
    "jensen_shannon",
    "kl_bounds",
    "kl_divergence",
    "kl_divergences",
    "kl_from_samples",
    "kl_gradient",
    "kl_to_density",
    "moment_match",
    "monte_carlo_kl",
    "objectives",
    "optima",
    "renyi_divergence",
    "reverse_kl",
    "total_variation",
]

# Names of the old face → what stands in their place.
MOVED = {
    "alpha_fit": "fit(p, Alpha(a))",
    "alpha_optima": "fit(p, Alpha(a)).optima",
    "free_energy_flow": "optima.flow",
    "free_energy_optima": "fit(inference.posterior(model, x), 'reverse').optima",
    "gradient_flow": "optima.flow",
    "minimise_free_energy": "fit(inference.posterior(model, x), 'reverse')",
    "mixture_fit": "fit(p, direction, families.Mixture(components))",
    "multivariate_fit": "fit",
    "multivariate_optima": "fit(p, direction, family).optima",
    "reverse_optima": "fit(p, 'reverse').optima",
    "sampled_kl": "monte_carlo_kl (divergences.sampling_run reads one sample at growing sizes)",
    "two_modes": "GaussianMixture.two_modes",
    "Fit": "Solution",
    "MultivariateFit": "Solution",
    "Covariance": "families",
}
LATER = ("objectives", "symbolic")  # both rest on the grammar of formulas, a fifth of what the import would take
SPACES = ("optima", "inference", "coding", "acting", "data", "distributions", "divergences")  # where an old name may be


def __getattr__(name: str):
    """The namespaces of `LATER`, imported when they are first asked for.

    AttributeError with the new place for a name of the old face.
    """
    if name in LATER:
        try:
            return import_module(f"kl_engine.{name}")
        except ModuleNotFoundError as missing:
            if missing.name not in ("sympy", "mpmath"):  # which comes with it
                raise
            raise AttributeError(
                "kl_engine.symbolic needs SymPy: pip install sympy, or kl-engine[symbolic]"
            ) from missing
    place = MOVED.get(name)
    if place is None:
        place = next((f"{space}.{name}" for space in SPACES if name in _names_of(space)), None)
    if place is None:
        raise AttributeError(f"module 'kl_engine' has no attribute {name!r}")
    raise AttributeError(f"kl_engine.{name} is now kl_engine.{place}")


def _names_of(space: str) -> list[str]:
    return import_module(f"kl_engine.{space}").__all__
