"""Small pictures: fetched once, asked for again with their ETag, kept within a size."""

from __future__ import annotations

import os
import threading
import time

import pytest

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.previews import LARGEST, PreviewStore
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transport import HttpError, NetworkError
from dbar_qgis_plugin.errors import Cancelled, InputError
from tests.servers.misbehaving import Answer, misbehaving_server, redirect
from tests.servers.plain_transport import PlainTransport


@pytest.fixture(scope="module")
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def http():
    return Http(PlainTransport())


def picture(body: bytes, etag: str = '"1"'):
    """Answer with a picture, or that it is as it was."""

    def rule(asked):
        if asked.headers.get("if-none-match") == etag:
            return Answer(304, {"ETag": etag})
        return Answer(200, {"ETag": etag, "Content-Type": "image/png"}, body)

    return rule


def test_a_picture_is_fetched_once_and_later_only_asked_after(server, http, tmp_path):
    url = server.on("/a.png", picture(b"PNG"))
    store = PreviewStore(tmp_path / "previews")
    assert store.fetch(url, http) == store.fetch(url, http) == b"PNG"
    assert len(server.asked_for("/a.png")) == 1
    again = PreviewStore(tmp_path / "previews")  # the next time that QGIS runs
    assert again.fetch(url, http) == b"PNG"
    first, second = server.asked_for("/a.png")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"1"'


def test_a_picture_that_has_changed_is_another(server, http, tmp_path):
    url = server.on("/b.png", picture(b"old"), picture(b"new", '"2"'))
    assert PreviewStore(tmp_path).fetch(url, http) == b"old"
    assert PreviewStore(tmp_path).fetch(url, http) == b"new"
    url = server.on("/b.png", picture(b"never asked for", '"2"'))
    assert PreviewStore(tmp_path).fetch(url, http) == b"new"


def test_without_the_network_it_is_as_it_was(server, http, tmp_path):
    url = server.on("/c.png", picture(b"PNG"), Answer(cut_after=-1))
    assert PreviewStore(tmp_path).fetch(url, http) == b"PNG"
    assert PreviewStore(tmp_path).fetch(url, http) == b"PNG"
    with pytest.raises(NetworkError):
        PreviewStore(tmp_path / "empty").fetch(url, http)


def test_what_is_too_large_is_refused_before_all_of_it_came(server, http, tmp_path):
    url = server.on("/large.png", Answer(200, {}, bytes(LARGEST + 1), length=False))
    with pytest.raises(InputError, match="larger than 2 MB"):
        PreviewStore(tmp_path).fetch(url, http)
    assert not list(tmp_path.iterdir())


def test_errors_are_not_kept(server, http, tmp_path):
    url = server.on("/d.png", Answer(404, {}, b"gone"), picture(b"PNG"))
    store = PreviewStore(tmp_path)
    with pytest.raises(HttpError, match="gone"):
        store.fetch(url, http)
    assert store.fetch(url, http) == b"PNG"


def test_it_is_cancelled_at_once(server, http, tmp_path):
    url = server.on("/slow.png", Answer(200, {}, bytes(100), stall_after=10))
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        PreviewStore(tmp_path).fetch(url, http, cancelled.is_set)
    assert time.monotonic() - begin < 1.0


def test_what_was_not_looked_at_for_longest_goes_first(server, http, tmp_path):
    store = PreviewStore(tmp_path, most_bytes=3500)
    for number in range(3):
        server.on(f"/{number}.png", picture(bytes(1000)))
        store.fetch(f"{server.url}/{number}.png", http)
        for path in tmp_path.iterdir():
            facts = path.stat()
            os.utime(path, (facts.st_atime, facts.st_mtime - 10.0))
    asked = PreviewStore(tmp_path, most_bytes=3500)
    asked.fetch(f"{server.url}/0.png", http)  # looked at again
    server.on("/3.png", picture(bytes(1000)))
    asked.fetch(f"{server.url}/3.png", http)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 0.75 * 3500
    before = len(server.asked_for("/3.png"))
    asked.fetch(f"{server.url}/3.png", http)
    assert len(server.asked_for("/3.png")) == before  # the newest is kept


def test_a_folder_that_cannot_be_written_is_no_harm(server, http, tmp_path):
    (tmp_path / "file").write_text("no folder")
    url = server.on("/e.png", picture(b"PNG"))
    assert PreviewStore(tmp_path / "file").fetch(url, http) == b"PNG"


def test_secrets_do_not_go_to_another_server(server, tmp_path):
    transport = PlainTransport({"keys": {"X-Key": "secret"}})
    http = Http(transport, "keys", frozenset({host_of(server.url)}))
    server.on("/elsewhere.png", picture(b"PNG"))
    url = server.on("/moved.png", redirect(f"{server.other_url}/elsewhere.png"))
    assert PreviewStore(tmp_path).fetch(url, http) == b"PNG"
    assert server.asked_for("/moved.png")[-1].headers["x-key"] == "secret"
    assert "x-key" not in server.asked_for("/elsewhere.png")[-1].headers


def test_a_signature_is_neither_kept_nor_makes_another_picture(server, http, tmp_path):
    url = server.on("/signed.png", picture(b"PNG"))
    store = PreviewStore(tmp_path)
    store.fetch(f"{url}?sig=abcsecret", http)
    store.fetch(f"{url}?sig=anothersecret", http)
    assert len(server.asked_for("/signed.png")) == 1
    for path in tmp_path.iterdir():
        assert b"secret" not in path.name.encode() + path.read_bytes()


def test_a_file_of_this_computer_is_read(tmp_path, http):
    path = tmp_path / "a.png"
    path.write_bytes(b"PNG")
    store = PreviewStore(tmp_path / "previews")
    assert store.fetch(path.as_uri(), http) == b"PNG"
    with pytest.raises(InputError, match="could not be read"):
        store.fetch((tmp_path / "none.png").as_uri(), http)
    assert not (tmp_path / "previews").exists()


def test_what_is_drawn_here_is_drawn_once_for_each_state(tmp_path):
    drawn = []

    def draw() -> bytes:
        drawn.append(True)
        return b"PNG%d" % len(drawn)

    store = PreviewStore(tmp_path / "previews")
    assert store.drawn("a.tif 10", draw) == store.drawn("a.tif 10", draw) == b"PNG1"
    assert store.drawn("a.tif 11", draw) == b"PNG2"
    assert PreviewStore(tmp_path / "previews").drawn("a.tif 10", draw) == b"PNG1"
    assert len(drawn) == 2
