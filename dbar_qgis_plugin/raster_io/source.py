"""Rasters as they are read: on one grid, scaled once, with validity beside the values."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.raster_io.drivers import driver_name_of, get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Array, RasterInfo, Reader, WarpTarget, Window
from dbar_qgis_plugin.raster_io.grid import Grid, grid_of

RESAMPLINGS = ("nearest", "bilinear", "cubic", "average", "mode", "sum", "min", "max", "med")

_CELLS_PER_TILE = 1 << 18
_WARPED_TILE = 512
_READERS_PER_THREAD = 64


class Block(NamedTuple):
    """A window of a raster.

    values : ndarray [bands, height, width], finite wherever `valid`
    valid : bool ndarray of the same shape, True where there is data
    """

    values: Array
    valid: NDArray[np.bool_]


@dataclass(frozen=True)
class RasterSource:
    """A raster on the grid that it is read on: a value, which compares and pickles.

    Make one with :func:`open_source`.
    """

    path: str
    open_options: tuple[str, ...]
    name: str
    bands: tuple[int, ...]
    info: RasterInfo = field(repr=False)
    grid: Grid = field(repr=False)
    warp: WarpTarget | None
    driver: str

    def on_grid(self, grid: Grid, resampling: str) -> RasterSource:
        """Return the same raster, read on another grid.

        Parameters
        ----------
        grid : Grid
            Must be north-up. The raster's own grid gives plain windows, without resampling.
        resampling : str
            One of `RESAMPLINGS`; "sum" keeps totals (counts, such as persons per cell).
        """
        if resampling not in RESAMPLINGS:
            raise ValueError(f"unknown resampling {resampling!r}")
        own = grid_of(self.info, self.name)
        if own.same_cells(grid):
            return replace(self, grid=own, warp=None)
        if not grid.is_north_up:
            raise GridError(
                translate(
                    "Dbar",
                    "{name} would have to be read on a rotated grid. Choose a reference raster "
                    "whose rows run along the axes of its CRS.",
                ),
                name=self.name,
            )
        target = WarpTarget(grid.crs, grid.transform, grid.width, grid.height, resampling)
        return replace(self, grid=grid, warp=target)

    def one_band(self, band: int) -> RasterSource:
        """Return the same raster with only one band, which counts from 1."""
        return replace(self, bands=(band,))

    @property
    def tile(self) -> tuple[int, int]:
        """Height and width in cells of the pieces to read it in, a property of the file alone.

        Whole storage blocks, so that each is decoded once; small ones are taken together.
        """
        if self.warp is not None:
            return min(_WARPED_TILE, self.grid.height), min(_WARPED_TILE, self.grid.width)
        height, width = self.info.block_height, self.info.block_width
        if width >= self.info.width:  # strips
            strips = max(1, _CELLS_PER_TILE // (self.info.width * height))
            tall = height * strips
            if height >= self.info.height:  # one strip: any part can be read alike
                tall = max(1, _CELLS_PER_TILE // self.info.width)
            return min(tall, self.info.height), self.info.width
        while height * width * 4 <= _CELLS_PER_TILE:
            height, width = height * 2, width * 2
        return height, width

    @property
    def value_dtype(self) -> np.dtype:
        """Data type of the values that `read` gives."""
        if self.warp is not None or self._is_scaled:
            return np.dtype(np.float64)
        return np.result_type(*(self.info.dtypes[band - 1] for band in self.bands))

    @property
    def _is_scaled(self) -> bool:
        return any(
            self.info.scales[band - 1] != 1.0 or self.info.offsets[band - 1] != 0.0
            for band in self.bands
        )

    def read(self, window: Window) -> Block:
        """Read a window on the source's grid.

        Returns
        -------
        Block
            Values in the file's data type, or in float64 with scale and offset applied, or in
            float64 where the source is resampled. Nodata, masked and not finite cells are invalid,
            and hold 0.
        """
        reader = _reader(self)
        values = reader.read(self.bands, window)
        if self.warp is not None:
            valid = np.isfinite(values)
        else:
            valid = self._valid(reader, values, window)
        if not valid.all():
            values[~valid] = 0
        if self._is_scaled:
            values = self._scaled(values, valid)
        return Block(values, valid)

    def _valid(self, reader: Reader, values: Array, window: Window) -> NDArray[np.bool_]:
        parts = []
        for layer, band in zip(values, self.bands, strict=True):
            good = np.isfinite(layer) if layer.dtype.kind == "f" else None
            nodata = self.info.nodata[band - 1]
            if nodata is not None and np.isfinite(nodata):
                with np.errstate(all="ignore"):
                    stored = np.float64(nodata).astype(layer.dtype)
                # An integer band cannot hold a nodata value outside its type or with a fraction.
                if layer.dtype.kind == "f" or float(stored) == nodata:
                    differs = layer != stored
                    good = differs if good is None else good & differs
            if self.info.masked[band - 1]:
                unmasked = reader.read_mask((band,), window)[0]
                good = unmasked if good is None else good & unmasked
            parts.append(np.ones(layer.shape, dtype=bool) if good is None else good)
        return parts[0][np.newaxis] if len(parts) == 1 else np.stack(parts)

    def _scaled(self, values: Array, valid: NDArray[np.bool_]) -> Array:
        scale = np.array([self.info.scales[band - 1] for band in self.bands])
        offset = np.array([self.info.offsets[band - 1] for band in self.bands])
        scaled: Array = (
            values * scale[:, np.newaxis, np.newaxis] + offset[:, np.newaxis, np.newaxis]
        )
        scaled[~valid] = 0.0
        return scaled


def open_source(
    path: str,
    open_options: Iterable[str] = (),
    *,
    name: str = "",
    bands: Sequence[int] | None = None,
    driver: str = "",
) -> RasterSource:
    """Open a raster on its own grid.

    Parameters
    ----------
    path : str
        Anything that GDAL reads.
    open_options : iterable of str
        GDAL open options, "NAME=VALUE".
    name : str, optional
        What messages call it; the path if empty.
    bands : sequence of int, optional
        Bands, which count from 1; all if absent.
    driver : {"", "rasterio", "gdal"}
        Raster library; the one that suits this Python if empty.

    Raises
    ------
    InputError
        If it cannot be opened, has no such band, or holds complex numbers.
    GridError
        If it has no CRS or is not georeferenced.
    """
    driver = driver or driver_name_of(path)
    options = tuple(open_options)
    info = get_driver(driver).describe(path, options)
    name = name or path
    chosen = tuple(bands) if bands is not None else tuple(range(1, info.band_count + 1))
    if not chosen or max(chosen) > info.band_count or min(chosen) < 1:
        raise InputError(
            translate("Dbar", "{name} has {count} bands; band {band} was asked for."),
            name=name,
            count=info.band_count,
            band=", ".join(map(str, chosen)) or "1",
        )
    if any("complex" in info.dtypes[band - 1] for band in chosen):
        raise InputError(
            translate("Dbar", "{name} holds complex numbers, which no indicator can use."),
            name=name,
        )
    if not info.crs:
        _refuse_cut_header(path, options, info, driver)
    return RasterSource(path, options, name, chosen, info, grid_of(info, name), None, driver)


def _refuse_cut_header(path: str, options: tuple[str, ...], info: RasterInfo, driver: str) -> None:
    """Raise `InputError` if a file has lost its end, and with it perhaps what its header says."""
    reader = get_driver(driver).open_reader(path, options, None)
    try:
        reader.read((info.band_count,), Window(info.height - 1, info.width - 1, 1, 1))
    finally:
        reader.close()


# Each thread has its own handles, because a GDAL dataset serves one thread at a time. They stay
# open from block to block, and are closed by `close_readers` when a run ends.
_registry: dict[int, OrderedDict[tuple[object, ...], Reader]] = {}
_registry_lock = threading.Lock()


def _reader(source: RasterSource) -> Reader:
    file = Path(source.path)
    try:
        state = file.stat()
        version: tuple[int, ...] = (state.st_mtime_ns, state.st_size)
    except OSError:  # not a plain file: a subdataset, an archive member, a remote file
        version = ()
    key = (source.driver, source.path, source.open_options, source.warp, version)
    # Python knows a thread of Qt's only from here on, and counts it among the living: else another
    # thread's `close_readers` would close what this one reads from.
    threading.current_thread()
    with _registry_lock:
        readers = _registry.setdefault(threading.get_ident(), OrderedDict())
    reader = readers.get(key)
    if reader is None:
        reader = get_driver(source.driver).open_reader(
            source.path, source.open_options, source.warp
        )
        readers[key] = reader
        if len(readers) > _READERS_PER_THREAD:
            readers.popitem(last=False)[1].close()
    else:
        readers.move_to_end(key)
    return reader


def close_readers() -> None:
    """Close the handles of threads that have ended, and of the calling thread.

    A file that is still open cannot be replaced or deleted on Windows.
    """
    alive = {thread.ident for thread in threading.enumerate()} - {threading.get_ident()}
    with _registry_lock:
        ended = [key for key in _registry if key not in alive]
        closing = [reader for key in ended for reader in _registry.pop(key).values()]
    for reader in closing:
        reader.close()
