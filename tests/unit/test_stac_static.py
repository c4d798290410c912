"""Catalogs of plain files: in a folder, in a zip and on the web, whole and broken."""

from __future__ import annotations

import json
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from dbar_qgis_plugin.catalog.adapters.documents import Document, as_url, is_local
from dbar_qgis_plugin.catalog.adapters.stac_static import StacStatic
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    NetworkError,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import Cancelled, InputError
from tests.servers.plain_transport import PlainTransport
from tests.servers.stac_data import BUILT_UP, LAND, LIGHT, collections, items


def write(path: Path, document: Any) -> None:
    """Write JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with relative links: one collection as a list of items, the others item by item."""
    root = tmp_path / "data of mine"
    children = [
        {"rel": "child", "href": f"./{one['id']}/collection.json", "title": one["title"]}
        for one in collections()
    ]
    write(
        root / "catalog.json",
        {"type": "Catalog", "stac_version": "1.0.0", "id": "mine", "title": "My data",
         "description": "Files", "links": [{"rel": "root", "href": "./catalog.json"}, *children]},
    )  # fmt: skip
    for one in collections():
        mine = [found for found in items() if found["collection"] == one["id"]]
        if one["id"] == LIGHT:
            links = [{"rel": "items", "href": "all.geojson"}]
            write(root / LIGHT / "all.geojson", {"type": "FeatureCollection", "features": mine})
        else:
            links = [{"rel": "item", "href": f"./{found['id']}.json"} for found in mine]
            for found in mine:
                found["assets"]["data"]["href"] = f"../files/{found['id']}.tif"
                write(root / one["id"] / f"{found['id']}.json", found)
        write(root / one["id"] / "collection.json", {**one, "links": links})
    return root


@pytest.fixture
def transport() -> PlainTransport:
    """A transport that keeps what was sent."""
    return PlainTransport()


@pytest.fixture
def web(folder: Path) -> Iterator[str]:
    """The folder on a web server."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/catalog.json"
    server.shutdown()
    server.server_close()


def zipped(folder: Path, inside: str = "") -> Path:
    """The folder as a zip."""
    path = folder.parent / "data of mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.json"):
            archive.write(file, inside + file.relative_to(folder).as_posix())
        archive.write(folder / LIGHT / "all.geojson", f"{inside}{LIGHT}/all.geojson")
    return path


def adapter(address: object, transport: PlainTransport | None = None) -> StacStatic:
    """An adapter of a catalog."""
    return StacStatic(str(address), Http(transport or PlainTransport()), "s")


def ids(catalog: StacStatic, **query: Any) -> list[str]:
    """Ids of all items of a search."""
    return [one.id for page in catalog.search(Query(**query)) for one in page.items]


ALL = [one["id"] for one in items()]


def test_a_folder_is_searched_here(folder: Path):
    catalog = adapter(folder)
    known = catalog.describe()
    assert (known.title, known.kind, known.can_filter) == ("My data", "stac_static", False)
    assert [one.id for one in catalog.collections()] == [LIGHT, BUILT_UP, LAND]
    assert ids(catalog) == ALL
    pages = list(catalog.search(Query(page_size=10)))
    assert [len(page.items) for page in pages] == [10, 10, 10, 1]
    assert not any(page.dropped for page in pages)
    assert ids(catalog, collections=(BUILT_UP,), begin=datetime(2011, 1, 1, tzinfo=UTC)) == [
        "built-2015",
        "built-2020",
    ]
    cloudy = Condition("eo:cloud_cover", ">=", 92)
    assert ids(catalog, conditions=(cloudy,), sort=(("eo:cloud_cover", True),)) == [
        "light-024",
        "light-023",
    ]
    assert ids(catalog, text="glimmer 7", most=1) == ["light-007"]
    assert ids(catalog, box=(75.6, 38, 76, 39.5)) == [
        *(f"built-{year}" for year in (2000, 2005, 2010, 2015, 2020)),
        "land-2020",
    ]


def test_files_lie_beside_their_items(folder: Path):
    one = adapter(folder).get(BUILT_UP, "built-2000")
    assert one.assets[0].href == (folder / "files" / "built-2000.tif").as_uri()
    assert one.collection == BUILT_UP
    with pytest.raises(HttpError, match="“built-1900” is not in"):
        adapter(folder).get(BUILT_UP, "built-1900")


def test_files_of_a_copy_lie_beside_it(folder: Path):
    path = folder / BUILT_UP / "built-2000.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["links"] = [{"rel": "self", "href": "https://far.example/built-2000.json"}]
    write(path, document)
    one = adapter(folder).get(BUILT_UP, "built-2000")
    assert one.assets[0].href == (folder / "files" / "built-2000.tif").as_uri()
    assert one.raw == document


@pytest.mark.parametrize("inside", ["", "package/"])
def test_a_zip_is_read_as_it_is(folder: Path, inside: str):
    catalog = adapter(zipped(folder, inside))
    assert ids(catalog) == ALL
    one = catalog.get(BUILT_UP, "built-2000")
    end = f"data%20of%20mine.zip/{inside}files/built-2000.tif"
    assert one.assets[0].href.endswith(end)


def test_the_web_is_read_once(web: str, transport: PlainTransport):
    catalog = adapter(web, transport)
    assert ids(catalog) == ALL
    asked = len(transport.sent)
    assert asked == 1 + 3 + 1 + 5 + 1
    assert ids(catalog, box=(75.6, 38, 76, 39.5), sort=(("id", True),))[0] == "land-2020"
    assert len(transport.sent) == asked


def test_collections_that_are_not_wanted_are_not_fetched(web: str, transport: PlainTransport):
    assert ids(adapter(web, transport), collections=(LAND,)) == ["land-2020"]
    assert not [one for one in transport.sent if "built-2" in one.url]


def test_the_walk_ends_with_what_is_wanted(web: str, transport: PlainTransport):
    assert ids(adapter(web, transport), most=2) == ["light-000", "light-001"]
    assert not [one for one in transport.sent if "built-2" in one.url]


def test_single_files_are_catalogs(folder: Path):
    assert ids(adapter(folder / LIGHT / "all.geojson"), most=1) == ["light-000"]
    catalog = adapter(folder / BUILT_UP / "collection.json")
    assert [one.id for one in catalog.collections()] == [BUILT_UP]
    assert ids(catalog) == [f"built-{year}" for year in (2000, 2005, 2010, 2015, 2020)]
    assert ids(adapter(folder / BUILT_UP / "built-2005.json")) == ["built-2005"]


def test_broken_parts_are_told_and_spoil_no_other(folder: Path):
    (folder / BUILT_UP / "built-2005.json").write_text('{"id": ', encoding="utf-8")
    (folder / BUILT_UP / "built-2010.json").unlink()
    write(folder / BUILT_UP / "built-2015.json", ["no item"])
    (folder / LIGHT / "collection.json").unlink()
    catalog = adapter(folder)
    assert [(one.id, one.title) for one in catalog.collections()] == [
        ("", "Glimmer Imager scenes"),
        (BUILT_UP, "Built-up area of SDG 11.3.1"),
        (LAND, "Land degradation of SDG 15.3.1"),
    ]
    assert "cannot be read" in str(next(iter(catalog.collections())).problems[0])
    pages = list(catalog.search(Query()))
    assert [one.id for page in pages for one in page.items] == [
        "built-2000",
        "built-2020",
        "land-2020",
    ]
    notes = [str(note) for page in pages for note in page.notes]
    assert len(notes) == 4
    assert sum("built-2005.json" in note for note in notes) == 1


def test_a_tree_that_leads_back_to_itself_ends(folder: Path):
    path = folder / LAND / "collection.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["links"].append({"rel": "child", "href": "../catalog.json"})
    write(path, document)
    assert ids(adapter(folder)) == ALL


def test_a_catalog_on_the_web_leads_to_no_local_file(folder: Path, web: str, tmp_path: Path):
    write(tmp_path / "secret.json", {"type": "Catalog", "id": "secret", "links": []})
    path = folder / "catalog.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["links"] = [{"rel": "child", "href": (tmp_path / "secret.json").as_uri()}]
    write(path, document)
    (one,) = adapter(web).collections()
    assert "cannot be read from a catalog on the web" in str(one.problems[0])


def test_what_can_be_filtered_by_is_seen_in_the_items(folder: Path):
    found = adapter(folder).queryables(BUILT_UP)
    assert found["year"] == {"type": "number"}
    assert found["eo:cloud_cover"]["maximum"] == 96


def test_what_is_no_catalog_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="holds no catalog"):
        adapter(tmp_path).describe()
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match="holds no catalog"):
        adapter(tmp_path / "a.zip").describe()
    write(tmp_path / "catalog.json", {"name": "x"})
    with pytest.raises(InputError, match="no document of a catalog"):
        adapter(tmp_path).describe()


def test_a_cancel_ends_the_walk(folder: Path):
    pages = adapter(folder).search(Query(page_size=2), iter([False] * 6 + [True] * 99).__next__)
    next(pages)
    with pytest.raises(Cancelled):
        list(pages)


def test_a_cancel_ends_a_walk_on_a_silent_server():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        catalog = adapter(f"{url}catalog.json")
        links = [{"rel": "item", "href": f"{url}{n}.json"} for n in range(20)]
        catalog._kept[f"{url}catalog.json"] = Document(url, {"type": "Catalog", "links": links})
        begin = time.monotonic()
        with pytest.raises(Cancelled):
            list(catalog.search(Query(), lambda: time.monotonic() > begin + 0.2))
        assert time.monotonic() - begin < 0.5


def test_a_lost_network_ends_the_walk(folder: Path):
    class Lost(PlainTransport):
        def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
            if "built-2" in request.url:
                raise NetworkError("{url} is not there.", url=request.url)
            file = folder / unquote(urlsplit(request.url).path).removeprefix("/")
            return Response(200, {}, file.read_bytes(), request.url)

    catalog = StacStatic("https://x.example/catalog.json", Http(Lost(), tries=1), "s")
    with pytest.raises(NetworkError, match=r"built-2000\.json is not there"):
        ids(catalog)


def test_links_are_relative_to_where_a_redirect_leads(folder: Path):
    class Moved(PlainTransport):
        def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
            path = urlsplit(request.url).path
            if not path.startswith("/new/"):
                return Response(302, {"location": f"/new{path}"}, b"", request.url)
            file = folder / unquote(path).removeprefix("/new/")
            return Response(200, {}, file.read_bytes(), request.url)

    assert ids(adapter("https://x.example/catalog.json", Moved())) == ALL


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("https://a.example/catalog.json", False),
        ("C:\\data\\catalog.json", True),
        ("file:///data/catalog.json", True),
        ("data/catalog.json", True),
        ("s3://bucket/catalog.json", False),
    ],
)
def test_local_addresses(address: str, local: bool):
    assert is_local(address) is local


def test_the_address_of_a_folder_is_that_of_its_catalog(folder: Path):
    assert as_url(folder.as_uri()) == (folder / "catalog.json").as_uri()
    assert as_url("https://a.example/x") == "https://a.example/x"
