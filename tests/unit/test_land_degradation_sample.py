"""The sample region of SDG 15.3.1: the same every time, complete, and with something to see."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dbar_qgis_plugin.errors import Cancelled, OutputError
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    LAND_COVER_YEARS,
    NDVI_YEARS,
    write_land_degradation_sample,
)
from dbar_qgis_plugin.pipelines.zone_painting import zone_painter
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.polygons import Polygons
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_land_degradation_sample(tmp_path_factory.mktemp("sample") / "region")


def read(path):
    source = open_source(str(path))
    return source.read(source.grid.window)


def test_all_rasters_are_on_one_grid(sample):
    grids = [open_source(str(path)).grid for path in sample.files if path.suffix == ".tif"]
    assert len(grids) == 8
    assert all(grid == grids[0] for grid in grids)


def test_ndvi_has_a_band_a_year_and_some_gaps(sample):
    info = open_source(str(sample.ndvi)).info
    assert info.descriptions == tuple(f"NDVI {year}" for year in NDVI_YEARS)
    assert info.dtypes[0] == "int16"
    values, valid = read(sample.ndvi)
    assert 0 < values[valid].min() < values[valid].max() < 10_000
    always = valid.all(axis=0)
    never = ~valid.any(axis=0)
    assert 0.02 < never.mean() < 0.08  # the lake and the river
    assert 0.02 < (~always & ~never).mean() < 0.15  # clouds
    slopes = np.tensordot(np.arange(24) - 11.5, values, axes=1) / 1150.0
    assert (slopes[always] < -20).mean() > 0.03
    assert (slopes[always] > 20).mean() > 0.03


def test_land_cover_changes_and_keeps_to_its_classes(sample):
    covers = [read(path).values[0] for path in sample.land_cover]
    assert len(covers) == len(LAND_COVER_YEARS)
    for cover in covers:
        assert set(np.unique(cover)) == set(range(1, 8))
    first, _, last = covers
    changed = first != last
    assert 0.03 < changed.mean() < 0.2
    assert ((first == 1) & (last == 3)).sum() > 200  # forest cleared
    assert ((first == 3) & (last == 5)).sum() > 50  # a town on fields


def test_carbon_zones_and_people(sample):
    stock, valid = read(sample.soc_stock)
    assert not valid[0][read(sample.land_cover[0]).values[0] == 7].any()
    assert 4 <= stock[valid].min() < stock[valid].max() < 150
    assert set(np.unique(read(sample.climate_zones).values)) <= set(range(1, 13))
    people = read(sample.population).values[0]
    assert 50_000 < people.sum() < 200_000
    assert ((people > 0) & (people < 1)).mean() > 0.2


def test_provinces_cover_the_region_without_overlap(sample):
    features = json.loads(sample.provinces.read_text(encoding="utf-8"))["features"]
    assert len({feature["properties"]["name"] for feature in features}) == 6
    rings = [np.array(feature["geometry"]["coordinates"][0]) for feature in features]
    points = np.concatenate(rings)
    polygons = Polygons(
        points[:, 0],
        points[:, 1],
        np.cumsum([0, *map(len, rings)]),
        np.arange(6),
        np.zeros(6, dtype=bool),
        6,
        get_driver().wkt("EPSG:4326"),
    )
    grid = open_source(str(sample.ndvi)).grid
    painter = zone_painter(polygons, grid)
    assert not painter.overlaps.any()
    painted = painter.paint(grid.window)
    assert (painted >= 0).mean() > 0.9
    # Borders meet: no cell between two provinces is left out.
    inside = painted[10:-10, 10:-10]
    assert (inside >= 0).all()
    assert (np.bincount(inside.ravel(), minlength=6) > 3000).all()


def test_it_is_the_same_every_time(sample, tmp_path):
    again = write_land_degradation_sample(tmp_path)
    for one, other in zip(sample.files, again.files, strict=True):
        assert one.name == other.name
        if one.suffix == ".tif":
            assert (read(one).values == read(other).values).all()
        else:
            assert one.read_text() == other.read_text()


def test_files_that_exist_are_kept(tmp_path):
    (tmp_path / "soil_units.tif").write_text("mine")
    with pytest.raises(OutputError, match=r"already holds soil_units\.tif"):
        write_land_degradation_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["soil_units.tif"]


def test_cancel_leaves_nothing(tmp_path):
    calls = iter([False, False, False, True])
    with pytest.raises(Cancelled):
        write_land_degradation_sample(
            tmp_path / "new", progress=Progress(is_cancelled=lambda: next(calls, True))
        )
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        write_land_degradation_sample(tmp_path / "file" / "folder")
