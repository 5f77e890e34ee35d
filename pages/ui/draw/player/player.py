"""The player: play, pause, step, scrub and speed, all in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import SHARED, component

HERE = Path(__file__).parent


@cache
def _component():
    shared = (SHARED / name for name in ("controls.css", "mount.js", "transport.js"))
    return component("player", *shared, *(HERE / f"player.{kind}" for kind in ("html", "css", "js")))


def player(token: str, frames: int, first: int, place: tuple[str, float, float, int, str], dims: bool = True) -> None:
    """Drive every chart of the container keyed "stage".

    A new `token` says that the charts show something new: the player then stops at frame `first`. `place` is what a
    frame means: caption, value of the first frame, value of the last, decimals, unit. What the page says is of the
    frame `first`, and steps back (`dims`) while another is shown, unless it is of all frames.
    """
    caption, start, end, decimals, unit = place
    data = {"token": token, "frames": frames, "first": first, "dims": dims}
    _component()(
        key="player", data={**data, "caption": caption, "from": start, "to": end, "decimals": decimals, "unit": unit}
    )
