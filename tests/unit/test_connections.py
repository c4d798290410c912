"""Connections: no secret in them, none out of them, and only trusted servers get credentials."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.connections import (
    GROUPS,
    KINDS,
    Connection,
    as_mapping,
    asset_http_of,
    from_json,
    from_mapping,
    group_titles,
    http_of,
    presets,
    to_json,
)
from dbar_qgis_plugin.catalog.http import read_json
from dbar_qgis_plugin.errors import InputError
from tests.servers.misbehaving import misbehaving_server
from tests.servers.plain_transport import PlainTransport

ONE = Connection(
    name="Ours",
    url="https://a.org/stac",
    kind="stac_api",
    id="0" * 32,
    authcfg="abc1234",
    asset_authcfg="def5678",
    asset_hosts=("files.a.org", "http://b.org:8080/x"),
    page_size=20,
    timeout_s=5.0,
    writable=True,
    verified=True,
)


def test_values_survive_settings_but_only_some_an_export():
    assert from_mapping(json.loads(json.dumps(as_mapping(ONE)))) == ONE
    text = to_json([ONE])
    (back,) = from_json(text).connections
    for hidden in ("abc1234", "def5678", ONE.id, "authcfg", "writable", "verified"):
        assert hidden not in text
    assert (back.name, back.url, back.page_size, back.asset_hosts) == (
        "Ours",
        "https://a.org/stac",
        20,
        ("http://b.org:8080", "https://files.a.org"),
    )
    assert (back.authcfg, back.asset_authcfg) == ("", "")
    assert (back.writable, back.verified) == (False, False)


def test_ids_are_of_kind_and_address_where_none_is_given():
    first, again, other = (
        Connection(name=name, url=url, kind="csw")
        for name, url in (("a", "https://a.org"), ("b", "https://a.org"), ("c", "https://c.org"))
    )
    assert first.id == again.id != other.id
    assert len(first.id) == 32


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://me:pw@a.org/stac"}, r"credentials \(user:password\)"),
        ({"url": "https://a.org/stac?sig=abc&x=1"}, r"credentials \(sig\)"),
        ({"url": "https://a.org/{z}/{x}/{y}.png?api_key=abc"}, r"credentials \(api_key\)"),
        ({"url": ""}, "give the address"),
        ({"url": "https:///stac"}, "give the address"),
        ({"url": "http://[::1"}, "give the address"),
        ({"url": None}, "no text"),
        ({"name": " "}, "a name"),
        ({"kind": "ftp"}, "kind “ftp”"),
        ({"page_size": 0}, "0 is not between 1 and 1000"),
        ({"page_size": True}, "True is not between"),
        ({"timeout_s": float("nan")}, "nan is not between"),
        ({"asset_hosts": (3,)}, "no text"),
        ({"asset_hosts": ("",)}, "no server"),
        ({"asset_hosts": ("http://[::1",)}, "no server"),
    ],
)
def test_what_is_refused(changes, words):
    with pytest.raises(InputError, match=words):
        replace(ONE, **changes)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "https://[::1]:8080/a", "/data/stac", "C:\\data\\stac"]
)
def test_what_is_an_address(url):
    assert replace(ONE, url=url).is_local == (not url.startswith("http"))


def test_an_imported_address_loses_its_credentials_and_says_so():
    entry = {"name": "x", "kind": "wms", "url": " https://u:p@a.org/wms?map=1&token=abc "}
    (found,), (note,) = from_json(json.dumps({"connections": [entry]}))
    assert found.url == "https://a.org/wms?map=1"
    assert "user:password, token" in str(note)
    assert "abc" not in str(note)


def test_an_import_brings_no_credentials_and_tells_further_servers():
    entry = {**as_mapping(ONE), "id": "f" * 32}
    (found,), (note,) = from_json(json.dumps({"connections": [entry]}))
    assert (found.authcfg, found.asset_authcfg, found.writable, found.verified) == (
        "",
        "",
        False,
        False,
    )
    assert found.id != "f" * 32
    assert "https://files.a.org" in str(note)


def test_broken_connections_are_left_out_and_told():
    good = {"name": "x", "kind": "csw", "url": "https://a.org", "group": "elsewhere", "odd": 1}
    entries = [3, {}, {"name": "y"}, {**good, "page_size": "9"}, good, {**good, "url": "http://["}]
    found, notes = from_json(json.dumps({"connections": entries}))
    assert [(one.name, one.group) for one in found] == [("x", "own")]
    assert [str(note).partition(" was")[0] for note in notes] == [
        f"Connection {number}" for number in (1, 2, 3, 4, 6)
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"connections": {}}', "[" * 100_000])
def test_another_file_is_refused(text):
    with pytest.raises(InputError, match="no file of catalog connections"):
        from_json(text)


JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=3), max_size=2)
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": JSON | st.just("x"),
            "url": JSON | st.sampled_from(["https://a.org", "https://u:p@a.org?key=1", "http://["]),
            "kind": JSON | st.sampled_from(KINDS),
            "group": JSON | st.sampled_from(GROUPS),
            "asset_hosts": JSON,
            "page_size": JSON,
            "timeout_s": JSON,
        },
    )
    | JSON
)
def test_no_entry_is_an_error(entry):
    found = from_json(json.dumps({"connections": [entry]}))
    assert len(found.connections) + len(found.notes) >= 1
    assert all("u:p" not in one.url and "key=" not in one.url for one in found.connections)


# --- who gets credentials


def test_credentials_go_to_the_own_server_and_to_those_allowed():
    with misbehaving_server() as server:
        transport = PlainTransport({"api": {"X-A": "for api"}, "files": {"X-A": "for files"}})
        one = Connection(name="x", url=f"{server.url}/stac", kind="stac_api", authcfg="api")

        def seen(http, url):
            return read_json(http.get(f"{url}/echo"))["headers"].get("x-a")

        assert seen(http_of(one, transport), server.url) == "for api"
        assert seen(http_of(one, transport), server.other_url) is None
        assert seen(asset_http_of(one, transport), server.url) == "for api"
        assert seen(asset_http_of(one, transport), server.other_url) is None

        two = replace(one, asset_authcfg="files", asset_hosts=(server.other_url,))
        assert seen(http_of(two, transport), server.url) == "for api"
        assert seen(http_of(two, transport), server.other_url) is None
        assert seen(asset_http_of(two, transport), server.url) == "for files"
        assert seen(asset_http_of(two, transport), server.other_url) == "for files"


def test_a_folder_has_no_server():
    local = Connection(name="x", url="/data/stac", kind="stac_static", authcfg="abc")
    assert http_of(local, PlainTransport()).hosts == frozenset()
    assert http_of(ONE, PlainTransport()).timeout_s == 5.0


# --- presets


def test_presets_are_whole_and_unverified():
    found = presets()
    assert len({one.id for one in found}) == len(found) >= 7
    assert {one.group for one in found} == {"dbar", "open"}
    for one in found:
        assert one.url.startswith("https://")
        assert (one.verified, one.writable, one.authcfg, one.asset_hosts) == (False, False, "", ())
    assert set(group_titles()) == set(GROUPS)
