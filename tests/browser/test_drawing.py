"""What Chromium draws, in the units of the axes; and the files that it saves."""

from __future__ import annotations

import io
import re
import tomllib

import numpy as np
import pandas as pd
import pytest

from kl_engine import GaussianMixture
from pages.ui.draw.theme import DASHES
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import answered
from tests.browser.stage import LINES, curves, points, settle
from tests.serving import ROOT

UNEQUAL = "?separation=6&weight=0.7&right=0.6&left=1.4&mean=-1&std=2"
P = GaussianMixture([0.7, 0.3], [3, -3], [0.6, 1.4])
# Where the labels and the grid of the first chart's axes stand, and where its lines have their origin, on the screen.
PLACES = """() => {
  const svg = document.querySelector('.st-key-stage [data-testid=stVegaLiteChart] svg');
  const place = (e) => { const m = e.getScreenCTM(); return [m.e, m.f]; };
  const axes = [...svg.querySelectorAll('g.role-axis')].map((axis) => ({
    grid: [...axis.querySelectorAll('g.role-axis-grid line')].map(place),
    labels: [...axis.querySelectorAll('g.role-axis-label text')].map((text) => [text.textContent, ...place(text)]),
  }));
  return { axes, origin: place(svg.querySelector('g.mark-line path')) };
}"""


@pytest.fixture(scope="module")
def scene():
    """What the engine says of the unequal target."""
    return answered(Question(Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)))


def scale(axes: list[dict], which: int) -> np.poly1d:
    """From pixels on the screen to the values of the axis along x (0) or y (1).

    Labels at the ends are moved inwards: each is read at the line of the grid next to it.
    """
    (grid,) = [g for g in (np.array(axis["grid"]) for axis in axes) if g.size and np.ptp(g[:, which]) > 20]
    (labels,) = [t for t in (axis["labels"] for axis in axes) if t and np.ptp([label[1 + which] for label in t]) > 20]
    lines = [grid[np.abs(grid[:, which] - label[1 + which]).argmin(), which] for label in labels]
    values = [float(label[0].replace("−", "-")) for label in labels]
    assert len(set(lines)) == len(values) >= 3
    return np.poly1d(np.polyfit(lines, values, 1))


def test_the_drawn_lines_are_the_densities_read_off_the_axes(visit, address, scene):
    page = visit(f"{address}/{UNEQUAL}")
    settle(page)
    places = page.evaluate(PLACES)
    across, up = (scale(places["axes"], which) for which in (0, 1))
    left, top = places["origin"]
    for curve, density in zip(curves(page), (P, scene.forward.q, scene.reverse.q)):
        x, y = np.array(points(curve)).T
        x, y = across(x + left), up(y + top)
        assert x.size >= 40
        truth = np.exp(density.log_pdf(x))
        # A pixel to the side is as good as one up or down.
        slope = np.abs(np.exp(density.log_pdf(x + 1e-4)) - truth) / 1e-4
        room = 1.5 * abs(up(1) - up(0)) + 1.5 * abs(across(1) - across(0)) * slope
        assert (np.abs(y - truth) <= room).all()
        assert y.max() == pytest.approx(np.exp(density.log_pdf(np.linspace(-12, 12, 4801))).max(), rel=0.04)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_line_has_the_colour_and_the_dash_of_its_role(visit, address, scheme):
    page = visit(f"{address}/{UNEQUAL}", color_scheme=scheme)
    settle(page)
    style = "paths => paths.slice(0, 3).map(p => [p.getAttribute('stroke'), p.getAttribute('stroke-dasharray')])"
    drawn = page.locator(LINES).evaluate_all(style)
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][scheme]
    assert [stroke.lower() for stroke, _ in drawn] == [colour.lower() for colour in theme["chartCategoricalColors"]]
    dashes = [[float(number) for number in re.findall(r"[\d.]+", dash or "")] for _, dash in drawn]
    assert dashes[0] in ([], [1, 0]) and dashes[1:] == DASHES[1:]


def saved(page, name: str) -> pd.DataFrame:
    """The table that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"{name} as CSV").click()
    return pd.read_csv(io.StringIO(download.value.path().read_text(encoding="utf-8")))


def test_the_tables_saved_are_those_of_the_page(visit, address, scene):
    page = visit(f"{address}/{UNEQUAL}", accept_downloads=True)
    settle(page)
    page.get_by_text("Take it away").click()
    page.wait_for_timeout(500)  # until it has unfolded
    table = saved(page, "Curves")
    for column, density in (("p", P), ("q_forward", scene.forward.q), ("q_reverse", scene.reverse.q)):
        assert table[column].to_numpy() == pytest.approx(np.exp(density.log_pdf(table["x"].to_numpy())), abs=1e-12)
    table = saved(page, "Traces")
    for name, scored in (("forward", scene.forward), ("reverse", scene.reverse)):
        last = table[table["direction"] == name].iloc[-1]
        assert (last["mean"], last["std"]) == pytest.approx((scored.q.mean, scored.q.std), rel=1e-9)
    table = saved(page, "Motion")
    assert table["forward_kl_nats"].iloc[-1] == pytest.approx(scene.forward.forward.value, rel=1e-9)
    assert table["reverse_kl_nats"].iloc[-1] == pytest.approx(scene.reverse.reverse.value, rel=1e-9)
