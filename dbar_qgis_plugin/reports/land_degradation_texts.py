"""What a land degradation report says in words: classes, flags, what is missing, the method."""

from __future__ import annotations

from dbar_qgis_plugin.reports.html import Translate

# Classes of the indicator, as the zone table's columns name them.
CLASSES = ("degraded", "stable", "improved", "nodata")


def class_labels(translate: Translate) -> dict[str, str]:
    """Return the names of the classes, and of water."""
    return {
        "degraded": translate("Dbar", "Degraded"),
        "stable": translate("Dbar", "Stable"),
        "improved": translate("Dbar", "Improved"),
        "nodata": translate("Dbar", "No data"),
        "water": translate("Dbar", "Inland water"),
    }


def table_labels(translate: Translate) -> dict[str, str]:
    """Return the names of the sub-indicators, by their crosstab."""
    return {
        "productivity": translate("Dbar", "Land productivity"),
        "land_cover_change": translate("Dbar", "Land cover change"),
        "soc": translate("Dbar", "Soil organic carbon"),
    }


def role_labels(translate: Translate) -> dict[str, str]:
    """Return what the rasters are, by role."""
    return {
        "sdg": translate("Dbar", "indicator"),
        "productivity": translate("Dbar", "land productivity"),
        "land_cover": translate("Dbar", "land cover change"),
        "initial": translate("Dbar", "initial land cover"),
        "final": translate("Dbar", "final land cover"),
        "soc": translate("Dbar", "soil organic carbon"),
        "initial_x10": translate("Dbar", "carbon stock"),
        "final_x10": translate("Dbar", "carbon stock"),
        "soc_stock_initial": translate("Dbar", "carbon stock at the start"),
        "soc_stock_final": translate("Dbar", "carbon stock at the end"),
        "population": translate("Dbar", "population"),
        "water": translate("Dbar", "inland water"),
    }


def flags(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return what each flag of a zone means and what to do about it, by its code."""
    return {
        "NO_GEOMETRY": (
            translate("Dbar", "The zone has no geometry that has an area."),
            translate("Dbar", "Mend or remove the feature."),
        ),
        "OUTSIDE": (
            translate("Dbar", "The zone lies outside the indicator's raster."),
            translate("Dbar", "Use a raster that covers the zone, or leave it out."),
        ),
        "PARTLY_OUTSIDE": (
            translate("Dbar", "Part of the zone lies outside the indicator's raster."),
            translate("Dbar", "Its figures hold for the part inside only."),
        ),
        "TOO_SMALL": (
            translate("Dbar", "The zone holds no cell's centre."),
            translate("Dbar", "Use finer rasters, or join the zone to another one."),
        ),
        "OVERLAP": (
            translate("Dbar", "The zone overlaps another: shared cells count in the first."),
            translate("Dbar", "Mend the boundaries before you compare zones."),
        ),
        "NO_DATA": (
            translate("Dbar", "The indicator has no value anywhere in the zone."),
            translate("Dbar", "See below which inputs are missing there."),
        ),
    }


def denominator_label(denominator: str, translate: Translate) -> str:
    """Name a denominator in a few words."""
    if denominator == "trends_earth":
        return translate("Dbar", "all of the area, water and no data inside")
    return translate("Dbar", "land without inland water")


def denominator_remark(denominator: str, translate: Translate) -> str:
    """Say what a denominator is, and how the other one differs."""
    if denominator == "trends_earth":
        return translate(
            "Dbar",
            "The proportion is degraded area over all of the area, with inland water and cells "
            "without data inside, as Trends.Earth computes it. It is lower than the proportion "
            "of land that the UNCCD's manual asks for; both stand in the tables.",
        )
    return translate(
        "Dbar",
        "The proportion is degraded land over all land without inland water, as the UNCCD's "
        "manual asks for; land without data is inside. Trends.Earth has inland water inside as "
        "well; both proportions stand in the tables.",
    )


def one_out_all_out(translate: Translate) -> str:
    """Say how the indicator comes about."""
    return translate(
        "Dbar",
        "One out, all out: land is degraded where land productivity, land cover or soil organic "
        "carbon is. All areas are true areas on the ellipsoid.",
    )
