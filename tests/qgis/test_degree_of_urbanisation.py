"""`dbar:degreeofurbanisation`: classes, polygons, tables, refusals, cancel, a model."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source

from dbar_qgis_plugin.algorithms.sdg_11_3_1 import base

MOLLWEIDE = "ESRI:54009"
WEST, NORTH = 187_000.0, 6_035_000.0


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def people():
    """A city of 60,000 people around a hole, a town away from it, and a village."""
    values = np.full((30, 40), 20.0)
    values[4:10, 4:10] = 1800.0
    values[6, 6] = 0.0
    values[20:22, 20:22] = 1600.0
    values[27, 35] = 600.0
    values[:, :2] = 0.0
    return values


@pytest.fixture
def write(write_raster):
    def make(name, values, **options):
        options = {"crs": MOLLWEIDE, "cell": 1000.0, "origin": (WEST, NORTH), **options}
        return write_raster(name, values, **options)

    return make


@pytest.fixture
def population(write):
    return write("people.tif", people())


@pytest.fixture
def land(write):
    values = np.ones((30, 40))
    values[:, :2] = 0.0
    return write("land.tif", values)


@pytest.fixture
def points():
    def make(*rows, crs=MOLLWEIDE):
        layer = QgsVectorLayer(
            f"Point?crs={crs}&field=name:string(40)&field=pop:double", "Places", "memory"
        )
        features = []
        for row, col, name, weight in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes([name, weight])
            x, y = WEST + 1000.0 * col + 500.0, NORTH - 1000.0 * row - 500.0
            feature.setGeometry(QgsGeometry.fromWkt(f"Point ({x} {y})"))
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        return layer

    return make


def rows_of(layer):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "t", "ogr")
    assert layer.isValid()
    names = layer.fields().names()
    return [dict(zip(names, feature.attributes(), strict=True)) for feature in layer.getFeatures()]


def test_level_2_with_everything(run, population, land, points, feedback, out):
    places = points((5, 5, "Old town", 9.0), (8, 8, "New town", 50.0), (20, 20, "Market", 1.0))
    path, centres, clusters = (str(out / name) for name in ("c.tif", "c.gpkg", "k.gpkg"))
    results = run(
        "degreeofurbanisation",
        POPULATION=population,
        LAND=land,
        LEVEL="2",
        NAMES=places,
        NAME_FIELD="name",
        NAME_WEIGHT_FIELD="pop",
        OUTPUT=path,
        OUTPUT_CENTRES=centres,
        OUTPUT_CLUSTERS=clusters,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
    )
    dataset = gdal.Open(path)
    band = dataset.GetRasterBand(1)
    classes = band.ReadAsArray()
    assert (band.DataType, band.GetNoDataValue()) == (gdal.GDT_Byte, 255)
    assert (classes[4:10, 4:10] == 30).all()
    assert (classes[20:22, 20:22] == 23).all()
    assert (classes[27, 35], classes[0, 0], classes[0, 39]) == (13, 10, 11)
    assert band.GetRasterColorTable().GetColorEntry(30)[:3] == (255, 0, 0)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "degurba/level2"
    (centre,) = rows_of(centres)
    assert (centre["name"], centre["class"], centre["label"]) == ("New town", 30, "Urban centre")
    assert (centre["population"], centre["cells"]) == (35 * 1800.0, 36)
    assert centre["area_km2"] == pytest.approx(36.0, rel=3e-3)
    layer = QgsVectorLayer(centres, "centres", "ogr")
    assert layer.crs().authid() == MOLLWEIDE
    shape = next(layer.getFeatures()).geometry()
    assert shape.isGeosValid()
    assert shape.area() == 36e6
    layer.loadDefaultStyle()
    assert isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
    assert layer.attributeAlias(layer.fields().lookupField("area_km2")) == "Area (km²)"
    kinds = {(row["class"], row["name"], row["cells"]) for row in rows_of(clusters)}
    assert kinds == {(2, "New town", 35), (2, "Market", 4), (23, "Market", 4)}
    table = rows_of(results["OUTPUT_TABLE"])
    assert [row["class"] for row in table[:-1]] == [30, 23, 22, 21, 13, 12, 11, 10]
    assert table[-1]["label"] == "All classes"
    assert table[-1]["population"] == pytest.approx(people().sum())
    assert (results["N_CENTRES"], results["N_CLUSTERS"]) == (1, 2)
    assert results["FOUND_THRESHOLD"] is None
    assert any(text.startswith("Urban centre: 63,000 people") for text in feedback.infos)


def test_the_raster_has_the_colours_of_the_ghsl(run, population, out):
    for level, count in (("1", 4), ("2", 8)):
        path = str(out / f"{level}.tif")
        run("degreeofurbanisation", POPULATION=population, LEVEL=level, OUTPUT=path)
        layer = QgsRasterLayer(path, "classes")
        layer.loadDefaultStyle()
        assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
        classes = layer.renderer().classes()
        assert len(classes) == count
        assert classes[0].label == "Urban centre"
        assert classes[0].color.name() == "#ff0000"


def test_built_up_area(run, population, write, out):
    built = np.full((30, 40), 1e5)
    built[4:10, 10:12] = 3e5
    path = str(out / "c.tif")
    options = {
        "POPULATION": population,
        "BUILTUP": write("built.tif", built),
        "BUILTUP_KIND": "square_metres",
        "LEVEL": "2",
        "OUTPUT": path,
        "OUTPUT_TABLE": "TEMPORARY_OUTPUT",
    }
    for text, used, in_centre in (
        ("20", 20.0, True),
        ("0.3", 30.0, True),
        ("31 %", 31.0, False),
        ("auto", 10.0, True),
        ("off", None, False),
    ):
        results = run("degreeofurbanisation", BUILTUP_THRESHOLD=text, **options)
        assert results["FOUND_THRESHOLD"] == (None if used is None else pytest.approx(used))
        assert (gdal.Open(path).ReadAsArray()[5, 11] == 30) is np.bool_(in_centre)
        rows = rows_of(results["OUTPUT_TABLE"])
        assert rows[-1]["builtup_km2"] == pytest.approx(0.1 * 1200 + 0.2 * 12, rel=3e-3)


def test_land_polygons(run, population, land, polygon_layer, out):
    one, other = str(out / "1.tif"), str(out / "2.tif")
    box = (
        f"Polygon (({WEST} {NORTH - 3e4}, {WEST + 2e3} {NORTH - 3e4}, {WEST + 2e3} {NORTH}, "
        f"{WEST} {NORTH}, {WEST} {NORTH - 3e4}))"
    )
    water = polygon_layer((box, "sea"), crs=MOLLWEIDE)
    run("degreeofurbanisation", POPULATION=population, LAND=land, OUTPUT=one)
    run(
        "degreeofurbanisation",
        POPULATION=population,
        LAND_POLYGONS=water,
        LAND_POLYGONS_SHOW="water",
        OUTPUT=other,
    )
    assert (gdal.Open(one).ReadAsArray() == gdal.Open(other).ReadAsArray()).all()


def test_another_crs(run, write, feedback, out):
    counts = write("p.tif", people(), crs="EPSG:32631", origin=(400_000.0, 5_700_000.0), cell=500.0)
    path = str(out / "c.tif")
    results = run(
        "degreeofurbanisation",
        POPULATION=counts,
        TARGET_CRS=QgsCoordinateReferenceSystem("EPSG:3035"),
        OUTPUT=path,
        OUTPUT_TABLE="TEMPORARY_OUTPUT",
        OUTPUT_CENTRES="TEMPORARY_OUTPUT",
    )
    layer = QgsRasterLayer(path, "c")
    assert layer.crs().authid() == "EPSG:3035"
    assert layer.rasterUnitsPerPixelX() == 1000.0
    assert rows_of(results["OUTPUT_TABLE"])[-1]["population"] == pytest.approx(
        people().sum(), rel=1e-6
    )
    assert results["OUTPUT_CENTRES"].crs().authid() == "EPSG:3035"
    assert any("its people stay as many" in text for text in feedback.infos)


def test_an_empty_result_says_so(run, write, feedback, out):
    results = run(
        "degreeofurbanisation",
        POPULATION=write("few.tif", np.full((5, 5), 3.0)),
        OUTPUT=str(out / "c.tif"),
        OUTPUT_CENTRES="TEMPORARY_OUTPUT",
        OUTPUT_CLUSTERS="TEMPORARY_OUTPUT",
    )
    assert results["OUTPUT_CENTRES"].featureCount() == 0
    assert results["N_CENTRES"] == 0
    assert any("No cell is part of a centre" in text for text in feedback.warnings)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"BUILTUP_THRESHOLD": "many"}, "is none"),
        ({"BUILTUP_THRESHOLD": "-3"}, "is none"),
        ({"BUILTUP_THRESHOLD": "120"}, "is none"),
        ({"LAND": "land", "LAND_POLYGONS": "polygons"}, "given twice"),
        ({"LAND": "percent"}, "no share"),
        ({"TARGET_CRS": "EPSG:3857"}, "no equal-area CRS"),
        ({"POPULATION": "negative"}, "negative value -5"),
        ({"LAND": "away"}, "does not overlap the population"),
    ],
)
def test_what_is_refused(options, words, run, population, land, write, polygon_layer, out):
    things = {
        "land": land,
        "polygons": polygon_layer(((0, 0, 1, 1), "x")),
        "percent": write("percent.tif", np.full((30, 40), 100.0)),
        "negative": write("negative.tif", people() - 5.0),
        "away": write("away.tif", people(), origin=(WEST + 1e6, NORTH)),
    }
    values = {"POPULATION": population}
    values |= {name: things.get(value, value) for name, value in options.items()}
    with pytest.raises(QgsProcessingException, match=words):
        run("degreeofurbanisation", OUTPUT=str(out / "c.tif"), **values)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 40.0, 60.0, 80.0])
def test_cancelled_half_way(share, run, population, land, feedback, out):
    feedback.progressChanged.connect(lambda done: done >= share and feedback.cancel())
    if share == 0.0:
        feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run(
            "degreeofurbanisation",
            POPULATION=population,
            LAND=land,
            OUTPUT=str(out / "c.tif"),
            OUTPUT_CENTRES=str(out / "c.gpkg"),
            OUTPUT_TABLE=str(out / "t.csv"),
        )
    assert list(out.iterdir()) == []


def test_without_scipy_it_says_how_to_get_it(provider, monkeypatch):
    algorithm = provider.algorithm("degreeofurbanisation")
    assert algorithm.canExecute() == (True, "")
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    able, reason = algorithm.canExecute()
    assert not able
    assert "python3-scipy" in reason


def test_as_a_step_before_units_in_a_model(provider, population, polygon_layer, feedback, out):
    model = QgsProcessingModelAlgorithm("Towns", "tests")
    for name, parameter in (
        ("people", QgsProcessingParameterRasterLayer("people", "People")),
        ("units", QgsProcessingParameterVectorLayer("units", "Units")),
    ):
        model.addModelParameter(parameter, QgsProcessingModelParameter(name))
    cells = QgsProcessingModelChildAlgorithm("dbar:degreeofurbanisation")
    cells.setChildId("cells")
    cells.addParameterSources("POPULATION", [Source.fromModelParameter("people")])
    cells.addParameterSources("LEVEL", [Source.fromStaticValue("2")])
    model.addChildAlgorithm(cells)
    units = QgsProcessingModelChildAlgorithm("dbar:degreeofurbanisationunits")
    units.setChildId("units")
    units.addParameterSources("UNITS", [Source.fromModelParameter("units")])
    units.addParameterSources("CLASSES", [Source.fromChildOutput("cells", "OUTPUT")])
    units.addParameterSources("POPULATION", [Source.fromModelParameter("people")])
    result = QgsProcessingModelOutput("found")
    result.setChildOutputName("OUTPUT")
    units.setModelOutputs({"found": result})
    model.addChildAlgorithm(units)
    model.initAlgorithm()
    left, top = WEST + 4000.0, NORTH - 4000.0
    shape = (
        f"Polygon (({left} {top}, {left + 6e3} {top}, {left + 6e3} {top - 6e3}, "
        f"{left} {top - 6e3}, {left} {top}))"
    )
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    path = str(out / "units.gpkg")
    _, fine = model.run(
        {
            "people": population,
            "units": polygon_layer((shape, "City"), crs=MOLLWEIDE),
            "units:found": path,
        },
        context,
        feedback,
    )
    assert fine, feedback.errors
    assert [(row["name"], row["level_2"]) for row in rows_of(path)] == [("City", 30)]
