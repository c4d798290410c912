"""The report on electrification: what it says, and that names cannot become markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("plotly")

from dbar_qgis_plugin.reports.electrification import (
    ElectrificationReport,
    curve_figure,
    render_electrification,
)

REPORT = ElectrificationReport(
    title="Electrification",
    created="2026-01-02",
    plugin_version="1.2.3",
    unit="nW cm-2 sr-1",
    method="fixed",
    marks_threshold=True,
    zones={
        "zone": ["north <i>", "all"],
        "threshold": [0.5, 0.5],
        "people": [1000.0, 4000.0],
        "people_lit": [250.0, 3000.0],
        "people_no_light_data": [0.0, 12.0],
        "electrified_pct": [25.0, 75.2],
        "flags": ["OVERLAP", ""],
    },
    curve={
        "zone": ["north <i>"] * 2 + ["all"] * 2,
        "threshold": [0.5, 2.0] * 2,
        "people_lit": [250.0, 10.0, 3000.0, 500.0],
        "electrified_pct": [25.0, 1.0, 75.2, 12.5],
        "chosen": [1, 0, 1, 0],
    },
    parameters={"Method": "fixed"},
    warnings=["Beware & look"],
)


def plain(_context, text):
    return text


def test_what_it_says():
    page = render_electrification(REPORT, plain)
    assert page.startswith("<!DOCTYPE html>")
    for text in (
        "75.2",
        "Beware &amp; look",
        "OVERLAP",
        "1.2.3",
        "north &lt;i&gt;",
        "0.5 nW cm⁻² sr⁻¹",
    ):
        assert text in page
    assert "<i>" not in page.partition("<script")[0]


def test_the_curve():
    figure = curve_figure(REPORT, plain)
    # All zones first, then each zone.
    assert [trace["name"] for trace in figure.data] == ["all", "north &lt;i&gt;"]
    assert figure.data[0]["y"] == [75.2, 12.5]
    assert figure.layout["xaxis"]["title"]["text"] == "Lit from this value on (nW cm⁻² sr⁻¹)"
    assert figure.layout["xaxis"]["type"] == "log"
    (line,) = figure.layout["shapes"]
    assert line["x0"] == 0.5
    below = {**REPORT.curve, "threshold": [-0.5, 2.0] * 2}
    figure = curve_figure(replace(REPORT, curve=below, marks_threshold=False), plain)
    assert figure.layout["xaxis"]["type"] == "linear"
    assert figure.layout["shapes"] == []
