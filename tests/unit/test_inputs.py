"""Rasters brought onto a reference grid, stacks, and areas that add up exactly."""

from __future__ import annotations

import numpy as np
import pytest
from raster_fixtures import write_raster

from dbar_qgis_plugin.errors import GridError
from dbar_qgis_plugin.kernels.area_tally import areas_in_units, tally, tally_km2, unit_exponent
from dbar_qgis_plugin.pipelines.inputs import (
    RasterInput,
    on_reference,
    open_indicator,
    open_input,
    open_stack,
    resampling_notes,
)
from dbar_qgis_plugin.raster_io.drivers.base import Window


def test_resampling_follows_what_is_measured(tmp_path):
    fine = open_input(
        RasterInput(write_raster(tmp_path / "f.tif", np.ones((40, 40), "int16"), cell=(50, -50)))
    )
    coarse = open_input(RasterInput(write_raster(tmp_path / "c.tif", np.ones((9, 9), "int16"))))
    found = {
        measure: (
            on_reference(fine, coarse.grid, measure).warp.resampling,
            on_reference(coarse, fine.grid, measure).warp.resampling,
        )
        for measure in ("categorical", "continuous", "count")
    }
    assert found == {
        "categorical": ("mode", "nearest"),
        "continuous": ("average", "bilinear"),
        "count": ("sum", "sum"),
    }
    assert on_reference(fine, fine.grid, "categorical").warp is None
    assert resampling_notes([fine, on_reference(fine, coarse.grid, "count")]) == [
        (fine.name, "sum")
    ]


def test_no_overlap(tmp_path):
    one = open_input(RasterInput(write_raster(tmp_path / "a.tif", np.ones((9, 9), "int16"))))
    far = open_input(
        RasterInput(
            write_raster(
                tmp_path / "b.tif",
                np.ones((9, 9), "int16"),
                crs="EPSG:4326",
                origin=(20, 50),
                cell=(0.1, -0.1),
            ),
            name="far away",
        )
    )
    with pytest.raises(GridError, match="far away does not overlap"):
        on_reference(far, one.grid, "categorical")


def test_overlap_across_the_antimeridian(tmp_path):
    east = open_input(
        RasterInput(
            write_raster(
                tmp_path / "a.tif",
                np.ones((10, 20), "int16"),
                crs="EPSG:4326",
                origin=(175, 5),
                cell=(1, -1),
            )
        )
    )
    west = open_input(
        RasterInput(
            write_raster(
                tmp_path / "b.tif",
                np.ones((4, 4), "int16"),
                crs="EPSG:4326",
                origin=(-178, 2),
                cell=(1, -1),
            )
        )
    )
    assert on_reference(west, east.grid, "categorical").warp is not None


def test_a_stack_of_bands_and_files(tmp_path):
    three = np.stack([np.full((4, 5), value) for value in (10, 20, 30)]).astype("int16")
    first = write_raster(tmp_path / "a.tif", three)
    second = write_raster(tmp_path / "b.tif", np.full((4, 5), 7, "int16"))
    stack = open_stack(
        [RasterInput(first, band=3), RasterInput(second), RasterInput(first, band=1)]
    )
    assert len(stack.sources) == 2
    layers = stack.layers([source.read(Window(0, 0, 2, 2)) for source in stack.sources])
    assert layers.values[:, 0, 0].tolist() == [30, 7, 10]
    whole = open_stack([RasterInput(first, band=band) for band in (1, 2, 3)])
    assert len(whole.sources) == 1
    assert whole.layers([whole.sources[0].read(Window(0, 0, 1, 1))]).values.ravel().tolist() == [
        10,
        20,
        30,
    ]


def test_bands_are_found_by_name(tmp_path):
    path = write_raster(
        tmp_path / "a.tif",
        np.stack([np.full((2, 2), value) for value in (1, 2)]).astype("int16"),
        descriptions=("slope", "trajectory"),
    )
    assert open_indicator(RasterInput(path), "trajectory").bands == (2,)
    assert open_indicator(RasterInput(path), "state").bands == (1,)


def test_areas_add_up_to_the_same_whatever_the_order():
    rng = np.random.default_rng(1)
    areas = rng.uniform(7e5, 9e5, (300, 400))
    codes = rng.integers(0, 5, (300, 400))
    exponent = unit_exponent(areas.max(), areas.size)
    units = areas_in_units(areas, exponent)
    whole = tally(codes, units, 5)
    parts = sum(
        tally(codes[row : row + 7, col : col + 13], units[row : row + 7, col : col + 13], 5)
        for row in range(0, 300, 7)
        for col in range(0, 400, 13)
    )
    assert np.array_equal(whole, parts)
    expected = [areas[codes == code].sum() * 1e-6 for code in range(5)]
    assert tally_km2(whole, exponent) == pytest.approx(expected, rel=1e-9)


def test_areas_by_row():
    units = areas_in_units(np.array([[100.0], [200.0]]), unit_exponent(200.0, 6))
    found = tally_km2(tally(np.array([[0, 1, 1], [1, 0, 2]]), units, 3), unit_exponent(200.0, 6))
    assert found * 1e6 == pytest.approx([300, 400, 200], rel=1e-9)


def test_areas_of_many_cells_stay_within_64_bits():
    """6 thousand million cells of one class, summed as that many blocks of a million would be."""
    cells, area = 6_000_000_000, 850.0
    exponent = unit_exponent(area, cells)
    units = areas_in_units(np.array([[area]]), exponent)
    assert int(units[0, 0]) * cells < 2**63
    assert tally_km2(np.int64(units[0, 0]) * np.int64(cells), exponent) == pytest.approx(
        area * cells * 1e-6, rel=1e-9
    )
    # Grids of usual size keep all 32 bits of a cell.
    assert unit_exponent(area, 1_000_000_000) == unit_exponent(area, 1) == 10 - 32


def test_a_tally_is_exact_however_many_cells_come_at_once():
    units = np.full((3000, 1000), 2.0**32 - 1)
    (total,) = tally(np.zeros(units.shape, np.uint8), units, 1)
    assert total == 3_000_000 * (2**32 - 1)
