"""Mosaics and parts of rasters, with GDAL's own answers beside ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")
from osgeo import osr  # noqa: E402

from dbar_qgis_plugin.errors import (  # noqa: E402
    Cancelled,
    GridError,
    InputError,
    OutputError,
)
from dbar_qgis_plugin.raster_io import remote  # noqa: E402
from dbar_qgis_plugin.raster_io.mosaic import clip, write_mosaic  # noqa: E402
from dbar_qgis_plugin.raster_io.progress import Progress  # noqa: E402
from dbar_qgis_plugin.raster_io.remote import (  # noqa: E402
    copy_here,
    has_driver,
    only_asked_for,
)


def write(path: Path, values, *, epsg: int | None = 4326, left=75.0, top=40.0, cell=0.01) -> str:
    array = np.asarray(values, dtype=np.float32)
    driver = gdal.GetDriverByName("GTiff")
    made = driver.Create(str(path), array.shape[1], array.shape[0], 1, gdal.GDT_Float32)
    if epsg is not None:
        made.SetGeoTransform((left, cell, 0.0, top, 0.0, -cell))
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        made.SetSpatialRef(reference)
    made.GetRasterBand(1).SetNoDataValue(-1.0)
    made.GetRasterBand(1).WriteArray(array)
    made.FlushCache()
    return str(path)


def read(path: Path, band: int = 1) -> np.ndarray:
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(band).ReadAsArray()


def test_the_last_source_lies_on_top(tmp_path):
    below = write(tmp_path / "below.tif", np.full((4, 4), 1.0))
    above = write(tmp_path / "above.tif", np.full((4, 2), 2.0), left=75.02)
    target = tmp_path / "new" / "mosaic.vrt"
    write_mosaic([below, above], target)
    np.testing.assert_array_equal(read(target), [[1, 1, 2, 2]] * 4)
    assert [path.name for path in target.parent.iterdir()] == ["mosaic.vrt"]
    # A second one replaces the first.
    write_mosaic([below], target)
    assert read(target).max() == 1.0


def test_separate_sources_are_named_bands(tmp_path):
    sources = [write(tmp_path / f"{value}.tif", np.full((2, 2), value)) for value in (1.0, 2.0)]
    target = tmp_path / "bands.vrt"
    write_mosaic(sources, target, separate=True, names=["red", "green"])
    dataset = gdal.Open(str(target))
    assert dataset.RasterCount == 2
    assert [dataset.GetRasterBand(n).GetDescription() for n in (1, 2)] == ["red", "green"]
    assert read(target, 2).max() == 2.0


def test_sources_of_two_crs_make_none(tmp_path):
    first = write(tmp_path / "a.tif", np.ones((2, 2)))
    second = write(tmp_path / "b.tif", np.ones((2, 2)), epsg=32643, left=5e5, top=4e6, cell=100)
    with pytest.raises(InputError, match=r"b\.tif is in another CRS"):
        write_mosaic([first, second], tmp_path / "m.vrt")
    with pytest.raises(InputError, match="cannot be opened"):
        write_mosaic([str(tmp_path / "gone.tif?sig=secret")], tmp_path / "m.vrt")
    assert not list(tmp_path.glob("m*"))


@pytest.mark.parametrize(
    ("epsg", "left", "top", "cell"), [(4326, 75.0, 40.0, 0.01), (32643, 5e5, 4.4e6, 1000.0)]
)
def test_a_part_holds_every_cell_of_the_box(tmp_path, epsg, left, top, cell):
    values = np.arange(100 * 80, dtype=np.float32).reshape(100, 80)
    whole = write(tmp_path / "whole.tif", values, epsg=epsg, left=left, top=top, cell=cell)
    box = (75.101, 39.301, 75.299, 39.599)
    target = tmp_path / "part.tif"
    shares = []
    clip(whole, target, box, Progress(set_progress=shares.append))
    dataset = gdal.Open(str(target))
    assert dataset.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert dataset.GetRasterBand(1).GetNoDataValue() == -1.0
    x, width, _, y, _, height = dataset.GetGeoTransform()
    assert (width, height) == (cell, -cell)
    col, row = round((x - left) / cell), round((top - y) / cell)
    part = read(target)
    np.testing.assert_array_equal(part, values[row:, col:][: part.shape[0], : part.shape[1]])
    # The box's corners and the middles of its sides lie within.
    to_raster = osr.CoordinateTransformation(degrees(), reference(epsg))
    for lon in (box[0], 75.2, box[2]):
        for lat in (box[1], 39.45, box[3]):
            px, py, _ = to_raster.TransformPoint(lon, lat)
            assert x <= px <= x + width * part.shape[1]
            assert y + height * part.shape[0] <= py <= y
    assert shares[-1] == 1.0


def degrees():
    return reference(4326)


def reference(epsg: int):
    made = osr.SpatialReference()
    made.ImportFromEPSG(epsg)
    made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return made


def test_parts_that_cannot_be_cut(tmp_path):
    whole = write(tmp_path / "whole.tif", np.ones((4, 4)))
    target = tmp_path / "part.tif"
    with pytest.raises(GridError, match="no cell within the area"):
        clip(whole, target, (10.0, 10.0, 11.0, 11.0), Progress())
    nowhere = write(tmp_path / "nowhere.tif", np.ones((4, 4)), epsg=None)
    with pytest.raises(GridError, match="does not say where it lies"):
        clip(nowhere, target, (75.0, 39.0, 76.0, 40.0), Progress())
    with pytest.raises(Cancelled):
        clip(whole, target, (75.0, 39.0, 76.0, 40.0), Progress(is_cancelled=lambda: True))
    assert not list(tmp_path.glob("part*"))


def test_settings_hold_within_and_for_this_thread():
    name = "GDAL_DISABLE_READDIR_ON_OPEN"
    endings = "CPL_VSIL_CURL_ALLOWED_EXTENSIONS"
    before = gdal.GetConfigOption(name)
    with only_asked_for("/vsicurl/https://x.example/a.tif"):
        assert gdal.GetConfigOption(name) == "EMPTY_DIR"
        assert ".tif" in gdal.GetConfigOption(endings)
        with only_asked_for("/vsicurl/https://x.example/a.tif?sig=1"):
            assert gdal.GetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME").endswith("?sig=1")
    assert gdal.GetConfigOption(name) == before
    assert gdal.GetConfigOption(endings) is None
    assert gdal.GetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME") is None


def test_a_copy_is_whole_or_not_there(tmp_path, monkeypatch):
    data = bytes(range(256)) * 9000
    gdal.FileFromMemBuffer("/vsimem/made.bin", data)
    target = tmp_path / "new" / "made.bin"
    shares = []
    copy_here("/vsimem/made.bin", target, Progress(set_progress=shares.append))
    assert target.read_bytes() == data
    assert shares[-1] == 1.0
    with pytest.raises(Cancelled):
        copy_here("/vsimem/made.bin", tmp_path / "x", Progress(is_cancelled=lambda: True))
    with pytest.raises(InputError, match="cannot be read"):
        copy_here("/vsimem/none.bin", tmp_path / "x", Progress())
    monkeypatch.setattr(remote.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(OutputError, match="only 0 MB are free"):
        copy_here("/vsimem/made.bin", tmp_path / "x", Progress())
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    gdal.Unlink("/vsimem/made.bin")


def test_drivers():
    assert has_driver("GTiff")
    assert not has_driver("None such")
