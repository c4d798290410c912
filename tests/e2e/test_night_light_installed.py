"""Night light from the installed zip: from a packed product to spectral types."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
import sdgsat_fixtures as fixtures

# With the fixtures' gains the lamps that are strong in red are of the red type, those that are
# weak in red of the white LED type.
DARK, LED, RED = 0, 1, 2


def test_from_a_packed_product_to_spectral_types(profile):
    folder = profile.folder / "night_light"
    scene = fixtures.write_scene(
        folder / "product",
        size=(140, 110),
        halves=("A",),
        shift=(0.0, 1.0),
        stripes=(70,),
        salt_pepper=0.03,
        lights=30,
    )
    product = fixtures.pack(scene.folder, folder / f"{scene.folder.name}.tar.gz")

    def run(algorithm: str, **inputs: object) -> dict:
        written = {
            name: str(folder / value) if name.startswith("OUTPUT") else value
            for name, value in inputs.items()
        }
        return profile.json("run", f"dbar:{algorithm}", "-", inputs=written)["results"]

    loaded = run("loadsdgsatscene", INPUT=str(product), OUTPUT_RGB="rgb.tif", OUTPUT_PAN="pan.tif")
    assert loaded["SCENE"] == scene.folder.name
    assert loaded["DATE"].startswith("2022-03-04T13:30")
    clean = run(
        "cleannightlight",
        INPUT=loaded["OUTPUT_RGB"],
        PANCHROMATIC=loaded["OUTPUT_PAN"],
        STRIPES=True,
        OUTPUT="clean.tif",
        OUTPUT_CHANGE="cleaning.tif",
    )
    assert clean["N_STRIPE"] > 0
    assert clean["N_NO_PANCHROMATIC"] > 0
    registered = run(
        "registernightlight",
        INPUT=clean["OUTPUT"],
        LOCAL_SHIFTS=False,
        OUTPUT="registered.tif",
    )
    assert registered["LONGEST_SHIFT"] == pytest.approx(1.0, abs=0.2)
    radiance = run(
        "calibratenightlight",
        INPUT=registered["OUTPUT"],
        UNIT="nW cm-2 sr-1",
        OUTPUT="radiance.tif",
    )
    types = run(
        "nightlightcolour",
        INPUT=radiance["OUTPUT"],
        OUTPUT="types.tif",
        OUTPUT_INDICES="indices.tif",
        OUTPUT_TABLE="types.csv",
    )
    assert types["N_LIT"] > 100

    with rasterio.open(types["OUTPUT"]) as dataset:
        found = dataset.read(1)
        tags = dataset.tags()
    assert tags["DBAR_SCENE"] == scene.folder.name
    assert tags["DBAR_DATE"].startswith("2022-03-04")
    assert Path(types["OUTPUT"]).with_suffix(".qml").is_file()
    # The planted lights, away from their rims, have the type of their lamps.
    truth = scene.truth.astype(float)
    bright = truth[1] > 60
    ratio = truth[0] / np.maximum(truth[1], 1.0)
    assert found.shape == truth.shape[1:]
    assert np.mean(found[bright & (ratio < 0.5)] == LED) > 0.9
    assert np.mean(found[bright & (ratio > 3.0)] == RED) > 0.9
    assert np.mean(found[truth.max(axis=0) == 1] == DARK) > 0.95
    with Path(types["OUTPUT_TABLE"]).open(encoding="utf-8") as file:
        *shares, lit = csv.DictReader(file)
    assert int(lit["cells"]) == types["N_LIT"]
    assert sum(float(row["cells_pct"] or 0.0) for row in shares) == pytest.approx(100.0)


def test_a_hostile_archive_is_refused(profile):
    folder = profile.folder / "hostile"
    folder.mkdir()
    archive = fixtures.hostile_archive(folder / "scene.tar.gz", "traversal")
    done = profile.run(
        *("run", "dbar:loadsdgsatscene", "--", f"INPUT={archive}"),
        *(f"OUTPUT_RGB={folder / 'rgb.tif'}", f"OUTPUT_PAN={folder / 'pan.tif'}"),
        fails=True,
    )
    assert "../../" in done.stdout + done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [archive.name]
