"""The report on land use efficiency: what it says, and that it is safe, offline and legible."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from dbar_qgis_plugin.errors import MissingDependencyError
from dbar_qgis_plugin.errors import translate as plain
from dbar_qgis_plugin.kernels.land_use_efficiency import (
    GroupStatistics,
    flag_codes,
    group_statistics,
    interval_indicators,
    regime_group,
)
from dbar_qgis_plugin.reports import html
from dbar_qgis_plugin.reports import land_use_efficiency_figures as figures
from dbar_qgis_plugin.reports.html import Column, number
from dbar_qgis_plugin.reports.land_use_efficiency import (
    LandUseEfficiencyReport,
    render_land_use_efficiency,
)
from dbar_qgis_plugin.reports.land_use_efficiency_tables import Tables
from dbar_qgis_plugin.reports.land_use_efficiency_texts import flags, reading, regimes

EVIL = 'Tōkyō <b>&</b> "</script><img src=x onerror=alert(1)>\u2028'
EFFICIENCY = {1: "efficient", -1: "inefficient", 0: "neutral", -2: ""}
SCRIPT = "/* the drawing library */"


def make_report(
    builtup: Sequence[Sequence[float]],
    population: Sequence[Sequence[float]],
    years: Sequence[float],
    names: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    **changes: object,
) -> LandUseEfficiencyReport:
    """Return a report on cities [cities, epochs], its tables computed as the pipeline does."""
    v, p = np.array(builtup, float), np.array(population, float)
    names = names or [f"City {i}" for i in range(len(v))]
    groups = groups or [""] * len(v)
    last = len(years) - 1
    ends = [(i, i + 1) for i in range(last)] + ([(0, last)] if last > 1 else [])
    spans = ["interval"] * last + ["full"] * (last > 1)
    start, end = (list(index) for index in zip(*ends, strict=True))
    t = [years[b] - years[a] for a, b in ends]
    totals = v[:, start], v[:, end], p[:, start], p[:, end]
    cities = interval_indicators(*totals, t, t)

    dates = [
        {"year_start": years[a], "year_end": years[b], "span": span}
        for (a, b), span in zip(ends, spans, strict=True)
    ]
    intervals = [
        {
            "city": names[c],
            "group": groups[c],
            **dates[i],
            "v_end_km2": totals[1][c, i],
            "p_end": totals[3][c, i],
            "bupc_end_m2": cities.bupc_end_m2[c, i],
            "lcr": cities.lcr[c, i],
            "pgr": cities.pgr[c, i],
            "lcrpgr": cities.lcrpgr[c, i],
            "regime": f"R{cities.regime[c, i]}" if cities.regime[c, i] else "",
            "efficiency": EFFICIENCY[int(regime_group(cities.regime[c, i]))],
            "flags": flag_codes(cities.flags[c, i]),
        }
        for c in range(len(v))
        for i in range(len(ends))
    ]
    group_rows = []
    for name in [*sorted(set(groups) - {""}), ""]:
        member = np.array([name in ("", group) for group in groups])
        found = group_statistics(
            np.zeros(member.sum(), int),
            1,
            *(values[member] for values in totals),
            t,
            t,
            type(cities)(*(values[member] for values in cities)),
        )
        group_rows += [_group_row(name, found, i) | dates[i] for i in range(len(ends))]
    report = LandUseEfficiencyReport(
        title="Land use efficiency",
        created="2025-03-14 10:22",
        plugin_version="9.8.7",
        formula="2021",
        parameters={"coverage rule": "centre"},
        inputs=[
            {
                "name": "built_2000.tif",
                "year": "2000",
                "role": "builtup",
                "crs": "EPSG:4326",
                "cell_size": "100 m",
                "nodata": "",
            }
        ],
        intervals=_columns(intervals),
        groups=_columns(group_rows),
        warnings=(),
    )
    return dataclasses.replace(report, **changes)


def _group_row(name: str, found: GroupStatistics, i: int) -> dict[str, object]:
    shares = found.regime_shares[0, i]
    sums = {
        "v_start_km2": found.builtup_start_km2,
        "v_end_km2": found.builtup_end_km2,
        "p_start": found.population_start,
        "p_end": found.population_end,
    }
    same = "n n_defined n_undefined lcr pgr ratio_of_totals weighted_mean mean median q1 q3"
    return {
        "group": name,
        **{key: values[0, i] for key, values in sums.items()},
        **{key: getattr(found, key)[0, i] for key in same.split()},
        "trimmed_mean": found.trimmed_mean[0, i],
        "share_above_1": found.share_above_1[0, i],
        "share_efficient": shares[:9].sum(),
        "share_inefficient": shares[9:16].sum(),
        "share_neutral": shares[16],
        **{f"share_r{r}": share for r, share in enumerate(shares, start=1)},
        "flags": flag_codes(found.flags[0, i]),
    }


def _columns(rows: Sequence[dict[str, object]]) -> dict[str, list[object]]:
    return {key: [row[key] for row in rows] for key in rows[0]}


def some_cities(count: int, epochs: int = 4, groups: Sequence[str] = ("North", "South")):
    """Return a report on made-up cities, the first with a hostile name, one of each oddity."""
    rng = np.random.default_rng(1)
    years = [1990 + 5 * i for i in range(epochs)]
    p = (
        1e5
        * np.exp(rng.normal(0, 1, count))[:, np.newaxis]
        * np.cumprod(rng.normal(1.06, 0.05, (count, epochs)), axis=1)
    )
    v = p**0.9 / 3e3 * np.cumprod(rng.normal(1.1, 0.03, (count, epochs)), axis=1)
    p[1] = p[1, 0]  # PGR_ZERO
    v[2, 0] = 0  # V1_ZERO
    p[3, -1] = np.nan  # NO_DATA
    p[4, -1] = p[4, -2] * 1.0001  # PGR_NEAR_ZERO, a huge ratio
    names = [EVIL, *(f"City {i}" for i in range(1, count))]
    members = [groups[i % len(groups)] for i in range(count)] if groups else None
    return make_report(v, p, years, names, members, warnings=["Two years <differ>."])


@pytest.fixture
def render(monkeypatch):
    """Return the renderer, without the megabytes of the drawing library."""
    monkeypatch.setattr(html, "_plotly_script", lambda: SCRIPT)
    return lambda report, translate=plain: render_land_use_efficiency(report, translate)


class Page(HTMLParser):
    """The elements and texts of a document."""

    VOID = frozenset({"meta", "link", "input", "wbr", "img"})
    # Tags whose end HTML lets us leave out, in the rows of a table.
    OPTIONAL = frozenset({"tr", "td", "th"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open[-1] != tag:
            left = self.open.pop()
            assert left in self.OPTIONAL, f"</{tag}> closes <{left}>"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data.strip())

    def attributes(self, name: str) -> list[str]:
        return [str(attrs[name]) for _, attrs in self.elements if name in attrs]

    def count(self, tag: str) -> int:
        return sum(tag == name for name, _ in self.elements)

    def specs(self) -> list[dict]:
        return [json.loads(script) for script in self.scripts if script.startswith('{"data"')]


def test_the_parts_come_in_order(render):
    page = Page(render(some_cities(30)))
    assert page.open == []
    parts = [attrs.get("id") for tag, attrs in page.elements if tag == "section"]
    assert parts == [
        "headline",
        "series",
        "growth",
        "ranking",
        "distribution",
        "notes",
        "provenance",
    ]
    text = " ".join(page.texts)
    for expected in (
        "Land use efficiency",
        "1990–2005",
        "2025-03-14 10:22",
        "DBAR SDG Tools 9.8.7",
        "built_2000.tif",
        "coverage rule",
        "metadata 11-03-01",
        "Two years <differ>.",
    ):
        assert expected in text
    assert page.attributes("lang") == ["en"]
    assert page.count("h1") == 1


@pytest.mark.parametrize(
    ("formula", "equation"),
    [("2021", "LCR = ((V2 − V1) / V1) / t"), ("2018", "LCR = ln(V2 / V1) / t")],
)
def test_the_formula_is_written_out(render, formula: str, equation: str):
    page = Page(render(dataclasses.replace(some_cities(6), formula=formula)))
    assert equation in page.attributes("aria-label")
    assert f"DBAR SDG Tools 9.8.7, formula {formula}." in page.texts


def test_a_hostile_name_stays_text(render):
    report = dataclasses.replace(some_cities(30), title="<i>Title</i>", parameters={"<u>": "<s>"})
    text = render(report)
    page = Page(text)
    assert not any(page.count(tag) for tag in ("img", "u", "s"))
    assert EVIL.strip() in page.texts
    assert "<i>Title</i>" in page.texts
    # One end tag for each script: none came out of a name.
    assert text.count("</script") == page.count("script")
    assert not any("\u2028" in script for script in page.scripts)
    # plotly knows a small markup of its own.
    scatter = next(spec for spec in page.specs() if "annotations" in spec["layout"])
    names = [name for trace in scatter["data"] for name in trace["text"]]
    assert any("&lt;/script&gt;" in name for name in names)
    assert not any("<" in name for name in names)


def test_the_page_needs_no_network(render):
    text = render(some_cities(30))
    page = Page(text)
    assert page.attributes("src") == []
    assert all(link.startswith(("#", "data:")) for link in page.attributes("href"))
    assert not re.search(r"https?:|//\w|@import|url\(", text)
    assert any("default-src 'none'" in content for content in page.attributes("content"))


def test_plotly_is_inside_the_page():
    offline = pytest.importorskip("plotly.offline")
    text = render_land_use_efficiency(some_cities(6), plain)
    library = offline.get_plotlyjs()
    assert text.count(library[:200].split("\n")[1]) == 1
    assert len(text) < len(library) * 1.05 + 300_000
    assert text.count("</script") == Page(text).count("script")


def test_a_missing_plotly_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(MissingDependencyError, match="plotly"):
        render_land_use_efficiency(some_cities(6), plain)


@pytest.mark.parametrize("count", [6, 80])
@pytest.mark.parametrize("epochs", [2, 4, 20])
def test_plotly_accepts_every_figure(render, count: int, epochs: int):
    graph_objects = pytest.importorskip("plotly.graph_objects")
    specs = Page(render(some_cities(count, epochs))).specs()
    assert len(specs) == (2 if epochs == 2 else 3)
    for spec in specs:
        figure = graph_objects.Figure(data=spec["data"], layout=spec["layout"])
        assert len(figure.data) == len(spec["data"]) > 0
        traces = [trace for view in spec["views"] for trace in view["traces"]]
        assert traces == list(range(len(spec["data"])))
        shown = [index for index, trace in enumerate(spec["data"]) if trace["visible"]]
        assert shown == spec["views"][0]["traces"]
        for axis in ("xaxis", "yaxis"):
            assert "title" in spec["layout"][axis]


def test_the_curves_show_percent_and_leave_gaps():
    report = make_report([[10, 11, 12]], [[1000, 1100, 1100]], [2000, 2005, 2015])
    figure = figures.curves_figure(Tables(report.groups, report.intervals), plain)
    lcr, pgr, ratio = figure.data
    assert lcr["x"] == ["2000–<br>2005", "2005–<br>2015"]
    assert lcr["y"] == [2.0, pytest.approx(100 / 11 / 10, rel=1e-4)]
    assert pgr["y"] == [pytest.approx(100 * math.log(1.1) / 5, rel=1e-4), 0.0]
    assert ratio["y"] == [pytest.approx(2 / (20 * math.log(1.1)), rel=1e-4), None]
    assert ratio["text"] == [number(ratio["y"][0]), ""]


def test_few_cities_are_named_and_many_are_framed():
    few, many = some_cities(6), some_cities(300)
    few_tables, many_tables = (Tables(r.groups, r.intervals) for r in (few, many))
    assert all("text" in mark["mode"] for mark in figures.scatter_figure(few_tables, plain).data)
    figure = figures.scatter_figure(many_tables, plain)
    assert all(mark["mode"] == "markers" for mark in figure.data)
    assert figure.layout["xaxis"]["range"] == figure.layout["yaxis"]["range"]
    low, high = figure.layout["xaxis"]["range"]
    assert low < 0 < high
    drawn = [
        (x, y)
        for index in figure.views[0].traces
        for x, y in zip(figure.data[index]["x"], figure.data[index]["y"], strict=True)
    ]
    outside = sum(not (low <= x <= high and low <= y <= high) for x, y in drawn)
    assert outside > 0
    assert f"{outside} of 300" in figure.views[0].note


def test_an_aggregate_beyond_the_frame_is_an_arrow():
    report = some_cities(60)
    tables = Tables(report.groups, report.intervals)
    assert max(row["lcrpgr"] for row in tables.cities[tables.last] if row["lcrpgr"] > 0) > 100
    figure = figures.aggregates_figure(tables, plain)
    low, high = figure.layout["xaxis"]["range"]
    assert high < 20
    first = [figure.data[index] for index in figure.views[0].traces]
    mean = next(trace for trace in first if trace.get("name") == "mean")
    assert mean["x"][0] is None or mean["x"][-1] is None
    beyond = first[-1]
    assert "triangle-right" in beyond["marker"]["symbol"]
    assert any(text.startswith("mean: ") for text in beyond["customdata"])
    assert all(low <= x <= high for x in beyond["x"])


def test_no_number_is_invented_for_what_is_undefined(render):
    report = make_report(np.full((3, 3), np.nan), np.full((3, 3), np.nan), [2000, 2010, 2020])
    text = render(report)
    page = Page(text)
    assert page.specs() == []
    assert "No rate is known: there is nothing to draw." in page.texts
    assert "A rate is undefined, so there is no ratio." in page.texts
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", " ".join(page.texts), re.IGNORECASE)
    row = re.search(r"<th scope=row>City 0<.*", text)[0]
    assert row.count("–") >= 9
    assert "0.00" not in row
    assert "NO_<wbr>DATA" in row


def test_an_undefined_value_names_its_flag(render):
    text = render(some_cities(30))
    assert re.search(r"<th scope=row>City 1<.*–.*<small><code>PGR_<wbr>ZERO", text)
    # Over the last interval this city has a rate; over the whole period it has none.
    assert re.search(r"<th scope=row>City 2<.*–.*<small><code>V1_<wbr>ZERO", text)


def test_one_interval_has_no_curves_and_no_whole_period(render):
    page = Page(render(some_cities(6, epochs=2)))
    assert "One interval only: there is no series to draw yet." in page.texts
    assert not any("whole period" in text for text in page.texts)
    assert [attrs["id"] for tag, attrs in page.elements if attrs.get("class") == "chart"] == [
        "scatter",
        "aggregates",
    ]


def test_without_groups_there_is_no_group_column(render):
    page = Page(render(some_cities(6, groups=())))
    ranking = page.texts[page.texts.index("Ranking of cities") :]
    assert "Group" not in ranking[: ranking.index("Distribution among cities")]
    assert page.count("select") == 2  # the period of the scatter and of the aggregates


def test_the_ranking_ends_with_what_cannot_be_ranked(render):
    text = render(some_cities(300))
    ranking = text[text.index('id="ranking"') : text.index('id="distribution"')]
    shown, hidden = ranking.split("<template>")
    assert shown.count("<th scope=row>") == 200
    assert hidden.count("<th scope=row>") == 100
    assert "200 of 300 rows" in ranking
    names = re.findall(r"<th scope=row>([^<]*)", ranking)
    assert set(names[298:]) == {"City 1", "City 3"}
    assert 280 < names.index("City 4") < 298  # the highest ratio of all, but PGR_NEAR_ZERO


def test_cities_of_one_name_are_kept_apart(render):
    report = make_report(
        [[10, 11, 12], [20, 21, 26]],
        [[1e3, 2e3, 3e3], [5e3, 6e3, 7e3]],
        [2000, 2010, 2020],
        names=["San José", "San José"],
    )
    rows = re.findall(r"<th scope=row>San José<.*", render(report))
    assert [("12.00" in row, "26.00" in row) for row in rows] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


def test_flags_that_occur_are_explained_and_counted(render):
    report = some_cities(30)
    text = render(report)
    notes = text[text.index('id="notes"') : text.index('id="provenance"')]
    explained = re.findall(r"<th scope=row><code>(.*?)</code>", notes)
    occurring = {code for codes in report.intervals["flags"] for code in codes.split(";") if code}
    assert {code.replace("<wbr>", "") for code in explained} == occurring
    row = re.search(r"V1_<wbr>ZERO.*", notes)[0]
    # City 2 starts without land: in the first interval and over the whole period.
    assert re.findall(r'class="n">(\d+)', row) == ["1", "2"]


def test_every_flag_and_regime_of_the_kernel_has_a_text():
    from dbar_qgis_plugin.kernels.land_use_efficiency import Flag

    assert set(flags(plain)) == {flag.name for flag in Flag}
    assert [kind for kind, _ in regimes(plain).values()] == [
        EFFICIENCY[int(group)] for group in regime_group(np.arange(1, 18))
    ]


@pytest.mark.parametrize(
    ("land", "people", "expected"),
    [
        ((10, 20), (1000, 1400), "grew 2.97 times as fast"),
        ((10, 11), (1000, 1400), "grew at only 0.30 times"),
        ((10, 10 + 10 * math.log(1.4)), (1000, 1400), "grew at the same rate"),
        ((10, 11), (1000, 900), "grew while the population fell"),
        ((10, 11), (1000, 1000), "grew, the population did not change"),
        ((10, 10), (1000, 1100), "did not change while the population grew"),
        ((10, 10), (1000, 900), "did not change while the population fell"),
        ((10, 10), (1000, 1000), "Neither"),
        ((10, 9), (1000, 1100), "shrank while the population grew"),
        ((10, 9), (1000, 1000), "shrank, the population did not change"),
        ((10, 5), (1000, 900), "shrank 4.75 times as fast"),
        ((10, 9.9), (1000, 500), "shrank at only 0.01 times"),
        ((0, 9), (1000, 1100), "undefined"),
        ((10, 12), (1000, 0), "undefined"),
        ((10, 11), (1000, 1001), "hardly changed"),
    ],
)
def test_the_headline_reads_as_words(land, people, expected: str):
    report = make_report([land], [people], [2000, 2010])
    tables = Tables(report.groups, report.intervals)
    assert expected in reading(tables.group("", tables.last), plain)


def test_headline_and_totals(render):
    page = Page(
        render(make_report([[100, 150], [50, 75]], [[1e6, 1.2e6], [1e6, 1e6]], [1990, 2015]))
    )
    text = " ".join(page.texts)
    ratio = 0.5 / math.log(1.1)
    assert f"LCRPGR of all cities, 1990–2015 {ratio:.2f}" in text
    assert "150.0 1990 → 225.0 2015 +50.0 %" in text
    assert "2\u202f000\u202f000 1990 → 2\u202f200\u202f000 2015 +10.0 %" in text
    assert "75.0 1990 → 102.3 2015 +36.4 %" in text


def _figure_texts(value: object, key: str = "") -> list[str]:
    """Return what a reader sees of a figure: its strings that are no settings."""
    if isinstance(value, dict):
        return [text for name, part in value.items() for text in _figure_texts(part, name)]
    if isinstance(value, list):
        return [text for part in value for text in _figure_texts(part, key)]
    shown = key in {"name", "text", "ticktext", "note", "customdata", "hovertemplate"}
    return [re.sub(r"%\{.*?\}|<.*?>", " ", value)] if shown and isinstance(value, str) else []


def test_every_text_is_translated(render):
    def erase(context: str, text: str) -> str:
        assert context == "Dbar"
        return re.sub(r"(%?\{.*?\})|[^\W\d_]", lambda match: match[1] or "·", text)

    page = Page(render(some_cities(30), erase))
    seen = [text for text in page.texts if text not in (EVIL.strip(), "Land use efficiency")]
    seen += page.attributes("data-template")
    seen += [text for text in page.attributes("aria-label") if " = " not in text]
    seen += [text for spec in page.specs() for text in _figure_texts(spec) if "Tōkyō" not in text]
    words = {word for text in seen for word in re.findall(r"[^\W\d_]\w*", text)}
    data = "City North South DBAR SDG Tools built_2000 tif EPSG m coverage rule centre"
    symbols = "Two years differ LCR PGR LCRPGR V P t ln shown total"
    codes = {part for code in flags(plain) for part in (code, *re.findall("[A-Z0-9]+_?", code))}
    assert words - set(data.split()) - set(symbols.split()) - codes - set(regimes(plain)) == set()


def test_translations_may_use_other_words_and_marks(render):
    text = render(some_cities(6), lambda context, text: text + "é<&")
    assert "<&" not in re.sub(r"<style>.*?</style>|<script.*?</script>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1234567.891, 2, "1\u202f234\u202f567.89"),
        (-0.5, 1, "−0.5"),
        (-0.0001, 2, "0.00"),
        (None, 2, "–"),
        (float("nan"), 2, "–"),
        (float("-inf"), 2, "–"),
        (np.float64(2), 0, "2"),
        (np.int64(1000), 0, "1\u202f000"),
    ],
)
def test_numbers_are_written_for_readers(value, decimals: int, expected: str):
    assert number(value, decimals) == expected


def test_json_is_safe_inside_a_script():
    text = html.to_json({"a": "</script><!-- \u2028 & é"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- \u2028 & é"}
    with pytest.raises(ValueError, match="JSON"):
        html.to_json([float("nan")])


def test_table_headers_say_what_they_head():
    columns = [
        Column("a"),
        Column("b", True, "above"),
        Column("c", True, "above"),
        Column("d"),
    ]
    page = Page(html.table(columns, [["x", 1, 2, "<y>"]], caption="About"))
    heads = [attrs for tag, attrs in page.elements if tag == "th"]
    assert [head["scope"] for head in heads] == ["col", "colgroup", "col", "col", "col", "row"]
    assert [head.get("rowspan") for head in heads] == ["2", None, "2", None, None, None]
    assert heads[1]["colspan"] == "2"
    assert page.texts == ["About", "a", "above", "d", "b", "c", "x", "1", "2", "<y>"]


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast_in_light_and_dark():
    style = Path(html.__file__).with_name("report.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{([^}]*)\}", style)[:2]
    )
    for theme in (light, dark):
        for text in ("ink", "faint", "accent", "land", "people", "quiet"):
            assert _contrast(theme[text], theme["sheet"]) >= 4.5, text
        assert _contrast(theme["faint"], theme["soft"]) >= 4.5
        assert _contrast(theme["ink"], theme["warn"]) >= 4.5
        for mark in (figures.LAND, figures.PEOPLE, figures.RATIO, figures.QUIET):
            assert _contrast(mark, theme["sheet"]) >= 3, mark
