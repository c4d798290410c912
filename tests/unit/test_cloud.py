"""Rasters for sharing: cloud optimised, with all that the original tells."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.raster_io import cloud
from dbar_qgis_plugin.raster_io.cloud import write_cloud_optimised
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress


@pytest.fixture(params=DRIVERS)
def driver(request, monkeypatch):
    monkeypatch.setattr(cloud, "get_driver", lambda _name: get_driver(request.param))


def classes(height=1200, width=1100):
    return np.random.default_rng(1).integers(-1, 2, (height, width)).astype("int16")


def test_all_that_the_raster_tells_is_kept(driver, tmp_path):
    values = classes()
    values[:40] = -32768
    source = write_raster(
        tmp_path / "a.tif",
        np.stack([values, values]),
        nodata=-32768,
        descriptions=("one", "two"),
        scales=(0.5, 1.0),
        offsets=(2.0, 0.0),
    )
    with rasterio.open(source, "r+") as dataset:
        dataset.update_tags(DBAR_ALGORITHM="dbar:x", DBAR_PARAMETERS="/home/me/a.tif")
        dataset.set_band_unit(1, "t/ha")
    target = tmp_path / "b.tif"
    write_cloud_optimised(source, target, {"DBAR_PARAMETERS": "a.tif"})
    with rasterio.open(source) as old, rasterio.open(target) as new:
        assert new.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        np.testing.assert_array_equal(old.read(), new.read())
        for name in ("nodatavals", "scales", "offsets", "units", "descriptions", "transform"):
            assert getattr(old, name) == getattr(new, name), name
        assert new.crs == old.crs
        assert new.tags()["DBAR_ALGORITHM"] == "dbar:x"
        assert new.tags()["DBAR_PARAMETERS"] == "a.tif"
        assert old.tags()["DBAR_PARAMETERS"] == "/home/me/a.tif"
        assert new.overviews(1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tif", "b.tif"]


def test_classes_stay_classes_in_overviews_and_others_are_means(driver, tmp_path):
    source = write_raster(tmp_path / "a.tif", classes(), nodata=-32768)
    write_cloud_optimised(source, tmp_path / "b.tif")
    with rasterio.open(tmp_path / "b.tif", overview_level=0) as overview:
        assert set(np.unique(overview.read())) <= {-1, 0, 1}
    source = write_raster(tmp_path / "c.tif", classes().astype("float32"))
    write_cloud_optimised(source, tmp_path / "d.tif")
    with rasterio.open(tmp_path / "d.tif", overview_level=0) as overview:
        assert len(np.unique(overview.read())) > 3


def test_what_is_no_raster_is_refused_and_nothing_is_left(driver, tmp_path):
    (tmp_path / "a.tif").write_text("no raster")
    with pytest.raises(InputError, match=r"a\.tif cannot be opened"):
        write_cloud_optimised(tmp_path / "a.tif", tmp_path / "b.tif")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.skipif(find_spec("osgeo") is None, reason="only GDAL's own bindings can be stopped")
def test_it_is_stopped_midway_and_nothing_is_left(tmp_path):
    source = write_raster(tmp_path / "a.tif", classes(2000, 2000).astype("float32"))
    shares: list[float] = []
    write_cloud_optimised(source, tmp_path / "b.tif", {"X": "y"}, Progress(shares.append))
    assert shares == sorted(shares) and shares[-1] == 1.0
    (tmp_path / "b.tif").unlink()
    shares.clear()
    with pytest.raises(Cancelled):
        write_cloud_optimised(
            source,
            tmp_path / "b.tif",
            progress=Progress(shares.append, lambda: bool(shares) and shares[-1] > 0.2),
        )
    assert 0.2 < shares[-1] < 0.9
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]
