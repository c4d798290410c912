"""Kinds of urban growth between two dates, and the landscape expansion index of new patches.

Sources: S. Angel et al., Atlas of Urban Expansion (2016), for infill, extension, leapfrog and
inclusion; X. Liu et al., A new landscape index for quantifying urban expansion using multi-temporal
remotely sensed data, Landscape Ecology 25 (2010), 671-682, doi:10.1007/s10980-010-9452-5, for the
index.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.cell_runs import RIM, Int64, Runs, clusters, touching
from dbar_qgis_plugin.kernels.neighbourhoods import Reach
from dbar_qgis_plugin.kernels.urban_extent import IN_EXTENT, IS_BUILT, NODATA

Bools = NDArray[np.bool_]
Float64 = NDArray[np.float64]
UInt8 = NDArray[np.uint8]

NO_GROWTH, INFILL, EXTENSION, LEAPFROG, INCLUSION, RURAL_GROWTH = range(6)
TYPES: Final = MappingProxyType(
    {
        INFILL: "infill",
        EXTENSION: "extension",
        LEAPFROG: "leapfrog",
        INCLUSION: "inclusion",
        RURAL_GROWTH: "rural",
    }
)
# What newly built cells may be.
NEW_TYPES: Final = (INFILL, EXTENSION, LEAPFROG, RURAL_GROWTH)

INFILLING, EDGE, OUTLYING = "infilling", "edge", "outlying"
LEI_TYPES: Final = (INFILLING, EDGE, OUTLYING)

_RUNS_AT_ONCE = 1 << 22


def is_new(before: UInt8, after: UInt8) -> Bools:
    """Cells that were open before and are built up after."""
    found: Bools = IS_BUILT[after] & ~IS_BUILT[before] & (before != NODATA)
    return found


def is_gained(before: UInt8, after: UInt8) -> Bools:
    """Cells that have come into the urban extent."""
    found: Bools = IN_EXTENT[after] & ~IN_EXTENT[before] & (before != NODATA)
    return found


def growth_types(before: UInt8, after: UInt8, is_attached: Bools) -> UInt8:
    """Type of growth of each cell.

    Parameters
    ----------
    before, after : uint8 ndarray
        Classes of the urban extent.
    is_attached : bool ndarray
        In a gained part that touches the earlier extent (`attached`).
    """
    new, gained = is_new(before, after), is_gained(before, after)
    found = np.full(before.shape, NO_GROWTH, dtype=np.uint8)
    found[new] = RURAL_GROWTH
    found[new & gained] = LEAPFROG
    found[new & gained & is_attached] = EXTENSION
    found[new & IN_EXTENT[before]] = INFILL
    found[IS_BUILT[before] & IS_BUILT[after] & gained] = INCLUSION
    found[(before == NODATA) | (after == NODATA)] = NODATA
    return found


def attached(gained: Runs, earlier: Runs, stride: int) -> Runs:
    """Runs of the parts gained that touch the earlier extent, at a side or a corner.

    Parameters
    ----------
    gained, earlier : Runs
        Of cells that have come into the urban extent, and of those that were in it.
    stride : int
        From `cell_runs.stride_of`.
    """
    count, label = clusters(gained.begin, gained.end, stride, diagonal=True)
    touches = np.zeros(count, dtype=bool)
    for line in (-stride, 0, stride):
        runs, _ = touching(gained.begin + line, gained.end + line, earlier.begin, earlier.end, 1)
        touches[label[runs]] = True
    return gained.chosen(touches[label])


def surroundings(
    begin: Int64,
    end: Int64,
    patch: NDArray[Any],
    around: Reach,
    shape: Int64,
    height: int,
    width: int,
) -> Iterator[tuple[Int64, Int64, Int64]]:
    """Runs of patches together with the cells around them, and whose they are, patch by patch.

    Parameters
    ----------
    begin, end : int64 [runs]
        Runs of the patches.
    patch : ndarray of int [runs]
        Which patch each run is of.
    around : Reach
        What lies around a cell.
    shape : int64 [runs]
        Which shape of `around` the cells of each run have.
    height, width : int
        Size of the grid.
    """
    order = np.argsort(patch, kind="stable")
    lines = np.arange(-around.rows, around.rows + 1)
    at_once = max(1, _RUNS_AT_ONCE // lines.size)
    first = 0
    while first < order.size:
        last = min(first + at_once, order.size)
        # Whole patches: each is put together from its own runs.
        last = int(np.searchsorted(patch[order], patch[order[last - 1]], side="right"))
        chosen = order[first:last]
        yield _widened(
            begin[chosen], end[chosen], patch[chosen], around, shape[chosen], height, width
        )
        first = last


def _widened(
    begin: Int64,
    end: Int64,
    patch: NDArray[Any],
    around: Reach,
    shape: Int64,
    height: int,
    width: int,
) -> tuple[Int64, Int64, Int64]:
    stride = width + 2 * RIM
    row, col = np.divmod(begin, stride)
    stop = col + (end - begin)
    lines = np.arange(-around.rows, around.rows + 1)
    row = row[:, np.newaxis] + lines
    left = np.maximum(col[:, np.newaxis] + around.first[shape], RIM)
    right = np.minimum(stop[:, np.newaxis] + around.last[shape], width + RIM)
    kept = (row >= RIM) & (row < height + RIM) & (right > left)
    kept &= around.last[shape] >= around.first[shape]
    owner = np.broadcast_to(patch[:, np.newaxis], row.shape)[kept].astype(np.int64)
    space = owner * (stride * (height + 2 * RIM))
    low = space + row[kept] * stride + left[kept]
    high = space + row[kept] * stride + right[kept]
    order = np.argsort(low, kind="stable")
    low, high, space, owner = low[order], high[order], space[order], owner[order]
    if low.size == 0:
        return low, high, owner
    reached = np.maximum.accumulate(high)
    new = np.flatnonzero(np.concatenate(([True], low[1:] > reached[:-1])))
    ends = reached[np.append(new[1:], low.size) - 1]
    return low[new] - space[new], ends - space[new], owner[new]


def expansion_index(occupied: Float64, vacant: Float64) -> Float64:
    """Landscape expansion index, 0 to 100; NaN where nothing is known around a patch.

    Parameters
    ----------
    occupied, vacant : float64 [patches]
        Areas around the patch that were built up before, and that were not.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * occupied / (occupied + vacant))


def lei_types(index: Float64) -> list[str | None]:
    """Types of patches by their index: above 50, above 0, 0; None for NaN."""
    return [
        None
        if np.isnan(value)
        else INFILLING
        if value > 50.0
        else EDGE
        if value > 0.0
        else OUTLYING
        for value in index.tolist()
    ]
