"""What stands beside an objective: conditions, laws of samples, bounds, weights, averages under what is fitted."""

import pytest

from kl_engine.objectives import ObjectiveError, read_objective

BOTH, NEITHER = "both", "neither"
READ = {
    # a divergence that is held below a bound is a penalty with its multiplier
    r"\max_\pi\ E_\pi[r(a)] \quad\text{s.t.}\quad KL(\pi\|\pi_0) \le \delta": "reverse",
    "min_q E_q[cost(x)] subject to KL(q||p) <= c": "reverse",
    r"\max_{\pi}\ \mathbb{E}_{\pi}[A] \ \text{subject to}\ \mathrm{KL}(\pi_{\text{old}}\|\pi)\leq\delta": BOTH,
    # what the samples are of, and definitions, stand behind
    r"\frac1M\sum_m \left[\ln q(z_m) - \ln p(z_m)\right], \quad z_m \sim q": "reverse",
    r"\frac1M\sum_m \ln\frac{p(z_m)}{q(z_m)}, \quad z_m \sim p": "forward",
    "rho - log rho - 1, rho = p(x)/q(x), x ~ q": "forward",
    "a*KL(p||m) + (1-a)*KL(q||m), m = a*p + (1-a)*q": NEITHER,
    r"\mathbb{E}_{q}\left[\tfrac12\left(\ln q(x) - \ln p(x)\right)^2\right]": "reverse",
    # a single bar, and bounds
    r"\mathrm{KL}(q(w) | p(w))": "reverse",
    r"\ln p(y) \ge \mathbb{E}_{q(w)}[\ln p(y|w)] - \mathrm{KL}(q(w)|p(w))": "reverse",
    r"I(Y;T) \le \mathbb{E}_{p(y)}[\mathrm{KL}(q(t|y)\|m(t))]": "reverse",
    # a mean under a law says that it is what is fitted
    r"\mathbb{E}_{h\sim\rho}[\hat L(h)] + \frac{1}{\eta}\mathrm{KL}(\rho\|\pi)": "reverse",
    "E_q[penalty(z)] + KL(q||prior)": "reverse",
    # label smoothing, weights and two outcomes
    r"-(1-\epsilon)\ln p_y - \frac{\epsilon}{K}\sum_k\ln p_k": "forward",
    "t = hot * (1 - a) + a / n_classes\n-(t * z.log_softmax(-1)).sum(-1).mean()": "forward",
    "nll = F.nll_loss(lp, y)\n(1 - s) * nll - s * lp.mean(-1).mean()": "forward",
    r"q\ln\frac{q}{p} + (1-q)\ln\frac{1-q}{1-p}": "reverse",
    "t*np.log(t/y_hat) + (1-t)*np.log((1-t)/(1-y_hat))": "forward",
    # expectation maximisation, and states that a policy visits
    r"\sum_n\sum_k \gamma_{nk} \ln p(x_n, z_k|\theta)": "forward",
    "E_{s~d_pi}[KL(pi(.|s)||pi_b(.|s))]": "reverse",
    # a reward and an entropy where the policy leads, two outcomes by logits, an index behind a call
    r"\sum_t \mathbb{E}_{(s_t,a_t)\sim\rho_\pi}[r(s_t,a_t) + \tau\mathcal{H}(\pi(\cdot|s_t))]": "reverse",
    "-(t*F.logsigmoid(z) + (1-t)*F.logsigmoid(-z)).sum()": "forward",
    r"\sum_j \mathrm{softmax}(u^t)_j \log\frac{\mathrm{softmax}(u^t)_j}{\mathrm{softmax}(u^s)_j}": "forward",
    "-F.logsigmoid(beta * gap).mean()": NEITHER,
    "E_{q(z)}[f(z)] - T*H(q)": "reverse",
    # of two that are written by their parameters, the one around 0 is the prior
    "kldivergence(Normal(m, s), Normal(0, t))": "reverse",
    "kl_divergence(Normal(0, prior_width), Normal(mu, sd)).sum()": "forward",
    "E_q[log q(z) - log p(z)] where q = N(m, s^2)": "reverse",
    # informations of random variables
    "H(Y) - H(Y|X)": NEITHER,
    "H(X) + H(Z) - H(X, Z)": NEITHER,
    "f(x, y).mean() - torch.log(torch.exp(f(x, z)).mean())": NEITHER,
    "KL(Q(o|pi)||P(o)) - E_{Q(o|pi)}[KL(Q(s|o,pi)||Q(s|pi))]": NEITHER,
    # results in a list, branches
    "parts = []\nparts.append(F.kl_div(log_q, p, reduction='sum'))\nreturn sum(parts)": "forward",
    "kl = F.kl_div(log_q, p, reduction='sum') if train else 0.": "forward",
    "if scale:\n    d = 2 * kl_divergence(q, p)\nelse:\n    d = kl_divergence(q, p)\nreturn d": "reverse",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_it_is_read_with_what_stands_beside_it(text):
    assert read_objective(text).pull == READ[text]


ASKED = {
    "if forward:\n    loss = KL(p, q)\nelse:\n    loss = KL(q, p)": "branches of an if come to different objectives",
    "kl = KL(p, q) if covers else KL(q, p)": "branches of an if come to different objectives",
    "if kind == 'k1':\n    return logp - ref_logp\nelif kind == 'k2':\n    return 0.5 * (logp - ref_logp)**2\nelse:\n"
    "    return (ref_logp - logp).exp() - 1 - (ref_logp - logp)": "branches of an if",
    r"KL(\pi_{\theta'}\|\pi_\theta)": "Which distribution is fitted",
    r"KL(q\|p) \le KL(q\|r)": "on each side of a bound",
    "E_q[r] s.t. KL(q||p) <= 1": "say in front whether",
    "E_p[f(x)] + KL(p||q)": "then the mean under p is a constant",
    r"u - 1 - \ln u, \quad u = q(x)/p(x), \quad x \sim q": "its mean there is no divergence",
    "qo = B @ qs\nrisk = (qo * (np.log(qo) - np.log(C))).sum()\nG = risk - (qs * (B * np.log(B)).sum(0)).sum()": (
        "is made of B and qs"
    ),
    "loss = F.kl_div(...) * T**2": "three dots",
}


@pytest.mark.parametrize("text", ASKED)
def test_what_is_open_is_asked(text):
    with pytest.raises(ObjectiveError, match=ASKED[text]):
        read_objective(text)


def test_too_many_conditions_are_refused():
    with pytest.raises(ObjectiveError, match="Too many conditions"):
        read_objective(r"\max_q E_q[r] \text{ s.t. } " + ", ".join([r"KL(q\|p) \le 1"] * 40))


def test_a_condition_is_never_set_aside_in_silence():
    found = read_objective(r"\max_q\ E_q[r] \ \text{s.t.}\ KL(q\|p)\le\epsilon")
    assert found.canonical.startswith("eta D(q‖t)") and any("multiplier eta" in note for note in found.notes)
    noted = read_objective(r"\min_q\ KL(q\|p) \ \text{s.t.}\ \sum_i q_i = 1").notes
    assert any("is set aside" in note for note in noted)
    floor = read_objective(r"\min_q\ KL(q\|p)\ \text{s.t.}\ E_q[r]\ge c")
    assert "exp(eta r)" in floor.canonical


def test_a_penalty_at_samples_of_the_old_policy():
    words = read_objective("-(torch.exp(lp - old_lp) * adv).mean() + c * (old_lp - lp).mean()").headline
    assert "at the samples of pi_old" in words and "D(pi_old‖pi), whose gradient it has" in words


CONSTANT = ["max_q H(p)", r"\min_{\pi} -\beta H(\pi_{ref})", "H[teacher]", "min_q 2*KL(p||p_data)", "pi_old.entropy()"]


@pytest.mark.parametrize("text", CONSTANT)
def test_what_holds_nothing_fitted_is_a_constant(text):
    found = read_objective(text)
    assert found.pull == NEITHER and ("nothing in it depends" in found.headline or "it is a constant" in found.headline)


def test_a_name_with_and_without_its_arguments_is_one():
    found = read_objective(r"\beta \int p(z)\log\frac{p(z)}{q(z)}\,dz - 2\,\mathbb{E}_q[-\log q]")
    assert found.pull == BOTH and (found.weights.forward, found.weights.entropy) == (0.5, 2.0)
    assert read_objective("KL(q||q(z))", "q").pull == "reverse"


def test_the_name_of_a_result_says_that_it_is_made_large():
    assert read_objective("rewards = s + beta*(logp - ref_logp)").pull == NEITHER
    assert read_objective("rewards = s - beta*(logp - ref_logp)").maximised
    assert read_objective("elbo = E_q[log p(y|z)] + KL(q(z)||p(z))").pull == NEITHER
    assert read_objective("elbo = distortion + KL(q(z)||p(z))").pull == "reverse"


def test_a_mean_over_outcomes_is_said():
    assert any("divided by their number" in note for note in read_objective("np.mean(q*np.log(q/p))").notes)
    assert read_objective("(q*np.log(q/p)).sum(-1).mean()").notes == ()


def test_a_mixture_that_is_handed_to_a_library_is_taken_apart():
    mixed = "m = (p + q)/2\nF.kl_div(p.log(), m, reduction='sum') + F.kl_div(q.log(), m, reduction='sum')"
    assert read_objective(mixed).pull == NEITHER


def test_a_reference_does_not_move_with_the_policy():
    assert "moves" not in read_objective("E_pi[r] - beta*KL(pi||pi_sft)", "pi").headline


def test_logs_of_logs_are_a_fault():
    for text in ("F.kl_div(torch.log(log_q), p, reduction='sum')", "F.kl_div(log_q, log_p.log(), log_target=True)"):
        assert "logs of logs" in read_objective(text).headline


EXPONENTIALS = ["np.sum(p*np.exp(p/q)) + np.sum(q*np.log(q/p))", "np.sum(q*(np.log(q) - np.exp(p)))"]


@pytest.mark.parametrize("text", EXPONENTIALS)
def test_an_exponential_of_a_density_is_no_constant(text):
    with pytest.raises(ObjectiveError, match="An exponential of the value of"):
        read_objective(text)
