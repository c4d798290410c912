"""Light of one date or sensor brought to the scale of another, by cells that have not changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.light_change import (
    CELLS_PER_UNKNOWN,
    LightLine,
    fit_stable_line,
    lit_threshold,
)
from dbar_qgis_plugin.pipelines.cell_samples import cell_numbers, in_order, sample_share, sampled
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_unit
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

PIF, NONE = NORMALISATIONS = ("pif", "none")

_SAMPLE = 2_000_000  # cells at most from which thresholds and lines are found
_WEAK_R2, _FEW_STABLE = 0.5, 0.2


class Typed(NamedTuple):
    """Limits as the user gives them; None where they are to be found, or nothing is saturated.

    lit, lit_scene : lit from this value on, before, and in the mean of a scene's bands
    saturated, saturated_scene : saturated from this value on
    """

    lit: float | None = None
    lit_scene: float | None = None
    saturated: float | None = None
    saturated_scene: float | None = None


class Limits(NamedTuple):
    """Which cells of a scene may be stable: lit in both rasters, and saturated in neither."""

    lit: float
    lit_scene: float
    saturated: float
    saturated_scene: float

    def candidates(self, before: Float64, bands: Float64) -> Bools:
        """Tell which cells [...] take part, from light before [...] and a scene [bands, ...]."""
        saturated = reaches(before, self.saturated)
        saturated |= reaches(bands, self.saturated_scene).any(axis=0)
        return self.is_lit(before) & self.is_lit_in(bands) & ~saturated

    def is_lit(self, light: Float64) -> Bools:
        """Tell which cells are lit, on the scale before."""
        return reaches(light, self.lit)

    def is_lit_in(self, bands: Float64) -> Bools:
        """Tell which cells of a scene are lit, in its own unit."""
        return reaches(bands.mean(axis=0), self.lit_scene)


def reaches(values: Float64, limit: float) -> Bools:
    """Compare in single precision, so that 0.7 of a raster reaches a 0.7 that is typed."""
    return np.asarray(values.astype(np.float32) >= np.float32(limit))


class Fitted(NamedTuple):
    """The line of a scene, and the cells that it is sought in."""

    line: LightLine
    limits: Limits


class _Part(NamedTuple):
    numbers: NDArray[np.uint64]
    values: Float64


class SceneFitter:
    """Finds thresholds and lines from samples of cells; the threshold before is found once."""

    def __init__(
        self, before: RasterSource, normalise: str, typed: Typed, workers: Workers
    ) -> None:
        self._before = before
        self._normalise = normalise
        self._typed = typed
        self._workers = workers
        self._lit = typed.lit

    def fit(self, scene: RasterSource, progress: Progress) -> Fitted:
        """Find how a scene is brought to the scale before."""
        identity = LightLine(0.0, np.ones(1))
        if self._normalise == NONE and self._lit is not None:
            return Fitted(identity, self._limits(self._lit, self._lit))
        values = self._sample(scene, progress)
        if self._lit is None:
            self._lit = self._threshold(values[0], self._before)
        if self._normalise == NONE:
            return Fitted(identity, self._limits(self._lit, self._lit))
        lit_scene = self._typed.lit_scene
        if lit_scene is None:
            lit_scene = self._threshold(values[1:].mean(axis=0), scene)
        limits = self._limits(self._lit, lit_scene)
        chosen = limits.candidates(values[0], values[1:])
        line = fit_stable_line(values[0, chosen], values[1:, chosen])
        if line is None:
            raise self._undetermined(values, limits, scene)
        if line.slopes.size == 1 and line.slopes[0] <= 0.0:
            raise InputError(
                translate(
                    "Dbar",
                    "{before} is darker where {scene} is brighter (slope {slope}): they do not "
                    "show the same lights. Check the bands, and register the rasters to each "
                    "other.",
                ),
                before=self._before.name,
                scene=scene.name,
                slope=f"{line.slopes[0]:.6g}",
            )
        return Fitted(line, limits)

    def _limits(self, lit: float, lit_scene: float) -> Limits:
        saturated, saturated_scene = (
            np.inf if value is None else value
            for value in (self._typed.saturated, self._typed.saturated_scene)
        )
        return Limits(lit, lit_scene, saturated, saturated_scene)

    def _sample(self, scene: RasterSource, progress: Progress) -> Float64:
        """Light before and bands of a scene, float64 [1 + bands, cells], where both have data."""
        grid = self._before.grid
        parts: list[_Part] = []
        map_blocks(
            _sample_block,
            (self._before, scene),
            (),
            sample_share(grid, _SAMPLE),
            tally=parts.append,
            workers=self._workers,
            progress=progress,
            bytes_per_cell=24.0,
        )
        values = in_order(parts, 1 + len(scene.bands))
        if values.size == 0:
            raise no_common_data(scene, self._before)
        return values

    def _threshold(self, light: Float64, source: RasterSource) -> float:
        found = lit_threshold(light)
        if found is None:
            raise InputError(
                translate(
                    "Dbar",
                    "{name} has no cell above 0 where both rasters have data: nothing is lit. "
                    "Choose another raster.",
                ),
                name=source.name,
            )
        return found

    def _undetermined(self, values: Float64, limits: Limits, scene: RasterSource) -> InputError:
        candidates = int(np.count_nonzero(limits.candidates(values[0], values[1:])))
        least = CELLS_PER_UNKNOWN * values.shape[0]
        if candidates < least:
            return InputError(
                translate(
                    "Dbar",
                    "Only {both} cells are lit, and not saturated, in both {before} (from "
                    "{lit} on: {lit_cells} cells) and {scene} (from {lit_scene} on: "
                    "{lit_scene_cells} cells); normalising takes at least {least}. Lower the "
                    "thresholds, check that both show the same region, or do not normalise.",
                ),
                both=candidates,
                before=self._before.name,
                lit=f"{limits.lit:.6g}",
                lit_cells=int(np.count_nonzero(limits.is_lit(values[0]))),
                scene=scene.name,
                lit_scene=f"{limits.lit_scene:.6g}",
                lit_scene_cells=int(np.count_nonzero(limits.is_lit_in(values[1:]))),
                least=least,
            )
        return InputError(
            translate(
                "Dbar",
                "The {cells} cells lit in both {before} and {scene} determine no line: the light "
                "is the same everywhere, its bands vary only together, or fewer than {least} cells "
                "lie along one. Choose other bands or dates, or do not normalise.",
            ),
            cells=candidates,
            before=self._before.name,
            scene=scene.name,
            least=least,
        )


def no_common_data(scene: RasterSource, before: RasterSource) -> InputError:
    """Say that two rasters show no cell in common."""
    return InputError(
        translate(
            "Dbar",
            "{scene} and {before} have no cell in which both have data, or none in the zones. "
            "Check that they show the same region.",
        ),
        scene=scene.name,
        before=before.name,
    )


def _sample_block(blocks: list[Block], context: BlockContext, share: float) -> list[_Part]:
    numbers = cell_numbers(context.window, context.grid.width)
    before, scene = blocks
    chosen = sampled(numbers, share) & before.valid[0] & scene.valid.all(axis=0)
    layers = [before.values[0], *scene.values]
    return [
        _Part(numbers[chosen], np.stack([layer[chosen].astype(np.float64) for layer in layers]))
    ]


def line_notes(
    normalise: str,
    before: RasterSource,
    scenes: Sequence[RasterSource],
    fitted: Sequence[Fitted],
) -> list[Message]:
    """Say the threshold, and how each scene is brought to the scale before."""
    first = fitted[0]
    found = [
        message(
            translate("Dbar", "{name}: lit from {threshold} on."),
            name=before.name,
            threshold=f"{first.limits.lit:.6g}",
        )
    ]
    if normalise == NONE:
        found.append(
            message(
                translate(
                    "Dbar",
                    "The light is compared as it is, without normalisation: this holds only where "
                    "both rasters were seen alike (view angle, moon, haze, hour), as in composites "
                    "of one sensor.",
                )
            )
        )
        return found
    for scene, (line, limits) in zip(scenes, fitted, strict=True):
        terms = " + ".join(
            f"{slope:.6g} × {band}"
            for slope, band in zip(line.slopes, _band_labels(scene), strict=True)
        )
        found.append(
            message(
                translate(
                    "Dbar",
                    "{scene}: normalised = {offset} + {terms}; {cells} stable of {candidates} "
                    "cells lit in both (from {threshold} on there, which is {equal} here), "
                    "residual scale {scale}, R² {r2}, {rounds} rounds.",
                ),
                scene=scene.name,
                offset=f"{line.offset:.6g}",
                terms=terms,
                cells=line.cells,
                candidates=line.candidates,
                threshold=f"{limits.lit_scene:.6g}",
                equal=f"{line.offset + line.slopes.sum() * limits.lit_scene:.6g}",
                scale=f"{line.scale:.4g}",
                r2=f"{line.r2:.4f}",
                rounds=line.rounds,
            )
        )
    return found


def _band_labels(scene: RasterSource) -> list[str]:
    if len(scene.bands) == 1:
        return ["light"]
    names = [scene.info.descriptions[band - 1] for band in scene.bands]
    return [name or f"[{band}]" for name, band in zip(names, scene.bands, strict=True)]


def line_warnings(
    normalise: str,
    before: RasterSource,
    scenes: Sequence[RasterSource],
    fitted: Sequence[Fitted],
) -> list[Message]:
    """Say which lines are weak, and which raw values cannot be compared."""
    found: list[Message] = []
    for scene, (line, _) in zip(scenes, fitted, strict=True):
        if normalise == NONE:
            units = light_unit(before), light_unit(scene)
            if units[0] != units[1]:
                found.append(
                    message(
                        translate(
                            "Dbar",
                            "{before} and {scene} hold different quantities ({unit} and "
                            "{scene_unit}), which cannot be compared as they are. Normalise them, "
                            "or calibrate both alike.",
                        ),
                        before=before.name,
                        scene=scene.name,
                        unit=units[0] or "?",
                        scene_unit=units[1] or "?",
                    )
                )
            continue
        if line.r2 < _WEAK_R2 or line.cells < _FEW_STABLE * line.candidates:
            found.append(
                message(
                    translate(
                        "Dbar",
                        "{scene}: the line is weak (R² {r2}; {percent} % of the cells lit in both "
                        "are stable). The rasters may be shifted against each other, or much has "
                        "changed. Register them first, and look at the band of stable cells.",
                    ),
                    scene=scene.name,
                    r2=f"{line.r2:.3f}",
                    percent=f"{100.0 * line.cells / line.candidates:.0f}",
                )
            )
        if not line.settled:
            found.append(
                message(
                    translate(
                        "Dbar",
                        "{scene}: the stable cells still changed after {rounds} rounds; the last "
                        "line is used.",
                    ),
                    scene=scene.name,
                    rounds=line.rounds,
                )
            )
    return found
