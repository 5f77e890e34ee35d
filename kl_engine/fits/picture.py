"""The picture of a solution as a Vega-Lite dict: no drawing library is needed to make it, and a notebook shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.estimate import Direction
from kl_engine.fits.paths import Path

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
TARGET, OTHER = ("target p", "#0891b2", [1, 0]), ("fit q", "#7c3aed", [6, 3])
ROLES = {  # of q, by what was minimised: name, colour, dash
    Direction.FORWARD: ("forward fit q", "#dc2626", [9, 5]),
    Direction.REVERSE: ("reverse fit q", "#2563eb", [2, 5]),
}
POINTS = 401
REACH = 4.0  # std on either side of every component that is shown
TURN = np.linspace(0, 2 * np.pi, 121)


class Picture(dict):
    """A Vega-Lite specification; a notebook draws it, `json.dumps` writes it."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """What a notebook asks for."""
        return {"application/vnd.vegalite.v5+json": dict(self), "text/plain": f"Picture({sorted(self)})"}


def picture(p: Any, q: Any, aim: Any, title: str, trace: Callable[[], Path]) -> Picture:
    """p and q: densities on the line, bars over symbols, ellipses in the plane; else the objective along the trace."""
    roles = TARGET, ROLES.get(aim, OTHER)
    pair = list(zip((name for name, *_ in roles), (p, q)))
    if isinstance(q, Categorical):
        layer = _bars(pair)
    elif not hasattr(q, "dimension"):
        layer = _densities(pair)
    elif q.dimension == 2:
        layer = _ellipses(pair)
    else:
        layer = _along(trace(), roles[1][0])
    names, colours, dashes = map(list, zip(*roles))
    for channel, values in (("color", colours), ("strokeDash", dashes)):
        if channel == "color" or layer["mark"]["type"] == "line":
            scale = {"domain": names, "range": values}
            layer["encoding"][channel] = {"field": "curve", "type": "nominal", "title": None, "scale": scale}
    return Picture({"$schema": SCHEMA, "title": title, "width": 480, "height": 280, "layer": [layer]})


def _densities(pair: list) -> dict:
    x = np.unique(np.concatenate([_around(each) for _, each in pair]))
    rows = [
        {"x": float(at), "density": float(height), "curve": name}
        for name, each in pair
        for at, height in zip(x, each.pdf(x))
        if np.isfinite(height)
    ]
    return _lines(rows, "x", "density")


def _around(each: Any) -> np.ndarray:
    """Places that show a distribution on the line; of a Beta, all of [0, 1]."""
    if isinstance(each, Beta):
        return np.linspace(0, 1, POINTS)
    if not hasattr(each, "means"):
        middle, width = each.typical if hasattr(each, "typical") else (each.mean, each.std)  # a posterior has moments
        low, high = getattr(each, "support", (-np.inf, np.inf))
        return np.clip(middle + 2 * REACH * width * np.linspace(-1, 1, POINTS), low, high)
    means, stds = each.means, each.stds
    marks = np.linspace(-REACH, REACH, POINTS)
    return np.concatenate([mean + std * marks for mean, std in zip(means, stds)])


def _bars(pair: list) -> dict:
    rows = [
        {"symbol": k, "probability": float(value), "curve": name}
        for name, each in pair
        for k, value in enumerate(each.probs)
    ]
    encoding = {"x": _axis("symbol", "ordinal"), "xOffset": {"field": "curve"}, "y": _axis("probability")}
    return {"data": {"values": rows}, "mark": {"type": "bar"}, "encoding": encoding}


def _ellipses(pair: list) -> dict:
    """One and two std of each component of p, and of q."""
    rows = []
    for name, each in pair:
        for k, (mean, factor) in enumerate(zip(each.means, each.factors)):
            for reach in (1, 2):
                places = mean + reach * np.column_stack([np.cos(TURN), np.sin(TURN)]) @ factor.T
                rows += [
                    {"x": float(x), "y": float(y), "curve": name, "part": f"{name} {k} {reach}", "turn": i}
                    for i, (x, y) in enumerate(places)
                ]
    return _lines(rows, "x", "y", {"detail": {"field": "part"}, "order": {"field": "turn"}})


def _along(trace: Path, name: str) -> dict:
    rows = [
        {"iteration": i, "nats": float(value), "curve": name} for i, value in enumerate(trace.kl) if np.isfinite(value)
    ]
    return _lines(rows, "iteration", "nats")


def _axis(field: str, kind: str = "quantitative") -> dict:
    return {"field": field, "type": kind}


def _lines(rows: list[dict], x: str, y: str, more: dict | None = None) -> dict:
    encoding = {"x": _axis(x), "y": _axis(y), **(more or {})}
    return {"data": {"values": rows}, "mark": {"type": "line"}, "encoding": encoding}
