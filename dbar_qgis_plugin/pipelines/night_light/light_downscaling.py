"""Totals of zones spread over a grid by the light of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.dasymetric import (
    BASES,
    NOWHERE,
    light_weights,
    weight_unit,
    whole_weights,
    zone_basis,
)
from dbar_qgis_plugin.pipelines.class_rasters import resampling_messages
from dbar_qgis_plugin.pipelines.inputs import (
    COUNT,
    RasterInput,
    on_reference,
    open_input,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.night_light.light_fill import map_light_blocks
from dbar_qgis_plugin.pipelines.night_light.light_zones import ZoneCodes, Zones, flag_warnings
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block
from dbar_qgis_plugin.raster_io.workers import Workers

Float64 = NDArray[np.float64]
Int8 = NDArray[np.int8]

NODATA: Final = -9999.0
BAND: Final = "amount"


@dataclass(frozen=True)
class LightDownscalingTask:
    """What to spread.

    zones : with their polygons
    totals : one a zone; None = unknown, the zone stays without values
    light : its grid is that of the result
    population : persons per cell; fallback for zones without light and, with `by_person`, a factor
    by_person : weigh light x population instead of light
    exponent : of the light
    """

    zones: Zones
    totals: tuple[float | None, ...]
    light: RasterInput
    population: RasterInput | None = None
    by_person: bool = False
    exponent: float = 1.0


@dataclass(frozen=True)
class LightDownscalingResult:
    """What was spread, per zone.

    basis : int8 [zones], place in `kernels.dasymetric.BASES`
    cells, lit_cells : int64 [zones]
    """

    columns: dict[str, list[Any]]
    notes: tuple[Message, ...]
    warnings: tuple[Message, ...]


class _Weights(NamedTuple):
    codes: ZoneCodes
    zones: int
    by_person: bool
    exponent: float
    light_unit: float
    people_unit: float


class _Shares(NamedTuple):
    weights: _Weights
    basis: Int8
    per_unit: Float64


def compute_light_downscaling(
    task: LightDownscalingTask,
    output: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LightDownscalingResult:
    """Spread the zones' totals so that the cells of a zone add up to its total.

    A zone without light is spread by its people, without people evenly over its cells; the table
    says which. Cells belong to the zone in which their centre lies, to the first of several.

    Parameters
    ----------
    task : LightDownscalingTask
        What to spread.
    output : str or Path
        Raster to write: band "amount", in the totals' unit per cell, Float64, nodata -9999.
    tags : mapping, optional
        Metadata of the raster.
    progress : Progress, optional
        Where to report to.
    workers : Workers, optional
        Threads or cluster, and the memory budget.

    Raises
    ------
    InputError
        If a raster cannot be read, a total is negative, or no zone lies on the light raster.
    GridError
        If the rasters do not overlap.
    Cancelled
        If the user stops the run.
    """
    workers, progress = workers or Workers(), progress or Progress()
    _check(task)
    light = open_input(task.light)
    sources = [light]
    if task.population is not None:
        sources.append(on_reference(open_input(task.population), light.grid, COUNT))
    codes = task.zones.on(light.grid, light.name)
    weights = _Weights(codes, task.zones.count, task.by_person, task.exponent, 1.0, 1.0)
    largest = np.zeros(2)

    def keep_largest(found: Float64) -> None:
        np.maximum(largest, found, out=largest)

    sums = np.zeros((4, task.zones.count), dtype=np.int64)

    def add(found: NDArray[np.int64]) -> None:
        sums[:] += found

    with RasterSink(
        output, light.grid, (BAND,), "float64", NODATA, tags=tags, threads=workers.count
    ) as sink:
        filled = map_light_blocks(
            _largest_block,
            sources,
            (),
            weights,
            tally=keep_largest,
            workers=workers,
            progress=progress.part(0.0, 0.25),
            bytes_per_cell=40,
        )
        weights = weights._replace(
            light_unit=weight_unit(float(largest[0])), people_unit=weight_unit(float(largest[1]))
        )
        map_blocks(
            _sum_block,
            sources,
            (),
            weights,
            tally=add,
            workers=workers,
            progress=progress.part(0.25, 0.6),
            bytes_per_cell=56,
        )
        shares = _shares(task, weights, sums)
        map_blocks(
            _spread_block,
            sources,
            (sink,),
            shares,
            workers=workers,
            progress=progress.part(0.6, 1.0),
            bytes_per_cell=64,
        )
    flags = task.zones.flags(codes, sums[2] > 0)[: task.zones.count]
    return LightDownscalingResult(
        _columns(task, shares.basis, sums, flags),
        tuple(resampling_messages(resampling_notes(sources))),
        (*filled, *_warnings(task, shares.basis), *flag_warnings(task.zones, flags)),
    )


def _check(task: LightDownscalingTask) -> None:
    for name, total in zip(task.zones.names, task.totals, strict=True):
        if total is not None and total < 0.0:
            raise InputError(
                translate(
                    "Dbar",
                    "The total of {zone} is {total}; amounts below 0 cannot be spread. Correct the "
                    "value, or choose another field.",
                ),
                zone=name,
                total=f"{total:g}",
            )
    if task.by_person and task.population is None:
        raise InputError(
            translate(
                "Dbar",
                "Light times population is to be weighed, but there is no population raster. "
                "Choose one, or weigh by light alone.",
            )
        )


def _light_and_people(blocks: list[Block], weights: _Weights) -> tuple[Float64, Float64 | None]:
    people = None
    if len(blocks) > 1:
        people = np.maximum(blocks[1].values[0].astype(np.float64), 0.0)
    light = light_weights(
        blocks[0].values[0], weights.exponent, people if weights.by_person else None
    )
    return light, people


def _largest_block(blocks: list[Block], _context: BlockContext, weights: _Weights) -> list[Float64]:
    light, people = _light_and_people(blocks, weights)
    return [np.array([light.max(), 0.0 if people is None else people.max()])]


def _sum_block(
    blocks: list[Block], context: BlockContext, weights: _Weights
) -> list[NDArray[np.int64]]:
    light, people = _light_and_people(blocks, weights)
    zone = weights.codes.paint(context.window).reshape(-1)
    layers = [whole_weights(light, weights.light_unit)]
    layers.append(
        np.zeros(light.shape) if people is None else whole_weights(people, weights.people_unit)
    )
    count = weights.zones + 1
    sums = [np.bincount(zone, layer.reshape(-1), count) for layer in layers]
    sums += [
        np.bincount(zone, minlength=count),
        np.bincount(zone[layers[0].reshape(-1) > 0.0], minlength=count),
    ]
    return [np.stack([part[1:].astype(np.int64) for part in sums])]


def _shares(task: LightDownscalingTask, weights: _Weights, sums: NDArray[np.int64]) -> _Shares:
    basis = zone_basis(sums[0], sums[1] if task.population is not None else None, sums[2])
    weight = np.choose(basis, [sums[0], sums[1], sums[2], np.ones_like(sums[0])])
    totals = np.array([np.nan if total is None else total for total in task.totals])
    return _Shares(weights, basis, totals / weight)


def _spread_block(blocks: list[Block], context: BlockContext, shares: _Shares) -> list[Float64]:
    weights = shares.weights
    light, people = _light_and_people(blocks, weights)
    zone = weights.codes.paint(context.window)
    inside = zone > 0
    place = np.maximum(zone - 1, 0)
    basis = shares.basis[place]
    amount = np.ones(light.shape)
    by_light = basis == 0
    amount[by_light] = whole_weights(light[by_light], weights.light_unit)
    if people is not None:
        by_people = basis == 1
        amount[by_people] = whole_weights(people[by_people], weights.people_unit)
    amount *= shares.per_unit[place]
    amount[~inside | np.isnan(amount)] = NODATA
    return [amount]


def _columns(
    task: LightDownscalingTask, basis: Int8, sums: NDArray[np.int64], flags: list[str]
) -> dict[str, list[Any]]:
    nowhere = BASES.index(NOWHERE)
    return {
        "zone": list(task.zones.names),
        "total": list(task.totals),
        "spread": [
            None if total is None else 0.0 if found == nowhere else total
            for total, found in zip(task.totals, basis.tolist(), strict=True)
        ],
        "basis": [BASES[found] for found in basis.tolist()],
        "cells": sums[2].tolist(),
        "lit_cells": sums[3].tolist(),
        "flags": flags,
    }


def _warnings(task: LightDownscalingTask, basis: Int8) -> list[Message]:
    found = []
    texts = (
        (1, translate("Dbar", "Zones without light, spread by their people ({count}): {names}")),
        (2, translate("Dbar", "Zones without light, spread evenly ({count}): {names}")),
        (3, translate("Dbar", "Zones without a cell, whose total is lost ({count}): {names}")),
    )
    for code, text in texts:
        names = [task.zones.names[zone] for zone in np.flatnonzero(basis == code).tolist()]
        if names:
            listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
            found.append(message(text, count=len(names), names=listed))
    return found
