"""`dbar:searchcatalog`: real servers and folders, what they ignore, what would give items."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pystac
import pystac.validation
import pytest
from pystac.stac_object import STACObjectType
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QTimer

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from dbar_qgis_plugin.gui.catalog.sample import provide_sample_catalog
from dbar_qgis_plugin.raster_io.progress import Progress
from tests.servers.misbehaving import as_json, misbehaving_server
from tests.servers.pycsw import pycsw_url
from tests.servers.pygeoapi import WHOLE, pygeoapi_url
from tests.servers.stac import stac_url
from tests.servers.stac_data import BUILT_UP, LIGHT

MEMORY = "TEMPORARY_OUTPUT"


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
def search(run):
    """Search; returns the rows of the result, and the result."""

    def search_it(connection: object, **parameters):
        values = {"CONNECTION": str(connection), "OUTPUT": MEMORY} | parameters
        result = run("searchcatalog", **values)
        layer = result["OUTPUT"]
        if isinstance(layer, str):
            layer = QgsVectorLayer(layer, "items", "ogr")
        assert layer.isValid() and layer.crs().authid() == "EPSG:4326"
        search_it.layer, search_it.result = layer, result
        rows = [feature.attributeMap() for feature in layer.getFeatures()]
        assert len(rows) == result["COUNT"]
        return rows

    return search_it


def ids(rows) -> list[str]:
    return [row["id"] for row in rows]


def test_an_api_by_its_address(search, feedback):
    rows = search(
        stac_url(),
        COLLECTIONS=LIGHT,
        EXTENT="75,85,30,50 [EPSG:4326]",
        CLOUD=40,
        SORT="eo:cloud_cover",
        MOST=200,
    )
    assert len(rows) > 3
    clouds = [row["cloud"] for row in rows]
    assert clouds == sorted(clouds) and clouds[-1] <= 40
    first = rows[0]
    assert first["collection"] == LIGHT and first["title"] and first["connection"] == stac_url()
    assert isinstance(first["begin"], QDateTime) and first["begin"].timeSpec() == Qt.TimeSpec.UTC
    assert first["self_href"].startswith(stac_url()) and first["data_href"]
    geometry = next(search.layer.getFeatures()).geometry()
    assert geometry.isGeosValid() and 70 < geometry.centroid().asPoint().x() < 90
    assert f"127.0.0.1:{stac_url().split(':')[-1].strip('/')}: {len(rows)} items" in feedback.infos
    assert feedback.warnings == []


def test_an_extent_in_another_crs_means_the_same_area(search):
    plain = search(stac_url(), EXTENT="75,80,35,40 [EPSG:4326]", MOST=200)
    mercator = search(
        stac_url(), EXTENT="8348961.8,8905559.3,4163881.2,4865942.3 [EPSG:3857]", MOST=200
    )
    assert ids(plain) == ids(mercator) != []


def test_a_connection_by_name_or_id(search, monkeypatch):
    made = Connection("My server", stac_url(), "stac_api")
    monkeypatch.setattr(ConnectionStore, "all", lambda _: (made,))
    by_name = search("my SERVER", COLLECTIONS=BUILT_UP)
    by_id = search(made.id, COLLECTIONS=BUILT_UP)
    assert ids(by_name) == ids(by_id) and len(by_id) == 5
    assert by_id[0]["connection"] == made.id


def test_the_newest_come_first_and_no_more_than_asked(search, feedback):
    rows = search(stac_url(), COLLECTIONS=BUILT_UP, MOST=2)
    assert ids(rows) == ["built-2020", "built-2015"]
    assert "the first 2 of 5 items" in " ".join(feedback.infos)


def test_a_period_in_days(search):
    rows = search(stac_url(), COLLECTIONS=BUILT_UP, BEGIN="2005-01-01", END=QDate(2010, 12, 31))
    assert ids(rows) == ["built-2010", "built-2005"]
    with_time = QDateTime(QDate(2010, 1, 1), QTime(12, 0))
    assert ids(search(stac_url(), COLLECTIONS=BUILT_UP, BEGIN=with_time))[-1] == "built-2010"


def test_records(search):
    rows = search(pygeoapi_url(), COLLECTIONS=WHOLE, TEXT="built")
    assert sorted(ids(rows)) == [f"built-{year}" for year in (2000, 2005, 2010, 2015, 2020)]


def test_csw(search):
    rows = search(pycsw_url(), TEXT="scene", MOST=7)
    assert len(rows) == 7 and all(row["title"].startswith("Scene") for row in rows)


@pytest.mark.parametrize(
    ("theme", "collections"),
    [
        ("night_light", {"sample-night-light"}),
        ("builtup", {"sample-built-up", "sample-population", "sample-boundaries"}),
        ("any", None),
    ],
)
def test_a_theme_in_a_folder(search, sample, theme, collections):
    rows = search(sample, THEME=theme)
    if collections is None:
        assert len(rows) == 27
    else:
        assert {row["collection"] for row in rows} == collections
    assert {row["licence"] for row in rows} == {"CC0-1.0"}


def test_the_users_own_theme_is_offered(provider, profile, search, sample, monkeypatch):
    from dbar_qgis_plugin.algorithms.catalog import search_catalog

    (profile / "dbar").mkdir(parents=True)
    own = {"themes": [{"id": "soil", "title": "Soil", "words": ["carbon"]}]}
    (profile / "dbar" / "themes.json").write_text(json.dumps(own), encoding="utf-8")
    search_catalog._theme_ids.cache_clear()
    monkeypatch.setattr(search_catalog, "_theme_ids", search_catalog._theme_ids.__wrapped__)
    rows = search(sample, THEME="soil")
    assert {row["collection"] for row in rows} == {"sample-soil"}


def test_conditions_on_properties(search, sample):
    rows = search(sample, CONDITIONS="title = Soil units; license = CC0-1.0")
    assert ids(rows) == ["soil_units"]


def test_the_item_collection_is_valid_stac(search, sample, tmp_path):
    target = tmp_path / "items.json"
    search(sample, THEME="night_light", OUTPUT_ITEMS=str(target))
    document = json.loads(target.read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection" and len(document["features"]) == 5
    for feature in document["features"]:
        pystac.validation.validate_dict(feature, STACObjectType.ITEM, "1.1.0", extensions=[])
        assert Path(feature["assets"]["data"]["href"].removeprefix("file://")).is_file()
        assert feature["properties"]["dbar:connection"] == str(sample)


def test_a_file_as_output(search, tmp_path):
    target = tmp_path / "found.gpkg"
    rows = search(stac_url(), OUTPUT=str(target), MOST=50)
    assert len(rows) == 31 and target.is_file()
    layer = QgsVectorLayer(str(target), "items", "ogr")
    assert layer.attributeAlias(layer.fields().lookupField("cloud")) == "Clouds (%)"
    assert layer.metadata().identifier() == "dbar:searchcatalog"


def test_the_temporal_controller_finds_the_time(search):
    from dbar_qgis_plugin.algorithms.catalog.search_catalog import _style

    search(stac_url(), COLLECTIONS=BUILT_UP)
    _style(search.layer, {"begin": "begin", "end": "end"})
    time = search.layer.temporalProperties()
    assert time.isActive() and (time.startField(), time.endField()) == ("begin", "end")


def test_what_a_server_ignores_is_said(search, feedback):
    far = {
        "type": "Feature",
        "id": "far",
        "geometry": None,
        "bbox": [100, 0, 101, 1],
        "properties": {"datetime": "2020-01-01T00:00:00Z"},
    }
    root = {
        "stac_version": "1.0.0",
        "type": "Catalog",
        "id": "x",
        "conformsTo": ["https://api.stacspec.org/v1.0.0/item-search"],
        "links": [{"rel": "search", "href": "./search"}],
    }
    with misbehaving_server() as server:
        url = server.on("/", as_json(root))
        server.on("/search", as_json({"type": "FeatureCollection", "features": [far]}))
        assert search(url, EXTENT="0,0,10,10 [EPSG:4326]") == []
    warnings = " ".join(feedback.warnings)
    assert "The server ignored “area”: 1 items" in warnings
    assert "0 items; without “area” there are" in warnings


def test_what_would_give_items_is_said(search, feedback):
    assert search(stac_url(), COLLECTIONS=LIGHT, CLOUD=0.0, CONDITIONS="eo:cloud_cover > 3") == []
    assert any("0 items; without “" in warning for warning in feedback.warnings)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"CONNECTION": "Nowhere"}, "There is no catalog “Nowhere”.*Earth Search"),
        ({"CONNECTION": "https://me:secret@example.org/stac"}, "holds credentials"),
        ({"CONDITIONS": "cloud of 3"}, "“cloud of 3” is no condition"),
        ({"BEGIN": "2021-01-01", "END": "2020-01-01"}, "2021-01-01.*lies after.*2020-01-01"),
    ],
)
def test_refused(search, parameters, words):
    with pytest.raises(QgsProcessingException, match=words) as caught:
        search(**({"connection": parameters.pop("CONNECTION", stac_url())} | parameters))
    assert "secret@" not in str(caught.value)


def test_a_folder_without_a_catalog(search, tmp_path):
    with pytest.raises(QgsProcessingException, match="holds no catalog"):
        search(tmp_path)


def test_a_server_that_is_not_there(search):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(QgsProcessingException, match=r"127\.0\.0\.1"):
        search(f"http://127.0.0.1:{port}/stac")


def test_cancel(search, feedback):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        QTimer.singleShot(300, feedback.cancel)
        with pytest.raises(QgsProcessingException, match="Cancelled"):
            search(f"http://127.0.0.1:{silent.getsockname()[1]}/stac")


def test_in_the_background_as_the_toolbox_runs_it(provider, qgis_app, tmp_path):
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    target = str(tmp_path / "found.gpkg")
    parameters = {"CONNECTION": stac_url(), "MOST": 50, "OUTPUT": target}
    algorithm = provider.algorithm("searchcatalog").create()
    ended = []
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    task.executed.connect(lambda *outcome: ended.append(outcome))
    QgsApplication.taskManager().addTask(task)
    end = time.monotonic() + 30
    while not ended and time.monotonic() < end:
        qgis_app.processEvents()
        time.sleep(0.005)
    ((is_done, results),) = ended
    assert is_done and results["COUNT"] == 31
    assert QgsVectorLayer(target, "found", "ogr").featureCount() == 31


def test_as_a_step_in_a_model(provider, sample):
    model = QgsProcessingModelAlgorithm("search", "tests")
    child = QgsProcessingModelChildAlgorithm("dbar:searchcatalog")
    child.setChildId("search")
    source = QgsProcessingModelChildParameterSource.fromStaticValue
    for name, value in {"CONNECTION": str(sample), "THEME": "night_light", "MOST": 3}.items():
        child.addParameterSources(name, [source(value)])
    output = QgsProcessingModelOutput("found")
    output.setChildId("search")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"found": output})
    model.addChildAlgorithm(child)
    context = QgsProcessingContext()
    results, fits = model.run({"search:found": MEMORY}, context, QgsProcessingFeedback())
    assert fits
    layer = QgsProcessingUtils.mapLayerFromString(results["search:found"], context)
    assert layer.featureCount() == 3
