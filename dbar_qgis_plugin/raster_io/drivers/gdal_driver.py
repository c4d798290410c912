"""osgeo.gdal behind the driver interface.

GDAL's Python bindings report errors by return value or by exception, as any part of the process may
have chosen (`UseExceptions` is global). The choice is not ours inside QGIS, so both are handled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from osgeo import gdal, osr

from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.drivers.base import (
    Array,
    Profile,
    RasterInfo,
    Reader,
    Transform,
    WarpTarget,
    Window,
    Writer,
    check_blocks,
)
from dbar_qgis_plugin.raster_io.progress import Progress

_DTYPES = {
    gdal.GDT_Byte: "uint8",
    gdal.GDT_UInt16: "uint16",
    gdal.GDT_Int16: "int16",
    gdal.GDT_UInt32: "uint32",
    gdal.GDT_Int32: "int32",
    gdal.GDT_Float32: "float32",
    gdal.GDT_Float64: "float64",
    gdal.GDT_CInt16: "complex_int16",
    gdal.GDT_CInt32: "complex_int32",
    gdal.GDT_CFloat32: "complex64",
    gdal.GDT_CFloat64: "complex128",
}
for _name, _dtype in (("GDT_Int8", "int8"), ("GDT_UInt64", "uint64"), ("GDT_Int64", "int64")):
    if hasattr(gdal, _name):
        _DTYPES[getattr(gdal, _name)] = _dtype
_TYPES = {dtype: code for code, dtype in _DTYPES.items()}

_FAILURES = (gdal.CE_Failure, gdal.CE_Fatal)


class _GdalError(Exception):
    """GDAL reported an error."""


@contextmanager
def _errors() -> Iterator[list[str]]:
    """Collect GDAL's errors of this thread, instead of printing them."""
    messages: list[str] = []

    def collect(level: int, _number: int, text: str) -> None:
        if level in _FAILURES:
            messages.append(text)

    gdal.PushErrorHandler(collect)
    try:
        yield messages
    finally:
        gdal.PopErrorHandler()


def _call(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call GDAL; raise `_GdalError` with its words where it reports an error."""
    with _errors() as messages:
        try:
            result = function(*arguments, **keywords)
        except RuntimeError as error:
            raise _GdalError(str(error)) from error
    if messages:
        raise _GdalError("; ".join(messages))
    return result


def _open(path: str, open_options: Sequence[str]) -> Any:
    try:
        dataset = _call(
            lambda: gdal.OpenEx(
                path, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR, open_options=list(open_options)
            )
        )
    except _GdalError as error:
        raise InputError(
            translate("Dbar", "{path} cannot be opened as a raster: {reason}"),
            path=path,
            reason=str(error),
        ) from error
    if dataset is None:
        raise InputError(
            translate("Dbar", "{path} cannot be opened as a raster: {reason}"),
            path=path,
            reason="",
        )
    return dataset


def _spatial_reference(crs: str) -> Any:
    reference = osr.SpatialReference()
    _call(lambda: reference.SetFromUserInput(crs))
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def _wkt2(reference: Any) -> str:
    return str(reference.ExportToWkt(["FORMAT=WKT2_2019"]))


def _to_geotransform(transform: Transform) -> tuple[float, ...]:
    a, b, c, d, e, f = transform
    return c, a, b, f, d, e


def _has_mask(band: Any) -> bool:
    return not band.GetMaskFlags() & (gdal.GMF_ALL_VALID | gdal.GMF_NODATA)


class _GdalReader:
    def __init__(self, dataset: Any, path: str, source: Any = None) -> None:
        self._dataset = dataset
        self._source = source  # a warped dataset reads from it
        self._path = path

    def _damaged(self, reason: str) -> InputError:
        return InputError(
            translate("Dbar", "{path} cannot be read; is it damaged or cut short? {reason}"),
            path=self._path,
            reason=reason,
        )

    def _array(self, read: Callable[..., Any], *window: int, **keywords: Any) -> Array:
        try:
            array: Array | None = _call(read, *window, **keywords)
        except _GdalError as error:
            raise self._damaged(str(error)) from error
        if array is None:
            raise self._damaged("")
        return array

    def read(self, bands: Sequence[int], window: Window) -> Array:
        row, col, height, width = window
        # All bands in one call: where they are interleaved, each block is decoded once.
        array = self._array(
            self._dataset.ReadAsArray, col, row, width, height, band_list=list(bands)
        )
        layers: Array = array.reshape(len(bands), height, width)
        return layers

    def read_mask(self, bands: Sequence[int], window: Window) -> np.ndarray:
        row, col, height, width = window
        masks = [self._dataset.GetRasterBand(band).GetMaskBand() for band in bands]
        values = [self._array(mask.ReadAsArray, col, row, width, height) for mask in masks]
        return np.asarray(np.stack(values) != 0)

    def close(self) -> None:
        self._dataset = None
        self._source = None


class _GdalWriter:
    def __init__(self, path: str, profile: Profile) -> None:
        self._path = path
        try:
            self._dataset = _call(
                lambda: gdal.GetDriverByName("GTiff").Create(
                    path,
                    profile.width,
                    profile.height,
                    len(profile.descriptions),
                    _TYPES[profile.dtype],
                    [f"{key}={value}" for key, value in profile.options.items()],
                )
            )
            _call(lambda: self._describe(profile))
        except _GdalError as error:
            raise _write_error(path, str(error)) from error

    def _describe(self, profile: Profile) -> None:
        dataset = self._dataset
        dataset.SetSpatialRef(_spatial_reference(profile.crs))
        dataset.SetGeoTransform(_to_geotransform(profile.transform))
        dataset.SetMetadata(dict(profile.tags))
        for number, description in enumerate(profile.descriptions, start=1):
            band = dataset.GetRasterBand(number)
            band.SetDescription(description)
            if profile.nodata is not None:
                band.SetNoDataValue(profile.nodata)
        for number, unit in enumerate(profile.units, start=1):
            dataset.GetRasterBand(number).SetUnitType(unit)
        if profile.colours:
            table = gdal.ColorTable()
            for value, colour in profile.colours.items():
                table.SetColorEntry(value, colour)
            dataset.GetRasterBand(1).SetRasterColorTable(table)

    def write(self, values: Array, window: Window) -> None:
        try:
            for number in range(values.shape[0]):
                band = self._dataset.GetRasterBand(number + 1)
                layer = np.ascontiguousarray(values[number])
                _call(band.WriteArray, layer, window.col, window.row)
        except _GdalError as error:
            raise _write_error(self._path, str(error)) from error

    def add_tags(self, tags: Mapping[str, str]) -> None:
        for name, value in tags.items():
            self._dataset.SetMetadataItem(name, value)

    def _release(self) -> None:
        self._dataset.FlushCache()
        self._dataset = None  # the bindings close a file when its last reference goes

    def close(self) -> None:
        if self._dataset is None:
            return
        try:
            _call(self._release)
        except _GdalError as error:
            raise _write_error(self._path, str(error)) from error


def _write_error(path: str, reason: str) -> OutputError:
    return OutputError(
        translate("Dbar", "{path} could not be written; is the disk full? {reason}"),
        path=path,
        reason=reason,
    )


class GdalDriver:
    """osgeo.gdal as a `RasterDriver`."""

    name = "gdal"

    def describe(self, path: str, open_options: Sequence[str]) -> RasterInfo:
        """See `RasterDriver.describe`."""
        dataset = _open(path, open_options)
        bands = [dataset.GetRasterBand(n + 1) for n in range(dataset.RasterCount)]
        c, a, b, f, d, e = dataset.GetGeoTransform()
        reference = dataset.GetSpatialRef()
        block_width, block_height = bands[0].GetBlockSize() if bands else (1, 1)
        return RasterInfo(
            width=dataset.RasterXSize,
            height=dataset.RasterYSize,
            transform=(a, b, c, d, e, f),
            crs=_wkt2(reference) if reference is not None else "",
            dtypes=tuple(_DTYPES.get(band.DataType, "unknown") for band in bands),
            nodata=tuple(band.GetNoDataValue() for band in bands),
            scales=tuple(1.0 if band.GetScale() is None else band.GetScale() for band in bands),
            offsets=tuple(0.0 if band.GetOffset() is None else band.GetOffset() for band in bands),
            units=tuple(band.GetUnitType() or "" for band in bands),
            descriptions=tuple(band.GetDescription() or "" for band in bands),
            masked=tuple(_has_mask(band) for band in bands),
            block_height=block_height,
            block_width=block_width,
            tags=tuple(sorted(dataset.GetMetadata().items())),
        )

    def open_reader(
        self, path: str, open_options: Sequence[str], target: WarpTarget | None
    ) -> Reader:
        """See `RasterDriver.open_reader`."""
        dataset = _open(path, open_options)
        if target is None:
            return _GdalReader(dataset, path)
        west, north = target.transform[2], target.transform[5]
        options = gdal.WarpOptions(
            format="VRT",
            dstSRS=target.crs,
            outputBounds=(
                west,
                north + target.height * target.transform[4],
                west + target.width * target.transform[0],
                north,
            ),
            width=target.width,
            height=target.height,
            resampleAlg=target.resampling,
            errorThreshold=0,
            outputType=gdal.GDT_Float64,
            dstNodata="nan",
            overviewLevel="NONE",
            warpOptions=["UNIFIED_SRC_NODATA=NO"],
        )
        try:
            warped = _call(lambda: gdal.Warp("", dataset, options=options))
        except _GdalError as error:
            raise InputError(
                translate("Dbar", "{path} cannot be brought onto the other grid: {reason}"),
                path=path,
                reason=str(error),
            ) from error
        return _GdalReader(warped, path, dataset)

    def create(self, path: str, profile: Profile) -> Writer:
        """See `RasterDriver.create`."""
        return _GdalWriter(path, profile)

    def check_complete(self, path: str) -> None:
        """See `RasterDriver.check_complete`."""
        try:
            dataset = _call(lambda: gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR))
        except _GdalError as error:
            raise _write_error(path, str(error)) from error
        band = dataset.GetRasterBand(dataset.RasterCount)
        width, height = band.GetBlockSize()
        check_blocks(
            path,
            (height, width),
            (dataset.RasterYSize, dataset.RasterXSize),
            lambda name: band.GetMetadataItem(name, "TIFF"),
        )

    def copy(
        self,
        source: str,
        target: str,
        format_name: str,
        options: Mapping[str, str],
        progress: Progress | None = None,
    ) -> None:
        """See `RasterDriver.copy`."""
        progress = progress or Progress()

        def goes_on(share: float, *_: object) -> bool:
            progress.report(share)
            return progress.is_cancelled is None or not progress.is_cancelled()

        def copy() -> None:
            dataset = gdal.Open(source)
            driver = gdal.GetDriverByName(format_name)
            written = [f"{key}={value}" for key, value in options.items()]
            made = driver.CreateCopy(target, dataset, options=written, callback=goes_on)
            made.FlushCache()

        try:
            _call(copy)
        except (_GdalError, AttributeError) as error:
            progress.check()
            raise _write_error(target, str(error)) from error

    def change_tags(self, path: str, tags: Mapping[str, str]) -> None:
        """See `RasterDriver.change_tags`."""

        def change() -> None:
            dataset = gdal.Open(path, gdal.GA_Update)
            for name, value in tags.items():
                dataset.SetMetadataItem(name, value)
            dataset.FlushCache()

        try:
            _call(change)
        except _GdalError as error:
            raise _write_error(path, str(error)) from error

    def transform_points(
        self, source_crs: str, target_crs: str, x: Array, y: Array
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `RasterDriver.transform_points`."""
        transformation = osr.CoordinateTransformation(
            _spatial_reference(source_crs), _spatial_reference(target_crs)
        )
        points = np.column_stack((np.ravel(x), np.ravel(y))).tolist()
        with _errors():
            # Points outside the projection come back infinite; their errors say nothing more.
            try:
                moved = transformation.TransformPoints(points)
            except RuntimeError:
                moved = [_transform_point(transformation, point) for point in points]
        result = np.array(moved, dtype=np.float64).reshape(-1, 3)[:, :2]
        result[~np.isfinite(result).all(axis=1)] = np.nan
        shape = np.shape(x)
        return result[:, 0].reshape(shape), result[:, 1].reshape(shape)

    def same_crs(self, first: str, second: str) -> bool:
        """See `RasterDriver.same_crs`."""
        return first == second or bool(_spatial_reference(first).IsSame(_spatial_reference(second)))

    def is_geographic(self, crs: str) -> bool:
        """See `RasterDriver.is_geographic`."""
        return bool(_spatial_reference(crs).IsGeographic())

    def wkt(self, definition: str) -> str:
        """See `RasterDriver.wkt`."""
        try:
            return _wkt2(_spatial_reference(definition))
        except _GdalError as error:
            raise InputError(
                translate("Dbar", "The CRS {crs} is not known: {reason}"),
                crs=definition[:60],
                reason=str(error),
            ) from error

    def set_cache(self, size: int) -> int:
        """See `RasterDriver.set_cache`."""
        before = int(gdal.GetCacheMax())
        gdal.SetCacheMax(size)
        return before


def _transform_point(transformation: Any, point: Sequence[float]) -> tuple[float, ...]:
    try:
        moved: tuple[float, ...] = transformation.TransformPoint(*point)
    except RuntimeError:
        return (np.inf, np.inf, 0.0)
    return moved


DRIVER = GdalDriver()
