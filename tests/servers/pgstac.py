"""The STAC server of `make test-slow`: pgstac on a PostgreSQL of its own, started once.

Whoever writes must bring a token; anybody may search.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

from tests.servers.processes import free_port, python_of, scratch, start
from tests.servers.stac_data import collections, items

TOKEN = "f1xture-t0ken"


@functools.cache
def pgstac_url() -> str:
    """Start the server when it is first asked for, and return its address."""
    port, database = free_port(), free_port()
    folder = scratch("pgstac")
    for name, documents in (("collections", collections()), ("items", items())):
        lines = "\n".join(json.dumps(document) for document in documents)
        (folder / f"{name}.ndjson").write_text(lines, encoding="utf-8")
    application = Path(__file__).with_name("pgstac_app.py")
    # -I: the programs' folder has a module of the server's name.
    command = [str(python_of("pgstac")), "-I", str(application), str(port), str(database)]
    start("pgstac", [*command, str(folder)], port, environment={"FIXTURE_TOKEN": TOKEN})
    return f"http://127.0.0.1:{port}/"
