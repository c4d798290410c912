"""Items as text: JSON without secrets, and Python that runs."""

from __future__ import annotations

import json

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.snippets import item_json, python_snippet


def item(identity: str, source: str = ""):
    return parse_item(
        {
            "id": identity,
            "collection": "it's",
            "properties": {},
            "links": [{"rel": "self", "href": f"https://x.example/{identity}?sig=s3cr3t"}],
            "assets": {"a": {"href": "https://x.example/a.tif?sig=s3cr3t"}},
        },
        source=source,
    )


def test_json_of_items():
    assert json.loads(item_json([item("a")]))["id"] == "a"
    both = json.loads(item_json([item("a"), item("b")]))
    assert [feature["id"] for feature in both["features"]] == ["a", "b"]
    assert "s3cr3t" not in item_json([item("a")])


def test_python():
    connection = Connection("Mine", "https://x.example/stac", "stac_api")
    known = {connection.id: connection}
    text = python_snippet([item("a", connection.id), item("b", "gone")], known.get)
    compile(text, "snippet", "exec")
    assert "Client.open('https://x.example/stac')" in text
    assert 'collections=["it\'s"]' in text
    assert "pystac.Item.from_file" in text
    assert "s3cr3t" not in text
