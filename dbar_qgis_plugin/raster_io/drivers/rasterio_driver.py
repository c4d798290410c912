"""rasterio behind the driver interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
import rasterio.vrt
import rasterio.warp
from rasterio._env import get_gdal_config, set_gdal_config
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import CRSError, RasterioError, RasterioIOError
from rasterio.windows import Window as RasterioWindow

from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.drivers.base import (
    Array,
    Profile,
    RasterInfo,
    Reader,
    WarpTarget,
    Window,
    Writer,
    check_blocks,
)
from dbar_qgis_plugin.raster_io.progress import Progress

# rasterio lets some errors of GDAL's through as they are.
_ERRORS = (RasterioError, RasterioIOError, CPLE_BaseError)


def _open_keywords(open_options: Sequence[str]) -> dict[str, str]:
    pairs = (option.split("=", 1) for option in open_options if "=" in option)
    return {key.lower(): value for key, value in pairs}


def _open(path: str, open_options: Sequence[str]) -> Any:
    try:
        # No sharing: each thread has a handle of its own.
        return rasterio.open(path, sharing=False, **_open_keywords(open_options))
    except _ERRORS as error:
        raise InputError(
            translate("Dbar", "{path} cannot be opened as a raster: {reason}"),
            path=path,
            reason=str(error),
        ) from error


def _rasterio_window(window: Window) -> RasterioWindow:
    return RasterioWindow(window.col, window.row, window.width, window.height)


def _has_mask(flags: Sequence[MaskFlags]) -> bool:
    return MaskFlags.all_valid not in flags and MaskFlags.nodata not in flags


class _RasterioReader:
    def __init__(self, dataset: Any, path: str, source: Any = None) -> None:
        self._dataset = dataset
        self._source = source
        self._path = path

    def read(self, bands: Sequence[int], window: Window) -> Array:
        try:
            values: Array = self._dataset.read(list(bands), window=_rasterio_window(window))
        except _ERRORS as error:
            raise InputError(
                translate("Dbar", "{path} cannot be read; is it damaged or cut short? {reason}"),
                path=self._path,
                reason=str(error.__cause__ or error),
            ) from error
        return values

    def read_mask(self, bands: Sequence[int], window: Window) -> np.ndarray:
        masks = self._dataset.read_masks(list(bands), window=_rasterio_window(window))
        return np.asarray(masks != 0)

    def close(self) -> None:
        self._dataset.close()
        if self._source is not None:
            self._source.close()


class _RasterioWriter:
    def __init__(self, path: str, profile: Profile) -> None:
        self._path = path
        try:
            self._dataset = rasterio.open(
                path,
                "w",
                driver="GTiff",
                width=profile.width,
                height=profile.height,
                count=len(profile.descriptions),
                dtype=profile.dtype,
                crs=CRS.from_wkt(profile.crs),
                transform=rasterio.Affine(*profile.transform),
                nodata=profile.nodata,
                **{key.lower(): value for key, value in profile.options.items()},
            )
            self._dataset.update_tags(**profile.tags)
            for band, description in enumerate(profile.descriptions, start=1):
                self._dataset.set_band_description(band, description)
            for band, unit in enumerate(profile.units, start=1):
                self._dataset.set_band_unit(band, unit)
            if profile.colours:
                self._dataset.write_colormap(1, dict(profile.colours))
        except _ERRORS as error:
            raise _write_error(path, error) from error

    def write(self, values: Array, window: Window) -> None:
        try:
            self._dataset.write(values, window=_rasterio_window(window))
        except _ERRORS as error:
            raise _write_error(self._path, error) from error

    def add_tags(self, tags: Mapping[str, str]) -> None:
        self._dataset.update_tags(**tags)

    def close(self) -> None:
        try:
            self._dataset.close()
        except _ERRORS as error:
            raise _write_error(self._path, error) from error


def _write_error(path: str, error: Exception) -> OutputError:
    return OutputError(
        translate("Dbar", "{path} could not be written; is the disk full? {reason}"),
        path=path,
        reason=str(error.__cause__ or error),
    )


def _transform(source: CRS, target: CRS, x: Array, y: Array) -> np.ndarray:
    """Transform points, shape (2, points); NaN where the projection fails.

    rasterio gives up all points where some fail, so these are searched for by halves.
    """
    try:
        return np.array(rasterio.warp.transform(source, target, x, y)[:2], dtype=np.float64)
    except _ERRORS:
        if x.size == 1:
            return np.full((2, 1), np.nan)
        middle = x.size // 2
        return np.hstack(
            [
                _transform(source, target, x[part], y[part])
                for part in (slice(middle), slice(middle, None))
            ]
        )


class RasterioDriver:
    """rasterio as a `RasterDriver`."""

    name = "rasterio"

    def describe(self, path: str, open_options: Sequence[str]) -> RasterInfo:
        """See `RasterDriver.describe`."""
        with _open(path, open_options) as dataset:
            block_height, block_width = dataset.block_shapes[0] if dataset.count else (1, 1)
            return RasterInfo(
                width=dataset.width,
                height=dataset.height,
                transform=tuple(dataset.transform[:6]),
                crs=dataset.crs.to_wkt(version="WKT2_2019") if dataset.crs else "",
                dtypes=tuple(dataset.dtypes),
                nodata=tuple(dataset.nodatavals),
                scales=tuple(dataset.scales),
                offsets=tuple(dataset.offsets),
                units=tuple(unit or "" for unit in dataset.units),
                descriptions=tuple(text or "" for text in dataset.descriptions),
                masked=tuple(_has_mask(flags) for flags in dataset.mask_flag_enums),
                block_height=block_height,
                block_width=block_width,
                tags=tuple(sorted(dataset.tags().items())),
            )

    def open_reader(
        self, path: str, open_options: Sequence[str], target: WarpTarget | None
    ) -> Reader:
        """See `RasterDriver.open_reader`."""
        dataset = _open(path, open_options)
        if target is None:
            return _RasterioReader(dataset, path)
        warped = rasterio.vrt.WarpedVRT(
            dataset,
            crs=CRS.from_wkt(target.crs),
            transform=rasterio.Affine(*target.transform),
            width=target.width,
            height=target.height,
            resampling=Resampling[target.resampling],
            # 0 leaves the warp without a transformer; this is exact for all that matters.
            tolerance=1e-12,
            dtype="float64",
            nodata=np.nan,
            warp_extras={"UNIFIED_SRC_NODATA": "NO"},
        )
        return _RasterioReader(warped, path, dataset)

    def create(self, path: str, profile: Profile) -> Writer:
        """See `RasterDriver.create`."""
        return _RasterioWriter(path, profile)

    def check_complete(self, path: str) -> None:
        """See `RasterDriver.check_complete`."""
        try:
            with rasterio.open(path) as dataset:
                check_blocks(
                    path,
                    dataset.block_shapes[0],
                    (dataset.height, dataset.width),
                    lambda name: dataset.get_tag_item(name, "TIFF", dataset.count),
                )
        except _ERRORS as error:
            raise _write_error(path, error) from error

    def copy(
        self,
        source: str,
        target: str,
        format_name: str,
        options: Mapping[str, str],
        progress: Progress | None = None,
    ) -> None:
        """See `RasterDriver.copy`."""
        try:
            rasterio.shutil.copy(source, target, driver=format_name, **options)
        except _ERRORS as error:
            raise _write_error(target, error) from error
        if progress is not None:
            progress.check()

    def change_tags(self, path: str, tags: Mapping[str, str]) -> None:
        """See `RasterDriver.change_tags`."""
        try:
            with rasterio.open(path, "r+") as dataset:
                dataset.update_tags(**tags)
        except _ERRORS as error:
            raise _write_error(path, error) from error

    def transform_points(
        self, source_crs: str, target_crs: str, x: Array, y: Array
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `RasterDriver.transform_points`."""
        source, target = CRS.from_wkt(source_crs), CRS.from_wkt(target_crs)
        with rasterio.Env(OGR_ENABLE_PARTIAL_REPROJECTION=True):
            moved = _transform(source, target, np.ravel(x), np.ravel(y))
        moved[:, ~np.isfinite(moved).all(axis=0)] = np.nan
        return moved[0].reshape(np.shape(x)), moved[1].reshape(np.shape(x))

    def same_crs(self, first: str, second: str) -> bool:
        """See `RasterDriver.same_crs`."""
        return first == second or bool(CRS.from_wkt(first) == CRS.from_wkt(second))

    def is_geographic(self, crs: str) -> bool:
        """See `RasterDriver.is_geographic`."""
        return bool(CRS.from_wkt(crs).is_geographic)

    def wkt(self, definition: str) -> str:
        """See `RasterDriver.wkt`."""
        try:
            return str(CRS.from_user_input(definition).to_wkt(version="WKT2_2019"))
        except CRSError as error:
            raise InputError(
                translate("Dbar", "The CRS {crs} is not known: {reason}"),
                crs=definition[:60],
                reason=str(error),
            ) from error

    def set_cache(self, size: int) -> int:
        """See `RasterDriver.set_cache`."""
        before = int(get_gdal_config("GDAL_CACHEMAX"))
        set_gdal_config("GDAL_CACHEMAX", size)
        return before


DRIVER = RasterioDriver()
