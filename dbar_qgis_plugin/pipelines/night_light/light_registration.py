"""Night lights brought into register: bands onto one of them, dates onto a reference raster.

Patches of both images are matched by phase correlation. A first pass adds up the spectra of all
patches, so that the shift of the whole is found where each patch alone has too little light. The
second reads the patches with that shift taken off, for what is left of the whole, and patch by
patch. The last resamples each band once, by the sum of the shifts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.image_registration import (
    BILINEAR,
    CUBIC,
    Match,
    Spectrum,
    cross_power,
    light_signal,
    match,
    outliers,
    shifted,
    smooth_shifts,
)
from dbar_qgis_plugin.kernels.lattice import at_cells
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    CONTINUOUS,
    RasterInput,
    on_reference,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.night_light.light_bands import GREEN, light_date, scene_tags
from dbar_qgis_plugin.pipelines.night_light.light_levels import kept_nodata, marked, worked
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks, run_tasks
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource, open_source
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]

RESAMPLINGS: Final = (BILINEAR, CUBIC)
USED: Final = ""
NO_LIGHT, WEAK_PEAK, TOO_FAR, OUTLIER = REASONS = ("no_light", "weak_peak", "too_far", "outlier")

_LEAST_SIZE = 32  # smaller images show too few lights, cut off at their edges
_FEWEST_PATCHES = 4  # fewer say nothing of how shifts differ over the raster
_SMOOTHING = 1.5  # standard deviation of weights, in patches
_LOCAL_SHARE = 8  # a patch may differ from the whole by this part of its size
_TAPS_REACH = 2


@dataclass(frozen=True)
class LightRegistrationTask:
    """What to bring into register, and how.

    Parameters
    ----------
    light : RasterInput
        Raster of lights; all its bands.
    reference : RasterInput, optional
        Raster that shows the same lights in the right place, by its band "green", as below.
    bands : bool
        Whether the bands are registered onto one of them: "green", else the second of three or
        more, else the first.
    local : bool
        Whether shifts may differ over the raster.
    patch : int
        Rows and columns of a patch.
    least_quality : float
        Height of a peak over that of the second one, below which it is not sound.
    most_shift : float
        Longest shift of the whole in cells.
    resampling : {"bilinear", "cubic"}
    """

    light: RasterInput
    reference: RasterInput | None = None
    bands: bool = True
    local: bool = True
    patch: int = 256
    least_quality: float = 1.3
    most_shift: float = 64.0
    resampling: str = BILINEAR


class PatchShift(NamedTuple):
    """Shift found in a patch.

    row, col : of its first cell
    down, right : in cells, NaN where there is no light
    reason : "" if it is used, else one of `REASONS`
    """

    row: int
    col: int
    down: float
    right: float
    quality: float
    reason: str


@dataclass(frozen=True)
class BandShift:
    """Shift of a band against what it is registered onto.

    band : its number, from 1
    name, against : names for the user
    size : rows and columns of a patch
    whole : shift of all patches together
    patches : each
    nodes : float64 [2, rows, cols], shifts at the patches' middles; of 1 x 1 where all is one shift
    first, step : row and column of the first node, and from one to the next
    """

    band: int
    name: str
    against: str
    size: tuple[int, int]
    whole: Match
    patches: tuple[PatchShift, ...]
    nodes: Float64
    first: tuple[float, float]
    step: tuple[float, float]


@dataclass(frozen=True)
class LightRegistrationResult:
    """Shifts found, and what to tell the user.

    bands : names of the raster's bands
    longest : longest shift of any band anywhere, in cells
    day : that the raster shows, None if it does not say
    """

    bands: tuple[str, ...]
    shifts: tuple[BandShift, ...]
    grid: Grid
    longest: float
    day: date | None
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _PatchTask(NamedTuple):
    reference: RasterSource
    moving: RasterSource
    window: Window
    offset: tuple[int, int]


class _Plan(NamedTuple):
    shifts: tuple[tuple[BandShift, ...], ...]  # of each band; none: as it is
    resampling: str
    dtype: np.dtype[Any]
    nodata: float


def check_light_registration(task: LightRegistrationTask) -> None:
    """Raise `InputError` for a task that cannot be run, without reading values."""
    source = _open(task.light)
    height, width = source.grid.height, source.grid.width
    if min(height, width) < _LEAST_SIZE:
        raise InputError(
            translate(
                "Dbar",
                "{name} has {height} rows and {width} columns; for a shift to be found at least "
                "{least} of each are needed.",
            ),
            name=source.name,
            height=height,
            width=width,
            least=_LEAST_SIZE,
        )
    if task.reference is not None:
        on_reference(_one_band(task.reference), source.grid, CONTINUOUS)
    elif not task.bands or len(source.bands) < 2:
        raise InputError(
            translate(
                "Dbar",
                "{name}: there is nothing to register it onto. Give a reference raster, or a "
                "raster of several bands with “Register bands” switched on.",
            ),
            name=source.name,
        )


def register_light(
    task: LightRegistrationTask,
    output: str,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightRegistrationResult:
    """Find shifts and write the raster without them, on its own grid.

    Parameters
    ----------
    task : LightRegistrationTask
        What to register.
    output : str
        Raster to write: data type, band names and units of the input.
    tags : mapping of str to str, optional
        Metadata of the output.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If rasters cannot be read, do not overlap, or a band matches nowhere soundly.
    OutputError
        If the output cannot be written.
    Cancelled
        If the user stops the run.
    """
    check_light_registration(task)
    workers, progress = workers or Workers(), progress or Progress()
    source = _open(task.light)
    pairs = _pairs(task, source)
    shifts = tuple(
        _band_shift(
            task, *pair, workers, progress.part(0.7 * k / len(pairs), 0.7 * (k + 1) / len(pairs))
        )
        for k, pair in enumerate(pairs)
    )
    of_date = tuple(shift for shift in shifts if shift.band == 0)
    of_bands = {shift.band: (shift,) for shift in shifts if shift.band}
    info = source.info
    raster = worked(source)
    plan = _Plan(
        tuple(of_bands.get(band, ()) + of_date for band in source.bands),
        task.resampling,
        raster.dtype,
        kept_nodata(raster),
    )
    longest = max(_longest(parts) for parts in plan.shifts)
    with RasterSink(
        output,
        source.grid,
        [info.descriptions[band - 1] for band in source.bands],
        plan.dtype.name,
        plan.nodata,
        units=[info.units[band - 1] for band in source.bands],
        tags={**scene_tags(source), **(tags or {}), "DBAR_SHIFTS": _shift_tag(shifts)},
        threads=workers.count,
    ) as sink:
        map_blocks(
            _resample_block,
            [source],
            [sink],
            plan,
            workers=workers,
            progress=progress.part(0.7, 1.0),
            halo=int(np.ceil(longest)) + _TAPS_REACH,
            bytes_per_cell=64.0,
        )
    references = [reference for _, _, reference, _, _ in pairs]
    return LightRegistrationResult(
        tuple(info.descriptions[band - 1] for band in source.bands),
        shifts,
        source.grid,
        longest,
        light_date(source),
        _notes(shifts, references),
        _warnings(shifts, task),
    )


# -- what is matched with what


def _open(raster: RasterInput) -> RasterSource:
    return open_source(raster.path, raster.open_options, name=raster.name or raster.path)


def _main_band(source: RasterSource) -> int:
    """Return the place of the band that shows most of any lamp: green, where bands are colours."""
    names = [source.info.descriptions[band - 1].casefold() for band in source.bands]
    if GREEN in names:
        return names.index(GREEN)
    return 1 if len(names) > 2 else 0


def _one_band(raster: RasterInput) -> RasterSource:
    source = _open(raster)
    return source.one_band(source.bands[_main_band(source)])


def _pairs(
    task: LightRegistrationTask, source: RasterSource
) -> list[tuple[int, str, RasterSource, RasterSource, str]]:
    """Band (0: all), its name, the image to register onto, the image, the former's name."""
    names = [source.info.descriptions[band - 1] or str(band) for band in source.bands]
    target = _main_band(source)
    fixed = source.one_band(source.bands[target])
    pairs = []
    if task.bands:
        pairs = [
            (band, name, fixed, source.one_band(band), names[target])
            for place, (band, name) in enumerate(zip(source.bands, names, strict=True))
            if place != target
        ]
    if task.reference is not None:
        reference = on_reference(_one_band(task.reference), source.grid, CONTINUOUS)
        pairs.append((0, source.name, reference, fixed, reference.name))
    return pairs


# -- shifts


def _patch_size(most: int, grid: Grid, offset: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of a patch that has room in the raster with and without the offset."""
    height, width = (
        max(1, min(most, count - abs(shift)))
        for count, shift in zip(grid.window[2:], offset, strict=True)
    )
    return height, width


def _starts(count: int, size: int, offset: int) -> NDArray[np.int64]:
    """First cells of patches that lie inside with and without the offset, evenly spaced."""
    first, last = max(0, -offset), min(count, count - offset) - size
    number = -(-(last - first) // size) + 1
    return np.rint(np.linspace(first, last, number)).astype(np.int64)


def _band_shift(
    task: LightRegistrationTask,
    band: int,
    name: str,
    reference: RasterSource,
    moving: RasterSource,
    against: str,
    workers: Workers,
    progress: Progress,
) -> BandShift:
    """Match all patches twice, and fit shifts at the nodes of their lattice."""

    def matched(
        offset: tuple[int, int], size: tuple[int, int], part: Progress
    ) -> tuple[list[NDArray[np.int64]], list[Match | None], Match]:
        starts = [
            _starts(count, patch, shift)
            for count, patch, shift in zip(reference.grid.window[2:], size, offset, strict=True)
        ]
        tasks = [
            _PatchTask(reference, moving, Window(int(row), int(col), *size), offset)
            for row in starts[0]
            for col in starts[1]
        ]
        total = np.zeros((size[0], size[1] // 2 + 1), dtype=np.complex128)
        matches: list[Match | None] = []
        with workers.executor() as executor:
            results = run_tasks(_match_patch, tasks, len(tasks), executor, workers, part)
            for spectrum, found in results:
                matches.append(found)
                if spectrum is not None:
                    total += spectrum
        whole = match(total, size)
        found_at = whole._replace(down=whole.down + offset[0], right=whole.right + offset[1])
        _refuse_unsound(found_at, name, against, task)
        return starts, matches, found_at

    size = _patch_size(task.patch, reference.grid, (0, 0))
    starts, matches, whole = matched((0, 0), size, progress.part(0, 0.5))
    offset = round(whole.down), round(whole.right)
    if offset != (0, 0):
        size = _patch_size(task.patch, reference.grid, offset)
        starts, matches, whole = matched(offset, size, progress.part(0.5, 1))
    places = [(int(row), int(col)) for row in starts[0] for col in starts[1]]
    patches = _judged(places, matches, offset, whole, task, max(size) / _LOCAL_SHARE)
    shift = BandShift(
        band,
        name,
        against,
        size,
        whole,
        patches,
        np.array([[[whole.down]], [[whole.right]]]),
        (0.0, 0.0),
        (1.0, 1.0),
    )
    used = [patch for patch in patches if patch.reason == USED]
    if not task.local or len(used) < _FEWEST_PATCHES:
        return shift
    middle = np.array([(size[0] - 1) / 2.0, (size[1] - 1) / 2.0])
    rows, cols = starts[0] + middle[0], starts[1] + middle[1]
    step = [
        max(1.0, float(nodes[-1] - nodes[0]) / max(nodes.size - 1, 1)) for nodes in (rows, cols)
    ]
    nodes = smooth_shifts(
        np.array([(patch.row, patch.col) for patch in used]) + middle,
        np.array([(patch.down, patch.right) for patch in used]),
        rows,
        cols,
        (_SMOOTHING * step[0], _SMOOTHING * step[1]),
    )
    return replace(
        shift, nodes=nodes, first=(float(rows[0]), float(cols[0])), step=(step[0], step[1])
    )


def _match_patch(task: _PatchTask) -> tuple[Spectrum | None, Match | None]:
    window = task.window
    there = window._replace(row=window.row + task.offset[0], col=window.col + task.offset[1])
    signals = []
    for source, place in ((task.reference, window), (task.moving, there)):
        values, valid = source.read(place)
        signals.append(light_signal(values[0], valid[0]))
    if signals[0] is None or signals[1] is None:
        return None, None
    spectrum = cross_power(signals[0], signals[1])
    return spectrum, match(spectrum, (window.height, window.width))


def _refuse_unsound(whole: Match, name: str, against: str, task: LightRegistrationTask) -> None:
    if whole.quality < task.least_quality:
        raise InputError(
            translate(
                "Dbar",
                "{name} matches {against} nowhere soundly: the best match is {quality} times the "
                "second best, at least {least} is asked for. Do both show the same lights, and is "
                "there light in both?",
            ),
            name=name,
            against=against,
            quality=f"{whole.quality:.2f}",
            least=f"{task.least_quality:g}",
        )
    longest = max(abs(whole.down), abs(whole.right))
    if longest > task.most_shift:
        raise InputError(
            translate(
                "Dbar",
                "{name} lies {cells} cells off {against}, but at most {most} are allowed. Raise "
                "the limit if that can be; else one of them is georeferenced wrongly.",
            ),
            name=name,
            against=against,
            cells=f"{longest:.1f}",
            most=f"{task.most_shift:g}",
        )


def _judged(
    places: Sequence[tuple[int, int]],
    matches: Sequence[Match | None],
    offset: tuple[int, int],
    whole: Match,
    task: LightRegistrationTask,
    farthest: float,
) -> tuple[PatchShift, ...]:
    """Say which patches are used, and why others are not."""
    patches = []
    for (row, col), found in zip(places, matches, strict=True):
        if found is None:
            patches.append(PatchShift(row, col, np.nan, np.nan, 0.0, NO_LIGHT))
            continue
        down, right = found.down + offset[0], found.right + offset[1]
        reason = USED
        if found.quality < task.least_quality:
            reason = WEAK_PEAK
        elif max(abs(down - whole.down), abs(right - whole.right)) > farthest:
            reason = TOO_FAR
        patches.append(PatchShift(row, col, down, right, found.quality, reason))
    used = [place for place, patch in enumerate(patches) if patch.reason == USED]
    if used:
        far = outliers(np.array([(patches[k].down, patches[k].right) for k in used]))
        for place, is_far in zip(used, far, strict=True):
            if is_far:
                patches[place] = patches[place]._replace(reason=OUTLIER)
    return tuple(patches)


def _longest(parts: Sequence[BandShift]) -> float:
    """Longest shift in cells that bands of these parts are read with."""
    return float(sum(np.abs(part.nodes).max() for part in parts))


# -- resampling


def _resample_block(blocks: list[Block], context: BlockContext, plan: _Plan) -> tuple[NDArray[Any]]:
    values, valid = blocks[0]
    window = context.window
    rows = np.arange(window.row, window.row + window.height)
    cols = np.arange(window.col, window.col + window.width)
    result = np.empty((len(values), window.height, window.width), dtype=plan.dtype)
    result_valid = np.empty(result.shape, dtype=bool)
    for band, (layer, known, parts) in enumerate(zip(values, valid, plan.shifts, strict=True)):
        if not parts:
            found, good = layer[context.inner], known[context.inner]
        else:
            fields = [at_cells(part.nodes, rows, cols, part.first, part.step) for part in parts]
            down, right = (np.add.reduce([field[axis] for field in fields]) for axis in (0, 1))
            corner = context.inner[0].start, context.inner[1].start
            found, good = shifted(layer, known, down, right, corner, plan.resampling)
        result[band], result_valid[band] = _rounded(found, plan.dtype), good
    return (marked(result, result_valid, plan.nodata),)


def _rounded(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Values in the raster's type."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    whole: NDArray[Any] = np.clip(np.rint(values), limits.min, limits.max).astype(dtype)
    return whole


# -- what to tell


def cell_size(grid: Grid, row: float, col: float) -> tuple[float, float]:
    """Height and width of a cell in metres, from its true area and its shape in the CRS."""
    place = Window(
        int(np.clip(row, 0, grid.height - 1)), int(np.clip(col, 0, grid.width - 1)), 1, 1
    )
    area = float(np.ravel(grid.cell_areas(place))[0])
    a, b, _, d, e, _ = grid.transform
    shape = np.hypot(a, d) / np.hypot(b, e)
    if grid.is_geographic:
        shape *= np.cos(np.radians(grid.to_coordinates(np.array(col), np.array(row))[1]))
    height = np.sqrt(area / shape)
    return float(height), float(height * shape)


def shift_table(result: LightRegistrationResult) -> dict[str, list[Any]]:
    """Columns of the table of shifts: a row for each band as a whole, and for each patch."""
    grid = result.grid
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            *("band", "against", "part", "row", "col", "x", "y", "dx_cells", "dy_cells"),
            *("dx_m", "dy_m", "quality", "used", "reason"),
        )
    }
    for shift in result.shifts:
        middle = grid.height / 2.0, grid.width / 2.0
        found = [("whole", middle, shift.whole.down, shift.whole.right, shift.whole.quality, USED)]
        found += [
            (
                "patch",
                (patch.row + shift.size[0] / 2.0, patch.col + shift.size[1] / 2.0),
                patch.down,
                patch.right,
                patch.quality,
                patch.reason,
            )
            for patch in shift.patches
        ]
        for part, (row, col), down, right, quality, reason in found:
            x, y = grid.to_coordinates(np.array(col), np.array(row))
            height, width = cell_size(grid, row, col)
            values = (
                *(shift.name, shift.against, part, row, col, float(x), float(y), right, down),
                *(right * width, down * height, quality, int(reason == USED), reason),
            )
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
    return columns


def patch_rings(result: LightRegistrationResult) -> list[list[tuple[float, float]]]:
    """Outlines, in the raster's CRS, of what the rows of `shift_table` are of."""
    grid = result.grid
    rings = []
    for shift in result.shifts:
        boxes = [(0, 0, grid.height, grid.width)]
        boxes += [(patch.row, patch.col, *shift.size) for patch in shift.patches]
        for row, col, height, width in boxes:
            rows = np.array([row, row, row + height, row + height, row], dtype=np.float64)
            cols = np.array([col, col + width, col + width, col, col], dtype=np.float64)
            x, y = grid.to_coordinates(cols, rows)
            rings.append(list(zip(x.tolist(), y.tolist(), strict=True)))
    return rings


def _shift_tag(shifts: Sequence[BandShift]) -> str:
    return json.dumps(
        [
            {
                "band": shift.name,
                "against": shift.against,
                "dx_cells": round(shift.whole.right, 3),
                "dy_cells": round(shift.whole.down, 3),
                "quality": round(shift.whole.quality, 2),
                "patches_used": sum(patch.reason == USED for patch in shift.patches),
                "patches": len(shift.patches),
            }
            for shift in shifts
        ],
        ensure_ascii=False,
    )


def _notes(shifts: Sequence[BandShift], references: Sequence[RasterSource]) -> tuple[Message, ...]:
    notes = [
        message(
            translate(
                "Dbar",
                "{band} against {against}: {right} cells to the right, {down} down (quality "
                "{quality}); {used} of {count} patches used, shifts from {least} to {most}",
            ),
            band=shift.name,
            against=shift.against,
            right=f"{shift.whole.right:.2f}",
            down=f"{shift.whole.down:.2f}",
            quality=f"{shift.whole.quality:.1f}",
            used=sum(patch.reason == USED for patch in shift.patches),
            count=len(shift.patches),
            least=f"{np.hypot(*shift.nodes).min():.2f}",
            most=f"{np.hypot(*shift.nodes).max():.2f}",
        )
        for shift in shifts
    ]
    resampled = resampling_notes(references)
    notes += resampling_messages(list(dict.fromkeys(resampled)))
    return tuple(notes)


def _warnings(shifts: Sequence[BandShift], task: LightRegistrationTask) -> tuple[Message, ...]:
    return tuple(
        message(
            translate(
                "Dbar",
                "{band}: only {used} patches match soundly, so the whole is shifted alike.",
            ),
            band=shift.name,
            used=sum(patch.reason == USED for patch in shift.patches),
        )
        for shift in shifts
        if task.local
        and len(shift.patches) > 1
        and sum(patch.reason == USED for patch in shift.patches) < _FEWEST_PATCHES
    )
