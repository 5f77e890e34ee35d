"""Cells of the plane: rectangles of a frame, and what the nodes of one may have missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kl_engine.quadrature.plane.views import Views

FIRST = 2  # cells a side that a frame begins with
CALM = 12.0  # nats; what changes by less over a cell cannot hide between its nodes
KINK = 3e-4  # of the change over a cell: what the rules make of a crease that they see and do not resolve
FAINT = -40.0  # nats; a component so far below another adds less than rounding


class Cells(NamedTuple):
    """Rectangles centre ± half, each in a frame, and the number of the cell that it was cut from."""

    centre: np.ndarray  # (C, 2)
    half: np.ndarray  # (C, 2)
    frame: np.ndarray  # (C,)
    parent: np.ndarray  # (C,)

    @classmethod
    def over(cls, frames: int, reach: float) -> Cells:
        """The square [−reach, reach]² of every frame, cut evenly."""
        side = reach * (np.arange(FIRST) * 2 + 1 - FIRST) / FIRST
        square = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
        count = frames * len(square)
        owner = np.repeat(np.arange(frames), len(square))
        return cls(np.tile(square, (frames, 1)), np.full((count, 2), reach / FIRST), owner, np.arange(count))

    def chosen(self, which: np.ndarray) -> Cells:
        """The cells that a mask or an index picks."""
        return Cells(*(array[which] for array in self))

    def cut(self, sides: np.ndarray) -> Cells:
        """Every cell cut in two along each axis that `sides` (C, 2) marks."""
        cells = self._replace(parent=np.arange(self.frame.size))
        for axis in (0, 1):
            marked = sides[:, axis]
            whole, parts = cells.chosen(~marked), cells.chosen(marked)
            parts.half[:, axis] *= 0.5
            low, high = parts.centre.copy(), parts.centre.copy()
            low[:, axis] -= parts.half[:, axis]
            high[:, axis] += parts.half[:, axis]
            cells = joined([whole, parts._replace(centre=low), parts._replace(centre=high)])
            sides = np.concatenate([sides[~marked], sides[marked], sides[marked]])
        return cells

    def unseen(self, views: Views, seen: np.ndarray) -> np.ndarray:
        """A bound (C,) of what components too narrow for the nodes add to log a and log b over a cell.

        Component j adds at most log(1 + exp(qⱼ − qᵢ)) to the log density, with i the highest at the centre. Over a cell
        qⱼ − qᵢ is a quadratic: its top there is bounded by its slopes and curvatures, the area where it counts by that
        of an ellipse. Where it changes by less than CALM the rules show it; where j is high at a node (`seen`, (C, J))
        the rules show its crease, though perhaps by chance less of it than there is.
        """
        u = views.shifts[self.frame] + np.einsum("cjab,cb->cja", views.maps[self.frame], self.centre)
        q = views.heights - (u * u).sum(axis=-1)
        slopes = -2 * np.einsum("cjab,cja->cjb", views.maps[self.frame], u)
        bends = -2 * np.einsum("fjab,fjac->fjbc", views.maps, views.maps)[self.frame]
        nearest = np.maximum(np.abs(self.centre) - self.half, 0)
        density = np.exp(-0.5 * (nearest**2).sum(axis=1)) / (2 * np.pi)
        found = np.zeros(self.frame.size)
        for part in views.halves():
            if q[0, part].size > 1:
                found += self._added(q[:, part], slopes[:, part], bends[:, part], seen[:, part]).sum(axis=1)
        return views.weights[self.frame] * density * found

    def _added(self, q: np.ndarray, slopes: np.ndarray, bends: np.ndarray, seen: np.ndarray) -> np.ndarray:
        """∫ log(1 + exp(qⱼ − qᵢ)) over each cell, at most: (C, J)."""
        rows, top = np.arange(len(q)), q.argmax(axis=1)
        lead = q - q[rows, top, None]
        slope, bend = slopes - slopes[rows, top, None], bends - bends[rows, top, None]
        half = self.half[:, None]
        squares = np.stack([bend[..., 0, 0], bend[..., 1, 1]], axis=-1) * half * half / 2
        cross = np.abs(bend[..., 0, 1]) * half[..., 0] * half[..., 1]
        reach = (np.abs(slope) * half).sum(axis=-1) + cross
        summit = lead + reach + np.maximum(squares, 0).sum(axis=-1)
        change = reach + np.abs(squares).sum(axis=-1)
        area = np.minimum(4 * half[..., 0] * half[..., 1], _ellipse(lead, slope, bend))
        most = np.logaddexp(0, summit)
        hidden = np.where(seen, np.minimum(KINK * change, most), most)
        return np.where((change <= CALM) | (summit < FAINT), 0.0, area * hidden)


def joined(groups: Sequence[Cells]) -> Cells:
    """All cells of the groups, in their order."""
    return Cells(*(np.concatenate(arrays) for arrays in zip(*groups)))


def _ellipse(lead: np.ndarray, slope: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """The area where lead + slope·δ + ½ δᵀ bend δ > −4 (and where it matters beyond), if bend is negative definite."""
    xx, yy, xy = bend[..., 0, 0], bend[..., 1, 1], bend[..., 0, 1]
    det = xx * yy - xy * xy
    round_ = (det > 0) & (xx < 0)
    det = np.where(round_, det, 1.0)
    rise = -(yy * slope[..., 0] ** 2 - 2 * xy * slope[..., 0] * slope[..., 1] + xx * slope[..., 1] ** 2) / (2 * det)
    return np.where(round_, 2 * np.pi * (np.maximum(lead + rise, 0) + 5) / np.sqrt(det), np.inf)
