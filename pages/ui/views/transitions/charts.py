"""The diagram of all stationary points of D(q‖p) against the separation: one constant spec for mean, std and value.

Datasets: `branches` (separation, y, line, kind, best), one row a point of a line; `events` (separation, y, kind,
label); `now` (separation, y, kind), the stationary points of the present p. This module knows no Streamlit.
"""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine.optima import StationaryPoints, Transition, Transitions
from kl_engine.optima.branches import Branch
from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, GRAY, REVERSE, ROLES
from pages.ui.say.numbers import NATS_IN, plain
from pages.ui.views.transitions.scene import Scene

ALT = (
    "Stationary points of the reverse divergence against the separation: minima dotted, the best thick, what is "
    "unstable thin with hollow dots."
)
KINDS = ["minimum", "saddle", "maximum"]
EVENTS = ["fold", "tie", "pitchfork"]
TITLES = {"mean": "mean of q", "std": "std of q", "kl": "D(q‖p)"}
BEST, OTHER = 3.5, 1.4  # line widths
EDGE = 8  # px between a line and the frame
APART = 5  # points of a branch from one hollow dot to the next
HEIGHTS = {"mean": 300, "std": 170, "kl": 170}
BEYOND = 1.2  # times the last transition: how far the diagram reaches
NEAR_END = 10.0  # the reach of the separation's own control
CENTRED = 1e-6  # a branch of smaller means is its own mirror image
LEFT, RIGHT, ABOVE = 9, 8, 9  # px from a mark to its name: that of a fold at its left, of others at its right, above
LETTER, LINE = 6.6, 15  # px of a name
WIDTH, HEIGHT = 560, 220  # px of the axes of the diagram that is named
NEAR_BY = 0.3  # std of q: a branch this near to an optimum of a tie is the one that it is on


@cache
def diagram_spec(height: int, title: str, named: bool) -> dict:
    """The spec of one quantity, `y`, against the separation; with `named`, the transitions are told by name."""
    x = alt.X(
        "separation:Q",
        title="separation of the modes" if named else "separation",
        scale=alt.Scale(nice=False, zero=False),
    )
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False, padding=EDGE), axis=alt.Axis(tickCount=5, minExtent=36))
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    widths = alt.Scale(domain=[True, False], range=[BEST, OTHER])
    dashes = alt.Scale(domain=KINDS, range=[DASHES[2], [1, 0], [1, 0]])
    lines = (
        alt.Chart(alt.NamedData("branches"))
        .mark_line(clip=True, strokeCap="round")
        .encode(
            x,
            y,
            color,
            detail="line:N",
            strokeWidth=alt.StrokeWidth("best:N", scale=widths, legend=None),
            strokeDash=alt.StrokeDash("kind:N", scale=dashes, legend=None),
        )
    )
    # What is unstable is a thin line with hollow dots: dashes are kept for roles.
    unstable = alt.Chart(alt.NamedData("branches")).transform_filter(f"datum.kind != '{KINDS[0]}' && datum.dot")
    dots = unstable.mark_point(size=16, filled=False, strokeWidth=1.2, clip=True).encode(x, y, color)
    cursor = alt.Chart(alt.NamedData("now")).mark_rule(color=GRAY).encode(x)
    here = [
        alt.Chart(alt.NamedData("now"))
        .transform_filter(f"datum.kind {sign} '{KINDS[0]}'")
        .mark_point(filled=filled, size=60, opacity=1, strokeWidth=1.8)
        .encode(x, y, color)
        for sign, filled in (("==", True), ("!=", False))
    ]
    marks, names = _marks(x, y, named)
    return constant_spec(alt.layer(cursor, lines, dots, marks, *here, *names), height)


def _marks(x: alt.X, y: alt.Y, named: bool) -> tuple[alt.Chart, list[alt.Chart]]:
    """A mark for each transition, and, with `named`, its name beside it."""
    events = alt.Chart(alt.NamedData("events")).encode(
        x, y, tooltip=["kind:N", alt.Tooltip("separation:Q", format=".6f")]
    )
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=EVENTS, range=["circle", "diamond", "triangle-up"]), legend=None)
    marks = events.mark_point(size=90, strokeWidth=2, stroke="currentColor", filled=False, opacity=1).encode(shape)
    # Named once, in the tallest of the charts; a fold at its left, where the branches that it bears are not yet.
    names = [
        events.transform_filter(f"{str(named).lower()} && datum.kind {sign} 'fold'")
        .mark_text(align=align, dx=dx, dy=alt.ExprRef(f"{dy} + datum.shift"), fontSize=12, color="currentColor")
        .encode(text="label:N")
        for sign, align, dx, dy in (("==", "right", -LEFT, 0), ("!=", "left", RIGHT, -ABOVE))
    ]
    return marks, names


def pictures(scene: Scene, whole: bool, units: str) -> dict[str, Picture]:
    """The pictures of mean, std and divergence; to the end of the separation's control or, if `whole`, of all."""
    end = reach(scene.found, whole)
    branches, events = branch_table(scene.found, end, units), event_table(scene.found, end, units)
    tables = {
        "branches": branches,
        "events": events.assign(shift=name_shifts(events, branches)),
        "now": now_table(scene.question.target.separation, scene.here, units),
    }
    return {quantity: _picture(quantity, height, tables) for quantity, height in HEIGHTS.items()}


def first_pictures(separation: float, points: StationaryPoints, units: str) -> dict[str, Picture]:
    """The same pictures before any branch is known: the stationary points of the present p, on axes that stay."""
    nowhere = dict.fromkeys(("mean", "std", "kl"), np.nan)
    ends = pd.DataFrame([{"separation": x, "line": "", "kind": KINDS[0], "best": False} for x in (0.0, NEAR_END)])
    events = pd.DataFrame(columns=["separation", "mean", "std", "kl", "kind", "label", "shift"])
    tables = {"branches": ends.assign(**nowhere), "events": events, "now": now_table(separation, points, units)}
    return {quantity: _picture(quantity, height, tables) for quantity, height in HEIGHTS.items()}


def _picture(quantity: str, height: int, tables: dict[str, pd.DataFrame]) -> Picture:
    """The picture of one quantity; the tables have a column of its name."""
    datasets = {name: table.assign(y=table[quantity], role=REVERSE) for name, table in tables.items()}
    return Picture(diagram_spec(height, TITLES[quantity], quantity == "mean"), datasets, ALT)


def reach(found: Transitions, whole: bool) -> float:
    """Where the diagram ends: with the control of the separation, or when `whole` past every transition."""
    last = max((event.separation for event in found), default=0.0)
    return max(NEAR_END, BEYOND * last) if whole else NEAR_END


def branch_table(found: Transitions, end: float, units: str) -> pd.DataFrame:
    """One row a point of a line; a branch of a symmetric p has its mirror image."""
    ties = [event for event in found if event.kind == "tie"]
    tables = []
    for line, branch in enumerate(found.diagram):
        table = _points(branch, ties)
        table = table[table["separation"] <= end].assign(kl=lambda rows: rows["kl"] / NATS_IN[units])
        mirrored = found.symmetric and table["mean"].abs().max() > CENTRED
        tables += [
            _cut(table.assign(mean=sign * table["mean"]), f"{line} {sign}") for sign in ((1, -1) if mirrored else (1,))
        ]
    whole = pd.concat(tables, ignore_index=True)
    return whole.assign(dot=whole.groupby("line").cumcount() % APART == APART // 2)


def _points(branch: Branch, ties: list[Transition]) -> pd.DataFrame:
    """The points of a branch, with those at which it is one of the two optima of a tie."""
    columns = {"separation": branch.separation, "mean": branch.mean, "std": branch.std, "kl": branch.value}
    table = pd.DataFrame({**columns, "best": branch.best & (branch.kind == "minimum")})
    for tie in ties:
        for q in tie.branches:
            here = np.interp(tie.separation, branch.separation, branch.mean, left=np.inf, right=np.inf)
            if branch.kind == "minimum" and abs(here - q.mean) < NEAR_BY * q.std:
                table.loc[len(table)] = [tie.separation, q.mean, q.std, tie.value.value, True]
    return table.assign(kind=branch.kind).sort_values("separation", kind="stable", ignore_index=True)


def _cut(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The line in pieces, each of one width: cut where it becomes the best or ceases to be, at a point of both."""
    best = table["best"].to_numpy(dtype=bool)
    piece = np.concatenate([[0], np.cumsum(best[1:] != best[:-1])]) if best.size else best
    table = table.assign(line=[f"{name} {part}" for part in piece])
    joints = []
    for i in np.nonzero(best[1:] != best[:-1])[0]:
        shared, other = (i, i + 1) if best[i] else (i + 1, i)
        joints.append(table.iloc[[shared]].assign(line=table["line"].iloc[other], best=best[other]))
    return pd.concat([table, *joints]).sort_values(["line", "separation"], kind="stable")


def event_table(found: Transitions, end: float, units: str) -> pd.DataFrame:
    """One row a mark: a fold or pitchfork where it happens, a tie at both of its optima."""
    seen = [event for event in found if event.separation <= end]
    rows = [_mark(event, q, i, units) for event in seen for i, q in enumerate(event.branches)]
    if found.symmetric:  # the mirror image of a branch has the mirror images of its marks
        rows += [(at, -mean, *rest, "") for at, mean, *rest, _ in rows if abs(mean) > CENTRED]
    columns = ["separation", "mean", "std", "kl", "kind", "label"]
    return pd.DataFrame(rows, columns=columns)


def name_shifts(events: pd.DataFrame, branches: pd.DataFrame) -> list[int]:
    """By how many px each name is moved down or, below 0, up, so that none stands upon another."""
    low, span = branches["mean"].min(), np.ptp(branches["mean"]) or 1.0
    end = branches["separation"].max()
    shifts, taken = [], []
    for at, mean, kind, label in events[["separation", "mean", "kind", "label"]].itertuples(index=False):
        x, y = WIDTH * at / end, HEIGHT * (1 - (mean - low) / span) - (0 if kind == "fold" else ABOVE)
        wide = LETTER * len(label)
        left = x - LEFT - wide if kind == "fold" else x + RIGHT
        places = sorted(range(-5 * LINE, 5 * LINE + 1), key=abs) if label else [0]
        free = (y + by for by in places if not any(_meet(left, wide, y + by, *other) for other in taken))
        level = next(free, y)
        shifts.append(round(level - y))
        taken += [(left, wide, level)] if label else []
    return shifts


def _meet(left: float, wide: float, level: float, other_left: float, other_wide: float, other_level: float) -> bool:
    """Whether two names stand one upon the other."""
    return left < other_left + other_wide and other_left < left + wide and abs(level - other_level) < LINE


def _mark(event: Transition, q, rank: int, units: str) -> tuple:
    label = f"{event.kind} {plain(event.separation, decimals=4)}" if rank == 0 else ""
    return event.separation, q.mean, q.std, event.value.value / NATS_IN[units], event.kind, label


def now_table(separation: float, points: StationaryPoints, units: str) -> pd.DataFrame:
    """The stationary points of the present p."""
    rows = [(separation, p.q.mean, p.q.std, p.value.value / NATS_IN[units], p.kind) for p in points]
    return pd.DataFrame(rows, columns=["separation", "mean", "std", "kl", "kind"])
