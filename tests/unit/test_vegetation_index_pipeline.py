"""Annual vegetation index, raster to raster: blocks, threads and drivers change nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines.dates import Season
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.vegetation_index import (
    VegetationIndexTask,
    compute_vegetation_index,
    year_table,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

DATES = [date(year, month, 15) for year in (2001, 2002, 2004) for month in (2, 6, 7, 11)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Twelve composites with gaps, and quality rasters at half the cell size."""
    folder = tmp_path_factory.mktemp("composites")
    random = np.random.default_rng(12)
    values = random.integers(-500, 9000, (12, 70, 90)).astype("int16")
    values[random.random(values.shape) < 0.2] = -32768
    values[:, :10, :20] = -32768
    quality = random.integers(0, 4, (12, 140, 180)).astype("uint8")
    stack = write_raster(
        folder / "ndvi.tif", values, nodata=-32768, tiled=True, blockxsize=32, blockysize=16
    )
    codes = write_raster(folder / "quality.tif", quality, cell=(50.0, -50.0))
    return stack, codes, values


def task_of(files, **options):
    stack, codes, _ = files
    order = np.random.default_rng(1).permutation(12)
    return VegetationIndexTask(
        composites=[RasterInput(stack, band=int(n) + 1) for n in order],
        dates=[DATES[n] for n in order],
        quality=[RasterInput(codes, band=int(n) + 1) for n in order],
        accepted=(0, 1, 2),
        **options,
    )


def test_the_mean_is_that_of_numpy(files, tmp_path):
    stack, _, values = files
    task = VegetationIndexTask(
        [RasterInput(stack, band=band) for band in range(1, 13)], DATES, minimum_composites=2
    )
    said = []
    result = compute_vegetation_index(
        task, str(tmp_path / "out.tif"), tags={"A": "b"}, progress=Progress(info=said.append)
    )
    with rasterio.open(tmp_path / "out.tif") as found:
        assert found.descriptions == ("2001", "2002", "2004")
        assert found.dtypes == ("int16",) * 3
        assert found.nodata == -32768
        assert found.tags()["A"] == "b"
        stored = found.read()
    years = np.where(values == -32768, np.nan, values).reshape(3, 4, 70, 90)
    enough = np.isfinite(years).sum(axis=1) >= 2
    with np.errstate(all="ignore"):
        expected = np.where(
            enough, np.rint(np.nansum(years, 1) / np.isfinite(years).sum(1)), -32768
        )
    assert (stored == expected).all()
    assert [row.cells_without for row in result.years] == (~enough).sum(axis=(1, 2)).tolist()
    assert [row.missing_months for row in result.years] == [(1, 3, 4, 5, 8, 9, 10, 12)] * 3
    assert year_table(result)["missing_months_count"] == [8, 8, 8]
    assert [str(line) for line in result.warnings][-1].endswith("without a band: 2003")
    assert "index = value / 10000" in str(said[0])


@pytest.mark.parametrize("statistic", ["mean", "maximum", "integral"])
def test_blocks_threads_and_drivers_change_no_bit(files, tmp_path, monkeypatch, statistic):
    task = task_of(
        files, statistic=statistic, season=Season(2, 11), threshold=0.1, data_type="float32"
    )
    found = []
    for driver in DRIVER_NAMES:
        monkeypatch.setattr(
            "dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path, driver=driver: driver
        )
        for cells, threads in ((1, 2), (1000, 3), (1 << 20, 1)):
            monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", cells)
            monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", cells)
            target = tmp_path / f"{driver}_{cells}.tif"
            result = compute_vegetation_index(task, str(target), workers=Workers(threads=threads))
            with rasterio.open(target) as raster:
                found.append((raster.read(), result.years))
    for values, years in found[1:]:
        assert np.array_equal(values, found[0][0])
        assert years == found[0][1]
    assert (found[0][0] != -32768).any()


def test_a_composite_elsewhere_is_refused(files, tmp_path):
    away = write_raster(tmp_path / "away.tif", np.ones((4, 4), "int16"), origin=(100_000.0, 1e6))
    task = VegetationIndexTask(
        [RasterInput(files[0]), RasterInput(away)], [date(2001, 1, 1), date(2001, 2, 1)]
    )
    with pytest.raises(GridError, match=r"away\.tif does not overlap"):
        compute_vegetation_index(task, str(tmp_path / "out.tif"))
    assert not list(tmp_path.glob("out*"))


def test_a_composite_on_another_grid_is_named(files, tmp_path):
    other = write_raster(tmp_path / "fine.tif", np.full((70, 90), 500, "int16"), cell=(50.0, -50.0))
    task = VegetationIndexTask(
        [RasterInput(files[0]), RasterInput(other, name="fine")],
        [date(2001, 1, 1), date(2001, 2, 1)],
    )
    result = compute_vegetation_index(task, str(tmp_path / "out.tif"))
    assert "fine is resampled to the reference grid (average)." in map(str, result.notes)


def test_composites_in_two_units_are_refused(tmp_path):
    whole = write_raster(tmp_path / "a.tif", np.ones((2, 2), "int16"))
    real = write_raster(tmp_path / "b.tif", np.ones((2, 2), "float32"))
    task = VegetationIndexTask(
        [RasterInput(whole), RasterInput(real)], [date(2001, 1, 1), date(2001, 2, 1)]
    )
    with pytest.raises(InputError, match="some rasters hold whole numbers, others fractions"):
        compute_vegetation_index(task, str(tmp_path / "out.tif"))


def test_values_that_do_not_fit_their_scale(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.full((2, 2), 5000.0, "float32"))
    task = VegetationIndexTask([RasterInput(path)], [date(2001, 1, 1)])
    with pytest.raises(InputError, match="an index of 5000 in 2001 cannot be, if the scale is 1"):
        compute_vegetation_index(task, str(tmp_path / "out.tif"))
    assert not list(tmp_path.glob("out*"))


def test_cancel_leaves_nothing(files, tmp_path):
    with pytest.raises(Cancelled):
        compute_vegetation_index(
            task_of(files),
            str(tmp_path / "out.tif"),
            progress=Progress(is_cancelled=lambda: True),
        )
    assert not list(tmp_path.glob("out*"))
