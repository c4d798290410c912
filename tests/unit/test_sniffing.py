"""What a pasted address is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dbar_qgis_plugin.catalog.adapters.sniffing import kind_of_xml, sniff
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Request, Response, never
from dbar_qgis_plugin.errors import InputError
from tests.servers.plain_transport import PlainTransport
from tests.servers.stac import stac_url

HOST = "https://x.example"
CSW = (
    '<?xml version="1.0"?>\n<!-- a > b --><csw:Capabilities version="2.0.2"'
    ' xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">'
)
WMTS = '<Capabilities xmlns="http://www.opengis.net/wmts/1.0" version="1.0.0">'
WMS = '<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms">'
OLD_WMS = '<!DOCTYPE WMT_MS_Capabilities SYSTEM "x.dtd" [<!ELEMENT a EMPTY>]><WMT_MS_Capabilities>'


class Site:
    """A transport over documents by address; all else is not found."""

    def __init__(self, documents: dict[str, Any]) -> None:
        self.documents = documents

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        found = self.documents.get(request.url)
        if found is None:
            return Response(404, {}, b"nothing here", request.url)
        text = found if isinstance(found, str) else json.dumps(found)
        return Response(200, {}, text.encode(), request.url)

    def stream(self, request: Request, is_cancelled: IsCancelled = never) -> Any:
        raise NotImplementedError


class Service(Site):
    """A service that answers to GetCapabilities only."""

    def __init__(self, service: str, text: str) -> None:
        super().__init__({})
        self.service = service
        self.text = text

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        asked = parse_qs(urlsplit(request.url).query)
        ask = (asked.get("service"), asked.get("request"), asked.get("map"))
        if ask != ([self.service], ["GetCapabilities"], ["a"]):
            return Response(400, {}, b"<ServiceExceptionReport/>", request.url)
        return Response(200, {}, self.text.encode(), request.url)


def of(documents: dict[str, Any], url: str = HOST) -> str:
    """Kind of what an address leads to."""
    return sniff(url, Http(Site(documents)))


STATIC = {"type": "Catalog", "stac_version": "1.0.0", "links": []}
RECORDS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/core"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({**STATIC, "conformsTo": ["https://api.stacspec.org/v1.0.0/core"]}, "stac_api"),
        ({**STATIC, "links": [{"rel": "search", "href": "search"}]}, "stac_api"),
        (STATIC, "stac_static"),
        ({"type": "FeatureCollection", "features": [{"stac_version": "1.0.0"}]}, "stac_static"),
        ({"conformsTo": [RECORDS]}, "records"),
        ({"tilejson": "3.0.0", "tiles": []}, "xyz"),
        (CSW, "csw"),
        (WMTS, "wmts"),
        (WMS, "wms"),
        (OLD_WMS, "wms"),
    ],
)
def test_what_a_document_says(document: Any, kind: str):
    assert of({HOST: document}) == kind


def test_what_an_api_conforms_to_may_stand_elsewhere():
    rel = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
    root = {"links": [{"rel": rel, "href": "/conformance"}]}
    assert of({HOST: root, f"{HOST}/conformance": {"conformsTo": [RECORDS]}}) == "records"


def test_a_part_of_an_api_is_what_the_api_is():
    api = {f"{HOST}/oapi": {"conformsTo": [RECORDS]}, f"{HOST}/oapi/collections": {"links": []}}
    assert of(api, f"{HOST}/oapi/collections") == "records"
    assert of(api, f"{HOST}/oapi/collections/a/items?f=json") == "records"


def test_a_collection_is_what_its_root_is():
    collection = {
        "type": "Collection",
        "stac_version": "1.0.0",
        "links": [{"rel": "root", "href": "../root"}],
    }
    api = {**STATIC, "conformsTo": ["https://api.stacspec.org/v1.0.0/core"]}
    url = f"{HOST}/a/collection"
    assert of({url: collection, f"{HOST}/root": api}, url) == "stac_api"
    assert of({url: collection, f"{HOST}/root": STATIC}, url) == "stac_static"
    assert of({url: collection}, url) == "stac_static"


@pytest.mark.parametrize(
    ("service", "text", "kind"),
    [("CSW", CSW, "csw"), ("WMS", WMS, "wms"), ("WMTS", WMTS, "wmts")],
)
def test_a_service_is_asked_what_it_is(service: str, text: str, kind: str):
    assert sniff(f"{HOST}/ows?map=a", Http(Service(service, text))) == kind
    assert sniff(f"{HOST}/ows?map=a&service={service}", Http(Service(service, text))) == kind


def test_templates_and_folders_need_no_network(tmp_path: Path):
    nobody = Http(Site({}))
    assert sniff("https://x.example/{z}/{x}/{y}.png", nobody) == "xyz"
    (tmp_path / "catalog.json").write_text("{}", encoding="utf-8")
    assert sniff(str(tmp_path), nobody) == "stac_static"
    with pytest.raises(InputError, match="holds no catalog"):
        sniff(str(tmp_path / "nowhere"), nobody)


def test_what_is_none_of_them_is_told():
    with pytest.raises(HttpError, match=r"404.*nothing here"):
        of({})
    page = "<!DOCTYPE html><html><body>Welcome</body></html>"
    services = [f"?service={name}&request=GetCapabilities" for name in ("CSW", "WMS", "WMTS")]
    for answered in ([""], ["", *services]):
        with pytest.raises(InputError, match="as no catalog that is known"):
            of({f"{HOST}{query}": page for query in answered})
    assert kind_of_xml("<") == ""


def test_a_real_server():
    http = Http(PlainTransport())
    url = stac_url()
    assert sniff(url, http) == "stac_api"
    assert sniff(f"{url}search", http) == "stac_api"
    assert sniff(f"{url}collections/night-light/items/light-000", http) == "stac_api"
