"""Soil organic carbon from files to files: bands, stocks, causes of no result."""

from __future__ import annotations

import pickle
from itertools import product

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import LandCoverSeries
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import (
    climate_zone_factors,
    custom_legend,
    preset_legend,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.soil_organic_carbon import (
    BANDS,
    UNITS,
    SoilOrganicCarbonTask,
    compute_soil_organic_carbon,
    read_factors,
    stock_table,
)
from dbar_qgis_plugin.raster_io import source as source_module
from dbar_qgis_plugin.raster_io.workers import Workers

NAMES = ("Tree", "Grass", "Crop", "Wetland", "Artificial", "Other", "Water")
NODATA = -32768


@pytest.fixture
def make(tmp_path):
    """Write maps (bands of one file), stock and zones, and return a task."""

    def task(maps, years, *, stock=100.0, zones=None, legend=None, series=None, **options):
        maps = np.asarray(maps, dtype=np.uint8)
        path = write_raster(tmp_path / "maps.tif", maps, nodata=0)
        stocks = np.broadcast_to(np.asarray(stock, dtype=np.float32), maps.shape[1:])
        stock_path = write_raster(tmp_path / "stock.tif", stocks, nodata=-1)
        zone_input = None
        if zones is not None:
            zone_path = write_raster(tmp_path / "zones.tif", np.uint8(zones), nodata=15)
            zone_input = RasterInput(zone_path, name="zones")
            options.setdefault("zone_factors", climate_zone_factors())
        rasters = [RasterInput(path, band=b, name="maps") for b in range(1, len(maps) + 1)]
        legend = legend or preset_legend("unccd", NAMES)
        land_cover = LandCoverSeries(rasters, years, legend, **(series or {}))
        return SoilOrganicCarbonTask(
            land_cover, RasterInput(stock_path, name="stock"), zone_input, **options
        )

    return task


def run(task, tmp_path, **options):
    result = compute_soil_organic_carbon(task, tmp_path / "soc.tif", **options)
    with rasterio.open(tmp_path / "soc.tif") as raster:
        assert raster.descriptions == BANDS
        assert raster.units == tuple(unit or None for unit in UNITS) or raster.units == UNITS
        assert set(raster.dtypes) == {"int16"}
        assert raster.nodata == NODATA
        return result, raster.read()


def test_bands(make, tmp_path):
    # Forest to crop, crop to forest, forest to artificial, water to forest, nothing, no data.
    maps = [[[1, 3, 1, 7, 2, 0]], [[3, 1, 5, 1, 2, 1]]]
    result, bands = run(make(maps, (2000, 2015), factor=0.58), tmp_path)
    assert bands[0].tolist() == [[-1, 1, -1, NODATA, 0, NODATA]]
    gain = 100 * (1 / 0.58 - 1) * 8 / 20
    assert bands[1, 0, :3].tolist() == [-1680, round(100 * gain), -3600]
    assert bands[2].tolist() == [[1000, 1000, 1000, NODATA, 1000, NODATA]]
    assert bands[3].tolist() == [[832, round(1000 + 10 * gain), 640, NODATA, 1000, NODATA]]
    cell = result.class_km2[1]
    assert result.class_km2 == pytest.approx((2 * cell, cell, cell), rel=1e-5)
    expected = {"no_land_cover": cell, "water": cell, "no_stock": 0.0, "no_factor": 0.0}
    assert result.missing_km2 == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("years", "final"),
    [((2000, 2015), 83), ((2001, 2015), 85), ((2000, 2020), 79), ((2000, 2050), 58)],
)
def test_the_peers_two_dates(make, tmp_path, years, final):
    task = make([[[1]], [[3]]], years, factor=0.58, convention="trends_earth")
    _, bands = run(task, tmp_path)
    assert bands[:, 0, 0].tolist() == [-1, 100 * (final - 100), 1000, 10 * final]


def test_zones_give_the_factor(make, tmp_path):
    zones = [[12, 10, 9, 2, 1]]
    _, bands = run(make([[[1] * 5], [[3] * 5]], (2000, 2050), zones=zones), tmp_path)
    assert bands[3].tolist() == [[580, 480, 640, 800, 690]]


def test_zone_0_and_missing_zones(make, tmp_path):
    """Crop to forest in zone 0 is +32,667 % with the peer; here it has no result."""
    maps = [[[3, 3, 3, 1, 3, 1]], [[1, 1, 1, 5, 3, 3]]]
    zones = [[0, 15, 99, 0, 15, 12]]
    result, bands = run(make(maps, (2000, 2015), zones=zones), tmp_path)
    assert bands[0].tolist() == [[NODATA, NODATA, NODATA, -1, 0, -1]]
    assert result.missing_km2["no_factor"] == pytest.approx(0.03, rel=2e-3)
    texts = [str(warning) for warning in result.warnings]
    assert any("zones that the table of factors lacks: 99 (0.0" in text for text in texts)
    assert any("have no result: their change of land cover needs the factor" in t for t in texts)
    filled, bands = run(make(maps, (2000, 2015), zones=zones, factor=0.8), tmp_path)
    assert bands[3].tolist() == [[1100, 1100, 1100, 640, 1000, 832]]
    assert filled.missing_km2["no_factor"] == 0.0


def test_neither_zones_nor_factor(make, tmp_path):
    with pytest.raises(InputError, match="Give either a raster of climate zones or one factor"):
        run(make([[[1]], [[3]]], (2000, 2015)), tmp_path)


def test_an_annual_series_and_a_second_change(make, tmp_path):
    maps = np.full((8, 1, 2), 1)
    maps[1:, 0, :] = 3  # crop from 2001 on
    maps[6:, 0, 1] = 5  # built over from 2006 on
    task = make(maps, range(2000, 2008), factor=0.58)
    result, bands = run(task, tmp_path)
    second = 100 - 5 * 2.1
    assert bands[3].tolist() == [[round(10 * (100 - 14.7)), round(10 * (second - second * 0.09))]]
    table = stock_table(task, result)
    crop = [i for i, name in enumerate(table["name"]) if name == "Crop"]
    assert [table["year"][i] for i in crop] == list(range(2000, 2008))
    assert [table["mean_t_ha"][i] for i in crop] == [
        None,
        *(pytest.approx(100 - 2.1 * n, rel=1e-5) for n in range(1, 8)),
    ]
    hectare = result.km2[0, 0] * 100 / 2
    assert result.tonnes[0, 0] == pytest.approx(200 * hectare, rel=1e-5)
    assert result.tonnes.sum(axis=1)[-1] == pytest.approx(
        (85.3 + second * 0.91) * hectare, rel=1e-5
    )
    # The same stack as two dates: the change is in the middle, and the first is not seen.
    _, bands = run(make(maps, range(2000, 2008), factor=0.58, method="two_dates"), tmp_path)
    assert bands[3].tolist() == [[round(10 * (100 - 2.1 * 4)), round(10 * (100 - 4.5 * 4))]]


def test_years_within_a_series(make, tmp_path):
    maps = np.full((11, 1, 1), 1)
    maps[1:] = 3
    years = range(2000, 2011)
    task = make(maps, years, factor=0.58, series={"year_initial": 2005, "year_final": 2010})
    _, bands = run(task, tmp_path)
    # The stock runs from 2000 on; 89.5 to 79.0 is -11.7 %.
    assert bands[:, 0, 0].tolist() == [-1, round(100 * -10.5 / 0.895), 895, 790]


def test_gaps_in_a_series_are_told(make, tmp_path):
    maps = [[[1]], [[3]], [[3]]]
    result, _ = run(make(maps, (2000, 2005, 2006), factor=0.58), tmp_path)
    assert "leaves out years (2000–2005)" in str(result.warnings[0])


def test_classes_of_an_own_legend(make, tmp_path):
    classes = [(1, "Dense", 1), (2, "Thin", 1), (3, "Field", 3)]
    legend = custom_legend([(11, 1), (12, 2), (20, 3)], classes, NAMES, ("a", "b"))
    # From dense to thin forest is no change of the UNCCD class, and does not stop a clock.
    maps = [[[11, 12]], [[12, 20]], [[12, 20]]]
    task = make(maps, (2000, 2001, 2002), factor=0.58, legend=legend)
    result, bands = run(task, tmp_path)
    assert bands[3].tolist() == [[1000, 958]]
    assert np.count_nonzero(result.km2, axis=1).tolist() == [2, 2, 2]


def test_a_legend_of_more_than_ten_classes(make, tmp_path):
    # The peer codes later changes with 10 whatever the legend: 1 * 10 + 12 would be 2 to 2.
    classes = [(number, f"Class {number}", 1) for number in range(1, 11)]
    classes += [(11, "Field", 3), (12, "Town", 5)]
    legend = custom_legend([(n, n) for n, _, _ in classes], classes, NAMES, ("a", "b"))
    maps = [[[1]], [[11]], [[11]], [[12]], [[12]]]
    _, bands = run(make(maps, range(2000, 2005), factor=0.58, legend=legend), tmp_path)
    reached = 100 - 2 * 2.1
    assert bands[3].tolist() == [[round(10 * reached * (1 - 2 * 0.045))]]


def test_tasks_travel_to_a_cluster(make):
    task = make([[[1]], [[3]]], (2000, 2015), zones=[[12]])
    copy = pickle.loads(pickle.dumps(task))
    assert (copy.series, copy.stock, copy.zone_factors) == (
        task.series,
        task.stock,
        task.zone_factors,
    )


def test_cells_without_a_stock(make, tmp_path):
    stock = [[100.0, 0.0, -1.0, np.nan]]
    result, bands = run(
        make([[[1] * 4], [[3] * 4]], (2000, 2015), stock=stock, factor=0.5), tmp_path
    )
    assert bands[0].tolist() == [[-1, NODATA, NODATA, NODATA]]
    assert result.missing_km2["no_stock"] == pytest.approx(0.03, rel=2e-3)


def test_a_part_of_a_year(make, tmp_path):
    with pytest.raises(InputError, match=r"2000\.5 is not a whole year"):
        run(make([[[1]], [[3]]], (2000.5, 2015), factor=0.5), tmp_path)


def test_unknown_codes(make, tmp_path):
    with pytest.raises(InputError, match="codes on 50 % of its area"):
        run(make([[[1, 9]], [[3, 3]]], (2000, 2015), factor=0.5), tmp_path)
    assert not (tmp_path / "soc.tif").exists()


def test_factors_in_words():
    with pytest.raises(InputError, match="Factors: “half” is not a factor"):
        read_factors([["half"] * 7] * 7, "Factors")


def test_neither_blocks_nor_threads_nor_the_driver_matter(tmp_path, monkeypatch):
    random = np.random.default_rng(4)
    options = {"tiled": True, "blockxsize": 64, "blockysize": 64}
    place = {"crs": "EPSG:4326", "origin": (10.0, 60.0), "cell": (0.05, -0.05)}
    maps = random.integers(0, 8, (3, 200, 260)).astype(np.uint8)
    stock = (random.random((100, 130)) * 150).astype(np.float32)
    zones = random.integers(0, 13, (50, 65)).astype(np.uint8)
    path = write_raster(tmp_path / "maps.tif", maps, nodata=0, **place, **options)
    coarse = place | {"cell": (0.1, -0.1)}
    stock_path = write_raster(tmp_path / "stock.tif", stock, **coarse)
    coarser = place | {"cell": (0.2, -0.2)}
    zone_path = write_raster(tmp_path / "zones.tif", zones, nodata=15, **coarser)
    monkeypatch.setattr(source_module, "_CELLS_PER_TILE", 64 * 64)
    rasters = [RasterInput(path, band=band, name="maps") for band in (1, 2, 3)]
    series = LandCoverSeries(rasters, (2000, 2001, 2012), preset_legend("unccd", NAMES))
    task = SoilOrganicCarbonTask(
        series,
        RasterInput(stock_path),
        RasterInput(zone_path),
        zone_factors=climate_zone_factors(),
    )
    found = []
    ways = (Workers(1, memory_mb=2), Workers(3, memory_mb=256), Workers(2, memory_mb=16))
    for driver, workers in product(DRIVER_NAMES, ways):
        monkeypatch.setattr(source_module, "driver_name_of", lambda _path, driver=driver: driver)
        found.append(run(task, tmp_path, workers=workers))
    first, bands = found[0]
    assert first.missing_km2["no_factor"] > 0.0
    for result, others in found[1:]:
        assert np.array_equal(bands, others)
        assert np.array_equal(first.tonnes, result.tonnes)
        assert np.array_equal(first.km2, result.km2)
        assert (first.class_km2, first.missing_km2) == (result.class_km2, result.missing_km2)
