"""Productivity trajectory, raster to raster: blocks, threads and drivers change nothing."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.kernels.trend import TrendRule, trajectory
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_trajectory import (
    BANDS,
    ProductivityTrajectoryTask,
    compute_productivity_trajectory,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

YEARS = tuple(range(2000, 2012))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Twelve years of NDVI with ties and gaps, and rain at three times the cell size."""
    folder = tmp_path_factory.mktemp("series")
    random = np.random.default_rng(3)
    trend = np.linspace(-60.0, 60.0, 80) * np.arange(12)[:, np.newaxis, np.newaxis]
    values = np.rint((4000 + trend + random.normal(0, 150, (12, 66, 80))) / 50) * 50
    values = values.astype("int16")
    values[random.random(values.shape) < 0.1] = -32768
    values[:, 20:30, 20:30] = -32768
    values[:6, :5] = -32768
    rain = random.gamma(4.0, 120.0, (12, 22, 27)).astype("float32")
    options = {"tiled": True, "blockxsize": 16, "blockysize": 32}
    stack = write_raster(folder / "ndvi.tif", values, nodata=-32768, **options)
    single = [
        write_raster(folder / f"ndvi_{year}.tif", layer, nodata=-32768)
        for year, layer in zip(YEARS, values, strict=True)
    ]
    climate = write_raster(folder / "rain.tif", rain, cell=(300.0, -300.0))
    return stack, single, climate, values


def bands_of(path):
    return [RasterInput(path, band=band) for band in range(1, 13)]


def run(task, target, **options):
    result = compute_productivity_trajectory(task, str(target), **options)
    with rasterio.open(target) as raster:
        return result, raster.read(), raster.tags()


def test_it_is_what_the_kernel_gives(files, tmp_path):
    stack, single, _, values = files
    task = ProductivityTrajectoryTask(bands_of(stack), YEARS)
    result, found, tags = run(task, tmp_path / "a.tif", tags={"X": "y"})
    cells = values.reshape(12, -1)
    expected = trajectory(cells, cells != -32768, YEARS, TrendRule(), scale=10_000.0)
    for band, part in zip(found, expected[2:], strict=True):
        whole = np.where(expected.known, part.astype("float32"), np.float32(-32768))
        assert np.array_equal(band.ravel(), whole)
    counts = [int((expected.known & (expected.trajectory == sign)).sum()) for sign in (-1, 0, 1)]
    assert result.cells == tuple(counts)
    assert min(counts) > 100
    some = (cells != -32768).any(axis=0)
    assert result.cells_empty == (~some).sum() >= 100
    assert result.cells_too_short == (some & ~expected.known).sum() > 0
    assert tags["DBAR_INDEX_SCALE"] == "10000"
    assert (tags["DBAR_STATISTIC"], tags["X"]) == ("p", "y")
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert raster.descriptions == BANDS
        assert raster.nodata == -32768
    # A raster a year instead of a band a year.
    task = ProductivityTrajectoryTask([RasterInput(path) for path in single], YEARS)
    assert np.array_equal(run(task, tmp_path / "b.tif")[1], found)


@pytest.mark.parametrize(
    "options",
    [
        {"convention": "prais4", "method": "restrend"},
        {"convention": "trends_earth", "method": "ue"},
        {"convention": "gpg_v2", "method": "ndvi", "theil_sen": True},
    ],
    ids=lambda options: options["convention"],
)
def test_blocks_threads_and_drivers_change_no_bit(files, tmp_path, monkeypatch, options):
    stack, _, climate, _ = files
    rain = bands_of(climate) if options["method"] != "ndvi" else ()
    task = ProductivityTrajectoryTask(bands_of(stack), YEARS, rain, **options)
    found = []
    for driver in DRIVER_NAMES:
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, driver=driver: driver
        )
        for cells, threads in ((1, 2), (1500, 3), (1 << 20, 1)):
            monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
            monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", cells)
            target = tmp_path / f"{driver}_{cells}.tif"
            found.append(run(task, target, workers=Workers(threads=threads)))
    for result, values, tags in found[1:]:
        assert result == found[0][0]
        assert np.array_equal(values, found[0][1])
        assert tags == found[0][2]
    if rain:
        assert any("rain.tif is resampled" in str(note) for note in found[0][0].notes)


def test_years_keep_their_distance(files, tmp_path):
    stack, _, _, _ = files
    far = [*YEARS[:6], *(year + 6 for year in YEARS[6:])]
    task = ProductivityTrajectoryTask(bands_of(stack), far)
    result, found, _ = run(task, tmp_path / "a.tif")
    assert any("2006, 2007, 2008, 2009, 2010, 2011" in str(note) for note in result.notes)
    near = run(ProductivityTrajectoryTask(bands_of(stack), YEARS), tmp_path / "b.tif")[1]
    known = near[0] != -32768
    assert (found[1] == near[1]).all()  # the test looks at the order only
    assert (np.abs(found[0][known]).mean() < 0.8 * np.abs(near[0][known]).mean()).all()


@pytest.mark.parametrize(
    ("convention", "ending"),
    [
        ("trends_earth", "; a slope up to 0.001 per year is no trend"),
        ("prais4", "; index = value / 10000"),
    ],
)
def test_a_threshold_is_told_where_there_is_one(files, tmp_path, convention, ending):
    stack, _, _, _ = files
    task = ProductivityTrajectoryTask(bands_of(stack), YEARS, convention=convention)
    assert str(run(task, tmp_path / "a.tif")[0].notes[0]).endswith(ending)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"years": YEARS[:7]}, "The series has 7 years .* needs at least 8"),
        ({"method": "ue"}, "needs climate data of each year: 12 years .* 0 of the climate"),
        (
            {"years": tuple(range(1950, 2010)), "convention": "trends_earth"},
            "at most 59 years, the series has 60",
        ),
    ],
)
def test_series_that_are_refused(files, tmp_path, options, reason):
    years = options.pop("years", YEARS)
    index = (bands_of(files[0]) * 5)[: len(years)]
    with pytest.raises(InputError, match=reason):
        run(ProductivityTrajectoryTask(index, years, **options), tmp_path / "out.tif")
    assert not list(tmp_path.glob("out*"))


def test_cancel_leaves_nothing(files, tmp_path):
    task = ProductivityTrajectoryTask(bands_of(files[0]), YEARS)
    with pytest.raises(Cancelled):
        run(task, tmp_path / "out.tif", progress=Progress(is_cancelled=lambda: True))
    assert not list(tmp_path.glob("out*"))
