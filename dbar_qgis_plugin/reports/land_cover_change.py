"""Report on the change of land cover: flows between classes, their matrix, areas by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports.html import (
    Column,
    Figure,
    Html,
    Translate,
    element,
    number,
    plot_text,
)

# Flows below this share of all change are left out of the drawing; the tables have them.
_SMALLEST_FLOW = 0.001
_LINK_ALPHA = "b0"
_CELL_ALPHA = "50"


@dataclass(frozen=True)
class LandCoverChangeReport:
    """What the report tells, as plain values.

    Attributes
    ----------
    title, created, plugin_version : str
        Heading, time of the run and version of the plugin.
    years : (str, str)
        Dates compared.
    classes : sequence of (name, colour)
        In order of rank; colours are #rrggbb.
    transitions : sequence of sequences of float
        km2 by rank before and rank after.
    meaning : sequence of sequences of int
        -1 degraded, 0 stable, 1 improved, alike.
    meaning_colours : (str, str, str)
        Colours of degraded, stable and improved.
    all_years : sequence of str
        Dates of the series.
    areas : sequence of sequences of float
        km2 by date and rank.
    parameters : mapping of str to str
        Values by label, both as the user should read them.
    warnings : sequence of str
        As the user should read them.
    """

    title: str
    created: str
    plugin_version: str
    years: tuple[str, str]
    classes: Sequence[tuple[str, str]]
    transitions: Sequence[Sequence[float]]
    meaning: Sequence[Sequence[int]]
    meaning_colours: tuple[str, str, str]
    all_years: Sequence[str]
    areas: Sequence[Sequence[float]]
    parameters: Mapping[str, str]
    warnings: Sequence[str]

    @property
    def totals(self) -> tuple[float, float, float]:
        """Area in km2 of degraded, stable and improved land."""
        sums = {-1: 0.0, 0: 0.0, 1: 0.0}
        for areas, meanings in zip(self.transitions, self.meaning, strict=True):
            for area, meaning in zip(areas, meanings, strict=True):
                sums[meaning] += area
        return sums[-1], sums[0], sums[1]


def render_land_cover_change(report: LandCoverChangeReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : LandCoverChangeReport
        What to tell.
    translate : callable
        Takes a context and an English text, returns the text to show.

    Raises
    ------
    MissingDependencyError
        If plotly is not installed.
    """
    return html.document(
        report.title,
        _header(report, translate),
        _headline(report, translate),
        _flows(report, translate),
        _areas(report, translate),
        _provenance(report, translate),
        translate=translate,
    )


def _period(report: LandCoverChangeReport) -> str:
    return "–".join(report.years)


def _header(report: LandCoverChangeReport, translate: Translate) -> Html:
    facts = [
        (translate("Dbar", "Period"), _period(report)),
        (translate("Dbar", "Classes"), number(len(report.classes), 0)),
        (translate("Dbar", "Created"), report.created),
        (translate("Dbar", "Computed with"), f"DBAR SDG Tools {report.plugin_version}"),
    ]
    lead = translate(
        "Dbar",
        "Where land cover changed, and whether each change degrades or improves the land.",
    )
    notice = Html()
    if report.warnings:
        items = (element("li", text) for text in report.warnings)
        title = element("p", translate("Dbar", "Warnings"))
        notice = element("div", title, element("ul", *items), class_="notice")
    return element(
        "header",
        element("p", translate("Dbar", "SDG indicator 15.3.1, land cover"), class_="kicker"),
        element("h1", report.title),
        element("p", lead, class_="lead"),
        html.definitions(facts, "facts"),
        notice,
    )


def _headline(report: LandCoverChangeReport, translate: Translate) -> Html:
    labels = (
        translate("Dbar", "Degraded"),
        translate("Dbar", "Stable"),
        translate("Dbar", "Improved"),
    )
    whole = sum(report.totals)
    share = translate("Dbar", "{share} % of the area with land cover at both dates")
    cards = [
        element(
            "div",
            element("p", f"{label}, {_period(report)}", class_="kicker"),
            element("p", number(area, 1), " ", element("small", "km²"), class_="big"),
            element("p", share.format(share=number(100.0 * area / whole, 2)) if whole else ""),
            class_="card",
        )
        for label, area in zip(labels, report.totals, strict=True)
    ]
    title = translate("Dbar", "Key figures")
    return html.section("headline", title, element("div", *cards, class_="cards"))


def _flows(report: LandCoverChangeReport, translate: Translate) -> Html:
    figure = flow_figure(report)
    if figure.data:
        drawing = html.figure(
            "flows",
            figure,
            label=translate(
                "Dbar", "Flows of area between land cover classes; the table below has the values."
            ),
            caption=translate(
                "Dbar",
                "Area that changed its class, left before and right after, in the colour of what "
                "the change means. Area that kept its class and the smallest flows are left out.",
            ),
        )
    else:
        drawing = element("p", translate("Dbar", "No area changed its class."))
    title = translate("Dbar", "Changes between classes")
    return html.section("flows", title, drawing, _matrix(report, translate))


def flow_figure(report: LandCoverChangeReport) -> Figure:
    """Return the flows between classes as a Sankey diagram, without what stays as it is."""
    count = len(report.classes)
    flows = [
        (first, last, float(area), report.meaning[first][last])
        for first, areas in enumerate(report.transitions)
        for last, area in enumerate(areas)
        if first != last and area > 0.0
    ]
    least = _SMALLEST_FLOW * sum(area for _, _, area, _ in flows)
    flows = [flow for flow in flows if flow[2] >= least]
    if not flows:
        return Figure([], html.base_layout(0), [])
    # Only classes that take part: others would stand there as empty bars.
    nodes = sorted({first for first, _, _, _ in flows} | {count + last for _, last, _, _ in flows})
    place = {node: position for position, node in enumerate(nodes)}
    year = {0: report.years[0], 1: report.years[1]}
    trace: dict[str, Any] = {
        "type": "sankey",
        "valuesuffix": " km²",
        "valueformat": ",.1f",
        "node": {
            "label": [
                plot_text(f"{report.classes[node % count][0]} {year[node // count]}")
                for node in nodes
            ],
            "color": [report.classes[node % count][1] for node in nodes],
            "pad": 14,
            "thickness": 16,
        },
        "link": {
            "source": [place[first] for first, _, _, _ in flows],
            "target": [place[count + last] for _, last, _, _ in flows],
            "value": [area for _, _, area, _ in flows],
            "color": [
                report.meaning_colours[meaning + 1] + _LINK_ALPHA for _, _, _, meaning in flows
            ],
        },
    }
    return Figure([trace], html.base_layout(min(900, 220 + 40 * len(nodes))), [])


def _matrix(report: LandCoverChangeReport, translate: Translate) -> Html:
    after = translate("Dbar", "{year}, km²").format(year=report.years[1])
    columns = [
        Column(report.years[0]),
        *(Column(name, True, after) for name, _ in report.classes),
        Column(translate("Dbar", "All"), True),
    ]
    rows: list[list[object]] = [
        [name, *(number(area, 1) if area else "" for area in areas), number(sum(areas), 1)]
        for (name, _), areas in zip(report.classes, report.transitions, strict=True)
    ]
    sums = [sum(areas) for areas in zip(*report.transitions, strict=True)]
    rows.append(
        [translate("Dbar", "All"), *(number(area, 1) for area in sums), number(sum(sums), 1)]
    )
    caption = translate(
        "Dbar", "Area by class before (rows) and after (columns); the diagonal did not change."
    )
    return html.table(columns, rows, caption=caption)


def _meanings(report: LandCoverChangeReport, translate: Translate) -> Html:
    columns = [
        Column(translate("Dbar", "From")),
        *(Column(name, True, translate("Dbar", "To")) for name, _ in report.classes),
    ]
    rows = [
        [name, *(_meaning(cell, report) for cell in meanings)]
        for (name, _), meanings in zip(report.classes, report.meaning, strict=True)
    ]
    caption = translate(
        "Dbar", "Meaning of changes: {degraded} degraded, 0 stable, + improved."
    ).format(degraded=html.MINUS)
    return html.table(columns, rows, caption=caption)


def _meaning(cell: int, report: LandCoverChangeReport) -> Html:
    colour = report.meaning_colours[cell + 1] + _CELL_ALPHA
    sign = (html.MINUS, "0", "+")[cell + 1]
    return element("span", sign, class_="bar", style=f"--bar:{colour};--share:100%")


def _areas(report: LandCoverChangeReport, translate: Translate) -> Html:
    parts: list[Html] = []
    if len(report.all_years) > 2:
        data = [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": plot_text(name),
                "x": [float(year) for year in report.all_years],
                "y": [float(areas[rank]) for areas in report.areas],
                "line": {"color": colour},
            }
            for rank, (name, colour) in enumerate(report.classes)
        ]
        layout = html.base_layout(
            460,
            xaxis=html.axis(translate("Dbar", "Year")),
            yaxis=html.axis(translate("Dbar", "Area (km²)"), rangemode="tozero"),
        )
        parts.append(
            html.figure(
                "areas-chart",
                Figure(data, layout, []),
                label=translate(
                    "Dbar",
                    "Line chart of the area of each class by year; the table has the values.",
                ),
                caption=translate("Dbar", "Area of each class in each map of the series."),
            )
        )
    columns = [
        Column(translate("Dbar", "Year")),
        *(Column(name, True, "km²") for name, _ in report.classes),
    ]
    rows = [
        [year, *(number(area, 1) for area in areas)]
        for year, areas in zip(report.all_years, report.areas, strict=True)
    ]
    caption = translate("Dbar", "Area of each class by year.")
    parts.append(html.table(columns, rows, caption=caption))
    return html.section("areas", translate("Dbar", "Areas by year"), *parts)


def _provenance(report: LandCoverChangeReport, translate: Translate) -> Html:
    return html.section(
        "provenance",
        translate("Dbar", "Inputs and method"),
        html.definitions(report.parameters.items(), "parameters"),
        _meanings(report, translate),
        element(
            "p",
            translate(
                "Dbar",
                "Classes and the meaning of changes follow the UNCCD's reporting manual (PRAIS4, "
                "strategic objective 1), where the parameters do not say otherwise. Areas are true "
                "areas on the ellipsoid.",
            ),
            class_="small",
        ),
    )
