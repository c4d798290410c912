"""Tables of night light statistics: columns of plain Python values, None where undefined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.pipelines.night_light.light_statistics import (
    LightStatisticsResult,
    LightStatisticsTask,
)

Float64 = NDArray[np.float64]
Table = dict[str, Sequence[object]]

COUNTS = ("n_valid", "n_nodata", "n_lit", "n_saturated")
FEW_DATES = "FEW_DATES"
_NOWHERE = {"NO_GEOMETRY", "TOO_SMALL", "OUTSIDE"}  # which say already why there is no data
_DIRECTIONS = {-1: "falling", 0: "none", 1: "rising"}


def series_table(task: LightStatisticsTask, result: LightStatisticsResult) -> Table:
    """Columns of the long table: one row a zone and date, a zone's rows together."""
    zones, dates = len(task.zone_names), len(task.periods)
    columns: Table = {
        "zone": [name for name in task.zone_names for _ in range(dates)],
        "date": [period.first.isoformat() for period in task.periods] * zones,
        "date_end": [period.after.isoformat() for period in task.periods] * zones,
        "raster": [raster.name for raster in task.light] * zones,
        "unit": [unit or None for unit in result.units] * zones,
    }
    for name, values in result.values.items():
        columns[name] = _plain(name, values.ravel())
    flags = row_flags(result)
    columns["flags"] = [";".join(codes) for of_zone in flags for codes in of_zone]
    return columns


def zone_table(task: LightStatisticsTask, result: LightStatisticsResult) -> Table:
    """Columns of the zones: the statistics of the last date, and the trend."""
    zones, trend = len(task.zone_names), result.trend
    columns: Table = {
        "zone": list(task.zone_names),
        "date": [task.periods[-1].first.isoformat()] * zones,
        "unit": [result.units[-1] or None] * zones,
    }
    for name, values in result.values.items():
        columns[name] = _plain(name, values[:, -1])
    studied = result.values[task.trend_of]
    known = np.isfinite(studied) & result.covered
    mean = np.divide(
        np.where(known, studied, 0.0).sum(axis=1),
        known.sum(axis=1),
        out=np.full(zones, np.nan),
        where=known.any(axis=1),
    )
    enough = np.isfinite(trend.slope)
    percent = np.divide(
        100.0 * trend.slope, mean, out=np.full(zones, np.nan), where=enough & (mean > 0.0)
    )
    columns["trend_of"] = [task.trend_of] * zones
    columns["trend_dates"] = [int(count) for count in trend.dates]
    columns["trend_slope"] = _plain("", trend.slope)
    columns["trend_pct"] = _plain("", percent)
    columns["trend_p"] = _plain("", trend.p)
    columns["trend"] = [
        _DIRECTIONS[int(way)] if some else FEW_DATES
        for way, some in zip(trend.direction, enough, strict=True)
    ]
    last = [of_zone[-1] for of_zone in row_flags(result)]
    columns["flags"] = [
        ";".join(of_zone if _NOWHERE & {*of_zone} else (*of_zone, *of_date))
        for of_zone, of_date in zip(result.zone_flags, last, strict=True)
    ]
    return columns


def row_flags(result: LightStatisticsResult) -> list[list[tuple[str, ...]]]:
    """Codes of each zone and date: NO_DATA, NO_LIGHT, LOW_COVERAGE."""
    no_data = ~(result.values["n_valid"] > 0.0)
    holds = {
        "NO_DATA": no_data,
        "NO_LIGHT": ~no_data & ~(result.values["n_lit"] > 0.0),
        "LOW_COVERAGE": ~no_data & ~result.covered,
    }
    zones, dates = no_data.shape
    return [
        [tuple(code for code in holds if holds[code][zone, date]) for date in range(dates)]
        for zone in range(zones)
    ]


def _plain(name: str, values: Float64 | Sequence[float]) -> list[object]:
    """Python numbers; whole ones for counts; None for NaN."""
    plain: Iterable[float] = np.asarray(values, dtype=np.float64).tolist()
    as_type = int if name in COUNTS else float
    return [None if value != value else as_type(value) for value in plain]
