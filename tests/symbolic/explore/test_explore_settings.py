"""Settings of a closed form's symbols, all at once: those that refer to each other, and those that others fix."""

import mpmath
import pytest
from mpmath import mpf

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.explore.explore import evaluate, fix, forms_of
from kl_engine.symbolic.explore.settings import ExplorationError
from kl_engine.symbolic.formulas.symbol_names import written
from kl_engine.symbolic.proof.sampling import value

FORWARD = forms_of(DERIVATIONS["gaussian_forward"])[0]


def _form(name):
    return forms_of(DERIVATIONS[name])[0]


@pytest.fixture(autouse=True)
def _digits():
    with mpmath.workdps(62):
        yield


@pytest.mark.parametrize(
    ("settings", "left", "steps"),
    [
        ({"sigma_p": "sigma_q", "sigma_q": "sigma_p"}, ["mu_p", "sigma_p", "mu_q"], ("σ_q = σ_p",)),
        ({"mu_q": "2", "mu_p": "mu_q"}, ["sigma_p", "sigma_q"], ("μ_p = μ_q", "μ_q = 2")),
        ({"mu_p": "mu_q", "mu_q": "2"}, ["sigma_p", "sigma_q"], ("μ_p = μ_q", "μ_q = 2")),
        ({"μ_p": "μ_q"}, ["sigma_p", "mu_q", "sigma_q"], ("μ_p = μ_q",)),
        ({"mu_q": "1", "mu_p": "1"}, ["sigma_p", "sigma_q"], ("μ_q = 1", "μ_p = 1")),
    ],
)
def test_settings_that_refer_to_each_other(settings, left, steps):
    fixed = fix(FORWARD, {written(name): setting for name, setting in settings.items()})
    assert [symbol.name for symbol in fixed.parameters] == left
    assert set(fixed.steps) == set(steps) or "μ_p = 2" in fixed.steps
    for point in fixed.points(3):
        whole = {symbol: point.get(symbol) for symbol in FORWARD.parameters}
        for name, setting in 2 * list(settings.items()):
            symbol, other = FORWARD.symbol(written(name)), written(setting)
            known = mpf(other) if other.isdigit() else whole[FORWARD.symbol(other)]
            whole[symbol] = whole[symbol] if known is None else known
        assert abs(value(fixed.expression, point) - value(FORWARD.expression, whole)) < 1e-40


@pytest.mark.parametrize(
    "settings",
    [
        {"a_1_p": "a_2_p", "a_2_p": "a_3_p", "a_3_p": "3", "a_1_q": "a_1_p", "a_2_q": "2"},
        {"a_1_p": "a_2_p", "a_2_p": "1", "a_3_p": "a_2_p", "a_1_q": "a_3_p"},
        {"a_1_p": "a_2_p", "a_2_p": "a_3_p", "a_3_p": "a_1_p", "a_1_q": "1"},
    ],
)
def test_chains_and_rings_of_settings(settings):
    form = _form("dirichlet")
    assert len(fix(form, settings).parameters) == (3 if settings["a_3_p"] == "a_1_p" else 6 - len(settings))


def test_probabilities_sum_to_one():
    for form in forms_of(DERIVATIONS["categorical"]):
        assert [s.name for s in form.parameters] == ["theta_1_p", "theta_2_p", "theta_1_q", "theta_2_q"]
        place = {"theta_1_p": "1/2", "theta_2_p": "1/4", "theta_1_q": "1/4", "theta_2_q": "1/4"}
        direct = [(0.5, 0.25), (0.25, 0.25), (0.25, 0.5)]
        pairs = direct if form.label == "D(p‖q)" else [(q, p) for p, q in direct]
        assert evaluate(form, place).value == pytest.approx(sum(a * mpmath.log(a / b) for a, b in pairs))
        for bad in ({"theta_1_p": "0.7", "theta_2_p": "0.7"}, {"theta_1_q": "3/4", "theta_2_q": "theta_1_q"}):
            with pytest.raises(ExplorationError, match="would then be -"):
                fix(form, bad)
        with pytest.raises(ExplorationError, match="θ_3_p would then be -2/5"):
            evaluate(form, place | {"theta_1_p": "0.7", "theta_2_p": "0.7"})
        for point in form.points(5):
            assert all(0 < value(tied, point) < 1 for _, tied in form.ties)


def test_a_last_probability_of_zero_is_out_of_its_domain():
    with pytest.raises(ExplorationError, match="θ_3_p would then be 0, but it must be between 0 and 1"):
        fix(_form("categorical"), {"theta_1_p": "1/2", "theta_2_p": "1/2"})
    with pytest.raises(ExplorationError, match="No values are left for θ_3_p, θ_3_q"):
        fix(_form("categorical"), {"theta_1_p": "1"})
