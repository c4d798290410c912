"""Catalogs searched and files fetched through QGIS's network, in tasks, as the dock does it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.connections import Connection, asset_http_of, http_of
from dbar_qgis_plugin.catalog.health import State, check
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transfers.download import Fetched, Wanted, download
from tests.qgis.run_where import in_main, in_task, in_thread
from tests.servers.misbehaving import (
    MisbehavingServer,
    echo,
    file_of,
    guarded,
    misbehaving_server,
    redirect,
)
from tests.servers.plain_transport import PlainTransport
from tests.servers.stac import stac_url

SECRET = "s3cr3t-key"


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.mark.parametrize("where", [in_main, in_task, in_thread], ids=lambda where: where.__name__)
def test_a_stac_server_is_checked_and_searched(qgis_app, where):
    connection = Connection("Tests", stac_url(), "stac_api")
    query = Query(box=(-180.0, -90.0, 180.0, 90.0), page_size=10)

    def pages(transport: QgisTransport | PlainTransport) -> list[Page]:
        return list(open_adapter(connection, http_of(connection, transport)).search(query))

    adapter = open_adapter(connection, http_of(connection, QgisTransport()))
    health, capabilities = where(lambda: check(adapter))
    found = where(lambda: pages(QgisTransport()))
    assert health.state in (State.OK, State.SLOW)
    assert capabilities.can_filter
    assert len(found) > 1
    assert found == pages(PlainTransport())


def test_a_refusal_is_a_state(qgis_app, server):
    server.on("/stac", guarded(echo, basic="me:pw"))
    connection = Connection("Tests", f"{server.url}/stac", "stac_api")
    adapter = open_adapter(connection, http_of(connection, QgisTransport()))
    health, _ = in_thread(lambda: check(adapter))
    assert health.state is State.AUTH
    assert "Who are you?" in str(health.words)


def test_a_file_behind_a_key_comes_whole_through_cuts_and_a_redirect(
    qgis_app, server, tmp_path: Path, keep_credentials
):
    """The catalog's own server wants a key; it leads to another, which cuts, and sees none."""
    data = b"II*\0" + bytes(range(256)) * 8000
    cutting = [file_of(data, cut_after=700_000)] * 2
    server.on("/stored.tif", *cutting, file_of(data))
    away = redirect(f"{server.other_url}/stored.tif")
    url = server.on("/data.tif", guarded(away, header=("X-Key", SECRET)))
    authcfg = keep_credentials("APIHeader", **{"X-Key": SECRET})
    connection = Connection("Tests", server.url, "stac_api", authcfg=authcfg)
    checksum = "1220" + hashlib.sha256(data).hexdigest()
    wanted = Wanted(url, tmp_path / "data.tif", size=len(data), checksum=checksum)

    def fetch() -> Fetched:
        return download(wanted, asset_http_of(connection, QgisTransport()))

    fetched = in_task(fetch)
    assert fetched.is_checked
    assert fetched.path.read_bytes() == data
    asked = server.asked_for("/stored.tif")
    assert len(asked) == 3
    assert {one.host for one in asked} == {"localhost"}
    assert not any(SECRET in str(one) for one in asked)
    assert all(SECRET in str(one) for one in server.asked_for("/data.tif"))
    beside = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path != fetched.path)
    assert SECRET.encode() not in beside
