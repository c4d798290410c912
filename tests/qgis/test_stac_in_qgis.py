"""STAC catalogs through QGIS's own network stack, from a task's thread as in use."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.errors import Cancelled, InputError
from tests.servers.stac import stac_url
from tests.servers.stac_data import LIGHT, items


def opened(kind: str, url: str) -> Any:
    """An adapter over QGIS's network stack."""
    connection = Connection(name="x", url=url, kind=kind)
    return open_adapter(connection, http_of(connection, QgisTransport()))


@pytest.fixture
def in_a_thread(qgis_app) -> Callable[[Callable[[], Any]], Any]:
    """Run a function in a thread, while QGIS's window goes on."""

    def run(function: Callable[[], Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            result = pool.submit(function)
            while not result.done():
                qgis_app.processEvents()
                time.sleep(0.005)
            return result.result()

    return run


def test_an_api_is_searched(in_a_thread):
    adapter = opened("stac_api", stac_url())
    query = Query(
        collections=(LIGHT,),
        conditions=(Condition("eo:cloud_cover", "<", 48),),
        sort=(("eo:cloud_cover", True),),
        page_size=5,
    )
    pages = in_a_thread(lambda: list(adapter.search(query)))
    assert [page.matched for page in pages] == [12, 12, 12]
    found = [one.id for page in pages for one in page.items]
    assert found == [f"light-{number:03d}" for number in range(11, -1, -1)]


def test_plain_files_are_read_several_at_once(in_a_thread, tmp_path: Path):
    links = [{"rel": "item", "href": f"{one['id']}.json"} for one in items()]
    for one in items():
        (tmp_path / f"{one['id']}.json").write_text(json.dumps(one), encoding="utf-8")
    root = {"type": "Catalog", "id": "x", "links": links}
    (tmp_path / "catalog.json").write_text(json.dumps(root), encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        adapter = opened("stac_static", f"http://127.0.0.1:{server.server_address[1]}/catalog.json")
        pages = in_a_thread(lambda: list(adapter.search(Query())))
    finally:
        server.shutdown()
        server.server_close()
    assert [one.id for page in pages for one in page.items] == [one["id"] for one in items()]


@pytest.mark.parametrize("kind", ["stac_api", "stac_static"])
def test_a_cancel_ends_a_search_on_a_silent_server(in_a_thread, kind: str):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        adapter = opened(kind, f"http://127.0.0.1:{silent.getsockname()[1]}/catalog.json")
        begin = time.monotonic()
        with pytest.raises(Cancelled):
            in_a_thread(
                lambda: list(adapter.search(Query(), lambda: time.monotonic() > begin + 0.3))
            )
        assert time.monotonic() - begin < 0.6


def test_a_kind_that_nobody_speaks_is_refused():
    class Odd:
        name, kind, url, id = "x", "gopher", "gopher://x", "i"

    with pytest.raises(InputError, match="no catalog of the kind “gopher”"):
        open_adapter(Odd(), None)
