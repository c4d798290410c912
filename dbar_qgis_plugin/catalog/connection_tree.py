"""The list of connections as it is shown: in groups, with what each speaks and how it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dbar_qgis_plugin.catalog.connections import GROUPS, Connection, group_titles
from dbar_qgis_plugin.catalog.health import Health, State
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message


class Row(NamedTuple):
    """A connection in the list.

    chip : what it speaks, in English
    words : how it is, for a tooltip
    """

    connection: Connection
    chip: str
    health: Health
    words: Message


class Group(NamedTuple):
    """A group of connections; its title is in English."""

    id: str
    title: str
    rows: tuple[Row, ...]


def tree(connections: Iterable[Connection], health: Mapping[str, Health]) -> tuple[Group, ...]:
    """Return the groups with their connections, in the order given; empty groups too.

    Parameters
    ----------
    connections : iterable of Connection
        As `connection_store` gives them.
    health : mapping
        What the last check of each has found, by the connection's id.
    """
    rows: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for connection in connections:
        group = connection.group if connection.group in rows else "own"
        rows[group].append(_row(connection, health.get(connection.id, Health())))
    titles = group_titles()
    return tuple(Group(group, titles[group], tuple(rows[group])) for group in GROUPS)


def chip(kind: str) -> str:
    """Name what a connection speaks, in English."""
    return {
        "stac_api": translate("Dbar", "STAC API"),
        "stac_static": translate("Dbar", "STAC files"),
        "records": translate("Dbar", "Records"),
        "csw": translate("Dbar", "CSW"),
        "wms": translate("Dbar", "WMS"),
        "wmts": translate("Dbar", "WMTS"),
        "xyz": translate("Dbar", "XYZ"),
        "casearth_json": translate("Dbar", "CASEarth (experimental)"),
    }[kind]


def caution(kind: str) -> str:
    """Say what is to be known before a kind is relied on, in English; "" for nothing."""
    if kind != "casearth_json":
        return ""
    return translate(
        "Dbar",
        "Experimental: CASEarth does not document how programs reach its files, so that this may "
        "stop working at any time. Then open the page of the data set in a browser.",
    )


def _row(connection: Connection, health: Health) -> Row:
    if health.words is not None:
        words = health.words
    elif health.state is State.UNKNOWN and not connection.verified:
        words = message(translate("Dbar", "Unverified: it has not been asked yet."))
    else:
        words = message(translate("Dbar", "Not checked since QGIS was started."))
    return Row(connection, chip(connection.kind), health, words)
