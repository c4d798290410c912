"""What the properties that a catalog can be filtered by are, for the rows of a search's form."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.model import Raw
from dbar_qgis_plugin.catalog.query import OPERATORS

CLOUD: Final = "eo:cloud_cover"
_EQUAL: Final = ("=", "<>")
# Parts of the form of their own, or nothing that a value can be compared with.
_LEFT_OUT: Final = ("geometry", "bbox", "collection", "datetime", "links", "assets")
# Schemas often name these by a reference only.
_NUMBERS: Final = (CLOUD, "eo:snow_cover", "gsd", "view:off_nadir", "view:sun_elevation")
_MOMENTS: Final = ("created", "updated", "published", "start_datetime", "end_datetime")
_KINDS: Final = {"number": "number", "integer": "integer", "string": "text"}


class Field(NamedTuple):
    """A property to filter by.

    title : as the catalog names it
    kind : "number", "integer", "text", "choice" or "moment"
    choices : the values of a choice
    low, high : bounds of a number, None where not told
    """

    name: str
    title: str
    kind: str
    choices: tuple[str | float, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def operators(self) -> tuple[str, ...]:
        """What its values can be compared by."""
        return OPERATORS if self.kind in ("number", "integer", "moment") else _EQUAL


def fields_of(queryables: Mapping[str, Raw]) -> tuple[Field, ...]:
    """Return the properties that a form can offer, by name.

    Parameters
    ----------
    queryables : mapping
        A JSON schema for each property, as `Adapter.queryables` gives them.
    """
    found = (_field(name, schema) for name, schema in queryables.items() if name not in _LEFT_OUT)
    return tuple(sorted(filter(None, found), key=lambda field: field.name.casefold()))


def together(several: Iterable[Iterable[Field]]) -> tuple[Field, ...]:
    """Return the properties of several catalogs or collections, each once.

    Choices are put together, and bounds made wide enough for all; where kinds differ, the first
    one counts.
    """
    found: dict[str, Field] = {}
    for fields in several:
        for field in fields:
            known = found.get(field.name)
            if known is None:
                found[field.name] = field
            elif known.kind == field.kind:
                found[field.name] = known._replace(
                    choices=tuple(dict.fromkeys((*known.choices, *field.choices))),
                    low=_widest(min, known.low, field.low),
                    high=_widest(max, known.high, field.high),
                )
    return tuple(sorted(found.values(), key=lambda field: field.name.casefold()))


def _field(name: str, schema: Raw) -> Field | None:
    """Read one property; None for one that holds no single number, text or moment."""
    schema = _said(schema)
    title = schema.get("title")
    title = title if isinstance(title, str) and title.strip() else name
    choices = schema.get("enum")
    if isinstance(choices, list):
        simple = tuple(
            value
            for value in dict.fromkeys(v for v in choices if isinstance(v, str | int | float))
            if not isinstance(value, bool)
        )
        return Field(name, title, "choice", simple) if simple else None
    kind = _kind(name, schema)
    if kind in ("number", "integer"):
        low, high = _number(schema.get("minimum")), _number(schema.get("maximum"))
        if name == CLOUD:
            low, high = 0.0, 100.0
        return Field(name, title, kind, (), low, high)
    return Field(name, title, kind) if kind else None


def _kind(name: str, schema: Raw) -> str:
    if name in _NUMBERS:
        return "number"
    form = schema.get("format")
    if name in _MOMENTS or (isinstance(form, str) and form.startswith("date")):
        return "moment"
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        # Of several texts, such as instruments, one is enough.
        items = schema.get("items")
        return "text" if isinstance(items, Mapping) and items.get("type") == "string" else ""
    known = [_KINDS[kind] for kind in kinds if isinstance(kind, str) and kind in _KINDS]
    return known[0] if known else "" if any(kinds) else "text"


def _said(schema: Raw) -> Raw:
    """Return a schema with what its first alternative that says something adds."""
    for name in ("anyOf", "oneOf", "allOf"):
        parts = schema.get(name)
        for part in parts if isinstance(parts, list) else ():
            says = isinstance(part, Mapping) and {"type", "enum", "format"} & set(part)
            if says and part.get("type") != "null":
                return {**part, **schema}
    return schema


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and math.isfinite(value) else None


def _widest(of: Any, first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else of(first, second)
