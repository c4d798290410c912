"""SDG 11.3.1 computed by the installed plugin through qgis_process, on the sample region."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dbar_qgis_plugin.pipelines.sample_data import SampleData, write_sample_data

ALGORITHM = "dbar:landuseefficiency"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleData:
    """Write the sample region."""
    return write_sample_data(tmp_path_factory.mktemp("sample"))


def inputs_of(sample: SampleData) -> dict:
    """Return the inputs of the algorithm; the years are read from the files' names."""
    return {
        "CITIES": str(sample.cities),
        "CITY_FIELD": "name",
        "GROUP_FIELD": "region",
        "BUILTUP": [str(path) for path in sample.builtup],
        "BUILTUP_KIND": "fraction",
        "POPULATION": [str(path) for path in sample.population],
    }


@pytest.fixture(scope="module")
def outputs(profile, sample: SampleData, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Compute the sample region, and return the outputs' paths."""
    folder = tmp_path_factory.mktemp("outputs")
    paths = {
        "OUTPUT": folder / "cities.gpkg",
        "OUTPUT_INTERVALS": folder / "intervals.csv",
        "OUTPUT_GROUPS": folder / "groups.csv",
        "OUTPUT_REPORT": folder / "report.html",
    }
    inputs = inputs_of(sample) | {key: str(path) for key, path in paths.items()}
    results = profile.json("run", ALGORITHM, "-", inputs=inputs)["results"]
    assert results["N_CITIES"] == 16
    assert {key: Path(results[key]) for key in paths} == paths
    return paths


def test_published_figures(outputs: dict):
    with outputs["OUTPUT_INTERVALS"].open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "Milano" in row["city"]]
    ratios = {(row["year_start"], row["year_end"]): float(row["lcrpgr"]) for row in rows}
    assert ratios["2018", "2019"] == pytest.approx(0.6674058104133271, rel=1e-6)
    assert ratios["2019", "2020"] == pytest.approx(-0.10647084100350061, rel=1e-6)


def test_the_report_needs_no_connection(outputs: dict):
    text = outputs["OUTPUT_REPORT"].read_text(encoding="utf-8")
    assert "Plotly" in text
    fetched = (
        r"<(link|script|img|iframe)\b[^>]{0,200}\b(href|src)=.?(https?:|//)|@import|url\(.?https?:"
    )
    assert re.search(fetched, text) is None


def test_a_refused_run_leaves_nothing(profile, sample: SampleData, tmp_path: Path):
    arguments = [f"CITIES={sample.cities}", f"OUTPUT={tmp_path / 'cities.gpkg'}"]
    arguments += [f"BUILTUP={path}" for path in sample.builtup]
    arguments += [f"POPULATION={path}" for path in sample.population[:2]]
    done = profile.run("run", ALGORITHM, "--", *arguments, fails=True)
    assert "6 epochs (1990, 2015, 2017, 2018, 2019, 2020), population for 2" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("model", ["sdg1131extent", "sdg1131degurba"])
def test_models_need_no_layer_of_cities(profile, sample: SampleData, tmp_path: Path, model: str):
    inputs = inputs_of(sample)
    inputs = {name: inputs[name] for name in ("BUILTUP", "BUILTUP_KIND", "POPULATION")}
    if model == "sdg1131degurba":
        inputs["POPULATION_LAST"] = inputs["POPULATION"][-1]
    outputs = {"intervals": tmp_path / "intervals.csv", "report": tmp_path / "report.html"}
    inputs |= {name: str(path) for name, path in outputs.items()}
    profile.json("run", f"dbar:{model}", "-", inputs=inputs)
    assert "Plotly" in outputs["report"].read_text(encoding="utf-8")
    with outputs["intervals"].open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["period_start"].startswith("1990")]
    # A step from 1990 to 2015, and the whole span.
    assert len(rows) >= 12
    assert max(float(row["v_end_km2"]) for row in rows) > 100.0
