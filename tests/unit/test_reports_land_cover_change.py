"""The report on land cover change: figures, tables, and text that cannot become markup."""

from __future__ import annotations

import json
import re

import pytest

from dbar_qgis_plugin.reports.land_cover_change import (
    LandCoverChangeReport,
    flow_figure,
    render_land_cover_change,
)

pytest.importorskip("plotly")

CLASSES = [("Forest", "#1b7837"), ("Field <b>", "#fee08b"), ("Water", "#2166ac")]


def report(transitions, **changed):
    values = {
        "title": "Land cover change",
        "created": "2026-01-01",
        "plugin_version": "1.0.0",
        "years": ("2000", "2015"),
        "classes": CLASSES,
        "transitions": transitions,
        "meaning": [[0, -1, 0], [1, 0, 0], [0, 0, 0]],
        "meaning_colours": ("#9b2779", "#ffffe0", "#006500"),
        "all_years": ("2000", "2015"),
        "areas": [[110.0, 40.0, 50.0], [85.0, 65.0, 50.0]],
        "parameters": {"Legend": "custom"},
        "warnings": ["17 is <unknown>"],
    }
    return LandCoverChangeReport(**values | changed)


CHANGED = [[80.0, 30.0, 0.0], [5.0, 35.0, 0.0], [0.0, 0.0, 50.0]]


def render(*arguments, **changed):
    return render_land_cover_change(report(*arguments, **changed), lambda context, text: text)


def body(html: str) -> str:
    """The page without plotly's own script."""
    return html[html.index("<body") : html.index("</main>")]


def test_the_page():
    page = body(render(CHANGED))
    assert "2000–2015" in page
    for number in ("30.0", "165.0", "5.0", "15.00 % of the area"):
        assert number in page
    assert "Field &lt;b&gt;" in page
    assert "17 is &lt;unknown&gt;" in page
    assert "<b>" not in page
    assert render(CHANGED).rstrip().endswith("</html>")


def test_the_meaning_of_changes_has_the_names_of_the_classes():
    page = body(render(CHANGED))
    table = page[page.index("Meaning of changes: ") :]
    rows = re.findall(r"<tr><th scope=row>(.*?)(?=\n|</tbody>)", table)
    assert [re.sub("<[^>]+>", " ", row).split() for row in rows] == [
        ["Forest", "0", "\N{MINUS SIGN}", "0"],
        ["Field", "&lt;b&gt;", "+", "0", "0"],
        ["Water", "0", "0", "0"],
    ]
    assert rows[0].count("#ffffe0") == 2
    assert rows[0].count("#9b2779") == 1
    assert rows[1].count("#006500") == 1


def test_totals():
    assert report(CHANGED).totals == (30.0, 165.0, 5.0)


def test_flows():
    (trace,) = flow_figure(report(CHANGED)).data
    assert trace["node"]["label"] == [
        "Forest 2000",
        "Field &lt;b&gt; 2000",
        "Forest 2015",
        "Field &lt;b&gt; 2015",
    ]
    link = trace["link"]
    assert (link["source"], link["target"], link["value"]) == ([0, 1], [3, 2], [30.0, 5.0])
    assert [colour[:7] for colour in link["color"]] == ["#9b2779", "#006500"]


def test_tiny_flows_are_left_to_the_table():
    transitions = [[80.0, 30.0, 0.001], [5.0, 35.0, 0.0], [0.0, 0.0, 50.0]]
    assert flow_figure(report(transitions)).data[0]["link"]["value"] == [30.0, 5.0]


def test_nothing_changed():
    page = body(render([[80.0, 0.0, 0.0], [0.0, 35.0, 0.0], [0.0, 0.0, 50.0]]))
    assert "No area changed its class." in page
    assert 'id="flows"' in page
    assert "application/json" not in page


def test_nothing_at_all():
    assert "0.0" in body(render([[0.0] * 3] * 3))


def test_a_series_is_drawn():
    page = body(render(CHANGED, all_years=("2000", "2007.5", "2015"), areas=[[1.0, 2.0, 3.0]] * 3))
    specs = re.findall(r'<script type="application/json">(.*?)</script>', page)
    lines = json.loads(specs[1])["data"]
    assert [line["x"] for line in lines] == [[2000.0, 2007.5, 2015.0]] * 3
    assert lines[1]["y"] == [2.0, 2.0, 2.0]
