"""Small pictures of rasters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Profile
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.source import close_readers, open_source

_OPAQUE: Final = 255


class Stop(NamedTuple):
    """A value and its colour; those between two stops are mixed."""

    value: float
    red: int
    green: int
    blue: int


def write_thumbnail(
    raster: str | Path,
    target: Path,
    stops: Sequence[Stop],
    *,
    band: int = 1,
    side: int = 160,
    resampling: str = "average",
) -> None:
    """Write a PNG of a band; cells without data are transparent.

    Parameters
    ----------
    raster : str or Path
        The raster.
    target : Path
        The PNG.
    stops : sequence of Stop
        The colours, by rising values.
    band : int
        Counts from 1.
    side : int
        Of the longer side, in pixels, at most.
    resampling : str
        How cells are put together, "nearest" for classes.

    Raises
    ------
    InputError
        If the raster cannot be opened.
    OutputError
        If the PNG cannot be written.
    """
    source = open_source(str(raster), bands=[band])
    grid = _coarser(source.grid, side)
    try:
        values, valid = source.on_grid(grid, resampling).read(grid.window)
    finally:
        close_readers()
    known = np.array([stop.value for stop in stops])
    colours = [
        np.interp(np.where(valid[0], values[0], 0.0), known, channel)
        for channel in np.array([stop[1:] for stop in stops], dtype=float).T
    ]
    picture = np.rint(np.stack([*colours, np.where(valid[0], _OPAQUE, 0)])).astype(np.uint8)
    draft = target.with_name(f"{target.name}.tif")
    names = ("red", "green", "blue", "alpha")
    profile = Profile(grid.width, grid.height, grid.transform, grid.crs, "uint8", None, names)
    try:
        writer = get_driver().create(str(draft), profile)
        writer.write(picture, grid.window)
        writer.close()
        get_driver().copy(str(draft), str(target), "PNG", {})
    finally:
        draft.unlink(missing_ok=True)
        target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)


def _coarser(grid: Grid, side: int) -> Grid:
    """Return a grid of the same place with at most so many cells along its longer side."""
    step = max(1.0, max(grid.width, grid.height) / side)
    width, height = (max(1, round(length / step)) for length in (grid.width, grid.height))
    a, b, c, d, e, f = grid.transform
    across, down = grid.width / width, grid.height / height
    return Grid(grid.crs, (a * across, b * down, c, d * across, e * down, f), width, height)
