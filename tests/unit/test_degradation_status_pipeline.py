"""Status of periods against the baseline, on rasters."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.kernels.degradation import status, status_3class
from dbar_qgis_plugin.pipelines import inputs
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.degradation_status import (
    DegradationStatusTask,
    area_table,
    compute_degradation_status,
    status_areas,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

ND = -32768


def raster(path, values, **options):
    return RasterInput(
        write_raster(path, np.asarray(values, "int16"), nodata=ND, **options), name=path.stem
    )


def computed(tmp_path, task, **options):
    output = tmp_path / "status.tif"
    result = compute_degradation_status(task, output, **options)
    with rasterio.open(output) as written:
        return result, written.read(), written.descriptions


BASELINE = [[-1, -1, -1, 0, 0], [0, 1, 1, 1, ND]]
REPORTING = [[-1, 0, 1, -1, 0], [1, -1, 0, 1, 0]]


def test_every_pair_of_classes(tmp_path):
    task = DegradationStatusTask(
        raster(tmp_path / "b.tif", BASELINE), [raster(tmp_path / "r.tif", REPORTING)], ["2019"]
    )
    result, bands, names = computed(tmp_path, task)
    assert names == ("status", "status_3class")
    assert bands[0].tolist() == [[1, 3, 6, 2, 4], [6, 2, 5, 7, ND]]
    assert bands[1].tolist() == [[-1, -1, 1, -1, 0], [1, -1, 1, 1, ND]]
    assert result.cells[0].tolist() == [[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 1, 0, 0]]
    assert result.km2.sum() == pytest.approx(0.1, rel=2e-3)
    assert status_areas(result.cells).tolist() == [[1, 2, 1, 1, 1, 2, 1]]
    table = area_table(result)
    assert table["status"] == [1, 3, 6, 2, 4, 6, 2, 5, 7, None]
    assert table["status_3class"][:3] == [-1, -1, 1]
    assert (table["baseline"][-1], table["reporting"][-1]) == ("no_data", "stable")
    assert sum(table["percent"]) == pytest.approx(100)


def test_several_periods_are_each_compared_with_the_baseline(tmp_path):
    task = DegradationStatusTask(
        raster(tmp_path / "b.tif", BASELINE),
        [raster(tmp_path / "r1.tif", REPORTING), raster(tmp_path / "r2.tif", BASELINE)],
        ["2019", "2016–2023"],
    )
    _, bands, names = computed(tmp_path, task)
    assert names == (
        "status_2019", "status_3class_2019", "status_2016–2023", "status_3class_2016–2023",
    )  # fmt: skip
    assert bands[2].tolist() == [[1, 1, 1, 4, 4], [4, 7, 7, 7, ND]]


def test_lpd_is_accepted_beside_classes(tmp_path):
    baseline = raster(tmp_path / "b.tif", [[1, 2, 3, 4, 5, ND]])
    reporting = raster(tmp_path / "r.tif", [[-1, 0, 0, 1, 1, 1]])
    task = DegradationStatusTask(baseline, [reporting], ["2019"])
    _, bands, _ = computed(tmp_path, task)
    assert bands[0].tolist() == [[1, 3, 4, 6, 7, ND]]


def test_rasters_that_tell_nothing(tmp_path):
    baseline = raster(tmp_path / "b.tif", [[0, 0, 1]])
    task = DegradationStatusTask(baseline, [baseline], ["2019"], values_label="Rasters hold")
    with pytest.raises(InputError, match=r"b: its values \(0, 1\) do not tell .* “Rasters hold”"):
        computed(tmp_path, task)
    assert not (tmp_path / "status.tif").exists()
    named = raster(tmp_path / "n.tif", [[0, 0, 1]], descriptions=("soc",))
    _, bands, _ = computed(tmp_path, DegradationStatusTask(named, [named], ["2019"]))
    assert bands[0].tolist() == [[4, 4, 7]]


def test_soc_status_is_of_classes_not_of_percent(tmp_path):
    """A raw change of percent is no class: refused, not taken for one."""
    baseline = raster(tmp_path / "b.tif", [[-1, 0, 1]])
    percent = raster(tmp_path / "percent.tif", [[-17, 40, 12]])
    with pytest.raises(InputError, match=r"percent holds no value from -1 to 1 in 3 of 3 cells"):
        computed(tmp_path, DegradationStatusTask(baseline, [percent], ["2019"], values="classes"))
    assert not list(tmp_path.glob("status*"))


def test_cancel_leaves_nothing(tmp_path):
    task = DegradationStatusTask(
        raster(tmp_path / "b.tif", BASELINE), [raster(tmp_path / "r.tif", REPORTING)], ["2019"]
    )
    with pytest.raises(Cancelled):
        computed(tmp_path, task, progress=Progress(is_cancelled=lambda: True))
    assert not list(tmp_path.glob("status*"))


@pytest.mark.parametrize("driver", DRIVERS)
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, driver):
    rng = np.random.default_rng(8)
    options = {"tiled": True, "blockxsize": 16, "blockysize": 32, "cell": (1000, -1000)}
    arrays = [rng.choice([ND, -1, 0, 1], (140, 93)) for _ in range(3)]
    task = DegradationStatusTask(
        raster(tmp_path / "b.tif", arrays[0], **options),
        [raster(tmp_path / f"r{k}.tif", arrays[k], **options) for k in (1, 2)],
        ["one", "two"],
    )
    expected, first, _ = computed(tmp_path, task, workers=Workers(threads=1))
    for number in (1, 2):
        known = (arrays[0] != ND) & (arrays[number] != ND)
        seven = status(np.where(known, arrays[0], 0), np.where(known, arrays[number], 0))
        assert (first[2 * number - 2] == np.where(known, seven, ND)).all()
        assert (first[2 * number - 1] == np.where(known, status_3class(seven), ND)).all()
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 600)
    open_with = inputs.open_source
    monkeypatch.setattr(inputs, "open_source", lambda *a, **k: open_with(*a, **k, driver=driver))
    result, bands, _ = computed(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert (bands == first).all()
    assert (result.cells == expected.cells).all()
    assert (result.km2 == expected.km2).all()
