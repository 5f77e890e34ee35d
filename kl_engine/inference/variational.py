"""The variational free energy of a belief q about the latent of a model, given data: every term with its error.

    F = energy − entropy = complexity − accuracy = divergence + surprisal  >=  surprisal

Source: R. Neal, G. Hinton 1998; C. Bishop, Pattern Recognition and Machine Learning (2006), 9.4 and 10.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.inference.coin_terms import coin_terms
from kl_engine.inference.count_models import BernoulliModel, PoissonModel
from kl_engine.inference.finite_terms import finite_terms
from kl_engine.inference.gaussian_terms import gaussian_terms
from kl_engine.inference.models import BetaModel, CategoricalModel, GaussianModel, Model, model_of

FAMILIES = {  # model: the family of q, and what computes the six terms
    CategoricalModel: (Categorical, finite_terms),
    GaussianModel: (Gaussian, gaussian_terms),
    BernoulliModel: (Gaussian, gaussian_terms),
    PoissonModel: (Gaussian, gaussian_terms),
    BetaModel: (Beta, coin_terms),
}


@dataclass(frozen=True)
class FreeEnergy:
    """The free energy of one q, in nats, and its six terms; all are Estimates.

    energy −E_q log p(x, z); entropy H[q]; complexity D(q‖prior); accuracy E_q log p(x∣z); divergence D(q‖posterior);
    surprisal −log p(x). For densities F, energy, entropy and surprisal may be negative. A term is ±inf, with the reason
    in its `method`, where q gives probability to what the model excludes. `value` is F, `elbo` −F. Made by
    `kl.inference.free_energy`.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> found = kl.inference.free_energy(model, kl.Gaussian(0, 1), 0.0)
    >>> f"{found.value:.6f} {found.complexity:.6f} {found.accuracy:.6f}"
    '1.418939 0.000000 -1.418939'
    """

    value: Estimate
    energy: Estimate
    entropy: Estimate
    complexity: Estimate
    accuracy: Estimate
    divergence: Estimate
    surprisal: Estimate

    @property
    def elbo(self) -> Estimate:
        """The evidence lower bound, −F <= log p(x)."""
        return -self.value


@ieee
def free_energy(model: Model, q: Gaussian | Categorical | Beta, x) -> FreeEnergy:
    """F[q] = E_q [log q(z) − log p(x, z)] in nats, with all its terms.

    `q` is a `Gaussian` for a `GaussianModel`, a `BernoulliModel` or a `PoissonModel`, a `Categorical` with as many
    states as a `CategoricalModel`, a `Beta` for a `BetaModel`; `x` is one observation or several of shape (n,), the
    index of an outcome, or a pair (heads, tails). Expectations are exact where they are of polynomials, exponentials,
    sums or Betas; quadrature elsewhere. Raises ValueError for a bad argument, OverflowError when F
    is beyond the largest double, ArithmeticError if the three forms differed by more than their errors. `model` is one
    of the five. Source: R. Neal, G. Hinton, in Learning in Graphical Models (1998) 355.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> f"{kl.inference.free_energy(model, kl.Gaussian(0.5, 0.5 ** 0.5), 1.0).divergence:.6f}"
    '0.000000'
    >>> f"{kl.inference.free_energy(model, kl.Gaussian(0, 1), 1.0).value:.6f}"
    '1.918939'
    """
    model = model_of(model)
    found = FAMILIES[type(model)][1](model, belief(model, q), model.observation(x))
    forms = found.forms()
    value = min(forms.values(), key=lambda form: form.error)
    for name, form in forms.items():  # an internal check: the three are one number
        if value.value != form.value and not abs(value.value - form.value) <= value.error + form.error:
            raise ArithmeticError(f"free_energy: {name} is {form!r}, and yet F is {value!r}")
    return FreeEnergy(value, *found)


def belief(model: Model, q: object, name: str = "q") -> Gaussian | Categorical | Beta:
    """`q` itself when it is of the family that goes with the model; otherwise a ValueError naming the argument."""
    family = FAMILIES[type(model_of(model))][0]
    if not isinstance(q, family):
        raise refuse(name, f"a {family.__name__}, as the model is a {type(model).__name__}", q)
    if isinstance(q, Categorical) and q.probs.size != model.prior.probs.size:
        raise refuse(name, f"{model.prior.probs.size} probabilities, one for each state", q)
    return q
