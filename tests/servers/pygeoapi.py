"""The OGC API-Records server of the tests: pygeoapi with records in files, started once."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from tests.servers.processes import free_port, python_of, scratch, start
from tests.servers.records_data import as_feature, records

# The collections. The server fails over a box where a record has none, and over an order likewise.
WHOLE = "whole"
GAPS = "gaps"


@functools.cache
def pygeoapi_url() -> str:
    """Start the server when it is first asked for, and return its address."""
    port = free_port()
    folder = scratch("pygeoapi")
    features: dict[str, list[Any]] = {WHOLE: [], GAPS: []}
    for record in records():
        features[GAPS if record.id.startswith("gap") else WHOLE].append(as_feature(record))
    (folder / "records.json").write_text(json.dumps(features), encoding="utf-8")
    application = Path(__file__).with_name("pygeoapi_app.py")
    # -I: the programs' folder has a module of the server's name.
    command = [str(python_of("pygeoapi")), "-I", str(application), str(port), str(folder)]
    start("pygeoapi", command, port)
    return f"http://127.0.0.1:{port}/"
