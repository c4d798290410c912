"""Years typed by the user, and years read from names."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.years import (
    parse_years,
    year_text,
    years_from_names,
    years_in_name,
)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1990,2000,2015", (1990, 2000, 2015)),
        (" 1990; 2000 ;2015 ", (1990, 2000, 2015)),
        ("1990 2000\n2015", (1990, 2000, 2015)),
        ("1990，2000、2015", (1990, 2000, 2015)),
        ("2000.5,2010.25", (2000.5, 2010.25)),
        ("2020", (2020,)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_years_typed(text, years):
    assert parse_years(text, "Years") == years


@pytest.mark.parametrize("text", ["1990,two thousand", "90,00", "1990-2000", "19900", "1990,1e3"])
def test_what_is_not_a_year_is_refused(text):
    with pytest.raises(InputError, match="is not a year") as caught:
        parse_years(text, "Years")
    assert str(caught.value).startswith("Years: ")


@pytest.mark.parametrize(
    ("text", "later", "earlier"), [("2000,1990", 1990, 2000), ("1990,1990", 1990, 1990)]
)
def test_years_must_increase(text, later, earlier):
    with pytest.raises(InputError, match=f"must increase, but {later} comes after {earlier}"):
        parse_years(text, "Years")


def test_years_are_written_as_short_as_they_are():
    assert [year_text(year) for year in (1990.0, 2000.5, 2010.25)] == ["1990", "2000.5", "2010.25"]


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("GHS_BUILT_S_E1990_GLOBE_R2023A_54009_100_V1_0", (1990,)),
        ("GHS_POP_E2015_GLOBE_R2023A_4326_30ss_V1_0_R4_C15", (2015,)),
        ("pop_2020_1km", (2020,)),
        ("built2015", (2015,)),
        ("2015built", (2015,)),
        ("Built-up 1990", (1990,)),
        ("ESA WorldCover 10m 2021 v200", (2021,)),
        ("ESACCI-LC-L4-LCCS-Map-300m-P1Y-2015-v2.0.7", (2015,)),
        ("WSF2019_v1_12_18", (2019,)),
        ("cog_20150701_mosaic", (2015,)),
        ("LC08_20150701T103000", (2015,)),
        ("2015-07-01", (2015,)),
        ("wsfevolution_1985_WGS1984", (1985,)),
        ("WGS_1984_built_2000", (2000,)),
        ("resampled_2000m_1990", (1990,)),
        ("EPSG_3857_tile_12345", ()),
        ("population", ()),
        ("Band 1", ()),
        ("change_1990_2015", (1990, 2015)),
        ("2015 and 2015", (2015,)),
        ("城市 2010年", (2010,)),
        ("R2019A", ()),
        ("V2010", ()),
        ("id_120150701", ()),
    ],
)
def test_years_in_names(name, years):
    assert years_in_name(name) == years


def test_the_first_name_that_tells_is_taken():
    names = [["Built-up", "b_1990"], ["Built-up", "b_2000"], ["Built-up in 2015", "b_2000"]]
    assert years_from_names(names, "Years") == (1990, 2000, 2015)


def test_order_is_that_of_the_layers():
    assert years_from_names([["b_2015"], ["b_1990"]], "Years") == (2015, 1990)


def test_a_year_that_all_share_tells_nothing():
    names = [["wsf2019_in_1990"], ["wsf2019_in_2000"], ["wsf2019_in_2019"]]
    assert years_from_names(names, "Years") == (1990, 2000, 2019)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([["b_1990"], ["built-up"]], "No year in the name “built-up”"),
        ([["b_1990"], ["b_2000_2015"]], "“b_2000_2015” names more than one year .2000, 2015."),
        ([["b_1990"], ["c_1990"]], "“b_1990” and “c_1990” both name the year 1990"),
        ([["b_1990_2000"]], "more than one year"),
    ],
)
def test_names_that_do_not_tell_are_refused(names, message):
    with pytest.raises(InputError, match=message) as caught:
        years_from_names(names, "Years of the epochs")
    assert "Years of the epochs" in str(caught.value)
