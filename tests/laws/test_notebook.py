"""What a notebook shows of every kind of result: sound HTML or LaTeX, a short repr, a chart; of copies the same."""

from __future__ import annotations

import json
import pickle
import re
from html.parser import HTMLParser

import altair
import numpy as np
import pytest

import kl_engine as kl

P, Q = kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), kl.Gaussian(0, 1)
PLANE = kl.MultivariateGaussianMixture([0.5, 0.5], [[-2, 0], [2, 0]], [1.0, 1.0])
FORMULA = "log(s2/s1) + (s1^2 + (m1-m2)^2)/(2*s2^2) - 1/2"
many = np.ones(500) / 500
d = kl.distributions
DISTRIBUTIONS = [
    Q,
    P,
    PLANE,
    kl.Categorical([0.2, 0.8]),
    kl.Categorical(many),
    kl.GaussianMixture(many, np.arange(500), np.ones(500)),
    kl.MultivariateGaussian([0, 1e-7], [[2, 0.5], [0.5, 1]]),
    kl.MultivariateGaussian(np.zeros(30), 1.0),
    kl.Gaussian(-1.5e-300, 1e300),
    d.Affine(d.Affine(d.Beta(2, 2), 0, 2), -1, 0.5),
    kl.MultivariateGaussianMixture(np.ones(9) / 9, np.zeros((9, 5)), [1.0] * 9),
    d.Dirichlet(np.ones(300)),
    d.Dirichlet([1, 2]),
    d.Affine(d.Beta(2, 3), -1, 2),
    d.Density(lambda x: -x * x),
    d.StudentT(3),
    d.LogNormal(),
    d.TruncatedGaussian(0, 1, low=0),
    d.Bernoulli(0.2),
    d.Poisson(1e20),
    d.Geometric(0.5),
]
HTML = {
    "estimate": kl.entropy(Q),
    "infinite": kl.kl_divergence([0.5, 0.5], [1.0, 0.0]),
    "estimates": kl.kl_divergences([(P, Q)] * 30),
    "gradient": kl.kl_gradient(P, Q),
    "solution": kl.fit(P, "reverse"),
    "in the plane": kl.fit(PLANE, "reverse"),
    "bounds": kl.kl_bounds(P, Q),
    "bounds of an entropy": kl.divergences.entropy_bounds(P),
    "verdict": kl.objectives.read_objective("E_q[log q - log p]"),
    "hostile": kl.objectives.read_objective("E_a[log a - log b] + E_a[log a - log script]", "a"),
    "formula": kl.symbolic.check_formula(FORMULA),
}
SHORT = 300  # characters of the repr of what has an answer in a sentence
OPEN = {"p", "span", "table", "td", "th", "tr"}


class Balanced(HTMLParser):
    """Every tag known and closed in its order; the text that a person sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack, self.seen = [], ""
        self.feed(text)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag, attrs):
        assert tag in OPEN and {name for name, _ in attrs} <= {"title", "colspan"}
        self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.seen += data + " "


@pytest.mark.parametrize("name", HTML)
def test_html_is_sound_and_says_the_number(name):
    found = HTML[name]
    seen = Balanced(found._repr_html_()).seen
    assert seen.strip()
    if isinstance(found, kl.Estimate):
        assert ("∞" if found.reason else f"{found.value:.9f}") in seen


def test_what_a_person_typed_is_text():
    found = kl.Estimate(1.0, 0.0, kl.Certainty.EXACT, "<script>&\"'")
    assert "<script" not in found._repr_html_()
    assert "<script" not in kl.divergences.entropy_bounds(P).__class__([bound(found)])._repr_html_()


def bound(estimate):
    return kl.divergences.Bound("<script>", "lower", estimate, "<script>")


@pytest.mark.parametrize("found", DISTRIBUTIONS, ids=lambda found: type(found).__name__)
def test_latex_is_sound_and_the_repr_a_line(found):
    text = found._repr_latex_()
    assert text[0] == text[-1] == "$" and "$" not in text[1:-1]
    assert text.count("{") == text.count("}") and text.count(r"\left") == text.count(r"\right")
    assert text.count(r"\begin") == text.count(r"\end") and len(text) < 900
    assert not re.search(r"\^\{-?\d+\}\^", text)  # no power of a power
    assert "nan" not in text and "array" not in text and "inf)" not in text.replace("infty", "")
    assert "\n" not in repr(found) and len(repr(found)) < 1500


@pytest.mark.parametrize("found", DISTRIBUTIONS[:4], ids=lambda found: type(found).__name__)
def test_a_short_repr_is_read_back(found):
    assert eval(repr(found), vars(kl)) == found


@pytest.mark.parametrize("name", HTML)
def test_reprs_are_short(name):
    each = len(HTML[name]) if isinstance(HTML[name], tuple) else 1
    assert "\n" not in repr(HTML[name]) and len(repr(HTML[name])) < 600 * each


def test_an_answer_and_a_proof_are_a_line():
    proof = kl.symbolic.DERIVATIONS["equal_widths"]
    for found in (HTML["verdict"], HTML["formula"], proof, proof.verify()):
        assert "\n" not in repr(found) and len(repr(found)) < SHORT


@pytest.mark.parametrize("name", [name for name in HTML if name not in ("formula", "hostile", "verdict")])
def test_a_copy_shows_the_same(name):
    found = HTML[name]
    again = pickle.loads(pickle.dumps(found))
    assert type(again) is type(found) and again._repr_html_() == found._repr_html_()


FITS = {
    "line": (P, "reverse", None),
    "α": (P, kl.Alpha(0.5), None),
    "mixture": (kl.GaussianMixture([0.2, 0.3, 0.5], [-9, 0, 9], [1, 1, 1]), "forward", kl.families.Mixture(2)),
    "plane": (PLANE, "forward", kl.families.Diagonal()),
    "space": (kl.MultivariateGaussian(np.zeros(3), [1.0, 2.0, 3.0]), "reverse", kl.families.Isotropic()),
    "posterior": (kl.inference.posterior(kl.inference.GaussianModel(Q, [0, 0, 1], 0.5), 1.5), "reverse", None),
    "half a line": (d.Exponential(1), "forward", None),
    "symbols": (kl.Categorical([0.2, 0.8]), "reverse", None),
    "chance": (d.Beta(2, 3), "forward", None),
}


@pytest.mark.parametrize("name", FITS)
def test_a_chart_is_vega_lite_that_names_p_and_q(name):
    found = kl.fit(*FITS[name])
    chart = found.chart()
    short = json.loads(json.dumps(chart))
    assert short == chart  # lists and numbers, as JSON has them
    for layer in short["layer"]:
        del layer["data"]["values"][2:]
    altair.Chart.from_dict(short)  # refuses what is not of the grammar
    rows = [row for layer in chart["layer"] for row in layer["data"]["values"]]
    assert rows and all(np.isfinite(v) for row in rows for v in row.values() if isinstance(v, float))
    curves = {row["curve"] for row in rows}
    assert any("q" in curve for curve in curves) and (name == "space" or any("p" in curve for curve in curves))
    assert chart._repr_mimebundle_()["application/vnd.vegalite.v5+json"] == dict(chart)


@pytest.mark.parametrize("status", kl.Status)
def test_a_solution_raises_for_every_status_but_the_good_one(status):
    found = kl.fit(P, "reverse")
    ended = type(found)(found.problem, found.q, found.value, status, "seen", *list(vars(found).values())[5:8])
    if status is kl.Status.CONVERGED:
        assert ended.raise_for_status() is ended
    else:
        with pytest.raises(RuntimeError) as raised:
            ended.raise_for_status()
        assert str(status) in str(raised.value) and status.text in str(raised.value) and "seen" in str(raised.value)


SAME = [Q, kl.GaussianMixture([0.3, 0.7], [-4, 4], [1, 2]), kl.MultivariateGaussian([0, 1], 1.0)]


@pytest.mark.parametrize("q", SAME, ids=lambda q: type(q).__name__)
def test_same_is_reflexive_and_blind_to_rounding_alone(q):
    def moved(by):
        name = "mean" if hasattr(q, "__dataclass_fields__") and "mean" in q.__dataclass_fields__ else "means"
        values = {field: getattr(q, field) for field in q.__dataclass_fields__}
        return type(q)(**{**values, name: values[name] + by})

    assert kl.optima.same(q, q) and kl.optima.same(q, moved(1e-9)) and kl.optima.same(moved(1e-9), q)
    assert not kl.optima.same(q, moved(0.1)) and not kl.optima.same(moved(0.1), q)


@pytest.mark.parametrize(
    ("q", "near", "other"),
    [
        (kl.Categorical([0.2, 0.8]), kl.Categorical([0.2 + 1e-9, 0.8 - 1e-9]), kl.Categorical([0.2, 0.7, 0.1])),
        (kl.distributions.Beta(2, 3), kl.distributions.Beta(2 + 1e-9, 3), kl.distributions.Beta(2, 3.1)),
    ],
)
def test_fits_of_p_s_own_family_are_compared_too(q, near, other):
    assert kl.optima.same(q, near) and not kl.optima.same(q, other) and not kl.optima.same(other, q)


NO_PAIRS = [
    (Q, kl.Categorical([0.5, 0.5])),
    (Q, SAME[1]),
    (SAME[2], kl.MultivariateGaussian([0], 1.0)),
    (kl.distributions.Laplace(), kl.distributions.Laplace()),
    (3, 4),
]


@pytest.mark.parametrize(("first", "second"), NO_PAIRS)
def test_what_is_no_pair_of_fits_is_refused(first, second):
    with pytest.raises(ValueError, match="first|second"):
        kl.optima.same(first, second)


def test_same_is_blind_to_the_order_of_components():
    turned = kl.GaussianMixture([0.7, 0.3], [4, -4], [2, 1])
    assert kl.optima.same(SAME[1], turned)
