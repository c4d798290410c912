"""Night lights without noise: a raster of lights, cleaned, and what was changed where.

A first pass counts how often each value occurs, from which the level of dark ground follows. With
stripes, a second looks for them in panels of columns. The last applies all steps block by block;
the cells around a block that the steps need are read with it, so that blocks change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.lattice import at_cells
from dbar_qgis_plugin.kernels.light_cleaning import (
    FILLS,
    Change,
    Levels,
    Line,
    dilated,
    fill_from_neighbours,
    gaps,
    in_two_bands,
    lit,
    nearest_known,
    painted,
    small_groups,
    stripe_candidates,
    subtract_stray,
)
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_bands import SUBTRACTED, light_date, scene_tags
from dbar_qgis_plugin.pipelines.night_light.light_guide import (
    Guide,
    bright_cells,
    guide_of,
    open_panchromatic,
)
from dbar_qgis_plugin.pipelines.night_light.light_levels import (
    Survey,
    WorkedRaster,
    kept_nodata,
    marked,
    survey_levels,
    worked,
)
from dbar_qgis_plugin.pipelines.night_light.light_stripes import find_stripes, gap_reach
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Bool = NDArray[np.bool_]
Int64 = NDArray[np.int64]

KEEP, SUBTRACT, MASK = BACKGROUNDS = ("keep", "subtract", "mask")
AUTOMATIC, GUIDED, TWO_BANDS, NO_RULE = RULES = (
    "automatic",
    "panchromatic",
    "two_bands",
    "none",
)
MEDIAN_FILL: Final = "median"
CHANGE_BAND: Final = "change"

_FEWEST_PER_SQUARE = 5  # rows and columns of a square of the background surface
_NEIGHBOURS = 2  # rows and columns around a cell that it is filled from
_STRIPE_CELLS = 8  # smaller groups on a line are no stripe
_BYTES_PER_CELL = 40.0
_DARKER_SHARE = 0.05
_AGREEMENT = 0.5
_AGREEMENT_CELLS = 100


@dataclass(frozen=True)
class LightCleaningTask:
    """What to clean, and by which steps.

    Parameters
    ----------
    light : RasterInput
        Raster of lights; all its bands, of which colour rasters have three.
    panchromatic : RasterInput, optional
        Panchromatic raster of the same scene.
    background : {"keep", "subtract", "mask"}
        Whether dark cells keep the background's value, whether it is subtracted from all cells,
        or dark cells become no data.
    rule : {"automatic", "panchromatic", "two_bands", "none"}
        What counts as light; automatic: panchromatic if there is one, else two bands if there are
        two, else none.
    margin : float
        Light starts so many spreads above the background.
    panchromatic_margin : float
        The same for the panchromatic raster.
    reach : int
        Cells around panchromatic light that may be lit as well.
    fewest_cells : int
        Cells of a group of lit cells below which it is noise.
    dark_cut : bool
        Whether cells below the median of a band become dark in it.
    stray_km : float, optional
        Squares of the background surface, in km; no surface is subtracted if absent.
    stray_percent : float
        Percentile of a square that is its background.
    stripes : bool
        Whether stripes are looked for, and filled.
    stripe_fill : {"median", "percentile75"}
        What of its neighbours fills a stripe.
    stripe_share : float
        Part of a line that must be odd for a stripe.
    stripe_half_width : int
        Rows on either side of a stripe's middle.
    """

    light: RasterInput
    panchromatic: RasterInput | None = None
    background: str = KEEP
    rule: str = AUTOMATIC
    margin: float = 0.0
    panchromatic_margin: float = 5.0
    reach: int = 1
    fewest_cells: int = 8
    dark_cut: bool = False
    stray_km: float | None = None
    stray_percent: float = 10.0
    stripes: bool = False
    stripe_fill: str = MEDIAN_FILL
    stripe_share: float = 0.5
    stripe_half_width: int = 2


@dataclass(frozen=True)
class LightCleaningResult:
    """What was found and changed.

    bands : names of the bands, as given or "1", "2", ...
    levels : of each band
    rule : the rule that was used
    cells : int64 [9], cells by `Change`
    without_data : cells without data
    stripes : number of pieces of stripes, each at most a panel of columns wide
    stray : largest value of the background surface above the background, per band
    day : that the raster shows, None if it does not say
    """

    bands: tuple[str, ...]
    levels: tuple[Levels, ...]
    rule: str
    cells: Int64
    without_data: int
    stripes: int
    stray: tuple[float, ...]
    day: date | None
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]

    @property
    def kept_share(self) -> float:
        """Share of lit cells that are still lit; NaN without any."""
        before = int(self.cells[1:].sum() - self.cells[[Change.STRIPE, Change.DEFECT]].sum())
        return int(self.cells[Change.LIGHT]) / before if before else float("nan")


class _Plan(NamedTuple):
    raster: WorkedRaster
    task: LightCleaningTask
    rule: str
    backgrounds: NDArray[Any]
    thresholds: NDArray[Any]
    medians: NDArray[np.float64]
    guide: Guide | None
    nodes: NDArray[np.float32]
    square: int
    lines: tuple[Line, ...]
    nodata: float


def check_light_cleaning(task: LightCleaningTask) -> None:
    """Raise `InputError` for a task that cannot be run, without reading values."""
    source = _open(task.light)
    if task.panchromatic is not None:
        open_panchromatic(task.panchromatic, source)
    _rule(task, len(source.bands))


def clean_light(
    task: LightCleaningTask,
    output: str,
    change_output: str = "",
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightCleaningResult:
    """Write the cleaned raster and, if wanted, a raster of `Change` by cell.

    Parameters
    ----------
    task : LightCleaningTask
        What to clean.
    output : str
        Raster to write: grid, data type, band names and units of the input.
    change_output : str, optional
        Raster of what was done to each cell; none if empty.
    tags : mapping of str to str, optional
        Metadata of both.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If rasters cannot be read, do not overlap, or hold no data.
    OutputError
        If an output cannot be written.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    source = _open(task.light)
    raster = worked(source)
    rule = _rule(task, len(source.bands))
    square = _square(task.stray_km, source.grid)
    survey = survey_levels(
        raster,
        together=True,
        workers=workers,
        progress=progress.part(0, 0.2),
        square=square,
        percent=task.stray_percent,
    )
    bands = survey.bands
    backgrounds = np.array([band.background for band in bands], dtype=raster.dtype)
    guide = None
    if rule == GUIDED and task.panchromatic is not None:
        panchromatic = open_panchromatic(task.panchromatic, source)
        guide = guide_of(panchromatic, task.panchromatic_margin, workers, progress.part(0.2, 0.4))
    lines: tuple[Line, ...] = ()
    if task.stripes:
        lines = find_stripes(
            raster,
            backgrounds,
            task.stripe_share,
            task.stripe_half_width,
            workers,
            progress.part(0.4, 0.5),
        )
    nodes = survey.nodes
    if square:
        above = nearest_known(nodes) - backgrounds[:, np.newaxis, np.newaxis]
        nodes = np.maximum(above, 0.0).astype(np.float32)
    plan = _Plan(
        raster,
        task,
        rule,
        backgrounds,
        _thresholds(bands, task.margin, raster.dtype),
        np.array([band.median for band in bands]),
        guide,
        nodes,
        square,
        lines,
        kept_nodata(raster, zero_is_data=task.background == SUBTRACT),
    )
    counts = np.zeros(Change.NO_DATA + 1 + 2, dtype=np.int64)  # and those of `_guided`

    def add(found: Int64) -> None:
        counts[:] += found

    levels = json.dumps([band.background for band in bands])
    scene = {**scene_tags(source), **(tags or {}), "DBAR_BACKGROUND": levels}
    if task.background == SUBTRACT:
        scene[SUBTRACTED] = levels
    info = source.info
    names = [info.descriptions[band - 1] for band in source.bands]
    with RasterSink(
        output,
        source.grid,
        names,
        raster.dtype.name,
        plan.nodata,
        units=[info.units[band - 1] for band in source.bands],
        tags=scene,
        threads=workers.count,
    ) as sink:
        _apply(plan, sink, change_output, scene, add, workers, progress.part(0.5, 1.0))
    stray = tuple(float(layer.max()) for layer in nodes) if square else ()
    result = LightCleaningResult(
        tuple(name or str(band) for name, band in zip(names, source.bands, strict=True)),
        bands,
        rule,
        counts[: len(Change) - 1],
        int(counts[Change.NO_DATA]),
        len(lines),
        stray,
        light_date(source),
        (),
        (),
    )
    return replace(
        result,
        notes=_notes(result, plan),
        warnings=_warnings(result, plan, survey, counts),
    )


def _apply(
    plan: _Plan,
    sink: RasterSink,
    change_output: str,
    tags: Mapping[str, str],
    add: Callable[[Int64], None],
    workers: Workers,
    progress: Progress,
) -> None:
    """Run the last pass, with a second sink if the changes are to be written."""
    guide_bytes = plan.guide.bytes_per_cell(sink.grid) if plan.guide is not None else 0.0

    def run(sinks: list[RasterSink]) -> None:
        map_blocks(
            _clean_block if len(sinks) > 1 else _clean_block_only,
            [plan.raster.source],
            sinks,
            plan,
            tally=add,
            workers=workers,
            progress=progress,
            halo=_halo(plan),
            bytes_per_cell=_BYTES_PER_CELL + guide_bytes,
        )

    if not change_output:
        run([sink])
        return
    with RasterSink(
        change_output,
        sink.grid,
        [CHANGE_BAND],
        "uint8",
        Change.NO_DATA,
        tags=tags,
        threads=workers.count,
    ) as changes:
        run([sink, changes])


# -- before the passes


def _open(raster: RasterInput) -> RasterSource:
    return open_source(raster.path, raster.open_options, name=raster.name or raster.path)


def _rule(task: LightCleaningTask, bands: int) -> str:
    if task.rule == GUIDED and task.panchromatic is None:
        raise InputError(
            translate(
                "Dbar",
                "Light is to be told by the panchromatic raster, but none is given. Choose one, "
                "or another rule.",
            )
        )
    if task.rule == TWO_BANDS and bands < 2:
        raise InputError(
            translate(
                "Dbar",
                "Light is to be told by two bands, but {name} has only one. Choose another rule.",
            ),
            name=task.light.name or task.light.path,
        )
    if task.rule != AUTOMATIC:
        return task.rule
    if task.panchromatic is not None:
        return GUIDED
    return TWO_BANDS if bands > 1 else NO_RULE


def _square(km: float | None, grid: Grid) -> int:
    """Rows and columns of a square of the background surface; 0 without it."""
    if km is None:
        return 0
    middle = Window(grid.height // 2, grid.width // 2, 1, 1)
    side = float(np.sqrt(np.ravel(grid.cell_areas(middle))[0]))
    return max(_FEWEST_PER_SQUARE, round(1000.0 * km / side))


def _thresholds(bands: tuple[Levels, ...], margin: float, dtype: np.dtype[Any]) -> NDArray[Any]:
    limits = np.array([band.background + margin * band.spread for band in bands])
    if dtype.kind == "f":
        return limits.astype(dtype)
    whole: NDArray[Any] = np.minimum(np.floor(limits), np.iinfo(dtype).max).astype(dtype)
    return whole


# -- last pass: all steps


def _halo(plan: _Plan) -> int:
    """Cells around a block that decide what its cells become."""
    task = plan.task
    halo = max(task.fewest_cells - 1, 0)
    if plan.rule == GUIDED:
        halo += task.reach
    if task.stripes:
        halo += _STRIPE_CELLS - 1 + _NEIGHBOURS + gap_reach(task.stripe_half_width)
    return halo


def _clean_block_only(
    blocks: list[Block], context: BlockContext, plan: _Plan
) -> tuple[NDArray[Any], Int64]:
    values, _, tally = _clean_block(blocks, context, plan)
    return values, tally


def _clean_block(
    blocks: list[Block], context: BlockContext, plan: _Plan
) -> tuple[NDArray[Any], NDArray[np.uint8], Int64]:
    task = plan.task
    values, known = plan.raster.taken(blocks[0])
    valid: Bool = np.logical_and.reduce(known)
    change = np.zeros(valid.shape, dtype=np.uint8)
    if task.stripes:
        values, valid = _without_stripes(values, valid, change, context, plan)
    light = lit(values, valid, plan.thresholds)
    change[light.any(axis=0) & (change == Change.DARK)] = Change.LIGHT
    before = light.copy()
    if plan.nodes.any():
        values = subtract_stray(values, _stray(plan, context, valid.shape), plan.backgrounds)
        _keep(light, lit(values, valid, plan.thresholds), change, Change.STRAY)
    if task.dark_cut:
        _keep(light, values >= plan.medians[:, np.newaxis, np.newaxis], change, Change.DIM)
    agreement: tuple[int, int] = (0, 0)
    if plan.guide is not None:
        bright, known = bright_cells(plan.guide, context.grid, _first_cell(context), valid.shape)
        near = dilated(bright, task.reach)
        agreement = _guided(light, near, known, change, context)
    elif plan.rule == TWO_BANDS:
        _keep(light, in_two_bands(light), change, Change.ONE_BAND)
    for layer in light:
        small = small_groups(layer, task.fewest_cells)
        change[small] = Change.SMALL
        layer &= ~small
    for band, background in enumerate(plan.backgrounds):
        np.copyto(values[band], background, where=before[band] & ~light[band])
    if task.background == SUBTRACT:
        floor = plan.backgrounds[:, np.newaxis, np.newaxis]
        values = np.maximum(values, floor) - floor
    written = valid & light.any(axis=0) if task.background == MASK else valid
    change[~valid] = Change.NO_DATA
    inner = change[context.inner]
    tally = np.append(np.bincount(inner.ravel(), minlength=Change.NO_DATA + 1), agreement)
    rows, cols = context.inner
    cleaned = marked(values[:, rows, cols], written[context.inner], plan.nodata)
    return cleaned, inner[np.newaxis], tally


def _without_stripes(
    values: NDArray[Any],
    valid: Bool,
    change: NDArray[np.uint8],
    context: BlockContext,
    plan: _Plan,
) -> tuple[NDArray[Any], Bool]:
    """Fill what is odd on a stripe's line, and darken cells that fall below the background."""
    task, backgrounds = plan.task, plan.backgrounds
    rows, cols = _first_cell(context)
    gap = gaps(valid, gap_reach(task.stripe_half_width))
    on_line = painted(
        plan.lines,
        len(values),
        (rows, valid.shape[0]),
        (cols, valid.shape[1]),
        task.stripe_half_width,
    )
    odd = stripe_candidates(values, valid, gap, backgrounds)
    stripe: Bool = np.logical_or.reduce(odd & on_line)
    stripe &= ~small_groups(stripe, _STRIPE_CELLS, diagonal=True)
    percent = FILLS[task.stripe_fill]
    values = fill_from_neighbours(values, valid & ~stripe, stripe, backgrounds, percent)
    valid = valid | stripe
    change[stripe] = Change.STRIPE
    defect = (values < backgrounds[:, np.newaxis, np.newaxis]).any(axis=0) & valid
    values[:, defect] = backgrounds[:, np.newaxis]
    change[defect] = Change.DEFECT
    return values, valid


def _guided(
    light: Bool, near: Bool, known: Bool, change: NDArray[np.uint8], context: BlockContext
) -> tuple[int, int]:
    """Keep light near panchromatic light; where that is not known, light in two bands.

    Returns how many cells are lit in two bands, and how many of these are near panchromatic light.
    """
    two = in_two_bands(light) if len(light) > 1 else light[0].copy()
    sure = (two & known)[context.inner]
    agreement = int(np.count_nonzero(sure)), int(np.count_nonzero(sure & near[context.inner]))
    _keep(light, two | known, change, Change.ONE_BAND)
    _keep(light, near | ~known, change, Change.NO_PANCHROMATIC)
    return agreement


def _keep(light: Bool, keep: Bool, change: NDArray[np.uint8], reason: Change) -> None:
    """Leave lit what is to be kept, and name the reason where something is not."""
    lost = light & ~keep
    change[lost.any(axis=0)] = reason
    light &= keep


def _stray(plan: _Plan, context: BlockContext, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Background surface above the background, at the cells of a block."""
    row, col = _first_cell(context)
    middle = (plan.square - 1) / 2.0
    return at_cells(
        plan.nodes,
        np.arange(row, row + shape[0]),
        np.arange(col, col + shape[1]),
        (middle, middle),
        (plan.square, plan.square),
    )


def _first_cell(context: BlockContext) -> tuple[int, int]:
    """Row and column of the first cell of a block with its halo."""
    down, right = context.inner
    return context.window.row - down.start, context.window.col - right.start


# -- what to tell


def _notes(result: LightCleaningResult, plan: _Plan) -> tuple[Message, ...]:
    notes = [
        message(
            translate("Dbar", "Band {band}: background {background}, median {median}"),
            band=band,
            background=f"{level.background:g}",
            median=f"{level.median:g}",
        )
        for band, level in zip(result.bands, result.levels, strict=True)
    ]
    if plan.guide is not None:
        notes.append(
            message(
                translate("Dbar", "{name}: light is above {limits}"),
                name=plan.guide.raster.source.name,
                limits=", ".join(f"{limit:g}" for limit in plan.guide.limits),
            )
        )
    if plan.task.stripes:
        notes.append(message(translate("Dbar", "Pieces of stripes: {count}"), count=result.stripes))
    if plan.square:
        notes.append(
            message(
                translate(
                    "Dbar",
                    "Background surface in squares of {count} cells; at most above the background: "
                    "{most}",
                ),
                count=plan.square,
                most=", ".join(f"{value:g}" for value in result.stray),
            )
        )
    stored = {plan.raster.source.info.nodata[band - 1] for band in plan.raster.source.bands}
    if stored != {plan.nodata}:
        notes.append(
            message(translate("Dbar", "No data is written as {value}."), value=f"{plan.nodata:g}")
        )
    return tuple(notes)


def _warnings(
    result: LightCleaningResult, plan: _Plan, survey: Survey, counts: Int64
) -> tuple[Message, ...]:
    warnings = []
    if survey.some:
        warnings.append(
            message(
                translate(
                    "Dbar", "Cells with data in some bands only, written as no data: {count}"
                ),
                count=survey.some,
            )
        )
    if plan.raster.dtype.kind in "iu":
        for band, count in zip(result.bands, survey.counts, strict=True):
            darker = count[: count.argmax()].sum() / count.sum()
            if darker > _DARKER_SHARE:
                warnings.append(
                    message(
                        translate(
                            "Dbar",
                            "Band {band}: {percent} % of the cells are darker than the most "
                            "frequent value. Is there dark ground in the raster? Light that is "
                            "no brighter than that value counts as dark.",
                        ),
                        band=band,
                        percent=f"{100.0 * darker:.1f}",
                    )
                )
    both, guided = (int(count) for count in counts[-2:])
    if both >= _AGREEMENT_CELLS and guided < _AGREEMENT * both:
        warnings.append(
            message(
                translate(
                    "Dbar",
                    "Of {count} cells lit in two bands only {percent} % are near panchromatic "
                    "light. Are both rasters of the same scene?",
                ),
                count=both,
                percent=f"{100.0 * guided / both:.0f}",
            )
        )
    if not result.cells[[Change.LIGHT, Change.STRIPE]].any():
        warnings.append(message(translate("Dbar", "No light is left.")))
    return tuple(warnings)
