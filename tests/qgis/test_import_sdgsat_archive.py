"""`dbar:importsdgsatarchive`: items of My data, every kind of archive, attacks, cancel."""

from __future__ import annotations

import json
from pathlib import Path

import pystac
import pystac.validation
import pytest
from pystac.stac_object import STACObjectType
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
)
from sdgsat_fixtures import ATTACKS, hostile_archive, pack, scene_name, write_scene

from dbar_qgis_plugin.catalog.local.documents import rights_of
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.net.places import data_folder
from dbar_qgis_plugin.catalog.query import Query

MEMORY = "TEMPORARY_OUTPUT"


@pytest.fixture(autouse=True)
def profile(tmp_path, monkeypatch) -> Path:
    """A user's profile that holds nothing yet."""
    folder = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(folder)))
    return folder


def in_my_data() -> dict:
    store = DataStore(data_folder())
    try:
        return {one.id: (one, store.files(one)) for one in store.items(Query())}
    finally:
        store.close()


@pytest.mark.parametrize("ending", [".tar.gz", ".tgz", ".tar", ".zip"])
def test_an_archive_becomes_an_item(run, tmp_path, ending):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    archive = pack(scene.folder, tmp_path / f"scene{ending}")
    result = run("importsdgsatarchive", INPUT=str(archive), OUTPUT=MEMORY)
    assert result["N_SCENES"] == 1
    ((item, files),) = in_my_data().values()
    assert item.id == scene_name() and item.collection == "sdgsat-1"
    assert set(files) == {"rgb-a", "rgb-b", "pan-a", "pan-b", "metadata", "calibration"}
    place = data_folder() / "sdgsat-1" / scene_name()
    for key, path in files.items():
        original = scene.folder / path.name
        assert path.parent == place and path.read_bytes() == original.read_bytes(), key
    assert item.begin.isoformat() == "2022-03-04T13:30:05+00:00"
    assert item.end.isoformat() == "2022-03-04T13:30:15.500000+00:00"
    assert item.properties["datetime"] == "2022-03-04T13:30:10Z"
    west, south, east, north = item.box
    assert 119 < west < east < 123 and 30 < south < north < 34
    assert "no redistribution" in rights_of(item.properties)
    roles = {asset.key: asset.roles for asset in item.assets}
    assert roles["rgb-a"] == ("data", "night_light")
    assert roles["pan-b"] == ("data", "night_light", "panchromatic")
    assert item.properties["view:sun_elevation"] == -33.25
    (row,) = result["OUTPUT"].getFeatures()
    assert (row["scene"], row["sensor"], row["level"]) == (scene_name(), "GIU", "L4A")
    assert row.geometry().isGeosValid() or row.geometry().area() > 0
    assert {Path(path).name for path in result["OUTPUT_FILES"]} == {
        path.name for key, path in files.items() if key[:3] in ("rgb", "pan")
    }
    assert not [path for path in data_folder().iterdir() if path.name.startswith(".dbar")]


def test_the_catalog_stays_valid(run, tmp_path):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    run("importsdgsatarchive", INPUT=str(pack(scene.folder, tmp_path / "scene.zip")))
    documents = [json.loads(path.read_text()) for path in data_folder().rglob("*.json")]
    kinds = {
        "Feature": STACObjectType.ITEM,
        "Collection": STACObjectType.COLLECTION,
        "Catalog": STACObjectType.CATALOG,
    }
    assert {document["type"] for document in documents} == set(kinds)
    for document in documents:
        pystac.validation.validate_dict(document, kinds[document["type"]], "1.1.0", extensions=[])
    (item,) = pystac.Catalog.from_file(str(data_folder() / "catalog.json")).get_items(
        recursive=True
    )
    assert all(Path(asset.get_absolute_href()).is_file() for asset in item.assets.values())


def test_a_folder_stays_where_it_is(run, tmp_path):
    scene = write_scene(tmp_path / "in", sensor="TIS", size=(60, 50))
    raster = next(scene.folder.glob("*.tif*"))
    run("importsdgsatarchive", INPUT=str(raster))
    ((_, files),) = in_my_data().values()
    assert set(files) == {"data", "metadata", "calibration"}
    assert {path.parent for path in files.values()} == {scene.folder}
    assert not (data_folder() / "sdgsat-1" / scene_name(sensor="TIS") / raster.name).exists()


def test_a_folder_with_many(run, tmp_path, feedback):
    folder = tmp_path / "many"
    folder.mkdir()
    other = scene_name(date="20220705", serial="202200100999")
    first = write_scene(tmp_path / "in", size=(60, 50))
    pack(first.folder, folder / "first.zip")
    write_scene(folder, name=other, size=(60, 50))
    hostile_archive(folder / "bad.tar.gz", "traversal")
    result = run("importsdgsatarchive", INPUT_FOLDER=str(folder))
    assert result["N_SCENES"] == 2 and set(in_my_data()) == {scene_name(), other}
    assert any("leads out of the archive" in error for error in feedback.errors)
    days = [Path(path).name.split("_")[2] for path in result["OUTPUT_FILES"]]
    assert days == sorted(days) and set(days) == {"20220304", "20220705"}


def test_twice_is_once(run, tmp_path):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    archive = str(pack(scene.folder, tmp_path / "scene.zip"))
    for _ in range(2):
        assert run("importsdgsatarchive", INPUT=archive)["N_SCENES"] == 1
    assert len(in_my_data()) == 1


def test_another_file_of_that_name_is_not_replaced(run, tmp_path):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    archive = str(pack(scene.folder, tmp_path / "scene.zip"))
    target = tmp_path / "target" / "sdgsat-1" / scene_name() / f"{scene_name()}_A_RGB.tif"
    target.parent.mkdir(parents=True)
    # As long as the other one.
    mine = bytes((scene.folder / target.name).stat().st_size)
    target.write_bytes(mine)
    with pytest.raises(QgsProcessingException, match="is there already, and another file"):
        run("importsdgsatarchive", INPUT=archive, FOLDER=str(tmp_path / "target"))
    assert target.read_bytes() == mine
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert in_my_data() == {}


def test_a_folder_of_ones_own(run, tmp_path):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    archive = str(pack(scene.folder, tmp_path / "scene.tar"))
    result = run("importsdgsatarchive", INPUT=archive, FOLDER=str(tmp_path / "own"))
    ((_, files),) = in_my_data().values()
    assert files["rgb-a"].parent == tmp_path / "own" / "sdgsat-1" / scene_name()
    assert result["FOLDER"] == str(tmp_path / "own")


def test_missing_pieces_are_named_and_the_day_is_known(run, tmp_path, feedback):
    scene = write_scene(
        tmp_path / "in",
        halves=("A",),
        with_pan=False,
        with_calib=False,
        with_meta=False,
        size=(60, 50),
    )
    run("importsdgsatarchive", INPUT=str(scene.folder))
    ((item, files),) = in_my_data().values()
    assert set(files) == {"rgb-a"}
    assert (item.begin.isoformat(), item.end.isoformat()) == (
        "2022-03-04T00:00:00+00:00",
        "2022-03-04T23:59:59+00:00",
    )
    assert any("no meta.xml" in warning for warning in feedback.warnings)


@pytest.mark.parametrize("ending", [".tar.gz", ".zip"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused(run, tmp_path, attack, ending):
    if ending == ".zip" and attack in ("hardlink", "device"):
        pytest.skip("a .zip has none")
    folder = tmp_path / "place"
    folder.mkdir()
    archive = hostile_archive(folder / f"scene{ending}", attack)
    with pytest.raises(QgsProcessingException, match="is not unpacked"):
        run("importsdgsatarchive", INPUT=str(archive), FOLDER=str(folder / "out"))
    assert [path for path in folder.rglob("*") if path.is_file()] == [archive]
    assert in_my_data() == {} and not Path("/planted").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><body>Log in</body></html>", "is a web page"),
        (b"PK\x03\x04none", "is damaged|no .tar"),
    ],
)
def test_no_archive(run, tmp_path, content, words):
    path = tmp_path / "scene.zip"
    path.write_bytes(content)
    with pytest.raises(QgsProcessingException, match=words):
        run("importsdgsatarchive", INPUT=str(path))


def test_refused(run, tmp_path):
    with pytest.raises(QgsProcessingException, match="Give “"):
        run("importsdgsatarchive")
    with pytest.raises(QgsProcessingException, match="does not exist"):
        run("importsdgsatarchive", INPUT=str(tmp_path / "none.zip"))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(QgsProcessingException, match="holds no SDGSAT-1 product"):
        run("importsdgsatarchive", INPUT_FOLDER=str(empty))


def test_cancel_leaves_nothing(run, tmp_path, feedback):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    archive = pack(scene.folder, tmp_path / "scene.tar.gz")
    feedback.progressChanged.connect(lambda share: feedback.cancel() if share > 10 else None)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run("importsdgsatarchive", INPUT=str(archive))
    assert in_my_data() == {}
    assert not list(data_folder().rglob("*.tif"))


def test_as_a_step_in_a_model(provider, tmp_path):
    scene = write_scene(tmp_path / "in", size=(60, 50))
    model = QgsProcessingModelAlgorithm("import", "tests")
    child = QgsProcessingModelChildAlgorithm("dbar:importsdgsatarchive")
    child.setChildId("import")
    archive = str(pack(scene.folder, tmp_path / "scene.zip"))
    source = QgsProcessingModelChildParameterSource.fromStaticValue(archive)
    child.addParameterSources("INPUT", [source])
    model.addChildAlgorithm(child)
    results, fits = model.run({}, QgsProcessingContext(), QgsProcessingFeedback())
    assert fits and results["CHILD_RESULTS"]["import"]["N_SCENES"] == 1
    assert set(in_my_data()) == {scene_name()}
