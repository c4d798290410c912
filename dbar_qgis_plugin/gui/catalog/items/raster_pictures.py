"""Small pictures of rasters on this computer, drawn as QGIS shows them."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Final

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QBuffer, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage

from dbar_qgis_plugin.catalog.adapters.documents import local_path
from dbar_qgis_plugin.catalog.previews import PreviewStore
from dbar_qgis_plugin.catalog.rasters import looking
from dbar_qgis_plugin.catalog.transport import IsCancelled
from dbar_qgis_plugin.errors import Cancelled, InputError, translate

_SIDE: Final = 256  # pixels, for screens of any density
_MOST_CELLS: Final = 200_000_000  # that are read for a picture, where there are no overviews


class RasterPictures:
    """Draws one raster at a time, and keeps what it has drawn until the file changes.

    For threads: QGIS lets the others go on while it opens and draws.
    """

    def __init__(self, store: PreviewStore) -> None:
        self._store = store
        self._turn = Lock()

    def picture(self, href: str, is_cancelled: IsCancelled) -> bytes:
        """Return the picture of a file.

        Raises
        ------
        Cancelled
            If nobody waits for it any more.
        InputError
            If there is none.
        """
        path = local_path(href)
        with self._turn:
            if is_cancelled():
                raise Cancelled
            with looking():
                return self._store.drawn(_state_of(path), lambda: _drawn(path))


def _state_of(path: Path) -> str:
    """Name all that the picture of a raster depends on."""
    parts = [str(path)]
    for one in (path, path.with_suffix(".qml")):
        if one.is_file():
            facts = one.stat()
            parts.append(f"{facts.st_size} {facts.st_mtime_ns}")
    return "\n".join(parts)


def _drawn(path: Path) -> bytes:
    layer = QgsRasterLayer(str(path), path.stem, "gdal")
    if not layer.isValid():
        raise _no_picture()
    width, height = layer.width(), layer.height()
    if width * height > _MOST_CELLS and not layer.dataProvider().hasPyramids():
        raise _no_picture()
    size = QSize(width, height).scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    image = layer.previewAsImage(
        size.expandedTo(QSize(1, 1)),
        QColor(Qt.GlobalColor.transparent),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):
        raise _no_picture()
    return bytes(buffer.data())


def _no_picture() -> InputError:
    return InputError(translate("Dbar", "The preview is no picture that can be shown."))
