"""Report on night light by zone and date: time series, inequality, trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports import night_light_texts as texts
from dbar_qgis_plugin.reports.html import (
    UNDEFINED,
    Column,
    Html,
    Translate,
    element,
    finite,
    number,
)
from dbar_qgis_plugin.reports.night_light_figures import lorenz_figure, series_figure

MOST_DRAWN_ZONES = 40
MOST_SERIES_ROWS = 6000
_NAMES_LISTED = 8

Row = Mapping[str, object]


@dataclass(frozen=True)
class NightLightReport:
    """What the report tells, as plain values and tables of columns.

    Attributes
    ----------
    title, created, plugin_version : str
        Heading, time of the run and version of the plugin.
    unit : str
        Unit of the light; "" = unknown.
    dates : sequence of str
        In order of time.
    trend_of : str
        "antl", "tnl" or "lit_km2".
    parameters : mapping of str to str
        Values by label, both as the user should read them.
    inputs : sequence of mappings
        A row for each raster: role, date, name, unit, crs, cell_size, nodata, resampling.
    zones, series : mapping of columns
        The tables of the pipeline.
    places : sequence of float
        Shares of the cells, or of the people, at which the curves are known.
    lorenz, people_lorenz : sequences of float, one per zone
        Shares of the light, of the last date; NaN where there is no curve. The latter is empty
        without population.
    warnings : sequence of str
        As the user should read them.
    """

    title: str
    created: str
    plugin_version: str
    unit: str
    dates: Sequence[str]
    trend_of: str
    parameters: Mapping[str, str]
    inputs: Sequence[Mapping[str, str]]
    zones: Mapping[str, Sequence[object]]
    series: Mapping[str, Sequence[object]]
    places: Sequence[float]
    lorenz: Sequence[Sequence[float]]
    people_lorenz: Sequence[Sequence[float]]
    warnings: Sequence[str]


class _Tables:
    """The rows of a report, and which zones its figures draw: the brightest."""

    def __init__(self, report: NightLightReport) -> None:
        self.zones = html.records(report.zones)
        self.series = html.records(report.series)
        dates = len(report.dates)
        self.of_zone = [self.series[i : i + dates] for i in range(0, len(self.series), dates)]
        bright = [
            (-(finite(row["antl"]) or 0.0), zone)
            for zone, row in enumerate(self.zones)
            if any(finite(one["antl"]) is not None for one in self.of_zone[zone])
        ]
        self.drawn = [zone for _, zone in sorted(bright)[:MOST_DRAWN_ZONES]]
        # A layer of the whole world would fill the page with rows of dashes.
        self.shown = [z for z, row in enumerate(self.zones) if "OUTSIDE" not in _flags(row)]
        self.has_trend = any(finite(row["trend_slope"]) is not None for row in self.zones)
        self.has_people = "nldi" in report.zones

    def total(self, column: str, date: int) -> float | None:
        """Return the sum of all zones on a date; None where none has a value."""
        found = [finite(rows[date][column]) for rows in self.of_zone]
        known = [value for value in found if value is not None]
        return sum(known) if known else None


def render_night_light(report: NightLightReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : NightLightReport
        What to tell.
    translate : callable
        Takes a context and an English text, returns the text to show.

    Returns
    -------
    str
        The document.

    Raises
    ------
    MissingDependencyError
        If plotly is not installed.
    """
    tables = _Tables(report)
    return html.document(
        report.title,
        _header(report, translate),
        _headline(report, tables, translate),
        _zones(report, tables, translate),
        _through_time(report, tables, translate),
        _trends(report, tables, translate),
        _inequality(report, tables, translate),
        _missing(report, tables, translate),
        _provenance(report, translate),
        translate=translate,
    )


def _header(report: NightLightReport, translate: Translate) -> Html:
    dates = report.dates[0]
    if len(report.dates) > 1:
        dates = f"{report.dates[0]} – {report.dates[-1]} ({number(len(report.dates), 0)})"
    facts: list[tuple[str, object]] = [
        (translate("Dbar", "Dates"), dates),
        (translate("Dbar", "Zones"), number(len(report.zones["zone"]), 0)),
        (translate("Dbar", "Unit of the light"), texts.unit_label(report.unit, translate)),
        *html.software_facts(report.created, report.plugin_version, translate),
    ]
    terms = element(
        "div",
        *(element("p", text) for text in texts.terms(translate)),
        class_="formula",
    )
    return html.header(
        translate("Dbar", "Night light"),
        report.title,
        translate(
            "Dbar", "How much light zones send up at night, how it is spread, and its trend."
        ),
        facts,
        terms,
        html.warning_notice(
            len(report.warnings),
            translate("Dbar", "What is missing, and why"),
            "missing",
            translate,
        ),
    )


def _headline(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    cards = []
    power = tables.total("power_w_sr", -1) is not None
    unit = texts.unit_label(report.unit, translate)
    for column, label, in_unit, scale in (
        ("power_w_sr", translate("Dbar", "Light power of all zones"), *_power_unit(tables))
        if power
        else ("tnl", translate("Dbar", "Total night light of all zones"), unit, 1.0),
        ("lit_km2", translate("Dbar", "Lit area of all zones"), "km²", 1.0),
    ):
        last = tables.total(column, -1)
        text = report.dates[-1]
        if len(report.dates) > 1:
            first = tables.total(column, 0)
            change = 100.0 * (last / first - 1.0) if last is not None and first else None
            text = translate("Dbar", "{last}; {change} % since {first}").format(
                last=report.dates[-1],
                change=number(change, 1, signed=True),
                first=report.dates[0],
            )
        cards.append(_card(label, None if last is None else last * scale, in_unit, text))
    if tables.has_trend:
        rising = sum(row["trend"] == "rising" for row in tables.zones)
        falling = sum(row["trend"] == "falling" for row in tables.zones)
        cards.append(
            element(
                "div",
                element("p", translate("Dbar", "Zones whose light rises / falls"), class_="kicker"),
                element("p", f"{number(rising, 0)} / {number(falling, 0)}", class_="big"),
                element(
                    "p",
                    translate("Dbar", "of {total}, by {statistic}").format(
                        total=number(len(tables.zones), 0),
                        statistic=texts.statistic_label(report.trend_of, translate),
                    ),
                ),
                class_="card",
            )
        )
    parts: list[object] = [element("div", *cards, class_="cards")]
    if any("OVERLAP" in _flags(row) for row in tables.zones):
        text = translate("Dbar", "Zones overlap: what they share is in these sums several times.")
        parts.append(element("p", text, class_="small"))
    return html.section("headline", translate("Dbar", "Key figures"), *parts)


def _power_unit(tables: _Tables) -> tuple[str, float]:
    """Return the unit in which the last date's power has few digits, and what W/sr are in it."""
    power = tables.total("power_w_sr", -1) or 0.0
    steps = (("MW/sr", 1e6), ("kW/sr", 1e3))
    return next(((unit, 1.0 / step) for unit, step in steps if power >= step), ("W/sr", 1.0))


def _card(label: str, value: object, unit: str, text: str) -> Html:
    known = finite(value)
    figure: object = UNDEFINED
    if known is not None:
        figure = html.join([_figure(known), " ", element("small", unit)])
    return element(
        "div",
        element("p", label, class_="kicker"),
        element("p", figure, class_="big"),
        element("p", text),
        class_="card",
    )


def _figure(value: object, digits: int = 4) -> str:
    """Format a number of whatever size with so many digits."""
    known = finite(value)
    if known is None or known == 0.0:
        return number(known, 0)
    whole = len(str(int(abs(known)))) if abs(known) >= 1.0 else 0
    if abs(known) < 1e-4:
        return f"{known:.{digits - 1}e}"
    return number(known, max(digits - whole, 0) if abs(known) >= 0.01 else digits + 2)


def _zones(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    light = texts.unit_label(report.unit, translate)
    area, cells = translate("Dbar", "Lit area"), translate("Dbar", "Cells")
    spread = translate("Dbar", "Inequality")
    columns: list[tuple[str, Column, int | None]] = [
        ("antl", Column("ANTL", True, light), None),
        ("mntl", Column("MNTL", True, light), None),
        ("sd", Column(translate("Dbar", "SD"), True, light), None),
        ("max", Column(translate("Dbar", "Max"), True, light), None),
        ("tnl", Column("TNL", True, translate("Dbar", "Sums")), None),
        ("power_w_sr", Column("W/sr", True, translate("Dbar", "Sums")), None),
        ("lit_km2", Column("km²", True, area), 1),
        ("lit_share", Column(translate("Dbar", "share"), True, area), 3),
        ("cnli", Column("CNLI", True), 4),
        ("gini", Column(translate("Dbar", "Gini"), True, spread), 3),
        ("theil", Column(translate("Dbar", "Theil"), True, spread), 3),
        ("nldi", Column("NLDI", True, spread), 3),
        ("n_valid", Column(translate("Dbar", "valid"), True, cells), 0),
        ("n_nodata", Column(translate("Dbar", "no data"), True, cells), 0),
        ("n_lit", Column(translate("Dbar", "lit"), True, cells), 0),
        ("n_saturated", Column(translate("Dbar", "saturated"), True, cells), 0),
    ]
    kept = [each for each in columns if each[0] in report.zones]
    rows: list[list[object]] = []
    for row in (tables.zones[zone] for zone in tables.shown):
        line: list[object] = [row["zone"]]
        for name, _, decimals in kept:
            value = row[name]
            line.append(_figure(value) if decimals is None else number(value, decimals))
        rows.append([*line, html.codes(_flags(row))])
    caption = translate(
        "Dbar", "Zones on {date}. Full light of the CNLI: {reference}. {unit}"
    ).format(
        date=report.dates[-1],
        reference=_figure(next((row["cnli_reference"] for row in tables.zones), None)),
        unit=texts.cell_rule(translate),
    )
    headings = [
        Column(translate("Dbar", "Zone")),
        *(column for _, column, _ in kept),
        Column(translate("Dbar", "Flags")),
    ]
    parts = [html.fitting_table(headings, rows, translate, caption, "flagged")]
    outside = len(tables.zones) - len(tables.shown)
    if outside:
        text = translate("Dbar", "Zones outside the rasters, left out here: {count}.")
        parts.append(element("p", text.format(count=number(outside, 0)), class_="small"))
    return html.section("zones", translate("Dbar", "Zones"), *parts)


def _through_time(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    if len(report.dates) < 2 or not tables.drawn:
        return Html()
    names = [str(tables.zones[zone]["zone"]) for zone in tables.drawn]
    dates = [str(row["date"]) for row in tables.of_zone[0]]
    unit = texts.unit_label(report.unit, translate)
    parts: list[object] = []
    for column, title in (
        ("antl", f"ANTL ({unit})"),
        ("power_w_sr", translate("Dbar", "Light power (W/sr)"))
        if tables.total("power_w_sr", -1) is not None
        else ("tnl", f"TNL ({unit})"),
        ("lit_km2", translate("Dbar", "Lit area (km²)")),
    ):
        values = [
            [
                None if "LOW_COVERAGE" in _flags(row) else finite(row[column])
                for row in tables.of_zone[zone]
            ]
            for zone in tables.drawn
        ]
        caption = translate(
            "Dbar",
            "{statistic} through time; dates with data on too little of a zone are left out.",
        ).format(statistic=title)
        if len(tables.drawn) < len(tables.zones):
            caption += " " + translate("Dbar", "The list has the {count} brightest zones.").format(
                count=len(tables.drawn)
            )
        parts.append(
            html.figure(
                f"series-{column.replace('_', '-')}",
                series_figure(names, dates, values, title, translate),
                label=translate(
                    "Dbar", "Lines of {statistic} by zone; the table has the values."
                ).format(statistic=title),
                caption=caption,
                view_label=translate("Dbar", "Zones"),
            )
        )
    parts.append(_series_table(tables, translate))
    return html.section("series", translate("Dbar", "Through time"), *parts)


def _series_table(tables: _Tables, translate: Translate) -> Html:
    series = [row for zone in tables.shown for row in tables.of_zone[zone]]
    if len(series) > MOST_SERIES_ROWS:
        text = translate(
            "Dbar",
            "There are {count} rows of zones and dates: see the table of zones and dates itself.",
        )
        return element("p", text.format(count=number(len(series), 0)))
    columns = [
        Column(translate("Dbar", "Zone")),
        Column(translate("Dbar", "Date")),
        *(Column(name, True) for name in ("ANTL", "TNL")),
        Column(translate("Dbar", "Lit area, km²"), True),
        Column("CNLI", True),
        Column(translate("Dbar", "Gini"), True),
        Column(translate("Dbar", "Cells with data"), True),
        Column(translate("Dbar", "Cells without data"), True),
        Column(translate("Dbar", "Flags")),
    ]
    rows = [
        [
            row["zone"],
            element("span", row["date"], class_="nowrap"),
            _figure(row["antl"]),
            _figure(row["tnl"]),
            number(row["lit_km2"], 1),
            number(row["cnli"], 4),
            number(row["gini"], 3),
            number(row["n_valid"], 0),
            number(row["n_nodata"], 0),
            html.codes(_flags(row)),
        ]
        for row in series
    ]
    caption = translate("Dbar", "Zones and dates; a date is the first day of its period.")
    return html.fitting_table(columns, rows, translate, caption, "flagged")


def _trends(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    if not tables.has_trend:
        return Html()
    words = texts.trend_labels(translate)
    columns = [
        Column(translate("Dbar", "Zone")),
        Column(translate("Dbar", "Trend")),
        Column(translate("Dbar", "Slope per year"), True),
        Column(translate("Dbar", "% of the mean per year"), True),
        Column(translate("Dbar", "p value"), True),
        Column(translate("Dbar", "Dates"), True),
    ]
    rows = [
        [
            row["zone"],
            words[str(row["trend"])],
            _figure(row["trend_slope"]),
            number(row["trend_pct"], 2, signed=True),
            _p_value(row["trend_p"]),
            number(row["trend_dates"], 0),
        ]
        for row in (tables.zones[zone] for zone in tables.shown)
    ]
    caption = translate("Dbar", "Trend of {statistic}. {remark}").format(
        statistic=texts.statistic_label(report.trend_of, translate),
        remark=texts.trend_remark(translate),
    )
    return html.section(
        "trend",
        translate("Dbar", "Trend"),
        html.fitting_table(columns, rows, translate, caption),
    )


def _p_value(value: object) -> str:
    known = finite(value)
    return "< 0.0001" if known is not None and known < 0.0001 else number(known, 4)


def _inequality(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    last = [zone for zone in tables.drawn if finite(report.lorenz[zone][0]) is not None]
    if not last:
        return Html()
    names = [str(tables.zones[zone]["zone"]) for zone in last]
    figure = lorenz_figure(
        names,
        report.places,
        [report.lorenz[zone] for zone in last],
        [report.people_lorenz[zone] for zone in last] if report.people_lorenz else [],
        translate,
    )
    return html.section(
        "inequality",
        translate("Dbar", "How light is spread"),
        element("p", texts.lorenz_remark(tables.has_people, translate)),
        html.figure(
            "lorenz",
            figure,
            label=translate("Dbar", "Lorenz curves by zone; the table of zones has the indices."),
            caption=translate(
                "Dbar", "Lorenz curves on {date}; the dotted line is equal light."
            ).format(date=report.dates[-1]),
            view_label=translate("Dbar", "Zones"),
        ),
    )


def _missing(report: NightLightReport, tables: _Tables, translate: Translate) -> Html:
    parts: list[object] = []
    if report.warnings:
        parts.append(element("h3", translate("Dbar", "Warnings")))
        parts.append(element("ul", *(element("li", text) for text in report.warnings)))
    found: dict[str, list[str]] = {}
    for row in tables.zones:
        for code in _flags(row):
            found.setdefault(code, []).append(str(row["zone"]))
    if found:
        columns = [
            Column(translate("Dbar", "Flag")),
            Column(translate("Dbar", "Meaning")),
            Column(translate("Dbar", "What to do")),
            Column(translate("Dbar", "Zones"), True),
            Column(translate("Dbar", "Names")),
        ]
        rows = [
            [
                html.codes([code]),
                meaning,
                advice,
                number(len(found[code]), 0),
                ", ".join(found[code][:_NAMES_LISTED])
                + (", …" if len(found[code]) > _NAMES_LISTED else ""),
            ]
            for code, (meaning, advice) in texts.flags(translate).items()
            if code in found
        ]
        caption = translate("Dbar", "Zones whose figures are missing or hold in part only.")
        parts.append(html.table(columns, rows, caption=caption, class_="texts"))
    if not parts:
        parts.append(element("p", translate("Dbar", "Nothing is missing.")))
    return html.section("missing", translate("Dbar", "What is missing, and why"), *parts)


def _provenance(report: NightLightReport, translate: Translate) -> Html:
    roles = texts.role_labels(translate)
    columns = [
        Column(translate("Dbar", "Raster")),
        Column(translate("Dbar", "Role")),
        Column(translate("Dbar", "Date")),
        Column(translate("Dbar", "Unit")),
        Column(translate("Dbar", "CRS")),
        Column(translate("Dbar", "Cell size")),
        Column(translate("Dbar", "No-data value")),
        Column(translate("Dbar", "Resampled")),
    ]
    rows = [
        [
            row["name"],
            roles[row["role"]],
            element("span", row["date"], class_="nowrap"),
            row["unit"] or UNDEFINED,
            element("span", row["crs"], class_="nowrap"),
            element("span", row["cell_size"], class_="nowrap"),
            row["nodata"] or UNDEFINED,
            row["resampling"] or translate("Dbar", "no"),
        ]
        for row in report.inputs
    ]
    table = html.fitting_table(columns, rows, translate, translate("Dbar", "Input rasters"))
    sources = [
        *texts.sources(translate),
        translate("Dbar", "DBAR SDG Tools {version}.").format(version=report.plugin_version),
    ]
    return html.provenance(table, report.parameters, sources, translate)


def _flags(row: Row) -> list[str]:
    return [code for code in str(row["flags"] or "").split(";") if code]
