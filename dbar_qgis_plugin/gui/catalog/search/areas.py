"""Areas of the map in longitude and latitude, split where they go over 180 degrees.

A geometry of QGIS in any CRS becomes one that lies within -180 to 180 degrees, as GeoJSON
(RFC 7946, 3.1.9) wants it; also what holds a pole.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsJsonUtils,
    QgsPointXY,
    QgsRectangle,
)

from dbar_qgis_plugin.catalog.areas import box_around
from dbar_qgis_plugin.errors import InputError, translate

MOST_VERTICES: Final = 500
_STEPS: Final = 36  # of an extent, in each direction
_NUMBERS: Final = range(_STEPS + 1)
_WHOLE_GAP: Final = 1.2 * 360.0 / _STEPS  # an extent around the Earth leaves none wider
_EDGE_STEPS: Final = 32  # of the longest side: a straight edge is a curve in degrees
_SMALLEST: Final = 1e-4  # degrees; a point gets so much of an area
_SAME: Final = 1e-3  # units of the CRS: where all meridians meet


def degrees_crs() -> QgsCoordinateReferenceSystem:
    """Return longitude and latitude."""
    return QgsCoordinateReferenceSystem("EPSG:4326")


def area_of_extent(
    extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext
) -> QgsGeometry:
    """Return what an extent covers, as a box or, over 180 degrees, two; parts of it may be nowhere.

    Raises
    ------
    InputError
        If no part of it lies on the Earth.
    """
    transform = QgsCoordinateTransform(crs, degrees_crs(), context)
    points = list(_on_earth(transform, _lattice(extent)))
    poles = [pole for pole in (-90.0, 90.0) if _holds_pole(transform, extent, pole)]
    if not points:
        raise _nowhere()
    latitudes = [min(max(point.y(), -90.0), 90.0) for point in points] + poles
    south, north = min(latitudes), max(latitudes)
    around = bool(poles) or _goes_around(transform, extent)
    west, east = (-180.0, 180.0) if around else _span([point.x() for point in points])
    if west <= east:
        return QgsGeometry.fromRect(_at_least(QgsRectangle(west, south, east, north)))
    halves = (QgsRectangle(west, south, 180.0, north), QgsRectangle(-180.0, south, east, north))
    return QgsGeometry.collectGeometry([QgsGeometry.fromRect(_at_least(half)) for half in halves])


def area_of(
    geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext
) -> QgsGeometry:
    """Return what a geometry covers; of points and lines, what their extent does.

    Raises
    ------
    InputError
        If it is empty, or a part of it lies nowhere on the Earth.
    """
    if geometry.isEmpty():
        raise InputError(translate("Dbar", "The area is empty. Choose another one."))
    if geometry.type() != Qgis.GeometryType.Polygon:
        return area_of_extent(geometry.boundingBox(), crs, context)
    transform = QgsCoordinateTransform(crs, degrees_crs(), context)
    box = geometry.boundingBox()
    longest = max(box.width(), box.height())
    polygons = geometry.densifyByDistance(longest / _EDGE_STEPS)
    polygons.convertToMultiType()
    parts = [
        part for rings in polygons.asMultiPolygon() for part in _split(_polygon(transform, rings))
    ]
    whole = QgsGeometry.unaryUnion(parts)
    return simplified(whole) if not whole.isEmpty() else area_of_extent(box, crs, context)


def simplified(area: QgsGeometry) -> QgsGeometry:
    """Return an area with so few vertices that every server takes it."""
    box = area.boundingBox()
    tolerance = math.hypot(box.width(), box.height()) / 4000.0
    found = area
    for _ in range(8):
        if _count(found) <= MOST_VERTICES:
            return found
        found = area.simplify(tolerance).makeValid()
        tolerance *= 2.0
    return _hull(area)


def as_geojson(area: QgsGeometry) -> dict[str, Any]:
    """Return an area as GeoJSON."""
    return dict(json.loads(area.asJson(7)))


def from_geojson(raw: Any) -> QgsGeometry:
    """Return a GeoJSON geometry as one of QGIS."""
    return QgsJsonUtils.geometryFromGeoJson(json.dumps(raw))


def _nowhere() -> InputError:
    return InputError(
        translate(
            "Dbar",
            "The area lies outside of what its coordinate system can say of the Earth. Zoom in, "
            "or choose another area.",
        )
    )


# Extents


def _lattice(extent: QgsRectangle) -> Iterable[QgsPointXY]:
    for column in _NUMBERS:
        x = extent.xMinimum() + extent.width() * column / _STEPS
        for row in _NUMBERS:
            yield QgsPointXY(x, extent.yMinimum() + extent.height() * row / _STEPS)


def _on_earth(
    transform: QgsCoordinateTransform, points: Iterable[QgsPointXY]
) -> Iterable[QgsPointXY]:
    """Give the points that are somewhere."""
    for point in points:
        found = _placed(transform, point)
        if found is not None and math.isfinite(found.x()) and math.isfinite(found.y()):
            yield found


def _placed(transform: QgsCoordinateTransform, point: QgsPointXY) -> QgsPointXY | None:
    """Return where a point is; None where the CRS does not reach."""
    try:
        return transform.transform(point)
    except QgsCsException:
        return None


def _holds_pole(transform: QgsCoordinateTransform, extent: QgsRectangle, latitude: float) -> bool:
    """Tell whether a pole lies within, in a CRS where all meridians meet in it."""
    places = []
    for longitude in (0.0, 90.0, 180.0):
        try:
            places.append(
                transform.transform(
                    QgsPointXY(longitude, latitude), Qgis.TransformDirection.Reverse
                )
            )
        except QgsCsException:
            return False
    meet = all(place.distance(places[0]) < _SAME for place in places)
    return meet and extent.contains(places[0])


def _goes_around(transform: QgsCoordinateTransform, extent: QgsRectangle) -> bool:
    """Tell whether an extent is wider than the Earth, as that of a map that was zoomed out."""
    middle = extent.center().y()
    row = (QgsPointXY(extent.xMinimum() + extent.width() * n / _STEPS, middle) for n in _NUMBERS)
    longitudes = [point.x() for point in _followed(list(_on_earth(transform, row)))]
    return bool(longitudes) and max(longitudes) - min(longitudes) >= 360.0


def _span(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return west and east of the narrowest span that holds all; west > east over 180 degrees."""
    ordered = sorted((longitude % 360.0, longitude) for longitude in longitudes)
    following = [*ordered[1:], (ordered[0][0] + 360.0, ordered[0][1])]
    gap, before, after = max(
        (late[0] - early[0], early[1], late[1])
        for early, late in zip(ordered, following, strict=True)
    )
    if gap < _WHOLE_GAP:
        return -180.0, 180.0
    west, east = _within(after), _within(before)
    return (-180.0 if west == 180.0 else west), (180.0 if east == -180.0 else east)


def _within(longitude: float) -> float:
    """Return a longitude within -180 to 180, as it is where it is."""
    if -180.0 <= longitude <= 180.0:
        return longitude
    return (longitude + 180.0) % 360.0 - 180.0


def _at_least(box: QgsRectangle) -> QgsRectangle:
    if box.width() < _SMALLEST or box.height() < _SMALLEST:
        box.grow(_SMALLEST)
    return box


# Polygons


def _polygon(transform: QgsCoordinateTransform, rings: Sequence[Sequence[QgsPointXY]]) -> Any:
    """Return a polygon whose longitudes go on beyond 180 degrees instead of jumping."""
    found: list[list[QgsPointXY]] = []
    for ring in rings:
        try:
            points = [transform.transform(point) for point in ring]
        except QgsCsException as error:
            raise _nowhere() from error
        if not all(math.isfinite(point.x()) and math.isfinite(point.y()) for point in points):
            raise _nowhere()
        followed = _followed(points)
        if found:  # a hole lies where its polygon is
            turns = round((found[0][0].x() - followed[0].x()) / 360.0)
            followed = [QgsPointXY(p.x() + 360.0 * turns, p.y()) for p in followed]
        found.append(followed)
    return QgsGeometry.fromPolygonXY(found).makeValid()


def _followed(points: Sequence[QgsPointXY]) -> list[QgsPointXY]:
    """Follow a ring from point to point, the short way around; one around a pole goes over it."""
    found: list[QgsPointXY] = []
    longitude = points[0].x() if points else 0.0
    for point in points:
        longitude = point.x() + 360.0 * round((longitude - point.x()) / 360.0)
        found.append(QgsPointXY(longitude, min(max(point.y(), -90.0), 90.0)))
    if found and abs(found[-1].x() - found[0].x()) > 180.0 and points[0] == points[-1]:
        pole = math.copysign(90.0, sum(point.y() for point in found))
        found += [QgsPointXY(found[-1].x(), pole), QgsPointXY(found[0].x(), pole), found[0]]
    return found


def _split(polygon: QgsGeometry) -> Iterable[QgsGeometry]:
    """Give the parts of a polygon in each turn around the Earth, moved to the first."""
    box = polygon.boundingBox()
    first = math.floor((box.xMinimum() + 180.0) / 360.0)
    last = math.ceil((box.xMaximum() + 180.0) / 360.0)
    for turn in range(first, last):
        west = -180.0 + 360.0 * turn
        part = polygon.intersection(
            QgsGeometry.fromRect(QgsRectangle(west, -90.0, west + 360.0, 90.0))
        )
        if part.isEmpty() or part.type() != Qgis.GeometryType.Polygon:
            continue
        part.translate(-360.0 * turn, 0.0)
        yield part


def _hull(area: QgsGeometry) -> QgsGeometry:
    """Return a simple area around many small ones, on either side of 180 degrees."""
    west, _, east, _ = box_around(as_geojson(area)) or (0.0, 0.0, 0.0, 0.0)
    if west <= east:
        return area.convexHull()
    halves = (QgsRectangle(0.0, -90.0, 180.0, 90.0), QgsRectangle(-180.0, -90.0, 0.0, 90.0))
    parts = (area.intersection(QgsGeometry.fromRect(half)).convexHull() for half in halves)
    return QgsGeometry.collectGeometry([part for part in parts if not part.isEmpty()])


def _count(area: QgsGeometry) -> int:
    return int(area.constGet().nCoordinates())
