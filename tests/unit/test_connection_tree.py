"""The list of connections as it is shown."""

from __future__ import annotations

from dbar_qgis_plugin.catalog.connection_tree import chip, tree
from dbar_qgis_plugin.catalog.connections import GROUPS, KINDS, Connection, presets
from dbar_qgis_plugin.catalog.health import Health, State
from dbar_qgis_plugin.raster_io.progress import message

FOLDER = Connection("Mine", "/data/stac", "stac_static", group="local", verified=True)
ODD = Connection("Odd", "https://a.org", "csw", group="elsewhere")


def test_groups_in_their_order_with_their_connections():
    groups = tree((*presets(), FOLDER, ODD), {})
    assert tuple(group.id for group in groups) == GROUPS
    assert groups[0].title == "DBAR / CASEarth"
    shown = {group.id: [row.connection for row in group.rows] for group in groups}
    assert shown["open"] == [one for one in presets() if one.group == "open"]
    assert (shown["own"], shown["local"]) == ([ODD], [FOLDER])


def test_empty_groups_are_shown():
    assert [group.rows for group in tree((), {})] == [()] * 4


def test_what_a_row_says():
    down = Health(State.DOWN, words=message("It is down."))
    asked = Connection("Asked", "https://b.org", "csw")
    (_, _, own, local) = tree((FOLDER, ODD, asked), {asked.id: down})
    assert [str(row.words) for row in own.rows] == [
        "Unverified: it has not been asked yet.",
        "It is down.",
    ]
    assert own.rows[1].health.state is State.DOWN
    assert str(local.rows[0].words) == "Not checked since QGIS was started."
    assert (local.rows[0].chip, own.rows[0].chip) == ("STAC files", "CSW")


def test_every_kind_has_its_chip():
    assert len({chip(kind) for kind in KINDS}) == len(KINDS)
