"""What links and periods of records mean, whatever people have typed into them."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.catalog.adapters.addresses import below, split_request, with_parameters
from dbar_qgis_plugin.catalog.adapters.as_items import (
    Online,
    assets_and_links,
    box_geometry,
    item_document,
    kinds_of,
    moments,
    period_of,
)
from dbar_qgis_plugin.catalog.model import parse_item

A = "https://a.example"


@pytest.mark.parametrize(
    ("link", "kinds"),
    [
        (Online(f"{A}/ows", "OGC:WMS-1.3.0-http-get-map"), ("wms",)),
        (Online(f"{A}/ows", "OGC:WMTS"), ("wmts",)),
        (Online(f"{A}/ows", "WMS 1.1.1 / WMTS"), ("wms", "wmts")),
        (Online(f"{A}/ows", "http://www.opengis.net/def/serviceType/ogc/wms"), ("wms",)),
        (Online(f"{A}/ows", "ogc:wfs-2.0.0"), ("wfs",)),
        # The address asks for a WMTS, whatever the record says.
        (Online(f"{A}/ows?SERVICE=WMTS&x=1", "OGC:WMS"), ("wmts",)),
        (Online(f"{A}/geoserver/SDG/wms"), ("wms",)),
        (Online(f"{A}/arcgis/services/x/MapServer/WMSServer"), ("wms",)),
        (Online(f"{A}/newsletter"), ()),
        (Online(f"{A}/{{z}}/{{x}}/{{y}}.png"), ("xyz",)),
        (Online(f"{A}/%7Bz%7D/%7Bx%7D/%7B-y%7D.png", "TMS"), ("xyz",)),
        (Online(f"{A}/tiles", "XYZ"), ()),
        (Online(f"{A}/get?id=1", "WWW:DOWNLOAD-1.0-http--download"), ("data",)),
        (Online(f"{A}/get?id=1", rel="enclosure"), ("data",)),
        (Online(f"{A}/light.TIF"), ("data",)),
        (Online(f"{A}/light.png", rel="preview"), ("thumbnail",)),
        (Online(f"{A}/light.tif", "WWW:LINK-1.0-http--link", media_type="text/html"), ()),
        (Online(f"{A}/about", "WWW:LINK-1.0-http--link"), ()),
        (Online("http://[broken", "WWW:LINK"), ()),
    ],
)
def test_what_a_link_leads_to(link: Online, kinds: tuple[str, ...]):
    assert kinds_of(link) == kinds


def test_assets_have_keys_of_their_own_and_services_lose_their_requests():
    assets, links = assets_and_links(
        [
            Online(f"{A}/ows?map=light&service=WMS&request=GetMap&LAYERS=a,b&styles=", "OGC:WMS"),
            Online(f"{A}/ows", "OGC:WMS,OGC:WMTS", "全球土地生产力2015"),
            Online(f"{A}/x/data.tif"),
            Online(f"{A}/y/data.tif", title="second", more={"file:size": 7}),
            Online(f"{A}/about", title="About"),
            Online("", "OGC:WMS"),
        ]
    )
    assert {key: asset["href"] for key, asset in assets.items()} == {
        "wms": f"{A}/ows?map=light",
        "wms_2": f"{A}/ows",
        "wmts": f"{A}/ows",
        "data.tif": f"{A}/x/data.tif",
        "data.tif_2": f"{A}/y/data.tif",
    }
    assert assets["wms"]["wms:layers"] == ["a", "b"]
    assert assets["wms_2"]["wms:layers"] == assets["wmts"]["wmts:layer"] == ["全球土地生产力2015"]
    assert assets["data.tif"]["type"] == "image/tiff; application=geotiff"
    assert (assets["data.tif_2"]["title"], assets["data.tif_2"]["file:size"]) == ("second", 7)
    assert links == [{"rel": "related", "href": f"{A}/about", "title": "About"}]


@pytest.mark.parametrize(
    ("begin", "end", "wanted"),
    [
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z", {"datetime": "2020-01-02T03:04:05Z"}),
        (
            "2016",
            "2020",
            {"start_datetime": "2016-01-01T00:00:00Z", "end_datetime": "2020-12-31T23:59:59Z"},
        ),
        (
            "2020-02",
            "2020-02",
            {"start_datetime": "2020-02-01T00:00:00Z", "end_datetime": "2020-02-29T23:59:59Z"},
        ),
        (
            "2020-02-03",
            "2020-02-03",
            {"start_datetime": "2020-02-03T00:00:00Z", "end_datetime": "2020-02-03T23:59:59Z"},
        ),
        ("2016", "..", {"start_datetime": "2016-01-01T00:00:00Z"}),
        ("", "now", {}),
        ("2020-13", "0000", {}),
    ],
)
def test_periods_are_made_whole(begin: str, end: str, wanted: dict[str, str]):
    found = {name: value for name, value in moments(begin, end).items() if value is not None}
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2016/2020", ("2016", "2020")),
        ("start=2016-01-01; end=2020-12-31; scheme=W3C-DTF", ("2016-01-01", "2020-12-31")),
        ("name=Summer; start=2016t; ", ("2016T", "")),
        ("2016", ("2016", "2016")),
        ("", ("", "")),
    ],
)
def test_periods_in_one_text(text: str, period: tuple[str, str]):
    assert period_of(text) == period


def test_an_item_over_180_degrees_has_two_polygons():
    geometry = box_geometry((170.0, -10.0, -170.0, 10.0))
    spans = [sorted({x for x, _ in ring}) for (ring,) in geometry["coordinates"]]
    assert spans == [[170.0, 180.0], [-180.0, -170.0]]
    item = parse_item(item_document("a", "c", {"title": ""}, box=(170.0, -10.0, -170.0, 10.0)))
    assert item.box == (170.0, -10.0, -170.0, 10.0)
    assert "title" not in item.properties


def test_addresses_keep_the_query_of_their_service():
    assert below(f"{A}/api?f=json", "collections", "a b/c") == (
        f"{A}/api/collections/a%20b%2Fc?f=json"
    )
    assert with_parameters(f"{A}/api?f=json&Limit=5", {"limit": "7"}) == f"{A}/api?f=json&limit=7"
    service, asked = split_request(f"{A}/ows?map=x&Service=WMS&layers=a")
    assert (service, asked) == (f"{A}/ows?map=x", {"service": "WMS", "layers": "a"})
