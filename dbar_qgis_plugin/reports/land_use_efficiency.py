"""Report on SDG 11.3.1: land consumption rate, population growth rate and their ratio."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports.html import Column, Html, Translate, View, element, finite, number

LAND, PEOPLE, RATIO, QUIET = "#d55e00", "#1f86c7", "#9670c4", "#7d8a97"
MARKS = {"efficient": "●", "inefficient": "▲", "neutral": "■"}
_CAUSES = {
    "lcr": ("NO_DATA", "TOO_SMALL", "V1_ZERO", "LAND_LOSS"),
    "pgr": ("NO_DATA", "TOO_SMALL", "POP_ZERO"),
    "ratio": ("NO_DATA", "TOO_SMALL", "NO_CHANGE", "V1_ZERO", "POP_ZERO", "PGR_ZERO", "LAND_LOSS"),
}
MOST_LABELLED_PERIODS = 12
MOST_DRAWN_GROUPS = 24
MOST_UNFRAMED_CITIES = 50

Row = Mapping[str, object]


@dataclass(frozen=True)
class LandUseEfficiencyReport:
    """What the report tells, as plain values and tables of columns."""

    title: str
    created: str
    plugin_version: str
    formula: str
    parameters: Mapping[str, str]
    inputs: Sequence[Mapping[str, str]]
    intervals: Mapping[str, Sequence[object]]
    groups: Mapping[str, Sequence[object]]
    warnings: Sequence[str]


class Period(NamedTuple):
    """Two epochs; `full` where they span all the others."""

    start: object
    end: object
    full: bool

    @property
    def label(self) -> str:
        """The years, for example 1990-2015 with an en dash."""
        return f"{_year(self.start)}\N{EN DASH}{_year(self.end)}"


class _Tables:
    """The report's rows, by period and group."""

    def __init__(self, report: LandUseEfficiencyReport) -> None:
        groups, cities = _rows(report.groups), _rows(report.intervals)
        found = {_period(row): None for row in groups}
        self.steps = sorted((p for p in found if not p.full), key=lambda p: (p.start, p.end))
        self.last = self.steps[-1]
        self.full = next((period for period in found if period.full), None)
        self.headline = [self.last] if self.full is None else [self.last, self.full]
        self.periods = self.steps if self.full is None else [*self.steps, self.full]
        self.choices = [*self.headline, *self.steps[-2::-1]]

        names = list(dict.fromkeys(str(row["group"]) for row in groups))
        self.groups = ["", *(name for name in names if name)]
        self._group_rows = {(str(row["group"]), _period(row)): row for row in groups}
        # Each period lists the cities in the same order, so that equal names do no harm.
        self.cities: dict[Period, list[Row]] = {period: [] for period in self.periods}
        for row in cities:
            self.cities[_period(row)].append(row)

    def group(self, name: str, period: Period) -> Row:
        return self._group_rows[name, period]


def render_land_use_efficiency(report: LandUseEfficiencyReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : LandUseEfficiencyReport
        Rates as decimals per year, shares from 0 to 1, None or NaN where undefined.
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
        _head(report, tables, translate),
        _headline(tables, translate),
        _series(tables, translate),
        _growth(tables, translate),
        _ranking(tables, translate),
        _distribution(tables, translate),
        _notes(report, tables, translate),
        _provenance(report, translate),
        translate=translate,
    )


def curves_figure(tables: _Tables, translate: Translate) -> tuple[list[dict], dict, list[View]]:
    """Return traces, layout and views of the three curves, a view for each group."""
    # The years stand on two lines, so that they fit side by side on a phone.
    periods = [period.label.replace("\N{EN DASH}", "\N{EN DASH}<br>") for period in tables.steps]
    labelled = len(periods) <= MOST_LABELLED_PERIODS
    per_year = translate("Dbar", "% per year")
    curves = (
        ("lcr", translate("Dbar", "LCR, land consumption rate"), LAND, "circle", "solid", "y"),
        ("pgr", translate("Dbar", "PGR, population growth rate"), PEOPLE, "square", "dash", "y"),
        ("ratio_of_totals", translate("Dbar", "LCRPGR"), RATIO, "diamond", "solid", "y2"),
    )
    traces: list[dict] = []
    views = []
    for name in tables.groups:
        rows = [tables.group(name, period) for period in tables.steps]
        views.append(View(_group_label(name, translate), range(len(traces), len(traces) + 3)))
        for key, label, colour, symbol, dash, axis in curves:
            is_ratio = axis == "y2"
            values = [_rounded(row[key], 1 if is_ratio else 100) for row in rows]
            unit = "" if is_ratio else " " + per_year
            trace = {
                "type": "scatter",
                "mode": "lines+markers+text" if is_ratio and labelled else "lines+markers",
                "name": label,
                "x": periods,
                "y": values,
                "yaxis": axis,
                "visible": not name,
                "line": {"color": colour, "width": 2.5, "dash": dash},
                "marker": {"color": colour, "symbol": symbol, "size": 8},
                "hovertemplate": "%{y:.2f}" + unit,
                "cliponaxis": False,
            }
            if is_ratio and labelled:
                trace["text"] = ["" if value is None else number(value) for value in values]
                trace["textposition"] = "top center"
            traces.append(trace)
    layout = html.base_layout(
        460,
        hovermode="x unified",
        xaxis=html.axis(translate("Dbar", "Period"), anchor="y2", type="category", showgrid=False),
        yaxis=html.axis(
            translate("Dbar", "LCR, PGR (% per year)"), domain=[0.46, 1], rangemode="tozero"
        ),
        yaxis2=html.axis(
            translate("Dbar", "LCRPGR (ratio)"), domain=[0, 0.37], rangemode="tozero"
        ),
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": "y2",
                "y0": 1,
                "y1": 1,
                "line": {"color": html.FAINT_INK, "width": 1.5, "dash": "dot"},
            }
        ],
    )
    return traces, layout, views


def scatter_figure(tables: _Tables, translate: Translate) -> tuple[list[dict], dict, list[View]]:
    """Return traces, layout and views of LCR against PGR by city, a view for each period."""
    low, high = _frame(tables)
    kinds = (
        ("efficient", translate("Dbar", "efficient (R1–R9)"), PEOPLE, "circle"),
        ("inefficient", translate("Dbar", "inefficient (R10–R16)"), LAND, "triangle-up"),
        ("neutral", translate("Dbar", "neutral (R17)"), QUIET, "square"),
    )
    hover = translate("Dbar", "LCR %{y:.2f} % per year, PGR %{x:.2f} % per year")
    traces: list[dict] = []
    views = []
    for period in tables.choices:
        first = len(traces)
        outside = 0
        for kind, label, colour, symbol in kinds:
            rows = [row for row in tables.cities[period] if row["efficiency"] == kind]
            x = [_rounded(row["pgr"], 100) for row in rows]
            y = [_rounded(row["lcr"], 100) for row in rows]
            outside += sum(
                not (low <= a <= high and low <= b <= high) for a, b in zip(x, y, strict=True)
            )
            if not rows:
                continue
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": label,
                    "x": x,
                    "y": y,
                    "text": [html.plot_text(row["city"]) for row in rows],
                    "customdata": [
                        f"{number(row['lcrpgr'])} ({html.plot_text(row['regime'])})" for row in rows
                    ],
                    "visible": period == tables.last,
                    "marker": {
                        "color": colour,
                        "symbol": symbol,
                        "size": 7 if len(tables.cities[period]) > MOST_UNFRAMED_CITIES else 10,
                        "opacity": 0.65,
                        "line": {"color": "rgba(255,255,255,0.7)", "width": 0.5},
                    },
                    "hovertemplate": f"<b>%{{text}}</b><br>{hover}<br>LCRPGR %{{customdata}}"
                    "<extra></extra>",
                }
            )
        note = ""
        if outside:
            note = translate(
                "Dbar", "{outside} of {total} cities lie outside the frame; the ranking lists them."
            ).format(outside=number(outside, 0), total=number(len(tables.cities[period]), 0))
        views.append(View(_period_label(period, translate), range(first, len(traces)), note))
    span = {"range": [low, high], "zeroline": True}
    layout = html.base_layout(
        560,
        hovermode="closest",
        xaxis=html.axis(translate("Dbar", "PGR, population growth (% per year)"), **span),
        yaxis=html.axis(translate("Dbar", "LCR, land consumption (% per year)"), **span),
        shapes=[
            {
                "type": "line",
                "x0": low,
                "y0": low,
                "x1": high,
                "y1": high,
                "layer": "below",
                "line": {"color": html.FAINT_INK, "width": 1.5, "dash": "dot"},
            }
        ],
        annotations=_region_labels(low, high, translate),
    )
    return traces, layout, views


def aggregates_figure(tables: _Tables, translate: Translate) -> tuple[list[dict], dict, list[View]]:
    """Return traces, layout and views of the group aggregates, a view for each headline period."""
    groups = tables.groups[::-1]
    labels = [
        html.plot_text(textwrap.shorten(_group_label(name, translate), 26, placeholder="…"))
        for name in groups
    ]
    marks = (
        ("mean", translate("Dbar", "mean"), LAND, "x", 9),
        ("trimmed_mean", translate("Dbar", "5 % trimmed mean"), QUIET, "triangle-up-open", 10),
        ("weighted_mean", translate("Dbar", "population-weighted mean"), PEOPLE, "circle-open", 11),
        ("median", translate("Dbar", "median"), html.FAINT_INK, "line-ns-open", 16),
        ("ratio_of_totals", translate("Dbar", "ratio of totals"), RATIO, "diamond", 12),
    )
    traces: list[dict] = []
    views = []
    edges = []
    for period in tables.headline:
        rows = [tables.group(name, period) for name in groups]
        first = len(traces)
        inside = _framing_values(rows)
        low, high = min([0.0, *inside]), max([1.2, *inside])
        low, high = low - 0.08 * (high - low), high + 0.08 * (high - low)
        edges.append((low, high))
        quartiles: dict[str, list[float | None]] = {"x": [], "y": []}
        for position, row in enumerate(rows):
            quartiles["x"] += [_rounded(row["q1"]), _rounded(row["q3"]), None]
            quartiles["y"] += [position, position, None]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": translate("Dbar", "middle half of the cities (IQR)"),
                **quartiles,
                "line": {"color": QUIET, "width": 10},
                "opacity": 0.45,
                "hoverinfo": "skip",
            }
        )
        for key, label, colour, symbol, size in marks:
            values = [finite(row[key]) for row in rows]
            beyond = [v is not None and not low <= v <= high for v in values]
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": label,
                    "x": [None if v is None else _rounded(min(max(v, low), high)) for v in values],
                    "y": list(range(len(rows))),
                    "customdata": [number(v) for v in values],
                    "marker": {
                        "color": colour,
                        "size": size,
                        "symbol": [
                            symbol
                            if not out
                            else "triangle-left" if v is not None and v < low else "triangle-right"
                            for v, out in zip(values, beyond, strict=True)
                        ],
                        "line": {"color": colour, "width": 2},
                    },
                    "hovertemplate": "%{customdata}<extra>" + label + "</extra>",
                    "cliponaxis": False,
                }
            )
        for trace in traces[first:]:
            trace["visible"] = period == tables.last
        views.append(View(_period_label(period, translate), range(first, len(traces))))
    low, high = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
    layout = html.base_layout(
        150 + 34 * len(groups),
        hovermode="closest",
        xaxis=html.axis(translate("Dbar", "LCRPGR (ratio)"), range=[low, high]),
        yaxis=html.axis(
            "",
            tickvals=list(range(len(groups))),
            ticktext=labels,
            range=[-0.6, len(groups) - 0.4],
            showgrid=False,
            zeroline=False,
        ),
        shapes=[
            {
                "type": "line",
                "yref": "paper",
                "x0": 1,
                "x1": 1,
                "y0": 0,
                "y1": 1,
                "layer": "below",
                "line": {"color": html.FAINT_INK, "width": 1.5, "dash": "dot"},
            }
        ],
    )
    return traces, layout, views


def _fraction(above: object, below: object) -> Html:
    return element("span", element("span", above), element("span", below), class_="fraction")


def _equations(formula: str) -> list[Html]:
    """Return the three equations, for the eye and for screen readers."""
    v1, v2, p1, p2 = (
        html.join([element("i", letter), element("sub", index)]) for letter in "VP" for index in "12"
    )
    t = element("i", "t")
    if formula == "2018":
        land = "ln(V2 / V1) / t", [_fraction(html.join(["ln(", v2, " / ", v1, ")"]), t)]
    else:
        change = _fraction(html.join([v2, f" {html.MINUS} ", v1]), v1)
        land = f"((V2 {html.MINUS} V1) / V1) / t", [change, " · ", _fraction("1", t)]
    people = "ln(P2 / P1) / t", [_fraction(html.join(["ln(", p2, " / ", p1, ")"]), t)]
    ratio = "LCR / PGR", [_fraction("LCR", "PGR")]
    return [
        element(
            "span",
            f"{symbol} = ",
            *parts,
            class_="equation",
            role="math",
            aria_label=f"{symbol} = {spoken}",
        )
        for symbol, (spoken, parts) in (("LCR", land), ("PGR", people), ("LCRPGR", ratio))
    ]


def _head(report: LandUseEfficiencyReport, tables: _Tables, translate: Translate) -> Html:
    period = tables.full or tables.last
    facts = [
        (translate("Dbar", "Period"), period.label),
        (translate("Dbar", "Intervals"), number(len(tables.steps), 0)),
        (translate("Dbar", "Cities"), number(tables.group("", tables.last)["n"], 0)),
        (translate("Dbar", "Formula"), report.formula),
        (translate("Dbar", "Created"), report.created),
        (translate("Dbar", "Computed with"), f"DBAR SDG Tools {report.plugin_version}"),
    ]
    notice = Html()
    if report.warnings:
        notice = element(
            "p",
            translate("Dbar", "Before you use these figures, read the {count} warnings:").format(
                count=len(report.warnings)
            ),
            " ",
            element("a", translate("Dbar", "Notes on the data"), href="#notes"),
            class_="notice",
        )
    return element(
        "header",
        element("p", translate("Dbar", "SDG indicator 11.3.1"), class_="kicker"),
        element("h1", report.title),
        element(
            "p",
            translate(
                "Dbar",
                "Ratio of the rate at which cities consume land to the rate at which their "
                "population grows.",
            ),
            class_="lead",
        ),
        _facts(facts, "facts"),
        element(
            "div",
            element("p", *_equations(report.formula), class_="equations"),
            element(
                "p",
                translate(
                    "Dbar",
                    "V: built-up area, P: population, 1 and 2: start and end of an interval of t "
                    "years. LCR: land consumption rate, PGR: population growth rate.",
                ),
                " ",
                _formula_remark(report.formula, translate),
                class_="small",
            ),
            class_="formula",
        ),
        notice,
    )


def _headline(tables: _Tables, translate: Translate) -> Html:
    figures = []
    for period in tables.headline:
        row = tables.group("", period)
        figures.append(
            element(
                "div",
                element("p", _period_label(period, translate), class_="kicker"),
                element("p", _ratio(row), class_="big"),
                element("p", _reading(row, translate)),
                class_="card",
            )
        )
    start = tables.group("", tables.steps[0])
    end = tables.group("", tables.last)
    if tables.full is not None:
        start = end = tables.group("", tables.full)
    totals = [
        (
            translate("Dbar", "Built-up area, km²"),
            _from_to(start["v_start_km2"], end["v_end_km2"], tables, 1),
        ),
        (
            translate("Dbar", "Population, persons"),
            _from_to(start["p_start"], end["p_end"], tables, 0),
        ),
        (
            translate("Dbar", "Built-up area per person, m²"),
            _from_to(
                _per_person(start["v_start_km2"], start["p_start"]),
                _per_person(end["v_end_km2"], end["p_end"]),
                tables,
                1,
            ),
        ),
    ]
    parts = [
        element("div", *figures, class_="cards"),
        _facts(totals, "totals"),
    ]
    if len(tables.groups) > 1:
        columns = [Column(translate("Dbar", "Group")), Column(translate("Dbar", "Cities"), True)]
        above = translate("Dbar", "LCRPGR")
        columns += [
            Column(_period_label(period, translate), False, above) for period in tables.headline
        ]
        above = translate("Dbar", "Built-up area, km²")
        years = _years(tables)
        columns += [Column(year, True, above) for year in years]
        above = translate("Dbar", "Population, persons")
        columns += [Column(year, True, above) for year in years]
        rows = []
        for name in [*tables.groups[1:], ""]:
            cells: list[object] = [
                _group_label(name, translate),
                number(tables.group(name, tables.last)["n"], 0),
            ]
            for period in tables.headline:
                row = tables.group(name, period)
                reading = element("p", _reading(row, translate))
                cells.append(html.join([element("b", _ratio(row)), reading]))
            row = tables.group(name, tables.full or tables.last)
            cells += [number(row[key], 1) for key in ("v_start_km2", "v_end_km2")]
            cells += [number(row[key], 0) for key in ("p_start", "p_end")]
            rows.append(cells)
        caption = translate(
            "Dbar",
            "Ratio of totals by group: the built-up areas and the populations of the group's "
            "cities are summed first, then the formula is applied.",
        )
        parts.append(html.table(columns, rows, caption=caption, class_="groups"))
    return _section("headline", translate("Dbar", "Key figures"), *parts)


def _series(tables: _Tables, translate: Translate) -> Html:
    parts: list[object] = []
    if len(tables.steps) > 1:
        data, layout, views = curves_figure(tables, translate)
        parts.append(
            html.figure(
                "curves",
                data,
                layout,
                label=translate(
                    "Dbar",
                    "Line chart of LCR, PGR and LCRPGR by period; the table below has the values.",
                ),
                caption=translate(
                    "Dbar",
                    "Above, the two rates; below, their ratio. At the dotted line (1) built-up "
                    "area and population grow at the same rate. A gap means that the ratio is "
                    "undefined.",
                ),
                views=views,
                view_label=translate("Dbar", "Group"),
            )
        )
    else:
        parts.append(
            element("p", translate("Dbar", "One interval only: there is no series to draw yet."))
        )
    change = translate("Dbar", "Built-up area, km²"), translate("Dbar", "Population, persons")
    rates = translate("Dbar", "% per year")
    start, end = translate("Dbar", "start"), translate("Dbar", "end")
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Period")),
        Column(translate("Dbar", "LCR"), True, rates),
        Column(translate("Dbar", "PGR"), True, rates),
        Column(translate("Dbar", "LCRPGR"), True),
        Column(start, True, change[0]),
        Column(end, True, change[0]),
        Column(start, True, change[1]),
        Column(end, True, change[1]),
        Column(translate("Dbar", "Flags")),
    ]
    rows = []
    for name in [*tables.groups[1:], ""]:
        for period in tables.periods:
            row = tables.group(name, period)
            rows.append(
                [
                    _group_label(name, translate),
                    _period_cell(period, translate),
                    _rate(row, "lcr"),
                    _rate(row, "pgr"),
                    _ratio(row),
                    number(row["v_start_km2"], 1),
                    number(row["v_end_km2"], 1),
                    number(row["p_start"], 0),
                    number(row["p_end"], 0),
                    _codes(_flags(row)),
                ]
            )
    caption = translate("Dbar", "Rates and ratio of the totals, by group and period.")
    if tables.full is not None:
        caption += " " + translate(
            "Dbar",
            "The whole period is computed from its two ends; it is not the mean of its intervals.",
        )
    parts.append(_any_table(columns, rows, translate, caption))
    return _section("series", translate("Dbar", "Development over time"), *parts)


def _growth(tables: _Tables, translate: Translate) -> Html:
    title = translate("Dbar", "Land consumption against population growth")
    data, layout, views = scatter_figure(tables, translate)
    if not data:
        text = translate("Dbar", "No city has both rates: there is nothing to draw.")
        return _section("growth", title, element("p", text))
    chart = html.figure(
        "scatter",
        data,
        layout,
        label=translate(
            "Dbar",
            "Scatter chart of LCR against PGR, a mark for each city; the ranking has the values.",
        ),
        caption=translate(
            "Dbar",
            "A mark is a city. Above the dotted diagonal built-up area grows faster than the "
            "population; left of the vertical line the population falls.",
        ),
        views=views,
        view_label=translate("Dbar", "Period"),
    )
    return _section("growth", title, chart, _regime_table(tables, translate))


def _regime_table(tables: _Tables, translate: Translate) -> Html:
    """Return the regimes that occur, what they mean and how many cities are in each."""
    counts = {
        period: _counted(str(row["regime"]) for row in tables.cities[period])
        for period in tables.headline
    }
    columns = [
        Column(translate("Dbar", "Regime")),
        Column(translate("Dbar", "Meaning")),
        Column(translate("Dbar", "Efficiency")),
    ]
    above = translate("Dbar", "Cities")
    columns += [Column(period.label, True, above) for period in tables.headline]
    groups = _efficiency_labels(translate)
    rows: list[list[object]] = []
    for code, (efficiency, meaning) in _regimes(translate).items():
        if any(code in count for count in counts.values()):
            rows.append([_marked(code, efficiency), meaning, groups[efficiency]])
            rows[-1] += [number(count.get(code, 0), 0) for count in counts.values()]
    if any("" in count for count in counts.values()):
        meaning = translate("Dbar", "Undefined: a rate is missing, see the flags")
        rows.append([html.UNDEFINED, meaning, ""])
        rows[-1] += [number(count.get("", 0), 0) for count in counts.values()]
    caption = translate("Dbar", "Regimes that occur, by the signs of LCR and PGR and their ratio.")
    return html.table(columns, rows, caption=caption, class_="texts")


def _ranking(tables: _Tables, translate: Translate) -> Html:
    grouped = len(tables.groups) > 1
    columns = [Column(translate("Dbar", "City"))]
    if grouped:
        columns.append(Column(translate("Dbar", "Group")))
    for period in tables.headline:
        above = translate("Dbar", "{period} (rates in % per year)").format(
            period=_period_label(period, translate)
        )
        columns += [
            Column(translate("Dbar", "LCR"), True, above),
            Column(translate("Dbar", "PGR"), True, above),
            Column(translate("Dbar", "LCRPGR"), True, above),
            Column(translate("Dbar", "Regime"), False, above),
        ]
    above = translate("Dbar", "In {year}").format(year=_year(tables.last.end))
    columns += [
        Column(translate("Dbar", "Built-up, km²"), True, above),
        Column(translate("Dbar", "Persons"), True, above),
        Column(translate("Dbar", "m² per person"), True, above),
        Column(translate("Dbar", "Flags")),
    ]
    cities = list(zip(*(tables.cities[period] for period in tables.headline), strict=True))
    rows = []
    for periods in sorted(cities, key=lambda periods: _rank(periods[0])):
        last = periods[0]
        cells: list[object] = [last["city"]]
        if grouped:
            cells.append(last["group"] or "")
        for row in periods:
            cells += [
                _rate(row, "lcr"),
                _rate(row, "pgr"),
                _ratio(row),
                _marked(str(row["regime"]), str(row["efficiency"])) if row["regime"] else "",
            ]
        cells += [
            number(last["v_end_km2"]),
            number(last["p_end"], 0),
            number(last["bupc_end_m2"], 1),
            _codes(dict.fromkeys(flag for row in periods for flag in _flags(row))),
        ]
        rows.append(cells)
    caption = translate(
        "Dbar",
        "Cities by LCRPGR of the last interval, highest first. Ratios over hardly any population "
        "growth (PGR_NEAR_ZERO) and undefined ones come last.",
    )
    remark = element(
        "p",
        translate("Dbar", "The plugin's interval table holds every city and every interval."),
        class_="small",
    )
    return _section(
        "ranking",
        translate("Dbar", "Ranking of cities"),
        html.long_table(columns, rows, translate, caption=caption, class_="ranking"),
        remark,
    )


def _distribution(tables: _Tables, translate: Translate) -> Html:
    parts: list[object] = [
        element(
            "p",
            translate(
                "Dbar",
                "The aggregates differ because the ratio of totals weighs every city by its land "
                "and people, whereas a mean of ratios can be carried far away by a few cities "
                "whose population hardly changes; the median and the trimmed mean resist them.",
            ),
        )
    ]
    defined = any(tables.group(name, p)["n_defined"] for name in tables.groups
                  for p in tables.headline)
    if defined and len(tables.groups) <= MOST_DRAWN_GROUPS:
        data, layout, views = aggregates_figure(tables, translate)
        parts.append(
            html.figure(
                "aggregates",
                data,
                layout,
                label=translate(
                    "Dbar",
                    "Chart of the ratio of totals, means, median and quartiles of LCRPGR by group; "
                    "the table below has the values.",
                ),
                caption=translate(
                    "Dbar",
                    "LCRPGR by group and aggregate. A triangle at the edge stands for a value outside "
                    "the frame; the table has it.",
                ),
                views=views,
                view_label=translate("Dbar", "Period"),
            )
        )
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Period")),
        Column(translate("Dbar", "all"), True, translate("Dbar", "Cities")),
        Column(translate("Dbar", "defined"), True, translate("Dbar", "Cities")),
        Column(translate("Dbar", "undefined"), True, translate("Dbar", "Cities")),
    ]
    above = translate("Dbar", "LCRPGR")
    statistics = {
        "ratio_of_totals": translate("Dbar", "ratio of totals"),
        "weighted_mean": translate("Dbar", "weighted mean"),
        "mean": translate("Dbar", "mean"),
        "median": translate("Dbar", "median"),
        "q1": translate("Dbar", "lower quartile"),
        "q3": translate("Dbar", "upper quartile"),
        "trimmed_mean": translate("Dbar", "5 % trimmed mean"),
    }
    columns += [Column(label, True, above) for label in statistics.values()]
    columns.append(Column(translate("Dbar", "Above 1, % of cities"), True))
    rows = []
    for name, period, row in _headline_rows(tables):
        cells: list[object] = [_group_label(name, translate), _period_cell(period, translate)]
        cells += [number(row[key], 0) for key in ("n", "n_defined", "n_undefined")]
        cells.append(_ratio(row))
        cells += [number(row[key]) for key in list(statistics)[1:]]
        cells.append(_share(row["share_above_1"]))
        rows.append(cells)
    caption = translate(
        "Dbar",
        "Aggregates of LCRPGR. PGR_NEAR_ZERO cities are left out of median, quartiles and trimmed "
        "mean; the weights are the populations at the end.",
    )
    parts.append(_any_table(columns, rows, translate, caption))

    codes = [
        code
        for code in _regimes(translate)
        if any(finite(row[f"share_{code.lower()}"]) for _, _, row in _headline_rows(tables))
    ]
    if codes:
        efficiencies = _efficiency_labels(translate)
        columns = [Column(translate("Dbar", "Group")), Column(translate("Dbar", "Period"))]
        above = translate("Dbar", "Share of cities, %")
        columns += [Column(label, True, above) for label in efficiencies.values()]
        above = translate("Dbar", "Share of cities by regime, %")
        columns += [Column(code, True, above) for code in codes]
        rows = []
        for name, period, row in _headline_rows(tables):
            cells = [_group_label(name, translate), _period_cell(period, translate)]
            cells += [_share(row[f"share_{key}"], key) for key in efficiencies]
            cells += [_share(row[f"share_{code.lower()}"]) for code in codes]
            rows.append(cells)
        caption = translate("Dbar", "Regimes among the cities that have both rates.")
        parts.append(_any_table(columns, rows, translate, caption))
    return _section("distribution", translate("Dbar", "Distribution among cities"), *parts)


def _notes(report: LandUseEfficiencyReport, tables: _Tables, translate: Translate) -> Html:
    parts: list[object] = []
    if report.warnings:
        parts.append(element("h3", translate("Dbar", "Warnings")))
        parts.append(element("ul", *(element("li", text) for text in report.warnings)))
    values: dict[str, int] = {}
    cities: dict[str, set[int]] = {}
    for period in tables.periods:
        for city, row in enumerate(tables.cities[period]):
            for code in _flags(row):
                values[code] = values.get(code, 0) + 1
                cities.setdefault(code, set()).add(city)
    if values:
        columns = [
            Column(translate("Dbar", "Flag")),
            Column(translate("Dbar", "Meaning")),
            Column(translate("Dbar", "What to do")),
            Column(translate("Dbar", "Cities"), True),
            Column(translate("Dbar", "Values"), True),
        ]
        explained = _flag_texts(translate)
        order = {code: i for i, code in enumerate(explained)}
        rows = [
            [
                _codes([code]),
                *explained.get(code, ("", "")),
                number(len(cities[code]), 0),
                number(values[code], 0),
            ]
            for code in sorted(values, key=lambda code: order.get(code, len(order)))
        ]
        caption = translate(
            "Dbar",
            "Flags that occur, with the number of cities and of values (a city in a period) that "
            "carry them.",
        )
        parts.append(html.table(columns, rows, caption=caption, class_="texts"))
    if not parts:
        parts.append(element("p", translate("Dbar", "No value is flagged and nothing was warned of.")))
    return _section("notes", translate("Dbar", "Notes on the data"), *parts)


def _provenance(report: LandUseEfficiencyReport, translate: Translate) -> Html:
    roles = {
        "builtup": translate("Dbar", "built-up area"),
        "population": translate("Dbar", "population"),
    }
    columns = [
        Column(translate("Dbar", "Raster")),
        Column(translate("Dbar", "Year")),
        Column(translate("Dbar", "Role")),
        Column(translate("Dbar", "CRS")),
        Column(translate("Dbar", "Cell size")),
        Column(translate("Dbar", "No-data value")),
    ]
    rows = [
        [
            row.get("name", ""),
            row.get("year", ""),
            roles.get(row.get("role", ""), row.get("role", "")),
            row.get("crs", ""),
            row.get("cell_size", ""),
            row.get("nodata", "") or html.UNDEFINED,
        ]
        for row in report.inputs
    ]
    software = translate("Dbar", "DBAR SDG Tools {version}, formula {formula}.").format(
        version=report.plugin_version, formula=report.formula
    )
    citation = translate(
        "Dbar",
        "United Nations Statistics Division: SDG indicator metadata 11-03-01, ratio of land "
        "consumption rate to population growth rate, edition of 2021-03-01.",
    )
    sources = [element("li", citation)]
    if report.formula == "2018":
        older = translate(
            "Dbar", "UN-Habitat: training module on indicator 11.3.1, edition of 2018."
        )
        sources.append(element("li", older))
    sources.append(element("li", software))
    return _section(
        "provenance",
        translate("Dbar", "Inputs and method"),
        html.table(columns, rows, caption=translate("Dbar", "Input rasters")) if rows else "",
        element("h3", translate("Dbar", "Parameters")),
        _facts(list(report.parameters.items()), "parameters"),
        element("h3", translate("Dbar", "How to cite the method")),
        element("ul", *sources),
    )


def _reading(row: Row, translate: Translate) -> str:
    """Say in words how built-up area and population of a group changed."""
    land = _direction(row["v_start_km2"], row["v_end_km2"], row["lcr"])
    people = _direction(row["p_start"], row["p_end"], row["pgr"])
    ratio = finite(row["ratio_of_totals"])
    if land is None or people is None:
        text = translate("Dbar", "A rate is undefined, so there is no ratio.")
    elif ratio is None or not land or not people or land != people:
        text = {
            (1, 0): translate("Dbar", "Built-up area grew, the population did not change."),
            (1, -1): translate("Dbar", "Built-up area grew while the population fell."),
            (0, 1): translate("Dbar", "Built-up area did not change while the population grew."),
            (0, 0): translate("Dbar", "Neither built-up area nor population changed."),
            (0, -1): translate("Dbar", "Built-up area did not change while the population fell."),
            (-1, 1): translate("Dbar", "Built-up area shrank while the population grew."),
            (-1, 0): translate("Dbar", "Built-up area shrank, the population did not change."),
        }.get((land, people), translate("Dbar", "Built-up area and population shrank."))
    elif number(ratio) == number(1):
        text = (
            translate("Dbar", "Built-up area and population grew at the same rate.")
            if land > 0
            else translate("Dbar", "Built-up area and population shrank at the same rate.")
        )
    elif land > 0:
        text = (
            translate("Dbar", "Built-up area grew {ratio} times as fast as the population.")
            if ratio > 1
            else translate("Dbar", "Built-up area grew at only {ratio} times the population's rate.")
        ).format(ratio=number(ratio))
    else:
        text = (
            translate("Dbar", "Built-up area shrank {ratio} times as fast as the population.")
            if ratio > 1
            else translate("Dbar", "The population fell faster than built-up area shrank.")
        ).format(ratio=number(ratio))
    if "PGR_NEAR_ZERO" in _flags(row):
        text += " " + translate("Dbar", "The population hardly changed: read the ratio with care.")
    return text


def _direction(start: object, end: object, rate: object) -> int | None:
    """Return the sign of a change; by its rate, which knows what is only rounding."""
    known = finite(rate)
    if known is None or finite(start) is None or finite(end) is None:
        return None
    return (known > 0) - (known < 0)


def _regimes(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return efficiency and meaning of each regime."""
    meanings = (
        translate("Dbar", "Built-up area and population grow at the same rate"),
        translate("Dbar", "Both grow, the population faster"),
        translate("Dbar", "Built-up area unchanged, population grows"),
        translate("Dbar", "Built-up area shrinks, population grows faster than that"),
        translate("Dbar", "Built-up area shrinks as fast as the population grows"),
        translate("Dbar", "Built-up area shrinks faster than the population grows"),
        translate("Dbar", "Built-up area shrinks, population unchanged"),
        translate("Dbar", "Both shrink, built-up area faster"),
        translate("Dbar", "Built-up area and population shrink at the same rate"),
        translate("Dbar", "Both shrink, the population faster"),
        translate("Dbar", "Built-up area unchanged, population falls"),
        translate("Dbar", "Built-up area grows, population falls faster than that"),
        translate("Dbar", "Built-up area grows as fast as the population falls"),
        translate("Dbar", "Built-up area grows faster than the population falls"),
        translate("Dbar", "Built-up area grows, population unchanged"),
        translate("Dbar", "Both grow, built-up area faster"),
        translate("Dbar", "Neither built-up area nor population changes"),
    )
    efficiencies = ["efficient"] * 9 + ["inefficient"] * 7 + ["neutral"]
    return {
        f"R{index}": pair
        for index, pair in enumerate(zip(efficiencies, meanings, strict=True), start=1)
    }


def _efficiency_labels(translate: Translate) -> dict[str, str]:
    return {
        "efficient": translate("Dbar", "efficient"),
        "inefficient": translate("Dbar", "inefficient"),
        "neutral": translate("Dbar", "neutral"),
    }


def _flag_texts(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return what each flag means and what to do about it."""
    return {
        "PGR_ZERO": (
            translate("Dbar", "The population is the same at both ends, so there is no ratio."),
            translate("Dbar", "Report LCR and PGR apart, or take a longer interval."),
        ),
        "NO_CHANGE": (
            translate("Dbar", "Neither built-up area nor population changed: there is no ratio."),
            translate("Dbar", "Check that the epochs are different data, not copies."),
        ),
        "PGR_NEAR_ZERO": (
            translate(
                "Dbar", "The population hardly changed: a small error in it changes the ratio a lot."
            ),
            translate("Dbar", "Do not rank by this ratio; use the built-up area per person."),
        ),
        "V1_ZERO": (
            translate("Dbar", "No built-up area at the start, so there is no LCR."),
            translate("Dbar", "Check the first epoch, or start later."),
        ),
        "POP_ZERO": (
            translate("Dbar", "No inhabitants at one end, so there is no PGR."),
            translate("Dbar", "Check the population data and that they cover the city."),
        ),
        "LAND_LOSS": (
            translate("Dbar", "Less built-up area at the end than at the start."),
            translate("Dbar", "Real only after clearance or disaster; else compare both epochs."),
        ),
        "LAND_UNCHANGED": (
            translate("Dbar", "Built-up area is the same at both ends while the population changed."),
            translate("Dbar", "The product may see no change here; do not read 0 as efficiency."),
        ),
        "COVERAGE": (
            translate("Dbar", "Too small a part of the city has data."),
            translate("Dbar", "Use rasters that cover the whole city, or leave it out."),
        ),
        "TOO_SMALL": (
            translate("Dbar", "The city holds no cell centre, or none by the coverage rule chosen."),
            translate("Dbar", "Choose the exact coverage rule or finer rasters."),
        ),
        "OVERLAP": (
            translate("Dbar", "The city overlaps another one: group totals count the land twice."),
            translate("Dbar", "Mend the boundaries before you use group totals."),
        ),
        "IMPLAUSIBLE_JUMP": (
            translate("Dbar", "Built-up area changed faster than cities do."),
            translate("Dbar", "Look for a change of sensor or classification between the epochs."),
        ),
        "NO_DATA": (
            translate("Dbar", "Built-up area or population is missing at one end."),
            translate("Dbar", "Complete the data; totals leave the city out of this interval."),
        ),
    }


def _formula_remark(formula: str, translate: Translate) -> str:
    if formula == "2018":
        return translate(
            "Dbar",
            "Formula 2018 is the older, logarithmic form. It gives lower ratios than formula 2021 "
            "where built-up area grows: do not mix the two in one series.",
        )
    return translate(
        "Dbar",
        "Formula 2021 is the current official form. Do not mix it in one series with the older, "
        "logarithmic one of 2018, which gives lower ratios where built-up area grows.",
    )


def _region_labels(low: float, high: float, translate: Translate) -> list[dict]:
    """Name the parts of the scatter chart by their regimes."""
    regions = (
        (0.36, 0.94, "center", "R16", translate("Dbar", "land grows faster")),
        (0.99, 0.42, "right", "R2", translate("Dbar", "population grows faster")),
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
            "font": {"size": 11, "color": html.FAINT_INK},
            "text": f"<b>{codes}</b><br>"
            + "<br>".join(textwrap.wrap(html.plot_text(text), 16, break_long_words=False)),
        }
        for x, y, anchor, codes, text in regions
    ]


def _frame(tables: _Tables) -> tuple[float, float]:
    """Return the range of both axes of the scatter chart, equal so that the diagonal is 1:1.

    With many cities a few outliers would press all others into one blot: the frame then holds 99 %
    of the rates of all periods.
    """
    rows = [row for period in tables.periods for row in tables.cities[period]]
    rates = [finite(row[key]) for row in rows if row["regime"] for key in ("lcr", "pgr")]
    values = 100 * np.array([rate for rate in rates if rate is not None] or [0.0])
    many = len(tables.cities[tables.last]) > MOST_UNFRAMED_CITIES
    low, high = np.percentile(values, [0.5, 99.5] if many else [0, 100])
    span = max(high, 0.0) - min(low, 0.0) or 1.0
    low, high = min(low, 0.0) - 0.05 * span, max(high, 0.0) + 0.05 * span
    # Room for the labels of the quadrants on both sides of zero.
    share = 0.22
    low = min(low, -share / (1 - share) * high)
    high = max(high, -share / (1 - share) * low)
    return float(low), float(high)


def _framing_values(rows: Sequence[Row]) -> list[float]:
    """Return the aggregates that a chart must hold: not those that a near-zero growth blew up."""
    values = [finite(row[key]) for row in rows for key in ("q1", "q3", "median", "trimmed_mean")]
    values += [
        finite(row["ratio_of_totals"]) for row in rows if "PGR_NEAR_ZERO" not in _flags(row)
    ]
    return [value for value in values if value is not None]


def _rank(row: Row) -> tuple[bool, bool, float]:
    value = finite(row["lcrpgr"])
    return value is None, "PGR_NEAR_ZERO" in _flags(row), -(value or 0.0)


def _ratio(row: Row) -> object:
    """Return the ratio of a city or of a group's totals; undefined, with the flag that says why."""
    value = row["lcrpgr"] if "lcrpgr" in row else row["ratio_of_totals"]
    return _known_or_flag(finite(value), row, _CAUSES["ratio"])


def _rate(row: Row, key: str) -> object:
    """Return a rate in % per year; undefined, with the flag that says why."""
    rate = finite(row[key])
    return _known_or_flag(None if rate is None else 100 * rate, row, _CAUSES[key])


def _known_or_flag(value: float | None, row: Row, causes: Sequence[str]) -> object:
    cause = next((code for code in causes if code in _flags(row)), None)
    if value is not None or cause is None:
        return number(value)
    return html.join([html.UNDEFINED, " ", element("small", _codes([cause]))])


def _share(share: object, kind: str = "") -> object:
    known = finite(share)
    if known is None:
        return html.UNDEFINED
    text = number(100 * known, 1)
    if not kind:
        return text
    return element("span", text, class_=f"bar {kind}", style=f"--share:{100 * known:.1f}%")


def _marked(code: str, efficiency: str) -> Html:
    mark = element("span", MARKS[efficiency], class_=efficiency, aria_hidden="true")
    return html.join([mark, "\N{NO-BREAK SPACE}", code])


def _codes(codes: object) -> Html:
    """Return flag codes that may break after an underscore."""
    texts = (Html(html.escape(code).replace("_", "_<wbr>")) for code in codes)
    return html.join([element("code", text) for text in texts], " ")


def _flags(row: Row) -> list[str]:
    return [code for code in str(row["flags"] or "").split(";") if code]


def _from_to(start: object, end: object, tables: _Tables, decimals: int) -> Html:
    years = _years(tables)
    parts = [
        element("span", element("b", number(value, decimals)), " ", element("small", year))
        for value, year in zip((start, end), years, strict=True)
    ]
    known = finite(start), finite(end)
    change = Html()
    if known[0] and known[1] is not None:
        text = number(100 * (known[1] / known[0] - 1), 1, signed=True)
        change = element("span", f"{text} %", class_="change")
    return html.join([parts[0], " → ", parts[1], " ", change])


def _per_person(area_km2: object, population: object) -> float | None:
    area, people = finite(area_km2), finite(population)
    return None if area is None or not people else area * 1e6 / people


def _years(tables: _Tables) -> tuple[str, str]:
    return _year(tables.steps[0].start), _year(tables.last.end)


def _year(value: object) -> str:
    return f"{float(value):g}"  # type: ignore[arg-type]


def _period_cell(period: Period, translate: Translate) -> Html:
    text = translate("Dbar", "{years} (all)") if period.full else "{years}"
    return element("span", text.format(years=period.label), class_="nowrap")


def _period_label(period: Period, translate: Translate) -> str:
    if not period.full:
        return period.label
    return translate("Dbar", "{years}, whole period").format(years=period.label)


def _group_label(name: str, translate: Translate) -> str:
    return name or translate("Dbar", "All cities")


def _headline_rows(tables: _Tables) -> list[tuple[str, Period, Row]]:
    return [
        (name, period, tables.group(name, period))
        for period in tables.headline
        for name in [*tables.groups[1:], ""]
    ]


def _any_table(
    columns: Sequence[Column], rows: Sequence[Sequence[object]], translate: Translate, caption: str
) -> Html:
    if len(rows) > 60:
        return html.long_table(columns, rows, translate, caption=caption)
    return html.table(columns, rows, caption=caption)


def _section(identifier: str, title: str, *parts: object) -> Html:
    heading = element("h2", title, id=f"{identifier}-title")
    return element(
        "section", heading, *parts, id=identifier, aria_labelledby=f"{identifier}-title"
    )


def _facts(pairs: Sequence[tuple[str, object]], class_: str) -> Html:
    items = (element("div", element("dt", name), element("dd", value)) for name, value in pairs)
    return element("dl", *items, class_=class_)


def _counted(values: object) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _rounded(value: object, factor: float = 1) -> float | None:
    """Return a value for a figure: five significant digits are more than a screen shows."""
    known = finite(value)
    return None if known is None else float(f"{known * factor:.5g}")


def _rows(columns: Mapping[str, Sequence[object]]) -> list[Row]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _period(row: Row) -> Period:
    return Period(row["year_start"], row["year_end"], row["span"] == "full")
