"""Files of a made-up sample region: rasters and outlines, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import OutputError, translate
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink


class SampleRaster(NamedTuple):
    """A raster to be written; `valid` may stay away where `values` hold the nodata value."""

    path: Path
    values: NDArray[Any]
    bands: Sequence[str]
    dtype: str
    nodata: float
    unit: str
    valid: NDArray[np.bool_] | None = None


def prepare_folder(folder: Path, files: Sequence[Path]) -> None:
    """Make a folder for files that it must not hold yet.

    Raises
    ------
    OutputError
        If the folder cannot be made, or already holds one of the files.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            translate("Dbar", "The folder {folder} cannot be made: {reason}. Choose another one."),
            folder=str(folder),
            reason=str(error),
        ) from error
    for path in files:
        if path.exists():
            raise OutputError(
                translate(
                    "Dbar",
                    "The folder {folder} already holds {file}, which is kept as it is. Choose an "
                    "empty folder for the sample data.",
                ),
                folder=str(folder),
                file=path.name,
            )


def write_files(
    grid: Grid,
    rasters: Iterable[SampleRaster],
    raster_count: int,
    outlines: tuple[Path, str],
    progress: Progress,
) -> None:
    """Write rasters and a text of outlines; after an error or a cancel no file is left behind.

    Parameters
    ----------
    grid : Grid
        Grid of all rasters.
    rasters : iterable of SampleRaster
        Made one after the other.
    raster_count : int
        Their number.
    outlines : tuple of Path and str
        File and text.
    progress : Progress
        Takes progress and the wish to stop.
    """
    written: list[Path] = []
    try:
        for raster in rasters:
            progress.check()
            written.append(raster.path)
            with RasterSink(
                raster.path,
                grid,
                raster.bands,
                raster.dtype,
                raster.nodata,
                units=[raster.unit] * len(raster.bands),
                tags={"description": "Fictitious sample region of DBAR SDG Tools"},
            ) as sink:
                sink.write(raster.values, grid.window, raster.valid)
            progress.report(len(written) / (raster_count + 1))
        path, text = outlines
        written.append(path)
        path.write_text(text, encoding="utf-8")
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    progress.report(1.0)
