"""Items as rows of a table with their outlines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qgis.core import Qgis, QgsGeometry, QgsJsonUtils, QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication, QDateTime

from dbar_qgis_plugin.algorithms.base import translated
from dbar_qgis_plugin.catalog.access import main_asset
from dbar_qgis_plugin.catalog.facts import cloud_cover, resolution, title_of
from dbar_qgis_plugin.catalog.local.documents import CONNECTION, rights_of, tidy_item
from dbar_qgis_plugin.catalog.model import Box, Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transfers.download import resource_of, scrubbed_json


def item_columns(items: Sequence[Item], written: Callable[[str], str]) -> dict[str, list[Any]]:
    """Return what a table holds of items; no secret is in it.

    written : gives what stands for a connection, by its id
    """
    main = [main_asset(item) for item in items]
    thumbnails = [
        next((asset for asset in item.assets if "thumbnail" in asset.roles), None) for item in items
    ]
    links = [item.link("self", "canonical", "via") for item in items]
    return {
        "id": [item.id for item in items],
        "collection": [item.collection for item in items],
        "title": [title_of(item) for item in items],
        "begin": [moment_of(item.begin) for item in items],
        "end": [moment_of(item.end) for item in items],
        "cloud": [cloud_cover(item) for item in items],
        "gsd": [resolution(item) for item in items],
        "licence": [
            rights_of(item.properties) or str(item.properties.get("license") or "")
            for item in items
        ],
        "assets": [", ".join(asset.key for asset in item.assets) for item in items],
        "data_href": [resource_of(one.href) if one is not None else "" for one in main],
        "size": [one.size if one is not None else None for one in main],
        "thumbnail": [resource_of(one.href) if one is not None else "" for one in thumbnails],
        "self_href": [resource_of(link.href) if link is not None else "" for link in links],
        "connection": [written(item.source) for item in items],
        "problems": [" ".join(map(translated, item.problems)) for item in items],
    }


def labels() -> dict[str, str]:
    """Return the columns' names for people."""
    translate = QCoreApplication.translate
    return {
        "id": translate("Dbar", "Item"),
        "collection": translate("Dbar", "Collection"),
        "title": translate("Dbar", "Title"),
        "begin": translate("Dbar", "Begin"),
        "end": translate("Dbar", "End"),
        "cloud": translate("Dbar", "Clouds (%)"),
        "gsd": translate("Dbar", "Cell size (m)"),
        "licence": translate("Dbar", "Licence"),
        "assets": translate("Dbar", "Assets"),
        "data_href": translate("Dbar", "Address of the data"),
        "size": translate("Dbar", "Size (bytes)"),
        "thumbnail": translate("Dbar", "Address of the preview"),
        "self_href": translate("Dbar", "Address of the item"),
        "connection": translate("Dbar", "Connection"),
        "problems": translate("Dbar", "Problems"),
    }


def outlines(items: Iterable[Item]) -> list[QgsGeometry]:
    """Return the outlines of items in longitude and latitude; empty where they do not say."""
    return [_outline(item) for item in items]


def item_collection(items: Iterable[Item], written: Callable[[str], str]) -> str:
    """Write items as one STAC ItemCollection that can be downloaded from later."""
    features = []
    for item in items:
        document = tidy_item(item, datetime.now(UTC))
        document["properties"][CONNECTION] = written(item.source)
        # STAC wants it beside the collection's name.
        link = item.link("collection", "self", "via")
        href = written(item.source) if link is None else resource_of(link.href)
        document["links"].append({"rel": "collection", "href": href, "type": "application/json"})
        document["assets"] = {
            asset.key: {**scrubbed_json(asset.raw), "href": resource_of(asset.href)}
            for asset in item.assets
        }
        features.append(document)
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1
    )


def _outline(item: Item) -> QgsGeometry:
    shape = _shape(item.geometry)
    if shape.type() != Qgis.GeometryType.Polygon or shape.isEmpty():
        shape = _of_box(item.box)
    if not shape.isEmpty():
        shape.convertToMultiType()
    return shape


def _shape(geometry: Mapping[str, Any] | None) -> QgsGeometry:
    if geometry is None:
        return QgsGeometry()
    found = QgsJsonUtils.geometryFromGeoJson(json.dumps(geometry))
    if not found.isNull():
        found.get().dropZValue()
    return found


def _of_box(box: Box | None) -> QgsGeometry:
    if box is None:
        return QgsGeometry()
    parts = [QgsGeometry.fromRect(QgsRectangle(*part, False)) for part in Query(box=box).boxes()]
    return QgsGeometry.collectGeometry(parts)


def moment_of(moment: datetime | None) -> QDateTime | None:
    """Return a moment as tables hold it, in UTC."""
    if moment is None:
        return None
    return QDateTime.fromMSecsSinceEpoch(round(moment.timestamp() * 1000)).toUTC()
