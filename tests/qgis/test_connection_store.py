"""The user's connections in QGIS's settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings

from dbar_qgis_plugin.catalog.connections import Connection, from_json, new_id, presets, to_json
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.errors import InputError

ROOT = "dbar/catalog/connections"


@pytest.fixture
def store(qgis_app: object) -> ConnectionStore:
    return ConnectionStore()


def own(name: str = "Ours", **values: object) -> Connection:
    return Connection(name, "https://a.org/stac", "stac_api", id=new_id(), **values)


def test_at_first_there_are_the_presets_and_no_settings(store):
    assert store.all() == presets()
    assert QgsSettings().value(ROOT) is None


def test_connections_come_back_as_they_were(store):
    late = own("zebra", authcfg="abc1234", asset_hosts=("b.org",), writable=True, timeout_s=5.5)
    early = own("apple 中文")
    store.save(late)
    store.save(early)
    assert ConnectionStore().all() == (*presets(), early, late)
    assert store.get(late.id) == late
    assert store.get("nothere") is None
    store.save(replace(late, verified=True))
    assert store.get(late.id).verified


def test_a_preset_can_be_changed_removed_and_restored(store):
    first, second, *rest = presets()
    store.save(replace(first, verified=True, authcfg="abc1234"))
    store.remove(second.id)
    assert store.all() == (replace(first, verified=True, authcfg="abc1234"), *rest)
    store.restore_presets()
    assert store.all() == presets()


def test_a_removed_connection_is_gone(store):
    mine = own()
    store.save(mine)
    store.remove(mine.id)
    assert store.all() == presets()
    assert QgsSettings().value(f"{ROOT}/{mine.id}") is None


def test_an_import_replaces_nothing(store):
    """Nobody may lead credentials that were chosen here to another server by a file."""
    preset = presets()[0]
    store.save(replace(preset, authcfg="abc1234"))
    evil = replace(preset, asset_hosts=("evil.org",), authcfg="")
    new = own()
    assert store.add([evil, new]) == (new,)
    assert store.get(preset.id) == replace(preset, authcfg="abc1234")
    exported = to_json([new])
    assert len(store.add(from_json(exported).connections)) == 1
    assert store.add(from_json(exported).connections) == ()


@pytest.mark.parametrize("value", ["{", "[]", '{"name": "x", "kind": "ftp"}', "3", '"removed"'])
def test_what_cannot_be_read_is_logged_and_left_out(store, value):
    logged: list[str] = []

    def note(text: str, *_: object) -> None:
        logged.append(text)

    store.save(own())
    QgsSettings().setValue(f"{ROOT}/broken", value)
    log = QgsApplication.messageLog()
    log.messageReceived.connect(note)
    assert len(store.all()) == len(presets()) + 1
    log.messageReceived.disconnect(note)
    assert len(logged) == 1
    assert "broken" in logged[0]


def test_the_file_of_settings_has_ids_of_credentials_only(store):
    with pytest.raises(InputError, match="credentials"):
        store.save(replace(own(), url="https://me:s3cr3t@a.org/stac"))
    mine = own(authcfg="abc1234")
    store.save(mine)
    text = Path(QgsSettings().fileName()).read_text(encoding="utf-8")
    assert "abc1234" in text
    assert "s3cr3t" not in text
    assert "abc1234" not in to_json(store.all())
