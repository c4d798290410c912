"""HTTP through QGIS, from its main thread, from tasks and from threads, to a bad server."""

from __future__ import annotations

import gc
import json
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.catalog.connections import (
    Connection,
    as_mapping,
    asset_http_of,
    http_of,
    to_json,
)
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    NetworkError,
    NoAnswerError,
    Request,
)
from dbar_qgis_plugin.errors import Cancelled, OutputError
from tests.qgis.run_where import in_main, in_task, in_tasks, in_thread
from tests.servers.misbehaving import (
    Answer,
    Asked,
    MisbehavingServer,
    as_json,
    busy,
    echo,
    file_of,
    guarded,
    misbehaving_server,
    redirect,
)

SECRET = "s3cr3t-key"
CANCEL_S = 0.3


@pytest.fixture(params=[in_main, in_task, in_thread], ids=lambda where: where.__name__)
def where(request: pytest.FixtureRequest, qgis_app: object) -> Callable[..., Any]:
    return request.param


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def transport(qgis_app: object) -> QgisTransport:
    return QgisTransport()


# --- what comes back


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_methods(server, transport, where, method):
    body = b'{"a": "\xc3\xa9"}' if method in ("POST", "PUT", "PATCH") else None
    headers = {"Content-Type": "application/json", "X-Own": "1"}
    request = Request(f"{server.url}/echo?b=%20c", method, headers, body)
    answer = where(lambda: transport.send(request))
    (asked,) = server.asked
    assert (answer.status, answer.url) == (200, request.url)
    assert (asked.method, asked.body, asked.query) == (method, body or b"", {"b": " c"})
    assert asked.headers["x-own"] == "1"
    assert "QGIS/" in asked.headers["user-agent"]
    assert answer.headers["content-type"] == "application/json"
    if method == "HEAD":
        assert answer.body == b""
    else:
        assert json.loads(answer.body)["method"] == method


def test_a_file_is_sent_from_the_disk(server, transport, where, tmp_path):
    path = tmp_path / "土地 #1.tif"
    path.write_bytes(bytes(range(256)) * 20_000)
    sent: list[int] = []
    url = server.on("/file", Answer(201))
    request = Request(url, "PUT", body_file=path, sent=sent.append)
    assert where(lambda: transport.send(request)).status == 201
    (asked,) = server.asked
    assert (asked.method, asked.body) == ("PUT", path.read_bytes())
    assert sent[-1] == len(asked.body)
    missing = Request(url, "PUT", body_file=tmp_path / "none")
    with pytest.raises(OutputError, match=r"none cannot be read"):
        where(lambda: transport.send(missing))


def test_an_upload_is_cancelled_soon_and_a_cut_one_told(server, transport, where, tmp_path):
    path = tmp_path / "big"
    path.write_bytes(bytes(40_000_000))
    request = Request(server.url + "/file", "PUT", body_file=path, timeout_s=30.0)
    server.takes["/file"] = (100_000, 20.0)
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        where(lambda: transport.send(request, lambda: time.monotonic() > begun + 0.3))
    assert time.monotonic() - begun < 0.3 + CANCEL_S
    server.takes["/file"] = (100_000, 0.0)
    with pytest.raises(NetworkError):
        where(lambda: transport.send(request))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(204),
        as_json({"id": "x"}, 201, Location="/x"),
        as_json({"detail": "no"}, 400),
        as_json({"detail": "no"}, 401, WWW_Authenticate='Basic realm="x"'),
        as_json({"detail": "no"}, 404),
        as_json({"detail": "no"}, 409),
        busy(429, "7"),
        as_json({"detail": "no"}, 500),
        busy(503),
        Answer(416),
    ],
    ids=lambda answer: str(answer.status),
)
def test_every_status_is_an_answer(server, transport, where, answer):
    url = server.on("/x", answer)
    method = "DELETE" if answer.status == 204 else "GET"
    found = where(lambda: transport.send(Request(url, method)))
    assert (found.status, found.body) == (answer.status, answer.body)
    assert found.headers.get("retry-after") == answer.headers.get("Retry-After")
    assert len(server.asked) == 1


def test_a_header_adds_no_others(server, transport):
    headers = {"X-Own": "a\r\nX-Other: b\nX-Third: c", "X-Name": "中é"}
    transport.send(Request(f"{server.url}/echo", headers=headers))
    (asked,) = server.asked
    assert asked.headers["x-own"] == "a X-Other: b X-Third: c"
    assert asked.headers["x-name"] == "?é"
    assert "x-other" not in asked.headers


def test_no_redirect_is_followed(server, transport, where):
    url = server.on("/x", redirect("/echo", 302))
    found = where(lambda: transport.send(Request(url)))
    assert (found.status, found.headers["location"], len(server.asked)) == (302, "/echo", 1)


def test_a_big_body_comes_whole(server, transport, where):
    data = bytes(range(256)) * 20_000
    url = server.on("/file", file_of(data))
    assert where(lambda: transport.send(Request(url)).body) == data

    def streamed() -> tuple[int, list[bytes]]:
        headers = {"Range": "bytes=100-", "Accept-Encoding": "identity"}
        with transport.stream(Request(url, headers=headers)) as answer:
            return answer.status, list(answer.chunks())

    status, pieces = where(streamed)
    assert (status, b"".join(pieces)) == (206, data[100:])
    assert max(map(len, pieces)) <= 1 << 18


def test_a_stream_that_is_left_early_ends(server, transport, where):
    url = server.on("/file", Answer(body=b"x" * 1_000_000, stall_after=500_000))

    def first() -> bytes:
        with transport.stream(Request(url)) as answer:
            return next(answer.chunks())

    assert where(first)[:1] == b"x"
    assert where(lambda: transport.send(Request(f"{server.url}/echo")).status) == 200


def test_the_server_waits_for_who_reads_slowly(server, transport):
    size = 48 << 20
    url = server.on("/file", Answer(body=bytes(size)))

    def slowly() -> tuple[int, int]:
        with transport.stream(Request(url)) as answer:
            pieces = answer.chunks()
            got = len(next(pieces))
            time.sleep(0.5)
            ahead = server.sent
            return ahead, got + sum(map(len, pieces))

    ahead, got = in_thread(slowly)
    assert got == size
    assert ahead < size // 2


def test_many_threads_at_once(server, transport):
    def fetch(number: int) -> str:
        return read_json(transport.send(Request(f"{server.url}/echo?n={number}")))["query"]["n"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(fetch, range(24))) == [str(number) for number in range(24)]


def test_many_hops_in_tasks(server, transport, keep_credentials):
    """Replies take the places of earlier ones in memory, and are not taken for them."""
    url = server.on("/away", redirect(f"{server.other_url}/echo", 307))
    authcfg = keep_credentials("APIHeader", **{"X-Key": SECRET})
    http = Http(transport, authcfg, frozenset({server.url}))

    def all_of_them() -> None:
        for _ in range(20):
            http.get(url)
            http.send(Request(url, "PATCH", body=b"{}"))
            with http.stream(Request(url)) as answer:
                b"".join(answer.chunks())

    in_tasks(all_of_them, all_of_them)
    assert len(server.asked) == 2 * 20 * 3 * 2


def test_two_streams_in_one_thread(server, transport, where):
    url = server.on("/file", file_of(b"x" * 300_000))

    def both() -> tuple[int, int]:
        with transport.stream(Request(url)) as one, transport.stream(Request(url)) as two:
            return sum(map(len, one.chunks())), sum(map(len, two.chunks()))

    assert where(both) == (300_000, 300_000)


# --- what does not come back


@pytest.mark.parametrize(
    "answer",
    [
        Answer(wait_s=20.0),
        Answer(body=b"x" * 100, stall_after=10),
        Answer(body=b"x" * 400, piece=1, pause_s=0.05),
    ],
    ids=["silent", "stalled", "dripping"],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_cancel_ends_it_soon(server, transport, where, answer, streamed):
    url = server.on("/x", answer)
    cancelled_at: list[float] = []
    took: list[float] = []

    def call() -> None:
        def is_cancelled() -> bool:
            return bool(cancelled_at)

        try:
            if streamed:
                with transport.stream(Request(url), is_cancelled) as found:
                    list(found.chunks())
            else:
                transport.send(Request(url), is_cancelled)
        finally:
            took.append(time.monotonic() - cancelled_at[0])

    timer = threading.Timer(0.4, lambda: cancelled_at.append(time.monotonic()))
    timer.start()
    with pytest.raises(Cancelled):
        where(call)
    assert took[0] < CANCEL_S
    timer.join()


def test_what_is_cancelled_before_is_not_sent(server, transport, where):
    with pytest.raises(Cancelled):
        where(lambda: transport.send(Request(f"{server.url}/echo"), lambda: True))
    assert server.asked == []


@pytest.mark.parametrize(
    "answer", [Answer(wait_s=20.0), Answer(body=b"x" * 100, stall_after=10)], ids=["none", "part"]
)
def test_silence_is_told_from_a_cancel(server, transport, where, answer):
    url = server.on("/x", answer) + "?sig=abcdef"
    begin = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"sent nothing for 0\.4 s") as caught:
        where(lambda: transport.send(Request(url, timeout_s=0.4), lambda: False))
    assert 0.4 <= time.monotonic() - begin < 0.4 + CANCEL_S
    assert "abcdef" not in str(caught.value)


def test_a_slow_answer_that_goes_on_is_no_silence(server, transport, where):
    url = server.on("/x", Answer(body=b"x" * 12, piece=2, pause_s=0.15))
    assert where(lambda: transport.send(Request(url, timeout_s=0.5))).body == b"x" * 12


def test_the_time_of_who_reads_is_not_the_servers(server, transport):
    url = server.on("/x", Answer(body=b"x" * 600_000))

    def call() -> int:
        total = 0
        with transport.stream(Request(url, timeout_s=0.3)) as answer:
            for piece in answer.chunks():
                total += len(piece)
                time.sleep(0.4)
        return total

    assert in_thread(call) == 600_000


def test_qgiss_own_limit_is_no_cancel(server, transport, where):
    """A shorter limit of QGIS holds too, and is told as one."""
    url = server.on("/x", Answer(wait_s=20.0))
    usual = QgsNetworkAccessManager.timeout()
    QgsNetworkAccessManager.setTimeout(500)
    try:
        with pytest.raises(NoAnswerError):
            where(lambda: transport.send(Request(url)))
    finally:
        QgsNetworkAccessManager.setTimeout(usual)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(body=b"x" * 100_000, cut_after=5000), "broke the connection"),
        (Answer(cut_after=-1), "broke the connection"),
    ],
)
def test_a_cut_is_told(server, transport, where, answer, words):
    url = server.on("/x", answer)
    with pytest.raises(NetworkError, match=words) as caught:
        where(lambda: transport.send(Request(url)))
    assert not isinstance(caught.value, NoAnswerError)


def test_what_came_before_a_cut_is_given(server, transport, where):
    url = server.on("/x", Answer(body=b"x" * 100_000, cut_after=5000))
    got: list[bytes] = []

    def call() -> None:
        with transport.stream(Request(url)) as answer:
            got.extend(answer.chunks())

    with pytest.raises(NetworkError):
        where(call)
    # What arrives with the news of the cut may be lost; never is anything else given.
    assert b"".join(got) in (b"x" * len(b"".join(got)),)
    assert len(b"".join(got)) <= 5000


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/", "http://127.0.0.1:1 takes no connections"),
        ("http://nowhere.invalid/", "nowhere.invalid is not known"),
        ("file:///etc/hostname", "no address of a web server"),
        ("ftp://127.0.0.1/x", "no address of a web server"),
        ("http://[::1", "no address of a web server"),
        ("http://127.0.0.1:99999/", "no address of a web server|was not reached"),
        ("", "no address of a web server"),
    ],
)
def test_what_cannot_be_reached(transport, where, url, words):
    with pytest.raises(NetworkError, match=words):
        where(lambda: transport.send(Request(url)))


def test_a_server_without_a_certificate(server, transport, where):
    url = server.url.replace("http:", "https:")
    with pytest.raises(NetworkError, match=r"No secure connection to https://127"):
        where(lambda: transport.send(Request(url)))


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    what = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=tests"
    subprocess.run(["openssl", *what.split()], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("where", [in_main, in_task], ids=lambda where: where.__name__)
def test_a_certificate_that_nobody_knows(transport, own_certificate, keep_credentials, where):
    """QGIS asks the user in its main thread, and is told no by the tests."""
    authcfg = keep_credentials("APIHeader", **{"X-Key": SECRET})
    with misbehaving_server(own_certificate) as server:
        request = Request(f"{server.url}/echo", authcfg=authcfg)
        with pytest.raises(NetworkError, match="No secure connection"):
            where(lambda: transport.send(request))
        assert server.asked == []


def test_an_error_may_be_freed_elsewhere(server, transport):
    """A task's error is shown, and freed, in the main thread: nothing of the network is in it."""
    url = server.on("/x", Answer(body=b"x" * 100, stall_after=10))
    for _ in range(3):
        with pytest.raises(NoAnswerError):
            in_task(lambda: transport.send(Request(url, timeout_s=0.1)))
        gc.collect()
        QCoreApplication.processEvents()


# --- the cache


@pytest.mark.parametrize("stale", ["send", "stream", "header"])
def test_the_cache_answers_only_where_it_may(server, transport, stale):
    counted = iter(range(10))

    def rule(asked: Asked) -> Answer:
        return as_json(next(counted), Cache_Control="max-age=600")

    url = server.on(f"/counted/{stale}", rule)

    def asked(how: str) -> int:
        if how == "stream":
            with transport.stream(Request(url)) as answer:
                return json.loads(b"".join(answer.chunks()))
        headers = {"Cache-Control": "no-cache"} if how == "header" else {}
        return json.loads(transport.send(Request(url, headers=headers)).body)

    assert asked("send") == 0
    assert asked(stale) == (0 if stale == "send" else 1)


def test_what_needs_credentials_is_not_cached(server, transport, keep_credentials):
    counted = iter(range(10))
    url = server.on("/own", lambda asked: as_json(next(counted), Cache_Control="max-age=600"))
    authcfg = keep_credentials("APIHeader", **{"X-Key": SECRET})
    assert [transport.send(Request(url, authcfg=authcfg)).body for _ in range(2)] == [b"0", b"1"]
    assert transport.send(Request(url)).body == b"2"


# --- credentials

METHODS = {
    "APIHeader": ({"X-Key": SECRET}, {"header": ("X-Key", SECRET)}),
    "Basic": ({"username": "me", "password": SECRET}, {"basic": f"me:{SECRET}"}),
}


@pytest.fixture(params=METHODS)
def guarded_by(request, keep_credentials) -> tuple[str, dict[str, Any]]:
    """An authcfg, and what a server wants to see of it."""
    values, wanted = METHODS[request.param]
    return keep_credentials(request.param, **values), wanted


def told(asked: Asked) -> bool:
    """Tell whether a request brought the secret."""
    return SECRET in str(asked) or "authorization" in asked.headers


def test_credentials_are_shown_to_whom_they_are_for(server, transport, where, guarded_by):
    authcfg, wanted = guarded_by
    url = server.on("/own", guarded(echo, **wanted))
    for method in ("GET", "POST", "PATCH", "DELETE"):
        request = Request(url, method, body=b"{}" if method == "PATCH" else None)
        assert where(lambda request=request: transport.send(request)).status == 401
        with_them = Request(url, method, body=request.body, authcfg=authcfg)
        found = where(lambda request=with_them: transport.send(request))
        assert (found.status, found.url) == (200, url)
    # What the first of two requests brought is not remembered for the second.
    assert where(lambda: transport.send(Request(url))).status == 401


def test_unknown_credentials_are_told(server, transport, where, keep_credentials):
    with pytest.raises(NetworkError, match="cannot be read"):
        where(lambda: transport.send(Request(f"{server.url}/echo", authcfg="nothere")))
    assert server.asked == []


def test_a_secret_never_leaves_its_server(server, transport, where, guarded_by):
    """Neither to a second server, nor into a log, an error, a settings file, or an export."""
    authcfg, wanted = guarded_by
    logged: list[str] = []

    def note(*words: object) -> None:
        logged.append(str(words))

    QgsApplication.messageLog().messageReceived.connect(note)
    connection = Connection(
        name="Ours",
        url=f"{server.url}/stac",
        kind="stac_api",
        authcfg=authcfg,
        asset_authcfg=authcfg,
        timeout_s=1.0,
    )
    server.on("/stac", guarded(echo, **wanted))
    server.on("/away", redirect(f"{server.other_url}/echo", 307))
    server.on("/round", redirect(f"{server.other_url}/home"))
    server.on("/home", redirect(f"{server.url}/stac"))
    server.on("/error", as_json({"detail": "no"}, 500))
    server.on("/silent", Answer(wait_s=9.0))
    errors: list[str] = []

    def calls() -> None:
        for http in (http_of(connection, transport), asset_http_of(connection, transport)):
            assert read_json(http.get(f"{server.url}/stac"))["path"] == "/stac"
            http.get(f"{server.url}/away")
            http.send(Request(f"{server.url}/away", "PATCH", body=b"{}"))
            with http.stream(Request(f"{server.url}/away")) as answer:
                b"".join(answer.chunks())
            http.get(f"{server.url}/round")
            http.get(f"{server.other_url}/echo")
            for url in (f"{server.url}/error", "http://127.0.0.1:1/"):
                try:
                    Http(transport, authcfg, http.hosts, tries=1).get(url)
                except (HttpError, NetworkError) as error:
                    errors.append(f"{error} {error!r} {error.values}")

    where(calls)
    QCoreApplication.processEvents()
    QgsApplication.messageLog().messageReceived.disconnect(note)
    ConnectionStore().save(connection)
    try:
        settings = QgsSettings()
        settings.sync()
        saved = Path(settings.fileName()).read_text(encoding="utf-8")
    finally:
        ConnectionStore().remove(connection.id)

    second = [asked for asked in server.asked if asked.host == "localhost"]
    first = [asked for asked in server.asked if asked.host == "127.0.0.1"]
    assert len(second) == 10
    assert not any(map(told, second))
    assert all(map(told, first))
    assert authcfg in saved
    assert len(errors) == 4
    for text in (saved, *logged, *errors, to_json([connection]), str(as_mapping(connection))):
        assert SECRET not in text
