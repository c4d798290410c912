"""Stripes along the rows of a raster of lights, searched for in panels of columns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.light_cleaning import Line, gaps, stripe_candidates, stripe_lines
from dbar_qgis_plugin.pipelines.light_levels import WorkedRaster
from dbar_qgis_plugin.raster_io.blocks import run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

Bool = NDArray[np.bool_]

_PANEL: Final = 512  # columns in which a stripe is taken for straight
_ROWS_AT_ONCE: Final = 2048


class _PanelTask(NamedTuple):
    raster: WorkedRaster
    window: Window
    backgrounds: NDArray[Any]
    share: float
    half_width: int


def find_stripes(
    raster: WorkedRaster,
    backgrounds: NDArray[Any],
    share: float,
    half_width: int,
    workers: Workers,
    progress: Progress,
) -> tuple[Line, ...]:
    """Find the lines of stripes in all panels; see `kernels.light_cleaning.stripe_lines`."""
    grid = raster.source.grid
    count = max(1, round(grid.width / _PANEL))
    edges = [grid.width * place // count for place in range(count + 1)]
    tasks = [
        _PanelTask(
            raster, Window(0, first, grid.height, last - first), backgrounds, share, half_width
        )
        for first, last in pairwise(edges)
    ]
    with workers.executor() as executor:
        found = run_tasks(_search_panel, tasks, len(tasks), executor, workers, progress)
        return tuple(line for lines in found for line in lines)


def _search_panel(task: _PanelTask) -> list[Line]:
    row, col, height, width = task.window
    candidates = np.zeros((len(task.backgrounds), height, width), dtype=bool)
    inside = np.zeros((height, width), dtype=bool)
    halo = gap_reach(task.half_width)
    for first in range(row, row + height, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, row + height)
        begin, end = max(first - halo, row), min(last + halo, row + height)
        values, valid = task.raster.read(Window(begin, col, end - begin, width))
        whole: Bool = np.logical_and.reduce(valid)
        gap = gaps(whole, halo)
        inner = slice(first - begin, last - begin)
        odd = stripe_candidates(values, whole, gap, task.backgrounds)
        candidates[:, first - row : last - row] = odd[:, inner]
        inside[first - row : last - row] = (whole | gap)[inner]
    return [
        Line(band, col, col + width - 1, *ends)
        for band, mask in enumerate(candidates)
        if mask.any()
        for ends in stripe_lines(mask, inside, task.share, task.half_width)
    ]


def gap_reach(half_width: int) -> int:
    """Rows of a stripe without data that are still seen as a gap in the image."""
    return 2 * half_width + 1
