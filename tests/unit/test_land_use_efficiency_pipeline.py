"""SDG 11.3.1 from files to tables, against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from raster_fixtures import box, polygon_wkb, write_raster

from dbar_qgis_plugin.errors import Cancelled, GridError, InputError
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import (
    LandUseEfficiencyTask,
    compute_land_use_efficiency,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency_tables import (
    city_table,
    group_table,
    interval_table,
)
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.progress import Progress

WEST, NORTH = 600_000.0, 1_200_000.0


def cells(west, south, east, north):
    return polygon_wkb(
        box(WEST + 100 * west, NORTH - 100 * south, WEST + 100 * east, NORTH - 100 * north)
    )


@pytest.fixture
def make(tmp_path):
    """A task over a 20 x 20 raster: left half city A, right half city B, areas nominal."""

    def build(built, people, years=(2000, 2010), kind="fraction", built_options=None, **options):
        def files(name, layers, **more):
            return [
                RasterInput(
                    write_raster(tmp_path / f"{name}_{number}.tif", layer, **more),
                    name=f"{name} {number}",
                )
                for number, layer in enumerate(layers)
            ]

        chosen = {
            "city_wkb": [cells(0, 20, 10, 0), cells(10, 20, 20, 0)],
            "city_names": ["A", "B"],
            "city_groups": ["west", "east"],
            "cell_area": "nominal",
            **options,
        }
        return LandUseEfficiencyTask(
            city_crs=get_driver().wkt("EPSG:32618"),
            builtup=files("built", built, **(built_options or {})),
            builtup_kind=kind,
            builtup_years=years,
            population=files("people", people) if people is not None else (),
            **chosen,
        )

    return build


def halves(left, right, dtype="float32"):
    layer = np.empty((20, 20), dtype)
    layer[:, :10], layer[:, 10:] = left, right
    return layer


def test_hand_worked(make):
    # A: 1.0 -> 1.2 km2, 10 000 -> 11 000 persons; B: 1.6 -> 1.5 km2, 20 000 -> 20 000.
    task = make([halves(0.5, 0.8), halves(0.6, 0.75)], [halves(50, 100), halves(55, 100)])
    result = compute_land_use_efficiency(task)
    table = interval_table(task, result)
    assert table["city"] == ["A", "B"]
    assert table["group"] == ["west", "east"]
    assert table["year_start"] == [2000, 2000]
    assert table["v_start_km2"] == pytest.approx([1.0, 1.6], rel=1e-6)
    assert table["v_end_km2"] == pytest.approx([1.2, 1.5], rel=1e-6)
    assert table["p_end"] == [11_000.0, 20_000.0]
    assert table["lcr"] == pytest.approx([0.02, -0.00625], rel=1e-5)
    assert table["pgr"][0] == pytest.approx(math.log(1.1) / 10)
    assert table["lcrpgr"][0] == pytest.approx(0.02 / (math.log(1.1) / 10), rel=1e-5)
    assert table["lcrpgr"][1] is None
    assert table["lcrpgr_class"] == [5, 0]
    assert table["bupc_start_m2"] == pytest.approx([100.0, 80.0], rel=1e-6)
    assert table["regime"] == ["R16", "R7"]
    assert table["efficiency"] == ["inefficient", "efficient"]
    assert table["flags"] == ["", "PGR_ZERO;LAND_LOSS"]
    assert table["coverage_pct"] == [100.0, 100.0]
    assert table["formula"] == ["2021", "2021"]

    groups = group_table(task, result)
    assert groups["group"] == ["east", "west", ""]
    assert groups["n"] == [1, 1, 2]
    assert groups["n_undefined"] == [1, 0, 1]
    assert groups["v_start_km2"][2] == pytest.approx(2.6, rel=1e-6)
    assert groups["ratio_of_totals"][2] == pytest.approx(
        (0.1 / 2.6 / 10) / (math.log(31 / 30) / 10), rel=1e-4
    )

    wide = city_table(task, result)
    assert wide["built_km2_2010"] == pytest.approx([1.2, 1.5], rel=1e-6)
    assert wide["BUP_area_per_Capita_2000"] == pytest.approx([100.0, 80.0], rel=1e-6)
    assert wide["LCRPGR_2000_2010"][1] is None
    assert wide["class_last"] == [5, 0]
    assert wide["flags"] == ["", "PGR_ZERO;LAND_LOSS"]


@pytest.mark.parametrize(
    ("kind", "layer", "options", "km2"),
    [
        ("binary", halves(1, 0, "uint8"), {}, [2.0, 0.0]),
        ("fraction", halves(0.25, 1.0), {}, [0.5, 2.0]),
        ("percent", halves(25, 100, "uint8"), {}, [0.5, 2.0]),
        ("square_metres", halves(2500, 10_000, "uint16"), {}, [0.5, 2.0]),
        ("classes", halves(50, 190, "uint8"), {"builtup_classes": (50,)}, [2.0, 0.0]),
        ("classes", halves(50, 190, "uint8"), {"builtup_classes": (50, 190)}, [2.0, 2.0]),
    ],
)
def test_kinds_of_builtup(make, kind, layer, options, km2):
    task = make([layer, layer], [halves(50, 100)] * 2, kind=kind, **options)
    result = compute_land_use_efficiency(task)
    assert result.builtup_km2[:, 0] == pytest.approx(km2)


def test_first_built_year(make):
    layer = halves(1990, 65535, "uint16")
    layer[:5, 10:] = 2005
    task = make(
        [layer],
        [halves(50, 100)] * 3,
        kind="first_year",
        years=(1985, 1990, 2010),
        built_options={"nodata": 65535},
    )
    result = compute_land_use_efficiency(task)
    assert result.builtup_km2.tolist() == [[0.0, 2.0, 2.0], [0.0, 0.0, 0.5]]
    assert (result.coverage == 1.0).all()
    assert interval_table(task, result)["flags"][0].startswith("PGR_ZERO;V1_ZERO")


def test_three_epochs_have_a_full_span(make):
    task = make(
        [halves(0.1 * k, 0.2) for k in (1, 2, 4)],
        [halves(50 + k, 100) for k in range(3)],
        years=(1990, 2000, 2015),
    )
    table = interval_table(task, compute_land_use_efficiency(task))
    assert table["year_start"][:3] == [1990, 2000, 1990]
    assert table["year_end"][:3] == [2000, 2015, 2015]
    assert table["span"][:3] == ["interval", "interval", "full"]
    assert table["lcr"][:3] == pytest.approx([0.1, 1 / 15, 3 / 25], rel=1e-6)


def test_different_years_of_land_and_people(make):
    task = make(
        [halves(0.5, 0.8), halves(0.6, 0.75)],
        [halves(50, 100), halves(55, 101)],
        population_years=(2001, 2012),
    )
    result = compute_land_use_efficiency(task)
    assert result.indicators.lcr[0, 0] == pytest.approx(0.02, rel=1e-5)
    assert result.indicators.pgr[0, 0] == pytest.approx(math.log(1.1) / 11)
    assert "different years" in str(result.warnings[0])


def test_density_uses_true_areas(make):
    density = [halves(500, 1000), halves(550, 1000)]
    task = make([halves(0.5, 0.8)] * 2, density, population_kind="density")
    result = compute_land_use_efficiency(task)
    assert result.population[:, 0] == pytest.approx([1000, 2000], rel=1e-3)


def test_population_from_fields(make):
    table = np.array([[1000.0, 1100.0], [np.nan, 2000.0]])
    task = make([halves(0.5, 0.8), halves(0.6, 0.75)], None, population_table=table)
    found = interval_table(task, compute_land_use_efficiency(task))
    assert found["p_start"] == [1000.0, None]
    assert found["flags"][1].endswith("NO_DATA")
    assert found["lcrpgr"][1] is None


def test_nodata_lowers_the_coverage(make):
    built = halves(0.5, 0.5)
    built[:4, :10] = -1
    task = make([built, built], [halves(50, 100)] * 2, built_options={"nodata": -1})
    table = interval_table(task, compute_land_use_efficiency(task))
    assert table["coverage_pct"] == pytest.approx([80.0, 100.0])
    assert "COVERAGE" in table["flags"][0]
    assert "COVERAGE" not in table["flags"][1]


def test_nodata_everywhere(make):
    task = make(
        [np.full((20, 20), -1, "float32")] * 2,
        [halves(50, 100)] * 2,
        built_options={"nodata": -1},
    )
    result = compute_land_use_efficiency(task)
    assert set(interval_table(task, result)["lcrpgr"]) == {None}
    assert "No city has both" in str(result.warnings[0])


def test_tiny_empty_and_overlapping_cities(make):
    task = make(
        [halves(0.5, 0.5), halves(0.6, 0.6)],
        [halves(50, 50), halves(60, 60)],
        city_wkb=[
            cells(2.6, 3.4, 2.9, 3.1),
            None,
            cells(0, 10, 10, 0),
            cells(5, 15, 15, 5),
            cells(12, 20, 30, 16),
        ],
        city_names=list("abcde"),
        city_groups=None,
    )
    table = interval_table(task, compute_land_use_efficiency(task))
    flags = [set(codes.split(";")) for codes in table["flags"]]
    assert "TOO_SMALL" in flags[0]
    assert "TOO_SMALL" not in flags[1]
    assert "NO_DATA" in flags[1]
    assert "OVERLAP" in flags[2]
    assert "OVERLAP" in flags[3]
    assert "COVERAGE" in flags[4]
    exact = interval_table(
        task,
        compute_land_use_efficiency(LandUseEfficiencyTask(**{**vars(task), "coverage": "exact"})),
    )
    assert exact["v_start_km2"][0] == pytest.approx(0.09 * 0.5 * 0.01)


def test_one_cell(make):
    task = make(
        [np.array([[0.5]], "float32"), np.array([[0.6]], "float32")],
        [np.array([[50]], "float32"), np.array([[55]], "float32")],
        city_wkb=[cells(0, 1, 1, 0)],
        city_names=["one"],
        city_groups=None,
    )
    assert interval_table(task, compute_land_use_efficiency(task))["lcr"] == pytest.approx(
        [0.02], rel=1e-6
    )


REFUSED = {
    "one year": ({"years": (2000,)}, "At least two epochs"),
    "order": ({"years": (2010, 2000)}, "do not increase"),
    "twice": ({"years": (2000, 2000)}, "do not increase"),
    "more years": ({"years": (2000, 2005, 2010)}, "2 built-up rasters were given for 3 years"),
    "kind": ({"kind": "colour"}, "“colour” is not one of"),
    "classes": ({"kind": "classes"}, "which class values"),
    "population years": ({"population_years": (2000, 2005, 2010)}, "Give as many of each"),
    "no cities": ({"city_wkb": [], "city_names": []}, "no features"),
    "no polygons": ({"city_wkb": [None], "city_names": ["a"], "city_groups": None}, "polygon"),
    "far away": (
        {"city_wkb": [cells(900, 910, 910, 900)], "city_names": ["a"], "city_groups": None},
        "No city overlaps the raster built 0",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(make, case):
    options, text = REFUSED[case]
    task = make([halves(0.5, 0.8)] * 2, [halves(50, 100)] * 2, **options)
    with pytest.raises(InputError, match=text):
        compute_land_use_efficiency(task)


def test_neither_or_both_populations(make):
    for people, options in (
        (None, {}),
        ([halves(50, 100)] * 2, {"population_table": np.ones((2, 2))}),
    ):
        with pytest.raises(InputError, match="either as rasters or as fields"):
            compute_land_use_efficiency(make([halves(0.5, 0.8)] * 2, people, **options))


@pytest.mark.parametrize(
    ("kind", "layer", "text"),
    [
        ("fraction", halves(0.5, 40), "built 0 holds the value 40.*percent"),
        ("fraction", halves(0.5, -200), "built 0 holds the value -200"),
        ("percent", halves(50, 8000, "uint16"), "8000.*square metres"),
        ("binary", halves(1, 255, "uint8"), "255.*0 and 1 only"),
        ("square_metres", halves(1, -5, "int16"), "-5.*built-up area"),
        ("first_year", halves(1990, -3, "int16"), "-3.*not a year"),
    ],
)
def test_values_that_cannot_be(make, kind, layer, text):
    built = [layer] if kind == "first_year" else [layer, layer]
    task = make(built, [halves(50, 100)] * 2, kind=kind)
    with pytest.raises(InputError, match=text):
        compute_land_use_efficiency(task)


def test_more_people_than_there_are(make):
    task = make([halves(0.5, 0.8)] * 2, [halves(5e7, 1e8)] * 2)
    with pytest.raises(InputError, match=r"more than the Earth has.*density"):
        compute_land_use_efficiency(task)


def test_negative_people(make):
    task = make([halves(0.5, 0.8)] * 2, [halves(50, -200)] * 2)
    with pytest.raises(InputError, match=r"people 0 holds the value -200.*population"):
        compute_land_use_efficiency(task)


def test_crowded_cities_hint_at_densities(make):
    task = make([halves(0.5, 0.8)] * 2, [halves(4000, 9000)] * 2)
    warnings = compute_land_use_efficiency(task).warnings
    assert any("choose “density”" in str(line) for line in warnings)


def test_a_raster_without_crs(make, tmp_path):
    task = make([halves(0.5, 0.8)] * 2, [halves(50, 100)] * 2)
    path = write_raster(tmp_path / "plain.tif", halves(0.5, 0.8), crs=None)
    plain = LandUseEfficiencyTask(
        **{**vars(task), "builtup": [task.builtup[0], RasterInput(path, name="built 2010")]}
    )
    with pytest.raises(GridError, match=r"built 2010.*coordinate reference system"):
        compute_land_use_efficiency(plain)


def test_cancel_and_progress(make):
    task = make([halves(0.5, 0.8)] * 2, [halves(50, 100)] * 2)
    shares = []
    compute_land_use_efficiency(task, progress=Progress(shares.append))
    assert shares[-1] == pytest.approx(1.0)
    with pytest.raises(Cancelled):
        compute_land_use_efficiency(task, progress=Progress(is_cancelled=lambda: True))
