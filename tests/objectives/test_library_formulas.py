"""The documented formulas of other packages, against the definition and against what the reader says of each call."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine.objectives.judgement import verdict_of
from kl_engine.objectives.libraries import formulas
from kl_engine.objectives.libraries.functions import CALLS, LOG, PROBABILITY
from kl_engine.objectives.reading.reading import read as read_objective
from kl_engine.objectives.verdicts import judge
from pages.ui.views.objective_check.library_table import EXAMPLES
from tests.reference import worked_case

CASE = worked_case("A01_wikipedia_binomial_vs_uniform")
P, Q = (np.array(CASE["inputs"][name]) for name in "pq")
FORWARD, REVERSE = CASE["expected"]["kl_pq"], CASE["expected"]["kl_qp"]
NEAR = CASE["tolerance"]


def test_torch_takes_logs_first_and_puts_the_second_under_the_expectation():
    assert formulas.torch_kl_div(np.log(Q), P, "sum") == pytest.approx(FORWARD, abs=NEAR)
    assert formulas.torch_kl_div(np.log(P), Q, "sum") == pytest.approx(REVERSE, abs=NEAR)
    assert formulas.torch_kl_div(np.log(Q), np.log(P), "sum", log_target=True) == pytest.approx(FORWARD, abs=NEAR)


def test_torch_without_a_reduction_divides_by_the_number_of_outcomes():
    assert formulas.torch_kl_div(np.log(Q), P) == pytest.approx(FORWARD / 3, abs=NEAR)


def test_torch_without_logs_is_linear_and_no_divergence():
    value, twice = (formulas.torch_kl_div(q, P, "sum") for q in (Q, 2 * Q))
    assert value < 0
    assert twice - value == pytest.approx(-float(P @ Q), abs=NEAR)


def test_what_each_does_at_a_zero():
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    with np.errstate(divide="ignore"):
        log_q, log_p = np.log(q), np.log(p)
    assert formulas.scipy_entropy(p, q) == math.inf and formulas.rel_entr(p, q).sum() == math.inf
    assert formulas.keras_kl_divergence(p, q) == pytest.approx(math.log(1e7), rel=1e-5)
    assert math.isnan(formulas.torch_kl_div(log_p, p, "sum"))  # 0 · −∞, although D(p‖p) = 0
    assert formulas.torch_kl_div(log_q, p, "sum") == math.inf
    assert formulas.optax_kl_divergence(log_p, p) == 0 and formulas.optax_kl_divergence(log_q, p) == math.inf


def test_scipy():
    assert formulas.scipy_entropy(P, Q) == pytest.approx(FORWARD, abs=NEAR)
    assert formulas.scipy_entropy(3 * P, 7 * Q) == pytest.approx(FORWARD, abs=NEAR)  # normalised unseen
    assert formulas.scipy_entropy(P) == pytest.approx(-float(P @ np.log(P)), abs=NEAR)
    assert formulas.rel_entr(P, Q).sum() == pytest.approx(FORWARD, abs=NEAR) and (formulas.rel_entr(P, Q) < 0).any()
    assert formulas.special_kl_div(P, Q).sum() == pytest.approx(FORWARD, abs=NEAR)
    assert (formulas.special_kl_div(P, Q) >= 0).all()
    assert formulas.special_kl_div(P, 2 * Q).sum() == pytest.approx(FORWARD - math.log(2) + 1, abs=NEAR)


def test_the_restated_scipy_is_scipy():
    from scipy import special, stats

    p, q = np.array([0.0, 0.2, 0.8, 0.3]), np.array([0.5, 0.0, 0.3, 0.2])
    assert formulas.rel_entr(p, q) == pytest.approx(special.rel_entr(p, q))
    assert formulas.special_kl_div(P, Q) == pytest.approx(special.kl_div(P, Q))
    assert formulas.scipy_entropy(P, 5 * Q) == pytest.approx(stats.entropy(P, 5 * Q))


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.text for example in EXAMPLES])
def test_the_reader_says_of_each_call_what_its_formula_computes(example):
    """With p and q of which no value of one direction is one of the other."""
    reading = read_objective(example.text)
    verdict = judge(reading.form, "q", {})
    value = float(example.value(P, Q))
    if reading.faults:
        assert value not in (pytest.approx(FORWARD), pytest.approx(REVERSE))
        return
    scale = 3 if any("divided by their number" in note for note in reading.notes) else 1
    constant = 0.0 if verdict.canonical.startswith("D(") and "const" not in verdict.canonical else float(P @ np.log(P))
    expected = {"forward": FORWARD, "reverse": REVERSE}[verdict.direction]
    assert scale * value == pytest.approx(expected - constant, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("F.kl_div(F.softmax(q, -1), p)", "input must hold log-probabilities"),
        ("F.kl_div(log_q, log_p)", "target must hold probabilities"),
        ("F.kl_div(log_q, torch.exp(p), log_target=True)", "target must hold log-probabilities"),
        ("F.cross_entropy(F.softmax(q, dim=-1), p)", "input must hold logits"),
        ("tf.keras.losses.KLDivergence()(p, q.log())", "y_pred must hold probabilities"),
        ("scipy.stats.entropy(p, np.log(q))", "qk must hold probabilities"),
        ("optax.kl_divergence(jax.nn.softmax(q), p)", "log_predictions must hold log-probabilities"),
    ],
)
def test_faults_that_the_text_shows(call, fault):
    assert [fault in found for found in read_objective(call).faults] == [True]


def test_what_only_the_author_knows_is_asked():
    reading = read_objective("F.kl_div(q, p)")
    (question,) = reading.questions
    assert "does q hold logs?" in question.words and question.options == (LOG, PROBABILITY)
    assert not reading.faults and not read_objective("F.kl_div(q, p)", {question.key: LOG}).faults
    assert read_objective("F.kl_div(q, p)", {question.key: PROBABILITY}).faults


def test_missing_reductions_and_namesakes_are_said():
    assert any("default reduction 'mean'" in note for note in read_objective("F.kl_div(log_q, p)").notes)
    assert any("same name" in note for note in read_objective("kl_divergence(p, q)").notes)
    assert any("only their sum" in note for note in read_objective("rel_entr(p, q)").notes)
    assert not read_objective("rel_entr(p, q).sum()").notes


@pytest.mark.parametrize(
    "call, said",
    [
        ("F.cross_entropy(z, onehot, reduction='mean')", "reduction 'mean': the sum over the outcomes of each example"),
        ("nn.BCEWithLogitsLoss()(z, y)", "default reduction 'mean': the sum over the outcomes of each example"),
        ("F.nll_loss(log_q, y, size_average=True)", "reduction 'mean': the sum over the outcomes of each example"),
        ("F.cross_entropy(z, y, reduction='none')", "reduction 'none': one number per example"),
        ("F.kl_div(log_q, p, reduction='none')", "reduction 'none': one number per outcome"),
        (
            "F.kl_div(log_q, p, size_average=True)",
            "reduction 'mean': the sum over the outcomes divided by their number",
        ),
        ("keras.losses.KLDivergence()(p, q)", "default reduction 'sum_over_batch_size': the sum over the outcomes of"),
        ("keras.losses.BinaryCrossentropy(reduction='sum_over_batch_size')(y, q)", "reduction 'sum_over_batch_size'"),
        ("tf.losses.sigmoid_cross_entropy(y, z)", "default reduction 'sum_by_nonzero_weights'"),
    ],
)
def test_a_reduction_is_the_one_of_the_function(call, said):
    assert sum(said in note for note in read_objective(call).notes) == 1


def test_no_default_is_named_that_a_function_has_not():
    for entry in CALLS:
        assert entry.reduction != "batchmean"  # torch's kl_div alone takes it, and not by default
    assert not any("reduction" in note for note in read_objective("keras.losses.binary_crossentropy(y, q)").notes)


@pytest.mark.parametrize("call", ["F.kl_div(net, p)", "optax.kl_divergence(q, p)", "F.nll_loss(output, target)"])
def test_an_open_question_stands_in_the_answer_until_it_is_answered(call):
    open_ = verdict_of(read_objective(call))
    assert "That is so if" in open_.headline and "holds logs" in open_.headline and not open_.whole
    (question,) = read_objective(call).questions
    for answer, said in ((LOG, "Forward: "), (PROBABILITY, "As written it is not a divergence")):
        verdict = verdict_of(read_objective(call, {question.key: answer}))
        assert verdict.headline.startswith(said) and "That is so if" not in verdict.headline


def test_every_entry_is_consistent():
    for call in CALLS:
        assert {call.data, call.model} == set(call.arguments) and call.trap.endswith(".") and call.source
