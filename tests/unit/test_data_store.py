"""My data: a catalog that others can read, found again, kept in order, and nothing else touched."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pystac
import pystac.validation
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pystac.stac_object import STACObjectType

from dbar_qgis_plugin.catalog.facts import title_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.local import index
from dbar_qgis_plugin.catalog.local import store as module
from dbar_qgis_plugin.catalog.local.documents import rights_of, tidy_item
from dbar_qgis_plugin.catalog.local.store import DataStore, Fault, Origin, Place, local_file
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.query import Condition, Query, unanswered
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transfers.names import safe_name
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.catalog.transfers.runner import TransferRunner
from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError
from dbar_qgis_plugin.raster_io.progress import Progress
from tests.servers.misbehaving import file_of, misbehaving_server
from tests.servers.plain_transport import PlainTransport
from tests.unit.raster_fixtures import write_raster

SECRET = "s3cr3t"


@pytest.fixture
def store(tmp_path):
    made = DataStore(tmp_path / "my data")
    yield made
    made.close()


def validate(document: dict) -> None:
    """Hold a document against STAC's own schemas, which pystac brings along."""
    kind = {
        "Feature": STACObjectType.ITEM,
        "Collection": STACObjectType.COLLECTION,
        "Catalog": STACObjectType.CATALOG,
    }[document["type"]]
    pystac.validation.validate_dict(document, kind, "1.1.0", extensions=[])


def documents(folder: Path) -> list[dict]:
    paths = [path for path in folder.rglob("*.json") if not path.name.endswith(".stac.json")]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def feature(identity="scene", *, box=(10.0, 20.0, 11.0, 21.0), collection="viirs", **properties):
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": identity,
        "collection": collection,
        "bbox": list(box),
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"datetime": "2020-06-01T00:00:00Z", **properties},
        "links": [
            {"rel": "self", "href": f"https://a.org/items/{identity}?token={SECRET}"},
            {"rel": "collection", "href": "../collection"},
            {"rel": "next", "href": "https://a.org/items?page=2"},
            {"rel": "license", "href": "https://a.org/licence"},
        ],
        "assets": {
            "red": {
                "href": f"https://a.org/{identity}.tif?sig={SECRET}",
                "type": "image/tiff",
                "roles": ["data"],
                "alternate": {"s3": {"href": "s3://x"}},
            }
        },
    }


def fetched(store, raw=None, name="a.tif", data=b"II*\0abc", asset="red", connection="c1"):
    raw = feature() if raw is None else raw
    names = str(raw.get("collection", "files")), str(raw.get("id", "x"))
    folder = store.folder.joinpath(*map(safe_name, names))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    (folder / f"{name}.stac.json").write_text("{}")
    return store.add_fetched(
        raw,
        asset,
        path,
        url=f"https://a.org/a.tif?sig={SECRET}",
        checksum=file_checksum(path).text,
        connection=connection,
    )


def test_a_fetched_file_is_found_and_is_a_valid_catalog(store, tmp_path):
    item = fetched(store)
    assert store.files(item) == {"red": store.folder / "viirs" / "scene" / "a.tif"}
    assert item.key == ("my-data", "viirs", "scene")
    assert [found.id for found in store.items(Query())] == ["scene"]
    assert (item.begin, item.end) == (datetime(2020, 6, 1, tzinfo=UTC),) * 2
    (asset,) = item.assets
    assert (asset.size, asset.media_type, asset.roles) == (7, "image/tiff", ("data",))
    assert asset.raw["href"] == "./a.tif"
    assert "alternate" not in asset.raw
    for document in documents(store.folder):
        validate(document)
        assert SECRET not in json.dumps(document)
    catalog = pystac.Catalog.from_file(str(store.folder / "catalog.json"))
    (found,) = catalog.get_items(recursive=True)
    assert found.assets["red"].get_absolute_href() == str(store.files(item)["red"])
    assert found.get_single_link("via").href == "https://a.org/items/scene?token=…"
    assert found.get_single_link("license").href == "https://a.org/licence"
    assert found.get_single_link("next") is None
    assert found.get_parent().extent.spatial.bboxes == [[10.0, 20.0, 11.0, 21.0]]


def test_more_files_of_an_item_are_added_to_it(store):
    raw = feature()
    raw["assets"]["nir"] = {"href": "https://a.org/n.tif"}
    fetched(store, raw)
    item = fetched(store, raw, name="n.tif", asset="nir")
    assert sorted(store.files(item)) == ["nir", "red"]
    assert len(list(store.items(Query()))) == 1


def test_same_names_of_two_connections_are_kept_apart(store):
    first = fetched(store)
    second = fetched(store, connection="c2")
    assert (first.collection, second.collection) == ("viirs", "viirs_2")
    assert fetched(store, feature("other"), connection="c2").collection == "viirs_2"
    assert [collection.id for collection in store.collections()] == ["viirs", "viirs_2"]


def test_ids_that_make_one_name_have_folders_of_their_own(store):
    path = store.folder / "x.tif"
    path.write_bytes(b"x")
    for identity in ("a/b", "a_b", "A_B"):
        raw = feature(identity)
        store.add_fetched(raw, "red", path, url="https://a.org", checksum="1201ff")
    assert {item.id for item in store.items(Query())} == {"a/b", "a_b", "A_B"}
    assert len(list(store.folder.glob("viirs/*/item.json"))) == 3
    for document in documents(store.folder):
        validate(document)


BROKEN = [
    {},
    {"id": 5},
    {"id": "x", "properties": None, "assets": [1]},
    {"id": "x", "properties": {"datetime": None}},
    {"id": "x", "properties": {"datetime": None, "start_datetime": None}},
    {"id": "x", "properties": {"datetime": "yesterday", "created": "now", "gsd": -1}},
    {"id": "x", "properties": {"start_datetime": "2020-01-01T00:00:00Z"}},
    {"id": "x", "properties": {"datetime": None, "end_datetime": "2020-01-01"}},
    {"id": "x", "properties": {"license": "a licence with blanks", "providers": [{}]}},
    {"id": "x", "properties": {"title": None, "instruments": "one", "bands": [3]}},
    {"id": "x", "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}},
    {"id": "x", "geometry": {"type": "Polygon", "coordinates": 5}, "bbox": [1, 2, 3, 4]},
    {"id": "x", "geometry": None, "bbox": [170, 0, 5, -170, 10, 9]},
    {"id": "x", "geometry": None},
    {"id": "\ud800", "properties": {"title": "\udfff", "\ud800": 1}, "collection": "c\ud800"},
    {"id": "x", "links": [{"rel": "\ud800", "href": "http://a/\ud800", "title": "\ud800"}]},
    {"id": "x", "stac_extensions": [None, "eo", "https://a.org/v1/schema.json"] * 2},
    {"id": "x", "links": [{"rel": "x"}, {"href": "../a"}, {"rel": 3, "href": "http://a"}, None]},
    {"id": "x", "assets": {"red": {"href": "a.tif", "roles": "data", "type": 3, "title": None}}},
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_items_of_broken_servers_are_kept_valid(store, raw):
    item = fetched(store, raw)
    assert next(store.items(Query())).id == item.id
    for document in documents(store.folder):
        validate(document)


NAMES = "datetime start_datetime end_datetime type coordinates href rel title gsd"
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES.split(" ")), inner, max_size=4)
    ),
    max_leaves=12,
)
PARTS = "id properties geometry bbox links assets stac_extensions"


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(PARTS.split(" ")), JSON))
def test_any_json_becomes_a_valid_item(raw):
    item = parse_item({**raw, "id": "x", "collection": "c"})
    document = tidy_item(item, datetime(2020, 1, 1, tzinfo=UTC))
    document["links"].append({"rel": "collection", "href": "./collection.json"})
    validate(json.loads(json.dumps(document)))


def test_what_has_no_date_stays_without_one_though_the_document_has(store):
    item = fetched(store, {"id": "x"})
    assert (item.begin, item.end) == (None, None)
    assert any("no date" in str(problem) for problem in item.problems)
    assert list(store.items(Query(begin=datetime(1990, 1, 1, tzinfo=UTC)))) != []
    (document,) = (d for d in documents(store.folder) if d["type"] == "Feature")
    assert document["properties"]["datetime"] is not None


# Searching

PLACES = {
    "alps": (6.0, 45.0, 8.0, 47.0),
    "fiji": (177.0, -19.0, -179.0, -16.0),
    "gulf": (50.0, 24.0, 52.0, 26.0),
    "wide": (-180.0, -60.0, 180.0, 80.0),
}


@pytest.fixture
def filled(store):
    for number, (identity, box) in enumerate(PLACES.items()):
        year = 2000 + 5 * number
        raw = feature(
            identity,
            box=box,
            collection="even" if number % 2 == 0 else "odd",
            title=f"Night of {identity}",
            datetime=f"{year}-06-01T00:00:00Z",
            **{"eo:cloud_cover": 10 * number},
        )
        fetched(store, raw)
    nowhere = {**feature("nowhere", collection="odd"), "bbox": None, "geometry": None}
    fetched(store, {**nowhere, "properties": {}})
    return store


def ids(items) -> list[str]:
    return [item.id for item in items]


def test_the_newest_first_and_as_many_as_wanted(filled):
    assert ids(filled.items(Query())) == ["wide", "gulf", "fiji", "alps", "nowhere"]
    assert ids(filled.items(Query(most=2))) == ["wide", "gulf"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ((("id", False),), ["alps", "fiji", "gulf", "nowhere", "wide"]),
        ((("datetime", False),), ["alps", "fiji", "gulf", "wide", "nowhere"]),
        ((("eo:cloud_cover", True),), ["wide", "gulf", "fiji", "alps", "nowhere"]),
        ((("collection", True), ("id", True)), ["wide", "nowhere", "fiji", "gulf", "alps"]),
    ],
)  # fmt: skip
def test_order(filled, sort, expected):
    assert ids(filled.items(Query(sort=sort))) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(text="NIGHT fiji"), {"fiji"}),
        (Query(text="odd"), {"fiji", "wide", "nowhere"}),
        (Query(text="nothing"), set()),
        (Query(ids=("gulf", "other")), {"gulf"}),
        (Query(collections=("even",)), {"alps", "gulf"}),
        (Query(conditions=(Condition("eo:cloud_cover", "<", 15.0),)), {"alps", "fiji"}),
        (Query(box=(170.0, -20.0, -170.0, 0.0)), {"fiji", "wide", "nowhere"}),
        (Query(box=(-179.5, -18.0, -179.2, -17.0)), {"fiji", "wide", "nowhere"}),
        (Query(box=(8.0, 47.0, 9.0, 48.0)), {"alps", "wide", "nowhere"}),
        (
            Query(begin=datetime(2004, 1, 1, tzinfo=UTC), end=datetime(2010, 6, 1, tzinfo=UTC)),
            {"fiji", "gulf", "nowhere"},
        ),
    ],
)
def test_searching(filled, query, expected):
    assert set(ids(filled.items(query))) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    box=st.none()
    | st.tuples(st.floats(-180, 180), st.floats(-90, 0), st.floats(-180, 180), st.floats(0, 90)),
    begin=st.none() | st.integers(1998, 2018),
    years=st.integers(0, 12),
    collections=st.sets(st.sampled_from(["even", "odd", "none"]), max_size=2),
)
def test_the_index_finds_what_a_look_at_each_item_finds(filled, box, begin, years, collections):
    query = Query(
        box=box,
        begin=None if begin is None else datetime(begin, 1, 1, tzinfo=UTC),
        end=None if begin is None else datetime(begin + years, 1, 1, tzinfo=UTC),
        collections=tuple(collections),
    )
    expected = {item.id for item in filled.items(Query()) if not unanswered(item, query)}
    assert set(ids(filled.items(query))) == expected


def test_it_is_searched_as_any_catalog(filled):
    pages = list(filled.search(Query(page_size=2, most=3)))
    assert [[item.id for item in page.items] for page in pages] == [["wide", "gulf"], ["fiji"]]
    assert filled.describe().title == "My data"
    assert filled.queryables("even")["eo:cloud_cover"] == {"type": "number"}
    assert "eo:cloud_cover" not in filled.queryables("none")
    with pytest.raises(Cancelled):
        list(filled.search(Query(), lambda: True))
    with pytest.raises(InputError, match="not in My data"):
        filled.get("even", "fiji")


def test_without_r_trees_all_is_found_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "_BOXES", "CREATE VIRTUAL TABLE boxes USING no_such_module (x)")
    store = DataStore(tmp_path / "store")
    for identity, box in PLACES.items():
        fetched(store, feature(identity, box=box))
    assert set(ids(store.items(Query(box=(170.0, -20.0, -170.0, 0.0))))) == {"fiji", "wide"}
    store.close()


# Keeping in order


def test_a_lost_index_is_made_again(filled):
    before = {item.key: (item, filled.files(item)) for item in filled.items(Query())}
    folder = filled.folder
    filled.close()
    (folder / "index.sqlite").write_bytes(b"no database" * 100)
    again = DataStore(folder)
    assert {item.key: (item, again.files(item)) for item in again.items(Query())} == before
    assert fetched(again, feature("new", collection="even")).collection == "even"
    again.close()


def test_the_whole_folder_can_be_moved(filled, tmp_path):
    folder = filled.folder
    filled.close()
    moved = DataStore(Path(shutil.move(folder, tmp_path / "elsewhere")))
    assert list(moved.verify()) == []
    item = moved.get("even", "alps")
    assert moved.items_of_file(moved.files(item)["red"]) == [item]
    moved.close()


def test_rebuild_names_what_it_cannot_read(filled):
    (filled.folder / "even" / "alps" / "item.json").write_text("{")
    (filled.folder / "odd" / "collection.json").unlink()
    copied = filled.folder / "even" / "copy"
    shutil.copytree(filled.folder / "even" / "gulf", copied)
    problems = [str(problem) for problem in filled.rebuild()]
    assert len(problems) == 2
    assert any("alps" in text for text in problems)
    assert set(ids(filled.items(Query()))) == {"fiji", "gulf", "wide", "nowhere"}
    for document in documents_that_are_whole(filled.folder):
        validate(document)


def documents_that_are_whole(folder):
    (folder / "even" / "alps" / "item.json").unlink()
    return documents(folder)


@pytest.mark.parametrize(
    "document",
    [[], "x", {"id": 5}, {"id": "x", "assets": [], "links": []}, {"id": "x", "assets": {"a": 1}}],
)
def test_rebuild_bears_any_document(filled, document):
    for path in filled.folder.glob("even/**/*.json"):
        if not path.name.endswith(".stac.json"):
            path.write_text(json.dumps(document))
    filled.rebuild()
    assert {"fiji", "wide", "nowhere"} <= set(ids(filled.items(Query())))
    filled.rebuild()


def test_what_is_fetched_comes_into_my_data(store, tmp_path):
    with misbehaving_server() as server:
        raw = {
            **feature("scene"),
            "links": [{"rel": "derived_from", "href": "../in.json"}],
            "assets": {key: {"href": f"../{key}/data.tif"} for key in ("red", "nir")},
        }
        for key in raw["assets"]:
            server.on(f"/c/{key}/data.tif", file_of(b"II*\0" + key.encode() * 99))
        item = parse_item(raw, base=f"{server.url}/c/items/scene.json")
        queue = TransferQueue(tmp_path / "transfers.sqlite")

        def receive(transfer, fetched):
            store.add_fetched(
                transfer.item,
                transfer.asset,
                fetched.path,
                url=transfer.url,
                checksum=fetched.checksum,
                connection=transfer.connection,
            )

        runner = TransferRunner(queue, lambda t: (t.url, Http(PlainTransport())), receive)
        runner.start()
        runner.add(queue.plan(item, item.assets, store.folder), "c1")
        while any(transfer.state != "done" for transfer in queue.all()):
            time.sleep(0.02)
            assert not [transfer.reason for transfer in queue.all() if transfer.reason]
        runner.close()
        (found,) = store.items(Query())
        folder = store.folder / "viirs" / "scene"
        assert store.files(found) == {"red": folder / "data.tif", "nir": folder / "nir_data.tif"}
        assert found.link("derived_from").href == f"{server.url}/c/in.json"
        assert found.properties["dbar:connection"] == "c1"
        assert list(store.verify()) == []
        for place in [Place("viirs", "scene", key) for key in ("red", "nir")]:
            assert store.free([place]).size > 0
        assert not folder.exists()
        for document in documents(store.folder):
            validate(document)


def test_files_are_verified(filled):
    paths = {item.id: filled.files(item)["red"] for item in filled.items(Query())}
    assert list(filled.verify()) == []
    paths["alps"].unlink()
    paths["gulf"].write_bytes(b"short")
    paths["fiji"].write_bytes(b"II*\0abd")
    found = {finding.place.item: finding.fault for finding in filled.verify()}
    assert found == {"alps": Fault.MISSING, "gulf": Fault.SIZE, "fiji": Fault.CHECKSUM}
    item = filled.get("even", "gulf")
    assert [finding.path for finding in filled.verify([item])] == [paths["gulf"]]
    with pytest.raises(Cancelled):
        list(filled.verify(progress=Progress(is_cancelled=lambda: True)))


def test_a_moved_file_is_linked_again_if_it_is_the_same(filled, tmp_path):
    item = filled.get("even", "alps")
    place = Place("even", "alps", "red")
    old, new = filled.files(item)["red"], tmp_path / "größer & 100%.tif"
    shutil.move(old, new)
    other = tmp_path / "other.tif"
    other.write_bytes(b"II*\0abd")
    with pytest.raises(InputError, match="not the file"):
        filled.relink(place, other)
    assert filled.files(filled.relink(place, new)) == {"red": new}
    assert list(filled.verify()) == []
    for document in documents(filled.folder):
        validate(document)
    with pytest.raises(KeyError):
        filled.relink(Place("even", "alps", "blue"), new)


def test_space_is_freed(filled):
    path = filled.files(filled.get("even", "alps"))["red"]
    for ending in (".aux.xml", ".ovr"):
        path.with_name(path.name + ending).write_text("x")
    path.with_suffix(".qml").write_text("x")
    freed = filled.free([Place("even", "alps", "red")])
    assert freed == (7, ())
    assert not path.parent.exists()
    assert set(ids(filled.items(Query()))) == {"fiji", "gulf", "wide", "nowhere"}
    filled.free([Place("even", "gulf", "red")])
    assert not (filled.folder / "even").exists()
    assert [collection.id for collection in filled.collections()] == ["odd"]
    for document in documents(filled.folder):
        validate(document)


def test_what_lies_beside_a_freed_file_stays(filled):
    path = filled.files(filled.get("even", "alps"))["red"]
    kept = [path.with_name(name) for name in ("notes.txt", "a.tfw", "a.qml", "ab.tif")]
    for other in kept:
        other.write_text("x")
    filled.free([Place("even", "alps", "red")])
    assert all(other.is_file() for other in kept)


def test_nothing_outside_of_the_store_is_ever_deleted(store, tmp_path):
    outside = tmp_path / "precious.tif"
    outside.write_bytes(b"II*\0")
    store.add(tidy("linked"), {"data": outside})
    link = store.folder / "link.tif"
    link.symlink_to(outside)
    store.add(tidy("symlink"), {"data": link})
    store.add(tidy("climbing"), {"data": store.folder / ".." / "precious.tif"})
    # A document from elsewhere that climbs out of the folder.
    item = store.folder / "own" / "linked" / "item.json"
    document = json.loads(item.read_text())
    document["assets"]["data"]["href"] = "../../../precious.tif"
    item.write_text(json.dumps(document))
    store.rebuild()
    for identity in ("linked", "symlink", "climbing"):
        freed = store.free([Place("own", identity, "data")])
        assert freed.size == 0
        assert len(freed.kept) == 1
        assert "outside" in str(freed.kept[0])
    assert outside.read_bytes() == b"II*\0"
    store.forget(store.get("own", "linked"))
    assert outside.is_file()
    assert set(ids(store.items(Query()))) == {"symlink", "climbing"}


def tidy(identity):
    item = parse_item(feature(identity, collection="own"))
    return {**tidy_item(item, datetime.now(UTC)), "collection": "own"}


def test_documents_of_the_catalog_are_never_taken_for_data(filled):
    path = filled.folder / "even" / "alps" / "item.json"
    document = json.loads(path.read_text())
    document["assets"] = {
        "own": {"href": "./item.json"},
        "index": {"href": "../../index.sqlite"},
        "folder": {"href": "../gulf"},
    }
    path.write_text(json.dumps(document))
    filled.rebuild()
    freed = filled.free([Place("even", "alps", asset) for asset in document["assets"]])
    assert (freed.size, len(freed.kept)) == (0, 3)
    assert [item.id for item in filled.items(Query(ids=("alps", "gulf")))] == ["gulf", "alps"]
    assert list(filled.verify([filled.get("even", "gulf")])) == []


def test_space_is_freed_where_the_folder_has_gone(filled):
    shutil.rmtree(filled.folder / "even" / "alps")
    assert filled.free([Place("even", "alps", "red")]) == (0, ())
    assert "alps" not in ids(filled.items(Query()))


def test_a_file_of_two_items_stays_until_the_last_one_goes(store):
    path = store.folder / "shared.tif"
    path.write_bytes(b"x")
    for identity in "ab":
        store.add(tidy(identity), {"data": path})
    assert len(store.items_of_file(path)) == 2
    freed = store.free([Place("own", "a", "data")])
    assert "another item" in str(freed.kept[0])
    store.forget(store.get("own", "a"))
    assert store.free([Place("own", "b", "data")]).size == 1
    assert not path.exists()


def test_from_several_threads_and_programs(store):
    second = DataStore(store.folder)

    def work(own, name):
        for number in range(5):
            fetched(own, feature(f"{name}{number}"))

    threads = [
        threading.Thread(target=work, args=(own, name))
        for own, name in ((store, "a"), (store, "b"), (second, "c"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(second.items(Query()))) == 15
    collection = json.loads((store.folder / "viirs" / "collection.json").read_text())
    assert sum(link["rel"] == "item" for link in collection["links"]) == 15
    second.close()


def test_a_failed_write_leaves_index_and_documents_as_they_were(filled, monkeypatch):
    before = set(ids(filled.items(Query())))

    def fail(path, value):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_json", fail)
        with pytest.raises(OutputError, match="No space left"):
            fetched(filled, feature("new"))
    assert set(ids(filled.items(Query()))) == before
    fetched(filled, feature("new"))


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="could not be made"):
        DataStore(tmp_path / "file" / "store")


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("file:///a/b%20c.tif", "/a/b c.tif"),
        ("file:///C:/a.tif", "C:/a.tif"),
        ("file://host/share/a.tif", "//host/share/a.tif"),
        ("file://localhost/a.tif", "/a.tif"),
        ("https://a.org/a.tif", None),
        ("s3://a/b", None),
    ],
)
def test_addresses_of_files(href, path):
    assert local_file(href) == (None if path is None else Path(path))


# What this plugin has computed

TAGS = {
    "DBAR_ALGORITHM": "dbar:litarea",
    "DBAR_VERSION": "0.3.0",
    "DBAR_FORMULA": "otsu",
    "TIFFTAG_DATETIME": "2026:11:22 10:00:00",
}


def raster(path: Path, tags=(), values=None, **options) -> Path:
    import rasterio

    write_raster(path, np.zeros((4, 6), np.uint8) if values is None else values, **options)
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(**dict(tags))
    return path


def test_a_result_tells_how_it_came_to_be(store, tmp_path):
    source = fetched(store, feature("KX-input"))
    scene = store.files(source)["red"]
    parameters = {"INPUT": str(scene), "YEARS": "2000, 2015", "URL": f"https://a.org/?key={SECRET}"}
    path = raster(
        tmp_path / "lit area.tif",
        {**TAGS, "DBAR_PARAMETERS": json.dumps(parameters)},
        nodata=255,
        descriptions=("lit",),
        scales=(0.5,),
        offsets=(1.0,),
    )
    item = store.add_raster(path, Origin.COMPUTED, title="Lit area")
    assert (item.collection, item.id, item.title) == ("litarea", "lit_area", "Lit area")
    assert store.files(item) == {"data": path}
    assert item.begin == datetime(2000, 1, 1, tzinfo=UTC)
    assert item.end == datetime(2015, 12, 31, 23, 59, 59, tzinfo=UTC)
    properties = item.properties
    assert properties["processing:software"] == {"DBAR SDG Tools": "0.3.0"}
    assert properties["processing:lineage"] == "dbar:litarea, otsu"
    assert properties["dbar:parameters"]["YEARS"] == "2000, 2015"
    assert SECRET not in json.dumps(properties)
    assert properties["proj:code"] == "EPSG:32618"
    assert properties["proj:shape"] == [4, 6]
    assert properties["proj:bbox"] == [600_000.0, 1_199_600.0, 600_600.0, 1_200_000.0]
    (band,) = item.assets[0].raw["bands"]
    assert band == {
        "name": "lit",
        "data_type": "uint8",
        "nodata": 255.0,
        "raster:scale": 0.5,
        "raster:offset": 1.0,
        "raster:spatial_resolution": pytest.approx(100.0, abs=0.1),
    }
    assert item.link("derived_from").href == "https://a.org/items/KX-input?token=…"
    assert rights_of(properties) == ""
    for name in ("projection", "raster", "processing", "file"):
        assert any(f"/{name}/v" in url for url in item.raw["stac_extensions"])
    for document in documents(store.folder):
        validate(document)
    # Computed again, it stays one item.
    assert store.add_raster(path, Origin.COMPUTED).key == item.key
    assert len(list(store.items(Query(text="litarea")))) == 1


def test_a_raster_is_taken_in_once(store, tmp_path):
    fetched(store, feature("x", collection="litarea"), connection="c1")
    path = raster(tmp_path / "r.tif", TAGS)
    first = store.add_raster(path, Origin.COMPUTED)
    assert first.collection == "litarea_2"
    assert store.add_raster(path, Origin.COMPUTED).key == first.key
    raw = feature("y")
    inside = raster(store.folder / "own.tif")
    item = store.add_fetched(raw, "red", inside, url="https://a.org/y.tif", checksum="1201ff")
    assert store.add_raster(inside, Origin.IMPORTED) == item
    assert len(list(store.items(Query()))) == 3


def test_a_chain_of_results_is_linked_within_the_store(store, tmp_path):
    first = raster(tmp_path / "first.tif", TAGS)
    store.add_raster(first, Origin.COMPUTED)
    second = raster(
        tmp_path / "second.tif", {**TAGS, "DBAR_PARAMETERS": json.dumps({"IN": f"{first}|x=1"})}
    )
    item = store.add_raster(second, Origin.COMPUTED)
    linked = local_file(item.link("derived_from").href)
    assert linked == store.folder / "litarea" / "first" / "item.json"
    document = json.loads((store.folder / "litarea" / "second" / "item.json").read_text())
    hrefs = [link["href"] for link in document["links"] if link["rel"] == "derived_from"]
    assert hrefs == ["../../litarea/first/item.json"]


def test_terms_of_what_it_was_made_of_go_on(store, tmp_path):
    terms = "No redistribution."
    own = raster(tmp_path / "own.tif", {**TAGS, "DBAR_RIGHTS": terms})
    named = raster(
        tmp_path / "named.tif", parameters_of(tmp_path / "KX10_GIU_20221101_L4A_RGB.tif")
    )
    unknown = raster(tmp_path / "unknown.tif", {"DBAR_RIGHTS": terms})  # to the store
    tagged = raster(tmp_path / "tagged.tif", parameters_of(unknown))
    plain = raster(tmp_path / "plain.tif", parameters_of(raster(tmp_path / "in.tif")))
    items = {
        path.stem: store.add_raster(path, Origin.COMPUTED) for path in (own, named, tagged, plain)
    }
    linked = raster(tmp_path / "linked.tif", parameters_of(named))
    items["linked"] = store.add_raster(linked, Origin.COMPUTED)
    rights = {name: rights_of(item.properties) for name, item in items.items()}
    assert rights["own"] == rights["tagged"] == terms
    assert "SDGSAT-1" in rights["named"]
    assert rights["linked"] == rights["named"]
    assert rights["plain"] == ""
    assert items["own"].properties["license"] == "other"
    assert "license" not in items["plain"].properties
    for document in documents(store.folder):
        validate(document)


def test_what_is_fetched_of_sdgsat_is_for_research_only(store):
    scene = "KX10_GIU_20221101_E116.29_N39.91_202200139571_L4A"
    by_id = fetched(store, feature(scene))
    by_file = fetched(store, feature("x"), name=f"{scene}_A_RGB.tif")
    assert "SDGSAT-1" in rights_of(by_id.properties)
    assert "SDGSAT-1" in rights_of(by_file.properties)
    assert by_id.properties["license"] == "other"
    assert rights_of(fetched(store, feature("y")).properties) == ""
    for document in documents(store.folder):
        validate(document)


def parameters_of(path: Path) -> dict[str, str]:
    if not path.exists():
        raster(path)
    return {**TAGS, "DBAR_PARAMETERS": json.dumps({"INPUT": f"{path}, other"})}


@pytest.mark.parametrize(
    ("tags", "begin", "end"),
    [
        ({"DBAR_DATE": "2023-11-01T12:30:00Z"}, "2023-11-01T12:30", "2023-11-01T12:30"),
        ({"DBAR_DATE": "2023-11-01", "DBAR_DATE_BEFORE": "2021-05-01"}, "2021-05-01", "2023-11-01"),
        ({"DBAR_PARAMETERS": '{"YEAR_INITIAL": 2001, "N": 1990}'}, "2001-01-01", "2001-12-31"),
        ({"DBAR_PARAMETERS": '{"BASELINE": "/x/2001.tif", "PERIODS": "2000-2015; 2016–2020"}'},
         "2000-01-01", "2020-12-31"),
        ({"DBAR_PARAMETERS": "{"}, None, None),
        ({"DBAR_DATE": "some day"}, None, None),
    ],
)  # fmt: skip
def test_the_time_that_a_result_speaks_of(store, tmp_path, tags, begin, end):
    item = store.add_raster(raster(tmp_path / "r.tif", {**TAGS, **tags}), Origin.COMPUTED)
    found = [None if m is None else m.isoformat()[:16] for m in (item.begin, item.end)]
    assert [
        text and text[: len(wanted or "")] for text, wanted in zip(found, (begin, end), strict=True)
    ] == [
        begin,
        end,
    ]
    for document in documents(store.folder):
        validate(document)


def test_an_imported_raster_without_a_place_and_one_over_180_degrees(store, tmp_path):
    nowhere = store.add_raster(
        raster(
            tmp_path / "a.tif", crs=None, values=np.full((2, 2), np.nan, np.float32), nodata=np.nan
        ),
        Origin.IMPORTED,
        collection="imported files",
    )
    assert nowhere.box is None
    (file_extension,) = nowhere.raw["stac_extensions"]
    assert "/file/" in file_extension
    assert nowhere.collection == "imported files"
    assert nowhere.assets[0].raw["bands"][0]["nodata"] == "nan"
    over = store.add_raster(
        raster(tmp_path / "b.tif", crs="EPSG:4326", origin=(179.0, 5.0), cell=(0.5, -0.5)),
        Origin.IMPORTED,
    )
    assert over.box == (179.0, 3.0, -178.0, 5.0)
    assert set(ids(store.items(Query(box=(-179.0, 0.0, -178.5, 10.0))))) == {"a", "b"}
    for document in documents(store.folder):
        validate(document)
    with pytest.raises(InputError):
        store.add_raster(tmp_path / "missing.tif", Origin.IMPORTED)


def test_files_of_one_name_are_items_of_their_own(store, tmp_path):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        store.add_raster(raster(tmp_path / folder / "r.tif", TAGS), Origin.COMPUTED)
    assert set(ids(store.items(Query()))) == {"r", "r_2"}


def test_an_index_of_another_version_is_made_anew(filled):
    folder, before = filled.folder, ids(filled.items(Query()))
    filled.close()
    with sqlite3.connect(folder / "index.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    again = DataStore(folder)
    assert ids(again.items(Query())) == before
    again.close()


def test_a_store_is_made_at_once_and_read_when_it_is_asked(filled):
    folder, before = filled.folder, ids(filled.items(Query()))
    filled.close()
    (folder / "index.sqlite").unlink()
    again = DataStore(folder)
    assert not (folder / "index.sqlite").exists()
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(ids(again.items(Query())))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [before] * 3
    again.close()


def test_results_come_in_and_nothing_else(store, tmp_path):
    plain = raster(tmp_path / "plain.tif")
    assert store.add_result(plain) is None
    path = raster(tmp_path / "r.tif", TAGS)
    item = store.add_result(path)
    assert item.properties["dbar:origin"] == "computed"
    assert title_of(item) == "r"  # as its file, not after collection and place
    assert store.add_result(path) is None  # it is known
    again = {**TAGS, "TIFFTAG_DATETIME": "2026:11:01 10:00:00"}
    path.unlink()
    assert store.add_result(raster(path, again)).key == item.key
    imported = raster(tmp_path / "i.tif", TAGS)
    store.add_raster(imported, Origin.IMPORTED)
    assert store.add_result(imported) is None
    assert store.count() == 2
    with pytest.raises(InputError):
        store.add_result(tmp_path / "missing.tif")


def test_what_may_be_freed_is_listed_with_its_size(store, tmp_path):
    item = fetched(store, data=b"x" * 1000)
    store.add_raster(raster(tmp_path / "outside.tif"), Origin.IMPORTED)
    (stored,) = store.stored()
    assert stored.place == Place(item.collection, item.id, "red")
    assert (stored.size, stored.path) == (1000, store.files(item)["red"])
    assert store.free([stored.place]).size >= 1000
    assert list(store.stored()) == []
