"""The report on night light: figures, tables, and text that cannot become markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from dbar_qgis_plugin.reports.night_light import NightLightReport, render_night_light
from dbar_qgis_plugin.reports.night_light_figures import MOST_LINES

pytest.importorskip("plotly")

NONE = float("nan")
PLACES = (0.0, 0.5, 1.0)


def report(zones=2, dates=("2014", "2015"), **changed):
    """Zone n has the light n + 1 on the first date, and twice as much on each later one."""
    names = [f"Zone <{number}>" for number in range(zones)]
    values = [(number + 1) * 2.0**date for number in range(zones) for date in range(len(dates))]
    last = values[len(dates) - 1 :: len(dates)]

    def columns(zone, light, count):
        return {
            "zone": zone,
            "date": [f"{year}-01-01" for year in dates] * zones if count > zones else ["x"] * zones,
            "unit": ["nW cm-2 sr-1"] * count,
            "tnl": [10 * value for value in light],
            "power_w_sr": [1e6 * value for value in light],
            "antl": light,
            "mntl": light,
            "sd": [0.0] * count,
            "max": light,
            "lit_km2": [25.0] * count,
            "lit_share": [0.5] * count,
            "n_valid": [10] * count,
            "n_nodata": [0] * count,
            "n_lit": [5] * count,
            "cnli": [0.25] * count,
            "cnli_reference": [86.5] * count,
            "gini": [0.3] * count,
            "theil": [0.2] * count,
            "flags": [""] * count,
        }

    of_zones = columns(names, last, zones) | {
        "trend_dates": [len(dates)] * zones,
        "trend_slope": [None] * zones,
        "trend_pct": [None] * zones,
        "trend_p": [None] * zones,
        "trend": ["FEW_DATES"] * zones,
    }
    values = {
        "title": "Night light",
        "created": "2026-01-01",
        "plugin_version": "1.0.0",
        "unit": "nW cm-2 sr-1",
        "dates": dates,
        "trend_of": "antl",
        "parameters": {"Dates": "2014,2015"},
        "inputs": [
            {
                "role": "light",
                "date": "2014",
                "name": "<light>",
                "unit": "",
                "crs": "WGS 84",
                "cell_size": "1 × 1",
                "nodata": "",
                "resampling": "",
            }
        ],
        "zones": of_zones,
        "series": columns([name for name in names for _ in dates], values, len(values)),
        "places": PLACES,
        "lorenz": [[0.0, 0.2, 1.0]] * zones,
        "people_lorenz": [],
        "warnings": ["<careful>"],
    }
    return NightLightReport(**values | changed)


def render(translate=lambda context, text: text, zone_table=None, **changed):
    made = report(**changed)
    return render_night_light(
        made if zone_table is None else replace(made, zones=zone_table), translate
    )


def body(html: str) -> str:
    """The page without plotly's own script."""
    return html[html.index("<body") : html.index("</main>")]


def figures(html: str) -> dict[str, dict]:
    found = re.findall(
        r'id="([\w-]+)" class="chart".*?<script type="application/json">(.*?)</script>',
        body(html),
        re.DOTALL,
    )
    return {name: json.loads(text) for name, text in found}


def test_small_zones_have_their_power_in_small_units():
    made = report()
    for factor, text in ((1e-3, "6.000 <small>kW/sr"), (1e-6, "6.000 <small>W/sr")):
        series = dict(made.series)
        series["power_w_sr"] = [factor * power for power in series["power_w_sr"]]
        assert text in body(render(series=series))


def test_the_page():
    html = render()
    page = body(html)
    assert "Zone &lt;0&gt;" in page and "&lt;light&gt;" in page and "&lt;careful&gt;" in page
    assert "<0>" not in page and "<careful>" not in page
    assert html.rstrip().endswith("</html>")
    # 2 + 4 on the last date against 1 + 2: 6 MW/sr, twice as much.
    assert "6.000 <small>MW/sr</small>" in page
    assert "2015; +100.0 % since 2014" in page
    assert "nW cm⁻² sr⁻¹" in page
    assert 'id="trend"' not in page


def test_lines_of_the_brightest_zones_first_then_each_alone():
    drawn = figures(render(zones=10))["series-antl"]
    assert [trace["name"] for trace in drawn["data"]][:2] == ["Zone &lt;9&gt;", "Zone &lt;8&gt;"]
    assert drawn["data"][0]["y"] == [10, 20]
    assert drawn["views"][0]["traces"] == list(range(MOST_LINES))
    assert [view["traces"] for view in drawn["views"][1:]] == [[place] for place in range(10)]
    assert [trace["visible"] for trace in drawn["data"]] == [True] * MOST_LINES + [False] * 2


def test_cloudy_dates_leave_a_gap():
    cloudy = report().series | {"flags": ["", "LOW_COVERAGE", "", ""]}
    drawn = figures(render(series=cloudy))["series-antl"]
    assert [trace["y"] for trace in drawn["data"]] == [[2, 4], [1, None]]


def test_lorenz_curves_over_cells_and_people():
    curves = [[0.0, 0.2, 1.0], [NONE] * 3]
    html = render(lorenz=curves, people_lorenz=[[0.0, 0.4, 1.0], [NONE] * 3])
    drawn = figures(html)["lorenz"]
    assert [(t["y"], t["line"]["dash"]) for t in drawn["data"]] == [
        ([0, 20, 100], "solid"),
        ([0, 40, 100], "dash"),
    ]
    assert "lorenz" not in figures(render(lorenz=[[NONE] * 3] * 2))


def test_one_date_has_no_lines():
    found = figures(render(dates=("2014",)))
    assert set(found) == {"lorenz"}


def test_trends_and_flags():
    zones = report().zones | {
        "trend": ["rising", "FEW_DATES"],
        "trend_slope": [0.5, None],
        "trend_pct": [12.5, None],
        "trend_p": [0.0125, None],
        "flags": ["OVERLAP", "NO_LIGHT"],
    }
    page = body(render(zone_table=zones))
    assert "rising" in page and "+12.50" in page and "0.0125" in page and "too few dates" in page
    assert "1 / 0" in page
    assert "both count the shared cells" in page
    assert "what they share is in these sums several times" in page


def test_all_text_goes_through_the_translation():
    html = render(translate=lambda context, text: f"«{text}»")
    page = re.sub(r"<script.*?</script>", "", body(html), flags=re.DOTALL)
    words = re.findall(r">([^<>]*[A-Za-z]{4,}[^<>]*)<", page)
    foreign = {"Night light", "Dates", "WGS 84", "2014,2015", "2026-01-01"}
    left = [
        text.strip()
        for text in words
        if "«" not in text and "»" not in text and text.strip() not in foreign
    ]
    assert [
        text for text in left if not re.search(r"Zone|light&gt;|careful|DBAR|TNL|NTL|CNLI", text)
    ] == []


def test_zones_outside_are_counted_not_listed():
    zones = report(zones=3).zones | {"flags": ["", "OUTSIDE", "OUTSIDE"]}
    page = body(render(zones=3, zone_table=zones))
    table = page[page.index('id="zones"') : page.index('id="series"')]
    assert "Zone &lt;0&gt;" in table and "Zone &lt;1&gt;" not in table
    assert "Zones outside the rasters, left out here: 2." in table
    assert "The zone lies outside the rasters." in page
