"""Rasters as the user gives them, and how they come onto one grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dbar_qgis_plugin.errors import GridError, InputError, translate
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid, overlap
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source

_COARSER = 1.5  # a target cell this many times the area of a source cell holds several of them

CATEGORICAL, CONTINUOUS, COUNT = "categorical", "continuous", "count"


@dataclass(frozen=True)
class RasterInput:
    """A raster as the user gave it; `name` is what the user sees."""

    path: str
    open_options: tuple[str, ...] = ()
    band: int = 1
    name: str = ""


def open_input(raster: RasterInput) -> RasterSource:
    """Open one band of a raster on its own grid; see `open_source` for errors."""
    return open_source(
        raster.path, raster.open_options, name=raster.name or raster.path, bands=(raster.band,)
    )


def open_indicator(raster: RasterInput, band_name: str) -> RasterSource:
    """Open the band of that name, as our own outputs name their bands; else the one asked for."""
    source = open_input(raster)
    names = [text.casefold() for text in source.info.descriptions]
    if band_name.casefold() in names:
        return source.one_band(names.index(band_name.casefold()) + 1)
    return source


class Stack(NamedTuple):
    """Layers through time, with bands of one file read together.

    sources : the files, each with the bands wanted
    places : per layer, its source and its band's place in that source
    """

    sources: tuple[RasterSource, ...]
    places: tuple[tuple[int, int], ...]

    def on_reference(self, grid: Grid, measure: str) -> Stack:
        """Return the stack read on a reference grid."""
        return self._replace(
            sources=tuple(on_reference(source, grid, measure) for source in self.sources)
        )

    def layers(self, blocks: Sequence[Block]) -> Block:
        """Layers in order [layers, height, width] of the sources' blocks, also in order."""
        if len(blocks) == 1 and [band for _, band in self.places] == list(
            range(blocks[0].values.shape[0])
        ):
            return blocks[0]
        return Block(
            np.stack([blocks[source].values[band] for source, band in self.places]),
            np.stack([blocks[source].valid[band] for source, band in self.places]),
        )


def open_stack(rasters: Sequence[RasterInput]) -> Stack:
    """Open layers through time; bands of one file become one source."""
    bands: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for raster in rasters:
        bands.setdefault((raster.path, raster.open_options), []).append(raster.band)
    files = list(bands)
    names = {(raster.path, raster.open_options): raster.name for raster in reversed(rasters)}
    sources = tuple(
        open_source(path, options, name=names[path, options] or path, bands=bands[path, options])
        for path, options in files
    )
    taken = dict.fromkeys(files, 0)
    places = []
    for raster in rasters:
        file = raster.path, raster.open_options
        places.append((files.index(file), taken[file]))
        taken[file] += 1
    return Stack(sources, tuple(places))


def on_reference(source: RasterSource, grid: Grid, measure: str) -> RasterSource:
    """Return a raster read on a reference grid, resampled as what it measures allows.

    Parameters
    ----------
    source : RasterSource
        On its own grid.
    grid : Grid
        The reference grid.
    measure : {"categorical", "continuous", "count"}
        Classes: the most frequent one where the reference is coarser, else the nearest. Continuous
        values: the average where it is coarser, else bilinear. Counts (persons per cell): sums.

    Raises
    ------
    GridError
        If the raster does not overlap the reference grid.
    """
    if not overlap(source.grid, grid):
        raise GridError(
            translate(
                "Dbar",
                "{name} does not overlap the reference raster. Check the CRS of both, and that "
                "they show the same region.",
            ),
            name=source.name,
        )
    if measure == COUNT:
        return source.on_grid(grid, "sum")
    coarser = middle_cell_area(grid) > _COARSER * middle_cell_area(source.grid)
    if measure == CATEGORICAL:
        return source.on_grid(grid, "mode" if coarser else "nearest")
    return source.on_grid(grid, "average" if coarser else "bilinear")


def middle_cell_area(grid: Grid) -> float:
    """True area in m2 of the cell in the middle of a grid."""
    middle = grid.window._replace(row=grid.height // 2, col=grid.width // 2, height=1, width=1)
    return float(np.ravel(grid.cell_areas(middle))[0])


def raster_facts(source: RasterSource) -> dict[str, str]:
    """What a report tells of a raster: its name, CRS, cell size, no-data value and resampling."""
    info = source.info
    a, b, _, d, e, _ = info.transform
    unit = "°" if get_driver().is_geographic(info.crs) else ""
    nodata = info.nodata[source.bands[0] - 1]
    names = info.crs.split('"')
    return {
        "name": source.name,
        "crs": names[1] if len(names) > 1 else info.crs,
        "cell_size": f"{np.hypot(a, d):.6g}{unit} × {np.hypot(b, e):.6g}{unit}",
        "nodata": "" if nodata is None else f"{nodata:g}",
        "resampling": "" if source.warp is None else source.warp.resampling,
    }


def resampling_notes(sources: Sequence[RasterSource]) -> list[tuple[str, str]]:
    """Names of the rasters that are resampled, and how."""
    return [(source.name, source.warp.resampling) for source in sources if source.warp is not None]


def stored_scale(
    sources: Sequence[RasterSource], typed: float | None, of_integers: float, name: str
) -> float:
    """Divisor that makes a quantity of the values that sources give.

    Parameters
    ----------
    sources : sequence of RasterSource
        All in one unit.
    typed : float, optional
        The divisor, if the user has typed one.
    of_integers : float
        That of whole numbers which the file does not scale; others are the quantity itself.
    name : str
        Name of the parameter that holds the rasters, for messages.

    Raises
    ------
    InputError
        If none was typed and some rasters hold scaled whole numbers, others the quantity itself.
    """
    if typed is not None:
        return typed
    scaled = {_holds_scaled_integers(source) for source in sources}
    if len(scaled) > 1:
        raise InputError(
            translate(
                "Dbar",
                "{name}: some rasters hold whole numbers, others fractions, so that their units "
                "differ. Bring all to one unit, or type the scale that all of them have.",
            ),
            name=name,
        )
    return of_integers if True in scaled else 1.0


def _holds_scaled_integers(source: RasterSource) -> bool:
    info = source.info
    return all(
        np.dtype(info.dtypes[band - 1]).kind in "iu"
        and info.scales[band - 1] == 1.0
        and info.offsets[band - 1] == 0.0
        for band in source.bands
    )
