"""Rasters that a run writes in a first pass, reads in a second, and removes at its end."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dbar_qgis_plugin.errors import OutputError, translate
from dbar_qgis_plugin.raster_io.drivers import get_driver, name_of_writer
from dbar_qgis_plugin.raster_io.drivers.base import Array, Profile, Window, Writer
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.source import RasterSource, close_readers, open_source

_TILE = "256"


class Scratch:
    """A raster of one band being written, then read. Make one with :func:`scratch_raster`."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer

    def write(self, values: Array, window: Window) -> None:
        """Write a window, values of shape (height, width)."""
        self._writer.write(values[np.newaxis], window)

    def finished(self) -> RasterSource:
        """Finish writing and open for reading; `OutputError` if the disk did not take all of it."""
        self._writer.close()
        get_driver().check_complete(str(self._path))
        return open_source(str(self._path))


@contextmanager
def scratch_raster(
    output: str | Path, name: str, grid: Grid, dtype: str, nodata: float
) -> Iterator[Scratch]:
    """Keep a raster beside an output while a run lasts.

    Not compressed: it is read once, soon, and mostly from memory that the system lends.

    Parameters
    ----------
    output : str or Path
        The output that the run makes; workers of a cluster reach its folder.
    name : str
        Told apart by this from other scratch rasters of the run.
    grid : Grid
        Its grid.
    dtype : str
        Data type.
    nodata : float
        Marks cells without data.

    Raises
    ------
    OutputError
        If there is no room for it.
    """
    output = Path(output)
    path = output.with_name(f"{output.name}.{name}.part")
    needed = grid.width * grid.height * np.dtype(dtype).itemsize
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise OutputError(
            translate(
                "Dbar",
                "While it is computed, {path} takes {needed} MB more, but only {free} MB are "
                "free. Free space, or choose another folder.",
            ),
            path=str(output),
            needed=needed // 1_000_000,
            free=free // 1_000_000,
        )
    profile = Profile(
        grid.width,
        grid.height,
        grid.transform,
        grid.crs,
        dtype,
        nodata,
        (name,),
        options={
            "TILED": "YES",
            "BLOCKXSIZE": _TILE,
            "BLOCKYSIZE": _TILE,
            "BIGTIFF": "IF_SAFER",
        },
    )
    scratch = Scratch(path, get_driver(name_of_writer()).create(str(path), profile))
    try:
        yield scratch
    finally:
        with contextlib.suppress(OutputError):
            scratch._writer.close()
        close_readers()
        path.unlink(missing_ok=True)
