"""A sum over examples, divided by their number, is their mean: 1/N is then no weight of what is minimised."""

from __future__ import annotations

import pytest

from kl_engine.objectives.judgement import read_objective

MEANS = {
    r"-\frac{1}{M}\sum_{m=1}^{M} \log q_\theta(x_m)": "D(data‖q_theta(x)) + const",
    r"-\frac1N \sum_i \log p_\phi(x^{(i)})": "D(data‖p_phi(x)) + const",
    "-(1/n) Σ_i log q(x_i)": "D(data‖q(x)) + const",
    "-q.log_prob(x).sum() / batch_size": "D(data‖q) + const",
    "-beta/N * sum(log(q(x_i)))": "beta D(data‖q(x_i)) + const",
    r"\frac{1}{N}\sum_{n=1}^{N} D_{KL}(q(z|x_n)\|p(z))": "D(q(z|x)‖p(z))",
    r"\frac{1}{N}\sum_n \sum_c y_{nc}\log\frac{y_{nc}}{q_{nc}}": "D(y_nc‖q_nc)",
}
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
