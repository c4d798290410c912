"""Report on electrification from night light: shares by zone, and by threshold."""

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
from dbar_qgis_plugin.reports.night_light_texts import unit_label

_MOST_LINES = 8  # more cannot be told apart; the table has all


@dataclass(frozen=True)
class ElectrificationReport:
    """What the report tells, as plain values.

    Attributes
    ----------
    title, created, plugin_version : str
        Heading, time of the run and version of the plugin.
    unit : str
        Of the light; empty where the raster does not say.
    method : str
        Rule for electrified cells.
    marks_threshold : bool
        Whether the rule is a threshold of the curve.
    zones, curve : mapping of str to sequence
        Columns of the tables; the last zone is the only one, or all of them together.
    parameters : mapping of str to str
        Values by label, both as the user should read them.
    warnings : sequence of str
        As the user should read them.
    """

    title: str
    created: str
    plugin_version: str
    unit: str
    method: str
    marks_threshold: bool
    zones: Mapping[str, Sequence[Any]]
    curve: Mapping[str, Sequence[Any]]
    parameters: Mapping[str, str]
    warnings: Sequence[str]


def render_electrification(report: ElectrificationReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : ElectrificationReport
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
        _curve(report, translate),
        _zones(report, translate),
        _provenance(report, translate),
        translate=translate,
    )


def _header(report: ElectrificationReport, translate: Translate) -> Html:
    notice = Html()
    if report.warnings:
        items = (element("li", text) for text in report.warnings)
        title = element("p", translate("Dbar", "Warnings"))
        notice = element("div", title, element("ul", *items), class_="notice")
    threshold = f"{report.zones['threshold'][-1]:.6g}"
    if report.unit:
        threshold += f" {unit_label(report.unit, translate)}"
    return html.header(
        translate("Dbar", "SDG indicator 7.1.1, from night light"),
        report.title,
        translate("Dbar", "Share of people who live where there is light at night."),
        [
            (translate("Dbar", "Method"), report.method),
            (translate("Dbar", "Threshold"), threshold),
            *html.software_facts(report.created, report.plugin_version, translate),
        ],
        notice,
    )


def _headline(report: ElectrificationReport, translate: Translate) -> Html:
    people = translate("Dbar", "{lit} of {people} people").format(
        lit=number(report.zones["people_lit"][-1], 0), people=number(report.zones["people"][-1], 0)
    )
    card = element(
        "div",
        element("p", translate("Dbar", "People in electrified cells"), class_="kicker"),
        element(
            "p",
            number(report.zones["electrified_pct"][-1], 1),
            " ",
            element("small", "%"),
            class_="big",
        ),
        element("p", people),
        class_="card",
    )
    title = translate("Dbar", "Key figures")
    return html.section("headline", title, element("div", card, class_="cards"))


def _curve(report: ElectrificationReport, translate: Translate) -> Html:
    drawing = html.figure(
        "curve-chart",
        curve_figure(report, translate),
        label=translate(
            "Dbar",
            "Line chart of the share of people in lit cells by threshold; the table has the "
            "values.",
        ),
        caption=translate(
            "Dbar",
            "Share of people in cells that are lit from a threshold on. The figure that is quoted "
            "depends on this choice.",
        ),
    )
    columns = [
        Column(translate("Dbar", "Zone")),
        Column(_with_unit(translate("Dbar", "Threshold"), report, translate), True),
        Column(translate("Dbar", "People in lit cells"), True),
        Column(translate("Dbar", "Share (%)"), True),
    ]
    rows = [
        [row["zone"], f"{row['threshold']:.6g}", number(row["people_lit"], 0)]
        + [number(row["electrified_pct"], 2)]
        for row in html.records(report.curve)
    ]
    table = html.fitting_table(
        columns, rows, translate, translate("Dbar", "People in lit cells by threshold.")
    )
    return html.section("curve", translate("Dbar", "By threshold"), drawing, table)


def curve_figure(report: ElectrificationReport, translate: Translate) -> Figure:
    """Return the share by threshold: a line for all zones, and for a few zones."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in html.records(report.curve):
        lines.setdefault(str(row["zone"]), []).append(dict(row))
    last = report.zones["zone"][-1]
    names = [name for name in lines if name != last][: _MOST_LINES - 1]
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": plot_text(name),
            "x": [row["threshold"] for row in lines[name]],
            "y": [row["electrified_pct"] for row in lines[name]],
            "line": {"color": colour, "width": 3 if name == last else 1.5},
        }
        for name, colour in zip((last, *names), html.LINE_COLOURS, strict=False)
        if name in lines
    ]
    thresholds = [float(value) for value in report.curve["threshold"]]
    is_log = bool(thresholds) and min(thresholds) > 0.0
    shapes = []
    if report.marks_threshold:
        chosen = float(report.zones["threshold"][-1])
        if chosen > 0.0 or not is_log:
            shapes.append(html.reference_line((chosen, 0), (chosen, 1), yref="paper"))
    layout = html.base_layout(
        420,
        xaxis=html.axis(
            _with_unit(translate("Dbar", "Lit from this value on"), report, translate),
            type="log" if is_log else "linear",
        ),
        yaxis=html.axis(translate("Dbar", "Share of people (%)"), rangemode="tozero"),
        shapes=shapes,
    )
    return Figure(data, layout, [])


def _with_unit(text: str, report: ElectrificationReport, translate: Translate) -> str:
    return f"{text} ({unit_label(report.unit, translate)})" if report.unit else text


def _zones(report: ElectrificationReport, translate: Translate) -> Html:
    columns = [
        Column(translate("Dbar", "Zone")),
        Column(translate("Dbar", "People"), True),
        Column(translate("Dbar", "In electrified cells"), True),
        Column(translate("Dbar", "Without light data"), True),
        Column(translate("Dbar", "Share (%)"), True),
        Column(translate("Dbar", "Flags")),
    ]
    rows = [
        [
            row["zone"],
            number(row["people"], 0),
            number(row["people_lit"], 0),
            number(row["people_no_light_data"], 0),
            number(row["electrified_pct"], 2),
            html.codes(filter(None, str(row["flags"]).split(";"))),
        ]
        for row in html.records(report.zones)
    ]
    table = html.fitting_table(
        columns, rows, translate, translate("Dbar", "People in electrified cells by zone.")
    )
    return html.section("zones", translate("Dbar", "By zone"), table)


def _provenance(report: ElectrificationReport, translate: Translate) -> Html:
    return html.section(
        "provenance",
        translate("Dbar", "Inputs and method"),
        html.definitions(report.parameters.items(), "parameters"),
        element(
            "p",
            translate(
                "Dbar",
                "Light at night stands for electricity: people with power and no outdoor light "
                "are missed, and light that spreads beyond its source counts where it falls.",
            ),
            class_="small",
        ),
    )
