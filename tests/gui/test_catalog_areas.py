"""Areas of the map, in any CRS, in longitude and latitude."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsRectangle,
)

from dbar_qgis_plugin.catalog.areas import box_around
from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.gui.catalog.search.areas import (
    MOST_VERTICES,
    area_of,
    area_of_extent,
    as_geojson,
    from_geojson,
)

WORLD = 20037508.342789244  # half of Web Mercator's width
MERCATOR, DEGREES, POLAR, SOUTH = "EPSG:3857", "EPSG:4326", "EPSG:3995", "EPSG:3031"
PACIFIC = "EPSG:3832"  # Mercator around 150 degrees east

AROUND_A_POLE = "Polygon((-1e6 -1e6, 1e6 -1e6, 1e6 1e6, -1e6 1e6, -1e6 -1e6))"


@pytest.fixture(autouse=True)
def qgis(qgis_app):
    """CRSs are known."""


def crs(name: str) -> QgsCoordinateReferenceSystem:
    if name.startswith("+"):
        return QgsCoordinateReferenceSystem.fromProj(name)
    return QgsCoordinateReferenceSystem(name)


def of_extent(name: str, *extent: float) -> QgsGeometry:
    return area_of_extent(QgsRectangle(*extent), crs(name), QgsCoordinateTransformContext())


def of_shape(name: str, geometry: QgsGeometry | str) -> QgsGeometry:
    if isinstance(geometry, str):
        geometry = QgsGeometry.fromWkt(geometry)
    return area_of(geometry, crs(name), QgsCoordinateTransformContext())


def box_of(area: QgsGeometry) -> tuple[float, ...]:
    assert area.isGeosValid()
    outer = area.boundingBox()
    assert outer.xMinimum() >= -180.0 and outer.xMaximum() <= 180.0
    return box_around(as_geojson(area))


EXTENTS = [
    (DEGREES, (70, 30, 80, 40), (70, 30, 80, 40)),
    (DEGREES, (170, -20, 200, 10), (170, -20, -160, 10)),
    (DEGREES, (190, -20, 200, 10), (-170, -20, -160, 10)),
    (DEGREES, (-300, -95, 300, 95), (-180, -90, 180, 90)),
    (DEGREES, (170, 10, 180, 95), (170, 10, 180, 90)),
    (MERCATOR, (-WORLD, -1e6, WORLD, 1e6), (-180, -8.947, 180, 8.947)),
    (MERCATOR, (-1.5 * WORLD, -1e6, 1.5 * WORLD, 1e6), (-180, -8.947, 180, 8.947)),
    (MERCATOR, (1.9e7, 0, 2.2e7, 1e6), (170.680, 0, -162.371, 8.947)),
    (PACIFIC, (-1e6, -3e6, 6e6, 1e6), (141.017, -26.159, -156.101, 9.006)),
    ("EPSG:32643", (4e5, 3.9e6, 6e5, 4.1e6), (73.876, 35.238, 76.124, 37.046)),
    ("EPSG:32701", (1e5, 7.9e6, 3e5, 8.1e6), (179.203, -18.983, -178.880, -17.150)),
    (POLAR, (-3e6, -3e6, 3e6, 3e6), (-180, 52.317, 180, 90)),
    (POLAR, (1e6, 1e6, 3e6, 3e6), (108.435, 52.317, 161.565, 77.037)),
    ("+proj=ortho +lat_0=30 +lon_0=90", (-9e6, -9e6, 9e6, 9e6), (-180, -51.11, 180, 90)),
]


@pytest.mark.parametrize(("name", "extent", "box"), EXTENTS)
def test_the_box_of_an_extent(name, extent, box):
    assert box_of(of_extent(name, *extent)) == pytest.approx(box, abs=2e-3)


def test_an_extent_that_is_nowhere_is_refused():
    with pytest.raises(InputError, match="outside of what"):
        of_extent("+proj=ortho +lat_0=30 +lon_0=90", 1e8, 1e8, 2e8, 2e8)


@pytest.mark.parametrize(
    ("name", "shape", "box"),
    [
        (DEGREES, "Polygon((1 2, 3 2, 3 4, 1 2))", (1, 2, 3, 4)),
        (DEGREES, "Polygon((170 0, 190 0, 190 5, 170 5, 170 0))", (170, 0, -170, 5)),
        (DEGREES, "Polygon((-180 -90, 180 -90, 180 90, -180 90, -180 -90))", (-180, -90, 180, 90)),
        (
            DEGREES,
            "MultiPolygon(((177 -18, 179 -18, 179 -16, 177 -18)),"
            "((-179 -17, -178 -17, -178 -16, -179 -17)))",
            (177, -18, -178, -16),
        ),
        (
            PACIFIC,
            "Polygon((2e6 0, 5e6 0, 5e6 1e6, 2e6 1e6, 2e6 0))",
            (167.966, 0, -165.084, 9.006),
        ),
        (POLAR, AROUND_A_POLE, (-180, 77.037, 180, 90)),
        (SOUTH, AROUND_A_POLE, (-180, -90, 180, -77.037)),
        (DEGREES, "Point(70 40)", (69.9999, 39.9999, 70.0001, 40.0001)),
        (DEGREES, "LineString(70 40, 71 42)", (70, 40, 71, 42)),
    ],
)
def test_the_box_of_a_geometry(name, shape, box):
    assert box_of(of_shape(name, shape)) == pytest.approx(box, abs=2e-3)


def test_a_polygon_over_180_degrees_keeps_its_area_and_its_hole():
    whole = "(170 0, 190 0, 190 10, 170 10, 170 0)"
    area = of_shape(DEGREES, f"Polygon({whole},(178 4, 182 4, 182 6, 178 6, 178 4))")
    assert area.area() == pytest.approx(200.0 - 8.0)
    assert not area.contains(QgsGeometry.fromWkt("Point(-179 5)"))
    assert area.contains(QgsGeometry.fromWkt("Point(-175 5)"))


def test_straight_edges_of_the_map_are_curves_in_degrees():
    shape = QgsGeometry.fromRect(QgsRectangle(1e5, 6e6, 9e5, 7e6))
    area = of_shape("EPSG:32643", shape)
    middle = of_shape("EPSG:32643", "Point(500000 6999900)").centroid()
    assert area.contains(middle)
    corners = [QgsGeometry.fromWkt(f"Point({x} 7000000)") for x in (1e5, 9e5)]
    north = max(of_shape("EPSG:32643", corner).centroid().asPoint().y() for corner in corners)
    assert middle.asPoint().y() > north  # a polygon of the corners only would leave it out


@pytest.mark.parametrize("segments", [5_000, 40_000])
def test_areas_have_few_vertices(segments):
    circle = QgsGeometry.fromWkt("Point(70 40)").buffer(5, segments // 4)
    area = of_shape(DEGREES, circle)
    assert area.constGet().nCoordinates() <= MOST_VERTICES
    assert box_of(area) == pytest.approx((65, 35, 75, 45), abs=0.05)


@pytest.mark.parametrize("west", [60.0, 170.0])
def test_many_small_areas_become_one(west):
    cells = [(west + k % 40 * 0.5, 30 + k // 40 * 0.5) for k in range(800)]
    squares = [QgsGeometry.fromRect(QgsRectangle(x, y, x + 0.2, y + 0.2)) for x, y in cells]
    area = of_shape(DEGREES, QgsGeometry.unaryUnion(squares))
    assert area.constGet().nCoordinates() <= MOST_VERTICES
    east = west + 19.7
    expected = (west, 30, east if east <= 180 else east - 360, 39.7)
    assert box_of(area) == pytest.approx(expected, abs=1e-6)


def test_an_empty_geometry_is_refused():
    with pytest.raises(InputError, match="empty"):
        of_shape(DEGREES, "Polygon EMPTY")


def test_geojson_comes_back():
    area = of_shape(DEGREES, "Polygon((170 0, 190 0, 190 5, 170 5, 170 0))")
    back = from_geojson(as_geojson(area))
    assert back.symDifference(area).area() < 1e-4
