"""A narrow feature between the nodes of any panel: no value at a node sees it, the bound refuses the panel."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, kl_divergence
from kl_engine.divergences.line import estimate_of
from kl_engine.quadrature.proved import relative
from kl_engine.quadrature.proved.cutting import Panels, look, search
from kl_engine.quadrature.proved.ellipse import RULE
from kl_engine.quadrature.proved.integral import GOAL
from kl_engine.quadrature.proved.integrand import Nodes, Positive, Relative, Surprisal
from kl_engine.quadrature.proved.reach import reach
from kl_engine.quadrature.proved.shared import Shared
from kl_engine.quadrature.proved.table import table_of
from kl_engine.quadrature.proved.tilted import Tilted
from tests import arb

WIDE = Gaussian(0, 1)
PAIRS = {
    "two modes": (GaussianMixture([0.4, 0.6], [-2, 1], [1, 0.5]), GaussianMixture([0.7, 0.3], [0, 2], [1.5, 1])),
    "one against two": (WIDE, GaussianMixture([0.5, 0.5], [-1, 1], [1, 2])),
    "a spike on a slab": (WIDE, GaussianMixture([1 - 1e-12, 1e-12], [0, 0], [1e-6, 1])),
    "a plateau": (WIDE, GaussianMixture([1 / 9] * 9, np.arange(9) - 4.0, [1] * 9)),
}
HEIGHTS = (1.0, 1e-3, 1e-6)  # of the feature, beside the density that it stands on
NARROW = 1 / 40  # of the gap between two nodes: at a node the feature is e^-200 of its height


def panels_of(a, b, kind) -> tuple[Panels, float]:
    """The panels of a pair, and the goal of each."""
    table = table_of(a, b)[0]
    over = reach(table, GOAL)
    goal = math.log(GOAL * over.level[0])
    with np.errstate(all="ignore"):
        return search(table, kind, over, np.array([goal])), goal


def planted(p, x: float, std: float, height: float) -> GaussianMixture:
    """p with one more component at x, as high there as `height` times p."""
    weight = height * float(p.pdf(x)) * std * math.sqrt(2 * math.pi)
    weights = np.append(p.weights, weight) / (1 + weight)
    return GaussianMixture(weights, np.append(p.means, x), np.append(p.stds, std))


@pytest.mark.parametrize(
    "kind", [Relative(), Positive(), Surprisal(), Tilted(0.3)], ids=lambda kind: type(kind).__name__
)
@pytest.mark.parametrize("name", PAIRS)
def test_the_bound_refuses_what_no_node_sees(name, kind):
    a, b = PAIRS[name]
    panels, goal = panels_of(a, b, kind)
    scale = table_of(a, b)[1].scale[0]
    seen = 0
    for centre, half in zip(panels.centre, panels.half):
        nodes = (centre + half * RULE.nodes) * scale
        gap = int(np.argmin(np.abs(nodes[:-1] - 0.4 * half)))
        x, std = 0.5 * (nodes[gap] + nodes[gap + 1]), NARROW * (nodes[gap + 1] - nodes[gap])
        if a.pdf(x) * std < 1e-9:
            continue  # so little of a is there that nothing is lost with it
        for height in HEIGHTS:
            other = planted(b, x, std, height)
            with np.errstate(all="ignore"):
                table, unit = table_of(a, other)
                place = np.array([centre - unit.shift[0] / scale]), np.array([half])
                bound = look(table, kind, *place).log_bound[0]
                there = Nodes.of(table, Panels(*place, *[np.zeros(1)] * 2, np.zeros((2, 1)))).log_densities()[1, 0]
            shift = 1.1 * other.weights[-1]  # the others' weights are that much smaller
            assert np.allclose(
                there, b.log_pdf(nodes) + math.log(scale), atol=1e-9 + shift, rtol=1e-9
            )  # no node sees it
            assert not bound <= goal + math.log(1e3)
            seen += 1
    assert seen >= 6


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("height", HEIGHTS)
def test_with_the_feature_the_value_is_right(name, height):
    a, b = PAIRS[name]
    panels, _ = panels_of(a, b, Relative())
    scale = table_of(a, b)[1].scale[0]
    widest = panels.half.argmax()
    nodes = (panels.centre[widest] + panels.half[widest] * RULE.nodes) * scale
    at = int(np.argmax(a.pdf(nodes[:-1])))
    x, std = 0.5 * (nodes[at] + nodes[at + 1]), NARROW * (nodes[at + 1] - nodes[at])
    for pair in ((a, planted(b, x, std, height)), (planted(a, x, std, height), b)):
        truth = arb.kl_divergence(*pair)
        for found in (kl_divergence(*pair), estimate_of(relative.solve(table_of(*pair)[0])[1])):
            assert arb.miss(found.value, truth) <= found.error <= 1e-9 * found.value + 1e-12


def test_a_feature_in_either_of_three_densities():
    p, q = PAIRS["two modes"]
    for pair in ((planted(p, 0.3, 1e-3, 0.5), q), (p, planted(q, 0.3, 1e-3, 0.5))):
        both = [np.concatenate([getattr(side, name) for side in pair]) for name in ("weights", "means", "stds")]
        table = table_of(*pair, GaussianMixture(both[0] / 2, *both[1:]))[0]
        with np.errstate(all="ignore"):
            bound = look(table, Shared(3), np.array([0.3]), np.array([0.5])).log_bound[0]
        assert not bound <= math.log(1e-6)
