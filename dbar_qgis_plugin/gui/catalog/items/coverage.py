"""How much of the area of a search an item covers."""

from __future__ import annotations

import math
from collections.abc import Iterable

from qgis.core import QgsGeometry, QgsPointXY

from dbar_qgis_plugin.catalog.facts import Polygon, outline, polygons
from dbar_qgis_plugin.catalog.model import Item, Raw


class SearchArea:
    """The area of a search; usable from any thread.

    Areas are those on the sphere: latitudes are replaced by their sines (Lambert's cylindrical
    projection), which keeps the size of what lies between parallels and meridians.

    Parameters
    ----------
    geometry : mapping
        GeoJSON in longitude and latitude.
    """

    def __init__(self, geometry: Raw) -> None:
        self._whole = _flat(polygons(geometry))
        self._size = self._whole.area()

    def covered_by(self, item: Item) -> float | None:
        """Return the share that an item covers, 0 to 1; None if it does not say where it lies."""
        found = outline(item)
        if not found or self._size <= 0.0:
            return None
        shared = self._whole.intersection(_flat(found))
        return min(shared.area() / self._size, 1.0) if not shared.isNull() else 0.0

    def touches(self, item: Item) -> bool:
        """Tell whether an item shares a point with the area; one without a place may do."""
        found = outline(item)
        return not found or self._whole.intersects(_flat(found))


def geometry_of(found: Iterable[Polygon]) -> QgsGeometry:
    """Return polygons as one geometry in longitude and latitude."""
    return QgsGeometry.fromMultiPolygonXY(
        [[[QgsPointXY(x, y) for x, y in ring] for ring in polygon] for polygon in found]
    )


def _flat(found: Iterable[Polygon]) -> QgsGeometry:
    flat = geometry_of(
        [
            [[(x, math.degrees(math.sin(math.radians(y)))) for x, y in ring] for ring in polygon]
            for polygon in found
        ]
    )
    # A ring that crosses itself, or parts that overlap, would break the intersection.
    return flat if flat.isGeosValid() else flat.makeValid()
