"""Kinds of growth by hand, and the landscape expansion index against a slower computation."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import write_raster
from scipy import ndimage

from dbar_qgis_plugin.errors import Cancelled, InputError
from dbar_qgis_plugin.kernels.urban_growth import expansion_index, lei_types
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_growth import UrbanGrowthTask, compute_urban_growth
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import open_source
from dbar_qgis_plugin.raster_io.workers import Workers

LOCAL = "+proj=laea +lat_0=10 +lon_0=20 +datum=WGS84"


@pytest.fixture
def run(tmp_path):
    def compute(layers, years=None, *, workers=None, progress=None, out="out.tif", **options):
        rasters = [
            RasterInput(
                write_raster(
                    tmp_path / f"classes_{number}.tif",
                    np.asarray(layer, dtype=np.uint8),
                    crs=LOCAL,
                    origin=(-1000.0, 1000.0),
                    nodata=255,
                    tiled=True,
                    blockxsize=16,
                    blockysize=16,
                )
            )
            for number, layer in enumerate(layers)
        ]
        years = years or [2000 + 10 * number for number in range(len(layers))]
        path = tmp_path / out
        result = compute_urban_growth(
            UrbanGrowthTask(rasters, years, **options),
            str(path),
            workers=workers,
            progress=progress,
        )
        block = open_source(str(path)).read(open_source(str(path)).grid.window)
        return result, np.where(block.valid, block.values, 255)

    return compute


def rows(result, scheme):
    table = [
        dict(zip(result.types, row, strict=True))
        for row in zip(*result.types.values(), strict=True)
    ]
    return {row["type"]: row for row in table if row["scheme"] == scheme}


BEFORE = [
    "66666666666",
    "64446666666",
    "64146666636",
    "64446666666",
    "66666666666",
    "66666666666",
    "66666666666",
]
AFTER = [
    "66666666666",
    "64444446444",
    "64111146424",
    "64446446444",
    "64146666666",
    "64446444666",
    "66636414666",
]
TYPES = [
    "00000000000",
    "00000000000",
    "00012200040",
    "00000000000",
    "00200000000",
    "00000000000",
    "00050030000",
]


def grid_of(lines):
    return np.array([[int(cell) for cell in line] for line in lines], dtype=np.uint8)


def test_types_by_hand(run):
    """A fringe cell built up, a tongue from it, a town far off, a hamlet taken in, a new one."""
    result, found = run([grid_of(BEFORE), grid_of(AFTER)])
    assert ["".join(map(str, row)) for row in found[0]] == TYPES
    by_extent = rows(result, "extent")
    cells = {kind: row["cells"] for kind, row in by_extent.items()}
    assert cells == {"infill": 1, "extension": 3, "leapfrog": 1, "inclusion": 1, "rural": 1}
    assert by_extent["extension"]["area_km2"] == pytest.approx(0.03, rel=1e-6)
    assert by_extent["extension"]["area_pct"] == pytest.approx(100 * 3 / 7, rel=1e-6)


def test_index_by_hand(run):
    """The tongue (3 cells) has 12 cells around it, of which 1 was built up: 8.33."""
    result, _ = run([grid_of(BEFORE), grid_of(AFTER)])
    patches = [
        dict(zip(result.patches, row, strict=True))
        for row in zip(*result.patches.values(), strict=True)
    ]
    assert [patch["area_km2"] for patch in patches] == pytest.approx([0.03, 0.01, 0.01, 0.01])
    tongue = patches[0]
    assert tongue["lei"] == pytest.approx(100 / 12, rel=1e-6)
    assert tongue["lei_type"] == "edge"
    assert tongue["infill_km2"] == pytest.approx(0.01, rel=1e-6)
    assert tongue["extension_km2"] == pytest.approx(0.02, rel=1e-6)
    assert [patch["lei"] for patch in patches[1:]] == [0.0, 0.0, 0.0]
    assert {patch["lei_type"] for patch in patches[1:]} == {"outlying"}
    by_lei = rows(result, "lei")
    assert by_lei["edge"]["patches"] == 1
    assert by_lei["all"]["patches"] == 4
    assert by_lei["all"]["mean_lei"] == pytest.approx(100 / 12 / 4, rel=1e-6)
    assert by_lei["all"]["weighted_lei"] == pytest.approx(100 / 12 / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("occupied", "kind"),
    [(8, "infilling"), (5, "infilling"), (4, "edge"), (1, "edge"), (0, "outlying")],
)
def test_a_cell_among_built_ones(run, occupied, kind):
    before = np.full((5, 5), 6)
    ring = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2), (3, 3)]
    for place in ring[:occupied]:
        before[place] = 1
    after = before.copy()
    after[2, 2] = 1
    result, _ = run([before, after])
    assert result.patches["lei"] == pytest.approx([100 * occupied / 8], rel=1e-6)
    assert result.patches["lei_type"] == [kind]


def test_the_index_has_bounds():
    index = expansion_index(
        np.array([0.0, 1.0, 51.0, 50.0, 0.0]), np.array([9.0, 9.0, 49.0, 50.0, 0.0])
    )
    assert index[:4].tolist() == [0.0, 10.0, 51.0, 50.0]
    assert lei_types(index) == ["outlying", "edge", "infilling", "edge", None]


def invented(seed, shape=(70, 90)):
    """Classes of two dates: noise on blobs, with cells without data."""
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.random((2, *shape)), (0, 3, 3))
    smooth[1] = 0.6 * smooth[0] + 0.4 * smooth[1] + 0.01
    built = rng.random((2, *shape)) < np.where(smooth > 0.51, 0.6, 0.05)
    built[1] |= built[0] & (rng.random(shape) < 0.97)
    extent = ndimage.binary_dilation(smooth > 0.51, np.ones((1, 3, 3)))
    classes = np.where(built, np.where(extent, 1, 3), np.where(extent, 4, 6)).astype(np.uint8)
    classes[0][rng.random(shape) < 0.01] = 255
    return classes


def slow_index(before, after, footprint):
    """Index of each patch from masks of the whole array, in the order of first cells."""
    new = np.isin(after, (1, 2, 3)) & ~np.isin(before, (1, 2, 3)) & (before != 255)
    known = (before != 255) & (after != 255)
    built = np.isin(before, (1, 2, 3)) & known
    patches, count = ndimage.label(new, np.ones((3, 3)))
    found = []
    for patch in range(1, count + 1):
        here = patches == patch
        ring = ndimage.binary_dilation(here, footprint) & ~here & known
        found.append((here.sum(), 100.0 * built[ring].sum() / max(ring.sum(), 1)))
    return found


@pytest.mark.parametrize("buffer_m", [None, 100.0, 260.0])
def test_index_against_masks(run, buffer_m):
    before, after = invented(1)
    result, _ = run([before, after], buffer_m=buffer_m)
    away = np.maximum(np.abs(np.arange(-5, 6)) - 0.5, 0.0) * 100.0
    footprint = (
        np.ones((3, 3)) if buffer_m is None else np.hypot(*np.meshgrid(away, away)) <= buffer_m
    )
    wanted = sorted(slow_index(before, after, footprint))
    names = ("area_km2", "lei")
    found = sorted(zip(*(result.patches[name] for name in names), strict=True))
    found = sorted((round(100 * area), lei) for area, lei in found)
    assert len(found) == len(wanted) > 50
    assert [area for area, _ in found] == [area for area, _ in wanted]
    assert [lei for _, lei in found] == pytest.approx([lei for _, lei in wanted], rel=1e-6)


def test_types_against_masks(run):
    before, after = invented(2)
    _, found = run([before, after])
    in_extent = [np.isin(layer, (1, 2, 4, 5, 7, 8)) for layer in (before, after)]
    built = [np.isin(layer, (1, 2, 3)) for layer in (before, after)]
    gained = in_extent[1] & ~in_extent[0] & (before != 255)
    parts, _ = ndimage.label(gained, np.ones((3, 3)))
    touching = np.unique(parts[ndimage.binary_dilation(in_extent[0], np.ones((3, 3)))])
    new = built[1] & ~built[0] & (before != 255)
    wanted = np.zeros(before.shape, dtype=int)
    wanted[new] = 5
    wanted[new & gained] = 3
    wanted[new & gained & np.isin(parts, touching[touching > 0])] = 2
    wanted[new & in_extent[0]] = 1
    wanted[built[0] & built[1] & gained] = 4
    wanted[(before == 255) | (after == 255)] = 255
    assert np.array_equal(found[0], wanted)
    assert set(np.unique(wanted)) == {0, 1, 2, 3, 4, 5, 255}


def test_blocks_and_threads_change_nothing(run):
    layers = [*invented(3, (150, 140)), invented(3, (150, 140))[1]]
    first = run(layers, workers=Workers(1, 4096), buffer_m=150.0)
    assert first[1].shape == (2, 150, 140)
    for workers in (Workers(1, 1), Workers(3, 2)):
        again = run(layers, workers=workers, buffer_m=150.0, out="again.tif")
        assert np.array_equal(first[1], again[1])
        assert first[0].types == again[0].types
        assert first[0].patches == again[0].patches
        assert first[0].wkb == again[0].wkb
    assert any("no growth" in str(line) for line in first[0].warnings)


def test_small_patches_get_no_outline_but_count(run):
    before, after = invented(4)
    whole, _ = run([before, after])
    few, _ = run([before, after], least_ha=3.5, out="few.tif")
    assert min(few.patches["area_km2"]) >= 0.035
    assert 0 < len(few.wkb) < len(whole.wkb)
    assert few.types == whole.types


def test_losses_are_said(run):
    result, found = run([np.full((4, 4), 1), np.full((4, 4), 4)])
    assert (found == 0).all()
    assert any("open land afterwards" in str(line) for line in result.warnings)


def test_one_cell_and_no_data(run):
    result, found = run([[[6]], [[1]]])
    assert found.tolist() == [[[3]]]
    assert result.patches["lei"] == [None]
    assert result.patches["lei_type"] == [None]
    result, found = run([np.full((3, 3), 255), np.full((3, 3), 1)], out="none.tif")
    assert (found == 255).all()
    assert result.wkb == []


def test_refusals(run, tmp_path):
    with pytest.raises(InputError, match="no class of the urban extent"):
        run([np.full((3, 3), 30), np.full((3, 3), 1)])
    with pytest.raises(InputError, match="at least two dates"):
        run([np.full((3, 3), 1)])
    with pytest.raises(InputError, match="do not increase"):
        run([np.full((3, 3), 1)] * 2, [2010, 2000])
    assert not list(tmp_path.glob("out*"))


def test_cancel_leaves_no_file(run, tmp_path):
    calls = []

    def is_cancelled():
        calls.append(1)
        return len(calls) > 3

    with pytest.raises(Cancelled):
        run(list(invented(5)), progress=Progress(is_cancelled=is_cancelled), workers=Workers(1, 1))
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith("classes")]
