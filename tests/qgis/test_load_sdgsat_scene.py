"""`dbar:loadsdgsatscene`: products of every shape, missing pieces, attacks, cancel, style."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from sdgsat_fixtures import (
    ATTACKS,
    calib_xml,
    hostile_archive,
    meta_xml,
    pack,
    scene_name,
    write_scene,
)


@pytest.fixture
def load(run, tmp_path):
    """Run with outputs in `tmp_path`/out; returns the result."""
    out = tmp_path / "out"
    out.mkdir()

    def run_it(source, **parameters):
        targets = {"OUTPUT_RGB": str(out / "rgb.tif"), "OUTPUT_PAN": str(out / "pan.tif")}
        return run("loadsdgsatscene", INPUT=str(source), **(targets | parameters))

    run_it.folder = out
    return run_it


def content(folder):
    # QGIS may keep statistics beside a raster that it opens.
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml"))


def open_raster(path):
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return dataset, [band.GetDescription() for band in bands]


@pytest.mark.parametrize("ending", ["", ".tar.gz", ".tgz", ".tar", ".zip"])
def test_whole_product(load, tmp_path, ending):
    scene = write_scene(tmp_path / "in", background=7, gains={"red": (1.5e-5, 2.5e-5)})
    source = pack(scene.folder, tmp_path / f"scene{ending}") if ending else scene.folder
    result = load(source)
    assert content(load.folder) == ["pan.qml", "pan.tif", "rgb.qml", "rgb.tif"]
    dataset, names = open_raster(result["OUTPUT_RGB"])
    assert names == ["red", "green", "blue"]
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_UInt16
    assert [dataset.GetRasterBand(band).GetNoDataValue() for band in (1, 2, 3)] == [0, 0, 0]
    # Both halves are of one scene on one lattice: together they are the planted scene.
    assert (dataset.ReadAsArray() == scene.truth).all()
    assert dataset.GetGeoTransform() == pytest.approx(
        (194_936.5543, 40.0, 0.0, 3_669_270.7544, 0.0, -40.0)
    )
    tags = dataset.GetMetadata()
    assert tags["DBAR_DATE"] == result["DATE"] == "2022-03-04T13:30:10Z"
    assert tags["DBAR_SCENE"] == result["SCENE"] == scene_name()
    assert (tags["DBAR_SENSOR"], tags["DBAR_LEVEL"]) == ("GIU", "L4A")
    assert json.loads(tags["DBAR_ANGLES"])["sun_zenith"] == 123.25
    assert json.loads(tags["DBAR_TIMES"])["start_B"] == "2022-03-04T13:30:05.500"
    bands = json.loads(tags["DBAR_COEFFICIENTS"])["blocks"][0]["bands"]
    assert bands["red"] == [1.5e-5, 2.5e-5, 0.0]
    assert tags["DBAR_FOOTPRINT"].startswith("MULTIPOLYGON (((119.7383")
    assert "redistribution" in tags["DBAR_RIGHTS"]
    assert tags["DBAR_FORMULA"] == "loadsdgsatscene/first"
    pan, names = open_raster(result["OUTPUT_PAN"])
    assert names == ["PL", "PH", "HDR"]
    assert pan.GetGeoTransform()[1] == 10.0


def test_temporary_outputs(run, tmp_path):
    scene = write_scene(tmp_path / "in", with_pan=False)
    archive = pack(scene.folder, tmp_path / "scene.zip")
    result = run(
        "loadsdgsatscene",
        INPUT=str(archive),
        OUTPUT_RGB="TEMPORARY_OUTPUT",
        OUTPUT_PAN="TEMPORARY_OUTPUT",
        OUTPUT="TEMPORARY_OUTPUT",
    )
    assert (open_raster(result["OUTPUT_RGB"])[0].ReadAsArray() == scene.truth).all()
    assert "OUTPUT_PAN" not in result
    assert not list(Path(result["OUTPUT_RGB"]).parent.rglob("KX10*"))


def test_a_file_of_the_folder_means_its_scene(load, tmp_path):
    first = write_scene(tmp_path / "in")
    other = scene_name(date="20220705", serial="202200100999")
    write_scene(tmp_path / "in", name=other)
    together = tmp_path / "together"
    together.mkdir()
    for path in (tmp_path / "in").rglob("*.*"):
        if path.is_file():
            path.rename(together / path.name)
    with pytest.raises(QgsProcessingException, match=r"holds products of 2 scenes .*_202200100146"):
        load(together)
    result = load(together / f"{other}_B_LH.tif")
    assert result["SCENE"] == other
    assert open_raster(result["OUTPUT_RGB"])[0].GetMetadata()["DBAR_SCENE"] == other
    assert load(together / first.calib.name)["SCENE"] == scene_name()


def test_colour_and_panchromatic_of_different_scenes(load, tmp_path):
    folder = tmp_path / "in" / "mixed"
    folder.mkdir(parents=True)
    other = scene_name(date="20220705", serial="202200100999")
    for scene in (
        write_scene(tmp_path / "in", with_pan=False),
        write_scene(tmp_path / "in", name=other, with_rgb=False),
    ):
        for path in scene.folder.iterdir():
            path.rename(folder / path.name)
    with pytest.raises(QgsProcessingException, match="rasters of different scenes are not put"):
        load(folder)
    assert content(load.folder) == []


@pytest.mark.parametrize("sensor", ["TIS", "MII"])
def test_other_sensors(load, tmp_path, sensor):
    scene = write_scene(tmp_path / "in", sensor=sensor, size=(60, 50))
    target = str(load.folder / "all.tif")
    result = load(scene.folder, OUTPUT=target)
    assert "OUTPUT_RGB" not in result
    assert content(load.folder) == ["all.qml", "all.tif"]
    dataset, names = open_raster(target)
    assert names == [f"B{band}" for band in range(1, {"TIS": 4, "MII": 8}[sensor])]
    assert (dataset.ReadAsArray() == scene.truth).all()
    with pytest.raises(QgsProcessingException, match="other rasters than those chosen: Raster of"):
        load(scene.folder)


def test_missing_pieces_are_named(load, feedback, tmp_path):
    scene = write_scene(
        tmp_path / "in", halves=("A",), with_pan=False, with_calib=False, with_meta=False
    )
    result = load(scene.folder)
    assert content(load.folder) == ["rgb.qml", "rgb.tif"]
    text = "\n".join(feedback.warnings)
    assert "no meta.xml" in text
    assert "no calib.xml. To calibrate, choose a preset" in text
    assert "no panchromatic rasters" in text
    assert "_A_RGB.tif: only half A of the swath is there" in text
    assert result["DATE"] == "2022-03-04"
    tags = open_raster(result["OUTPUT_RGB"])[0].GetMetadata()
    assert not {"DBAR_COEFFICIENTS", "DBAR_TIMES", "DBAR_ANGLES"} & set(tags)
    (scene.rgb["A"]).rename(scene.folder / f"{scene_name()}_B_RGB.tif")
    load(scene.folder)
    assert "only half B of the swath is there" in feedback.warnings[-1]


def test_odd_xml_is_named(load, feedback, tmp_path):
    scene = write_scene(tmp_path / "in")
    scene.calib.write_bytes(calib_xml(extra="<NEW_TAG>1</NEW_TAG>"))
    # Declared as UTF-8, but neither that nor Chinese.
    scene.meta.write_bytes(meta_xml(encoding="utf-8").replace(b"SDGSAT-1", b"\xff\xff\x20"))
    result = load(scene.folder)
    assert any("NEW_TAG" in text for text in feedback.warnings)
    assert any("the encoding is not the one declared" in text for text in feedback.warnings)
    assert result["DATE"] == "2022-03-04T13:30:10Z"
    scene.calib.write_text("<!DOCTYPE html><html>Login</html>")
    scene.meta.write_text("<broken>")
    assert load(scene.folder)["DATE"] == "2022-03-04"
    assert any("calib.xml is a web page" in text for text in feedback.warnings)
    assert any("meta.xml is not XML, or is damaged" in text for text in feedback.warnings)


def test_mean_where_both_halves_have_data(load, feedback, tmp_path):
    scene = write_scene(tmp_path / "in", dimming=0.5)
    halves = {half: open_raster(path)[0] for half, path in scene.rgb.items()}
    first = open_raster(load(scene.folder)["OUTPUT_RGB"])[0].ReadAsArray()
    mean = open_raster(load(scene.folder, MOSAIC="mean")["OUTPUT_RGB"])[0].ReadAsArray()
    a, b = (halves[half].ReadAsArray().astype(int) for half in "AB")
    col, row = (
        round((halves["B"].GetGeoTransform()[place] - halves["A"].GetGeoTransform()[place]) / step)
        for place, step in ((0, 40.0), (3, -40.0))
    )
    # By hand: half B's cell [0, 0] lies at [row, col] of the whole.
    both = np.zeros((2, *first.shape), dtype=int)
    both[0, :, : a.shape[1], : a.shape[2]] = a
    both[1, :, row : row + b.shape[1], col : col + b.shape[2]] = b
    assert (first == np.where(both[0] > 0, both[0], both[1])).all()
    shared = (both > 0).all(axis=0)
    assert (shared & (both[0] != both[1])).any()
    half_up = (both[0] + both[1] + 1) // 2
    assert (mean == np.where(shared, half_up, both.max(axis=0))).all()
    assert any("rounded to whole numbers" in text for text in feedback.infos)


def test_halves_on_lattices_of_their_own(load, feedback, tmp_path):
    scene = write_scene(tmp_path / "in", offset=(0.3, -0.4))
    result = load(scene.folder)
    values = open_raster(result["OUTPUT_RGB"])[0].ReadAsArray()
    own = open_raster(scene.rgb["B"])[0].ReadAsArray()
    # Moved as a whole to the nearest cell, the values of B stay as they are.
    assert values[:, :, -20:].sum() == own[:, :, -20:].sum()
    assert any("lie 0.40 of a cell off" in text for text in feedback.infos)


def test_footprints(load, tmp_path):
    scene = write_scene(tmp_path / "in")
    table = load(scene.folder, OUTPUT_FOOTPRINT="memory:")["OUTPUT_FOOTPRINT"]
    assert table.crs() == QgsCoordinateReferenceSystem("EPSG:32651")
    rows = {feature["half"]: feature for feature in table.getFeatures()}
    assert list(rows) == ["A", "B"]
    assert rows["B"]["start"] == "2022-03-04T13:30:05.500"
    assert rows["A"]["center"] == "2022-03-04T13:30:10"
    assert [rows["A"][name] for name in ("scene", "sensor", "level", "date")] == [
        scene_name(),
        "GIU",
        "L4A",
        "2022-03-04",
    ]
    assert [rows["A"][name] for name in ("sun_zenith", "roll", "pitch", "yaw")] == [
        123.25,
        1.5,
        -0.25,
        2.75,
    ]
    cells = (open_raster(scene.rgb["A"])[0].ReadAsArray()[0] > 0).sum()
    area = rows["A"].geometry().area()
    assert area == pytest.approx(cells * 1600.0, rel=0.05)  # the edge follows cells in steps
    assert rows["A"].geometry().intersects(rows["B"].geometry())


def test_style(load, tmp_path):
    scene = write_scene(tmp_path / "in")
    result = load(scene.folder)
    layer = QgsRasterLayer(result["OUTPUT_RGB"], "rgb")
    layer.loadNamedStyle(result["OUTPUT_RGB"].replace(".tif", ".qml"))
    renderer = layer.renderer()
    assert isinstance(renderer, QgsMultiBandColorRenderer)
    assert [renderer.redBand(), renderer.greenBand(), renderer.blueBand()] == [1, 2, 3]
    red = open_raster(result["OUTPUT_RGB"])[0].ReadAsArray()[0]
    lit = np.sort(red[red > 1])
    shown = renderer.redContrastEnhancement()
    assert shown.minimumValue() == lit[int(np.ceil(0.02 * lit.size)) - 1]
    assert shown.maximumValue() == lit[int(np.ceil(0.98 * lit.size)) - 1]
    temporal = layer.temporalProperties()
    assert temporal.isActive()
    assert temporal.mode() == Qgis.RasterTemporalMode.FixedTemporalRange
    assert temporal.fixedTemporalRange().begin().toString("yyyy-MM-dd HH:mm") == "2022-03-04 00:00"
    pan = QgsRasterLayer(result["OUTPUT_PAN"], "pan")
    assert isinstance(pan.renderer(), QgsSingleBandGrayRenderer)
    assert pan.renderer().usesBands() == [3]


@pytest.mark.parametrize("kind", ATTACKS)
def test_attacks_are_refused(load, tmp_path, kind):
    outside = content(tmp_path)
    archive = hostile_archive(tmp_path / f"{kind}.tar.gz", kind)
    with pytest.raises(QgsProcessingException, match="is not unpacked"):
        load(archive)
    assert content(load.folder) == []
    assert content(tmp_path) == sorted([*outside, archive.name])


def test_what_is_no_archive(load, tmp_path):
    page = tmp_path / "scene.tar.gz"
    page.write_text("<!DOCTYPE html>\n<html><title>Login</title></html>")
    with pytest.raises(QgsProcessingException, match=r"scene\.tar\.gz is a web page \(often"):
        load(page)
    scene = write_scene(tmp_path / "in")
    whole = pack(scene.folder, tmp_path / "whole.tar.gz")
    page.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(QgsProcessingException, match="damaged or cut short"):
        load(page)
    assert content(load.folder) == []


def test_what_is_no_product(load, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(QgsProcessingException, match="holds no SDGSAT-1 product"):
        load(empty)
    with pytest.raises(QgsProcessingException, match="does not exist"):
        load(tmp_path / "nowhere")
    scene = write_scene(tmp_path / "in", with_pan=False)
    raster = scene.rgb["A"]
    stored = gdal.Open(str(raster)).ReadAsArray()
    assert (
        gdal.Translate(str(tmp_path / "float.tif"), str(raster), outputType=gdal.GDT_Float32)
        .ReadAsArray()
        .shape
        == stored.shape
    )
    (tmp_path / "float.tif").replace(raster)
    with pytest.raises(QgsProcessingException, match="holds numbers of the type float32"):
        load(scene.folder)
    raster.write_bytes(b"II*\0 not a raster")
    with pytest.raises(QgsProcessingException, match="cannot be opened as a raster"):
        load(scene.folder)
    assert content(load.folder) == []


def test_no_output_chosen(run, tmp_path):
    scene = write_scene(tmp_path / "in")
    with pytest.raises(QgsProcessingException, match="Choose at least one raster to write"):
        run("loadsdgsatscene", INPUT=str(scene.folder))


@pytest.mark.parametrize("after", [0.0, 0.5])
def test_cancel_leaves_nothing(provider, feedback, tmp_path, after):
    scene = write_scene(tmp_path / "in")
    archive = pack(scene.folder, tmp_path / "scene.tar.gz")
    out = tmp_path / "out"
    out.mkdir()
    if after == 0.0:
        feedback.cancel()
    else:
        feedback.progressChanged.connect(lambda share: share > 50 and feedback.cancel())
    algorithm = provider.algorithm("loadsdgsatscene").create()
    targets = {"OUTPUT_RGB": str(out / "rgb.tif"), "OUTPUT_PAN": str(out / "pan.tif")}
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        algorithm.run(
            {"INPUT": str(archive), **targets},
            QgsProcessingContext(),
            feedback,
            catchExceptions=False,
        )
    assert content(out) == []
