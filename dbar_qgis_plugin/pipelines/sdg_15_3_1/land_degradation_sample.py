"""A small made-up region to try SDG 15.3.1 on: NDVI, land cover, carbon, people, provinces.

Everything is computed from a fixed seed; nothing is downloaded. The region has a grazed steppe
that declines, a forest that is cleared, hills that are planted, a town that grows over fields, a
lake that shrinks and a mine that opens late in the series, so that every sub-indicator has
something to show.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.pipelines.sample_files import SampleRaster, prepare_folder, write_files
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.progress import Progress

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

NDVI_YEARS = tuple(range(2000, 2024))
LAND_COVER_YEARS = (2000, 2015, 2023)
PROVINCES_FILE = "provinces.geojson"

TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER, WATER = range(1, 8)
_WARM_DRY, _COOL_DRY, _COOL_MOIST = 2, 4, 3  # IPCC climate zones

_CRS = "EPSG:32642"
_ORIGIN = (420_000.0, 4_560_000.0)  # upper left corner
_CELL_M, _WIDTH, _HEIGHT = 250.0, 240, 200
_SEED = 1531
_NDVI_NODATA, _NODATA = -32768, -9999.0
# Wet and dry years. The last three of each reporting period are ordinary ones: else a drought
# would pass for degradation everywhere.
_RAIN = (
    *(0.4, -0.8, 0.1, 0.9, -0.3, -1.1, 0.6, 0.2, -0.5, 1.2, -0.2, -0.9, 0.7, 0.3, -0.4, 0.2),
    *(-0.6, 0.5, -0.3, 0.1, 0.8, -0.2, 0.3, 0.0),
)
_PROVINCE_NAMES = ("Alzan", "Berkut", "Chandor", "Demirtau", "Ertis", "Fergan")


@dataclass(frozen=True)
class LandDegradationSample:
    """Files of a sample region.

    ndvi : one band a year of `NDVI_YEARS`, NDVI x 10000, int16
    land_cover : one raster per year of `LAND_COVER_YEARS`, the UNCCD's classes 1..7
    soc_stock : soil organic carbon at the start, t/ha, 0 to 30 cm
    climate_zones : IPCC climate zones 1..12
    soil_units : soil types, for productivity performance
    population : persons per cell, fractions kept
    provinces : polygons in EPSG:4326, field `name`
    """

    folder: Path
    ndvi: Path
    land_cover: tuple[Path, ...]
    soc_stock: Path
    climate_zones: Path
    soil_units: Path
    population: Path
    provinces: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return (
            self.ndvi,
            *self.land_cover,
            self.soc_stock,
            self.climate_zones,
            self.soil_units,
            self.population,
            self.provinces,
        )


def write_land_degradation_sample(
    folder: str | Path, *, progress: Progress | None = None
) -> LandDegradationSample:
    """Write the sample region into a folder.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist. Files that it already holds are never replaced.
    progress : Progress, optional
        Takes progress and the wish to stop.

    Raises
    ------
    OutputError
        If the folder cannot be made, or already holds one of the files.
    Cancelled
        If the user stopped; no file is left behind then, nor after an error.
    """
    progress = progress or Progress()
    folder = Path(folder)
    sample = LandDegradationSample(
        folder,
        folder / f"ndvi_{NDVI_YEARS[0]}_{NDVI_YEARS[-1]}.tif",
        tuple(folder / f"land_cover_{year}.tif" for year in LAND_COVER_YEARS),
        folder / f"soc_stock_{LAND_COVER_YEARS[0]}.tif",
        folder / "climate_zones.tif",
        folder / "soil_units.tif",
        folder / "population_2020.tif",
        folder / PROVINCES_FILE,
    )
    prepare_folder(folder, sample.files)
    region = _Region()
    rasters = (
        SampleRaster(
            sample.ndvi,
            region.ndvi(),
            [f"NDVI {year}" for year in NDVI_YEARS],
            "int16",
            _NDVI_NODATA,
            "NDVI x 10000",
        ),
        *(
            SampleRaster(path, region.land_cover[year], [f"Land cover {year}"], "uint8", 0, "class")
            for path, year in zip(sample.land_cover, LAND_COVER_YEARS, strict=True)
        ),
        SampleRaster(
            sample.soc_stock, region.soc_stock(), ["SOC stock"], "float32", _NODATA, "t/ha"
        ),
        SampleRaster(
            sample.climate_zones, region.climate, ["IPCC climate zone"], "uint8", 255, "class"
        ),
        SampleRaster(sample.soil_units, region.soil, ["Soil unit"], "uint8", 255, "class"),
        SampleRaster(
            sample.population,
            region.population(),
            ["Population 2020"],
            "float32",
            _NODATA,
            "persons",
        ),
    )
    outlines = sample.provinces, region.provinces()
    write_files(region.grid, rasters, len(rasters), outlines, progress)
    return sample


class _Region:
    """The region: relief, water, land cover through time, and what happens where."""

    def __init__(self) -> None:
        self.grid = Grid(
            get_driver().wkt(_CRS),
            (_CELL_M, 0.0, _ORIGIN[0], 0.0, -_CELL_M, _ORIGIN[1]),
            _WIDTH,
            _HEIGHT,
        )
        self._rng = np.random.default_rng(_SEED)
        shape = _HEIGHT, _WIDTH
        self._x = np.broadcast_to((np.arange(_WIDTH) + 0.5) * _CELL_M / 1000, shape)
        self._y = np.broadcast_to(
            (_HEIGHT - np.arange(_HEIGHT) - 0.5)[:, np.newaxis] * _CELL_M / 1000, shape
        )
        # Higher, cooler and moister towards the north-east.
        tilt = (self._x / 60 + self._y / 50) - 1.0
        self._relief = 1.3 * tilt + 0.55 * self._waves((14.0, 6.0, 2.5))
        self._texture = self._waves((3.0, 1.2))
        self.climate = np.select(
            [self._relief > 0.75, self._relief > -0.2], [_COOL_MOIST, _COOL_DRY], _WARM_DRY
        ).astype(np.uint8)
        self.soil = (1 + np.digitize(self._waves((18.0, 8.0)), (-0.7, 0.2, 0.9))).astype(np.uint8)
        self._grazed = self._spot(16, 14, 11) * (1 + 0.25 * self._texture)
        self._planted = self._spot(47, 27, 8) * (1 + 0.25 * self._texture)
        self._cleared = self._spot(38, 43, 7) * (1 + 0.3 * self._texture)
        self._town = self._spot(30, 24, 3.4) * (1 + 0.2 * self._texture)
        self._mine = self._spot(54, 12, 1.9)
        self.land_cover = {year: self._land_cover(year) for year in LAND_COVER_YEARS}

    def _waves(self, lengths_km: tuple[float, ...]) -> Floats:
        """Sum of waves in all directions, of about variance 1."""
        total = np.zeros((_HEIGHT, _WIDTH))
        for length in lengths_km:
            for _ in range(8):
                heading, phase = self._rng.uniform(0.0, 2 * np.pi, 2)
                along = self._x * np.cos(heading) + self._y * np.sin(heading)
                total += np.cos(2 * np.pi / length * along + phase)
        waves: Floats = total / np.sqrt(4.0 * len(lengths_km))
        return waves

    def _spot(self, x_km: float, y_km: float, radius_km: float) -> Floats:
        """Falls from 1 in a centre to 0 far away; about 0.5 at the radius."""
        away = np.hypot(self._x - x_km, self._y - y_km) / radius_km
        spot: Floats = np.exp(-np.log(2.0) * away**2)
        return spot

    def _land_cover(self, year: int) -> Bytes:
        """Land cover at the end of a year; changes are spread over the time since 2000."""
        gone = (year - 2000) / 23
        relief, texture = self._relief, self._texture
        shore = np.hypot((self._x - 9) / 7, (self._y - 38) / 5) + 0.08 * texture
        cover = np.full(relief.shape, GRASS)
        cover[relief < -0.75] = OTHER
        valley = np.abs(self._y - 24 - 4 * np.sin(self._x / 7)) + 0.9 * texture
        cover[(valley < 5.5) & (relief < 0.9)] = CROP
        cover[(relief + 0.35 * texture > 0.62) & (valley > 3.0)] = TREE
        cover[(self._grazed > 1.08 - 0.35 * gone) & (cover == GRASS)] = OTHER
        cover[(self._cleared > 1.0 - 0.6 * gone) & (cover == TREE)] = CROP
        cover[(self._planted > 1.0 - 0.45 * gone) & (cover == GRASS)] = TREE
        cover[shore < 1.22] = WETLAND
        cover[shore < 1.0 - 0.12 * gone] = WATER
        cover[self._town > 0.93 - 0.4 * gone] = ARTIFICIAL
        if year >= 2018:
            cover[self._mine > 0.5] = ARTIFICIAL
        river = np.abs(self._y - 24 - 4 * np.sin(self._x / 7))
        cover[(river < 0.25) & (cover != ARTIFICIAL)] = WATER
        return cover.astype(np.uint8)

    def ndvi(self) -> NDArray[np.int16]:
        """NDVI x 10000 [years, height, width]; no data on water and under some clouds."""
        level = np.zeros(WATER + 1)
        level[[TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER]] = 0.66, 0.38, 0.47, 0.52, 0.21, 0.13
        green = np.zeros(WATER + 1)  # what a wet year adds
        green[[TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER]] = 0.012, 0.04, 0.022, 0.01, 0.0, 0.02
        start, middle, end = (self.land_cover[year] for year in LAND_COVER_YEARS)
        lake = (start == WATER) & (end == WATER)
        layers = []
        for year, wet in zip(NDVI_YEARS, _RAIN, strict=True):
            since = year - 2000
            cover = start if year < 2008 else middle if year < 2019 else end
            value = level[cover] + 0.02 * self._relief + 0.012 * self._texture
            value += wet * green[cover]
            value -= 0.0075 * since * np.clip(self._grazed, 0, 1) * (cover == GRASS)
            value -= 0.004 * since * np.clip(self._grazed, 0, 1) * (cover == CROP)
            value += 0.0085 * since * np.clip(self._planted, 0, 1)
            if year >= 2018:
                value -= 0.12 * np.clip(self._mine, 0, 1)
            value += self._rng.normal(0.0, 0.014, value.shape)
            cloudy = self._rng.random(value.shape) > 0.997
            layer = np.rint(np.clip(value, 0.01, 0.95) * 10_000)
            layers.append(np.where(lake | cloudy, _NDVI_NODATA, layer))
        return np.array(layers, dtype=np.int16)

    def soc_stock(self) -> Floats:
        """Soil organic carbon in t/ha; no data on water."""
        level = np.zeros(WATER + 1)
        level[[TREE, GRASS, CROP, WETLAND, ARTIFICIAL, OTHER]] = 74, 52, 43, 96, 30, 18
        start = self.land_cover[LAND_COVER_YEARS[0]]
        stock = level[start] * (1 + 0.12 * self._relief + 0.06 * self._texture)
        return np.where(start == WATER, _NODATA, np.round(np.clip(stock, 4, None), 1))

    def population(self) -> Floats:
        """Persons per cell: a town, villages on the fields, herders; fractions are kept."""
        cover = self.land_cover[LAND_COVER_YEARS[-1]]
        people = np.zeros(cover.shape)
        people[cover == GRASS] = 0.15
        people[cover == CROP] = 1.7
        people *= np.clip(1 + 0.6 * self._texture, 0.1, None)
        town = cover == ARTIFICIAL
        people[town] = 40 + 190 * np.clip(self._town[town], 0, 1) ** 2
        people[(self._mine > 0.5) & town] = 6
        return np.where(cover == WATER, 0.0, people)

    def provinces(self) -> str:
        """Provinces as GeoJSON (RFC 7946): three by two, with borders that meet."""
        columns, rows = 3, 2
        x = np.linspace(1.2, _WIDTH * _CELL_M / 1000 - 1.2, columns + 1)
        y = np.linspace(1.2, _HEIGHT * _CELL_M / 1000 - 1.2, rows + 1)
        nodes = np.array([[(px, py) for px in x] for py in y])
        inner = np.zeros(nodes.shape[:2], dtype=bool)
        inner[1:-1, 1:-1] = True
        nodes[inner] += self._rng.uniform(-3.0, 3.0, (int(inner.sum()), 2))
        borders: dict[tuple[tuple[int, int], tuple[int, int]], Floats] = {}

        def border(first: tuple[int, int], last: tuple[int, int]) -> Floats:
            """Points from one node up to the next, the same from either side."""
            key = min(first, last), max(first, last)
            if key not in borders:
                one, other = nodes[key[0]], nodes[key[1]]
                share = np.linspace(0.0, 1.0, 25)[:, np.newaxis]
                line = one + (other - one) * share
                across = np.array([one[1] - other[1], other[0] - one[0]]) / 24.0
                bends = self._rng.normal(0.0, 0.25, 4)
                waves = np.sin(np.pi * share * np.arange(1, 5)) @ bends
                borders[key] = line + waves[:, np.newaxis] * across
            points = borders[key]
            return points[:-1] if first < last else points[:0:-1]

        features = []
        for number, name in enumerate(_PROVINCE_NAMES):
            row, col = divmod(number, columns)
            corners = [(row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col), (row, col)]
            ring = np.concatenate([border(*ends) for ends in pairwise(corners)])
            ring = np.vstack((ring, ring[:1]))
            longitude, latitude = get_driver().transform_points(
                self.grid.crs,
                get_driver().wkt("EPSG:4326"),
                _ORIGIN[0] + ring[:, 0] * 1000,
                _ORIGIN[1] - _HEIGHT * _CELL_M + ring[:, 1] * 1000,
            )
            points = np.column_stack((longitude.round(6), latitude.round(6)))
            features.append(
                {
                    "type": "Feature",
                    "properties": {"name": name},
                    "geometry": {"type": "Polygon", "coordinates": [points.tolist()]},
                }
            )
        return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)
