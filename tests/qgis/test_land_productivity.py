"""`dbar:landproductivity`: three methods, a model of the whole productivity chain, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterMultipleLayers,
    QgsProject,
    QgsRasterLayer,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source

from dbar_qgis_plugin.algorithms.rasters import set_period


@pytest.fixture
def components(write_raster):
    """All combinations in 3 x 6 cells: a row a trajectory; states -1, 0, 1 twice, performance."""
    rows = [[value] * 6 for value in (-1, 0, 1)]
    return {
        "TRAJECTORY": write_raster("t.tif", rows, nodata=-9),
        "STATE": write_raster("s.tif", [[-1, 0, 1] * 2] * 3, nodata=-9),
        "PERFORMANCE": write_raster("p.tif", [[-1] * 3 + [0] * 3] * 3, nodata=-9),
    }


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def read(path):
    dataset = gdal.Open(str(path))
    return dataset, dataset.ReadAsArray()


def styled(path):
    layer = QgsRasterLayer(path, "lpd")
    layer.loadNamedStyle(path.replace(".tif", ".qml"))
    return layer


def shown_years(path):
    layer = styled(path)
    times = layer.temporalProperties().fixedTemporalRange()
    return times.begin().date().year(), times.end().date().year()


def test_components(run, components, feedback, out):
    path = str(out / "lpd.tif")
    results = run("landproductivity", **components, OUTPUT=path)
    assert results == {"OUTPUT": path, "N_DEGRADED": 9, "N_STABLE": 4, "N_IMPROVED": 5}
    dataset, (lpd, classes) = read(path)
    assert lpd.tolist() == [[1] * 6, [1, 3, 4, 2, 4, 4], [2, 5, 5, 5, 5, 5]]
    assert classes.tolist() == [[-1] * 6, [-1, 0, 0, -1, 0, 0], [-1, 1, 1, 1, 1, 1]]
    bands = [dataset.GetRasterBand(number) for number in (1, 2)]
    assert [band.GetDescription() for band in bands] == ["lpd", "productivity"]
    assert {band.GetNoDataValue() for band in bands} == {-32768}
    assert {band.DataType for band in bands} == {gdal.GDT_Int16}
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "landproductivity/components"
    assert any(text.startswith("Declining: 7 cells, 0.0700") for text in feedback.infos)
    assert not any("No data" in text for text in feedback.infos)


def test_causes_of_no_data_are_counted(run, components, write_raster, feedback, out):
    components["STATE"] = write_raster("gap.tif", [[-9, -9, 0] * 2] * 3, nodata=-9)
    components["TRAJECTORY"] = write_raster("odd.tif", [[-9] * 6, [4] * 6, [0] * 6], nodata=-9)
    run("landproductivity", **components, OUTPUT=str(out / "lpd.tif"))
    counted = {text.partition(" cells")[0] for text in feedback.infos if "No data" in text}
    assert counted == {
        "No data: trajectory: 4",
        "No data: state: 4",
        "No data: trajectory and state: 8",
    }
    assert any(
        "odd: 6 cells hold no value from -1 to 1 (such as 4)" in t for t in feedback.warnings
    )


def test_imported(run, write_raster, feedback, out):
    raster = write_raster("jrc.tif", [[0, 1, 2, 3], [4, 5, 15, 4]])
    path = str(out / "lpd.tif")
    results = run(
        "landproductivity", METHOD="imported", IMPORTED=raster, PERIOD="period_1", OUTPUT=path
    )
    dataset, (lpd, classes) = read(path)
    assert lpd.tolist() == [[-32768, 1, 2, 3], [4, 5, -32768, 4]]
    assert classes.tolist() == [[-32768, -1, -1, 0], [0, 1, -32768, 0]]
    assert (results["N_DEGRADED"], results["N_STABLE"], results["N_IMPROVED"]) == (2, 3, 1)
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "landproductivity/imported"
    assert any(text.startswith("No data: 2 cells") for text in feedback.infos)
    assert shown_years(path) == (2004, 2019)


def test_fao_wocat(run, write_raster, out):
    # Falling, level, rising by 0.02 a year, and bare ground, over 16 years.
    step = np.arange(16)[:, np.newaxis]
    values = np.hstack((0.65 - 0.02 * step, 0.45 + 0 * step, 0.45 + 0.02 * step, 0.2 + 0 * step))
    raster = write_raster(
        "ndvi.tif",
        values[:, np.newaxis],
        descriptions=tuple(str(year) for year in range(2000, 2016)),
    )
    path = str(out / "lpd.tif")
    # Falling: 1, 1, 2 -> 2: 1. Level: 2, 2, 2 -> 14: 2. Rising: 4, 3, 2 -> 35: 5. Bare: 4.
    run("landproductivity", METHOD="fao_wocat", NDVI=[raster], OUTPUT=path)
    _, (lpd, classes) = read(path)
    assert lpd.tolist() == [[1, 2, 5, 4]]
    assert classes.tolist() == [[-1, -1, 1, 0]]
    # With medium biomass up to 0.44 the level cell has much of it: 15, LPD 3.
    run(
        "landproductivity",
        METHOD="fao_wocat",
        NDVI=[raster],
        BIOMASS="0.3_0.5",
        BIOMASS_MEDIUM=0.44,
        OUTPUT=path,
    )
    assert read(path)[1][0].tolist() == [[1, 3, 5, 4]]
    assert shown_years(path) == (2000, 2015)


@pytest.mark.parametrize(
    ("options", "lpd"),
    [
        # S = 39 - 30 is no trend; the last years lie below the mean: steadiness 2. State and
        # biomass are 2, so the combination is 14.
        ({}, 2),
        # By the sign of S alone steadiness is 3, the combination 23.
        ({"STEADINESS": "mann_kendall"}, 4),
        # The mean of four years moves from class 2 to 4: state 3, the combination 17.
        ({"INTERVAL": 4}, 3),
    ],
)
def test_options_of_fao_wocat(run, write_raster, out, options, lpd):
    values = np.array([0.45] * 3 + [0.5] * 10 + [0.48] * 3).reshape(16, 1, 1)
    path = write_raster("n.tif", values, descriptions=tuple(map(str, range(2000, 2016))))
    target = str(out / "lpd.tif")
    run("landproductivity", METHOD="fao_wocat", NDVI=[path], OUTPUT=target, **options)
    assert read(target)[1][0].tolist() == [[lpd]]


@pytest.mark.parametrize(
    "algorithm", ["productivitystate", "productivityperformance", "landproductivity"]
)
def test_the_share_of_years_that_must_have_data(run, write_raster, out, algorithm):
    values = np.random.default_rng(3).uniform(0.3, 0.6, (16, 1, 2))
    values[1:15:2, 0, 0] = -1.0  # seven of the sixteen are missing
    path = write_raster(
        "n.tif", values, nodata=-1.0, descriptions=tuple(map(str, range(2000, 2016)))
    )
    method = {"METHOD": "fao_wocat"} if algorithm == "landproductivity" else {}
    for share, known in ((0.67, [False, True]), (0.5, [True, True])):
        target = str(out / "made.tif")
        run(algorithm, NDVI=[path], MIN_SHARE=share, OUTPUT=target, **method)
        assert (read(target)[1][0, 0] != -32768).tolist() == known


def test_style(run, components, out):
    path = str(out / "lpd.tif")
    run("landproductivity", **components, OUTPUT=path)
    assert (out / "lpd.qml").is_file()
    layer = styled(path)
    renderer = layer.renderer()
    assert (renderer.type(), renderer.inputBand()) == ("paletted", 1)
    assert [(int(c.value), c.label) for c in renderer.classes()] == [
        (1, "Declining"),
        (2, "Moderate decline"),
        (3, "Stressed"),
        (4, "Stable"),
        (5, "Increasing"),
    ]
    # Nothing says of which years the components are.
    assert not layer.temporalProperties().isActive()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"STATE": None}, "Productivity state .*: choose a raster; the method “components”"),
        ({"METHOD": "imported"}, "LPD made elsewhere .*: choose a raster"),
        ({"METHOD": "fao_wocat"}, "Annual vegetation index.*: choose at least one raster"),
    ],
)
def test_refusals(run, components, out, changed, message):
    parameters = {key: value for key, value in (components | changed).items() if value is not None}
    with pytest.raises(QgsProcessingException, match=message):
        run("landproductivity", **parameters, OUTPUT=str(out / "lpd.tif"))
    assert not list(out.iterdir())


def test_fao_wocat_refusals(run, write_raster, out):
    raster = write_raster(
        "ndvi.tif", np.ones((7, 2, 2)), descriptions=tuple(str(2000 + n) for n in range(7))
    )
    options = {"METHOD": "fao_wocat", "NDVI": [raster], "OUTPUT": str(out / "lpd.tif")}
    with pytest.raises(QgsProcessingException, match=r"7 of the years 2000–2006 .* at least 8"):
        run("landproductivity", **options)
    with pytest.raises(QgsProcessingException, match=r"Low biomass ends at NDVI 0\.9, medium"):
        run("landproductivity", **options, BIOMASS_LOW=0.9)
    assert not list(out.iterdir())


def test_a_raster_without_any_class_is_refused(run, components, write_raster, out):
    components["STATE"] = write_raster("ndvi.tif", np.full((3, 6), 4200.0))
    with pytest.raises(QgsProcessingException, match="ndvi holds no value from -1 to 1"):
        run("landproductivity", **components, OUTPUT=str(out / "lpd.tif"))
    assert not list(out.iterdir())


def test_cancel_leaves_nothing(run, components, feedback, out):
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("landproductivity", **components, OUTPUT=str(out / "lpd.tif"))
    assert not list(out.iterdir())


def test_the_productivity_chain_as_a_model(provider, write_raster, feedback, out):
    # One cell falls throughout, one stays; they are compared with each other.
    years = range(2000, 2016)
    step = np.arange(16)
    noise = 0.001 * (-1.0) ** step
    values = np.stack((0.6 - 0.02 * step, 0.7 + noise), axis=1)[:, np.newaxis]
    raster = write_raster("ndvi.tif", values, descriptions=tuple(map(str, years)))
    model = QgsProcessingModelAlgorithm("Productivity", "productivity", "dbar")
    model.addModelParameter(
        QgsProcessingParameterMultipleLayers("ndvi", "NDVI", Qgis.ProcessingSourceType.Raster),
        QgsProcessingModelParameter("ndvi"),
    )
    steps = ("trajectory", "state", "performance")
    for name in steps:
        child = QgsProcessingModelChildAlgorithm(f"dbar:productivity{name}")
        child.setChildId(name)
        child.addParameterSources("NDVI", [Source.fromModelParameter("ndvi")])
        model.addChildAlgorithm(child)
    child = QgsProcessingModelChildAlgorithm("dbar:landproductivity")
    child.setChildId("lpd")
    for name in steps:
        child.addParameterSources(name.upper(), [Source.fromChildOutput(name, "OUTPUT")])
    output = QgsProcessingModelOutput("Result")
    output.setChildId("lpd")
    output.setChildOutputName("OUTPUT")
    child.setModelOutputs({"Result": output})
    model.addChildAlgorithm(child)
    model.initAlgorithm()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    target = str(out / "model.tif")
    results, done = model.run({"ndvi": [raster], "lpd:Result": target}, context, feedback)
    assert done, feedback.errors
    _, (lpd, classes) = read(results["lpd:Result"])
    assert lpd.tolist() == [[1, 4]]
    assert classes.tolist() == [[-1, 0]]
    # The years come along with the trajectory.
    assert shown_years(target) == (2000, 2015)


def test_the_years_are_those_of_the_trajectory(run, components, out):
    trajectory = QgsRasterLayer(components["TRAJECTORY"], "trajectory")
    set_period(trajectory, 2004, 2019)
    path = str(out / "lpd.tif")
    run("landproductivity", **components | {"TRAJECTORY": trajectory}, OUTPUT=path)
    assert shown_years(path) == (2004, 2019)
    run("landproductivity", **components, PERIOD="baseline", LAST_YEAR=2014, OUTPUT=path)
    assert shown_years(path) == (2000, 2014)
