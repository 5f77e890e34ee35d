"""Where a gradient is stopped, it is the gradient that says what is minimised: held against finite sums."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine.objectives import ObjectiveError, read_objective

P = np.array([0.5, 0.3, 0.2])
LOGITS = np.array([0.4, -0.7, 0.1])


def softmax(logits: np.ndarray) -> np.ndarray:
    return np.exp(logits) / np.exp(logits).sum()


def slope(value) -> np.ndarray:
    """The gradient in the logits of value(q, held), where held does not move."""
    held, step = softmax(LOGITS), 1e-6
    moves = np.eye(3) * step
    return np.array([
        (value(softmax(LOGITS + move), held) - value(softmax(LOGITS - move), held)) / (2 * step) for move in moves
    ])  # fmt: skip


GRADIENTS = {
    "forward": slope(lambda q, _: np.sum(P * np.log(P / q))),
    "reverse": slope(lambda q, _: np.sum(q * np.log(q / P))),
    "none": np.zeros(3),
}


def rewarded(q: np.ndarray, held: np.ndarray) -> float:
    """The mean, under what is held fixed, of its log ratio to p times log q."""
    return np.sum(held * np.log(held / P) * np.log(q))


# What is written, the loss that it is as a sum over outcomes (h: held fixed), and whether samples of h stand under it.
STOPPED = (
    ("(q.detach() * (q.log() - p.log())).sum()", lambda q, h: np.sum(h * np.log(q / P)), "none"),
    ("w = q.detach()\n-torch.sum(w * torch.log(q))", lambda q, h: -np.sum(h * np.log(q)), "none"),
    ("jnp.sum(q * (lax.stop_gradient(jnp.log(q)) - jnp.log(p)))", lambda q, h: np.sum(q * np.log(h / P)), "reverse"),
    ("-(p.detach() * q.log()).sum()", lambda q, h: -np.sum(P * np.log(q)), "forward"),
    ("with torch.no_grad():\n    w = q\nloss = (w * q.log()).sum()", lambda q, h: np.sum(h * np.log(q)), "none"),
    ("with torch.no_grad():\n    t = p\nloss = -(t * q.log()).sum()", lambda q, h: -np.sum(P * np.log(q)), "forward"),
    (r"\sum_x \mathrm{sg}(q(x)) \log q(x)", lambda q, h: np.sum(h * np.log(q)), "none"),
    (r"\mathbb{E}_{sg(q)}[\log q - \log p]", lambda q, h: np.sum(h * np.log(q / P)), "none"),
    # At samples of the policy, which are held fixed: the sum is over h.
    ("w = (logp - ref_logp).detach()\nloss = (w * logp).mean()", lambda q, h: rewarded(q, h), "reverse"),
    ("w = (ref_logp - logp).exp().detach()\nloss = -(w * logp).mean()", lambda q, h: -np.sum(P * np.log(q)), "forward"),
    ("c = logp.detach()\nloss = ((c - ref_logp) * logp).mean()", lambda q, h: rewarded(q, h), "reverse"),
)


@pytest.mark.parametrize(("text", "loss", "direction"), STOPPED)
def test_the_gradient_that_is_written_is_that_of_the_direction_that_is_said(text, loss, direction):
    assert slope(loss) == pytest.approx(GRADIENTS[direction], abs=1e-8)
    assert (read_objective(text).direction or "none") == direction


def test_what_is_held_fixed_is_said_to_have_no_gradient():
    verdict = read_objective("F.kl_div(student.log_softmax(-1).detach(), teacher.softmax(-1), reduction='sum')")
    assert verdict.direction is None and "the mean gradient with respect to student is 0" in verdict.headline


def test_a_penalty_inside_the_reward_turns_the_target():
    text = "r = scores - beta * (logp - ref_logp)\nadv = (r - baseline).detach()\nloss = -(adv * logp).mean()"
    verdict = read_objective(text)
    assert verdict.direction == "reverse" and verdict.canonical.endswith("t ∝ pi_ref · exp(scores/beta)")


def test_two_that_learn_in_turn_are_asked_about():
    with pytest.raises(ObjectiveError, match="each learns in a term"):
        read_objective("0.8*KL(sg(post)||prior) + 0.2*KL(post||sg(prior))")


def test_a_log_through_which_no_gradient_goes_still_has_its_samples():
    text = "lq = q.log_prob(z).detach()\nloss = (lq - p.log_prob(z)).mean()"
    assert read_objective(text).direction == "reverse"
