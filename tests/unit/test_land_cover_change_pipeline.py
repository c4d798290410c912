"""Land cover change from files to files: bands, areas, unknown codes, and what must not matter."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVER_NAMES, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.land_cover import meaning_matrix
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import (
    BANDS,
    LandCoverChangeTask,
    LandCoverSeries,
    area_table,
    band_type,
    compute_land_cover_change,
    transition_table,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import custom_legend, preset_legend
from dbar_qgis_plugin.raster_io import source as source_module
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.workers import Workers

NAMES = ("Tree", "Grass", "Crop", "Wetland", "Artificial", "Other", "Water")
NODATA = -32768
# ESA CCI: tree 50, grass 130, crop 10, wetland 180, artificial 190, water 210.
BEFORE = np.array([[50, 50, 130, 10], [210, 180, 0, 190]], dtype=np.uint8)
AFTER = np.array([[50, 10, 10, 130], [10, 10, 50, 0]], dtype=np.uint8)


def task_of(paths, years, legend=None, **options):
    legend = legend or preset_legend("esa_cci", NAMES)
    rasters = [RasterInput(path, name=f"map {n}") for n, path in enumerate(paths)]
    series = LandCoverSeries(rasters, years, legend, **options)
    return LandCoverChangeTask(series, meaning_matrix(legend.standards))


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(), raster


@pytest.fixture
def pair(tmp_path):
    return [write_raster(tmp_path / f"{n}.tif", values) for n, values in enumerate((BEFORE, AFTER))]


def test_bands(tmp_path, pair):
    result = compute_land_cover_change(
        task_of(pair, (2000, 2015)), tmp_path / "out.tif", tags={"DBAR_FORMULA": "x"}
    )
    bands, _ = read(tmp_path / "out.tif")
    with rasterio.open(tmp_path / "out.tif") as raster:
        assert raster.descriptions == BANDS
        assert set(raster.dtypes) == {"int16"}
        assert raster.nodata == NODATA
        assert raster.tags()["DBAR_FORMULA"] == "x"
    assert bands[0].tolist() == [[0, -1, 1, -1], [0, -1, NODATA, NODATA]]
    assert bands[1].tolist() == [[11, 13, 23, 32], [73, 43, NODATA, NODATA]]
    assert bands[2].tolist() == [[1, 1, 2, 3], [7, 4, NODATA, 5]]
    assert bands[3].tolist() == [[1, 3, 3, 2], [3, 3, 1, NODATA]]
    assert (result.multiplier, result.unknown, result.warnings) == (10, (), ())
    # Six cells of a hectare, almost: UTM's scale is 0.9996 and more.
    cell = result.transitions_km2[0, 0]
    assert cell == pytest.approx(0.01, rel=2e-3)
    assert result.transitions_km2.sum() == pytest.approx(6 * cell, rel=1e-5)
    assert result.meaning_km2 == pytest.approx((3 * cell, 2 * cell, cell), rel=1e-5)


def test_tables(tmp_path, pair):
    task = task_of(pair, (2000, 2015))
    result = compute_land_cover_change(task, tmp_path / "out.tif")
    table = transition_table(task, result)
    assert table["transition"] == [11, 13, 23, 32, 43, 73]
    assert table["from_name"][1:3] == ["Tree", "Grass"]
    assert table["to_class"] == [1, 3, 3, 2, 3, 3]
    assert table["meaning"] == [0, -1, 1, -1, -1, 0]
    areas = area_table(task, result)
    assert areas["year"] == [2000] * 7 + [2015] * 7
    cells = np.rint(np.array(areas["km2"]) * 100).tolist()
    assert cells == [2, 1, 1, 1, 1, 0, 1, 2, 1, 4, 0, 0, 0, 0]


def test_a_stack_in_one_file(tmp_path):
    middle = np.full_like(BEFORE, 190)
    path = write_raster(tmp_path / "stack.tif", np.stack((BEFORE, middle, AFTER)))
    legend = preset_legend("esa_cci", NAMES)
    rasters = [RasterInput(path, band=band, name="stack") for band in (1, 2, 3)]
    series = LandCoverSeries(rasters, (2000, 2007, 2015), legend)
    task = LandCoverChangeTask(series, meaning_matrix(legend.standards))
    result = compute_land_cover_change(task, tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][1].max() == 73
    assert result.areas_km2[1, 4] == pytest.approx(0.08, rel=2e-3)
    assert result.areas_km2.sum(axis=1) == pytest.approx([0.07, 0.08, 0.07], rel=2e-3)
    chosen = LandCoverSeries(rasters, (2000, 2007, 2015), legend, 2007, 2015)
    task = LandCoverChangeTask(chosen, meaning_matrix(legend.standards))
    compute_land_cover_change(task, tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][2].min() == 5


def test_codes_that_the_legend_lacks_are_listed_and_taken_as_no_data(tmp_path):
    first, last = np.full((20, 20), 50, dtype=np.uint8), np.full((20, 20), 50, dtype=np.uint8)
    first[0, :3], first[0, 3], last[5, 5] = 17, 99, 18
    paths = [write_raster(tmp_path / f"{n}.tif", v) for n, v in enumerate((first, last))]
    task = task_of(paths, (2000, 2015))
    result = compute_land_cover_change(task, tmp_path / "out.tif")
    assert [(code.year, code.code) for code in result.unknown] == [
        (2000, 17),
        (2000, 99),
        (2015, 18),
    ]
    assert result.unknown[0].km2 == pytest.approx(0.03, rel=2e-3)
    assert "Land cover of 2000" in str(result.warnings[0])
    assert "17 (0.0" in str(result.warnings[0])
    assert (read(tmp_path / "out.tif")[0][0] == NODATA).sum() == 5
    areas = area_table(task, result)
    assert areas["name"][7:9] == ["17", "99"]
    assert areas["class"][7] is None
    assert areas["note"][7] == "unknown code"


def test_what_has_no_class_is_measured(tmp_path):
    codes = np.array([[10, 0, 50, 0]], np.uint8)
    paths = [
        write_raster(tmp_path / f"{n}.tif", values, nodata=0)
        for n, values in enumerate((codes, codes[:, ::-1]))
    ]
    result = compute_land_cover_change(task_of(paths, (2000, 2015)), tmp_path / "o.tif")
    assert result.missing_km2 == pytest.approx(0.04, rel=5e-3)
    assert result.transitions_km2.sum() == 0.0
    assert [str(warning) for warning in result.warnings] == [
        "No cell has a result. Check that the rasters hold data, and of the same places."
    ]
    paths[1] = write_raster(tmp_path / "2.tif", codes, nodata=0)
    result = compute_land_cover_change(task_of(paths, (2000, 2015)), tmp_path / "o.tif")
    assert result.missing_km2 == pytest.approx(0.02, rel=5e-3)
    assert result.warnings == ()


def test_too_much_of_a_map_with_unknown_codes_is_refused(tmp_path, pair):
    legend = preset_legend("worldcover", NAMES)
    with pytest.raises(InputError, match=r"map 0: codes on .* % of its area are not in the legend"):
        compute_land_cover_change(task_of(pair, (2000, 2015), legend), tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()
    assert not list(tmp_path.glob("*.part"))
    accepted = task_of(pair, (2000, 2015), legend, unknown_share=1.0)
    result = compute_land_cover_change(accepted, tmp_path / "out.tif")
    assert {code.code for code in result.unknown if code.year == 2000} == {130, 180, 190, 210}


def test_a_raster_of_measurements_is_no_map(tmp_path):
    values = np.random.default_rng(1).random((120, 120)).astype(np.float32)
    paths = [write_raster(tmp_path / f"{n}.tif", values) for n in (1, 2)]
    with pytest.raises(InputError, match="map 0 holds more than 10000 values"):
        compute_land_cover_change(task_of(paths, (2000, 2015)), tmp_path / "out.tif")


def test_maps_on_another_grid_are_read_on_that_of_the_first(tmp_path):
    coarse = write_raster(tmp_path / "a.tif", np.full((4, 4), 50, dtype=np.uint8))
    fine = np.full((8, 8), 10, dtype=np.uint8)
    fine[:, 4:] = 50
    other = write_raster(tmp_path / "b.tif", fine, cell=(50.0, -50.0))
    result = compute_land_cover_change(task_of([coarse, other], (2000, 2015)), tmp_path / "o.tif")
    bands, _ = read(tmp_path / "o.tif")
    assert bands[0].tolist() == [[-1, -1, 0, 0]] * 4
    assert str(result.notes[0]) == "map 1 is resampled to the reference grid (mode)."


def test_maps_that_do_not_overlap(tmp_path, pair):
    far = write_raster(tmp_path / "far.tif", BEFORE, origin=(100_000.0, 5_000_000.0))
    with pytest.raises(GridError, match="map 1 does not overlap"):
        compute_land_cover_change(task_of([pair[0], far], (2000, 2015)), tmp_path / "out.tif")


@pytest.mark.parametrize(
    ("years", "options", "message"),
    [
        (
            (2000, 2015),
            {"year_initial": 2005},
            "no land cover map of 2005; there are .* 2000, 2015",
        ),
        ((2000, 2015), {"year_final": 2000}, r"compared \(2000\) must come before the last"),
    ],
)
def test_years_that_are_not_there(tmp_path, pair, years, options, message):
    with pytest.raises(InputError, match=message):
        compute_land_cover_change(task_of(pair, years, **options), tmp_path / "out.tif")


def test_a_single_map(tmp_path, pair):
    with pytest.raises(InputError, match="at least two dates"):
        compute_land_cover_change(task_of(pair[:1], (2000,)), tmp_path / "out.tif")


def test_many_classes_need_wider_codes(tmp_path):
    many = [(number, f"Class {number}", 1 + number % 7) for number in range(1, 121)]
    legend = custom_legend([(n, n) for n, _, _ in many], many, NAMES, ("Codes", "Classes"))
    values = np.arange(1, 121, dtype=np.uint8).reshape(10, 12)
    paths = [write_raster(tmp_path / f"{n}.tif", v) for n, v in enumerate((values, values[::-1]))]
    result = compute_land_cover_change(task_of(paths, (2000, 2015), legend), tmp_path / "out.tif")
    bands, raster = read(tmp_path / "out.tif")
    assert (raster.dtypes[0], result.multiplier) == ("int32", 1000)
    assert bands[1, -1, -1] == 120 * 1000 + 12
    assert [band_type(n) for n in (7, 45, 100, 101)] == ["int16", "int16", "int16", "int32"]


def test_twelve_classes(tmp_path):
    classes = [(10 * number, f"Class {number}", 1 + number % 7) for number in range(1, 13)]
    legend = custom_legend([(n, 10 * n) for n in range(1, 13)], classes, NAMES, ("a", "b"))
    paths = [
        write_raster(tmp_path / f"{n}.tif", np.array([[value, 3]], dtype=np.uint8))
        for n, value in enumerate((2, 12))
    ]
    task = task_of(paths, (2000, 2015), legend)
    result = compute_land_cover_change(task, tmp_path / "out.tif")
    assert read(tmp_path / "out.tif")[0][1].tolist() == [[212, 303]]
    table = transition_table(task, result)
    assert (table["from_class"], table["to_class"]) == ([20, 30], [120, 30])


def test_cancel_leaves_nothing(tmp_path, pair):
    with pytest.raises(Cancelled):
        compute_land_cover_change(
            task_of(pair, (2000, 2015)),
            tmp_path / "out.tif",
            progress=Progress(is_cancelled=lambda: True),
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.tif", "1.tif"]


def test_neither_blocks_nor_threads_nor_the_driver_matter(tmp_path, monkeypatch):
    random = np.random.default_rng(3)
    codes = np.array([0, 10, 50, 130, 180, 190, 200, 210, 7], dtype=np.uint8)
    chances = [0.1, 0.2, 0.2, 0.2, 0.1, 0.1, 0.05, 0.045, 0.005]
    stack = random.choice(codes, (3, 300, 400), p=chances)
    # Geographic and tall: cell areas differ from row to row.
    paths = [
        write_raster(
            tmp_path / f"{n}.tif",
            values,
            crs="EPSG:4326",
            origin=(10.0, 70.0),
            cell=(0.1, -0.1),
            tiled=True,
            blockxsize=64,
            blockysize=64,
        )
        for n, values in enumerate(stack)
    ]
    monkeypatch.setattr(source_module, "_CELLS_PER_TILE", 64 * 64)
    task = task_of(paths, (2000, 2008, 2015))
    results = []
    ways = (Workers(1, memory_mb=2), Workers(3, memory_mb=256), Workers(2, memory_mb=8))
    for driver, workers in product(DRIVER_NAMES, ways):
        monkeypatch.setattr(source_module, "driver_name_of", lambda _path, driver=driver: driver)
        result = compute_land_cover_change(task, tmp_path / "change.tif", workers=workers)
        results.append((result, read(tmp_path / "change.tif")[0]))
    first, bands = results[0]
    for result, others in results[1:]:
        assert np.array_equal(bands, others)
        assert np.array_equal(first.transitions_km2, result.transitions_km2)
        assert np.array_equal(first.areas_km2, result.areas_km2)
        assert first.unknown == result.unknown
    assert first.unknown[0].code == 7
    total = float(first.areas_km2[0].sum() + first.unknown[0].km2)
    assert total < 300 * 400 * 124
