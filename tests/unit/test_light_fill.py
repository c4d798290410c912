"""A fill value that a raster of light does not state: told of by every tool that takes light."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import UTM_18N, box, polygon_wkb, write_raster

from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.electrification import (
    ElectrificationTask,
    compute_electrification,
)
from dbar_qgis_plugin.pipelines.night_light.light_change import (
    LightChangeTask,
    LightScene,
    compute_light_change,
)
from dbar_qgis_plugin.pipelines.night_light.light_colour import (
    LightColourTask,
    compute_light_colour,
)
from dbar_qgis_plugin.pipelines.night_light.light_composite import (
    LightCompositeTask,
    compute_light_composite,
)
from dbar_qgis_plugin.pipelines.night_light.light_downscaling import (
    LightDownscalingTask,
    compute_light_downscaling,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.pipelines.night_light.lit_area import LitAreaTask, compute_lit_area
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.workers import Workers

FILL = 65535
SIZE = 40


@pytest.fixture
def raster(tmp_path):
    """A writer of towns in `bands` bands; the fill is put into the last of them."""

    def write(name, fill=None, bands=1, **options):
        values = np.random.default_rng(5).integers(1, 300, (bands, SIZE, SIZE)).astype(np.uint16)
        if fill is not None:
            values[-1, 30:, 33:] = fill
        path = write_raster(tmp_path / f"{name}.tif", values, **options)
        return RasterInput(path, name=name)

    return write


def lit_area(light, out, workers):
    return compute_lit_area(LitAreaTask(light("a"), "fixed"), out, workers=workers)


def electrification(light, out, workers):
    task = ElectrificationTask(light("a"), light("a"))
    return compute_electrification(task, out, workers=workers)


def change(light, out, workers):
    # The fill is in the scene after.
    task = LightChangeTask(light("plain", None), LightScene(light("a")), normalise="none")
    return compute_light_change(task, out, f"{out}.classes.tif", workers=workers)


def composite(light, out, workers):
    task = LightCompositeTask((light("plain", None), light("a")))
    return compute_light_composite(task, out, workers=workers)


def colour(light, out, workers):
    task = LightColourTask([light("a", bands=3)])
    return compute_light_colour(task, out, "", workers=workers)


def downscaling(light, out, workers):
    square = polygon_wkb(box(600_000.0, 1_196_000.0, 604_000.0, 1_200_000.0))
    zones = Zones(["z"], [square], get_driver().wkt(UTM_18N))
    task = LightDownscalingTask(zones, (5.0,), light("a"))
    return compute_light_downscaling(task, out, workers=workers)


TOOLS = [lit_area, electrification, change, composite, colour, downscaling]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__)
@pytest.mark.parametrize(
    "fill, options, told",
    [
        (FILL, {}, True),
        (FILL, {"scales": [0.1], "offsets": [0.0]}, True),
        (FILL, {"nodata": FILL}, False),
        (FILL - 1, {}, False),
    ],
    ids=["unstated", "scaled", "stated", "light"],
)
def test_a_fill_value_that_is_not_stated_is_told(
    tmp_path, monkeypatch, raster, tool, fill, options, told
):
    def light(name, value=fill, bands=1):
        # GDAL wants them for every band.
        given = {key: part * bands if key != "nodata" else part for key, part in options.items()}
        return raster(name, value, bands, **given)

    out = str(tmp_path / "out.tif")
    for cells, threads in ((1 << 20, 1), (300, 2)):
        monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
        found = tool(light, out, Workers(threads=threads))
        texts = [str(warning) for warning in found.warnings]
        lines = [text for text in texts if "cells hold 65535" in text]
        assert len(lines) == told
        assert all(line.startswith("a: ") for line in lines)
