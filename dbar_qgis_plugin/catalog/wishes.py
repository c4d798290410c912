"""A search as a user puts it together, kept under a name, and what it asks of each catalog."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from dbar_qgis_plugin.catalog.areas import box_around
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.filters import CLOUD
from dbar_qgis_plugin.catalog.model import Raw
from dbar_qgis_plugin.catalog.query import OPERATORS, Condition, Query
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.catalog.themes import Theme

_END_OF_DAY: Final = time(23, 59, 59, tzinfo=UTC)
_TYPE: Final = "dbar-searches"


@dataclass(frozen=True)
class Wish:
    """What is searched for; what is empty does not matter.

    connections : ids of those that are asked
    collections : ids of those that were chosen, by the connection's id; all where it has none
    theme : its id
    area : GeoJSON geometry in longitude and latitude
    follows_map : whether the area is what the map shows when the search begins
    begin, end : first and last day
    months : 1 to 12; of each year
    cloud : highest cover by clouds in percent, for catalogs that know of it
    sort : property, and whether it falls
    """

    connections: tuple[str, ...] = ()
    collections: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    theme: str = ""
    text: str = ""
    area: Raw | None = field(default=None, hash=False)
    follows_map: bool = False
    begin: date | None = None
    end: date | None = None
    months: tuple[int, ...] = ()
    cloud: float | None = None
    conditions: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()

    def search(
        self,
        connections: Iterable[Connection],
        theme: Theme | None = None,
        knowing_cloud: Container[str] = (),
    ) -> Search:
        """Return what each of its connections is asked; those that are gone are left out.

        Parameters
        ----------
        connections : iterable of Connection
            All that there are.
        theme : Theme, optional
            The one that it names.
        knowing_cloud : container of str
            Ids of the connections that can be asked for cover by clouds: of others it would leave
            out all items.
        """
        queries = {}
        for connection in connections:
            if connection.id in self.connections:
                base = self._query(connection, with_cloud=connection.id in knowing_cloud)
                asked = base if theme is None else theme.query(base, connection)
                queries[connection.id] = asked
        return Search(queries, self.theme if theme is not None else "", self.area)

    def _query(self, connection: Connection, *, with_cloud: bool) -> Query:
        begin, end = self.begin, self.end
        conditions = self.conditions
        if with_cloud and self.cloud is not None:
            conditions = (Condition(CLOUD, "<=", self.cloud), *conditions)
        return Query(
            collections=tuple(self.collections.get(connection.id, ())),
            box=box_around(self.area) if self.area is not None else None,
            begin=datetime.combine(begin, time(), UTC) if begin is not None else None,
            end=datetime.combine(end, _END_OF_DAY) if end is not None else None,
            months=self.months,
            text=self.text.strip(),
            conditions=conditions,
            sort=self.sort,
            page_size=connection.page_size,
        )


def as_json(wishes: Mapping[str, Wish]) -> str:
    """Write searches, by their names; no secret is in one."""
    searches = {name: _as_mapping(wish) for name, wish in wishes.items()}
    return json.dumps({"type": _TYPE, "searches": searches}, ensure_ascii=False)


def from_json(text: str) -> dict[str, Wish]:
    """Read searches; one that cannot be read is left out."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    searches = document.get("searches") if isinstance(document, dict) else None
    read = {
        name: _wish(raw)
        for name, raw in (searches.items() if isinstance(searches, dict) else ())
        if isinstance(raw, dict)
    }
    return {name: wish for name, wish in read.items() if wish is not None}


def _as_mapping(wish: Wish) -> dict[str, Any]:
    return {
        "connections": wish.connections,
        "collections": wish.collections,
        "theme": wish.theme,
        "text": wish.text,
        "area": wish.area if not wish.follows_map else None,
        "follows_map": wish.follows_map,
        "begin": wish.begin and wish.begin.isoformat(),
        "end": wish.end and wish.end.isoformat(),
        "months": wish.months,
        "cloud": wish.cloud,
        "conditions": [(c.name, c.operator, c.value) for c in wish.conditions],
        "sort": wish.sort,
    }


def _wish(raw: Mapping[str, Any]) -> Wish | None:
    try:
        area = raw.get("area")
        if area is not None and box_around(area) is None:
            return None
        return Wish(
            connections=tuple(map(str, raw["connections"])),
            collections={k: tuple(map(str, v)) for k, v in raw["collections"].items()},
            theme=str(raw["theme"]),
            text=str(raw["text"]),
            area=area,
            follows_map=raw["follows_map"] is True,
            begin=date.fromisoformat(raw["begin"]) if raw["begin"] else None,
            end=date.fromisoformat(raw["end"]) if raw["end"] else None,
            months=tuple(month for month in raw["months"] if month in range(1, 13)),
            cloud=None if raw["cloud"] is None else float(raw["cloud"]),
            conditions=tuple(map(_condition, raw["conditions"])),
            sort=tuple((str(name), falls is True) for name, falls in raw["sort"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _condition(raw: Any) -> Condition:
    name, operator, value = raw
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    if operator not in OPERATORS or not known:
        raise ValueError(operator)
    return Condition(str(name), operator, value)
