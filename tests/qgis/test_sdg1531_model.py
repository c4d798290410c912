"""The bundled model: from NDVI, land cover and carbon to the indicator, its status and tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm

from dbar_qgis_plugin.pipelines.land_degradation_sample import write_land_degradation_sample

NODATA = -32768


def band(path, number=1):
    with rasterio.open(path) as raster:
        return raster.read(number).astype(int)


def band_named(path, name):
    with rasterio.open(path) as raster:
        return raster.read(raster.descriptions.index(name) + 1).astype(int)


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
    found = processing.run("dbar:sdg1531", {**inputs, **outputs})
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
