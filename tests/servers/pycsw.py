"""The CSW server of the tests: pycsw with records in ISO 19139 and in Dublin Core, started once."""

from __future__ import annotations

import functools
from pathlib import Path

from tests.servers.processes import free_port, python_of, scratch, start
from tests.servers.records_data import as_dublin_core, as_iso, records


@functools.cache
def pycsw_url() -> str:
    """Start the server when it is first asked for, and return its address."""
    port = free_port()
    folder = scratch("pycsw")
    (folder / "records").mkdir()
    for number, record in enumerate(records()):
        text = as_dublin_core(record) if number % 2 else as_iso(record)
        path = folder / "records" / f"{number:03d}.xml"
        path.write_text(text, encoding="utf-8")
    application = Path(__file__).with_name("pycsw_app.py")
    # -I: the programs' folder has a module of the server's name.
    command = [str(python_of("pycsw")), "-I", str(application), str(port), str(folder)]
    start("pycsw", command, port)
    return f"http://127.0.0.1:{port}/"
