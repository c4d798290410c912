"""A pygeoapi with collections of records in files; runs in the server's own environment.

Arguments: port, and a folder with records.json: the records by collection.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any


def configuration(port: int, databases: dict[str, Path]) -> dict[str, Any]:
    """What the server is to know."""
    url = f"http://127.0.0.1:{port}"
    world = {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    contact = dict.fromkeys(
        ("position", "address", "city", "stateorprovince", "postalcode", "country", "phone"), "-"
    )
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 200},
            "map": {"url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "-"},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": {"en": "Made-up records"},
                "description": {"en": "For tests"},
                "keywords": {"en": ["tests"]},
                "keywords_type": "theme",
                "terms_of_service": "-",
                "url": url,
            },
            "license": {"name": "CC-BY 4.0", "url": "https://license.example/"},
            "provider": {"name": "Tests", "url": "https://tests.example/"},
            "contact": {
                "name": "Tests",
                **contact,
                "fax": "-",
                "email": "tests@tests.example",
                "url": "https://tests.example/",
                "hours": "-",
                "instructions": "-",
                "role": "pointOfContact",
            },
        },
        "resources": {
            name: {
                "type": "collection",
                "title": f"Records: {name}",
                "description": "Made-up records",
                "keywords": ["light"],
                "links": [],
                "extents": {
                    "spatial": world,
                    "temporal": {"begin": "2000-01-01T00:00:00Z", "end": None},
                },
                "providers": [
                    {
                        "type": "record",
                        "name": "TinyDBCatalogue",
                        "data": str(path),
                        "editable": True,
                        "id_field": "id",
                        "time_field": "created",
                        "title_field": "title",
                    }
                ],
            }
            for name, path in databases.items()
        },
    }


def fill(database: Path, features: list[dict[str, Any]]) -> None:
    """Write the records as the server keeps them."""
    from tinydb import TinyDB

    with TinyDB(database) as filled:
        for feature in features:
            properties = feature["properties"]
            words = [properties.get("title", ""), properties.get("description", "")]
            properties["_metadata-anytext"] = " ".join([*words, *properties.get("keywords", [])])
            filled.insert(feature)


def end_with_input() -> None:
    """End when whoever started this has ended."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    own_port, folder = int(sys.argv[1]), Path(sys.argv[2])
    by_collection = json.loads((folder / "records.json").read_text("utf-8"))
    paths = {name: folder / f"{name}.tinydb" for name in by_collection}
    for name, features in by_collection.items():
        fill(paths[name], features)
    import yaml
    from werkzeug.serving import run_simple

    # Moments stay unquoted, as the server wants them.
    text = yaml.safe_dump(configuration(own_port, paths), sort_keys=False)
    settings = folder / "settings.yml"
    settings.write_text(text.replace("'2000-01-01T00:00:00Z'", "2000-01-01T00:00:00Z"), "utf-8")
    description = folder / "openapi.json"
    description.write_text(json.dumps({"openapi": "3.0.2", "info": {}, "paths": {}}), "utf-8")
    os.environ["PYGEOAPI_CONFIG"] = str(settings)
    os.environ["PYGEOAPI_OPENAPI"] = str(description)
    from pygeoapi.flask_app import APP

    run_simple("127.0.0.1", own_port, APP, threaded=False)
