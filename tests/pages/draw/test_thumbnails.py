"""What the pictures in the pills are drawn from: the components of each preset, in the order of the pills."""

from pages.ui.draw.fits.thumbnails import two_modes
from pages.ui.state.presets import PRESETS
from pages.ui.state.two_modes import Target


def test_each_preset_has_the_components_of_its_own_target():
    for (rows, start), values in zip(two_modes(PRESETS, started=True), PRESETS.values(), strict=True):
        p = Target(*(values[name] for name in ("separation", "weight", "right", "left"))).p
        assert sorted(rows) == sorted(zip(p.weights, p.means, p.stds))
        assert start == (values["mean"], values["std"])


def test_without_a_start_none_is_sent():
    assert {start for _, start in two_modes(PRESETS)} == {None}
