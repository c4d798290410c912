"""A small made-up region to try the plugin on: built-up fractions, populations and city outlines.

Everything is computed from a fixed seed; nothing is downloaded. Three cities are calibrated: the
built-up area and the population inside their outlines are those of published examples of
SDG 11.3.1, so that the computed indicators can be held against the published ones. Their shapes,
and all other towns, are invented.

Rasters are float64. With float32 the rounding of single cells would already show in the ninth digit
of a sum, and growth rates magnify that; in float64 the sums are right to about 1e-14.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.kernels.polygon_footprint import Footprints, footprints
from dbar_qgis_plugin.pipelines.sample_files import SampleRaster, prepare_folder, write_files
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import Polygons
from dbar_qgis_plugin.raster_io.progress import Progress

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

YEARS = (1990, 2015, 2017, 2018, 2019, 2020)
CITIES_FILE = "cities.geojson"

_CRS = "EPSG:32643"
_ORIGIN = (560_000.0, 4_800_000.0)  # upper left corner
_CELL_M, _WIDTH, _HEIGHT = 100.0, 540, 420
_NODATA = -9999.0
_SEED = 1131
_M2_PER_KM2 = 1e6
_BUILT_SHARE_OF_CITY = 0.34  # sets how large an outline is drawn for the built-up area of a city


class _City(NamedTuple):
    """A city: centre in km from the lower left corner, and its figures at each of `YEARS`."""

    name: str
    region: str
    x_km: float
    y_km: float
    builtup_km2: tuple[float, ...]
    population: tuple[float, ...]


_HIGHLAND, _RIVERLAND, _LAKESHORE = "Highland", "Riverland", "Lakeshore"

_CITIES = (
    # Calibrated; years without a published figure are filled in plausibly.
    # UN ESCAP guide to SDG 11.3.1: Bishkek 2017 and 2020.
    _City(
        "Sample city A (figures of Bishkek 2017-2020)",
        _RIVERLAND,
        14.5,
        23.0,
        (108.4, 145.32, 148.2382, 149.71, 151.2, 152.7060),
        (619_900, 1_062_400, 1_184_665, 1_251_000, 1_320_900, 1_394_755),
    ),
    # UN-Habitat's template: Milano 2018, 2019 and 2020.
    _City(
        "Sample city B (figures of Milano 2018-2020)",
        _HIGHLAND,
        42.0,
        31.5,
        (33.1, 37.93, 38.31, 38.500664630795, 38.688864630793, 38.782664630792),
        (1_303_800, 1_368_500, 1_381_900, 1_395_980, 1_406_242, 1_374_582),
    ),
    # Urban Centre Database R2019A of the JRC: Las Palmas 1990 and 2015.
    _City(
        "Sample city C (figures of Las Palmas 1990-2015)",
        _LAKESHORE,
        43.0,
        12.0,
        (24.4000759125, 24.9831447601, 25.06, 25.1, 25.13, 25.15),
        (318_413.780792, 443_141.222839, 446_300, 447_900, 449_800, 451_200),
    ),
    # Invented, each for a course of things that the indicator must cope with.
    _City(  # sprawls
        "Aldermere",
        _HIGHLAND,
        4.4,
        37.6,
        (3.1, 7.9, 8.6, 9.0, 9.35, 9.7),
        (38_000, 61_000, 62_900, 63_800, 64_600, 65_500),
    ),
    _City(  # grows compact
        "Brinholm",
        _RIVERLAND,
        28.0,
        5.5,
        (5.2, 6.3, 6.4, 6.45, 6.5, 6.54),
        (52_000, 88_000, 92_000, 94_200, 96_500, 98_800),
    ),
    _City(  # loses people while it builds
        "Calvessa",
        _LAKESHORE,
        32.5,
        22.5,
        (2.4, 3.6, 3.7, 3.76, 3.81, 3.86),
        (31_000, 26_500, 25_900, 25_600, 25_200, 24_900),
    ),
    _City(  # a mining town: loses both
        "Dorvale",
        _HIGHLAND,
        27.0,
        37.2,
        (4.1, 3.9, 3.86, 3.83, 3.81, 3.78),
        (47_000, 33_000, 31_400, 30_700, 30_000, 29_300),
    ),
    _City("Estrova", _RIVERLAND, 4.0, 5.0, (1.6,) * 6, (12_400,) * 6),  # nothing changes
    _City(  # more people on the same land
        "Fenmark",
        _RIVERLAND,
        11.0,
        3.6,
        (2.2,) * 6,
        (15_000, 19_800, 20_300, 20_600, 20_800, 21_100),
    ),
    _City(  # land and people in step
        "Gallenby",
        _HIGHLAND,
        50.3,
        21.8,
        (2.6, 3.9, 4.05, 4.12, 4.2, 4.28),
        (26_000, 39_500, 41_000, 41_700, 42_500, 43_400),
    ),
    _City(  # its outline reaches over the lake, where the rasters have no data
        "Hollenport",
        _LAKESHORE,
        42.6,
        2.5,
        (1.8, 2.7, 2.8, 2.85, 2.9, 2.96),
        (19_000, 29_500, 30_800, 31_500, 32_100, 32_800),
    ),
    _City(  # the number of people hardly moves
        "Ivessa",
        _RIVERLAND,
        20.5,
        4.4,
        (1.2, 1.55, 1.59, 1.62, 1.64, 1.66),
        (22_000, 22_310, 22_330, 22_322, 22_335, 22_341),
    ),
    _City(  # rebuilt denser: less land, more people
        "Jorunfeld",
        _HIGHLAND,
        51.0,
        39.4,
        (2.9, 2.75, 2.73, 2.71, 2.7, 2.68),
        (21_000, 26_200, 26_700, 27_000, 27_300, 27_700),
    ),
    _City(  # founded after 1990
        "Kestrova",
        _LAKESHORE,
        31.5,
        14.0,
        (0.0, 4.4, 5.6, 6.3, 7.0, 7.6),
        (0, 41_000, 55_000, 62_000, 70_000, 77_000),
    ),
    _City(  # a village
        "Lunmere",
        _HIGHLAND,
        19.6,
        39.6,
        (0.18, 0.26, 0.27, 0.28, 0.29, 0.3),
        (900, 1_240, 1_270, 1_300, 1_310, 1_340),
    ),
)
# A farm smaller than a cell, drawn beside the cell's centre, which it therefore does not hold.
_FARM, _FARM_REGION, _FARM_ROW, _FARM_COL = "Mosgarth farm", _HIGHLAND, 24, 362


@dataclass(frozen=True)
class SampleData:
    """Files of a sample region; the rasters are in the order of the years."""

    folder: Path
    cities: Path
    builtup: tuple[Path, ...]
    population: tuple[Path, ...]
    years: tuple[int, ...]


class _Field(NamedTuple):
    """What never changes about a city: the cells it may reach, and how built-up spreads there."""

    rows: slice
    cols: slice
    inside: Bools
    front: Floats
    land: Floats
    people: Floats


def write_sample_data(folder: str | Path, *, progress: Progress | None = None) -> SampleData:
    """Write the sample region into a folder.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist. Files that it already holds are never replaced.
    progress : Progress, optional
        Takes progress and the wish to stop.

    Returns
    -------
    SampleData
        Per year a raster of the built-up share of each cell (0..1) and one of persons per cell,
        both float64 with nodata on the lake, 100 m cells in UTM; and the outlines of the cities
        (GeoJSON in EPSG:4326, fields `name` and `region`).

    Raises
    ------
    OutputError
        If the folder cannot be made, or already holds one of the files.
    Cancelled
        If the user stopped; no file is left behind then, nor after an error.
    """
    progress = progress or Progress()
    folder = Path(folder)
    data = SampleData(
        folder,
        folder / CITIES_FILE,
        tuple(folder / f"builtup_fraction_{year}.tif" for year in YEARS),
        tuple(folder / f"population_{year}.tif" for year in YEARS),
        YEARS,
    )
    files = (data.cities, *data.builtup, *data.population)
    prepare_folder(folder, files)
    region = _Region()
    outlines = data.cities, region.geojson()
    write_files(region.grid, _rasters(region, data), len(files) - 1, outlines, progress)
    return data


def _rasters(region: _Region, data: SampleData) -> Iterator[SampleRaster]:
    for step, year in enumerate(YEARS):
        builtup, population = region.epoch(step)
        for path, values, title, unit in (
            (data.builtup[step], builtup, f"Built-up fraction {year}", "1"),
            (data.population[step], population, f"Population {year}", "persons"),
        ):
            yield SampleRaster(path, values, [title], "float64", _NODATA, unit, ~region.lake)


class _Region:
    """The region: its grid, water, outlines, and what is built and lives where at each epoch."""

    def __init__(self) -> None:
        self.grid = Grid(
            get_driver().wkt(_CRS),
            (_CELL_M, 0.0, _ORIGIN[0], 0.0, -_CELL_M, _ORIGIN[1]),
            _WIDTH,
            _HEIGHT,
        )
        rng = np.random.default_rng(_SEED)
        self._x = np.broadcast_to((np.arange(_WIDTH) + 0.5) * _CELL_M / 1000, (_HEIGHT, _WIDTH))
        self._y = np.broadcast_to(
            (_HEIGHT - np.arange(_HEIGHT) - 0.5)[:, np.newaxis] * _CELL_M / 1000, self._x.shape
        )
        relief = _smooth_noise(self._x, self._y, rng)
        shore = ((self._x - 54.0) / 10.95) ** 2 + ((self._y - 1.0) / 5.0) ** 2
        self.lake = shore + 0.03 * relief < 1.0
        course = 19.0 + 3.0 * np.sin(self._x / 5.5) + 0.8 * np.sin(self._x / 1.7) - 0.18 * self._x
        land = np.where(np.abs(self._y - course) < 0.14, 0.0, 1.0)

        self._outlines = [_Outline(city, rng) for city in _CITIES]
        self._rings = [self._to_degrees(*outline.ring()) for outline in self._outlines]
        self._rings.append(self._to_degrees(*_farm_ring()))
        self.label = _labels(self._footprints(), self.grid)
        self._areas = self.grid.cell_areas()
        texture = rng.uniform(0.72, 1.05, self._x.shape) * land
        crowding = rng.uniform(0.7, 1.3, self._x.shape)
        self._fields = [
            self._field(number, outline, relief, texture, crowding)
            for number, outline in enumerate(self._outlines)
        ]
        self._hamlets = np.where(self.label < 0, self._scatter_hamlets(rng) * land, 0.0)

    def epoch(self, step: int) -> tuple[Floats, Floats]:
        """Built-up fraction and persons per cell at the epoch `YEARS[step]`."""
        growth = 0.6 + 0.4 * (YEARS[step] - YEARS[0]) / (YEARS[-1] - YEARS[0])
        builtup = self._hamlets * growth
        population = builtup * 45.0
        inside: list[tuple[_Field, Floats, Floats]] = []
        for field, city in zip(self._fields, _CITIES, strict=True):
            areas = np.broadcast_to(self._areas, self._x.shape)[field.rows, field.cols]
            built = _spread(field, areas / _M2_PER_KM2, city.builtup_km2[step])
            people = built**1.15 * field.people
            counted = people[field.inside].sum()
            people *= city.population[step] / counted if counted else 0.0
            inside.append((field, built, people))
            # Where surroundings of cities meet, the denser one is seen.
            open_land = self.label[field.rows, field.cols] < 0
            for whole, part in ((builtup, built), (population, people)):
                view = whole[field.rows, field.cols]
                np.maximum(view, part, out=view, where=open_land)
        for field, built, people in inside:
            builtup[field.rows, field.cols][field.inside] = built[field.inside]
            population[field.rows, field.cols][field.inside] = people[field.inside]
        builtup[_FARM_ROW, _FARM_COL], population[_FARM_ROW, _FARM_COL] = 0.12, 7.0
        return builtup, population

    def geojson(self) -> str:
        """Outlines of the cities as GeoJSON (RFC 7946)."""
        names = [(city.name, city.region) for city in _CITIES] + [(_FARM, _FARM_REGION)]
        features = [
            {
                "type": "Feature",
                "properties": {"name": name, "region": region},
                "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
            }
            for (name, region), ring in zip(names, self._rings, strict=True)
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)

    def _to_degrees(self, x_km: Floats, y_km: Floats) -> Floats:
        """Longitudes and latitudes [vertices, 2], with the seven decimals that the file holds."""
        longitude, latitude = get_driver().transform_points(
            self.grid.crs,
            get_driver().wkt("EPSG:4326"),
            _ORIGIN[0] + x_km * 1000,
            _ORIGIN[1] - _HEIGHT * _CELL_M + y_km * 1000,
        )
        return np.column_stack((longitude.round(7), latitude.round(7)))

    def _footprints(self) -> Footprints:
        """Cells of each outline, by the rule that `dbar:landuseefficiency` follows by default."""
        points = np.concatenate(self._rings)
        count = len(self._rings)
        outlines = Polygons(
            points[:, 0],
            points[:, 1],
            np.cumsum([0, *map(len, self._rings)]),
            np.arange(count),
            np.zeros(count, dtype=bool),
            count,
            get_driver().wkt("EPSG:4326"),
        )
        rings, _ = outlines.rings_on(self.grid)
        return footprints(rings, count, _HEIGHT, _WIDTH, rule="centre")

    def _field(
        self,
        number: int,
        outline: _Outline,
        relief: Floats,
        texture: Floats,
        crowding: Floats,
    ) -> _Field:
        reach = 1.5 * outline.radius_km
        cols = _indices(outline.city.x_km, reach, _WIDTH)
        rows = _indices(_HEIGHT * _CELL_M / 1000 - outline.city.y_km, reach, _HEIGHT)
        here = (rows, cols)
        distance, direction = outline.polar(self._x[here], self._y[here])
        front = distance / outline.pull(direction) - 0.09 * relief[here]
        # Dense in the middle, looser outward.
        core = 0.95 - 0.62 * np.clip(front, 0.0, 1.2)
        return _Field(
            rows,
            cols,
            (self.label[here] == number) & ~self.lake[here],
            front,
            core * texture[here],
            np.exp(-1.8 * np.clip(front, 0.0, None)) * crowding[here],
        )

    def _scatter_hamlets(self, rng: np.random.Generator) -> Floats:
        """Built-up fraction of hamlets and farms between the cities, as of the last epoch."""
        count = 170
        x_km = rng.uniform(0, _WIDTH * _CELL_M / 1000, count)
        y_km = rng.uniform(0, _HEIGHT * _CELL_M / 1000, count)
        radius = rng.uniform(0.12, 0.4, count)
        peak = rng.uniform(0.05, 0.35, count)
        fraction = np.where(rng.random(self._x.shape) > 0.996, 0.02, 0.0)
        rough = rng.uniform(0.4, 1.0, self._x.shape)
        for number in range(count):
            cols = _indices(x_km[number], 1.5, _WIDTH)
            rows = _indices(_HEIGHT * _CELL_M / 1000 - y_km[number], 1.5, _HEIGHT)
            here = (rows, cols)
            away = np.hypot(self._x[here] - x_km[number], self._y[here] - y_km[number])
            blob = peak[number] * np.exp(-((away / radius[number]) ** 2)) * rough[here]
            fraction[here] = np.maximum(fraction[here], np.where(blob > 0.01, blob, 0.0))
        return fraction


class _Outline:
    """The outline of a city, and the roads along which it grows further out."""

    def __init__(self, city: _City, rng: np.random.Generator) -> None:
        self.city = city
        self.radius_km = float(np.sqrt(max(city.builtup_km2) / (np.pi * _BUILT_SHARE_OF_CITY)))
        self._lobes = np.arange(2, 8)
        self._sizes = rng.uniform(0.03, 0.11, self._lobes.size) / np.sqrt(self._lobes / 2.0)
        self._turns = rng.uniform(0.0, 2 * np.pi, self._lobes.size)
        self._roads = rng.uniform(0.0, 2 * np.pi) + np.cumsum(rng.uniform(1.0, 1.8, 4))

    def _radius(self, direction: Floats) -> Floats:
        angles = direction[..., np.newaxis] * self._lobes + self._turns
        lobes: Floats = (self._sizes * np.cos(angles)).sum(axis=-1)
        return self.radius_km * (1.0 + lobes)

    def ring(self) -> tuple[Floats, Floats]:
        """Vertices, closed, anticlockwise, km."""
        direction = np.linspace(0.0, 2 * np.pi, 40 + int(8 * self.radius_km))
        direction[-1] = 0.0
        radius = self._radius(direction)
        return (
            self.city.x_km + radius * np.cos(direction),
            self.city.y_km + radius * np.sin(direction),
        )

    def polar(self, x_km: Floats, y_km: Floats) -> tuple[Floats, Floats]:
        """Distance from the centre, 1 on the outline, and direction."""
        dx, dy = x_km - self.city.x_km, y_km - self.city.y_km
        direction = np.arctan2(dy, dx)
        return np.hypot(dx, dy) / self._radius(direction), direction

    def pull(self, direction: Floats) -> Floats:
        """How much further than elsewhere the city reaches in a direction."""
        from_road = direction[..., np.newaxis] - self._roads
        from_road = np.arctan2(np.sin(from_road), np.cos(from_road))
        near_road: Floats = np.exp(-((from_road / 0.17) ** 2)).sum(axis=-1)
        return 0.92 + 0.3 * near_road


def _farm_ring() -> tuple[Floats, Floats]:
    direction = np.linspace(0.0, 2 * np.pi, 13)
    direction[-1] = 0.0
    x_km = (_FARM_COL + 0.24 + 0.2 * np.cos(direction)) * _CELL_M / 1000
    y_km = (_HEIGHT - _FARM_ROW - 0.26 + 0.15 * np.sin(direction)) * _CELL_M / 1000
    return x_km, y_km


def _spread(field: _Field, areas_km2: Floats, builtup_km2: float) -> Floats:
    """Built-up fractions whose sum inside the outline is `builtup_km2`.

    The city has grown as far out as its area asks for: found by bisection, then scaled by what
    little is missing, so that the sum is right to rounding.
    """
    if builtup_km2 == 0:
        return np.zeros_like(field.front)

    def fractions(extent: float, of: Bools | slice) -> Floats:
        # Far outside, exp() alone would leave traces of built-up land everywhere.
        share = 1.0 / (1.0 + np.exp(np.clip((field.front[of] - extent) / 0.045, -50.0, 50.0)))
        return np.where(share > 0.02, share, 0.0) * field.land[of]

    areas = areas_km2[field.inside]
    low, high = -1.0, 4.0
    for _ in range(60):
        extent = 0.5 * (low + high)
        if (fractions(extent, field.inside) * areas).sum() < builtup_km2:
            low = extent
        else:
            high = extent
    built = fractions(high, slice(None))
    return built * float(builtup_km2 / (built[field.inside] * areas).sum())


def _smooth_noise(x_km: Floats, y_km: Floats, rng: np.random.Generator) -> Floats:
    """Sum of waves of three lengths in all directions; variance about 1."""
    noise = np.zeros(x_km.shape)
    for length_km, size in ((7.0, 0.75), (2.6, 0.5), (1.1, 0.4)):
        for _ in range(10):
            heading, phase = rng.uniform(0.0, 2 * np.pi, 2)
            along = x_km * np.cos(heading) + y_km * np.sin(heading)
            noise += size * np.sqrt(2.0 / 10) * np.cos(2 * np.pi / length_km * along + phase)
    return noise


def _indices(centre_km: float, reach_km: float, count: int) -> slice:
    cells = 1000 / _CELL_M
    first = int((centre_km - reach_km) * cells)
    return slice(max(first, 0), min(int((centre_km + reach_km) * cells) + 1, count))


def _labels(prints: Footprints, grid: Grid) -> NDArray[np.int16]:
    """Tell for each cell the polygon that holds its centre, -1 for none."""
    label = np.full((grid.height, grid.width), -1, dtype=np.int16)
    for zone, row, start, stop in zip(
        prints.zone, prints.row, prints.start, prints.stop, strict=True
    ):
        label[row, start:stop] = zone
    return label
