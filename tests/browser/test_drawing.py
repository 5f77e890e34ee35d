"""What Chromium draws, in the units of the axes; and the files that it saves."""

from __future__ import annotations

import io
import tomllib

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import trapezoid

from kl_engine import GaussianMixture
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import answered
from tests.browser.stage import FITS, curves, points, rest, settle
from tests.serving import ROOT

UNEQUAL = "?separation=6&weight=0.7&right=0.6&left=1.4&mean=-1&std=2"
P = GaussianMixture([0.7, 0.3], [3, -3], [0.6, 1.4])
# The labels of the axis, each with the place of its middle, and where the axis is, in the units of the drawing.
AXIS = """() => {
  const svg = [...document.querySelectorAll('.st-key-fits_place *')].map((e) => e.shadowRoot ?? e)
    .map((e) => e.querySelector?.('.fits > svg')).find(Boolean);
  const labels = [...svg.querySelectorAll('.axis text')].map((text) => [text.textContent, +text.getAttribute('x')]);
  return [labels, +svg.querySelector('.axis line').getAttribute('y1')];
}"""
STYLE = """([target, forward, reverse]) => [target, forward, reverse].map((path) => {
  const style = getComputedStyle(path);
  return [path.getAttribute('stroke'), style.strokeDasharray, style.strokeLinecap];
})"""


@pytest.fixture(scope="module")
def scene():
    """What the engine says of the unequal target."""
    return answered(Question(Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)))


def test_the_drawn_lines_are_the_densities_read_off_the_axis(walk, address, scene):
    page = walk(f"{address}/{UNEQUAL}")
    settle(page)
    labels, floor = page.evaluate(AXIS)
    assert len(labels) >= 3
    across = np.poly1d(np.polyfit([x for _, x in labels], [float(text.replace("−", "-")) for text, _ in labels], 1))
    drawn = [np.array(points(curve)).T for curve in curves(page)]
    unit = trapezoid(floor - drawn[0][1], across(drawn[0][0]))  # the height of a density of 1, as p has the area 1
    for (x, y), density in zip(drawn, (P, scene.forward.q, scene.reverse.q)):
        x, y = across(x), (floor - y) / unit
        assert x.size >= 40
        truth = np.exp(density.log_pdf(x))
        # A pixel to the side is as good as one up or down.
        slope = np.abs(np.exp(density.log_pdf(x + 1e-4)) - truth) / 1e-4
        assert (np.abs(y - truth) <= 1.5 / unit + 1.5 * abs(across[1]) * slope + 0.005 * truth).all()
        assert y.max() == pytest.approx(np.exp(density.log_pdf(np.linspace(-12, 12, 4801))).max(), rel=0.04)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_line_has_the_colour_and_the_dash_of_its_role(walk, address, scheme):
    page = walk(f"{address}/{UNEQUAL}", scheme=scheme)
    settle(page)
    roles = (page.locator(f"{FITS} .{role}:not(.other)") for role in ("target", "forward", "reverse"))
    drawn = page.evaluate(STYLE, [path.element_handle() for path in roles])
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][scheme]
    assert [stroke.lower() for stroke, *_ in drawn] == [colour.lower() for colour in theme["chartCategoricalColors"]]
    assert [dash for _, dash, _ in drawn] == ["none", "9px, 5px", "0.1px, 5.5px"] and drawn[2][2] == "round"


def saved(page, name: str) -> pd.DataFrame:
    """The table that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"{name} as CSV").click()
    return pd.read_csv(io.StringIO(download.value.path().read_text(encoding="utf-8")))


def test_the_tables_saved_are_those_of_the_page(walk, address, scene):
    page = walk(f"{address}/{UNEQUAL}")
    settle(page)
    page.get_by_text("Take it away").click()
    rest(page)  # until it has unfolded
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
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"Picture as {kind}").click()
        file = taken.value
        content = file.path().read_bytes()
        assert file.suggested_filename == f"kl-lab.{kind.lower()}" and content.startswith(begins)
        assert kind == "PNG" or all(f'class="{role}"'.encode() in content for role in ("target", "forward", "reverse"))
