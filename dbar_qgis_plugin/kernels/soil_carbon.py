"""Soil organic carbon after changes of land cover (SDG 15.3.1, third sub-indicator).

A change of land cover moves the stock, in equal yearly steps over a horizon (20 years), to the
stock at the change times the land use factor f_LU of IPCC's tier 1. Management and input factors
are 1. The next change starts from the stock reached by then, and its own horizon begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dbar_qgis_plugin.kernels.land_cover import UNCCD_CLASSES, WATER

Float64 = NDArray[np.float64]
Int16 = NDArray[np.int16]

CONVENTIONS: Final = ("prais4", "trends_earth", "gpg_v2")
HORIZON_YEARS: Final = 20
THRESHOLD_PERCENT: Final = 10.0

# f_LU; rows: from tree-covered, grassland, cropland, wetland, artificial, other land, water;
# columns: to. f is the factor of the climate zone.
UNCCD_FACTORS: Final = (
    ("1", "1", "f", "1", "0.1", "0.1", "1"),
    ("1", "1", "f", "1", "0.1", "0.1", "1"),
    ("1/f", "1/f", "1", "1/0.71", "0.1", "0.1", "1"),
    ("1", "1", "0.71", "1", "0.1", "0.1", "1"),
    ("2", "2", "2", "2", "1", "1", "1"),
    ("2", "2", "2", "2", "1", "1", "1"),
    ("1", "1", "1", "1", "1", "1", "1"),
)

_CELLS_PER_CHUNK = 1 << 15
_DECIMALS = 9


class LandUseFactors(NamedTuple):
    """f_LU = coefficient * f ** exponent, each float64 [7, 7]; rows from, columns to."""

    coefficient: Float64
    exponent: Float64


def land_use_factors(texts: Sequence[Sequence[str]] = UNCCD_FACTORS) -> LandUseFactors:
    """Read a table of factors: numbers, `f`, `1/f`, or one over a number.

    Raises
    ------
    ValueError
        If a cell is none of these or not above 0; its text is the error's argument.
    """
    coefficient = np.ones((UNCCD_CLASSES, UNCCD_CLASSES))
    exponent = np.zeros((UNCCD_CLASSES, UNCCD_CLASSES))
    for row, line in enumerate(texts):
        for col, text in enumerate(line):
            over, slash, under = text.replace(" ", "").partition("/")
            wanted = under if slash else over
            if wanted == "f" and over in ("f", "1"):
                exponent[row, col] = -1.0 if slash else 1.0
                continue
            try:
                factor = float(over) / float(under) if slash else float(over)
            except (ValueError, ZeroDivisionError):
                raise ValueError(text) from None
            if not 0.0 < factor < np.inf:
                raise ValueError(text)
            coefficient[row, col] = factor
    return LandUseFactors(coefficient, exponent)


def carbon_series(
    stock: ArrayLike,
    classes: ArrayLike,
    years: Sequence[int],
    factor: ArrayLike,
    factors: LandUseFactors | None = None,
    *,
    horizon: int = HORIZON_YEARS,
) -> Float64:
    """Stocks at the dates of a land cover series.

    Parameters
    ----------
    stock : array_like [cells]
        Stock at the first date, in t/ha; NaN = none.
    classes : array_like of int [dates, cells]
        UNCCD classes 1..7; 0 = not known, which is no change.
    years : sequence of int [dates]
        Increasing. A change between two dates is placed in the year `t0 + floor((t1 - t0) / 2)`:
        for an annual series the earlier year, for two dates the middle of the period.
    factor : array_like [cells] or scalar
        f of the climate zone; NaN, 0 or less = none.
    factors : LandUseFactors, optional
        f_LU; that of `UNCCD_FACTORS` if absent.
    horizon : int
        Years in which the stock reaches its new level.

    Returns
    -------
    ndarray of float64 [dates, cells]
        t/ha. NaN from a change on whose f_LU needs an f that the cell does not have: cells without
        a climate zone keep their result as long as no such change happens.
    """
    coefficient, exponent = factors or land_use_factors()
    start = np.asarray(stock, dtype=np.float64)
    ranks = np.asarray(classes)
    zone_factor = np.broadcast_to(np.asarray(factor, dtype=np.float64), start.shape)
    stocks = np.empty(ranks.shape)
    for first in range(0, start.size, _CELLS_PER_CHUNK):
        part = slice(first, first + _CELLS_PER_CHUNK)
        _chunk(
            start[part],
            ranks[:, part],
            years,
            zone_factor[part],
            (coefficient.ravel(), exponent.ravel()),
            horizon,
            stocks[:, part],
        )
    return stocks


def _chunk(
    start: Float64,
    classes: NDArray[np.integer],
    years: Sequence[int],
    factor: Float64,
    factors: tuple[Float64, Float64],
    horizon: int,
    stocks: Float64,
) -> None:
    coefficient, exponent = factors
    now = start.copy()
    loss = np.zeros_like(now)  # t/ha a year
    left = np.zeros_like(now)  # years of the horizon to come
    moving = False  # whether any cell's stock is on its way

    def advance(span: int) -> None:
        steps = np.minimum(left, span)
        np.subtract(now, loss * steps, out=now)
        np.subtract(left, steps, out=left)

    current = classes[0].astype(np.intp)
    stocks[0] = now
    for date in range(1, len(years)):
        gap = years[date] - years[date - 1]
        if moving and gap // 2:
            advance(gap // 2)
        found = classes[date]
        changed = np.flatnonzero((found > 0) & (found != current))
        if changed.size:
            before, after = current[changed], found[changed].astype(np.intp)
            current[changed] = after
            # The first class that is known is no change.
            known = before > 0
            changed, before, after = changed[known], before[known], after[known]
            change = (before - 1) * UNCCD_CLASSES + after - 1
            zone = factor[changed]
            zone = np.where(zone > 0.0, zone, np.nan)
            # NaN ** 0 is 1: without a zone only the changes that need its factor are undefined.
            land_use = coefficient[change] * zone ** exponent[change]
            loss[changed] = now[changed] * (1.0 - land_use) / horizon
            left[changed] = horizon
            moving = moving or changed.size > 0
        if moving:
            advance(gap - gap // 2)
        stocks[date] = now


class CarbonChange(NamedTuple):
    """Change between two dates, arrays of one shape.

    initial, final : float64, stocks in t/ha as the convention takes them
    percent : float64, change in percent of the initial stock; NaN where undefined
    degradation : int16, -1 degraded, 0 stable, 1 improved; only where `valid`
    valid : bool
    """

    initial: Float64
    final: Float64
    percent: Float64
    degradation: Int16
    valid: NDArray[np.bool_]


def carbon_change(
    initial: ArrayLike,
    final: ArrayLike,
    initial_classes: ArrayLike,
    *,
    convention: str = "prais4",
    threshold: float = THRESHOLD_PERCENT,
) -> CarbonChange:
    """Sort the change of stocks into degraded, stable and improved.

    Parameters
    ----------
    initial, final : array_like
        Stocks in t/ha; NaN = none. A stock of 0 has no change in percent.
    initial_classes : array_like of int
        UNCCD classes at the first date; cells of water have no result.
    convention : {"prais4", "trends_earth", "gpg_v2"}
        Degraded below -threshold and improved above it, of the real numbers; in `trends_earth`
        stocks are rounded to whole numbers first, the percentage of these is cut to a whole number,
        and the threshold itself counts.
    threshold : float
        Percent.
    """
    first, last = np.asarray(initial, dtype=np.float64), np.asarray(final, dtype=np.float64)
    inclusive = convention == "trends_earth"
    if inclusive:
        first, last = np.floor(first + 0.5), np.floor(last + 0.5)
    valid = (first > 0.0) & np.isfinite(last) & (np.asarray(initial_classes) != WATER)
    percent = np.full(first.shape, np.nan)
    np.divide(last - first, first, out=percent, where=valid)
    # Ten years at f = 0.8 are 10 % to the last digit but one: not more than 10 %.
    percent = np.round(100.0 * percent, _DECIMALS)
    if inclusive:
        percent = np.trunc(percent)
        degradation = (percent >= threshold).astype(np.int16) - (percent <= -threshold)
    else:
        degradation = (percent > threshold).astype(np.int16) - (percent < -threshold)
    return CarbonChange(first, last, percent, degradation.astype(np.int16), valid)
