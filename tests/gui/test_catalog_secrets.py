"""No secret of a connection or an address gets to another server, a log, a layer, a project."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from qgis.core import Qgis, QgsApplication, QgsProject

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.signing import Signers, TokenService
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.actions.looks import UNSIGNED
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.actions.signed_layers import SignedLayers
from tests.gui import test_item_actions as of_items
from tests.gui.conftest import until
from tests.gui.test_item_actions import cog, item, layers, named
from tests.qgis import conftest as of_qgis
from tests.servers.misbehaving import (
    Answer,
    MisbehavingServer,
    as_json,
    file_of,
    guarded,
    misbehaving_server,
    redirect,
)

USER, WORD = "somebody", "s3cr3t-w0rd"
TOKEN = "st=2026-01-01&se=2026-01-02&sp=rl&sig=s3cr3t%2Bt0ken"
keep_credentials = of_qgis.keep_credentials
know = of_items.know


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def log(qgis_app) -> Iterator[list[str]]:
    """What QGIS logs meanwhile, whoever writes it."""
    lines: list[str] = []
    messages = QgsApplication.messageLog()

    def keep(text: str, tag: str, _level: Qgis.MessageLevel) -> None:
        lines.append(f"{tag}: {text}")

    messages.messageReceived[str, str, Qgis.MessageLevel].connect(keep)
    yield lines
    messages.messageReceived[str, str, Qgis.MessageLevel].disconnect(keep)


@pytest.fixture
def signatures(session, monkeypatch) -> Iterator[SignedLayers]:
    watching = SignedLayers(session)
    yield watching
    QgsProject.instance().clear()
    watching.close()


def saved(tmp_path: Path, ending: str = "qgz") -> str:
    """Save the project, and return all that the file holds as text."""
    path = tmp_path / f"project.{ending}"
    assert QgsProject.instance().write(str(path))
    if ending == "qgs":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def basic() -> str:
    return b64encode(f"{USER}:{WORD}".encode()).decode()


def test_basic_credentials(session, desk, server, tmp_path, keep_credentials, log, know):
    """A raster is streamed with them; layer, project and log hold their id alone."""
    authcfg = keep_credentials("Basic", username=USER, password=WORD)
    connection = Connection("Guarded", server.url, "stac_api", authcfg=authcfg)
    know(connection)
    rule = guarded(file_of(cog(tmp_path, np.ones((64, 64)))), basic=f"{USER}:{WORD}")
    url = server.on("/basic.tif", rule)
    actions = ItemActions(session, desk)
    menu = actions.menu([item(url, source=connection.id)])
    named(menu, "add_to_map").trigger()
    until(layers)
    (layer,) = layers()
    assert layer.isValid()
    assert layer.source() == f"/vsicurl/{url} authcfg='{authcfg}'"
    told = [saved(tmp_path), saved(tmp_path, "qgs"), "\n".join(log)]
    for text in told:
        assert WORD not in text
        assert basic() not in text


@pytest.mark.parametrize("answer", [404, 500])
def test_a_raster_that_does_not_open_tells_no_secret(
    session, desk, server, tmp_path, keep_credentials, log, qgis_iface, answer, know
):
    authcfg = keep_credentials("Basic", username=USER, password=WORD)
    connection = Connection("Guarded", server.url, "stac_api", authcfg=authcfg)
    know(connection)
    url = server.on("/gone.tif", Answer(answer, {}, b"no"))
    menu = ItemActions(session, desk).menu([item(url, source=connection.id)])
    named(menu, "add_to_map").trigger()
    bar = qgis_iface.messageBar()
    until(lambda: bar.get_messages(Qgis.MessageLevel.Warning))
    words = " ".join(bar.get_messages(Qgis.MessageLevel.Warning)) + "\n".join(log)
    assert "cannot be opened" in words
    assert WORD not in words


def test_a_redirect_to_another_server_gets_nothing(
    session, desk, server, tmp_path, keep_credentials, know
):
    authcfg = keep_credentials("Basic", username=USER, password=WORD)
    connection = Connection("Guarded", server.url, "stac_api", authcfg=authcfg)
    know(connection)
    server.on("/there.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    url = server.on("/here.tif", redirect(f"{server.other_url}/there.tif"))
    menu = ItemActions(session, desk).menu([item(url, source=connection.id)])
    named(menu, "add_to_map").trigger()
    until(lambda: server.asked_for("/there.tif"))
    until(layers)
    named(menu, "download_and_add").trigger()
    until(lambda: len(layers()) == 2)
    strangers = [asked for asked in server.asked if asked.host == "localhost"]
    assert strangers
    for asked in strangers:
        assert "authorization" not in asked.headers
        assert WORD not in str(asked)


def test_signatures_stay_out_of_projects_and_are_made_anew(
    session, desk, server, tmp_path, signatures, log, monkeypatch, know
):
    connection = Connection("Signing", f"{server.url}/stac", "stac_api")
    know(connection)
    later, long = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (4, 60))
    tokens = [
        as_json({"token": TOKEN, "msft:expiry": later.isoformat()}),
        as_json({"token": TOKEN.replace("st=2026", "st=2027"), "msft:expiry": long.isoformat()}),
    ]
    server.on("/sas/built-up", *tokens)
    services = {host_of(server.url): TokenService(f"{server.url}/sas/", ("127.0.0.1",))}
    monkeypatch.setitem(
        session.library.__dict__, "signers", Signers(session.library.transport, services)
    )
    inner = file_of(cog(tmp_path, np.ones((64, 64))))

    def rule(asked):
        return inner(asked) if "sig" in asked.query else Answer(403, {}, b"not signed")

    url = server.on("/signed.tif", rule)
    menu = ItemActions(session, desk).menu([item(url, source=connection.id)])
    named(menu, "add_to_map").trigger()
    until(layers)
    (layer,) = layers()
    assert layer.isValid()
    assert "sig=s3cr3t" in layer.source()
    assert layer.customProperty(UNSIGNED) == f"/vsicurl/{url}"
    for text in (saved(tmp_path, "qgs"), saved(tmp_path), "\n".join(log)):
        assert "s3cr3t" not in text
    # The layer itself works on, and its signature is made anew before it ends.
    assert "st=2026" in layer.source()
    signatures.renew()
    until(lambda: "st=2027" in layer.source())
    assert layer.isValid()
    signatures.renew()
    until(lambda: not session.jobs.is_running("signature 1"))
    assert len(server.asked_for("/sas/built-up")) == 2

    path = str(tmp_path / "project.qgz")
    QgsProject.instance().clear()
    assert QgsProject.instance().read(path)
    (layer,) = layers()
    until(lambda: layers()[0].isValid())
    assert "sig=s3cr3t" in layers()[0].source()
    assert "s3cr3t" not in saved(tmp_path)


def test_a_signed_address_is_fetched_for_an_algorithm(session, desk, server, tmp_path):
    """Processing writes its inputs into logs and history: they hold a file, and no signature."""
    url = server.on("/own.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    actions = ItemActions(session, desk)
    ways = []
    asked = item(f"{url}?{TOKEN}")

    actions.sources.find([Choice(asked, asked.assets[0])], ways.append)
    until(lambda: ways)
    (access,) = ways[0].values()
    assert Path(access.href).is_relative_to(session.library.data.folder)
    kept = session.library.data.folder.rglob("*.json")
    assert all("s3cr3t" not in path.read_text(encoding="utf-8") for path in kept)
