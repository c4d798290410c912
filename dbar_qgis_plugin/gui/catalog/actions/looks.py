"""How layers of items look and what they tell: names, styles, dates, terms; and where they go."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from qgis.core import (
    QgsAbstractMetadataBase,
    QgsColorRampShader,
    QgsCoordinateReferenceSystem,
    QgsLayerMetadata,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
)
from qgis.PyQt.QtXml import QDomDocument

from dbar_qgis_plugin.about import PLUGIN_FOLDER
from dbar_qgis_plugin.algorithms.rasters import ITEM_ADDRESS, RasterClass, set_dates, style_classes
from dbar_qgis_plugin.catalog.local.documents import RIGHTS
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.catalog.roles import roles_of
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice, Opening

# Custom properties of layers, saved with the project.
ITEM: Final = "dbar/catalog/item"  # connection, collection, item and asset, as JSON
UNSIGNED: Final = "dbar/catalog/unsigned"  # what the source is without its signature
_STYLES: Final = PLUGIN_FOLDER / "resources" / "styles"
# Styles of quantities, for values in the unit that each is made for.
_PRESETS: Final = {
    "builtup": ("builtup_fraction", ("1", "fraction")),
    "population": ("population_count", ("count", "persons")),
    "soc_stock": ("soc_stock", ("t/ha",)),
}
_CLASSES: Final = "classification:classes"


def dress(layer: QgsMapLayer, choice: Choice, opening: Opening) -> None:
    """Name, date, describe and style a layer of an asset."""
    item, asset = choice.item, choice.asset
    layer.setCustomProperty(ITEM, json.dumps([*item.key, asset.key], ensure_ascii=False))
    link = item.link("via", "canonical", "self")
    if link is not None:
        layer.setCustomProperty(ITEM_ADDRESS, link.href)
    if opening.unsigned:
        layer.setCustomProperty(UNSIGNED, opening.unsigned)
    layer.setMetadata(_metadata(item, layer.metadata()))
    _set_crs(layer, item, asset)
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return
    _set_nodata(layer, asset)
    if not _style_as_told(layer, opening.style):
        _style(layer, item, asset)
    if item.begin is not None or item.end is not None:  # after the style, which may have none
        begin, end = item.begin or item.end, item.end or item.begin
        set_dates(layer, begin.date(), end.date())


def place(layers: Sequence[QgsMapLayer], title: str) -> None:
    """Put layers into the project, in the group of their collection, the last one on top."""
    project = QgsProject.instance()
    root = project.layerTreeRoot()
    group = root.findGroup(title) if title else root
    if group is None:
        group = QgsLayerTreeGroup(title)
        root.insertChildNode(0, group)
        group = root.findGroup(title)
    for layer in layers:
        project.addMapLayer(layer, False)
        group.insertLayer(0, layer)


def item_names(layer: QgsMapLayer) -> tuple[str, str, str, str] | None:
    """Return connection, collection, item and asset that a layer shows; None if it is no such."""
    try:
        names = json.loads(layer.customProperty(ITEM, "") or "null")
    except ValueError:
        return None
    if not isinstance(names, list) or len(names) != 4:
        return None
    return tuple(map(str, names))


def shown_layer(choice: Choice) -> QgsMapLayer | None:
    """Return the layer of the project that shows an asset; None if there is none."""
    names = (*choice.item.key, choice.asset.key)
    for layer in QgsProject.instance().mapLayers().values():
        is_signed = bool(layer.customProperty(UNSIGNED))
        if layer.isValid() and not is_signed and item_names(layer) == names:
            return layer
    return None


def _metadata(item: Item, metadata: QgsLayerMetadata) -> QgsLayerMetadata:
    properties = item.properties
    metadata.setIdentifier(item.id)
    metadata.setParentIdentifier(item.collection)
    metadata.setTitle(item.title or item.id)
    metadata.setType("dataset")
    metadata.setAbstract(_text(properties.get("description")))
    metadata.setLicenses([text for text in (_text(properties.get("license")),) if text])
    rights = [_text(properties.get(RIGHTS)), _text(properties.get("attribution"))]
    rights += [_text(provider.get("name")) for provider in _mappings(properties.get("providers"))]
    metadata.setRights([text for text in dict.fromkeys(rights) if text])
    links = []
    for rel in ("via", "canonical", "self", "license", "about", "cite-as"):
        found = item.link(rel)
        if found is not None:
            link = QgsAbstractMetadataBase.Link(found.title or rel, "WWW:LINK", found.href)
            link.mimeType = found.media_type
            links.append(link)
    metadata.setLinks(links)
    return metadata


def _set_crs(layer: QgsMapLayer, item: Item, asset: Asset) -> None:
    """Set the CRS that the item names, where the file holds none."""
    if layer.crs().isValid():
        return
    facts = {**item.properties, **asset.raw}
    code = facts.get("proj:code") or facts.get("proj:epsg")
    text = f"EPSG:{code}" if isinstance(code, int) else _text(code)
    crs = QgsCoordinateReferenceSystem(text or _text(facts.get("proj:wkt2")))
    if crs.isValid():
        layer.setCrs(crs)


def _set_nodata(layer: QgsRasterLayer, asset: Asset) -> None:
    """Set the no-data value that the item names, where the file holds none."""
    provider = layer.dataProvider()
    for number, band in enumerate(_bands(asset), start=1):
        value = band.get("nodata", asset.raw.get("nodata"))
        if number > layer.bandCount() or provider.sourceHasNoDataValue(number):
            continue
        if isinstance(value, int | float):
            provider.setUserNoDataValue(number, [QgsRasterRange(value, value)])


def _style_as_told(layer: QgsRasterLayer, style: str) -> bool:
    """Give a layer the symbols of a style, and nothing else of it; tell whether it fits."""
    document = QDomDocument()
    if not style or not document.setContent(style)[0]:
        return False
    return bool(layer.importNamedStyle(document, QgsMapLayer.StyleCategory.Symbology)[0])


def _style(layer: QgsRasterLayer, item: Item, asset: Asset) -> None:
    if _has_own_style(layer):
        return
    classes = _classes(asset)
    if classes:
        style_classes(layer, classes)
    elif not _style_by_render(layer, item, asset):
        _style_by_role(layer, item, asset)


def _has_own_style(layer: QgsRasterLayer) -> bool:
    """Tell whether a style lies beside the file, which QGIS has then loaded, or in its colours."""
    path = Path(layer.source().partition("|")[0])
    return layer.renderer().type() == "paletted" or path.with_suffix(".qml").is_file()


def _classes(asset: Asset) -> list[RasterClass]:
    """Return the classes that the first band names (classification extension)."""
    band = next(iter(_bands(asset)), {})
    found = []
    for entry in _mappings(asset.raw.get(_CLASSES) or band.get(_CLASSES)):
        value, colour = (
            entry.get("value"),
            _text(entry.get("color_hint") or entry.get("color-hint")),
        )
        name = _text(entry.get("title") or entry.get("description") or entry.get("name"))
        if isinstance(value, int) and colour:
            found.append(RasterClass(value, f"#{colour.lstrip('#')}", name or str(value)))
    return found


def _style_by_render(layer: QgsRasterLayer, item: Item, asset: Asset) -> bool:
    """Style a single band as the render extension says; tell whether it does."""
    renders = item.properties.get("renders")
    for render in renders.values() if isinstance(renders, Mapping) else ():
        if not isinstance(render, Mapping) or asset.key not in (render.get("assets") or ()):
            continue
        span = _span(render.get("rescale"))
        ramp = _ramp(_text(render.get("colormap_name")))
        if layer.bandCount() == 1 and span is not None and ramp is not None:
            renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1)
            renderer.setClassificationMin(span[0])
            renderer.setClassificationMax(span[1])
            renderer.createShader(ramp, QgsColorRampShader.Type.Interpolated)
            layer.setRenderer(renderer)
            return True
    return False


def _style_by_role(layer: QgsRasterLayer, item: Item, asset: Asset) -> None:
    band = next(iter(_bands(asset)), {})
    unit = _text(band.get("unit") or asset.raw.get("unit"))
    for role in roles_of(item, asset):
        style, units = _PRESETS.get(role, ("", ()))
        if unit in units:
            layer.loadNamedStyle(str(_STYLES / f"{style}.qml"))
            return


def _ramp(name: str) -> Any:
    """Return the colours that QGIS has under a name, whatever its case; None if there are none."""
    style = QgsStyle.defaultStyle()
    reverse = name.lower().endswith("_r")
    wanted = name.lower().removesuffix("_r")
    for known in style.colorRampNames():
        if wanted and known.lower() == wanted:
            ramp = style.colorRamp(known)
            if reverse:
                ramp.invert()
            return ramp
    return None


def _span(rescale: Any) -> tuple[float, float] | None:
    first = rescale[0] if isinstance(rescale, list) and rescale else None
    if not isinstance(first, list) or len(first) != 2:
        return None
    if not all(isinstance(value, int | float) for value in first) or first[0] >= first[1]:
        return None
    return float(first[0]), float(first[1])


def _bands(asset: Asset) -> list[Mapping[str, Any]]:
    return list(_mappings(asset.raw.get("bands") or asset.raw.get("raster:bands")))


def _mappings(raw: Any) -> list[Mapping[str, Any]]:
    return [part for part in raw if isinstance(part, Mapping)] if isinstance(raw, list) else []


def _text(raw: Any) -> str:
    return raw if isinstance(raw, str) else ""
