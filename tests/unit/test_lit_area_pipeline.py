"""Lit area by each rule, with areas by an independent count, whatever the blocks."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raster_fixtures import DRIVERS, box, polygon_wkb, star, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones
from dbar_qgis_plugin.pipelines.night_light.lit_area import METHODS, LitAreaTask, compute_lit_area
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

WGS = {"crs": "EPSG:4326", "cell": (0.01, -0.01), "origin": (30.0, 2.0)}
RANDOM = np.random.default_rng(11)


def light(path, values, **options):
    """Write a raster of light and return it as an input."""
    array = np.asarray(values)
    return RasterInput(write_raster(path, array, **options), name="light")


def read(path):
    source = open_source(path)
    block = source.read(source.grid.window)
    return np.where(block.valid, block.values, np.nan)


def band_area_km2(rows, north=2.0, cell=0.01):
    """Area of cells of rows of degrees on the WGS 84 ellipsoid, by numerical integration."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    found = []
    for row in rows:
        edges = np.radians(np.linspace(north - cell * (row + 1), north - cell * row, 201))
        middle = (edges[1:] + edges[:-1]) / 2
        width = (1 - e2 * np.sin(middle) ** 2) ** -2 * np.cos(middle)
        found.append(a**2 * (1 - e2) * (width * np.diff(edges)).sum() * np.radians(cell) / 1e6)
    return np.array(found)


def test_fixed_threshold_and_true_areas(tmp_path):
    values = np.array([[0.5, 0.49, -9], [-0.2, 0.0, 3.0]], dtype=np.float32)
    raster = light(tmp_path / "l.tif", values, nodata=-9, **WGS)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(LitAreaTask(raster, "fixed"), out)
    assert np.array_equal(read(out)[0], [[1, 0, np.nan], [0, 0, 1]], equal_nan=True)
    columns = result.columns
    assert columns["lit_cells"] == [2]
    assert (columns["cells"], columns["nodata_cells"]) == ([5], [1])
    assert columns["lit_km2"][0] == pytest.approx(band_area_km2([0, 1]).sum(), rel=1e-9)
    assert columns["area_km2"][0] == pytest.approx(band_area_km2([0, 0, 1, 1, 1]).sum(), rel=1e-9)
    # 3.5 of 3.5 + 0.49 - 0.2; negatives stay values.
    assert columns["lit_light_pct"][0] == pytest.approx(100 * 3.5 / 3.79, rel=1e-6)
    tags = dict(open_source(out).info.tags)
    assert tags["DBAR_THRESHOLD"] == "0.5"


def test_decimals_of_single_precision_reach_their_threshold(tmp_path):
    raster = light(tmp_path / "l.tif", np.array([[0.7]], dtype=np.float32))  # 0.69999999
    result = compute_lit_area(LitAreaTask(raster, "fixed", 0.7), str(tmp_path / "m.tif"))
    assert result.columns["lit_cells"] == [1]


def test_otsu_against_counting_all_cells(tmp_path):
    values = np.concatenate((RANDOM.lognormal(-1, 0.5, 3000), RANDOM.lognormal(2.5, 0.5, 600)))
    values = values.astype(np.float32).reshape(60, 60)
    values[:5] = -0.1
    raster = light(tmp_path / "l.tif", values)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(LitAreaTask(raster, "otsu"), out)
    logs = np.log1p(values[values > 0].astype(np.float64))
    counts, edges = np.histogram(logs, 256)
    middles = (edges[1:] + edges[:-1]) / 2
    between = [
        logs[logs <= edge].size
        * logs[logs > edge].size
        * (logs[logs <= edge].mean() - logs[logs > edge].mean()) ** 2
        for edge in edges[1:-1]
    ]
    # Of the classes' own values instead of their bins' middles: the same bin, or the next.
    place = int(np.argmax(between))
    near = np.expm1(middles[max(place - 2, 0)]), np.expm1(middles[place + 2])
    assert near[0] <= result.threshold <= near[1]
    assert counts.sum() == logs.size
    assert result.columns["lit_cells"] == [int((values >= np.float32(result.threshold)).sum())]


def test_perimeter_finds_the_town(tmp_path):
    # A town whose rim is ragged above 10: from there on the perimeter grows.
    town = np.full((30, 30), 1.0, dtype=np.float32)
    town[5:25, 5:25] = 10.0
    for step, value in enumerate((20.0, 30.0, 40.0)):
        town[6 : 24 - step : 2, 6:24:2] = value
    raster = light(tmp_path / "l.tif", town)
    task = LitAreaTask(raster, "perimeter", dark=0.0, reference_percentile=100.0)
    result = compute_lit_area(task, str(tmp_path / "m.tif"))
    steps = np.linspace(1.0, 40.0, 64)
    lengths = []
    for step in steps.astype(np.float32):
        lit = np.pad(town >= step, 1).astype(int)
        lengths.append(int(np.abs(np.diff(lit, axis=0)).sum() + np.abs(np.diff(lit, axis=1)).sum()))
    rises = np.diff(lengths) > 0
    expected = next((i for i in range(61) if rises[i : i + 3].all()), int(np.argmax(lengths)))
    assert result.threshold == pytest.approx(steps[expected], rel=1e-6)


def test_a_perimeter_threshold_that_lights_nearly_everything_is_told(tmp_path):
    # Noise around 0 and a few lamps, as in VIIRS.
    random = np.random.default_rng(3)
    values = random.normal(0.0, 0.2, (120, 120)).astype(np.float32)
    for row, col in random.integers(10, 110, (12, 2)):
        values[row - 4 : row + 4, col - 4 : col + 4] += random.uniform(5.0, 60.0)
    raster = light(tmp_path / "l.tif", values)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(LitAreaTask(raster, "perimeter", dark=0.0), out)
    assert result.columns["lit_cells"][0] > 0.99 * np.count_nonzero(values > 0)
    (text,) = map(str, result.warnings)
    assert text.startswith("light: 100.0 % of the cells above 0 are lit")
    assert "Give a higher value for dark cells" in text
    # What it says helps.
    for task in (LitAreaTask(raster, "perimeter", dark=1.0), LitAreaTask(raster, "otsu", dark=0.0)):
        assert not compute_lit_area(task, out).warnings


def lot_by_trying(values, areas, known):
    """Threshold by trying every value; of equally near ones the smaller area."""
    best = (np.inf, np.inf, np.inf)
    for value in np.append(np.unique(values[values > 0]), np.inf):
        area = areas[values >= value].sum()
        best = min(best, (abs(area - known), area, value))
    return best[2]


def test_local_optimum_against_trying_every_value(tmp_path):
    values = RANDOM.gamma(0.5, 8.0, (40, 60)).astype(np.float32)
    values[:, 30:] = np.round(values[:, 30:])  # whole numbers, as DMSP
    raster = light(tmp_path / "l.tif", values, **WGS)
    area = band_area_km2(range(40))[:, np.newaxis] * np.ones((1, 60))
    halves = [(slice(0, 30), 400.0), (slice(30, 60), 250.0)]
    wkb = [polygon_wkb(box(30.0 + 0.3 * half, 1.6, 30.3 + 0.3 * half, 2.0)) for half in range(2)]
    zones = Zones(["west", "east"], wkb, open_source(raster.path).grid.crs, "all")
    task = LitAreaTask(raster, "local_optimum", known_km2=[400.0, 250.0], zones=zones)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(task, out)
    mask = read(out)[0]
    for place, (cols, known) in enumerate(halves):
        wanted = lot_by_trying(values[:, cols], area[:, cols], known)
        lit = values[:, cols] >= wanted
        assert np.array_equal(mask[:, cols] == 1, lit)
        assert result.columns["lit_km2"][place] == pytest.approx(area[:, cols][lit].sum(), rel=1e-8)
    assert result.columns["difference_km2"][0] == pytest.approx(
        result.columns["lit_km2"][0] - 400.0
    )
    assert result.columns["threshold"][2] is None
    assert result.columns["known_km2"] == [400.0, 250.0, None]
    assert np.isnan(result.threshold)


def test_local_optimum_of_odd_zones(tmp_path):
    values = np.full((4, 4), 5.0, dtype=np.float32)
    values[:, 3] = 0.0
    raster = light(tmp_path / "l.tif", values, **WGS)
    wkb = [polygon_wkb(box(30.0 + 0.01 * col, 1.96, 30.01 + 0.01 * col, 2.0)) for col in range(4)]
    zones = Zones(list("abcd"), wkb, open_source(raster.path).grid.crs, "all")
    task = LitAreaTask(raster, "local_optimum", known_km2=[1000.0, 0.0, np.nan, 2.0], zones=zones)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(task, out)
    # More than there is: all lit. Nothing known to be lit: none. Unknown, and without light: no
    # threshold, no result.
    mask = read(out)[0]
    assert (mask[:, 0] == 1).all()
    assert (mask[:, 1] == 0).all()
    assert np.isnan(mask[:, 2:]).all()
    assert result.columns["threshold"][0] == 5.0
    assert result.columns["threshold"][2:] == [None, None, None]
    assert result.columns["flags"][2] == "NO_DATA"


def test_small_patches(tmp_path):
    pytest.importorskip("scipy")
    values = np.zeros((70, 70), dtype=np.float32)
    values[10, 10:14] = 1.0
    values[30:33, 62:66] = 1.0  # across a border of tiles
    values[50, 50] = values[51, 51] = 1.0
    raster = light(tmp_path / "l.tif", values, tiled=True, blockxsize=64, blockysize=64)
    task = LitAreaTask(raster, "fixed", minimum_patch=8)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(task, out, workers=Workers(1, 1))
    assert result.columns["lit_cells"] == [12]
    assert read(out)[0][30:33, 62:66].all()


def test_without_scipy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    raster = light(tmp_path / "l.tif", np.ones((2, 2), dtype=np.float32))
    result = compute_lit_area(LitAreaTask(raster, "fixed"), str(tmp_path / "m.tif"))
    assert result.columns["lit_cells"] == [4]


def test_indices_by_hand(tmp_path):
    values = np.array([[0.0, 5.0, 10.0, 10.0, 5.0]], dtype=np.float32)
    ndvi = np.array([[2000, 2000, 0, -30000, -1000]], dtype=np.int16)
    evi = np.array([[1000, 3000, -500, 3000, -1000]], dtype=np.int16)
    raster = light(tmp_path / "l.tif", values, **WGS)
    task = LitAreaTask(
        raster,
        "fixed",
        ndvi=light(tmp_path / "n.tif", ndvi, nodata=-30000, **WGS),
        evi=light(tmp_path / "e.tif", evi, **WGS),
        reference_percentile=100.0,
    )
    out = str(tmp_path / "i.tif")
    result = compute_lit_area(task, str(tmp_path / "m.tif"), out)
    assert open_source(out).info.descriptions == ("VANUI", "HSI", "EANTLI")
    assert result.reference == 10.0
    found = read(out)[:, 0]
    # n = 0, 0.5, 1, 1, 0.5; NDVI 0.2, 0.2, 0, none, 0 (held); EVI 0.1, 0.3, 0 (held), 0.3, 0.
    assert found[0] == pytest.approx([0.0, 0.4, 1.0, np.nan, 0.5], nan_ok=True)
    assert found[1] == pytest.approx([0.8 / 1.2, 1.3 / 0.8, np.nan, np.nan, 1.5 / 0.5], nan_ok=True)
    assert found[2] == pytest.approx(
        [0.0, 1.2 / 0.8 * 5.0, np.nan, 1.7 / 0.3 * 10.0, 1.5 / 0.5 * 5.0], nan_ok=True, rel=1e-6
    )


def test_the_reference_is_a_percentile_not_one_bad_cell(tmp_path):
    values = np.arange(1, 1001, dtype=np.float32).reshape(10, 100)
    values[-1, -1] = 1e6
    ndvi = light(tmp_path / "n.tif", np.full((10, 100), 0.5, dtype=np.float32))
    task = LitAreaTask(light(tmp_path / "l.tif", values), "fixed", ndvi=ndvi)
    result = compute_lit_area(task, str(tmp_path / "m.tif"), str(tmp_path / "i.tif"))
    assert result.reference == 999.0


@pytest.mark.parametrize("method", METHODS)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(memory=st.sampled_from([1, 3]), threads=st.sampled_from([1, 3]))
def test_blocks_and_threads_change_no_digit(tmp_path, method, memory, threads):
    values = np.random.default_rng(7).lognormal(0.0, 1.5, (200, 260)).astype(np.float32)
    raster = light(tmp_path / "l.tif", values, tiled=True, blockxsize=64, blockysize=64, **WGS)
    wkb = [polygon_wkb(star(31.0, 1.0, 0.8)), polygon_wkb(star(32.0, 0.8, 0.5))]
    zones = Zones(["a", "b"], wkb, open_source(raster.path).grid.crs, "all")
    task = LitAreaTask(raster, method, known_km2=[900.0, 700.0], zones=zones)
    out = str(tmp_path / "m.tif")
    whole = compute_lit_area(task, out)
    first = read(out)
    parts = compute_lit_area(task, out, workers=Workers(threads, memory))
    assert parts.columns == whole.columns
    assert np.array_equal(read(out), first, equal_nan=True)


@pytest.mark.parametrize("method", ["otsu", "perimeter"])
def test_one_lit_cell(tmp_path, method):
    raster = light(tmp_path / "l.tif", np.array([[3.0]], dtype=np.float32))
    result = compute_lit_area(LitAreaTask(raster, method), str(tmp_path / "m.tif"))
    assert (result.threshold, result.columns["lit_cells"]) == (3.0, [1])
    assert "one value" in str(result.warnings[0])


@pytest.mark.parametrize("driver", DRIVERS)
def test_whole_numbers_of_dmsp(tmp_path, driver, monkeypatch):
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source.driver_name_of", lambda _path: driver)
    values = RANDOM.integers(0, 64, (20, 20)).astype(np.uint8)
    raster = light(tmp_path / "l.tif", values, nodata=255, **WGS)
    out = str(tmp_path / "m.tif")
    compute_lit_area(LitAreaTask(raster, "fixed", 30.0), out)
    assert np.array_equal(read(out)[0] == 1, values >= 30)
    result = compute_lit_area(LitAreaTask(raster, "otsu", dark=3.0), out)
    assert result.columns["lit_cells"] == [int((values >= result.threshold).sum())]
    assert result.threshold > 3.0


def test_the_background_is_dark(tmp_path):
    values = np.full((10, 10), 7, dtype=np.uint16)
    values[0] = np.arange(20, 30)
    values[1] = np.arange(200, 210)
    raster = light(tmp_path / "l.tif", values, nodata=0)
    out = str(tmp_path / "m.tif")
    result = compute_lit_area(LitAreaTask(raster, "otsu"), out)
    assert str(result.notes[0]).startswith("Dark up to 7.0")
    # The middle of the step that the largest faint value is in may lie just below it.
    assert 28.5 < result.threshold < 200
    assert result.columns["lit_cells"] in ([10], [11])
    # With the background among the lit cells it is one of the two classes.
    values[0] = 250
    raster = light(tmp_path / "l.tif", values, nodata=0)
    result = compute_lit_area(LitAreaTask(raster, "otsu", dark=0.0), out)
    assert 7 < result.threshold < 200
    assert result.columns["lit_cells"] == [20]
    assert result.notes == ()


def test_refusals(tmp_path):
    out = str(tmp_path / "m.tif")
    dark = light(tmp_path / "d.tif", np.zeros((2, 2), dtype=np.float32))
    for method in ("otsu", "perimeter"):
        with pytest.raises(InputError, match="no cell above 0: nothing is lit"):
            compute_lit_area(LitAreaTask(dark, method), out)
    result = compute_lit_area(LitAreaTask(dark, "fixed"), out)
    assert result.columns["lit_pct"] == [0.0]
    gone = light(tmp_path / "g.tif", np.full((2, 2), np.nan, dtype=np.float32))
    with pytest.raises(InputError, match="light holds no data inside the zones"):
        compute_lit_area(LitAreaTask(gone, "fixed"), str(tmp_path / "none.tif"))
    assert not (tmp_path / "none.tif").exists()
    with pytest.raises(InputError, match="“x” is not one of fixed"):
        compute_lit_area(LitAreaTask(dark, "x"), out)
    with pytest.raises(InputError, match="needs zones with their known area"):
        compute_lit_area(LitAreaTask(dark, "local_optimum"), out)
    with pytest.raises(InputError, match="need a raster of NDVI or EVI"):
        compute_lit_area(LitAreaTask(dark, "fixed"), out, str(tmp_path / "i.tif"))
    away = Zones(["z"], [polygon_wkb(box(0, 0, 1, 1))], open_source(dark.path).grid.crs)
    with pytest.raises(InputError, match="No zone overlaps the raster light"):
        compute_lit_area(LitAreaTask(dark, "fixed", zones=away), out)
    ndvi = light(tmp_path / "n.tif", np.ones((2, 2), dtype=np.float32), origin=(0.0, 0.0))
    with pytest.raises(GridError, match="does not overlap the reference"):
        compute_lit_area(LitAreaTask(dark, "fixed", ndvi=ndvi), out, str(tmp_path / "i.tif"))


def test_cancel_leaves_nothing(tmp_path):
    raster = light(tmp_path / "l.tif", np.ones((4, 4), dtype=np.float32))
    with pytest.raises(Cancelled):
        compute_lit_area(
            LitAreaTask(raster, "otsu"),
            str(tmp_path / "m.tif"),
            progress=Progress(is_cancelled=lambda: True),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["l.tif"]
