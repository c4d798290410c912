"""What raster_io asks of a raster library: one small interface, two implementations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Progress

Array = NDArray[Any]

# x = a * col + b * row + c, y = d * col + e * row + f
Transform = tuple[float, float, float, float, float, float]

UNREFERENCED: Transform = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


class Window(NamedTuple):
    """A rectangle of cells."""

    row: int
    col: int
    height: int
    width: int


@dataclass(frozen=True)
class RasterInfo:
    """What a file says of itself. `crs` is WKT, "" where there is none; tuples hold a value a band.

    `masked` marks bands with a mask that is not just the nodata value (mask band or alpha). `tags`
    are names and values of the file's own metadata.
    """

    width: int
    height: int
    transform: Transform
    crs: str
    dtypes: tuple[str, ...]
    nodata: tuple[float | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    units: tuple[str, ...]
    descriptions: tuple[str, ...]
    masked: tuple[bool, ...]
    block_height: int
    block_width: int
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def band_count(self) -> int:
        """Number of bands."""
        return len(self.dtypes)


@dataclass(frozen=True)
class WarpTarget:
    """The grid on which, and the resampling with which, a raster is read."""

    crs: str
    transform: Transform
    width: int
    height: int
    resampling: str


@dataclass(frozen=True)
class Profile:
    """A GeoTIFF to be written. Tuples hold a value a band."""

    width: int
    height: int
    transform: Transform
    crs: str
    dtype: str
    nodata: float | None
    descriptions: tuple[str, ...]
    units: tuple[str, ...] = ()
    colours: Mapping[int, tuple[int, int, int, int]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """An open raster, used by one thread."""

    def read(self, bands: Sequence[int], window: Window) -> Array:
        """Values as stored, shape (bands, height, width); bands count from 1."""

    def read_mask(self, bands: Sequence[int], window: Window) -> NDArray[np.bool_]:
        """Validity from mask bands or alpha, shape (bands, height, width)."""

    def close(self) -> None:
        """Release the file."""


class Writer(Protocol):
    """A raster being written, used by one thread."""

    def write(self, values: Array, window: Window) -> None:
        """Write values of shape (bands, height, width)."""

    def add_tags(self, tags: Mapping[str, str]) -> None:
        """Add to the metadata, at any time before the file is closed."""

    def close(self) -> None:
        """Finish the file; raises `OutputError` if any of it could not be written."""


class RasterDriver(Protocol):
    """A raster library."""

    name: str

    def describe(self, path: str, open_options: Sequence[str]) -> RasterInfo:
        """Read what the file says of itself; `InputError` if it cannot be opened."""

    def open_reader(
        self, path: str, open_options: Sequence[str], target: WarpTarget | None
    ) -> Reader:
        """Open for reading, warped onto `target` (as float64 with NaN for nodata) if given."""

    def create(self, path: str, profile: Profile) -> Writer:
        """Create a GeoTIFF."""

    def check_complete(self, path: str) -> None:
        """Raise `OutputError` unless every block of a finished GeoTIFF is in the file."""

    def copy(
        self,
        source: str,
        target: str,
        format_name: str,
        options: Mapping[str, str],
        progress: Progress | None = None,
    ) -> None:
        """Write a file again in another format; only GDAL's own bindings report, and can stop."""

    def change_tags(self, path: str, tags: Mapping[str, str]) -> None:
        """Write over some metadata of a file."""

    def transform_points(
        self, source_crs: str, target_crs: str, x: Array, y: Array
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Transform points (x is east or longitude); NaN where the projection fails."""

    def same_crs(self, first: str, second: str) -> bool:
        """Whether two WKT texts mean one CRS."""

    def is_geographic(self, crs: str) -> bool:
        """Whether coordinates are longitude and latitude."""

    def wkt(self, definition: str) -> str:
        """WKT of a CRS given as WKT, PROJ text or authority code; `InputError` if unknown."""

    def set_cache(self, size: int) -> int:
        """Set the library's block cache in bytes, and return what it was."""


def check_blocks(
    path: str,
    block: tuple[int, int],
    size: tuple[int, int],
    tag: Callable[[str], str | None],
) -> None:
    """Raise `OutputError` if a GeoTIFF's block is missing or reaches beyond the end of the file.

    Libraries write blocks late, some only when a file is closed, where an error (a full disk) may
    be told to nobody. `tag` gives GDAL's TIFF metadata of the band that is written last.
    """
    end = Path(path).stat().st_size
    for row in range(-(-size[0] // block[0])):
        for col in range(-(-size[1] // block[1])):
            offset, length = tag(f"BLOCK_OFFSET_{col}_{row}"), tag(f"BLOCK_SIZE_{col}_{row}")
            if offset is None or length is None or int(offset) + int(length) > end:
                raise OutputError(
                    translate("Dbar", "{path} could not be written whole; is the disk full?"),
                    path=path,
                )
