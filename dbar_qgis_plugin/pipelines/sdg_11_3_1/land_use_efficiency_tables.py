"""Tables of SDG 11.3.1: columns of plain Python values, None where a value is undefined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.land_use_efficiency import (
    EFFICIENT,
    INEFFICIENT,
    NEUTRAL,
    flag_codes,
    lcrpgr_class,
    regime_group,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import (
    LandUseEfficiencyResult,
    LandUseEfficiencyTask,
)
from dbar_qgis_plugin.pipelines.years import year_text

Float64 = NDArray[np.float64]
Table = dict[str, list[object]]

_EFFICIENCY = {EFFICIENT: "efficient", INEFFICIENT: "inefficient", NEUTRAL: "neutral"}


def _plain(value: object) -> object:
    """Python scalar of a numpy one; None for NaN."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value


def _year(year: float) -> float | int:
    return int(year) if year == int(year) else year


def _spans(ends: NDArray[np.int64]) -> list[str]:
    spans = ["interval"] * len(ends)
    if len(ends) > 1:
        spans[-1] = "full"
    return spans


def _efficiency(regime: NDArray[np.uint8]) -> list[str]:
    return [_EFFICIENCY.get(int(group), "") for group in regime_group(regime)]


def _rows(columns: Mapping[str, Iterable[object]]) -> Table:
    return {name: [_plain(value) for value in values] for name, values in columns.items()}


def interval_table(task: LandUseEfficiencyTask, result: LandUseEfficiencyResult) -> Table:
    """Columns of the long table: one row a city and interval, the city's rows together."""
    ends, found = result.interval_ends, result.indicators
    cities, intervals = found.lcr.shape

    def per_interval(values: Sequence[object]) -> list[object]:
        return [value for _ in range(cities) for value in values]

    def per_city(values: Sequence[object]) -> list[object]:
        return [value for value in values for _ in range(intervals)]

    start, end = ends[:, 0], ends[:, 1]
    poorer = np.minimum(result.coverage[:, start], result.coverage[:, end])
    groups = task.city_groups if task.city_groups is not None else [""] * cities
    regime = found.regime.ravel()
    return _rows(
        {
            "city": per_city(task.city_names),
            "group": per_city(groups),
            "year_start": per_interval([_year(result.builtup_years[k]) for k in start]),
            "year_end": per_interval([_year(result.builtup_years[k]) for k in end]),
            "span": per_interval(_spans(ends)),
            "v_start_km2": result.builtup_km2[:, start].ravel(),
            "v_end_km2": result.builtup_km2[:, end].ravel(),
            "p_start": result.population[:, start].ravel(),
            "p_end": result.population[:, end].ravel(),
            "lcr": found.lcr.ravel(),
            "pgr": found.pgr.ravel(),
            "lcrpgr": found.lcrpgr.ravel(),
            "lcrpgr_class": lcrpgr_class(found.lcrpgr).ravel(),
            "bupc_start_m2": found.bupc_start_m2.ravel(),
            "bupc_end_m2": found.bupc_end_m2.ravel(),
            "builtup_change": found.builtup_change.ravel(),
            "lue": found.lue.ravel(),
            "expansion_density_km2": found.expansion_density_km2.ravel(),
            "marginal_land_m2": found.marginal_land_m2.ravel(),
            "land_per_person_rate": found.land_per_person_rate.ravel(),
            "coverage_pct": 100.0 * poorer.ravel(),
            "regime": [f"R{code}" if code else "" for code in regime],
            "efficiency": _efficiency(regime),
            "flags": [flag_codes(int(flags)) for flags in found.flags.ravel()],
            "formula": [task.formula] * (cities * intervals),
        }
    )


def group_table(task: LandUseEfficiencyTask, result: LandUseEfficiencyResult) -> Table:
    """Columns of the group table: one row a group and interval; group "" is all cities."""
    ends, found = result.interval_ends, result.statistics
    groups, intervals = found.n.shape
    shares = found.regime_shares  # [groups, intervals, 17]
    efficiency = regime_group(np.arange(1, shares.shape[2] + 1))

    def share_of(kind: int) -> Float64:
        return np.asarray(shares[..., efficiency == kind].sum(axis=-1).ravel())

    columns: dict[str, Iterable[object]] = {
        "group": [name for name in result.groups for _ in range(intervals)],
        "year_start": [_year(result.builtup_years[k]) for k in ends[:, 0]] * groups,
        "year_end": [_year(result.builtup_years[k]) for k in ends[:, 1]] * groups,
        "span": _spans(ends) * groups,
        "n": found.n.ravel(),
        "n_defined": found.n_defined.ravel(),
        "n_undefined": found.n_undefined.ravel(),
        "v_start_km2": found.builtup_start_km2.ravel(),
        "v_end_km2": found.builtup_end_km2.ravel(),
        "p_start": found.population_start.ravel(),
        "p_end": found.population_end.ravel(),
        "lcr": found.lcr.ravel(),
        "pgr": found.pgr.ravel(),
        "ratio_of_totals": found.ratio_of_totals.ravel(),
        "weighted_mean": found.weighted_mean.ravel(),
        "mean": found.mean.ravel(),
        "median": found.median.ravel(),
        "q1": found.q1.ravel(),
        "q3": found.q3.ravel(),
        "trimmed_mean": found.trimmed_mean.ravel(),
        "share_above_1": found.share_above_1.ravel(),
        "share_efficient": share_of(EFFICIENT),
        "share_inefficient": share_of(INEFFICIENT),
        "share_neutral": share_of(NEUTRAL),
    }
    for regime in range(shares.shape[2]):
        columns[f"share_r{regime + 1}"] = shares[..., regime].ravel()
    columns["flags"] = [flag_codes(int(flags)) for flags in found.flags.ravel()]
    columns["formula"] = [task.formula] * (groups * intervals)
    return _rows(columns)


def city_table(task: LandUseEfficiencyTask, result: LandUseEfficiencyResult) -> Table:
    """Wide columns, one row a city, with the short names of UN-Habitat's template."""
    found = result.indicators
    columns: dict[str, Iterable[object]] = {}
    for epoch, year in enumerate(map(year_text, result.builtup_years)):
        columns[f"built_km2_{year}"] = result.builtup_km2[:, epoch]
        columns[f"pop_{year}"] = result.population[:, epoch]
        columns[f"BUP_area_per_Capita_{year}"] = result.builtup_per_capita_m2[:, epoch]
    for interval, (start, end) in enumerate(result.interval_ends):
        first, last = year_text(result.builtup_years[start]), year_text(result.builtup_years[end])
        period = f"{first}_{last}"
        columns[f"LCR_{period}"] = found.lcr[:, interval]
        columns[f"PGR_{period}"] = found.pgr[:, interval]
        columns[f"LCRPGR_{period}"] = found.lcrpgr[:, interval]
        columns[f"builtup_change_{period}"] = found.builtup_change[:, interval]
        columns[f"regime_{period}"] = [
            f"R{code}" if code else "" for code in found.regime[:, interval]
        ]
        columns[f"flags_{period}"] = [flag_codes(int(flag)) for flag in found.flags[:, interval]]
    last_interval = len(result.builtup_years) - 2
    columns["lcrpgr_last"] = found.lcrpgr[:, last_interval]
    columns["class_last"] = lcrpgr_class(found.lcrpgr[:, last_interval])
    columns["flags"] = [flag_codes(int(np.bitwise_or.reduce(flags))) for flags in found.flags]
    columns["coverage_pct"] = 100.0 * result.coverage.min(axis=1)
    columns["formula"] = [task.formula] * len(found.lcr)
    return _rows(columns)
