"""Classes of UN-Habitat's urban extent.

Built-up cells are told apart by the built-up share of the walking circle around them, a circle of
1 km2; open cells by their distance to the urban and suburban ones, and by what encloses them.

Sources: UN-Habitat, SDG Indicator 11.3.1 Training Module: Land Use Efficiency (2018, 2019);
S. Angel et al., Atlas of Urban Expansion (2016), whose definitions these are. Classes 7 to 9, open
water, are those of Trends.Earth.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.cell_runs import RIM, Int64, Runs, clusters

Bools = NDArray[np.bool_]
UInt8 = NDArray[np.uint8]

URBAN, SUBURBAN, RURAL = 1, 2, 3
FRINGE, CAPTURED, RURAL_OPEN = 4, 5, 6
FRINGE_WATER, CAPTURED_WATER, RURAL_WATER = 7, 8, 9
CLASSES: Final = tuple(range(URBAN, RURAL_WATER + 1))
NODATA: Final = 255

WALKING_M: Final = 564.0  # radius of a circle of 1 km2
FRINGE_M: Final = 100.0

_OVER_WATER: Final = FRINGE_WATER - FRINGE


def _table(*members: int) -> Bools:
    table = np.zeros(256, dtype=bool)
    table[list(members)] = True
    return table


IN_EXTENT: Final = _table(URBAN, SUBURBAN, FRINGE, CAPTURED, FRINGE_WATER, CAPTURED_WATER)
IS_BUILT: Final = _table(URBAN, SUBURBAN, RURAL)
ENCLOSES: Final = _table(URBAN, SUBURBAN, FRINGE, FRINGE_WATER)
IS_RURAL_OPEN: Final = _table(RURAL_OPEN, RURAL_WATER)


def built_classes(
    built: Int64, whole: Int64, urban_percent: float = 50.0, suburban_percent: float = 25.0
) -> UInt8:
    """Classes of built-up cells by what is built up around them.

    Parameters
    ----------
    built, whole : int64 [cells]
        What is built up within the walking circle, and all of it that has data, in one unit.
    urban_percent, suburban_percent : float
        More than these shares make a cell urban, or suburban.
    """
    percent, of_all = built * 100.0, whole.astype(np.float64)
    found = np.full(built.shape, RURAL, dtype=np.uint8)
    found[percent > suburban_percent * of_all] = SUBURBAN
    found[percent > urban_percent * of_all] = URBAN
    return found


def open_classes(is_near: Bools, is_water: Bools) -> UInt8:
    """Classes of open cells, before enclosed ones are known.

    Parameters
    ----------
    is_near : bool ndarray
        Within the fringe of an urban or suburban cell.
    is_water : bool ndarray
        Covered by water.
    """
    classes = np.where(is_near, FRINGE, RURAL_OPEN) + _OVER_WATER * is_water
    return np.asarray(classes, dtype=np.uint8)


def captured(rest: Runs, opened: Runs, limit: int, height: int, width: int) -> Runs:
    """Runs of open patches that the urban area encloses.

    A patch is made of open cells that share sides. It is captured if it lies in a hole of the
    urban, suburban and fringe cells, and is no larger than the limit. Rural built-up cells in the
    hole do not enclose, nor do cells without data; what reaches the border of the grid is not
    enclosed as far as is known.

    Parameters
    ----------
    rest : Runs
        Of all cells that do not enclose.
    opened : Runs
        Of open cells beyond the fringe; the first amount is their area.
    limit : int
        Largest area of a patch, in the unit of that amount.
    height, width : int
        Size of the grid.
    """
    stride = width + 2 * RIM
    holes, hole = clusters(rest.begin, rest.end, stride, diagonal=False)
    row, first = np.divmod(rest.begin, stride)
    last = first + (rest.end - rest.begin)
    at_border = (row == RIM) | (row == height) | (first == RIM) | (last == width + RIM)
    is_enclosed = np.ones(holes, dtype=bool)
    is_enclosed[hole[at_border]] = False
    patches, patch = clusters(opened.begin, opened.end, stride, diagonal=False)
    area = np.zeros(patches, dtype=np.int64)
    np.add.at(area, patch, opened.amount[:, 0])
    around = hole[np.searchsorted(rest.begin, opened.begin, side="right") - 1]
    return opened.chosen(is_enclosed[around] & (area[patch] <= limit))


def with_captured(classes: UInt8, begin: Int64, end: Int64) -> UInt8:
    """Classes of a window in which runs of cells are captured.

    Parameters
    ----------
    classes : uint8 [height, width]
        With `RURAL_OPEN` or `RURAL_WATER` in the runs.
    begin, end : int64 [runs]
        In cells of the window, row by row.
    """
    found = classes.reshape(-1).copy()
    step = np.zeros(found.size + 1, dtype=np.int8)
    step[begin] += 1
    step[end] -= 1
    found -= np.cumsum(step[:-1], dtype=np.int8).astype(np.uint8)
    return found.reshape(classes.shape)
