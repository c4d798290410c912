"""Report on SDG 11.3.1: land consumption rate, population growth rate and their ratio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports import land_use_efficiency_texts as texts
from dbar_qgis_plugin.reports.html import (
    UNDEFINED,
    Column,
    Html,
    Translate,
    element,
    finite,
    join,
    number,
)
from dbar_qgis_plugin.reports.land_use_efficiency_figures import (
    aggregates_figure,
    curves_figure,
    scatter_figure,
)
from dbar_qgis_plugin.reports.land_use_efficiency_tables import (
    Period,
    Row,
    Tables,
    flags_of,
    ratio_of,
    year_label,
)
from dbar_qgis_plugin.reports.land_use_efficiency_texts import group_label, period_label

MOST_DRAWN_GROUPS = 24
M2_PER_KM2 = 1e6

# The shapes of the scatter chart's marks, so that colour is never the only sign.
_MARKS = {"efficient": "●", "inefficient": "▲", "neutral": "■"}

# Which flags can be why a value is undefined, the deepest cause first.
_CAUSES = {
    "lcr": ("NO_DATA", "TOO_SMALL", "V1_ZERO", "LAND_LOSS"),
    "pgr": ("NO_DATA", "TOO_SMALL", "POP_ZERO"),
    "ratio": ("NO_DATA", "TOO_SMALL", "NO_CHANGE", "V1_ZERO", "POP_ZERO", "PGR_ZERO", "LAND_LOSS"),
}


@dataclass(frozen=True)
class LandUseEfficiencyReport:
    """What the report tells, as plain values and tables of columns.

    Attributes
    ----------
    title, created, plugin_version : str
        Heading, time of the run and version of the plugin.
    formula : str
        "2021" or "2018".
    parameters : mapping of str to str
        Values by label, both as the user should read them.
    inputs : sequence of mappings
        A row for each raster: name, year, role, crs, cell_size, nodata.
    intervals, groups : mapping of columns
        The interval and the group table of the pipeline: rates as decimals per year, shares from 0
        to 1, None or NaN where undefined.
    warnings : sequence of str
        As the user should read them.
    """

    title: str
    created: str
    plugin_version: str
    formula: str
    parameters: Mapping[str, str]
    inputs: Sequence[Mapping[str, str]]
    intervals: Mapping[str, Sequence[object]]
    groups: Mapping[str, Sequence[object]]
    warnings: Sequence[str]


def render_land_use_efficiency(report: LandUseEfficiencyReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : LandUseEfficiencyReport
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
    tables = Tables(report.groups, report.intervals)
    return html.document(
        report.title,
        _header(report, tables, translate),
        _headline(tables, translate),
        _series(tables, translate),
        _growth(tables, translate),
        _ranking(tables, translate),
        _distribution(tables, translate),
        _notes(report, tables, translate),
        _provenance(report, translate),
        translate=translate,
    )


def _header(report: LandUseEfficiencyReport, tables: Tables, translate: Translate) -> Html:
    facts = [
        (translate("Dbar", "Period"), (tables.full or tables.last).label),
        (translate("Dbar", "Intervals"), number(len(tables.steps), 0)),
        (translate("Dbar", "Cities"), number(tables.group("", tables.last)["n"], 0)),
        (translate("Dbar", "Formula"), report.formula),
        *html.software_facts(report.created, report.plugin_version, translate),
    ]
    lead = translate(
        "Dbar",
        "Ratio of the rate at which cities consume land to the rate at which their population "
        "grows.",
    )
    symbols = translate(
        "Dbar",
        "V: built-up area, P: population, 1 and 2: start and end of an interval of t years. "
        "LCR: land consumption rate, PGR: population growth rate.",
    )
    remark = texts.formula_remark(report.formula, translate)
    return html.header(
        translate("Dbar", "SDG indicator 11.3.1"),
        report.title,
        lead,
        facts,
        element(
            "div",
            element("p", *texts.equations(report.formula), class_="equations"),
            element("p", symbols, " ", remark, class_="small"),
            class_="formula",
        ),
        html.warning_notice(
            len(report.warnings), translate("Dbar", "Notes on the data"), "notes", translate
        ),
    )


def _headline(tables: Tables, translate: Translate) -> Html:
    title = translate("Dbar", "LCRPGR of all cities, {period}")
    cards = []
    for period in tables.headline:
        row = tables.group("", period)
        label = title.format(period=period_label(period, translate))
        cards.append(
            element(
                "div",
                element("p", label, class_="kicker"),
                element("p", _ratio(row), class_="big"),
                element("p", texts.reading(row, translate)),
                class_="card",
            )
        )
    whole = tables.full or tables.last
    row = tables.group("", whole)
    land = row["v_start_km2"], row["v_end_km2"]
    people = row["p_start"], row["p_end"]
    per_person = [_per_person(*pair) for pair in zip(land, people, strict=True)]
    totals = [
        (translate("Dbar", "Built-up area, km²"), _change(whole, land, 1)),
        (translate("Dbar", "Population, persons"), _change(whole, people, 0)),
        (translate("Dbar", "Built-up area per person, m²"), _change(whole, per_person, 1)),
    ]
    return html.section(
        "headline",
        translate("Dbar", "Key figures"),
        element("div", *cards, class_="cards"),
        html.definitions(totals, "totals"),
        _group_headline(tables, translate) if len(tables.groups) > 1 else "",
    )


def _group_headline(tables: Tables, translate: Translate) -> Html:
    whole = tables.full or tables.last
    years = year_label(whole.start), year_label(whole.end)
    land = translate("Dbar", "Built-up area, km²")
    people = translate("Dbar", "Population, persons")
    ratio = translate("Dbar", "LCRPGR")
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Cities"), True),
        *(Column(period_label(period, translate), False, ratio) for period in tables.headline),
        *(Column(year, True, land) for year in years),
        *(Column(year, True, people) for year in years),
    ]
    rows = []
    for name in tables.listed_groups:
        totals = tables.group(name, whole)
        rows.append(
            [
                group_label(name, translate),
                number(totals["n"], 0),
                *(_read_ratio(tables.group(name, p), translate) for p in tables.headline),
                *(number(totals[key], 1) for key in ("v_start_km2", "v_end_km2")),
                *(number(totals[key], 0) for key in ("p_start", "p_end")),
            ]
        )
    caption = translate(
        "Dbar",
        "Ratio of totals by group: the built-up areas and the populations of the group's cities "
        "are summed first, then the formula is applied.",
    )
    return html.table(columns, rows, caption=caption, class_="groups")


def _series(tables: Tables, translate: Translate) -> Html:
    rates = [
        finite(tables.group(name, period)[key])
        for name in tables.groups
        for period in tables.steps
        for key in ("lcr", "pgr")
    ]
    if len(tables.steps) == 1:
        text = translate("Dbar", "One interval only: there is no series to draw yet.")
        drawing = element("p", text)
    elif all(rate is None for rate in rates):
        drawing = element("p", translate("Dbar", "No rate is known: there is nothing to draw."))
    else:
        drawing = html.figure(
            "curves",
            curves_figure(tables, translate),
            label=translate(
                "Dbar",
                "Line chart of LCR, PGR and LCRPGR by period; the table below has the values.",
            ),
            caption=translate(
                "Dbar",
                "Above, the two rates; below, their ratio. At the dotted line (1) built-up area "
                "and population grow at the same rate. A gap means that the ratio is undefined.",
            ),
            view_label=translate("Dbar", "Group"),
        )
    title = translate("Dbar", "Development over time")
    return html.section("series", title, drawing, _series_table(tables, translate))


def _series_table(tables: Tables, translate: Translate) -> Html:
    rates = translate("Dbar", "% per year")
    land = translate("Dbar", "Built-up area, km²")
    people = translate("Dbar", "Population, persons")
    start, end = translate("Dbar", "start"), translate("Dbar", "end")
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Period")),
        Column(translate("Dbar", "LCR"), True, rates),
        Column(translate("Dbar", "PGR"), True, rates),
        Column(translate("Dbar", "LCRPGR"), True),
        Column(start, True, land),
        Column(end, True, land),
        Column(start, True, people),
        Column(end, True, people),
        Column(translate("Dbar", "Flags")),
    ]
    rows = []
    for name in tables.listed_groups:
        for period in tables.periods:
            row = tables.group(name, period)
            rows.append(
                [
                    group_label(name, translate),
                    _period_cell(period, translate),
                    _rate(row, "lcr"),
                    _rate(row, "pgr"),
                    _ratio(row),
                    *(number(row[key], 1) for key in ("v_start_km2", "v_end_km2")),
                    *(number(row[key], 0) for key in ("p_start", "p_end")),
                    html.codes(flags_of(row)),
                ]
            )
    caption = translate("Dbar", "Rates and ratio of the totals, by group and period.")
    if tables.full is not None:
        caption += " " + translate(
            "Dbar",
            "The whole period is computed from its two ends; it is not the mean of its intervals.",
        )
    return html.fitting_table(columns, rows, translate, caption, "flagged")


def _growth(tables: Tables, translate: Translate) -> Html:
    figure = scatter_figure(tables, translate)
    if figure.data:
        drawing = html.figure(
            "scatter",
            figure,
            label=translate(
                "Dbar",
                "Scatter chart of LCR against PGR with a mark for each city; the ranking has the "
                "values.",
            ),
            caption=translate(
                "Dbar",
                "A mark is a city. Above the dotted diagonal built-up area grows faster than the "
                "population; left of the vertical line the population falls.",
            ),
            view_label=translate("Dbar", "Period"),
        )
    else:
        text = translate("Dbar", "No city has both rates: there is nothing to draw.")
        drawing = element("p", text)
    title = translate("Dbar", "Land consumption against population growth")
    return html.section("growth", title, drawing, _regime_table(tables, translate))


def _regime_table(tables: Tables, translate: Translate) -> Html:
    """Return the regimes that occur, what they mean and how many cities are in each."""
    counts = [
        Counter(str(row["regime"]) for row in tables.cities[period]) for period in tables.headline
    ]
    cities = translate("Dbar", "Cities")
    columns = [
        Column(translate("Dbar", "Regime")),
        Column(translate("Dbar", "Meaning")),
        Column(translate("Dbar", "Efficiency")),
        *(Column(period.label, True, cities) for period in tables.headline),
    ]
    labels = texts.efficiency_labels(translate)
    described = {
        code: [_marked(code, kind), meaning, labels[kind]]
        for code, (kind, meaning) in texts.regimes(translate).items()
    }
    undefined = translate("Dbar", "Undefined: a rate is missing, see the flags")
    described[""] = [UNDEFINED, undefined, ""]
    rows = [
        [*cells, *(number(count[code], 0) for count in counts)]
        for code, cells in described.items()
        if any(count[code] for count in counts)
    ]
    caption = translate("Dbar", "Regimes that occur, by the signs of LCR and PGR and their ratio.")
    return html.table(columns, rows, caption=caption, class_="texts")


def _ranking(tables: Tables, translate: Translate) -> Html:
    grouped = len(tables.groups) > 1
    columns = [Column(translate("Dbar", "City"))]
    if grouped:
        columns.append(Column(translate("Dbar", "Group")))
    with_unit = translate("Dbar", "{period} (rates in % per year)")
    for period in tables.headline:
        above = with_unit.format(period=period_label(period, translate))
        columns += [
            Column(translate("Dbar", "LCR"), True, above),
            Column(translate("Dbar", "PGR"), True, above),
            Column(translate("Dbar", "LCRPGR"), True, above),
            Column(translate("Dbar", "Regime"), False, above),
        ]
    above = translate("Dbar", "In {year}").format(year=year_label(tables.last.end))
    columns += [
        Column(translate("Dbar", "Built-up, km²"), True, above),
        Column(translate("Dbar", "Persons"), True, above),
        Column(translate("Dbar", "m² per person"), True, above),
        Column(translate("Dbar", "Flags")),
    ]
    cities = zip(*(tables.cities[period] for period in tables.headline), strict=True)
    rows = [_ranking_row(city, grouped) for city in sorted(cities, key=lambda city: _rank(city[0]))]
    caption = translate(
        "Dbar",
        "Cities by LCRPGR of the last interval, highest first. Ratios over hardly any population "
        "growth (PGR_NEAR_ZERO) and undefined ones come last.",
    )
    remark = translate("Dbar", "The plugin's interval table holds every city and every interval.")
    return html.section(
        "ranking",
        translate("Dbar", "Ranking of cities"),
        html.long_table(columns, rows, translate, caption=caption, class_="ranking flagged"),
        element("p", remark, class_="small"),
    )


def _ranking_row(city: Sequence[Row], grouped: bool) -> list[object]:
    """Return the cells of a city, whose rows are those of the periods of the headline."""
    last = city[0]
    cells: list[object] = [last["city"]]
    if grouped:
        cells.append(last["group"] or "")
    for row in city:
        regime = _marked(str(row["regime"]), str(row["efficiency"])) if row["regime"] else UNDEFINED
        cells += [_rate(row, "lcr"), _rate(row, "pgr"), _ratio(row), regime]
    return [
        *cells,
        number(last["v_end_km2"]),
        number(last["p_end"], 0),
        number(last["bupc_end_m2"], 1),
        html.codes(dict.fromkeys(code for row in city for code in flags_of(row))),
    ]


def _rank(row: Row) -> tuple[bool, bool, float]:
    ratio = ratio_of(row)
    return ratio is None, "PGR_NEAR_ZERO" in flags_of(row), -(ratio or 0.0)


def _distribution(tables: Tables, translate: Translate) -> Html:
    explanation = translate(
        "Dbar",
        "The aggregates differ because the ratio of totals weighs every city by its land and "
        "people, whereas a mean of ratios can be carried far away by a few cities whose population "
        "hardly changes; the median and the trimmed mean resist them.",
    )
    drawing = Html()
    defined = any(row["n_defined"] for _, _, row in tables.headline_rows())
    if defined and len(tables.groups) <= MOST_DRAWN_GROUPS:
        drawing = html.figure(
            "aggregates",
            aggregates_figure(tables, translate),
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
            view_label=translate("Dbar", "Period"),
        )
    return html.section(
        "distribution",
        translate("Dbar", "Distribution among cities"),
        element("p", explanation),
        drawing,
        _aggregates_table(tables, translate),
        _shares_table(tables, translate),
    )


def _aggregates_table(tables: Tables, translate: Translate) -> Html:
    cities, ratio = translate("Dbar", "Cities"), translate("Dbar", "LCRPGR")
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Period")),
        Column(translate("Dbar", "all"), True, cities),
        Column(translate("Dbar", "defined"), True, cities),
        Column(translate("Dbar", "undefined"), True, cities),
        Column(translate("Dbar", "ratio of totals"), True, ratio),
        Column(translate("Dbar", "weighted mean"), True, ratio),
        Column(translate("Dbar", "mean"), True, ratio),
        Column(translate("Dbar", "median"), True, ratio),
        Column(translate("Dbar", "lower quartile"), True, ratio),
        Column(translate("Dbar", "upper quartile"), True, ratio),
        Column(translate("Dbar", "5 % trimmed mean"), True, ratio),
        Column(translate("Dbar", "Above 1, % of cities"), True),
    ]
    rows = [
        [
            group_label(name, translate),
            _period_cell(period, translate),
            *(number(row[key], 0) for key in ("n", "n_defined", "n_undefined")),
            _ratio(row),
            *(number(row[key]) for key in ("weighted_mean", "mean", "median", "q1", "q3")),
            number(row["trimmed_mean"]),
            _share(row["share_above_1"]),
        ]
        for name, period, row in tables.headline_rows()
    ]
    caption = translate(
        "Dbar",
        "Aggregates of LCRPGR. PGR_NEAR_ZERO cities are left out of median, quartiles and trimmed "
        "mean; the weights are the populations at the end.",
    )
    return html.fitting_table(columns, rows, translate, caption)


def _shares_table(tables: Tables, translate: Translate) -> Html:
    """Return the shares of the regimes that occur, and of their kinds."""
    found = tables.headline_rows()
    codes = [
        code
        for code in texts.regimes(translate)
        if any(finite(row[f"share_{code.lower()}"]) for _, _, row in found)
    ]
    if not codes:
        return Html()
    labels = texts.efficiency_labels(translate)
    shares = translate("Dbar", "Share of cities, %")
    by_regime = translate("Dbar", "Share of cities by regime, %")
    columns = [
        Column(translate("Dbar", "Group")),
        Column(translate("Dbar", "Period")),
        *(Column(label, True, shares) for label in labels.values()),
        *(Column(code, True, by_regime) for code in codes),
    ]
    rows = [
        [
            group_label(name, translate),
            _period_cell(period, translate),
            *(_share(row[f"share_{kind}"], kind) for kind in labels),
            *(_share(row[f"share_{code.lower()}"]) for code in codes),
        ]
        for name, period, row in found
    ]
    caption = translate("Dbar", "Regimes among the cities that have both rates.")
    return html.fitting_table(columns, rows, translate, caption)


def _notes(report: LandUseEfficiencyReport, tables: Tables, translate: Translate) -> Html:
    parts: list[Html] = []
    if report.warnings:
        parts.append(element("h3", translate("Dbar", "Warnings")))
        parts.append(element("ul", *(element("li", text) for text in report.warnings)))
    flagged = [
        (code, city)
        for period in tables.periods
        for city, row in enumerate(tables.cities[period])
        for code in flags_of(row)
    ]
    if flagged:
        parts.append(_flag_table(flagged, translate))
    if not parts:
        text = translate("Dbar", "No value is flagged, and there is no warning.")
        parts.append(element("p", text))
    return html.section("notes", translate("Dbar", "Notes on the data"), *parts)


def _flag_table(flagged: Sequence[tuple[str, int]], translate: Translate) -> Html:
    """Return the flags that occur; `flagged` has a code and a city for each flagged value."""
    values = Counter(code for code, _ in flagged)
    cities = Counter(code for code, _ in set(flagged))
    columns = [
        Column(translate("Dbar", "Flag")),
        Column(translate("Dbar", "Meaning")),
        Column(translate("Dbar", "What to do")),
        Column(translate("Dbar", "Cities"), True),
        Column(translate("Dbar", "Values"), True),
    ]
    rows = [
        [html.codes([code]), meaning, advice, number(cities[code], 0), number(values[code], 0)]
        for code, (meaning, advice) in texts.flags(translate).items()
        if code in values
    ]
    caption = translate(
        "Dbar",
        "Flags that occur, with the number of cities and of values (a city in a period) that carry "
        "them.",
    )
    return html.table(columns, rows, caption=caption, class_="texts")


def _provenance(report: LandUseEfficiencyReport, translate: Translate) -> Html:
    sources = [
        translate(
            "Dbar",
            "United Nations Statistics Division: SDG indicator metadata 11-03-01, ratio of land "
            "consumption rate to population growth rate, edition of 2021-03-01.",
        )
    ]
    if report.formula == "2018":
        sources.append(
            translate("Dbar", "UN-Habitat: training module on indicator 11.3.1, edition of 2018.")
        )
    software = translate("Dbar", "DBAR SDG Tools {version}, formula {formula}.")
    sources.append(software.format(version=report.plugin_version, formula=report.formula))
    return html.provenance(
        _input_table(report.inputs, translate) if report.inputs else "",
        report.parameters,
        sources,
        translate,
    )


def _input_table(inputs: Sequence[Mapping[str, str]], translate: Translate) -> Html:
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
            row["name"],
            row["year"],
            roles[row["role"]],
            row["crs"],
            row["cell_size"],
            row["nodata"] or UNDEFINED,
        ]
        for row in inputs
    ]
    return html.table(columns, rows, caption=translate("Dbar", "Input rasters"))


def _read_ratio(row: Row, translate: Translate) -> Html:
    return join([element("b", _ratio(row)), element("p", texts.reading(row, translate))])


def _ratio(row: Row) -> object:
    """Return the ratio of a city or of a group's totals; undefined, with the flag that says why."""
    return _known_or_flag(ratio_of(row), row, _CAUSES["ratio"])


def _rate(row: Row, key: str) -> object:
    """Return a rate in % per year; undefined, with the flag that says why."""
    rate = finite(row[key])
    return _known_or_flag(None if rate is None else 100 * rate, row, _CAUSES[key])


def _known_or_flag(value: float | None, row: Row, causes: Sequence[str]) -> object:
    if value is not None:
        return number(value)
    flags = flags_of(row)
    cause = [code for code in causes if code in flags][:1]
    return join([UNDEFINED, *(element("small", html.codes([code])) for code in cause)], " ")


def _share(share: object, kind: str = "") -> object:
    """Return a share in %, with a bar behind it where it is that of a kind of regime."""
    known = finite(share)
    if known is None or not kind:
        return number(None if known is None else 100 * known, 1)
    width = f"--share:{100 * known:.1f}%"
    return element("span", number(100 * known, 1), class_=f"bar {kind}", style=width)


def _marked(code: str, kind: str) -> Html:
    return join([element("span", _MARKS[kind], class_=kind, aria_hidden="true"), "\u00a0", code])


def _change(period: Period, ends: Sequence[object], decimals: int) -> Html:
    """Return the values at both ends of a period and their relative change."""
    values = [
        join([element("b", number(value, decimals)), element("small", year_label(year))], " ")
        for value, year in zip(ends, period[:2], strict=True)
    ]
    first, last = (finite(value) for value in ends)
    change = Html()
    if first and last is not None:
        text = number(100 * (last / first - 1), 1, signed=True)
        change = element("span", f"{text} %", class_="change")
    arrow = join([element("span", value, class_="nowrap") for value in values], " → ")
    return join([arrow, change], " ")


def _per_person(area_km2: object, persons: object) -> float | None:
    area, people = finite(area_km2), finite(persons)
    return None if area is None or not people else area * M2_PER_KM2 / people


def _period_cell(period: Period, translate: Translate) -> Html:
    text = translate("Dbar", "{years} (all)") if period.full else "{years}"
    return element("span", text.format(years=period.label), class_="nowrap")
