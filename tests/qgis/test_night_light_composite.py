"""dbar:nightlightcomposite, nightlightpansharpen, nightlightdownscale: from layers to rasters."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsMultiBandColorRenderer,
    QgsProcessingException,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
)

ND = -9999


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def bands(path: str) -> dict[str, np.ndarray]:
    dataset = gdal.Open(path)
    found = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return {band.GetDescription(): band.ReadAsArray() for band in found}


# --- composite


@pytest.fixture
def months(write_raster):
    return [
        write_raster(f"light_20200{month}15.tif", values, nodata=-1)
        for month, values in enumerate(([[1, 4, -1]], [[9, -1, -1]], [[3, 8, -1]]), start=1)
    ]


def test_composite_by_hand(run, months, out, feedback):
    results = run("nightlightcomposite", RASTERS=months, OUTPUT=str(out / "c.tif"))
    found = bands(results["OUTPUT"])
    assert found["median"].tolist() == [[3, 6, ND]]
    assert found["valid_count"].tolist() == [[3, 2, 0]]
    assert (results["N_DATES"], results["N_EMPTY"]) == (3, 1)
    assert "Cells with data on 2 of 3 dates: 1" in feedback.infos
    dataset = gdal.Open(results["OUTPUT"])
    assert dataset.GetMetadata()["DBAR_FORMULA"] == "nightlightcomposite/median"
    assert dataset.GetRasterBand(1).GetNoDataValue() == ND


def test_composite_opens_styled(run, months, out):
    path = run("nightlightcomposite", RASTERS=months, OUTPUT=str(out / "c.tif"))["OUTPUT"]
    layer = QgsRasterLayer(path, "opened later")
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    layer.loadDefaultStyle()
    span = layer.temporalProperties().fixedTemporalRange()
    assert span.begin().date().toString("yyyy-MM-dd") == "2020-01-15"
    assert span.end().date().toString("yyyy-MM-dd") == "2020-03-15"


def test_composite_refusals(run, months, out, write_raster, feedback):
    three = write_raster("three.tif", np.ones((3, 1, 3)))
    for changed, words in (
        ({"RASTERS": months[:1]}, "a composite takes at least two dates"),
        ({"RASTERS": [months[0], three]}, "three has 3 bands, but"),
        ({"RASTERS": months, "MIN_VALID": 4}, "4 dates with data are asked for"),
    ):
        with pytest.raises(QgsProcessingException) as caught:
            run("nightlightcomposite", **{"OUTPUT": str(out / "c.tif")} | changed)
        assert words in str(caught.value)
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("nightlightcomposite", RASTERS=months, OUTPUT=str(out / "c.tif"))
    assert not list(out.iterdir())


# --- pan-sharpening


@pytest.fixture
def scene(write_raster):
    rng = np.random.default_rng(3)
    fine = np.ones((3, 80, 80))
    for row, col in rng.integers(0, 76, (60, 2)):
        fine[:, row : row + 4, col : col + 4] += rng.uniform(20, 200, 3)[:, None, None]
    coarse = fine.reshape(3, 20, 4, 20, 4).mean(axis=(2, 4))
    names = ("red", "green", "blue")
    pan = np.tensordot([0.5, 0.3, 0.2], fine, axes=1)
    return {
        "COLOURS": write_raster("rgb_20220304.tif", coarse, descriptions=names, nodata=-1),
        "PANCHROMATIC": write_raster(
            "pan.tif",
            np.stack((pan * 0.0 + 1.0, pan)),
            cell=25.0,
            descriptions=("PL", "HDR"),
            nodata=-1,
        ),
    }


def test_pansharpening(run, scene, out, feedback):
    results = run("nightlightpansharpen", **scene, OUTPUT=str(out / "p.tif"))
    found = bands(results["OUTPUT"])
    assert list(found) == ["red", "green", "blue"]
    assert found["red"].shape == (80, 80)
    # The merged band was chosen: the other one holds nothing to relate to.
    assert results["CORRELATION"] > 0.999
    assert results["N_CELLS"] > 40
    assert any("Intensity = 0.5 × red" in text for text in feedback.infos)
    layer = QgsRasterLayer(results["OUTPUT"], "opened later")
    assert isinstance(layer.renderer(), QgsMultiBandColorRenderer)
    layer.loadDefaultStyle()
    assert layer.temporalProperties().fixedTemporalRange().begin().date().year() == 2022


def test_pansharpening_refusals(run, scene, out):
    with pytest.raises(QgsProcessingException, match="are not smaller than those of"):
        run(
            "nightlightpansharpen",
            COLOURS=scene["COLOURS"],
            PANCHROMATIC=scene["COLOURS"],
            OUTPUT=str(out / "p.tif"),
        )
    with pytest.raises(QgsProcessingException, match="Only 0 cells of pan are lit"):
        run("nightlightpansharpen", **scene, BAND=1, OUTPUT=str(out / "p.tif"))
    assert not list(out.iterdir())


# --- downscaling


@pytest.fixture
def regions(polygon_layer):
    return polygon_layer(
        ((0, 0, 2, 1), "North", 8.0),
        ((0, 1, 2, 1), "South", 6.0),
        ((3, 0, 1, 1), "East", None),
        fields="field=name:string(20)&field=gdp:double",
    )


def test_downscaling_by_hand(run, write_raster, regions, out, feedback):
    light = write_raster("light.tif", [[1, 3, 0, 5], [0, 0, 0, 0]])
    results = run(
        "nightlightdownscale",
        ZONES=regions,
        TOTAL_FIELD="gdp",
        LIGHT=light,
        OUTPUT=str(out / "d.tif"),
        OUTPUT_ZONES=str(out / "zones.csv"),
    )
    assert bands(results["OUTPUT"])["amount"].tolist() == [[2, 6, ND, ND], [3, 3, ND, ND]]
    assert results["SPREAD"] == 14.0
    assert results["N_WITHOUT_LIGHT"] == 1
    assert "Zones without light, spread evenly (1): South" in feedback.warnings
    with (out / "zones.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [row["basis"] for row in rows] == ["light", "uniform", "light"]
    assert rows[1] == {
        "zone": "South",
        "total": "6",
        "spread": "6",
        "basis": "uniform",
        "cells": "2",
        "lit_cells": "0",
        "flags": "",
    }


def test_downscaling_refusals(run, write_raster, regions, polygon_layer, out):
    light = write_raster("light.tif", [[1, 3, 0, 5], [0, 0, 0, 0]])
    inputs = {"ZONES": regions, "TOTAL_FIELD": "gdp", "LIGHT": light, "OUTPUT": str(out / "d.tif")}
    negative = polygon_layer(
        ((0, 0, 1, 1), "Minus", -2.0), fields="field=name:string(20)&field=gdp:double"
    )
    for changed, words in (
        ({"WEIGHT": "light_population"}, "“Population (persons per cell)” is empty"),
        ({"ZONES": negative}, "The total of Minus is -2"),
    ):
        with pytest.raises(QgsProcessingException) as caught:
            run("nightlightdownscale", **inputs | changed)
        assert words in str(caught.value)
    assert not list(out.iterdir())
