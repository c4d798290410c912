"""Reading, with both drivers: types, nodata of every kind, scale, other grids."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import DRIVERS, UTM_18N, write_raster

from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.source import close_readers, open_source


@pytest.fixture(autouse=True)
def no_open_files():
    yield
    close_readers()


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    "dtype", ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"]
)
def test_every_type_keeps_its_values(tmp_path, driver, dtype):
    values = np.arange(30 * 20, dtype=dtype).reshape(30, 20) % 251
    source = open_source(write_raster(tmp_path / "a.tif", values), driver=driver)
    block = source.read(Window(5, 3, 10, 8))
    assert block.values.dtype == dtype
    assert np.array_equal(block.values[0], values[5:15, 3:11])
    assert block.valid.all()


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    ("values", "nodata", "valid"),
    [
        (np.array([[1, 255, 3]], "uint8"), 255, [[True, False, True]]),
        (np.array([[1, 255, 3]], "uint8"), -9999, [[True, True, True]]),
        (np.array([[1, -200, np.nan]], "float32"), -200, [[True, False, False]]),
        (np.array([[1, np.inf, np.nan]], "float64"), None, [[True, False, False]]),
        (np.array([[1, -3.4e38, 3]], "float32"), -3.4e38, [[True, False, True]]),
        (np.array([[1, np.nan, 3]], "float32"), np.nan, [[True, False, True]]),
    ],
    ids=["value", "outside the type", "value and NaN", "none", "lowest", "NaN"],
)
def test_nodata(tmp_path, driver, values, nodata, valid):
    if nodata is not None and values.dtype == "uint8" and not 0 <= nodata <= 255:
        path = write_raster(tmp_path / "a.tif", values)
        text = (
            f'<VRTDataset rasterXSize="3" rasterYSize="1"><SRS>{UTM_18N}</SRS>'
            "<GeoTransform>600000,100,0,1200000,0,-100</GeoTransform>"
            f'<VRTRasterBand dataType="Byte" band="1"><NoDataValue>{nodata}</NoDataValue>'
            f"<SimpleSource><SourceFilename>{path}</SourceFilename></SimpleSource>"
            "</VRTRasterBand></VRTDataset>"
        )
        path = str(tmp_path / "a.vrt")
        (tmp_path / "a.vrt").write_text(text)
    else:
        path = write_raster(tmp_path / "a.tif", values, nodata=nodata)
    block = open_source(path, driver=driver).read(Window(0, 0, 1, 3))
    assert block.valid[0].tolist() == valid
    assert np.array_equal(block.values[0][block.valid[0]], values[np.array(valid)])
    assert not block.values[~block.valid].any()


@pytest.mark.parametrize("driver", DRIVERS)
def test_mask_band(tmp_path, driver):
    values = np.arange(12, dtype="uint8").reshape(3, 4)
    mask = values % 3 > 0
    path = write_raster(tmp_path / "a.tif", values, mask=mask)
    block = open_source(path, driver=driver).read(Window(0, 0, 3, 4))
    assert np.array_equal(block.valid[0], mask)


@pytest.mark.parametrize("driver", DRIVERS)
def test_alpha(tmp_path, driver):
    values = np.stack([np.full((3, 4), 7), np.arange(12).reshape(3, 4) % 2 * 255]).astype("uint8")
    path = write_raster(tmp_path / "a.tif", values, photometric="MINISBLACK", alpha="YES")
    block = open_source(path, bands=[1], driver=driver).read(Window(0, 0, 3, 4))
    assert np.array_equal(block.valid[0], values[1] > 0)


@pytest.mark.parametrize("driver", DRIVERS)
def test_scale_and_offset_apply_once(tmp_path, driver):
    values = np.array([[[0, 100], [-32768, 10_000]]], "int16")
    path = write_raster(tmp_path / "a.tif", values, nodata=-32768, scales=(0.0001,), offsets=(0.5,))
    source = open_source(path, driver=driver)
    block = source.read(Window(0, 0, 2, 2))
    assert block.values.dtype == np.float64
    assert np.allclose(block.values[0], [[0.5, 0.51], [0.0, 1.5]])
    assert block.valid[0].tolist() == [[True, True], [False, True]]
    again = open_source(path, driver=driver)
    other = Grid(source.grid.crs, (50.0, 0.0, 600_000.0, 0.0, -50.0, 1_200_000.0), 4, 4)
    finer = again.on_grid(other, "nearest").read(Window(0, 0, 4, 4))
    assert np.allclose(finer.values[0][:2, 2:], 0.51)
    assert not finer.valid[0][2:, :2].any()


@pytest.mark.parametrize("driver", DRIVERS)
def test_bands_apart(tmp_path, driver):
    values = np.stack([np.full((4, 4), band) for band in (10, 20, 30)]).astype("int16")
    values[1, 0, 0] = -1
    source = open_source(
        write_raster(tmp_path / "a.tif", values, nodata=-1), bands=[3, 2], driver=driver
    )
    block = source.read(Window(0, 0, 4, 4))
    assert block.values[:, 1, 1].tolist() == [30, 20]
    assert block.valid[:, 0, 0].tolist() == [True, False]
    assert source.one_band(1).read(Window(1, 1, 1, 1)).values.item() == 10


@pytest.mark.parametrize("driver", DRIVERS)
def test_custom_crs_without_a_code(tmp_path, driver):
    custom = "+proj=laea +lat_0=9.5 +lon_0=-73.1 +ellps=GRS80 +units=m +no_defs"
    path = write_raster(tmp_path / "a.tif", np.ones((5, 5), "uint8"), crs=custom, origin=(0, 0))
    source = open_source(path, driver=driver)
    assert source.grid.cell_areas().mean() == pytest.approx(10_000, rel=1e-5)


def test_without_crs(tmp_path):
    path = write_raster(tmp_path / "plain.tif", np.ones((5, 5), "uint8"), crs=None)
    with pytest.raises(GridError, match=r"built.*no coordinate reference system.*Assign"):
        open_source(path, name="built")


@pytest.mark.parametrize(
    ("crs", "origin", "cell", "fits"),
    [
        ("EPSG:4326", (500_000.0, 4_000_000.0), (100.0, -100.0), False),
        ("EPSG:4326", (10.0, 92.0), (0.1, -0.1), False),
        ("EPSG:4326", (-0.125, 90.125), (0.25, -0.25), True),  # nodes on the pole
        ("EPSG:4326", (340.0, 10.0), (1.0, -1.0), True),
        (UTM_18N, (76.0, 36.0), (0.01, -0.01), False),
        (UTM_18N, (170.0, 5.0), (0.25, -0.25), False),
        (UTM_18N, (500_000.0, 4.0), (1.0, -1.0), True),
        (UTM_18N, (0.0, 0.0), (100.0, -100.0), True),
    ],
)
def test_coordinates_that_the_crs_cannot_have(tmp_path, crs, origin, cell, fits):
    path = write_raster(
        tmp_path / "a.tif", np.ones((5, 5), "u1"), crs=crs, origin=origin, cell=cell
    )
    if fits:
        assert open_source(str(path)).grid.width == 5
        return
    with pytest.raises(GridError, match=r"ndvi does not lie where its CRS \(WGS 84.*right CRS"):
        open_source(str(path), name="ndvi")


def test_not_georeferenced(tmp_path):
    path = write_raster(
        tmp_path / "a.tif", np.ones((5, 5), "uint8"), origin=(0.0, 0.0), cell=(1.0, 1.0)
    )
    with pytest.raises(GridError, match="not georeferenced"):
        open_source(path)


@pytest.mark.parametrize("driver", DRIVERS)
def test_refused_inputs(tmp_path, driver):
    with pytest.raises(InputError, match=r"missing\.tif cannot be opened"):
        open_source(str(tmp_path / "missing.tif"), driver=driver)
    path = write_raster(tmp_path / "a.tif", np.ones((5, 5), "uint8"))
    with pytest.raises(InputError, match="has 1 bands; band 2"):
        open_source(path, bands=[2], driver=driver)
    path = write_raster(tmp_path / "c.tif", np.ones((5, 5), "complex64"))
    with pytest.raises(InputError, match="complex"):
        open_source(path, driver=driver)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_truncated_file(tmp_path, driver):
    rng = np.random.default_rng(0)
    values = rng.integers(0, 255, (600, 600), "uint8")
    path = tmp_path / "cut.tif"
    write_raster(path, values, tiled=True, blockxsize=128, blockysize=128, compress="deflate")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=r"cut\.tif cannot be (read|opened)"):
        open_source(str(path), driver=driver).read(Window(0, 0, 600, 600))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_file_cut_in_its_header(tmp_path, driver):
    """GDAL opens it, without its CRS, which would be asked for in vain."""
    values = np.random.default_rng(0).random((3, 600, 600), "f4")
    path = tmp_path / "cut.tif"
    write_raster(path, values, tiled=True, blockxsize=256, blockysize=256, compress="deflate")
    whole = path.read_bytes()
    messages = []
    for end in range(8, 1500, 50):
        path.write_bytes(whole[:end])
        try:
            open_source(str(path), driver=driver)
        except InputError as error:
            messages.append(str(error))
    assert len(messages) > 3
    assert all("cut.tif cannot be " in text for text in messages)
    # Those that GDAL opens.
    assert any("cut.tif cannot be read" in text for text in messages)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("factor", [0.5, 2.0, 3.7])
def test_sum_keeps_counts(tmp_path, driver, factor):
    rng = np.random.default_rng(5)
    people = rng.random((60, 60)).astype("float32") * 100
    people[:8] = people[-8:] = people[:, :8] = people[:, -8:] = 0  # whatever lies at the rim
    source = open_source(write_raster(tmp_path / "a.tif", people), driver=driver)
    size = int(np.ceil(60 / factor)) + 2
    cell = 100.0 * factor
    other = Grid(source.grid.crs, (cell, 0.0, 599_960.0, 0.0, -cell, 1_200_070.0), size, size)
    block = source.on_grid(other, "sum").read(other.window)
    assert block.values.sum() == pytest.approx(float(people.sum()), rel=2e-3)


@pytest.mark.parametrize("driver", DRIVERS)
def test_reading_on_another_crs_does_not_depend_on_the_window(tmp_path, driver):
    rng = np.random.default_rng(6)
    values = rng.random((80, 90)).astype("float32")
    values[20:30, 40:50] = -1
    source = open_source(write_raster(tmp_path / "a.tif", values, nodata=-1), driver=driver)
    west, north = -74.09, 10.857
    other = Grid(get_driver().wkt("EPSG:4326"), (0.001, 0, west, 0, -0.001, north), 100, 90)
    for resampling in ("nearest", "bilinear", "average", "mode"):
        moved = source.on_grid(other, resampling)
        whole = moved.read(other.window)
        assert 0.3 < whole.valid.mean() < 0.99
        for window in (Window(0, 0, 33, 41), Window(20, 30, 40, 50), Window(89, 99, 1, 1)):
            part = moved.read(window)
            area = np.s_[
                :, window.row : window.row + window.height, window.col : window.col + window.width
            ]
            assert np.array_equal(part.values, whole.values[area])
            assert np.array_equal(part.valid, whole.valid[area])


def test_both_drivers_read_alike_on_another_grid(tmp_path):
    pytest.importorskip("osgeo")
    values = np.random.default_rng(7).random((80, 90)).astype("float32")
    path = write_raster(tmp_path / "a.tif", values)
    other = Grid(get_driver().wkt("EPSG:4326"), (0.001, 0, -74.09, 0, -0.001, 10.857), 100, 90)
    for resampling in ("nearest", "bilinear", "average", "sum"):
        one, two = (
            open_source(path, driver=driver).on_grid(other, resampling).read(other.window)
            for driver in ("rasterio", "gdal")
        )
        assert np.array_equal(one.valid, two.valid)
        assert np.allclose(one.values, two.values, rtol=1e-12)


def test_own_grid_is_read_without_resampling(tmp_path):
    source = open_source(write_raster(tmp_path / "a.tif", np.ones((5, 5), "uint8")))
    assert source.on_grid(source.grid, "bilinear") == source
    assert source.value_dtype == "uint8"


def test_a_rotated_target_is_refused(tmp_path):
    source = open_source(write_raster(tmp_path / "a.tif", np.ones((5, 5), "uint8"), cell=(90, -90)))
    turned = Grid(source.grid.crs, (80.0, 10.0, 6e5, 10.0, -80.0, 1.2e6), 5, 5)
    with pytest.raises(GridError, match="rotated"):
        source.on_grid(turned, "nearest")
    with pytest.raises(ValueError, match="resampling"):
        source.on_grid(turned, "lanczos")


@pytest.mark.parametrize("driver", DRIVERS)
def test_replaced_files_are_read_anew(tmp_path, driver):
    path = write_raster(tmp_path / "a.tif", np.ones((50, 50), "uint8"))
    source = open_source(path, driver=driver)
    assert source.read(Window(0, 0, 2, 2)).values.max() == 1
    write_raster(tmp_path / "b.tif", np.full((50, 50), 9, "uint8"), compress="deflate")
    (tmp_path / "b.tif").replace(path)
    assert source.read(Window(0, 0, 2, 2)).values.max() == 9
