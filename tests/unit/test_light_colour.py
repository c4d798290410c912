"""Colour of night light: ratios, types and shares by zone, with numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raster_fixtures import box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.kernels.light_colour import brightness, colour_ratios, spectral_types
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_colour import (
    LightColourTask,
    compute_light_colour,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

NAMES = ("red", "green", "blue")


def test_ratios_by_hand():
    found = colour_ratios(np.array([6.0]), np.array([2.0]), np.array([1.0]))[:, 0]
    assert found == pytest.approx([3.0, 0.5, -4 / 8, -1 / 3, -4 / 8 - 1 / 3])


def test_a_zero_denominator_gives_no_value():
    found = colour_ratios(np.array([1.0, 0.0]), np.array([0.0, -1.0]), np.array([-1.0, 1.0]))
    # No green: no ratio to it. G + R and B + G are 0 one by one.
    assert np.isnan(found[:2, 0]).all()
    assert found[2, 0] == -1.0
    assert found[:2, 1].tolist() == [0.0, -1.0]
    assert np.isnan(found[3:, 1]).all()
    assert not np.isinf(found).any()


def test_brightness():
    assert brightness(10.0, 100.0, 1000.0) == pytest.approx(2.989 + 58.70 + 114.0)


def test_types_at_their_cuts():
    red = np.array([9.0, 9.1, 9.1, 1.0, 1.0, 1.0, 5.0])
    green = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, -1.0])
    blue = np.array([0.57, 0.9, 0.1, 0.57, 0.58, 9.0, 9.0])
    lit = np.ones(7, dtype=bool)
    # The cuts themselves are not above; red comes before white; no green, no type.
    assert spectral_types(red, green, blue, lit).tolist() == [3, 2, 2, 3, 1, 4, 4]
    assert spectral_types(red, green, blue, ~lit).tolist() == [0] * 7
    assert spectral_types(red, green, blue, lit, red_cut=8.0, blue_cut=0.1)[0] == 2


def scene(path, values, **options):
    """Write a raster in colour and return it as an input."""
    settings = {"nodata": -9999.0, "descriptions": NAMES} | options
    return RasterInput(write_raster(path, values, **settings), name="scene")


# Types of the cells: white, red; other, dark; undefined, no data.
VALUES = np.array(
    [
        [[1.0, 19.0], [2.0, 0.0], [1.0, 1.0]],
        [[1.0, 1.0], [2.0, 0.0], [0.0, 1.0]],
        [[1.0, 0.0], [1.0, 0.0], [1.0, -9999.0]],
    ],
    dtype=np.float32,
)


def row(result, zone, kind):
    columns = result.columns
    place = list(zip(columns["zone"], columns["type"], strict=True)).index((zone, kind))
    return {name: values[place] for name, values in columns.items()}


def test_shares_by_hand(tmp_path):
    raster = scene(tmp_path / "rgb.tif", VALUES)
    indices, types = str(tmp_path / "indices.tif"), str(tmp_path / "types.tif")
    result = compute_light_colour(LightColourTask([raster], unit="other"), indices, types)
    source = open_source(types)
    assert source.info.descriptions == ("spectral_type",)
    assert source.info.nodata == (255.0,)
    block = source.read(source.grid.window)
    assert block.values[0].tolist() == [[1, 2], [3, 0], [4, 0]]
    assert block.valid[0].tolist() == [[True, True], [True, True], [True, False]]
    # Light of the lit cells: 3 + 20 + 5 + 2 = 30; blue 1 + 0 + 1 + 1 = 3.
    white, red, lit = (row(result, "", kind) for kind in ("white_led", "red_led", "lit"))
    assert (white["cells"], lit["cells"], result.lit_cells) == (1, 4, 4)
    assert white["light_pct"] == pytest.approx(10.0) == pytest.approx(result.led_share)
    assert red["light_pct"] == pytest.approx(200.0 / 3.0)
    assert lit["blue_pct"] == pytest.approx(10.0) == pytest.approx(result.blue_share)
    assert white["cells_pct"] == pytest.approx(25.0) == pytest.approx(white["km2_pct"], rel=1e-4)
    # Cells of 100 m by 100 m in UTM: a hundredth of a km2, but for the map's scale.
    assert lit["km2"] == pytest.approx(0.04, rel=2e-3)
    assert row(result, "", "dark")["cells_pct"] is None
    bands = open_source(indices)
    assert bands.info.descriptions[:2] == ("RRLI", "RBLI")
    values = bands.read(bands.grid.window)
    assert values.values[:, 1, 0] == pytest.approx(
        [1.0, 0.5, 0.0, -1 / 3, -1 / 3, 0.2989 * 2 + 0.5870 * 2 + 0.1140, 5.0]
    )
    assert not values.valid[0, 2, 0]  # no green
    assert values.valid[5:, 2, 0].all()
    assert not values.valid[:, 2, 1].any()


@pytest.mark.parametrize(("unit", "factor"), [("W m-2 sr-1 um-1", 1.0), ("nW cm-2 sr-1", 100.0)])
def test_units_give_the_same_types(tmp_path, unit, factor):
    """Radiance of the bands is brought back to micrometres, which the cuts are meant for."""
    rasterio = pytest.importorskip("rasterio")
    widths = np.array([294.0, 106.0, 102.0])[:, np.newaxis, np.newaxis]
    values = np.array([[[1e-5, 9e-5]], [[1e-5, 1e-5]], [[0.9e-5, 0.5e-5]]])
    stored = values * (widths * factor if factor > 1 else 1.0)
    raster = scene(tmp_path / "rgb.tif", stored.astype(np.float64))
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.units = (unit,) * 3
    types, indices = str(tmp_path / "types.tif"), str(tmp_path / "indices.tif")
    result = compute_light_colour(LightColourTask([raster], red_cut=8.9), indices, types)
    assert open_source(types).read(open_source(types).grid.window).values.tolist() == [[[1, 2]]]
    assert result.warnings == ()
    assert result.unit == "nW cm-2 sr-1"
    found = open_source(indices).read(open_source(indices).grid.window).values
    assert found[0].tolist() == [[pytest.approx(1.0), pytest.approx(9.0)]]
    total = 100.0 * (1e-5 * 294 + 1e-5 * 106 + 0.9e-5 * 102)
    assert found[6, 0, 0] == pytest.approx(total, rel=1e-6)


def test_digital_numbers_are_warned_of(tmp_path):
    raster = scene(tmp_path / "dn.tif", np.full((3, 1, 1), 7, dtype=np.uint16), nodata=0)
    result = compute_light_colour(LightColourTask([raster]), "", str(tmp_path / "t.tif"))
    assert "digital numbers" in str(result.warnings[0])
    floats = scene(tmp_path / "f.tif", np.ones((3, 1, 1), dtype=np.float32))
    result = compute_light_colour(LightColourTask([floats]), "", str(tmp_path / "t.tif"))
    assert "does not state its unit" in str(result.warnings[0])


def test_three_rasters_and_a_mask(tmp_path):
    rasters = [
        RasterInput(write_raster(tmp_path / f"{name}.tif", band, nodata=-9999.0))
        for name, band in zip(NAMES, VALUES, strict=True)
    ]
    mask = RasterInput(
        write_raster(
            tmp_path / "mask.tif", np.array([[1, 0], [1, 1], [255, 1]], np.uint8), nodata=255
        )
    )
    path = str(tmp_path / "t.tif")
    compute_light_colour(LightColourTask(rasters, unit="other", lit_mask=mask), "", path)
    block = open_source(path).read(open_source(path).grid.window)
    assert block.values[0].tolist() == [[1, 0], [3, 4], [0, 0]]
    assert block.valid[0].tolist() == [[True, True], [True, True], [False, False]]


def test_zones_and_their_total(tmp_path):
    raster = scene(tmp_path / "rgb.tif", VALUES)
    left, top = 600_000.0, 1_200_000.0
    wkb = [
        polygon_wkb(box(left, top - 100, left + 200, top)),
        polygon_wkb(box(left, top - 300, left + 200, top - 100)),
        None,
    ]
    zones = Zones(["north", "south", "none"], wkb, open_source(raster.path).grid.crs, "all")
    task = LightColourTask([raster], unit="other", zones=zones)
    result = compute_light_colour(task, "", str(tmp_path / "t.tif"))
    assert row(result, "north", "lit")["light"] == pytest.approx(23.0)
    assert row(result, "south", "undefined")["cells"] == 1
    assert row(result, "all", "lit")["light"] == pytest.approx(30.0)
    assert row(result, "none", "lit")["light_pct"] is None
    assert row(result, "none", "lit")["flags"] == "NO_GEOMETRY"
    assert "none" in str(result.warnings[-1])


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(memory=st.sampled_from([1, 2, 4]), threads=st.sampled_from([1, 3]))
def test_blocks_and_threads_change_no_digit(tmp_path, memory, threads):
    random = np.random.default_rng(5)
    values = random.normal(1.0, 1.0, (3, 300, 280)).astype(np.float32)
    raster = scene(
        tmp_path / "rgb.tif", values, tiled=True, blockxsize=64, blockysize=64, crs="EPSG:4326",
        cell=(0.001, -0.001), origin=(10.0, 40.0),
    )  # fmt: skip
    path = str(tmp_path / "t.tif")
    whole = compute_light_colour(LightColourTask([raster]), "", path)
    parts = compute_light_colour(
        LightColourTask([raster]), "", path, workers=Workers(threads, memory)
    )
    assert parts.columns == whole.columns


def test_the_background_is_dark(tmp_path):
    # Three of five cells hold the background, with a bias that calibration has added.
    values = np.full((3, 1, 5), 1.7e-5, dtype=np.float32)
    values[:, 0, 3] = 5e-5, 4e-5, 3e-5
    values[:, 0, 4] = -1e-5
    raster = scene(tmp_path / "rgb.tif", values)
    path = str(tmp_path / "t.tif")
    task = LightColourTask([raster], unit="other")
    result = compute_light_colour(task, "", path)
    assert open_source(path).read(open_source(path).grid.window).values.tolist() == [
        [[0, 0, 0, 1, 0]]
    ]
    assert str(result.notes[0]).startswith("Dark up to a brightness of 1.7")
    typed = compute_light_colour(LightColourTask([raster], unit="other", dark=0.0), "", path)
    assert typed.lit_cells == 4
    assert typed.notes == ()
    # Without a common value nothing stands out.
    mixed = scene(tmp_path / "m.tif", np.arange(1, 16, dtype=np.float32).reshape(3, 1, 5))
    assert compute_light_colour(LightColourTask([mixed]), "", path).lit_cells == 5


def test_nothing_to_measure(tmp_path):
    empty = scene(tmp_path / "e.tif", np.full((3, 2, 2), -9999.0, dtype=np.float32))
    with pytest.raises(InputError, match="scene holds no data inside the zones"):
        compute_light_colour(LightColourTask([empty]), "", str(tmp_path / "t.tif"))
    assert not (tmp_path / "t.tif").exists()
    dark = scene(tmp_path / "d.tif", np.zeros((3, 1, 1), dtype=np.float32))
    result = compute_light_colour(LightColourTask([dark]), "", str(tmp_path / "t.tif"))
    assert result.lit_cells == 0
    assert np.isnan(result.led_share)
    away = scene(tmp_path / "a.tif", VALUES, origin=(0.0, 0.0))
    here = scene(tmp_path / "rgb.tif", VALUES)
    task = LightColourTask([here], lit_mask=away)
    with pytest.raises(GridError, match="does not overlap"):
        compute_light_colour(task, "", str(tmp_path / "t.tif"))
    two = scene(tmp_path / "two.tif", VALUES[:2], descriptions=())
    with pytest.raises(InputError, match="2 bands"):
        compute_light_colour(LightColourTask([two]), "", str(tmp_path / "t.tif"))
