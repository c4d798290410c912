"""Items as text for other programs: JSON, and Python that finds them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json


def item_json(items: Sequence[Item]) -> str:
    """Return items as their catalog gave them, without secrets; several as a collection of them."""
    documents = [scrubbed_json(item.raw) for item in items]
    whole = (
        documents[0]
        if len(documents) == 1
        else {"type": "FeatureCollection", "features": documents}
    )
    return json.dumps(whole, ensure_ascii=False, indent=2)


def python_snippet(items: Sequence[Item], connection_of: Callable[[str], Connection | None]) -> str:
    """Return Python that reads items again, with pystac-client where a STAC API has them."""
    lines = []
    for source in dict.fromkeys(item.source for item in items):
        of_source = [item for item in items if item.source == source]
        connection = connection_of(source)
        if connection is not None and connection.kind == "stac_api":
            lines += _search(connection.url, of_source)
        else:
            lines += _files(of_source)
    return "\n".join(lines) + "\n"


def _search(url: str, items: Sequence[Item]) -> list[str]:
    collections = sorted({item.collection for item in items if item.collection})
    return [
        "from pystac_client import Client",
        "",
        f"catalog = Client.open({url!r})",
        "search = catalog.search(",
        f"    collections={collections!r},",
        f"    ids={[item.id for item in items]!r},",
        ")",
        "items = list(search.items())",
    ]


def _files(items: Sequence[Item]) -> list[str]:
    links = [link.href for item in items if (link := item.link("self", "canonical")) is not None]
    addresses = [scrubbed_json(href) for href in links]
    return ["import pystac", "", f"items = [pystac.Item.from_file(href) for href in {addresses!r}]"]
