"""A made-up town at night, as SDGSAT-1 products and as yearly rasters, for pictures and tests.

Streets with lamps, squares, houses and a harbour stand in a plane; the products have the structure
of real ones, which `tests/unit/sdgsat_fixtures.py` knows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import rasterio
from rasterio.crs import CRS

from package import ROOT

sys.path.insert(0, str(ROOT / "tests" / "unit"))

import sdgsat_fixtures as fixtures

ROWS, COLS = 180, 220  # of the 40 m raster that both halves lie on
FINE = 4
HALVES = {"A": slice(0, 125), "B": slice(95, COLS)}  # columns
# Stored numbers of the three bands for one unit of light: by the GAINS of the fixtures sodium is
# red, LED blue-white, and the rest neither.
SODIUM, LED, MIXED = (2.4, 0.75, 0.02), (0.5, 1.1, 0.9), (0.8, 0.9, 0.06)
YEARS = range(2014, 2024)
# Share of a year's light that a district gains in a year.
DISTRICTS = {
    "Old town": (90, 90, 0.0),
    "Harbour": (140, 60, -0.05),
    "New quarter": (60, 150, 0.09),
    "Garden town": (50, 50, 0.02),
    "Plain": (140, 165, 0.0),
}


class Town(NamedTuple):
    """What is written."""

    before: Path  # folder of the first product
    after: Path  # folder of the second one: the harbour has lost its light
    years: list[Path]  # rasters in nW cm-2 sr-1
    population: Path
    districts: Path


def write_town(folder: Path) -> Town:
    """Write all files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    light = _light()
    before = _write_product(folder, light, "20220304", "202200100146", seed=1)
    after = _write_product(folder, light * _outage(), "20230311", "202300100987", seed=2)
    brightness = _coarse(light.sum(axis=0), 10 * FINE) / 4.0
    years = []
    for year in YEARS:
        noise = np.random.default_rng(year).normal(0.0, 0.15, brightness.shape)
        path = folder / f"light_{year}.tif"
        grown = brightness * (1.0 + _growth(brightness.shape) * (year - YEARS[0]))
        _write_raster(path, np.maximum(grown + noise, 0.0), 400.0, "nW cm-2 sr-1")
        years.append(path)
    population = folder / "population_2020.tif"
    people = 900.0 * (1.0 - np.exp(-brightness / 12.0)) + 12.0
    _write_raster(population, people, 400.0, "")
    return Town(before, after, years, population, _write_districts(folder / "districts.geojson"))


# -- the town


def _light() -> np.ndarray:
    """Return light of the three bands on 10 m cells, without background."""
    random = np.random.default_rng(7)
    shape = (ROWS * FINE, COLS * FINE)
    lamps = np.zeros((3, *shape))

    def put(rows, cols, kind, power):
        rows, cols = np.rint(rows).astype(int), np.rint(cols).astype(int)
        inside = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
        for band, share in enumerate(kind):
            np.add.at(lamps[band], (rows[inside], cols[inside]), power * share)

    def street(start, end, kind, power, step=4.0):
        count = int(np.hypot(end[0] - start[0], end[1] - start[1]) / step) + 1
        put(np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count), kind, power)

    def quarter(row, col, height, width, angle, block, kind, power):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        for axis, along, across in ((0, height, width), (1, width, height)):
            for place in np.arange(-across, across + 1, block):
                ends = np.array([[-along, place], [along, place]], dtype=float)
                if axis == 1:
                    ends = ends[:, ::-1]
                street(*(np.array([row, col]) + ends @ turn), kind, power)

    quarter(360, 360, 90, 100, 0.5, 14, SODIUM, 700)  # the old town
    quarter(240, 600, 90, 110, -0.15, 20, LED, 650)  # the new quarter
    quarter(200, 200, 70, 70, 0.2, 24, MIXED, 420)  # the garden town
    quarter(560, 240, 50, 110, 0.05, 16, MIXED, 800)  # the harbour
    for start, end in (
        ((20, 60), (360, 360)),
        ((360, 360), (240, 600)),
        ((240, 600), (90, 860)),
        ((360, 360), (560, 240)),
        ((360, 360), (690, 760)),
        ((560, 240), (700, 40)),
    ):
        street(start, end, SODIUM, 520, step=3.0)
    for row, col in random.uniform((480, 480), (690, 840), (14, 2)):  # villages of the plain
        put(random.normal(row, 5, 18), random.normal(col, 5, 18), MIXED, 500)
    for row, col in ((360, 360), (250, 610), (565, 200)):
        put(random.normal(row, 6, 60), random.normal(col, 6, 60), LED, 900)
    return np.stack([_blurred(band, 4.0) for band in lamps])


def _outage() -> np.ndarray:
    """Return what is left of the light, by 10 m cells: the harbour is dark, the centre dimmed."""
    rows, cols = np.indices((ROWS * FINE, COLS * FINE))
    left = np.ones(rows.shape)
    left[(np.abs(rows - 560) < 90) & (np.abs(cols - 240) < 150)] = 0.04
    left[(rows - 360) ** 2 + (cols - 360) ** 2 < 55**2] = 0.55
    left[(rows - 240) ** 2 + (cols - 600) ** 2 < 60**2] = 1.7
    return left


def _growth(shape: tuple[int, int]) -> np.ndarray:
    """Return the yearly change of each cell's light, of the district around it."""
    rows, cols = np.indices(shape) * 10 + 5
    places = list(DISTRICTS.values())
    nearest = np.argmin([np.hypot(rows - row, cols - col) for row, col, _ in places], axis=0)
    return np.array([rate for *_, rate in places])[nearest]


def _blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    rows, cols = (np.fft.fftfreq(count) for count in values.shape)
    response = np.exp(-2.0 * (np.pi * sigma) ** 2 * (rows[:, np.newaxis] ** 2 + cols**2))
    return np.maximum(np.fft.ifft2(np.fft.fft2(values) * response).real, 0.0)


def _coarse(values: np.ndarray, factor: int) -> np.ndarray:
    *lead, rows, cols = values.shape
    blocks = values.reshape(*lead, rows // factor, factor, cols // factor, factor)
    return blocks.mean(axis=(-3, -1))


# -- files


def _write_product(folder: Path, light: np.ndarray, day: str, serial: str, seed: int) -> Path:
    random = np.random.default_rng(seed)
    name = fixtures.scene_name(date=day, serial=serial)
    product = folder / name
    product.mkdir(exist_ok=True)
    for half, cols in HALVES.items():
        box = fixtures._Box(0.0, cols.start, ROWS, cols.stop - cols.start)
        colours = 1.0 + _coarse(light, FINE)[:, :, cols]
        # Red lies off green, and some cells hold a stray value in one band.
        colours[0, :, 1:] = colours[0, :, :-1].copy()
        noise = random.random(colours.shape[1:]) < 0.04
        band = random.integers(0, 3, noise.sum())
        colours[(band, *np.nonzero(noise))] += random.integers(5, 40, noise.sum())
        colours = np.clip(np.rint(colours), 1, fixtures.MOST)
        colours[:, [50, 118], 8:-8] = 0
        fixtures._write(product / f"{name}_{half}_RGB.tif", colours, 40.0, box)
        total = light.sum(axis=0)[:, cols.start * FINE : cols.stop * FINE]
        pan = np.stack([1.0 + 0.3 * total, 1.0 + 2.0 * total, 1.0 + 2.0 * total])
        pan = np.clip(np.rint(pan), 1, fixtures.MOST)
        fixtures._write(product / f"{name}_{half}_LH.tif", pan, 10.0, box, fixtures.PAN)
    start = f"{day[:4]}-{day[4:6]}-{day[6:]}T13:30:05"
    (product / f"{name}.calib.xml").write_bytes(fixtures.calib_xml())
    (product / f"{name}.meta.xml").write_bytes(fixtures.meta_xml(start=start))
    return product


def _write_raster(path: Path, values: np.ndarray, cell: float, unit: str) -> None:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=1,
        height=values.shape[0],
        width=values.shape[1],
        dtype="float32",
        crs=CRS.from_user_input(fixtures.CRS_CODE),
        transform=rasterio.Affine(cell, 0.0, fixtures.ORIGIN[0], 0.0, -cell, fixtures.ORIGIN[1]),
        nodata=-9999.0,
    ) as dataset:
        dataset.write(values.astype(np.float32), 1)
        if unit:
            dataset.set_band_unit(1, unit)


def _write_districts(path: Path) -> Path:
    """Write the districts: rectangles that meet half way between the places."""
    left, top = fixtures.ORIGIN
    boxes = {
        "Garden town": (0, 0, 72, 72),
        "Old town": (72, 0, 112, 120),
        "New quarter": (0, 72, 72, COLS),
        "Harbour": (112, 0, ROWS, 105),
        "Plain": (112, 105, ROWS, COLS),
        "East road": (72, 120, 112, COLS),
    }
    features = []
    for name, (north, west, south, east) in boxes.items():
        ring = [(west, north), (east, north), (east, south), (west, south), (west, north)]
        places = [[left + 40.0 * col, top - 40.0 * row] for col, row in ring]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {"type": "Polygon", "coordinates": [places]},
            }
        )
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32651"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
