"""Map services as catalogs: layers of WMS and WMTS, tiles, and what QGIS opens them by."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

pytest.importorskip("owslib", reason="map services need OWSLib, which comes with QGIS")

from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

from dbar_qgis_plugin.catalog.adapters.ows import Ows, provider_uri, whole_layer
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transport import HttpError
from dbar_qgis_plugin.errors import Cancelled, InputError
from tests.servers.misbehaving import Answer, MisbehavingServer, as_json, misbehaving_server
from tests.servers.ows import LAND, tile_json, tms, wms_1_1_1, wms_1_3_0, wmts
from tests.servers.plain_transport import PlainTransport


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server that answers what a test says."""
    with misbehaving_server() as started:
        yield started


def xml(text: str) -> Answer:
    """An answer in XML."""
    return Answer(200, {"Content-Type": "text/xml"}, text.encode())


def service(server: MisbehavingServer, kind: str, text: str, path: str = "/ows") -> Ows:
    """An adapter of a service that says what it is told."""
    return Ows(server.on(path, xml(text)), kind, Http(PlainTransport()), "s")


def found(adapter: Ows, query: Query | None = None) -> dict[str, Item]:
    """The items of a search by id."""
    pages = adapter.search(query or Query())
    return {one.id: one for page in pages for one in page.items}


def options(item: Item, **more: str) -> list[tuple[str, str]]:
    """What QGIS is told."""
    return parse_qsl(provider_uri(item.assets[0], **more), keep_blank_values=True)


@pytest.mark.parametrize("text", [wms_1_3_0(), wms_1_1_1()])
def test_layers_of_a_wms_are_those_that_owslib_finds(server: MisbehavingServer, text: str):
    items = found(service(server, "wms", text))
    version = "1.3.0" if "1.3.0" in text[:400] else "1.1.1"
    library = WebMapService("https://a.example/", version=version, xml=text.encode())
    assert list(items) == list(library.contents)
    for name, layer in library.contents.items():
        assert (items[name].title, items[name].box) == (layer.title, layer.boundingBoxWGS84)
        assert set(items[name].properties["crs"]) == set(layer.crsOptions)
        assert set(items[name].assets[0].raw["styles"]) == set(layer.styles)


def test_a_layer_has_what_its_groups_have(server: MisbehavingServer):
    items = found(service(server, "wms", wms_1_3_0()))
    assert list(items) == [LAND, "light", "plain"]
    land = items[LAND]
    assert (land.title, land.collection) == ("Land productivity 2015", "wms")
    assert land.properties["description"] == "Made up & small"
    assert land.properties["keywords"] == ["SDG", "15.3.1"]
    assert land.properties["group"] == "Land"
    assert land.properties["crs"] == ["EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:32643"]
    assert land.assets[0].media_type == "image/png"
    light = items["light"]
    assert (light.begin, light.end) == (
        datetime(2012, 1, 1, tzinfo=UTC),
        datetime(2021, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    assert items["plain"].box == (-180.0, -90.0, 180.0, 90.0)
    assert [str(p) for p in items["plain"].problems] == ["The item has no date."]


def test_layers_are_searched_here(server: MisbehavingServer):
    adapter = service(server, "wms", wms_1_3_0())
    assert list(found(adapter, Query(text="land sdg"))) == [LAND]
    assert list(found(adapter, Query(box=(100.0, 30.0, 101.0, 31.0)))) == ["light", "plain"]
    late = Query(begin=datetime(2022, 6, 1, tzinfo=UTC))
    assert list(found(adapter, late)) == [LAND, "plain"]  # which tell no time
    assert list(found(adapter, Query(sort=(("title", False),), most=2))) == [LAND, "light"]
    assert len(server.asked) == 1  # it is asked what it has once
    assert adapter.get("wms", "light").id == "light"
    with pytest.raises(HttpError, match="no layer “x”"):
        adapter.get("wms", "x")
    said = adapter.describe()
    assert (said.title, said.kind, said.can_publish) == ("Made-up maps", "wms", False)
    assert [known.title for known in adapter.collections()] == ["Made-up maps"]


def test_qgis_is_told_names_in_every_script(server: MisbehavingServer):
    adapter = Ows(
        server.on("/ows", xml(wms_1_3_0())) + "?map=a%2Fb&x=1&request=GetCapabilities&service=WMS",
        "wms",
        Http(PlainTransport()),
    )
    asked = options(found(adapter)[LAND], authcfg="abc1234")
    assert asked == [
        ("crs", "EPSG:3857"),
        ("format", "image/png"),
        ("layers", LAND),
        ("styles", ""),
        ("url", f"{server.url}/ows?map=a/b&x=1"),
        ("authcfg", "abc1234"),
    ]
    assert options(found(adapter)[LAND], crs="EPSG:32643")[0] == ("crs", "EPSG:32643")
    assert options(found(adapter)[LAND], crs="EPSG:2056")[0] == ("crs", "EPSG:3857")


def test_thousands_of_layers_come_at_once(server: MisbehavingServer):
    adapter = service(server, "wms", wms_1_3_0(more=6000, crs=3000))
    begin = time.process_time()
    page = next(adapter.search(Query(page_size=50)))
    first = time.process_time() - begin
    assert [one.id for one in page.items][-1] == "layer 47" and len(page.items) == 50
    items = found(adapter)
    assert len(items) == 6003 and len(items["layer 7"].properties["crs"]) == 50
    assert first < 0.5 * (time.process_time() - begin)  # the rest is not made for it


def test_a_wmts_is_what_owslib_finds(server: MisbehavingServer):
    items = found(service(server, "wmts", wmts()))
    library = WebMapTileService("https://a.example/", xml=wmts().encode())
    assert list(items) == list(library.contents) == ["light", "农田"]
    for name, layer in library.contents.items():
        assert (items[name].title, items[name].box) == (layer.title, layer.boundingBoxWGS84)
    assert items["light"].properties["crs"] == ["EPSG:3857", "EPSG:4326"]
    assert (items["light"].begin, items["light"].end) == (
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(2021, 1, 1, 23, 59, 59, tzinfo=UTC),
    )
    asked = dict(options(items["light"], crs="EPSG:4326"))
    assert asked == {
        "crs": "EPSG:4326",
        "format": "image/png",
        "layers": "light",
        "styles": "bright",
        "tileMatrixSet": "degrees",
        "url": f"{server.url}/ows?service=WMTS&request=GetCapabilities",
    }
    assert dict(options(items["农田"]))["tileMatrixSet"] == "web"


def test_a_wmts_in_a_file_is_read_where_it_lies(server: MisbehavingServer):
    adapter = service(server, "wmts", wmts(), "/1.0.0/WMTSCapabilities.xml")
    url = f"{server.url}/1.0.0/WMTSCapabilities.xml"
    assert dict(options(found(adapter)["light"]))["url"] == url
    assert server.asked[0].query == {}


def test_a_template_of_tiles_is_one_item():
    url = "https://tiles.example/a b/{z}/{x}/{-y}.png?key=1"
    assert sniff(url, Http(PlainTransport())) == "xyz"
    adapter = Ows(url, "xyz", Http(PlainTransport()))
    (one,) = found(adapter).values()
    assert one.title == "tiles.example" and one.box is not None
    assert dict(options(one)) == {"type": "xyz", "crs": "EPSG:3857", "url": url}
    assert "%7Bz%7D" in provider_uri(one.assets[0])


def test_tile_json_and_tms_are_templates(server: MisbehavingServer):
    url = server.on("/tiles.json", as_json(tile_json()))
    http = Http(PlainTransport())
    assert sniff(url, http) == "xyz"
    (one,) = found(Ows(url, "xyz", http)).values()
    assert (one.title, one.box) == ("Night", (60.0, 20.0, 100.0, 50.0))
    assert dict(options(one)) == {
        "type": "xyz",
        "crs": "EPSG:3857",
        "zmin": "0",
        "zmax": "9",
        "url": "https://tiles.example/{z}/{x}/{y}.png",
    }
    url = server.on("/tms/1.0.0", xml(tms()))
    assert sniff(url, http) == "xyz"
    (one,) = found(Ows(url, "xyz", http)).values()
    assert dict(options(one))["url"] == "https://tiles.example/tms/1.0.0/light/{z}/{x}/{-y}.png"


def asset(kind: str, href: str, title: str = "", **raw: object) -> Asset:
    """A service as a record tells it."""
    return Asset(kind, href, title, roles=(kind,), raw=raw)


def test_what_a_record_leaves_out_is_asked_of_its_service(server: MisbehavingServer):
    http = Http(PlainTransport())
    wms, tiles = server.on("/ows", xml(wms_1_3_0())), server.on("/wmts", xml(wmts()))
    whole = whole_layer(asset("wms", wms, **{"wms:layers": [LAND]}), http)
    assert dict(parse_qsl(provider_uri(whole)))["layers"] == LAND
    assert whole.raw["crs"][0] == "EPSG:3857"
    # A record whose link has the name where others have a title.
    whole = whole_layer(asset("wmts", tiles, "light"), http)
    assert dict(parse_qsl(provider_uri(whole)))["tileMatrixSet"] == "web"
    with pytest.raises(HttpError, match="has no layer “nothing”"):
        whole_layer(asset("wms", wms, **{"wms:layers": ["nothing"]}), http)
    with pytest.raises(InputError, match="“wmts” does not say which layer"):
        provider_uri(asset("wmts", tiles, **{"wmts:layer": ["light"]}))
    with pytest.raises(InputError, match="does not say which layer"):
        provider_uri(replace(asset("wms", wms), roles=("data",)))


@pytest.mark.parametrize(
    "text",
    [
        "<WMS_Capabilities/>",
        "<WMS_Capabilities><Capability/></WMS_Capabilities>",
        "<WMS_Capabilities><Capability><Layer><Layer><Title>a</Title></Layer></Layer></Capability>"
        "</WMS_Capabilities>",
        "<WMT_MS_Capabilities><Capability><Layer><Name>a</Name><LatLonBoundingBox/><SRS/>"
        '<BoundingBox SRS="EPSG:4326"/><Extent name="time">,/</Extent></Layer></Capability>'
        "</WMT_MS_Capabilities>",
    ],
)
def test_broken_capabilities_end_nothing(server: MisbehavingServer, text: str):
    items = found(service(server, "wms", text))
    assert list(items) in ([], ["a"])
    assert "url=" in "".join(provider_uri(one.assets[0]) for one in items.values()) or not items


def test_boxes_of_services_that_have_no_geographic_one(server: MisbehavingServer):
    def layer(name: str, attributes: str) -> str:
        box = f"<BoundingBox {attributes}/>"
        return f"<Layer><Name>{name}</Name>{box}</Layer>"

    text = (
        "<WMS_Capabilities><Capability>"
        + layer("new", 'CRS="EPSG:4326" minx="30" miny="70" maxx="40" maxy="80"')
        + layer("old", 'SRS="EPSG:4326" minx="70" miny="30" maxx="80" maxy="40"')
        + layer("84", 'CRS="CRS:84" minx="70" miny="30" maxx="80" maxy="40"')
        + layer("metres", 'CRS="EPSG:3857" minx="70" miny="30" maxx="80" maxy="40"')
        + "</Capability></WMS_Capabilities>"
    )
    boxes = {name: one.box for name, one in found(service(server, "wms", text)).items()}
    box = (70.0, 30.0, 80.0, 40.0)
    assert boxes == {"new": box, "old": box, "84": box, "metres": None}


def test_layers_inside_each_other_without_end(server: MisbehavingServer):
    depth = 200
    text = "<Layer><Name>a</Name>" * depth + "</Layer>" * depth
    text = f"<WMS_Capabilities><Capability>{text}</Capability></WMS_Capabilities>"
    pages = service(server, "wms", text).search(Query(page_size=1000))
    assert len([one for page in pages for one in page.items]) == depth


def test_errors_are_in_the_services_words(server: MisbehavingServer):
    report = (
        "<ServiceExceptionReport><ServiceException>No such map: x</ServiceException>"
        "</ServiceExceptionReport>"
    )
    with pytest.raises(HttpError, match="reports an error: No such map: x"):
        found(service(server, "wms", report))
    with pytest.raises(HttpError, match=r"something else than XML.*Sign in"):
        found(service(server, "wms", "<html><body>Sign in</body></html>"))
    server.on("/ows", Answer(401, {}, b"Who are you?"))
    with pytest.raises(HttpError, match=r"401.*Who are you"):
        found(Ows(f"{server.url}/ows", "wms", Http(PlainTransport())))


def test_a_cancel_ends_the_request_and_the_list(server: MisbehavingServer):
    cancelled = threading.Event()
    at: list[float] = []

    def cancel() -> None:
        at.append(time.monotonic())
        cancelled.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        threading.Timer(0.2, cancel).start()
        with pytest.raises(Cancelled):
            list(Ows(url, "wms", Http(PlainTransport())).search(Query(), cancelled.is_set))
        assert time.monotonic() - at[0] < 0.3
    cancelled.clear()
    pages = service(server, "wms", wms_1_3_0(more=100)).search(Query(page_size=5), cancelled.is_set)
    next(pages)
    cancelled.set()
    with pytest.raises(Cancelled):
        next(pages)
