"""HTTP of catalogs over a server that misbehaves: secrets, redirects, retries, errors in words."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.http import Http, read_json, retry_after
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    NetworkError,
    NoAnswerError,
    Request,
    Response,
)
from dbar_qgis_plugin.errors import Cancelled
from tests.servers.misbehaving import (
    Answer,
    MisbehavingServer,
    as_json,
    busy,
    echo,
    file_of,
    guarded,
    login_page,
    misbehaving_server,
    redirect,
)
from tests.servers.plain_transport import PlainTransport

SECRET = "s3cr3t-key"


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def http(server: MisbehavingServer, waits: list[float]) -> Http:
    """A connection to the server under its first name; it sleeps in no test."""
    transport = PlainTransport({"abc": {"X-Secret": SECRET}})
    hosts = frozenset({host_of(server.url)})
    return Http(transport, "abc", hosts, timeout_s=5.0, wait=waits.append)


def secrets_seen(server: MisbehavingServer) -> list[tuple[str, str]]:
    """Hosts and paths that were asked with the secret."""
    return [(one.host, one.path) for one in server.asked if SECRET in str(one)]


# --- where secrets go


def test_own_host_gets_the_credentials(server, http):
    assert read_json(http.get(f"{server.url}/echo"))["headers"]["x-secret"] == SECRET


def test_another_host_gets_none(server, http):
    assert "x-secret" not in read_json(http.get(f"{server.other_url}/echo"))["headers"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_redirect_to_another_host_loses_the_secrets(server, http, status, streamed):
    server.on("/away", redirect(f"{server.other_url}/echo", status))
    request = Request(
        f"{server.url}/away",
        headers={"Accept": "application/json", "Authorization": "Bearer x", "X-Paging-Key": "y"},
    )
    if streamed:
        with http.stream(request) as answer:
            body = b"".join(answer.chunks())
        seen = read_json(Response(answer.status, answer.headers, body, answer.url))
    else:
        seen = read_json(http.send(request))
    assert seen["headers"]["accept"] == "application/json"
    assert not {"authorization", "x-paging-key", "x-secret"} & set(seen["headers"])
    assert secrets_seen(server) == [("127.0.0.1", "/away")]


def test_the_way_back_home_has_the_credentials_again(server, http):
    server.on("/away", redirect(f"{server.other_url}/back"))
    server.on("/back", redirect(f"{server.url}/echo"))
    assert read_json(http.get(f"{server.url}/away"))["headers"]["x-secret"] == SECRET
    assert secrets_seen(server) == [("127.0.0.1", "/away"), ("127.0.0.1", "/echo")]


def test_a_redirect_within_the_host_keeps_all_headers(server, http):
    server.on("/here", redirect("/echo", 307))
    seen = read_json(http.send(Request(f"{server.url}/here", headers={"X-Paging-Key": "y"})))
    assert (seen["headers"]["x-secret"], seen["headers"]["x-paging-key"]) == (SECRET, "y")


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.org/x", "http://a.org/x"),
        ("https://a.org/x", "https://a.org:8443/x"),
        ("https://a.org/x", "https://b.a.org/x"),
        ("https://a.org/x", "https://a.org@evil.org/x"),
        ("https://a.org/x", "https://a.org.evil.org/x"),
        ("https://a.org/x", "https://a.org:443@evil.org/x"),
    ],
)
def test_what_is_another_host(url, other):
    assert host_of(url) != host_of(other)


@pytest.mark.parametrize(
    "other", ["https://A.org:443/y", "HTTPS://user:pw@a.ORG/", "https://a.org?x=@b.org"]
)
def test_what_is_the_same_host(other):
    assert host_of("https://a.org/x") == host_of(other)


# --- redirects


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("PUT", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 302, "PUT"),
        ("PATCH", 301, "PATCH"),
    ],
)
def test_the_method_after_a_redirect(server, http, method, status, then):
    server.on("/moved", redirect("/echo", status))
    headers = {"Content-Type": "application/json"}
    seen = read_json(http.send(Request(f"{server.url}/moved", method, headers, b"{}")))
    assert (seen["method"], seen["body"]) == (then, "" if then == "GET" else "{}")
    assert ("content-type" in seen["headers"]) == (then != "GET")


@pytest.mark.parametrize(("status", "sent"), [(307, b"12345"), (303, b"")])
def test_a_file_goes_where_a_redirect_of_the_same_method_says(server, http, tmp_path, status, sent):
    path = tmp_path / "a.tif"
    path.write_bytes(b"12345")
    server.on("/old", redirect("/new", status))
    server.on("/new", Answer(200))
    http.send(Request(f"{server.url}/old", "PUT", body_file=path))
    assert [one.body for one in server.asked_for("/new")] == [sent]


def test_head_stays_head(server, http):
    server.on("/moved", redirect("/echo", 303))
    http.send(Request(f"{server.url}/moved", "HEAD"))
    assert [one.method for one in server.asked] == ["HEAD", "HEAD"]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_circle_of_redirects_ends(server, http, waits, streamed):
    server.on("/round", redirect("/round"))
    with pytest.raises(HttpError, match="redirects in a circle"):
        if streamed:
            with http.stream(Request(f"{server.url}/round")):
                raise AssertionError("no answer")
        http.get(f"{server.url}/round")
    assert (len(server.asked), waits) == (6, [])


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://a.org/x", "data:,x", "http://[::1", "qrc:/x"]
)
def test_a_redirect_leads_to_the_web_only(server, http, target):
    server.on("/moved", redirect(target))
    with pytest.raises(HttpError, match="no address of a web server"):
        http.get(f"{server.url}/moved")
    assert len(server.asked) == 1


# --- retries


def test_a_busy_server_is_asked_again_when_it_says(server, http, waits):
    server.on("/busy", busy(503, "3"), busy(429, "1"), as_json({"ok": True}))
    assert read_json(http.get(f"{server.url}/busy")) == {"ok": True}
    assert sum(waits) == pytest.approx(4.0)


def test_the_third_refusal_is_told_with_the_servers_words(server, http, waits):
    server.on("/busy", busy(503, "0"))
    with pytest.raises(HttpError, match=r"\(503\)\. too much to do") as caught:
        http.get(f"{server.url}/busy")
    assert (caught.value.status, len(server.asked), waits) == (503, 3, [])


def test_a_long_wait_is_left_to_the_user(server, http, waits):
    server.on("/busy", busy(429, "3600"))
    with pytest.raises(HttpError, match="fewer requests"):
        http.get(f"{server.url}/busy")
    assert (len(server.asked), waits) == (1, [])


def test_without_a_word_of_the_server_waits_double(server, http, waits):
    server.on("/busy", busy(502), busy(504), as_json({}))
    http.get(f"{server.url}/busy")
    assert 0.5 + 1.0 <= sum(waits) <= 2 * (0.5 + 1.0)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_changes_something_is_sent_once(server, http, method):
    server.on("/busy", busy(503, "0"))
    with pytest.raises(HttpError):
        http.send(Request(f"{server.url}/busy", method, body=b"{}"))
    assert len(server.asked) == 1


def test_a_search_by_post_may_be_sent_again(server, http):
    server.on("/search", busy(503, "0"), echo)
    answer = http.send(Request(f"{server.url}/search", "POST", body=b"{}"), repeatable=True)
    assert read_json(answer)["body"] == "{}"


def test_a_cut_connection_is_tried_again(server, http):
    server.on("/cut", Answer(cut_after=-1), Answer(body=b"x" * 9, cut_after=3), Answer(body=b"ok"))
    assert http.get(f"{server.url}/cut").body == b"ok"


def test_a_server_that_stays_away_is_told(http):
    with pytest.raises(NetworkError, match="was not reached"):
        http.get("http://127.0.0.1:1/")
    assert len(http.transport.sent) == 3


@pytest.mark.parametrize("path", ["/wait", "/stall"])
def test_a_silent_server_is_asked_once(server, waits, path):
    server.on("/wait", Answer(wait_s=20.0))
    server.on("/stall", Answer(body=b"x" * 100, stall_after=10))
    http = Http(PlainTransport(), timeout_s=0.3, wait=waits.append)
    with pytest.raises(NoAnswerError):
        http.get(server.url + path)
    assert (len(server.asked), waits) == (1, [])


def test_a_slow_server_that_goes_on_is_waited_for(server):
    server.on("/drip", Answer(body=b"x" * 20, piece=2, pause_s=0.08))
    assert Http(PlainTransport(), timeout_s=0.5).get(f"{server.url}/drip").body == b"x" * 20


def test_a_cancel_ends_a_request_and_a_wait(server):
    server.on("/wait", Answer(wait_s=20.0))
    server.on("/busy", busy(503, "20"))
    for path in ("/wait", "/busy"):
        cancelled = threading.Event()
        timer = threading.Timer(0.2, cancelled.set)
        timer.start()
        begin = time.monotonic()
        with pytest.raises(Cancelled):
            Http(PlainTransport()).get(server.url + path, is_cancelled=cancelled.is_set)
        assert time.monotonic() - begin < 0.2 + 0.3
        timer.join()


def test_retry_after_as_a_date():
    later = datetime.now(UTC) + timedelta(seconds=20)
    assert 15.0 < retry_after({"retry-after": format_datetime(later, usegmt=True)}, 1.0) <= 20.0
    assert retry_after({"retry-after": formatdate(0.0, usegmt=True)}, 1.0) == 0.0


@given(st.one_of(st.text(), st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]\d+")))
def test_retry_after_takes_anything(text):
    assert 0.0 <= retry_after({"retry-after": text}, 1.0) <= 30.0


# --- errors in words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (as_json({"code": "X", "description": "no such band"}, 400), r"\(400\)\. no such band\.$"),
        (as_json({"detail": "bad box"}, 422), r"\(422\)\. bad box\.$"),
        (as_json({"message": "gone"}, 404), r"not found \(404\)\. gone\. Check the address"),
        (as_json({"detail": ""}, 403), r"refuses access \(403\)"),
        (as_json({"description": "who?"}, 401), r"\(401\)\. who\? Choose or correct"),
        (
            Answer(500, {}, b"<style>p{}</style><p>It &lt;fell</p>"),
            r"\(500\)\. It &lt;fell\.$",
        ),
        (Answer(500, {}, b"\xff\xfe\x00"), r"\(500\)"),
        (Answer(500, {}, b"[" * 5000), r"\(500\)\. \[+…$"),
        (Answer(500, {}, b"x" * 5000), r"\(500\)\. x{300}…$"),
    ],
)
def test_an_error_has_the_servers_words(server, http, answer, words):
    server.on("/error", answer)
    with pytest.raises(HttpError, match=words) as caught:
        http.get(f"{server.url}/error")
    assert caught.value.status == answer.status
    assert server.url in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff", b"[" * 100_000, b'{"a": 1' + b"0" * 5000 + b"}"]
)
def test_broken_json_is_told(server, http, body):
    server.on("/broken", Answer(200, {"Content-Type": "application/json"}, body))
    with pytest.raises(HttpError, match="something else than JSON"):
        read_json(http.get(f"{server.url}/broken"))


def test_a_login_page_is_told(server, http):
    server.on("/page", login_page())
    with pytest.raises(HttpError, match=r"\(text/html; charset=utf-8\): Sign in Please log in\."):
        read_json(http.get(f"{server.url}/page"))


def test_an_error_hides_what_signs_its_address(server, http):
    server.on("/error", as_json({"detail": f"bad token=abc for {server.url}/?sig=def"}, 500))
    with pytest.raises(HttpError) as caught:
        http.get(f"{server.url}/error?sig=ghi&token=jkl")
    assert not any(secret in str(caught.value) for secret in ("abc", "def", "ghi", "jkl"))


def test_any_status_of_a_stream_is_given(server, http):
    server.on("/file", guarded(file_of(b"x"), basic="a:b"))
    with http.stream(Request(f"{server.url}/file")) as answer:
        assert (answer.status, b"who" in b"".join(answer.chunks()).lower()) == (401, True)


def test_a_file_comes_in_parts(server, http):
    data = bytes(range(256)) * 4096
    server.on("/file", file_of(data))
    with http.stream(Request(f"{server.url}/file", headers={"Range": "bytes=1000-"})) as answer:
        pieces = list(answer.chunks())
    assert (answer.status, b"".join(pieces)) == (206, data[1000:])
    assert len(pieces) > 1


def test_errors_travel_between_processes():
    error = pickle.loads(
        pickle.dumps(HttpError("{url} ({status})", url="https://a.org", status=404))
    )
    assert (str(error), error.status, type(error)) == ("https://a.org (404)", 404, HttpError)
    assert HttpError("no status").status == 0
    assert issubclass(NoAnswerError, NetworkError)


def test_no_content_is_an_answer(server, http):
    server.on("/item", Answer(204))
    assert http.send(Request(f"{server.url}/item", "DELETE")).status == 204
