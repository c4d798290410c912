"""The box of an area on the round Earth."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.catalog.areas import box_around


def square(west: float, east: float, south: float = 0, north: float = 1) -> list:
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


@pytest.mark.parametrize(
    ("parts", "box"),
    [
        ([square(10, 20)], (10, 0, 20, 1)),
        ([square(-10, 20), square(30, 40, 2, 3)], (-10, 0, 40, 3)),
        ([square(170, 180), square(-180, -170)], (170, 0, -170, 1)),
        ([square(177, 179), square(-179, -178)], (177, 0, -178, 1)),
        ([square(-180, -60), square(60, 180), square(-20, 20)], (60, 0, 20, 1)),
        ([square(-180, 180)], (-180, 0, 180, 1)),
        ([square(0, 170), square(100, 180), square(-180, -50)], (0, 0, -50, 1)),
    ],
)
def test_the_narrowest_box(parts, box):
    assert box_around({"type": "MultiPolygon", "coordinates": parts}) == box


def test_a_polygon_has_its_own_box():
    assert box_around({"type": "Polygon", "coordinates": square(1, 2)}) == (1, 0, 2, 1)


def test_nothing_has_no_box():
    assert box_around({"type": "MultiPolygon", "coordinates": []}) is None
    assert box_around({"type": "Polygon", "coordinates": []}) is None
