"""Layers whose addresses are signed: projects hold none of the signatures, and get new ones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Final

from qgis.core import (
    Qgis,
    QgsDataProvider,
    QgsMapLayer,
    QgsMessageLog,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer
from qgis.PyQt.QtXml import QDomDocument, QDomElement

from dbar_qgis_plugin.catalog.model import Asset, Item, parse_item
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.looks import UNSIGNED, item_names
from dbar_qgis_plugin.gui.catalog.actions.opening import CURL, Choice, Opening, open_layers
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

# Shorter than the time by which signatures are asked for before their end.
_RENEWAL_MS: Final = 4 * 60 * 1000


class SignedLayers(QObject):
    """Watches over the layers of the project whose addresses are signed."""

    def __init__(self, session: CatalogSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers = count()
        self._project = QgsProject.instance()
        self._project.writeMapLayer.connect(write_unsigned)
        self._project.writeProject.connect(write_tree_unsigned)
        self._project.readProject.connect(self.sign_again)
        self._timer = QTimer(self)
        self._timer.setInterval(_RENEWAL_MS)
        self._timer.timeout.connect(self.renew)
        self._timer.start()
        self.sign_again()

    def close(self) -> None:
        """Stop watching; while there is a signature in the project, none is written still."""
        self._timer.stop()
        self._project.readProject.disconnect(self.sign_again)
        if not list(_signed_layers()):
            self._project.writeMapLayer.disconnect(write_unsigned)
            self._project.writeProject.disconnect(write_tree_unsigned)

    def sign_again(self, _document: QDomDocument | None = None) -> None:
        """Sign the addresses of layers that were saved without their signatures."""
        for layer in _signed_layers():
            if layer.source() == layer.customProperty(UNSIGNED):
                self._sign(layer)

    def renew(self) -> None:
        """Sign addresses anew whose signatures end soon; one that holds on is not asked for."""
        library = self._session.library
        for layer in _signed_layers():
            names = item_names(layer)
            if names is not None and library.signs(names[0], names[1]):
                self._sign(layer)

    def _sign(self, layer: QgsMapLayer) -> None:
        names, source = item_names(layer), str(layer.customProperty(UNSIGNED))
        if names is None:
            return
        identity, title, provider = layer.id(), layer.name(), layer.providerType()
        present = layer.source()
        library = self._session.library
        before = CURL if source.startswith(CURL) else ""

        def work(control: Control) -> str:
            connection, *of_item = names
            href = library.signed_anew(
                source.removeprefix(CURL), connection, tuple(of_item), control.is_cancelled
            )
            signed = f"{before}{href}" if href else ""
            if signed == present:
                return ""
            if signed:
                # GDAL keeps what it reads here: the window need not wait for the network.
                opening = Opening(signed, provider)
                open_layers(Choice(_item(names), Asset(of_item[2], href)), opening)
            return signed

        def done(signed: str) -> None:
            found = self._project.mapLayer(identity)
            if found is not None and signed:
                options = QgsDataProvider.ProviderOptions()
                found.setDataSource(signed, title, provider, options)
                found.triggerRepaint()

        text = QCoreApplication.translate("Dbar", "Signing the address of {name}")
        self._session.jobs.start(
            f"signature {next(self._numbers)}", text.format(name=title), work, done, self._failed
        )

    def _failed(self, error: DbarError) -> None:
        QgsMessageLog.logMessage(in_words(error), "DBAR", Qgis.MessageLevel.Warning)


def write_unsigned(layer: QgsMapLayer, element: QDomElement, _document: QDomDocument) -> None:
    """Write a layer without the signature of its address; QGIS calls it at each save."""
    unsigned = str(layer.customProperty(UNSIGNED) or "")
    if unsigned:
        element.firstChildElement("datasource").firstChild().toText().setData(unsigned)


def write_tree_unsigned(document: QDomDocument) -> None:
    """Write the same into the tree of layers, which names their sources as well."""
    unsigned = {layer.id(): str(layer.customProperty(UNSIGNED)) for layer in _signed_layers()}
    nodes = document.elementsByTagName("layer-tree-layer")
    for number in range(nodes.count()):
        node = nodes.at(number).toElement()
        source = unsigned.get(node.attribute("id"))
        if source is not None:
            node.setAttribute("source", source)


def _signed_layers() -> Iterable[QgsMapLayer]:
    for layer in QgsProject.instance().mapLayers().values():
        if layer.customProperty(UNSIGNED):
            yield layer


def _item(names: tuple[str, str, str, str]) -> Item:
    connection, collection, identity, _ = names
    return parse_item({"id": identity, "collection": collection}, source=connection)
