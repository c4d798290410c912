"""Sharing: what is known is filled in, what is forbidden held back, and all or nothing done."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pystac
import pytest
import rasterio
from publishing_fixtures import TERMS, result, said, validate

from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import DataStore, Origin
from dbar_qgis_plugin.catalog.publishing import checks
from dbar_qgis_plugin.catalog.publishing.checks import RefusedError, State
from dbar_qgis_plugin.catalog.publishing.document import item_document
from dbar_qgis_plugin.catalog.publishing.drafts import (
    Draft,
    Secrets,
    load_draft,
    open_target,
    save_draft,
    where_of,
)
from dbar_qgis_plugin.catalog.publishing.files import (
    Folder,
    Hosted,
    SignedAddresses,
    WebFolder,
    clean_address,
    make_ready,
)
from dbar_qgis_plugin.catalog.publishing.metadata import prefilled, problems_of
from dbar_qgis_plugin.catalog.publishing.pieces import (
    Restriction,
    pieces_of,
    pieces_of_items,
    without_paths,
)
from dbar_qgis_plugin.catalog.publishing.sharing import (
    ConflictError,
    NotSharedError,
    OnConflict,
    Plan,
    identity_of,
    preview,
    share,
)
from dbar_qgis_plugin.catalog.publishing.static_folder import StaticFolder
from dbar_qgis_plugin.catalog.publishing.targets import web_target
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transport import HttpError, NetworkError
from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError
from dbar_qgis_plugin.raster_io.progress import Progress
from tests.servers.misbehaving import Answer, as_json, busy, guarded, misbehaving_server
from tests.servers.plain_transport import PlainTransport
from tests.servers.pycsw import pycsw_url
from tests.servers.pygeoapi import WHOLE, pygeoapi_url
from tests.servers.stac import stac_url

SECRET = "s3cr3t-key"


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def data(tmp_path):
    made = DataStore(tmp_path / "my data")
    yield made
    made.close()


@pytest.fixture
def raster(tmp_path):
    return result(tmp_path / "results" / "degradation.tif")


def ready(pieces, folder: Path, *, cloud_optimised=True):
    folder.mkdir(exist_ok=True)
    return make_ready(pieces, folder, cloud_optimised=cloud_optimised)[0]


def plan_of(pieces, identity="degradation", collection="results", **values):
    return Plan(identity, collection, values.pop("metadata", said()), tuple(pieces), **values)


def beside(target: StaticFolder, collection="results"):
    return lambda identity: Folder(target.files_of(collection, identity), "./")


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# --- what is shared, and what is known of it


def test_the_form_is_filled_in_from_the_provenance(raster):
    (piece,) = pieces_of([raster])
    assert (piece.key, piece.restriction, piece.terms) == ("data", Restriction.NONE, "")
    known = prefilled([piece])
    assert (known.title, known.indicator, known.unit) == ("degradation", "15.3.1", "class")
    assert (known.begin, known.end) == ("2000-01-01", "2015-12-31")
    assert "dbar:landdegradation" in known.method and "9.9.9" in known.method
    assert known.keywords == ("SDG 15.3.1",)
    assert [str(words) for words in problems_of(known)] == [
        "Choose the licence: who may use the data, and how."
    ]


def test_a_style_goes_with_its_raster_and_other_files_may(raster, tmp_path):
    raster.with_suffix(".qml").write_text("<qgis/>")
    (tmp_path / "table.csv").write_text("a,b\n")
    other = result(tmp_path / "b" / "degradation.tif")
    pieces = pieces_of([raster, tmp_path / "table.csv", other])
    assert [(piece.path.name, piece.role) for piece in pieces] == [
        ("degradation.tif", "data"),
        ("degradation.qml", "style"),
        ("table.csv", "data"),
        ("degradation.tif", "data"),
    ]
    assert len({piece.key for piece in pieces}) == 4
    with pytest.raises(InputError, match="at least one raster"):
        pieces_of([tmp_path / "table.csv"])
    with pytest.raises(InputError, match=r"none\.csv is not there"):
        pieces_of([raster, tmp_path / "none.csv"])
    (tmp_path / "broken.tif").write_text("no")
    with pytest.raises(InputError, match=r"broken\.tif cannot be opened"):
        pieces_of([tmp_path / "broken.tif"])


def test_items_of_my_data_bring_what_is_known_of_them(data, raster, tmp_path):
    source = result(tmp_path / "lc.tif", algorithm="")
    data.add_fetched(
        {
            "id": "lc",
            "collection": "c",
            "properties": {"datetime": "2015-01-01T00:00:00Z", "dbar:redistribution": "x"},
            "links": [{"rel": "self", "href": "https://a.example/lc"}],
            "assets": {},
        },
        "data",
        source,
        url="https://a.example/lc.tif",
        checksum=file_checksum(source).text,
    )
    made = result(tmp_path / "made.tif", DBAR_PARAMETERS=json.dumps({"LAND_COVER": str(source)}))
    item = data.add_raster(made, Origin.COMPUTED, title="Made")
    (piece,) = pieces_of_items([item], data)
    assert prefilled([piece]).title == "Made"
    document = item_document(
        "a",
        "c",
        said(),
        [piece],
        {"data": ready([piece], tmp_path / "x")[0].shared("./a.tif")},
        parent="../collection.json",
        made=datetime(2026, 1, 1, tzinfo=UTC),
    )
    links = [link for link in document["links"] if link["rel"] == "derived_from"]
    assert [link["href"] for link in links] == ["https://a.example/lc"]
    assert not {name for name in document["properties"] if name.startswith("dbar:origin")}
    validate(document)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("/home/me/a b.tif, /x/c.gpkg|layername=z", "a b.tif, c.gpkg|layername=z"),
        (r"C:\Users\me\a.tif", "a.tif"),
        ("file:///home/me/a.tif", "a.tif"),
        ("2000, 2015", "2000, 2015"),
        ("t/ha", "t/ha"),
        ("/", "/"),
    ],
)
def test_folders_of_this_computer_are_left_out(text, clean):
    assert without_paths({"A": [text]}) == {"A": [clean]}


# --- what is held back


@pytest.mark.parametrize(
    ("name", "algorithm", "tags", "restriction"),
    [
        ("KX10_GIU_20220101_a.tif", "", {}, Restriction.SOURCE),
        ("a.tif", "", {"DBAR_RIGHTS": TERMS}, Restriction.SOURCE),
        ("a.tif", "dbar:loadsdgsatscene", {"DBAR_RIGHTS": TERMS}, Restriction.SOURCE),
        ("a.tif", "dbar:calibratenightlight", {"DBAR_RIGHTS": TERMS}, Restriction.SOURCE),
        ("a.tif", "dbar:litarea", {"DBAR_RIGHTS": TERMS}, Restriction.DERIVED),
        (
            "a.tif",
            "dbar:nightlightchange",
            {"DBAR_PARAMETERS": '{"BEFORE": "/gone/KX10_GIU_20220101_x/a.tif"}'},
            Restriction.DERIVED,
        ),
        ("a.tif", "dbar:landdegradation", {}, Restriction.NONE),
    ],
)
def test_terms_of_the_inputs_hold_for_what_is_shared(tmp_path, name, algorithm, tags, restriction):
    path = result(tmp_path / name, algorithm=algorithm, **tags)
    pieces = pieces_of([path])
    assert pieces[0].restriction is restriction
    files = ready(pieces, tmp_path / "x")
    target = StaticFolder(tmp_path / "shared", PlainTransport())
    if restriction is not Restriction.NONE:
        with pytest.raises(RefusedError, match="must not be passed on"):
            share(plan_of(pieces), files, target, beside(target))
        assert not (tmp_path / "shared").exists()
    plan = plan_of(pieces, may_share_derivatives=True)
    if restriction is Restriction.SOURCE:
        with pytest.raises(RefusedError, match="must not be passed on"):
            share(plan, files, target, beside(target))
        return
    made = share(plan, files, target, beside(target))
    noted = made.document["properties"].get("dbar:redistribution")
    assert noted == ("research only" if restriction is Restriction.DERIVED else None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "title"),
        ({"licence": ""}, "licence"),
        ({"licence": "all mine"}, "no identifier"),
        ({"licence": "other"}, "address of the terms"),
        ({"licence": "other", "licence_url": "javascript:x"}, "no address of a web page"),
        ({"email": "nobody"}, "no e-mail"),
        ({"doi": "x"}, "no DOI"),
        ({"begin": "last year"}, "Write days"),
        ({"begin": "2016-01-01"}, "end before they begin"),
    ],
)
def test_what_the_form_lacks_is_told(values, words):
    problems = [str(problem) for problem in problems_of(said(**values))]
    assert len(problems) == 1 and words in problems[0]


def test_an_item_is_checked_by_our_own_eyes_too(raster, tmp_path, monkeypatch):
    pieces = pieces_of([raster])
    files = {file.key: file.shared("./a.tif") for file in ready(pieces, tmp_path / "x")}
    document = item_document(
        "a", "c", said(), pieces, files, parent="../collection.json", made=datetime.now(UTC)
    )
    validate(document)
    assert {check.state for check in checks.check_item(document)} == {State.FINE}
    assert any("by the schemas" in str(check.words) for check in checks.check_item(document))
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    found = list(checks.check_item(document))
    assert any("were not used" in str(check.words) for check in found)
    spoilt = {
        **document,
        "id": "a/b",
        "bbox": [1],
        "properties": {"datetime": None, "license": "all mine", "proj:code": 4326},
        "assets": {"data": {"href": "a.tif"}},
        "links": [{"rel": "x"}],
    }
    words = " ".join(str(check.words) for check in checks.check_item(spoilt))
    for part in ("a/b", "place", "date", "licence", "CRS", "link", "“data” lacks"):
        assert part in words


def test_several_rasters_are_one_item(tmp_path):
    first = result(tmp_path / "a.tif")
    second = result(tmp_path / "b.tif", algorithm="dbar:landproductivity")
    pieces = pieces_of([first, second])
    files = {file.key: file.shared(f"./{file.name}") for file in ready(pieces, tmp_path / "x")}
    document = item_document(
        "a", "c", said(), pieces, files, parent="../collection.json", made=datetime.now(UTC)
    )
    validate(document)
    assert set(document["assets"]) == {"a", "b"}
    assert document["assets"]["b"]["dbar:algorithm"] == "dbar:landproductivity"
    assert "dbar:algorithm" not in document["properties"]
    assert document["assets"]["a"]["proj:code"] == "EPSG:32618"
    assert str(tmp_path) not in json.dumps(document)


def test_ids_are_such_as_any_server_takes():
    assert identity_of("Land: degradation? (2000/2015) 土地") == "land-degradation-2000-2015-土地"
    assert identity_of("///") == "item"
    assert len(identity_of("x" * 300)) == 80


# --- files


def test_files_are_made_ready_and_the_originals_stay(raster, tmp_path):
    before = raster.read_bytes()
    pieces = pieces_of([raster])
    (tmp_path / "x").mkdir()
    files, found = make_ready(pieces, tmp_path / "x", cloud_optimised=True)
    (file,) = files
    assert raster.read_bytes() == before
    assert file.checksum == file_checksum(file.path).text
    assert file.name == f"degradation-{file.checksum[4:12]}.tif"
    assert "cloud-optimized" in file.media_type
    with rasterio.open(file.path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert "secret name" not in dataset.tags()["DBAR_PARAMETERS"]
        assert "lc.tif" in dataset.tags()["DBAR_PARAMETERS"]
        assert dataset.nodata == -32768
    assert [check.state for check in found] == [State.FINE]
    files, found = make_ready(pieces, tmp_path / "x", cloud_optimised=False)
    assert files[0].path == raster
    assert "names folders of this computer" in str(found[0].words)


def test_a_web_folder_takes_files_once(server, raster, tmp_path):
    (file,) = ready(pieces_of([raster]), tmp_path / "x")
    place = WebFolder(f"{server.url}/files/", Http(PlainTransport()))
    path = f"/files/{file.name}"
    length = {"Content-Length": str(file.size)}
    server.on(path, Answer(404), Answer(201), Answer(200, length, bytes(file.size)))
    sent: list[int] = []
    assert place.put(file, sent.append, lambda: False) is True
    assert sent[-1] == file.size
    assert [one.method for one in server.asked] == ["HEAD", "PUT", "HEAD"]
    assert server.asked[1].body == file.path.read_bytes()
    assert place.put(file, sent.append, lambda: False) is False
    assert place.href(file) == f"{server.url}/files/{file.name}"
    server.on(path, Answer(404), Answer(201), Answer(200, {}, b"short"))
    with pytest.raises(HttpError, match="did not arrive whole"):
        place.put(file, sent.append, lambda: False)


def test_a_signed_address_is_kept_nowhere(server, raster, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    (file,) = ready(pieces_of([raster]), tmp_path / "x")
    url = server.on("/bucket/a.tif", as_json({"description": f"token={SECRET} is old"}, 403))
    place = SignedAddresses({"data": f"{url}?X-Amz-Signature={SECRET}"}, Http(PlainTransport()))
    assert place.href(file) == url
    with pytest.raises(HttpError) as error:
        place.put(file, lambda _size: None, lambda: False)
    assert SECRET not in str(error.value) + repr(place) + caplog.text
    server.on("/bucket/a.tif", Answer(200))
    assert place.put(file, lambda _size: None, lambda: False) is True
    assert server.asked[-1].query == {"X-Amz-Signature": SECRET}
    assert place.remove(file) is False


def test_hosted_files_are_looked_at(server, raster, tmp_path):
    (file,) = ready(pieces_of([raster]), tmp_path / "x")
    url = server.on("/a.tif", Answer(200, {}, bytes(file.size)), Answer(200, {}, b"other"))
    place = Hosted({"data": url}, Http(PlainTransport()))
    assert place.put(file, lambda _size: None, lambda: False) is False
    with pytest.raises(HttpError, match="another file"):
        place.put(file, lambda _size: None, lambda: False)


@pytest.mark.parametrize("url", ["", "ftp://a", "https://", "https://me:pw@a.example/", "x"])
def test_what_is_no_address_of_a_folder_is_refused(url):
    with pytest.raises(InputError):
        clean_address(url)


# --- to a folder


def test_a_folder_becomes_a_catalog_that_others_read(raster, tmp_path):
    raster.with_suffix(".qml").write_text("<qgis/>")
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    target = StaticFolder(tmp_path / "shared", PlainTransport())
    plan = plan_of(pieces)
    seen = preview(plan, files, target, beside(target))
    assert not (tmp_path / "shared").exists()
    assert {check.state for check in seen.checks} == {State.FINE}
    made = share(plan, files, target, beside(target), seen=seen)
    assert made.notes == ()
    catalog = pystac.Catalog.from_file(str(tmp_path / "shared" / "catalog.json"))
    (item,) = catalog.get_items(recursive=True)
    assert item.id == "degradation"
    for asset in item.assets.values():
        path = Path(asset.get_absolute_href())
        assert file_checksum(path).text == asset.extra_fields["file:checksum"]
    for path in (tmp_path / "shared").rglob("*.json"):
        validate(json.loads(path.read_text(encoding="utf-8")))
        assert str(tmp_path) not in path.read_text(encoding="utf-8")
    assert made.link == (tmp_path / "shared/results/degradation/item.json").as_uri()
    assert made.item.properties["sci:doi"] == "10.1234/abc"

    # A second one beside it.
    other = plan_of(pieces, identity="other", metadata=said(begin="1990-01-01"))
    share(other, files, target, beside(target))
    catalog = pystac.Catalog.from_file(str(tmp_path / "shared" / "catalog.json"))
    assert {item.id for item in catalog.get_items(recursive=True)} == {"degradation", "other"}
    extent = next(catalog.get_children()).extent
    assert extent.temporal.intervals[0][0].year == 1990


def test_an_item_that_is_there_is_followed_or_written_over(raster, tmp_path):
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    target = StaticFolder(tmp_path / "shared", PlainTransport())
    share(plan_of(pieces), files, target, beside(target))
    before = names_in(target.folder)
    with pytest.raises(ConflictError, match="there already"):
        share(plan_of(pieces), files, target, beside(target))
    assert names_in(target.folder) == before

    version = plan_of(pieces, on_conflict=OnConflict.VERSION)
    for number in (2, 3):
        made = share(version, files, target, beside(target))
        assert made.item.id == f"degradation-v{number}"
        assert made.document["properties"]["version"] == str(number)
        validate(made.document)
    (link,) = [link for link in made.item.links if link.rel == "predecessor-version"]
    assert link.href == target.address("results", "degradation-v2")

    over = plan_of(pieces, on_conflict=OnConflict.OVERWRITE, metadata=said(title="New"))
    seen = preview(over, files, target, beside(target))
    assert '+  "title": "New"' in seen.difference
    # Somebody else is faster.
    share(replace(over, metadata=said(title="Theirs")), files, target, beside(target))
    with pytest.raises(ConflictError, match="changed"):
        share(over, files, target, beside(target), seen=seen)
    seen = preview(over, files, target, beside(target))
    made = share(over, files, target, beside(target), seen=seen)
    assert made.item.title == "New"
    assert made.document["properties"]["created"] <= made.document["properties"]["updated"]
    validate(made.document)


def test_a_foreign_catalog_is_added_to_and_my_data_is_refused(raster, data, tmp_path):
    folder = tmp_path / "shared"
    foreign = pystac.Catalog("foreign", "Somebody's")
    known = pystac.Collection(
        "results",
        "Theirs",
        pystac.Extent(
            pystac.SpatialExtent([[1.0, 2.0, 3.0, 4.0]]),
            pystac.TemporalExtent([[datetime(1980, 1, 1, tzinfo=UTC), None]]),
        ),
    )
    known.add_item(
        pystac.Item("theirs", None, None, datetime(1980, 1, 1, tzinfo=UTC), properties={})
    )
    foreign.add_child(known)
    foreign.normalize_and_save(str(folder), pystac.CatalogType.SELF_CONTAINED)
    pieces = pieces_of([raster])
    target = StaticFolder(folder, PlainTransport())
    share(plan_of(pieces), ready(pieces, tmp_path / "x"), target, beside(target))
    catalog = pystac.Catalog.from_file(str(folder / "catalog.json"))
    assert catalog.description == "Somebody's"
    assert {item.id for item in catalog.get_items(recursive=True)} == {"theirs", "degradation"}
    (collection,) = catalog.get_children()
    assert collection.extent.spatial.bboxes[0][1:] == [2.0, 3.0, pytest.approx(10.86, abs=0.1)]
    assert collection.extent.temporal.intervals[0][0].year == 1980
    with pytest.raises(InputError, match="My data"):
        StaticFolder(data.folder, PlainTransport(), data.folder)
    data.add_raster(raster, Origin.COMPUTED)
    with pytest.raises(InputError, match="My data"):
        StaticFolder(data.folder, PlainTransport())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "catalog.json").write_text('{"mine": 1}')
    with pytest.raises(InputError, match="no STAC catalog"):
        StaticFolder(tmp_path / "other", PlainTransport())


def test_what_fails_or_is_cancelled_leaves_the_folder_as_it_was(raster, tmp_path, monkeypatch):
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    target = StaticFolder(tmp_path / "shared", PlainTransport())
    share(plan_of(pieces), files, target, beside(target))
    before = names_in(target.folder)
    monkeypatch.setattr(target, "read_back", lambda *_: None)
    for collection in ("results", "new"):
        plan = plan_of(pieces, identity="second", collection=collection)
        with pytest.raises(NotSharedError, match="does not find it") as error:
            share(plan, files, target, beside(target, collection))
        assert error.value.left == ()
        assert names_in(target.folder) == before
    over = plan_of(pieces, on_conflict=OnConflict.OVERWRITE, metadata=said(title="New"))
    with pytest.raises(NotSharedError):
        share(over, files, target, beside(target))
    assert target.find("results", "degradation").item.title == said().title
    created = []
    monkeypatch.undo()
    create = target.create
    monkeypatch.setattr(target, "create", lambda *given: created.append(1) or create(*given))
    with pytest.raises(Cancelled):
        share(
            plan_of(pieces, identity="second"),
            files,
            target,
            beside(target),
            progress=Progress(is_cancelled=lambda: bool(created)),
        )
    assert names_in(target.folder) == before
    blocked = StaticFolder(tmp_path / "blocked", PlainTransport())
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises((NotSharedError, OutputError), match="could not be written"):
        share(plan_of(pieces), files, blocked, beside(blocked))


# --- to servers


def on_web(kind: str) -> Connection:
    url = {"stac_api": stac_url, "records": pygeoapi_url, "csw": pycsw_url}[kind]()
    return Connection("Test", url, kind)


COLLECTIONS = {"stac_api": "land-degradation", "records": WHOLE, "csw": "records"}


@pytest.mark.parametrize(
    "kind",
    [
        "stac_api",
        "records",
        pytest.param(
            "csw",
            marks=pytest.mark.skipif(find_spec("owslib") is None, reason="OWSLib is of QGIS"),
        ),
    ],
)
def test_what_is_shared_comes_back_from_servers(kind, server, raster, tmp_path):
    connection = on_web(kind)
    target = web_target(connection, http_of(connection, PlainTransport()))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    kept: dict[str, bytes] = {}

    def storage(asked):
        if asked.method == "PUT":
            kept[asked.path] = asked.body
            return Answer(201)
        if asked.method == "DELETE":
            return Answer(204 if kept.pop(asked.path, None) is not None else 404)
        there = kept.get(asked.path)
        return Answer(404) if there is None else Answer(200, {}, there)

    server.on(f"/files/{files[0].name}", storage)
    place = WebFolder(f"{server.url}/files", Http(PlainTransport()))
    identity = f"shared-{kind}-{time.monotonic_ns()}"
    plan = plan_of(pieces, identity, COLLECTIONS[kind])
    made = share(plan, files, target, lambda _: place)
    assert list(kept.values()) == [files[0].path.read_bytes()]
    assert made.item.id == identity and made.item.title == said().title
    assert [asset.href for asset in made.item.assets] == [place.href(files[0])]
    assert (made.item.begin, made.item.end) == (
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2015, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    validate(made.document)
    assert identity in made.link
    assert made.notes == () or kind != "stac_api"

    with pytest.raises(ConflictError, match="there already"):
        share(plan, files, target, lambda _: place)
    assert len(kept) == 1
    version = share(replace(plan, on_conflict=OnConflict.VERSION), files, target, lambda _: place)
    assert version.item.id == f"{identity}-v2"
    over = replace(plan, on_conflict=OnConflict.OVERWRITE, metadata=said(title="Second"))
    assert share(over, files, target, lambda _: place).item.title == "Second"

    # What does not come back as it should is undone.
    target.read_back = lambda *_: None
    with pytest.raises(NotSharedError) as error:
        share(replace(over, metadata=said(title="Third")), files, target, lambda _: place)
    assert error.value.left == ()
    assert target.find(plan.collection, identity).item.title == "Second"
    with pytest.raises(NotSharedError):
        share(replace(plan, identity=f"{identity}-x"), files, target, lambda _: place)
    assert target.find(plan.collection, f"{identity}-x") is None
    for name in (identity, f"{identity}-v2"):
        target.delete(plan.collection, name)


def test_a_collection_is_made_where_that_can_be_and_undone(server, raster, tmp_path):
    connection = on_web("stac_api")
    target = web_target(connection, http_of(connection, PlainTransport()))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    hosted = Hosted(
        {"data": server.on("/a.tif", Answer(200, {}, bytes(files[0].size)))},
        Http(PlainTransport()),
    )
    name = f"made-{time.monotonic_ns()}"
    plan = plan_of(pieces, collection=name)
    read_back = target.read_back
    target.read_back = lambda *_: None
    with pytest.raises(NotSharedError):
        share(plan, files, target, lambda _: hosted)
    assert not target.has_collection(name)
    target.read_back = read_back
    assert share(plan, files, target, lambda _: hosted).item.collection == name
    assert target.has_collection(name)
    target.delete(name, "degradation")
    target.remove_collection(name)
    connection = on_web("records")
    other = web_target(connection, http_of(connection, PlainTransport()))
    before = len(server.asked)
    with pytest.raises(RefusedError, match=f"no collection “{name}”"):
        share(plan, files, other, lambda _: hosted)
    assert len(server.asked) == before  # no file was brought


def test_an_item_that_is_found_after_a_while_is_waited_for(server, raster, tmp_path):
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    written: list[dict] = []

    def take(asked):
        written.append(json.loads(asked.body))
        return as_json(written[0], 201)

    def search(_asked):
        found = written if len(server.asked_for("/search")) > 2 else []
        return as_json({"type": "FeatureCollection", "features": found, "links": []})

    connection = stac_server(server, take)
    server.on(
        "/",
        as_json(
            {
                "type": "Catalog",
                "id": "x",
                "conformsTo": ["https://api.stacspec.org/v1.0.0/item-search"],
                "links": [
                    {"rel": "data", "href": server.url + "/collections"},
                    {"rel": "search", "href": server.url + "/search", "method": "POST"},
                ],
            }
        ),
    )
    server.on("/search", search)
    waits: list[float] = []
    http = replace(http_of(connection, PlainTransport()), wait=waits.append)
    target = web_target(connection, http)
    hosted = server.on("/a.tif", Answer(200, {}, bytes(files[0].size)))
    place = Hosted({"data": hosted}, Http(PlainTransport()))
    made = share(plan_of(pieces), files, target, lambda _: place)
    assert made.item.id == "degradation"
    assert sum(waits) >= 2.0


def stac_server(server, *answers: Answer, find: tuple = (Answer(404),)) -> Connection:
    """A STAC API whose items are written with these answers."""
    root = {
        "type": "Catalog",
        "id": "x",
        "links": [{"rel": "data", "href": server.url + "/collections"}],
    }
    server.on("/", as_json(root))
    server.on("/collections/results", as_json({"type": "Collection", "id": "results"}))
    server.on("/collections/results/items", *answers)
    server.on("/collections/results/items/degradation", *find)
    return Connection("Test", server.url + "/", "stac_api", authcfg="abc")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (as_json({"description": "Who are you?"}, 401), NotSharedError, "credentials"),
        (as_json({"description": "is there"}, 409), ConflictError, "there already"),
        (as_json({"description": "out of order"}, 500), NotSharedError, "out of order"),
        (busy(503), NotSharedError, "too much to do"),
        (Answer(200, {}, b"{}", cut_after=-1), NotSharedError, ""),
    ],
    ids=["401", "409", "500", "503", "cut"],
)
def test_an_item_that_is_refused_takes_its_files_along(
    server, raster, tmp_path, answer, kind, words
):
    connection = stac_server(server, answer)
    transport = PlainTransport({"abc": {"X-Secret": SECRET}})
    target = web_target(connection, http_of(connection, transport))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    there = {"is": False}

    def storage(asked):
        there["is"] = asked.method == "PUT" or (there["is"] and asked.method != "DELETE")
        length = bytes(files[0].size) if there["is"] and asked.method == "HEAD" else b""
        return Answer(200 if there["is"] or asked.method == "DELETE" else 404, {}, length)

    server.on(f"/files/{files[0].name}", storage)
    place = WebFolder(f"{server.url}/files", Http(PlainTransport()))
    with pytest.raises(kind, match=words or ".") as error:
        share(plan_of(pieces), files, target, lambda _: place)
    assert getattr(error.value, "left", ()) == ()
    assert not there["is"]
    assert [one.method for one in server.asked_for(f"/files/{files[0].name}")][-1] == "DELETE"
    assert SECRET not in str(error.value)
    assert not any("x-secret" in one.headers for one in server.asked if "/files" in one.path)


def test_an_upload_that_is_cut_is_told_and_undone(server, raster, tmp_path):
    connection = stac_server(server, as_json({}, 201))
    target = web_target(connection, http_of(connection, PlainTransport()))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    path = f"/files/{files[0].name}"
    server.on(path, lambda asked: Answer(404 if asked.method == "HEAD" else 204))
    server.takes[path] = (100, 0.0)
    waits: list[float] = []
    place = WebFolder(f"{server.url}/files", Http(PlainTransport(), wait=waits.append))
    with pytest.raises(NotSharedError):
        share(plan_of(pieces), files, target, lambda _: place)
    assert waits  # it was tried again
    assert server.asked_for(path)[-1].method == "DELETE"
    assert not [one for one in server.asked if one.method == "POST"]


def test_what_cannot_be_taken_back_is_told(server, raster, tmp_path):
    connection = stac_server(server, as_json({"description": "no"}, 500))
    target = web_target(connection, http_of(connection, PlainTransport()))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    url = server.on("/bucket/a.tif", Answer(200))
    place = SignedAddresses({"data": f"{url}?sig={SECRET}"}, Http(PlainTransport()))
    with pytest.raises(NotSharedError) as error:
        share(plan_of(pieces), files, target, lambda _: place)
    (left,) = map(str, error.value.left)
    assert url in left and SECRET not in left


def test_a_cancel_ends_an_upload_soon_and_undoes_it(server, raster, tmp_path):
    connection = stac_server(server, as_json({}, 201))
    target = web_target(connection, http_of(connection, PlainTransport()))
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    path = f"/files/{files[0].name}"
    server.on(path, lambda asked: Answer(404 if asked.method == "HEAD" else 204))
    server.takes[path] = (100, 20.0)
    place = WebFolder(f"{server.url}/files", Http(PlainTransport()))
    begun: list[float] = []

    def is_cancelled() -> bool:
        if server.asked_for(path) and not begun:
            begun.append(time.monotonic())
        return bool(begun) and time.monotonic() > begun[0] + 0.2

    with pytest.raises(Cancelled):
        share(
            plan_of(pieces),
            files,
            target,
            lambda _: place,
            progress=Progress(is_cancelled=is_cancelled),
        )
    assert time.monotonic() - begun[0] < 0.5
    assert server.asked_for(path)[-1].method == "DELETE"


def test_an_etag_is_held_against_a_change(server, raster, tmp_path):
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    there = {"type": "Feature", "id": "degradation", "properties": {"title": "Old"}, "links": []}
    hosted = server.on("/a.tif", Answer(200, {}, bytes(files[0].size)))
    place = Hosted({"data": hosted}, Http(PlainTransport()))

    def item(asked):
        if asked.method == "PUT":
            return as_json({"description": "changed"}, 412)
        return as_json(there, ETag='"7"')

    connection = stac_server(server, find=(item,))
    target = web_target(connection, http_of(connection, PlainTransport()))
    plan = plan_of(pieces, on_conflict=OnConflict.OVERWRITE)
    with pytest.raises(ConflictError, match="Somebody else"):
        share(plan, files, target, lambda _: place)
    (put,) = [one for one in server.asked if one.method == "PUT"]
    assert put.headers["if-match"] == '"7"'
    # A server that knows no ETag: what is there is read again just before.
    second = {**there, "properties": {"title": "Theirs"}}
    connection = stac_server(server, find=(as_json(there), as_json(second)))
    target = web_target(connection, http_of(connection, PlainTransport()))
    with pytest.raises(ConflictError, match="Somebody else"):
        share(plan, files, target, lambda _: place)
    assert len([one for one in server.asked if one.method == "PUT"]) == 1


def test_credentials_go_to_their_own_server_only(server, raster, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    pieces = pieces_of([raster])
    files = ready(pieces, tmp_path / "x")
    path = f"/files/{files[0].name}"
    server.on(path, guarded(Answer(404), header=("X-Secret", SECRET)))
    transport = PlainTransport({"abc": {"X-Secret": SECRET}})
    place = WebFolder(
        f"{server.url}/files", Http(transport, "abc", frozenset({host_of(server.other_url)}))
    )
    with pytest.raises(HttpError, match="credentials"):
        place.put(files[0], lambda _: None, lambda: False)
    assert SECRET not in caplog.text
    assert not any(SECRET in str(one) for one in server.asked)


def test_nobody_answers(raster, tmp_path):
    connection = Connection("Test", "http://127.0.0.1:9/", "stac_api")
    target = web_target(connection, replace(http_of(connection, PlainTransport()), tries=1))
    pieces = pieces_of([raster])
    with pytest.raises(NetworkError):
        share(plan_of(pieces), ready(pieces, tmp_path / "x"), target, lambda _: Folder(tmp_path))
    wms = Connection("Map", "http://127.0.0.1:9/", "wms")
    with pytest.raises(InputError, match="Map cannot be written"):
        web_target(wms, http_of(wms, PlainTransport()))


# --- drafts


class Known:
    def __init__(self, *connections):
        self.connections = connections

    def all(self):
        return self.connections

    def get(self, identity):
        return next((one for one in self.connections if one.id == identity), None)


def test_a_draft_is_kept_without_secrets(tmp_path):
    draft = Draft(
        sources=("/a/b.tif",),
        identity="x",
        collection="c",
        metadata=said(description=f"see https://me:{SECRET}@a.example/?token={SECRET}"),
        cloud_optimised=False,
        on_conflict=OnConflict.VERSION,
        connection="0" * 32,
        place="hosted",
        hosted={"data": f"https://a.example/a.tif?sig={SECRET}"},
    )
    path = tmp_path / "drafts" / "x.json"
    save_draft(draft, path)
    assert SECRET not in path.read_text(encoding="utf-8")
    read = load_draft(path)
    assert replace(read, metadata=said(), hosted={}) == replace(draft, metadata=said(), hosted={})
    path.write_text('{"type": "dbar-draft", "sources": 7, "place": "moon", "metadata": []}')
    assert load_draft(path) == Draft()
    path.write_text("[]")
    with pytest.raises(InputError, match="no draft"):
        load_draft(path)


def test_a_draft_leads_to_its_catalog_and_place(data, server, tmp_path, raster):
    (file,) = ready(pieces_of([raster]), tmp_path / "x")
    connection = Connection("Test", server.url + "/", "stac_api", authcfg="abc")
    library = Library(Known(connection), PlainTransport(), data)
    folder = Draft(folder=str(tmp_path / "shared"), collection="c")
    target = open_target(folder, library)
    assert where_of(folder, target, library, Secrets())("i").href(file) == f"./{file.name}"
    web = Draft(connection=connection.id)
    target = open_target(web, library)
    with pytest.raises(InputError, match="choose where its files go"):
        where_of(web, target, library, Secrets())
    there = replace(web, place="web", files_url=server.url + "/files")
    place = where_of(there, target, library, Secrets())("i")
    assert place.href(file) == f"{server.url}/files/{file.name}"
    assert place.http.authcfg == "abc"
    place = where_of(there, target, library, Secrets("other"))("i")
    assert (place.http.authcfg, place.http.hosts) == ("other", {server.url})
    seen = replace(web, place="folder", files_folder=str(tmp_path), files_url="https://a.org/d/")
    assert where_of(seen, target, library, Secrets())("i").href(file).startswith("https://a.org/d/")
    local = replace(seen, files_url="")
    assert where_of(local, target, library, Secrets())("i").href(file).startswith("file:///")
    signed = replace(web, place="signed")
    secret = Secrets(signed={"data": f"https://b.org/a.tif?sig={SECRET}"})
    assert where_of(signed, target, library, secret)("i").href(file) == "https://b.org/a.tif"
    assert SECRET not in repr(secret)
    with pytest.raises(InputError, match="Choose a catalog"):
        open_target(Draft(), library)
    with pytest.raises(InputError, match="not there any more"):
        open_target(Draft(connection="gone"), library)
