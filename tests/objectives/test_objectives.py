"""Objectives read and judged: each text has one canonical form, direction and fate."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kl_engine.fits.weighted import Fate, Weighted, fate
from kl_engine.objectives.algebra.canonical_form import Term
from kl_engine.objectives.catalogue import CATALOGUE, FAMILY
from kl_engine.objectives.consequences import forced, sampling, zeros
from kl_engine.objectives.reading.models import guess_model
from kl_engine.objectives.reading.reading import read as read_objective
from kl_engine.objectives.verdicts import judge

FORWARD_TEXTS = (
    "KL(p||q)", "D_{KL}(p‖q)", r"D_{\mathrm{KL}}\left(p\,\|\,q\right)", "KL[p || q]", "kl(p, q)",
    "E_p[log p - log q]", "E_p[log(p/q)]", r"\mathbb{E}_{p}\left[\log\frac{p}{q}\right]", "-E_p[log(q/p)]",
    r"E_{x \sim p}[\log p - \log q]", "CE(p, q) - H(p)", "H(p, q) - H[p]", "sum(p*log(p/q))", "np.sum(p*np.log(p/q))",
    "(p * (p.log() - q.log())).sum()", "torch.sum(p * (log_p - log_q))", "E_p[p.log_prob(x) - q.log_prob(x)]",
    'torch.nn.functional.kl_div(log_q, p, reduction="sum")', "F.kl_div(q.log(), p.log(), log_target=True)",
    "F.kl_div(torch.log(q), p, reduction='batchmean')", "nn.KLDivLoss(reduction='sum')(log_q, p)",
    "F.kl_div(target=p, input=log_q, reduction='sum')", "scipy.stats.entropy(p, q)", "entropy(pk=p, qk=q)",
    "rel_entr(p, q).sum()", "np.sum(rel_entr(p, q))", "scipy.special.kl_div(p, q).sum()",
    "tf.keras.losses.KLDivergence()(p, q)", "tf.keras.losses.KLD(p, q)", "tfd.kl_divergence(p, q)",
    "torch.distributions.kl_divergence(p, q)", "optax.kl_divergence(log_q, p)", "forward_kl(p, q)", "reverse_kl(q, p)",
)  # fmt: skip
REVERSE_TEXTS = (
    "KL(q||p)", "D_{KL}(q\\|p)", "E_q[log q - log p]", "E_q[log(q/p)]", "-E_q[log(p/q)]", "H(q, p) - H(q)",
    "F.kl_div(log_p, q, reduction='sum')", "F.kl_div(p.log(), log_q, log_target=True)", "reverse_kl(p, q)",
    "scipy.stats.entropy(q, p)", "tf.keras.losses.KLDivergence()(q, p)", "sum(q*(log q - log p))", "-ELBO", "F",
    "tfd.kl_divergence(q, p)", "optax.kl_divergence(log_p, q)",
    "tfp.distributions.kl_divergence(distribution_a=q, distribution_b=p)", "optax.losses.kl_divergence(log_p, q)",
    "tf.reduce_sum(q * tf.math.log(q / p))",
)  # fmt: skip


def terms(text: str) -> dict:
    """The terms of a text: (under, inside) → the coefficient as a number."""
    found = read_objective(text).form.terms
    return {(term.under, term.inside): dict(coefficient.terms)[()] for term, coefficient in found.items()}


@pytest.mark.parametrize("text", FORWARD_TEXTS)
def test_forward_however_it_is_written(text):
    assert terms(text) == {("p", "p"): 1, ("p", "q"): -1}


@pytest.mark.parametrize("text", REVERSE_TEXTS)
def test_reverse_however_it_is_written(text):
    assert terms(text) == {("q", "q"): 1, ("q", "p"): -1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-E_p[log q]", {("p", "q"): -1}),
        ("CE(p, q)", {("p", "q"): -1}),
        ("H(p, q)", {("p", "q"): -1}),
        ("CE(q, p)", {("q", "p"): -1}),
        ("H[q]", {("q", "q"): -1}),
        ("scipy.stats.entropy(q)", {("q", "q"): -1}),
        ("stats.entropy(q)", {("q", "q"): -1}),
        ("2*KL(q||p)/3", {("q", "q"): Fraction(2, 3), ("q", "p"): Fraction(-2, 3)}),
        ("E_q[2 log q - 3*log p]", {("q", "q"): 2, ("q", "p"): -3}),
        ("F.cross_entropy(q_logits, p)", {("p", "q_logits"): -1}),
        ("F.nll_loss(F.log_softmax(q, dim=1), p)", {("p", "q"): -1}),
        ("KL(p||q) - KL(p||r)", {("p", "q"): -1, ("p", "r"): 1}),
    ],
)
def test_other_forms(text, expected):
    assert terms(text) == expected


def test_the_evidence_bound_of_an_autoencoder():
    text = r"\mathbb{E}_{q_\phi(z|x)}\left[\log p(x|z)\right] - \beta D_{\mathrm{KL}}\left(q_\phi(z|x)\,\|\,p(z)\right)"
    found = read_objective(text).form.terms
    q = "q_phi(z|x)"
    assert {term: str(coefficient) for term, coefficient in found.items()} == {
        Term(q, "p(x|z)"): "1",
        Term(q, q): "−beta",
        Term(q, "p(z)"): "beta",
    }


def test_one_distribution_written_in_two_ways():
    full = read_objective("E_q(z|x)[log p(x|z)] - KL(q(z|x)||p(z))")
    short = read_objective("E_q[log p(x|z)] - KL(q(z|x)||p(z))")
    assert short.form == full.form and "q is read as q(z|x), as it is written elsewhere" in short.notes
    for text in ("E_q[log q(z) - log p(z)]", "E_q(z)[log q - log p(z)]", r"E_{z\sim q}[\log q(z)] - E_q(z)[log p(z)]"):
        assert read_objective(text).form == read_objective("KL(q(z)||p(z))").form
    assert read_objective("E_p[log p(x) - log q(x)]").form == read_objective("KL(p(x)||q(x))").form
    for text in ("KL(q||q(z))", "KL(q(z)||q)", "E_q[log p(x|z)] - KL(q||p)"):  # two distributions on purpose
        assert not any("is read as" in note for note in read_objective(text).notes)


@pytest.mark.parametrize("text", ["E_q[log q(a) + log q(b|a) - log p]", "E_q[log p] - KL(q(z|x)||p) - KL(q(z)||p)"])
def test_a_name_that_may_stand_for_two_is_asked_about(text):
    with pytest.raises(ValueError, match=r"^Two readings: q may be q\(.*\) or q\(.*\): write its arguments everywhere"):
        read_objective(text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("optax.losses.kl_divergence(log_q, p)", "Optax kl_divergence"),
        ("tfp.distributions.kl_divergence(q, p)", "TensorFlow Probability kl_divergence"),
        ("torch.distributions.kl_divergence(q, p)", "torch.distributions kl_divergence"),
        ("tf.keras.losses.kl_divergence(p, q)", "Keras kl_divergence"),
        ("jax.scipy.special.kl_div(p, q)", "SciPy special.kl_div"),
    ],
)
def test_a_namesake_is_told_by_its_package(text, title):
    reading = read_objective(text)
    assert [call.title for call in reading.calls] == [title] and not reading.faults


JUDGED = {
    "KL(p||q)": ("D(p‖q)", "forward", (1, 0, 0), Fate.MINIMUM, False),
    "-E_p[log q]": ("D(p‖q) + const", "forward", (1, 0, 0), Fate.MINIMUM, False),
    "E_p[log q]": ("D(p‖q) + const", "forward", (1, 0, 0), Fate.MINIMUM, True),
    "KL(q||p)": ("D(q‖p)", "reverse", (0, 1, 1), Fate.MINIMUM, False),
    "ELBO": ("D(q‖p) + const", "reverse", (0, 1, 1), Fate.MINIMUM, True),
    "CE(q, p)": ("E_q[−log p]", "reverse", (0, 0, 1), Fate.COLLAPSE, False),
    "E_q[log p]": ("−E_q[−log p]", "reverse", (0, 0, -1), Fate.SPREAD, False),
    "H(q)": ("H[q]", "reverse", (0, -1, 0), Fate.COLLAPSE, False),
    "-H(q)": ("−H[q]", "reverse", (0, 1, 0), Fate.SPREAD, False),
    "2*E_q[log q] - 3*E_q[log p]": ("2 D(q‖t) + const,   t ∝ p^(3/2)", "reverse", (0, 2, 3), Fate.MINIMUM, False),
    "KL(q||p) + CE(p, q)": ("D(p‖q) + D(q‖p) + const", "both", (1, 1, 1), Fate.MINIMUM, False),
    "(1-w)*KL(p||q) + w*KL(q||p)": ("(1 − w) D(p‖q) + w D(q‖p)", "both", (0.75, 0.25, 0.25), Fate.MINIMUM, False),
    "w*KL(p||q) + (1-w)*KL(q||p)": ("w D(p‖q) + (1 − w) D(q‖p)", "both", (0.25, 0.75, 0.75), Fate.MINIMUM, False),
    "E_q[r] - beta*KL(q||p)": (
        "beta D(q‖t) + const,   t ∝ p · exp(r/beta)", "reverse", (0, 0.25, 0.25), Fate.MINIMUM, True,
    ),
    "-E_p[log q] - 2*H(q)": ("D(p‖q) − 2 H[q] + const", "both", (1, 2, 0), Fate.SPREAD, False),
    "KL(p||r)": ("0 + const", "neither", (0, 0, 0), Fate.CONSTANT, False),
}  # fmt: skip


@pytest.mark.parametrize("text", JUDGED)
def test_verdicts(text):
    verdict = judge(read_objective(text).form, "q", {"w": 0.25, "beta": 0.25})
    found = (verdict.canonical, verdict.pull, tuple(verdict.weights), verdict.fate, verdict.maximised)
    assert found == JUDGED[text]


def test_the_sign_of_an_objective_does_not_change_what_it_fits():
    for text in ("KL(p||q)", "KL(q||p)", "beta*KL(q||p) + CE(p, q)", "E_q[r] - beta*KL(q||p)"):
        scalars = {"beta": 0.5}
        one, other = (judge(read_objective(words).form, "q", scalars) for words in (text, f"-({text})"))
        assert one.weights == other.weights and one.maximised != other.maximised


def test_what_each_direction_samples_and_what_a_zero_does():
    forward, reverse = (judge(read_objective(text).form, "q", {}) for text in ("KL(p||q)", "KL(q||p)"))
    assert forward.expectations == ("p",) and reverse.expectations == ("q",)
    assert sampling(forward).startswith("samples of p, never") and sampling(reverse).startswith("samples of q itself")
    assert zeros(forward)[0].startswith("q = 0 where p > 0: ∞") and zeros(reverse)[0].startswith("p = 0 where q > 0: ∞")
    assert "−log q(support of p)" in zeros(forward)[1]
    assert "mean and variance" in forced(forward) and "leave parts of it out" in forced(reverse)


def test_what_is_under_the_expectation_depends_on_who_is_fitted():
    form = read_objective("KL(a||b)").form
    assert judge(form, "b", {}).direction == "forward" and judge(form, "a", {}).direction == "reverse"


@pytest.mark.parametrize(
    ("densities", "model", "certain"),
    [
        (("p", "q"), "q", True),
        (("teacher", "student"), "student", True),
        (("pi", "pi_ref"), "pi", True),
        (("pi_old", "pi"), "pi", True),
        (("p", "p_theta"), "p_theta", True),
        (("p_model", "p_data"), "p_model", True),
        (("Q", "P"), "Q", True),
        (("q(z|x)", "p(z)", "p(x|z)"), "q(z|x)", True),
        (("a", "b"), "b", False),
        (("q1", "q2"), "q1", False),
    ],
)
def test_the_fitted_one_is_guessed_only_where_the_names_say_it(densities, model, certain):
    assert guess_model(densities) == (model, certain)


def test_every_entry_of_the_catalogue_is_read_by_the_same_grammar():
    directions = {}
    for key, entry in CATALOGUE.items():
        assert entry.title and entry.remark and entry.source and entry.sampled
        if entry.text == FAMILY:
            continue
        reading = read_objective(entry.text)
        assert entry.model in reading.form.densities() and not reading.faults and not reading.questions
        verdict = judge(reading.form, entry.model, dict.fromkeys(reading.form.scalars(), 0.5))
        assert verdict.fate is Fate.MINIMUM
        directions[key] = verdict.pull
    forward = {"maximum_likelihood", "cross_entropy", "label_smoothing", "distillation_forward", "wake", "sleep"}
    forward |= {"expectation_propagation", "contrastive_divergence"}
    assert {key for key, direction in directions.items() if direction == "forward"} == forward
    assert {key for key, direction in directions.items() if direction == "both"} == {"policy_gradient"}


@pytest.mark.parametrize("scale", [0.3, 1.0, 7.0])
def test_a_fate_does_not_depend_on_the_scale(scale):
    for forward in (-1, 0, 1):
        for entropy in (-1, 0, 0.5, 1, 2):
            for energy in (-1, 0, 1):
                weights = Weighted(forward, entropy, energy)
                assert fate(weights) is fate(Weighted(*(scale * weight for weight in weights)))
