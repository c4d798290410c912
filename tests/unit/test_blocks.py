"""The block engine: windows, order, cancel, threads, halo."""

from __future__ import annotations

import pickle
import threading
import time

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from raster_fixtures import write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError, MissingDependencyError
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.blocks import block_windows, map_blocks, run_tasks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers


@given(
    st.integers(1, 700),
    st.integers(1, 700),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.floats(1, 200),
    st.integers(1, 64),
)
def test_windows_cover_the_grid_once_in_whole_tiles(height, width, tile, per_cell, memory):
    seen = np.zeros((height, width), dtype=int)
    for row, col, tall, wide in block_windows(
        height, width, tile, per_cell, Workers(threads=2, memory_mb=memory)
    ):
        seen[row : row + tall, col : col + wide] += 1
        assert row % min(tile[0], height) == 0
        assert col % min(tile[1], width) == 0
    assert (seen == 1).all()


def test_windows_keep_to_the_budget():
    workers = Workers(threads=2, memory_mb=64)
    windows = block_windows(40_000, 40_000, (512, 512), 40.0, workers)
    assert max(w.height * w.width for w in windows) * 40 <= workers.bytes_per_block


def _local_mean(read, context, parameters):
    values, valid = read[0]
    padded = np.pad(values[0], 1)
    total = sum(
        padded[1 + i : padded.shape[0] - 1 + i, 1 + j : padded.shape[1] - 1 + j]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    )
    return [np.where(valid[0], total * parameters, -1)[context.inner][np.newaxis]]


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("cells", [1, 5_000, 1 << 20])
@pytest.mark.parametrize(
    "layout", [{}, {"tiled": True, "blockxsize": 64, "blockysize": 32}], ids=["strips", "tiles"]
)
def test_threads_and_blocks_change_nothing(tmp_path, monkeypatch, threads, cells, layout):
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    values = np.random.default_rng(3).random((150, 170)).astype("float32")
    values[30:40, 60:90] = -9
    source = open_source(write_raster(tmp_path / "in.tif", values, nodata=-9, **layout))
    with RasterSink(tmp_path / "out.tif", source.grid, ["mean"], "float32", -1) as sink:
        map_blocks(
            _local_mean,
            [source],
            [sink],
            np.float32(1 / 9),
            workers=Workers(threads=threads),
            halo=1,
        )
    clean = np.where(values == -9, 0, values)
    padded = np.pad(clean, 1)
    total = sum(padded[i : i + 150, j : j + 170] for i in (0, 1, 2) for j in (0, 1, 2))
    expected = np.where(values == -9, -1, total * np.float32(1 / 9))
    with rasterio.open(tmp_path / "out.tif") as made:
        assert np.array_equal(made.read(1), expected)


def _slow(task):
    time.sleep(0.05)
    return task


def _fail(task):
    if task == 3:
        raise ValueError("task 3")
    return task


def test_results_keep_their_order_and_progress_grows():
    shares = []
    workers = Workers(threads=4)
    with workers.executor() as executor:
        found = list(
            run_tasks(_slow, iter(range(20)), 20, executor, workers, Progress(shares.append))
        )
    assert found == list(range(20))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_tasks_are_made_when_needed():
    made = []

    def tasks():
        for number in range(1000):
            made.append(number)
            yield number

    workers = Workers(threads=2)
    with workers.executor() as executor:
        results = run_tasks(_slow, tasks(), 1000, executor, workers, Progress())
        next(results)
        assert len(made) <= 6
        results.close()


def test_an_error_of_a_task_reaches_the_caller():
    workers = Workers(threads=2)
    with workers.executor() as executor, pytest.raises(ValueError, match="task 3"):
        list(run_tasks(_fail, range(10), 10, executor, workers, Progress()))


def _long(task):
    time.sleep(0.3)
    return task


def test_cancel_is_honoured_within_half_a_second():
    asked = threading.Event()
    pressed = []

    def press():
        pressed.append(time.monotonic())
        asked.set()

    threading.Timer(0.25, press).start()
    workers = Workers(threads=2)
    with pytest.raises(Cancelled), workers.executor() as executor:
        list(
            run_tasks(
                _long, range(100), 100, executor, workers, Progress(is_cancelled=asked.is_set)
            )
        )
    assert time.monotonic() - pressed[0] < 0.5


def test_cancel_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 1000)
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    source = open_source(write_raster(tmp_path / "in.tif", np.ones((200, 200), "float32")))
    shares = []
    progress = Progress(shares.append, lambda: len(shares) > 3)
    with (
        pytest.raises(Cancelled),
        RasterSink(tmp_path / "out.tif", source.grid, ["mean"], "float32", -1) as sink,
    ):
        map_blocks(_local_mean, [source], [sink], 1.0, progress=progress)
    assert [path.name for path in tmp_path.iterdir()] == ["in.tif"]


def test_sources_on_different_grids_are_refused(tmp_path):
    one = open_source(write_raster(tmp_path / "a.tif", np.ones((20, 20), "float32")), name="first")
    two = open_source(write_raster(tmp_path / "b.tif", np.ones((21, 20), "float32")), name="second")
    with pytest.raises(GridError, match="second is not on the grid of first"):
        map_blocks(_local_mean, [one, two], [], 1.0)


def test_tasks_and_errors_pickle(tmp_path):
    source = open_source(write_raster(tmp_path / "a.tif", np.ones((20, 20), "float32")))
    assert pickle.loads(pickle.dumps(source)) == source
    error = pickle.loads(pickle.dumps(InputError("{name} is wrong", name="x")))
    assert str(error) == "x is wrong"
    assert error.values == {"name": "x"}


def test_a_scheduler_without_the_library(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with (
        pytest.raises(MissingDependencyError, match="tcp://head:8786"),
        Workers(scheduler="tcp://head:8786").executor(),
    ):
        pass
