"""Rasters of classes (degraded, stable, improved; LPD; status), and areas by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, pieces, tally, unit_exponent
from dbar_qgis_plugin.kernels.degradation import LEGENDS, Legend, UInt8, places
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.raster_io.blocks import block_windows
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, close_readers
from dbar_qgis_plugin.raster_io.workers import Workers

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

AUTO, CLASSES, LPD, STATUS = "auto", "classes", "lpd", "status"

# What degraded land is a share of; the first leaves inland water out.
DENOMINATORS = ("land", "trends_earth")

# What our own outputs call their bands.
_KIND_OF_BAND: Final = MappingProxyType(
    {
        "lpd": LPD,
        "status": STATUS,
        "status_3class": CLASSES,
        **dict.fromkeys(
            ("sdg", "productivity", "land_cover", "soc", "trajectory", "state", "performance"),
            CLASSES,
        ),
    }
)
# Values that stand for no data by convention: off the area of interest; missing on old assets.
_SILENT: Final = MappingProxyType(
    {
        CLASSES: (-32768, -32767, 9999),
        LPD: (-32768, -32767, 9999, 0, 15),
        STATUS: (-32768, -32767, 9999, 0),
    }
)
_EXAMPLES = 5
_SAMPLES = 9  # a side; areas vary slowly over a grid


@dataclass(frozen=True)
class ClassRaster:
    """A raster of classes and what its values are: a value, which pickles.

    kind : {"classes", "lpd", "status"}
    """

    source: RasterSource
    kind: str

    @property
    def legend(self) -> Legend:
        """Values and meanings."""
        return LEGENDS[self.kind]

    def on_grid(self, grid: Grid) -> ClassRaster:
        """Return the raster read on a reference grid."""
        return replace(self, source=on_reference(self.source, grid, CATEGORICAL))


class Unknown(NamedTuple):
    """Cells whose value is no class: their number, the smallest of the values; cells with one."""

    cells: int
    values: tuple[float, ...]
    known: int

    def plus(self, other: Unknown) -> Unknown:
        """Return both together."""
        values = tuple(sorted({*self.values, *other.values})[:_EXAMPLES])
        return Unknown(self.cells + other.cells, values, self.known + other.known)


NONE_UNKNOWN: Final = Unknown(0, (), 0)


def open_classes(
    raster: RasterInput,
    kind: str,
    allowed: Sequence[str],
    parameter: str,
    progress: Progress,
    band_name: str = "",
) -> ClassRaster:
    """Open a raster of classes, and find out what its values are.

    Parameters
    ----------
    raster : RasterInput
        As the user gave it.
    kind : {"auto", "classes", "lpd", "status"}
        What the values are. `auto`: by the names of our own bands, else by values that only one
        kind has: -1 is no LPD and no status, 2 to 5 is no class, 6 and 7 are a status.
    allowed : sequence of str
        Kinds that may be meant.
    parameter : str
        Name of the parameter with which the user can say so, for messages.
    progress : Progress
        Asked for cancel while values are looked at.
    band_name : str, optional
        Band wanted, if the raster has one of that name.

    Raises
    ------
    InputError
        If nothing tells the kinds apart.
    """
    source = open_input(raster)
    names = [text.casefold() for text in source.info.descriptions]
    if band_name in names and kind in (AUTO, _kind_of_name(band_name)):
        source = source.one_band(names.index(band_name) + 1)
    if kind != AUTO:
        kinds = [_kind_of_name(name) for name in names]
        # Where our own names say that another band holds that kind, that is the one meant.
        if kind in kinds and kinds[source.bands[0] - 1] not in ("", kind):
            source = source.one_band(kinds.index(kind) + 1)
        return ClassRaster(source, kind)
    named = _kind_of_name(names[source.bands[0] - 1])
    if named in allowed:
        return ClassRaster(source, named)
    return ClassRaster(source, _kind_of_values(source, allowed, parameter, progress))


def _kind_of_name(name: str) -> str:
    for stem in ("status_3class", "status"):
        if name.startswith(stem + "_"):
            return _KIND_OF_BAND[stem]
    return _KIND_OF_BAND.get(name, "")


def _kind_of_values(
    source: RasterSource, allowed: Sequence[str], parameter: str, progress: Progress
) -> str:
    """Look at values until some belong to one kind only."""
    # The same pieces whatever the user's settings are: what is found first must not depend on them.
    windows = block_windows(source.grid.height, source.grid.width, source.tile, 8, Workers(1))
    seen: set[int] = set()
    try:
        for window in windows:
            progress.check()
            block = source.read(window)
            found = block.values[block.valid]
            seen.update(value for value in range(-1, 8) if (found == value).any())
            if -1 in seen:
                return CLASSES
            if STATUS in allowed and seen & {6, 7}:
                return STATUS
            if STATUS not in allowed and seen & {2, 3, 4, 5}:
                return LPD
    finally:
        close_readers()
    if not seen:
        return CLASSES
    raise InputError(
        translate(
            "Dbar",
            "{name}: its values ({values}) do not tell whether it holds classes (-1, 0, 1) or "
            "another legend ({others}). Say so in “{parameter}”.",
        ),
        name=source.name,
        values=", ".join(map(str, sorted(seen))),
        others=", ".join(kind for kind in allowed if kind != CLASSES),
        parameter=parameter,
    )


def block_places(raster: ClassRaster, block: Block) -> tuple[UInt8, Unknown]:
    """Places of a block's cells in the raster's legend, [height, width], and what has none."""
    values, valid = block.values[0], block.valid[0]
    found = places(values, valid, raster.legend)
    is_class = (found > 0) & (found < raster.legend.place_count - 1)
    known = int(np.count_nonzero(is_class))
    if known == int(np.count_nonzero(valid)):
        return found, Unknown(0, (), known)
    rest = values[valid & ~is_class]
    rest = rest[~np.isin(rest, _SILENT[raster.kind])]
    examples = tuple(float(value) for value in np.unique(rest)[:_EXAMPLES])
    return found, Unknown(rest.size, examples, known)


class UnknownValues:
    """Values of class rasters that are no class, added up over the blocks."""

    def __init__(self, rasters: Sequence[ClassRaster]) -> None:
        self._rasters = rasters
        self._found = [NONE_UNKNOWN] * len(rasters)

    def add(self, parts: Sequence[Unknown]) -> None:
        """Add what a block holds, raster by raster."""
        self._found = [one.plus(other) for one, other in zip(self._found, parts, strict=True)]

    @property
    def is_empty(self) -> bool:
        """Whether no raster holds a class anywhere."""
        return not any(found.known for found in self._found)

    def warnings(self) -> list[Message]:
        """Warn of them; see `check_unknown` for what is refused."""
        pairs = zip(self._rasters, self._found, strict=True)
        return [line for pair in pairs if (line := check_unknown(*pair)) is not None]


def check_unknown(raster: ClassRaster, unknown: Unknown) -> Message | None:
    """Warn of values that are no class; refuse a raster that has more of them than of classes.

    Raises
    ------
    InputError
        If more cells hold another value than hold a class: it is another raster than was meant.
    """
    if unknown.cells == 0:
        return None
    values = ", ".join(f"{value:g}" for value in unknown.values)
    legend = raster.legend
    if unknown.cells > unknown.known:
        raise InputError(
            translate(
                "Dbar",
                "{name} holds no value from {first} to {last} in {count} of {total} cells, but "
                "others ({values}). Check that it is the right raster, and the right legend.",
            ),
            name=raster.source.name,
            total=unknown.cells + unknown.known,
            count=unknown.cells,
            first=legend.first,
            last=legend.last,
            values=values,
        )
    return message(
        translate(
            "Dbar",
            "{name}: {count} cells hold no value from {first} to {last} (such as {values}); they "
            "count as no data.",
        ),
        name=raster.source.name,
        count=unknown.cells,
        first=legend.first,
        last=legend.last,
        values=values,
    )


# -- areas


def area_exponent(grid: Grid, factor: float = 1.0) -> int:
    """Exponent of the unit of `kernels.area_tally` that suits a grid, for areas times a factor."""
    rows = np.unique(np.linspace(0, grid.height - 1, _SAMPLES).astype(int))
    cols = np.unique(np.linspace(0, grid.width - 1, _SAMPLES).astype(int))
    areas = [
        float(grid.cell_areas(Window(int(row), int(col), 1, 1))[0, 0])
        for row in rows
        for col in cols
    ]
    # Cells between the samples may be a little larger.
    return unit_exponent(2.0 * max(areas) * factor, grid.width * grid.height)


class CodeSums(NamedTuple):
    """Cells and areas (in units) by code, int64 [codes]; they add up exactly."""

    cells: Int64
    units: Int64

    def plus(self, other: CodeSums) -> CodeSums:
        """Return both together."""
        return CodeSums(self.cells + other.cells, self.units + other.units)


def empty_sums(code_count: int) -> CodeSums:
    """Nothing summed yet."""
    return CodeSums(np.zeros(code_count, dtype=np.int64), np.zeros(code_count, dtype=np.int64))


def code_sums(codes: NDArray[Any], units: Float64, code_count: int) -> CodeSums:
    """Sum cells and areas by code.

    Parameters
    ----------
    codes : ndarray of int [height, width]
        0 .. code_count - 1.
    units : float64, shape (height, 1) or (height, width)
        Areas from `area_units`.
    code_count : int
        Number of codes.
    """
    cells = np.zeros(code_count, dtype=np.int64)
    for piece in pieces(codes.shape, code_count):
        cells += np.bincount(codes[piece].ravel(), minlength=code_count)
    return CodeSums(cells, tally(codes, units, code_count))


def area_units(grid: Grid, window: Window, exponent: int) -> Float64:
    """Areas of a window's cells in whole units, shape (height, 1) or (height, width)."""
    return areas_in_units(grid.cell_areas(window), exponent)


def is_water(block: Block, classes: Sequence[int]) -> NDArray[np.bool_]:
    """Whether cells are water: one of `classes`, or without any given, not 0."""
    values, valid = block.values[0], block.valid[0]
    found: NDArray[np.bool_] = valid & (np.isin(values, classes) if classes else values != 0)
    return found


def no_class_template() -> str:
    """Text for an indicator without any class."""
    return translate(
        "Dbar",
        "{name} holds none of the values −1, 0 and 1 inside the zones. Choose the raster "
        "of the indicator, such as the output of “Land degradation”.",
    )


def no_water_message() -> Message:
    """Say that inland water counts as land."""
    return message(
        translate(
            "Dbar",
            "Neither land cover nor a water mask is given, so inland water cannot be told "
            "from land: the denominator is all of the area.",
        )
    )


def outside_message(area_km2: float) -> Message:
    """Say what is left out where no zones say which area is meant."""
    return message(
        translate(
            "Dbar",
            "Without zones, {area} km² where no raster has data count as outside the "
            "area. Give zones to count all their land.",
        ),
        area=figure_text(area_km2),
    )


def resampling_messages(notes: Sequence[tuple[str, str]]) -> list[Message]:
    """Say which rasters were resampled, and how (`pipelines.inputs.resampling_notes`)."""
    return [
        message(
            translate("Dbar", "{name} is resampled to the reference grid ({resampling})."),
            name=name,
            resampling=resampling,
        )
        for name, resampling in notes
    ]


def no_result_warnings(found: float) -> tuple[Message, ...]:
    """Say so where no cell has a result; `found` is the number or the area of those that have."""
    if found > 0:
        return ()
    return (
        message(
            translate(
                "Dbar",
                "No cell has a result. Check that the rasters hold data, and of the same places.",
            )
        ),
    )


def reading_messages(
    rasters: Sequence[ClassRaster], sources: Sequence[RasterSource]
) -> list[Message]:
    """Say what rasters of classes were taken to hold, and which sources are resampled, and how."""
    templates = {
        CLASSES: translate("Dbar", "{name} holds -1 degraded, 0 stable, 1 improved."),
        LPD: translate("Dbar", "{name} holds land productivity dynamics (LPD), 1 to 5."),
        STATUS: translate("Dbar", "{name} holds the status against the baseline, 1 to 7."),
    }
    found = [message(templates[raster.kind], name=raster.source.name) for raster in rasters]
    return found + resampling_messages(resampling_notes(sources))
