"""Report on SDG 15.3.1: the proportion of land that is degraded, by zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports import land_degradation_texts as texts
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
from dbar_qgis_plugin.reports.land_degradation_figures import (
    class_colours,
    land_cover_figure,
    stacked_figure,
)

MOST_DRAWN_ZONES = 40
MOST_TRANSITIONS = 15
NO_DATA = -32768

Row = Mapping[str, object]


@dataclass(frozen=True)
class LandDegradationReport:
    """What the report tells, as plain values and tables of columns.

    Attributes
    ----------
    title, created, plugin_version : str
        Heading, time of the run and version of the plugin.
    denominator : str
        "land" or "trends_earth".
    period : str
        Such as "2000–2015"; may be empty.
    parameters : mapping of str to str
        Values by label, both as the user should read them.
    inputs : sequence of mappings
        A row for each raster: role, name, crs, cell_size, nodata, resampling.
    zones, crosstabs : mapping of columns
        The zone table and the crosstabs of the pipeline.
    colours : mapping of str to str
        Colours (#rrggbb) of degraded, stable and improved.
    warnings : sequence of str
        As the user should read them.
    """

    title: str
    created: str
    plugin_version: str
    denominator: str
    period: str
    parameters: Mapping[str, str]
    inputs: Sequence[Mapping[str, str]]
    zones: Mapping[str, Sequence[object]]
    crosstabs: Mapping[str, Sequence[object]]
    colours: Mapping[str, str]
    warnings: Sequence[str]


class _Tables:
    """The rows of a report: zones, their total, and the total's crosstabs."""

    def __init__(self, report: LandDegradationReport) -> None:
        rows = _rows(report.zones)
        # One zone alone is its own total.
        self.total = rows[-1]
        self.every_zone = [row for row in rows if row["level"] == "zone"]
        self.several = len(self.every_zone) > 1
        # A layer of the whole world would fill the page with rows of dashes.
        self.zones = [row for row in self.every_zone if "OUTSIDE" not in _flags_of(row)]
        self.has_people = "pop_degraded" in report.zones
        self._crosstabs: dict[str, list[Row]] = {}
        for row in _rows(report.crosstabs):
            if row["level"] == self.total["level"]:
                self._crosstabs.setdefault(str(row["table"]), []).append(row)

    def crosstab(self, name: str) -> list[Row]:
        """Return the rows of a crosstab for the whole area."""
        return self._crosstabs.get(name, [])


def render_land_degradation(report: LandDegradationReport, translate: Translate) -> str:
    """Return the report as one HTML document that needs no other file and no network.

    Parameters
    ----------
    report : LandDegradationReport
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
        _header(report, tables, translate),
        _headline(report, tables, translate),
        _zones(report, tables, translate) if tables.several else "",
        _sub_indicators(report, tables, translate),
        _land_cover(tables, translate),
        _carbon(tables, translate),
        _missing(report, tables, translate),
        _provenance(report, translate),
        translate=translate,
    )


def _header(report: LandDegradationReport, tables: _Tables, translate: Translate) -> Html:
    facts = [
        (translate("Dbar", "Period"), report.period or UNDEFINED),
        (translate("Dbar", "Zones"), number(len(tables.zones), 0)),
        (
            translate("Dbar", "Proportion of"),
            texts.denominator_label(report.denominator, translate),
        ),
        *html.software_facts(report.created, report.plugin_version, translate),
    ]
    return html.header(
        translate("Dbar", "SDG indicator 15.3.1"),
        report.title,
        translate("Dbar", "Proportion of land that is degraded over total land area."),
        facts if report.period else facts[1:],
        element(
            "div",
            element("p", texts.one_out_all_out(translate)),
            element("p", texts.denominator_remark(report.denominator, translate), class_="small"),
            class_="formula",
        ),
        html.warning_notice(
            len(report.warnings),
            translate("Dbar", "What is missing, and why"),
            "missing",
            translate,
        ),
    )


def _headline(report: LandDegradationReport, tables: _Tables, translate: Translate) -> Html:
    row = tables.total
    cards = [
        _card(
            translate("Dbar", "Degraded, {denominator}").format(
                denominator=texts.denominator_label(report.denominator, translate)
            ),
            row["degraded_pct"],
            translate("Dbar", "{degraded} of {whole} km²").format(
                degraded=number(_degraded(report, row), 1), whole=number(_whole(report, row), 1)
            ),
            report.colours["degraded"],
        )
    ]
    if report.denominator == "land":
        other, other_key = "trends_earth", "degraded_pct_te"
    else:
        other, other_key = "land", "degraded_pct_land"
    cards.append(
        _card(
            translate("Dbar", "Degraded, {denominator}").format(
                denominator=texts.denominator_label(other, translate)
            ),
            row[other_key],
            translate("Dbar", "The other denominator, for comparison."),
        )
    )
    if tables.has_people:
        people = translate("Dbar", "{count} persons live on degraded land.")
        cards.append(
            _card(
                translate("Dbar", "People on degraded land"),
                row["pop_degraded_pct"],
                people.format(count=number(row["pop_degraded"], 0)),
            )
        )
    labels = texts.class_labels(translate)
    whole = finite(row["total_km2"]) or 0.0
    totals = []
    for name in (*texts.CLASSES, "water"):
        area = finite(row[f"{name}_km2"]) or 0.0
        share = number(100 * area / whole if whole else None, 1)
        note = translate("Dbar", "{share} % of the area").format(share=share)
        if tables.has_people:
            persons = translate("Dbar", "{count} persons")
            note += ", " + persons.format(count=number(row[f"pop_{name}"], 0))
        value = join(
            [element("b", number(area, 1)), " km²", element("span", note, class_="change")]
        )
        totals.append((labels[name], value))
    return html.section(
        "headline",
        translate("Dbar", "Key figures"),
        element("div", *cards, class_="cards"),
        html.figure(
            "total",
            _area_figure(report, [row], [""], translate),
            label=translate("Dbar", "Bar of the shares of the classes; the figures stand below."),
            caption=translate("Dbar", "Shares of the whole area, water and no data included."),
        ),
        html.definitions(totals, "totals"),
    )


def _card(label: str, percent: object, text: str, colour: str = "") -> Html:
    known = finite(percent)
    value = UNDEFINED if known is None else join([number(known, 1), " ", element("small", "%")])
    rule = f"box-shadow:inset 0 6px 0 {colour}" if colour else None
    return element(
        "div",
        element("p", label, class_="kicker"),
        element("p", value, class_="big"),
        element("p", text),
        class_="card",
        style=rule,
    )


def _degraded(report: LandDegradationReport, row: Row) -> float | None:
    """Return the degraded area that the headline counts, which may lie on water too."""
    percent, whole = finite(row["degraded_pct"]), _whole(report, row)
    return None if percent is None or whole is None else percent * whole / 100


def _whole(report: LandDegradationReport, row: Row) -> float | None:
    return finite(row["land_km2" if report.denominator == "land" else "total_km2"])


def _area_figure(
    report: LandDegradationReport, rows: Sequence[Row], names: Sequence[str], translate: Translate
) -> html.Figure:
    labels = texts.class_labels(translate)
    colours = class_colours(report.colours)
    parts = [
        (labels[name], colours[name], [finite(row[f"{name}_km2"]) or 0.0 for row in rows])
        for name in (*texts.CLASSES, "water")
    ]
    return stacked_figure(names, parts, translate("Dbar", "Share of the area (%)"), translate)


def _zones(report: LandDegradationReport, tables: _Tables, translate: Translate) -> Html:
    known = [row for row in tables.zones if finite(row["degraded_pct"]) is not None]
    known.sort(key=lambda row: -(finite(row["degraded_pct"]) or 0.0))
    unknown = [row for row in tables.zones if finite(row["degraded_pct"]) is None]
    parts: list[object] = []
    drawn = known[:MOST_DRAWN_ZONES]
    if drawn:
        caption = translate("Dbar", "Zones by the proportion degraded, highest first.")
        if len(drawn) < len(tables.zones):
            caption += " " + translate("Dbar", "Drawn: {drawn} of {total} zones.").format(
                drawn=number(len(drawn), 0), total=number(len(tables.zones), 0)
            )
        names = [f"{row['zone']}, {number(row['degraded_pct'], 1)} %" for row in drawn]
        parts.append(
            html.figure(
                "zones-chart",
                _area_figure(report, drawn, names, translate),
                label=translate(
                    "Dbar", "Bars of the shares of the classes by zone; the table has the values."
                ),
                caption=caption,
            )
        )
    parts.append(_zone_table(tables, [*known, *unknown, tables.total], translate))
    outside = len(tables.every_zone) - len(tables.zones)
    if outside:
        text = translate("Dbar", "Zones outside the raster, left out here: {count}.")
        parts.append(element("p", text.format(count=number(outside, 0)), class_="small"))
    return html.section("zones", translate("Dbar", "Zones"), *parts)


def _zone_table(tables: _Tables, rows: Sequence[Row], translate: Translate) -> Html:
    proportion = translate("Dbar", "Degraded, %")
    area = translate("Dbar", "Area, km²")
    people = translate("Dbar", "Persons")
    labels = texts.class_labels(translate)
    columns = [
        Column(translate("Dbar", "Zone")),
        Column(translate("Dbar", "of land"), True, proportion),
        Column(translate("Dbar", "of all area"), True, proportion),
        Column(translate("Dbar", "of land with data"), True, proportion),
        *(Column(label, True, area) for label in labels.values()),
        Column(translate("Dbar", "Total"), True, area),
    ]
    if tables.has_people:
        columns += [Column(label, True, people) for label in labels.values()]
    columns.append(Column(translate("Dbar", "Flags")))
    cells = []
    for row in rows:
        percents = ("degraded_pct_land", "degraded_pct_te", "degraded_pct_data")
        line: list[object] = [row["zone"], *(number(row[key], 1) for key in percents)]
        line += [number(row[f"{name}_km2"], 1) for name in (*texts.CLASSES, "water", "total")]
        if tables.has_people:
            line += [number(row[f"pop_{name}"], 0) for name in labels]
        line.append(html.codes(_flags_of(row)))
        cells.append(line)
    caption = translate(
        "Dbar",
        "Areas by class: degraded, stable, improved and no data are land, inland water stands "
        "apart. The last row is all zones together.",
    )
    return html.fitting_table(columns, cells, translate, caption, "flagged")


def _sub_indicators(report: LandDegradationReport, tables: _Tables, translate: Translate) -> Html:
    found = {
        name: (label, tables.crosstab(name))
        for name, label in texts.table_labels(translate).items()
        if tables.crosstab(name)
    }
    if not found:
        text = translate(
            "Dbar",
            "No sub-indicator was given, so the report cannot tell which of them degrades the "
            "land.",
        )
        return html.section("causes", translate("Dbar", "Sub-indicators"), element("p", text))
    labels = texts.class_labels(translate)
    colours = class_colours(report.colours)
    names, values = [], []
    for name, (label, rows) in found.items():
        names.append(label)
        values.append(_three_classes(name, rows))
    parts = [(labels[key], colours[key], [value[key] for value in values]) for key in texts.CLASSES]
    lines = []
    for label, rows in found.values():
        by_class: dict[tuple[object, object], dict[object, float]] = {}
        for row in rows:
            key = _class_order(row["row_class"]), row["row_name"]
            by_class.setdefault(key, {})[row["column_class"]] = finite(row["km2"]) or 0.0
        whole = sum(sum(areas.values()) for areas in by_class.values())
        for (_, class_name), areas in sorted(by_class.items()):
            total = sum(areas.values())
            lines.append(
                [
                    label,
                    class_name,
                    number(areas.get(0, 0.0), 1),
                    number(areas.get(1, 0.0), 1),
                    number(total, 1),
                    number(100 * total / whole if whole else None, 1),
                ]
            )
    area = translate("Dbar", "Area, km²")
    columns = [
        Column(translate("Dbar", "Sub-indicator")),
        Column(translate("Dbar", "Class")),
        Column(translate("Dbar", "on land"), True, area),
        Column(translate("Dbar", "on water"), True, area),
        Column(translate("Dbar", "all"), True, area),
        Column(translate("Dbar", "Share of the area, %"), True),
    ]
    return html.section(
        "causes",
        translate("Dbar", "Sub-indicators"),
        html.figure(
            "causes-chart",
            stacked_figure(names, parts, translate("Dbar", "Share of the land (%)"), translate),
            label=translate(
                "Dbar", "Bars of the classes of the sub-indicators; the table has the values."
            ),
            caption=translate(
                "Dbar",
                "Land (without inland water) by class of each sub-indicator. Of land "
                "productivity, declining and moderate decline are degraded, stressed and stable "
                "are stable, increasing is improved.",
            ),
        ),
        html.table(
            columns, lines, caption=translate("Dbar", "Areas by class of the sub-indicators.")
        ),
    )


def _three_classes(table: str, rows: Sequence[Row]) -> dict[str, float]:
    """Return the land of a sub-indicator by class; five classes of productivity become three."""
    result = dict.fromkeys(texts.CLASSES, 0.0)
    five = table == "productivity" and any(row["row_class"] in (2, 3, 4, 5) for row in rows)
    of = {-1: "degraded", 0: "stable", 1: "improved"}
    if five:
        of = {1: "degraded", 2: "degraded", 3: "stable", 4: "stable", 5: "improved"}
    for row in rows:
        if row["column_class"] == 0:
            code = int(finite(row["row_class"]) or 0)
            result[of.get(code, "nodata")] += finite(row["km2"]) or 0.0
    return result


def _land_cover(tables: _Tables, translate: Translate) -> Html:
    initial = _by_row(tables.crosstab("land_cover_initial"))
    final = _by_row(tables.crosstab("land_cover_final"))
    if not initial:
        return Html()
    title = translate("Dbar", "Land cover")
    keys = sorted({*initial, *final})
    columns = [
        Column(translate("Dbar", "Class")),
        Column(translate("Dbar", "at the start"), True, translate("Dbar", "Area, km²")),
    ]
    if not final:
        rows = [[name, number(initial.get((order, name), 0.0), 1)] for order, name in keys]
        caption = translate("Dbar", "Areas by land cover class.")
        return html.section("land-cover", title, html.table(columns, rows, caption=caption))
    names = [name for _, name in keys]
    before = [initial.get(key, 0.0) for key in keys]
    after = [final.get(key, 0.0) for key in keys]
    columns += [
        Column(translate("Dbar", "at the end"), True, translate("Dbar", "Area, km²")),
        Column(translate("Dbar", "change"), True, translate("Dbar", "Area, km²")),
        Column(translate("Dbar", "Change, %"), True),
    ]
    rows = [
        [
            name,
            number(start, 1),
            number(end, 1),
            number(end - start, 1, signed=True),
            number(100 * (end / start - 1) if start else None, 1, signed=True),
        ]
        for name, start, end in zip(names, before, after, strict=True)
    ]
    return html.section(
        "land-cover",
        title,
        html.figure(
            "land-cover-chart",
            land_cover_figure(names, before, after, translate),
            label=translate(
                "Dbar", "Bars of the areas of land cover classes; the table has the values."
            ),
            caption=translate("Dbar", "Areas of the land cover classes at both ends."),
        ),
        html.table(columns, rows, caption=translate("Dbar", "Areas by land cover class.")),
        _transition_matrix(tables, keys, translate),
        _transition_list(tables, translate),
    )


def _transition_matrix(
    tables: _Tables, keys: Sequence[tuple[int, str]], translate: Translate
) -> Html:
    """Return initial classes by final classes; what changed has a bar by its share of the row."""
    cells = {
        (row["row_class"], row["column_class"]): finite(row["km2"]) or 0.0
        for row in tables.crosstab("land_cover_transition")
    }
    codes = [NO_DATA if order == _LAST else order for order, _ in keys]
    to = translate("Dbar", "To, km²")
    columns = [
        Column(translate("Dbar", "From")),
        *(Column(name, True, to) for _, name in keys),
        Column(translate("Dbar", "Total"), True),
    ]
    lines = []
    for (_, name), start in zip(keys, codes, strict=True):
        areas = [cells.get((start, end), 0.0) for end in codes]
        total = sum(areas)
        if not total:
            continue
        line: list[object] = [name]
        for end, area in zip(codes, areas, strict=True):
            text = number(area, 1) if area else "·"
            if end == start:
                line.append(element("b", text))
            elif area:
                style = f"--bar:#7d8a9750;--share:{100 * area / total:.1f}%"
                line.append(element("span", text, class_="bar", style=style))
            else:
                line.append(text)
        lines.append([*line, number(total, 1)])
    caption = translate(
        "Dbar",
        "Transitions of land cover: rows are the classes at the start, columns those at the end. "
        "What has not changed is bold; a bar is the share of the row.",
    )
    return html.table(columns, lines, caption=caption)


def _transition_list(tables: _Tables, translate: Translate) -> Html:
    """Return the largest changes of land cover, with productivity and carbon in them."""
    changes = [
        row
        for row in tables.crosstab("land_cover_transition")
        if row["row_class"] != row["column_class"]
        and NO_DATA not in (row["row_class"], row["column_class"])
    ]
    changes.sort(key=lambda row: -(finite(row["km2"]) or 0.0))
    if not changes:
        return element("p", translate("Dbar", "No land cover has changed."))
    columns = [
        Column(translate("Dbar", "Change of land cover")),
        Column(translate("Dbar", "Area, km²"), True),
    ]
    degraded: list[dict[str, float]] = []
    for table, heading in (
        ("productivity_by_transition", translate("Dbar", "Productivity degraded, km²")),
        ("soc_by_transition", translate("Dbar", "Carbon degraded, km²")),
    ):
        rows = tables.crosstab(table)
        if not rows:
            continue
        columns.append(Column(heading, True))
        five = any(row["row_class"] in (2, 3, 4, 5) for row in rows)
        bad = (1, 2) if table.startswith("productivity") and five else (-1,)
        areas: dict[str, float] = {}
        for row in rows:
            if row["row_class"] in bad:
                name = str(row["column_name"])
                areas[name] = areas.get(name, 0.0) + (finite(row["km2"]) or 0.0)
        degraded.append(areas)
    lines = []
    for row in changes[:MOST_TRANSITIONS]:
        name = f"{row['row_name']} → {row['column_name']}"
        lines.append(
            [name, number(row["km2"], 1), *(number(d.get(name, 0.0), 1) for d in degraded)]
        )
    caption = translate("Dbar", "The largest changes of land cover: {shown} of {total}.")
    caption = caption.format(shown=len(lines), total=len(changes))
    return html.table(columns, lines, caption=caption)


def _carbon(tables: _Tables, translate: Translate) -> Html:
    stocks = []
    for table, key, label in (
        ("land_cover_initial", "soc_initial_t", translate("Dbar", "at the start")),
        ("land_cover_final", "soc_final_t", translate("Dbar", "at the end")),
    ):
        rows = tables.crosstab(table)
        if rows and any(finite(row[key]) is not None for row in rows):
            stocks.append((label, _by_row(rows, key)))
    if not stocks:
        return Html()
    above = translate("Dbar", "Soil organic carbon, kt")
    keys = sorted({key for _, stock in stocks for key in stock})
    columns = [
        Column(translate("Dbar", "Land cover class")),
        *(Column(label, True, above) for label, _ in stocks),
    ]
    lines: list[list[object]] = [
        [key[1], *(number(stock.get(key, 0.0) / 1000, 1) for _, stock in stocks)] for key in keys
    ]
    total = translate("Dbar", "Total")
    lines.append([total, *(number(sum(s.values()) / 1000, 1) for _, s in stocks)])
    caption = translate(
        "Dbar",
        "Stocks of soil organic carbon in thousand tonnes, by the land cover of the same date.",
    )
    title = translate("Dbar", "Soil organic carbon")
    return html.section("carbon", title, html.table(columns, lines, caption=caption))


def _missing(report: LandDegradationReport, tables: _Tables, translate: Translate) -> Html:
    parts: list[Html] = []
    if report.warnings:
        parts.append(element("h3", translate("Dbar", "Warnings")))
        parts.append(element("ul", *(element("li", text) for text in report.warnings)))
    rows = tables.crosstab("missing")
    whole = finite(tables.total["total_km2"]) or 0.0
    if rows:
        columns = [
            Column(translate("Dbar", "Cause")),
            Column(translate("Dbar", "Area, km²"), True),
            Column(translate("Dbar", "Share of the area, %"), True),
        ]
        lines = []
        for row in sorted(rows, key=lambda row: -(finite(row["km2"]) or 0.0)):
            area = finite(row["km2"]) or 0.0
            share = number(100 * area / whole if whole else None, 1)
            lines.append([row["column_name"], number(area, 1), share])
        caption = translate("Dbar", "Area without a value of the indicator, by what is missing.")
        parts.append(html.table(columns, lines, caption=caption))
    parts += _flag_table(tables, translate)
    if not parts:
        text = translate("Dbar", "Nothing is missing: every cell of the area has a value.")
        parts.append(element("p", text))
    return html.section("missing", translate("Dbar", "What is missing, and why"), *parts)


def _flag_table(tables: _Tables, translate: Translate) -> list[Html]:
    found: dict[str, list[str]] = {}
    for row in tables.every_zone:
        for code in _flags_of(row):
            found.setdefault(code, []).append(str(row["zone"]))
    if not found:
        return []
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
            ", ".join(found[code][:8]) + (", …" if len(found[code]) > 8 else ""),
        ]
        for code, (meaning, advice) in texts.flags(translate).items()
        if code in found
    ]
    caption = translate("Dbar", "Zones whose figures are missing or hold in part only.")
    return [html.table(columns, rows, caption=caption, class_="texts")]


def _provenance(report: LandDegradationReport, translate: Translate) -> Html:
    sources = [
        translate(
            "Dbar",
            "United Nations Convention to Combat Desertification: PRAIS4 reporting manual, "
            "strategic objective 1, reporting cycle of 2026.",
        ),
        translate(
            "Dbar",
            "United Nations Statistics Division: SDG indicator metadata 15-03-01, proportion of "
            "land that is degraded over total land area.",
        ),
        translate("Dbar", "DBAR SDG Tools {version}, denominator: {denominator}.").format(
            version=report.plugin_version,
            denominator=texts.denominator_label(report.denominator, translate),
        ),
    ]
    roles = texts.role_labels(translate)
    columns = [
        Column(translate("Dbar", "Raster")),
        Column(translate("Dbar", "Role")),
        Column(translate("Dbar", "CRS")),
        Column(translate("Dbar", "Cell size")),
        Column(translate("Dbar", "No-data value")),
        Column(translate("Dbar", "Resampled")),
    ]
    rows = [
        [
            row["name"],
            roles[row["role"]],
            element("span", row["crs"], class_="nowrap"),
            element("span", row["cell_size"], class_="nowrap"),
            row["nodata"] or UNDEFINED,
            row["resampling"] or translate("Dbar", "no"),
        ]
        for row in report.inputs
    ]
    return html.provenance(
        html.table(columns, rows, caption=translate("Dbar", "Input rasters")),
        report.parameters,
        sources,
        translate,
    )


_LAST = 1 << 20  # where no data comes among classes


def _class_order(value: object) -> int:
    code = int(finite(value) or 0)
    return _LAST if code == NO_DATA else code


def _by_row(rows: Sequence[Row], key: str = "km2") -> dict[tuple[int, str], float]:
    """Return sums by row class, in the classes' order."""
    sums: dict[tuple[int, str], float] = {}
    for row in rows:
        place = _class_order(row["row_class"]), str(row["row_name"])
        sums[place] = sums.get(place, 0.0) + (finite(row[key]) or 0.0)
    return sums


def _flags_of(row: Row) -> list[str]:
    return [code for code in str(row["flags"] or "").split(";") if code]


def _rows(columns: Mapping[str, Sequence[object]]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
