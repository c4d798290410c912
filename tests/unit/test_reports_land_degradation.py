"""The land degradation report: its figures, its words, and what it must never contain."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

pytest.importorskip("plotly")

from dbar_qgis_plugin.reports.html import UNDEFINED
from dbar_qgis_plugin.reports.land_degradation import (
    MOST_DRAWN_ZONES,
    LandDegradationReport,
    render_land_degradation,
)

N = -32768
COLOURS = {"degraded": "#9b2779", "stable": "#ffffe0", "improved": "#006500"}


def english(context: str, text: str) -> str:
    assert context == "Dbar"
    return text


def zone_columns(rows):
    names = [
        "zone",
        "level",
        "degraded_pct",
        "degraded_pct_land",
        "degraded_pct_te",
        "degraded_pct_data",
        "degraded_km2",
        "stable_km2",
        "improved_km2",
        "nodata_km2",
        "land_km2",
        "water_km2",
        "total_km2",
        "flags",
    ]
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def zone(name, degraded, stable, improved, nodata, water, level="zone", flags=""):
    land = degraded + stable + improved + nodata
    known = degraded + stable + improved
    percent = 100 * degraded / land if known else None
    te = 100 * degraded / (land + water) if known else None
    data = 100 * degraded / known if known else None
    areas = (degraded, stable, improved, nodata, land, water, land + water)
    return (name, level, percent, percent, te, data, *areas, flags)


def crosstab_columns(rows):
    names = [
        "zone",
        "level",
        "table",
        "row_class",
        "row_name",
        "column_class",
        "column_name",
        "km2",
        "persons",
        "soc_initial_t",
        "soc_final_t",
    ]
    filled = [("All zones", "total", *row, *([None] * (9 - len(row)))) for row in rows]
    return {name: [row[index] for row in filled] for index, name in enumerate(names)}


ZONES = zone_columns(
    [
        zone("Alzan", 200, 100, 50, 50, 100),
        zone("<b>Berkut</b> & co", 10, 90, 0, 0, 0),
        zone("Empty", 0, 0, 0, 0, 0, flags="NO_DATA"),
        zone("Elsewhere", 0, 0, 0, 0, 0, flags="OUTSIDE"),
        zone("All zones", 210, 190, 50, 50, 100, level="total"),
    ]
)
CROSSTABS = crosstab_columns(
    [
        ("productivity", 1, "Declining", 0, "Land", 150.0),
        ("productivity", 2, "Moderate decline", 0, "Land", 30.0),
        ("productivity", 4, "Stable", 0, "Land", 220.0),
        ("productivity", 5, "Increasing", 0, "Land", 50.0),
        ("productivity", N, "No data", 0, "Land", 50.0),
        ("productivity", N, "No data", 1, "Inland water", 100.0),
        ("soc", -1, "Degraded", 0, "Land", 40.0),
        ("soc", 0, "Stable", 0, "Land", 460.0),
        ("land_cover_initial", 1, "Tree", 0, "Land", 300.0, None, 3e6, 0.0),
        ("land_cover_initial", 3, "Crop", 0, "Land", 200.0, None, 1e6, 0.0),
        ("land_cover_initial", 7, "Water", 1, "Inland water", 100.0, None, 0.0, 0.0),
        ("land_cover_final", 1, "Tree", 0, "Land", 260.0, None, 0.0, 2.5e6),
        ("land_cover_final", 3, "Crop", 0, "Land", 240.0, None, 0.0, 1.2e6),
        ("land_cover_final", 7, "Water", 1, "Inland water", 100.0, None, 0.0, 0.0),
        ("land_cover_transition", 1, "Tree", 1, "Tree", 260.0),
        ("land_cover_transition", 1, "Tree", 3, "Crop", 40.0),
        ("land_cover_transition", 3, "Crop", 3, "Crop", 200.0),
        ("land_cover_transition", 7, "Water", 7, "Water", 100.0),
        ("productivity_by_transition", 1, "Declining", 13, "Tree → Crop", 25.0),
        ("productivity_by_transition", 2, "Moderate decline", 13, "Tree → Crop", 5.0),
        ("productivity_by_transition", 4, "Stable", 13, "Tree → Crop", 10.0),
        ("missing", N, "No data", 1, "Missing: land productivity", 50.0),
        ("missing", N, "No data", 8, "Inland water", 100.0),
    ]
)


def report(**changes) -> LandDegradationReport:
    values = {
        "title": "Land degradation",
        "created": "2026-01-01 10:00",
        "plugin_version": "0.1.0",
        "denominator": "land",
        "period": "2000–2015",
        "parameters": {"Zones": "provinces"},
        "inputs": [
            {
                "role": "sdg",
                "name": "sdg.tif",
                "crs": "WGS 84",
                "cell_size": "0.01 × 0.01",
                "nodata": "",
                "resampling": "",
            }
        ],
        "zones": ZONES,
        "crosstabs": CROSSTABS,
        "colours": COLOURS,
        "warnings": ["Zones outside the raster (1): Elsewhere"],
        **changes,
    }
    return LandDegradationReport(**values)


class Page(HTMLParser):
    """The visible text of the page, its sections, and the figures' specifications."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sections: dict[str, str] = {}
        self.figures: list[dict] = []
        self._section = ""
        self._data: list[str] = []
        self._silent = 0
        self._json = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("section", "header"):
            self._section = values.get("id", tag)
        if tag in ("script", "style"):
            self._silent += 1
            self._json = values.get("type") == "application/json"

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._silent -= 1
            self._json = False

    def handle_data(self, data):
        if self._json:
            self.figures.append(json.loads(data))
        elif not self._silent:
            before = self.sections.get(self._section, "")
            self.sections[self._section] = " ".join(f"{before} {data}".split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_land_degradation(report(), english))


def test_the_headline(page):
    text = page.sections["headline"]
    # 210 of 500 km2 of land; 210 of 600 with water.
    assert "Degraded, land without inland water 42.0 % 210.0 of 500.0 km²" in text
    assert "35.0 % The other denominator, for comparison." in text
    assert "No data 50.0 km² 8.3 % of the area" in text
    assert "Period 2000–2015" in page.sections["header"]


def test_the_other_denominator():
    zones = {**ZONES, "degraded_pct": ZONES["degraded_pct_te"]}
    changed = report(denominator="trends_earth", zones=zones)
    text = Page(render_land_degradation(changed, english)).sections
    assert "water and no data inside 35.0 % 210.0 of 600.0 km²" in text["headline"]
    assert "as Trends.Earth computes it" in text["header"]


def test_zones_are_ranked_and_escaped(page):
    text = page.sections["zones"]
    assert text.index("Alzan") < text.index("<b>Berkut</b> & co") < text.index("Empty")
    assert f"Empty {UNDEFINED} {UNDEFINED} {UNDEFINED}" in text
    assert "NO_ DATA" in text
    assert "Drawn: 2 of 3 zones." in text
    assert "Elsewhere" not in text
    assert "Zones outside the raster, left out here: 1." in text
    assert "Elsewhere" in page.sections["missing"]


def test_figures_hold_shares_in_the_colours_given(page):
    total, zones, causes, cover = page.figures
    shares = {trace["name"]: trace["x"] for trace in total["data"]}
    assert shares == {
        "Degraded": [35.0],
        "Stable": [31.667],
        "Improved": [8.333],
        "No data": [8.333],
        "Inland water": [16.667],
    }
    colours = {trace["name"]: trace["marker"]["color"] for trace in total["data"]}
    assert colours["Degraded"] == "#9b2779"
    assert colours["Improved"] == "#006500"
    assert [trace["x"][0] for trace in zones["data"]] == [40.0, 20.0, 10.0, 10.0, 20.0]
    # Five classes of productivity become three: 150 + 30 of 500 km2 of land are degraded.
    assert {t["name"]: t["x"] for t in causes["data"]}["Degraded"] == [36.0, 8.0]
    assert cover["data"][0]["x"] == [300, 200, 100]
    for figure in page.figures:
        titles = [figure["layout"][axis]["title"]["text"] for axis in ("xaxis",)]
        assert any("%" in title or "km²" in title for title in titles)


def test_land_cover_and_carbon(page):
    text = page.sections["land-cover"]
    assert "Tree 300.0 260.0 −40.0 −13.3" in text
    assert "Tree → Crop 40.0 30.0" in text
    assert "largest changes of land cover: 1 of 1" in text
    assert "Total 4\u202f000.0 3\u202f700.0".replace("\u202f", " ") in page.sections["carbon"]


def test_what_is_missing(page):
    text = page.sections["missing"]
    assert "Zones outside the raster (1): Elsewhere" in text
    assert "Missing: land productivity 50.0 8.3" in text
    assert "OUTSIDE The zone lies outside" in text.replace("OUT SIDE", "OUTSIDE")


def test_inputs_and_method(page):
    text = page.sections["provenance"]
    assert "sdg.tif indicator WGS 84 0.01 × 0.01 – no" in text
    assert "DBAR SDG Tools 0.1.0" in text
    assert "PRAIS4" in text


def test_one_zone_and_nothing_else():
    columns = zone_columns([zone("Whole area", 1, 3, 0, 0, 0)])
    alone = report(zones=columns, crosstabs=crosstab_columns([]), warnings=(), period="", inputs=())
    page = Page(render_land_degradation(alone, english))
    assert "25.0 %" in page.sections["headline"]
    assert "zones" not in page.sections
    assert "No sub-indicator was given" in page.sections["causes"]
    assert "Nothing is missing" in page.sections["missing"]
    assert "Period" not in page.sections["header"]


def test_people():
    columns = {
        **ZONES,
        **{
            f"pop_{name}": [number, 0.0, None, None, number]
            for number, name in enumerate(
                ("degraded", "stable", "improved", "nodata", "water"), start=1000
            )
        },
        "pop_degraded_pct": [50.0, None, None, None, 33.3],
    }
    page = Page(render_land_degradation(report(zones=columns), english))
    assert "People on degraded land 33.3 %" in page.sections["headline"]
    assert "1 000 persons live on degraded land" in page.sections["headline"]


def test_many_zones_are_drawn_in_part():
    rows = [zone(f"Zone {n}", n, 100 - n, 0, 0, 0) for n in range(90)]
    rows.append(zone("All zones", 4005, 4995, 0, 0, 0, level="total"))
    page = Page(render_land_degradation(report(zones=zone_columns(rows)), english))
    assert len(page.figures[1]["data"][0]["y"]) == MOST_DRAWN_ZONES
    assert "of 91 rows" in page.sections["zones"]


def test_it_loads_nothing(page):
    html = render_land_degradation(report(), english)
    head = html[: html.index("<main")]
    assert "Content-Security-Policy" in head
    body = html[html.index("<main") : html.index("</main>")]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", body)
    assert "<b>Berkut" not in body
