"""Catalogs from a terminal, with the installed zip: search, download, import; no window."""

from __future__ import annotations

import json
from pathlib import Path

import sdgsat_fixtures as fixtures

from tests.servers.misbehaving import as_json, file_of, misbehaving_server
from tests.servers.stac import stac_url


def test_what_is_searched_is_downloaded(profile):
    folder = profile.folder / "catalog"
    folder.mkdir()
    found = profile.json(
        *("run", "dbar:searchcatalog", "-"),
        inputs={
            "CONNECTION": stac_url(),
            "COLLECTIONS": "built-up",
            "OUTPUT": str(folder / "found.gpkg"),
            "OUTPUT_ITEMS": str(folder / "items.json"),
        },
    )["results"]
    assert found["COUNT"] == 5
    document = json.loads(Path(found["OUTPUT_ITEMS"]).read_text(encoding="utf-8"))
    assert document["features"][0]["id"] == "built-2020"

    data = bytes(range(256)) * 400
    with misbehaving_server() as server:
        href = server.on("/a.tif", file_of(data))
        item = document["features"][0]
        item["assets"] = {"data": {"href": href, "roles": ["data"], "file:size": len(data)}}
        address = server.on("/item.json", as_json(item))
        fetched = profile.json(
            *("run", "dbar:downloadcatalogitems", "-"),
            inputs={"ITEMS": address, "OUTPUT": str(folder / "files.csv")},
        )["results"]
    assert (fetched["N_FILES"], fetched["N_FAILED"]) == (1, 0)
    path = Path(fetched["OUTPUT_RASTER"])
    assert path.read_bytes() == data and path.is_relative_to(profile.folder)
    assert fetched["OUTPUT_FILES"] == [str(path)]
    assert "built-2020" in Path(fetched["OUTPUT"]).read_text(encoding="utf-8")


def test_an_archive_is_imported_and_a_hostile_one_refused(profile):
    folder = profile.folder / "archives"
    folder.mkdir()
    scene = fixtures.write_scene(folder / "in", size=(60, 50))
    archive = fixtures.pack(scene.folder, folder / "scene.tar.gz")
    done = profile.json("run", "dbar:importsdgsatarchive", "-", inputs={"INPUT": str(archive)})
    assert done["results"]["N_SCENES"] == 1
    again = profile.json(
        *("run", "dbar:searchcatalog", "-"),
        inputs={
            "CONNECTION": "My data",
            "THEME": "night_light",
            "OUTPUT": str(folder / "mine.gpkg"),
        },
    )
    assert again["results"]["COUNT"] == 1

    hostile = fixtures.hostile_archive(folder / "bad.tar.gz", "traversal")
    refused = profile.run("run", "dbar:importsdgsatarchive", "--", f"INPUT={hostile}", fails=True)
    assert "leads out of the archive" in " ".join((refused.stdout + refused.stderr).split())
