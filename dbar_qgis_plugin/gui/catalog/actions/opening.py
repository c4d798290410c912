"""What QGIS opens for an asset; runs in the background, and hands layers to the window."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsMapLayer,
    QgsPointCloudLayer,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.catalog.access import Access, Form, Kind, form_of
from dbar_qgis_plugin.catalog.adapters.as_items import LAYERS
from dbar_qgis_plugin.catalog.adapters.documents import local_path
from dbar_qgis_plugin.catalog.adapters.ows import Ows, map_kind, provider_uri, whole_layer
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.catalog.rasters import reading
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.signing import unsigned
from dbar_qgis_plugin.catalog.transport import IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, translate

_log = logging.getLogger(__name__)

CURL: Final = "/vsicurl/"
_RASTERS: Final = (".tif", ".tiff", ".vrt", ".jp2")


@dataclass(frozen=True)
class Choice:
    """An asset that the user wants, of its item."""

    item: Item
    asset: Asset

    @property
    def title(self) -> str:
        """Name of its layer."""
        day = "" if self.item.begin is None else str(self.item.begin.date())
        name = self.asset.title or self.asset.key
        return " ".join(part for part in (self.item.collection, day, name) if part)


@dataclass(frozen=True)
class Opening:
    """What QGIS opens.

    unsigned : the source without its signature, "" if it has none
    style : that the item has for it, as QGIS writes styles; "" if there is none
    """

    source: str
    provider: str = ""
    unsigned: str = ""
    style: str = ""


def opening_of(
    choice: Choice,
    access: Access,
    library: Library,
    *,
    crs: str = "",
    is_cancelled: IsCancelled = never,
) -> Opening:
    """Say what QGIS opens for an asset; it may ask the network.

    Raises
    ------
    DbarError
        If a layer of a service, or a signature, is not to be had.
    """
    if access.kind is Kind.FILE:
        return Opening(access.href)
    if access.kind is Kind.LAYER:
        return _service(choice, access, library, crs, is_cancelled)
    item = choice.item
    href = library.signed(access.href, item.source, item.collection, is_cancelled).href
    plain = unsigned(href)
    return Opening(
        _source(href, access), access.provider, "" if plain == href else _source(plain, access)
    )


def style_of(choice: Choice, library: Library, is_cancelled: IsCancelled = never) -> str:
    """Return the style that an item has for a raster, "" if it has none; it may ask the network.

    A layer does without one that cannot be read.
    """
    item, asset = choice.item, choice.asset
    styles = [one for one in item.assets if "style" in one.roles and one.href.endswith(".qml")]
    rasters = [one for one in item.assets if form_of(one) is Form.RASTER]
    names = {asset.key, Path(asset.title).stem, Path(asset.file_name).stem}
    own = [one for one in styles if one.key in names or len(rasters) == 1]
    if not own or asset not in rasters:
        return ""
    try:
        if own[0].scheme == "file":
            return local_path(own[0].href).read_text(encoding="utf-8")
        http = library.asset_http(item.source)
        href = library.signed(own[0].href, item.source, item.collection, is_cancelled).href
        return http.get(href, accept="*/*", is_cancelled=is_cancelled).body.decode("utf-8")
    except Cancelled:
        raise
    except (DbarError, OSError, UnicodeDecodeError) as error:
        _log.debug("The style of %s cannot be read: %s", item.id, error)
        return ""


def open_layers(
    choice: Choice, opening: Opening, is_cancelled: IsCancelled = never
) -> list[QgsMapLayer]:
    """Open what a source holds, for the thread of the window.

    Raises
    ------
    InputError
        If QGIS cannot open it.
    Cancelled
        If nobody wants it any more.
    """
    found = _opened(choice, opening)
    valid = [layer for layer in found if layer.isValid()]
    if not valid:
        words = "; ".join(scrubbed(layer.error().summary()) for layer in found)
        raise InputError(
            translate("Dbar", "{name} cannot be opened. {reason}"),
            name=choice.title,
            reason=" ".join(words.split()) or scrubbed(opening.source),
        )
    if is_cancelled():
        raise Cancelled
    window = QCoreApplication.instance().thread()
    for layer in valid:
        layer.moveToThread(window)
    return valid


def _opened(choice: Choice, opening: Opening) -> list[QgsMapLayer]:
    source, provider = opening.source, opening.provider
    if provider == "copc":
        return [QgsPointCloudLayer(source, choice.title, provider)]
    if provider == "WFS":
        return [QgsVectorLayer(source, choice.title, provider)]
    if provider == "gdal":
        with reading(source):
            return [QgsRasterLayer(source, choice.title, provider)]
    if provider:
        return [QgsRasterLayer(source, choice.title, provider)]
    if Path(source).suffix.lower() in _RASTERS or form_of(choice.asset) is Form.RASTER:
        return [QgsRasterLayer(source, choice.title, "gdal")]
    return list(_layers_of_file(choice, source))


def _layers_of_file(choice: Choice, path: str) -> Iterable[QgsMapLayer]:
    """Open every layer of a file that may have several."""
    details = QgsProviderRegistry.instance().querySublayers(path)
    options = QgsProviderSublayerDetails.LayerOptions(QgsCoordinateTransformContext())
    for detail in details:
        layer = detail.toLayer(options)
        if layer is not None:
            more = f" {detail.name()}" if len(details) > 1 else ""
            layer.setName(choice.title + more)
            yield layer


def _service(
    choice: Choice, access: Access, library: Library, crs: str, is_cancelled: IsCancelled
) -> Opening:
    asset, http = choice.asset, library.asset_http(choice.item.source)
    if access.provider == "WFS":
        return Opening(_wfs_uri(asset, access), access.provider)
    if map_kind(asset) != "xyz":
        asset = whole_layer(asset, http, is_cancelled)
    elif "{x}" not in asset.href:  # a document that describes the tiles
        asset = next(Ows(asset.href, "xyz", http).layers(is_cancelled)).assets[0]
    return Opening(provider_uri(asset, authcfg=access.authcfg, crs=crs), access.provider)


def _wfs_uri(asset: Asset, access: Access) -> str:
    layer = str(asset.raw[LAYERS["wfs"]][0])
    pairs = {"typename": layer, "url": access.href, "version": "auto", "authcfg": access.authcfg}
    return " ".join(
        f"{name}='{quote(value, safe=':/?&=%@,;+') if name == 'url' else value}'"
        for name, value in pairs.items()
        if value
    )


def _source(href: str, access: Access) -> str:
    before = CURL if access.provider == "gdal" else ""
    after = f" authcfg='{access.authcfg}'" if access.authcfg else ""
    return f"{before}{href}{after}"
