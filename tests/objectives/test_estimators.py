"""The estimators k1, k2, k3 in their spellings: which is which, as a value and as a loss; and the claims in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine.objectives import read_objective
from kl_engine.objectives.reading.reading import read

RATIO = r"\frac{\pi_{ref}(o_t|q,o_{<t})}{\pi_\theta(o_t|q,o_{<t})}"
K1 = (
    "logprobs - ref_logprobs", "kl = logprob - ref_logprob", "log_probs - log_probs_base", "(logp - ref_logp).mean()",
    r"\log\frac{\pi_\theta(a|s)}{\pi_{ref}(a|s)}", "per_token_logps - ref_per_token_logps",
    "policy_logps - reference_logps", "log_ratio = logprobs - ref_logprobs\nlog_ratio.mean()",
    "torch.mean(cur_logprobs - ref_logprobs)", "(action_log_probs - base_action_log_probs) * action_mask",
)  # fmt: skip
K2 = (
    "0.5*(logprobs - ref_logprobs)**2", "((logprobs - ref_logprobs)**2/2).mean()",
    "0.5 * (logprob - ref_logprob).square()", "log_ratio = log_probs - log_probs_base\nlog_ratio**2 / 2",
    r"\frac{1}{2}\left(\log\frac{\pi_\theta}{\pi_{ref}}\right)^2", "torch.pow(logprobs - ref_logprobs, 2) * 0.5",
)  # fmt: skip
K3 = (
    "torch.exp(ref_logp - logp) - (ref_logp - logp) - 1", "d = ref_logprobs - logprobs\nd.exp() - d - 1",
    "kl = ref_logprob - logprob\nratio = torch.exp(kl)\nkld = (ratio - kl - 1)",
    rf"{RATIO} - \log{RATIO} - 1", rf"\mathbb{{D}}_{{KL}}[\pi_\theta\|\pi_{{ref}}] = {RATIO} - \log{RATIO} - 1",
    "log_ratio = -(log_probs - log_probs_base)\nlog_ratio.exp() - 1 - log_ratio",
    "np.expm1(ref_logp - logp) - (ref_logp - logp)",
    "beta * (torch.exp(ref_per_token_logps - per_token_logps) - (ref_per_token_logps - per_token_logps) - 1)",
)  # fmt: skip
SPELLED = [(text, kind) for kind, texts in (("k1", K1), ("k2", K2), ("k3", K3)) for text in texts]


@pytest.mark.parametrize(("text", "kind"), SPELLED)
def test_each_spelling_is_the_estimator_that_it_is(text, kind):
    found = read(text).sampled
    assert found.kind == kind and found.sampled.startswith("pi") and "ref" in found.other
    assert "ref" not in found.sampled


@pytest.mark.parametrize("text", K1)
def test_k1_is_reverse_in_the_reward_and_nothing_as_a_loss(text):
    assert read_objective(text).direction == "reverse"
    last = text.rpartition("\n")[2]
    loss = f"{text.removesuffix(last)}loss = {last.rpartition(' = ')[2] if ' = ' in last else last}"
    verdict = read_objective(loss)
    assert verdict.direction is None and "mean gradient of k1 is 0" in verdict.headline


@pytest.mark.parametrize("text", K2)
def test_k2_has_the_gradient_of_the_reverse_direction(text):
    verdict = read_objective(text)
    assert verdict.direction == "reverse" and "biased" in verdict.headline


@pytest.mark.parametrize("text", K3)
def test_k3_has_the_gradient_of_the_other_direction(text):
    verdict = read_objective(text)
    assert verdict.direction == "forward" and "the other direction" in verdict.headline
    assert verdict.weights.forward == 1 and verdict.weights.energy == 0


def test_an_expectation_that_is_written_is_taken():
    for text in ("E_q[p/q - 1 - log(p/q)]", "E_q[log(q/p)]", "E_p[(q/p)*log(q/p)]"):
        assert read_objective(text).direction == "reverse"


def test_samples_of_the_old_policy_give_the_forward_direction():
    text = "logratio = newlogprob - oldlogprob\nratio = logratio.exp()\napprox_kl = ((ratio - 1) - logratio).mean()"
    verdict = read_objective(text)
    assert verdict.direction == "forward" and "samples are of pi_old, which is given" in verdict.headline


def test_k1_in_the_reward_is_the_penalty():
    verdict = read_objective("rewards - kl_coef * (logprobs - ref_logprobs)")
    assert verdict.direction == "reverse" and verdict.maximised and "exp(rewards/kl_coef)" in verdict.canonical


P, Q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.5, 0.3])


def gradients(loss) -> np.ndarray:
    """Σ q ∂loss/∂θ in the logits of q, the samples held fixed, by differences of a millionth."""
    logits, step = np.log(Q), 1e-6
    found = []
    for i in range(len(Q)):
        shifted = [logits + sign * step * np.eye(len(Q))[i] for sign in (1, -1)]
        values = [loss(np.exp(z) / np.exp(z).sum()) for z in shifted]
        found.append(Q @ (values[0] - values[1]) / (2 * step))
    return np.array(found)


def divergence_gradient(divergence) -> np.ndarray:
    logits, step = np.log(Q), 1e-6
    found = []
    for i in range(len(Q)):
        shifted = [logits + sign * step * np.eye(len(Q))[i] for sign in (1, -1)]
        values = [divergence(np.exp(z) / np.exp(z).sum()) for z in shifted]
        found.append((values[0] - values[1]) / (2 * step))
    return np.array(found)


def test_what_is_said_of_the_losses_holds_in_numbers():
    reverse = divergence_gradient(lambda q: q @ np.log(q / P))
    forward = divergence_gradient(lambda q: P @ np.log(P / q))
    assert gradients(lambda q: -np.log(P / q)) == pytest.approx(0, abs=1e-9)
    assert gradients(lambda q: np.log(P / q) ** 2 / 2) == pytest.approx(reverse, abs=1e-8)
    assert gradients(lambda q: P / q - 1 - np.log(P / q)) == pytest.approx(forward, abs=1e-8)


def test_what_is_said_of_the_values_holds_in_numbers():
    r = P / Q
    exact = Q @ np.log(Q / P)
    assert Q @ -np.log(r) == pytest.approx(exact) and Q @ (r - 1 - np.log(r)) == pytest.approx(exact)
    assert abs(Q @ (np.log(r) ** 2 / 2) - exact) > 1e-3


def test_at_whose_samples_an_estimator_is_one_is_said():
    k2 = read_objective("approx_kl = ((logp_old - logp) ** 2 / 2).mean()").headline
    assert k2.startswith("Reverse, at samples of pi:") and "At samples of pi_old" in k2
    for text in ("logp - ref_logp", "(ref_logp - logp).exp() - (ref_logp - logp) - 1"):
        assert "at samples of pi," in read_objective(text).headline


def test_half_a_squared_log_ratio_has_no_divergence_s_gradient_at_the_other_samples():
    log_ratio = np.log(Q / P)  # of E_p[½ (log q/p)²] the gradient in the logits of q
    found = P * log_ratio - Q * (P @ log_ratio)
    reverse = divergence_gradient(lambda q: q @ np.log(q / P))
    forward = divergence_gradient(lambda q: P @ np.log(P / q))
    assert np.abs(found - reverse).max() > 1e-3 and np.abs(found - forward).max() > 1e-3


@pytest.mark.parametrize("text", ["0.5 * (logq - logp)**2", "torch.exp(logp - logq) - 1 - (logp - logq)"])
def test_a_minus_before_an_estimator_is_said(text):
    plain, turned = read_objective(text).headline, read_objective(f"-({text})").headline
    assert turned.endswith(plain) and "With a minus in front" in turned and "minus in front" not in plain
