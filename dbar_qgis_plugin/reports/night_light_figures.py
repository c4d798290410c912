"""The figures of a night light report, as plotly dictionaries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dbar_qgis_plugin.reports.html import (
    LINE_COLOURS,
    Figure,
    Translate,
    View,
    axis,
    base_layout,
    plot_text,
    reference_line,
)

Trace = dict[str, Any]

MOST_LINES = 8
_DIGITS = 6


def series_figure(
    names: Sequence[str],
    dates: Sequence[str],
    values: Sequence[Sequence[float | None]],
    title: str,
    translate: Translate,
) -> Figure:
    """Return lines through time, one a zone; first those of the brightest, then each alone.

    Parameters
    ----------
    names : sequence of str
        Zones, the brightest first.
    dates : sequence of str
        ISO 8601.
    values : sequence of sequences
        [zones][dates]; None leaves a gap.
    title : str
        Of the axis, with the unit.
    translate : callable
        See `reports.html`.
    """
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(dates) <= 40 else "lines",
            "name": _short(name),
            "x": list(dates),
            "y": [None if value is None else _rounded(value) for value in of_zone],
            "line": {"color": LINE_COLOURS[place % len(LINE_COLOURS)], "width": 2},
            "visible": place < MOST_LINES,
            "hovertemplate": f"<b>{plot_text(name)}</b><br>%{{x}}: %{{y}}<extra></extra>",
        }
        for place, (name, of_zone) in enumerate(zip(names, values, strict=True))
    ]
    layout = base_layout(
        380,
        hovermode="closest",
        xaxis=axis("", type="date"),
        yaxis=axis(title, rangemode="tozero"),
    )
    return Figure(data, layout, _views(names, [[place] for place in range(len(names))], translate))


def lorenz_figure(
    names: Sequence[str],
    places: Sequence[float],
    curves: Sequence[Sequence[float]],
    people_curves: Sequence[Sequence[float]],
    translate: Translate,
) -> Figure:
    """Return Lorenz curves, of light over cells and, dashed, of light over people.

    Parameters
    ----------
    names : sequence of str
        Zones, the brightest first.
    places : sequence of float
        Shares of the cells or people.
    curves, people_curves : sequence of sequences
        [zones][places], shares of the light; the latter may be empty.
    translate : callable
        See `reports.html`.
    """
    data: list[Trace] = []
    of_zone: list[list[int]] = []
    over_people = translate("Dbar", "over people")
    for place, name in enumerate(names):
        of_zone.append([])
        for curve, dash, label in (
            (curves[place], "solid", name),
            (
                people_curves[place] if people_curves else [math.nan],
                "dash",
                f"{name}, {over_people}",
            ),
        ):
            if math.isnan(curve[0]):
                continue
            of_zone[-1].append(len(data))
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": _short(label),
                    "x": [_rounded(100.0 * share) for share in places],
                    "y": [_rounded(100.0 * share) for share in curve],
                    "line": {
                        "color": LINE_COLOURS[place % len(LINE_COLOURS)],
                        "width": 2,
                        "dash": dash,
                    },
                    "visible": place < MOST_LINES,
                    "hovertemplate": f"<b>{plot_text(label)}</b><br>%{{x:.0f}} % → %{{y:.1f}} %"
                    "<extra></extra>",
                }
            )
    over = translate("Dbar", "Share of the cells or people, least light first (%)")
    layout = base_layout(
        460,
        hovermode="closest",
        xaxis=axis(over, range=[0, 100], zeroline=False),
        yaxis=axis(translate("Dbar", "Share of the light (%)"), range=[0, 100], zeroline=False),
        shapes=[reference_line((0, 0), (100, 100))],
    )
    return Figure(data, layout, _views(names, of_zone, translate))


def _views(
    names: Sequence[str], traces: Sequence[Sequence[int]], translate: Translate
) -> list[View]:
    """Return the brightest zones together, then each zone alone."""
    if len(names) < 2:
        return []
    together = [trace for of_zone in traces[:MOST_LINES] for trace in of_zone]
    label = translate("Dbar", "The brightest ({count})") if len(names) > MOST_LINES else ""
    label = label or translate("Dbar", "All ({count})")
    return [
        View(label.format(count=min(len(names), MOST_LINES)), together),
        *(View(name, of_zone) for name, of_zone in zip(names, traces, strict=True)),
    ]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _short(name: str, most: int = 28) -> str:
    return plot_text(name if len(name) <= most else name[: most - 1] + "…")
