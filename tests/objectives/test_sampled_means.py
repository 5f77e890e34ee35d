"""What stands at samples: sums over examples that are their means, and logs that are of no distribution."""

from __future__ import annotations

import pytest

from kl_engine.objectives.judgement import read_objective
from kl_engine.objectives.text_limits import ObjectiveError

MEANS = {
    r"-\frac{1}{M}\sum_{m=1}^{M} \log q_\theta(x_m)": "D(data‖q_theta(x)) + const",
    r"-\frac1N \sum_i \log p_\phi(x^{(i)})": "D(data‖p_phi(x)) + const",
    "-(1/n) Σ_i log q(x_i)": "D(data‖q(x)) + const",
    "-q.log_prob(x).sum() / batch_size": "D(data‖q) + const",
    "-beta/N * sum(log(q(x_i)))": "beta D(data‖q(x_i)) + const",
    r"\frac{1}{N}\sum_{n=1}^{N} D_{KL}(q(z|x_n)\|p(z))": "D(q(z|x)‖p(z))",
    "-(1/N) Σ_i (t_i log q_i + (1 - t_i) log(1 - q_i))": "D(t‖q) + const",
    r"\frac{1}{N}\sum_n \sum_c y_{nc}\log\frac{y_{nc}}{q_{nc}}": "D(y_nc‖q_nc)",
}
BOUNDS = [  # nobody draws from the joint density: the samples are of q
    r"\frac{1}{L}\sum_{l=1}^L \left(\log p_\theta(x, z^{(l)}) - \log q_\phi(z^{(l)}|x)\right)",
    "(1/S) sum_s [log p(y, w_s) - log q(w_s)]",
    r"\log p(D,\theta) - \log q(\theta)",
    r"-\frac1K\sum_k [\log q(z_k|x) - \log p(x,z_k)]",
]
WEIGHTS = {
    "KL(q||p) / batch_size": "D(q‖p)/batch_size",
    r"\frac{1}{K}\sum_k p_k \log\frac{p_k}{q_k}": "D(p‖q)/K",
    "np.mean(-np.log(q(x))) / N": "D(data‖q(x))/N + const",
    r"\frac{1}{T}\sum_{i} D_{KL}(q(z|x_i)\|p(z))": "D(q(z|x)‖p(z))/T",
    "-(1 - eps)*log_p_y - eps/K * log_p.sum()": "(1 − eps) D(labels‖p) + eps D(uniform‖p) + const",
}


@pytest.mark.parametrize("text, canonical", [*MEANS.items(), *WEIGHTS.items()])
def test_one_over_a_number_of_examples_is_no_weight_and_any_other_is(text, canonical):
    assert read_objective(text).canonical == canonical


@pytest.mark.parametrize(
    "text",
    [
        "k*log(q/p) + (N - k)*log((1-q)/(1-p))",
        "log(q/(1-q)) - log(p/(1-p))",
        "np.log(1 - p) - np.log(p)",
        r"k \log q + (n-k)\log(1-q)",
        "-torch.log(q) - torch.log(1 - q)",
        "E_p[log q + 2*log(1 - q)]",
    ],
)
def test_one_less_a_probability_is_no_distribution_of_its_own(text):
    with pytest.raises(ObjectiveError, match=r"y log q \+ \(1 − y\) log\(1 − q\)"):
        read_objective(text)


@pytest.mark.parametrize("text", BOUNDS)
def test_samples_are_of_q_where_the_other_is_a_joint_density(text):
    verdict = read_objective(text)
    assert verdict.direction == "reverse" and verdict.maximised
    assert "samples of q" in verdict.headline or "under q" in verdict.headline


@pytest.mark.parametrize(
    "text, directions",
    [
        (r"-\frac{1}{N}\sum_n \log q(x_n) + \lambda KL(q\|p)", "D(data‖q(x))"),
        ("-log q(x) + beta * KL(q || prior)", "D(data‖q(x))"),
        ("-(1/n) sum_i log q(y_i|x_i) + gamma KL(q(y|x) || r(y|x))", "D(data‖q(y|x))"),
    ],
)
def test_the_log_of_what_is_fitted_is_no_evidence(text, directions):
    verdict = read_objective(text)
    assert verdict.pull == "both" and directions in verdict.canonical and not verdict.dropped


@pytest.mark.parametrize("penalty", ["0.01 * (w**2).sum()", "weight_decay * sum(w**2)", "l2_reg", "wd * w**2"])
def test_a_penalty_on_the_weights_is_no_constant(penalty):
    verdict = read_objective(f"F.cross_entropy(z, y) + {penalty}")
    assert not verdict.dropped and "not judged" in verdict.headline


@pytest.mark.parametrize(
    "text",
    [
        "loss = -(rewards - beta * (logp - ref_logp)) * logp",
        "-(advantages * logp).mean() + beta * ((logp - ref_logp)**3).mean()",
        "-(torch.exp(logp - old_logp) * adv) + c * torch.exp(ref - logp) * (logp - ref_logp)",
    ],
)
def test_what_stands_beside_a_surrogate_is_said_or_refused(text):
    with pytest.raises(ObjectiveError, match="by itself"):
        read_objective(text)


@pytest.mark.parametrize("logits", ["h @ w.T", "x @ W / tau", "(f(x) @ g(y).T) * scale"])
def test_a_product_of_matrices_may_be_the_logits(logits):
    assert read_objective(f"F.cross_entropy({logits}, labels)").direction == "forward"


@pytest.mark.parametrize(
    "text",
    [
        "E_{y~q}[D(y)] - E_{y~p}[D(y)]",
        r"\mathbb{E}_{x\sim p_g}[\log D(x)] - \mathbb{E}_{x\sim p_r}[\log D(x)]",
        "E_{x,y~p}[k(x,y)] + E_{x,y~q}[k(x,y)] - 2 E_{x~p,y~q}[k(x,y)]",
        "E_p[k(x, y)] - E_q[k(x, y)]",
        "E_{q}[discriminator(x)] - E_{p}[discriminator(x)]",
    ],
)
def test_means_of_one_function_under_two_laws_do_not_cancel(text):
    assert read_objective(text).headline.startswith("Neither direction: it is ")


def test_the_log_of_a_discriminator_keeps_its_log():
    text = r"\lambda KL(q\|p) - \mathbb{E}_{x\sim q}[\log D(x)]"
    assert read_objective(text).canonical == "lambda D(q‖p) − E_q[log D(x)]"


def test_one_divergence_less_itself_is_zero():
    assert read_objective("JS(p, q) - JS(p, q)").headline.startswith("It is 0")


@pytest.mark.parametrize(
    "text", [r"\sup_g E_p[g(x)] - E_q[g(x)]", "max_f E_q[f] - E_p[f]", r"\min_u E_{q}[u(x)] - E_{p}[u(x)]"]
)
def test_a_function_that_is_fitted_is_no_distribution(text):
    headline = read_objective(text).headline
    assert headline.startswith("Neither direction: what is fitted is ") and "a function" in headline


@pytest.mark.parametrize("text", [r"\min_\theta E_q[f(x;\theta)]", r"\max_a E_q[r(s, a)]"])
def test_what_a_function_is_applied_to_is_no_function(text):
    assert "a function and no distribution" not in read_objective(text).headline


@pytest.mark.parametrize(
    "text", [r"\beta \log\frac{\pi(y|x)}{\pi_{ref}(y|x)} + \beta \log Z(x)", "log q - log p + log_Z"]
)
def test_the_log_of_a_normaliser_is_a_constant(text):
    verdict = read_objective(text)
    assert verdict.headline.startswith("Reverse: k1") and any("Z" in name for name in verdict.dropped)
