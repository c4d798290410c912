"""Made-up collections and items like those of a data-sharing catalog, with known gaps."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
WORLD = [-180, -80, 180, 80]


def collection(identity: str, title: str, keywords: tuple[str, ...]) -> Document:
    """Make a collection."""
    return {
        "type": "Collection",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": identity,
        "title": title,
        "description": f"{title}, made up",
        "license": "other",
        "keywords": list(keywords),
        "extent": {
            "spatial": {"bbox": [WORLD]},
            "temporal": {"interval": [["2000-01-01T00:00:00Z", None]]},
        },
        "summaries": {"eo:cloud_cover": {"minimum": 0, "maximum": 96}, "platform": ["SDGSAT-1"]},
        "links": [],
    }


def item(
    identity: str, of: str, box: tuple[float, float, float, float], moment: str | None, **properties
) -> Document:
    """Make an item over a box."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": identity,
        "collection": of,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": list(box),
        "properties": {"datetime": moment, **properties},
        "links": [],
        "assets": {
            "data": {
                "href": f"https://data.example/{identity}.tif",
                "type": "image/tiff; application=geotiff; profile=cloud-optimized",
                "roles": ["data"],
            }
        },
    }


LIGHT = "night-light"
BUILT_UP = "built-up"
LAND = "land-degradation"


def collections() -> list[Document]:
    """Three collections."""
    return [
        collection(LIGHT, "Glimmer Imager scenes", ("night", "light")),
        collection(BUILT_UP, "Built-up area of SDG 11.3.1", ("urban",)),
        collection(LAND, "Land degradation of SDG 15.3.1", ("land",)),
    ]


def items() -> list[Document]:
    """25 scenes of night light, five years of built-up area, and one item that is a period."""
    scenes = [
        item(
            f"light-{k:03d}",
            LIGHT,
            (70.0 + k, 35.0, 71.0 + k, 36.0),
            f"2022-{1 + k % 12:02d}-15T16:00:00Z",
            **{"eo:cloud_cover": k * 4, "platform": "SDGSAT-1", "title": f"Scene {k}"},
        )
        for k in range(25)
    ]
    years = [
        item(f"built-{y}", BUILT_UP, (75.5, 39.0, 76.5, 40.0), f"{y}-07-01T00:00:00Z", year=y)
        for y in (2000, 2005, 2010, 2015, 2020)
    ]
    period = item(
        "land-2020",
        LAND,
        (60.0, 30.0, 90.0, 50.0),
        None,
        start_datetime="2016-01-01T00:00:00Z",
        end_datetime="2020-12-31T00:00:00Z",
    )
    return [*scenes, *years, period]
