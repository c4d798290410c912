"""The figures of a land use efficiency report, as plotly dictionaries."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from dbar_qgis_plugin.reports.html import (
    FAINT_INK,
    Figure,
    Translate,
    View,
    axis,
    base_layout,
    finite,
    number,
    plot_text,
    reference_line,
)
from dbar_qgis_plugin.reports.land_use_efficiency_tables import Row, Tables, flags_of
from dbar_qgis_plugin.reports.land_use_efficiency_texts import group_label, period_label

# Told apart with any colour vision, and against white as well as near-black: at least 3:1.
LAND, PEOPLE, RATIO, QUIET = "#d55e00", "#1f86c7", "#9670c4", "#7d8a97"

Trace = dict[str, Any]

MOST_LABELLED_PERIODS = 12
MOST_NAMED_CITIES = 12
MOST_UNFRAMED_CITIES = 50


def curves_figure(tables: Tables, translate: Translate) -> Figure:
    """Return LCR and PGR above LCRPGR, over the intervals; a view for each group."""
    # The years stand on two lines, so that they fit side by side on a phone.
    periods = [period.label.replace("–", "–<br>") for period in tables.steps]
    labelled = len(periods) <= MOST_LABELLED_PERIODS
    rate_hover = translate("Dbar", "%{y:.2f} % per year")
    curves = (
        ("lcr", translate("Dbar", "LCR, land consumption rate"), LAND, "circle", "solid"),
        ("pgr", translate("Dbar", "PGR, population growth rate"), PEOPLE, "square", "dash"),
        ("ratio_of_totals", translate("Dbar", "LCRPGR"), RATIO, "diamond", "solid"),
    )
    data: list[Trace] = []
    views = []
    for name in tables.groups:
        rows = [tables.group(name, period) for period in tables.steps]
        views.append(View(group_label(name, translate), range(len(data), len(data) + len(curves))))
        for key, label, colour, symbol, dash in curves:
            is_ratio = key == "ratio_of_totals"
            values = [_rounded(row[key], 1 if is_ratio else 100) for row in rows]
            trace = {
                "type": "scatter",
                "mode": "lines+markers",
                "name": label,
                "x": periods,
                "y": values,
                "yaxis": "y2" if is_ratio else "y",
                "visible": name == "",
                "line": {"color": colour, "width": 2.5, "dash": dash},
                "marker": {"color": colour, "symbol": symbol, "size": 8},
                "hovertemplate": "%{y:.2f}" if is_ratio else rate_hover,
                "cliponaxis": False,
            }
            if is_ratio and labelled:
                trace["mode"] = "lines+markers+text"
                trace["text"] = ["" if value is None else number(value) for value in values]
                trace["textposition"] = "top center"
            data.append(trace)
    layout = base_layout(
        460,
        hovermode="x unified",
        xaxis=axis(translate("Dbar", "Period"), anchor="y2", type="category", showgrid=False),
        yaxis=axis(
            translate("Dbar", "LCR, PGR (% per year)"), domain=[0.46, 1], rangemode="tozero"
        ),
        yaxis2=axis(translate("Dbar", "LCRPGR (ratio)"), domain=[0, 0.37], rangemode="tozero"),
        shapes=[reference_line((0, 1), (1, 1), xref="paper", yref="y2", layer="above")],
    )
    return Figure(data, layout, views)


def scatter_figure(tables: Tables, translate: Translate) -> Figure:
    """Return LCR against PGR, a mark for each city; a view for each period."""
    low, high = _frame(tables)
    data: list[Trace] = []
    views = []
    for period in tables.choices:
        marks = _city_marks(tables.cities[period], (low + high) / 2, translate)
        for mark in marks:
            mark["visible"] = period == tables.last
        outside = sum(
            not (low <= x <= high and low <= y <= high)
            for mark in marks
            for x, y in zip(mark["x"], mark["y"], strict=True)
        )
        note = ""
        if outside:
            note = translate(
                "Dbar", "{outside} of {total} cities lie outside the frame; the ranking lists them."
            ).format(outside=number(outside, 0), total=number(len(tables.cities[period]), 0))
        traces = range(len(data), len(data) + len(marks))
        views.append(View(period_label(period, translate), traces, note))
        data += marks
    layout = base_layout(
        560,
        hovermode="closest",
        xaxis=axis(translate("Dbar", "PGR, population growth (% per year)"), range=[low, high]),
        yaxis=axis(translate("Dbar", "LCR, land consumption (% per year)"), range=[low, high]),
        shapes=[reference_line((low, low), (high, high))],
        annotations=_region_labels(translate),
    )
    return Figure(data, layout, views)


def aggregates_figure(tables: Tables, translate: Translate) -> Figure:
    """Return the aggregates of LCRPGR by group; a view for each period of the headline."""
    low, high = _aggregates_frame([row for _, _, row in tables.headline_rows()])
    rim = 0.03 * (high - low)  # for the arrows at the edge
    groups = tables.groups[::-1]  # plotly draws the first row at the bottom
    data: list[Trace] = []
    views = []
    for period in tables.headline:
        rows = [tables.group(name, period) for name in groups]
        marks = _aggregate_marks(rows, low, high, translate)
        for mark in marks:
            mark["visible"] = period == tables.last
        views.append(
            View(period_label(period, translate), range(len(data), len(data) + len(marks)))
        )
        data += marks
    labels = (
        textwrap.shorten(group_label(name, translate), 26, placeholder="…") for name in groups
    )
    layout = base_layout(
        230 + 36 * len(groups),
        hovermode="closest",
        xaxis=axis(translate("Dbar", "LCRPGR (ratio)"), range=[low - rim, high + rim]),
        yaxis=axis(
            "",
            tickvals=list(range(len(groups))),
            ticktext=[plot_text(label) for label in labels],
            range=[-0.6, len(groups) - 0.4],
            showgrid=False,
            zeroline=False,
        ),
        shapes=[reference_line((1, 0), (1, 1), yref="paper")],
    )
    return Figure(data, layout, views)


def _city_marks(cities: Sequence[Row], middle: float, translate: Translate) -> list[Trace]:
    """Return a trace for each kind of regime that occurs."""
    kinds = (
        ("efficient", translate("Dbar", "efficient (R1–R9)"), PEOPLE, "circle"),
        ("inefficient", translate("Dbar", "inefficient (R10–R16)"), LAND, "triangle-up"),
        ("neutral", translate("Dbar", "neutral (R17)"), QUIET, "square"),
    )
    hover = translate("Dbar", "LCR %{y:.2f} % per year, PGR %{x:.2f} % per year")
    traces: list[Trace] = []
    for kind, label, colour, symbol in kinds:
        rows = [row for row in cities if row["efficiency"] == kind]
        if not rows:
            continue
        x = [_rounded(row["pgr"], 100) for row in rows]
        trace = {
            "type": "scatter",
            "mode": "markers",
            "name": label,
            "x": x,
            "y": [_rounded(row["lcr"], 100) for row in rows],
            "text": [plot_text(row["city"]) for row in rows],
            "customdata": [f"{number(row['lcrpgr'])} ({plot_text(row['regime'])})" for row in rows],
            "hovertemplate": f"<b>%{{text}}</b><br>{hover}<br>LCRPGR %{{customdata}}"
            "<extra></extra>",
            "marker": {
                "color": colour,
                "symbol": symbol,
                "size": 7 if len(cities) > MOST_UNFRAMED_CITIES else 10,
                "opacity": 0.75,
                "line": {"color": "rgba(255,255,255,0.7)", "width": 0.5},
            },
        }
        if len(cities) <= MOST_NAMED_CITIES:
            trace["mode"] = "markers+text"
            trace["textposition"] = [
                "middle left" if value is not None and value > middle else "middle right"
                for value in x
            ]
        traces.append(trace)
    return traces


def _region_labels(translate: Translate) -> list[dict[str, object]]:
    """Name the parts of the scatter chart by their regimes."""
    regions = (
        (0.55, 0.94, "center", "R16", translate("Dbar", "land grows faster")),
        (0.99, 0.45, "right", "R2", translate("Dbar", "population grows faster")),
        (0.01, 0.94, "left", "R12–R14", translate("Dbar", "land grows, population falls")),
        (0.99, 0.08, "right", "R4–R6", translate("Dbar", "land shrinks, population grows")),
        (0.01, 0.08, "left", "R8–R10", translate("Dbar", "both shrink")),
    )
    return [
        {
            "xref": "paper",
            "yref": "paper",
            "x": x,
            "y": y,
            "xanchor": anchor,
            "align": anchor,
            "showarrow": False,
            "font": {"size": 11, "color": FAINT_INK},
            "text": "<br>".join([f"<b>{codes}</b>", *textwrap.wrap(plot_text(text), 16)]),
        }
        for x, y, anchor, codes, text in regions
    ]


def _frame(tables: Tables) -> tuple[float, float]:
    """Return the range of both axes of the scatter chart: one for both, so that 1:1 is a diagonal.

    With many cities a few outliers would press all others into one blot: the frame then holds 99 %
    of the rates of all periods.
    """
    rows = [row for period in tables.periods for row in tables.cities[period] if row["regime"]]
    rates = [100.0 * (finite(row[key]) or 0.0) for row in rows for key in ("lcr", "pgr")] or [0.0]
    many = len(tables.cities[tables.last]) > MOST_UNFRAMED_CITIES
    low, high = (float(edge) for edge in np.percentile(rates, [0.5, 99.5] if many else [0, 100]))
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.05 * (high - low) or 1.0
    low, high = low - margin, high + margin
    # Both sides of zero need room for the labels of the quadrants.
    least = 0.22
    return min(low, -high * least / (1 - least)), max(high, -low * least / (1 - least))


def _aggregate_marks(
    rows: Sequence[Row], low: float, high: float, translate: Translate
) -> list[Trace]:
    """Return a bar for the middle half of the cities and a mark for each aggregate."""
    aggregates = (
        ("mean", translate("Dbar", "mean"), LAND, "x", 9),
        ("trimmed_mean", translate("Dbar", "5 % trimmed mean"), QUIET, "triangle-up-open", 10),
        ("weighted_mean", translate("Dbar", "population-weighted mean"), PEOPLE, "circle-open", 11),
        ("median", translate("Dbar", "median"), FAINT_INK, "line-ns-open", 16),
        ("ratio_of_totals", translate("Dbar", "ratio of totals"), RATIO, "diamond", 12),
    )
    bars = [(_rounded(row["q1"]), _rounded(row["q3"]), None) for row in rows]
    traces: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": translate("Dbar", "middle half of the cities (IQR)"),
            "x": [end for bar in bars for end in bar],
            "y": [position for position in range(len(rows)) for _ in range(3)],
            "line": {"color": QUIET, "width": 10},
            "opacity": 0.45,
            "hoverinfo": "skip",
        }
    ]
    # A trace of its own, since a legend shows the first mark of a trace.
    beyond: Trace = {
        "type": "scatter",
        "mode": "markers",
        "showlegend": False,
        "x": [],
        "y": [],
        "customdata": [],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"size": 11, "color": [], "symbol": []},
    }
    for key, label, colour, symbol, size in aggregates:
        values = [finite(row[key]) for row in rows]
        inside = [None if v is None or not low <= v <= high else v for v in values]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": label,
                "x": [_rounded(value) for value in inside],
                "y": list(range(len(rows))),
                "hovertemplate": f"%{{x:.2f}}<extra>{label}</extra>",
                "marker": {
                    "color": colour,
                    "size": size,
                    "symbol": symbol,
                    "line": {"color": colour, "width": 2},
                },
            }
        )
        for position, value in enumerate(values):
            if value is not None and inside[position] is None:
                beyond["x"].append(_rounded(low if value < low else high))
                beyond["y"].append(position)
                beyond["customdata"].append(f"{label}: {number(value)}")
                beyond["marker"]["color"].append(colour)
                arrow = "triangle-left" if value < low else "triangle-right"
                beyond["marker"]["symbol"].append(arrow)
    return [*traces, beyond]


def _aggregates_frame(rows: Sequence[Row]) -> tuple[float, float]:
    """Return a range that leaves out what a near-zero population growth blew up."""
    values = [row[key] for row in rows for key in ("q1", "q3", "median", "trimmed_mean")]
    values += [row["ratio_of_totals"] for row in rows if "PGR_NEAR_ZERO" not in flags_of(row)]
    known = [value for value in map(finite, values) if value is not None]
    low, high = min([0.0, *known]), max([1.2, *known])
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _rounded(value: object, factor: float = 1) -> float | None:
    """Return five significant digits of a value: more than a screen shows."""
    known = finite(value)
    return None if known is None else float(f"{known * factor:.5g}")
