"""The packaged zip shares a result from a terminal, and a STAC reader finds it."""

from __future__ import annotations

import json

import pystac
from publishing_fixtures import result, validate


def test_a_result_is_shared_to_a_folder(profile, tmp_path):
    raster = result(tmp_path / "degradation.tif")
    answer = profile.json(
        "run",
        "dbar:publishresult",
        "-",
        inputs={
            "RASTERS": [str(raster)],
            "TARGET": str(tmp_path / "shared"),
            "LICENCE": "CC-BY-4.0",
            "TITLE": "Land degradation",
            "OUTPUT": str(tmp_path / "item.json"),
        },
    )
    assert answer["results"]["ITEM"] == "land-degradation"
    catalog = pystac.Catalog.from_file(str(tmp_path / "shared" / "catalog.json"))
    (item,) = catalog.get_items(recursive=True)
    assert item.id == "land-degradation"
    validate(json.loads((tmp_path / "item.json").read_text(encoding="utf-8")))


def test_what_cannot_be_shared_is_refused(profile, tmp_path):
    source = result(tmp_path / "KX10_GIU_20220101.tif", algorithm="")
    done = profile.run(
        *("run", "dbar:publishresult", "--", f"RASTERS={source}", "LICENCE=CC-BY-4.0"),
        *(f"TARGET={tmp_path / 'shared'}", f"OUTPUT={tmp_path / 'item.json'}"),
        fails=True,
    )
    assert "must not be passed on" in done.stdout + done.stderr
    assert not (tmp_path / "shared").exists()
