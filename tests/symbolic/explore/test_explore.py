"""What is done to a closed form agrees with the form it was done to, in numbers; what cannot be done is said."""

import mpmath
import pytest
from mpmath import mpf
from sympy import Integer, Rational, log, oo, sqrt

from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.explore import stationary
from kl_engine.symbolic.explore.explore import differentiate, evaluate, fix, forms_of
from kl_engine.symbolic.explore.settings import ExplorationError
from kl_engine.symbolic.explore.stationary import solve_stationarity
from kl_engine.symbolic.formulas.grammar import FormulaError
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import mu_p, mu_q, sigma_p, sigma_q
from kl_engine.symbolic.proof.sampling import value
from kl_engine.symbolic.proof.zero import is_zero
from kl_engine.symbolic.subjects.gaussian import closed_form
from tests.sweeps import part

NAMES = ("gaussian_forward", "gaussian_reverse", "bernoulli", "categorical", "geometric", "poisson", "exponential",
         "gamma", "beta", "laplace", "alpha_divergence", "mean_field_cost", "locking_cost", "free_energy_polynomial",
         "forward_least_value")  # fmt: skip
FORMS = [form for name in NAMES for form in forms_of(DERIVATIONS[name])]
EACH = part([(form, symbol) for form in FORMS for symbol in form.parameters], 24, lambda each: each[0].derivation)
IDS = [f"{form.derivation}-{form.label[:6]}-{symbol}" for form, symbol in EACH]
FORWARD = forms_of(DERIVATIONS["gaussian_forward"])[0]


def _form(name, place=0):
    return forms_of(DERIVATIONS[name])[place]


@pytest.fixture(autouse=True)
def _digits():
    with mpmath.workdps(62):
        yield


@pytest.mark.parametrize(("form", "symbol"), EACH, ids=IDS)
def test_a_fixed_symbol(form, symbol):
    fixed = fix(form, {symbol.name: "3/7"})
    assert symbol not in fixed.expression.free_symbols
    assert not fixed.is_limit
    for point in form.points(3):
        there = point | {symbol: mpf(3) / 7}
        assert abs(value(fixed.expression, there) - value(form.expression, there)) < 1e-40


@pytest.mark.parametrize(("form", "symbol"), EACH, ids=IDS)
def test_a_derivative(form, symbol):
    slope = differentiate(form, symbol.name)
    for point in form.points(2):
        with mpmath.workdps(100):
            here = {s: v for s, v in point.items() if s != symbol}
            direct = mpmath.diff(_of(form, symbol, here), point[symbol], h=mpf(10) ** -40)
        assert abs(value(slope.expression, point) - direct) < mpf(10) ** -30 * (1 + abs(direct))


def _of(form, symbol, others):
    return lambda number: value(form.expression, others | {symbol: number})


@pytest.mark.parametrize(("form", "symbol"), EACH, ids=IDS)
def test_stationarity(form, symbol):
    found = solve_stationarity(form, symbol.name)
    assert found.words.endswith(".")
    slope = form.expression.diff(symbol)
    for point in form.points(4):
        for solution in found.solutions:
            there = point | {symbol: value(solution.value, point)}
            assert abs(value(slope, there)) < 1e-40 or not solution.always
            assert solution.kind == "minimum"
            assert solution.proved or form.derivation in ("alpha_divergence", "categorical")
        # With equal parameters the divergence is least. So a solution there must have been found, or none claimed.
        if found.complete and form.label.startswith("D("):
            assert found.solutions


def test_known_solutions():
    (best,) = solve_stationarity(FORWARD, "sigma_q").solutions
    assert best.value == sqrt(sigma_p**2 + (mu_p - mu_q) ** 2)
    assert (best.kind, best.always, best.proved) == ("minimum", True, True)
    assert [s.value for s in solve_stationarity(_form("gaussian_reverse"), "sigma_q").solutions] == [sigma_p]
    free_energy = _form("free_energy_polynomial")
    (best,) = solve_stationarity(fix(free_energy, {"m": "3/2"}), "w").solutions
    assert is_zero(best.value - (sqrt(537) - 21) / 24)
    (best,) = solve_stationarity(fix(free_energy, {"w": "1/10"}), "m").solutions
    assert abs(2 * best.value**3 - Rational(12, 5) * best.value - 3) < 1e-18
    assert not best.proved  # it has no formula, and is shown as a number


def test_no_solution_is_said():
    assert "no stationary point in w within" in solve_stationarity(_form("locking_cost"), "w").words
    assert "finds no solution" in solve_stationarity(_form("gamma"), "a_q").words
    assert "whatever" in solve_stationarity(_form("forward_least_value"), "H_p").words


def test_a_planted_solution_is_refused(monkeypatch):
    candidates = stationary._candidates

    def planted(condition, symbol):
        found, complete = candidates(condition, symbol)
        return [2 * sigma_p, -sigma_p, Integer(0), *found], complete

    monkeypatch.setattr(stationary, "_candidates", planted)
    solutions = solve_stationarity(_form("gaussian_reverse"), "sigma_q").solutions
    assert [solution.value for solution in solutions] == [sigma_p]


def test_special_cases_of_the_gaussian():
    assert fix(FORWARD, {"sigma_q": "sigma_p"}).expression == (mu_p - mu_q) ** 2 / (2 * sigma_p**2)
    only_widths = log(sigma_q / sigma_p) + sigma_p**2 / sigma_q**2 / 2 - Rational(1, 2)
    assert is_zero(fix(FORWARD, {"mu_q": "mu_p"}).expression - only_widths)
    both = fix(FORWARD, {"mu_q": "mu_p", "sigma_q": "sigma_p"})
    assert both.expression == 0
    assert both.steps == ("μ_q = μ_p", "σ_q = σ_p")
    assert both.latex == "0"
    standard = fix(FORWARD, {"mu_p": 0, "sigma_p": 1})
    assert is_zero(standard.expression - closed_form(Gaussian(Integer(0), Integer(1)), Gaussian(mu_q, sigma_q)))
    assert [s.name for s in standard.parameters] == ["mu_q", "sigma_q"]


LIMITS = (
    ("bernoulli", 0, "theta_p", 0), ("bernoulli", 0, "theta_p", 1), ("bernoulli", 1, "theta_q", 1),
    ("geometric", 0, "theta_p", 1), ("categorical", 0, "theta_2_p", 0), ("alpha_divergence", 0, "alpha", 0),
    ("alpha_divergence", 0, "alpha", 1),
)  # fmt: skip


@pytest.mark.parametrize(("name", "place", "symbol", "end"), LIMITS)
def test_limits(name, place, symbol, end):
    form = _form(name, place)
    limit = fix(form, {symbol: end})
    assert limit.is_limit
    assert limit.steps == (f"limit {spoken(symbol)} → {end}",)
    near = mpf(10) ** -25
    for point in form.points(3):
        there = point | {form.symbol(symbol): end + near if end == 0 else end - near}
        assert abs(value(limit.expression, there) - value(form.expression, there)) < 1e-20


def test_both_directions_are_limits_of_the_alpha_divergence():
    form = _form("alpha_divergence")
    for end, direction in ((1, closed_form(Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q))),
                           (0, closed_form(Gaussian(mu_q, sigma_q), Gaussian(mu_p, sigma_p)))):  # fmt: skip
        assert is_zero(fix(form, {"alpha": end}).expression - direction)


@pytest.mark.parametrize(("name", "symbol", "end"), [("bernoulli", "theta_q", 0), ("bernoulli", "theta_q", 1),
                         ("mean_field_cost", "rho", -1), ("geometric", "theta_p", 0),
                         ("locking_cost", "w", 0)])  # fmt: skip
def test_infinite_limits(name, symbol, end):
    form = fix(_form(name), {symbol: end})
    assert form.expression == oo
    assert form.is_limit
    assert evaluate(form, {}).digits == "infinite"


REFUSED = (
    ({"sigma_p": 0}, r"σ_p must be above 0 \(you entered 0\)"), ({"sigma_q": "-1"}, r"σ_q must be above 0 \(you"),
    ({"sigma_p": "mu_p"}, "same kind"), ({"sigma_p": "sigma_p"}, "cannot be set"), ({"rho": 0}, "not a symbol"),
)  # fmt: skip


@pytest.mark.parametrize(("settings", "words"), REFUSED)
def test_settings_out_of_domain(settings, words):
    with pytest.raises(ExplorationError, match=words):
        fix(FORWARD, settings)


@pytest.mark.parametrize("text", ["__import__('os')", "mu_p.x", "9**9**9", "1/0", "nan", "oo", "", "sigma_p*2", "1e99"])
def test_text_is_read_by_the_grammar(text):
    with pytest.raises(FormulaError):
        fix(FORWARD, {"mu_p": text})


def test_what_has_no_formula_is_said():
    for name, words in (("multivariate_gaussian", "matrices"), ("pitchfork", "no closed form")):
        with pytest.raises(ExplorationError, match=words):
            forms_of(DERIVATIONS[name])


def test_numbers():
    found = evaluate(FORWARD, {"mu_p": 0, "sigma_p": 1, "mu_q": 0, "sigma_q": 2})
    assert found.value == pytest.approx(0.3181471805599453, abs=1e-16)
    assert found.digits.startswith("0.3181471805599453094172321214581765680755")
    # Nearly equal: what cancels is not shown as if it were known.
    near = evaluate(FORWARD, {"mu_p": 0, "sigma_p": 1, "mu_q": 0, "sigma_q": "1.000000000001"})
    assert near.digits.startswith("9.99999999998333333333335583333")
    assert len(near.digits) < len(found.digits)
    free_energy = evaluate(_form("free_energy_polynomial"), {"m": "1.4933107791", "w": "0.0915007912"})
    assert free_energy.value == pytest.approx(3.2635847043476085, abs=1e-12)


def test_numbers_need_every_symbol_in_its_domain():
    with pytest.raises(ExplorationError, match="μ_q, σ_p, σ_q"):
        evaluate(FORWARD, {"mu_p": 0})
    with pytest.raises(ExplorationError, match="must be"):
        evaluate(FORWARD, {"mu_p": 0, "sigma_p": 0, "mu_q": 0, "sigma_q": 1})


def test_a_chain_of_derivatives_ends():
    form = _form("alpha_divergence")
    with pytest.raises(ExplorationError, match="too large"):
        for _ in range(6):
            form = differentiate(form, "alpha")
