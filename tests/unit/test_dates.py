"""Dates of composites, from names and tables; seasons."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.dates import (
    Period,
    Season,
    dates_from_names,
    dates_from_table,
    dates_in_name,
    missing_months,
    parse_periods,
    parse_season,
    periods_from_names,
    periods_in_name,
)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("MOD13Q1.A2000049.h09v05.006.2015136104646", ["2000-02-18"]),
        ("ndvi_2000366", ["2000-12-31"]),
        ("ndvi_2001366", []),  # no leap year
        ("NDVI 2004-07-31", ["2004-07-31"]),
        ("S2_20040731_ndvi", ["2004-07-31"]),
        ("2004.07.31", ["2004-07-31"]),
        ("2000_02", ["2000-02-15"]),
        ("ndvi_200002", ["2000-02-15"]),
        ("2000M02", ["2000-02-15"]),
        ("2001-06-31", ["2001-06-15"]),  # not a day: read as a month
        ("2000-01-01_2000-01-16", ["2000-01-01", "2000-01-16"]),
        ("ndvi_1984", []),
        ("x10000_v2010_0", []),
        ("band 12", []),
    ],
)
def test_dates_in_names(name, days):
    assert [day.isoformat() for day in dates_in_name(name)] == days


def test_the_date_of_production_is_left_aside():
    names = [
        ["a_20000101_made_20190501"],
        ["a_20000117_made_20190501"],
        ["", "b_20000202_made_20190501"],
    ]
    found = dates_from_names(names, "DATES")
    assert [day.isoformat() for day in found] == ["2000-01-01", "2000-01-17", "2000-02-02"]
    assert dates_from_names([["2000-01-01_2000-01-16"]], "DATES") == (date(2000, 1, 1),)
    with pytest.raises(InputError, match=r"No date in the name “ndvi_1984”.*DATES"):
        dates_from_names([["20000101"], ["ndvi_1984"]], "DATES")


NAMES = [["band_a", "file, Band 1"], ["band_b", "file, Band 2"]]


@pytest.mark.parametrize(
    "text",
    [
        "2001-01-17\n2001-02\n",
        "date\n2001017\n2001_02\n",
        "name,date\nband_b,2001-02\nBAND_A,20010117\n",
        "id;name;when\n1;band_a;2001-01-17\n2;band_b;2001-02\n3;other;2004-01\n",
        "band_a\t2001-01-17\nband_b\t2001-02\n\n",
    ],
)
def test_tables(tmp_path, text):
    path = tmp_path / "dates.csv"
    path.write_text(text, encoding="utf-8-sig")
    assert dates_from_table(str(path), NAMES, "DATES") == (date(2001, 1, 17), date(2001, 2, 15))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2001-01\n", "1 dates for 2 composites"),
        ("name,date\nband_a,2001-01\n", r"does not name 1 of the composites \(band_b\)"),
        ("name,date\nband_a,2001-01\nband_b,soon\n", "no date in “band_b,soon”"),
        ("name,date\n", "no date"),
        ("", "no date"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, reason):
    path = tmp_path / "dates.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        dates_from_table(str(path), NAMES, "DATES")


def test_a_table_that_cannot_be_read(tmp_path):
    path = tmp_path / "dates.csv"
    path.write_bytes(b"\xff\xfe\x00d")
    for each in (path, tmp_path / "none.csv"):
        with pytest.raises(InputError, match="cannot be read as a text table"):
            dates_from_table(str(each), NAMES, "DATES")


def test_seasons():
    summer = parse_season(" 4-10 ", "SEASON")
    assert summer.months == (4, 5, 6, 7, 8, 9, 10)
    assert summer.year_of(date(2001, 4, 1)) == 2001
    assert summer.year_of(date(2001, 3, 31)) is None
    assert summer.bounds(2001) == (date(2001, 4, 1), date(2001, 11, 1))
    south = parse_season("11–3", "SEASON")
    assert south.months == (11, 12, 1, 2, 3)
    assert south.year_of(date(2000, 11, 1)) == 2001
    assert south.year_of(date(2001, 3, 31)) == 2001
    assert south.bounds(2001) == (date(2000, 11, 1), date(2001, 4, 1))
    assert Season().months == tuple(range(1, 13))
    assert Season().bounds(2001) == (date(2001, 1, 1), date(2002, 1, 1))
    assert pickle.loads(pickle.dumps(south)) == south
    for text in ("", "0-3", "4-13", "april", "4"):
        with pytest.raises(InputError, match="is not a season"):
            parse_season(text, "SEASON")


def test_missing_months():
    days = [date(2001, month, 3) for month in (1, 2, 2, 5, 11, 12)]
    assert missing_months(days, Season(), 2001) == (3, 4, 6, 7, 8, 9, 10)
    assert missing_months(days, Season(11, 3), 2001) == (11, 12, 3)
    assert missing_months(days, Season(11, 3), 2002) == (1, 2, 3)


def test_periods_in_names():
    def texts(name):
        return [str(period) for period in periods_in_name(name)]

    assert texts("NL_STP_VIIRS.M_201401_VCMCFG") == ["2014-01"]
    assert texts("NL_STP_OLS.Y_1992_STABLE_LIGHTS") == ["1992"]
    assert texts("KX10_GIU_20220304_E121.82_N31.56_202200100146_L4A") == ["2022-03-04"]
    assert texts("Band 009: time=41212 (days since 1900-01-01 00:00:00)") == ["2012-11-01"]
    assert texts("time=36 (hours since 2000-02-28 00:00:00)") == ["2000-02-29"]
    assert texts("light") == []
    month = Period.of_month(2014, 12)
    assert (month.first, month.after) == (date(2014, 12, 1), date(2015, 1, 1))
    assert Period.of_year(2014).year == 2014.5
    # dates_in_name stays as it was: the middle of a month, and no years.
    assert dates_in_name("201401_x") == (date(2014, 1, 15),)
    assert dates_in_name("1992") == ()


def test_periods_of_composites_are_whole_months():
    names = [
        [f"SVDNB_npp_2014{m}01-2014{m}{d}_75N_c201506171538"] for m, d in (("01", 31), ("04", 30))
    ]
    assert [str(period) for period in periods_from_names(names, "DATES")] == ["2014-01", "2014-04"]
    # The release is in all names, and tells nothing.
    names = [["VNL_2021_release", "y2014"], ["VNL_2021_release", "y2015"]]
    assert [str(p) for p in periods_from_names(names, "DATES")] == ["2014", "2015"]
    with pytest.raises(InputError, match=r"No date in the name “light”.*“DATES”"):
        periods_from_names([["light"]], "DATES")


def test_typed_periods():
    def texts(text):
        return [str(period) for period in parse_periods(text, "DATES")]

    assert texts("") == []
    assert texts("2014, 2015;2016-2") == ["2014", "2015", "2016-02"]
    assert texts("2012-11..2013-02") == ["2012-11", "2012-12", "2013-01", "2013-02"]
    assert texts("2011..2013 2014-12-31..2015-01-01") == [
        "2011",
        "2012",
        "2013",
        "2014-12-31",
        "2015-01-01",
    ]
    for text in ("14", "2014-13", "2014-02-30", "2015..2014", "2014..", "2014..2015..2016", "x"):
        with pytest.raises(InputError, match="is not a date"):
            parse_periods(text, "DATES")
