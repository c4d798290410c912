"""Themes: what a search for an indicator's data asks of each catalog."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.query import OPERATORS, Condition, Query
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

THEMES: Final = Path(__file__).parents[1] / "resources" / "catalog" / "themes.json"


@dataclass(frozen=True)
class Theme:
    """A subject, and where catalogs keep it.

    title : in English; that of a bundled theme is translated, one of the user's is as they wrote it
    words : of which one must be there, in catalogs that are not listed
    roles : of the parameters that its data are for
    collections : ids, by the server (`redaction.host_of`) or the id of the connection
    conditions : on properties, by the same
    """

    id: str
    title: str
    words: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    collections: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    conditions: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict, hash=False)

    def query(self, base: Query, connection: Connection) -> Query:
        """Return a query with what the theme asks of a catalog.

        Collections that the query names already stay the only ones.
        """
        places = (connection.id, host_of(connection.url))
        conditions = _first(self.conditions, places)
        named = {condition.name for condition in base.conditions}
        added = tuple(condition for condition in conditions if condition.name not in named)
        query = replace(base, conditions=base.conditions + added)
        if base.collections:
            return query
        collections = _first(self.collections, places)
        if collections:
            return replace(query, collections=collections)
        return replace(query, text=f"{base.text} {'|'.join(self.words)}".strip())


class Themes(NamedTuple):
    """Themes in the order of the window, and what could not be read."""

    themes: tuple[Theme, ...]
    notes: tuple[Message, ...] = ()


def themes(own: Path | None = None) -> tuple[Theme, ...]:
    """Return the plugin's themes, and those of the user's own file; see `read_themes`."""
    return read_themes(own).themes


def read_themes(own: Path | None = None) -> Themes:
    """Return the plugin's themes, and those of the user's own file.

    Parameters
    ----------
    own : Path, optional
        A file of the same form as the plugin's (`THEMES`); it need not exist. A theme with the id
        of a bundled one adds its words, and its collections go before; others follow.

    Returns
    -------
    Themes
        With `notes` on what the user's file has that cannot be read.
    """
    known = {theme.id: theme for theme in _themes(_read(THEMES), [])}
    notes: list[Message] = []
    if own is not None and own.is_file():
        for theme in _themes(_read(own, notes), notes):
            there = known.get(theme.id)
            known[theme.id] = theme if there is None else _joined(there, theme)
    return Themes(tuple(known.values()), tuple(notes))


def titles() -> dict[str, str]:
    """Return the bundled themes' titles in English, by id, marked for translation."""
    return {
        "builtup": translate("Dbar", "SDG 11.3.1 built-up and population"),
        "degradation": translate("Dbar", "SDG 15.3.1 land degradation"),
        "night_light": translate("Dbar", "Night light"),
    }


def _first(by_place: Mapping[str, tuple[Any, ...]], places: tuple[str, ...]) -> tuple[Any, ...]:
    return next((by_place[place] for place in places if by_place.get(place)), ())


def _joined(first: Theme, second: Theme) -> Theme:
    return replace(
        first,
        title=second.title or first.title,
        words=tuple(dict.fromkeys(first.words + second.words)),
        roles=tuple(dict.fromkeys(first.roles + second.roles)),
        collections={**first.collections, **second.collections},
        conditions={**first.conditions, **second.conditions},
    )


def _read(path: Path, notes: list[Message] | None = None) -> list[Any]:
    """Return the entries of a file of themes; none, and a note, where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        document = None
    entries = document.get("themes") if isinstance(document, dict) else None
    if isinstance(entries, list):
        return entries
    if notes is not None:
        notes.append(
            message(
                translate("Dbar", "{path} is no file of themes: it is left out."), path=str(path)
            )
        )
    return []


def _themes(entries: list[Any], notes: list[Message]) -> list[Theme]:
    found = []
    for number, entry in enumerate(entries, start=1):
        theme = _theme(entry)
        if theme is None:
            text = translate("Dbar", "Theme {number} of your own cannot be read: it is left out.")
            notes.append(message(text, number=number))
        else:
            found.append(theme)
    return found


def _theme(raw: object) -> Theme | None:
    entry = _mapping(raw)
    identity, title = (str(entry.get(name) or "") for name in ("id", "title"))
    if not identity:
        return None
    return Theme(
        id=identity,
        title=title or titles().get(identity, identity),
        words=tuple(word for text in _texts(entry.get("words")) for word in text.split()),
        roles=_texts(entry.get("roles")),
        collections={
            place: _texts(ids) for place, ids in _mapping(entry.get("collections")).items()
        },
        conditions={
            place: tuple(filter(None, map(_condition, _listed(conditions))))
            for place, conditions in _mapping(entry.get("conditions")).items()
        },
    )


def _condition(raw: object) -> Condition | None:
    match raw:
        case [str() as name, str() as operator, str() | int() | float() as value] if (
            operator in OPERATORS
        ):
            return Condition(name, operator, value)
    return None


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _listed(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(text for text in _listed(raw) if isinstance(text, str) and text)
