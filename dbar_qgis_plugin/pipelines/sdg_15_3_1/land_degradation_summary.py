"""SDG 15.3.1 by zone: areas, proportions, crosstabs, carbon stocks and people, from class rasters.

All rasters are read once, on the grid of the indicator. What is summed is the area, the people and
the carbon of each combination of zone and classes that occurs; every table is a margin of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.area_tally import areas_in_units
from dbar_qgis_plugin.kernels.joint_tally import JointSums, codes_of, joint_tally, merged
from dbar_qgis_plugin.pipelines.class_rasters import (
    AUTO,
    CLASSES,
    DENOMINATORS,
    LPD,
    area_exponent,
    no_class_template,
    no_water_message,
    open_classes,
    outside_message,
    resampling_messages,
)
from dbar_qgis_plugin.pipelines.inputs import (
    CATEGORICAL,
    CONTINUOUS,
    COUNT,
    RasterInput,
    on_reference,
    open_indicator,
    open_input,
    raster_facts,
    resampling_notes,
)
from dbar_qgis_plugin.pipelines.zone_painting import ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message
from dbar_qgis_plugin.raster_io.source import Block, RasterSource
from dbar_qgis_plugin.raster_io.workers import Workers

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

PRODUCTIVITY_VALUES = (AUTO, CLASSES, LPD)

DEGRADATION = (-1, 0, 1)
_PRODUCTIVITY = {LPD: (1, 2, 3, 4, 5), CLASSES: DEGRADATION}
_LAND_COVER = tuple(range(1, 256))
# Products state these beside their classes: outside the area, and no data of imported LPDs.
_NO_CLASS = (-32768, -32767, 0, 15, 255)

# Bands of `dbar:soilorganiccarbon`, in tenths of t/ha.
_STOCK_BANDS = {"initial_x10": "soc_stock_initial", "final_x10": "soc_stock_final"}

_STOCK_SHIFT = 12  # bits that a stock in t/ha takes of the units of an area
_FRACTION_BITS = 32
_MOST_CELLS_BITS = 31  # so many cells of the largest weight still add up in int64
_KEYS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class LandDegradationSummaryTask:
    """All that a run needs, as plain values.

    raster : the indicator, -1, 0, 1; of a raster of `dbar:degradationstatus`, its three classes,
        unless another band than the first is given
    productivity : land productivity; `productivity_values` says in which classes (lpd: 1 to 5)
    land_cover : change of land cover as `dbar:landcoverchange` writes it, or -1, 0, 1 only
    land_cover_initial, land_cover_final : land cover classes 1..255
    soc : change of soil organic carbon, -1, 0, 1; a raster of `dbar:soilorganiccarbon` holds the
        stocks as well
    soc_stock_initial, soc_stock_final : stocks in t/ha
    population : persons per cell
    water : cells other than 0 are inland water; absent: `water_class` of the initial land cover
    zone_wkb : valid 2D polygons; None or empty = without geometry. None instead of the sequence:
        the whole raster is one zone
    zone_crs : WKT
    zone_names : one per zone
    denominator : one of `DENOMINATORS`, for the headline
    values_label : name of the parameter that says what `productivity` holds, for messages
    """

    raster: RasterInput
    productivity: RasterInput | None = None
    productivity_values: str = AUTO
    values_label: str = "PRODUCTIVITY_VALUES"
    land_cover: RasterInput | None = None
    land_cover_initial: RasterInput | None = None
    land_cover_final: RasterInput | None = None
    soc: RasterInput | None = None
    soc_stock_initial: RasterInput | None = None
    soc_stock_final: RasterInput | None = None
    population: RasterInput | None = None
    water: RasterInput | None = None
    water_class: int = 7
    zone_wkb: Sequence[bytes | None] | None = None
    zone_crs: str = ""
    zone_names: Sequence[str] = ("",)
    denominator: str = "land"


class Summary(NamedTuple):
    """Sums by combination of zone and classes.

    codes : for each of `DIMENSIONS`, int64 [combinations]; a class's place among those of its
        raster, counted from 1; 0 = no data; zones and water count from 0; sorted by zone first
    area_units : int64 [combinations], in 2**area_exponent m2
    persons_whole, persons_part : int64, persons and what is beyond whole ones in 2**-part_bits
    stock_initial_units, stock_final_units : int64, tonnes in 2**stock_exponent
    """

    codes: dict[str, Int64]
    area_units: Int64
    persons_whole: Int64
    persons_part: Int64
    stock_initial_units: Int64
    stock_final_units: Int64
    area_exponent: int
    part_bits: int

    def where(self, chosen: Bools | slice) -> Summary:
        """Return the sums of some of the combinations."""
        sums: dict[str, Any] = {name: getattr(self, name)[chosen] for name in _SUMS}
        codes = {name: code[chosen] for name, code in self.codes.items()}
        return self._replace(codes=codes, **sums)

    def added_up(self, order: Int64, first: Int64) -> Summary:
        """Return sums over groups: the combinations in an order, and where groups begin in it.

        `codes` are left empty.
        """
        sums: dict[str, Any] = {
            name: np.add.reduceat(getattr(self, name)[order], first) for name in _SUMS
        }
        return self._replace(codes={}, **sums)

    def amounts(self) -> Float64:
        """Area in km2, persons, and carbon at both ends in tonnes, [4, combinations]."""
        unit_m2 = 2.0**self.area_exponent
        tonnes = unit_m2 * 2.0**_STOCK_SHIFT * 1e-4
        return np.array(
            [
                self.area_units * (unit_m2 * 1e-6),
                self.persons_whole + self.persons_part * 2.0**-self.part_bits,
                self.stock_initial_units * tonnes,
                self.stock_final_units * tonnes,
            ]
        )

    def total(self) -> tuple[float, float, float, float]:
        """Return the same of all combinations together; rounded once, after they are added up."""
        sums: dict[str, Any] = {name: getattr(self, name).sum(keepdims=True) for name in _SUMS}
        km2, persons, initial, final = self._replace(codes={}, **sums).amounts()[:, 0].tolist()
        return km2, persons, initial, final

    @property
    def km2(self) -> float:
        """Area of all combinations."""
        return self.total()[0]

    @property
    def persons(self) -> float:
        """People of all combinations."""
        return self.total()[1]


_SUMS = (
    "area_units",
    "persons_whole",
    "persons_part",
    "stock_initial_units",
    "stock_final_units",
)
DIMENSIONS = ("zone", "sdg", "productivity", "land_cover", "initial", "final", "soc", "water")


@dataclass(frozen=True)
class LandDegradationSummaryResult:
    """What a run gives.

    summary : sums by combination; only combinations inside the zones
    classes : for each dimension of `DIMENSIONS` with classes, the values that codes 1, 2, .. mean
    given : which of the dimensions have a raster, and "population", "soc_stock_initial", ..
    zone_flags : one tuple of codes per zone: NO_GEOMETRY, OUTSIDE, PARTLY_OUTSIDE, TOO_SMALL,
        OVERLAP, NO_DATA
    crs : WKT of the grid of the run
    outline : its corners in that CRS, closed
    outside_km2 : without zones, the area where no raster has data, which is left out
    inputs : one row a raster: role, name, crs, cell_size, nodata, resampling
    warnings : lines for the user
    """

    summary: Summary
    classes: dict[str, tuple[int, ...]]
    given: frozenset[str]
    zone_flags: list[tuple[str, ...]]
    crs: str
    outline: tuple[tuple[float, float], ...]
    outside_km2: float
    inputs: list[dict[str, str]]
    warnings: list[Message]


class _Layer(NamedTuple):
    """A source and what is made of its bands: the dimensions, or the weight."""

    names: tuple[str, ...]
    source: RasterSource


@dataclass(frozen=True)
class _Parameters:
    names: tuple[tuple[str, ...], ...]
    classes: dict[str, tuple[int, ...]]
    sizes: tuple[int, ...]
    painter: ZonePainter | None
    water_code: int
    area_exponent: int
    part_bits: int


class _Found(NamedTuple):
    sums: JointSums
    strange: dict[str, int]


@dataclass
class _Collector:
    """Adds up what the blocks give."""

    parts: list[JointSums] = field(default_factory=list)
    strange: dict[str, int] = field(default_factory=dict)
    waiting: int = 0

    def add(self, found: _Found) -> None:
        self.parts.append(found.sums)
        self.waiting += found.sums.keys.size
        for name, count in found.strange.items():
            self.strange[name] = self.strange.get(name, 0) + count
        if self.waiting > _KEYS_AT_ONCE:
            self.parts = [merged(self.parts)]
            self.waiting = 0


def compute_land_degradation_summary(
    task: LandDegradationSummaryTask,
    *,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> LandDegradationSummaryResult:
    """Sum areas, people and carbon by zone and classes.

    Areas are true areas on the ellipsoid, in whole units, so that blocks, threads and drivers
    change no digit.

    Parameters
    ----------
    task : LandDegradationSummaryTask
        What to compute.
    progress, workers : optional
        As for `map_blocks`.

    Raises
    ------
    InputError, GridError
        If an input cannot be used; the message names it and says what to do.
    Cancelled
        If the user stops the run.
    """
    progress = progress or Progress()
    _check(task)
    productivity = None
    if task.productivity is not None:
        raster = task.productivity
        if task.productivity_values == CLASSES:
            # Our own raster holds both, the five classes first.
            raster = replace(raster, band=open_indicator(raster, "productivity").bands[0])
        productivity = open_classes(
            raster,
            task.productivity_values,
            (CLASSES, LPD),
            task.values_label,
            progress,
            LPD,
        )
    layers = _layers(task, productivity.source if productivity else None)
    grid = layers[0].source.grid
    painter = _painter(task, grid)
    classes = {
        "sdg": DEGRADATION,
        "productivity": _PRODUCTIVITY[productivity.kind if productivity else LPD],
        "land_cover": DEGRADATION,
        "initial": _LAND_COVER,
        "final": _LAND_COVER,
        "soc": DEGRADATION,
    }
    zones = 1 if task.zone_wkb is None else len(task.zone_wkb)
    # Zone 0 is outside all zones.
    sizes = [zones + 1, *(len(classes[name]) + 1 for name in DIMENSIONS[1:-1]), 2]
    spare = max(0, int(np.ceil(np.log2(grid.width * grid.height))) - _MOST_CELLS_BITS)
    parameters = _Parameters(
        tuple(layer.names for layer in layers),
        classes,
        tuple(sizes),
        painter,
        task.water_class,
        area_exponent(grid),
        _FRACTION_BITS - spare,
    )
    sources = [layer.source for layer in layers]
    for note in resampling_messages(resampling_notes(sources)):
        progress.say(note)
    collector = _Collector()
    map_blocks(
        _tally_block,
        sources,
        [],
        parameters,
        tally=collector.add,
        workers=workers,
        progress=progress,
        bytes_per_cell=64.0,
    )
    return _result(task, layers, parameters, collector, zones)


def _check(task: LandDegradationSummaryTask) -> None:
    for value, known in (
        (task.denominator, DENOMINATORS),
        (task.productivity_values, PRODUCTIVITY_VALUES),
    ):
        if value not in known:
            raise InputError(
                translate("Dbar", "“{value}” is not one of {known}."),
                value=value,
                known=", ".join(known),
            )
    if task.zone_wkb is not None and not task.zone_wkb:
        raise InputError(translate("Dbar", "The zone layer has no features. Choose another layer."))


def _layers(task: LandDegradationSummaryTask, productivity: RasterSource | None) -> list[_Layer]:
    """Open the rasters on the grid of the first."""
    if task.raster.band > 1:  # the user has chosen it
        main = open_input(task.raster)
    else:
        main = open_indicator(task.raster, "sdg")
        if main.info.descriptions[main.bands[0] - 1].casefold() != "sdg":
            # Of the status of a reporting period, its three classes.
            main = open_indicator(task.raster, "status_3class")
    layers = [_Layer(("sdg",), main)]

    def add(names: tuple[str, ...], source: RasterSource, measure: str) -> None:
        layers.append(_Layer(names, on_reference(source, main.grid, measure)))

    if productivity is not None:
        add(("productivity",), productivity, CATEGORICAL)
    if task.land_cover is not None:
        dates = {"initial": task.land_cover_initial, "final": task.land_cover_final}
        add(*_with_bands(task.land_cover, "land_cover", dates), CATEGORICAL)
    for name, raster in (("initial", task.land_cover_initial), ("final", task.land_cover_final)):
        if raster is not None:
            add((name,), open_indicator(raster, name), CATEGORICAL)
    if task.soc is not None:
        soc = open_indicator(task.soc, "soc")
        add(("soc",), soc, CATEGORICAL)
        stocks = {"initial_x10": task.soc_stock_initial, "final_x10": task.soc_stock_final}
        names, source = _with_bands(task.soc, "soc", stocks)
        if len(names) > 1:
            add(names[1:], replace(source, bands=source.bands[1:]), CONTINUOUS)
    for name, raster, measure in (
        ("water", task.water, CATEGORICAL),
        ("population", task.population, COUNT),
        ("soc_stock_initial", task.soc_stock_initial, CONTINUOUS),
        ("soc_stock_final", task.soc_stock_final, CONTINUOUS),
    ):
        if raster is not None:
            add((name,), open_input(raster), measure)
    return layers


def _with_bands(
    raster: RasterInput, name: str, others: Mapping[str, RasterInput | None]
) -> tuple[tuple[str, ...], RasterSource]:
    """Open a band, and by their names those bands of the file that no other raster stands for."""
    source = open_indicator(raster, name)
    bands = [text.casefold() for text in source.info.descriptions]
    wanted = [band for band, other in others.items() if other is None and band in bands]
    places = tuple(bands.index(band) + 1 for band in wanted)
    return (name, *wanted), replace(source, bands=source.bands + places)


def _painter(task: LandDegradationSummaryTask, grid: Grid) -> ZonePainter | None:
    if task.zone_wkb is None:
        return None
    painter = zone_painter(polygons_from_wkb(task.zone_wkb, task.zone_crs), grid)
    if painter.zone.size == 0:
        raise InputError(
            translate(
                "Dbar",
                "No zone overlaps the raster {name}. Check the CRS of the zone layer and of the "
                "raster, and that both show the same region.",
            ),
            name=task.raster.name or task.raster.path,
        )
    return painter


def _tally_block(
    blocks: list[Block], context: BlockContext, parameters: _Parameters
) -> tuple[_Found]:
    """Sum the weights of a block's cells by combination of codes."""
    window = context.window
    shape = window.height, window.width
    none = np.zeros(shape, dtype=np.uint8)
    codes: dict[str, NDArray[Any]] = dict.fromkeys(DIMENSIONS, none)
    measured: dict[str, Float64] = {}
    strange: dict[str, int] = {}
    for names, block in zip(parameters.names, blocks, strict=True):
        for name, values, valid in zip(names, block.values, block.valid, strict=True):
            if name in parameters.classes:
                codes[name], count = _codes(values, valid, parameters.classes[name])
                if count:
                    strange[name] = strange.get(name, 0) + count
            elif name == "water":
                codes[name] = ((values != 0) & valid).astype(np.uint8)
            else:
                # Below zero stands what products write where they know nothing.
                amount = np.where(valid & (values > 0), values, 0).astype(np.float64)
                measured[_STOCK_BANDS.get(name, name)] = (
                    0.1 * amount if name in _STOCK_BANDS else amount
                )
    if not any("water" in names for names in parameters.names):
        codes["water"] = (codes["initial"] == parameters.water_code).astype(np.uint8)
    if parameters.painter is not None:
        codes["zone"] = parameters.painter.paint(window) + 1
    else:
        known = np.zeros(shape, dtype=bool)
        for name in DIMENSIONS[1:]:
            known |= codes[name] != 0
        codes["zone"] = known.astype(np.uint8)
    weights = _weights(context.grid.cell_areas(window), measured, parameters)
    sums = joint_tally([codes[name] for name in DIMENSIONS], parameters.sizes, weights)
    return (_Found(sums, strange),)


def _codes(
    values: NDArray[Any], valid: Bools, classes: tuple[int, ...]
) -> tuple[NDArray[np.uint8], int]:
    """Codes of classes that follow each other, and how many cells hold something else."""
    first, last = classes[0], classes[-1]
    inside = valid & (values >= first) & (values <= last)
    if values.dtype.kind == "f":
        inside &= values == np.rint(values)
    codes = np.where(inside, values, values.dtype.type(0)).astype(np.int16)
    codes = (codes - np.int16(first - 1)) * inside
    strange = 0
    if (outside := valid & ~inside).any():
        strange = int(np.isin(values[outside], _NO_CLASS, invert=True).sum())
    return codes.astype(np.uint8), strange


def _weights(
    areas_m2: Float64, measured: dict[str, Float64], parameters: _Parameters
) -> list[Float64]:
    """Return the weights in the order of `_SUMS`, as whole numbers."""
    areas = areas_in_units(areas_m2, parameters.area_exponent)
    nothing = np.zeros((areas.shape[0], 1))
    people = measured.get("population")
    if people is None:
        whole = part = nothing
    else:
        whole = np.floor(people)
        part = np.rint((people - whole) * 2.0**parameters.part_bits)
    stocks = [
        nothing
        if (stock := measured.get(name)) is None
        else np.rint(areas * stock * 2.0**-_STOCK_SHIFT)
        for name in ("soc_stock_initial", "soc_stock_final")
    ]
    return [areas, whole, part, *stocks]


def _result(
    task: LandDegradationSummaryTask,
    layers: list[_Layer],
    parameters: _Parameters,
    collector: _Collector,
    zones: int,
) -> LandDegradationSummaryResult:
    sums = merged(collector.parts)
    codes = dict(zip(DIMENSIONS, codes_of(sums.keys, parameters.sizes), strict=True))
    every = Summary(
        codes,
        **dict(zip(_SUMS, sums.sums, strict=True)),
        area_exponent=parameters.area_exponent,
        part_bits=parameters.part_bits,
    )
    inside = codes["zone"] > 0
    summary = every.where(inside)
    summary.codes["zone"] -= 1
    given = {_STOCK_BANDS.get(name, name) for layer in layers for name in layer.names}
    if "initial" in given:
        given.add("water")
    result = LandDegradationSummaryResult(
        summary,
        parameters.classes,
        frozenset(given),
        _zone_flags(task, parameters.painter, summary, zones),
        layers[0].source.grid.crs,
        _outline(layers[0].source.grid),
        every.where(~inside).km2 if task.zone_wkb is None else 0.0,
        [_input_row(layer) for layer in layers],
        [],
    )
    if not (summary.codes["sdg"] > 0).any():
        raise InputError(no_class_template(), name=layers[0].source.name)
    result.warnings.extend(_warnings(task, layers, collector.strange, result))
    return result


def _outline(grid: Grid) -> tuple[tuple[float, float], ...]:
    corners = np.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]], dtype=np.float64)
    x, y = grid.to_coordinates(corners[0] * grid.width, corners[1] * grid.height)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def _zone_flags(
    task: LandDegradationSummaryTask, painter: ZonePainter | None, summary: Summary, zones: int
) -> list[tuple[str, ...]]:
    """Tell for each zone why its figures are missing or in part only."""
    with_data = np.zeros(zones, dtype=bool)
    with_data[summary.codes["zone"][summary.codes["sdg"] > 0]] = True
    flags: list[list[str]] = [[] for _ in range(zones)]
    if painter is not None and task.zone_wkb is not None:
        flags = painter.flags(task.zone_wkb)
    painted = np.zeros(zones, dtype=bool)
    painted[summary.codes["zone"]] = True
    for empty in np.flatnonzero(painted & ~with_data):
        flags[empty].append("NO_DATA")
    return [tuple(codes) for codes in flags]


def _input_row(layer: _Layer) -> dict[str, str]:
    return {"role": layer.names[0], **raster_facts(layer.source)}


def _warnings(
    task: LandDegradationSummaryTask,
    layers: list[_Layer],
    strange: dict[str, int],
    result: LandDegradationSummaryResult,
) -> list[Message]:
    lines: list[Message] = []
    for layer in layers:
        for name in layer.names:
            if strange.get(name):
                classes = result.classes[name]
                lines.append(
                    message(
                        translate(
                            "Dbar",
                            "{name}: {count} cells hold other values than {first} to {last}; they "
                            "count as no data.",
                        ),
                        name=layer.source.name,
                        count=strange[name],
                        first=classes[0],
                        last=classes[-1],
                    )
                )
    if "water" not in result.given:
        lines.append(no_water_message())
    if result.outside_km2 > 0.0:
        lines.append(outside_message(result.outside_km2))
    for code, text in (
        ("NO_GEOMETRY", translate("Dbar", "Zones without a geometry ({count}): {names}")),
        ("OUTSIDE", translate("Dbar", "Zones outside the raster ({count}): {names}")),
        ("PARTLY_OUTSIDE", translate("Dbar", "Zones partly outside the raster ({count}): {names}")),
        ("TOO_SMALL", translate("Dbar", "Zones that hold no cell's centre ({count}): {names}")),
        (
            "OVERLAP",
            translate(
                "Dbar",
                "Zones that overlap others; shared cells count in the first ({count}): {names}",
            ),
        ),
        ("NO_DATA", translate("Dbar", "Zones without data in the indicator ({count}): {names}")),
    ):
        zones = [zone for zone, flags in enumerate(result.zone_flags) if code in flags]
        if zones and task.zone_wkb is not None:
            names = ", ".join(task.zone_names[zone] for zone in zones[:10])
            more = ", …" if len(zones) > 10 else ""
            lines.append(message(text, count=len(zones), names=names + more))
    return lines
