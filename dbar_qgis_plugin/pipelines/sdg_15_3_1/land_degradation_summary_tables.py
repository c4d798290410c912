"""The tables of SDG 15.3.1 by zone, as columns of plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary import (
    LandDegradationSummaryResult,
    LandDegradationSummaryTask,
    Summary,
)
from dbar_qgis_plugin.raster_io.progress import Progress

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]
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
    codes = np.array([summary.codes[name] for name in dimensions])
    found, amounts = _grouped(summary, codes)
    values = [_values(result, name)[part] for name, part in zip(dimensions, found, strict=True)]
    return [
        Margin(tuple(classes), *sums)
        for classes, sums in zip(np.array(values).T.tolist(), amounts.T.tolist(), strict=True)
    ]


def _grouped(summary: Summary, codes: Int64) -> tuple[Int64, Float64]:
    """Codes [dimensions, groups] that occur, in order, and what they sum up to [4, groups]."""
    if codes.shape[1] == 0:
        return codes, np.zeros((4, 0))
    sizes = tuple((codes.max(axis=1) + 1).tolist())
    keys = np.ravel_multi_index(tuple(codes), sizes)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return codes[:, order[first]], summary.added_up(order, first).amounts()


def _values(result: LandDegradationSummaryResult, dimension: str) -> Int64:
    """Classes by code; land and water, and zones, are their codes."""
    if dimension in result.classes:
        return np.array([NO_DATA, *result.classes[dimension]], dtype=np.int64)
    return np.arange(max(2, len(result.zone_flags)), dtype=np.int64)


def summary_of_zone(result: LandDegradationSummaryResult, zone: int | None) -> Summary:
    """Sums of one zone, or of all of them."""
    if zone is None:
        return result.summary
    first, last = np.searchsorted(result.summary.codes["zone"], [zone, zone + 1])
    return result.summary.where(slice(first, last))


def zone_columns(
    task: LandDegradationSummaryTask,
    result: LandDegradationSummaryResult,
    progress: Progress | None = None,
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
    progress = progress or Progress()
    rows = []
    for zone in range(len(result.zone_flags)):
        progress.check()
        rows.append(_zone_row(task, result, summary_of_zone(result, zone)))
    for row, flags in zip(rows, result.zone_flags, strict=True):
        row["flags"] = ";".join(flags)
    return {name: [row[name] for row in rows] for name in rows[0]}


def zone_table(
    task: LandDegradationSummaryTask,
    result: LandDegradationSummaryResult,
    all_zones: str,
    progress: Progress | None = None,
) -> dict[str, list[Any]]:
    """Columns of OUTPUT_TABLE: zones by name, and where there are several all of them together.

    zone : name; `all_zones` in the last row
    level : "zone", or "total" in the last row
    """
    columns = zone_columns(task, result, progress)
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
    progress: Progress | None = None,
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
    progress = progress or Progress()
    summary, zones = result.summary, len(task.zone_names)
    base = transition_base(result)
    parts = []
    for number, (table, row, columns) in enumerate(_tables(result)):
        codes = np.array([_codes(result, name) for name in ("zone", row, *columns)])
        if table == "missing":
            codes = codes[:, summary.codes["sdg"] == 0]
        for chosen in (codes, codes[1:]) if zones > 1 else (codes,):
            progress.check()
            part = _rows(result, names, chosen, (row, *columns), base)
            if chosen is not codes:  # all zones together
                part["place"] = np.full(part["km2"].size, zones)
            part["number"] = np.full(part["km2"].size, number)
            parts.append(part)
    joint = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((joint["number"], joint["place"]))
    progress.check()
    joint = {name: values[order] for name, values in joint.items()}
    tables = np.array([table for table, _, _ in _tables(result)], dtype=object)
    joint["table"] = tables[joint["number"]]
    joint["zone"] = np.array([*task.zone_names, all_zones], dtype=object)[joint["place"]]
    joint["level"] = np.where(joint["place"] == zones, "total", "zone")
    unknown = {column for column, raster in _OPTIONAL_COLUMNS.items() if raster not in result.given}
    return {
        name: [None] * order.size if name in unknown else joint[name].tolist()
        for name in _CROSSTAB_COLUMNS
    }


_OPTIONAL_COLUMNS = {
    "persons": "population",
    "soc_initial_t": "soc_stock_initial",
    "soc_final_t": "soc_stock_final",
}
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

_TRANSITION = ("initial", "final")


def _tables(result: LandDegradationSummaryResult) -> list[tuple[str, str, tuple[str, ...]]]:
    """Crosstabs that the rasters given allow: name, dimension of the rows, of the columns."""
    given = result.given
    tables: list[tuple[str, str, tuple[str, ...]]] = [
        (table, dimension, ("water",))
        for table, dimension in (
            ("sdg", "sdg"),
            ("productivity", "productivity"),
            ("land_cover_change", "land_cover"),
            ("soc", "soc"),
            ("land_cover_initial", "initial"),
            ("land_cover_final", "final"),
        )
        if dimension in given
    ]
    if set(_TRANSITION) <= given:
        tables.append(("land_cover_transition", "initial", ("final",)))
        tables += [
            (f"{dimension}_by_transition", dimension, _TRANSITION)
            for dimension in ("productivity", "soc")
            if dimension in given
        ]
    return [*tables, ("missing", "sdg", ("missing",))]


def _codes(result: LandDegradationSummaryResult, dimension: str) -> Int64:
    return causes(result) if dimension == "missing" else result.summary.codes[dimension]


def _rows(
    result: LandDegradationSummaryResult,
    names: ClassNames,
    codes: Int64,
    dimensions: tuple[str, ...],
    base: int,
) -> dict[str, NDArray[Any]]:
    """Rows of one crosstab: of each zone, if `codes` begin with zones, else of all of them."""
    is_missing = dimensions[-1] == "missing"
    summary = result.summary
    if is_missing:
        summary = summary.where(summary.codes["sdg"] == 0)
    groups, amounts = _grouped(summary, codes)
    found = groups[-len(dimensions) :]
    row, *columns = (
        part if name == "missing" else _values(result, name)[part]
        for name, part in zip(dimensions, found, strict=True)
    )
    column, name = columns[0], dimensions[1]
    if len(columns) > 1:
        name = "transition"
        is_known = (columns[0] != NO_DATA) & (columns[1] != NO_DATA)
        column = np.where(is_known, columns[0] * base + columns[1], NO_DATA)
    return {
        "place": groups[0],
        "row_class": row,
        "row_name": _named(names, dimensions[0], row, base),
        "column_class": column,
        "column_name": _named(names, name, column, base),
        **dict(zip(("km2", *_OPTIONAL_COLUMNS), amounts, strict=True)),
    }


def _named(names: ClassNames, dimension: str, values: Int64, base: int) -> NDArray[Any]:
    """Names of classes, each made once."""
    different, place = np.unique(values, return_inverse=True)
    texts = [names.of(dimension, value, base) for value in different.tolist()]
    named: NDArray[Any] = np.array(texts, dtype=object)[place.reshape(values.shape)]
    return named


# What is missing, as a sum of these: productivity 1, land cover 2, soil organic carbon 4.
MISSING = ("productivity", "land_cover", "soc")
_WATER_CAUSE = 8


def causes(result: LandDegradationSummaryResult) -> Int64:
    """Which sub-indicators each combination lacks.

    A sum: productivity 1, land cover 2, soil organic carbon 4; 0 = none of those that are given,
    8 = inland water, whatever is missing there.
    """
    codes = result.summary.codes
    cause = np.zeros(codes["sdg"].size, dtype=np.int64)
    for bit, name in enumerate(MISSING):
        if name == "land_cover" and name not in result.given:
            # Two land covers tell the same as their change.
            dates = set(_TRANSITION) & result.given
        else:
            dates = {name} & result.given
        for date in dates:
            cause |= (codes[date] == 0).astype(np.int64) << bit
    cause[codes["water"] == 1] = _WATER_CAUSE
    return cause


class ClassNames(NamedTuple):
    """Names of classes for people.

    classes : by dimension (both land covers: "cover"), the names of its classes
    no_data : where there is no class
    numbered : for classes of a legend that is not known, with the field `number`
    causes : names of what is missing, see `causes`
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
