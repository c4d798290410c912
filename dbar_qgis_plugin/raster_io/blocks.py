"""The block engine: windows over a grid, tasks on an executor, results in order.

Progress and cancel live here, so that no pipeline can forget them.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dbar_qgis_plugin.errors import GridError, translate
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Task = TypeVar("Task")
Result = TypeVar("Result")

_CELLS_PER_BLOCK = 1 << 20  # a few megabytes an array: fits the cache, and cancels soon
_POLL_SECONDS = 0.1


def block_windows(
    height: int, width: int, tile: tuple[int, int], bytes_per_cell: float, workers: Workers
) -> list[Window]:
    """Windows that cover a grid, each a union of whole tiles, row by row.

    Parameters
    ----------
    height, width : int
        Size of the grid in cells.
    tile : tuple of int
        Height and width of a tile.
    bytes_per_cell : float
        Memory that a block's arrays take per cell.
    workers : Workers
        Gives the memory budget.
    """
    tile_height, tile_width = min(tile[0], height), min(tile[1], width)
    cells = min(_CELLS_PER_BLOCK, workers.bytes_per_block / max(bytes_per_cell, 1.0))
    tiles = max(1, int(cells // (tile_height * tile_width)))
    # As near to square as tiles allow: a halo and a polygon's outline then cross few windows.
    across = max(1, min(round(math.sqrt(tiles * tile_height / tile_width)), tiles))
    across = min(across, math.ceil(width / tile_width))
    down = max(1, tiles // across)
    block_height, block_width = tile_height * down, tile_width * across
    return [
        Window(row, col, min(block_height, height - row), min(block_width, width - col))
        for row in range(0, height, block_height)
        for col in range(0, width, block_width)
    ]


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    count: int,
    executor: Executor,
    workers: Workers,
    progress: Progress,
) -> Iterator[Result]:
    """Run a function over tasks on an executor, and give its results in the tasks' order.

    Parameters
    ----------
    function : callable
        A module-level function of one task.
    tasks : iterable
        Picklable values; made as they are needed.
    count : int
        How many there are, for the progress.
    executor : Executor
        From `Workers.executor`.
    workers : Workers
        Bounds how many tasks are under way: twice the number of workers.
    progress : Progress
        Reported to after each task; checked for cancel at least ten times a second.

    Raises
    ------
    Cancelled
        If the user stops the run.
    """
    waiting: deque[Future[Result]] = deque()
    remaining = iter(tasks)
    done = 0
    try:
        while True:
            progress.check()
            while len(waiting) < 2 * workers.count:
                task = next(remaining, None)
                if task is None:
                    break
                waiting.append(executor.submit(function, task))
            if not waiting:
                return
            result = _result(waiting[0], progress)
            waiting.popleft()
            done += 1
            yield result
            progress.report(done / max(count, 1))
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Future[Result], progress: Progress) -> Result:
    while True:
        try:
            return future.result(timeout=_POLL_SECONDS)
        except FutureTimeout:
            if future.done():  # the task itself timed out
                raise
            progress.check()


class BlockContext(NamedTuple):
    """What a block function may want to know beside its arrays.

    window : Window
        The cells to be computed.
    inner : tuple of slice
        Where they lie in arrays that were read with a halo.
    grid : Grid
        The grid of all sources.
    """

    window: Window
    inner: tuple[slice, slice]
    grid: Grid


class _BlockTask(NamedTuple):
    function: Callable[..., Sequence[Any]]
    sources: tuple[RasterSource, ...]
    outer: Window
    context: BlockContext
    parameters: Any


def _run_block(task: _BlockTask) -> Sequence[Any]:
    blocks: list[Block] = [source.read(task.outer) for source in task.sources]
    return task.function(blocks, task.context, task.parameters)


def map_blocks(
    function: Callable[[list[Block], BlockContext, Any], Sequence[Any]],
    sources: Sequence[RasterSource],
    sinks: Sequence[RasterSink],
    parameters: Any = None,
    *,
    tally: Callable[[Any], None] | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
    halo: int = 0,
    bytes_per_cell: float = 0.0,
) -> None:
    """Compute rasters from rasters, block by block.

    Parameters
    ----------
    function : callable
        A module-level function of the sources' blocks, the `BlockContext` and `parameters`; returns
        an array [bands, height, width] of the inner window for each sink and, with `tally`, one
        more value: what the block adds to tables.
    sources : sequence of RasterSource
        All on one grid.
    sinks : sequence of RasterSink
        Written by the calling thread, in order. The caller opens and commits them.
    parameters : object
        A picklable value handed to every call.
    tally : callable, optional
        Takes the blocks' last values in order. What it adds up must not depend on the blocks: whole
        numbers (`kernels.area_tally`), not floating-point sums.
    workers : Workers, optional
        Threads or cluster, and the memory budget.
    progress : Progress, optional
        Where to report to.
    halo : int
        Cells read around a window, where the grid has them.
    bytes_per_cell : float
        Memory that the function takes per cell beside its inputs.

    Raises
    ------
    GridError
        If the sources are not on one grid.
    Cancelled
        If the user stops the run.
    """
    workers = workers or Workers()
    progress = progress or Progress()
    grid = sources[0].grid
    for source in sources[1:]:
        if source.grid != grid and not source.grid.same_cells(grid):
            raise GridError(
                translate("Dbar", "{name} is not on the grid of {reference}."),
                name=source.name,
                reference=sources[0].name,
            )
    # A value and its validity, and what the function says it needs.
    per_cell = bytes_per_cell + sum(
        (source.value_dtype.itemsize + 1) * len(source.bands) for source in sources
    )
    windows = block_windows(grid.height, grid.width, _common_tile(sources), per_cell, workers)
    tasks = (
        _BlockTask(function, tuple(sources), *_with_halo(window, grid, halo), parameters)
        for window in windows
    )
    with workers.executor() as executor:
        results = run_tasks(_run_block, tasks, len(windows), executor, workers, progress)
        for window, found in zip(windows, results, strict=True):
            arrays = found[: len(sinks)]
            for sink, array in zip(sinks, arrays, strict=True):
                sink.write(array, window)
            if tally is not None:
                tally(found[-1])


def _common_tile(sources: Sequence[RasterSource]) -> tuple[int, int]:
    """Tile of which all sources' tiles are parts, as long as that stays a sensible size."""
    height, width = sources[0].tile
    for source in sources[1:]:
        both = np.lcm(height, source.tile[0]), np.lcm(width, source.tile[1])
        if both[0] * both[1] <= 4 * _CELLS_PER_BLOCK:
            height, width = int(both[0]), int(both[1])
    return height, width


def _with_halo(window: Window, grid: Grid, halo: int) -> tuple[Window, BlockContext]:
    top, left = min(halo, window.row), min(halo, window.col)
    bottom = min(halo, grid.height - window.row - window.height)
    right = min(halo, grid.width - window.col - window.width)
    outer = Window(
        window.row - top,
        window.col - left,
        window.height + top + bottom,
        window.width + left + right,
    )
    inner = slice(top, top + window.height), slice(left, left + window.width)
    return outer, BlockContext(window, inner, grid)
