"""One out, all out on rasters: classes, areas, causes of nodata, and nothing depends on blocks."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_fixtures import DRIVERS, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.degradation import one_out_all_out
from dbar_qgis_plugin.pipelines import inputs
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation import (
    LandDegradationTask,
    compute_land_degradation,
    count_messages,
    count_table,
    proportion_degraded,
)
from dbar_qgis_plugin.raster_io import blocks
from dbar_qgis_plugin.raster_io.drivers import default_driver_name, get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

ND = -32768


def raster(path, values, *, nodata=ND, **options):
    array = np.asarray(values, dtype=options.pop("dtype", "int16"))
    return RasterInput(write_raster(path, array, nodata=nodata, **options), name=path.stem)


@pytest.fixture
def small(tmp_path):
    """Six cells: all three known twice, one missing three times, water once."""
    return {
        "productivity": raster(tmp_path / "prod.tif", [[5, 1, 5], [ND, 3, 4]]),
        "land_cover": raster(tmp_path / "lc.tif", [[0, 1, -1], [0, ND, 0]]),
        "soc": raster(tmp_path / "soc.tif", [[0, 0, ND], [0, ND, 0]]),
    }


def computed(tmp_path, task, **options):
    output = tmp_path / "sdg.tif"
    result = compute_land_degradation(task, output, **options)
    with rasterio.open(output) as written:
        return result, written.read(1)


def test_by_hand(small, tmp_path):
    result, sdg = computed(tmp_path, LandDegradationTask(**small))
    assert sdg.tolist() == [[1, -1, -1], [ND, ND, 0]]
    assert result.productivity_values == "lpd"
    assert result.cells[:3, 0].tolist() == [1, 1, 1]
    assert result.cells[0, 4] == 1  # degraded, though soil organic carbon is missing
    assert result.cells[3, 1] == 1  # no productivity
    assert result.cells[3, 6] == 1  # neither land cover nor soil organic carbon
    assert result.cells.sum() == 6
    assert result.km2.sum() == pytest.approx(6 * 0.01, rel=2e-3)  # 100 m cells, near the meridian
    assert proportion_degraded(result) == pytest.approx(50.0, rel=1e-6)
    table = count_table(result)
    assert table["class"] == [
        "degraded", "degraded", "stable", "improved", "no_data", "no_data",
    ]  # fmt: skip
    assert table["missing"] == ["", "soc", "", "", "productivity", "land_cover;soc"]
    assert table["value"][-1] is None
    assert sum(table["percent"]) == pytest.approx(100)
    texts = [str(line) for line in count_messages(result)]
    assert texts[0].startswith("Degraded: 2 cells, 0.0")
    assert any(text.startswith("No result without land_cover;soc: 1 cells") for text in texts)
    assert texts[-1].startswith("Degraded although a sub-indicator is missing: 1 cells")


def test_the_other_policy(small, tmp_path):
    result, sdg = computed(tmp_path, LandDegradationTask(**small, policy="any_nodata"))
    assert sdg.tolist() == [[1, -1, ND], [ND, ND, 0]]
    assert result.cells[3].tolist() == [0, 1, 0, 0, 1, 0, 1, *[0] * 9]


def test_inland_water_is_no_land(small, tmp_path):
    water = raster(tmp_path / "cover.tif", [[7, 1, 7], [3, 3, 4]])
    result, sdg = computed(tmp_path, LandDegradationTask(**small, water=water, water_classes=(7,)))
    assert sdg.tolist() == [[ND, -1, ND], [ND, ND, 0]]
    assert result.cells[3, 8] == 2
    assert count_table(result)["missing"][-1] == "water"
    assert proportion_degraded(result) == pytest.approx(50, rel=1e-6)
    assert str(count_messages(result)[-1]).startswith("Inland water, not land: 2 cells")
    mask = raster(tmp_path / "mask.tif", [[0, 1, 0], [0, 0, 0]])
    _, sdg = computed(tmp_path, LandDegradationTask(**small, water=mask))
    assert sdg[0].tolist() == [1, ND, -1]


def test_the_output_says_what_it_is(small, tmp_path):
    computed(tmp_path, LandDegradationTask(**small), tags={"DBAR_FORMULA": "landdegradation/x"})
    with rasterio.open(tmp_path / "sdg.tif") as written:
        assert (written.dtypes, written.nodata) == (("int16",), ND)
        assert written.descriptions == ("sdg",)
        assert written.tags()["DBAR_FORMULA"] == "landdegradation/x"


# -- what productivity holds


def test_bands_are_found_by_their_names(small, tmp_path):
    both = raster(
        tmp_path / "land.tif",
        [[[1, 2, 3], [4, 5, ND]], [[-1, -1, 0], [0, 1, ND]]],
        descriptions=("lpd", "productivity"),
    )
    for values, kind in (("auto", "classes"), ("classes", "classes"), ("lpd", "lpd")):
        task = LandDegradationTask(**small | {"productivity": both}, productivity_values=values)
        result, sdg = computed(tmp_path, task)
        assert result.productivity_values == kind
        assert sdg.tolist() == [[-1, -1, -1], [0, ND, ND]]


@pytest.mark.parametrize("values", [[[1, 1, 0]], [[0, 0, 0]], [[1, 1, 1]]])
def test_values_that_tell_nothing_are_asked_about(small, tmp_path, values):
    flat = {
        name: raster(tmp_path / f"{name}.tif", np.zeros((1, 3))) for name in ("land_cover", "soc")
    }
    task = {"productivity": raster(tmp_path / "p.tif", values), **flat}
    with pytest.raises(InputError) as caught:
        computed(tmp_path, LandDegradationTask(**task, values_label="Productivity holds"))
    assert "do not tell whether it holds classes (-1, 0, 1)" in str(caught.value)
    assert "“Productivity holds”" in str(caught.value)
    assert not (tmp_path / "sdg.tif").exists()
    _, sdg = computed(tmp_path, LandDegradationTask(**task, productivity_values="classes"))
    assert sdg.tolist() == values


def test_values_outside_the_legend_count_as_no_data_and_are_named(small, tmp_path):
    lpd = raster(tmp_path / "odd.tif", [[5, 1, 9], [15, 0, 4]], nodata=None)
    result, sdg = computed(tmp_path, LandDegradationTask(**small | {"productivity": lpd}))
    assert sdg.tolist() == [[1, -1, -1], [ND, ND, 0]]
    (warning,) = map(str, result.warnings)  # 0 and 15 are the usual marks of no data
    assert "odd: 1 cells hold no value from 1 to 5 (such as 9)" in warning


def test_a_raster_without_any_class_is_refused(small, tmp_path):
    ndvi = raster(tmp_path / "ndvi.tif", np.full((2, 3), 0.4), dtype="float32")
    with pytest.raises(
        InputError, match=r"ndvi holds no value from -1 to 1 in 6 of 6 cells, but others \(0.4\)"
    ):
        computed(tmp_path, LandDegradationTask(**small | {"soc": ndvi}))
    assert not list(tmp_path.glob("sdg*"))


def test_land_cover_itself_is_not_taken_for_its_change(small, tmp_path):
    cover = raster(tmp_path / "cover.tif", [[1, 2, 3], [3, 3, 7]])
    with pytest.raises(InputError, match="cover holds no value from -1 to 1 in 5 of 6 cells"):
        computed(tmp_path, LandDegradationTask(**small | {"land_cover": cover}))


def test_no_data_at_all(small, tmp_path):
    empty = raster(tmp_path / "empty.tif", np.full((2, 3), ND))
    result, sdg = computed(tmp_path, LandDegradationTask(**dict.fromkeys(small, empty)))
    assert (sdg == ND).all()
    assert result.cells[3, 7] == 6
    assert proportion_degraded(result) is None


# -- other grids, cancel


def test_another_grid_is_resampled_and_said(small, tmp_path):
    # Cells of 300 m: the one that lies over all six.
    coarse = raster(tmp_path / "coarse.tif", [[-1]], cell=(300, -300))
    result, sdg = computed(tmp_path, LandDegradationTask(**small | {"land_cover": coarse}))
    assert (sdg == -1).all()
    assert [str(note) for note in result.notes] == [
        "prod holds land productivity dynamics (LPD), 1 to 5.",
        "coarse holds -1 degraded, 0 stable, 1 improved.",
        "soc holds -1 degraded, 0 stable, 1 improved.",
        "coarse is resampled to the reference grid (nearest).",
    ]


def test_no_overlap_is_refused(small, tmp_path):
    far = raster(tmp_path / "far.tif", np.zeros((2, 3)), origin=(200_000, 500_000))
    with pytest.raises(GridError, match="far does not overlap the reference raster"):
        computed(tmp_path, LandDegradationTask(**small | {"soc": far}))


def test_cancel_leaves_nothing(small, tmp_path):
    with pytest.raises(Cancelled):
        computed(
            tmp_path, LandDegradationTask(**small), progress=Progress(is_cancelled=lambda: True)
        )
    assert not list(tmp_path.glob("sdg*"))


# -- whatever the blocks, threads and driver


def large(tmp_path, crs, origin, cell):
    rng = np.random.default_rng(5)
    shape = 301, 257
    options = {
        "crs": crs, "origin": origin, "cell": cell,
        "tiled": True, "blockxsize": 32, "blockysize": 32,
    }  # fmt: skip
    return {
        "productivity": raster(
            tmp_path / "p.tif", rng.choice([ND, 1, 2, 3, 4, 5, 15, 77], shape), **options
        ),
        "land_cover": raster(tmp_path / "l.tif", rng.choice([ND, -1, 0, 1, 0], shape), **options),
        "soc": raster(tmp_path / "s.tif", rng.choice([ND, -1, 0, 1, 9999], shape), **options),
    }


@pytest.mark.parametrize(
    ("crs", "origin", "cell"),
    [
        ("EPSG:32618", (600_000, 1_200_000), (250, -250)),
        ("EPSG:4326", (10.0, 62.0), (0.05, -0.05)),
    ],
)
@pytest.mark.parametrize("driver", DRIVERS)
def test_blocks_threads_and_driver_change_nothing(tmp_path, monkeypatch, crs, origin, cell, driver):
    task = LandDegradationTask(**large(tmp_path, crs, origin, cell))
    expected, first = computed(tmp_path, task, workers=Workers(threads=1))
    # The same by plain arrays.
    layers, valid = [], []
    for name in (task.productivity, task.land_cover, task.soc):
        with rasterio.open(name.path) as dataset:
            values = dataset.read(1)
        legend = (1, 5) if name is task.productivity else (-1, 1)
        valid.append((values >= legend[0]) & (values <= legend[1]))
        meaning = {1: -1, 2: -1, 3: 0, 4: 0, 5: 1}
        if name is task.productivity:
            values = np.vectorize(lambda v, meaning=meaning: meaning.get(v, 0))(values)
        layers.append(values)
    by_rule, known = one_out_all_out(layers, valid)
    assert (first == np.where(known, by_rule, ND)).all()
    areas = np.broadcast_to(open_source(task.soc.path).grid.cell_areas(), first.shape)
    assert expected.km2[0].sum() == pytest.approx(areas[first == -1].sum() / 1e6, rel=1e-8)

    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 2000)
    open_with = inputs.open_source
    monkeypatch.setattr(inputs, "open_source", lambda *a, **k: open_with(*a, **k, driver=driver))
    assert default_driver_name() and get_driver(driver)
    result, sdg = computed(tmp_path, task, workers=Workers(threads=3, memory_mb=8))
    assert (sdg == first).all()
    assert (result.cells == expected.cells).all()
    assert (result.km2 == expected.km2).all()
    assert result.warnings == expected.warnings
