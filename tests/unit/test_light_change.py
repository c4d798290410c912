"""Kernels of light change against planted lines, scipy and figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dbar_qgis_plugin.kernels.light_change import (
    CELLS_PER_UNKNOWN,
    CLASSES,
    LightLine,
    change_classes,
    fit_stable_line,
    lit_threshold,
    relative_change,
    z_scores,
)


def planted(cells=4000, changed=0.2, noise=0.01, seed=1):
    """Light before and after, with a share of the cells truly changed: lost, dimmed, brighter."""
    rng = np.random.default_rng(seed)
    before = rng.lognormal(2.0, 1.0, cells)
    after = (before - 0.7) / 1.6 + rng.normal(0.0, noise, cells)
    where = rng.random(cells) < changed
    after[where] *= rng.choice([0.1, 0.5, 3.0], where.sum(), p=[0.5, 0.3, 0.2])
    return before, after, where


@pytest.mark.parametrize("changed", [0.0, 0.2, 0.4])
def test_a_planted_line_is_found_among_changed_cells(changed):
    before, after, where = planted(changed=changed)
    line = fit_stable_line(before, after[np.newaxis])
    assert line.slopes == pytest.approx([1.6], rel=0.01)
    assert line.offset == pytest.approx(0.7, rel=0.01)
    assert line.settled
    assert line.r2 > 0.999
    stable = line.is_stable(before, after[np.newaxis])
    assert line.cells == np.count_nonzero(stable)
    assert np.count_nonzero(stable & where) < 0.03 * max(where.sum(), 1)
    assert np.count_nonzero(stable & ~where) > 0.85 * np.count_nonzero(~where)
    # What least squares of all cells gives would not do.
    if changed:
        assert abs(np.polyfit(after, before, 1)[0] - 1.6) > 0.1


def test_slope_equals_theil_sen_and_huber_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    optimize = pytest.importorskip("scipy.optimize")
    before, after, _ = planted(cells=800, noise=0.2)
    line = fit_stable_line(before, after[np.newaxis])
    # Of all cells: the median of slopes bears a fifth of changed ones, with a small error.
    theil_sen = stats.theilslopes(before, after)
    assert line.slopes[0] == pytest.approx(theil_sen.slope, rel=0.03)
    stable = line.is_stable(before, after[np.newaxis])
    x, y = after[stable], before[stable]
    huber = optimize.least_squares(
        lambda c: y - c[0] - c[1] * x,
        (0.0, 1.0),
        loss="huber",
        f_scale=1.4 * line.scale,
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    assert line.offset == pytest.approx(huber.x[0], rel=1e-5)
    assert line.slopes[0] == pytest.approx(huber.x[1], rel=1e-6)
    assert stats.theilslopes(y, x).slope == pytest.approx(line.slopes[0], rel=5e-3)
    residuals = y - huber.x[0] - huber.x[1] * x
    assert line.r2 == pytest.approx(1.0 - residuals.var() / y.var(), abs=1e-5)
    # Squared, in deviations: the mean and two standard deviations of a chi square.
    off = np.abs(before - line.offset - line.slopes[0] * after) / line.scale
    assert off[stable].max() <= np.sqrt(1.0 + 2.0 * np.sqrt(2.0)) < off[~stable].min()
    assert line.scale == pytest.approx(stats.median_abs_deviation(residuals) * 1.4826, rel=0.03)


def test_several_bands_are_weighted():
    rng = np.random.default_rng(3)
    bands = rng.lognormal(1.0, 0.8, (3, 3000))
    light = 0.5 + np.array([0.2, 0.7, 0.1]) @ bands + rng.normal(0.0, 0.01, 3000)
    light[:600] *= rng.choice([0.2, 4.0], 600)
    line = fit_stable_line(light, bands)
    np.testing.assert_allclose(line.slopes, [0.2, 0.7, 0.1], rtol=0.01)
    assert line.offset == pytest.approx(0.5, rel=0.01)


def test_the_same_light_lies_on_the_line_of_equals():
    light = np.random.default_rng(4).lognormal(0.0, 1.0, 500).astype(np.float32)
    line = fit_stable_line(light, light[np.newaxis])
    assert line.slopes == pytest.approx([1.0], rel=1e-9)
    assert line.offset == pytest.approx(0.0, abs=1e-9)
    assert (line.cells, line.candidates, line.settled) == (500, 500, True)
    assert line.r2 == pytest.approx(1.0, abs=1e-12)
    assert line.is_stable(light, light[np.newaxis]).all()


def test_the_unit_does_not_matter():
    before, after, _ = planted(cells=1000)
    line = fit_stable_line(before, after[np.newaxis])
    scaled = fit_stable_line(1e-6 * before, 1e3 * after[np.newaxis])
    assert scaled.slopes == pytest.approx(line.slopes * 1e-9, rel=1e-9)
    assert scaled.offset == pytest.approx(line.offset * 1e-6, rel=1e-6)
    assert (scaled.cells, scaled.rounds) == (line.cells, line.rounds)
    assert lit_threshold(1e-6 * before) == pytest.approx(1e-6 * lit_threshold(before), rel=1e-9)


@pytest.mark.parametrize(
    "bands",
    [
        np.linspace(1.0, 9.0, 2 * CELLS_PER_UNKNOWN - 1)[np.newaxis],  # too few cells
        np.full((1, 100), 7.0),  # nothing varies
        np.vstack([np.linspace(1.0, 9.0, 100), 2.0 * np.linspace(1.0, 9.0, 100)]),  # one in fact
        np.empty((1, 0)),
    ],
)
def test_no_line_where_the_cells_determine_none(bands):
    assert fit_stable_line(np.linspace(1.0, 5.0, bands.shape[1]), bands) is None


def test_just_enough_cells_do():
    bands = np.linspace(1.0, 9.0, 2 * CELLS_PER_UNKNOWN)
    line = fit_stable_line(3.0 * bands + 1.0, bands[np.newaxis])
    assert (line.offset, *line.slopes) == pytest.approx((1.0, 3.0))


def test_lit_threshold_parts_two_groups_of_light():
    filters = pytest.importorskip("skimage.filters")
    rng = np.random.default_rng(5)
    values = np.concatenate((rng.normal(1.0, 0.1, 3000), rng.normal(30.0, 5.0, 500)))
    found = lit_threshold(values)
    unit = np.median(values)
    independent = np.expm1(filters.threshold_otsu(np.log1p(values / unit), nbins=256)) * unit
    assert found == pytest.approx(independent, rel=1e-9)
    assert 1.3 < found < 14.0


def test_lights_are_not_parted_among_themselves_where_the_dark_is_blank():
    lights = np.random.default_rng(5).lognormal(3.0, 0.5, 1000)
    found = lit_threshold(np.concatenate((lights, np.zeros(4000), [-0.3] * 1000)))
    assert (lights > found).mean() > 0.9
    assert (lights > lit_threshold(lights)).mean() < 0.6


def test_lit_threshold_of_nothing_and_of_one_value():
    assert lit_threshold([]) is None
    assert lit_threshold([0.0, -2.0]) is None
    assert lit_threshold([5.0, 5.0]) == pytest.approx(5.0)
    assert 0.0 < lit_threshold([0.0, 5.0, 5.0]) < 5.0


# Lit from 10 on, changed by more than 30 %.
CASES = [
    (2.0, 3.0, "dark"),
    (2.0, 9.9, "dark"),
    (9.0, 10.5, "stable"),  # crossed the threshold, but rose by 17 % only
    (2.0, 10.0, "new"),
    (-1.0, 10.0, "new"),
    (0.0, 50.0, "new"),
    (10.5, 9.0, "stable"),
    (13.0, 9.0, "lost"),
    (100.0, 0.0, "lost"),
    (100.0, -5.0, "lost"),
    (100.0, 69.0, "dimmed"),
    (100.0, 71.0, "stable"),
    (100.0, 129.0, "stable"),
    (100.0, 131.0, "brightened"),
    (10.0, 7.0, "stable"),  # exactly 30 %
]


def test_classes_worked_out_by_hand():
    *light, expected = zip(*CASES, strict=True)
    before, after = map(np.array, light)
    found = change_classes(before, after, before >= 10.0, after >= 10.0, 0.3)
    assert found.dtype == np.uint8
    assert [CLASSES[place] for place in found] == list(expected)


def test_relative_change_only_where_it_was_lit():
    before = np.array([9.9, 10.0, 40.0, 20.0])
    found = relative_change(before, [50.0, 5.0, 40.0, -10.0], before >= 10.0)
    np.testing.assert_allclose(found, [np.nan, -0.5, 0.0, -1.5])
    # The share of people without light is that of the classes lost and dimmed.
    before, after = (np.array(light) for light in list(zip(*CASES, strict=True))[:2])
    fell = relative_change(before, after, before >= 10.0) < -0.3
    classes = change_classes(before, after, before >= 10.0, after >= 10.0, 0.3)
    np.testing.assert_array_equal(fell, np.isin(classes, [1, 2]))


def test_z_scores_equal_numpy():
    rng = np.random.default_rng(6)
    baseline = rng.normal(20.0, 4.0, (7, 50))
    valid = rng.random((7, 50)) < 0.7
    valid[:, 0] = [True, True, False, False, False, False, False]
    after = rng.normal(20.0, 9.0, 50)
    holes = np.where(valid, baseline, np.nan)
    expected = (after - np.nanmean(holes, axis=0)) / (np.nanstd(holes, axis=0) + 1e-3)
    expected[valid.sum(axis=0) < 3] = np.nan
    np.testing.assert_allclose(z_scores(after, baseline, valid, 1e-3, 3), expected, rtol=1e-12)
    assert np.isnan(expected[0])


def test_z_scores_of_a_baseline_that_never_varies():
    baseline = np.full((3, 2), 5.0)
    found = z_scores([5.0, 6.0], baseline, np.ones((3, 2), dtype=bool), 1e-6, 3)
    np.testing.assert_allclose(found, [0.0, 1e6])


def test_a_line_brings_bands_to_its_scale():
    line = LightLine(1.0, np.array([2.0, 0.5]))
    np.testing.assert_array_equal(line.of([[[1.0, 2.0]], [[4.0, 0.0]]]), [[5.0, 5.0]])
