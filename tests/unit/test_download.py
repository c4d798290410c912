"""Files over bad networks: resumed, verified, and never there unless whole."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transfers import download as module
from dbar_qgis_plugin.catalog.transfers.download import Wanted, discard, download, sidecar_of
from dbar_qgis_plugin.catalog.transport import HttpError, NetworkError, NoAnswerError
from dbar_qgis_plugin.errors import Cancelled, OutputError
from tests.servers.misbehaving import (
    Answer,
    MisbehavingServer,
    busy,
    file_of,
    guarded,
    login_page,
    misbehaving_server,
    redirect,
)
from tests.servers.plain_transport import PlainTransport

DATA = b"II*\0" + bytes(range(256)) * 1200
SHA256 = "1220" + hashlib.sha256(DATA).hexdigest()
SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def http():
    return Http(PlainTransport(), wait=lambda _: None, timeout_s=5.0)


def wanted(url: str, folder: Path, **facts) -> Wanted:
    return Wanted(url, folder / "a.tif", **facts)


def ranges(server: MisbehavingServer, path: str) -> list[str | None]:
    return [asked.headers.get("range") for asked in server.asked_for(path)]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def interrupted(url: str, folder: Path, http: Http, after: int, **facts) -> None:
    """Fetch, and cancel once so many bytes have come."""
    seen = []

    def report(speed):
        seen.append(speed.done)

    with pytest.raises(Cancelled):
        download(
            wanted(url, folder, **facts),
            http,
            report=report,
            is_cancelled=lambda: module.part_size(folder / "a.tif") >= after,
        )
    assert module.part_size(folder / "a.tif") >= after


@pytest.fixture(autouse=True)
def _report_everything(monkeypatch):
    monkeypatch.setattr(module, "_REPORT_S", 0.0)


def test_a_file_and_where_it_came_from(server, http, tmp_path):
    url = server.on("/plain.tif", file_of(DATA))
    item = {"id": "scene", "assets": {"red": {"href": f"{url}?sig={SECRET}&v=1"}}}
    seen = []
    fetched = download(
        wanted(f"{url}?sig={SECRET}&v=1", tmp_path, checksum=SHA256, item=item, asset="red"),
        http,
        report=seen.append,
    )
    assert fetched == (tmp_path / "a.tif", len(DATA), SHA256, True)
    assert fetched.path.read_bytes() == DATA
    assert names(tmp_path) == {"a.tif", "a.tif.stac.json"}
    assert seen[-1].done == seen[-1].total == len(DATA)
    assert [speed.done for speed in seen] == sorted(speed.done for speed in seen)
    record = json.loads(sidecar_of(fetched.path).read_text())
    assert record["source"] == f"{url}?sig=…&v=1"
    assert record["item"]["id"] == "scene"
    assert (record["asset"], record["checksum"], record["size"]) == ("red", SHA256, len(DATA))
    assert SECRET not in sidecar_of(fetched.path).read_text()
    assert http.transport.sent[-1].headers["Accept-Encoding"] == "identity"
    assert "range" not in server.asked_for("/plain.tif")[-1].headers


def test_a_finished_file_is_not_fetched_again(server, http, tmp_path):
    url = server.on("/once.tif", file_of(DATA))
    first = download(wanted(url, tmp_path, checksum=SHA256), http)
    assert download(wanted(url, tmp_path, checksum=SHA256), http) == first
    assert len(server.asked_for("/once.tif")) == 1
    first.path.write_bytes(DATA[:-1] + b"x")
    assert download(wanted(url, tmp_path, checksum=SHA256), http) == first
    assert first.path.read_bytes() == DATA
    assert len(server.asked_for("/once.tif")) == 2


def test_cut_connections_are_gone_on_from(server, http, tmp_path):
    url = server.on("/flaky.tif", file_of(DATA, cut_after=100_000))
    fetched = download(wanted(url, tmp_path, checksum=SHA256), http)
    assert fetched.path.read_bytes() == DATA
    assert ranges(server, "/flaky.tif") == [
        None,
        "bytes=100000-",
        "bytes=200000-",
        "bytes=300000-",
    ]
    assert {asked.headers.get("if-range") for asked in server.asked_for("/flaky.tif")[1:]} == {
        '"1"'
    }


def test_without_ranges_a_cut_file_starts_anew_and_ends_some_time(server, http, tmp_path):
    url = server.on("/bare.tif", file_of(DATA, ranges=False, cut_after=50_000))
    with pytest.raises(NetworkError):
        download(wanted(url, tmp_path), http)
    assert 3 <= len(server.asked_for("/bare.tif")) <= 6
    assert not (tmp_path / "a.tif").exists()


@pytest.mark.parametrize("etag", ['W/"1"', ""], ids=["weak", "none"])
def test_what_tells_no_version_is_not_gone_on_from(server, http, tmp_path, etag):
    url = server.on(f"/weak{len(etag)}.tif", file_of(DATA, etag=etag, cut_after=200_000))
    with pytest.raises(NetworkError):
        download(wanted(url, tmp_path), http)
    server.on(f"/weak{len(etag)}.tif", file_of(DATA, etag=etag))
    assert download(wanted(url, tmp_path), http).path.read_bytes() == DATA
    assert set(ranges(server, f"/weak{len(etag)}.tif")) == {None}


@pytest.mark.parametrize(
    ("changed", "date", "used"),
    [
        ("Sun, 01 Jan 2023 00:00:00 GMT", "Sun, 01 Jan 2023 01:00:00 GMT", True),
        ("Sun, 01 Jan 2023 00:00:00 GMT", "Sun, 01 Jan 2023 00:00:01 GMT", False),
        ("yesterday", "Sun, 01 Jan 2023 01:00:00 GMT", False),
    ],
)
def test_a_date_of_change_stands_in_for_an_etag(server, http, tmp_path, changed, date, used):
    headers = {"Last-Modified": changed, "X-Date": date}

    class Dated(PlainTransport):
        """The date of the answer, as the server of the standard library does not let it be set."""

        def stream(self, request, is_cancelled=lambda: False):
            return _dated(super().stream(request, is_cancelled))

    url = server.on(
        "/dated.tif",
        Answer(200, headers, DATA, cut_after=1000),
        Answer(206, {**headers, "Content-Range": f"bytes 1000-9/{len(DATA)}"}, DATA[1000:]),
    )
    server.asked.clear()
    fetch = Http(Dated(), wait=lambda _: None)
    if not used:
        with pytest.raises(HttpError):  # the second answer is not what was asked for
            download(wanted(url, tmp_path), fetch)
        assert set(ranges(server, "/dated.tif")) == {None}
        return
    assert download(wanted(url, tmp_path), fetch).path.read_bytes() == DATA
    assert server.asked_for("/dated.tif")[1].headers["if-range"] == changed


class _dated:  # noqa: N801
    def __init__(self, inner):
        self.inner = inner

    def __enter__(self):
        hop = self.inner.__enter__()
        if "x-date" in hop.headers:
            hop.headers["date"] = hop.headers["x-date"]
        return hop

    def __exit__(self, *error):
        return self.inner.__exit__(*error)


def test_a_file_that_changed_meanwhile_starts_anew(server, http, tmp_path):
    other = DATA[::-1]
    url = server.on("/changed.tif", file_of(DATA, cut_after=100_000), file_of(other, etag='"2"'))
    assert download(wanted(url, tmp_path), http).path.read_bytes() == other


def test_a_server_that_does_not_hold_to_if_range_is_caught(server, http, tmp_path):
    other = DATA[::-1]

    def careless(asked):
        headers = dict(asked.headers)
        headers.pop("if-range", None)
        return file_of(other, etag='"2"')(replace(asked, headers=headers))

    url = server.on("/careless.tif", file_of(DATA, cut_after=100_000), careless)
    assert download(wanted(url, tmp_path), http).path.read_bytes() == other


@pytest.mark.parametrize("answer", ["other start", "no range", "416"])
def test_a_wrong_rest_starts_anew(server, http, tmp_path, answer):
    bad = {
        "other start": Answer(206, {"Content-Range": f"bytes 5-9/{len(DATA)}"}, DATA[5:10]),
        "no range": Answer(206, {}, DATA[5:]),
        "416": Answer(416, {"Content-Range": "bytes */10"}),
    }[answer]
    path = f"/wrong_{len(answer)}.tif"
    url = server.on(path, file_of(DATA, cut_after=100_000), bad, file_of(DATA))
    assert download(wanted(url, tmp_path, checksum=SHA256), http).path.read_bytes() == DATA
    assert ranges(server, path) == [None, "bytes=100000-", None]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, len(DATA)), again=st.integers(1, len(DATA)))
def test_a_file_is_whole_wherever_it_was_cut(server, http, tmp_path, cut, again):
    folder = tmp_path / f"{cut}_{again}"
    url = server.on(
        "/anywhere.tif",
        file_of(DATA, cut_after=cut),
        file_of(DATA, cut_after=again),
        file_of(DATA),
    )
    assert download(wanted(url, folder), http).checksum == SHA256
    assert (folder / "a.tif").read_bytes() == DATA
    shutil.rmtree(folder)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(state=st.binary(max_size=80) | st.just(b'{"url": 5}') | st.just(b"null"))
def test_an_unreadable_state_is_no_harm(server, http, tmp_path, state):
    url = server.on("/state.tif", file_of(DATA))
    (tmp_path / "a.tif.part").write_bytes(b"junk")
    (tmp_path / "a.tif.part.json").write_bytes(state)
    path = download(wanted(url, tmp_path), http).path
    assert path.read_bytes() == DATA
    path.unlink()


def test_cancelled_then_resumed(server, http, tmp_path):
    drip = file_of(DATA, piece=20_000, pause_s=0.01)
    url = server.on("/drip.tif", drip) + f"?token={SECRET}"
    interrupted(url, tmp_path, http, 60_000)
    assert names(tmp_path) == {"a.tif.part", "a.tif.part.json"}
    assert SECRET not in (tmp_path / "a.tif.part.json").read_text()
    begun = (tmp_path / "a.tif.part").stat().st_size
    fetched = download(wanted(f"{url}2", tmp_path, checksum=SHA256), http)  # another token
    assert fetched.path.read_bytes() == DATA
    assert ranges(server, "/drip.tif") == [None, f"bytes={begun}-"]
    assert names(tmp_path) == {"a.tif", "a.tif.stac.json"}


def test_another_file_does_not_go_on_from_a_part(server, http, tmp_path):
    rule = file_of(DATA, piece=20_000, pause_s=0.01)
    url = server.on("/two.tif", rule)
    interrupted(f"{url}?file=1", tmp_path, http, 40_000)
    download(wanted(f"{url}?file=2", tmp_path), http)
    assert ranges(server, "/two.tif") == [None, None]


def test_a_new_signature_of_azure_goes_on(server, http, tmp_path):
    url = server.on("/azure.tif", file_of(DATA, piece=20_000, pause_s=0.01))
    interrupted(f"{url}?se=2026-01-01&sp=r&sig=a", tmp_path, http, 40_000)
    download(wanted(f"{url}?se=2027-01-01&sp=r&sig=b", tmp_path), http)
    assert ranges(server, "/azure.tif")[1].startswith("bytes=")


def test_a_part_that_was_whole_already_is_only_verified(server, http, tmp_path):
    url = server.on("/whole.tif", file_of(DATA))
    (tmp_path / "a.tif.part").write_bytes(DATA)
    state = {"url": url, "etag": '"1"', "last_modified": "", "size": len(DATA)}
    (tmp_path / "a.tif.part.json").write_text(json.dumps(state))
    assert download(wanted(url, tmp_path, checksum=SHA256), http).path.read_bytes() == DATA
    assert server.asked_for("/whole.tif") == []
    (tmp_path / "a.tif").rename(tmp_path / "a.tif.part")
    (tmp_path / "a.tif.part.json").write_text(json.dumps(state))
    with pytest.raises(HttpError, match=f"{len(DATA) + 1}"):
        download(wanted(url, tmp_path, size=len(DATA) + 1), http)
    assert not (tmp_path / "a.tif.part").exists()


def test_cancel_comes_at_once_though_the_server_stalls(server, http, tmp_path):
    url = server.on("/stall.tif", file_of(DATA, stall_after=70_000))
    cancelled = threading.Event()
    ended = []

    def run():
        try:
            download(wanted(url, tmp_path), http, is_cancelled=cancelled.is_set)
        except Cancelled:
            ended.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 5.0
    while module.part_size(tmp_path / "a.tif") == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    begun = time.monotonic()
    cancelled.set()
    thread.join(5.0)
    assert ended[0] - begun < 0.3
    assert (tmp_path / "a.tif.part").is_file()
    discard(tmp_path / "a.tif")
    assert names(tmp_path) == set()


def test_cancel_comes_at_once_while_waiting_for_a_busy_server(server, tmp_path):
    url = server.on("/busy.tif", busy(503, "20"))
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        download(wanted(url, tmp_path), Http(PlainTransport()), is_cancelled=cancelled.is_set)
    assert time.monotonic() - begun < 0.5


def test_a_stall_is_gone_on_from(server, tmp_path):
    url = server.on("/stalls.tif", file_of(DATA, stall_after=70_000), file_of(DATA))
    http = Http(PlainTransport(), wait=lambda _: None, timeout_s=0.3)
    assert download(wanted(url, tmp_path), http).path.read_bytes() == DATA
    assert ranges(server, "/stalls.tif")[0] is None
    assert ranges(server, "/stalls.tif")[1] is not None


def test_a_server_that_never_answers_is_given_up(server, tmp_path):
    url = server.on("/mute.tif", file_of(DATA, stall_after=0))
    http = Http(PlainTransport(), wait=lambda _: None, timeout_s=0.1)
    with pytest.raises(NoAnswerError):
        download(wanted(url, tmp_path), http)


def test_a_busy_server_is_asked_again_as_it_wishes(server, tmp_path):
    url = server.on("/soon.tif", busy(429, "2"), busy(503, "1"), file_of(DATA))
    waited = []
    download(wanted(url, tmp_path), Http(PlainTransport(), wait=waited.append))
    assert sum(waited) == pytest.approx(3.0)


def test_a_server_that_stays_busy_is_given_up(server, http, tmp_path):
    url = server.on("/never.tif", busy(429, "1"))
    with pytest.raises(HttpError) as error:
        download(wanted(url, tmp_path), http)
    assert error.value.status == 429
    assert len(server.asked_for("/never.tif")) == 4


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500])
def test_a_refusal_is_told_at_once(server, http, tmp_path, status):
    body = json.dumps({"detail": f"no; token={SECRET}"}).encode()
    path = f"/{status}.tif"
    url = server.on(path, Answer(status, {"Content-Type": "application/json"}, body))
    with pytest.raises(HttpError) as error:
        download(wanted(f"{url}?token={SECRET}", tmp_path), http)
    assert error.value.status == status
    assert "no;" in str(error.value)
    assert SECRET not in str(error.value)
    assert len(server.asked_for(path)) == 1
    assert names(tmp_path) == set()


def test_a_file_that_went_is_told_as_such(server, http, tmp_path):
    with pytest.raises(HttpError, match=r"\(404\)\. No such page\. The file is not there any more"):
        download(wanted(f"{server.url}/went.tif", tmp_path), http)


def test_a_wrong_checksum_is_refused_and_nothing_stays(server, http, tmp_path):
    url = server.on("/damaged.tif", file_of(DATA[:-1] + b"x"))
    with pytest.raises(HttpError, match="another checksum"):
        download(wanted(url, tmp_path, checksum=SHA256), http)
    assert names(tmp_path) == set()


def test_a_rest_from_elsewhere_is_found_by_the_checksum(server, http, tmp_path):
    """Two copies behind one address, with one ETag: no header tells them apart."""
    url = server.on("/mixed.tif", file_of(DATA, cut_after=100_000), file_of(DATA[::-1]))
    with pytest.raises(HttpError, match="another checksum"):
        download(wanted(url, tmp_path, checksum=SHA256), http)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("has_length", [True, False])
@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1])
def test_a_wrong_size_is_refused_and_nothing_stays(server, http, tmp_path, size, has_length):
    url = server.on("/size.tif", file_of(DATA, length=has_length))
    with pytest.raises((HttpError, NetworkError)) as error:
        download(wanted(url, tmp_path, size=size), http)
    assert not (tmp_path / "a.tif").exists()
    if has_length or size < len(DATA):
        assert f"{size}" in str(error.value)
        assert names(tmp_path) == set()


def test_an_unknown_length_and_an_unknown_checksum_are_no_error(server, http, tmp_path):
    url = server.on("/unknown.tif", file_of(DATA, length=False))
    fetched = download(wanted(url, tmp_path, checksum="b22020" + "00" * 32), http)
    assert fetched == (tmp_path / "a.tif", len(DATA), SHA256, False)


def test_an_empty_file(server, http, tmp_path):
    url = server.on("/empty.tif", file_of(b""))
    assert download(wanted(url, tmp_path), http).size == 0
    assert (tmp_path / "a.tif").read_bytes() == b""


def test_a_login_page_is_no_raster(server, http, tmp_path):
    for size in (None, len(DATA)):
        with pytest.raises(HttpError, match="ask for a login"):
            download(wanted(server.on("/login.tif", login_page()), tmp_path, size=size), http)
        assert names(tmp_path) == set()


@pytest.mark.parametrize("piece", [1, 5, 4096])
def test_a_login_page_in_drips(server, http, tmp_path, piece):
    page = replace(login_page(), piece=piece, body=b"\n <!DOCTYPE html><html></html>")
    with pytest.raises(HttpError, match="ask for a login"):
        download(wanted(server.on("/drips.tif", page), tmp_path, media_type="image/tiff"), http)


@pytest.mark.parametrize("body", [b' {"message": "no such file"}', b"<Error>gone</Error>"])
def test_an_error_with_status_200_is_no_raster(server, http, tmp_path, body):
    url = server.on("/json.tif", Answer(200, {"Content-Type": "text/plain"}, body))
    with pytest.raises(HttpError, match=r"no such file|gone"):
        download(wanted(url, tmp_path), http)
    assert names(tmp_path) == set()


def test_a_text_that_is_wanted_is_taken(server, http, tmp_path):
    url = server.on("/a.json", Answer(200, {"Content-Type": "application/json"}, b'{"a": 1}'))
    there = download(Wanted(url, tmp_path / "a.json", media_type="application/json"), http)
    assert there.path.read_bytes() == b'{"a": 1}'
    page = download(Wanted(server.on("/a.html", login_page()), tmp_path / "a.html"), http)
    assert b"Sign in" in page.path.read_bytes()


def test_what_is_compressed_for_the_way_is_refused(server, http, tmp_path):
    url = server.on("/gzip.tif", Answer(200, {"Content-Encoding": "gzip"}, DATA))
    with pytest.raises(HttpError, match="gzip"):
        download(wanted(url, tmp_path), http)
    assert names(tmp_path) == set()


def test_no_room(server, http, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    url = server.on("/room.tif", file_of(DATA))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 0, len(DATA)))
    with pytest.raises(OutputError, match="Make room"):
        download(wanted(url, tmp_path), http)
    assert names(tmp_path) == set()


def test_no_room_for_the_rest(server, http, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    url = server.on("/rest.tif", file_of(DATA, piece=20_000, pause_s=0.01))
    interrupted(url, tmp_path, http, 60_000)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 0, 10))
        with pytest.raises(OutputError, match="Make room"):
            download(wanted(url, tmp_path), http)
    assert download(wanted(url, tmp_path, checksum=SHA256), http).path.read_bytes() == DATA


def test_a_full_disk_keeps_what_came(server, http, tmp_path, monkeypatch):
    url = server.on("/full.tif", file_of(DATA))
    real = module.Checksum.update

    def full(self, data):
        if module.part_size(tmp_path / "a.tif") > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(module.Checksum, "update", full)
        with pytest.raises(OutputError, match=r"No space left .*make room"):
            download(wanted(url, tmp_path), http)
    assert download(wanted(url, tmp_path, checksum=SHA256), http).path.read_bytes() == DATA
    assert ranges(server, "/full.tif")[1].startswith("bytes=")


def test_a_secret_does_not_follow_to_another_host(server, tmp_path):
    open_url = server.on("/open.tif", file_of(DATA))
    elsewhere = open_url.replace(server.url, server.other_url)
    guard = ("X-Api-Key", SECRET)
    url = server.on("/guarded.tif", guarded(redirect(elsewhere), header=guard))
    transport = PlainTransport({"id": {"X-Api-Key": SECRET}})
    http = Http(transport, authcfg="id", hosts=frozenset({host_of(server.url)}))
    assert download(wanted(url, tmp_path), http).path.read_bytes() == DATA
    assert server.asked_for("/guarded.tif")[-1].headers["x-api-key"] == SECRET
    second = server.asked_for("/open.tif")[-1]
    assert second.host == "localhost"
    assert SECRET not in str(second)


KILLED = """
import sys
from pathlib import Path
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.transfers.download import Wanted, download
from tests.servers.plain_transport import PlainTransport
download(Wanted(sys.argv[1], Path(sys.argv[2])), Http(PlainTransport()))
"""


def test_a_killed_process_is_gone_on_from(server, http, tmp_path):
    url = server.on("/killed.tif", file_of(DATA, piece=16_384, pause_s=0.1), file_of(DATA))
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(tmp_path / "a.tif")], cwd=root
    )
    deadline = time.monotonic() + 20.0
    while module.part_size(tmp_path / "a.tif") < len(DATA) // 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    begun = module.part_size(tmp_path / "a.tif")
    assert len(DATA) // 3 <= begun < len(DATA)
    assert not (tmp_path / "a.tif").exists()
    fetched = download(wanted(url, tmp_path, checksum=SHA256), http)
    assert fetched.path.read_bytes() == DATA
    assert ranges(server, "/killed.tif") == [None, f"bytes={begun}-"]
