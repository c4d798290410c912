"""Urban extent and types of growth in QGIS: runs, refusals, and QGIS's own buffers."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from qgis import processing
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPalettedRasterRenderer,
    QgsPointXY,
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

from dbar_qgis_plugin.algorithms.sdg_11_3_1 import base

LEFT, TOP, CELL = 500_000.0, 4_000_000.0, 100.0
UTM = "EPSG:32643"


def town(seed, size=60, grown=0):
    """A town of a random fabric, with a new quarter beside it and one far off."""
    rng = np.random.default_rng(seed)
    row, col = np.indices((size, size))
    built = (np.hypot(row - 25, col - 25) < 12 + grown) & (rng.random((size, size)) < 0.75)
    if grown:
        built |= (abs(row - 50) < 6) & (abs(col - 50) < 6)
        built[3, 50] = True
    return built.astype(np.uint8)


@pytest.fixture
def builtup(write_raster):
    return [
        write_raster("built_2000.tif", town(1)),
        write_raster("built_2015.tif", np.maximum(town(1), town(2, grown=6))),
    ]


@pytest.fixture
def extent(run, builtup, tmp_path):
    return run(
        "urbanextent",
        BUILTUP=builtup,
        OUTPUT=str(tmp_path / "extent.tif"),
        OUTPUT_EXTENTS=str(tmp_path / "extents.gpkg"),
        OUTPUT_TABLE=str(tmp_path / "areas.csv"),
    )


def rows(source):
    layer = source if isinstance(source, QgsVectorLayer) else QgsVectorLayer(source, "rows", "ogr")
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_a_good_run(extent):
    with rasterio.open(extent["OUTPUT"]) as raster:
        assert raster.descriptions == ("urban_extent_2000", "urban_extent_2015")
        assert raster.nodata == 255
        classes = raster.read()
        assert raster.tags()["DBAR_ALGORITHM"] == "dbar:urbanextent"
    assert set(np.unique(classes)) <= set(range(1, 7))
    found = rows(extent["OUTPUT_EXTENTS"])
    assert [(row["year"], row["id"]) for row in found] == [(2000, 1), (2015, 1), (2015, 2)]
    assert extent["N_EXTENTS"] == 2
    assert extent["EXTENT_KM2"] == pytest.approx(sum(row["area_km2"] for row in found[1:]))
    layer = QgsVectorLayer(extent["OUTPUT_EXTENTS"], "extents", "ogr")
    assert layer.crs().authid() == UTM
    for feature in layer.getFeatures():
        assert feature.geometry().isGeosValid()
        assert feature.geometry().area() * 1e-6 == pytest.approx(feature["area_km2"], rel=2e-3)
    table = rows(extent["OUTPUT_TABLE"])
    assert len(table) == 18
    assert table[0]["label"] == "Urban built-up"
    assert sum(float(row["area_km2"]) for row in table[:9]) == pytest.approx(36.0, rel=2e-3)


def test_the_style_names_the_classes(extent):
    layer = QgsRasterLayer(extent["OUTPUT"], "extent")
    layer.loadDefaultStyle()
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert renderer.inputBand() == 2
    labels = {item.value: item.label for item in renderer.classes()}
    assert labels[1] == "Urban built-up"
    assert labels[9] == "Rural open water"


def test_names_water_and_study_area(run, builtup, tmp_path):
    points = QgsVectorLayer(
        f"Point?crs={UTM}&field=place:string&field=people:double", "p", "memory"
    )
    for x, y, name, people in (
        (25, 25, "Oldtown", 9.0),
        (24, 25, "Suburb", 1.0),
        (50, 50, "Newtown", 2.0),
    ):
        feature = QgsFeature(points.fields())
        feature.setAttributes([name, people])
        at = QgsPointXY(LEFT + CELL * (x + 0.5), TOP - CELL * (y + 0.5))
        feature.setGeometry(QgsGeometry.fromPointXY(at))
        points.dataProvider().addFeature(feature)
    polygons = QgsVectorLayer(f"Polygon?crs={UTM}", "w", "memory")
    feature = QgsFeature()
    feature.setGeometry(
        QgsGeometry.fromWkt(
            f"POLYGON(({LEFT} {TOP - 4000}, {LEFT + 6000} {TOP - 4000}, {LEFT + 6000} "
            f"{TOP - 4300}, {LEFT} {TOP - 4300}, {LEFT} {TOP - 4000}))"
        )
    )
    polygons.dataProvider().addFeature(feature)
    found = run(
        "urbanextent",
        BUILTUP=builtup,
        WATER_POLYGONS=polygons,
        NAMES=points,
        NAME_FIELD="place",
        NAME_WEIGHT_FIELD="people",
        OUTPUT=str(tmp_path / "out.tif"),
        OUTPUT_EXTENTS="memory:",
    )
    assert {row["name"] for row in rows(found["OUTPUT_EXTENTS"])} == {"Oldtown", "Newtown"}
    with rasterio.open(found["OUTPUT"]) as raster:
        assert (raster.read(2)[40:43] >= 7).any()
        assert not (raster.read(2)[:40] >= 7).any()
    cut = run(
        "urbanextent",
        BUILTUP=builtup,
        STUDY_AREA=polygons,
        OUTPUT=str(tmp_path / "cut.tif"),
        OUTPUT_EXTENTS="memory:",
    )
    with rasterio.open(cut["OUTPUT"]) as raster:
        assert (raster.read(1) != 255).sum() == 180


def test_the_extents_are_cities_for_land_use_efficiency(run, extent, builtup, write_raster):
    people = [
        write_raster(f"pop_{year}.tif", np.full((60, 60), year / 100.0)) for year in (2000, 2015)
    ]
    cities = processing.run(
        "native:extractbyexpression",
        {"INPUT": extent["OUTPUT_EXTENTS"], "EXPRESSION": "year = 2015", "OUTPUT": "memory:"},
    )["OUTPUT"]
    found = run(CITIES=cities, BUILTUP=builtup, POPULATION=people, OUTPUT="memory:")
    built = {row["id"]: row["builtup_km2"] for row in rows(cities)}
    for row in rows(found["OUTPUT"]):
        assert row["built_km2_2015"] == pytest.approx(built[row["id"]], rel=1e-9)


def test_in_degrees(run, builtup, tmp_path):
    warped = []
    for number, path in enumerate(builtup):
        warped.append(
            processing.run(
                "gdal:warpreproject",
                {
                    "INPUT": path,
                    "TARGET_CRS": QgsCoordinateReferenceSystem("EPSG:4326"),
                    "RESAMPLING": 0,
                    "TARGET_RESOLUTION": 0.0009,
                    "NODATA": 9,
                    "OUTPUT": str(tmp_path / f"degrees_{2000 + number}.tif"),
                },
            )["OUTPUT"]
        )
    metric = run("urbanextent", BUILTUP=builtup, OUTPUT=str(tmp_path / "m.tif"))
    degrees = run("urbanextent", BUILTUP=warped, OUTPUT=str(tmp_path / "d.tif"))
    assert degrees["EXTENT_KM2"] == pytest.approx(metric["EXTENT_KM2"], rel=0.05)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"BUILTUP": []}, "at least one raster"),
        ({"YEARS": "2015,2000"}, "increas"),
        ({"YEARS": "2000,2005,2015"}, "one for each year"),
        ({"BUILTUP_KIND": "classes"}, "which classes are built-up"),
        ({"WATER_CLASSES": "lake"}, "not a class number"),
        ({"NAME_FIELD": "name"}, "without"),
        ({"URBAN_PCT": 20}, "below that for suburban"),
        ({"BUILTUP_KIND": "first_year"}, "one raster for all"),
    ],
)
def test_refusals(run, builtup, tmp_path, changes, said):
    parameters = {"BUILTUP": builtup, "OUTPUT": str(tmp_path / "out.tif"), **changes}
    with pytest.raises(QgsProcessingException, match=said):
        run("urbanextent", **parameters)
    assert not list(tmp_path.glob("out*"))


def test_values_that_are_no_fractions(run, write_raster, tmp_path):
    percent = write_raster("percent_2000.tif", town(1) * 100.0)
    with pytest.raises(QgsProcessingException, match="choose “percent”"):
        run(
            "urbanextent",
            BUILTUP=[percent],
            BUILTUP_KIND="fraction",
            OUTPUT=str(tmp_path / "out.tif"),
        )
    assert not list(tmp_path.glob("out*"))


def test_an_empty_result_says_so(run, feedback, write_raster, tmp_path):
    empty = write_raster("empty_2000.tif", np.zeros((20, 20), dtype=np.uint8))
    found = run(
        "urbanextent", BUILTUP=[empty], OUTPUT=str(tmp_path / "out.tif"), OUTPUT_EXTENTS="memory:"
    )
    assert any("no cell is built up" in text for text in feedback.warnings)
    assert found["N_EXTENTS"] == 0
    assert found["EXTENT_KM2"] == 0.0


def test_cancel_leaves_nothing(run, feedback, builtup, tmp_path):
    feedback.progressChanged.connect(lambda _: feedback.cancel())
    targets = {"OUTPUT": "out.tif", "OUTPUT_EXTENTS": "out.gpkg", "OUTPUT_TABLE": "out.csv"}
    before = set(tmp_path.iterdir())
    with pytest.raises(QgsProcessingException):
        run(
            "urbanextent",
            BUILTUP=builtup,
            **{name: str(tmp_path / file) for name, file in targets.items()},
        )
    assert set(tmp_path.iterdir()) == before


# -- growth


@pytest.fixture
def growth(run, extent, tmp_path):
    return run(
        "urbangrowthtype",
        EXTENTS=[extent["OUTPUT"]],
        OUTPUT=str(tmp_path / "growth.tif"),
        OUTPUT_PATCHES=str(tmp_path / "patches.gpkg"),
        OUTPUT_TABLE=str(tmp_path / "types.csv"),
    )


def test_growth(growth):
    with rasterio.open(growth["OUTPUT"]) as raster:
        assert raster.descriptions == ("urban_growth_2000_2015",)
        types = raster.read(1)
    assert {1, 2, 3, 5} <= set(np.unique(types))
    table = {(row["scheme"], row["type"]): row for row in rows(growth["OUTPUT_TABLE"])}
    assert len(table) == 9
    assert int(table["extent", "leapfrog"]["cells"]) == (types == 3).sum()
    assert table["lei", "all"]["label"] == "All new patches (by the landscape expansion index)"
    assert growth["N_PATCHES"] == int(table["lei", "all"]["patches"])
    layer = QgsRasterLayer(growth["OUTPUT"], "growth")
    layer.loadDefaultStyle()
    labels = {item.value: item.label for item in layer.renderer().classes()}
    assert labels[3] == "Leapfrog"


@pytest.mark.parametrize("buffer_m", [None, 250.0])
def test_the_index_from_buffers_of_polygons(run, extent, builtup, tmp_path, buffer_m):
    """Buffers of QGIS around each patch, laid over the cells that had been built up before."""
    found = run(
        "urbangrowthtype",
        EXTENTS=[extent["OUTPUT"]],
        BUFFER_M=buffer_m,
        OUTPUT=str(tmp_path / "buffers.tif"),
        OUTPUT_PATCHES="memory:",
    )
    with rasterio.open(builtup[0]) as raster:
        built = raster.read(1) == 1
    centres = {
        place: QgsPointXY(LEFT + CELL * (place[1] + 0.5), TOP - CELL * (place[0] + 0.5))
        for place in np.ndindex(built.shape)
    }
    layer = found["OUTPUT_PATCHES"]
    assert layer.featureCount() > 20
    for feature in layer.getFeatures():
        patch = feature.geometry()
        # Corners that stay square: all cells that touch the patch.
        square = Qgis.EndCapStyle.Square, Qgis.JoinStyle.Miter, 2.0
        ring = patch.buffer(buffer_m, 200) if buffer_m else patch.buffer(CELL, 1, *square)
        counts = [0, 0]
        box = ring.boundingBox()
        for place, point in centres.items():
            at = QgsGeometry.fromPointXY(point)
            if box.contains(point) and ring.contains(at) and not patch.contains(at):
                counts[int(built[place])] += 1
        vacant, occupied = counts
        assert feature["lei"] == pytest.approx(100.0 * occupied / (occupied + vacant), rel=2e-3)


def test_refusals_of_growth(run, extent, builtup, tmp_path):
    out = {"OUTPUT": str(tmp_path / "out.tif")}
    with pytest.raises(QgsProcessingException, match="at least two dates"):
        run("urbangrowthtype", EXTENTS=[builtup[0]], **out)
    with pytest.raises(QgsProcessingException, match="no class of the urban extent"):
        run("urbangrowthtype", EXTENTS=builtup, **out)
    assert not list(tmp_path.glob("out*"))


def test_they_need_scipy(provider, monkeypatch):
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    for name in ("urbanextent", "urbangrowthtype"):
        can, reason = provider.algorithm(name).canExecute()
        assert not can
        assert "scipy" in reason
