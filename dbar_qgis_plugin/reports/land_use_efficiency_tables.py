"""The rows of a land use efficiency report, by period, group and city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dbar_qgis_plugin.reports.html import finite

Row = Mapping[str, object]


class Period(NamedTuple):
    """Two epochs; `full` where they span all the others."""

    start: float
    end: float
    full: bool

    @property
    def label(self) -> str:
        """Both years."""
        return f"{year_label(self.start)}–{year_label(self.end)}"


class Tables:
    """What a report tells, row by row.

    Parameters
    ----------
    groups, intervals : mapping of columns
        The tables of groups and of cities; the group "" is all cities together.

    Attributes
    ----------
    steps : list of Period
        The intervals from epoch to epoch, in order.
    last : Period
        The latest of them.
    full : Period or None
        From the first epoch to the last, where there are more than two.
    headline : list of Period
        The last interval and, where there is one, the full period.
    periods, choices : list of Period
        All of them: in order, and those of the headline first.
    groups : list of str
        Names of the groups, all cities ("") first.
    cities : dict
        The rows of each period, in the same order of cities for each: a name may occur twice.
    """

    def __init__(
        self, groups: Mapping[str, Sequence[object]], intervals: Mapping[str, Sequence[object]]
    ) -> None:
        rows = _rows(groups)
        self._group_rows = {(str(row["group"]), _period(row)): row for row in rows}
        found = dict.fromkeys(_period(row) for row in rows)
        self.steps = sorted(period for period in found if not period.full)
        self.last = self.steps[-1]
        self.full = next((period for period in found if period.full), None)
        self.headline = [self.last] if self.full is None else [self.last, self.full]
        self.periods = self.steps if self.full is None else [*self.steps, self.full]
        self.choices = [*self.headline, *self.steps[-2::-1]]
        names = dict.fromkeys(str(row["group"]) for row in rows)
        self.groups = ["", *(name for name in names if name)]
        self.cities: dict[Period, list[Row]] = {period: [] for period in self.periods}
        for row in _rows(intervals):
            self.cities[_period(row)].append(row)

    @property
    def listed_groups(self) -> list[str]:
        """The groups as tables list them: all cities last, as the sum."""
        return [*self.groups[1:], ""]

    def group(self, name: str, period: Period) -> Row:
        """Return the row of a group."""
        return self._group_rows[name, period]

    def headline_rows(self) -> list[tuple[str, Period, Row]]:
        """Return name, period and row of each group in each period of the headline."""
        return [
            (name, period, self.group(name, period))
            for period in self.headline
            for name in self.listed_groups
        ]


def flags_of(row: Row) -> list[str]:
    """Return a row's flag codes."""
    return [code for code in str(row["flags"] or "").split(";") if code]


def ratio_of(row: Row) -> float | None:
    """Return the ratio of a city or of a group's totals."""
    return finite(row["lcrpgr"] if "lcrpgr" in row else row["ratio_of_totals"])


def year_label(year: object) -> str:
    """Return a year without needless decimals."""
    return f"{finite(year):g}"


def _period(row: Row) -> Period:
    start, end = finite(row["year_start"]), finite(row["year_end"])
    return Period(start or 0.0, end or 0.0, row["span"] == "full")


def _rows(columns: Mapping[str, Sequence[object]]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
