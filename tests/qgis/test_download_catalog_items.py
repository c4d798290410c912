"""`dbar:downloadcatalogitems`: resumed, verified, registered; failures one by one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsVectorLayer,
)

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.catalog.net.places import data_folder
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.gui.catalog.sample import provide_sample_catalog
from dbar_qgis_plugin.raster_io.progress import Progress
from tests.qgis.conftest import LEFT, TOP
from tests.servers.misbehaving import (
    Answer,
    as_json,
    file_of,
    guarded,
    login_page,
    misbehaving_server,
)

MEMORY = "TEMPORARY_OUTPUT"
DATA = bytes(range(256)) * 900


@pytest.fixture(autouse=True)
def profile(tmp_path, monkeypatch) -> Path:
    """A user's profile that holds nothing yet."""
    folder = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(folder)))
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """The sample catalog."""
    folder = tmp_path_factory.mktemp("sample") / "catalog"
    provide_sample_catalog(folder, Progress())
    return folder


@pytest.fixture
def server():
    """A server on which tests put files."""
    with misbehaving_server() as made:
        yield made


@pytest.fixture
def fetch(run):
    """Download; returns the rows of the table; the result is kept."""

    def fetch_it(items: object = None, **parameters):
        values = {"OUTPUT": MEMORY} | parameters
        if items is not None:
            values["ITEMS"] = str(items)
        fetch_it.result = result = run("downloadcatalogitems", **values)
        return [feature.attributeMap() for feature in result["OUTPUT"].getFeatures()]

    return fetch_it


def multihash(data: bytes) -> str:
    return "1220" + hashlib.sha256(data).hexdigest()


def item(assets: dict, identity: str = "scene") -> dict:
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": identity,
        "collection": "viirs",
        "geometry": None,
        "bbox": [10, 20, 11, 21],
        "properties": {"datetime": "2020-06-01T00:00:00Z", "license": "CC-BY-4.0"},
        "links": [],
        "assets": assets,
    }


def write_item(folder: Path, *items: dict) -> Path:
    path = folder / "items.json"
    document = items[0] if len(items) == 1 else {"type": "FeatureCollection", "features": items}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def in_my_data() -> list:
    store = DataStore(data_folder())
    try:
        return [(one, store.files(one)) for one in store.items(Query())]
    finally:
        store.close()


def test_a_result_of_the_search(run, fetch, sample):
    found = run("searchcatalog", CONNECTION=str(sample), THEME="night_light", OUTPUT=MEMORY)
    rows = fetch(INPUT=found["OUTPUT"])
    assert {row["status"] for row in rows} == {"local"} and len(rows) == 5
    files = fetch.result["OUTPUT_FILES"]
    assert [Path(file).name for file in files] == [
        f"night_light_{year}.tif" for year in (2015, 2017, 2018, 2019, 2020)
    ]
    assert fetch.result["OUTPUT_RASTER"] == files[0]
    assert (fetch.result["N_FILES"], fetch.result["N_FAILED"]) == (5, 0)


def test_a_file_is_verified_and_taken_into_my_data(fetch, server, tmp_path, feedback):
    url = server.on("/a.tif", file_of(DATA))
    asset = {"href": url, "type": "image/tiff", "roles": ["data"], "file:size": len(DATA)}
    asset["file:checksum"] = multihash(DATA)
    (row,) = fetch(write_item(tmp_path, item({"red": asset})))
    path = Path(row["path"])
    assert path.read_bytes() == DATA and path.is_relative_to(data_folder())
    assert (row["status"], row["is_checked"], row["size"]) == ("fetched", 1, len(DATA))
    ((kept, files),) = in_my_data()
    assert (kept.id, kept.collection, files) == ("scene", "viirs", {"red": path})
    assert fetch.result["FOLDER"] == str(data_folder())
    assert "1 files" in feedback.infos[0] and "CC-BY-4.0" in feedback.infos[0]


def test_what_is_there_is_not_fetched_again(fetch, server, tmp_path):
    url = server.on("/a.tif", file_of(DATA))
    source = write_item(tmp_path, item({"red": {"href": url, "roles": ["data"]}}))
    first = fetch(source)
    asked = len(server.asked_for("/a.tif"))
    (second,) = fetch(source)
    assert len(server.asked_for("/a.tif")) == asked
    assert (first[0]["status"], second["status"]) == ("fetched", "there")
    assert second["path"] == first[0]["path"] and len(in_my_data()) == 1


def test_a_broken_file_goes_on_where_it_stopped(fetch, server, tmp_path):
    url = server.on("/a.tif", file_of(DATA, cut_after=50_000), file_of(DATA))
    (row,) = fetch(write_item(tmp_path, item({"red": {"href": url}})))
    assert Path(row["path"]).read_bytes() == DATA
    ranges = [asked.headers.get("range") for asked in server.asked_for("/a.tif")]
    assert ranges[0] is None and ranges[-1] == "bytes=50000-"


def test_another_checksum_is_refused_and_the_others_come(fetch, server, tmp_path, feedback):
    good = {"href": server.on("/a.tif", file_of(DATA))}
    bad = {"href": server.on("/b.tif", file_of(DATA)), "file:checksum": multihash(b"other")}
    rows = fetch(write_item(tmp_path, item({"good": good, "bad": bad})))
    by_asset = {row["asset"]: row for row in rows}
    assert by_asset["good"]["status"] == "fetched"
    assert by_asset["bad"]["status"] == "failed" and by_asset["bad"]["path"] == ""
    assert "another checksum" in by_asset["bad"]["reason"]
    assert any("another checksum" in error for error in feedback.errors)
    assert fetch.result["N_FAILED"] == 1 and not list(data_folder().rglob("b.tif*"))


def test_a_login_page_in_place_of_the_only_file(fetch, server, tmp_path):
    source = write_item(tmp_path, item({"red": {"href": server.on("/a.tif", login_page())}}))
    with pytest.raises(QgsProcessingException, match=r"None of 1 files.*web page"):
        fetch(source)
    assert in_my_data() == []


def test_a_chosen_folder_is_listed_where_it_lies(fetch, server, tmp_path):
    url = server.on("/a.tif", file_of(DATA))
    target = tmp_path / "own folder"
    (row,) = fetch(write_item(tmp_path, item({"red": {"href": url}})), FOLDER=str(target))
    assert Path(row["path"]) == target / "viirs" / "scene" / "a.tif"
    ((_, files),) = in_my_data()
    assert files == {"red": Path(row["path"])}


def test_a_temporary_folder(fetch, server, tmp_path):
    url = server.on("/a.tif", file_of(DATA))
    (row,) = fetch(write_item(tmp_path, item({"red": {"href": url}})), FOLDER=MEMORY)
    folder = Path(fetch.result["FOLDER"])
    assert folder.is_dir() and Path(row["path"]).is_relative_to(folder)
    assert not folder.is_relative_to(data_folder()) and folder != data_folder().parent


def test_keys_and_roles(fetch, server, tmp_path):
    assets = {
        "red": {"href": server.on("/r.tif", file_of(DATA)), "roles": ["data", "reflectance"]},
        "nir": {"href": server.on("/n.tif", file_of(DATA)), "roles": ["data", "reflectance"]},
        "qa": {"href": server.on("/q.tif", file_of(DATA)), "roles": ["data-mask"]},
        "meta": {"href": server.on("/m.xml", file_of(b"<x/>")), "roles": ["metadata"]},
        "thumbnail": {"href": server.on("/t.png", file_of(DATA)), "roles": ["thumbnail"]},
    }
    source = write_item(tmp_path, item(assets))

    def chosen(text: str) -> list[str]:
        return sorted(row["asset"] for row in fetch(source, ASSETS=text))

    assert chosen("") == ["nir", "qa", "red"]
    assert chosen("reflectance") == ["nir", "red"]
    assert chosen("nir, metadata") == ["meta", "nir"]
    assert chosen("*") == sorted(assets)
    with pytest.raises(QgsProcessingException, match=r"No asset of the 1 items.*“swir”"):
        chosen("swir")


def test_an_address_of_an_item_with_relative_assets(fetch, server):
    server.on("/items/a.tif", file_of(DATA))
    url = server.on("/items/scene.json", as_json(item({"red": {"href": "./a.tif"}})))
    (row,) = fetch(url)
    assert row["status"] == "fetched"


def test_only_a_part_of_a_raster(fetch, sample):
    source = sample / "sample-night-light" / "night_light_2020.json"
    (row,) = fetch(source, CLIP="75.9,76.1,43.1,43.2 [EPSG:4326]")
    assert row["status"] == "clipped"
    part = gdal.Open(row["path"])
    assert 0 < part.RasterXSize < 40 and 0 < part.RasterYSize < 30
    whole = gdal.Open(str(sample / "data" / "light" / "night_light_2020.tif"))
    left = round((part.GetGeoTransform()[0] - whole.GetGeoTransform()[0]) / 500)
    top = round((whole.GetGeoTransform()[3] - part.GetGeoTransform()[3]) / 500)
    there = whole.ReadAsArray(left, top, part.RasterXSize, part.RasterYSize)
    assert np.array_equal(part.ReadAsArray(), there)
    assert len(in_my_data()) == 1


def test_too_little_room(fetch, server, tmp_path):
    huge = {"href": server.on("/a.tif", file_of(DATA)), "file:size": 1 << 60}
    with pytest.raises(QgsProcessingException, match=r"The files need 11529215.* MB"):
        fetch(write_item(tmp_path, item({"red": huge})))
    assert server.asked_for("/a.tif") == []


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "Give either"),
        ({"ITEMS": "x.json", "INPUT": "layer"}, "Give either"),
        ({"INPUT": "layer"}, "has no field connection, collection"),
    ],
)
def test_refused(run, parameters, words):
    if "INPUT" in parameters:
        parameters["INPUT"] = QgsVectorLayer("Point?field=id:string", "Points", "memory")
    with pytest.raises(QgsProcessingException, match=words):
        run("downloadcatalogitems", OUTPUT=MEMORY, **parameters)


def test_a_document_without_items(fetch, tmp_path):
    path = tmp_path / "no.json"
    path.write_text('{"type": "Catalog"}', encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="holds no item with assets"):
        fetch(path)


def test_credentials_of_the_connection_go_along_and_stay_out_of_the_table(
    run, fetch, server, keep_credentials, monkeypatch
):
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "x"}
    links = [{"rel": "item", "href": "./scene.json"}]
    asset = {"red": {"href": "./a.tif", "roles": ["data"]}}
    for path, rule in {
        "/catalog.json": as_json({**root, "links": links}),
        "/scene.json": as_json(item(asset)),
        "/a.tif": file_of(DATA),
    }.items():
        server.on(path, guarded(rule, basic="me:pw-of-mine"))
    authcfg = keep_credentials("Basic", username="me", password="pw-of-mine")
    url = f"{server.url}/catalog.json"
    made = Connection("Guarded", url, "stac_static", authcfg=authcfg)
    monkeypatch.setattr(ConnectionStore, "all", lambda _: (made,))
    found = run("searchcatalog", CONNECTION="Guarded", OUTPUT=MEMORY)
    (row,) = fetch(INPUT=found["OUTPUT"])
    assert (row["status"], row["connection"]) == ("fetched", made.id)
    written = [path.read_text() for path in data_folder().rglob("*.json")]
    assert "pw-of-mine" not in json.dumps([row, *written], default=str)


def test_a_part_of_a_raster_that_needs_credentials(
    run, fetch, server, keep_credentials, monkeypatch, write_raster
):
    whole = Path(write_raster("whole.tif", np.ones((40, 40))))
    rule = guarded(file_of(whole.read_bytes()), basic="me:pw-of-mine")
    url = server.on("/guarded.tif", rule)
    asset = {"href": url, "type": "image/tiff; application=geotiff", "roles": ["data"]}
    server.on("/guarded.json", as_json(item({"red": asset})))
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "x", "description": "x"}
    links = [{"rel": "item", "href": "./guarded.json"}]
    catalog = server.on("/guarded-catalog.json", as_json({**root, "links": links}))
    authcfg = keep_credentials("Basic", username="me", password="pw-of-mine")
    made = Connection("Guarded", catalog, "stac_static", authcfg=authcfg)
    monkeypatch.setattr(ConnectionStore, "all", lambda _: (made,))
    found = run("searchcatalog", CONNECTION="Guarded", OUTPUT=MEMORY)
    box = f"{LEFT + 500},{LEFT + 1500},{TOP - 1500},{TOP - 500} [EPSG:32643]"
    (row,) = fetch(INPUT=found["OUTPUT"], CLIP=box)
    assert row["status"] == "clipped", row
    assert gdal.Open(row["path"]).RasterXSize < 20
    # The whole is not kept.
    assert list(data_folder().parent.rglob("*.tif*")) == [Path(row["path"])]


def test_cancel_keeps_what_came(fetch, server, tmp_path, feedback):
    def slow(asked) -> Answer:
        answer = file_of(DATA, pause_s=0.05, piece=8192)(asked)
        feedback.cancel()
        return answer

    source = write_item(tmp_path, item({"red": {"href": server.on("/a.tif", slow)}}))
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        fetch(source)
    assert in_my_data() == [] and not list(data_folder().rglob("a.tif"))


def test_its_rasters_go_into_the_next_step_of_a_model(provider, sample, tmp_path):
    model = QgsProcessingModelAlgorithm("chain", "tests")
    value = QgsProcessingModelChildParameterSource.fromStaticValue
    of = QgsProcessingModelChildParameterSource.fromChildOutput
    steps = {
        "searchcatalog": {
            "CONNECTION": value(str(sample)),
            "COLLECTIONS": value("sample-night-light"),
        },
        "downloadcatalogitems": {"INPUT": of("searchcatalog", "OUTPUT")},
        "nightlightcomposite": {
            "RASTERS": of("downloadcatalogitems", "OUTPUT_FILES"),
            "STATISTIC": value("mean"),
        },
    }
    for name, sources in steps.items():
        child = QgsProcessingModelChildAlgorithm(f"dbar:{name}")
        child.setChildId(name)
        for parameter, source in sources.items():
            child.addParameterSources(parameter, [source])
        if name == "nightlightcomposite":
            output = QgsProcessingModelOutput("mean")
            output.setChildId(name)
            output.setChildOutputName("OUTPUT")
            child.setModelOutputs({"mean": output})
        model.addChildAlgorithm(child)
    target = str(tmp_path / "mean.tif")
    _, fits = model.run(
        {"nightlightcomposite:mean": target}, QgsProcessingContext(), QgsProcessingFeedback()
    )
    assert fits
    mean = gdal.Open(target).ReadAsArray()[0]
    light = sample / "data" / "light"
    years = [gdal.Open(str(path)).ReadAsArray() for path in sorted(light.glob("*.tif"))]
    assert mean[40, 40] == pytest.approx(np.mean([year[40, 40] for year in years]), rel=1e-5)
