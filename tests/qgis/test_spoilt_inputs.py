"""What users give by mistake to the algorithms from annual index to soil organic carbon.

Each case is refused before anything is written, with a message that names the input; or it is
counted and said, and the cells that are right have the result they always have.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from dbar_qgis_plugin.raster_io import blocks

YEARS = tuple(map(str, range(2000, 2016)))
MONTHS = tuple(f"{2000 + month // 12}_{month % 12 + 1:02d}" for month in range(16))
MAIN = {
    "annualvegetationindex": "COMPOSITES",
    "productivitytrajectory": "NDVI",
    "productivitystate": "NDVI",
    "productivityperformance": "NDVI",
    "landproductivity": "NDVI",
    "landcoverchange": "LAND_COVER",
    "soilorganiccarbon": "LAND_COVER",
}
FROM_INDEX = [name for name, main in MAIN.items() if main != "LAND_COVER"]
# Names as people give them.
NAME = "Ödland 'x' “y” 耕地"
NODATA = -9.0


def index_values(rows=6, cols=7):
    return np.random.default_rng(5).uniform(0.2, 0.8, (16, rows, cols))


def cover_values(rows=6, cols=7):
    return np.random.default_rng(6).choice([10.0, 50.0, 130.0, 190.0, 200.0], (2, rows, cols))


@pytest.fixture
def parameters(write_raster, tmp_path):
    """Make the parameters of a good run; `values` and `options` are for its main raster."""

    def make(algorithm, values=None, **options):
        options = {"nodata": NODATA, **options}
        if algorithm in FROM_INDEX:
            values = index_values() if values is None else values
            names = MONTHS if algorithm == "annualvegetationindex" else YEARS
            options.setdefault("descriptions", names)
            found = {MAIN[algorithm]: [write_raster(f"{NAME}.tif", values, **options)]}
            found["OUTPUT"] = str(tmp_path / f"{NAME} out.tif")
            if algorithm == "landproductivity":
                found["METHOD"] = "fao_wocat"
            if algorithm == "productivityperformance":
                size = values.shape[1:]
                found["UNITS"] = [write_raster("cover.tif", cover_values(*size)[0])]
            return found
        values = cover_values() if values is None else values
        size = values.shape[1:]
        found = {
            "LAND_COVER": [
                write_raster(f"{NAME} 2000.tif", values[0], **options),
                write_raster("lc_2015.tif", cover_values(*size)[1], nodata=NODATA),
            ],
            "OUTPUT": str(tmp_path / f"{NAME} out.tif"),
        }
        if algorithm == "soilorganiccarbon":
            found["STOCK"] = write_raster("stock.tif", np.full(size, 80.0))
            found["FACTOR"] = 0.58
        return found

    return make


def read(path):
    return gdal.Open(str(path)).ReadAsArray()


def refused(run, algorithm, given, match):
    folder = Path(given["OUTPUT"]).parent

    def files():  # without the statistics that QGIS keeps of what it has loaded
        return {path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml")}

    before = files()
    with pytest.raises(QgsProcessingException, match=match):
        run(algorithm, **given)
    assert files() == before


@pytest.mark.parametrize("algorithm", MAIN)
def test_without_a_crs(run, parameters, algorithm):
    given = parameters(algorithm, crs=None)
    refused(run, algorithm, given, "Ödland .* has no coordinate reference system. Set it")


@pytest.mark.parametrize("algorithm", MAIN)
def test_metres_taken_for_degrees_and_degrees_for_metres(run, parameters, algorithm):
    given = parameters(algorithm, crs="EPSG:4326")
    refused(run, algorithm, given, "Ödland .* its CRS .WGS 84. .*Assign the right CRS")
    given = parameters(algorithm, cell=0.01, origin=(76.0, 36.0))
    refused(run, algorithm, given, "Ödland .* its CRS .WGS 84 / UTM zone 43N. ")


@pytest.mark.parametrize("algorithm", MAIN)
def test_cut_short(run, parameters, algorithm):
    given = parameters(algorithm, index_values(60, 70) if algorithm in FROM_INDEX else None)
    path = Path(given[MAIN[algorithm]][0])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    refused(run, algorithm, given, "Ödland")


@pytest.mark.parametrize("algorithm", MAIN)
def test_onto_an_input(run, parameters, algorithm):
    given = parameters(algorithm)
    for name, value in list(given.items()):
        path = Path(value[0] if isinstance(value, list) else str(value))
        if name == "OUTPUT" or not path.is_file():
            continue
        content = path.read_bytes()
        refused(run, algorithm, {**given, "OUTPUT": str(path)}, "is also read, as .*would be lost")
        assert path.read_bytes() == content
    # The same file by another name.
    beside = Path(given["OUTPUT"]).with_name("link.tif")
    beside.symlink_to(given[MAIN[algorithm]][0])
    layer = QgsRasterLayer(given[MAIN[algorithm]][0], "layer")
    given[MAIN[algorithm]] = [layer, *given[MAIN[algorithm]][1:]]
    refused(run, algorithm, {**given, "OUTPUT": str(beside)}, "would be lost")


def test_onto_an_input_in_a_model(provider, parameters, feedback):
    """Models do not ask whether the parameters fit."""
    given = parameters("productivitystate")
    given["OUTPUT"] = given["NDVI"][0]
    content = Path(given["OUTPUT"]).read_bytes()
    algorithm = provider.algorithm("productivitystate")
    _, is_done = algorithm.run(given, QgsProcessingContext(), feedback)
    assert not is_done
    assert "would be lost" in " ".join(feedback.errors)
    assert Path(given["OUTPUT"]).read_bytes() == content


def test_onto_the_table_of_dates(run, parameters, tmp_path):
    table = tmp_path / "dates.csv"
    table.write_text("\n".join(name.replace("_", "-") for name in MONTHS), encoding="utf-8")
    given = parameters("annualvegetationindex") | {"DATES": str(table)}
    refused(
        run, "annualvegetationindex", {**given, "OUTPUT_YEARS": str(table)}, "Table of dates.*lost"
    )


@pytest.mark.parametrize("as_definition", [False, True])
def test_onto_the_polygons(run, parameters, polygon_layer, tmp_path, as_definition):
    path = str(tmp_path / "units.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    layer = polygon_layer(((0, 0, 3, 3), "a"), ((3, 0, 4, 6), "b"))
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsCoordinateTransformContext(), options)
    polygons = QgsProcessingFeatureSourceDefinition(path) if as_definition else path
    given = parameters("productivityperformance") | {"UNIT_POLYGONS": polygons}
    given["OUTPUT_UNITS"] = path
    refused(run, "productivityperformance", given, "Land units: .*polygons.* would be lost")
    assert QgsVectorLayer(path, "units", "ogr").featureCount() == 2
    # Another table of the same file takes nothing away.
    given["OUTPUT_UNITS"] = f"ogr:dbname='{path}' table=\"found\" (geom)"
    run("productivityperformance", **given)
    assert QgsVectorLayer(f"{path}|layername=units", "units", "ogr").featureCount() == 2
    assert QgsVectorLayer(f"{path}|layername=found", "found", "ogr").isValid()


@pytest.mark.parametrize("algorithm", MAIN)
def test_no_data_anywhere(run, parameters, feedback, algorithm):
    shape = (16, 6, 7) if algorithm in FROM_INDEX else (2, 6, 7)
    run(algorithm, **parameters(algorithm, np.full(shape, NODATA)))
    said = " ".join(feedback.warnings)
    if algorithm == "annualvegetationindex":
        assert "no cell has enough valid composites: 2000, 2001" in said
    else:
        assert "No cell has a result" in said


# The performance of a cell depends on the others.
@pytest.mark.parametrize("algorithm", [name for name in MAIN if name != "productivityperformance"])
@pytest.mark.parametrize("size", [(1, 1), (1, 7)], ids=["cell", "row"])
def test_one_cell_or_row_is_a_raster(run, parameters, feedback, algorithm, size):
    whole = index_values() if algorithm in FROM_INDEX else cover_values()
    given = parameters(algorithm, whole)
    run(algorithm, **given)
    expected = read(given["OUTPUT"])
    small = whole[:, : size[0], : size[1]]
    given = parameters(algorithm, small)
    run(algorithm, **given)
    found = read(given["OUTPUT"])
    if algorithm in FROM_INDEX:
        assert np.array_equal(found, expected[:, : size[0], : size[1]])
    else:
        assert found.shape[1:] == size
        assert (found != -32768).all()


@pytest.mark.parametrize("algorithm", FROM_INDEX)
def test_every_sign_of_no_data(run, parameters, algorithm):
    """NaN, infinity and nodata far out of the range give what a plain nodata value gives."""
    missing = np.random.default_rng(7).random((16, 6, 7)) < 0.15
    results = []
    for hole, nodata in (
        (NODATA, NODATA),
        (np.nan, None),
        (np.nan, np.nan),
        (np.inf, None),
        (-np.inf, NODATA),
        (np.finfo(np.float64).max, np.finfo(np.float64).max),
        (-3.4028234663852886e38, -3.4028234663852886e38),
    ):
        given = parameters(algorithm, np.where(missing, hole, index_values()), nodata=nodata)
        run(algorithm, **given)
        results.append(read(given["OUTPUT"]).tobytes())
    assert len(set(results)) == 1


@pytest.mark.parametrize("algorithm", FROM_INDEX)
def test_bands_in_any_order(run, parameters, algorithm):
    given = parameters(algorithm)
    run(algorithm, **given)
    expected = read(given["OUTPUT"])
    names = MONTHS if algorithm == "annualvegetationindex" else YEARS
    order = np.random.default_rng(8).permutation(16)
    mixed = parameters(
        algorithm, index_values()[order], descriptions=tuple(names[place] for place in order)
    )
    run(algorithm, **mixed)
    assert np.array_equal(read(mixed["OUTPUT"]), expected)


@pytest.mark.parametrize("algorithm", FROM_INDEX[1:])
def test_years_that_do_not_fit(run, parameters, algorithm):
    twice = (*YEARS[:3], YEARS[4], *YEARS[4:])
    refused(run, algorithm, parameters(algorithm, descriptions=twice), "both name the year 2004")
    unnamed = (*YEARS[:3], "band", *YEARS[4:])
    refused(run, algorithm, parameters(algorithm, descriptions=unnamed), "No year in the name")
    few = parameters(algorithm) | {"YEARS": "2000,2001"}
    refused(run, algorithm, few, "16 were chosen, but .* names 2 years")


@pytest.mark.parametrize("algorithm", FROM_INDEX[1:])
def test_years_without_any_data(run, parameters, feedback, algorithm):
    """A layer that is empty counts like one that is not there, cell by cell."""
    empty = index_values()
    empty[5:7] = NODATA
    run(algorithm, **parameters(algorithm, empty))
    expected = read(parameters(algorithm)["OUTPUT"])
    kept = [place for place in range(16) if place not in (5, 6)]
    given = parameters(
        algorithm, index_values()[kept], descriptions=tuple(YEARS[place] for place in kept)
    )
    run(algorithm, **given)
    assert np.array_equal(read(given["OUTPUT"]), expected)
    assert any("2005, 2006" in text for text in (*feedback.infos, *feedback.warnings))


@pytest.mark.parametrize("algorithm", FROM_INDEX[1:])
def test_an_index_in_another_scale(run, parameters, feedback, algorithm):
    """NDVI x 10000 as fractions cannot be told from NDVI: it is said."""
    run(algorithm, **parameters(algorithm))
    assert not any("unlike NDVI" in text for text in feedback.warnings)
    given = parameters(algorithm, 10_000.0 * index_values())
    run(algorithm, **given)
    assert any("divided by 1 are around" in text for text in feedback.warnings)
    feedback.warnings.clear()
    run(algorithm, **given, NDVI_SCALE=10_000)
    assert not any("unlike NDVI" in text for text in feedback.warnings)


@pytest.mark.parametrize("algorithm", MAIN)
def test_cancel_at_half(run, parameters, feedback, algorithm, monkeypatch, tmp_path):
    monkeypatch.setattr(blocks, "_CELLS_PER_BLOCK", 1)
    monkeypatch.setattr("dbar_qgis_plugin.raster_io.source._CELLS_PER_TILE", 1)
    values = index_values(64, 9) if algorithm in FROM_INDEX else cover_values(64, 9)
    given = parameters(algorithm, values)
    shares = []

    def stop(share):
        shares.append(share)
        if share >= 50.0:
            feedback.cancel()

    feedback.progressChanged.connect(stop)
    refused(run, algorithm, given, "(?i)cancel")
    assert 50.0 <= max(shares) < 100.0


def test_names_in_the_report_are_text(run, parameters, tmp_path):
    given = parameters("landcoverchange")
    layer = QgsRasterLayer(given["LAND_COVER"][0], "<b>{x}</b> & “y” 耕地 2000")
    given["LAND_COVER"][0] = layer
    report = tmp_path / "report.html"
    run("landcoverchange", **given, OUTPUT_REPORT=str(report))
    text = report.read_text(encoding="utf-8")
    assert "&lt;b&gt;{x}&lt;/b&gt; &amp; “y” 耕地 2000" in text
    assert "<b>{x}</b>" not in text
