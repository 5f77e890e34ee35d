"""The datasets of the diagram: branches as lines, transitions as marks, and the points of the present separation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kl_engine import StationaryPoints, Transition, Transitions
from kl_engine.optima.branches import Branch
from pages.ui.say.numbers import NATS_IN, plain

BEYOND = 1.2  # times the last transition: how far the diagram reaches
NEAR = 10.0  # the reach of the separation's own control
CENTRED = 1e-6  # a branch of smaller means is its own mirror image
NEAR_BY = 0.3  # std of q: a branch this near to an optimum of a tie is the one that it is on


def reach(found: Transitions, whole: bool) -> float:
    """Where the diagram ends: with the control of the separation, or when `whole` past every transition."""
    last = max((event.separation for event in found), default=0.0)
    return max(NEAR, BEYOND * last) if whole else NEAR


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
    return pd.concat(tables, ignore_index=True)


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
    columns = ["separation", "mean", "std", "kl", "kind", "label"]
    return pd.DataFrame(rows, columns=columns)


def _mark(event: Transition, q, rank: int, units: str) -> tuple:
    label = f"{event.kind} {plain(event.separation, decimals=4)}" if rank == 0 else ""
    return event.separation, q.mean, q.std, event.value.value / NATS_IN[units], event.kind, label


def now_table(separation: float, points: StationaryPoints, units: str) -> pd.DataFrame:
    """The stationary points of the present p."""
    rows = [(separation, p.q.mean, p.q.std, p.value.value / NATS_IN[units], p.kind) for p in points]
    return pd.DataFrame(rows, columns=["separation", "mean", "std", "kl", "kind"])
