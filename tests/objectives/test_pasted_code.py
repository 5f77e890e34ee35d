"""What stands around a divergence in the code and the equations that people paste: helpers, tables, branches, titles.

Each text is a spelling of its own for a way of writing that is met in public code; none is copied from any.
"""

import pytest

from kl_engine.objectives import ObjectiveError, read_objective

BOTH, NEITHER = "both", "neither"
READ = {
    # a helper of the text's own, with an underscore, types and a loop over a filtered list
    "def _div(first: Array, second: Array) -> float:\n    return np.sum([v for v in first * np.log2(first / second)"
    " if not np.isnan(v)])\n\nmix = 0.5 * (left + right)\nreturn 0.5 * _div(left, mix) + 0.5 * _div(right, mix)":
        NEITHER,
    "    def rel_ent(p, q):\n        return scipy.stats.entropy(p, q)\n\n"
    "    print((rel_ent(p, q) + rel_ent(q, p)) / 2)":
        BOTH,
    # a distribution that is divided by its own sum, or clipped, is the same one
    "p_bins = p_bins + tiny\np_bins = p_bins / p_bins.sum()\nq_bins = q_bins / q_bins.sum()\n"
    "np.sum(rel_entr(p_bins, q_bins))": "forward",
    "q = np.clip(q, 1e-9, 1); q /= q.sum()\np = np.clip(p, 1e-9, 1); p /= p.sum()\nreturn (q * np.log(q / p)).sum()":
        "reverse",
    # what is kept in a table goes by its key
    "kl = batch['old_logprobs'] - batch['ref_logprobs']\nrewards = scores - kl_coef * kl": "reverse",
    "actor_loss = (nets_dict['log_alpha'].exp() * log_pi - torch.min(q1(s, a), q2(s, a))).mean()": "reverse",
    # products and sums in one call
    "s = F.softmax(student_logits, -1)\nkl = torch.einsum('nc,nc->n', s, s.log() - teacher_logprobs)": "reverse",
    # a title, a condition, a gradient, a root, a bound
    "training objective: KL(p_data || p_model)": "forward",
    r"\min_q \mathrm{KL}(q\|p) \quad \text{s.t.} \quad \mathbb{E}_q[x] = m": "reverse",
    r"\nabla_\phi \mathrm{KL}(q_\phi\|p)": "reverse",
    r"L(Q) \le \hat L(Q) + \sqrt{\frac{\mathrm{KL}(Q\|P) + \ln(n/\delta)}{2 n}}": "reverse",
    # equations of several sides: the one that holds something to read
    r"\log p(x) - \mathrm{KL}(q(z)\|p(z|x)) = \mathbb{E}_q[\log p(x,z)] + H(q)": "reverse",
    r"\ln p(y) \ge \mathbb{E}_{q}\left[\ln \frac{p(y,w)}{q(w)}\right] = \mathcal{L}(q)": "reverse",
    r"\mathrm{ELBO}(q) = \mathbb{E}[\log p(y,w)] - \mathbb{E}[\log q(w)]": "reverse",
    r"\mathcal{J}(\theta) = \mathbb{E}_{P_\theta}\left[\log \frac{P_\theta(x)}{Q(x)}\right]": "reverse",
    r"\mathbb{E}_q[\log p_\theta(x|z)] - \mathrm{KL}(q_\phi(z|x)\,\|\,p(z))": "reverse",
    "Σ p log₂(p/q)": "forward",
    # the factors of one variational distribution
    r"\mathbb{E}_{q(u|x)}[\log p(x|u)] - \mathrm{KL}(q(u|x)\|p(u)) - \mathrm{KL}(q(w|u)\|p(w))": "reverse",
    # reinforcement learning
    "loss = -(log_probs * returns).mean() - 0.02 * entropy.mean()": "reverse",
    "loss_pi = -(min_q - temperature * log_pi).mean()": "reverse",
    "loss = policy_loss - ent_coef * entropy + vf_coef * value_loss": "reverse",
    "loss = (log_q - log_prior) / n_batches + negative_log_likelihood": "reverse",
    "TraceMeanField_ELBO().differentiable_loss(model, guide)": "reverse",
    # a loss that takes the prediction first
    "crossentropy(model(x), y)": "forward",
    # small numbers in both parts of a ratio, and a guard against a share of 0
    "np.sum((old_bins - new_bins) * np.log((old_bins + 1e-5) / (new_bins + 1e-5)))": BOTH,
    "def part(new, old):\n    if new == 0:\n        new = 1e-4\n    return (new - old) * np.log(new / old)": BOTH,
    "sum(q * (log(q + EPSILON) - log(p + EPSILON)))": "reverse",
    "max(0.0, sum(q * log(q / p)))": "reverse",
    "q.kl_divergence(q_cavity).sum()": "reverse",
    r"\mathbb{E}_{y \sim \pi_\theta}\left[r(y)\right] {-} \beta\,\mathrm{KL}(\pi_\theta\|\pi_{ref})": "reverse",
    # who is fitted, by what the arguments say
    "kl_divergence(Categorical(logits=logits), Categorical(logits=ref_logits))": "reverse",
    "kl_divergence(layer_qs, layer_ps).sum()": "reverse",
    "ratio_log = old_lprobs - new_lprobs\nkl = (exp(ratio_log) - 1 - ratio_log).mean()": "forward",
    "log_r = log_prob - batch['log_prob']\n(exp(log_r) - 1 - log_r).mean()": "forward",
    r"J = \mathbb{E}[r_\phi(x,y)] - \beta D_{KL}(\pi_\theta \| \pi_{ref})": "reverse",
    "js = distance.jensenshannon(p, q)\nif np.isnan(js):\n    js = 0": NEITHER,
    "r = -(actual - expected) * np.log(expected / actual)": BOTH,
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_is_pasted_is_read_as_what_it_is(text):
    verdict = read_objective(text)
    assert (verdict.direction or (BOTH if verdict.pull == BOTH else NEITHER)) == READ[text]


SAID = {
    "F.cosine_similarity(z1, z2.detach(), dim=1).mean()": "a cosine",
    "E_p[ ||grad log p - grad log q||^2 ]": "score matching",
    "-torch.log(pos / neg_sum).mean()": "InfoNCE",
    "(F.cross_entropy(logits_per_image, y) + F.cross_entropy(logits_per_text, y)) / 2": "InfoNCE",
    "-torch.log(torch.sigmoid(r(preferred) - r(rejected))).mean()": "Bradley and Terry",
    r"\log \sigma(r_\phi(x, y_{win}) - r_\phi(x, y_{lose}))": "Bradley and Terry",
    r"-\log \sigma(\beta \log \frac{\pi(y_{win}|x)}{\pi_{ref}(y_{win}|x)} - \beta \log \frac{\pi(y_{lose}|x)}"
    r"{\pi_{ref}(y_{lose}|x)})": "DPO's loss",
    "loss = pg_loss + beta * (logps - ref_logps)": "mean gradient of k1 is 0",
    "loss = torch.logsumexp(log_w, 0).neg().mean()": "importance-weighted bound",
    "F.l1_loss(x_hat, x)": "absolute error",
    "scipy.spatial.distance.jensenshannon(p, q)": "its square root",
    "torch.relu(1 - beta * logits).mean()": "hinge",
    "loss = -torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv) + beta * kl": "beside it stands kl",
}


@pytest.mark.parametrize("text", SAID)
def test_what_is_no_divergence_is_named(text):
    verdict = read_objective(text)
    assert verdict.direction is None and SAID[text] in verdict.headline


ASKED = {
    "log_ratio.exp() - 1 - log_ratio": "what stands above",
    "kl_between_nets(net_a(x), net_b(x))": "paste its body",
    "KL(p||q) = 0": "contains no distribution",
    "H(Z|X) + H(X)": "conditional entropy of random variables",
    "loss = (token_loss * mask).sum() / mask.sum()": "does not say what token_loss is",
}


@pytest.mark.parametrize("text", ASKED)
def test_a_refusal_says_what_is_missing(text):
    with pytest.raises(ObjectiveError, match=ASKED[text]):
        read_objective(text)


def test_what_is_fitted_in_both_places_is_no_constant():
    text = "F.kl_div(F.log_softmax(net(x_adv), 1), F.softmax(net(x), 1), reduction='batchmean')"
    verdict = read_objective(text)
    assert verdict.direction == "forward" and "net(x) moves with net(x_adv)" in verdict.headline
    assert verdict.canonical == "D(net(x)‖net(x_adv))"


def test_all_that_calls_fit_is_named():
    verdict = read_objective("F.cross_entropy(out_a, labels) + F.cross_entropy(out_b, labels)")
    assert verdict.direction == "forward" and "out_a is fitted as well" in verdict.headline


@pytest.mark.parametrize("outer", ["Q(o|a)", "Q"])
def test_an_information_gain_is_made_large_under_what_it_is_averaged_over(outer):
    text = f"G = -E_{{{outer}}}[KL(Q(s|o,a)||Q(s|a))] - E_{{{outer}}}[log P(o)]"
    verdict = read_objective(text)
    assert verdict.direction == "reverse" and not verdict.maximised and verdict.model == outer
    assert f"E_{outer}[−log P(o)]" in verdict.canonical and "no constant" in verdict.headline


def test_a_divergence_that_is_read_without_what_stands_around_it_is_said_to_be():
    verdict = read_objective("kl = exp(ref_lp - lp) - (ref_lp - lp) - 1\nloss = unknown_helper(kl, 3)")
    assert verdict.direction == "forward" and any("read by itself" in note for note in verdict.notes)


LOSS_OBJECTS = ("self.kl_loss_fn({a}, {b})", "kl_criterion(input={a}, target={b})", "self.kld_loss({a}, {b}).mean()")


@pytest.mark.parametrize("text", LOSS_OBJECTS)
def test_a_loss_that_is_built_elsewhere_is_told_by_what_it_is_given(text):
    a, b = "F.log_softmax(student_logits / T, dim=-1)", "F.softmax(teacher_logits / T, dim=-1)"
    verdict = read_objective(f"loss = {text.format(a=a, b=b)}")
    assert verdict.direction == "forward" and any("KLDivLoss" in note for note in verdict.notes)
    assert read_objective(f"log_s = {a}\ntea = {b}\nloss = {text.format(a='log_s', b='tea')}").direction == "forward"
    with pytest.raises(ObjectiveError):
        read_objective(f"loss = {text.format(a=b, b=b)}")


def test_what_an_optimiser_is_given_is_the_loss():
    for sign, headline in (("-", "Reverse"), ("", "pushes")):
        text = f"elbo = ll - kl_divergence(posterior, prior)\nstep = tf.train.AdamOptimizer(0.1).minimize({sign}elbo)"
        assert headline in read_objective(text.replace("kl_div", "tfd.kl_div")).headline


@pytest.mark.parametrize("small", ["np.finfo(float).eps", "torch.finfo(p.dtype).tiny", "self.eps"])
def test_a_small_number_by_its_kind(small):
    assert read_objective(f"np.sum(p * np.log(p / (q + {small})))").canonical == "D(p‖q)"


@pytest.mark.parametrize(
    "call", ["kl_divergence(mu, logvar).mean()", "KL(mean, log_var)", "kl_div(z_mean, z_std).sum()"]
)
def test_the_parameters_of_one_distribution_are_no_two_distributions(call):
    with pytest.raises(ObjectiveError, match="a mean and a width"):
        read_objective(f"recon_loss = F.mse_loss(x_hat, x)\nloss = recon_loss + beta * {call}")


FLOORS = ("{0} = np.where({0} == 0, 1e-6, {0})", "{0} += eps", "{0} += 1e-10\n{0} /= {0}.sum()",
          "{0} = np.where({0} > 0, {0}, epsilon)", "{0} = counts_{0} / counts_{0}.sum()")  # fmt: skip


@pytest.mark.parametrize("floor", FLOORS)
def test_what_keeps_a_distribution_off_zero_leaves_it_what_it_is(floor):
    lines = "\n".join(floor.format(name) for name in "pq")
    owner = "counts_{}".format if "counts" in floor else str
    p, q = owner("p"), owner("q")
    assert read_objective(f"{lines}\nloss = np.sum(p * np.log(p / q))").canonical == f"D({p}‖{q})"
    both = read_objective(f"{lines}\npsi = np.sum((p - q) * np.log(p / q))")
    assert both.headline.startswith("Both directions")
    assert "Jensen-Shannon" in read_objective(f"{lines}\nm = (p + q) / 2\n(entropy(p, m) + entropy(q, m)) / 2").headline
