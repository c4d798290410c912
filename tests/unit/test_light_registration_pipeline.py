"""Registration of whole rasters: bands and dates, local shifts, real rasters, refusals, blocks."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster
from sdgsat_fixtures import write_scene
from test_image_registration import lamps

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light import light_registration
from dbar_qgis_plugin.pipelines.night_light.light_registration import (
    LightRegistrationTask,
    cell_size,
    check_light_registration,
    patch_rings,
    register_light,
    shift_table,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers


def raster(path, values, dtype="uint16", **options) -> RasterInput:
    values = np.asarray(values)
    return RasterInput(write_raster(path, values.astype(dtype), **options), name=path.stem)


def registered(tmp_path, task, **options):
    out = tmp_path / "registered.tif"
    result = register_light(task, str(out), **options)
    with rasterio.open(out) as dataset:
        return result, dataset.read()


SIZE = (200, 180)
RED, BLUE = (0.6, -1.3), (-0.8, 0.45)


def colour(shape=SIZE, red=RED, blue=BLUE):
    return np.stack([lamps(shape, red), lamps(shape), lamps(shape, blue)])


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("resampling", ["bilinear", "cubic"])
def test_bands_onto_green(tmp_path, local, resampling):
    values = colour()
    light = raster(tmp_path / "a.tif", values, nodata=0)
    task = LightRegistrationTask(light, patch=96, local=local, resampling=resampling)
    result, found = registered(tmp_path, task)
    assert [(shift.band, shift.against) for shift in result.shifts] == [(1, "2"), (3, "2")]
    for shift, planted in zip(result.shifts, (RED, BLUE), strict=True):
        assert (shift.whole.down, shift.whole.right) == pytest.approx(planted, abs=0.1)
        assert shift.whole.quality > 5
        away = shift.nodes - np.array(planted)[:, np.newaxis, np.newaxis]
        assert np.abs(away).max() < 0.15
    assert (found[1] == values[1]).all()
    # What is left of the difference to green.
    inner = (slice(5, -5), slice(5, -5))
    for band in (0, 2):
        before = np.abs(values[band] - values[1])[inner].sum()
        after = np.abs(found[band].astype(float) - values[1])[inner].sum()
        assert after < 0.35 * before


def test_a_scene_of_a_product(tmp_path):
    scene = write_scene(
        tmp_path, size=(300, 220), halves=("A",), shift=(0.7, -1.1), salt_pepper=0.01, lights=40
    )
    task = LightRegistrationTask(RasterInput(str(scene.rgb["A"])), local=False)
    result, found = registered(tmp_path, task)
    red, blue = result.shifts
    assert (red.whole.down, red.whole.right) == pytest.approx((0.7, -1.1), abs=0.1)
    assert (blue.whole.down, blue.whole.right) == pytest.approx((0, 0), abs=0.1)
    with rasterio.open(scene.rgb["A"]) as dataset:
        swath = dataset.read(1) > 0
    # The swath's edge goes with the light in it.
    assert ((found[0] > 0) != swath).mean() < 0.03


def test_shifts_that_grow_over_the_raster(tmp_path):
    rng = np.random.default_rng(7)
    rows, cols = np.mgrid[:400, :380]
    spots = rng.uniform(0, (400, 380), (300, 2))

    def drawn(move):
        light = np.ones((400, 380))
        for row, col in spots:
            down, right = move(row, col)
            top, left = int(max(row - 12, 0)), int(max(col - 12, 0))
            here = slice(top, top + 25), slice(left, left + 25)
            away = (rows[here] - row - down) ** 2 + (cols[here] - col - right) ** 2
            light[here] += 300 * np.exp(-0.5 * away / 1.2**2)
        return np.rint(light)

    def slope(row, col):
        return 0.5 + 0.003 * col, 1.0 - 0.004 * row

    bands = np.stack([drawn(slope), drawn(lambda *_: (0.0, 0.0))])
    light = raster(tmp_path / "a.tif", bands)
    task = LightRegistrationTask(light, patch=100)
    result, _ = registered(tmp_path, task)
    # With two bands the second goes onto the first: it lies the other way.
    (shift,) = result.shifts
    assert (shift.name, shift.against) == ("2", "1")
    used = [patch for patch in shift.patches if patch.reason == ""]
    assert len(used) >= 12
    nodes_rows = shift.first[0] + shift.step[0] * np.arange(shift.nodes.shape[1])
    nodes_cols = shift.first[1] + shift.step[1] * np.arange(shift.nodes.shape[2])
    grid = np.meshgrid(nodes_rows, nodes_cols, indexing="ij")
    expected = -np.stack([0.5 + 0.003 * grid[1], 1.0 - 0.004 * grid[0]])
    assert np.abs(shift.nodes - expected).max() < 0.15


def test_a_date_onto_a_reference_on_another_grid(tmp_path):
    # The reference begins 20 cells further west and south; the later date lies 3.4, -5.2 cells off.
    whole = lamps((260, 260))
    moved = lamps((260, 260), (3.4, -5.2))
    early = raster(
        tmp_path / "early.tif", whole[30:, :200], origin=(598_000.0, 1_198_000.0), nodata=0
    )
    later = moved[10:210, 20:220]
    light = raster(tmp_path / "later.tif", np.stack([later, later, later]), nodata=0)
    task = LightRegistrationTask(light, early, bands=False, local=False)
    result, found = registered(tmp_path, task)
    (shift,) = result.shifts
    assert (shift.band, shift.name, shift.against) == (0, "later", "early")
    assert (shift.whole.down, shift.whole.right) == pytest.approx((3.4, -5.2), abs=0.1)
    truth = whole[10:210, 20:220]
    inner = (slice(8, -8), slice(8, -8))
    before = np.abs(later - truth)[inner].sum()
    for band in found:
        assert np.abs(band.astype(float) - truth)[inner].sum() < 0.2 * before


def test_bands_and_date_at_once(tmp_path):
    values = colour(red=(1.6, -0.3), blue=(0.2, 1.45))
    values[1] = lamps(SIZE, (1.0, 1.0))
    reference = raster(tmp_path / "reference.tif", lamps(SIZE))
    task = LightRegistrationTask(
        raster(tmp_path / "a.tif", values, descriptions=("red", "green", "blue")),
        reference,
        local=False,
    )
    result, found = registered(tmp_path, task)
    names = [(shift.name, shift.against) for shift in result.shifts]
    assert names == [("red", "green"), ("blue", "green"), ("a", "reference")]
    down = [(shift.whole.down, shift.whole.right) for shift in result.shifts]
    assert down[0] == pytest.approx((0.6, -1.3), abs=0.1)
    assert down[1] == pytest.approx((-0.8, 0.45), abs=0.1)
    assert down[2] == pytest.approx((1.0, 1.0), abs=0.1)
    for band in found:
        away = np.abs(band.astype(float) - lamps(SIZE))[5:-5, 5:-5].sum()
        assert away < 0.35 * np.abs(values[0] - lamps(SIZE))[5:-5, 5:-5].sum()


# -- what is reported


def test_table_and_outlines(tmp_path):
    light = raster(tmp_path / "a.tif", colour())
    result, _ = registered(tmp_path, LightRegistrationTask(light, patch=120))
    table = shift_table(result)
    rows = len(result.shifts) + sum(len(shift.patches) for shift in result.shifts)
    assert {len(column) for column in table.values()} == {rows}
    assert table["part"][0] == "whole"
    assert table["dx_cells"][0] == pytest.approx(RED[1], abs=0.1)
    assert table["dy_m"][0] == pytest.approx(100 * RED[0], abs=10)
    assert (table["x"][0], table["y"][0]) == (600_000 + 90 * 100, 1_200_000 - 100 * 100)
    assert set(table["reason"]) <= {"", "no_light", "weak_peak", "too_far", "outlier"}
    assert all(
        used == (reason == "") for used, reason in zip(table["used"], table["reason"], strict=True)
    )
    rings = patch_rings(result)
    assert len(rings) == rows
    assert rings[0][2] == (618_000.0, 1_180_000.0)
    # Patches begin where both bands have cells: red lies a cell to the left.
    assert rings[1][2] == (612_100.0, 1_188_000.0)


def test_cells_in_metres(tmp_path):
    degrees = raster(
        tmp_path / "d.tif",
        np.ones((4, 4)),
        crs="EPSG:4326",
        origin=(10.0, 60.0),
        cell=(0.01, -0.02),
    )
    height, width = cell_size(open_source(degrees.path).grid, 0, 0)
    # Lengths of a degree at 60 degrees north: 111 412 m and 55 800 m.
    assert (height, width) == pytest.approx((0.02 * 111_412, 0.01 * 55_800), rel=0.002)


def test_names_type_and_metadata_go_on(tmp_path):
    light = raster(tmp_path / "a.tif", colour(), "float32", descriptions=("red", "green", "blue"))
    with rasterio.open(light.path, "r+") as dataset:
        dataset.update_tags(DBAR_DATE="2022-03-04")
    registered(tmp_path, LightRegistrationTask(light), tags={"DBAR_FORMULA": "f"})
    with rasterio.open(tmp_path / "registered.tif") as dataset:
        tags = dataset.tags()
        assert dataset.descriptions == ("red", "green", "blue")
        assert (dataset.dtypes[0], dataset.nodata) == ("float32", -9999)
    assert (tags["DBAR_DATE"], tags["DBAR_FORMULA"]) == ("2022-03-04", "f")
    shifts = json.loads(tags["DBAR_SHIFTS"])
    assert [shift["band"] for shift in shifts] == ["red", "blue"]
    assert shifts[0]["dx_cells"] == pytest.approx(RED[1], abs=0.1)
    assert not list(tmp_path.glob("*.part"))


# -- real rasters, shifted by a known amount

ROOT = Path(__file__).resolve().parents[2]
NIGHT = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "night_light"
REAL = ("gridfinder/ntl.tif", "mumbai/april2012.tif")


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("shift", [(0.3, -0.45), (2.6, -1.75)])
def test_real_rasters(tmp_path, name, shift):
    if not (NIGHT / name).is_file():
        pytest.skip(f"no real data in {NIGHT} (set DBAR_DATA)")
    with rasterio.open(NIGHT / name) as dataset:
        values = np.nan_to_num(dataset.read(1).astype(np.float64))
    # Exact for what a grid of cells can hold.
    down, right = (np.fft.fftfreq(count) for count in values.shape)
    phase = np.exp(-2j * np.pi * (down[:, np.newaxis] * shift[0] + right * shift[1]))
    moved = np.fft.ifft2(np.fft.fft2(values) * phase).real
    light = raster(tmp_path / "a.tif", np.stack([values, moved]), "float32")
    result, _ = registered(tmp_path, LightRegistrationTask(light, local=False))
    whole = result.shifts[0].whole
    assert (whole.down, whole.right) == pytest.approx(shift, abs=0.1)


# -- blocks, threads, drivers


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("resampling", ["bilinear", "cubic"])
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, driver, resampling):
    options = {"tiled": True, "blockxsize": 16, "blockysize": 32, "nodata": 0}
    values = colour()
    values[:, np.add.outer(np.arange(200), np.arange(180)) < 60] = 0
    light = raster(tmp_path / "a.tif", values, **options)
    reference = raster(tmp_path / "r.tif", lamps((200, 180), (0.3, 0.3)), nodata=0)
    task = LightRegistrationTask(light, reference, patch=64, resampling=resampling)
    expected, first = registered(tmp_path, task, workers=Workers(threads=1))
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 900)
    open_with = light_registration.open_source
    monkeypatch.setattr(
        light_registration, "open_source", lambda *a, **k: open_with(*a, **k, driver=driver)
    )
    result, again = registered(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert (again == first).all()
    assert [s.whole for s in result.shifts] == [s.whole for s in expected.shifts]
    # Written out, since not a number is not equal to itself.
    assert repr([s.patches for s in result.shifts]) == repr([s.patches for s in expected.shifts])


# -- input that cannot be registered


def test_nothing_to_register_onto(tmp_path):
    one = raster(tmp_path / "one.tif", lamps((40, 40)))
    with pytest.raises(InputError, match="one: there is nothing to register it onto"):
        check_light_registration(LightRegistrationTask(one))
    three = raster(tmp_path / "three.tif", colour())
    with pytest.raises(InputError, match="three: there is nothing to register it onto"):
        check_light_registration(LightRegistrationTask(three, bands=False))


def test_a_reference_elsewhere(tmp_path):
    one = raster(tmp_path / "one.tif", lamps((40, 40)))
    far = raster(tmp_path / "far.tif", lamps((40, 40)), origin=(100_000.0, 500_000.0))
    with pytest.raises(GridError, match="far does not overlap the reference raster"):
        check_light_registration(LightRegistrationTask(one, far))


def test_a_band_without_light(tmp_path):
    values = colour()
    values[2] = 1
    light = raster(tmp_path / "a.tif", values, descriptions=("red", "green", "blue"))
    with pytest.raises(InputError, match=r"blue matches green nowhere soundly: .* 0\.00 times"):
        register_light(LightRegistrationTask(light), str(tmp_path / "out.tif"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def test_other_lights(tmp_path):
    light = raster(tmp_path / "a.tif", lamps((150, 150), seed=3))
    other = raster(tmp_path / "b.tif", lamps((150, 150), seed=4))
    with pytest.raises(InputError, match="a matches b nowhere soundly"):
        register_light(LightRegistrationTask(light, other), str(tmp_path / "out.tif"))


def test_too_far(tmp_path):
    light = raster(tmp_path / "a.tif", lamps((200, 200), (9.0, 0.0)))
    other = raster(tmp_path / "b.tif", lamps((200, 200)))
    task = LightRegistrationTask(light, other, most_shift=5)
    with pytest.raises(InputError, match=r"a lies 9\.0 cells off b, but at most 5 are allowed"):
        register_light(task, str(tmp_path / "out.tif"))


def test_a_single_row(tmp_path):
    line = lamps((1, 300), count=25)
    light = raster(tmp_path / "a.tif", np.stack([line, np.roll(line, 2, 1)]))
    with pytest.raises(InputError, match=r"a has 1 rows and 300 columns; .* at least 32 of each"):
        check_light_registration(LightRegistrationTask(light))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float64"])
def test_saturated_cores_and_data_types(tmp_path, dtype):
    values = np.minimum(20 * colour(), 254)
    assert (values == 254).mean() > 0.02
    values[:, np.add.outer(np.arange(200), np.arange(180)) < 60] = 0
    light = raster(tmp_path / "a.tif", values, dtype, nodata=0)
    result, found = registered(tmp_path, LightRegistrationTask(light, local=False))
    for shift, planted in zip(result.shifts, (RED, BLUE), strict=True):
        assert (shift.whole.down, shift.whole.right) == pytest.approx(planted, abs=0.1)
    assert found.dtype == (dtype if dtype in ("uint8", "int16") else "float32")


def test_cancel_leaves_nothing(tmp_path):
    light = raster(tmp_path / "a.tif", colour())
    for calls in (0, 3, 6):
        left = iter([False] * calls)
        progress = Progress(is_cancelled=lambda left=left: next(left, True))
        with pytest.raises(Cancelled):
            register_light(
                LightRegistrationTask(light), str(tmp_path / "out.tif"), progress=progress
            )
        assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]
