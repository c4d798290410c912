"""Writing, with both drivers: what a file carries, and that only whole files take their name."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster

from dbar_qgis_plugin.errors import InputError, OutputError
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.sink import RasterSink, unfinished_path

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def grid():
    return Grid(get_driver().wkt("EPSG:32618"), (30.0, 0.0, 6e5, 0.0, -30.0, 1.2e6), 300, 200)


def content(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_a_file_carries(tmp_path, grid, driver):
    path = tmp_path / "out.tif"
    values = np.arange(200 * 300, dtype="uint8").reshape(1, 200, 300)
    valid = values % 5 > 0
    with RasterSink(
        path,
        grid,
        ["status"],
        "uint8",
        255,
        units=["1"],
        colours={0: (155, 39, 121, 255), 1: (255, 255, 224, 255)},
        tags={"DBAR_FORMULA": "2021", "DBAR_VERSION": "0.1.0"},
        style="<qgis/>",
        driver=driver,
    ) as sink:
        for row in (0, 100):
            part = np.s_[:, row : row + 100]
            sink.write(values[part], Window(row, 0, 100, 300), valid[part])
    assert content(tmp_path) == ["out.qml", "out.tif"]
    with rasterio.open(path) as made:
        assert made.nodata == 255
        assert made.descriptions == ("status",)
        assert made.units == ("1",)
        assert made.colormap(1)[0] == (155, 39, 121, 255)
        assert made.tags()["DBAR_FORMULA"] == "2021"
        assert made.tags()["DBAR_VERSION"] == "0.1.0"
        assert made.crs.to_epsg() == 32618
        assert tuple(made.transform)[:6] == grid.transform
        assert np.array_equal(made.read(), np.where(valid, values, 255))
        assert made.block_shapes == [(256, 256)]
        assert made.profile["compress"] == "deflate"


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_types_and_bands(tmp_path, grid, driver, dtype):
    values = np.random.default_rng(1).integers(0, 200, (2, 200, 300)).astype(dtype)
    with RasterSink(tmp_path / "o.tif", grid, ["a", "b"], dtype, 0, driver=driver) as sink:
        sink.write(values, grid.window)
    with rasterio.open(tmp_path / "o.tif") as made:
        assert made.dtypes == (dtype, dtype)
        assert np.array_equal(made.read(), values)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, grid, driver):
    path = write_raster(tmp_path / "out.tif", np.full((3, 3), 7, "uint8"))
    before = Path(path).read_bytes()
    with (
        pytest.raises(RuntimeError, match="half way"),
        RasterSink(path, grid, ["a"], "uint8", 0, driver=driver) as sink,
    ):
        sink.write(np.ones((1, 100, 300), "uint8"), Window(0, 0, 100, 300))
        raise RuntimeError("half way")
    assert Path(path).read_bytes() == before
    assert content(tmp_path) == ["out.tif"]


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_existing_file_is_replaced_by_a_complete_one(tmp_path, grid, driver):
    path = write_raster(tmp_path / "out.tif", np.full((3, 3), 7, "uint8"))
    # GDAL would take the old raster's statistics and overviews for those of the new one.
    for ending in (".aux.xml", ".ovr"):
        (tmp_path / f"out.tif{ending}").write_text("of the old raster")
    with RasterSink(path, grid, ["a"], "uint8", 0, driver=driver) as sink:
        sink.write(np.full((200, 300), 3, "uint8"), grid.window)
        assert content(tmp_path) == ["out.tif", "out.tif.aux.xml", "out.tif.ovr", "out.tif.part"]
    assert content(tmp_path) == ["out.tif"]
    with rasterio.open(path) as new:
        assert new.shape == (200, 300)
        assert (new.read() == 3).all()


@pytest.mark.parametrize("driver", DRIVERS)
def test_cloud_optimised(tmp_path, driver):
    crs = get_driver().wkt("EPSG:32618")
    large = Grid(crs, (30.0, 0.0, 6e5, 0.0, -30.0, 1.2e6), 1200, 900)
    values = np.random.default_rng(2).integers(0, 9, (900, 1200)).astype("int16")
    with RasterSink(
        tmp_path / "c.tif",
        large,
        ["class"],
        "int16",
        -1,
        tags={"DBAR_FORMULA": "x"},
        cloud_optimised=True,
        driver=driver,
    ) as sink:
        sink.write(values, large.window)
    assert content(tmp_path) == ["c.tif"]
    with rasterio.open(tmp_path / "c.tif") as made:
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert made.overviews(1)
        assert made.tags()["DBAR_FORMULA"] == "x"
        assert np.array_equal(made.read(1), values)


@pytest.mark.parametrize("driver", DRIVERS)
def test_other_formats(tmp_path, grid, driver):
    values = np.random.default_rng(2).integers(0, 9, (200, 300)).astype("int16")
    with RasterSink(tmp_path / "c.img", grid, ["class"], "int16", -1, driver=driver) as sink:
        sink.write(values, grid.window)
    with rasterio.open(tmp_path / "c.img") as made:
        assert made.driver == "HFA"
        assert np.array_equal(made.read(1), values)
    assert "c.img.part" not in content(tmp_path)


@pytest.mark.parametrize("driver", DRIVERS)
def test_messages_name_the_file_that_was_asked_for(tmp_path, grid, driver, monkeypatch):
    asked = tmp_path / "my.map.tif"
    made = unfinished_path(asked)
    assert made.parent == tmp_path
    assert made.suffix == ".tif"
    assert made != asked
    with pytest.raises(InputError, match=r"^\S*/my\.xyz: "):
        RasterSink(unfinished_path(tmp_path / "my.xyz"), grid, ["a"], "uint8", 255)

    def fail(path):
        raise OutputError("{path}: {reason}", path=path, reason="full")

    monkeypatch.setattr(get_driver(driver), "check_complete", fail)
    with (
        pytest.raises(OutputError) as refused,
        RasterSink(made, grid, ["a"], "uint8", 255, driver=driver),
    ):
        pass
    assert str(refused.value) == f"{asked}: full"
    assert content(tmp_path) == []


def test_refused_places(tmp_path, grid):
    with pytest.raises(InputError, match=r"c\.xyz.*\.tif"):
        RasterSink(tmp_path / "c.xyz", grid, ["class"], "int16", -1)
    with pytest.raises(OutputError, match="does not exist"):
        RasterSink(tmp_path / "none" / "c.tif", grid, ["class"], "int16", -1)
    huge = Grid(grid.crs, grid.transform, 10_000_000, 10_000_000)
    with pytest.raises(OutputError, match="Free space"):
        RasterSink(tmp_path / "c.tif", huge, ["class"], "float64", -1)
    assert content(tmp_path) == []


FULL_DISK = """
import resource, signal, sys
import numpy as np
sys.path.insert(0, {root!r})
from dbar_qgis_plugin.errors import OutputError
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.sink import RasterSink
grid = Grid(get_driver().wkt("EPSG:32618"), (30., 0., 6e5, 0., -30., 1.2e6), 2000, 2000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
values = np.random.default_rng(0).integers(0, 2**15, (1, 500, 2000)).astype("int16")
try:
    with RasterSink({path!r}, grid, ["a"], "int16", -1, driver={driver!r}, threads=2) as sink:
        for row in range(0, 2000, 500):
            sink.write(values, sink.grid.window._replace(row=row, height=500))
except OutputError as error:
    print("refused:", error)
"""


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("limit", [1_000, 3_000_000, 7_990_000])
def test_a_full_disk(tmp_path, driver, limit):
    # A limit on the size of files stands for a disk that fills up: early, half way, at the end.
    path = tmp_path / "out.tif"
    path.write_bytes(b"the user's")
    program = FULL_DISK.format(root=str(ROOT), path=str(path), driver=driver, limit=limit)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "refused:" in done.stdout, done.stderr
    assert "disk full" in done.stdout
    assert content(tmp_path) == ["out.tif"]
    assert path.read_bytes() == b"the user's"


@pytest.mark.skipif(find_spec("osgeo") is None, reason="rasterio alone")
def test_other_threads_go_on_while_a_raster_is_compressed(tmp_path, grid):
    """Such as that of QGIS's window; rasterio lets none go on while it closes a file."""
    large = Grid(grid.crs, grid.transform, 2048, 2048)
    values = np.random.default_rng(1).random((2048, 2048), dtype="float32")
    pauses, ended = [], threading.Event()

    def tick():
        last = time.perf_counter()
        while not ended.wait(0.001):
            pauses.append(time.perf_counter() - last)
            last = time.perf_counter()

    other = threading.Thread(target=tick)
    with RasterSink(tmp_path / "out.tif", large, ["a"], "float32", -1) as sink:
        sink.write(values, Window(0, 0, 2048, 2048))
        begin = time.perf_counter()
        other.start()
    took = time.perf_counter() - begin
    ended.set()
    other.join()
    assert max(pauses) < took / 3
