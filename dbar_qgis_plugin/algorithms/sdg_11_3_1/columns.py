"""What the columns of the result tables are called: for people, and in ten letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication

# Stems for dBase; a wide column adds a year ("BUILT_1990") or two ("RATIO_9000").
SHORT_NAMES: Final = {
    "built_km2": "BUILT",
    "pop": "POP",
    "BUP_area_per_Capita": "BUPC",
    "LCRPGR": "RATIO",
    "builtup_change": "CHANG",
    "regime": "REGIM",
    "lcrpgr_last": "RATIO_LAST",
    "coverage_pct": "COVER_PCT",
    "v_start_km2": "V_START",
    "v_end_km2": "V_END",
    "lcrpgr_class": "CLASS",
    "bupc_start_m2": "BUPC_START",
    "bupc_end_m2": "BUPC_END",
    "expansion_density_km2": "EXP_DENS",
    "marginal_land_m2": "MARG_LAND",
    "land_per_person_rate": "LPP_RATE",
    "period_start": "PERIOD_BEG",
    "n_undefined": "N_UNDEF",
    "ratio_of_totals": "RATIO_TOT",
    "weighted_mean": "WMEAN",
    "trimmed_mean": "TMEAN",
    "share_above_1": "SHARE_GT_1",
    "share_efficient": "SHARE_EFF",
    "share_inefficient": "SHARE_INEF",
    "share_neutral": "SHARE_NEUT",
}

# Columns whose values depend on the formula in use.
_BY_FORMULA: Final = {
    "LCR",
    "LCRPGR",
    "lcr",
    "lcrpgr",
    "lcrpgr_class",
    "lcrpgr_last",
    "class_last",
    "ratio_of_totals",
    "weighted_mean",
    "mean",
    "median",
    "q1",
    "q3",
    "trimmed_mean",
    "share_above_1",
}


def split_column(name: str) -> tuple[str, str]:
    """Split a wide column's name into its quantity and its years: ("LCR", "1990_2000")."""
    match = re.fullmatch(r"(.+?)_(\d{4}[\d._]*)", name)
    return (match[1], match[2]) if match else (name, "")


def short_name(name: str) -> str:
    """Return a column's name in at most ten letters where it can be said so."""
    quantity, years = split_column(name)
    stem = SHORT_NAMES.get(quantity, quantity)
    if not years:
        return stem
    both = re.fullmatch(r"\d\d(\d\d)_\d\d(\d\d)", years)
    return f"{stem}_{both[1]}{both[2]}" if both else f"{stem}_{years}"


def column_label(name: str, formula: str) -> str:
    """Name a column for people, with its unit, and the formula where the values depend on it."""
    translate = QCoreApplication.translate
    quantity, years = split_column(name)
    if regime := re.fullmatch(r"share_r(\d+)", quantity):
        return translate("Dbar", "Share of regime R{regime}").format(regime=regime[1])
    label, unit = _labels(translate)[quantity]
    notes = [unit] if unit else []
    if quantity in _BY_FORMULA:
        notes.append(translate("Dbar", "formula {formula}").format(formula=formula))
    if years:
        label = f"{label} {years.replace('_', '–')}"
    return f"{label} ({', '.join(notes)})" if notes else label


def _labels(translate: Callable[[str, str], str]) -> dict[str, tuple[str, str]]:
    """Label and unit of each quantity; short, since they head the columns of tables."""
    rate = translate("Dbar", "per year")
    lcr, pgr, ratio = "LCR", "PGR", "LCRPGR"
    change = translate("Dbar", "Change of built-up area")
    share_of_start = translate("Dbar", "share of the start")
    regime = translate("Dbar", "Growth regime")
    flags = translate("Dbar", "Flags")
    return {
        "built_km2": (translate("Dbar", "Built-up area"), "km²"),
        "pop": (translate("Dbar", "Population"), ""),
        "BUP_area_per_Capita": (translate("Dbar", "Built-up area per person"), "m²"),
        "LCR": (lcr, rate),
        "PGR": (pgr, rate),
        "LCRPGR": (ratio, ""),
        "builtup_change": (change, share_of_start),
        "regime": (regime, ""),
        "flags": (flags, ""),
        "lcrpgr_last": (translate("Dbar", "LCRPGR of the last interval"), ""),
        "class_last": (translate("Dbar", "Map class of the last interval"), "0–5"),
        "coverage_pct": (translate("Dbar", "Area with data"), "%"),
        "formula": (translate("Dbar", "Formula"), ""),
        "city": (translate("Dbar", "City"), ""),
        "group": (translate("Dbar", "Group"), ""),
        "year_start": (translate("Dbar", "First year"), ""),
        "year_end": (translate("Dbar", "Last year"), ""),
        "span": (translate("Dbar", "Span"), ""),
        "period_start": (translate("Dbar", "Begins"), ""),
        "period_end": (translate("Dbar", "Ends before"), ""),
        "v_start_km2": (translate("Dbar", "Built-up area at the start"), "km²"),
        "v_end_km2": (translate("Dbar", "Built-up area at the end"), "km²"),
        "p_start": (translate("Dbar", "Population at the start"), ""),
        "p_end": (translate("Dbar", "Population at the end"), ""),
        "lcr": (lcr, rate),
        "pgr": (pgr, rate),
        "lcrpgr": (ratio, ""),
        "lcrpgr_class": (translate("Dbar", "Map class"), "0–5"),
        "bupc_start_m2": (translate("Dbar", "Built-up area per person at the start"), "m²"),
        "bupc_end_m2": (translate("Dbar", "Built-up area per person at the end"), "m²"),
        "lue": (
            translate("Dbar", "Decrease of built-up area per person"),
            translate("Dbar", "share per ten years"),
        ),
        "expansion_density_km2": (translate("Dbar", "Added persons per added built-up km²"), ""),
        "marginal_land_m2": (translate("Dbar", "Added built-up area per added person"), "m²"),
        "land_per_person_rate": (translate("Dbar", "Change of land per person"), rate),
        "efficiency": (translate("Dbar", "Efficiency of the regime"), ""),
        "n": (translate("Dbar", "Cities"), ""),
        "n_defined": (translate("Dbar", "Cities with a ratio"), ""),
        "n_undefined": (translate("Dbar", "Cities without a ratio"), ""),
        "ratio_of_totals": (translate("Dbar", "Ratio of totals"), ""),
        "weighted_mean": (translate("Dbar", "Mean weighted by population"), ""),
        "mean": (translate("Dbar", "Mean"), ""),
        "median": (translate("Dbar", "Median"), ""),
        "q1": (translate("Dbar", "First quartile"), ""),
        "q3": (translate("Dbar", "Third quartile"), ""),
        "trimmed_mean": (translate("Dbar", "Mean without the outer 5 %"), ""),
        "share_above_1": (translate("Dbar", "Share above 1"), ""),
        "share_efficient": (translate("Dbar", "Share of efficient regimes"), ""),
        "share_inefficient": (translate("Dbar", "Share of inefficient regimes"), ""),
        "share_neutral": (translate("Dbar", "Share without change"), ""),
    }
