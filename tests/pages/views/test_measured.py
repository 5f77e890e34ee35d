"""Measured: the truths are those of an independent computation, and the page says who keeps his word."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache, partial

import mpmath
import pytest

from pages.ui.say.numbers import NATS_IN
from pages.ui.views.measured import charts, words
from pages.ui.views.measured import scene as measuring
from pages.ui.views.measured.question import Question
from pages.ui.views.measured.scene import OURS, SAMPLED, TORCH, Said, Scene
from pages.ui.views.measured.tables import SETS
from tests.pages.opening import visit
from tests.pages.opening import words as said

open_page = partial(visit, "pages/measured.py")
PAIRS = {pair.name: pair for _, pairs in SETS.values() for pair in pairs}


@cache
def scene(key: str) -> Scene:
    """What is measured, without the bar that says how far it is."""
    question = Question(key)
    return Scene(question, measuring.measured.__wrapped__(question, lambda share: None))


@pytest.mark.parametrize("key", SETS)
def test_our_number_keeps_its_word_and_every_way_is_asked(key):
    for row in scene(key).rows:
        ours = row.said[0]
        assert ours.way == OURS and row.holds(ours), row.pair.name
        assert len(row.said) == 4 and {each.way for each in row.said} >= {TORCH, SAMPLED}


def mixture(p) -> list[tuple[float, float, float]]:
    return list(zip(p.weights.tolist(), p.means.tolist(), p.stds.tolist()))


def log_density(parts, x):
    with mpmath.workdps(40):
        terms = [mpmath.mpf(w) * mpmath.npdf(x, mpmath.mpf(m), mpmath.mpf(s)) for w, m, s in parts]
        return mpmath.log(mpmath.fsum(terms))


@pytest.mark.parametrize("name", [pair.name for pair in SETS["line"][1]])
def test_a_truth_on_the_line_is_that_of_many_digits(name):
    pair = PAIRS[name]
    p, q = measuring.made(pair.p), measuring.made(pair.q)
    with mpmath.workdps(30):
        found = mpmath.mpf(0)
        for _, mean, std in mixture(p):
            low = max([m for _, m, _ in mixture(p) if m < mean], default=-math.inf)
            high = min([m for _, m, _ in mixture(p) if m > mean], default=math.inf)
            ends = [max(mean - 14 * std, (low + mean) / 2), min(mean + 14 * std, (high + mean) / 2)]
            places = mpmath.linspace(mpmath.mpf(ends[0]), mpmath.mpf(ends[1]), 15)
            found += mpmath.quad(
                lambda x: (
                    mpmath.exp(log_density(mixture(p), x)) * (log_density(mixture(p), x) - log_density(mixture(q), x))
                ),
                places,
            )
    assert abs(found - mpmath.mpf(pair.truth)) < 1e-15 * (1 + abs(found))


def test_two_far_parts_in_the_plane_are_sums_of_closed_forms():
    for name in ("Half of p is a needle far off", "A q that covers one of two modes"):
        p, q = measuring.made(PAIRS[name].p), measuring.made(PAIRS[name].q)
        parts = [
            weight * (math.log(weight) + measuring.kl.kl_divergence(measuring.kl.MultivariateGaussian(m, c), q).value)
            for weight, m, c in zip(p.weights.tolist(), p.means, p.covs)
        ]
        assert math.fsum(parts) == pytest.approx(float(PAIRS[name].truth), rel=1e-14)


def test_a_rule_that_converged_may_be_wrong_by_orders_of_magnitude():
    rows = {row.pair.name: row for row in scene("plane").rows}
    needle = rows["Half of p is a needle far off"]
    cubature = needle.said[1]
    assert cubature.words == "converged" and cubature.error < 1e-6 and needle.off(cubature) > 2e4
    assert needle.holds(cubature) is False
    shown = words.table(needle, "nats")
    assert "21028.412073" in shown and "**no**" in shown
    assert any("proves nothing" in sentence for sentence in words.meaning(scene("plane")))


def test_what_says_no_number_has_no_verdict_and_no_distance():
    for key in SETS:
        for row in scene(key).rows:
            silent = [each for each in row.said if math.isnan(each.value)]
            assert all(row.holds(each) is None and math.isnan(row.off(each)) for each in silent)
            nothing = Said("nobody", math.nan, math.nan, "")
            assert "–" in words.table(replace(row, said=(nothing,)), "nats")
            if row.pair.name == "Cauchy and Gaussian":
                assert row.holds(row.said[0]) and "∞" in words.table(row, "bits")


def test_a_number_just_outside_its_error_is_said_to_be_wrong():
    row = scene("textbook").rows[0]
    off = row.off(Said("x", 0.3, 0.0, ""))
    assert row.holds(Said("x", 0.3, 1.1 * off, "")) and not row.holds(Said("x", 0.3, 0.9 * off, ""))


def test_the_page_stands_with_every_set_and_in_bits():
    for key in ("line", "textbook"):
        app = open_page(pairs=key, units="bits")
        text = said(app)
        assert not app.exception and "The truth lies within the error that KL Lab states" in text
        first = scene(key).rows[0]
        assert f"{first.ours.value / NATS_IN['bits']:.6f}" in text


def test_the_picture_holds_every_number_that_is_said():
    table = charts.table_of(scene("line"))
    assert len(table) == sum(not math.isnan(each.value) for row in scene("line").rows for each in row.said)
    drawn = charts.picture(scene("line")).data["errors"]["off"]
    assert drawn.between(charts.LEAST, charts.MOST).all()


def test_the_key_names_the_ways_that_are_drawn_and_no_other():
    drawn = set(charts.table_of(scene("line"))["way"])
    named = {part.split(" ", 1)[1] for part in charts.key(scene("line")).split(" &ensp; ")}
    assert named == drawn < set(charts.WAYS) and len(charts.SIGNS) == len(charts.SHAPES) == len(charts.WAYS)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_text_is_a_distribution_as_python_reads_it(pair):
    names = vars(measuring.kl) | vars(measuring.kl.distributions)
    for text in (pair.p, pair.q):
        assert eval(text, dict(names)) == measuring.made(text)
        assert re.fullmatch(r"\w+\([\d\s.,\-\[\]]+\)", text)
