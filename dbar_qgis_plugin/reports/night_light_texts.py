"""What a night light report says in words: terms, flags, trends, sources."""

from __future__ import annotations

from dbar_qgis_plugin.reports.html import Translate


def unit_label(unit: str, translate: Translate) -> str:
    """Name a unit as people write it."""
    known = {"nW cm-2 sr-1": "nW cm⁻² sr⁻¹", "W m-2 sr-1 um-1": "W m⁻² sr⁻¹ µm⁻¹"}
    return known.get(unit, unit) or translate("Dbar", "unit of the rasters")


def statistic_label(statistic: str, translate: Translate) -> str:
    """Name a statistic in a few words."""
    return {
        "antl": translate("Dbar", "average night light (ANTL)"),
        "tnl": translate("Dbar", "total night light (TNL)"),
        "lit_km2": translate("Dbar", "lit area"),
    }[statistic]


def terms(translate: Translate) -> list[str]:
    """Say what the statistics are."""
    return [
        translate(
            "Dbar",
            "TNL: sum of the light of all cells. ANTL: TNL over the number of cells with data. "
            "MNTL: mean of the lit cells. Light power: sum of light times true cell area.",
        ),
        translate(
            "Dbar",
            "CNLI = mean light of the lit cells over full light × lit share of the area. Full "
            "light is the same for all zones of a date.",
        ),
        translate(
            "Dbar",
            "Gini and NLDI: 0 equal, 1 all light in one place. Theil: 0 equal, without an upper "
            "bound.",
        ),
    ]


def cell_rule(translate: Translate) -> str:
    """Say which cells count."""
    return translate("Dbar", "A cell counts where its centre lies in the zone.")


def trend_labels(translate: Translate) -> dict[str, str]:
    """Return the directions of a trend in words."""
    return {
        "rising": translate("Dbar", "rising"),
        "falling": translate("Dbar", "falling"),
        "none": translate("Dbar", "none"),
        "FEW_DATES": translate("Dbar", "too few dates"),
    }


def trend_remark(translate: Translate) -> str:
    """Say how a trend is tested, and where the test is too bold."""
    return translate(
        "Dbar",
        "Mann-Kendall test, two-sided; it takes dates for independent. Months that resemble the "
        "months before, and seasons, make p too small: prefer annual rasters for a verdict.",
    )


def lorenz_remark(has_people: bool, translate: Translate) -> str:
    """Say how to read the curves."""
    text = translate(
        "Dbar",
        "Cells are put in order from dark to bright; the curve is the share of all light that the "
        "darkest of them hold. The further it hangs below the line of equal light, the larger the "
        "Gini coefficient. Negative light counts as none.",
    )
    if has_people:
        text += " " + translate(
            "Dbar",
            "Dashed: the same over people, from which the Night Light Development Index comes. It "
            "tells how light and people go together, not how rich people are.",
        )
    return text


def role_labels(translate: Translate) -> dict[str, str]:
    """Return what the rasters are, by role."""
    return {
        "light": translate("Dbar", "night light"),
        "counts": translate("Dbar", "cloud-free observations"),
        "population": translate("Dbar", "population"),
        "limits": translate("Dbar", "lit threshold"),
    }


def flags(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return what each flag of a zone means and what to do about it, by its code."""
    return {
        "NO_GEOMETRY": (
            translate("Dbar", "The zone has no geometry that has an area."),
            translate("Dbar", "Mend or remove the feature."),
        ),
        "OUTSIDE": (
            translate("Dbar", "The zone lies outside the rasters."),
            translate("Dbar", "Use rasters that cover the zone, or leave it out."),
        ),
        "PARTLY_OUTSIDE": (
            translate("Dbar", "Part of the zone lies outside a raster."),
            translate("Dbar", "Its figures hold for the part inside only."),
        ),
        "TOO_SMALL": (
            translate("Dbar", "The zone holds no cell's centre."),
            translate("Dbar", "Use finer rasters, or join the zone to another one."),
        ),
        "OVERLAP": (
            translate("Dbar", "The zone overlaps another; both count the shared cells."),
            translate("Dbar", "Do not add up such zones."),
        ),
        "NO_DATA": (
            translate("Dbar", "On the last date no cell of the zone has data."),
            translate("Dbar", "Look at other dates, or at the observations without clouds."),
        ),
        "LOW_COVERAGE": (
            translate("Dbar", "On the last date less of the zone has data than on other dates."),
            translate("Dbar", "Its sums are too low; the date is left out of the trend."),
        ),
        "NO_LIGHT": (
            translate("Dbar", "On the last date no cell of the zone is lit."),
            translate("Dbar", "Mean of lit cells and inequality are undefined there."),
        ),
    }


def sources(translate: Translate) -> list[str]:
    """Return where the method comes from."""
    return [
        translate(
            "Dbar",
            "Elvidge, C. D., Baugh, K. E., Anderson, S. J., Sutton, P. C., Ghosh, T. (2012): The "
            "Night Light Development Index (NLDI). Social Geography 7, 23–35.",
        ),
        translate(
            "Dbar",
            "Mann, H. B. (1945): Nonparametric tests against trend. Econometrica 13, 245–259; "
            "Sen, P. K. (1968): Estimates of the regression coefficient based on Kendall's tau. "
            "Journal of the American Statistical Association 63, 1379–1389.",
        ),
        translate(
            "Dbar",
            "Theil, H. (1967): Economics and Information Theory. North-Holland, Amsterdam.",
        ),
    ]
