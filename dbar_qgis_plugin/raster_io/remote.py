"""Rasters that lie elsewhere: what GDAL asks of their servers, and files that only it fetches."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from osgeo import gdal

from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Progress

# Without them a plain open asks for a list of the folder, and for half a dozen files beside it.
_CAREFUL: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif,.tiff,.gtiff,.vrt,.jp2",
}
_PIECE: Final = 1 << 20


@contextmanager
def only_asked_for(path: str) -> Iterator[None]:
    """Within it, GDAL in this thread asks a server for the raster, and for nothing beside it."""
    options = dict(_CAREFUL)
    if "?" in path:  # its name has no ending then
        del options["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"]
        options["CPL_VSIL_CURL_ALLOWED_FILENAME"] = path
    with _set_in_this_thread(options):
        yield


@contextmanager
def nothing_written_beside() -> Iterator[None]:
    """Within it, GDAL in this thread keeps no statistics in files beside the rasters it opens."""
    with _set_in_this_thread({"GDAL_PAM_ENABLED": "NO"}):
        yield


@contextmanager
def _set_in_this_thread(options: Mapping[str, str]) -> Iterator[None]:
    before = {name: gdal.GetThreadLocalConfigOption(name) for name in options}
    for name, value in options.items():
        gdal.SetThreadLocalConfigOption(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            gdal.SetThreadLocalConfigOption(name, value)


def has_driver(name: str) -> bool:
    """Tell whether GDAL has a driver."""
    return gdal.GetDriverByName(name) is not None


def copy_here(source: str, target: Path, progress: Progress) -> None:
    """Copy a file that only GDAL reaches (such as /vsis3/...), through `<name>.part`.

    Raises
    ------
    InputError
        It cannot be read.
    OutputError
        There is no room, or the disk cannot be written.
    Cancelled
        If the user stops it, within a megabyte.
    """
    found = gdal.VSIStatL(source)
    handle = None if found is None else gdal.VSIFOpenL(source, "rb")
    if handle is None:
        raise InputError(
            translate(
                "Dbar",
                "{source} cannot be read. Check the credentials for that store on this computer "
                "({reason}).",
            ),
            source=source,
            reason=gdal.GetLastErrorMsg() or "?",
        )
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(target, found.size)
        with part.open("wb") as file:
            while piece := gdal.VSIFReadL(1, _PIECE, handle):
                progress.check()
                file.write(piece)
                progress.report(min(file.tell() / max(found.size, 1), 1.0))
            done = file.tell()
        if done != found.size:
            raise InputError(
                translate("Dbar", "{source} broke off after {done} of {size} bytes. Try again."),
                source=source,
                done=done,
                size=found.size,
            )
        part.replace(target)
    except OSError as error:
        raise OutputError(
            translate("Dbar", "{path} could not be written: {reason}. Choose another place."),
            path=str(target),
            reason=error.strerror or str(error),
        ) from error
    finally:
        gdal.VSIFCloseL(handle)
        part.unlink(missing_ok=True)


def _check_room(target: Path, size: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if size > free:
        raise OutputError(
            translate("Dbar", "{path} needs {size} MB, but only {free} MB are free."),
            path=str(target),
            size=-(-size // 1_000_000),
            free=free // 1_000_000,
        )
