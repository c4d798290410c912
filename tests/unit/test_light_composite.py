"""Composites of night lights against numpy and against figures worked out by hand."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_composite import (
    STATISTICS,
    LightCompositeTask,
    compute_light_composite,
)
from dbar_qgis_plugin.raster_io.workers import Workers

ND = 0


def compose(tmp_path, layers, **options):
    """Compose arrays, one raster a date."""
    rasters = tuple(
        RasterInput(
            write_raster(
                tmp_path / f"light_2020{month:02d}01.tif",
                np.asarray(values),
                nodata=ND,
                descriptions=options.get("descriptions", ()),
            )
        )
        for month, values in enumerate(layers, start=1)
    )
    options.pop("descriptions", None)
    path = tmp_path / "composite.tif"
    result = compute_light_composite(LightCompositeTask(rasters, **options), path)
    dataset = rasterio.open(path)
    return result, dataset.read(), dataset


def test_figures_worked_out_by_hand(tmp_path):
    dates = [[[1, 4, 0]], [[9, 0, 0]], [[3, 8, 0]]]
    layers = [np.array(layer, dtype=np.uint16) for layer in dates]
    _, median, dataset = compose(tmp_path, layers)
    assert dataset.descriptions == ("median", "valid_count")
    assert dataset.nodata == -9999
    np.testing.assert_array_equal(median, [[[3, 6, -9999]], [[3, 2, 0]]])
    _, mean, _ = compose(tmp_path, layers, statistic="mean", least_valid=3)
    np.testing.assert_allclose(mean[0], [[13 / 3, -9999, -9999]], rtol=1e-7)
    # Between the second and the third of 1, 3, 9, a tenth of the way.
    _, percentile, dataset = compose(tmp_path, layers, statistic="percentile", percentile=55)
    assert dataset.descriptions[0] == "p55"
    assert percentile[0, 0, 0] == pytest.approx(3.6)


def test_sub_counts_are_kept_and_dates_known(tmp_path):
    result, values, dataset = compose(
        tmp_path, [np.full((2, 2), 1, np.uint16), np.full((2, 2), 2, np.uint16)], statistic="mean"
    )
    assert dataset.dtypes == ("float32", "float32")
    assert (values[0] == 1.5).all()
    assert (str(result.begin), str(result.end)) == ("2020-01-01", "2020-02-01")
    told = dataset.tags()
    assert (told["DBAR_DATE_BEFORE"], told["DBAR_DATE"]) == ("2020-01-01", "2020-02-01")
    assert result.cells.tolist() == [0, 0, 4]


def test_colours_are_composed_one_by_one_where_all_have_data(tmp_path):
    names = ("red", "green", "blue")
    first = np.array([[[2, 2]], [[4, 4]], [[6, 6]]], dtype=np.uint16)
    second = np.array([[[4, 0]], [[8, 9]], [[8, 9]]], dtype=np.uint16)
    _, values, dataset = compose(tmp_path, [first, second], statistic="mean", descriptions=names)
    assert dataset.descriptions == (*names, "valid_count")
    np.testing.assert_array_equal(values, [[[3, 2]], [[6, 4]], [[7, 6]], [[2, 1]]])


@pytest.mark.parametrize("statistic", STATISTICS)
def test_random_stacks_equal_numpy(tmp_path, statistic):
    rng = np.random.default_rng(5)
    values = rng.gamma(0.4, 8.0, (7, 30, 40)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    path = write_raster(tmp_path / "cube.tif", values, nodata=np.nan)
    out = tmp_path / "out.tif"
    task = LightCompositeTask((RasterInput(path),), statistic, percentile=90.0)
    result = compute_light_composite(task, out)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cells without any value
        expected = {
            "median": lambda v: np.nanmedian(v, axis=0),
            "mean": lambda v: np.nanmean(v, axis=0, dtype=np.float64),
            "percentile": lambda v: np.nanpercentile(v, 90, axis=0),
        }[statistic](values)
    expected[np.isnan(expected)] = -9999
    found = rasterio.open(out).read()
    np.testing.assert_allclose(found[0], expected, rtol=2e-7)
    np.testing.assert_array_equal(found[1], np.isfinite(values).sum(axis=0))
    assert result.dates == 7


def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch):
    rng = np.random.default_rng(6)
    rasters = [
        RasterInput(
            write_raster(
                tmp_path / f"{number}.tif",
                rng.gamma(0.4, 8.0, (300, 520)).astype(np.float32),
                origin=(600_000.0 + 37.0 * number, 1_200_000.0),
                tiled=True,
                blockxsize=128,
                blockysize=128,
            )
        )
        for number in range(4)
    ]
    found = []
    for driver in DRIVER_NAMES:
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, name=driver: name
        )
        for workers in (Workers(threads=1), Workers(threads=3, memory_mb=2)):
            out = tmp_path / "out.tif"
            compute_light_composite(LightCompositeTask(tuple(rasters)), out, workers=workers)
            with rasterio.open(out) as dataset:
                found.append(dataset.read())
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_refusals(tmp_path):
    one = write_raster(tmp_path / "one.tif", np.ones((2, 2), np.float32))
    three = write_raster(tmp_path / "three.tif", np.ones((3, 2, 2), np.float32))
    far = write_raster(tmp_path / "far.tif", np.ones((2, 2), np.float32), origin=(0.0, 0.0))
    out = tmp_path / "out.tif"
    for rasters, options, kind, words in (
        ([one], {}, InputError, "at least two dates"),
        ([one, three], {}, InputError, "three.tif has 3 bands, but"),
        ([one, far], {}, GridError, "far.tif does not overlap"),
        ([one, one], {"least_valid": 3}, InputError, "3 dates with data are asked for"),
    ):
        task = LightCompositeTask(tuple(map(RasterInput, rasters)), **options)
        with pytest.raises(kind) as caught:
            compute_light_composite(task, out)
        assert words in str(caught.value)
        assert not out.exists()


@pytest.mark.parametrize(
    "names, told",
    [
        (("Red", "Green", "Blue"), True),
        (("B", "G", "R", ""), True),
        (("PL", "PH", "HDR"), True),
        (("red", "green"), False),
        (("2020-01", "2020-02", "2020-03"), False),
        ((), False),
    ],
)
def test_bands_named_as_those_of_a_scene_are_told(tmp_path, names, told):
    values = np.ones((len(names) or 3, 2, 2), np.float32)
    result, _, _ = compose(tmp_path, [values], descriptions=names)
    assert result.dates == len(values)
    texts = [str(warning) for warning in result.warnings]
    assert [text for text in texts if "its bands were taken for dates" in text] == texts
    assert len(texts) == told
    # As dates of their own they are what is asked for.
    assert not compose(tmp_path, [values, values], descriptions=names)[0].warnings


def test_the_bands_of_a_scene_are_refused_as_dates(tmp_path):
    path = write_raster(tmp_path / "colour.tif", np.ones((3, 2, 2), np.float32))
    scene = "KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A"
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(DBAR_SCENE=scene)
    out = tmp_path / "out.tif"
    with pytest.raises(InputError) as caught:
        compute_light_composite(LightCompositeTask((RasterInput(path),)), out)
    assert f"colour.tif are those of one scene, {scene}, not dates" in str(caught.value)
    assert not out.exists()
    two = LightCompositeTask((RasterInput(path), RasterInput(path)))
    assert compute_light_composite(two, out).dates == 2


def test_mixed_units_are_told(tmp_path):
    paths = []
    for number, unit in enumerate(("nW cm-2 sr-1", "")):
        path = write_raster(tmp_path / f"{number}.tif", np.ones((2, 2), np.float32))
        if unit:
            with rasterio.open(path, "r+") as dataset:
                dataset.update_tags(DBAR_CALIBRATION=json.dumps({"unit": unit}))
        paths.append(RasterInput(path))
    result = compute_light_composite(LightCompositeTask(tuple(paths)), tmp_path / "out.tif")
    assert "hold different quantities (0.tif" not in str(result.warnings[0])
    assert "nW cm-2 sr-1" in str(result.warnings[0])
    assert "1.tif: ?" in str(result.warnings[0])
