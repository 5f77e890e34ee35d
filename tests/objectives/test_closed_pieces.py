"""Closed forms of a Gaussian inside an objective: the lines of a VAE, log likelihoods, flows, smoothed labels."""

from __future__ import annotations

import pytest

from kl_engine.objectives import ObjectiveError, read_objective

KLD = (
    "-0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())",
    "0.5 * (mean**2 + torch.exp(log_var) - 1 - log_var).sum(1).mean()",
    "torch.sum(0.5 * (z_mean**2 + std**2 - 2*torch.log(std) - 1))",
    "0.5 * (m**2 + var - torch.log(var) - 1).sum()",
    "0.5 * torch.sum(loc**2 + torch.exp(2*log_std) - 2*log_std - 1)",
)
RECONSTRUCTIONS = (
    "F.mse_loss(x_hat, x, reduction='sum')", "recon_loss", "F.binary_cross_entropy(recon_x, x, reduction='sum')",
)  # fmt: skip


@pytest.mark.parametrize("reconstruction", RECONSTRUCTIONS)
@pytest.mark.parametrize("kld", KLD)
def test_the_lines_of_a_vae_are_the_reverse_direction(kld, reconstruction):
    verdict = read_objective(f"rec = {reconstruction}\nkld = {kld}\nloss = rec + beta * kld")
    assert verdict.direction == "reverse" and verdict.canonical.startswith("beta D(q‖t)")
    assert "t ∝ N(0, 1) · exp(−" in verdict.canonical


@pytest.mark.parametrize("kld", KLD)
def test_with_its_sign_turned_it_pushes_away(kld):
    verdict = read_objective(f"kld = {kld}\nloss = recon_loss - kld")
    assert verdict.direction is None and "pushes q away" in verdict.headline


@pytest.mark.parametrize(
    "kld",
    ["-0.5 * (1 + logvar + mu**2 - logvar.exp())", "0.5 * (mu**2 + 2*logvar.exp() - 1 - logvar)",
     "0.5 * (mu**2 + std**2 - torch.log(std) - 1)", "-0.5 * (1 + logvar - mu - logvar.exp())"],
)  # fmt: skip
def test_a_wrong_closed_form_is_not_taken_for_it(kld):
    with pytest.raises(ObjectiveError):
        read_objective(f"kld = {kld}\nloss = recon_loss + kld")


LIKELIHOODS = (
    "0.5 * (torch.log(var) + (y - mu)**2 / var).mean()",
    "(log_var + (y - mu).pow(2) * torch.exp(-log_var)).sum()",
    "torch.log(sigma) + (x - m)**2 / (2 * sigma**2)",
    "z, log_det = flow(x)\nloss = -(base.log_prob(z) + log_det).mean()",
    r"-\mathbb{E}_{x\sim p}\left[\log p_Z(f(x)) + \log\left|\det J_f(x)\right|\right]",
    "lp = F.log_softmax(logits, -1)\nloss = -lp.gather(1, target[:, None]).mean()",
    "lp = F.log_softmax(logits, -1)\nnll = -lp.gather(1, y).mean()\n(1 - eps) * nll - eps * lp.mean(dim=-1).mean()",
    "soft = (1 - eps) * onehot + eps / num_classes\nloss = -(soft * logp).sum(-1).mean()",
)


@pytest.mark.parametrize("text", LIKELIHOODS)
def test_a_log_likelihood_is_forward(text):
    assert read_objective(text).direction == "forward"


def test_an_almost_likelihood_is_none():
    with pytest.raises(ObjectiveError):
        read_objective("0.5 * (torch.log(var) + (y - mu)**2 * var).mean()")


def test_the_volume_under_q_is_a_cost():
    text = r"\mathbb{E}_{q(u)}[\log p(x, T(u)) + \log|\det J_T(u)|] + H[q(u)]"
    assert read_objective(text).direction == "reverse"


def test_a_temperature_before_what_is_held_fixed_is_what_moves():
    verdict = read_objective("loss = -(log_alpha * (log_pi + target_entropy).detach()).mean()")
    assert verdict.direction is None and "the factor before it" in verdict.headline


def test_a_mutual_information_has_no_fitted_side():
    assert "mutual information" in read_objective(r"D_{KL}(p(x,y)\,\|\,p(x)\,p(y))").headline


READ = (
    ("kl = log_variational_posterior - log_prior\nloss = kl / num_batches + nll", "reverse"),
    ("def elbo(z):\n    return log_joint(z) - log_q(z)", "reverse"),
    ("elbo_loss = (log_q - log_p).mean()", "reverse"),
    ("neg_elbo = (q.log_prob(z) - p.log_prob(z)).mean()", "reverse"),
    (r"\mathbb{E}_{z\sim\mathcal{N}(0,I)}\left[u(F(z)) - \log|\det J_F(z)|\right]", "reverse"),
    ("kl = 0.0\nfor a, b in zip(p, q):\n    kl += a * math.log(a / b)", "forward"),
    ("w = torch.exp(log_p - log_r).detach()\nloss = -(w * log_q).mean()", "forward"),
    ("loss = kl_divergence(post.detach(), prior_net).mean()", "forward"),
    ("p_s = torch.softmax(s_out, -1)\nloss = (p_s * (p_s.log() - torch.log_softmax(t_out, -1))).sum()", "reverse"),
    (r"\min \mathrm{KL}\left(\prod_i q_i(z_i) \,\middle\|\, p(z|x)\right)", "reverse"),
    (
        r"D_{KL}\left(\pi'(\cdot|s) \,\|\, \frac{\exp(Q^{\pi_{old}}(s,\cdot)/\alpha)}{Z^{\pi_{old}}(s)}\right)",
        "reverse",
    ),
    (r"\max_q \mathbb{E}_q[\log p(x,z)] - \mathcal{H}[q]", None),  # the sign of the entropy is wrong
    (r"D_{KL}\left(q(z)\,\|\,\prod_j q(z_j)\right)", None),
)


@pytest.mark.parametrize(("text", "direction"), READ, ids=range(len(READ)))
def test_more_of_what_stands_in_papers_and_code(text, direction):
    assert read_objective(text).direction == direction


def test_the_first_term_of_a_diffusion_is_a_constant():
    with pytest.raises(ObjectiveError, match="Nothing in it is fitted"):
        read_objective(r"D_{KL}(q(x_T|x_0)\,\|\,p(x_T))")


def test_a_mean_under_what_is_given_is_no_objective():
    with pytest.raises(ObjectiveError, match="which is given"):
        read_objective(r"\mathbb{E}_{z\sim\mathcal{N}(0,I)}[c(F(z))]")


BETWEEN = (
    ("torch.log({t}/{s}) + ({s}**2 + ({m} - {n})**2) / (2*{t}**2) - 0.5", ("std", "mean")),
    ("0.5 * (2*np.log({t}) - 2*np.log({s}) + ({s}**2 + ({n} - {m})**2) / {t}**2 - 1).sum()", ("sigma", "mu")),
    ("0.5 * (torch.log({t}) - torch.log({s}) + {s} / {t} + ({m} - {n})**2 / {t} - 1)", ("var", "mean")),
    ("0.5 * (-1 + {t} - {s} + torch.exp({s} - {t}) + ({m} - {n})**2 * torch.exp(-{t}))", ("logvar", "mean")),
    ("0.5 * torch.sum({t} - {s} + ({s}.exp() + ({m} - {n})**2) / {t}.exp() - 1)", ("log_var", "mu")),
    ("{t} - {s} + (torch.exp(2*{s}) + ({m} - {n})**2) / (2*torch.exp(2*{t})) - 0.5", ("log_std", "loc")),
)
OWNERS = (("q", "p", "D(q‖p)", "reverse"), ("p", "q", "D(p‖q)", "forward"), ("1", "2", "D(p‖q)", "forward"),
          ("old", "new", "D(pi_old‖pi)", "forward"), ("post", "prior", "D(post‖prior)", "reverse"))  # fmt: skip


def _between(form, words, inner, outer):
    width, mean = words
    names = {"s": f"{width}_{inner}", "t": f"{width}_{outer}", "m": f"{mean}_{inner}", "n": f"{mean}_{outer}"}
    return form.format(**names)


@pytest.mark.parametrize("inner, outer, canonical, direction", OWNERS)
@pytest.mark.parametrize("form, words", BETWEEN)
def test_the_closed_form_of_two_gaussians_is_the_divergence_it_is(form, words, inner, outer, canonical, direction):
    text = _between(form, words, inner, outer)
    verdict = read_objective(f"kl = {text}")
    assert (verdict.canonical, verdict.direction) == (canonical, direction)
    assert read_objective(f"loss = recon_loss + {text}").direction == direction


@pytest.mark.parametrize("form, words", BETWEEN)
def test_a_slip_in_the_closed_form_of_two_gaussians_is_sent_to_the_other_page(form, words):
    text = _between(form, words, "q", "p")
    for slip in (
        text.replace("**2", "**3", 1),
        text.replace("+ ", "- ", 1),
        _between(form, words, "q", "p") + " + mu_q**2",
    ):
        try:
            verdict = read_objective(f"kl = {slip}")
        except ObjectiveError as refusal:
            assert "Check my formula" in str(refusal) or "log" in str(refusal)
        else:
            assert verdict.canonical != "D(q‖p)"


@pytest.mark.parametrize("name", ["min_q", "min_qf", "min_qf_pi", "min_q_new_actions"])
def test_the_smaller_of_two_values_is_a_name(name):
    verdict = read_objective(f"loss = (alpha * log_pi - {name}).mean()")
    assert verdict.direction == "reverse" and verdict.canonical.endswith(f"exp({name}/alpha)")


def test_a_mean_without_a_law_beside_the_divergence_of_one_q():
    verdict = read_objective(r"\mathbb{E}[\lVert \hat a - a\rVert^2] + \beta D_{KL}(q(z)\,\Vert\,\mathcal N(0,I))")
    assert verdict.direction == "reverse" and "‖hata-a‖^2" in verdict.canonical


@pytest.mark.parametrize("wrong", ["0.5 * (mu**2 + torch.exp(log_std) - 1 - 2*log_std)",
                                   "0.5 * (mu**2 + torch.exp(2*log_stddev) - 1 - log_stddev)"])  # fmt: skip
def test_a_width_is_not_taken_for_its_square(wrong):
    with pytest.raises(ObjectiveError, match="Check my formula"):
        read_objective(f"kl = ({wrong}).sum()")
    right = "-0.5 * sum(1 + 2*log_stddev - square(mean) - square(exp(log_stddev)))"
    assert read_objective(f"kl = {right}").direction == "reverse"
