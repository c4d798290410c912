"""Drought hazard: the lowest standardised precipitation index of some years, and its class.

Source: UNCCD PRAIS4 reporting manual, strategic objective 3, steps 3 and 5 of indicator SO 3-1 and
table 19, whose classes are those of WMO-No. 1090 (2012) with the mild one added.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.trend import PRAIS4, TRENDS_EARTH

CONVENTIONS: Final = (PRAIS4, TRENDS_EARTH)

NONE, MILD, MODERATE, SEVERE, EXTREME = range(5)
# Where the index falls to the next class.
BOUNDS: Final = (0.0, -1.0, -1.5, -2.0)
# A normal deviate; beyond stand fill values (-9999 in thousandths) and values in another unit.
LARGEST_INDEX: Final = 9.0

UInt8 = NDArray[np.uint8]
Bools = NDArray[np.bool_]


class Lowest(NamedTuple):
    """Lowest index of each cell over some years.

    spi : float64 [cells ..], 0 where no year has data
    years : int64 [cells ..], how many years have data
    """

    spi: NDArray[np.float64]
    years: NDArray[np.int64]


def plausible(values: NDArray[Any], scale: float) -> Bools:
    """Tell which values can be an index at all: those from -9 to 9.

    Parameters
    ----------
    values : ndarray
        Index times `scale`.
    scale : float
        Divides the values to give the index.
    """
    largest = LARGEST_INDEX * scale
    found: Bools = (values >= -largest) & (values <= largest)
    return found


def lowest_index(values: NDArray[Any], valid: Bools, scale: float) -> Lowest:
    """Find the lowest index over all the years given.

    Parameters
    ----------
    values : ndarray [years, ..]
        Index times `scale`, of at least one year; not changed.
    valid : bool ndarray of the same shape
        Where there is data.
    scale : float
        Divides the values to give the index.

    Returns
    -------
    Lowest
    """
    kind = values.dtype
    above = np.inf if kind.kind == "f" else np.iinfo(kind).max
    lowest = np.full(values.shape[1:], above, dtype=kind)
    for layer, good in zip(values, valid, strict=True):
        np.minimum(lowest, layer, out=lowest, where=good)
    years = valid.sum(axis=0, dtype=np.int64)
    return Lowest(np.where(years > 0, lowest, 0).astype(np.float64) / scale, years)


def drought_class(index: NDArray[np.float64], convention: str = PRAIS4) -> UInt8:
    """Classify an index: 0 none, 1 mild, 2 moderate, 3 severe, 4 extreme.

    Parameters
    ----------
    index : ndarray of float64
        Standardised precipitation index, in standard deviations.
    convention : {"prais4", "trends_earth"}
        Where the bounds 0, -1, -1.5 and -2 themselves belong. prais4: to the drier class, so that
        0 is mild and -2 extreme. trends_earth: to the wetter one, so that 0 is none and -2 severe.

    Returns
    -------
    ndarray of uint8
    """
    dry = np.less_equal if convention == PRAIS4 else np.less
    classes: UInt8 = np.zeros(index.shape, dtype=np.uint8)
    for bound in BOUNDS:
        classes += dry(index, bound)
    return classes
