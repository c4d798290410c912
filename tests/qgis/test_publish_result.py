"""dbar:publishresult: what a user, a model and a terminal share."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from osgeo import gdal
from publishing_fixtures import TERMS, result, validate
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.net.connection_store import ConnectionStore
from tests.servers.misbehaving import Answer, guarded, misbehaving_server
from tests.servers.stac import remove_item, stac_url

SECRET = "s3cr3t-key"


@pytest.fixture(autouse=True)
def profile(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(folder)))
    return folder


@pytest.fixture
def raster(tmp_path) -> Path:
    return result(tmp_path / "results" / "degradation.tif")


def item_at(link: str) -> dict:
    return json.loads(Path(unquote(urlsplit(link).path)).read_text(encoding="utf-8"))


def test_a_layer_is_shared_to_a_folder(run, raster, tmp_path, feedback):
    layer = QgsRasterLayer(str(raster), "Degradation")
    answer = run(
        "publishresult",
        RASTERS=[layer],
        TARGET=str(tmp_path / "shared"),
        LICENCE="CC-BY-4.0",
        TITLE="Land degradation",
        KEYWORDS="land, 土地；soil",
        EMAIL="a@b.example",
        END=QDateTime(QDate(2015, 12, 31).startOfDay()),
        OUTPUT=str(tmp_path / "item.json"),
    )
    assert answer["ITEM"] == "land-degradation"
    item = item_at(answer["LINK"])
    validate(item)
    assert item["properties"]["title"] == "Land degradation"
    assert item["properties"]["keywords"] == ["SDG 15.3.1", "land", "土地", "soil"]
    assert item["properties"]["end_datetime"] == "2015-12-31T23:59:59Z"
    (asset,) = item["assets"].values()
    path = tmp_path / "shared" / "results" / "land-degradation" / asset["href"]
    dataset = gdal.Open(str(path))
    assert dataset.GetMetadata("IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    written = json.loads((tmp_path / "item.json").read_text(encoding="utf-8"))
    assert written["properties"] == item["properties"]
    assert any("Shared: file:///" in text for text in feedback.infos)
    assert not any("<" in text for text in feedback.infos)


def test_a_check_shares_nothing(run, raster, tmp_path, feedback):
    answer = run(
        "publishresult",
        RASTERS=[str(raster)],
        TARGET=str(tmp_path / "shared"),
        LICENCE="CC0-1.0",
        DRY_RUN=True,
        OUTPUT=str(tmp_path / "item.json"),
    )
    assert not (tmp_path / "shared").exists()
    assert (answer["LINK"], answer["ITEM"]) == ("", "degradation")
    assert json.loads((tmp_path / "item.json").read_text())["id"] == "degradation"
    assert any("Nothing was shared" in text for text in feedback.infos)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"LICENCE": "mine, all mine"}, "no identifier of a licence"),
        ({"EMAIL": "nobody"}, "no e-mail address"),
        ({"TARGET": "no such catalog"}, "There is no catalog"),
        ({"TARGET": "http://127.0.0.1:9/"}, "127.0.0.1:9"),
        ({"FILES": "/nowhere/table.csv"}, "table.csv is not there"),
        ({"FILES_PLACE": "https://me:pw@a.example/x"}, "holds credentials"),
    ],
)
def test_refused_input(run, raster, tmp_path, values, words):
    usual = {"RASTERS": [str(raster)], "TARGET": str(tmp_path / "shared"), "LICENCE": "CC0-1.0"}
    with pytest.raises(QgsProcessingException) as error:
        run("publishresult", **{**usual, **values}, OUTPUT=str(tmp_path / "item.json"))
    assert words in str(error.value)
    assert "me:pw" not in str(error.value)
    assert not (tmp_path / "shared").exists()


def test_terms_of_the_inputs_are_kept(run, tmp_path, feedback):
    made = result(tmp_path / "lit.tif", algorithm="dbar:litarea", DBAR_RIGHTS=TERMS)
    usual = {
        "RASTERS": [str(made)],
        "TARGET": str(tmp_path / "shared"),
        "LICENCE": "CC0-1.0",
        "OUTPUT": str(tmp_path / "item.json"),
    }
    with pytest.raises(QgsProcessingException, match="Confirm that"):
        run("publishresult", **usual)
    answer = run("publishresult", **usual, CONFIRM_DERIVATIVES=True)
    assert item_at(answer["LINK"])["properties"]["dbar:redistribution"] == "research only"
    source = result(tmp_path / "KX10_GIU_20220101.tif", algorithm="")
    with pytest.raises(QgsProcessingException, match="must not be passed on"):
        run("publishresult", **{**usual, "RASTERS": [str(source)]}, CONFIRM_DERIVATIVES=True)


def test_an_item_that_is_there(run, raster, tmp_path):
    usual = {
        "RASTERS": [str(raster)],
        "TARGET": str(tmp_path / "shared"),
        "LICENCE": "CC0-1.0",
        "OUTPUT": str(tmp_path / "item.json"),
    }
    run("publishresult", **usual)
    with pytest.raises(QgsProcessingException, match="there already"):
        run("publishresult", **usual)
    answer = run("publishresult", **usual, ON_CONFLICT="version")
    assert answer["ITEM"] == "degradation-v2"
    answer = run("publishresult", **usual, ON_CONFLICT="overwrite", TITLE="degradation")
    assert answer["ITEM"] == "degradation"


def test_a_cancel_leaves_nothing(run, raster, tmp_path, feedback):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run(
            "publishresult",
            RASTERS=[str(raster)],
            TARGET=str(tmp_path / "shared"),
            LICENCE="CC0-1.0",
            OUTPUT=str(tmp_path / "item.json"),
        )
    assert not (tmp_path / "shared").exists()
    assert not (tmp_path / "item.json").exists()


def test_to_a_stac_api_with_files_on_a_guarded_web_folder(
    run, raster, tmp_path, feedback, keep_credentials
):
    credentials = keep_credentials("APIHeader", **{"X-Secret": SECRET})
    store = ConnectionStore()
    connection = Connection("My STAC for tests", stac_url(), "stac_api", writable=True)
    store.save(connection)
    kept: dict[str, bytes] = {}

    def storage(asked):
        if asked.method == "PUT":
            kept[asked.path] = asked.body
            return Answer(201)
        there = kept.get(asked.path)
        return Answer(404) if there is None else Answer(200, {}, there)

    try:
        with misbehaving_server() as server:
            server.otherwise = guarded(storage, header=("X-Secret", SECRET))
            answer = run(
                "publishresult",
                RASTERS=[str(raster)],
                TARGET=connection.name,
                COLLECTION="land-degradation",
                ID=f"qgis-{time.monotonic_ns()}",
                LICENCE="CC0-1.0",
                FILES_PLACE=f"{server.url}/files",
                FILES_AUTH=credentials,
                OUTPUT=str(tmp_path / "item.json"),
            )
            assert answer["LINK"].endswith(answer["ITEM"])
            document = json.loads((tmp_path / "item.json").read_text())
            assert list(kept) == [urlsplit(document["assets"]["data"]["href"]).path]
            remove_item("land-degradation", answer["ITEM"])
    finally:
        store.remove(connection.id)
    said = " ".join([*feedback.infos, *feedback.warnings, (tmp_path / "item.json").read_text()])
    assert SECRET not in said


def test_a_check_that_fails_is_an_error_in_the_log(run, raster, tmp_path, feedback):
    run(
        "publishresult",
        RASTERS=[str(raster)],
        TARGET=str(tmp_path / "shared"),
        LICENCE="other",
        DRY_RUN=True,
        OUTPUT=str(tmp_path / "item.json"),
    )
    assert any("address of the terms" in text for text in feedback.errors)
    assert not (tmp_path / "shared").exists()


def test_as_the_last_step_of_a_model(provider, tmp_path, raster):
    model = QgsProcessingModelAlgorithm("share", "tests")
    child = QgsProcessingModelChildAlgorithm("dbar:publishresult")
    child.setChildId("share")
    source = QgsProcessingModelChildParameterSource
    given = {
        "RASTERS": [str(raster)],
        "TARGET": str(tmp_path / "shared"),
        "LICENCE": "CC0-1.0",
        "TITLE": "From a model",
        "OUTPUT": str(tmp_path / "item.json"),
    }
    for name, value in given.items():
        child.addParameterSources(name, [source.fromStaticValue(value)])
    model.addChildAlgorithm(child)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    _, succeeded = model.run({}, context, feedback)
    assert succeeded
    assert (tmp_path / "shared" / "results" / "from-a-model" / "item.json").is_file()
