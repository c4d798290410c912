"""Quantities of cells brought onto another grid by the areas that cells share: totals stay.

The cells of the one grid are quadrilaterals in the cells of the other, with straight sides between
corners that are transformed exactly. Neighbours share corners, so nothing is lost or counted twice.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.polygon_footprint import Rings, footprints

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

_SLACK = 1e-7  # cells; a side on a grid line may be off it by a rounding
_AT_ONCE = 1 << 17


class Shares(NamedTuple):
    """Which cells of the other grid a cell lies in.

    source : int64 [shares], numbers of cells as they were given
    target : int64 [shares], places in the window of the other grid, row by row
    cover : float64 [shares], covered share of the target's cell
    part : float64 [shares], covered share of the source's cell
    """

    source: Int64
    target: Int64
    cover: Float64
    part: Float64


def shares(x: Float64, y: Float64, height: int, width: int, span: float) -> list[Shares]:
    """Shares of cells in the cells of a window.

    Parameters
    ----------
    x, y : float64 ndarray [4, cells]
        Corners around each cell, in columns and rows of the window; not finite where the other CRS
        has no such place.
    height, width : int
        Size of the window.
    span : float
        Cells wider or taller than this are torn apart by the other projection, and lie as a whole
        where their first corner lies.

    Returns
    -------
    list of Shares
        Cells that lie in the window in part only come with that part.
    """
    left, right = _ends(x)
    top, bottom = _ends(y)
    torn = ~(right - left + bottom - top < span)
    if torn.any():
        x, y = np.where(torn, x[:1], x), np.where(torn, y[:1], y)
        left, right, top, bottom = (
            np.where(torn, place[0] + end, found)
            for place, end, found in ((x, 0, left), (x, 0.5, right), (y, 0, top), (y, 0.5, bottom))
        )
    left, top = np.floor(left + _SLACK), np.floor(top + _SLACK)
    right, bottom = np.ceil(right - _SLACK), np.ceil(bottom - _SLACK)
    meets = (right > 0) & (left < width) & (bottom > 0) & (top < height)
    single = meets & (right <= left + 1) & (bottom <= top + 1)
    one = np.flatnonzero(single)
    area = _areas(x[:, one], y[:, one])
    found = [
        Shares(
            one,
            top[one].astype(np.int64) * width + left[one].astype(np.int64),
            np.where(torn[one], 1.0, area),
            np.ones(one.size),
        )
    ]
    several = np.flatnonzero(meets & ~single)
    for begin in range(0, several.size, _AT_ONCE):
        chosen = several[begin : begin + _AT_ONCE]
        found.append(_overlaps(x[:, chosen], y[:, chosen], chosen, height, width))
    return found


def _ends(corners: Float64) -> tuple[Float64, Float64]:
    """Smallest and largest of four; not finite where one of them is not."""
    one, two, three, four = corners
    with np.errstate(invalid="ignore"):
        low = np.minimum(np.minimum(one, two), np.minimum(three, four))
        high = np.maximum(np.maximum(one, two), np.maximum(three, four))
    return low, high


def _areas(x: Float64, y: Float64) -> Float64:
    """Areas of quadrilaterals in cells."""
    across, down = (x[2] - x[0]) * (y[3] - y[1]), (x[3] - x[1]) * (y[2] - y[0])
    return np.asarray(0.5 * np.abs(across - down))


def _overlaps(x: Float64, y: Float64, number: Int64, height: int, width: int) -> Shares:
    count = number.size
    closed = np.array([0, 1, 2, 3, 0])
    rings = Rings(
        x[closed].T.reshape(-1),
        y[closed].T.reshape(-1),
        np.arange(0, 5 * count + 1, 5, dtype=np.int64),
        np.arange(count, dtype=np.int64),
        np.zeros(count, dtype=bool),
    )
    prints = footprints(rings, count, height, width, rule="exact")
    length = (prints.stop - prints.start).astype(np.int64)
    inner = np.repeat(prints.row.astype(np.int64) * width + prints.start, length)
    inner += np.arange(inner.size) - np.repeat(np.cumsum(length) - length, length)
    source = np.concatenate((np.repeat(prints.zone, length), prints.cell_zone)).astype(np.int64)
    target = np.concatenate((inner, prints.cell_row.astype(np.int64) * width + prints.cell_col))
    cover = np.concatenate((np.ones(inner.size), prints.cell_weight))
    return Shares(number[source], target, cover, cover / prints.total[source])
