"""The tables of drought hazard and exposure, as columns of plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dbar_qgis_plugin.kernels.drought import EXTREME, MILD
from dbar_qgis_plugin.pipelines.sdg_15_3_1.drought_hazard import (
    CLASS_NAMES,
    NO_CLASS,
    NODATA,
    DroughtHazardResult,
    DroughtHazardTask,
)

Columns = dict[str, list[Any]]
Amounts = list[float] | list[None]


def area_table(task: DroughtHazardTask, result: DroughtHazardResult, all_zones: str) -> Columns:
    """Columns of OUTPUT_AREAS: a row for each zone, block of years and class, and for no data.

    zone, level : name and "zone"; with several zones also `all_zones` and "total"
    first_year, last_year, n_years : the block, and how many of its years have a raster
    drought, class_name : 0 to 4, -32768 for no data; of `CLASS_NAMES`
    km2, km2_pct : area; of the zone's area with data, none for no data
    persons, persons_pct : the same of people; empty without a raster of population
    """
    rows = []
    for heads, km2, persons in _zone_blocks(task, result, all_zones):
        known_km2, known_persons = _known(km2), _known(persons)
        for number, name in enumerate(CLASS_NAMES):
            has_class = number < NO_CLASS
            rows.append(
                {
                    **heads,
                    "drought": number if has_class else NODATA,
                    "class_name": name,
                    "km2": km2[number],
                    "km2_pct": _percent(km2[number], known_km2) if has_class else None,
                    "persons": persons[number],
                    "persons_pct": _percent(persons[number], known_persons) if has_class else None,
                }
            )
    return {name: [row[name] for row in rows] for name in rows[0]}


def exposure_table(task: DroughtHazardTask, result: DroughtHazardResult, all_zones: str) -> Columns:
    """Columns of OUTPUT_EXPOSURE: a row for each zone and block of years.

    zone, level, first_year, last_year, n_years : as in `area_table`
    drought_km2, known_km2, drought_pct : area of the classes 1 to 4, area with data, and the share
    nodata_km2 : area without data
    exposed, known_persons, exposed_pct, nodata_persons : the same of people
    """
    rows = []
    for heads, km2, persons in _zone_blocks(task, result, all_zones):
        drought_km2, exposed = _under_drought(km2), _under_drought(persons)
        known_km2, known_persons = _known(km2), _known(persons)
        rows.append(
            {
                **heads,
                "drought_km2": drought_km2,
                "known_km2": known_km2,
                "drought_pct": _percent(drought_km2, known_km2),
                "nodata_km2": km2[NO_CLASS],
                "exposed": exposed,
                "known_persons": known_persons,
                "exposed_pct": _percent(exposed, known_persons),
                "nodata_persons": persons[NO_CLASS],
            }
        )
    return {name: [row[name] for row in rows] for name in rows[0]}


def _zone_blocks(
    task: DroughtHazardTask, result: DroughtHazardResult, all_zones: str
) -> list[tuple[dict[str, Any], Amounts, Amounts]]:
    """Head columns, areas and people by class of each zone and block of years."""
    zones = [(name, "zone") for name in task.zone_names]
    if len(zones) > 1:
        zones.append((all_zones, "total"))
    nobody: Amounts = [None] * len(CLASS_NAMES)
    return [
        (
            {
                "zone": name,
                "level": level,
                "first_year": block.span.first,
                "last_year": block.span.last,
                "n_years": block.year_count,
            },
            result.km2[number, place].tolist(),
            nobody if result.persons is None else result.persons[number, place].tolist(),
        )
        for number, (name, level) in enumerate(zones)
        for place, block in enumerate(result.blocks)
    ]


def _known(amounts: Amounts) -> float | None:
    return _sum(amounts[:NO_CLASS])


def _under_drought(amounts: Amounts) -> float | None:
    return _sum(amounts[MILD : EXTREME + 1])


def _sum(amounts: Sequence[float | None]) -> float | None:
    given = [amount for amount in amounts if amount is not None]
    return math.fsum(given) if given else None


def _percent(part: float | None, whole: float | None) -> float | None:
    return 100.0 * part / whole if part is not None and whole else None
