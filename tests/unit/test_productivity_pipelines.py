"""State, performance and LPD from rasters: hand-worked cells, and no trace of the blocks."""

from __future__ import annotations

import pickle
import re
from itertools import product

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from raster_fixtures import DRIVER_NAMES, UTM_18N, box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.ndvi_series import open_ndvi
from dbar_qgis_plugin.pipelines.periods import YearSpan
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_productivity import OUTCOMES as LPD_OUTCOMES
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_productivity import (
    FaoWocatTask,
    compute_fao_wocat,
    compute_land_productivity,
    import_land_productivity,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_performance import (
    ProductivityPerformanceTask,
    UnitPolygons,
    compute_productivity_performance,
    unit_table,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_state import (
    ProductivityStateTask,
    compute_productivity_state,
)
from dbar_qgis_plugin.raster_io import blocks, source
from dbar_qgis_plugin.raster_io.blocks import block_windows
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

YEARS = tuple(float(year) for year in range(2000, 2016))
TILED = {"tiled": True, "blockxsize": 16, "blockysize": 16}
CELL_KM2 = 0.01


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few tiles of 16 x 16 cells: a raster of these tests would be one else."""
    monkeypatch.setattr(source, "_CELLS_PER_TILE", 16 * 16)
    windows = []

    def counted(*arguments):
        found = block_windows(*arguments)
        windows.append(len(found))
        return found

    monkeypatch.setattr(blocks, "block_windows", counted)
    return windows


def read(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


def stack_inputs(path, count=16):
    return tuple(RasterInput(path, band=band, name=f"band {band}") for band in range(1, count + 1))


def state_task(path, years=YEARS, **options):
    return ProductivityStateTask(
        ndvi=stack_inputs(path, len(years)),
        years=years,
        baseline=YearSpan(2000, 2012),
        recent=YearSpan(2013, 2015),
        **options,
    )


@pytest.fixture(scope="module")
def ndvi(tmp_path_factory):
    """16 years of 90 x 70 cells with gaps, in int16."""
    random = np.random.default_rng(8)
    values = random.uniform(500, 8_000, (90, 70)) + random.normal(0, 300, (16, 90, 70))
    values = values.astype(np.int16)
    values[random.random(values.shape) < 0.05] = -32768
    values[:, :5, :5] = -32768
    folder = tmp_path_factory.mktemp("ndvi")
    return write_raster(folder / "ndvi.tif", values, nodata=-32768, **TILED), values


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """Land cover and soil of the same cells, with a gap each."""
    random = np.random.default_rng(9)
    cover = random.integers(1, 4, (90, 70)).astype(np.uint8)
    soil = random.integers(-2, 3, (90, 70)).astype(np.int32) * 1_000_000
    cover[50:55, :9] = 0
    soil[:, 60:62] = -1
    folder = tmp_path_factory.mktemp("units")
    return (
        RasterInput(write_raster(folder / "cover.tif", cover, nodata=0), name="cover"),
        RasterInput(write_raster(folder / "soil.tif", soil, nodata=-1), name="soil"),
    )


# -- state


def test_state_by_hand(tmp_path):
    # 100 .. 112 in the baseline: the recent mean decides (see the kernel's test); 3 x 2 cells.
    values = np.empty((16, 2, 3), np.int16)
    values[:13] = np.arange(100, 113)[:, np.newaxis, np.newaxis]
    values[13:] = np.array([[90, 106, 130], [103, 105, 107]])
    values[13:15, 1, 1] = -1
    values[3:9, 1, 2] = -1
    path = write_raster(tmp_path / "n.tif", values, nodata=-1)
    result = compute_productivity_state(state_task(path), tmp_path / "o.tif")
    state, change = read(tmp_path / "o.tif")
    assert state.tolist() == [[-1, 0, 1], [-1, -32768, -32768]]
    assert change.tolist() == [[-4, 0, 5], [-3 + 1, -32768, -32768]]
    assert list(result.cells) == [2, 1, 1, 1, 1, 0]
    np.testing.assert_allclose(result.km2, np.array(result.cells) * CELL_KM2, rtol=5e-3)
    assert [str(note) for note in result.notes] == ["NDVI is taken as value / 10000."]
    with rasterio.open(tmp_path / "o.tif") as dataset:
        assert dataset.descriptions == ("state", "class_change")
        assert dataset.nodatavals == (-32768, -32768)
        assert dataset.dtypes[0] == "int16"
    # In Trends.Earth's way a change of 0.01 NDVI, here 100, is none: all these are less.
    task = state_task(path, convention="trends_earth")
    assert list(compute_productivity_state(task, tmp_path / "t.tif").cells[:3]) == [0, 4, 0]
    task = state_task(path, convention="trends_earth", scale=1.0)
    assert list(compute_productivity_state(task, tmp_path / "u.tif").cells[:3]) == [2, 1, 1]
    task = state_task(path, dead_band=0.002)
    assert list(compute_productivity_state(task, tmp_path / "v.tif").cells[:3]) == [0, 3, 1]


@pytest.mark.parametrize("convention", ["prais4", "gpg_v2"])
def test_state_does_not_depend_on_blocks_threads_and_drivers(
    ndvi, tmp_path, convention, monkeypatch, small_blocks
):
    path, _ = ndvi
    found = []
    ways = (Workers(1), Workers(3, memory_mb=1), Workers(2, memory_mb=2))
    for driver, workers in product(DRIVER_NAMES, ways):
        monkeypatch.setattr(source, "driver_name_of", lambda _path, driver=driver: driver)
        output = tmp_path / "state.tif"
        result = compute_productivity_state(
            state_task(path, convention=convention), output, workers=workers
        )
        found.append((read(output).tobytes(), list(result.cells), list(result.km2)))
    assert all(each == found[0] for each in found[1:])
    assert max(small_blocks) > min(small_blocks)
    assert sum(found[0][1]) == 90 * 70
    assert found[0][1][5] >= 25


def test_years_that_are_missing(ndvi, tmp_path):
    path, _ = ndvi
    years = tuple(year + (year >= 2005) for year in YEARS)
    task = state_task(path, years)
    notes = compute_productivity_state(task, tmp_path / "o.tif").notes
    assert str(notes[0]) == "NDVI: no raster of 2005; computed without."
    early = tuple(year - 2 for year in YEARS)
    with pytest.raises(InputError, match=r"1 of the years 2013–2015 .* at least 2 .*2014, 2015"):
        compute_productivity_state(state_task(path, early), tmp_path / "o2.tif")
    assert not (tmp_path / "o2.tif").exists()


def test_scale_of_ndvi(tmp_path):
    whole = write_raster(tmp_path / "i.tif", np.ones((3, 4, 4), np.int16))
    real = write_raster(tmp_path / "f.tif", np.ones((3, 4, 4), np.float32))
    scaled = write_raster(
        tmp_path / "s.tif",
        np.ones((3, 4, 4), np.int16),
        scales=(1e-4,) * 3,
        offsets=(0.0,) * 3,
    )
    span = (YearSpan(2000, 2002),)

    def scale_of(*paths, typed=None):
        rasters = [RasterInput(path) for path in paths]
        years = [2000.0 + number for number in range(len(paths))]
        return open_ndvi(rasters, years, span, (1,), typed, "NDVI").scale

    assert [scale_of(path) for path in (whole, real, scaled)] == [10_000.0, 1.0, 1.0]
    assert scale_of(whole, real, typed=250.0) == 250.0
    with pytest.raises(InputError, match="some rasters hold whole numbers, others fractions"):
        scale_of(whole, real)


def test_one_file_a_year_gives_the_same(ndvi, tmp_path):
    path, values = ndvi
    files = [
        RasterInput(write_raster(tmp_path / f"{int(year)}.tif", layer, nodata=-32768))
        for year, layer in zip(YEARS, values, strict=True)
    ]
    task = ProductivityStateTask(
        tuple(files), YEARS, YearSpan(2000, 2012), YearSpan(2013, 2015), "gpg_v2"
    )
    compute_productivity_state(task, tmp_path / "many.tif")
    compute_productivity_state(state_task(path, convention="gpg_v2"), tmp_path / "one.tif")
    assert (read(tmp_path / "many.tif") == read(tmp_path / "one.tif")).all()


# -- performance


def performance_task(path, count=16, **options):
    return ProductivityPerformanceTask(
        ndvi=stack_inputs(path, count), years=YEARS[:count], span=YearSpan(2000, 2015), **options
    )


def test_performance_by_hand(tmp_path):
    # Two units; the second has a value of 0.2499 and one of 0.25 against a 90th percentile of 0.5.
    means = np.array([[1000, 4000, 8000, 8000, 7000], [2499, 2500, 5000, 5000, 5000]])
    values = np.array([means - 10, means + 10, means], np.int16)
    cover = np.array([[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]], np.uint8)
    values = np.concatenate((values, values), axis=1)
    cover = np.concatenate((cover, [[3, 3, 0, 0, 4], [5, 5, 5, 5, 5]])).astype(np.uint8)
    values[:, 2, :2] = -1
    values[:, 2, 2] = -1
    values[:, 3] = 0
    path = write_raster(tmp_path / "n.tif", values, nodata=-1)
    units = (RasterInput(write_raster(tmp_path / "c.tif", cover, nodata=0), name="cover"),)
    result = compute_productivity_performance(
        performance_task(path, 3, units=units, minimum_share=0.1), tmp_path / "o.tif"
    )
    found, ratio = read(tmp_path / "o.tif")
    none = -32768
    assert found.tolist() == [[-1, 0, 0, 0, 0], [-1, 0, 0, 0, 0], [none] * 4 + [0], [none] * 5]
    assert ratio[0].tolist() == [1250, 5000, 10000, 10000, 8750]
    assert ratio[1].tolist() == [4998, 5000, 10000, 10000, 10000]
    assert ratio[2].tolist() == [none] * 4 + [10000]
    assert list(result.cells) == [2, 9, 2, 7, 0]
    assert result.units == (("1",), ("2",), ("3",), ("4",), ("5",))
    assert result.layers == ("cover",)
    assert list(result.unit_cells) == [5, 5, 2, 1, 5]
    assert list(result.unit_valid) == [5, 5, 0, 1, 0]
    assert list(result.unit_degraded) == [1, 1, 0, 0, 0]
    np.testing.assert_allclose(result.unit_reference, [0.8, 0.5, np.nan, 0.7, np.nan])
    texts = [str(warning) for warning in result.warnings]
    assert texts == [
        "3 of 5 land units have fewer than 30 cells with data (11 cells together): their "
        "percentile says little. Such as 1, 2, 4.",
        "2 of 5 land units have no cell with data (7 cells together). Such as 3, 5.",
    ]
    table = unit_table(result)
    assert table["value_1"] == ["1", "2", "3", "4", "5"]
    assert table["percent_degraded"] == [20.0, 20.0, None, 0.0, None]
    # In Trends.Earth's way the very threshold is degraded as well.
    task = performance_task(
        path, 3, units=units, minimum_share=0.1, convention="trends_earth", fewest_cells=1
    )
    result = compute_productivity_performance(task, tmp_path / "t.tif")
    assert list(result.unit_degraded) == [2, 2, 0, 0, 0]
    assert len(result.warnings) == 1


def naive_performance(values, valid, keys, percent=90.0, threshold=0.5):
    """Performance by sorting the means of each unit."""
    count = valid.sum(axis=0)
    mean = values.sum(axis=0, where=valid) / np.maximum(count, 1) / 1e4
    good = count >= 11
    found = np.full(mean.shape, -32768)
    for key in np.unique(keys[keys >= 0]):
        cells = good & (keys == key)
        reference = np.percentile(mean[cells], percent)
        found[cells] = np.where(mean[cells] < threshold * reference, -1, 0)
    return found


@pytest.mark.parametrize("percentile", [90.0, 50.0])
def test_performance_equals_the_definition(ndvi, units, tmp_path, percentile):
    path, values = ndvi
    result = compute_productivity_performance(
        performance_task(path, units=units, percentile=percentile, threshold=0.6),
        tmp_path / "o.tif",
    )
    cover, soil = (read(raster.path)[0].astype(np.int64) for raster in units)
    keys = np.where((cover == 0) | (soil == -1), -1, cover * 10 + soil // 1_000_000 + 5)
    expected = naive_performance(values, values != -32768, keys, percentile, 0.6)
    found = read(tmp_path / "o.tif")[0]
    assert (found != expected).sum() == 0
    assert len(result.units) == 15
    assert result.units[0] == ("1", "-2000000")
    assert result.cells[2] == (keys < 0).sum()
    assert 500 < result.cells[0] < 3_200


@pytest.mark.parametrize("side", ["rows", "columns"])
def test_performance_does_not_depend_on_blocks_size_and_driver(
    ndvi, units, tmp_path, side, monkeypatch, small_blocks
):
    path, values = ndvi
    task = performance_task(path, units=units)
    found = []
    for driver, workers in product(DRIVER_NAMES, (Workers(1), Workers(3, memory_mb=1))):
        monkeypatch.setattr(source, "driver_name_of", lambda _path, driver=driver: driver)
        output = tmp_path / "performance.tif"
        result = compute_productivity_performance(task, output, workers=workers)
        found.append(
            (
                read(output).tobytes(),
                result.units,
                list(result.cells),
                list(result.km2),
                list(result.unit_reference),
                list(result.unit_degraded),
            )
        )
    assert all(each == found[0] for each in found[1:])
    assert max(small_blocks) > min(small_blocks)
    # The same cells in a raster that has more than four times as many, the rest without data.
    more = (400, 0) if side == "rows" else (0, 400)

    def padded(array, fill):
        after = [(0, extra) for extra in more]
        wide = np.pad(array, [(0, 0)] * (array.ndim - 2) + after, constant_values=fill)
        return wide.astype(array.dtype)

    large = write_raster(tmp_path / "large.tif", padded(values, -32768), nodata=-32768, **TILED)
    larger_units = tuple(
        RasterInput(
            write_raster(
                tmp_path / f"l_{raster.name}.tif", padded(read(raster.path)[0], fill), nodata=fill
            ),
            name=raster.name,
        )
        for raster, fill in zip(units, (0, -1), strict=True)
    )
    output = tmp_path / "large_out.tif"
    result = compute_productivity_performance(performance_task(large, units=larger_units), output)
    assert read(output)[:, :90, :70].tobytes() == found[0][0]
    assert list(result.unit_reference) == found[0][4]


def test_polygons_as_units(ndvi, units, tmp_path):
    path, values = ndvi
    left, top = 600_000.0, 1_200_000.0
    shapes = [
        polygon_wkb(box(left, top - 9_000, left + 2_000, top)),
        polygon_wkb(box(left + 1_000, top - 9_000, left + 4_000, top)),
        None,
        polygon_wkb(box(left + 5_000, top - 9_000, left + 6_000, top)),
    ]
    polygons = UnitPolygons(
        shapes, get_driver().wkt(UTM_18N), ["hill", "plain", "lake", "hill"], "zones"
    )
    task = performance_task(path, polygons=polygons)
    result = compute_productivity_performance(task, tmp_path / "o.tif")
    keys = np.full((90, 70), -1)
    keys[:, 20:40] = 1
    keys[:, :20] = 0
    keys[:, 50:60] = 0
    expected = naive_performance(values, values != -32768, keys)
    assert (read(tmp_path / "o.tif")[0] == expected).all()
    assert result.units == (("hill",), ("plain",))
    assert result.layers == ("zones",)
    assert list(result.unit_cells) == [30 * 90, 20 * 90]
    assert [str(warning) for warning in result.warnings] == [
        "2 polygons of zones overlap others: a cell belongs to the first."
    ]
    # Together with land cover: a unit is a pair.
    task = performance_task(path, units=units[:1], polygons=polygons)
    result = compute_productivity_performance(task, tmp_path / "p.tif")
    assert result.units[:2] == (("1", "hill"), ("1", "plain"))
    assert len(result.units) == 6


def test_measurements_are_no_units(ndvi, tmp_path):
    path, _ = ndvi
    heights = np.full((90, 70), 100.0)
    heights[3, 4] = 12.5
    units = (RasterInput(write_raster(tmp_path / "u.tif", heights), name="heights"),)
    task = performance_task(path, units=units)
    with pytest.raises(InputError, match=r"heights holds 12\.5, which is no class"):
        compute_productivity_performance(task, tmp_path / "o.tif")
    assert not list(tmp_path.glob("o.*"))
    heights[3, 4] = -101.0
    write_raster(tmp_path / "u.tif", heights)
    assert len(compute_productivity_performance(task, tmp_path / "o.tif").units) == 2


@pytest.mark.parametrize(
    ("factor", "scale", "said"),
    [
        (10_000, None, None),
        (10_000, 10_000.0, None),
        (200, None, r"divided by 10000 are around 0\.01"),
        (200, 200.0, None),
        (10_000, 1.0, "divided by 1 are around 5"),
    ],
)
def test_values_unlike_ndvi_are_told(tmp_path, factor, scale, said):
    values = np.zeros((16, 40, 50))
    values[:, :, 10:] = np.random.default_rng(2).uniform(0.4, 0.6, (16, 40, 40))
    path = write_raster(tmp_path / "n.tif", np.rint(values * factor).astype(np.int16))
    task = state_task(path, scale=scale)
    warnings = " ".join(map(str, compute_productivity_state(task, tmp_path / "o.tif").warnings))
    assert re.search(said, warnings) if said else not warnings


def test_without_units_all_cells_are_one(ndvi, tmp_path):
    path, values = ndvi
    result = compute_productivity_performance(performance_task(path), tmp_path / "o.tif")
    assert result.units == ((),)
    assert "No land units are given" in str(result.warnings[0])
    expected = naive_performance(values, values != -32768, np.zeros((90, 70)))
    assert (read(tmp_path / "o.tif")[0] == expected).all()


def test_cancel_leaves_nothing(ndvi, units, tmp_path):
    path, _ = ndvi
    calls = iter(range(100))
    stop = Progress(is_cancelled=lambda: next(calls) > 2)
    with pytest.raises(Cancelled):
        compute_productivity_performance(
            performance_task(path, units=units), tmp_path / "o.tif", progress=stop
        )
    stop = Progress(is_cancelled=lambda: True)
    with pytest.raises(Cancelled):
        compute_productivity_state(state_task(path), tmp_path / "o.tif", progress=stop)
    with pytest.raises(Cancelled):
        import_land_productivity(RasterInput(path), tmp_path / "o.tif", progress=stop)
    assert list(tmp_path.iterdir()) == []


# -- LPD


def test_lpd_of_all_combinations(tmp_path):
    trend, state, performance = (
        part.astype(np.int16)
        for part in np.meshgrid([-1, 0, 1, -9], [-1, 0, 1, -9], [-1, 0, 1, -9], indexing="ij")
    )
    rasters = [
        RasterInput(write_raster(tmp_path / f"{n}.tif", part.reshape(8, 8), nodata=-9))
        for n, part in enumerate((trend, state, performance))
    ]
    result = compute_land_productivity(*rasters, tmp_path / "o.tif")
    lpd, classes = read(tmp_path / "o.tif").reshape(2, 4, 4, 4)
    assert (lpd[3] == -32768).all() and (lpd[:, 3] == -32768).all()
    assert (lpd[..., 3] == -32768).all()
    assert lpd[0, :3, :3].ravel().tolist() == [1] * 9
    assert lpd[1, :3, :3].tolist() == [[1, 2, 2], [3, 4, 4], [4, 4, 4]]
    assert lpd[2, :3, :3].tolist() == [[2, 5, 5], [5, 5, 5], [5, 5, 5]]
    known = lpd > 0
    assert (classes[known] == np.array([0, -1, -1, 0, 0, 1])[lpd[known]]).all()
    assert (classes[~known] == -32768).all()
    assert dict(zip(LPD_OUTCOMES, result.cells.tolist(), strict=True)) == {
        "1": 10,
        "2": 3,
        "3": 1,
        "4": 5,
        "5": 8,
        "trajectory": 9,
        "state": 9,
        "performance": 9,
        "trajectory;state": 3,
        "trajectory;performance": 3,
        "state;performance": 3,
        "trajectory;state;performance": 1,
        "no_data": 0,
    }
    assert result.warnings == ()


def test_lpd_takes_the_bands_by_name(tmp_path):
    shape = (4, 4)
    trend = np.stack([np.full(shape, value, np.float32) for value in (250, 0.01, -2, -1)])
    state = np.stack([np.zeros(shape, np.int16), np.full(shape, 7, np.int16)])
    performance = np.stack([np.full(shape, 9000, np.int16), np.zeros(shape, np.int16)])
    rasters = [
        RasterInput(write_raster(tmp_path / f"{n}.tif", values, descriptions=names))
        for n, (values, names) in enumerate(
            (
                (trend, ("slope", "statistic", "significance", "trajectory")),
                (state, ("state", "class_change")),
                (performance, ("ratio_x10000", "performance")),
            )
        )
    ]
    result = compute_land_productivity(*rasters, tmp_path / "o.tif")
    assert (read(tmp_path / "o.tif")[0] == 1).all()
    assert result.cells[0] == 16


def test_values_that_are_no_class(tmp_path):
    odd = np.zeros((4, 4), np.int16)
    odd[0] = 3
    fine = RasterInput(write_raster(tmp_path / "a.tif", np.zeros((4, 4), np.int16)))
    raster = RasterInput(write_raster(tmp_path / "b.tif", odd), name="odd one")
    result = compute_land_productivity(fine, raster, fine, tmp_path / "o.tif")
    assert "odd one: 4 cells hold no value from -1 to 1 (such as 3)" in str(result.warnings[0])
    odd[:] = 7
    raster = RasterInput(write_raster(tmp_path / "c.tif", odd), name="odd one")
    with pytest.raises(InputError, match="odd one holds no value from -1 to 1"):
        compute_land_productivity(fine, raster, fine, tmp_path / "p.tif")
    assert not (tmp_path / "p.tif").exists()


def test_imported_lpd(tmp_path):
    values = np.array([[0, 1, 2, 3], [4, 5, 15, 99]], np.uint8)
    raster = RasterInput(write_raster(tmp_path / "jrc.tif", values), name="jrc")
    result = import_land_productivity(raster, tmp_path / "o.tif")
    lpd, classes = read(tmp_path / "o.tif")
    none = -32768
    assert lpd.tolist() == [[none, 1, 2, 3], [4, 5, none, none]]
    assert classes.tolist() == [[none, -1, -1, 0], [0, 1, none, none]]
    assert result.cells[[0, 1, 2, 3, 4, -1]].tolist() == [1, 1, 1, 1, 1, 3]
    assert "jrc: 1 cells hold no value from 1 to 5 (such as 99)" in str(result.warnings[0])


def test_lpd_does_not_depend_on_blocks_threads_and_drivers(tmp_path, monkeypatch, small_blocks):
    random = np.random.default_rng(11)
    place = {"crs": "EPSG:4326", "origin": (10.0, 70.0), "cell": (0.1, -0.1), **TILED}
    rasters = [
        RasterInput(
            write_raster(
                tmp_path / f"{n}.tif",
                random.choice([-1, 0, 1, -9], (120, 90)).astype(np.int16),
                nodata=-9,
                **place,
            )
        )
        for n in range(3)
    ]
    found = []
    for driver, cells in product(DRIVER_NAMES, (1, 1 << 20)):
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
        workers = Workers(2 if cells == 1 else 1)
        monkeypatch.setattr(source, "driver_name_of", lambda _path, driver=driver: driver)
        result = compute_land_productivity(*rasters, tmp_path / "lpd.tif", workers=workers)
        found.append((read(tmp_path / "lpd.tif").tobytes(), list(result.cells), list(result.km2)))
    assert all(each == found[0] for each in found[1:])
    assert max(small_blocks) > min(small_blocks)
    assert sum(found[0][1]) == 120 * 90


def test_fao_wocat(ndvi, tmp_path, monkeypatch, small_blocks):
    path, _ = ndvi
    task = FaoWocatTask(stack_inputs(path), YEARS, YearSpan(2000, 2015))
    found = []
    for driver, workers in product(DRIVER_NAMES, (Workers(1), Workers(2, memory_mb=1))):
        monkeypatch.setattr(source, "driver_name_of", lambda _path, driver=driver: driver)
        result = compute_fao_wocat(task, tmp_path / "fao.tif", workers=workers)
        found.append((read(tmp_path / "fao.tif").tobytes(), list(result.cells)))
    assert all(each == found[0] for each in found[1:])
    assert max(small_blocks) > min(small_blocks)
    assert sum(found[0][1]) == 90 * 70
    assert found[0][1][-1] >= 25
    few = FaoWocatTask(stack_inputs(path, 7), YEARS[:7], YearSpan(2000, 2006))
    with pytest.raises(InputError, match=r"7 of the years 2000–2006 .* at least 8"):
        compute_fao_wocat(few, tmp_path / "o.tif")
    long = FaoWocatTask(stack_inputs(path), YEARS, YearSpan(1950, 2015))
    with pytest.raises(InputError, match="are 66: more than the 59"):
        compute_fao_wocat(long, tmp_path / "o.tif")


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(1, 40), st.sampled_from([1, 2, 5]))
def test_any_shape(tmp_path_factory, height, width, memory):
    folder = tmp_path_factory.mktemp("shape")
    random = np.random.default_rng(height * 100 + width)
    values = random.integers(1, 9_000, (5, height, width)).astype(np.int16)
    path = write_raster(folder / "n.tif", values)
    task = ProductivityPerformanceTask(
        stack_inputs(path, 5), YEARS[:5], YearSpan(2000, 2004), fewest_cells=1
    )
    result = compute_productivity_performance(
        task, folder / "o.tif", workers=Workers(2, memory_mb=memory)
    )
    mean = values.mean(axis=0) / 1e4
    assert result.unit_reference[0] == pytest.approx(np.percentile(mean, 90), abs=0.5001e-4)
    assert result.cells.sum() == height * width


def test_tasks_travel_to_a_cluster(ndvi, units, tmp_path, monkeypatch):
    path, _ = ndvi
    polygons = UnitPolygons(
        [polygon_wkb(box(600_000, 1_190_000, 605_000, 1_200_000))],
        get_driver().wkt(UTM_18N),
        ["all"],
    )
    sent = []

    def run_elsewhere(function, tasks, count, executor, workers, progress):
        for task in tasks:
            function_there, task_there = pickle.loads(pickle.dumps((function, task)))
            sent.append(function_there.__name__)
            yield pickle.loads(pickle.dumps(function_there(task_there)))

    monkeypatch.setattr(blocks, "run_tasks", run_elsewhere)
    compute_productivity_state(state_task(path), tmp_path / "s.tif")
    compute_productivity_performance(
        performance_task(path, units=units, polygons=polygons), tmp_path / "p.tif"
    )
    state, performance = (RasterInput(str(tmp_path / name)) for name in ("s.tif", "p.tif"))
    compute_land_productivity(state, state, performance, tmp_path / "l.tif")
    compute_fao_wocat(
        FaoWocatTask(stack_inputs(path), YEARS, YearSpan(2000, 2015)), tmp_path / "f.tif"
    )
    assert len(sent) >= 5
