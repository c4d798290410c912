"""What people want to know of an item, from whichever place it tells it in; broken ones too."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog import facts
from dbar_qgis_plugin.catalog.model import Item, parse_item

SQUARE = {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 5], [1, 5], [1, 2]]]}


def item(**document: Any) -> Item:
    """Make an item of a document's parts; `properties` and all else beside them."""
    return parse_item({"id": "x", "collection": "light", **document})


def of(**properties: Any) -> Item:
    """Make an item of properties, by names with "_" for ":" where doubled."""
    return item(properties={name.replace("__", ":"): value for name, value in properties.items()})


def asset(href: str, **parts: Any) -> dict[str, Any]:
    return {"href": href, **parts}


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({"properties": {"title": "Scene of Kashgar"}}, "Scene of Kashgar"),
        (
            {"properties": {"datetime": "2022-05-03T00:00:00Z"}, "bbox": [75, 39, 76, 40]},
            "light · 2022-05-03 · 39.50° N 75.50° E",
        ),
        (
            {"properties": {"datetime": "2022-05-03T00:00:00Z", "grid:code": "MGRS-43SDB"}},
            "light · 2022-05-03 · 43SDB",
        ),
        ({"bbox": [-10, -4, -8, -2]}, "light · 3.00° S 9.00° W"),
        ({"bbox": [178, 0, -178, 2]}, "light · 1.00° N 180.00° W"),
        ({"bbox": [75, 39, 0, 76, 40, 500]}, "light · 39.50° N 75.50° E"),
        ({}, "light · x"),
        ({"collection": ""}, "x"),
        ({"id": "", "collection": ""}, ""),
    ],
)
def test_an_item_is_named_for_people(document, title):
    assert facts.title_of(item(**document)) == title


def test_figures_are_taken_from_where_they_stand():
    assert facts.cloud_cover(of(eo__cloud_cover=12.5)) == 12.5
    assert facts.resolution(of(gsd=10)) == 10.0
    bands = {"bands": [{"gsd": 40}, {"spatial_resolution": 20}]}
    assert facts.resolution(item(assets={"a": asset("a.tif", **bands)})) == 20.0
    assert facts.sensor(of(platform="SDGSAT-1", instruments=["glimmer"])) == "SDGSAT-1 glimmer"
    assert facts.sensor(of(constellation="sentinel-2")) == "sentinel-2"
    assert facts.licence(of(license="CC-BY-4.0")) == "CC-BY-4.0"
    link = {"rel": "license", "href": "https://x.example/terms", "title": "Terms"}
    assert facts.licence(item(links=[link])) == "Terms"


@pytest.mark.parametrize("value", [None, True, "12", math.nan, math.inf, 10**400, [1], {}])
def test_what_is_no_figure_is_none(value):
    assert facts.cloud_cover(of(eo__cloud_cover=value)) is None
    assert facts.resolution(of(gsd=value, bands=value)) is None


def test_the_size_is_that_of_all_data_or_not_told():
    data = {"roles": ["data"], "file:size": 10}
    picture = {"roles": ["thumbnail"], "file:size": 5}
    both = {
        "a": asset("a.tif", **data),
        "b": asset("b.tif", **data),
        "t": asset("t.png", **picture),
    }
    assert facts.data_size(item(assets=both)) == 20
    both["c"] = asset("c.tif", roles=["data"])
    assert facts.data_size(item(assets=both)) is None
    assert facts.data_size(item()) is None


def test_the_picture_is_the_smallest_one_that_a_window_can_show():
    assets = {
        "data": asset("https://x.example/d.tif", type="image/tiff", roles=["data"]),
        "big": asset("https://x.example/o.png", type="image/png", roles=["overview"]),
        "small": asset("https://x.example/t.jpg", type="image/jpeg", roles=["thumbnail"]),
    }
    link = {"rel": "preview", "href": "https://x.example/p.jpg"}
    found = facts.preview(item(assets=assets, links=[link]))
    assert found == ("https://x.example/t.jpg", "image/jpeg", "thumbnail")
    del assets["small"]
    assert facts.preview(item(assets=assets, links=[link])).kind == "overview"
    assets["big"]["type"] = "image/tiff; application=geotiff"
    assert facts.preview(item(assets=assets, links=[link])).kind == "preview"
    assert facts.preview(item(assets=assets)) is None
    assets["small"] = asset("s3://bucket/t.jpg", type="image/jpeg", roles=["thumbnail"])
    assert facts.preview(item(assets=assets)) is None


def test_an_item_is_cited_as_it_says_or_as_well_as_can_be():
    assert facts.citation(of(sci__citation="Guo 2022", sci__doi="10.1/x")) == (
        "Guo 2022 https://doi.org/10.1/x"
    )
    made = item(
        properties={
            "title": "Scene 1",
            "datetime": "2022-05-03T00:00:00Z",
            "providers": [{"name": "CBAS"}, "broken", {}],
        },
        links=[{"rel": "self", "href": "https://x.example/1"}],
    )
    assert facts.citation(made) == "CBAS (2022). Scene 1, x. https://x.example/1"
    assert facts.citation(item(id="", collection="")) == ""


def test_properties_stand_by_their_extension():
    found = facts.properties_by_extension(of(eo__cloud_cover=1, datetime=None, eo__bands=[], b=2))
    assert list(found) == ["", "eo"]
    assert found["eo"] == {"bands": [], "cloud_cover": 1}


def test_the_outline_is_the_geometry_else_the_box():
    assert facts.outline(item(geometry=SQUARE, bbox=[0, 0, 9, 9])) == [
        [[(1.0, 2.0), (3.0, 2.0), (3.0, 5.0), (1.0, 5.0), (1.0, 2.0)]]
    ]
    assert facts.outline(item(bbox=[1, 2, 3, 5]))[0][0][0] == (1.0, 2.0)
    assert facts.outline(item()) == []
    point = facts.outline(item(geometry={"type": "Point", "coordinates": [5, 6]}))
    assert len(point) == 1 and len(set(point[0][0])) == 4  # a rectangle that can be seen


def spans(found: list[facts.Polygon]) -> list[tuple[float, float]]:
    """Western and eastern end of each polygon."""
    return sorted((min(x for x, _ in p[0]), max(x for x, _ in p[0])) for p in found)


def test_outlines_are_cut_at_180_degrees():
    assert spans(facts.outline(item(bbox=[170, 0, -175, 1]))) == [(-180.0, -175.0), (170.0, 180.0)]
    ring = [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]
    stepping = {"type": "Polygon", "coordinates": [ring]}
    crossing = item(geometry=stepping, bbox=[179, 0, -179, 1])
    assert spans(facts.outline(crossing)) == [(-180.0, -179.0), (179.0, 180.0)]
    beyond = [[[x % 360 if x < 0 else x, y] for x, y in ring]]
    far = item(geometry={"type": "Polygon", "coordinates": beyond})
    assert spans(facts.outline(far)) == [(-180.0, -179.0), (179.0, 180.0)]


def test_the_whole_earth_is_not_taken_for_a_strip():
    ring = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]
    world = item(geometry={"type": "Polygon", "coordinates": [ring]}, bbox=[-180, -90, 180, 90])
    assert spans(facts.outline(world)) == [(-180.0, 180.0)]


def test_what_is_farther_than_the_earth_is_round_has_no_outline():
    ring = [[0, 0], [1e12, 0], [1e12, 1], [0, 0]]
    assert facts.outline(item(geometry={"type": "Polygon", "coordinates": [ring]})) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = ("title", "gsd", "platform", "instruments", "license", "providers", "eo:cloud_cover")
ANY_ITEM = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "collection": JSON,
        "geometry": JSON
        | st.fixed_dictionaries({"type": st.sampled_from(["Polygon", "MultiPolygon"])}).flatmap(
            lambda made: st.builds(lambda c: {**made, "coordinates": c}, JSON)
        ),
        "bbox": st.lists(st.floats() | st.integers(), min_size=3, max_size=7) | JSON,
        "properties": st.dictionaries(st.sampled_from(NAMES), JSON) | JSON,
        "assets": st.dictionaries(
            st.text(max_size=4),
            st.fixed_dictionaries({"href": st.text(max_size=9)}, optional={"roles": JSON}) | JSON,
        )
        | JSON,
        "links": JSON,
    },
)


@given(ANY_ITEM)
def test_no_item_is_too_broken(document):
    found = parse_item(document)
    for ask in (
        *(facts.title_of, facts.place_of, facts.cloud_cover, facts.resolution, facts.sensor),
        *(facts.data_size, facts.licence, facts.preview, facts.citation),
        facts.properties_by_extension,
    ):
        ask(found)
    for polygon in facts.outline(found):
        for ring in polygon:
            assert ring[0] == ring[-1] and len(ring) > 3
            assert all(-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0 for x, y in ring)
