"""Dates of composites: read from the names of bands, layers and files, or from a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.years import years_in_name

# A2000049 or 2000049: year and day of the year, as MODIS names its files.
_DAY_OF_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d{3})(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. mM]?(0[1-9]|1[0-2])(?![0-9A-Za-z])")
# time=40998 (days since 1900-01-01 00:00:00): as QGIS names the bands of netCDF.
_SINCE = re.compile(
    r"time=(\d+(?:\.\d+)?) \((days|hours|minutes|seconds) since (\d{4})-(\d\d?)-(\d\d?)[^)]*\)"
)
_UNITS_PER_DAY: Final = {"days": 1, "hours": 24, "minutes": 1440, "seconds": 86400}
_MIDDLE = 15  # a composite of which only the month is known stands in its middle
_LISTED = 5


def dates_in_name(name: str) -> tuple[date, ...]:
    """Find the dates that a name speaks of.

    Parameters
    ----------
    name : str
        Such as "MOD13Q1.A2000049.h09v05" (18 February 2000), "2000-02-18", "20000218" or "2000_02"
        (15 February 2000, where only the month is known).

    Returns
    -------
    tuple of date
        Each once, in the order of the name.
    """
    return tuple(
        dict.fromkeys(
            period.first.replace(day=_MIDDLE) if period.is_month else period.first
            for period in _periods(name)
        )
    )


@dataclass(frozen=True, order=True)
class Period:
    """A day, a month or a year.

    first : its first day
    after : the day after its last
    """

    first: date
    after: date

    @classmethod
    def of_day(cls, day: date) -> Period:
        """Period of one day."""
        return cls(day, day + timedelta(1))

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Period of a month."""
        return cls(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Period of a year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @property
    def is_month(self) -> bool:
        """Whether it is a whole month."""
        return self == Period.of_month(self.first.year, self.first.month)

    @property
    def is_year(self) -> bool:
        """Whether it is a whole year."""
        return self == Period.of_year(self.first.year)

    @property
    def following(self) -> Period:
        """The day, month or year after it."""
        if self.is_year:
            return Period.of_year(self.after.year)
        if self.is_month:
            return Period.of_month(self.after.year, self.after.month)
        return Period.of_day(self.after)

    @property
    def year(self) -> float:
        """Its middle as a year with a fraction."""
        return sum(map(_decimal_year, (self.first, self.after))) / 2

    def __str__(self) -> str:
        """Write it as 2014, 2014-01 or 2014-01-31."""
        return self.first.isoformat()[: 4 if self.is_year else 7 if self.is_month else 10]


def _decimal_year(day: date) -> float:
    begin, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - begin) / (end - begin)


def periods_in_name(name: str) -> tuple[Period, ...]:
    """Find the days and months that a name speaks of; where there are none, the years.

    Parameters
    ----------
    name : str
        Such as "SVDNB_npp_20140101-20140131" (two days), "NL_2014_01" (a month) or "VNL_2014".

    Returns
    -------
    tuple of Period
        Each once, in the order of the name.
    """
    return tuple(_periods(name)) or tuple(map(Period.of_year, years_in_name(name)))


def periods_from_names(names: Sequence[Sequence[str]], parameter: str) -> tuple[Period, ...]:
    """Read the period of each raster from its names; as `dates_from_names`, but also from years.

    Parameters
    ----------
    names : sequence of sequence of str
        For each raster the names to look at, the most telling first: band, layer, file.
    parameter : str
        Name of the parameter in which dates are typed instead, for messages.

    Raises
    ------
    InputError
        A raster names no date.
    """
    found = [[set(periods_in_name(name)) for name in each] for each in names]
    everywhere = (
        set.intersection(*(set().union(*each) for each in found)) if len(found) > 1 else set()
    )
    periods = []
    for each, own in zip(found, names, strict=True):
        telling = next(filter(None, (*(some - everywhere for some in each), *each)), None)
        if telling is None:
            raise InputError(
                translate(
                    "Dbar",
                    "No date in the name “{name}”. Name the layers or bands by date, such as 2014, "
                    "2014-01 or 2014-01-31, or type the dates in “{parameter}”.",
                ),
                name=own[0],
                parameter=parameter,
            )
        # The first and the last day of a composite are a month or a year together.
        whole = Period(min(p.first for p in telling), max(p.after for p in telling))
        periods.append(whole if whole.is_month or whole.is_year else min(telling))
    return tuple(periods)


def parse_periods(text: str, parameter: str) -> tuple[Period, ...]:
    """Read dates typed by the user: days, months or years apart by commas, or from .. to.

    Parameters
    ----------
    text : str
        Such as "2014,2015", "2014-01-31" or "2012-04..2012-12", which is nine months.
    parameter : str
        Name of the parameter, for messages.

    Raises
    ------
    InputError
        A piece is no date, or a span ends before it begins.
    """
    periods: list[Period] = []
    for piece in filter(None, re.split(r"[,;，；、\s]+", text.strip())):
        ends = [_typed(part) for part in piece.split("..")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2 or last < first:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: “{piece}” is not a date. Write years, months or days apart by "
                    "commas, such as 2014,2015 or 2014-01,2014-02, or all from one to another, "
                    "such as 2014-01..2014-12.",
                ),
                parameter=parameter,
                piece=piece,
            )
        periods.append(first)
        while periods[-1].after < last.after:
            periods.append(periods[-1].following)
    return tuple(periods)


def _typed(text: str) -> Period | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", text)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    first = _date(year, month or 1, day or 1)
    if first is None:
        return None
    if day:
        return Period.of_day(first)
    return Period.of_month(year, month) if month else Period.of_year(year)


def _periods(name: str) -> list[Period]:
    """Days and months of a name, each once, in their order."""
    found: list[tuple[int, Period]] = []
    for pattern, read in (
        (_SINCE, _from_since),
        (_DAY, _from_day),
        (_DAY_OF_YEAR, _from_day_of_year),
    ):
        for match in pattern.finditer(name):
            day = read(match)
            if day is not None:
                found.append((match.start(), Period.of_day(day)))
                # What has been read as a day is not read again as a month.
                name = name[: match.start()] + "#" * len(match[0]) + name[match.end() :]
    found += [
        (match.start(), Period.of_month(int(match[1]), int(match[2])))
        for match in _MONTH.finditer(name)
    ]
    return list(dict.fromkeys(period for _, period in sorted(found)))


def _from_since(match: re.Match[str]) -> date | None:
    number, unit, year, month, day = match.groups()
    first = _date(int(year), int(month), int(day))
    return None if first is None else first + timedelta(float(number) / _UNITS_PER_DAY[unit])


def _from_day(match: re.Match[str]) -> date | None:
    year, _, month, day = match.groups()
    return _date(int(year), int(month), int(day))


def _from_day_of_year(match: re.Match[str]) -> date | None:
    year, number = int(match[1]), int(match[2])
    day = date(year, 1, 1) + timedelta(number - 1)
    return day if day.year == year else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # such as 31 June
        return None


def dates_from_names(names: Sequence[Sequence[str]], parameter: str) -> tuple[date, ...]:
    """Read the date of each composite from its names.

    A date that stands in the names of all (of production, say) is left aside where another tells
    them apart. Of several dates in a name, as of the first and the last day, the earliest counts.

    Parameters
    ----------
    names : sequence of sequence of str
        For each composite the names to look at, the most telling first: band, layer, file.
    parameter : str
        Name of the parameter that takes a table of dates, for messages.

    Raises
    ------
    InputError
        A composite names no date.
    """
    found = [[set(dates_in_name(name)) for name in each] for each in names]
    everywhere = (
        set.intersection(*(set().union(*each) for each in found)) if len(found) > 1 else set()
    )
    dates = []
    for each, own in zip(found, names, strict=True):
        telling = next((days - everywhere or days for days in each if days), None)
        if telling is None:
            raise InputError(
                translate(
                    "Dbar",
                    "No date in the name “{name}”. Name the bands or files by date, such as "
                    "2000-02-18, 2000049 or 2000_02, or give a table of dates in “{parameter}”.",
                ),
                name=own[0],
                parameter=parameter,
            )
        dates.append(min(telling))
    return tuple(dates)


def dates_from_table(path: str, names: Sequence[Sequence[str]], parameter: str) -> tuple[date, ...]:
    """Read the date of each composite from a text table.

    Parameters
    ----------
    path : str
        Columns apart by comma, semicolon or tab, with or without a line of headings. One column:
        dates in the order of the composites. More: a column with names of bands, layers or files,
        and a column with dates.
    names : sequence of sequence of str
        For each composite the names under which the table may hold it.
    parameter : str
        Name of the parameter, for messages.

    Raises
    ------
    InputError
        The table cannot be read, holds something else than dates, or does not hold a composite.
    """
    rows = _rows(path, parameter)
    if len(rows[0]) == 1:
        dates = [dates_in_name(row[0])[0] for row in rows]
        if len(dates) != len(names):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: {count} dates for {composites} composites. Give one for each, in "
                    "their order, or a column with their names beside the dates.",
                ),
                parameter=parameter,
                count=len(dates),
                composites=len(names),
            )
        return tuple(dates)
    column = next(
        (
            number
            for number in range(len(rows[0]) - 1, -1, -1)
            if all(len(row) > number and dates_in_name(row[number]) for row in rows)
        ),
        0,
    )
    known = {
        cell.strip().casefold(): dates_in_name(row[column])[0]
        for row in rows
        for number, cell in enumerate(row)
        if number != column and cell.strip()
    }
    found = [
        next((known[name.casefold()] for name in own if name.casefold() in known), None)
        for own in names
    ]
    absent = [own[0] for own, day in zip(names, found, strict=True) if day is None]
    if absent:
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: the table does not name {count} of the composites ({names}). Give a "
                "row for each.",
            ),
            parameter=parameter,
            count=len(absent),
            names=", ".join(absent[:_LISTED]) + (", …" if len(absent) > _LISTED else ""),
        )
    return tuple(day for day in found if day is not None)


def _rows(path: str, parameter: str) -> list[list[str]]:
    """Rows with a date; only the first may be without, as headings are."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            translate(
                "Dbar", "{parameter}: {path} cannot be read as a text table in UTF-8 ({reason})."
            ),
            parameter=parameter,
            path=path,
            reason=str(error),
        ) from error
    delimiter = max(",;\t", key=text.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    dated = [any(dates_in_name(cell) for cell in row) for row in rows]
    if dated and not dated[0]:
        rows, dated = rows[1:], dated[1:]
    if not rows or not all(dated):
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: no date in “{row}”. Write dates such as 2000-02-18, 2000049 or "
                "2000-02.",
            ),
            parameter=parameter,
            row=delimiter.join(rows[dated.index(False)]) if rows else path,
        )
    return rows


@dataclass(frozen=True)
class Season:
    """The months of a growing season; one that crosses the new year belongs to the year it ends."""

    first: int = 1
    last: int = 12

    @property
    def months(self) -> tuple[int, ...]:
        """Months of the season, in order of time."""
        length = (self.last - self.first) % 12 + 1
        return tuple((self.first - 1 + step) % 12 + 1 for step in range(length))

    def year_of(self, day: date) -> int | None:
        """Year of the season that a day belongs to; None where it belongs to none."""
        if day.month not in self.months:
            return None
        return day.year + (self.first > self.last and day.month >= self.first)

    def bounds(self, year: int) -> tuple[date, date]:
        """First day of the season of a year, and the day after its last."""
        begin = date(year - (self.first > self.last), self.first, 1)
        last = self.last % 12 + 1
        return begin, date(year + (last == 1), last, 1)


def parse_season(text: str, parameter: str) -> Season:
    """Read a season typed by the user: first and last month, such as "4-10" or "11-3".

    Raises
    ------
    InputError
        It is something else.
    """
    match = re.fullmatch(r"\s*(\d{1,2})\s*[-–—,:]\s*(\d{1,2})\s*", text)
    months = tuple(map(int, match.groups())) if match else ()
    if len(months) != 2 or not all(1 <= month <= 12 for month in months):
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: “{text}” is not a season. Write its first and last month, such as "
                "4-10, or 11-3 where it crosses the new year.",
            ),
            parameter=parameter,
            text=text,
        )
    return Season(*months)


def missing_months(days: Sequence[date], season: Season, year: int) -> tuple[int, ...]:
    """Months of a season without any composite."""
    have = {day.month for day in days if season.year_of(day) == year}
    return tuple(month for month in season.months if month not in have)
