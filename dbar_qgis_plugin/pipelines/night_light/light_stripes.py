"""Stripes along the rows of a raster of lights, searched for in panels of columns.

A stripe that ends within a panel, as those of one half of a mosaic do at the seam, may be too short
there to be found; so it is followed from the panel beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.light_cleaning import (
    Line,
    continued,
    follow_reach,
    gaps,
    stripe_candidates,
    stripe_lines,
)
from dbar_qgis_plugin.pipelines.night_light.light_levels import WorkedRaster
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
    coming: tuple[Line, ...] = ()  # lines of the panels beside that are to be followed


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
        search = progress.part(0.0, 0.9)
        found = list(run_tasks(_search_panel, tasks, count, executor, workers, search))
        ended = [task for task in _with_coming(tasks, found) if task.coming]
        follow = progress.part(0.9, 1.0)
        found += run_tasks(_follow_lines, ended, len(ended), executor, workers, follow)
    return tuple(line for lines in found for line in lines)


def _search_panel(task: _PanelTask) -> list[Line]:
    row, col, height, width = task.window
    candidates = np.zeros((len(task.backgrounds), height, width), dtype=bool)
    inside = np.zeros((height, width), dtype=bool)
    for first in range(row, row + height, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, row + height)
        here = slice(first - row, last - row)
        candidates[:, here], inside[here] = _candidates(task, first, last)
    return [
        Line(band, col, col + width - 1, *ends)
        for band, mask in enumerate(candidates)
        if mask.any()
        for ends in stripe_lines(mask, inside, task.share, task.half_width)
    ]


def _candidates(task: _PanelTask, first: int, last: int) -> tuple[Bool, Bool]:
    """Candidates of some rows of a panel, per band, and its cells with data or in a gap."""
    row, col, height, width = task.window
    halo = gap_reach(task.half_width)
    begin, end = max(first - halo, row), min(last + halo, row + height)
    values, valid = task.raster.read(Window(begin, col, end - begin, width))
    whole: Bool = np.logical_and.reduce(valid)
    gap = gaps(whole, halo)
    inner = slice(first - begin, last - begin)
    odd = stripe_candidates(values, whole, gap, task.backgrounds)
    return odd[:, inner], (whole | gap)[inner]


def _with_coming(
    tasks: Sequence[_PanelTask], found: Sequence[Sequence[Line]]
) -> Iterator[_PanelTask]:
    """Panels with the lines of the panels beside that were not found to go on in them."""
    for place, task in enumerate(tasks):
        col, width = task.window.col, task.window.width
        coming: list[Line] = []
        for beside, edge in ((place - 1, col), (place + 1, col + width - 1)):
            if 0 <= beside < len(tasks):
                coming += (
                    line
                    for line in found[beside]
                    if not any(_meet(line, own, edge, task.half_width) for own in found[place])
                )
        yield task._replace(coming=tuple(coming))


def _meet(line: Line, other: Line, col: int, half_width: int) -> bool:
    """Whether two lines are one stripe at a column."""
    apart = abs(_row_at(line, col) - _row_at(other, col))
    return line.band == other.band and apart <= 2 * half_width + 1


def _row_at(line: Line, col: int) -> int:
    """Row of a line at a column, where it need not reach."""
    slope = (line.last_row - line.first_row) / max(line.last_col - line.first_col, 1)
    return round(line.first_row + slope * (col - line.first_col))


def _follow_lines(task: _PanelTask) -> list[Line]:
    row, col, height, width = task.window
    reach = follow_reach(task.half_width)
    found = []
    for line in task.coming:
        is_forward = line.first_col < col
        edges = (col, col + width - 1) if is_forward else (col + width - 1, col)
        ends = [_row_at(line, edge) for edge in edges]
        first, last = max(min(ends) - reach, row), min(max(ends) + reach + 1, row + height)
        if first >= last:
            continue
        odd, inside = _candidates(task, first, last)
        way = slice(None, None, 1 if is_forward else -1)
        part = continued(
            odd[line.band][:, way],
            inside[:, way],
            (ends[0] - first, ends[1] - first),
            task.share,
            task.half_width,
        )
        if part is not None:
            columns, begin, end = part
            if is_forward:
                found.append(Line(line.band, col, col + columns - 1, first + begin, first + end))
            else:
                stop = col + width
                found.append(Line(line.band, stop - columns, stop - 1, first + end, first + begin))
    return found


def gap_reach(half_width: int) -> int:
    """Rows of a stripe without data that are still seen as a gap in the image."""
    return 2 * half_width + 1
