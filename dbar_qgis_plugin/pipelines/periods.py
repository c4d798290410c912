"""The UNCCD's reporting periods, and which years of a series belong to a window.

Source: UNCCD PRAIS4 reporting manual, strategic objective 1, table 12.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dbar_qgis_plugin.errors import InputError, translate

RECENT_YEARS: Final = 3


class YearSpan(NamedTuple):
    """Calendar years, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of years."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class Period(NamedTuple):
    """An assessment: what it reports on, and the years of NDVI behind it.

    reported : the years that the assessment speaks of
    trend : years of trend and performance
    baseline, recent : years of state
    """

    reported: YearSpan
    trend: YearSpan
    baseline: YearSpan
    recent: YearSpan


PERIODS: Final[dict[str, Period]] = {
    "baseline": Period(
        YearSpan(2000, 2015), YearSpan(2000, 2015), YearSpan(2000, 2012), YearSpan(2013, 2015)
    ),
    "period_1": Period(
        YearSpan(2016, 2019), YearSpan(2004, 2019), YearSpan(2004, 2016), YearSpan(2017, 2019)
    ),
    "period_2": Period(
        YearSpan(2016, 2023), YearSpan(2008, 2023), YearSpan(2008, 2020), YearSpan(2021, 2023)
    ),
}
ALL_YEARS: Final = "all"
PERIOD_KEYS: Final = (ALL_YEARS, *PERIODS)


def trend_span(
    period: str, years: Sequence[float], first: int | None = None, last: int | None = None
) -> YearSpan:
    """Years of trend and performance.

    Parameters
    ----------
    period : {"all", "baseline", "period_1", "period_2"}
        A reporting period, or all years that there are.
    years : sequence of float
        Years of the series.
    first, last : int, optional
        Typed by the user; they come before the period's.

    Raises
    ------
    InputError
        If the last year comes before the first.
    """
    usual = PERIODS[period].trend if period != ALL_YEARS else _span_of(years)
    return _checked(usual.first if first is None else first, usual.last if last is None else last)


def state_spans(
    period: str,
    years: Sequence[float],
    baseline_first: int | None = None,
    baseline_last: int | None = None,
    recent_first: int | None = None,
    recent_last: int | None = None,
) -> tuple[YearSpan, YearSpan]:
    """Baseline and recent years of state; with "all", the last three years and those before.

    Parameters
    ----------
    period : {"all", "baseline", "period_1", "period_2"}
        A reporting period, or all years that there are.
    years : sequence of float
        Years of the series.
    baseline_first, baseline_last, recent_first, recent_last : int, optional
        Typed by the user; they come before the period's.

    Raises
    ------
    InputError
        If a window ends before it begins, or the windows share years.
    """
    if period != ALL_YEARS:
        _, _, baseline, recent = PERIODS[period]
    else:
        every = _span_of(years)
        start = every.last - RECENT_YEARS + 1 if recent_first is None else recent_first
        baseline, recent = YearSpan(every.first, start - 1), YearSpan(start, every.last)
    chosen = (
        _checked(
            baseline.first if baseline_first is None else baseline_first,
            baseline.last if baseline_last is None else baseline_last,
        ),
        _checked(
            recent.first if recent_first is None else recent_first,
            recent.last if recent_last is None else recent_last,
        ),
    )
    if chosen[1].first <= chosen[0].last:
        raise InputError(
            translate(
                "Dbar",
                "The recent years {recent} must come after the baseline years {baseline}. Change "
                "the years so that they do not overlap.",
            ),
            recent=str(chosen[1]),
            baseline=str(chosen[0]),
        )
    return chosen


def layers_in(span: YearSpan, years: Sequence[float]) -> tuple[int, ...]:
    """Places of the years that lie in a span; 2000.5 lies in 2000."""
    return tuple(
        place for place, year in enumerate(years) if span.first <= math.floor(year) <= span.last
    )


def missing_years(span: YearSpan, years: Sequence[float]) -> tuple[int, ...]:
    """Years of a span that a series does not have."""
    have = {math.floor(year) for year in years}
    return tuple(year for year in range(span.first, span.last + 1) if year not in have)


def years_needed(span: YearSpan, share: float, least: int = 1) -> int:
    """Number of years with data that make a share of a span, at least `least`."""
    # A share of two thirds, typed as 0.67, must not ask for 3 years of 3 through rounding up 2.01.
    return max(least, math.ceil(span.length * share - 0.05))


def check_enough(span: YearSpan, years: Sequence[float], needed: int, name: str) -> None:
    """Refuse a series with too few layers in a span.

    Raises
    ------
    InputError
        Naming the raster series, the span and the years that are missing.
    """
    if len(layers_in(span, years)) < needed:
        raise InputError(
            translate(
                "Dbar",
                "{name}: {count} of the years {span} have a raster, but at least {needed} are "
                "needed. Missing: {missing}. Add these years, or choose other years.",
            ),
            name=name,
            count=len(layers_in(span, years)),
            span=str(span),
            needed=needed,
            missing=", ".join(map(str, missing_years(span, years))) or "–",
        )


def _span_of(years: Sequence[float]) -> YearSpan:
    return YearSpan(math.floor(min(years)), math.floor(max(years)))


def _checked(first: int, last: int) -> YearSpan:
    if last < first:
        raise InputError(
            translate(
                "Dbar", "The years {first} to {last}: the last comes before the first. Change them."
            ),
            first=first,
            last=last,
        )
    return YearSpan(first, last)
