"""SDG 15.3.1 from the installed zip: the bundled model in one call of qgis_process."""

from __future__ import annotations

import csv

import pytest

from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_sample import (
    write_land_degradation_sample,
)


def test_the_bundled_model_runs(profile):
    sample = write_land_degradation_sample(profile.folder / "land_degradation")
    folder = profile.folder / "results"
    folder.mkdir()
    rasters = ("productivity", "land_cover", "soc", "sdg")
    outputs = {
        f"{kind}_{period}": str(folder / f"{kind}_{period}.tif")
        for kind in rasters
        for period in ("baseline", "reporting")
    }
    outputs |= {
        "status": str(folder / "status.tif"),
        "zones_baseline": str(folder / "zones_baseline.gpkg"),
        "zones_reporting": str(folder / "zones_reporting.gpkg"),
        "table_baseline": str(folder / "table_baseline.csv"),
        "report_reporting": str(folder / "report_reporting.html"),
    }
    inputs = {
        "NDVI": [str(sample.ndvi)],
        "LAND_COVER": [str(path) for path in sample.land_cover],
        "LEGEND": "unccd",
        "STOCK": str(sample.soc_stock),
        "CLIMATE_ZONES": str(sample.climate_zones),
        "UNITS": [str(sample.soil_units)],
        "ZONES": str(sample.provinces),
        "ZONE_FIELD": "name",
    }
    answer = profile.json("run", "dbar:sdg1531", "-", inputs={**inputs, **outputs})
    assert set(outputs) <= set(answer["results"])
    assert (folder / "status.qml").is_file()
    with (folder / "table_baseline.csv").open(encoding="utf-8") as file:
        total = list(csv.DictReader(file))[-1]
    parts = ("degraded_km2", "stable_km2", "improved_km2", "nodata_km2")
    assert sum(float(total[part]) for part in parts) == pytest.approx(float(total["land_km2"]))
    assert 10 < float(total["degraded_pct"]) < 40
    assert "2016-2023" in (folder / "report_reporting.html").read_text(encoding="utf-8")
