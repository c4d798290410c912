"""Which raster library is used where, and coordinates through both."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import DRIVERS

from dbar_qgis_plugin.errors import InputError, MissingDependencyError
from dbar_qgis_plugin.raster_io import drivers
from dbar_qgis_plugin.raster_io.drivers import default_driver_name, get_driver


@pytest.fixture
def choose(monkeypatch, tmp_path):
    def place(rasterio=False, osgeo=False, bundled=False):
        folders = {"rasterio": tmp_path / "rasterio", "osgeo": tmp_path / "osgeo"}
        if bundled:
            (tmp_path / "rasterio.libs").mkdir()
        present = {"rasterio": rasterio, "osgeo": osgeo}
        monkeypatch.setattr(
            drivers, "_found", lambda name: folders[name] if present[name] else None
        )
        default_driver_name.cache_clear()
        try:
            return default_driver_name()
        finally:
            default_driver_name.cache_clear()

    return place


def test_rasterio_alone(choose):
    assert choose(rasterio=True) == "rasterio"


def test_gdal_alone(choose):
    assert choose(osgeo=True) == "gdal"


def test_a_wheel_beside_gdal_is_left_alone(choose):
    assert choose(rasterio=True, osgeo=True, bundled=True) == "gdal"


def test_neither(choose):
    with pytest.raises(MissingDependencyError, match="python3-gdal"):
        choose()


def test_rasterio_is_used_where_it_shares_gdal(choose):
    gdal = pytest.importorskip("osgeo.gdal")
    rasterio = pytest.importorskip("rasterio")
    shared = gdal.__version__ == rasterio.__gdal_version__
    assert choose(rasterio=True, osgeo=True) == ("rasterio" if shared else "gdal")


@pytest.mark.parametrize("driver", DRIVERS)
def test_points_outside_a_projection_are_nan(driver):
    library = get_driver(driver)
    mollweide = library.wkt("+proj=moll +datum=WGS84 +units=m +no_defs")
    x = np.array([[0.0, 1.7e7], [1e6, -1.79e7]])
    y = np.array([[0.0, 8e6], [1e6, 5e6]])
    longitude, latitude = library.transform_points(mollweide, library.wkt("EPSG:4326"), x, y)
    assert longitude.shape == (2, 2)
    assert np.isfinite(longitude[:, 0]).all()
    assert np.isnan(longitude[:, 1]).all()
    assert np.isnan(latitude[:, 1]).all()
    assert longitude[1, 0] == pytest.approx(10.04, abs=0.05)


@pytest.mark.parametrize("driver", DRIVERS)
def test_axes_are_east_and_north(driver):
    library = get_driver(driver)
    x, y = library.transform_points(
        library.wkt("EPSG:4326"), library.wkt("EPSG:32618"), np.array([-75.0]), np.array([10.0])
    )
    assert x[0] == pytest.approx(500_000, abs=0.01)
    assert 1.1e6 < y[0] < 1.11e6


@pytest.mark.parametrize("driver", DRIVERS)
def test_crs(driver):
    library = get_driver(driver)
    utm, geographic = library.wkt("EPSG:32618"), library.wkt("EPSG:4326")
    assert not library.same_crs(utm, geographic)
    assert library.is_geographic(geographic)
    assert not library.is_geographic(utm)
    with pytest.raises(InputError, match="not known"):
        library.wkt("EPSG:0")


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_cache_is_set_and_told(driver):
    library = get_driver(driver)
    before = library.set_cache(64_000_000)
    assert library.set_cache(before) == 64_000_000
