"""What made-up map services say of themselves, and maps for whoever asks them."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from tests.servers.misbehaving import Answer, Asked, Rule

LAND = "全球土地生产力2015"
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def wms_1_3_0(url: str = "https://maps.example/ows", *, more: int = 0, crs: int = 0) -> str:
    """Three layers in groups; `more` layers and `crs` further reference systems."""
    codes = "".join(f"<CRS>EPSG:{20000 + n}</CRS>" for n in range(crs))
    layers = "".join(
        f"<Layer><Name>layer {n}</Name><Title>Layer {n}</Title><CRS>EPSG:32643</CRS>"
        f"<Abstract>One of many</Abstract></Layer>"
        for n in range(more)
    )
    online = f'<OnlineResource {LINK} xlink:href="{url}"/>'
    get = f"<DCPType><HTTP><Get>{online}</Get></HTTP></DCPType>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities xmlns="http://www.opengis.net/wms" version="1.3.0"><Service><Name>WMS</Name>
<Title>Made-up maps</Title><Abstract>For tests</Abstract><AccessConstraints>none</AccessConstraints>
{online}</Service><Capability><Request><GetCapabilities><Format>text/xml</Format>{get}
</GetCapabilities><GetMap><Format>image/tiff</Format><Format>image/png</Format>{get}</GetMap>
</Request><Exception><Format>XML</Format></Exception><Layer><Title>All</Title>
<CRS>EPSG:3857</CRS><CRS>EPSG:4326</CRS><CRS>CRS:84</CRS>{codes}<EX_GeographicBoundingBox>
<westBoundLongitude>-180</westBoundLongitude><eastBoundLongitude>180</eastBoundLongitude>
<southBoundLatitude>-90</southBoundLatitude><northBoundLatitude>90</northBoundLatitude>
</EX_GeographicBoundingBox><BoundingBox CRS="CRS:84" minx="-180" miny="-90" maxx="180" maxy="90"/>
<Layer><Title>Land</Title><Layer><Name>{LAND}</Name><Title>Land productivity 2015</Title>
<Abstract>Made up &amp; small</Abstract><KeywordList><Keyword>SDG</Keyword><Keyword>15.3.1</Keyword>
</KeywordList><CRS>EPSG:32643</CRS><EX_GeographicBoundingBox>
<westBoundLongitude>70</westBoundLongitude><eastBoundLongitude>80</eastBoundLongitude>
<southBoundLatitude>30</southBoundLatitude><northBoundLatitude>40</northBoundLatitude>
</EX_GeographicBoundingBox><BoundingBox CRS="CRS:84" minx="70" miny="30" maxx="80" maxy="40"/>
<Style><Name>green</Name><Title>Green</Title></Style></Layer></Layer><Layer><Name>light</Name>
<Title>Night light</Title><Dimension name="time" units="ISO8601">2012/2015/P1Y,2020,2021</Dimension>
</Layer>{layers}<Layer><Name>plain</Name><Title>Plain</Title></Layer></Layer></Capability>
</WMS_Capabilities>"""


def wms_1_1_1() -> str:
    """Two layers, as an old service lists them."""
    online = f'<OnlineResource {LINK} xlink:href="https://maps.example/ows"/>'
    get = f"<DCPType><HTTP><Get>{online}</Get></HTTP></DCPType>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE WMT_MS_Capabilities SYSTEM "https://schemas.example/WMS_MS_Capabilities.dtd">
<WMT_MS_Capabilities version="1.1.1"><Service><Name>OGC:WMS</Name><Title>Old maps</Title>{online}
</Service><Capability><Request><GetCapabilities><Format>text/xml</Format>{get}</GetCapabilities>
<GetMap><Format>image/jpeg</Format>{get}</GetMap></Request><Exception><Format>XML</Format>
</Exception><Layer><Title>All</Title><SRS>EPSG:4326</SRS>
<LatLonBoundingBox minx="-10" miny="-20" maxx="30" maxy="40"/><Layer><Name>a</Name><Title>A</Title>
<SRS>EPSG:3857</SRS><Style><Name>s</Name><Title>S</Title></Style></Layer><Layer><Name>b</Name>
<Title>B</Title><LatLonBoundingBox minx="1" miny="2" maxx="3" maxy="4"/></Layer></Layer>
</Capability></WMT_MS_Capabilities>"""


def wmts(url: str = "https://maps.example/wmts") -> str:
    """Two layers of tiles, in two sets of tiles."""

    def layer(name: str, title: str, sets: tuple[str, ...], more: str = "") -> str:
        links = "".join(
            f"<TileMatrixSetLink><TileMatrixSet>{one}</TileMatrixSet></TileMatrixSetLink>"
            for one in sets
        )
        return (
            f"<Layer><ows:Title>{title}</ows:Title><ows:WGS84BoundingBox>"
            "<ows:LowerCorner>70 30</ows:LowerCorner><ows:UpperCorner>80 40</ows:UpperCorner>"
            f"</ows:WGS84BoundingBox><ows:Identifier>{name}</ows:Identifier>"
            "<Style><ows:Identifier>dark</ows:Identifier></Style>"
            '<Style isDefault="true"><ows:Identifier>bright</ows:Identifier></Style>'
            f"<Format>image/png</Format>{more}{links}</Layer>"
        )

    def matrix_set(name: str, crs: str, corner: str, denominator: float) -> str:
        return (
            f"<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>"
            f"<ows:SupportedCRS>{crs}</ows:SupportedCRS><TileMatrix>"
            "<ows:Identifier>0</ows:Identifier>"
            f"<ScaleDenominator>{denominator}</ScaleDenominator>"
            f"<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth>"
            "<TileHeight>256</TileHeight><MatrixWidth>1</MatrixWidth>"
            "<MatrixHeight>1</MatrixHeight></TileMatrix></TileMatrixSet>"
        )

    time = (
        "<Dimension><ows:Identifier>Time</ows:Identifier><Default>2020-01-01</Default>"
        "<Value>2021-01-01</Value><Value>2020-01-01</Value></Dimension>"
    )
    web = matrix_set(
        "web",
        "urn:ogc:def:crs:EPSG::3857",
        "-20037508.3427892 20037508.3427892",
        559082264.028717,
    )
    degrees = matrix_set("degrees", "urn:ogc:def:crs:EPSG::4326", "90 -180", 559082264.028717)
    operations = "".join(
        f'<ows:Operation name="{name}"><ows:DCP><ows:HTTP><ows:Get xlink:href="{url}?">'
        '<ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value>'
        "</ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation>"
        for name in ("GetCapabilities", "GetTile")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Capabilities '
        'xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" '
        f'{LINK} version="1.0.0"><ows:ServiceIdentification><ows:Title>Made-up tiles</ows:Title>'
        "<ows:ServiceType>OGC WMTS</ows:ServiceType></ows:ServiceIdentification>"
        f"<ows:OperationsMetadata>{operations}</ows:OperationsMetadata><Contents>"
        f"{layer('light', 'Night light', ('web', 'degrees'), time)}"
        f"{layer('农田', 'Fields', ('web',))}{web}{degrees}</Contents></Capabilities>"
    )


def tile_json() -> dict[str, Any]:
    """One layer of tiles."""
    return {
        "tilejson": "3.0.0",
        "name": "Night",
        "tiles": ["https://tiles.example/{z}/{x}/{y}.png"],
        "bounds": [60, 20, 100, 50],
        "minzoom": 0,
        "maxzoom": 9,
    }


def tms() -> str:
    """A list of maps in tiles."""
    return (
        '<TileMapService version="1.0.0"><Title>Made-up tiles</Title><TileMaps>'
        '<TileMap title="Light" srs="EPSG:3857" profile="global-mercator" '
        'href="https://tiles.example/tms/1.0.0/light"/></TileMaps></TileMapService>'
    )


def maps(capabilities: str) -> Rule:
    """Answer as a service of maps does: with what it has, or with a picture."""

    def rule(asked: Asked) -> Answer:
        wanted = {name.lower(): value for name, value in asked.query.items()}
        if wanted.get("request", "").lower() == "getcapabilities":
            return Answer(200, {"Content-Type": "text/xml"}, capabilities.encode())
        return Answer(200, {"Content-Type": "image/png"}, picture(int(wanted.get("width", 256))))

    return rule


def picture(size: int) -> bytes:
    """A red square in PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\0\0" * size) * size
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
