"""The bundled model: from NDVI, land cover and carbon to the indicator, its status and tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
from qgis import processing
from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
)

from dbar_qgis_plugin.algorithms.settings import PALETTE, SETTINGS_PATH
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    write_land_degradation_sample,
)

NODATA = -32768


def band(path, number=1):
    with rasterio.open(path) as raster:
        return raster.read(number).astype(int)


def band_named(path, name):
    with rasterio.open(path) as raster:
        return raster.read(raster.descriptions.index(name) + 1).astype(int)


def inputs_of(sample, *left_out):
    """Inputs of the model from the sample data."""
    inputs = {
        "NDVI": [str(sample.ndvi)],
        "LAND_COVER": [str(path) for path in sample.land_cover],
        "LEGEND": "unccd",
        "STOCK": str(sample.soc_stock),
        "CLIMATE_ZONES": str(sample.climate_zones),
        "UNITS": [str(sample.soil_units)],
        "POPULATION": str(sample.population),
        "ZONES": str(sample.provinces),
        "ZONE_FIELD": "name",
    }
    return {name: value for name, value in inputs.items() if name not in left_out}


@pytest.fixture(scope="module")
def run(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdg1531")
    sample = write_land_degradation_sample(folder / "sample")
    rasters = (
        "productivity_baseline",
        "productivity_reporting",
        "land_cover_baseline",
        "land_cover_reporting",
        "soc_baseline",
        "soc_reporting",
        "sdg_baseline",
        "sdg_reporting",
        "status",
    )
    tables = ("table_baseline", "table_reporting", "crosstabs_baseline", "crosstabs_reporting")
    tables += ("balance", "balance_land_types")
    outputs = {name: str(folder / f"{name}.tif") for name in rasters}
    outputs |= {name: str(folder / f"{name}.csv") for name in tables}
    outputs |= {f"zones_{name}": str(folder / f"{name}.gpkg") for name in ("baseline", "reporting")}
    outputs |= {
        f"report_{name}": str(folder / f"{name}.html") for name in ("baseline", "reporting")
    }
    found = processing.run("dbar:sdg1531", {**inputs_of(sample), **outputs})
    assert set(outputs) <= set(found)
    return outputs


def test_it_is_a_model_with_words(provider):
    model = QgsApplication.processingRegistry().algorithmById("dbar:sdg1531")
    assert isinstance(model, QgsProcessingModelAlgorithm)
    assert model.displayName() == "Land degradation, all steps (SDG 15.3.1)"
    assert model.groupId() == "sdg1531"
    for definition in model.parameterDefinitions():
        assert definition.description() != definition.name()
        if not definition.isDestination():
            assert definition.help()


@pytest.mark.parametrize("period", ["baseline", "reporting"])
def test_one_out_all_out(run, period):
    parts = np.stack(
        [
            band_named(run[f"productivity_{period}"], "productivity"),
            band_named(run[f"land_cover_{period}"], "land_cover"),
            band_named(run[f"soc_{period}"], "soc"),
        ]
    )
    missing = (parts == NODATA).any(axis=0)
    degraded = (parts == -1).any(axis=0)
    improved = (parts == 1).any(axis=0)
    expected = np.where(degraded, -1, np.where(missing, NODATA, np.where(improved, 1, 0)))
    assert np.array_equal(band(run[f"sdg_{period}"]), expected)
    assert len(np.unique(expected)) == 4


def test_the_periods_differ_and_the_status_tells_how(run):
    baseline, reporting = band(run["sdg_baseline"]), band(run["sdg_reporting"])
    assert (baseline != reporting).mean() > 0.05
    status = band(run["status"])
    for (before, after), code in {
        (-1, -1): 1,
        (0, -1): 2,
        (1, -1): 2,
        (-1, 0): 3,
        (0, 0): 4,
        (1, 0): 5,
        (-1, 1): 6,
        (0, 1): 6,
        (1, 1): 7,
    }.items():
        cells = (baseline == before) & (reporting == after)
        assert (status[cells] == code).all()


def test_the_years_reach_the_steps(run):
    with rasterio.open(run["land_cover_reporting"]) as raster:
        assert '"YEAR_INITIAL": "2015"' in raster.tags()["DBAR_PARAMETERS"]
        assert '"YEAR_FINAL": "2023"' in raster.tags()["DBAR_PARAMETERS"]


def test_tables_and_report(run):
    with Path(run["table_baseline"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    total = rows[-1]
    share = float(total["degraded_km2"]) / float(total["land_km2"]) * 100
    assert float(total["degraded_pct"]) == pytest.approx(share)
    cells = (band(run["sdg_baseline"]) == -1).sum()
    assert float(total["degraded_km2"]) > 0.8 * cells * 0.0625
    text = Path(run["report_reporting"]).read_text(encoding="utf-8")
    assert "2016-2023" in text


def test_the_balance_leaves_out_the_water_of_the_land_cover(run):
    """The share of degraded land is that of the table of the indicator, zone by zone."""
    with Path(run["balance"]).open(encoding="utf-8") as file:
        balance = [row for row in csv.DictReader(file) if row["period"] == "baseline"]
    with Path(run["table_baseline"]).open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert len(balance) == len(table) == 7
    for one, other in zip(balance, table, strict=True):
        for name in ("degraded_km2", "land_km2", "water_km2", "nodata_km2", "degraded_pct"):
            assert float(one[name]) == pytest.approx(float(other[name]), rel=1e-12), name
    assert float(table[-1]["water_km2"]) > 0


def test_only_what_is_needed_and_in_a_batch(provider, tmp_path):
    """NDVI, land cover, carbon and units are enough; runs of a batch do not touch each other."""
    sample = write_land_degradation_sample(tmp_path / "sample")
    needed = inputs_of(sample, "CLIMATE_ZONES", "POPULATION", "ZONES", "ZONE_FIELD")
    settings = QgsSettings()
    settings.setValue(SETTINGS_PATH + PALETTE, "red_green")
    try:
        for convention in ("prais4", "gpg_v2"):
            # The other rasters go to temporary files.
            outputs = {
                name: str(tmp_path / f"{convention}_{name}.{ending}")
                for name, ending in (
                    ("sdg_baseline", "tif"),
                    ("productivity_baseline", "tif"),
                    ("table_baseline", "csv"),
                )
            }
            processing.run("dbar:sdg1531", {**needed, "CONVENTION": convention, **outputs})
    finally:
        settings.remove(SETTINGS_PATH + PALETTE)
    one, other = (tmp_path / f"{name}_sdg_baseline.tif" for name in ("prais4", "gpg_v2"))
    assert (band(one) != band(other)).any()
    layer = QgsRasterLayer(str(one), "opened later")
    layer.loadDefaultStyle()
    colours = {item.value: item.color.name() for item in layer.renderer().classes()}
    assert (colours[-1], colours[1]) == ("#d7191c", "#1a9641")
    with (tmp_path / "prais4_table_baseline.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["zone"] == "Whole area"
    assert 10 < float(row["degraded_pct"]) < 40
    with rasterio.open(tmp_path / "prais4_productivity_baseline.tif") as raster:
        assert "landproductivity" in raster.tags()["DBAR_FORMULA"]


def test_layers_have_titles_an_order_and_a_group(provider, feedback, tmp_path):
    sample = write_land_degradation_sample(tmp_path / "sample")
    project = QgsProject()
    context = QgsProcessingContext()
    context.setProject(project)
    shown = ("status", "sdg_baseline", "sdg_reporting", "soc_baseline", "zones_reporting")
    to_project = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, project)
    model = QgsApplication.processingRegistry().algorithmById("dbar:sdg1531").create()
    report = tmp_path / "report.html"
    parameters = {**inputs_of(sample), **dict.fromkeys(shown, to_project)}
    parameters |= {"report_reporting": str(report)}
    _, fits = model.run(parameters, context, feedback)
    assert fits
    layers = sorted(context.layersToLoadOnCompletion().values(), key=lambda one: one.layerSortKey)
    assert [layer.name for layer in layers] == [
        "Baseline: soil organic carbon",
        "Baseline: land degradation",
        "Reporting period: land degradation",
        "Degradation status",
        "Degradation by zone, reporting period",
    ]
    assert {layer.groupName for layer in layers} == {model.displayName()}
    # The steps' files are all called OUTPUT.
    lines = [line for line in feedback.infos + feedback.warnings if "CHILD_INPUTS" not in line]
    assert "soc holds -1 degraded, 0 stable, 1 improved." in lines
    assert not any("OUTPUT" in line for line in lines)
    text = report.read_text(encoding="utf-8")
    assert "<th scope=row>land_cover<td>" in text
    assert "<th scope=row>OUTPUT" not in text


def test_inputs_are_in_the_order_of_the_work(provider):
    model = QgsApplication.processingRegistry().algorithmById("dbar:sdg1531")
    names = [item.name() for item in model.parameterDefinitions() if not item.isDestination()]
    assert names[:3] == ["NDVI", "NDVI_YEARS", "LAND_COVER"]
    assert names[-3:] == ["BASELINE_FIRST", "BASELINE_LAST", "REPORTING_LAST"]


def test_an_output_onto_what_a_later_step_reads(provider, tmp_path):
    """The step that writes the indicator does not read the stock; the reporting period does."""
    sample = write_land_degradation_sample(tmp_path / "sample")
    before = sample.soc_stock.read_bytes()
    with pytest.raises(QgsProcessingException, match=r"soc_stock_2000\.tif is also read"):
        processing.run(
            "dbar:sdg1531",
            {**inputs_of(sample), "sdg_baseline": str(sample.soc_stock)},
        )
    assert sample.soc_stock.read_bytes() == before
