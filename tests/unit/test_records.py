"""OGC API-Records: a real server held against OWSLib, and servers with the faults of the field."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dbar_qgis_plugin.catalog.adapters.records import Records, item_of, record_of
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.transport import HttpError
from dbar_qgis_plugin.errors import Cancelled
from tests.servers.misbehaving import MisbehavingServer, as_json, login_page, misbehaving_server
from tests.servers.plain_transport import PlainTransport
from tests.servers.pygeoapi import GAPS, WHOLE, pygeoapi_url
from tests.servers.records_data import Record, records
from tests.servers.stac_data import item

RECORDS = {record.id: record for record in records()}
WHOLE_IDS = [name for name in RECORDS if not name.startswith("gap")]


@pytest.fixture(scope="module")
def url() -> str:
    """Address of the real server."""
    return pygeoapi_url()


@pytest.fixture
def transport() -> PlainTransport:
    """A transport that keeps what was sent."""
    return PlainTransport()


@pytest.fixture
def real(url: str, transport: PlainTransport) -> Records:
    """The real server's adapter."""
    return Records(url, Http(transport), "real")


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server that answers what a test says."""
    with misbehaving_server() as started:
        started.on("/", as_json({"title": "Bad", "conformsTo": ["x/ogcapi-records-1/conf/core"]}))
        started.on("/collections", as_json({"collections": [{"id": "c"}]}))
        yield started


def found(adapter: Records, query: Query) -> list[Item]:
    """All items of a search."""
    return [one for page in adapter.search(query) for one in page.items]


def ids(adapter: Records, query: Query) -> list[str]:
    """Ids of all items of a search."""
    return [one.id for one in found(adapter, query)]


@pytest.mark.parametrize("path", ["", "collections/whole", "collections/whole/items?limit=1"])
def test_any_address_of_the_server_leads_to_all_of_it(url: str, path: str):
    http = Http(PlainTransport())
    assert sniff(url + path, http) == "records"
    adapter = Records(url + path, http)
    assert [known.id for known in adapter.collections()] == [WHOLE, GAPS]


def test_the_server_says_what_it_is(real: Records):
    said = real.describe()
    assert (said.title, said.kind) == ("Made-up records", "records")
    # It does not announce that it takes records: its collections do.
    assert (said.can_filter, said.can_sort, said.can_text, said.can_publish) == (
        False,
        True,
        True,
        True,
    )
    whole = next(iter(real.collections()))
    assert (whole.title, whole.box) == ("Records: whole", (-180.0, -90.0, 180.0, 90.0))
    assert set(real.queryables(WHOLE)) == {"type", "description", "keywords", "title", "created"}
    assert real.queryables("nowhere") == {}


def random_query(rng: random.Random) -> Query:
    """A query of which the server does every part."""
    parts: dict[str, Any] = {"collections": (WHOLE,), "page_size": rng.randint(3, 40)}
    if rng.random() < 0.6:
        west, south = rng.uniform(60, 95), rng.uniform(28, 40)
        parts["box"] = (west, south, west + rng.uniform(0, 20), south + rng.uniform(0, 10))
    if rng.random() < 0.5:
        begin = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(days=rng.randint(0, 1400))
        parts["begin"] = begin
        if rng.random() < 0.7:
            parts["end"] = begin + timedelta(days=rng.randint(0, 700))
    if rng.random() < 0.4:
        parts["text"] = rng.choice(["Scene", "scene", "built", "夜间灯光", "nothing"])
    return Query(**parts)


def test_searches_find_what_owslib_finds(url: str, real: Records):
    library = pytest.importorskip("owslib.ogcapi.records").Records(url)
    rng = random.Random(7)
    counts = set()
    for _ in range(20):
        query = random_query(rng)
        asked: dict[str, Any] = {"limit": 200}
        if query.box is not None:
            asked["bbox"] = list(query.box)
        if query.begin is not None:
            end = ".." if query.end is None else f"{query.end:%Y-%m-%dT%H:%M:%SZ}"
            asked["datetime"] = f"{query.begin:%Y-%m-%dT%H:%M:%SZ}/{end}"
        if query.text:
            asked["q"] = query.text
        wanted = library.collection_items(WHOLE, **asked)
        assert ids(real, query) == [one["id"] for one in wanted["features"]], query
        first = next(real.search(query))
        assert first.matched == wanted["numberMatched"] and not first.dropped
        counts.add(len(wanted["features"]))
    assert len(counts) > 5  # the queries differ


def test_pages_follow_the_links(real: Records, transport: PlainTransport):
    pages = list(real.search(Query(collections=(WHOLE,), page_size=9)))
    assert [len(page.items) for page in pages] == [9, 9, 9, 4]
    assert [one.id for page in pages for one in page.items] == WHOLE_IDS
    asked = [parse_qs(urlsplit(request.url).query) for request in transport.sent]
    assert [one["offset"] for one in asked if "offset" in one] == [["9"], ["18"], ["27"]]
    assert len(found(real, Query(collections=(WHOLE,), page_size=9, most=11))) == 11


def test_a_record_is_an_item_with_its_links_as_assets(real: Records):
    scene = real.get(WHOLE, "light-003")
    known = RECORDS["light-003"]
    assert (scene.title, scene.collection, scene.box) == ("Scene 3", WHOLE, known.box)
    assert scene.begin == scene.end == datetime(2022, 4, 15, 16, tzinfo=UTC)
    assert {asset.key: (asset.href, asset.roles) for asset in scene.assets} == {
        "light-003.tif": ("https://data.example/light-003.tif", ("data",)),
        "wms": ("https://maps.example/wms?map=light", ("wms",)),
        "wmts": ("https://maps.example/wmts", ("wmts",)),
    }
    assert scene.link("about").href == "https://portal.example/about"
    assert scene.link("self") is not None and scene.problems == ()
    period = real.get(WHOLE, "land-2020")
    assert (period.begin, period.end) == (
        datetime(2016, 1, 1, tzinfo=UTC),
        datetime(2020, 12, 31, tzinfo=UTC),
    )


def test_records_with_gaps_are_shown(real: Records):
    items = {one.id: one for one in found(real, Query(collections=(GAPS,)))}
    assert set(items) == {"gap-place", "gap-title", "gap-date", "gap-all"}
    assert items["gap-place"].box is None and items["gap-title"].title == ""
    assert items["gap-date"].begin is None
    told = [str(problem) for problem in items["gap-all"].problems]
    assert told == ["The item has no date.", "The item does not say where it lies."]


def test_what_the_server_fails_at_is_done_here(real: Records):
    query = Query(collections=(GAPS,), box=(10.5, 10.5, 12.0, 12.0))
    page = next(real.search(query))
    # What does not say where it lies is not left out.
    assert [one.id for one in page.items] == ["gap-place", "gap-title", "gap-date", "gap-all"]
    assert "Internal Server Error" in str(page.notes[0])
    page = next(real.search(Query(collections=(GAPS,), box=(20.0, 20.0, 21.0, 21.0))))
    assert [one.id for one in page.items] == ["gap-place", "gap-all"]
    assert (page.dropped, page.matched) == ({"area": 2}, None)
    # The other collection is searched by the server.
    pages = list(real.search(Query(box=(10.5, 10.5, 76.0, 40.0), page_size=100)))
    # Seven scenes, of which one touches the area, five years, and one period.
    assert [len(page.items) for page in pages] == [7 + 5 + 1, 4]
    assert [bool(page.notes) for page in pages] == [False, True]
    # Two have no title to be sorted by.
    sorted_items = found(real, Query(collections=(GAPS,), sort=(("title", False),)))
    assert [one.title for one in sorted_items] == ["A record", "A record", "", ""]


def test_the_server_sorts_where_it_can(real: Records):
    query = Query(collections=(WHOLE,), sort=(("title", True),), page_size=5, most=5)
    titles = sorted((RECORDS[name].title for name in WHOLE_IDS), reverse=True)
    page = next(real.search(query))
    assert [one.title for one in page.items] == titles[:5] and not page.notes
    page = next(real.search(Query(sort=(("title", False),), most=3)))
    assert [one.title for one in page.items] == ["A record", "A record", "Map built-2000"]
    query = Query(collections=(WHOLE,), sort=(("datetime", False),), most=2)
    assert ids(real, query) == ["built-2000", "built-2005"]


def test_of_several_words_all_must_be_there(real: Records, transport: PlainTransport):
    pages = list(real.search(Query(collections=(WHOLE,), text="12 scene")))
    assert [one.id for page in pages for one in page.items] == ["light-012"]
    assert pages[0].dropped == {"text": 24} and pages[0].matched is None
    assert "q=scene" in transport.sent[-1].url


def test_of_words_with_a_stroke_between_them_one_is_enough(
    real: Records, transport: PlainTransport
):
    text = "nothing|2010 scene|built"
    assert len(ids(real, Query(collections=(WHOLE,), text="scene|built"))) == 30
    assert ids(real, Query(collections=(WHOLE,), text=text)) == ["built-2010"]
    sent = [parse_qs(urlsplit(one.url).query).get("q") for one in transport.sent]
    assert ["scene"] in sent and ["built"] in sent


def test_an_area_over_180_degrees_is_asked_in_two(real: Records, transport: PlainTransport):
    query = Query(collections=(WHOLE,), box=(92.5, 30.0, -170.0, 40.0))
    assert set(ids(real, query)) == {"light-022", "light-023", "light-024"}
    boxes = [parse_qs(urlsplit(one.url).query).get("bbox") for one in transport.sent]
    assert [box for box in boxes if box] == [["92.5,30.0,180.0,40.0"], ["-180.0,30.0,-170.0,40.0"]]


def test_properties_and_ids_are_looked_at_here(real: Records):
    query = Query(conditions=(Condition("title", "=", "Scene 4"),))
    pages = list(real.search(query))
    assert [one.id for page in pages for one in page.items] == ["light-004"]
    assert sum(page.dropped["title"] for page in pages) == 34
    query = Query(ids=("light-002", "nowhere", "gap-all"))
    assert ids(real, query) == ["light-002", "gap-all"]


def test_what_is_written_comes_back(real: Records):
    written = item("new/1 新", "c", (1.0, 2.0, 3.0, 4.0), None)
    written["properties"] |= {
        "start_datetime": "2016-01-01T00:00:00Z",
        "end_datetime": "2020-12-31T23:59:59Z",
        "title": "Land degradation",
        "description": "15.3.1",
        "keywords": ["sdg"],
        "license": "CC-BY-4.0",
    }
    written["assets"]["data"] |= {"file:size": 123, "file:checksum": "1220" + "ab" * 32}
    written["assets"]["map"] = {
        "href": "https://maps.example/wms",
        "roles": ["wms"],
        "wms:layers": ["全球"],
    }
    identity = real.create(WHOLE, written)
    read = real.get(WHOLE, identity)
    assert (read.id, read.title, read.box) == (identity, "Land degradation", (1.0, 2.0, 3.0, 4.0))
    assert (read.begin, read.end) == (
        datetime(2016, 1, 1, tzinfo=UTC),
        datetime(2020, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    assert {name: read.properties[name] for name in ("description", "keywords", "license")} == {
        "description": "15.3.1",
        "keywords": ["sdg"],
        "license": "CC-BY-4.0",
    }
    data, layer = read.assets
    assert (data.size, data.checksum, data.roles) == (123, "1220" + "ab" * 32, ("data",))
    assert (layer.roles, layer.raw["wms:layers"]) == (("wms",), ["全球"])

    real.replace(WHOLE, {**written, "id": identity, "properties": {"title": "Second"}})
    again = real.get(WHOLE, identity)
    assert (again.title, again.begin) == ("Second", None)
    real.delete(WHOLE, identity)
    with pytest.raises(HttpError, match="identifier not found") as error:
        real.get(WHOLE, identity)
    assert error.value.status == 404


def test_errors_are_in_the_servers_words(real: Records, server: MisbehavingServer):
    with pytest.raises(HttpError, match="Collection not found"):
        list(real.search(Query(collections=("nowhere",))))
    with pytest.raises(HttpError, match="Collection not found"):
        real.create("nowhere", item("a", "c", (1, 2, 3, 4), None))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    server.on("/collections/c/items", login_page())
    with pytest.raises(HttpError, match="Please log in"):
        list(adapter.search(Query()))
    server.on("/collections/c/items", as_json({"description": "Not yours"}, 403))
    with pytest.raises(HttpError, match="Not yours"):
        list(adapter.search(Query(box=(1.0, 2.0, 3.0, 4.0))))


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"features": None},
        {"features": {"a": 1}},
        {"features": [None, 3, "x", [], {}, {"id": None}], "links": 7},
        {"features": [{"id": "a", "properties": [], "links": {"rel": 3}, "time": 5}]},
        {"features": [{"id": "a", "links": [{"href": 5}, None, {"rel": []}], "assets": []}]},
        {"features": [{"id": "a", "time": {"interval": [1, None]}, "geometry": [1]}]},
        {"features": [{"id": "a", "time": {"interval": ["2020"]}}], "numberMatched": "many"},
    ],
)
def test_broken_documents_end_nothing(server: MisbehavingServer, document: Any):
    server.on("/collections/c/items", as_json(document))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    items = found(adapter, Query(text="", begin=datetime(2020, 1, 1, tzinfo=UTC)))
    features = document.get("features") if isinstance(document, dict) else None
    assert len(items) == (len(features) if isinstance(features, list) else 0)


def test_what_a_server_ignores_is_left_out_here(server: MisbehavingServer):
    """It takes every parameter, and gives all it has."""
    near = {"id": "near", "bbox": [1, 1, 2, 2], "time": {"date": "2020-05-01"}}
    far = {"id": "far", "bbox": [50, 1, 51, 2], "time": {"date": "2020-05-01"}}
    old = {"id": "old", "bbox": [1, 1, 2, 2], "time": {"interval": ["..", "2001"]}}
    features = {"features": [near, far, old], "numberMatched": 3}
    server.on("/collections/c/items", as_json(features))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    begin = datetime(2020, 5, 1, 12, tzinfo=UTC)
    page = next(adapter.search(Query(box=(0.0, 0.0, 3.0, 3.0), begin=begin)))
    # The first day of May lasts until its end.
    assert [one.id for one in page.items] == ["near"]
    assert page.dropped == {"area": 1, "period": 1} and page.matched is None
    asked = server.asked_for("/collections/c/items")[0].query
    assert asked["bbox"] == "0.0,0.0,3.0,3.0" and asked["datetime"] == "2020-05-01T12:00:00Z/.."


def test_a_server_that_filters_is_asked_to(server: MisbehavingServer):
    part = "http://www.opengis.net/spec"
    classes = [
        f"{part}/ogcapi-records-1/1.0/conf/record-core",
        f"{part}/ogcapi-features-3/1.0/conf/filter",
        f"{part}/cql2/1.0/conf/cql2-text",
    ]
    server.on("/", as_json({"title": "Good", "conformsTo": classes}))
    good = {"id": "good", "properties": {"cloud": 5}}
    bad = {"id": "bad", "properties": {"cloud": 50}}
    server.on("/collections/c/items", as_json({"features": [good, bad], "numberMatched": 2}))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    assert adapter.describe().can_filter
    page = next(adapter.search(Query(conditions=(Condition("cloud", "<", 20.0),))))
    # It was asked, and did not do it.
    assert [one.id for one in page.items] == ["good"] and page.dropped == {"cloud": 1}
    asked = server.asked_for("/collections/c/items")[0].query
    assert (asked["filter"], asked["filter-lang"]) == ('"cloud" < 20.0', "cql2-text")


def test_paging_in_a_circle_ends(server: MisbehavingServer):
    link = {"rel": "next", "href": f"{server.url}/collections/c/items?limit=50"}
    server.on("/collections/c/items", as_json({"features": [{"id": "a"}], "links": [link]}))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    assert ids(adapter, Query()) == ["a"]


def test_a_search_for_words_with_signs_is_sent_whole(server: MisbehavingServer):
    server.on("/collections/c/items", as_json({"features": []}))
    adapter = Records(server.url + "/", Http(PlainTransport()))
    assert found(adapter, Query(text="a&limit=1#")) == []
    asked = server.asked_for("/collections/c/items")[0].query
    assert (asked["q"], asked["limit"]) == ("a&limit=1#", "50")


def test_a_cancel_ends_a_request_that_gets_no_answer():
    cancelled = threading.Event()
    at: list[float] = []

    def cancel() -> None:
        at.append(time.monotonic())
        cancelled.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        adapter = Records(address, Http(PlainTransport()))
        threading.Timer(0.2, cancel).start()
        with pytest.raises(Cancelled):
            list(adapter.search(Query(), cancelled.is_set))
        assert time.monotonic() - at[0] < 0.3


def test_items_and_records_say_the_same():
    made = item("a", "c", (1.0, 2.0, 3.0, 4.0), "2020-01-01T00:00:00Z", title="A", year=2020)
    back = item_of(json.loads(json.dumps(record_of(made))), "c")
    assert back["properties"]["datetime"] == "2020-01-01T00:00:00Z"
    assert back["properties"]["year"] == 2020
    assert (back["geometry"], back["bbox"]) == (made["geometry"], made["bbox"])
    assert [asset["href"] for asset in back["assets"].values()] == ["https://data.example/a.tif"]


def test_the_record_that_the_server_is_made_from_is_what_it_gives(real: Records):
    for one in found(real, Query(collections=(WHOLE,))):
        known: Record = RECORDS[one.id]
        assert (one.title, one.properties["description"]) == (known.title, known.abstract)
        assert tuple(one.properties["keywords"]) == known.keywords
        assert one.box == known.box
