"""UN-Habitat's classes: by hand, and against a slower computation of another kind."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import UTM_18N, polygon_wkb, write_raster
from scipy import ndimage

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.kernels.urban_extent import built_classes
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation import NamedPoints
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_extent import UrbanExtentTask, compute_urban_extent
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

# Areas are nominal to 1e-12 and circles round: an equal-area CRS near its origin.
LOCAL = "+proj=laea +lat_0=10 +lon_0=20 +datum=WGS84"


def town(height, width, seed, *, dense=0.8):
    """A town of random cells that thins out, with a park and a lake."""
    rng = np.random.default_rng(seed)
    row, col = np.indices((height, width))
    away = np.hypot(row - height / 2, col - width / 2) / (0.45 * min(height, width))
    built = rng.random((height, width)) < np.clip(dense * (1.4 - away), 0.01, 1.0)
    built[height // 3 : height // 3 + 9, width // 2 : width // 2 + 9] = False
    return built.astype(np.uint8)


@pytest.fixture
def run(tmp_path):
    def compute(values, years=(2020,), *, workers=None, progress=None, out="out.tif", **options):
        crs, origin, cell = (
            options.pop(name, default)
            for name, default in (
                ("crs", UTM_18N),
                ("origin", (600e3, 12e5)),
                ("cell", (100, -100)),
            )
        )
        layers = values if isinstance(values, list) else [values]
        rasters = [
            RasterInput(
                layer
                if isinstance(layer, str)
                else write_raster(
                    tmp_path / f"built_{number}.tif",
                    layer,
                    crs=crs,
                    origin=origin,
                    cell=cell,
                    nodata=options.get("nodata"),
                    tiled=True,
                    blockxsize=16,
                    blockysize=16,
                )
            )
            for number, layer in enumerate(layers)
        ]
        options.pop("nodata", None)
        kind = options.pop("builtup_kind", "binary")
        task = UrbanExtentTask(rasters, kind, years, **options)
        path = tmp_path / out
        result = compute_urban_extent(task, str(path), workers=workers, progress=progress)
        block = open_source(str(path)).read(open_source(str(path)).grid.window)
        return result, np.where(block.valid, block.values, 255)

    return compute


def expected(built, cell, *, limit_ha=200.0, water=None):
    """Classes by convolution, distances and labels of the whole array; square cells in metres."""
    steps = np.arange(-60, 61) * cell
    circle = np.hypot(*np.meshgrid(steps, steps)) <= 564.0
    circle = circle[np.ix_(circle.any(1), circle.any(0))]
    count = ndimage.convolve(built.astype(float), circle.astype(float), mode="constant")
    cells = ndimage.convolve(np.ones(built.shape), circle.astype(float), mode="constant")
    share = np.round(count) / np.round(cells)
    classes = np.where(built == 0, 0, np.where(share > 0.5, 1, np.where(share > 0.25, 2, 3)))
    dense = (classes == 1) | (classes == 2)
    away = np.maximum(np.abs(np.arange(-20, 21)) - 0.5, 0.0) * cell
    near = ndimage.binary_dilation(dense, np.hypot(*np.meshgrid(away, away)) <= 100.0)
    classes[(classes == 0) & near] = 4
    encloses = np.isin(classes, (1, 2, 4))
    holes = ndimage.binary_fill_holes(encloses) & ~encloses
    patches, count = ndimage.label(classes == 0)
    for patch in range(1, count + 1):
        here = patches == patch
        small = here.sum() * cell**2 <= limit_ha * 1e4
        classes[here] = 5 if small and holes[here].all() else 6
    if water is not None:
        classes = np.where(water & (classes > 3), classes + 3, classes)
    return classes


@pytest.mark.parametrize("cell", [100.0, 60.0, 250.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_against_whole_array_computation(run, cell, seed):
    built = town(70, 90, seed)
    result, found = run(built, cell=(cell, -cell), crs=LOCAL, origin=(-3000.0, 3000.0))
    wanted = expected(built, cell)
    assert len(np.unique(wanted)) >= 5
    assert (found[0] != wanted).sum() == 0
    cells = dict(zip(result.classes["class"], result.classes["cells"], strict=True))
    assert cells == {value: (wanted == value).sum() for value in range(1, 10)}


def test_blocks_and_threads_change_nothing(run):
    built = [town(150, 170, seed) for seed in (3, 4)]
    water = np.zeros((150, 170), dtype=bool)
    first = run(built, (2000, 2010), workers=Workers(1, 4096))
    assert first[1].shape == (2, 150, 170)
    for workers in (Workers(1, 1), Workers(3, 2), Workers(2, 1)):
        again = run(built, (2000, 2010), workers=workers, out="again.tif")
        assert np.array_equal(first[1], again[1])
        assert first[0].classes == again[0].classes
        assert first[0].extents == again[0].extents
        assert first[0].wkb == again[0].wkb
    assert not water.any()


def test_thresholds_are_strict():
    built = np.array([50, 51, 25, 26, 0, 100])
    assert built_classes(built, np.full(6, 100)).tolist() == [2, 1, 3, 2, 3, 1]


def ring(size, thickness, *, pad=8):
    """A square ring of built-up cells around open land."""
    side = size + 2 * thickness
    cells = np.ones((side, side), dtype=np.uint8)
    cells[thickness : thickness + size, thickness : thickness + size] = 0
    return np.pad(cells, pad)


@pytest.mark.parametrize(("limit", "captured"), [(200.0, 0), (256.0, 256), (255.0, 0)])
def test_enclosed_land_up_to_a_limit(run, limit, captured):
    """18 x 18 open cells; 16 x 16 are left beyond the fringe of one cell: 256 ha."""
    result, found = run(ring(18, 6), crs=LOCAL, origin=(-2000.0, 2000.0), captured_ha=limit + 1e-6)
    assert (found == 5).sum() == captured
    assert (found == 6).sum() + captured > 256
    names = ("year", "class", "area_km2")
    rows = list(zip(*(result.classes[name] for name in names), strict=True))
    assert rows[4][:2] == (2020, 5)
    assert rows[4][2] == pytest.approx(captured / 100.0, rel=1e-6)


def test_a_gap_leaks_and_a_corner_does_not(run):
    closed = ring(9, 6)
    _, found = run(closed)
    assert (found == 5).sum() == 49
    leaking = closed.copy()
    leaking[8:14, 15:20] = 0  # five cells wide: three are left between the fringes
    _, found = run(leaking)
    assert (found == 5).sum() == 0


def test_rural_cells_in_a_hole_do_not_enclose(run):
    """A lone building in the park stays rural; the land around it is captured."""
    built = ring(12, 6)
    built[19, 19] = 1
    _, found = run(built)
    assert found[0, 19, 19] in (2, 3)
    alone = np.zeros((40, 40), dtype=np.uint8)
    alone[10:31, [10, 30]] = alone[[10, 30], 10:31] = 1
    _, found = run(alone)
    assert set(np.unique(found)) == {3, 6}, "rural buildings around a field capture nothing"


def test_water_is_told_apart(run, tmp_path):
    built = ring(12, 6)
    water = np.zeros(built.shape, dtype=np.uint8)
    water[:, 18:22] = 1
    raster = write_raster(tmp_path / "water.tif", water)
    _, found = run(built, water=RasterInput(raster))
    _, dry = run(built, out="dry.tif")
    assert np.array_equal(found, np.where((water == 1) & (dry > 3), dry + 3, dry))
    assert {7, 8, 9} <= set(np.unique(found))
    x, y = 600e3 + 1800.0, 12e5
    wet = polygon_wkb([(x, y), (x + 400, y), (x + 400, y - 9e3), (x, y - 9e3), (x, y)])
    crs = get_driver().wkt(UTM_18N)
    _, again = run(built, water_wkb=[wet], water_crs=crs, out="again.tif")
    assert np.array_equal(found, again)


def test_no_data_counts_for_nothing_unless_it_is_water(run, tmp_path):
    built = np.zeros((40, 40), dtype=np.uint8)
    built[:, 18:22] = 1
    built[:, 22:] = 9
    _, found = run(built, nodata=9)
    assert (found[0][:, 22:] == 255).all()
    # Half of the circle has no data: what is left is a third to two thirds built.
    assert found[0, 20, 21] == 1
    water = write_raster(tmp_path / "sea.tif", (built == 9).astype(np.uint8))
    _, found = run(built, nodata=9, water=RasterInput(water))
    assert found[0, 20, 21] == 2
    assert set(np.unique(found[0][:, 22:])) == {7, 9}


KINDS = {
    "fraction": lambda built: built.astype(np.float32),
    "percent": lambda built: (100 * built).astype(np.uint8),
    "square_metres": lambda built: built * 10_050.0,
    "classes": lambda built: np.where(built, 50, 10).astype(np.uint8),
    "first_year": lambda built: np.where(built, 1999, 0).astype(np.uint16),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_builtup(run, kind):
    built = town(50, 60, 5)
    _, wanted = run(built)
    options = {"builtup_classes": (50,)} if kind == "classes" else {}
    _, found = run(KINDS[kind](built), builtup_kind=kind, out="kind.tif", **options)
    assert np.array_equal(found, wanted)


def test_first_year_gives_each_date(run):
    first = np.where(town(40, 40, 6), np.where(np.arange(40) < 20, 1990, 2010), 0)
    _, found = run(first.astype(np.int16), (2000, 2020), builtup_kind="first_year")
    assert found.shape[0] == 2
    assert not np.isin(found[0][:, 26:], (1, 2, 3)).any()
    assert np.isin(found[1][:, 26:], (1, 2, 3)).any()


def test_fractions_keep_their_area(run):
    """Cells half built: the circle is half built, so none is urban; all are suburban."""
    built = np.full((30, 30), 0.5)
    result, found = run(built, builtup_kind="fraction", crs=LOCAL, origin=(-1500.0, 1500.0))
    assert set(np.unique(found)) == {2}
    assert result.extents["builtup_km2"][0] == pytest.approx(4.5, rel=1e-6)
    assert result.extents["area_km2"][0] == pytest.approx(9.0, rel=1e-6)
    assert result.extents["builtup_share"][0] == pytest.approx(0.5)


@pytest.mark.parametrize("latitude", [0.0, 52.0, 70.0])
def test_circles_are_round_on_the_ground(run, latitude):
    """On a grid of degrees, cells within 564 m by geodesics on the ellipsoid, and no others."""
    step = 1.0 / 1200.0
    height, width = 60, 121
    built = np.zeros((height, width), dtype=np.uint8)
    row, col = 30, 60
    origin = (10.0 - (col + 0.5) * step, latitude + (row + 0.5) * step)
    crs = get_driver().wkt(f"+proj=aeqd +lat_0={latitude} +lon_0=10 +datum=WGS84")
    longitude, place = np.meshgrid(
        origin[0] + (np.arange(width) + 0.5) * step, origin[1] - (np.arange(height) + 0.5) * step
    )
    x, y = get_driver().transform_points(get_driver().wkt("EPSG:4326"), crs, longitude, place)
    inside = np.hypot(x, y) <= 564.0
    for share, wanted in ((0.49, 2), (0.51, 1)):
        built[:] = 0
        ground = np.flatnonzero(inside.ravel())
        order = ground[np.argsort(np.hypot(x, y).ravel()[ground])]
        built.ravel()[order[: int(share * order.size)]] = 1
        built[~inside] = 1  # beyond the circle, where it must not count
        _, found = run(built, crs="EPSG:4326", origin=origin, cell=(step, -step))
        assert found[0, row, col] == wanted


def test_web_mercator_is_not_taken_at_its_word(run):
    """At 60 degrees north cells of 200 m are 100 m on the ground."""
    built = town(60, 60, 8)
    _, found = run(built, crs="EPSG:3857", origin=(2e6, 8_399_737.9 + 6000.0), cell=(200.0, -200.0))
    wanted = expected(built, 100.0)
    assert (found[0] != wanted).mean() < 0.01
    assert (found[0] != expected(built, 200.0)).mean() > 0.05


def test_rasters_of_different_extent_are_cropped(run, tmp_path):
    whole = town(60, 60, 9)
    part = write_raster(tmp_path / "part.tif", whole[10:, 5:50], origin=(600e3 + 500, 12e5 - 1000))
    result, found = run([whole, part], (2000, 2010))
    assert found.shape == (2, 50, 45)
    assert np.array_equal(found[0], found[1])
    assert any("different areas" in str(note) for note in result.notes)


def test_rasters_on_other_grids_come_to_the_finest(run, tmp_path):
    """Two dates alike, one of them in cells of 50 m: both give the same land."""
    built = town(40, 40, 11)
    coarse = write_raster(tmp_path / "coarse.tif", built)
    fine = write_raster(
        tmp_path / "fine.tif", np.kron(built, np.ones((2, 2), np.uint8)), cell=(50.0, -50.0)
    )
    result, found = run([coarse, fine], (2000, 2010))
    assert found.shape == (2, 80, 80)
    assert np.array_equal(found[0], found[1])
    assert any("resampled" in str(note) for note in result.notes)


def test_tasks_can_go_to_a_cluster(run, monkeypatch):
    """What a block is made of pickles, and so does what it gives."""
    import pickle

    from dbar_qgis_plugin.pipelines.sdg_11_3_1 import urban_extent

    def through_pickle(function, tasks, *_):
        for task in tasks:
            yield pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(task)))))

    built = town(50, 50, 12)
    _, wanted = run(built)
    monkeypatch.setattr(urban_extent, "run_tasks", through_pickle)
    _, found = run(built, out="pickled.tif")
    assert np.array_equal(found, wanted)


def test_the_study_area_cuts_the_result_only(run):
    built = town(80, 80, 10)
    whole, classes = run(built)
    x, y = 600e3, 12e5
    corners = [(3000, 2000), (6000, 2000), (6000, 6000), (3000, 6000), (3000, 2000)]
    area = polygon_wkb([(x + right, y - down) for right, down in corners])
    result, found = run(built, area_wkb=[area], area_crs=get_driver().wkt(UTM_18N), out="part.tif")
    inside = found[0] != 255
    assert inside.sum() == 1200
    assert np.array_equal(found[0][inside], classes[0][20:60, 30:60].ravel())
    assert result.extent_km2[0] < whole.extent_km2[0]


def test_extents_have_ids_names_and_areas(run):
    built = np.zeros((60, 90), dtype=np.uint8)
    built[10:30, 10:30] = built[15:25, 60:70] = 1
    x, y = 600e3, 12e5
    points = NamedPoints(
        [x + 1500, x + 6500, x + 1600, x + 100],
        [y - 1500, y - 2000, y - 1500, y - 100],
        ["Bigger", "Smaller", "Less known", "Nowhere"],
        [5.0, np.nan, 1.0, 9.0],
        get_driver().wkt(UTM_18N),
    )
    result, found = run([built, built], (2000, 2010), points=points)
    assert result.extents["id"] == [1, 2, 1, 2]
    assert result.extents["name"] == ["Bigger", "Smaller"] * 2
    assert result.extents["year"] == [2000, 2000, 2010, 2010]
    assert result.extents["area_km2"][:2] == pytest.approx([4.84, 1.44], rel=2e-3)
    assert result.extents["builtup_km2"][:2] == pytest.approx([4.0, 1.0], rel=2e-3)
    assert sum(result.extents["area_km2"][:2]) == pytest.approx(result.extent_km2[0])
    assert len(result.wkb) == 4
    assert np.isin(found[0], (1, 2, 4)).sum() == 22 * 22 + 12 * 12
    few, _ = run(built, least_km2=2.0, out="few.tif")
    assert few.extents["name"] == [""]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros((20, 20), dtype=np.uint8), "no cell is built up"),
        (np.full((20, 20), 9, dtype=np.uint8), "no cell has data"),
        (np.eye(20, dtype=np.uint8), "to be urban or suburban"),
        (np.zeros((1, 1), dtype=np.uint8), "no cell is built up"),
    ],
)
def test_results_may_be_empty_and_say_so(run, values, said):
    result, found = run(values, nodata=9)
    assert not np.isin(found, (1, 2, 4, 5, 7, 8)).any()
    assert result.wkb == []
    assert any(said in str(warning) for warning in result.warnings)


def test_one_cell(run):
    _, found = run(np.ones((1, 1), dtype=np.uint8))
    assert found.tolist() == [[[1]]]


def test_coarse_cells_are_warned_of(run):
    result, _ = run(np.ones((5, 5), dtype=np.uint8), cell=(1000, -1000))
    text = " ".join(map(str, result.warnings))
    assert "walking circle" in text
    assert "fringe" in text


def test_refusals(run, tmp_path):
    built = town(20, 20, 1)
    with pytest.raises(InputError, match="between 0 and 1"):
        run(built * 2.0, builtup_kind="fraction")
    with pytest.raises(InputError, match="do not increase"):
        run([built, built], (2010, 2000))
    with pytest.raises(InputError, match="2 are needed"):
        run(built, (2000, 2010))
    far = write_raster(tmp_path / "far.tif", built, origin=(700e3, 12e5))
    with pytest.raises(GridError, match="does not overlap"):
        run([built, far], (2000, 2010))
    assert not list(tmp_path.glob("out*"))


def test_cancel_leaves_no_file(run, tmp_path):
    calls = []

    def is_cancelled():
        calls.append(1)
        return len(calls) > 4

    with pytest.raises(Cancelled):
        run(town(90, 90, 2), progress=Progress(is_cancelled=is_cancelled), workers=Workers(1, 1))
    assert not [path.name for path in tmp_path.iterdir() if not path.name.startswith("built")]
