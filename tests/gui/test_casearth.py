"""A data set of CASEarth in the window: pasted, searched, fetched, and its account told nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QDesktopServices

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.catalog.transfers.queue import State
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.connections.dlg_connection import ConnectionDialog
from dbar_qgis_plugin.gui.catalog.connections.dlg_connections import ConnectionsDialog
from dbar_qgis_plugin.gui.catalog.connections.mdl_connections import ConnectionsModel
from dbar_qgis_plugin.gui.catalog.results.searcher import Searcher
from tests.gui import test_catalog_secrets as of_secrets
from tests.gui.conftest import until
from tests.gui.test_catalog_connections import cell
from tests.gui.test_catalog_secrets import saved
from tests.gui.test_item_actions import cog, layers, named
from tests.qgis import conftest as of_qgis
from tests.servers.casearth import ACCOUNT, FILE, LIST, SET, data_set, gives
from tests.servers.misbehaving import (
    MisbehavingServer,
    file_of,
    login_page,
    misbehaving_server,
    redirect,
)

WORD = "s3cr3t-w0rd"
keep_credentials = of_qgis.keep_credentials
log = of_secrets.log


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def connect(session, server) -> Callable[..., Connection]:
    """Keep a connection to the data set."""

    def make(authcfg: str = "") -> Connection:
        made = Connection("Lights", data_set(server), "casearth_json", authcfg=authcfg)
        session.connections.save(made)
        return made

    return make


def items_of(session, connection: Connection) -> list[Item]:
    pages = session.library.adapter(connection.id).search(Query())
    return [item for page in pages for item in page.items]


def test_a_pasted_address_is_a_catalog_of_files(session, server):
    window = ConnectionsDialog(session)
    window.add()
    form = window.findChild(ConnectionDialog)
    form.url_edit.setText(data_set(server) + "?lang=en#files")
    until(lambda: form.found is not None)
    assert form.kind_box.currentText() == "CASEarth (experimental)"
    place = form.kind_box.currentIndex()
    assert "Experimental" in form.kind_box.itemData(place, Qt.ItemDataRole.ToolTipRole)
    for line in ("Experimental: ", "Files in the list: 5", "area and date: no", "accounts only"):
        assert line in form.says.text()
    assert form.name_edit.text() == f"CASEarth {SET}"
    form.accept()
    (made,) = window.selected()
    protocol = cell(window, made, ConnectionsModel.PROTOCOL)
    assert protocol.data() == "CASEarth (experimental)"
    assert "Experimental: " in protocol.data(Qt.ItemDataRole.ToolTipRole)
    assert made.verified
    window.reject()
    assert {asked.path for asked in server.asked} == {LIST}  # no page is looked through

    searcher, found = Searcher(session), []
    searcher.rows_came.connect(lambda rows: found.extend(row.item.id for row in rows))
    searcher.start(Search({made.id: Query(text="夜光")}))
    until(lambda: not searcher.is_running)
    assert found == ["f1", "f2"]
    window.deleteLater()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/en/sdo/detail/123", "“123”"), ("/sdo/detail/" + SET[1:], "24 digits and letters")],
)
def test_a_wrong_address_says_what_to_do(session, server, path: str, words: str):
    form = ConnectionDialog(session, None)
    form.url_edit.setText(server.url + path)
    form.find_kind()
    until(lambda: form.note.text)
    assert words in form.note.text
    assert "in a browser" in form.note.text
    form.accept()
    assert form.connection is None
    assert server.asked == []
    form.reject()


def test_the_account_is_in_no_log_project_or_file(
    session, desk, server, connect, tmp_path, keep_credentials, log
):
    """A file comes onto the map by it, through a redirect to another server that never hears it."""
    connection = connect(keep_credentials("Basic", username=ACCOUNT, password=WORD))
    server.on("/stored", file_of(cog(tmp_path, np.ones((64, 64)))))
    whole = file_of(cog(tmp_path, np.ones((64, 64))))
    away = redirect(f"{server.other_url}/stored?username={quote(ACCOUNT, safe='')}&part=1")
    server.on(FILE, gives({"f1": whole, "f2": away}))
    actions = ItemActions(session, desk)
    for count, item in enumerate(items_of(session, connection)[:2], start=1):
        menu = actions.menu([item])
        assert not named(menu, "add_to_map").isEnabled()
        assert "it is fetched first" in named(menu, "add_to_map").toolTip()
        named(menu, "download_and_add").trigger()
        until(lambda count=count: len(layers()) == count)
    assert all(layer.isValid() for layer in layers())
    assert {asked.query.get("username") for asked in server.asked_for(FILE)} == {ACCOUNT}
    (stranger,) = server.asked_for("/stored")
    assert (stranger.host, stranger.query) == ("localhost", {"part": "1"})
    assert not any("authorization" in asked.headers for asked in server.asked)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".tif"]
    told = [saved(tmp_path), saved(tmp_path, "qgs"), "\n".join(log)]
    told += [path.read_bytes().decode("utf-8", "replace") for path in files]
    assert any("downloadOneFile" in text for text in told)
    for text in told:
        for secret in (ACCOUNT, quote(ACCOUNT, safe=""), ACCOUNT.partition("+")[0], WORD):
            assert secret not in text
    QgsProject.instance().clear()


@pytest.mark.parametrize("method", ["", "APIHeader"])
def test_without_an_account_there_is_the_page(
    session, desk, server, connect, keep_credentials, monkeypatch, method: str
):
    connection = connect(keep_credentials(method, **{"X-Key": WORD}) if method else "")
    (item, *_) = items_of(session, connection)
    menu = ItemActions(session, desk).menu([item])
    for name in ("add_to_map", "download", "download_and_add"):
        assert not named(menu, name).isEnabled()
        assert "accounts only" in named(menu, name).toolTip()
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    named(menu, "open_page").trigger()
    assert opened == [f"{server.url}/en/sdo/detail/{SET}"]
    assert not server.asked_for(FILE)


def test_credentials_without_a_name_are_sent_to_nobody(
    session, desk, server, connect, keep_credentials
):
    connection = connect(keep_credentials("Basic", password=WORD))
    (item, *_) = items_of(session, connection)
    actions = ItemActions(session, desk)
    menu = actions.menu([item])
    named(menu, "download").trigger()
    (transfer,) = ended(session)
    assert "accounts only" in str(transfer.reason)
    assert not server.asked_for(FILE)


def test_a_login_page_is_no_raster(session, desk, server, connect, keep_credentials):
    connection = connect(keep_credentials("Basic", username=ACCOUNT))
    server.on(FILE, gives({"f1": login_page()}))
    (item, *_) = items_of(session, connection)
    actions = ItemActions(session, desk)
    menu = actions.menu([item])
    named(menu, "download_and_add").trigger()
    (transfer,) = ended(session)
    assert "web page instead of the file" in str(transfer.reason)
    assert f"open {item.page} in a browser" in str(transfer.reason)
    assert not Path(transfer.path).exists()
    assert layers() == []


def ended(session) -> list:
    """The transfers, when all have failed."""
    queue = session.transfers.queue
    until(lambda: queue.all() and all(one.state is State.FAILED for one in queue.all()))
    return queue.all()
