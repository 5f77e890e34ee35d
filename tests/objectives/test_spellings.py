"""Objectives in the spellings of code, papers and notes: every one is read as what it is, or asked about."""

from __future__ import annotations

import tracemalloc

import pytest

from kl_engine.objectives import ObjectiveError, read_objective
from tests.reference import spellings

CASES = [*spellings("pasted_objectives"), *spellings("spelled_objectives")]
MOST_MEMORY = 20e6  # bytes
TARGETS = {"target t", "t prop. to"}


def answer(text: str) -> str:
    """What is said of a text: a direction, "none", or "ask" where it is refused."""
    try:
        return read_objective(text).direction or "none"
    except ObjectiveError:
        return "ask"


def expected_of(words: str) -> tuple[str, ...]:
    """The answers that are right."""
    if words.startswith("refuse") or words == "ask":
        return ("ask", "none")
    return (words,) if words in ("forward", "reverse", "none") else ("reverse",)


@pytest.mark.parametrize(("text", "words"), CASES, ids=range(len(CASES)))
def test_each_spelling_is_read_as_what_it_is(text, words):
    assert answer(text) in expected_of(words)


def test_no_spelling_needs_much_memory():
    read_objective(CASES[0][0])
    tracemalloc.start()
    for text, _ in CASES:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        answer(text)
        assert tracemalloc.get_traced_memory()[1] - before < MOST_MEMORY
    tracemalloc.stop()


UNDER_Q = {  # an average under what is fitted is a function of its sample, and no constant
    "KL(q(z)||prior(z)) + E_q(z)[CE(data, p(x|z))]": "D(q(z)‖t) + const,   t ∝ prior(z) · exp(E_data[log p(x|z)])",
    "E_q[H[p(x|z)]] - H[q]": "D(q‖t) + const,   t ∝ exp(−H[p(x|z)])",
    "-E_{Q(o)}[\\log P(o)] - E_{Q(o)}[KL(Q(s|o)||Q(s))]": None,  # Q(s|o) and Q(s) held fixed
}


@pytest.mark.parametrize("text", UNDER_Q)
def test_an_average_under_what_is_fitted_is_no_constant(text):
    verdict = read_objective(text, "Q(o)" if "Q" in text else None)
    assert verdict.direction == "reverse" and not verdict.exact
    assert not [name for name in verdict.dropped if "E_" in name or "H[" in name]
    if UNDER_Q[text]:
        assert verdict.canonical.replace("−−", "").replace("−1 ", "−") == UNDER_Q[text]


SPLITS = (
    r"G(\pi) = D_{KL}[Q(o|\pi)\|P(o)] + \mathbb{E}_{Q(s|\pi)}[H[P(o|s)]]",
    "KL(Q(o|pi)||C) + E_{Q(s|pi)}[H[P(o|s)]]",
    r"-\mathbb{E}_{Q(o|\pi)}[D_{KL}[Q(s|o,\pi)\|Q(s|\pi)]] - \mathbb{E}_{Q(o|\pi)}[\ln P(o)]",
)


@pytest.mark.parametrize("text", SPLITS)
def test_the_expected_free_energy_keeps_both_of_its_terms(text):
    verdict = read_objective(text)
    assert verdict.dropped == () and not verdict.whole
    assert "E_Q(s|pi)" in verdict.canonical or "D(Q(s|o,pi)" in verdict.canonical or "Q(s|o,pi)" in verdict.canonical


def test_an_average_that_may_or_may_not_move_is_asked_about():
    with pytest.raises(ObjectiveError, match=r"does q\(y\) change with it"):
        read_objective("KL(q(z)||p(z)) + E_{q(y)}[H[p(x|y)]]")


OPTIONS = {
    "F.cross_entropy(logits, labels, label_smoothing=0.1)": ("label_smoothing", "9/10 D(labels‖logits)"),
    "F.cross_entropy(logits, labels, weight=w)": ("in proportion to w · labels", "D(w·labels‖logits)"),
    "F.cross_entropy(logits, labels, ignore_index=-1)": ("left out of the average", "D(labels‖logits)"),
    "F.kl_div(log_q, p, size_average=False)": ("reduction 'sum'", "D(p‖q)"),
    "F.kl_div(log_q, p, reduce=False)": ("reduction 'none'", "D(p‖q)"),
    "F.kl_div(log_q, p, size_average=True)": ("reduction 'mean'", "D(p‖q)"),
}


@pytest.mark.parametrize("text", OPTIONS)
def test_options_change_the_verdict_or_are_said(text):
    words, canonical = OPTIONS[text]
    verdict = read_objective(text)
    assert canonical in verdict.canonical and any(words in note for note in verdict.notes)


@pytest.mark.parametrize(
    "text",
    ["F.kl_div(log_q, p, reduction='foo')", "F.cross_entropy(a, b, label_smoothing=2)", "F.kl_div(log_q, p, x=1)"],
)
def test_an_option_that_does_not_exist_is_refused(text):
    with pytest.raises(ObjectiveError):
        read_objective(text)


BESIDE = {
    "recon + beta*KL(q||p)": "beta D(q‖t) + const,   t ∝ p · exp(−recon/beta)",
    "KL(q||p) - log p(x)": "D(q‖p) + const",
    "KL(teacher||student) + task_loss": "D(teacher‖student) + task_loss",
}


@pytest.mark.parametrize("text", BESIDE)
def test_what_stands_beside_a_divergence_is_no_constant_unless_it_is_one(text):
    verdict = read_objective(text)
    assert verdict.canonical == BESIDE[text]
    if "task_loss" in text:
        assert "task_loss stands beside it and is not judged" in verdict.headline and not verdict.whole


def test_what_cancels_is_zero():
    for text in ("KL(p||p)", "KL(q||p) - KL(q||p)"):
        assert read_objective(text).headline.startswith("It is 0")


def test_the_population_stability_index_is_the_jeffreys_divergence():
    one, other = (read_objective(text) for text in ("sum((a-b)*log(a/b))", "KL(a||b) + KL(b||a)"))
    assert one.pull == other.pull == "both" and one.canonical == other.canonical and one.direction is None


JENSEN_SHANNON = (
    "m = 0.5*(p+q)\n0.5*KL(p||m) + 0.5*KL(q||m)", "m = (p + q)/2\njs = (entropy(p, m) + entropy(q, m))/2", "JS(p||q)",
    "KL(p || (p+q)/2)/2 + KL(q || (p+q)/2)/2", "jensenshannon(p, q)**2",
)  # fmt: skip


@pytest.mark.parametrize("text", JENSEN_SHANNON)
def test_jensen_shannon_is_known_in_every_form(text):
    verdict = read_objective(text)
    assert verdict.direction is None and "Jensen-Shannon" in verdict.headline


def test_what_the_mean_is_is_asked():
    with pytest.raises(ObjectiveError, match="What is m"):
        read_objective("0.5*KL(p||m) + 0.5*KL(q||m)")
    assert read_objective("0.5*KL(p||m) + 0.5*KL(q||m)", fitted="m").direction == "forward"


def test_who_is_fitted_is_asked_or_said():
    with pytest.raises(ObjectiveError, match="may be a or b"):
        read_objective("KL(a||b)")
    assert read_objective("KL(a||b)", fitted="b").direction == "forward"
    assert read_objective("KL(a||b)", fitted="a").direction == "reverse"
    assert read_objective(r"\min_a KL(a||b)").direction == "reverse"
    with pytest.raises(ObjectiveError, match="There is no distribution 'c'"):
        read_objective("KL(a||b)", fitted="c")


def test_a_divergence_that_is_made_large_is_no_direction():
    verdict = read_objective(r"\max_q KL(q||p)")
    assert verdict.direction is None and "pushes q away" in verdict.headline


ASIDES = {
    "torch.min(ratio * adv, torch.clamp(ratio, 1 - eps, 1 + eps) * adv).mean()": "clipped surrogate",
    r"\mathbb{E}_{\pi_{old}}\left[\frac{\pi(a|s)}{\pi_{old}(a|s)} A(s,a)\right]": "no divergence is minimised",
    "-F.logsigmoid(beta * (chosen_logratios - rejected_logratios)).mean()": "DPO",
    r"-\log \frac{\exp(s_{i,i}/\tau)}{\sum_j \exp(s_{i,j}/\tau)}": "InfoNCE",
    r"\mathbb{E}_{x\sim p}[\log D(x)] + \mathbb{E}_{z}[\log(1 - D(G(z)))]": "GAN",
    "-(logprobs * advantages).mean()": "score-function surrogate",
    "W_2(p, q)": "Wasserstein",
}


@pytest.mark.parametrize("text", ASIDES)
def test_what_is_no_divergence_is_said_to_be_what_it_is(text):
    verdict = read_objective(text)
    assert verdict.direction is None and ASIDES[text] in verdict.headline


OTHERS_TOO = (
    r"\mathbb{E}_{z\sim p(z|x)}[-\log q(y|z)] + \beta D_{KL}(p(z|x)\|r(z))",  # encoder or decoder
    r"\mathbb{E}_{q_\phi(z|x)}[-\log p_\theta(x,z)]",  # the wake phase in θ; in φ it has no minimum
    "CE(data, q(y|z)) + beta*KL(enc(z|x)||r(z))",
)


@pytest.mark.parametrize("text", OTHERS_TOO)
def test_where_another_is_fitted_as_well_it_is_asked_which(text):
    with pytest.raises(ObjectiveError, match="Which distribution is fitted"):
        read_objective(text)


GIVEN = {  # who is given is said by parameters of a step before, of a teacher, or by the noise of a diffusion
    r"\mathbb{E}_{Z\sim p(Z|X,\theta^{(t)})}[\log p(X,Z|\theta)]": "p(X,Z|theta)",
    r"\sum_z p(z|x;\theta^{old}) \log p(x,z;\theta)": "p(x,z;theta)",
    r"-\sum_k q(k|x;\theta_T) \log p(k|x;\theta)": "p(k|x;theta)",
    r"D_{KL}(q(x_{t-1}|x_t,x_0)\,\|\,p_\theta(x_{t-1}|x_t))": "p_theta(x_t_minus_1|x_t)",
    r"\min_\theta \mathbb{E}_{q_\phi(z|x)}[-\log p_\theta(x,z)]": "p_theta(x,z)",
}


@pytest.mark.parametrize("text", GIVEN)
def test_who_is_given_is_said_by_its_parameters(text):
    verdict = read_objective(text)
    assert verdict.model == GIVEN[text] and verdict.direction == "forward"


def test_labels_that_count_the_pairs_make_it_contrastive():
    text = "logits = z1 @ z2.T / tau\nloss = F.cross_entropy(logits, torch.arange(len(z1), device=z1.device))"
    assert "InfoNCE" in read_objective(text).headline


def test_a_letter_under_an_expectation_is_a_distribution_where_one_bears_it():
    text = "E_a[log a - log b] + E_a[log a - log c]"
    assert read_objective(text, "a").direction == "reverse"
    for letter in "tisxyz":
        assert read_objective(f"E_{letter}[log {letter} - log r]", letter).direction == "reverse"
