"""Annual vegetation index of the years of some windows, ready to be read block by block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    RasterInput,
    Stack,
    open_stack,
    resampling_notes,
    stored_scale,
)
from dbar_qgis_plugin.pipelines.periods import (
    YearSpan,
    check_enough,
    layers_in,
    missing_years,
)
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, message
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, close_readers

INTEGER_SCALE = 10_000.0  # the usual storage of NDVI in whole numbers

_PLAUSIBLE = 0.02, 2.0  # what half of the cells of land hardly leave
_SAMPLES = 3  # pieces a side that are looked at
_PIECE = 256  # their height and width at most


class NdviSeries(NamedTuple):
    """Layers of one or more windows of years, in order of time.

    stack : the layers, on the grid of the first
    grid : that grid
    years : float [layers]
    windows : where each window's layers begin and end
    scale : divides the values to give NDVI
    notes, warnings : what to tell the user
    """

    stack: Stack
    grid: Grid
    years: tuple[float, ...]
    windows: tuple[slice, ...]
    scale: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]

    @property
    def bytes_per_cell(self) -> int:
        """Memory that `cells` takes per cell, beside the blocks that were read."""
        if len(self.stack.sources) == 1:
            return 0
        return len(self.years) * (max(s.value_dtype.itemsize for s in self.stack.sources) + 1)

    def cells(self, blocks: Sequence[Block]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Values and validity [layers, cells] of the blocks that were read for the stack."""
        block = self.stack.layers(blocks[: len(self.stack.sources)])
        layers = block.values.shape[0]
        return block.values.reshape(layers, -1), block.valid.reshape(layers, -1)


def open_ndvi(
    rasters: Sequence[RasterInput],
    years: Sequence[float],
    spans: Sequence[YearSpan],
    needed: Sequence[int],
    scale: float | None,
    name: str,
) -> NdviSeries:
    """Open the layers of windows of years that follow each other.

    Parameters
    ----------
    rasters : sequence of RasterInput
        One a year.
    years : sequence of float
        Their years, increasing.
    spans : sequence of YearSpan
        The windows.
    needed : sequence of int
        Fewest years with a raster in each window.
    scale : float, optional
        Divides the values to give NDVI; if absent, 10000 for whole numbers that the file does not
        scale, else 1.
    name : str
        Name of the parameter that holds the rasters, for messages.

    Raises
    ------
    InputError
        If a window has too few rasters, or the rasters hold NDVI in different units.
    GridError
        If a raster does not overlap the first one.
    """
    chosen: list[int] = []
    windows: list[slice] = []
    notes: list[Message] = []
    for span, least in zip(spans, needed, strict=True):
        check_enough(span, years, least, name)
        places = layers_in(span, years)
        windows.append(slice(len(chosen), len(chosen) + len(places)))
        chosen += places
        absent = missing_years(span, years)
        if absent:
            notes.append(
                message(
                    translate("Dbar", "{name}: no raster of {years}; computed without."),
                    name=name,
                    years=", ".join(map(str, absent)),
                )
            )
    stack = open_stack([rasters[place] for place in chosen])
    grid = stack.sources[0].grid
    stack = stack.on_reference(grid, CONTINUOUS)
    factor = ndvi_scale(stack.sources, scale, name)
    notes += resampling_messages(resampling_notes(stack.sources))
    notes.append(
        message(translate("Dbar", "NDVI is taken as value / {scale}."), scale=f"{factor:g}")
    )
    return NdviSeries(
        stack,
        grid,
        tuple(years[place] for place in chosen),
        tuple(windows),
        factor,
        tuple(notes),
        scale_warnings(stack.sources[0], factor),
    )


def ndvi_scale(sources: Sequence[RasterSource], typed: float | None, name: str) -> float:
    """Divisor that makes NDVI of the values that sources give; see `inputs.stored_scale`."""
    return stored_scale(sources, typed, INTEGER_SCALE, name)


def scale_warnings(source: RasterSource, scale: float) -> tuple[Message, ...]:
    """Warn where values, divided by the scale, are far from those of NDVI.

    Looks at some pieces of one layer; whatever comes of it, the run goes on: a sum over the year,
    say, is larger.
    """
    grid = source.grid
    height, width = (min(size, _PIECE) for size in source.tile)
    rows, cols = (
        np.unique(np.linspace(0, max(whole - piece, 0), _SAMPLES).astype(int))
        for whole, piece in ((grid.height, height), (grid.width, width))
    )
    layer = source.one_band(source.bands[0])
    found = []
    try:
        for row, col in product(rows.tolist(), cols.tolist()):
            size = min(height, grid.height - row), min(width, grid.width - col)
            block = layer.read(Window(row, col, *size))
            # Some products fill gaps with 0.
            found.append(block.values[block.valid & (block.values != 0)])
    finally:
        close_readers()
    values = np.concatenate(found)
    middle = float(np.median(np.abs(values.astype(np.float64)))) / scale if values.size else 1.0
    if _PLAUSIBLE[0] <= middle <= _PLAUSIBLE[1]:
        return ()
    return (
        message(
            translate(
                "Dbar",
                "{name}: values divided by {scale} are around {middle}, unlike NDVI. If they hold "
                "NDVI times another number, type that number as their scale; else thresholds in "
                "NDVI do not fit them.",
            ),
            name=source.name,
            scale=f"{scale:g}",
            middle=f"{middle:.3g}",
        ),
    )
