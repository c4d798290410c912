"""Map services as catalogs: every layer of a WMS or WMTS, and templates of tiles, are items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from dbar_qgis_plugin.catalog.adapters.addresses import parts_of, split_request, with_parameters
from dbar_qgis_plugin.catalog.adapters.as_items import LAYERS
from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.capabilities import (
    CRS,
    MATRIX_SETS,
    STYLES,
    ZOOM,
    Service,
    service_of,
    tile_json_layers,
    tms_layers,
    wms_layers,
    wmts_layers,
    xyz_layer,
)
from dbar_qgis_plugin.catalog.adapters.local_search import answering, at_most, sorted_pages
from dbar_qgis_plugin.catalog.adapters.markup import Element, read_xml
from dbar_qgis_plugin.catalog.http import Http, read_json
from dbar_qgis_plugin.catalog.model import Asset, Collection, Item, Raw, parse_item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, InputError, translate
from dbar_qgis_plugin.raster_io.progress import message

MAPS: Final = ("wms", "wmts", "xyz")
# Key of the provider of QGIS that shows all three.
PROVIDER: Final = "wms"
_ACCEPT: Final = "application/xml, text/xml, application/json;q=0.9, */*;q=0.5"
# QGIS leaves these quoted if they are, and reads a % as it is.
_UNQUOTED: Final = ":/?@!$'()*+,;%[]"
_USUAL_CRS: Final = "EPSG:3857"
_USUAL_FORMAT: Final = "image/png"


class Ows:
    """A map service; what it says of itself is read once.

    Parameters
    ----------
    url : str
        Of the service, of its capabilities, of a TileJSON or TMS, or a template of tiles.
    kind : str
        One of `MAPS`.
    http : Http
        The connection's way to it.
    source : str
        Id of the connection.
    """

    def __init__(self, url: str, kind: str, http: Http, source: str = "") -> None:
        self.url = url
        self.kind = kind
        self.http = http
        self.source = source
        self._read: Element | Raw | None = None

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Ask the service what it is."""
        service = self._service(is_cancelled)
        said = (
            translate("Dbar", "A service of maps: its list of layers is searched here."),
            translate("Dbar", "Can publish: no"),
        )
        return Capabilities(
            service.title, service.abstract, self.kind, says=tuple(map(message, said))
        )

    def collections(self, is_cancelled: IsCancelled = never) -> Iterator[Collection]:
        """Give the one that all layers are."""
        service = self._service(is_cancelled)
        yield Collection(
            self.kind,
            service.title or self.kind.upper(),
            service.abstract,
            service.rights,
            tuple(service.keywords),
            source=self.source,
        )

    def queryables(
        self,
        collection: str,  # noqa: ARG002 - there is one
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - nothing is asked
    ) -> Mapping[str, Raw]:
        """Return nothing: layers have no properties to filter by."""
        return {}

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the layers that answer a query."""
        pages = self._answers(query, is_cancelled)
        if query.sort:
            pages = sorted_pages(pages, query)
        yield from at_most(pages, query.most)

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one layer."""
        for item in self.layers(is_cancelled):
            if item.id == item_id:
                return item
        raise HttpError(
            translate("Dbar", "{url} has no layer “{name}” in {collection}."),
            url=scrubbed(self.url),
            name=item_id,
            collection=collection,
            status=404,
        )

    def _answers(self, query: Query, is_cancelled: IsCancelled) -> Iterator[Page]:
        # No server has ignored anything: what does not answer is not counted.
        known = {found.id: found for found in self.collections(is_cancelled)} if query.text else {}
        fitting = (
            item
            for item in self.layers(is_cancelled)
            for _ in answering(Page((item,)), query, known).items
        )
        size = max(query.page_size, 1)
        while items := tuple(islice(fitting, size)):
            yield Page(items)

    def layers(self, is_cancelled: IsCancelled = never) -> Iterator[Item]:
        """Give all layers, one by one."""
        for document in self._documents(is_cancelled):
            if is_cancelled():
                raise Cancelled
            yield parse_item(document, base=self.url, source=self.source)

    def _documents(self, is_cancelled: IsCancelled) -> Iterator[dict[str, Any]]:
        if self._is_template():
            return iter([xyz_layer(self.url, self.kind)])
        said = self._description(is_cancelled)
        if self.kind == "wms":
            return wms_layers(said, split_request(self.url)[0], self.kind)
        if self.kind == "wmts":
            return wmts_layers(said, self.url, self.kind)
        if isinstance(said, Mapping):
            return tile_json_layers(said, self.kind)
        return tms_layers(said, self.url, self.kind)

    def _service(self, is_cancelled: IsCancelled) -> Service:
        if self._is_template():
            return Service(parts_of(self.url).netloc, "", [], "")
        said = self._description(is_cancelled)
        if isinstance(said, Mapping):
            title, about = (str(said.get(name) or "") for name in ("name", "description"))
            return Service(title, about, [], "")
        return service_of(said)

    def _is_template(self) -> bool:
        return "{z}" in self.url and "{x}" in self.url

    def _description(self, is_cancelled: IsCancelled) -> Element | Raw:
        if self._read is None:
            url = self._description_url()
            response = self.http.get(url, accept=_ACCEPT, is_cancelled=is_cancelled)
            is_json = self.kind == "xyz" and response.body.lstrip()[:1] == b"{"
            self._read = read_json(response) if is_json else read_xml(response)
        return self._read

    def _description_url(self) -> str:
        """Address of what the service says of itself; that of a plain file is its own."""
        return self.url if self.kind == "xyz" else _capabilities_url(self.kind, self.url)


def _capabilities_url(kind: str, url: str) -> str:
    service, _ = split_request(url)
    if parts_of(service).path.lower().endswith(".xml"):
        return url
    return with_parameters(service, {"service": kind.upper(), "request": "GetCapabilities"})


def map_kind(asset: Asset) -> str:
    """Return which service of maps an asset is, "" for none."""
    return next((kind for kind in MAPS if kind in asset.roles), "")


def whole_layer(asset: Asset, http: Http, is_cancelled: IsCancelled = never) -> Asset:
    """Return an asset with what it takes to show it: what a record leaves out, its service tells.

    Raises
    ------
    HttpError
        If the service does not have the layer.
    NetworkError, Cancelled
        See `Http.send`.
    """
    kind = map_kind(asset)
    if kind == "xyz" or asset.raw.get(CRS):
        return asset
    names = [str(name) for name in asset.raw.get(LAYERS[kind]) or ()]
    items = {item.id: item for item in Ows(asset.href, kind, http).layers(is_cancelled)}
    # Some records have the layer's name where others have a title.
    wanted = [name for name in names or [asset.title] if name in items]
    if not names and len(items) == 1:
        wanted = list(items)
    if not wanted:
        raise HttpError(
            translate(
                "Dbar",
                "{url} has no layer “{name}”: add the service as a connection, and choose one of "
                "its layers.",
            ),
            url=scrubbed(asset.href),
            name=", ".join(names) or asset.title,
            status=404,
        )
    found = items[wanted[0]].assets[0]
    raw = {**found.raw, LAYERS[kind]: wanted}
    return Asset(asset.key, found.href, asset.title, found.media_type, asset.roles, raw=raw)


def provider_uri(asset: Asset, *, authcfg: str = "", crs: str = "") -> str:
    """Return what QGIS opens a layer of a map service by (provider `PROVIDER`).

    Parameters
    ----------
    asset : Asset
        A layer; `whole_layer` adds what a record does not tell.
    authcfg : str
        Id of credentials in QGIS's authentication database; they do not stand in the URI.
    crs : str
        In which it is asked for, if the service has it.

    Raises
    ------
    InputError
        If the asset is none, or does not name its layer.
    """
    kind = map_kind(asset)
    layers = asset.raw.get(LAYERS.get(kind, "")) or []
    known = asset.raw.get(CRS) or [_USUAL_CRS]
    chosen = crs if crs in known else known[0]
    styles = asset.raw.get(STYLES) or [""]
    matrix_sets = asset.raw.get(MATRIX_SETS) or {}
    if not kind or (kind != "xyz" and not layers) or (kind == "wmts" and chosen not in matrix_sets):
        raise InputError(
            translate("Dbar", "“{name}” does not say which layer of which service it is."),
            name=asset.title or asset.key,
        )
    pairs: list[tuple[str, object]]
    if kind == "xyz":
        zoom = zip(("zmin", "zmax"), asset.raw.get(ZOOM) or (), strict=False)
        pairs = [("type", "xyz"), ("crs", _USUAL_CRS), *zoom]
    elif kind == "wmts":
        pairs = [
            ("crs", chosen),
            ("format", asset.media_type or _USUAL_FORMAT),
            ("layers", layers[0]),
            ("styles", styles[0]),
            ("tileMatrixSet", matrix_sets[chosen]),
        ]
    else:
        pairs = [("crs", chosen), ("format", asset.media_type or _USUAL_FORMAT)]
        # QGIS reads them from the last to the first. An empty style is the service's choice.
        pairs += [("layers", layer) for layer in reversed(layers)]
        pairs += [("styles", "")] * len(layers)
    # Without the request, QGIS takes any service for a WMS.
    pairs.append(("url", _capabilities_url(kind, asset.href) if kind == "wmts" else asset.href))
    if authcfg:
        pairs.append(("authcfg", authcfg))
    return "&".join(f"{name}={quote(str(value), safe=_UNQUOTED)}" for name, value in pairs)
