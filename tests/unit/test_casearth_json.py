"""A data set of CASEarth's sharing service: found by its page, listed, searched and fetched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dbar_qgis_plugin.catalog.access import Form, Kind, form_of, main_asset
from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.casearth_json import CasearthJson, data_set_of
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.connections import (
    Connection,
    asset_credentials,
    asset_http_of,
    http_of,
)
from dbar_qgis_plugin.catalog.health import State, check
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transfers.download import Fetched, Wanted, download
from dbar_qgis_plugin.catalog.transfers.queue import State as Progress
from dbar_qgis_plugin.catalog.transfers.queue import Transfer, TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from dbar_qgis_plugin.catalog.transport import HttpError
from dbar_qgis_plugin.errors import Cancelled, InputError
from tests.servers.casearth import (
    ACCOUNT,
    FILE,
    LIST,
    OLD_LIST,
    PAGE,
    SET,
    TIFF,
    data_set,
    gives,
    lists,
)
from tests.servers.misbehaving import (
    Answer,
    MisbehavingServer,
    as_json,
    file_of,
    login_page,
    misbehaving_server,
    redirect,
)
from tests.servers.plain_transport import PlainTransport

HOME = "https://data.casearth.cn"
AUTHCFG = "abc1234"
NIGHT = "夜光 遥感 2020.tif"


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def transport() -> PlainTransport:
    basic = {"Authorization": "Basic of-a-password"}
    return PlainTransport({AUTHCFG: basic}, accounts={AUTHCFG: ACCOUNT})


def known(server: MisbehavingServer, authcfg: str = AUTHCFG) -> Connection:
    return Connection("Lights", server.url + PAGE, "casearth_json", authcfg=authcfg)


def adapter_of(server: MisbehavingServer, transport: PlainTransport, authcfg: str = AUTHCFG):
    connection = known(server, authcfg)
    return open_adapter(connection, http_of(connection, transport))


def found(adapter: CasearthJson, query: Query | None = None) -> list[Item]:
    return [item for page in adapter.search(query or Query()) for item in page.items]


# Addresses


@pytest.mark.parametrize("host", [HOME, "http://data.casearth.cn", "https://DATA.casearth.cn"])
@pytest.mark.parametrize(
    "path",
    [
        "/sdo/detail/{}",
        "/en/sdo/detail/{}/",
        "/zh-CN/sdo/detail/{}?lang=en&from=/sdo/detail/x#files",
        "/dataset/{}",
        "/en/dataset/{}/files#top",
    ],
)
def test_the_page_of_a_data_set_is_known_by_its_address(host: str, path: str):
    transport = PlainTransport()
    url = host + path.format(SET.upper())
    assert sniff(f" {url}\n", Http(transport)) == "casearth_json"
    assert transport.sent == []
    whole = data_set_of(url)
    assert (whole.id, whole.server) == (SET, HOME)
    assert whole.page == HOME + path.partition("{")[0] + SET


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"{HOME}/sdo/detail/{SET[:-1]}", "is no id of a data set"),
        (f"{HOME}/en/dataset/{SET[:-1]}g", "is no id of a data set"),
        (f"{HOME}/dataset/", "is no id of a data set"),
        ("https://mirror.example/sdo/detail/42", "“42” in .* copy the address of its page"),
        (f"{HOME}/thematic/glc_fcs30", "is no data set of CASEarth. Open it in a browser"),
        (HOME, "is no data set of CASEarth. Open it in a browser"),
        (f"{HOME}/", "choose the kind yourself"),
    ],
)
def test_other_pages_say_what_to_do_and_are_not_asked(url: str, words: str):
    transport = PlainTransport()
    with pytest.raises(InputError, match=words):
        sniff(url, Http(transport))
    assert transport.sent == []
    connection = Connection("Mine", url, "casearth_json")
    with pytest.raises(InputError, match=words):
        open_adapter(connection, http_of(connection, transport))


def test_data_sets_of_other_portals_are_asked_what_they_are(server):
    with pytest.raises(HttpError, match="No such page"):
        sniff(f"{server.url}/dataset/{SET}", Http(PlainTransport()))
    assert server.asked


# The list


def test_files_are_items_whatever_an_entry_lacks(server, transport):
    data_set(server)
    adapter = adapter_of(server, transport)
    items = found(adapter)
    assert [item.id for item in items] == ["f1", "f2", "3", "f4", "f5"]
    assert [item.title for item in items[:3]] == [NIGHT, NIGHT, "part/Lights 2021.tif"]
    assert {item.collection for item in items} == {SET}
    assert {item.page for item in items} == {server.url + PAGE}
    assets = [main_asset(item) for item in items]
    assert assets[0].href == f"{server.url}{FILE}?fileId=f1"
    assert [asset.file_name for asset in assets] == [
        *(NIGHT, NIGHT, "Lights 2021.tif", "all.rar", "f5"),
    ]
    assert [asset.size for asset in assets] == [len(TIFF), None, 1_572_864, None, None]
    assert {asset.promised_size for asset in assets} == {None}
    assert [form_of(asset) for asset in assets[2:]] == [Form.RASTER, Form.ARCHIVE, Form.UNKNOWN]
    assert adapter.get(SET, "3") == items[2]
    with pytest.raises(HttpError, match="“f9” is not in the data set any more"):
        adapter.get(SET, "f9")
    # It is asked for once, and to everybody: no credentials go with it.
    assert [asked.path for asked in server.asked] == [LIST]
    assert "authorization" not in server.asked[0].headers
    assert server.asked[0].query == {"sdoId": SET}


def test_words_are_looked_for_and_nothing_is_told_of_areas_and_dates(server, transport):
    data_set(server)
    adapter = adapter_of(server, transport)
    assert [item.id for item in found(adapter, Query(text="遥感 夜光"))] == ["f1", "f2"]
    assert [item.id for item in found(adapter, Query(text="LIGHTS|2020"))] == ["f1", "f2", "3"]
    assert found(adapter, Query(text="nothing of it")) == []
    here = Query(box=(0.0, 0.0, 1.0, 1.0), months=(3,), most=3, sort=(("title", True),))
    assert [item.id for item in found(adapter, here)] == ["f1", "f2", "3"]
    pages = list(adapter.search(Query(page_size=2, text="f")))
    assert [len(page.items) for page in pages] == [2, 2, 1]
    assert (pages[0].matched, pages[0].dropped, pages[0].notes) == (5, {}, ())
    assert found(adapter, Query(collections=("other",))) == []
    assert [one.title for one in adapter.collections()] == [f"CASEarth {SET}"]
    assert adapter.queryables("") == {}


def test_what_it_can_do_is_in_words(server, transport):
    data_set(server)
    health, capabilities = check(adapter_of(server, transport))
    assert health.state is State.OK
    says = [str(line) for line in capabilities.says]
    assert says[0].startswith("Experimental: ")
    assert says[1] == "Files in the list: 5"
    assert "Can filter by area and date: no, the list of files tells none" in says
    assert "Can search for words: no, this is done here" in says
    assert "Can publish: no" in says
    assert not any("accounts only" in line for line in says)
    without = check(adapter_of(server, transport, authcfg="")).capabilities
    assert "accounts only" in str(without.says[-1])
    assert "page in a browser" in str(without.says[-1])


def test_the_list_may_lie_where_it_once_was(server, transport):
    server.on(OLD_LIST, lists([{"id": "old", "file_name": "a.tif"}]))
    assert [item.id for item in found(adapter_of(server, transport))] == ["old"]
    assert [asked.path for asked in server.asked] == [LIST, OLD_LIST]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"list": [{"id": "x"}]}},
        {"list": [{"id": "x"}]},
        [{"id": "x"}],
        {"code": "0", "data": [{"id": "x"}]},
    ],
)
def test_the_list_may_be_wrapped_otherwise(server, transport, answer: Any):
    server.on(LIST, as_json(answer))
    assert [item.id for item in found(adapter_of(server, transport))] == ["x"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (login_page(), r"\(text/html; charset=utf-8\): “Sign in Please log in”"),
        (as_json({"code": 500, "msg": "数据集不存在"}), r"\(application/json\): “数据集不存在”"),
        (as_json({"code": 403, "msg": "apply first", "data": None}), "“apply first”"),
        (as_json({"data": "?"}), r"\{\"data\""),
        (Answer(200, {"Content-Type": "text/plain"}, b"no"), r"\(text/plain\): “no”"),
        (Answer(200, {}, b"[" * 5000), r"\(\?\)"),
        (Answer(200, {}, b""), "“”"),
    ],
)
def test_what_is_no_list_is_told_with_a_way_out(server, transport, answer: Answer, words: str):
    server.on(LIST, answer)
    with pytest.raises(HttpError, match=words) as caught:
        found(adapter_of(server, transport))
    assert f"Open {server.url}{PAGE} in a browser, sign in, and download" in str(caught.value)
    assert "SDGSAT-1" in str(caught.value)
    assert check(adapter_of(server, transport)).health.state is State.DOWN


def test_a_list_that_is_gone_is_told_with_a_way_out(server, transport):
    with pytest.raises(HttpError, match="another way now") as caught:
        found(adapter_of(server, transport))
    assert f"Open {server.url}{PAGE} in a browser" in str(caught.value)
    assert caught.value.status == 404


@pytest.mark.parametrize("answer", [[], None])
def test_an_empty_list_is_told(server, transport, answer: Any):
    data_set(server, answer)
    adapter = adapter_of(server, transport)
    (page,) = adapter.search(Query())
    assert page.items == ()
    assert f"may need an approval. Open {server.url}{PAGE}" in str(page.notes[0])
    assert "lists no files" in str(adapter.describe().says[-1])


def test_entries_that_are_no_files_are_counted(server, transport):
    data_set(server, ["?", {"file_name": "a.tif"}, {"file_name": "a.tif"}, {"id": True}, {"id": 7}])
    (page,) = adapter_of(server, transport).search(Query())
    assert [item.id for item in page.items] == ["a.tif 1", "a.tif 2", "3", "7"]
    assert [bool(item.assets) for item in page.items] == [False, False, False, True]
    assert "4 entries of the list have no id" in str(page.notes[0])


def test_a_slow_server_is_let_go_at_once(server, transport):
    server.on(LIST, Answer(wait_s=30.0))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        adapter_of(server, transport).describe(stop.is_set)
    assert time.monotonic() - begin < 1.0


# Files


class Kept:
    def __init__(self, *connections: Connection) -> None:
        self._known = {one.id: one for one in connections}

    def all(self):
        return tuple(self._known.values())

    def get(self, connection_id: str):
        return self._known.get(connection_id)


def library_of(folder: Path, transport: PlainTransport, connection: Connection) -> Library:
    methods = {AUTHCFG: "Basic", "header": "APIHeader"}
    return Library(
        Kept(connection),
        transport,
        DataStore(folder / "data"),
        auth_method=lambda authcfg: methods.get(authcfg, ""),
    )


def fetched(library: Library, folder: Path, items: list[Item]) -> list[Transfer]:
    """Fetch the files of items the way the dock does, and return what has become of them."""
    queue = TransferQueue(folder / "transfers.sqlite")
    arrived: list[Fetched] = []

    def receive(transfer: Transfer, came: Fetched) -> None:
        library.receive(transfer, came)
        arrived.append(came)

    def route(transfer: Transfer) -> tuple[str, Http]:
        url, http = library.route(transfer)
        return url, replace(http, wait=lambda _seconds: None)

    runner = TransferRunner(queue, route, receive)
    for item in items:
        runner.add(queue.plan(item, item.assets, library.data.folder), item.source)
    assert runner.start()
    end = time.monotonic() + 20.0
    while any(one.state in (Progress.WAITING, Progress.RUNNING) for one in queue.all()):
        assert time.monotonic() < end
        time.sleep(0.02)
    result = queue.all()
    runner.close()
    return result


def texts_below(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_untold(text: bytes) -> None:
    """Nothing written down names the account, in whatever way."""
    for name in (ACCOUNT, quote(ACCOUNT), quote(ACCOUNT, safe=""), ACCOUNT.partition("+")[0]):
        assert name.encode() not in text
    assert b"password" not in text


def test_files_come_whole_by_the_name_of_the_account_alone(server, transport, tmp_path, caplog):
    data_set(server)
    cutting = [file_of(TIFF, cut_after=80_000), file_of(TIFF)]
    same = iter(cutting)

    def first(asked):
        return next(same, cutting[-1])(asked)

    server.on(FILE, gives({"f1": first, "f2": file_of(TIFF), "3": file_of(TIFF)}))
    connection = known(server)
    library = library_of(tmp_path, transport, connection)
    items = found(library.adapter(connection.id))[:3]
    transfers = fetched(library, tmp_path, items)
    assert [one.state for one in transfers] == [Progress.DONE] * 3
    names = [one.path.relative_to(library.data.folder).as_posix() for one in transfers]
    assert names == [
        f"{SET}/f1/夜光_遥感_2020.tif",
        f"{SET}/f2/夜光_遥感_2020.tif",
        f"{SET}/3/Lights_2021.tif",
    ]
    assert all(one.path.read_bytes() == TIFF for one in transfers)
    asked = server.asked_for(FILE)
    assert any("range" in one.headers for one in asked)  # the one that was cut went on
    assert {one.query.get("username") for one in asked} == {ACCOUNT}
    assert not any("authorization" in one.headers for one in server.asked)
    own = library.data.get(SET, "f1")
    assert (own.title, own.page) == (NIGHT, server.url + PAGE)
    assert own.assets[0].file_name == "夜光_遥感_2020.tif"
    assert own.assets[0].size == len(TIFF)
    assert set(library.held(items[0])) == {"data"}
    library.data.close()
    told = texts_below(tmp_path).replace(TIFF, b"")
    assert_untold(told + caplog.text.encode() + repr(transport.sent).encode())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (login_page(), "answered with a web page instead of the file"),
        (as_json({"code": 401, "msg": "用户未登录"}), "instead of the file: “用户未登录”"),
        (
            Answer(200, {"Content-Type": "text/plain;charset=UTF-8"}, "没有权限".encode()),
            "instead of the file: “没有权限”",
        ),
        (
            Answer(200, {"Content-Type": "application/octet-stream"}, b"\n {}"),
            "instead of the file: “{}”",
        ),
    ],
)
def test_an_error_in_place_of_a_file_is_never_kept(server, transport, tmp_path, answer, words):
    data_set(server)
    server.on(FILE, gives({"f1": answer}))
    connection = known(server)
    library = library_of(tmp_path, transport, connection)
    (item, *_) = found(library.adapter(connection.id))
    (transfer,) = fetched(library, tmp_path, [item])
    assert transfer.state is Progress.FAILED
    assert words in str(transfer.reason)
    assert f"open {server.url}{PAGE} in a browser, sign in" in str(transfer.reason)
    assert not list(transfer.path.parent.iterdir())
    assert library.held(item) == {}
    library.data.close()
    assert_untold(texts_below(tmp_path))


def test_an_error_in_json_is_no_table_either(server, tmp_path):
    url = server.on("/a.csv", as_json({"code": 500, "msg": "no"}))
    with pytest.raises(HttpError, match="a text instead of the file: no"):
        download(Wanted(url, tmp_path / "a.csv"), Http(PlainTransport()))
    server.on("/a.json", as_json({"code": 500}))
    download(Wanted(f"{server.url}/a.json", tmp_path / "a.json"), Http(PlainTransport()))


def test_text_is_what_a_file_is_not_by_what_its_server_calls_it(server, tmp_path):
    """Many servers call everything text that they do not know."""
    url = server.on("/b.tif", Answer(200, {"Content-Type": "text/plain"}, TIFF))
    assert download(Wanted(url, tmp_path / "b.tif"), Http(PlainTransport())).size == len(TIFF)


@pytest.mark.parametrize("location", ["{}", "{}&username=" + quote(ACCOUNT, safe="")])
def test_a_redirect_to_another_server_does_not_name_the_account(
    server, transport, tmp_path, location: str
):
    server.on("/stored", file_of(TIFF))
    to = server.other_url + location.format("/stored?part=1&sig=x")
    url = f"{server.on(FILE, redirect(to))}?fileId=f1"
    wanted = Wanted(url, tmp_path / "a.tif")
    assert download(wanted, asset_http_of(known(server), transport)).size == len(TIFF)
    (asked,) = server.asked_for("/stored")
    assert asked.host == "localhost"
    assert asked.query == {"part": "1", "sig": "x"}
    assert_untold(str(asked).encode())


def test_a_redirect_on_the_same_server_goes_on_for_the_account(server, transport, tmp_path):
    server.on("/stored", file_of(TIFF))
    to = f"/stored?part=1&username={quote(ACCOUNT, safe='')}"
    url = f"{server.on(FILE, redirect(to))}?fileId=f1"
    download(Wanted(url, tmp_path / "a.tif"), asset_http_of(known(server), transport))
    (asked,) = server.asked_for("/stored")
    assert asked.query == {"part": "1", "username": ACCOUNT}
    assert_untold(repr(transport.sent).encode())


def test_without_an_account_no_file_is_asked_for(server, transport, tmp_path):
    data_set(server)
    connection = known(server, authcfg="")
    library = library_of(tmp_path, transport, connection)
    (item, *_) = found(library.adapter(connection.id))
    access = library.access(item, item.assets[0])
    assert (access.kind, access.href) == (Kind.NONE, "")
    assert "accounts only" in str(access.reason)
    (transfer,) = fetched(library, tmp_path, [item])
    assert transfer.state is Progress.FAILED
    assert "name of your account. Or open the item's page" in str(transfer.reason)
    assert not server.asked_for(FILE)
    library.data.close()


def test_files_for_accounts_are_fetched_and_never_streamed(server, transport, tmp_path):
    data_set(server)
    connection = known(server)
    library = library_of(tmp_path, transport, connection)
    items = found(library.adapter(connection.id))
    ways = [library.access(item, item.assets[0]) for item in items]
    assert [way.kind for way in ways] == [
        *(Kind.DOWNLOAD, Kind.DOWNLOAD, Kind.DOWNLOAD, Kind.NONE, Kind.DOWNLOAD)
    ]
    assert "unpack it" in str(ways[3].reason)
    assert ways[3].href == items[3].assets[0].href  # it can be fetched
    other = replace(connection, authcfg="header")
    way = library.access_by(other, items[0], items[0].assets[0])
    assert (way.kind, way.href) == (Kind.NONE, "")
    library.data.close()


def test_an_old_address_leads_to_the_secure_server():
    old = Connection(
        "Old", f"http://data.casearth.cn/sdo/detail/{SET}", "casearth_json", authcfg=AUTHCFG
    )
    assert asset_credentials(old, f"{HOME}{FILE}?fileId=1") == AUTHCFG
    assert asset_credentials(old, "https://other.casearth.cn/") == ""
