"""Formulas in the spellings of code, papers and notes: every one is read as what it is, in bounded time and memory."""

from __future__ import annotations

import tracemalloc

import pytest

from kl_engine.symbolic.recognise.findings import Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula, meanings_in
from tests.reference import spellings
from tests.sweeps import part

CASES = [*spellings("pasted_formulas"), *spellings("spelled_formulas")]
MOST_MEMORY = 20e6  # bytes


def direction_of(text: str) -> str:
    """What the check calls a text: a direction, or neither."""
    check = check_formula(text)
    assert check.verdict is not Verdict.UNDEFINED
    return check.direction or "neither"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=range(len(CASES)))
def test_each_spelling_is_read_as_what_it_is(text, expected):
    assert direction_of(text) == expected


def test_no_spelling_needs_much_memory():
    check_formula(CASES[0][0])  # what is kept for all
    tracemalloc.start()
    for text, _ in part(CASES[::9], 14):
        check_formula(text)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        check_formula(text)
        assert tracemalloc.get_traced_memory()[1] - before < MOST_MEMORY
    tracemalloc.stop()


FACTORS = {
    "beta * 0.5*(mu**2 + sigma**2 - 2*log(sigma) - 1)": ("beta", 1),
    "0.5*(mu**2 + sigma**2 - 2*log(sigma) - 1) / batch_size": ("1/batch_size", 1),
    "self.kl_weight * (mu**2 + sigma**2 - 2*log(sigma) - 1)": ("kl_weight", 2),
    "-0.5*torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0) * beta": ("beta/size", 1),
    r"\frac{\beta}{2N} \sum_j (\mu_j^2 + \sigma_j^2 - \log \sigma_j^2 - 1)": ("beta/N", 1),
}


@pytest.mark.parametrize("text", FACTORS)
def test_a_factor_is_a_factor(text):
    check = check_formula(text)
    names, number = FACTORS[text]
    assert check.direction == "reverse" and check.match.factor == number
    assert {str(symbol) for symbol in check.factor.free_symbols} == {
        name.removeprefix("1/") if name != "size" else "x.size(0)" for name in names.split("/") if name != "1"
    }


@pytest.mark.parametrize("loss", ["recon", "BCE", "F.mse_loss(x_hat, x)", "self.reconstruction_loss", "nll.mean()"])
def test_what_stands_beside_it_is_set_aside(loss):
    check = check_formula(f"{loss} + beta * 0.5*(mu**2 + sigma**2 - 2*log(sigma) - 1)")
    assert check.is_right and any(loss in remark for remark in check.remarks)


def test_a_name_that_is_no_loss_is_asked_about():
    for text in ("foo + 0.5*(mu**2 + sigma**2 - 2*log(sigma) - 1)", "0.5*(mu**2 + bar*sigma**2 - 2*log(sigma) - 1)"):
        with pytest.raises(ValueError, match="has no meaning yet"):
            check_formula(text)


def test_a_log_variance_used_as_a_log_std_is_said():
    check = check_formula("-0.5*torch.sum(1 + 2*logvar - mu**2 - torch.exp(2*logvar))")
    assert check.direction is None and "if logvar meant the log standard deviation" in check.headline


@pytest.mark.parametrize(("text", "words"), [
    ("log(s2/s1) + (s1**2 + (m1-m2)**2)/2*s2**2 - 1/2", "lacks brackets"),
    (r"\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}-\frac12", "logarithm is missing"),
])  # fmt: skip
def test_the_slip_is_still_named(text, words):
    assert words in check_formula(text).headline


IDENTIFIERS = {
    "0.5f0 * sum(exp.(2 .* logσ) .+ μ.^2 .- 1 .- 2 .* logσ)": True,
    "0.5f0 * sum(exp.(2 .* logσ) .+ μ.^2 .- 1 .- logσ.^2)": False,  # (log σ)², not log σ²
    "-0.5 * sum(@. 1 + 2logσ - μ^2 - exp(2logσ))": True,
    "0.5*(μ^2 + σ^2 - logσ^2 - 1)": True,  # as on paper
}


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_a_power_of_a_name_in_julia_is_of_all_of_it(text):
    check = check_formula(text)
    assert check.is_right is IDENTIFIERS[text] and (check.is_right or "slip" not in check.headline)


def test_a_variance_that_is_squared_once_more_is_said():
    check = check_formula("-0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp().square())")
    assert check.direction is None and "squared once more" in check.headline


@pytest.mark.parametrize("text", [
    "np.log((b2 - a2)/(b1 - a1))", "log(hi_q - lo_q) - log(hi_p - lo_p)", r"\ln\frac{b_q - a_q}{b_p - a_p}",
])  # fmt: skip
def test_two_uniform_distributions_are_named_where_they_are_refused(text):
    with pytest.raises(ValueError, match="two uniform distributions"):
        check_formula(text)


def test_the_length_of_no_interval_is_no_uniform_distribution():
    with pytest.raises(ValueError, match="has no meaning yet"):
        check_formula("np.log((b2 - a2)/(b1 + a1))")


@pytest.mark.parametrize("text", [
    "losses = {}\nlosses['kl'] = -0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp())\nreturn sum(losses.values())",
    "out = dict()\nout['kl'] = 1 + logvar - mu**2 - logvar.exp()\nout['kl'] *= -0.5\nloss = out['kl'].sum()",
    "self.terms['kl'] = 0.5 * (mu**2 + var - 1 - torch.log(var))\nreturn self.terms",
])  # fmt: skip
def test_what_a_dictionary_holds_is_read(text):
    assert check_formula(text).is_right


MADE_POSITIVE = (
    "std = F.softplus(raw_std)\nkl = torch.sum(0.5 * (loc**2 + std**2) - torch.log(std) - 0.5)",
    "sigma = 1e-6 + nn.Softplus()(h)\nkl = (0.5 * (mu**2 + sigma**2) - torch.log(sigma) - 0.5).sum()",
    "var = torch.sigmoid(v) * 2\nkl = 0.5 * (mu**2 + var - 1 - torch.log(var)).sum()",
    "sigma = torch.log1p(torch.exp(rho))\nkl = (0.5 * (mu**2 + sigma**2) - torch.log(sigma) - 0.5).sum()",
)


@pytest.mark.parametrize("text", MADE_POSITIVE)
def test_what_is_made_positive_is_what_its_name_says(text):
    check = check_formula(text)
    assert check.is_right and check.direction == "reverse"


def test_the_softplus_of_a_parameter_is_asked_about():
    for text in ("0.5 * (mu**2 + F.softplus(rho)**2) - torch.log(F.softplus(rho)) - 0.5",
                 "0.5 * (mu**2 + raw_std**2) - torch.log(raw_std) - 0.5"):  # fmt: skip
        with pytest.raises(ValueError, match="has no meaning yet"):
            check_formula(text)


@pytest.mark.parametrize(("text", "direction"), [
    ("tf.math.log(q.stddev() / p.stddev()) + (p.variance() + (p.mean() - q.mean())**2) / (2 * q.variance()) - 0.5",
     "forward"),
    ("log(std(p)/std(q)) + (var(q) + (mean(q) - mean(p))^2) / (2*var(p)) - 1/2", "reverse"),
    ("log(std(q)/std(p)) + (var(q) + (mean(q) - mean(p))^2) / (2*var(p)) - 1/2", None),
])  # fmt: skip
def test_the_moments_of_a_distribution_are_read_as_its_parameters(text, direction):
    assert check_formula(text).direction == direction


@pytest.mark.parametrize("text", [
    "np.sum(q * np.log(q)) + np.log(num_classes)",
    r"\sum_k q_k \log q_k + \log C",
    "torch.lgamma(a.sum()) - torch.lgamma(a).sum() - math.lgamma(n_labels) "
    "+ ((a - 1) * (torch.digamma(a) - torch.digamma(a.sum()))).sum()",
])  # fmt: skip
def test_a_number_of_classes_is_no_distribution(text):
    check = check_formula(text)
    assert check.is_right and "uniform" in check.headline


@pytest.mark.parametrize("text", ["np.sum(p*np.log(p/q)) + 1", "a*log(a/b) - a + b + 1/2", "2*sum(p*log(p/q))"])
def test_no_half_is_missing_where_there_is_none(text):
    check = check_formula(text)
    assert "1/2 belongs" not in check.headline and "missing" not in check.headline
    assert " distributions plus" in check.headline or "times" in check.headline


def test_one_mean_and_one_scale_are_those_of_one_q():
    for name in ("made_std", "std_layer2own", "net_sigma"):
        assert check_formula(f"0.5*(mu**2 + {name}**2 - 1 - 2*log({name}))").direction == "reverse"


LEFT_SIDES = {
    "KL(N(m,s^2)||N(2,1)) = 0.5*((m-2)^2 + s^2 - 1 - 2*log(s))": "",
    r"KL(\mathcal{N}(\mu,\sigma^2)\|\mathcal{N}(1,4)) = \ln\frac{2}{\sigma} + \frac{\sigma^2+(\mu-1)^2}8 - \frac12": "",
    r"KL(\mathcal{N}(\mu,\sigma^2)\|\mathcal{N}(0,I)) = \frac12(\sigma^2 + \mu^2 - 1) - \ln\sigma": "",
    r"KL(\mathcal{N}(\mu,\sigma^2)\|\mathcal{N}(0,3)) = \frac12(\sigma^2 + \mu^2 - 1) - \ln\sigma": "not what its left",
}


@pytest.mark.parametrize("text", LEFT_SIDES)
def test_the_numbers_of_the_left_side_are_those_of_the_right(text):
    check = check_formula(text)
    assert check.direction == "reverse" and LEFT_SIDES[text] in check.headline
    assert check.is_right is not bool(LEFT_SIDES[text])


@pytest.mark.parametrize(("text", "words"), [
    ("(0.5*(mu**2 + s**2 - 1 - 2*np.log(s)) + 1).sum()/batch_size", "times the sum of D(q‖p) and the constant"),
    ("beta*(a*log(a/b) - a + b + 2)", "β times the sum of D(p‖q) of two Poisson distributions and the constant 2"),
    ("0.5 * torch.mean(mu**2 + s**2 - torch.log(s**2) - 3)", "averaged over the coordinates"),
    ("np.sum(p*np.log(p/q) + 1)", "for lists of three entries"),
])  # fmt: skip
def test_what_a_constant_stands_beside_is_said(text, words):
    assert words in check_formula(text).headline


def test_no_symbols_are_asked_about_where_the_branches_differ():
    text = "if a:\n    kl = 0.5*(mu**2 + std**2 - 1 - 2*log(std))\nelse:\n    kl = 0.5*(m1**2 + v2 - 1)"
    for asked in (check_formula, meanings_in):
        with pytest.raises(ValueError, match="paste the branch"):
            asked(text)
