"""Levels of dark ground in a raster of lights, from how often each value occurs."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.light_cleaning import (
    KEYS,
    Levels,
    key_counts,
    keys,
    levels,
    low_keys,
    low_percentiles,
)
from dbar_qgis_plugin.raster_io.blocks import block_windows, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Bool = NDArray[np.bool_]
Int64 = NDArray[np.int64]

NODATA: Final = -9999.0


class WorkedRaster(NamedTuple):
    """A source, and the data type that its values are worked in and written as."""

    source: RasterSource
    dtype: np.dtype[Any]

    def read(self, window: Window) -> Block:
        """Read a window in that type."""
        return self.taken(self.source.read(window))

    def taken(self, block: Block) -> Block:
        """Bring a block of the source to that type."""
        return Block(block.values.astype(self.dtype, copy=False), block.valid)


def worked(source: RasterSource) -> WorkedRaster:
    """Work in whole numbers of up to 16 bits as they are, in all others as float32."""
    dtype = source.value_dtype
    small = dtype.kind in "iu" and dtype.itemsize <= 2
    return WorkedRaster(source, dtype if small else np.dtype(np.float32))


def kept_nodata(raster: WorkedRaster, *, zero_is_data: bool = False) -> float:
    """Value that marks cells without data in a result: the file's, where it can.

    Else -9999 for fractions, and the largest number of the type for whole ones.
    """
    info, dtype = raster.source.info, raster.dtype
    stored = (info.nodata[band - 1] for band in raster.source.bands)
    given = next((value for value in stored if value is not None and np.isfinite(value)), None)
    limits = None if dtype.kind == "f" else np.iinfo(dtype)
    instead = NODATA if limits is None else float(limits.max)
    if given is None or (given == 0 and zero_is_data):
        return instead
    if limits is None:
        return given if float(np.float32(given)) == given else instead
    return given if limits.min <= given <= limits.max and given == int(given) else instead


def marked(values: NDArray[Any], valid: Bool, nodata: float) -> NDArray[Any]:
    """Write the nodata value where there are no data, and nowhere else; in place.

    Parameters
    ----------
    values : ndarray [bands, rows, cols]
        Whole numbers that would mean no data become the next ones.
    valid : bool ndarray [rows, cols], or of the shape of `values`
    nodata : float
    """
    mark = values.dtype.type(nodata)
    if values.dtype.kind in "iu":
        values[values == mark] = mark - 1 if mark > 0 else mark + 1
    np.copyto(values, mark, where=~valid)
    return values


class Survey(NamedTuple):
    """What a pass over all values knows.

    counts : int64 [bands, keys]
    bands : levels of each
    nodes : float32 [bands, rows, cols], percentiles of squares; empty without them
    some : int, cells with data in some bands only
    """

    counts: Int64
    bands: tuple[Levels, ...]
    nodes: NDArray[np.float32]
    some: int


class _SurveyTask(NamedTuple):
    raster: WorkedRaster
    window: Window
    together: bool  # cells without data in any band are without data
    square: int
    percent: float
    modes: tuple[int, ...]


def survey_levels(
    raster: WorkedRaster,
    *,
    together: bool,
    workers: Workers,
    progress: Progress,
    square: int = 0,
    percent: float = 0.0,
) -> Survey:
    """Count all values of a raster, and find the levels of its bands.

    Values of up to 16 bits take one pass. Others take two: the first counts their upper halves,
    the second the lower ones of those that share the most frequent upper one.

    Parameters
    ----------
    raster : WorkedRaster
        What to look at.
    together : bool
        Whether a cell without data in any band is without data.
    workers : Workers
        Threads or cluster, and the memory budget.
    progress : Progress
        Where to report to.
    square : int
        Rows and columns of squares whose low percentile is wanted; 0: none.
    percent : float
        That percentile.

    Raises
    ------
    InputError
        If a band has no data.
    """
    is_float = raster.dtype.kind == "f"
    task = _SurveyTask(raster, raster.source.grid.window, together, square, percent, ())
    counts, nodes, some = _surveyed(task, workers, progress.part(0, 0.5 if is_float else 1))
    if not counts.sum(axis=1).all():
        raise InputError(
            translate(
                "Dbar",
                "{name}: there is no cell with data in all bands. Choose a raster with data, or "
                "leave out the band that has none.",
            )
            if together
            else translate("Dbar", "{name} holds no data."),
            name=raster.source.name,
        )
    low = np.zeros(len(counts), dtype=np.int64)
    if is_float:
        modes = tuple(int(mode) for mode in counts.argmax(axis=1))
        finer = _surveyed(task._replace(square=0, modes=modes), workers, progress.part(0.5, 1))
        low = finer[0].argmax(axis=1)
    found = tuple(
        levels(band, raster.dtype, int(bits)) for band, bits in zip(counts, low, strict=True)
    )
    return Survey(counts, found, nodes, some)


def _surveyed(
    task: _SurveyTask, workers: Workers, progress: Progress
) -> tuple[Int64, NDArray[np.float32], int]:
    """Run a task for windows that are made of whole squares, or of whole tiles."""
    source, square = task.raster.source, task.square
    grid, bands = source.grid, len(source.bands)
    counts = np.zeros((bands, KEYS), dtype=np.int64)
    size = (-(-grid.height // square), -(-grid.width // square)) if square else (0, 0)
    nodes = np.full((bands, *size), np.nan, dtype=np.float32)
    some = 0
    windows = block_windows(
        grid.height,
        grid.width,
        (square, square) if square else source.tile,
        (source.value_dtype.itemsize + 1 + task.raster.dtype.itemsize) * bands + 16.0,
        workers,
    )
    tasks = (task._replace(window=window) for window in windows)
    with workers.executor() as executor:
        found = run_tasks(_survey_window, tasks, len(windows), executor, workers, progress)
        for window, (part, low, here) in zip(windows, found, strict=True):
            counts += part
            some += here
            if square:
                row, col = window.row // square, window.col // square
                nodes[:, row : row + low.shape[1], col : col + low.shape[2]] = low
    return counts, nodes, some


def _survey_window(task: _SurveyTask) -> tuple[Int64, NDArray[np.float32], int]:
    values, valid = task.raster.read(task.window)
    whole: Bool = np.logical_and.reduce(valid)
    some = int(np.count_nonzero(valid.any(axis=0)) - np.count_nonzero(whole))
    counts = np.empty((len(values), KEYS), dtype=np.int64)
    for band, layer in enumerate(values):
        known: Bool = whole if task.together else valid[band]
        if task.modes:
            cells = layer[known]
            cells = cells[keys(cells) == task.modes[band]]
            counts[band] = np.bincount(low_keys(cells), minlength=KEYS)
        else:
            counts[band] = key_counts(layer, known)
    low = np.empty((len(values), 0, 0), dtype=np.float32)
    if task.square:
        low = low_percentiles(values, whole, task.square, task.percent)
    return counts, low, some
