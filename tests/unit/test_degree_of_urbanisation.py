"""Classes of the Degree of Urbanisation: each rule on small grids, and properties on any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from dbar_qgis_plugin.kernels.cell_runs import runs_of, stride_of
from dbar_qgis_plugin.kernels.degree_of_urbanisation import (
    HIGH,
    MIDDLE,
    SEMI_DENSE_RULES,
    SMOOTHINGS,
    URBAN,
    Rules,
    cell_codes,
    classify,
    density,
    found_threshold,
    has_density,
    is_dense,
    level_1_table,
    people_units,
    rim_codes,
    share_units,
)

LEVEL_1, LEVEL_2 = Rules(1), Rules(2)


def classes(people, rules=LEVEL_2, *, land=None, built=None, threshold=None, known=None):
    people = np.asarray(people, dtype=np.float64)
    known = np.ones(people.shape, dtype=bool) if known is None else known
    codes = cell_codes(people, known, land, built, threshold)
    stride = stride_of(people.shape[1])
    raster = rim_codes(people.shape[0] + 2, people.shape[1] + 2)
    raster[1:-1, 1:-1] = codes
    units = people_units(people)

    def runs(mask):
        return runs_of(mask, [units], 0, 0, stride)

    classify(
        raster,
        runs(is_dense(codes)),
        runs(has_density(codes, MIDDLE)),
        runs(has_density(codes, URBAN)),
        rules,
    )
    return raster[1:-1, 1:-1]


def ringed(hole, *, around=2):
    """A city around a hole; the hole is an array of bool."""
    city = np.pad(~np.asarray(hole, dtype=bool), around, constant_values=True)
    return np.pad(np.where(city, 5000.0, 0.0), 3)


def strip(cells):
    return np.ones((1, cells), dtype=bool)


# -- density


def test_density_is_per_land():
    people = np.array([100.0, 100.0, 0.0, 5.0])
    land = np.array([0.5, 1.0, 0.0, 0.0])
    assert density(people, land).tolist() == [200.0, 100.0, 0.0, np.inf]
    assert density(people, None).tolist() == people.tolist()


@pytest.mark.parametrize(
    ("people", "value"), [(49.9, 11), (50.0, 12), (299.9, 12), (300.0, 12), (500.0, 13)]
)
def test_a_single_cell(people, value):
    assert classes([[people]])[0, 0] == value


@pytest.mark.parametrize(("people", "value"), [(4999.0, 22), (5000.0, 23), (50000.0, 30)])
def test_a_single_crowded_cell(people, value):
    assert classes([[people]])[0, 0] == value
    assert classes([[people]], Rules(1))[0, 0] == {22: 1, 23: 2, 30: 3}[value]


def test_thresholds_are_reached_when_equal():
    # Ten cells of 1,500 with 15,000 people; 34 of them have 51,000.
    assert set(classes(np.full((1, 10), 1500.0)).ravel().tolist()) == {23}
    assert set(classes(np.full((2, 17), 1500.0)).ravel().tolist()) == {30}
    assert set(classes(np.full((1, 10), 1499.9)).ravel().tolist()) == {22}
    # 0.1 is no binary fraction.
    assert set(classes(np.full((5, 10), 0.1), land=np.full((5, 10), 1e-4)).ravel()) == {12}


def test_centres_join_at_sides_and_clusters_at_corners():
    people = np.zeros((6, 6))
    people[1, 1] = people[2, 2] = 30_000.0
    assert (classes(people, Rules(1, "none")) == 3).sum() == 0
    assert (classes(people, Rules(1, "none")) == 2).sum() == 2
    people[1, 2] = 1500.0
    assert (classes(people, Rules(1, "none")) == 3).sum() == 3


def test_the_size_of_a_cluster_is_of_people_not_of_density():
    land = np.full((1, 1), 0.01)
    assert classes([[60.0]], land=land)[0, 0] == 12
    assert classes([[5000.0]], land=land)[0, 0] == 23


# -- smoothing


def test_a_notch_is_smoothed_by_both_rules_and_a_corner_by_none():
    people = np.pad(np.full((5, 5), 3000.0), 2)
    people[2, 4] = 0.0  # a notch of one cell in the upper side has 5 of 8 neighbours
    for rule in ("R2022A", "R2023A"):
        found = classes(people, Rules(2, rule, gap_km2=0.0))
        assert (found == 30).sum() == 25
    assert (classes(people, Rules(2, "none", gap_km2=0.0)) == 30).sum() == 24


def test_water_is_no_neighbour_and_never_joins():
    people = np.pad(np.full((6, 6), 3000.0), 1)
    people[0] = 0.0
    people[1, 3] = 0.0
    land = np.ones_like(people)
    land[0] = 0.0  # sea above the city: the notch has 5 neighbours in the centre of 5 that count
    found = classes(people, Rules(2, "R2023A", gap_km2=0.0), land=land)
    assert found[1, 3] == 30
    assert (found[0] == 10).all()
    # Three of four that count are a majority too; by R2022A five of eight are needed.
    people[1, 2:5] = 0.0
    assert classes(people, Rules(2, "R2023A", gap_km2=0.0), land=land)[1, 2] == 30
    assert classes(people, Rules(2, "R2022A", gap_km2=0.0), land=land)[1, 3] != 30
    # A lake stays.
    people[4, 4], land[4, 4] = 0.0, 0.2
    assert classes(people, Rules(2, "R2023A", gap_km2=0.0), land=land)[4, 4] == 10
    # But not where something is built on it.
    built = np.zeros_like(people)
    built[4, 4] = 0.1
    found = classes(people, Rules(2, "R2023A", gap_km2=0.0), land=land, built=built)
    assert found[4, 4] == 30


def test_votes_are_counted_centre_by_centre():
    # Two centres on both sides of a street: three cells of each touch every cell of it.
    people = np.pad(np.full((5, 9), 3000.0), 2)
    people[:, 6] = 0.0
    found = classes(people, Rules(2, "R2022A", gap_km2=0.0))
    assert (found == 30).sum() == 40
    assert not (found[:, 6] == 30).any()


# -- holes


@pytest.mark.parametrize(("cells", "filled"), [(13, True), (14, True), (15, False), (16, False)])
def test_holes_below_15_km2_are_filled(cells, filled):
    people = ringed(strip(cells))
    city = np.pad(np.ones((5, cells + 4), dtype=bool), 3)
    found = classes(people, Rules(2, "none"))
    assert (found[city] == 30).sum() == city.sum() - (0 if filled else cells)
    assert not (found[~city] == 30).any()


def test_holes_that_touch_at_a_corner_are_two():
    hole = np.zeros((20, 2), dtype=bool)
    hole[:10, 0] = hole[10:, 1] = True
    found = classes(ringed(hole), Rules(2, "none"))
    assert (found == 30).sum() == 24 * 6


def test_a_hole_that_leaks_through_a_corner_is_one():
    people = ringed(strip(3), around=1)
    people[3, 7] = 0.0  # the corner of the ring, which the hole touches
    found = classes(people, Rules(2, "none"))
    assert (found[4, 4:7] == 30).all()
    assert found[3, 7] != 30
    # Through a side it is none.
    people[4, 7] = 0.0
    assert not (classes(people, Rules(2, "none"))[4, 4:7] == 30).any()


def test_another_centre_in_a_hole_counts_and_stays():
    hole = np.ones((5, 5), dtype=bool)
    people = ringed(hole)
    people[7, 7] = 60_000.0
    assert (classes(people, Rules(2, "none")) == 30).sum() == 81 - 24
    hole = np.ones((3, 3), dtype=bool)
    people = ringed(hole)
    people[6, 6] = 60_000.0
    assert (classes(people, Rules(2, "none")) == 30).sum() == 49
    assert (classes(people, Rules(2, "none", gap_km2=9.0)) == 30).sum() == 49 - 8


def test_edges_are_smoothed_before_holes_are_filled():
    # A ring with a gap of one cell, which smoothing closes; then the hole inside is filled.
    people = ringed(np.ones((3, 3), dtype=bool))
    people[3:5, 6] = 0.0
    found = classes(people, Rules(2, "R2022A"))
    assert (found == 30).sum() == 49


# -- level 2


def test_a_semi_dense_cluster_is_away_from_towns():
    people = np.zeros((3, 12))
    people[1, 1] = 6000.0
    for gap, value in ((3, 22), (2, 13)):
        people[1, 2:] = 0.0
        people[1, 1 + gap] = people[1, 2 + gap] = 1400.0
        assert classes(people)[1, 1 + gap] == value


def test_the_rules_of_2021_take_large_clusters_of_300():
    people = np.zeros((4, 20))
    people[1, :17] = 300.0
    assert set(classes(people)[1, :17].tolist()) == {21}
    assert set(classes(people, Rules(2, semi_dense="2021"))[1, :17].tolist()) == {22}


def test_level_1_may_follow_level_2():
    # 2,800 people in two cells: a semi-dense cluster, in no urban cluster.
    people = np.zeros((3, 4))
    people[1, 1:3] = 1400.0
    assert classes(people)[1, 1] == 22
    assert classes(people, Rules(1))[1, 1] == 1
    assert classes(people, Rules(1, nested=True))[1, 1] == 2


def test_what_is_not_known_has_no_class_unless_a_centre_takes_it():
    people = np.pad(np.full((7, 7), 3000.0), 2)
    known = np.ones(people.shape, dtype=bool)
    known[0] = known[5, 5] = False
    people[5, 5] = 0.0
    found = classes(people, known=known)
    assert (found[0] == 255).all()
    assert found[5, 5] == 30


# -- built-up


def test_built_up_cells_are_dense():
    people = np.full((6, 6), 1600.0)
    people[2:4, 2:4] = 0.0
    built = np.full((6, 6), 0.1)
    built[2:4, 2:4] = 0.2
    rules = Rules(2, "none", gap_km2=0.0)
    assert (classes(people, rules, built=built, threshold=0.2) == 30).all()
    assert (classes(people, rules, built=built, threshold=0.21) == 30).sum() == 32
    # The share is of the land, in three decimals.
    land = np.full((6, 6), 0.5)
    people[...] = np.where(people > 0, 1600.0, 1.0)
    half = np.full((6, 6), 0.09996)
    assert (classes(people, rules, built=half, land=land, threshold=0.2) == 30).all()


def test_the_threshold_is_the_mean_in_clusters_rounded_up():
    stride = stride_of(4)
    dense = np.array([[True, True, False, True]])
    people = np.array([[3000.0, 2000.0, 0.0, 4000.0]])
    built = np.array([[0.2, 0.261, 0.0, 0.9]])
    runs = runs_of(dense, [people_units(people), share_units(built)], 0, 0, stride)
    assert found_threshold(runs, stride) == 0.24
    tenth = runs_of(dense, [people_units(people), share_units(np.full((1, 4), 0.1))], 0, 0, stride)
    assert found_threshold(tenth, stride) == 0.1
    few = runs_of(dense, [people_units(people / 10), share_units(built)], 0, 0, stride)
    assert found_threshold(few, stride) is None


# -- properties

people_grids = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(
    lambda shape: arrays(
        np.float64,
        shape,
        elements=st.sampled_from([0.0, 0.0, 40.0, 60.0, 320.0, 950.0, 1500.0, 2600.0, 26_000.0]),
    )
)
rules_of_any = st.builds(
    Rules,
    level=st.just(2),
    smoothing=st.sampled_from(SMOOTHINGS),
    semi_dense=st.sampled_from(SEMI_DENSE_RULES),
    gap_km2=st.sampled_from([0.0, 3.0, 15.0]),
)


@given(people_grids, rules_of_any, st.integers(0, 2**32 - 1))
def test_level_1_is_level_2_in_fewer_classes(people, rules, seed):
    rng = np.random.default_rng(seed)
    land = rng.choice([0.0, 0.3, 0.8, 1.0], people.shape)
    built = rng.choice([0.0, 0.1, 0.6], people.shape)
    options = {"land": land, "built": built, "threshold": 0.5}
    level_2 = classes(people, rules, **options)
    nested = classes(people, rules._replace(level=1, nested=True), **options)
    assert np.array_equal(nested, level_1_table()[level_2])
    # The clusters of level 1 differ from it only where level 2 has dense or semi-dense ones.
    own = classes(people, rules._replace(level=1), **options)
    assert np.isin(level_2[own != nested], (22, 23)).all()
    # Without what lets those lie outside urban clusters the two are the same.
    plain = rules._replace(semi_dense="2021")
    level_2 = classes(people, plain, land=land)
    assert np.array_equal(
        classes(people, plain._replace(level=1), land=land), level_1_table()[level_2]
    )


@given(people_grids, st.sampled_from(SMOOTHINGS))
def test_it_does_not_matter_how_the_grid_lies(people, smoothing):
    rules = Rules(2, smoothing, gap_km2=0.0)
    found = classes(people, rules)
    for turn in (np.flipud, np.fliplr, np.transpose):
        assert np.array_equal(classes(turn(people), rules), turn(found))


@given(people_grids)
def test_centres_without_smoothing_are_what_scipy_finds(people):
    label, count = ndimage.label(people >= 1500.0)
    total = ndimage.sum(people, label, np.arange(count + 1))
    expected = (total >= 50_000.0)[label] & (label > 0)
    assert np.array_equal(classes(people, Rules(2, "none", gap_km2=0.0)) == 30, expected)


def test_densities_are_in_order():
    codes = cell_codes(np.array([[0.0, 50.0, 300.0, 900.0, 1500.0]]), np.ones((1, 5), dtype=bool))
    assert [has_density(codes, least).sum() for least in (URBAN, MIDDLE, HIGH)] == [3, 2, 1]
