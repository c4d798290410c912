"""CSW 2.0.2: a real catalogue held against OWSLib, and catalogues with the faults of the field."""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("owslib", reason="CSW needs OWSLib, which comes with QGIS")

from owslib import fes
from owslib.csw import CatalogueServiceWeb
from owslib.etree import etree

from dbar_qgis_plugin.catalog.adapters.csw import COLLECTION, Csw
from dbar_qgis_plugin.catalog.adapters.metadata import as_dublin_core as as_dublin_core_element
from dbar_qgis_plugin.catalog.adapters.metadata import as_iso as as_iso_element
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.transport import (
    HttpError,
    IsCancelled,
    Request,
    Response,
    never,
)
from dbar_qgis_plugin.errors import Cancelled
from tests.servers.misbehaving import (
    Answer,
    Asked,
    MisbehavingServer,
    login_page,
    misbehaving_server,
)
from tests.servers.plain_transport import PlainTransport
from tests.servers.processes import python_of
from tests.servers.pycsw import pycsw_url
from tests.servers.records_data import as_dublin_core, as_iso, records
from tests.servers.stac_data import item

RECORDS = {record.id: record for record in records()}
GMD = "http://www.isotc211.org/2005/gmd"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
WGS84 = "urn:ogc:def:crs:EPSG::4326"


@pytest.fixture(scope="module")
def url() -> str:
    """Address of the real catalogue."""
    return pycsw_url()


@pytest.fixture
def transport() -> PlainTransport:
    """A transport that keeps what was sent."""
    return PlainTransport()


@pytest.fixture
def real(url: str, transport: PlainTransport) -> Csw:
    """The real catalogue's adapter."""
    return Csw(url, Http(transport), "real")


def capabilities(*schemas: str, post: str = "") -> bytes:
    """What a catalogue says of itself."""
    values = "".join(f"<ows:Value>{schema}</ows:Value>" for schema in schemas)
    return (
        f'<csw:Capabilities xmlns:csw="{CSW}" xmlns:ows="http://www.opengis.net/ows" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><ows:OperationsMetadata>'
        '<ows:Operation name="GetRecords"><ows:DCP><ows:HTTP>'
        '<ows:Post xlink:href="https://inner.example/soap"><ows:Constraint name="PostEncoding">'
        "<ows:Value>SOAP</ows:Value></ows:Constraint></ows:Post>"
        f'<ows:Post xlink:href="{post}"><ows:Constraint name="PostEncoding">'
        "<ows:Value>XML</ows:Value></ows:Constraint></ows:Post></ows:HTTP></ows:DCP>"
        f'<ows:Parameter name="outputSchema">{values}</ows:Parameter></ows:Operation>'
        "</ows:OperationsMetadata></csw:Capabilities>"
    ).encode()


def results(*texts: str, matched: str = "", following: str = "0") -> Answer:
    """A page of records."""
    body = (
        f'<csw:GetRecordsResponse xmlns:csw="{CSW}"><csw:SearchResults '
        f'numberOfRecordsMatched="{matched or len(texts)}" nextRecord="{following}">'
        f"{''.join(texts)}</csw:SearchResults></csw:GetRecordsResponse>"
    )
    return Answer(200, {"Content-Type": "application/xml"}, body.encode())


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server that answers what a test says."""
    with misbehaving_server() as started:
        started.on("/csw", Answer(200, {}, capabilities(CSW, post="https://inner.example/post")))
        yield started


def on_server(server: MisbehavingServer) -> Csw:
    """An adapter of the server."""
    return Csw(f"{server.url}/csw", Http(PlainTransport()))


def found(adapter: Csw, query: Query) -> list[Item]:
    """All items of a search."""
    return [one for page in adapter.search(query) for one in page.items]


def ids(adapter: Csw, query: Query) -> list[str]:
    """Ids of all items of a search."""
    return [one.id for one in found(adapter, query)]


def test_any_address_of_the_catalogue_leads_to_it(url: str):
    http = Http(PlainTransport())
    for address in (url, f"{url}?service=CSW&version=2.0.2&request=GetCapabilities"):
        assert sniff(address, http) == "csw"
        assert len(found(Csw(address, http), Query())) == len(RECORDS)


def test_the_catalogue_says_what_it_is(real: Csw):
    said = real.describe()
    assert (said.title, said.description) == ("Made-up catalogue", "For tests")
    assert (said.can_filter, said.can_text, said.can_publish) == (False, True, True)
    assert [known.id for known in real.collections()] == [COLLECTION]


def test_searches_find_what_owslib_finds(url: str, real: Csw):
    library = CatalogueServiceWeb(url)
    rng = random.Random(3)
    counts = set()
    for _ in range(8):
        constraints: list[Any] = []
        parts: dict[str, Any] = {"page_size": rng.randint(3, 30)}
        if rng.random() < 0.7:
            west, south = rng.uniform(60, 95), rng.uniform(28, 40)
            box = (west, south, west + rng.uniform(0, 20), south + rng.uniform(0, 10))
            parts["box"] = box
            constraints.append(fes.BBox([box[1], box[0], box[3], box[2]], crs=WGS84))
        if rng.random() < 0.6:
            words = rng.choice(
                ["scene", "夜间", "Scene 2", "built up", "nothing", "夜间|7 Scene|x"]
            )
            parts["text"] = words
            for either in words.split():
                likes = [
                    fes.PropertyIsLike("csw:AnyText", f"%{word}%", matchCase=False)
                    for word in either.split("|")
                ]
                constraints.append(fes.Or(likes) if len(likes) > 1 else likes[0])
        wanted = everything(library, constraints)
        query = Query(**parts)
        assert ids(real, query) == wanted, query
        first = next(real.search(query))
        assert first.matched == len(wanted) and not first.dropped
        counts.add(len(wanted))
    assert len(counts) > 3  # the queries differ


class Parameters(PlainTransport):
    """The real catalogue, as one that takes parameters alone."""

    def send(self, request: Request, is_cancelled: IsCancelled = never) -> Response:
        answer = super().send(request, is_cancelled)
        if "GetCapabilities" not in request.url:
            return answer
        return replace(answer, body=re.sub(rb"<ows:Post [^>]*/>", b"", answer.body))


def test_a_catalogue_that_takes_parameters_alone_finds_the_same(url: str, real: Csw):
    transport = Parameters()
    adapter = Csw(url, Http(transport))
    box = (75.2, 30.0, 85.0, 40.0)
    for query in (
        Query(page_size=30),
        Query(text="scene 夜间", box=box),
        Query(ids=("light-003",)),
    ):
        assert ids(adapter, query) == ids(real, query) != []
    assert {request.method for request in transport.sent} == {"GET"}


def everything(library: CatalogueServiceWeb, constraints: list[Any]) -> list[str]:
    """Ids of all records that OWSLib finds."""
    ids: list[str] = []
    start: int = 1
    while start:
        library.getrecords2(
            constraints=[constraints] if len(constraints) > 1 else constraints,
            esn="full",
            startposition=start,
            maxrecords=25,
        )
        ids += library.records
        start = library.results["nextrecord"]
    return ids


def test_a_record_is_an_item_with_its_services_as_assets(real: Csw):
    scene = real.get(COLLECTION, "light-004")
    known = RECORDS["light-004"]
    assert (scene.title, scene.box, scene.collection) == ("Scene 4", known.box, COLLECTION)
    assert scene.begin == scene.end == datetime(2022, 5, 15, 16, tzinfo=UTC)
    assert (scene.properties["description"], scene.properties["keywords"]) == (
        known.abstract,
        ["night", "light"],
    )
    assets = {asset.key: asset for asset in scene.assets}
    assert list(assets) == ["light-004.tif", "wms", "wmts"]
    assert assets["wms"].href == "https://maps.example/wms?map=light"
    assert assets["wms"].raw["wms:layers"] == ["全球土地生产力2015"]
    assert assets["wmts"].raw["wmts:layer"] == ["light"]
    assert scene.link("related").href == "https://portal.example/about"


def test_records_with_gaps_are_shown(real: Csw):
    items = {one.id: one for one in found(real, Query(text="gap"))}
    assert set(items) == {"gap-place", "gap-title", "gap-date", "gap-all"}
    assert items["gap-place"].box is None and items["gap-title"].title == ""
    told = [str(problem) for problem in items["gap-all"].problems]
    assert told == ["The item has no date.", "The item does not say where it lies."]


def test_periods_and_properties_are_looked_at_here(real: Csw):
    begin, end = datetime(2022, 5, 1, tzinfo=UTC), datetime(2022, 5, 31, tzinfo=UTC)
    pages = list(real.search(Query(text="scene", begin=begin, end=end)))
    items = [one for page in pages for one in page.items]
    # What was written without its period in a schema that has none does not say that it is wrong.
    assert {one.id for one in items if one.begin is not None} == {"light-004", "light-016"}
    assert sum(page.dropped.get("period", 0) for page in pages) == 25 - len(items) > 0
    assert {page.matched for page in pages} == {None}
    query = Query(conditions=(Condition("title", "=", "Scene 4"),))
    assert ids(real, query) == ["light-004"]
    assert set(ids(real, Query(ids=("light-002", "nowhere", "gap-all")))) == {
        "light-002",
        "gap-all",
    }
    assert ids(real, Query(collections=("another",))) == []


def test_items_are_sorted_here(real: Csw):
    query = Query(text="scene", sort=(("title", True),), most=3, page_size=2)
    pages = list(real.search(query))
    titles = [one.title for page in pages for one in page.items]
    assert titles == ["Scene 9", "Scene 8", "Scene 7"]


def test_an_area_over_180_degrees_is_asked_in_two(real: Csw, transport: PlainTransport):
    query = Query(box=(92.5, 30.0, -170.0, 40.0))
    assert set(ids(real, query)) == {"light-022", "light-023", "light-024"}
    boxes = [one.body for one in transport.sent if one.body and b"lowerCorner" in one.body]
    assert len(boxes) == 2
    assert b'srsName="urn:ogc:def:crs:EPSG::4326"' in boxes[0]
    assert b"30.0 92.5" in boxes[0] and b"40.0 180.0" in boxes[0]


def test_signs_in_words_are_no_wildcards(real: Csw):
    assert ids(real, Query(text="Scene%1")) == []
    assert ids(real, Query(text="S_ene")) == []
    assert ids(real, Query(text="<&>")) == []


def test_what_is_written_comes_back(real: Csw):
    written = item("new & 新", "c", (1.0, 2.0, 3.0, 4.0), None)
    written["properties"] |= {
        "start_datetime": "2016-01-01T00:00:00Z",
        "end_datetime": "2020-12-31T23:59:59Z",
        "title": "Land <degradation>\x0b",
        "description": "15.3.1",
        "keywords": ["sdg", "土地"],
        "license": "CC-BY-4.0",
    }
    written["assets"]["map"] = {
        "href": "https://maps.example/wms?a=1&b=2",
        "roles": ["wms"],
        "wms:layers": ["全球"],
    }
    identity = real.create(COLLECTION, written)
    assert identity == "new & 新"
    read = real.get(COLLECTION, identity)
    assert (read.title, read.box) == ("Land <degradation>", (1.0, 2.0, 3.0, 4.0))
    assert (read.begin, read.end) == (
        datetime(2016, 1, 1, tzinfo=UTC),
        datetime(2020, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    assert {name: read.properties[name] for name in ("description", "keywords", "license")} == {
        "description": "15.3.1",
        "keywords": ["sdg", "土地"],
        "license": "CC-BY-4.0",
    }
    assert [(asset.href, asset.roles) for asset in read.assets] == [
        ("https://data.example/new & 新.tif", ("data",)),
        ("https://maps.example/wms?a=1&b=2", ("wms",)),
    ]
    assert read.assets[1].raw["wms:layers"] == ["全球"]
    assert ids(real, Query(text="15.3.1 CC-BY")) == [identity]

    real.replace(COLLECTION, {**written, "properties": {"title": "Second"}})
    assert real.get(COLLECTION, identity).title == "Second"
    real.delete(COLLECTION, identity)
    with pytest.raises(HttpError, match="no record") as error:
        real.get(COLLECTION, identity)
    assert error.value.status == 404
    with pytest.raises(HttpError, match="did not change"):
        real.delete(COLLECTION, identity)


SCHEMAS = {
    as_iso_element: "plugins/profiles/apiso/schemas/ogc/iso/19139/20060504/gmd/gmd.xsd",
    as_dublin_core_element: "core/schemas/ogc/csw/2.0.2/record.xsd",
}


@pytest.mark.parametrize("write", list(SCHEMAS), ids=lambda write: write.__name__)
def test_what_is_written_is_valid(write: Callable[[Any], Any]):
    """By the schemas of ISO and OGC that the real catalogue brings."""
    library = next(python_of("pycsw").parents[1].glob("lib/*/site-packages/pycsw"))
    path = library / SCHEMAS[write]
    schema = etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))
    full = item("a", "c", (170.0, 2.0, -170.0, 4.0), "2020-01-01T00:00:00Z", title="A & B")
    full["properties"] |= {"keywords": ["x", "土地"], "description": "<y>", "license": "CC0"}
    full["assets"]["thumbnail"] = {"href": "https://a.example/t.png", "roles": ["thumbnail"]}
    for document in (full, {"id": "a", "properties": {"start_datetime": "2016"}}, {"id": "b"}):
        schema.assertValid(etree.fromstring(etree.tostring(write(document))))


def test_errors_are_in_the_catalogues_words(real: Csw, server: MisbehavingServer):
    made = item("light-001", "c", (1, 2, 3, 4), None)
    with pytest.raises(HttpError, match=r"reports an error: .*(exists|UNIQUE)"):
        real.create(COLLECTION, made)
    adapter = on_server(server)
    server.on("/post", login_page())
    with pytest.raises(HttpError, match="Please log in"):
        found(adapter, Query())
    server.on("/post", Answer(200, {}, b"plain words"))
    with pytest.raises(HttpError, match="plain words"):
        found(adapter, Query())
    report = (
        b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception>'
        b"<ows:ExceptionText>The index is rebuilt</ows:ExceptionText></ows:Exception>"
        b"</ows:ExceptionReport>"
    )
    server.on("/post", Answer(200, {}, report))
    with pytest.raises(HttpError, match="reports an error: The index is rebuilt") as error:
        found(adapter, Query())
    assert error.value.status == 400
    server.on("/post", Answer(403, {}, report))
    with pytest.raises(HttpError, match="The index is rebuilt"):
        found(adapter, Query())


def test_what_a_catalogue_refuses_is_done_here(server: MisbehavingServer):
    near, far, gap = RECORDS["light-000"], RECORDS["light-020"], RECORDS["gap-all"]

    def rule(asked: Asked) -> Answer:
        if b"Constraint" in asked.body:
            return Answer(400, {}, b"<x>No filters</x>")
        return results(as_dublin_core(near), as_dublin_core(far), as_dublin_core(gap))

    server.on("/post", rule)
    page = next(on_server(server).search(Query(box=(70.0, 35.0, 70.5, 35.5))))
    assert [one.id for one in page.items] == ["light-000", "gap-all"]
    assert (page.dropped, page.matched) == ({"area": 1}, None)
    assert "No filters" in str(page.notes[0])
    page = next(on_server(server).search(Query(text="SCENE 20")))
    assert [one.id for one in page.items] == ["light-020"]


def test_what_a_catalogue_ignores_is_left_out_here(server: MisbehavingServer):
    near, far = RECORDS["light-000"], RECORDS["light-020"]
    server.on("/post", results(as_iso(near), as_iso(far)))
    page = next(on_server(server).search(Query(box=(70.0, 35.0, 70.5, 35.5))))
    assert [one.id for one in page.items] == ["light-000"]
    assert (page.dropped, page.matched) == ({"area": 1}, None)


def test_paging_without_a_next_record_goes_on_and_ends(server: MisbehavingServer):
    one, two, three = (as_dublin_core(RECORDS[f"light-00{n}"]) for n in range(3))
    server.on(
        "/post",
        results(one, two, matched="5"),
        results(three, matched="5"),
        results(matched="5"),
    )
    assert ids(on_server(server), Query()) == ["light-000", "light-001", "light-002"]
    starts = [b'startPosition="%d"' % n in asked.body for n, asked in zip(
        (1, 3, 4), server.asked_for("/post"), strict=True
    )]  # fmt: skip
    assert starts == [True] * 3


def test_an_address_that_only_the_server_reaches_is_asked_where_it_was_found(
    server: MisbehavingServer,
):
    server.on("/post", results())
    found(on_server(server), Query())
    assert len(server.asked_for("/post")) == 1  # not at inner.example, nor as SOAP


ANCHORS = f"""<gmi:MI_Metadata xmlns:gmi="http://www.isotc211.org/2005/gmi" xmlns:gmd="{GMD}"
 xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:gco="http://www.isotc211.org/2005/gco"
 xmlns:gml="http://www.opengis.net/gml/3.2"><gmd:fileIdentifier><gmx:Anchor>a1</gmx:Anchor>
</gmd:fileIdentifier><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation>
<gmd:CI_Citation><gmd:title><gmx:Anchor>A &amp; B</gmx:Anchor></gmd:title><gmd:date><gmd:CI_Date>
<gmd:date><gco:Date>2019</gco:Date></gmd:date><gmd:dateType><gmd:CI_DateTypeCode
 codeListValue="publication"/></gmd:dateType></gmd:CI_Date></gmd:date></gmd:CI_Citation>
</gmd:citation><gmd:graphicOverview><gmd:MD_BrowseGraphic><gmd:fileName><gco:CharacterString>
https://a.example/small</gco:CharacterString></gmd:fileName></gmd:MD_BrowseGraphic>
</gmd:graphicOverview><gmd:pointOfContact><gmd:CI_ResponsibleParty><gmd:contactInfo>
<gmd:CI_Contact><gmd:onlineResource><gmd:CI_OnlineResource><gmd:linkage>
<gmd:URL>https://people.example/x.zip</gmd:URL></gmd:linkage></gmd:CI_OnlineResource>
</gmd:onlineResource></gmd:CI_Contact></gmd:contactInfo></gmd:CI_ResponsibleParty>
</gmd:pointOfContact><gmd:extent><gmd:EX_Extent><gmd:geographicElement>
<gmd:EX_GeographicBoundingBox/></gmd:geographicElement><gmd:geographicElement>
<gmd:EX_GeographicBoundingBox><gmd:westBoundLongitude><gco:Decimal>170</gco:Decimal>
</gmd:westBoundLongitude><gmd:eastBoundLongitude><gco:Decimal>-170</gco:Decimal>
</gmd:eastBoundLongitude><gmd:southBoundLatitude><gco:Decimal>1</gco:Decimal>
</gmd:southBoundLatitude><gmd:northBoundLatitude><gco:Decimal>2</gco:Decimal>
</gmd:northBoundLatitude></gmd:EX_GeographicBoundingBox></gmd:geographicElement>
<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimeInstant><gml:timePosition>2015
</gml:timePosition></gml:TimeInstant></gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>
</gmd:EX_Extent></gmd:extent></gmd:MD_DataIdentification></gmd:identificationInfo>
</gmi:MI_Metadata>"""

# ISO 19115-3 names its elements in other namespaces, and some of them anew.
NEW_ISO = """<mdb:MD_Metadata xmlns:mdb="http://standards.iso.org/iso/19115/-3/mdb/2.0"
 xmlns:mcc="http://standards.iso.org/iso/19115/-3/mcc/1.0"
 xmlns:gco="http://standards.iso.org/iso/19115/-3/gco/1.0"
 xmlns:mri="http://standards.iso.org/iso/19115/-3/mri/1.0"
 xmlns:cit="http://standards.iso.org/iso/19115/-3/cit/2.0"><mdb:metadataIdentifier>
<mcc:MD_Identifier><mcc:code><gco:CharacterString>n1</gco:CharacterString></mcc:code>
</mcc:MD_Identifier></mdb:metadataIdentifier><mdb:identificationInfo><mri:MD_DataIdentification>
<mri:citation><cit:CI_Citation><cit:title><gco:CharacterString>New</gco:CharacterString>
</cit:title></cit:CI_Citation></mri:citation></mri:MD_DataIdentification></mdb:identificationInfo>
</mdb:MD_Metadata>"""


def test_profiles_and_broken_records_are_read(server: MisbehavingServer):
    bare = f'<csw:SummaryRecord xmlns:csw="{CSW}"/>'
    odd = '<other xmlns="https://other.example/">?</other>'
    server.on("/post", results(ANCHORS, NEW_ISO, bare, odd, as_iso(RECORDS["light-000"])))
    profile, new, empty, other, sound = found(on_server(server), Query())
    assert (profile.id, profile.title, profile.box) == ("a1", "A & B", (170.0, 1.0, -170.0, 2.0))
    assert profile.begin == datetime(2015, 1, 1, tzinfo=UTC)
    assert profile.end == datetime(2015, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert profile.properties["published"] == "2019"
    assert [(asset.href, asset.roles) for asset in profile.assets] == [
        ("https://a.example/small", ("thumbnail",))
    ]
    assert (new.id, new.title) == ("n1", "New")
    assert (empty.id, other.id, len(empty.problems)) == ("", "", 3)
    assert sound.id == "light-000" and not sound.problems


def test_a_damaged_answer_gives_what_can_be_read(server: MisbehavingServer):
    sound = results(as_iso(RECORDS["light-000"]), as_iso(RECORDS["light-001"]))
    # A sign that must not stand in XML, and an ampersand that says nothing.
    server.on("/post", Answer(200, {}, sound.body.replace(b"Scene 0", b"Scene \x0b& 0")))
    items = found(on_server(server), Query())
    assert [one.id for one in items] == ["light-000", "light-001"]
    assert items[0].title.startswith("Scene")


def test_entities_are_not_resolved(server: MisbehavingServer, tmp_path: Any):
    secret = tmp_path / "secret.txt"
    secret.write_text("told", encoding="utf-8")
    record = as_iso(RECORDS["light-000"]).replace("Scene 0", "&secret;&more;")
    text = results(record).body.decode()
    head = (
        f'<!DOCTYPE x [<!ENTITY secret SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY more "&a;&a;&a;&a;&a;">]>'
    )
    server.on("/post", Answer(200, {}, (head + text).encode()))
    (one,) = found(on_server(server), Query())
    assert "told" not in str(one.raw) and "aaaa" not in str(one.raw)


def test_dublin_core_in_its_ways_of_writing_boxes_and_links(server: MisbehavingServer):
    names = (
        f'xmlns:csw="{CSW}" xmlns:ows="http://www.opengis.net/ows" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"'
    )

    def record(identity: str, inner: str) -> str:
        return f"<csw:Record {names}><dc:identifier>{identity}</dc:identifier>{inner}</csw:Record>"

    def box(crs: str) -> str:
        return (
            f"<ows:BoundingBox{crs}><ows:LowerCorner>10 20</ows:LowerCorner>"
            "<ows:UpperCorner>11 21</ows:UpperCorner></ows:BoundingBox>"
        )

    links = (
        '<dc:URI protocol="OGC:WMS" name="层" description="Map">https://a.example/ows</dc:URI>'
        '<dct:references scheme="OGC:WMS">https://a.example/ows</dct:references>'
        '<dct:references scheme="WWW:DOWNLOAD-1.0-http--download">https://a.example/f</dct:references>'
    )
    server.on(
        "/post",
        results(
            record("urn", box(f' crs="{WGS84}"')),
            record("plain", box(' crs="EPSG:4326"')),
            record("none", box("")),
            record("broken", box(' crs="urn:ogc:def:crs:EPSG::4326"').replace("10 20", "x")),
            record("links", links),
        ),
    )
    items = {one.id: one for one in found(on_server(server), Query())}
    assert items["urn"].box == (20.0, 10.0, 21.0, 11.0)
    assert items["plain"].box == items["none"].box == (10.0, 20.0, 11.0, 21.0)
    assert items["broken"].box is None
    wms, file = items["links"].assets
    assert (wms.raw["wms:layers"], wms.title) == (["层"], "Map")
    assert (file.href, file.roles) == ("https://a.example/f", ("data",))


def test_a_cancel_ends_a_request_that_gets_no_answer():
    cancelled = threading.Event()
    at: list[float] = []

    def cancel() -> None:
        at.append(time.monotonic())
        cancelled.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        adapter = Csw(f"http://127.0.0.1:{silent.getsockname()[1]}/", Http(PlainTransport()))
        threading.Timer(0.2, cancel).start()
        with pytest.raises(Cancelled):
            list(adapter.search(Query(), cancelled.is_set))
        assert time.monotonic() - at[0] < 0.3
