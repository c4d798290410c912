"""The STAC API of the tests: a stac-fastapi application in memory, started once."""

from __future__ import annotations

import functools
import urllib.request
from pathlib import Path

from tests.servers.processes import free_port, python_of, start


@functools.cache
def stac_url() -> str:
    """Start the server when it is first asked for, and return its address."""
    port = free_port()
    application = Path(__file__).with_name("stac_app.py")
    start("stac", [str(python_of("stac")), str(application), str(port)], port)
    return f"http://127.0.0.1:{port}/"


def remove_item(collection: str, identity: str) -> None:
    """Take an item from the server again: other tests count what it has."""
    url = f"{stac_url()}collections/{collection}/items/{identity}"
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=10):
        pass
