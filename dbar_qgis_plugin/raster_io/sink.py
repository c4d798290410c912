"""Rasters as they are written: under another name until they are whole."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.drivers import get_driver, name_of_writer
from dbar_qgis_plugin.raster_io.drivers.base import Array, Profile, Window
from dbar_qgis_plugin.raster_io.grid import Grid

# GeoTIFF is written directly; the others are made from it at the end.
_FORMATS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid", ".nc": "netCDF"}
# Before the ending of a raster whose run is not whole yet.
_UNFINISHED = ".unfinished"
_TILE = 256
_FREE_SPACE_SHARE = 0.02  # a raster compresses at best to about this share of its size


class RasterSink:
    """A raster being written; use it as a context manager.

    It is written as `<name>.part` and takes its name only when the `with` block ends well. An error
    or a cancel in the block removes it, and leaves a file of that name as it was.

    Parameters
    ----------
    path : str or Path
        Where the raster goes: .tif, .tiff, .img, .asc or .nc.
    grid : Grid
        Its grid.
    descriptions : sequence of str
        Names of the bands; their number is the number of bands.
    dtype : str
        Data type.
    nodata : float
        Written where a cell is not valid, and stated in the file.
    units : sequence of str, optional
        Unit of each band.
    colours : mapping of int to (red, green, blue, alpha), optional
        Colour table of a single band of bytes or unsigned 16-bit integers.
    tags : mapping of str to str, optional
        Metadata: parameters, plugin version, formula ids.
    style : str, optional
        QGIS layer style (QML), written beside the raster.
    cloud_optimised : bool
        Write a Cloud Optimized GeoTIFF.
    threads : int
        Threads that compress.
    driver : {"", "rasterio", "gdal"}
        Raster library; the one that suits this Python if empty.
    """

    def __init__(
        self,
        path: str | Path,
        grid: Grid,
        descriptions: Sequence[str],
        dtype: str,
        nodata: float,
        *,
        units: Sequence[str] = (),
        colours: Mapping[int, tuple[int, int, int, int]] | None = None,
        tags: Mapping[str, str] | None = None,
        style: str = "",
        cloud_optimised: bool = False,
        threads: int = 1,
        driver: str = "",
    ) -> None:
        self.path = Path(path)
        # Messages name the file that the user has asked for.
        self._shown = str(self.path.with_name(self.path.name.replace(_UNFINISHED, "")))
        self.grid = grid
        self.nodata = nodata
        self._dtype = np.dtype(dtype)
        self._style = style
        self._driver = get_driver(driver or name_of_writer())
        self._format = "COG" if cloud_optimised else _FORMATS.get(self.path.suffix.lower(), "")
        if not self._format:
            raise InputError(
                translate(
                    "Dbar", "{path}: rasters are written as {formats}. Choose one of these endings."
                ),
                path=self._shown,
                formats=", ".join(_FORMATS),
            )
        self._part = self.path.with_name(self.path.name + ".part")
        predictor = "3" if self._dtype.kind == "f" else "2"
        options = {
            "TILED": "YES",
            "BLOCKXSIZE": str(_TILE),
            "BLOCKYSIZE": str(_TILE),
            "COMPRESS": "DEFLATE",
            "PREDICTOR": predictor,
            "BIGTIFF": "IF_SAFER",
            "NUM_THREADS": str(threads),
        }
        profile = Profile(
            grid.width,
            grid.height,
            grid.transform,
            grid.crs,
            self._dtype.name,
            nodata,
            tuple(descriptions),
            tuple(units),
            dict(colours or {}),
            dict(tags or {}),
            options,
        )
        self._prepare(len(profile.descriptions))
        try:
            with self._under_its_name():
                self._writer = self._driver.create(str(self._part), profile)
        except OutputError:
            self._remove_part()
            raise

    def _prepare(self, bands: int) -> None:
        """Refuse a place where the raster cannot go, before anything is computed."""
        folder = self.path.parent
        if not folder.is_dir():
            raise OutputError(
                translate("Dbar", "The folder {folder} does not exist. Create it, then run again."),
                folder=str(folder),
            )
        needed = self.grid.width * self.grid.height * bands * self._dtype.itemsize
        free = shutil.disk_usage(folder).free
        if free < needed * _FREE_SPACE_SHARE:
            raise OutputError(
                translate(
                    "Dbar",
                    "{path} may take up to {needed} MB, but only {free} MB are free. Free space, "
                    "or choose another folder.",
                ),
                path=self._shown,
                needed=needed // 1_000_000,
                free=free // 1_000_000,
            )

    def write(self, values: Array, window: Window, valid: NDArray[np.bool_] | None = None) -> None:
        """Write a window.

        Parameters
        ----------
        values : ndarray, shape (bands, height, width) or (height, width)
            Cast to the sink's data type.
        window : Window
            Where.
        valid : bool ndarray of the same shape, optional
            Cells that hold data; the others become nodata.
        """
        if valid is not None:
            values = np.where(valid, values, self.nodata)
        layers = values.astype(self._dtype, copy=False)
        with self._under_its_name():
            self._writer.write(layers[np.newaxis] if layers.ndim == 2 else layers, window)

    def add_tags(self, tags: Mapping[str, str]) -> None:
        """Add metadata that are known only when the raster has been computed."""
        self._writer.add_tags(tags)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._commit()
        else:
            with contextlib.suppress(OutputError):
                self._writer.close()
            self._remove_part()

    def _commit(self) -> None:
        try:
            with self._under_its_name():
                self._writer.close()
                self._driver.check_complete(str(self._part))
                if self._format != "GTiff":
                    self._convert()
            replace_raster(self._part, self.path)
        except OSError as error:
            self._remove_part()
            raise OutputError(
                translate(
                    "Dbar",
                    "{path} could not be replaced: {reason}. Close the programs that use it, or "
                    "choose another name.",
                ),
                path=self._shown,
                reason=str(error),
            ) from error
        except OutputError:
            self._remove_part()
            raise
        if self._style:
            self.path.with_suffix(".qml").write_text(self._style, encoding="utf-8")

    def _convert(self) -> None:
        made = self._part.with_name(self._part.name + self.path.suffix)
        options = {"COMPRESS": "DEFLATE", "PREDICTOR": "YES"} if self._format == "COG" else {}
        try:
            self._driver.copy(str(self._part), str(made), self._format, options)
            made.replace(self._part)
        finally:
            _remove(made)

    @contextlib.contextmanager
    def _under_its_name(self) -> Iterator[None]:
        """Have the driver's errors name the file that the user has asked for."""
        try:
            yield
        except OutputError as error:
            raise OutputError(error.template, **{**error.values, "path": self._shown}) from error

    def _remove_part(self) -> None:
        _remove(self._part)


def unfinished_path(path: Path) -> Path:
    """Return where to write a raster until all outputs of its run are whole."""
    return path.with_name(f"{path.stem}{_UNFINISHED}{path.suffix}")


def replace_raster(made: Path, path: Path) -> None:
    """Give a whole raster its name, in place of one that may be there.

    Statistics and overviews beside that one would be taken for those of the new raster.

    Raises
    ------
    OSError
        If the raster there is in use.
    """
    made.replace(path)
    for beside in _beside(path):
        beside.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    """Remove a file of ours and what GDAL may have put beside it."""
    for file in (path, *_beside(path)):
        file.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + ".aux.xml"), path.with_name(path.name + ".ovr")
