"""Every derivation by name, grouped by subject. To add one: write its builder, and a line here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kl_engine.symbolic.proof.derivation import Derivation
from kl_engine.symbolic.subjects import estimators, gaussian, gibbs, tails
from kl_engine.symbolic.subjects.families import alpha_family, bregman, families, laplace
from kl_engine.symbolic.subjects.fits import (
    covering,
    forward_fit,
    full_covariance,
    locking,
    mean_field,
    mixture_moments,
    pitchfork,
    reverse_fit,
    reverse_mixture,
)
from kl_engine.symbolic.subjects.gaussians import local_geometry, multivariate, special_cases
from kl_engine.symbolic.subjects.inference import polynomial_link, variational

Builder = Callable[[], Derivation]

SUBJECTS: dict[str, dict[str, Builder]] = {
    "Gaussians": {
        "gaussian_forward": gaussian.forward_form,
        "gaussian_reverse": gaussian.reverse_form,
        "gaussian_gap": special_cases.gap,
        "gaussian_zero": special_cases.zero_only_for_equal,
        "equal_means": special_cases.equal_means,
        "equal_widths": special_cases.equal_stds,
    },
    "Several dimensions": {
        "multivariate_gaussian": multivariate.general,
        "multivariate_diagonal": multivariate.diagonal,
        "multivariate_isotropic": multivariate.isotropic,
        "forward_covariance": full_covariance.forward,
        "reverse_covariance": full_covariance.reverse,
    },
    "Forward fit": {
        "forward_stationarity": forward_fit.stationarity,
        "forward_least_value": forward_fit.least_value,
        "forward_convexity": forward_fit.convexity,
        "forward_not_convex": forward_fit.not_convex_in_std,
        "mixture_moments": mixture_moments.moments,
    },
    "Reverse fit": {
        "reverse_gaussian_target": reverse_fit.gaussian_target,
        "bonnet": reverse_fit.bonnet,
        "price": reverse_fit.price,
        "reverse_stationarity": reverse_fit.stationarity,
        "reverse_mixture": reverse_mixture.conditions,
        "covering_minimum": covering.minimum,
        "pitchfork": pitchfork.condition,
        "pitchfork_signs": pitchfork.both_signs,
        "pitchfork_branches": pitchfork.branches,
        "locking_cost": locking.cost,
    },
    "Sampled estimators": {
        "estimators_in_loss": estimators.in_loss,
        "estimators_gaussian_mean": estimators.of_gaussians_in_mean,
        "estimators_gaussian_width": estimators.of_gaussians_in_width,
    },
    "Mean field": {
        "mean_field_reverse": mean_field.reverse_fit,
        "mean_field_forward": mean_field.forward_fit,
        "mean_field_cost": mean_field.cost,
    },
    "Free energy": {
        "free_energy_finite": variational.finite,
        "free_energy_gaussian": variational.linear_gaussian,
        "free_energy_polynomial": polynomial_link.minimum,
    },
    "Inequality and geometry": {
        "gibbs": gibbs.inequality,
        "fisher_metric": local_geometry.fisher_metric,
        "third_order": local_geometry.third_order,
        "tails_power": tails.powers,
        "tails_infinite": tails.infinite,
        "tails_finite": tails.finite,
    },
    "Exponential families": {
        "bregman": bregman.divergence,
        "family_stationarity": bregman.stationarity,
        "bernoulli": families.bernoulli,
        "categorical": families.categorical,
        "geometric": families.geometric,
        "poisson": families.poisson,
        "exponential": families.exponential,
        "gamma": families.gamma_family,
        "beta": families.beta,
        "dirichlet": families.dirichlet,
        "laplace": laplace.divergence,
    },
    "Alpha-divergence": {"alpha_divergence": alpha_family.gaussians},
}


class Catalogue(Mapping[str, Derivation]):
    """name → Derivation, a mapping. Each is built when it is first asked for; `subjects` lists names without building
    any.

    What they prove of divergences is in nats. Raises KeyError for a name that is not there. Source: each derivation is
    checked, line by line, by its own laws.

    >>> import kl_engine as kl
    >>> proof = kl.symbolic.DERIVATIONS["gibbs"]
    >>> proof.subject, proof.name, "gibbs" in kl.symbolic.DERIVATIONS
    ('Inequality and geometry', 'gibbs', True)
    """

    def __init__(self, subjects: dict[str, dict[str, Builder]]) -> None:
        self._builders = {
            name: (subject, build) for subject, group in subjects.items() for name, build in group.items()
        }
        self.subjects = {subject: tuple(group) for subject, group in subjects.items()}
        self._built: dict[str, Derivation] = {}

    def __getitem__(self, name: str) -> Derivation:
        if name not in self._built:
            subject, build = self._builders[name]
            self._built[name] = replace(build(), subject=subject, name=name)
        return self._built[name]

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} derivations in {len(self.subjects)} subjects)"

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)


DERIVATIONS = Catalogue(SUBJECTS)
