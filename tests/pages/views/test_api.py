"""API: every public name is there, is found by what it does, and its examples are the page's Python."""

from __future__ import annotations

import re
from functools import partial

import pytest

from pages.ui.views.api import words
from pages.ui.views.api.question import MOST, Question
from pages.ui.views.api.scene import answered
from pages.ui.views.api.tables import EVERYWHERE, SPACES, entries_of
from tests.laws.public import public
from tests.pages.opening import visit
from tests.pages.opening import words as said

open_page = partial(visit, "pages/api.py")
# What a newcomer asks, chosen before the page was written, and the name that answers.
ASKED = {
    "divergence between two mixtures": "kl.kl_divergence",
    "mixture of gaussians": "kl.GaussianMixture",
    "sample of a": "kl.kl_from_samples",
    "torch": "kl.as_distribution",
    "gradient": "kl.kl_gradient",
    "monte carlo": "kl.monte_carlo_kl",
    "free energy": "kl.inference.free_energy",
    "huffman": "kl.coding.huffman_code",
    "upper bound": "kl.kl_bounds",
    "stationary": "kl.optima.stationary_points",
    "student": "kl.distributions.StudentT",
    "file": "kl.data.read_table",
    "mode-seeking": "kl.reverse_kl",
    "target": "kl.forward_kl",
    "bits": "kl.Estimate",
    "infinite": "kl.Estimate",
    "VAE": "kl.MultivariateGaussian",
    "batch": "kl.kl_divergences",
    "pytorch": "kl.as_distribution",
    "plot": "kl.Solution",
    "local minima": "kl.Solution",
    "elbo": "kl.inference.FreeEnergy",
    "kullback-leibler": "kl.kl_divergence",
}


def everything():
    return answered(Question(EVERYWHERE, "")).found


def test_every_public_name_is_there_once():
    shown = [entry.full_name.removeprefix("kl.") for entry in everything()]
    assert sorted(shown) == sorted(public() | {"symbolic.DERIVATIONS": None})
    assert set(SPACES) == {entry.space for entry in everything()}


@pytest.mark.parametrize("find", ASKED)
def test_a_newcomers_question_finds_its_name(find):
    found = [entry.full_name for entry in answered(Question(EVERYWHERE, find)).shown]
    assert ASKED[find] in found, found


@pytest.mark.parametrize("find", ["Gaussian", "fit", "entropy", "kl_divergence", "flow"])
def test_what_is_called_so_comes_first(find):
    assert answered(Question(EVERYWHERE, find)).found[0].name == find


@pytest.mark.parametrize("space", SPACES)
def test_every_name_has_a_summary_an_example_and_no_address_of_a_module(space):
    for entry in entries_of(space):
        assert entry.summary and entry.example.startswith(">>> "), entry.full_name
        assert "kl_engine." not in entry.signature and "<" not in entry.signature.replace("<lambda>", ""), (
            entry.signature
        )
        assert all(line and not name.startswith("_") for name, line in entry.methods)
        assert not {"maketrans", "count", "index"} & {name for name, _ in entry.methods}, "Python's own, not ours"


def test_a_paragraph_is_plain_but_for_its_code():
    text = words.said("E_p[x] < 2*s, `kl.fit(p)` and $x$ <b>")
    assert "`kl.fit(p)`" in text and "\\<b\\>" in text and "\\*" in text and "\\$x\\$" in text
    assert words.said("one ` quote") == "one \\` quote"


def test_words_are_found_in_any_order_and_all_of_them():
    first, second = (answered(Question("top", find)).found for find in ("nats sample", "sample NATS"))
    assert first == second and first
    assert not answered(Question("top", "nats zebra")).found


@pytest.mark.parametrize("space", [EVERYWHERE, *SPACES])
def test_the_page_stands_in_every_namespace(space):
    app = open_page(space=space)
    assert not app.exception and re.search(r"\d+ public names? of", said(app))
    scene = answered(Question(space, ""))
    assert len(scene.shown) == min(MOST, len(scene.found))
    assert all(entry.full_name in said(app) for entry in scene.found)


def test_a_search_without_a_result_says_so_and_is_no_code():
    app = open_page(find="<script>alert(1)</script>")
    assert not app.exception and not app.code
    (told,) = [each.value for each in app.markdown if "No public name" in each.value]
    assert "\\<script\\>" in told and "<script" not in told.replace("\\<", "")


@pytest.mark.parametrize("space", [EVERYWHERE, "divergences", "coding"])
def test_the_script_runs_and_prints_what_the_examples_show(space, capsys):
    scene = answered(Question(space, ""))
    exec(compile(scene.question.to_python(), space, "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) >= len(scene.shown)
    assert {line.split(" =")[0] for line in printed if line.startswith("kl.")} <= {e.full_name for e in scene.shown}
