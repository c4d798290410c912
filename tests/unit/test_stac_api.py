"""STAC APIs: a real server held against pystac-client, and servers with the faults of the field."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pystac_client import Client
from pystac_client.stac_api_io import StacApiIO

from dbar_qgis_plugin.catalog.adapters.stac_api import StacApi, cql2_json, cql2_text
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import Cancelled
from tests.servers.plain_transport import PlainTransport
from tests.servers.stac import stac_url
from tests.servers.stac_data import BUILT_UP, LAND, LIGHT, item

ROOT = "https://catalog.example/stac"
SEARCH = f"{ROOT}/search"
CORE = "https://api.stacspec.org/v1.0.0/core"
ITEM_SEARCH = "https://api.stacspec.org/v1.0.0/item-search"


@pytest.fixture(scope="module")
def url() -> str:
    """Address of the real server."""
    return stac_url()


@pytest.fixture
def transport() -> PlainTransport:
    """A transport that keeps what was sent."""
    return PlainTransport()


@pytest.fixture
def real(url: str, transport: PlainTransport) -> StacApi:
    """The real server's adapter."""
    return StacApi(url, Http(transport), "real")


def found(adapter: StacApi, query: Query) -> list[Item]:
    """All items of a search."""
    return [one for page in adapter.search(query) for one in page.items]


def ids(adapter: StacApi, **query: Any) -> list[str]:
    """Ids of all items of a search, in order."""
    return [one.id for one in found(adapter, Query(**query))]


def random_query(rng: random.Random) -> Query:
    """Make up a search that the real server can do itself."""
    parts: dict[str, Any] = {"page_size": rng.choice((3, 7, 10, 50))}
    if rng.random() < 0.5:
        parts["collections"] = tuple(rng.sample((LIGHT, BUILT_UP, LAND), rng.randint(1, 2)))
    if rng.random() < 0.6:
        west, south = rng.uniform(60, 95), rng.uniform(25, 40)
        parts["box"] = (west, south, west + rng.uniform(0.1, 15), south + rng.uniform(0.1, 8))
    if rng.random() < 0.5:
        begin = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=rng.randint(0, 8300))
        ends = (begin, begin + timedelta(days=rng.randint(30, 3000)))
        parts["begin"], parts["end"] = rng.choice((ends, (ends[0], None), (None, ends[1])))
    if rng.random() < 0.4:
        operator = rng.choice(("<", "<=", ">", ">=", "=", "<>"))
        parts["conditions"] = (Condition("eo:cloud_cover", operator, rng.randrange(0, 100, 4)),)
        if rng.random() < 0.5:
            parts["conditions"] += (Condition("platform", "=", "SDGSAT-1"),)
    if rng.random() < 0.4:
        name = rng.choice(("id", "datetime", "eo:cloud_cover"))
        parts["sort"] = ((name, rng.random() < 0.5),)
    if rng.random() < 0.3:
        parts["most"] = rng.randint(1, 12)
    return Query(**parts)


def by_pystac_client(client: Client, query: Query) -> list[str]:
    """Search with pystac-client alone."""
    several = {"op": "and", "args": [cql2_json((one,)) for one in query.conditions]}
    moments = (query.begin, query.end)
    search = client.search(
        collections=list(query.collections) or None,
        bbox=query.box,
        datetime=moments if any(moments) else None,
        filter=several if query.conditions else None,
        filter_lang="cql2-json" if query.conditions else None,
        sortby=[
            {
                "field": name if name == "id" else f"properties.{name}",
                "direction": "desc" if falls else "asc",
            }
            for name, falls in query.sort
        ]
        or None,
        limit=query.page_size,
        max_items=query.most,
    )
    return [one["id"] for one in search.items_as_dicts()]


def test_random_searches_give_what_pystac_client_gives(url: str, real: StacApi):
    rng = random.Random(20)
    lengths = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = Client.open(url, stac_io=StacApiIO())
        for _ in range(30):
            query = random_query(rng)
            pages = list(real.search(query))
            items = [one.id for page in pages for one in page.items]
            assert items == by_pystac_client(client, query), query
            assert not any(page.dropped or page.notes for page in pages), query
            lengths.add(len(items))
    assert len(lengths) > 8


def test_what_the_server_is_and_does(real: StacApi):
    known = real.describe()
    assert (known.title, known.kind) == ("Made-up catalog", "stac_api")
    # The server announces v1.1.0 of sorting, which pystac-client does not know.
    assert known.can_filter and known.can_sort and known.can_text and known.can_publish
    assert [str(line) for line in known.says] == [
        "Can filter by property: yes",
        "Can sort: yes",
        "Can search for words: yes",
        "Can publish: yes",
    ]


def test_collections_and_queryables(real: StacApi):
    collections = list(real.collections())
    assert [one.id for one in collections] == [LIGHT, BUILT_UP, LAND]
    assert collections[0].source == "real"
    assert set(real.queryables("")) == {"id", "eo:cloud_cover"}
    assert real.queryables(BUILT_UP) == {"year": {"type": "integer"}}


@pytest.mark.parametrize("transport", [PlainTransport(), "GetOnly"])
def test_what_stands_beside_the_properties_is_filtered_by(url: str, transport: Any):
    chosen = GetOnly() if transport == "GetOnly" else transport
    adapter = StacApi(url, Http(chosen), "s")
    (page,) = adapter.search(Query(conditions=(Condition("id", "=", "light-003"),)))
    assert [one.id for one in page.items] == ["light-003"]
    assert (dict(page.dropped), page.notes) == ({}, ())
    late = Condition("datetime", ">", "2022-12-01T00:00:00Z")
    assert ids(adapter, conditions=(late,)) == ["light-011", "light-023"]


def test_pages_have_the_asked_size_and_the_count_of_all(real: StacApi, transport: PlainTransport):
    pages = list(real.search(Query(collections=(LIGHT,), page_size=10)))
    assert [(len(page.items), page.matched) for page in pages] == [(10, 25), (10, 25), (5, 25)]
    posts = [request for request in transport.sent if request.method == "POST"]
    assert [json.loads(request.body or b"")["limit"] for request in posts] == [10, 10, 10]


def test_pages_are_fetched_when_they_are_wanted(real: StacApi, transport: PlainTransport):
    next(iter(real.search(Query(page_size=5))))
    assert [request.method for request in transport.sent] == ["GET", "POST"]


def test_an_item_that_is_a_period_is_found_by_it(real: StacApi):
    day = datetime(2018, 3, 1, tzinfo=UTC)
    assert ids(real, begin=day, end=day) == ["land-2020"]
    assert ids(real, collections=(LAND,), end=datetime(2015, 12, 31, tzinfo=UTC)) == []


def test_one_item(real: StacApi):
    one = real.get(LIGHT, "light-007")
    assert (one.title, one.source, one.collection) == ("Scene 7", "real", LIGHT)
    with pytest.raises(HttpError, match="nowhere is not in night-light") as caught:
        real.get(LIGHT, "nowhere")
    assert caught.value.status == 404


def test_words_are_searched_by_the_server(real: StacApi, transport: PlainTransport):
    assert ids(real, text="urban") == [f"built-{y}" for y in (2000, 2005, 2010, 2015, 2020)]
    assert json.loads(transport.sent[-1].body or b"")["q"] == ["urban"]
    # The server joins words by "or"; both must be there, in the item or its collection.
    assert ids(real, text="Scene urban") == []
    assert ids(real, text="glimmer 7") == ["light-007", "light-017"]
    # Of words with a stroke between them one is enough.
    assert len(ids(real, text="urban|glimmer")) == 30
    assert ids(real, text="glimmer|urban 7|2005") == ["light-007", "light-017", "built-2005"]


def test_a_box_over_180_degrees(real: StacApi):
    east = ids(real, box=(85.5, 30, 180, 50))
    both = ids(real, box=(85.5, 30, -170, 50))
    assert both == east and len(east) > 5
    # Sorted as one, though the two halves are asked for apart.
    rising = ids(real, collections=(LIGHT,), box=(92.5, 30, 71.5, 50), sort=(("id", False),))
    assert rising == ["light-000", "light-001", "light-022", "light-023", "light-024"]


class GetOnly(PlainTransport):
    """The real server without POST."""

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        if request.method == "POST":
            self.sent.append(request)
            return Response(405, {}, b'{"detail": "Method Not Allowed"}', request.url)
        return super().send(request, is_cancelled)


def test_a_server_that_takes_no_post_is_asked_by_get(url: str, real: StacApi):
    rng = random.Random(5)
    transport = GetOnly()
    adapter = StacApi(url, Http(transport, tries=1), "real")
    for _ in range(8):
        query = random_query(rng)
        assert found(adapter, query) == found(real, query), query
    asked = [request for request in transport.sent if "/search?" in request.url]
    assert any("filter-lang=cql2-text" in request.url for request in asked)


# Servers with the faults of the field: what they answer is written down here.


class Scripted:
    """A transport that answers what a function says."""

    def __init__(self, answer: Callable[[Request], Any]) -> None:
        self.answer = answer
        self.sent: list[Request] = []

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        self.sent.append(request)
        if is_cancelled():
            raise Cancelled
        answer = self.answer(request)
        if isinstance(answer, Response):
            return answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Response(200, {"content-type": "application/json"}, body, request.url)

    def stream(self, request: Request, is_cancelled: IsCancelled = never) -> Any:
        raise NotImplementedError


def landing(*conformance: str, search: bool = True) -> dict[str, Any]:
    """The root of an API."""
    links = [{"rel": "data", "href": "stac/collections"}]
    if search:
        links.append({"rel": "search", "href": SEARCH, "method": "POST"})
    return {"type": "Catalog", "id": "x", "conformsTo": [CORE, *conformance], "links": links}


def server(
    answer: Callable[[Request], Any], *conformance: str, search: bool = True
) -> tuple[StacApi, Scripted]:
    """An adapter of a server that answers all but its root by a function."""
    root = landing(*conformance, search=search)
    transport = Scripted(lambda request: root if request.url == ROOT else answer(request))
    return StacApi(ROOT, Http(transport, wait=lambda _: None), "s"), transport


def listed(*items: Any, **more: Any) -> dict[str, Any]:
    """A page of items."""
    return {"type": "FeatureCollection", "features": list(items), "links": [], **more}


NEAR = item("near", "c", (10, 10, 11, 11), "2020-05-01T00:00:00Z", **{"eo:cloud_cover": 5, "n": 2})
FAR = item("far", "c", (50, 10, 51, 11), "2020-05-01T00:00:00Z", **{"eo:cloud_cover": 5, "n": 1})
CLOUDY = item("cloudy", "c", (10, 10, 11, 11), "2020-05-01T00:00:00Z", **{"eo:cloud_cover": 90})
OLD = item("old", "c", (10, 10, 11, 11), "1999-05-01T00:00:00Z", **{"eo:cloud_cover": 5, "n": 3})


def test_what_a_server_ignores_is_done_here_and_counted():
    adapter, transport = server(
        lambda _: listed(NEAR, FAR, CLOUDY, OLD, numberMatched=4), ITEM_SEARCH
    )
    query = Query(
        box=(9, 9, 12, 12),
        begin=datetime(2010, 1, 1, tzinfo=UTC),
        conditions=(Condition("eo:cloud_cover", "<", 20),),
    )
    (page,) = adapter.search(query)
    assert [one.id for one in page.items] == ["near"]
    assert page.dropped == {"area": 1, "period": 1, "eo:cloud_cover": 1}
    assert page.matched is None
    # It does not announce filtering, so it is not asked to.
    assert "filter" not in json.loads(transport.sent[-1].body or b"")
    assert not adapter.describe().can_filter


def test_sorting_and_words_are_done_here_where_the_server_does_not():
    collections = {"collections": [{"id": "c", "title": "Night light"}, {"id": "d"}], "links": []}

    def answer(request: Request) -> Any:
        if request.url.endswith("/collections"):
            return collections
        wanted = json.loads(request.body or b"").get("collections")
        return listed(NEAR, OLD, CLOUDY, FAR) if wanted == ["c"] else listed()

    adapter, _ = server(answer, ITEM_SEARCH)
    (page,) = adapter.search(Query(text="night LIGHT", sort=(("n", True),)))
    # What lacks the property comes last.
    assert [one.id for one in page.items] == ["old", "near", "far", "cloudy"]
    assert "collections that have them" in str(page.notes[0])


def test_words_of_items_are_looked_up_where_no_collection_has_them():
    def answer(request: Request) -> Any:
        if request.url.endswith("/collections"):
            return {"collections": [{"id": "c"}], "links": []}
        return listed(NEAR, FAR)

    adapter, _ = server(answer, ITEM_SEARCH)
    (page,) = adapter.search(Query(text="near"))
    assert [one.id for one in page.items] == ["near"]
    assert page.dropped == {"text": 1}


def test_the_query_extension_serves_where_there_is_no_filter():
    adapter, transport = server(lambda _: listed(NEAR), ITEM_SEARCH, f"{ITEM_SEARCH}#query")
    assert ids(adapter, conditions=(Condition("n", ">=", 2),)) == ["near"]
    assert json.loads(transport.sent[-1].body or b"")["query"] == {"n": {"gte": 2}}


def test_a_refused_filter_is_done_here_and_told():
    def answer(request: Request) -> Any:
        if "filter" in json.loads(request.body or b""):
            body = b'{"code": "BadRequest", "description": "eo:cloud_cover is no queryable"}'
            return Response(400, {}, body, request.url)
        return listed(NEAR, CLOUDY)

    adapter, _ = server(answer, ITEM_SEARCH, f"{ITEM_SEARCH}#filter")
    (page,) = adapter.search(Query(conditions=(Condition("eo:cloud_cover", "<", 20),)))
    assert [one.id for one in page.items] == ["near"]
    assert "eo:cloud_cover is no queryable" in str(page.notes[0])


def test_a_server_without_search_gives_its_collections_items():
    def answer(request: Request) -> Any:
        path = urlsplit(request.url).path
        if path.endswith("/collections"):
            return {"collections": [{"id": "c"}, {"id": "d/e"}], "links": []}
        assert parse_qs(urlsplit(request.url).query)["bbox"] == ["9.0,9.0,12.0,12.0"]
        return listed(NEAR) if path.endswith("/c/items") else listed()

    adapter, transport = server(answer, search=False)
    pages = list(adapter.search(Query(box=(9.0, 9.0, 12.0, 12.0))))
    assert [one.id for page in pages for one in page.items] == ["near"]
    assert "/collections/d%2Fe/items?" in transport.sent[-1].url
    assert "Has no search" in str(adapter.describe().says[0])


def test_broken_items_are_kept_and_spoil_no_page():
    relative = {**NEAR, "id": "relative", "assets": {"data": {"href": "../files/a.tif"}}}
    relative["links"] = [{"rel": "self", "href": f"{ROOT}/collections/c/items/relative"}]
    high = {**NEAR, "id": "high", "bbox": [10, 10, -5, 11, 11, 300]}
    over = {**NEAR, "id": "over", "bbox": [179, -1, -179, 1], "geometry": None}
    no_date = {**NEAR, "id": "no-date", "properties": {}}
    no_place = {**NEAR, "id": "no-place", "geometry": None, "bbox": None}
    entries = [relative, high, over, no_date, no_place, None, "text", {"id": 7}, {"links": 3}]
    adapter, _ = server(lambda _: listed(*entries), ITEM_SEARCH)
    (page,) = adapter.search(Query())
    by_id = {one.id: one for one in page.items}
    assert len(page.items) == len(entries)
    assert by_id["relative"].assets[0].href == f"{ROOT}/collections/c/files/a.tif"
    assert by_id["high"].box == (10, 10, 11, 11)
    assert by_id["over"].box == (179, -1, -179, 1)
    assert [str(line) for line in by_id["no-date"].problems] == ["The item has no date."]
    assert "where it lies" in str(by_id["no-place"].problems[0])
    # An item over 180 degrees is found from either side.
    assert ids(adapter, box=(-180, -1, -179.5, 1)).count("over") == 1
    assert "over" not in ids(adapter, box=(0, -1, 1, 1))


def paged(following: Callable[[int], dict[str, Any]], pages: int = 3) -> Callable[[Request], Any]:
    """A server whose pages are asked for by `token` in the body, the query or a header."""

    def answer(request: Request) -> Any:
        body = json.loads(request.body) if request.body else {}
        asked = parse_qs(urlsplit(request.url).query)
        token = body.get("token") or asked.get("token", [""])[0] or request.headers.get("X-Token")
        number = int(token or 0)
        links = [{"rel": "next", **following(number + 1)}] if number + 1 < pages else []
        return listed({**NEAR, "id": f"item-{number}"}, links=[None, {"rel": "x"}, *links])

    return answer


@pytest.mark.parametrize(
    "following",
    [
        lambda n: {"href": SEARCH, "method": "POST", "body": {"token": n}, "merge": True},
        lambda n: {"href": SEARCH, "method": "POST", "body": {"token": n}},
        lambda n: {"href": SEARCH, "method": "post", "headers": {"X-Token": [str(n)]}},
        lambda n: {"href": f"{SEARCH}?token={n}&opaque=%2Fa"},
        lambda n: {"href": f"?token={n}"},
    ],
    ids=["merged", "replaced", "headers", "get", "relative"],
)
def test_links_to_the_next_page_are_followed_as_they_come(following: Any):
    adapter, transport = server(paged(following), ITEM_SEARCH)
    assert ids(adapter, box=(9, 9, 12, 12)) == ["item-0", "item-1", "item-2"]
    last = transport.sent[-1]
    if following(2).get("merge"):
        assert json.loads(last.body or b"")["bbox"] == [9, 9, 12, 12]
    elif "body" in following(2):
        assert json.loads(last.body or b"") == {"token": 2}
    elif "opaque" in following(2)["href"]:
        assert last.url == f"{SEARCH}?token=2&opaque=%2Fa"


def test_pages_in_a_circle_end():
    adapter, transport = server(
        lambda _: listed(NEAR, links=[{"rel": "next", "href": SEARCH}]), ITEM_SEARCH
    )
    assert ids(adapter) == ["near"]
    assert len(transport.sent) < 6


def test_an_empty_page_is_not_the_last_one():
    def answer(request: Request) -> Any:
        if "page=2" in request.url:
            return listed(NEAR)
        return listed(links=[{"rel": "next", "href": f"{SEARCH}?page=2"}])

    adapter, _ = server(answer, ITEM_SEARCH)
    assert ids(adapter) == ["near"]


def test_a_broken_page_is_told_after_the_good_ones():
    def answer(request: Request) -> Any:
        if request.method == "GET":
            return b'{"type": "FeatureCollection", "features": [{"id": '
        return listed(NEAR, links=[{"rel": "next", "href": f"{SEARCH}?page=2"}])

    adapter, _ = server(answer, ITEM_SEARCH)
    pages = adapter.search(Query())
    assert [one.id for one in next(pages).items] == ["near"]
    with pytest.raises(HttpError, match="something else than JSON"):
        next(pages)


def test_collections_come_page_after_page_with_broken_ones():
    def answer(request: Request) -> Any:
        if "page=2" in request.url:
            return {"collections": [{"id": "c"}], "links": []}
        link = {"rel": "next", "href": f"{ROOT}/collections?page=2"}
        return {"collections": [{"id": "a"}, None, {"title": "B"}], "links": [link]}

    adapter, _ = server(answer, ITEM_SEARCH)
    assert [(one.id, one.title) for one in adapter.collections()] == [
        ("a", "a"),
        ("", ""),
        ("", "B"),
        ("c", "c"),
    ]


def test_collections_that_only_the_root_names():
    def answer(request: Request) -> Any:
        if request.url.endswith("/c"):
            return {"type": "Collection", "id": "c"}
        return Response(500, {}, b'{"description": "index lost"}', request.url)

    links = [{"rel": "child", "href": f"/stac/{name}"} for name in ("b", "c")]
    root = {**landing(), "links": links}
    transport = Scripted(lambda request: root if request.url == ROOT else answer(request))
    broken, whole = StacApi(ROOT, Http(transport), "s").collections()
    assert "index lost" in str(broken.problems[0])
    assert whole.id == "c"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, b'{"detail": "Bearer token missing"}', "Bearer token missing"),
        (403, b'{"code": "Forbidden", "description": "Sign the agreement"}', "Sign the agreement"),
        (404, b'{"message": "no such path"}', "no such path"),
        (500, b"<h1>Server on fire</h1>", "Server on fire"),
        (503, b'{"description": "Maintenance until noon"}', "Maintenance until noon"),
        (200, b"<html>Please sign in</html>", "Please sign in"),
        (200, b'{"description": "limit must be below 10"}', "limit must be below 10"),
    ],
)
def test_errors_are_told_in_the_servers_words(status: int, body: bytes, words: str):
    adapter, transport = server(
        lambda request: Response(status, {}, body, request.url), ITEM_SEARCH
    )
    with pytest.raises(HttpError, match=words):
        list(adapter.search(Query()))
    # Asking again may help where a server is busy, and nowhere else.
    assert len(transport.sent) == (4 if status == 503 else 2)


def test_an_address_within_the_api_leads_to_its_root(url: str):
    adapter = StacApi(f"{url}collections/{LIGHT}", Http(PlainTransport()), "s")
    assert adapter.describe().title == "Made-up catalog"
    assert ids(adapter, ids=("built-2000",)) == ["built-2000"]


def test_what_it_conforms_to_may_stand_in_a_document_of_its_own():
    root = {
        "type": "Catalog",
        "links": [
            {"rel": "search", "href": SEARCH},
            {"rel": "conformance", "href": f"{ROOT}/conformance"},
        ],
    }
    said = {"conformsTo": ["https://api.stacspec.org/v9.0/item-search#sort"]}
    transport = Scripted(lambda request: root if request.url == ROOT else said)
    known = StacApi(ROOT, Http(transport), "s").describe()
    assert (known.can_sort, known.can_filter) == (True, False)


@pytest.mark.parametrize(
    ("conditions", "as_json", "as_text"),
    [
        (
            (Condition("eo:cloud_cover", "<", 20.5),),
            {"op": "<", "args": [{"property": "eo:cloud_cover"}, 20.5]},
            '"eo:cloud_cover" < 20.5',
        ),
        (
            (Condition("a", "=", "it's"), Condition("b", "<>", 1)),
            {
                "op": "and",
                "args": [
                    {"op": "=", "args": [{"property": "a"}, "it's"]},
                    {"op": "<>", "args": [{"property": "b"}, 1]},
                ],
            },
            "\"a\" = 'it''s' AND \"b\" <> 1",
        ),
        (
            (Condition("datetime", ">", "2022-07-01T00:00:00Z"),),
            {"op": ">", "args": [{"property": "datetime"}, {"timestamp": "2022-07-01T00:00:00Z"}]},
            "\"datetime\" > TIMESTAMP('2022-07-01T00:00:00Z')",
        ),
    ],
)
def test_conditions_in_cql2(conditions: tuple[Condition, ...], as_json: Any, as_text: str):
    assert cql2_json(conditions) == as_json
    assert cql2_text(conditions) == as_text


def test_a_cancel_ends_a_request_that_gets_no_answer():
    cancelled = threading.Event()
    at: list[float] = []

    def cancel() -> None:
        at.append(time.monotonic())
        cancelled.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        adapter = StacApi(
            f"http://127.0.0.1:{silent.getsockname()[1]}/", Http(PlainTransport()), "s"
        )
        threading.Timer(0.2, cancel).start()
        with pytest.raises(Cancelled):
            list(adapter.search(Query(), cancelled.is_set))
        assert time.monotonic() - at[0] < 0.3


def test_a_cancel_ends_the_paging_and_the_waiting():
    cancelled = threading.Event()
    adapter, _ = server(paged(lambda n: {"href": f"{SEARCH}?token={n}"}, pages=1000), ITEM_SEARCH)
    pages = adapter.search(Query(), cancelled.is_set)
    next(pages)
    cancelled.set()
    with pytest.raises(Cancelled):
        next(pages)

    busy = Scripted(lambda request: Response(503, {"retry-after": "20"}, b"", request.url))
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        StacApi(ROOT, Http(busy), "s").describe(lambda: time.monotonic() > begin + 0.2)
    assert time.monotonic() - begin < 0.5
