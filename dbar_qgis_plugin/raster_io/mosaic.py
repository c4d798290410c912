"""Several rasters as one, and a part of one: virtual mosaics, and windows of remote rasters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from osgeo import gdal, osr

from dbar_qgis_plugin.errors import GridError, InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.remote import only_asked_for

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
_COG: Final = ("COMPRESS=DEFLATE", "PREDICTOR=YES", "BIGTIFF=IF_SAFER", "NUM_THREADS=2")
# Points along each side of a box whose image in another CRS has curved sides.
_POINTS: Final = 21


def write_mosaic(
    sources: Sequence[str], target: Path, *, separate: bool = False, names: Sequence[str] = ()
) -> None:
    """Write a VRT that shows rasters as one.

    Parameters
    ----------
    sources : sequence of str
        Rasters of one CRS, those of the bottom first. Their paths are written down.
    target : Path
        The VRT; a file of that name is replaced.
    separate : bool
        Whether each becomes a band, instead of a part of the area.
    names : sequence of str
        Of the bands, if they are separate.

    Raises
    ------
    InputError
        A source cannot be opened, or is in another CRS than the first.
    OutputError
        The VRT cannot be written.
    """
    _check_alike(sources)
    part = target.with_name(f"{target.stem}.unfinished{target.suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    options = gdal.BuildVRTOptions(separate=separate, resolution="highest", strict=True)
    made, reason = _made(lambda: gdal.BuildVRT(str(part), list(sources), options=options))
    if made is None:
        part.unlink(missing_ok=True)
        raise OutputError(
            translate("Dbar", "The mosaic {path} could not be made: {reason}"),
            path=str(target),
            reason=reason,
        )
    for number, name in enumerate(names, start=1):
        made.GetRasterBand(number).SetDescription(name)
    made.FlushCache()
    del made
    part.replace(target)


def clip(source: str, target: Path, box: Box, progress: Progress) -> None:
    """Write the part of a raster within a box as a Cloud Optimized GeoTIFF, through `<name>.part`.

    Only what lies in the box is read, if the raster is tiled.

    Raises
    ------
    InputError
        The raster cannot be opened or read.
    GridError
        It does not lie on the earth, or not in the box.
    OutputError
        The disk cannot be written.
    Cancelled
        If the user stops it; nothing is left.
    """
    part = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)

    def tell(share: float, _text: str, _data: object) -> int:
        progress.report(share)
        return 0 if progress.is_cancelled is not None and progress.is_cancelled() else 1

    with only_asked_for(source):
        dataset = _open(source)
        window = _window(dataset, box, source)
        made, reason = _made(
            partial(
                gdal.Translate,
                str(part),
                dataset,
                format="COG",
                srcWin=window,
                creationOptions=list(_COG),
                callback=tell,
            )
        )
    is_whole = made is not None
    del made, dataset
    try:
        progress.check()
        if not is_whole:
            raise InputError(
                translate("Dbar", "The part of {source} could not be read: {reason}"),
                source=_shown(source),
                reason=reason,
            )
        part.replace(target)
    except OSError as error:
        raise OutputError(
            translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
            path=str(target),
            reason=error.strerror or str(error),
        ) from error
    finally:
        for leftover in (part, part.with_name(f"{part.name}.ovr.tmp")):
            leftover.unlink(missing_ok=True)


def _check_alike(sources: Sequence[str]) -> None:
    first = None
    for source in sources:
        with only_asked_for(source):
            reference = _open(source).GetSpatialRef()
        if first is None:
            first = reference
        elif (reference is None) or not reference.IsSame(first):
            raise InputError(
                translate(
                    "Dbar",
                    "{source} is in another CRS than the others, and rasters of several CRSs make "
                    "no mosaic. Choose those of one.",
                ),
                source=_shown(source),
            )


def _open(source: str) -> Any:
    dataset, reason = _made(lambda: gdal.OpenEx(source, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR))
    if dataset is None:
        raise InputError(
            translate("Dbar", "{path} cannot be opened as a raster: {reason}"),
            path=_shown(source),
            reason=reason,
        )
    return dataset


def _window(dataset: Any, box: Box, source: str) -> list[int]:
    """Return column, row, columns and rows of the cells that a box touches."""
    reference = dataset.GetSpatialRef()
    inverse = gdal.InvGeoTransform(dataset.GetGeoTransform())
    if reference is None or inverse is None:
        raise GridError(
            translate("Dbar", "{source} does not say where it lies, so no part can be cut out."),
            source=_shown(source),
        )
    reference = reference.Clone()
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for each in (reference, degrees):
        each.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transformation = osr.CoordinateTransformation(degrees, reference)
    left, bottom, right, top = transformation.TransformBounds(*box, _POINTS)
    corners = [gdal.ApplyGeoTransform(inverse, x, y) for x in (left, right) for y in (bottom, top)]
    finite = all(math.isfinite(value) for corner in corners for value in corner)
    columns, rows = zip(*corners, strict=True)
    width, height = dataset.RasterXSize, dataset.RasterYSize
    first = max(math.floor(min(columns)), 0) if finite else width
    last = min(math.ceil(max(columns)), width) if finite else 0
    upper = max(math.floor(min(rows)), 0) if finite else height
    lower = min(math.ceil(max(rows)), height) if finite else 0
    if first >= last or upper >= lower:
        raise GridError(
            translate("Dbar", "{source} has no cell within the area. Choose another area."),
            source=_shown(source),
        )
    return [first, upper, last - first, lower - upper]


def _made(call: Any) -> tuple[Any, str]:
    """Call GDAL, whichever way it reports errors; return None and its words where it fails."""
    words: list[str] = []

    def collect(level: int, _number: int, text: str) -> None:
        if level in (gdal.CE_Failure, gdal.CE_Fatal):
            words.append(text)

    gdal.PushErrorHandler(collect)
    try:
        return call(), "; ".join(words)
    except RuntimeError as error:
        return None, str(error)
    finally:
        gdal.PopErrorHandler()


def _shown(source: str) -> str:
    """Return a source as it may be shown: without what signs its address."""
    return source.partition("?")[0]
