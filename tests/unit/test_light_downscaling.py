"""Totals of zones spread by light: they add up again, to the last digits."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, UTM_18N, box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_downscaling import (
    LightDownscalingTask,
    compute_light_downscaling,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.workers import Workers

X, Y = 600_000.0, 1_200_000.0


def cells(col, row, columns, rows):
    """Outline of whole cells of the test raster."""
    return polygon_wkb(
        box(X + 100 * col, Y - 100 * (row + rows), X + 100 * (col + columns), Y - 100 * row)
    )


def zones(*shapes):
    names = [f"z{number}" for number in range(len(shapes))]
    return Zones(names, list(shapes), get_driver().wkt(UTM_18N))


def light(tmp_path, values, name="light.tif", **options):
    return RasterInput(write_raster(tmp_path / name, np.asarray(values, np.float32), **options))


def test_figures_worked_out_by_hand(tmp_path):
    values = [[1, 3, 0, 0, 7], [0, 0, 0, 0, 7], [-5, 2, 0, 0, 7]]
    people = [[9, 9, 0, 0, 1], [9, 9, 1, 3, 1], [9, 9, 0, 0, 1]]
    task = LightDownscalingTask(
        zones(
            cells(0, 0, 2, 2),  # lit: 1 and 3
            cells(2, 0, 2, 2),  # no light, people 1 and 3
            cells(2, 2, 2, 1),  # neither
            cells(0, 2, 2, 1),  # a negative cell weighs nothing
            polygon_wkb(box(X + 10, Y - 40, X + 30, Y - 10)),  # holds no centre
            cells(4, 0, 1, 3),  # unknown total
        ),
        (8.0, 40.0, 5.0, 1.0, 3.0, None),
        light(tmp_path, values),
        light(tmp_path, people, "people.tif"),
    )
    out = tmp_path / "out.tif"
    result = compute_light_downscaling(task, out)
    with rasterio.open(out) as dataset:
        assert dataset.descriptions == ("amount",)
        assert dataset.dtypes == ("float64",)
        found = dataset.read(1)
    nd = -9999
    np.testing.assert_array_equal(
        found, [[2, 6, 0, 0, nd], [0, 0, 10, 30, nd], [0, 1, 2.5, 2.5, nd]]
    )
    assert result.columns["basis"] == [
        "light",
        "population",
        "uniform",
        "light",
        "nowhere",
        "light",
    ]
    assert result.columns["spread"] == [8.0, 40.0, 5.0, 1.0, 0.0, None]
    assert result.columns["lit_cells"] == [2, 0, 0, 1, 0, 3]
    lines = " ".join(map(str, result.warnings))
    assert "spread by their people (1): z1" in lines
    assert "spread evenly (1): z2" in lines
    assert "whose total is lost (1): z4" in lines


def test_by_person_and_exponent(tmp_path):
    shape = cells(0, 0, 2, 1)
    inputs = light(tmp_path, [[1, 4]]), light(tmp_path, [[8, 1]], "people.tif")
    out = tmp_path / "out.tif"
    task = LightDownscalingTask(zones(shape), (12.0,), *inputs, by_person=True)
    compute_light_downscaling(task, out)
    np.testing.assert_allclose(rasterio.open(out).read(1), [[8.0, 4.0]], rtol=1e-9)
    task = LightDownscalingTask(zones(shape), (12.0,), inputs[0], exponent=0.5)
    compute_light_downscaling(task, out)
    np.testing.assert_allclose(rasterio.open(out).read(1), [[4.0, 8.0]], rtol=1e-9)


def test_zones_keep_their_totals_whatever_the_blocks(tmp_path, monkeypatch):
    rng = np.random.default_rng(4)
    values = rng.gamma(0.3, 20.0, (300, 400)) * (rng.random((300, 400)) < 0.4)
    raster = light(tmp_path, values, tiled=True, blockxsize=128, blockysize=128)
    shapes = [
        polygon_wkb(star(X + x, Y - y, 2500.0))
        for x, y in ((6e3, 6e3), (15e3, 20e3), (30e3, 10e3), (33e3, 24e3))
    ]
    totals = (1_234_567.0, 0.1, 3.0, 1e9)
    found = []
    for driver in DRIVER_NAMES:
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, name=driver: name
        )
        for workers in (Workers(threads=1), Workers(threads=3, memory_mb=1)):
            out = tmp_path / "out.tif"
            task = LightDownscalingTask(zones(*shapes), totals, raster, exponent=1.3)
            compute_light_downscaling(task, out, workers=workers)
            with rasterio.open(out) as dataset:
                found.append(dataset.read(1))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)
    # The zones lie in the quarters of the raster, apart from each other.
    quarters = np.where(found[0] == -9999, 0.0, found[0])
    for total, part in zip(
        totals,
        (quarters[:130, :130], quarters[130:, :230], quarters[:160, 240:], quarters[180:, 280:]),
        strict=True,
    ):
        assert part.sum() == pytest.approx(total, rel=1e-12)


def test_refusals(tmp_path):
    raster = light(tmp_path, [[1, 2]])
    far = polygon_wkb(box(0.0, 0.0, 100.0, 100.0))
    out = tmp_path / "out.tif"
    for task, words in (
        (LightDownscalingTask(zones(cells(0, 0, 1, 1)), (-1.0,), raster), "The total of z0 is -1"),
        (
            LightDownscalingTask(zones(cells(0, 0, 1, 1)), (1.0,), raster, by_person=True),
            "there is no population raster",
        ),
        (LightDownscalingTask(zones(far), (1.0,), raster), "No zone overlaps the raster"),
    ):
        with pytest.raises(InputError) as caught:
            compute_light_downscaling(task, out)
        assert words in str(caught.value)
        assert not out.exists()
