"""Lit area and electrification on real rasters: the figures on record, and what scipy finds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbar_qgis_plugin.kernels.electrification import surroundings_weights
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.electrification import (
    ElectrificationTask,
    compute_electrification,
)
from dbar_qgis_plugin.pipelines.night_light.lit_area import LitAreaTask, compute_lit_area

ROOT = Path(__file__).resolve().parents[2]
NIGHT = Path(os.environ.get("DBAR_DATA", ROOT.parent / "shared" / "data")) / "night_light"
BURUNDI = NIGHT / "gridfinder"
SAO_TOME = NIGHT / "rnightlights_saotome"

pytestmark = pytest.mark.skipif(
    not BURUNDI.is_dir(), reason=f"no real data in {NIGHT} (set DBAR_DATA)"
)


def burundi(method, tmp_path, **options):
    # Cells of 0 are blank in this file.
    task = ElectrificationTask(
        RasterInput(str(BURUNDI / "ntl.tif"), name="light"),
        RasterInput(str(BURUNDI / "pop.tif"), name="people"),
        method,
        light_nodata="dark",
        thresholds=(0.3, 0.5, 1.0),
        **options,
    )
    return compute_electrification(task, str(tmp_path / "m.tif"))


def test_burundi_by_thresholds(tmp_path):
    result = burundi("fixed", tmp_path)
    with rasterio.open(BURUNDI / "pop.tif") as dataset:
        people = dataset.read(1, masked=True).astype(np.float64).sum()
    # People are those of the raster, 11.13 million, to the last digit that a sum of floats holds.
    assert result.people == pytest.approx(people, rel=1e-14)
    assert result.people / 1e6 == pytest.approx(11.13, abs=0.005)
    shares = [round(share, 1) for share in result.curve["electrified_pct"]]
    assert shares == [22.4, 18.6, 14.2]
    assert result.share == result.curve["electrified_pct"][1]


def test_burundi_by_contrast(tmp_path):
    signal = pytest.importorskip("scipy.signal")
    result = burundi("contrast", tmp_path)
    assert round(result.share, 1) == 22.6
    with rasterio.open(BURUNDI / "ntl.tif") as dataset:
        light = dataset.read(1)
    around = signal.convolve2d(light, surroundings_weights(), mode="same")
    with rasterio.open(tmp_path / "m.tif") as dataset:
        found = dataset.read(1)
    # Cell for cell: nowhere within rounding of the limit.
    assert np.abs(light - around - 0.1).min() > 1e-9
    assert np.array_equal(found == 1, light - around >= 0.1)
    assert (found == 1).sum() == 1345


def test_sao_tome_beside_each_other(tmp_path):
    """DMSP in whole numbers beside VIIRS with small negatives, in an ocean without data."""
    out = str(tmp_path / "m.tif")
    dmsp, viirs = sorted(SAO_TOME.glob("*.tif"))
    for path in (dmsp, viirs):
        with rasterio.open(path) as dataset:
            values = dataset.read(1, masked=True)
        for method in ("otsu", "perimeter"):
            result = compute_lit_area(LitAreaTask(RasterInput(str(path)), method), out)
            assert result.threshold > 0.0
            lit = values.astype(np.float32) >= np.float32(result.threshold)
            assert result.columns["lit_cells"] == [int(lit.sum())]
            assert result.columns["cells"] == [int(values.count())]
        # The land of both islands is 964 km2.
        assert 900.0 < result.columns["area_km2"][0] < 1050.0
