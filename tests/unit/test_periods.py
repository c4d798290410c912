"""Reporting periods and windows of years."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.pipelines.periods import (
    PERIOD_KEYS,
    PERIODS,
    YearSpan,
    check_enough,
    layers_in,
    missing_years,
    state_spans,
    trend_span,
    years_needed,
)


def test_table_12_of_the_manual():
    assert PERIOD_KEYS == ("all", "baseline", "period_1", "period_2")
    assert {
        key: [tuple(span) for span in (p.reported, p.trend, p.baseline, p.recent)]
        for key, p in PERIODS.items()
    } == {
        "baseline": [(2000, 2015), (2000, 2015), (2000, 2012), (2013, 2015)],
        "period_1": [(2016, 2019), (2004, 2019), (2004, 2016), (2017, 2019)],
        "period_2": [(2016, 2023), (2008, 2023), (2008, 2020), (2021, 2023)],
    }
    for period in PERIODS.values():
        assert (period.trend.length, period.baseline.length, period.recent.length) == (16, 13, 3)
        assert period.baseline.first == period.trend.first
        assert period.recent.last == period.trend.last == period.reported.last
        assert period.recent.first == period.baseline.last + 1


def test_typed_years_come_before_the_period():
    years = [float(year) for year in range(1998, 2024)]
    assert trend_span("all", years) == (1998, 2023)
    assert trend_span("period_1", years) == (2004, 2019)
    assert trend_span("period_1", years, last=2018) == (2004, 2018)
    assert trend_span("all", [2000.5, 2010.9]) == (2000, 2010)
    assert state_spans("all", years) == ((1998, 2020), (2021, 2023))
    assert state_spans("all", years, recent_first=2019) == ((1998, 2018), (2019, 2023))
    assert state_spans("baseline", years) == ((2000, 2012), (2013, 2015))
    assert state_spans("baseline", years, 2001, 2010, 2011, 2014) == ((2001, 2010), (2011, 2014))
    assert str(YearSpan(2000, 2015)) == "2000–2015"


def test_refusals():
    years = [2000.0, 2010.0]
    with pytest.raises(InputError, match="2005 to 2001: the last comes before the first"):
        trend_span("all", years, 2005, 2001)
    with pytest.raises(InputError, match="2009–2015 must come after the baseline years 2000–2012"):
        state_spans("baseline", years, recent_first=2009)
    with pytest.raises(InputError, match=r"NDVI: 1 of the years 2000–2002 .* 2 .* 2001, 2002"):
        check_enough(YearSpan(2000, 2002), years, 2, "NDVI")
    check_enough(YearSpan(2000, 2002), years, 1, "NDVI")


def test_layers_of_a_span():
    years = [1999.9, 2000.0, 2001.5, 2003.0]
    assert layers_in(YearSpan(2000, 2002), years) == (1, 2)
    assert missing_years(YearSpan(2000, 2004), years) == (2002, 2004)
    assert [years_needed(YearSpan(2000, 2002), share) for share in (0, 0.5, 0.67, 0.7, 1)] == [
        1,
        2,
        2,
        3,
        3,
    ]
    assert years_needed(YearSpan(2000, 2001), 0.1, 3) == 3
