"""The list of connections and the form of one, against servers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QModelIndex
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox, QToolButton

from dbar_qgis_plugin.catalog.connections import Connection, presets
from dbar_qgis_plugin.catalog.health import State
from dbar_qgis_plugin.gui.catalog.connections.dlg_connection import ConnectionDialog
from dbar_qgis_plugin.gui.catalog.connections.dlg_connections import ConnectionsDialog
from dbar_qgis_plugin.gui.catalog.connections.mdl_connections import ID, ConnectionsModel
from dbar_qgis_plugin.gui.catalog.failures import details_of
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from tests.gui.conftest import until
from tests.qgis import conftest as of_qgis
from tests.servers.misbehaving import (
    Answer,
    MisbehavingServer,
    as_json,
    guarded,
    login_page,
    misbehaving_server,
)
from tests.servers.pycsw import pycsw_url
from tests.servers.pygeoapi import pygeoapi_url
from tests.servers.stac import stac_url

keep_credentials = of_qgis.keep_credentials


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def form(session: CatalogSession) -> Iterator[ConnectionDialog]:
    made = ConnectionDialog(session, None)
    yield made
    made.reject()
    made.deleteLater()


@pytest.fixture
def window(session: CatalogSession) -> Iterator[ConnectionsDialog]:
    made = ConnectionsDialog(session)
    yield made
    made.reject()
    made.deleteLater()


@pytest.fixture
def ours(session: CatalogSession) -> Connection:
    made = Connection("Ours", stac_url(), "stac_api", writable=True)
    session.connections.save(made)
    return made


def action(window: ConnectionsDialog, name: str) -> QAction:
    return window.findChild(QAction, f"dbar_catalog_connections_{name}")


def shown(window: ConnectionsDialog) -> dict[str, list[str]]:
    """The rows below each group, as names."""
    model = window.model
    groups = {}
    for row in range(model.rowCount()):
        parent = model.index(row, 0)
        groups[parent.data()] = [
            model.index(below, 0, parent).data() for below in range(model.rowCount(parent))
        ]
    return groups


def cell(window: ConnectionsDialog, connection: Connection, column: int) -> QModelIndex:
    (index,) = (found for found in window._rows() if found.data(ID) == connection.id)
    return index.siblingAtColumn(column)


# The form


@pytest.mark.parametrize(
    ("url", "kind", "line"),
    [
        (stac_url, "stac_api", "Can publish: yes"),
        (pygeoapi_url, "records", "Can filter by property: no, this is done here"),
        (pycsw_url, "csw", "Can search for words: yes"),
    ],
)
def test_a_pasted_address_is_found_out_and_what_it_can_do_is_listed(
    form, url: Callable[[], str], kind: str, line: str
):
    form.url_edit.setText(url())
    until(lambda: form.found is not None, 40.0)
    assert form.kind_box.currentData() == kind
    assert line in form.says.text()
    assert form.name_edit.text()
    form.accept()
    assert form.connection.kind == kind
    assert form.connection.verified
    assert len(form.connection.id) == 32


def test_a_chosen_folder_is_a_local_catalog(form, tmp_path: Path, monkeypatch):
    catalog = {"type": "Catalog", "stac_version": "1.0.0", "id": "x", "title": "Mine", "links": []}
    (tmp_path / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    form.findChild(QToolButton, "dbar_catalog_connection_folder").click()
    until(lambda: form.found is not None)
    form.accept()
    made = form.connection
    assert (made.kind, made.group, made.name, made.url) == (
        "stac_static",
        "local",
        "Mine",
        str(tmp_path),
    )


@pytest.mark.parametrize("act", ["find_kind", "test", "accept"])
def test_credentials_in_an_address_are_refused_and_sent_to_nobody(form, server, act: str):
    before = len(server.asked)
    form.url_edit.setText(server.url.replace("://", "://me:s3cr3t@") + "/stac?token=abc")
    getattr(form, act)()
    assert "holds credentials (user:password, token)" in form.note.text
    assert "s3cr3t" not in form.note.text
    assert form.connection is None
    until(lambda: not form._typed.isActive())
    assert len(server.asked) == before


def test_what_is_no_catalog_says_so(form, server):
    form.url_edit.setText(server.on("/login", login_page()))
    form.find_kind()
    until(lambda: form.note.text)
    assert "as no catalog that is known here" in form.note.text
    form.accept()
    assert form.connection is None


def test_a_catalog_that_wants_credentials_says_so_with_details(form, server):
    form.url_edit.setText(server.on("/guarded", guarded(as_json({}), basic="a:b")))
    form.find_kind()
    until(lambda: form.note.text)
    assert "asks for credentials" in form.note.text
    button = form.findChild(QToolButton, "dbar_catalog_connection_note_details")
    button.click()
    box = form.findChild(QMessageBox, "dbar_catalog_failure")
    for part in ("/guarded", "Status: 401", "Answer: Who are you?", "With credentials: no"):
        assert part in box.detailedText()
    box.close()


def test_details_hold_no_secret():
    from dbar_qgis_plugin.catalog.transport import HttpError

    error = HttpError("{url}", url="https://u:pw@a.org/x?token=abc", status=500, words="sig=zzz")
    text = details_of(error, Connection("A", "https://a.org", "csw", authcfg="abc1234"))
    assert "Status: 500" in text and "With credentials: yes" in text
    assert not any(secret in text for secret in ("pw@", "abc", "zzz"))


def test_a_form_without_a_kind_waits(form):
    form.name_edit.setText("x")
    form.url_edit.setText("https://a.invalid/stac")
    form.accept()
    assert form.connection is None
    assert "not known yet" in form.note.text
    form.kind_box.setCurrentIndex(form.kind_box.findData("csw"))
    form.accept()
    assert (form.connection.kind, form.connection.verified) == ("csw", False)


def test_a_cancelled_form_lets_go_of_a_silent_server_at_once(form, server):
    form.url_edit.setText(server.on("/silent", Answer(wait_s=30.0)))
    form.find_kind()
    until(lambda: server.asked_for("/silent"))
    begin = time.monotonic()
    form.reject()
    assert time.monotonic() - begin < 0.3
    assert not form._jobs.is_running("kind")


def test_every_value_comes_back(session, keep_credentials):
    catalog, files = (keep_credentials("Basic", username=name) for name in ("a", "b"))
    known = Connection(
        "All",
        "https://a.org/csw",
        "csw",
        group="open",
        id="0" * 32,
        authcfg=catalog,
        asset_authcfg=files,
        asset_hosts=("https://b.org", "http://c.org:8080"),
        page_size=20,
        timeout_s=12.5,
        writable=True,
        verified=True,
    )
    form = ConnectionDialog(session, known)
    form.accept()
    assert form.connection == known
    again = ConnectionDialog(session, known)
    again.url_edit.setText("https://other.org/csw")
    again.kind_box.setCurrentIndex(again.kind_box.findData("csw"))
    again.accept()
    assert again.connection == replace(known, url="https://other.org/csw", verified=False)


def test_credentials_stay_where_their_database_cannot_be_opened(session, monkeypatch):
    known = Connection("A", "https://a.org/csw", "csw", authcfg="abc1234")
    manager = QgsApplication.authManager()
    monkeypatch.setattr(manager, "isDisabled", lambda: True)
    monkeypatch.setattr(QgsApplication, "authManager", staticmethod(lambda: manager))
    form = ConnectionDialog(session, known)
    form.accept()
    assert form.connection == known


# The list


def test_presets_are_unverified_in_their_groups(window):
    groups = shown(window)
    assert list(groups) == ["DBAR / CASEarth", "Open EO", "My catalogs", "Local folders"]
    assert "CASEarth SDG maps (WMS)" in groups["DBAR / CASEarth"]
    preset = presets()[0]
    assert cell(window, preset, ConnectionsModel.STATE).data() == "Unverified"
    assert cell(window, preset, ConnectionsModel.PROTOCOL).data() == "WMS"


def test_a_connection_that_answers_is_verified_for_good(window, session, ours):
    session.connections_changed.emit()
    window.select([ours.id])
    action(window, "check").trigger()
    assert cell(window, ours, ConnectionsModel.STATE).data() == "Asking…"
    until(lambda: ours.id in session.health)
    assert session.health[ours.id].health.state is State.OK
    assert session.connections.get(ours.id).verified
    assert cell(window, ours, ConnectionsModel.STATE).data() == "OK"
    assert "Last check" in cell(window, ours, 0).data(3)  # Qt.ItemDataRole.ToolTipRole
    assert window.selected() == [session.connections.get(ours.id)]
    assert "Can publish: yes" in window.words.text()


def test_states_of_connections_that_fail(window, session, server):
    root = as_json({"type": "Catalog", "stac_version": "1.0.0", "id": "x", "links": []})
    down = Connection("Down", server.on("/down", as_json({"detail": "broken"}, 500)), "stac_api")
    auth = Connection("Auth", server.on("/auth", guarded(root, basic="a:b")), "stac_api")
    for one in (down, auth):
        session.connections.save(one)
    session.connections_changed.emit()
    window.select([down.id, auth.id])
    window.check()
    until(lambda: {down.id, auth.id} <= set(session.health))
    assert cell(window, down, ConnectionsModel.STATE).data() == "Down"
    assert cell(window, auth, ConnectionsModel.STATE).data() == "Credentials"
    assert not session.connections.get(down.id).verified
    window.view.clearSelection()
    window.select([down.id])
    assert "broken" in window.note.text


def test_a_new_connection_is_kept_and_selected(window, session):
    window.add()
    form = window.findChild(ConnectionDialog)
    form.url_edit.setText(stac_url())
    until(lambda: form.found is not None)
    form.accept()
    (made,) = window.selected()
    assert session.connections.get(made.id) == made
    assert cell(window, made, ConnectionsModel.STATE).data() == "OK"


def test_a_connection_is_changed(window, session, ours):
    session.connections_changed.emit()
    window.select([ours.id])
    action(window, "edit").trigger()
    form = window.findChild(ConnectionDialog)
    form.name_edit.setText("Renamed")
    form.accept()
    assert session.connections.get(ours.id) == replace(ours, name="Renamed")
    assert "Renamed" in shown(window)["My catalogs"]


@pytest.mark.parametrize("says", ["Yes", "No"])
def test_removing_asks_first(window, session, ours, monkeypatch, says: str):
    session.connections_changed.emit()
    answer = getattr(QMessageBox.StandardButton, says)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    window.select([ours.id, presets()[0].id])
    action(window, "remove").trigger()
    gone = says == "Yes"
    assert (session.connections.get(ours.id) is None) == gone
    assert (session.connections.get(presets()[0].id) is None) == gone
    action(window, "restore").trigger()
    assert session.connections.get(presets()[0].id) is not None


def test_export_and_import_without_secrets(window, session, ours, tmp_path, monkeypatch):
    secret = replace(ours, authcfg="abc1234", asset_hosts=("https://files.a.org",))
    session.connections.save(secret)
    session.connections_changed.emit()
    path = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.select([ours.id])
    action(window, "export").trigger()
    written = tmp_path / "mine.json"
    until(written.is_file)
    until(lambda: "without credentials" in window.words.text())
    assert "abc1234" not in written.read_text(encoding="utf-8")
    session.connections.remove(ours.id)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(written), ""))
    action(window, "import").trigger()
    until(lambda: "1 of 1" in window.words.text())
    (back,) = (one for one in session.connections.all() if one.name == "Ours")
    assert (back.authcfg, back.writable, back.url) == ("", False, ours.url)
    assert "https://files.a.org" in window.words.text()  # who would get credentials is told
    action(window, "import").trigger()
    until(lambda: "0 of 1" in window.words.text())


def test_a_file_that_is_none_is_refused(window, tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_text("[]", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.import_file()
    until(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "no file of catalog connections" in box.text()
    box.close()


def test_a_file_that_cannot_be_written_stays_as_it_was(window, tmp_path, monkeypatch):
    folder = tmp_path / "x.json"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(folder), ""))
    window.export_file()
    until(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "cannot be written" in box.text()
    box.close()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("x")] == ["x.json"]
