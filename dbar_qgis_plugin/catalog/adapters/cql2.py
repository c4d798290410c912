"""Conditions in the Common Query Language (OGC 21-065r2), which STAC APIs and others filter by."""

from __future__ import annotations

from typing import Any, Final

from dbar_qgis_plugin.catalog.query import Condition

_MOMENTS: Final = ("datetime", "start_datetime", "end_datetime", "created", "updated", "published")


def cql2_json(conditions: tuple[Condition, ...]) -> dict[str, Any]:
    """Write conditions in CQL2's JSON."""
    parts = []
    for condition in conditions:
        value: Any = condition.value
        if condition.name.removeprefix("properties.") in _MOMENTS:
            value = {"timestamp": value}
        parts.append({"op": condition.operator, "args": [{"property": condition.name}, value]})
    return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}


def cql2_text(conditions: tuple[Condition, ...]) -> str:
    """Write conditions in CQL2's text."""
    parts = []
    for condition in conditions:
        name = condition.name.replace('"', '""')
        value = condition.value
        quoted = "'" + str(value).replace("'", "''") + "'"
        shown = quoted if isinstance(value, str) else repr(value)
        if condition.name.removeprefix("properties.") in _MOMENTS:
            shown = f"TIMESTAMP({quoted})"
        parts.append(f'"{name}" {condition.operator} {shown}')
    return " AND ".join(parts)
