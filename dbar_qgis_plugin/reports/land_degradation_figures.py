"""The figures of a land degradation report, as plotly dictionaries."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dbar_qgis_plugin.reports.html import (
    FAINT_INK,
    Figure,
    Translate,
    axis,
    base_layout,
    number,
    plot_text,
)

Trace = dict[str, Any]

NO_DATA_COLOUR, WATER_COLOUR = "#b8c0c8", "#8fb8de"
# Land cover at the start and at the end: told apart with any colour vision, on white and black.
BEFORE, AFTER = "#8a97a3", "#0b7a75"

_BAR_HEIGHT, _FRAME_HEIGHT = 30, 130


def stacked_figure(
    rows: Sequence[str],
    parts: Sequence[tuple[str, str, Sequence[float]]],
    axis_title: str,
    translate: Translate,
) -> Figure:
    """Return horizontal bars of shares, one a row, from top to bottom.

    Parameters
    ----------
    rows : sequence of str
        Their labels.
    parts : sequence of (label, colour, values)
        From left to right; values in km2, one per row.
    axis_title : str
        Says of what the shares are.
    translate : callable
        See `reports.html`.
    """
    totals = [sum(part[2][row] for part in parts) for row in range(len(rows))]
    hover = translate("Dbar", "%{customdata} km², %{x:.1f} %")
    places = list(range(len(rows)))[::-1]  # plotly draws the first one at the bottom
    data: list[Trace] = []
    for label, colour, values in parts:
        if not any(values):
            continue
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "y": places,
                "x": [
                    round(100 * value / total, 3) if total else 0
                    for value, total in zip(values, totals, strict=True)
                ],
                "text": [plot_text(row) for row in rows],
                "textposition": "none",
                "customdata": [number(value, 1) for value in values],
                # The palest class needs an outline on a white page.
                "marker": {"color": colour, "line": {"color": FAINT_INK, "width": 0.8}},
                "hovertemplate": f"<b>%{{text}}</b> {plot_text(label)}: {hover}<extra></extra>",
            }
        )
    labels = ("<br>".join(textwrap.wrap(plot_text(row), 24)[:2]) for row in rows)
    layout = base_layout(
        _FRAME_HEIGHT + _BAR_HEIGHT * max(len(rows), 2),
        barmode="stack",
        bargap=0.28,
        hovermode="closest",
        xaxis=axis(axis_title, range=[0, 100], ticksuffix=" %", zeroline=False),
        yaxis=axis(
            "",
            tickvals=places,
            ticktext=list(labels),
            range=[-0.6, len(rows) - 0.4],
            showgrid=False,
            zeroline=False,
        ),
    )
    layout["legend"]["traceorder"] = "normal"
    return Figure(data, layout, [])


def land_cover_figure(
    names: Sequence[str], initial: Sequence[float], final: Sequence[float], translate: Translate
) -> Figure:
    """Return the areas of the land cover classes at both ends, in km2, side by side."""
    places = list(range(len(names)))[::-1]
    data: list[Trace] = []
    # The first trace is drawn at the bottom of each pair.
    for label, colour, values, shift in (
        (translate("Dbar", "at the start"), BEFORE, initial, 0.19),
        (translate("Dbar", "at the end"), AFTER, final, -0.19),
    ):
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "y": [place + shift for place in places],
                "x": [float(f"{value:.6g}") for value in values],
                "width": 0.36,
                "text": [plot_text(name) for name in names],
                "textposition": "none",
                "customdata": [number(value, 1) for value in values],
                "marker": {"color": colour},
                "hovertemplate": "<b>%{text}</b><br>%{customdata} km²"
                f"<extra>{plot_text(label)}</extra>",
            }
        )
    labels = ("<br>".join(textwrap.wrap(plot_text(name), 24)[:2]) for name in names)
    layout = base_layout(
        _FRAME_HEIGHT + 44 * max(len(names), 2),
        barmode="overlay",
        hovermode="closest",
        xaxis=axis(translate("Dbar", "Area (km²)"), rangemode="tozero"),
        yaxis=axis(
            "",
            tickvals=places,
            ticktext=list(labels),
            range=[-0.6, len(names) - 0.4],
            showgrid=False,
            zeroline=False,
        ),
    )
    return Figure(data, layout, [])


def class_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of all parts of an area, those of the classes as given."""
    return {**colours, "nodata": NO_DATA_COLOUR, "water": WATER_COLOUR}
