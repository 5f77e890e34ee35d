"""Every verb × every pair of kinds that the registry knows × the examples; and what is registered by halves."""

from __future__ import annotations

import inspect
import math
import warnings
from itertools import product

import numpy as np
import pytest
from scipy import special, stats

import kl_engine as kl
from kl_engine.distributions.line import StudentT
from kl_engine.divergences import line, registry
from kl_engine.divergences.alpha_family.alpha import alpha_divergence as line_alpha
from kl_engine.divergences.registry import Kind, Refusal
from tests.laws.families import FAMILIES, cdf, log_density
from tests.laws.laws import DEFINITIONS, complaints

HEAVY = ("other families on the line", "multivariate Gaussians", "Dirichlets")  # no Rényi above 1, or none at all
MANY = ("other families on the line", "families over whole numbers")  # kinds of many families, one class each
UNDEFINED = ("kl_bounds", "monte_carlo_kl")  # they are judged beside kl_divergence, in tests of their own
PAIRED = [verb for verb in registry.VERBS.values() if verb.arguments == 2 and verb.name not in UNDEFINED]
PAIRS = list(product(registry.kinds(), repeat=2))


def public_families() -> list[type]:
    """The classes of distributions in the two namespaces; a person's own density is no family."""
    named = [getattr(space, name) for space in (kl, kl.distributions) for name in space.__all__]
    known = tuple(each for kind in registry.kinds() for each in kind.classes)
    return [
        each
        for each in named
        if inspect.isclass(each) and issubclass(each, known) and each is not kl.distributions.Density
    ]


def missing() -> list[str]:
    """What the registry, or these tests, know by halves."""
    found = [f"no examples of {kind.name}" for kind in registry.kinds() if kind.name not in FAMILIES]
    paired = [name for name, verb in registry.VERBS.items() if verb.arguments == 2 and name not in UNDEFINED]
    shown = {type(example) for family in FAMILIES.values() for example in family.examples}
    found += [f"no example of {family.__name__}" for family in public_families() if family not in shown]
    found += [f"no definition of {name} in laws.DEFINITIONS" for name in paired if name not in DEFINITIONS]
    pairs = product(registry.kinds(), repeat=2)
    return found + [
        f"no row for {verb.name} of {' and '.join(kind.name for kind in pair)}"
        for pair in pairs
        for verb in registry.VERBS.values()
        if registry.row(verb.name, *(pair[: verb.arguments])) is None
    ]


def test_every_verb_has_a_row_for_every_pair_of_kinds():
    assert not missing()


def test_every_public_function_of_two_distributions_is_a_verb():
    named = {
        name
        for name in kl.__all__
        if callable(getattr(kl, name))
        and not inspect.isclass(getattr(kl, name))
        and list(inspect.signature(getattr(kl, name)).parameters)[:2] in (["a", "b"], ["p", "q"])
    }
    # A gradient is no number, and of few kinds; the two directions are `kl_divergence`.
    assert named - {"forward_kl", "reverse_kl", "kl_gradient"} <= set(registry.VERBS)


def test_a_refusal_names_a_way_out():
    for row in registry.TABLE.values():
        if isinstance(row, Refusal):
            assert any(word in row.reason for word in ("kl_divergence", "same kind", "as many dimensions")), row


@pytest.mark.parametrize("verb", PAIRED, ids=lambda verb: verb.name)
def test_laws(verb):
    few = verb.options if len(verb.options) == 1 else verb.options[::3]
    found = []
    for first, second in PAIRS:
        a, b = FAMILIES[first.name].examples[0], FAMILIES[second.name].examples[1]
        for options in few:
            found += complaints(verb, a, b, **options)
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("example", [d for name in MANY for d in FAMILIES[name].examples[2:]], ids=repr)
def test_a_family_is_what_its_density_says(example):
    other = FAMILIES[registry.kind_of(example, "example").name].examples[0]
    verbs = [registry.VERBS[name] for name in ("kl_divergence", "jensen_shannon")]
    pairs = ((example, other), (other, example))
    assert not [said for verb in verbs for pair in pairs for said in complaints(verb, *pair)]


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in HEAVY])
def test_limits_and_order_in_alpha(name):
    p, q = FAMILIES[name].examples[:2]
    forward, reverse = kl.forward_kl(p, q), kl.reverse_kl(p, q)
    for near, limit in ((1 - 1e-7, forward), (1e-7, reverse)):
        assert kl.alpha_divergence(p, q, near).value == pytest.approx(limit.value, rel=1e-5)
    assert kl.renyi_divergence(p, q, 1 - 1e-7).value == pytest.approx(forward.value, rel=1e-5)
    found = [kl.renyi_divergence(p, q, order) for order in (0.0, 0.1, 0.5, 0.9, 1.0, 1.05)]
    for low, high in zip(found, found[1:]):
        assert low.value <= high.value + low.error + high.error


@pytest.fixture
def table():
    """The registry, to be spoiled; afterwards it is as before."""
    held = (registry.TABLE, registry.KIND_OF, registry.VERBS)
    before = [dict(each) for each in held]
    yield registry
    for each, kept in zip(held, before):
        each.clear()
        each.update(kept)


RENYI = registry.VERBS["renyi_divergence"]
LINE = registry.KIND_OF[kl.Gaussian]
APART = FAMILIES["Gaussians on the line"].examples[3]


def wrong_factor(p, q, alpha):
    return line_renyi(p, q, alpha) * alpha


def through_alpha(p, q, alpha):
    """log(1 − α (1−α) D_α)/(α−1), whose logarithm has no argument left at far modes."""
    d = line_alpha(p, q, alpha)
    return kl.Estimate(math.log(1 - alpha * (1 - alpha) * d.value) / (alpha - 1), d.error, d.certainty, d.method)


line_renyi = registry.TABLE["renyi_divergence", LINE, LINE]


def test_a_renyi_divergence_with_a_wrong_factor_is_seen(table):
    table.TABLE["renyi_divergence", LINE, LINE] = wrong_factor
    p, q = FAMILIES[LINE.name].examples[:2]
    said = "\n".join(complaints(RENYI, p, q, alpha=0.3))
    assert "as_defined" in said and "mirrored" in said


def test_a_renyi_divergence_that_loses_far_modes_is_seen(table):
    table.TABLE["renyi_divergence", LINE, LINE] = through_alpha
    assert any("math domain error" in said for said in complaints(RENYI, APART, kl.Gaussian(0, 1), alpha=0.5))
    table.TABLE["renyi_divergence", LINE, LINE] = line_renyi
    assert not complaints(RENYI, APART, kl.Gaussian(0, 1), alpha=0.5)


def test_a_number_that_comes_with_a_warning_is_seen(table):
    def warned(p, q, alpha):
        warnings.warn("the maximum number of subdivisions has been achieved", RuntimeWarning, stacklevel=1)
        return line_renyi(p, q, alpha)

    table.TABLE["renyi_divergence", LINE, LINE] = warned
    assert any("subdivisions" in said for said in complaints(RENYI, *FAMILIES[LINE.name].examples[:2], alpha=0.5))


def test_a_family_registered_by_halves_is_seen(table):
    class Heavy(StudentT):
        pass

    kind = Kind("heavy tails", (Heavy,))
    table.TABLE["kl_divergence", kind, LINE] = line.kl_divergence
    said = missing()
    assert "no examples of heavy tails" in said
    assert "no row for kl_divergence of Gaussians on the line and heavy tails" in said


def test_a_divergence_registered_without_a_definition_is_seen(table):
    registry.verb("squared_hellinger", divergence=True)
    assert any("squared_hellinger" in each for each in missing())


SINGULAR = [kl.distributions.Beta(0.5, 0.7), kl.distributions.Beta(2, 0.5), kl.distributions.Beta(0.02, 0.03)]


@pytest.mark.parametrize("verb", [kl.jensen_shannon, kl.total_variation], ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("singular", SINGULAR, ids=repr)
@pytest.mark.parametrize("other", FAMILIES["other families on the line"].examples, ids=repr)
def test_a_beta_that_is_singular_where_it_ends_beside_a_density_of_the_line(verb, singular, other):
    # Beyond 1 the Beta is 0, although its density there is infinite from the other side.
    found = verb(singular, other)
    assert found.error < 1e-11 and verb(other, singular).value == pytest.approx(found.value, abs=1e-13)
    # The part of `other` outside of [0, 1] counts in full: ½ of it, or ½ log 2 times it.
    outside = 1 - float(np.diff(cdf(other, [0, 1]))[0])
    share = 0.5 if verb is kl.total_variation else 0.5 * math.log(2)
    assert found.value > share * outside
    # What lies within, by the trapezoid rule in the logit of x, in which both ends are exponentials.
    u = np.arange(-700, 700, 1e-3)
    log_x, log_rest = -np.logaddexp(0, -u), -np.logaddexp(0, u)
    beta = stats.beta(singular.a, singular.b)
    jacobian = log_x + log_rest
    log_a = (singular.a - 1) * log_x + (singular.b - 1) * log_rest - special.betaln(*beta.args) + jacobian
    log_b = log_density(other, np.exp(log_x)) + jacobian
    a, b = np.exp(log_a), np.exp(log_b)
    if verb is kl.total_variation:
        within = 0.5 * np.abs(a - b).sum() * 1e-3
    else:
        middle = np.logaddexp(log_a, log_b) - math.log(2)
        within = 0.5 * ((a * (log_a - middle))[a > 0].sum() + (b * (log_b - middle))[b > 0].sum()) * 1e-3
    assert found.value == pytest.approx(share * outside + within, abs=3e-7)
