"""Drought hazard and exposure on rasters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, UTM_18N, box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines import inputs
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.drought_hazard import (
    DroughtHazardTask,
    compute_drought_hazard,
    year_blocks,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.drought_hazard_tables import area_table, exposure_table
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

ND = -32768
WKT = rasterio.crs.CRS.from_user_input(UTM_18N).to_wkt()
LEFT, TOP = 600_000, 1_200_000


def stack(path, values, dtype="int16", **options):
    """One raster with a band per year."""
    name = write_raster(path, np.asarray(values, dtype), nodata=ND, **options)
    return [RasterInput(name, band=band + 1, name=path.stem) for band in range(len(values))]


def computed(tmp_path, task, **options):
    output = tmp_path / "drought.tif"
    result = compute_drought_hazard(task, output, **options)
    with rasterio.open(output) as written:
        return result, dict(zip(written.descriptions, written.read(), strict=True))


def rows(table):
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def test_a_drought_in_the_fourth_year_alone_is_found(tmp_path):
    """Trends.Earth's blocks of four years skip the fourth: 2003 and 2007 would be lost."""
    values = np.full((8, 1, 3), 400)
    values[3, 0, 0] = -1700  # 2003
    values[7, 0, 1] = -2600  # 2007
    years = range(2000, 2008)
    _, bands = computed(tmp_path, DroughtHazardTask(stack(tmp_path / "spi.tif", values), years))
    assert list(bands) == [
        "drought_2000_2003", "drought_2004_2007",
        "lowest_spi_2000_2003", "lowest_spi_2004_2007",
    ]  # fmt: skip
    assert bands["drought_2000_2003"].tolist() == [[3, 0, 0]]
    assert bands["drought_2004_2007"].tolist() == [[0, 4, 0]]
    assert bands["lowest_spi_2000_2003"].tolist() == [[-1700, 400, 400]]
    assert bands["lowest_spi_2004_2007"].tolist() == [[400, -2600, 400]]


def test_a_last_shorter_block_is_kept_and_named_as_such(tmp_path):
    values = np.zeros((6, 1, 2)) + [[[100, 100]]]
    values[5, 0, 0] = -1100
    task = DroughtHazardTask(stack(tmp_path / "spi.tif", values), range(2000, 2006))
    result, bands = computed(tmp_path, task)
    assert list(bands)[:2] == ["drought_2000_2003", "drought_2004_2005"]
    assert bands["drought_2004_2005"].tolist() == [[2, 0]]
    assert [block.year_count for block in result.blocks] == [4, 2]
    assert "The last block, 2004–2005, has 2 years instead of 4." in map(str_of, result.notes)


def str_of(message):
    return message.template.format(**message.values)


def test_blocks_begin_with_the_first_year_asked_for(tmp_path):
    spi = stack(tmp_path / "spi.tif", np.zeros((4, 1, 1)))
    task = DroughtHazardTask(spi, [2001, 2003, 2009, 2010], first=2000, last=2009)
    found = [(str(b.span), b.layers, b.year_count) for b in year_blocks(task)]
    # 2004–2007 has no raster at all.
    assert found == [("2000–2003", (0, 1), 2), ("2008–2009", (2,), 1)]
    result, bands = computed(tmp_path, task)
    assert list(bands)[:2] == ["drought_2000_2003", "drought_2008_2009"]
    missing = "2000, 2002, 2004, 2005, 2006, 2007, 2008"
    assert f"SPI: no raster of {missing}; computed without." in map(str_of, result.notes)
    each = year_blocks(replace(task, block_years=1, first=None, last=None))
    assert [block.span.first for block in each] == [2001, 2003, 2009, 2010]


def test_gaps_are_counted(tmp_path):
    values = [[[ND, 100, ND]], [[-1200, 200, ND]]]
    spi = stack(tmp_path / "spi.tif", values)
    result, bands = computed(tmp_path, DroughtHazardTask(spi, [2000, 2001]))
    assert bands["drought_2000_2001"].tolist() == [[2, 0, ND]]
    assert bands["lowest_spi_2000_2001"].tolist() == [[-1200, 100, ND]]
    assert [str_of(line)[:39] for line in result.warnings] == [
        "2000–2001: 1 cells have no data in some"
    ]
    assert result.persons is None


@pytest.mark.parametrize(("convention", "expected"), [("prais4", 4), ("trends_earth", 3)])
def test_conventions(tmp_path, convention, expected):
    spi = stack(tmp_path / "spi.tif", [[[-2000, 0, -1]]])
    task = DroughtHazardTask(spi, [2000], convention=convention)
    result, bands = computed(tmp_path, task)
    assert bands["drought_2000_2000"].tolist() == [[expected, expected == 4, 1]]
    (row,) = rows(exposure_table(task, result, ""))
    # SPI < 0 with Trends.Earth, SPI <= 0 with the UNCCD's manual.
    share = 100 if convention == "prais4" else 200 / 3
    assert row["drought_pct"] == pytest.approx(share, rel=1e-5)


@pytest.mark.parametrize(
    ("dtype", "scale", "stored"), [("float32", None, -1.6), ("int16", 100.0, -160)]
)
def test_scales(tmp_path, dtype, scale, stored):
    spi = stack(tmp_path / "spi.tif", [[[stored]]], dtype)
    result, bands = computed(tmp_path, DroughtHazardTask(spi, [2000], scale=scale))
    assert bands["drought_2000_2000"].item() == 3
    assert bands["lowest_spi_2000_2000"].item() == -1600
    assert f"SPI is taken as value / {scale or 1:g}." in map(str_of, result.notes)


def test_area_and_people_by_zone(tmp_path):
    spi = stack(tmp_path / "spi.tif", [[[-1200, 300, -300, ND], [-1200, -2500, 300, 300]]])
    persons = [[0.4, 1.5, 2.25, 7.0], [0.4, 0.1, 0.0, -99.0]]
    population = write_raster(tmp_path / "people.tif", np.array(persons))
    west = polygon_wkb(box(LEFT, TOP - 200, LEFT + 200, TOP))
    east = polygon_wkb(box(LEFT + 200, TOP - 200, LEFT + 400, TOP))
    away = polygon_wkb(box(LEFT, TOP + 1000, LEFT + 200, TOP + 1200))
    task = DroughtHazardTask(
        spi,
        [2000],
        population=RasterInput(population),
        zone_wkb=(west, east, away, None),
        zone_crs=WKT,
        zone_names=("West", "East", "Away", "Shapeless"),
    )
    result, _ = computed(tmp_path, task)
    table = rows(area_table(task, result, "All"))
    assert len(table) == 5 * 6
    found = {(row["zone"], row["class_name"]): row for row in table}
    moderate = found["West", "moderate"]
    assert (moderate["drought"], moderate["level"], moderate["n_years"]) == (2, "zone", 1)
    assert moderate["km2"] == pytest.approx(0.02, rel=2e-3)
    assert moderate["km2_pct"] == pytest.approx(50, rel=1e-5)
    assert moderate["persons"] == pytest.approx(0.8, abs=1e-9)
    assert moderate["persons_pct"] == pytest.approx(100 * 0.8 / 2.4, rel=1e-8)
    assert found["West", "extreme"]["persons"] == pytest.approx(0.1, abs=1e-9)
    assert found["East", "no_data"]["drought"] == ND
    assert found["East", "no_data"]["persons"] == 7.0
    assert found["East", "no_data"]["km2_pct"] is None
    assert found["Away", "none"]["km2"] == 0.0
    assert found["Away", "none"]["km2_pct"] is None
    assert found["All", "moderate"]["level"] == "total"
    assert found["All", "mild"]["persons"] == 2.25
    exposure = {row["zone"]: row for row in rows(exposure_table(task, result, "All"))}
    assert exposure["West"]["drought_km2"] == pytest.approx(0.03, rel=2e-3)
    assert exposure["West"]["exposed"] == pytest.approx(0.9, abs=1e-9)
    assert exposure["East"]["drought_pct"] == pytest.approx(100 / 3, rel=1e-5)
    assert exposure["East"]["exposed_pct"] == 100.0
    assert exposure["East"]["nodata_persons"] == 7.0
    assert exposure["All"]["exposed"] == pytest.approx(0.9 + 2.25, abs=1e-9)
    assert [str_of(line) for line in result.warnings] == [
        "Zones without a cell of the rasters (2): Away, Shapeless"
    ]


def test_parts_of_persons_are_not_lost(tmp_path):
    """Truncated to whole numbers, 0.4 persons a cell would be nobody."""
    spi = stack(tmp_path / "spi.tif", np.full((1, 300, 300), -1100))
    people = write_raster(tmp_path / "people.tif", np.full((300, 300), 0.4))
    task = DroughtHazardTask(spi, [2000], population=RasterInput(people))
    result, _ = computed(tmp_path, task)
    assert exposure_table(task, result, "")["exposed"] == [pytest.approx(36_000, abs=1e-3)]


def test_people_of_a_finer_raster_are_added_up(tmp_path):
    spi = stack(tmp_path / "spi.tif", [[[-1200, 300], [ND, -300]]])
    fine = np.kron([[1.0, 2.0], [4.0, 8.0]], np.full((4, 4), 1 / 16))
    people = write_raster(tmp_path / "people.tif", fine, cell=(25.0, -25.0))
    task = DroughtHazardTask(spi, [2000], population=RasterInput(people, name="people"))
    result, _ = computed(tmp_path, task)
    (row,) = rows(exposure_table(task, result, ""))
    assert (row["exposed"], row["known_persons"], row["nodata_persons"]) == (9.0, 11.0, 4.0)
    assert "people is resampled to the reference grid (sum)." in map(str_of, result.notes)


def test_values_that_are_no_spi(tmp_path):
    spi = stack(tmp_path / "spi.tif", [[[-9999, 300, -1200]]])
    result, bands = computed(tmp_path, DroughtHazardTask(spi, [2000]))
    assert bands["drought_2000_2000"].tolist() == [[ND, 0, 2]]
    assert [str_of(line) for line in result.warnings] == [
        "SPI: 1 values lie beyond ±9, which no SPI does; they count as no data."
    ]


def refused(tmp_path, task, words, error=InputError):
    with pytest.raises(error, match=words):
        computed(tmp_path, task)
    assert not list(tmp_path.glob("drought*"))


def test_refusals(tmp_path):
    spi = stack(tmp_path / "spi.tif", [[[300, -1200]], [[300, -1200]]])
    task = DroughtHazardTask(spi, [2000, 2001])
    refused(tmp_path, replace(task, first=2010, last=2012), "0 of the years 2010–2012 have")
    refused(tmp_path, replace(task, first=2005), "years 2005 to 2001: the last comes before")
    refused(tmp_path, replace(task, scale=1.0), r"of 4 values, 4 lie beyond ±9 when divided by 1")
    empty = stack(tmp_path / "empty.tif", np.full((2, 1, 2), ND))
    refused(tmp_path, replace(task, spi=empty), "SPI: no cell has data")
    fractions = stack(tmp_path / "f.tif", [[[0.3, -1.2]]], "float32")
    refused(tmp_path, replace(task, spi=[spi[0], *fractions]), "some rasters hold whole numbers")
    far = stack(tmp_path / "far.tif", [[[300, -1200]]], origin=(700_000.0, 1_300_000.0))
    refused(tmp_path, replace(task, spi=[spi[0], *far]), "far does not overlap", GridError)
    people = RasterInput(write_raster(tmp_path / "p.tif", [[1.0]], crs=None), name="people")
    refused(tmp_path, replace(task, population=people), "people has no coordinate ref", GridError)
    plain = stack(tmp_path / "plain.tif", [[[300, -1200]]] * 2, crs=None)
    refused(tmp_path, replace(task, spi=plain), "plain has no coordinate reference", GridError)
    away = polygon_wkb(box(LEFT, TOP + 1000, LEFT + 200, TOP + 1200))
    refused(
        tmp_path,
        replace(task, zone_wkb=(away,), zone_crs=WKT),
        "No zone overlaps the raster spi",
    )


def test_cancel_leaves_nothing(tmp_path):
    task = DroughtHazardTask(stack(tmp_path / "spi.tif", [[[300]]]), [2000])
    with pytest.raises(Cancelled):
        computed(tmp_path, task, progress=Progress(is_cancelled=lambda: True))
    assert not list(tmp_path.glob("drought*"))


@pytest.mark.parametrize("driver", DRIVERS)
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, driver):
    rng = np.random.default_rng(4)
    tiled = {"tiled": True, "blockxsize": 16, "blockysize": 32, "cell": (1000, -1000)}
    values = rng.integers(-3000, 3000, (6, 140, 93))
    values[rng.random(values.shape) < 0.3] = ND
    values[:, 70:75] = ND
    spi = stack(tmp_path / "a.tif", values[:5], **tiled)
    spi += stack(tmp_path / "b.tif", values[5:], **tiled)
    people = rng.random((140, 93)) * 10
    zones = [
        polygon_wkb(box(LEFT + 1000 * x, TOP - 90_000, LEFT + 1000 * x + 40_000, TOP - 10_000))
        for x in (0, 30)
    ]
    task = DroughtHazardTask(
        spi,
        range(2000, 2006),
        population=RasterInput(write_raster(tmp_path / "people.tif", people, **tiled)),
        zone_wkb=zones,
        zone_crs=WKT,
        zone_names=("one", "two"),
    )
    expected, first = computed(tmp_path, task, workers=Workers(threads=1))
    lowest = np.ma.masked_equal(values, ND)
    for number, years in enumerate((slice(0, 4), slice(4, 6))):
        band = lowest[years].min(axis=0).filled(ND)
        assert (list(first.values())[2 + number] == band).all()
        # Bounds in rising order; a value that is one of them belongs below it.
        class_ = 4 - np.digitize(band, [-2000, -1500, -1000, 0], right=True)
        found = list(first.values())[number]
        assert (found == np.where(band == ND, ND, class_)).all()
        inside = people[10:90, :40]
        for code in range(5):
            sure = inside[found[10:90, :40] == code].sum()
            assert expected.persons[0, number, code] == pytest.approx(sure, rel=1e-9)
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 600)
    open_with = inputs.open_source
    monkeypatch.setattr(inputs, "open_source", lambda *a, **k: open_with(*a, **k, driver=driver))
    result, bands = computed(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert all((bands[name] == first[name]).all() for name in first)
    assert (result.km2 == expected.km2).all()
    assert (result.persons == expected.persons).all()
    assert str_of(result.warnings[-1]).startswith("Zones that overlap another (2)")
