"""Losses that are no expectation of a log ratio are said to be what they are; what stands beside them is still read."""

from __future__ import annotations

import pytest

from kl_engine.objectives import ObjectiveError, read_objective
from kl_engine.objectives.consequences import at_draws
from kl_engine.objectives.reading.reading import read

SAID = {
    "((chosen_logratio - rejected_logratio) - 1 / (2 * tau)) ** 2": "IPO",
    "F.relu(margin - (chosen_logps - rejected_logps)).mean()": "hinge loss of which answer is preferred",
    r"-\log\sigma\left(\frac{\beta}{|y_w|}\log\pi(y_w|x) - \frac{\beta}{|y_l|}\log\pi(y_l|x) - \gamma\right)": "SimPO",
    "-F.logsigmoid(beta * (policy_chosen_logratios - policy_rejected_logratios)).mean()": "DPO",
    "-F.logsigmoid((odds_chosen - odds_rejected)).mean()": "ORPO",
    "-(1 - pt)**gamma * torch.log(pt)": "focal loss",
    r"-(1-p_t)^{\gamma} \log(p_t)": "focal loss",
    "F.mse_loss(eps_pred, eps)": "squared error",
    "nn.MSELoss()(decoded, x)": "squared error",
    r"\mathbb{E}_{p}\left[\|\nabla_x \log p(x) - s_\theta(x)\|^2\right]": "score matching",
    r"\mathbb{E}_{x'\sim q}[k(x',x)\nabla\log p(x') + \nabla k(x',x)]": "Stein",
    r"\mathbb{E}[k(x,x')] + \mathbb{E}[k(y,y')] - 2\mathbb{E}[k(x,y)]": "maximum mean discrepancy",
    "F.relu(1 - D_real).mean() + F.relu(1 + D_fake).mean()": "discriminator",
    r"\mathbb{E}_{z_1,\dots,z_K\sim q}\left[\log \frac1K \sum_k \frac{p(x,z_k)}{q(z_k)}\right]": "importance-weighted",
    "F.cross_entropy(z1 @ z2.T / tau, torch.arange(n))": "InfoNCE",
    "logits = torch.cat([pos, neg], 1)\nF.cross_entropy(logits / T, torch.zeros(len(pos), dtype=int))": "InfoNCE",
    "F.binary_cross_entropy_with_logits(disc(x_fake), torch.zeros_like(disc_out))": "discriminator",
    "bce = nn.BCEWithLogitsLoss()\nloss_D = bce(D(x_real), torch.ones(b, 1))": "discriminator",
    "abs(KL(q||p) - C)": "absolute value of a difference",
    r"\gamma \left| D_{KL}(q(z|x) \| p(z)) - C \right|": "absolute value of a difference",
    "beta * (kl_divergence(q, p) - target).abs().mean()": "absolute value of a difference",
    "abs(KL(p||q) - KL(q||p))": "absolute value of a difference",
    "torch.abs(F.kl_div(logq, p, reduction='sum') - 0.1)": "absolute value of a difference",
    "abs(np.sum(p * np.log(p / q)) - 0.01)": "absolute value of a difference",
    "torch.square(KL(q||p) - delta)": "square of a difference",
    "(H[q] - H_0)**2": "square of a difference",
    "torch.clamp(logq - logp, min=0).mean()": "positive part",
    "F.relu(logp_new - logp_ref).sum()": "positive part",
    "max(0, log q - log p)": "positive part",
    "entropy(p)": "constant",
    "sim = a @ b.T\nF.cross_entropy(sim, y) + F.cross_entropy(sim.T, y)": "InfoNCE",
    "-sum(p(x) * log(p(x)))": "constant",
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_a_loss_of_another_kind_is_said_to_be_it(text):
    verdict = read_objective(text)
    assert verdict.direction is None and SAID[text] in verdict.headline


READ = (
    (r"\mathbb{E}_t\left[\frac{\pi_\theta(a|s)}{\pi_{old}(a|s)}A_t\right] - \beta KL[\pi_{old},\pi_\theta]",
     "both"),
    ("loss = -(advantages * log_probs).mean() - ent_coef * dist.entropy().mean()", "reverse"),
    (r"\mathbb{E}_{(s,a)\sim D}[\exp(A(s,a)/\beta) \log \pi(a|s)]", "forward"),
    (r"\mathbb{E}_{y\sim\pi}[r(y)] - \beta D_{KL}(\pi(y|x)\|\pi^{ref}(y|x))", "reverse"),
    (r"D_{KL}\left(\frac{\tilde{p}(x)}{Z} \middle\| q(x)\right)", "forward"),
    ("-px.log_prob(x).sum(-1) + kl_divergence(qz, pz).sum(-1)", "reverse"),
    ("nn.NLLLoss()(nn.LogSoftmax(dim=-1)(net), labels)", "forward"),
    ("sum(p * log(p/q), na.rm = TRUE)", "forward"),
    ("abs(beta * KL(q||p))", "reverse"),
    ("torch.square(kl_divergence(p, q))", "forward"),
    ("F.relu(kl_divergence(q, p) - free_bits)", "reverse"),
    ("torch.clamp(logp - ref_logp, min=-20, max=20).mean()", "reverse"),
    ("losses = {}\nlosses['r'] = -log_lik\nlosses['kl'] = kl_divergence(q, p)\nreturn sum(losses.values())", "reverse"),
    ("terms = {'a': 0.5 * KL(p, q), 'b': 0.5 * KL(q, p)}\nloss = sum(terms.values())", "both"),
    ("out = {}\nout['f'] = KL(p, q)\nout['r'] = KL(q, p)\nout['total'] = out['f'] + out['r']\nreturn out", "both"),
    ("F.binary_cross_entropy(pred, torch.ones_like(pred))", "forward"),
    (r"\mathcal{L}(q) = E_q[\log p(x,z)] + H[q], \quad q^* = \arg\max_q \mathcal{L}(q)", "reverse"),
    (r"F(q) = KL(p\|q),\; q^* = \arg\min_q F(q)", "forward"),
    ("log_r = logp - old_logp\nkl = (log_r.exp() * log_r).mean()", "reverse"),
    ("r = (logp - logp_old).exp()\n(r * r.log() - (r - 1)).mean()", "reverse"),
    ("-torch.logsumexp(log_weights + components.log_prob(x), dim=1).mean()", "forward"),
    ("optax.sigmoid_binary_cross_entropy(z, labels).sum()", "forward"),
    (r"-E_{Q(o)}[\log P(o)] - E_{Q(o)}[KL(Q(s|o)||Q(s))]", "reverse"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "pull"), READ)
def test_what_stands_beside_it_is_read(text, pull):
    assert read_objective(text).pull == pull


def test_a_log_of_a_sum_is_no_sum_of_logs():
    with pytest.raises(ObjectiveError, match="not a sum of logs"):
        read_objective(r"\mathbb{E}_q\left[\log \sum_k w_k\right]")


def test_what_a_product_is_divided_by_is_said():
    text = r"\max_\theta \mathbb{E}\left[\frac{\pi_\theta(u|s)}{\pi_{old}(u|s)} \hat{A}\right] \text{ s.t. }"
    text += r" KL(\pi_{old}(\cdot|s), \pi_\theta(\cdot|s)) \le \epsilon"
    assert "pi_theta(u|s)/pi_old(u|s)" in read_objective(text).canonical


def test_the_base_of_a_logarithm_is_said():
    assert any("in bits" in note for note in read_objective("scipy.stats.entropy(q, p, base=2)").notes)
    assert any("base 10" in note for note in read_objective("entropy(p, q, base=10)").notes)


def test_an_average_under_what_moves_is_no_constant():
    verdict = read_objective("-E_Q(o)[log P(o)] - E_Q(o)[KL(Q(s|o)||Q(s))]")
    assert verdict.model == "Q(o)" and not verdict.dropped and "no constant" in verdict.headline


def test_what_a_text_says_is_equal_is_the_same():
    assert read_objective("KL(p||q) where q = p").canonical == "0"
    assert read_objective("KL(p||m), m = q").canonical == "D(p‖q)"


def test_weights_for_samples_of_what_is_fitted_have_no_gradient_of_a_divergence():
    with pytest.raises(ObjectiveError, match="gradient is that of neither direction"):
        read_objective("((p / q) * torch.log(p / q)).mean()")
    with pytest.raises(ObjectiveError, match="does not say what stands above"):
        read_objective("(ratio.log() * ratio - (ratio - 1)).mean()")


def test_an_average_over_q_is_one_over_the_q_that_is_written_elsewhere():
    verdict = read_objective("E_{z~q}[KL(p(y|z) || r(y))] + c * KL(q(z) || p_0(z))")
    assert (
        verdict.model == "q(z)" and "p_0(z)" in verdict.canonical and not verdict.canonical.startswith("c D(q(z)‖p_0")
    )


def test_a_joint_density_with_parameters_is_no_posterior():
    for joint in ("p(x,z|theta)", "p(x,z)", "p_theta(x,z)", "p(x,z|y)"):
        assert read_objective(f"E_q(z|x)[log q(z|x) - log {joint}]").dropped, joint
    for posterior in ("p(z|x)", "p(z|x,theta)"):
        assert read_objective(f"E_q(z|x)[log q(z|x) - log {posterior}]").canonical == f"D(q(z|x)‖{posterior})"
    assert read_objective("KL(q(a,b)||p(a,b))").canonical == "D(q(a,b)‖p(a,b))"


def test_a_hat_over_an_expectation_is_that_of_a_sample():
    assert read_objective(r"\hat{E}_q[\log q(z) - \log p(z)]").direction == "reverse"
    assert "importance-weighted" in read_objective(r"\hat{E}_t[\frac{\pi_\theta(u|s)}{\pi_b(u|s)} \hat{A}_t]").headline


@pytest.mark.parametrize(
    "text", ["o·(ln o − C) − diag(AᵀlnA)·s", "qo @ (np.log(qo) - C) - np.diag(A.T @ np.log(A)) @ qs"]
)
def test_an_expected_free_energy_in_matrices_is_told_how_to_write_it(text):
    with pytest.raises(ObjectiveError, match="the ambiguity"):
        read_objective(text)


@pytest.mark.parametrize(("text", "canonical"), [
    ("logp = policy(x)\nloss = (logp - ref_logp).mean()", "D(pi‖pi_ref)"),
    ("batch['logp'] = policy(x)\nkl = (batch['logp'] - batch['ref_logp']).mean()", "D(pi‖pi_ref)"),
    ("log_q = flow(z)\nkl = (log_q - log_p).mean()", "D(q‖p)"),
    ("logp = model.log_prob(x)\nkl = (logp - ref_logp).mean()", "D(model‖pi_ref)"),
    ("d['q'] = enc(x)\nloss = kl_divergence(d['q'], d['p'])", "D(q‖p)"),
    ("loss = kl_divergence(out['q'], out['p'])", "D(q‖p)"),
])  # fmt: skip
def test_what_a_network_gives_is_what_its_name_says(text, canonical):
    assert read_objective(text).canonical == canonical


@pytest.mark.parametrize("text", [
    "loss = F.cross_entropy(logits, y) + 0.1 * kl_divergence(q, p)",
    "loss = nn.NLLLoss()(log_probs_y, y) + beta * KL(q||prior)",
])  # fmt: skip
def test_a_divergence_beside_a_call_of_another_is_no_constant(text):
    with pytest.raises(ObjectiveError, match="Which distribution is fitted"):
        read_objective(text)


def test_what_two_calls_fit_is_said_of_both():
    verdict = read_objective("F.cross_entropy(out, y) + 0.4 * F.cross_entropy(aux, y)")
    assert verdict.direction == "forward" and "is fitted as well" in verdict.headline
    assert read_objective("F.cross_entropy(logits.transpose(1, 2), targets)").canonical == "D(targets‖logits) + const"


def test_a_weighted_log_ratio_needs_draws_of_what_it_is_weighted_for():
    reading = read("log_r = logp - old_logp\nkl = (log_r.exp() * log_r).mean()")
    needs, zeros = at_draws(reading.sampled)
    assert needs.startswith("samples of pi_old") and len(zeros) == 1
