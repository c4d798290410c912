"""Pan-sharpening of colour bands with a finer panchromatic band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.pansharpening import Intensity, fit_intensity, lit_threshold, sharpen
from dbar_qgis_plugin.pipelines.cell_samples import cell_numbers, in_order, sample_share, sampled
from dbar_qgis_plugin.pipelines.inputs import CONTINUOUS, RasterInput, on_reference, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import COLOURS, colour_bands, scene_tags
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]

NODATA: Final = -9999.0
_SAMPLE = 4_000_000  # cells at most from which the fit is made
_WEAK = 0.5  # correlation below which both rasters hardly show the same lights


@dataclass(frozen=True)
class PansharpeningTask:
    """What to sharpen.

    colours : raster with the bands red, green and blue
    panchromatic : a finer raster of the same scene; its grid is that of the result
    lit_above : value of the panchromatic band above which cells take part in the fit; found from
        the raster if absent
    """

    colours: RasterInput
    panchromatic: RasterInput
    lit_above: float | None = None


@dataclass(frozen=True)
class PansharpeningResult:
    """How the intensity was fitted, and from which cells on."""

    fit: Intensity
    lit_above: float
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Part(NamedTuple):
    numbers: NDArray[np.uint64]
    values: Float64


def compute_pansharpening(
    task: PansharpeningTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> PansharpeningResult:
    """Write the colours at the panchromatic resolution.

    Parameters
    ----------
    task : PansharpeningTask
        What to sharpen.
    output : str or Path
        Raster to write: bands "red", "green", "blue" in the colours' unit, Float32, nodata -9999.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a raster cannot be read, the panchromatic one is not finer, or too few cells are lit.
    GridError
        If the rasters do not overlap.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    colours, panchromatic = colour_bands(task.colours), open_input(task.panchromatic)
    coarse = on_reference(panchromatic, colours.grid, CONTINUOUS)
    if coarse.warp is None or coarse.warp.resampling != "average":
        raise InputError(
            translate(
                "Dbar",
                "The cells of {panchromatic} are not smaller than those of {colours}, so it has no "
                "detail to add. Choose the finer raster as panchromatic.",
            ),
            panchromatic=panchromatic.name,
            colours=colours.name,
        )
    parts: list[_Part] = []
    map_blocks(
        _sample_block,
        (colours, coarse),
        (),
        sample_share(colours.grid, _SAMPLE),
        tally=parts.append,
        workers=workers,
        progress=progress.part(0.0, 0.3),
        bytes_per_cell=24,
    )
    values = in_order(parts, len(COLOURS) + 1)
    threshold, fit = _fit(values, task, colours, panchromatic)
    facts = {**scene_tags(colours), **(tags or {})}
    units = [colours.info.units[band - 1] for band in colours.bands]
    with RasterSink(
        output,
        panchromatic.grid,
        COLOURS,
        "float32",
        NODATA,
        units=units,
        tags=facts,
        threads=workers.count,
    ) as sink:
        map_blocks(
            _sharpen_block,
            (panchromatic, colours.on_grid(panchromatic.grid, "bilinear")),
            (sink,),
            fit,
            workers=workers,
            progress=progress.part(0.3, 1.0),
            bytes_per_cell=80,
        )
    return PansharpeningResult(fit, threshold, _notes(fit, threshold), _warnings(fit))


def _sample_block(blocks: list[Block], context: BlockContext, share: float) -> list[_Part]:
    numbers = cell_numbers(context.window, context.grid.width)
    chosen = sampled(numbers, share) & blocks[0].valid.all(axis=0) & blocks[1].valid[0]
    layers = [*blocks[0].values, blocks[1].values[0]]
    return [
        _Part(numbers[chosen], np.stack([layer[chosen].astype(np.float64) for layer in layers]))
    ]


def _fit(
    values: Float64, task: PansharpeningTask, colours: RasterSource, panchromatic: RasterSource
) -> tuple[float, Intensity]:
    threshold = task.lit_above
    if threshold is None:
        threshold = lit_threshold(values[-1]) if values.size else 0.0
    lit = values[-1] > threshold
    fit = fit_intensity(values[:-1, lit], values[-1, lit])
    if fit is None:
        raise InputError(
            translate(
                "Dbar",
                "Only {cells} cells of {panchromatic} are lit (above {threshold}) where {colours} "
                "has data, or all alike: too little to relate the two. Check that both show the "
                "same scene, or lower the value from which cells count as lit.",
            ),
            cells=int(np.count_nonzero(lit)),
            panchromatic=panchromatic.name,
            threshold=f"{threshold:.6g}",
            colours=colours.name,
        )
    return threshold, fit


def _sharpen_block(blocks: list[Block], _context: BlockContext, fit: Intensity) -> list[Any]:
    panchromatic, colours = blocks
    valid = panchromatic.valid[0] & colours.valid.all(axis=0)
    result = sharpen(colours.values, panchromatic.values[0].astype(np.float64), fit)
    result[:, ~valid] = NODATA
    return [result.astype(np.float32)]


def _notes(fit: Intensity, threshold: float) -> tuple[Message, ...]:
    red, green, blue = (f"{weight:.4g}" for weight in fit.weights)
    return (
        message(
            translate(
                "Dbar",
                "Intensity = {red} × red + {green} × green + {blue} × blue {offset}, from "
                "{cells} lit cells (panchromatic above {threshold}); its correlation with the "
                "panchromatic band is {correlation}.",
            ),
            red=red,
            green=green,
            blue=blue,
            offset=f"{'+' if fit.offset >= 0 else '−'} {abs(fit.offset):.4g}",
            cells=fit.cells,
            threshold=f"{threshold:.6g}",
            correlation=f"{fit.correlation:.3f}",
        ),
    )


def _warnings(fit: Intensity) -> tuple[Message, ...]:
    if fit.correlation >= _WEAK:
        return ()
    return (
        message(
            translate(
                "Dbar",
                "The colours explain little of the panchromatic band (correlation {correlation}): "
                "the rasters may be of different scenes, or shifted against each other. Register "
                "them first.",
            ),
            correlation=f"{fit.correlation:.3f}",
        ),
    )
