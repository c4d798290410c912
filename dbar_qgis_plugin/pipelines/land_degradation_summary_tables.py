"""The tables of SDG 15.3.1 by zone, as columns of plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.pipelines.land_degradation_summary import (
    LandDegradationSummaryResult,
    LandDegradationSummaryTask,
    Summary,
)

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
Columns = dict[str, list[Any]]

NO_DATA = -32768
_NAMES = {-1: "degraded", 0: "stable", 1: "improved", NO_DATA: "nodata"}

# Code in a crosstab's `cover` column: what of the zone it holds.
LAND, WATER = "land", "water"


class Margin(NamedTuple):
    """Sums of one combination of the classes of a few dimensions."""

    classes: tuple[int, ...]
    km2: float
    persons: float
    stock_initial_t: float
    stock_final_t: float


def margins(
    result: LandDegradationSummaryResult, summary: Summary, dimensions: Sequence[str]
) -> list[Margin]:
    """Sum over all but a few dimensions; one entry per combination of their classes that occurs.

    Classes are the rasters' values; `NO_DATA` where there is none. Land and water are 0 and 1.
    """
    if summary.area_units.size == 0:
        return []
    codes = np.array([summary.codes[name] for name in dimensions])
    order = np.lexsort(codes)
    codes = codes[:, order]
    changes = (codes[:, 1:] != codes[:, :-1]).any(axis=0)
    first = np.flatnonzero(np.concatenate(([True], changes)))
    amounts = summary.added_up(order, first).amounts()
    entries = []
    for combination, found in zip(codes[:, first].T.tolist(), amounts.T.tolist(), strict=True):
        values = tuple(
            _value(result, name, code) for name, code in zip(dimensions, combination, strict=True)
        )
        entries.append(Margin(values, *found))
    return sorted(entries)


def _value(result: LandDegradationSummaryResult, dimension: str, code: int) -> int:
    if dimension not in result.classes:
        return code
    return result.classes[dimension][code - 1] if code else NO_DATA


def summary_of_zone(result: LandDegradationSummaryResult, zone: int | None) -> Summary:
    """Sums of one zone, or of all of them."""
    if zone is None:
        return result.summary
    first, last = np.searchsorted(result.summary.codes["zone"], [zone, zone + 1])
    return result.summary.where(slice(first, last))


def zone_columns(
    task: LandDegradationSummaryTask, result: LandDegradationSummaryResult
) -> dict[str, list[Any]]:
    """Columns of the result by zone, one value per zone, without their names.

    degraded_pct : the proportion by the denominator chosen, %
    degraded_pct_land : degraded land / all land, inland water left out
    degraded_pct_te : degraded / all of the zone, water and no data inside
    degraded_pct_data : degraded land / land with data
    degraded_km2, stable_km2, improved_km2, nodata_km2 : land, km2
    land_km2, water_km2, total_km2 : land is the sum of those four; total is land and water
    pop_degraded, .. : persons on land of each class, and on water
    pop_degraded_pct : share of the persons on land with data
    flags : see `LandDegradationSummaryResult.zone_flags`
    """
    zones = range(len(result.zone_flags))
    rows = [_zone_row(task, result, summary_of_zone(result, zone)) for zone in zones]
    for row, flags in zip(rows, result.zone_flags, strict=True):
        row["flags"] = ";".join(flags)
    return {name: [row[name] for row in rows] for name in rows[0]}


def zone_table(
    task: LandDegradationSummaryTask, result: LandDegradationSummaryResult, all_zones: str
) -> dict[str, list[Any]]:
    """Columns of OUTPUT_TABLE: zones by name, and where there are several all of them together.

    zone : name; `all_zones` in the last row
    level : "zone", or "total" in the last row
    """
    columns = zone_columns(task, result)
    names, levels = list(task.zone_names), ["zone"] * len(task.zone_names)
    if len(names) > 1:
        total = {**_zone_row(task, result, result.summary), "flags": ""}
        for name, values in columns.items():
            values.append(total[name])
        names.append(all_zones)
        levels.append("total")
    return {"zone": names, "level": levels, **columns}


def _zone_row(
    task: LandDegradationSummaryTask, result: LandDegradationSummaryResult, summary: Summary
) -> dict[str, Any]:
    land = dict.fromkeys(_NAMES.values(), 0.0)
    people = dict(land)
    # Margins of whole numbers: a sum of areas is rounded once.
    on_land = summary.where(summary.codes["water"] == 0)
    for entry in margins(result, on_land, ("sdg",)):
        name = _NAMES[entry.classes[0]]
        land[name], people[name] = entry.km2, entry.persons
    degraded = summary.where(summary.codes["sdg"] == 1)
    water = summary.where(summary.codes["water"] == 1)
    total_km2, land_km2 = summary.km2, on_land.km2
    with_data = on_land.where(on_land.codes["sdg"] > 0)
    is_known = bool((summary.codes["sdg"] > 0).any())
    percent = {
        "land": _percent(land["degraded"], land_km2) if is_known else None,
        "trends_earth": _percent(degraded.km2, total_km2) if is_known else None,
    }
    row: dict[str, Any] = {
        "degraded_pct": percent[task.denominator],
        "degraded_pct_land": percent["land"],
        "degraded_pct_te": percent["trends_earth"],
        "degraded_pct_data": _percent(land["degraded"], with_data.km2),
        **{f"{name}_km2": area for name, area in land.items()},
        "land_km2": land_km2,
        "water_km2": water.km2,
        "total_km2": total_km2,
    }
    if "population" in result.given:
        row |= {f"pop_{name}": count for name, count in people.items()}
        row["pop_water"] = water.persons
        row["pop_degraded_pct"] = _percent(people["degraded"], with_data.persons)
    # A zone without a single cell was not measured: its areas are not nought.
    return row if summary.area_units.size else dict.fromkeys(row)


def _percent(part: float, whole: float) -> float | None:
    return part / whole * 100.0 if whole > 0.0 else None


def transition_base(result: LandDegradationSummaryResult) -> int:
    """What a first class is multiplied by in a transition's code: 10 for up to 9 classes, 100, ..

    The power of ten that the land cover transitions of `dbar:landcoverchange` use as well.
    """
    codes = result.summary.codes
    largest = max(int(codes[name].max(initial=0)) for name in ("initial", "final"))
    return int(10 ** max(1, math.ceil(math.log10(largest + 1)))) if largest else 10


def crosstab_table(
    task: LandDegradationSummaryTask,
    result: LandDegradationSummaryResult,
    names: ClassNames,
    all_zones: str,
) -> dict[str, list[Any]]:
    """Columns of OUTPUT_CROSSTABS: the long table of all crosstabs, of each zone.

    zone, level : as in `zone_table`
    table : sdg, productivity, land_cover_change, soc (by land and water); land_cover_initial,
        land_cover_final; land_cover_transition; productivity_by_transition, soc_by_transition;
        missing (cells without a value of the indicator, by what is missing)
    row_class, row_name, column_class, column_name : -32768 is no data; the class of a transition
        is initial x 10 + final (x 100 for more than 9 classes)
    km2, persons, soc_initial_t, soc_final_t : persons and carbon only where their rasters are
        given
    """
    columns: Columns = {name: [] for name in _CROSSTAB_COLUMNS}
    zones: list[tuple[str, str, int | None]] = [
        (name, "zone", zone) for zone, name in enumerate(task.zone_names)
    ]
    if len(zones) > 1:
        zones.append((all_zones, "total", None))
    base = transition_base(result)
    has_people = "population" in result.given
    has_stock = {name: name in result.given for name in ("soc_stock_initial", "soc_stock_final")}
    for zone_name, level, zone in zones:
        summary = summary_of_zone(result, zone)
        for table, row, column, entry in _crosstabs(result, summary, base):
            cells = {
                "zone": zone_name,
                "level": level,
                "table": table,
                "row_class": row[1],
                "row_name": names.of(*row),
                "column_class": column[1],
                "column_name": names.of(*column, base=base),
                "km2": entry.km2,
                "persons": entry.persons if has_people else None,
                "soc_initial_t": entry.stock_initial_t if has_stock["soc_stock_initial"] else None,
                "soc_final_t": entry.stock_final_t if has_stock["soc_stock_final"] else None,
            }
            for name, value in cells.items():
                columns[name].append(value)
    return columns


_CROSSTAB_COLUMNS = (
    "zone",
    "level",
    "table",
    "row_class",
    "row_name",
    "column_class",
    "column_name",
    "km2",
    "persons",
    "soc_initial_t",
    "soc_final_t",
)

Label = tuple[str, int]


def _crosstabs(
    result: LandDegradationSummaryResult, summary: Summary, base: int
) -> list[tuple[str, Label, Label, Margin]]:
    entries: list[tuple[str, Label, Label, Margin]] = []
    given = result.given

    def cross(table: str, row: str, column: str) -> None:
        for entry in margins(result, summary, (row, column)):
            first, second = entry.classes
            entries.append((table, (row, first), (column, second), entry))

    for table, dimension in (
        ("sdg", "sdg"),
        ("productivity", "productivity"),
        ("land_cover_change", "land_cover"),
        ("soc", "soc"),
        ("land_cover_initial", "initial"),
        ("land_cover_final", "final"),
    ):
        if dimension in given:
            cross(table, dimension, "water")
    if {"initial", "final"} <= given:
        cross("land_cover_transition", "initial", "final")
        for dimension in ("productivity", "soc"):
            if dimension not in given:
                continue
            for entry in margins(result, summary, (dimension, "initial", "final")):
                value, initial, final = entry.classes
                code = NO_DATA if NO_DATA in (initial, final) else initial * base + final
                label = ("transition", code)
                entries.append((f"{dimension}_by_transition", (dimension, value), label, entry))
    for cause, entry in missing(result, summary):
        entries.append(("missing", ("sdg", NO_DATA), ("missing", cause), entry))
    return entries


# What is missing, as a sum of these: productivity 1, land cover 2, soil organic carbon 4.
MISSING = ("productivity", "land_cover", "soc")


def missing(result: LandDegradationSummaryResult, summary: Summary) -> list[tuple[int, Margin]]:
    """Sums of the cells without a value of the indicator, by which sub-indicators they lack.

    The cause is a sum: productivity 1, land cover 2, soil organic carbon 4; 0 = none of those that
    are given, 8 = inland water, whatever is missing there.
    """
    without = summary.where(summary.codes["sdg"] == 0)
    cause = np.zeros(without.area_units.size, dtype=np.int64)
    for bit, name in enumerate(MISSING):
        if name == "land_cover" and name not in result.given:
            # Two land covers tell the same as their change.
            lacking = np.zeros(cause.size, dtype=bool)
            for date in {"initial", "final"} & result.given:
                lacking |= without.codes[date] == 0
        elif name in result.given:
            lacking = without.codes[name] == 0
        else:
            continue
        cause |= lacking.astype(np.int64) << bit
    cause[without.codes["water"] == 1] = 8
    found = []
    for value in np.unique(cause):
        found.append((int(value), Margin((int(value),), *without.where(cause == value).total())))
    return found


class ClassNames(NamedTuple):
    """Names of classes for people.

    classes : by dimension (both land covers: "cover"), the names of its classes
    no_data : where there is no class
    numbered : for classes of a legend that is not known, with the field `number`
    causes : names of what is missing, see `missing`
    """

    classes: Mapping[str, Mapping[int, str]]
    no_data: str
    numbered: str
    causes: Mapping[int, str]

    def of(self, dimension: str, value: int, base: int = 10) -> str:
        """Return the name of a class."""
        if value == NO_DATA:
            return self.no_data
        if dimension == "missing":
            return self.causes[value]
        if dimension == "transition":
            initial, final = divmod(value, base)
            return f"{self.of('initial', initial)} → {self.of('final', final)}"
        key = "cover" if dimension in ("initial", "final") else dimension
        name = self.classes.get(key, {}).get(value)
        return name if name is not None else self.numbered.format(number=value)
