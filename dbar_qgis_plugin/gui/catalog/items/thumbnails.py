"""The small pictures of the cards: fetched or drawn in threads, for what is in sight."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event
from typing import Final

from qgis.PyQt.QtCore import QBuffer, QByteArray, QObject, QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QImage, QImageReader, QPixmap

from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.net.places import profile_folder
from dbar_qgis_plugin.catalog.previews import PreviewStore
from dbar_qgis_plugin.catalog.transport import IsCancelled
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, translate
from dbar_qgis_plugin.gui.catalog.items.raster_pictures import RasterPictures
from dbar_qgis_plugin.gui.catalog.items.row import Row

_AT_ONCE: Final = 4
_LOOK_MS: Final = 40  # between two looks at what has come
_KEPT: Final = 500  # pictures in memory, some 20 kB each
_MOST_PIXELS: Final = 50_000_000

_log = logging.getLogger(__name__)


@dataclass
class _Wish:
    """A picture that is being fetched, or drawn."""

    href: str
    source: str
    is_drawn: bool  # else fetched
    cancelled: Event = field(default_factory=Event)


class _Fetcher:
    """What the threads share; no object of the window's, of which none may end in a thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._store = PreviewStore(profile_folder() / "previews")
        self._rasters = RasterPictures(self._store)
        self.came: SimpleQueue[tuple[_Wish, QImage | None]] = SimpleQueue()

    def fetch(self, wish: _Wish, side: int) -> None:
        """Fetch or draw one picture, and decode it."""
        image = None
        try:
            if wish.is_drawn:
                image = decoded(self._rasters.picture(wish.href, wish.cancelled.is_set), side)
            else:
                image = self.image(wish.href, wish.source, side, wish.cancelled.is_set)
        except Cancelled:
            return
        except DbarError as error:
            _log.info("%s", error)
        except Exception:
            _log.exception("A preview")
        self.came.put((wish, image))

    def image(self, href: str, source: str, side: int, is_cancelled: IsCancelled) -> QImage:
        """Return a picture of a size."""
        if is_cancelled():
            raise Cancelled
        self._check_place(href, source)
        http = self._library.asset_http(source)
        return decoded(self._store.fetch(href, http, is_cancelled), side)

    def _check_place(self, href: str, source: str) -> None:
        """Refuse a file of this computer that a catalog on the web names."""
        if not href.startswith("file:") or source == MY_DATA:
            return
        if not self._library.connection(source).is_local:
            raise InputError(
                translate("Dbar", "A catalog on the web names a file of this computer.")
            )


class Thumbnails(QObject):
    """Gets the pictures that are wanted, some at a time; what is wanted no more is cancelled.

    Ended by `close`.

    Parameters
    ----------
    library : Library
        Ways to the servers.
    side : int
        Largest width and height of the pictures, in pixels of the screen.
    ratio : float
        Pixels of the screen for each pixel of the window.
    """

    came = pyqtSignal(str)  # address of a picture that is there now

    def __init__(
        self, library: Library, side: int, ratio: float, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._side, self._ratio = side, ratio
        self._fetcher = _Fetcher(library)
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="dbar-preview")
        self._wishes: dict[str, _Wish] = {}
        self._failed: set[str] = set()
        self._fresh: set[str] = set()  # have come since the last look at all
        self.pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._look)

    def want(self, rows: Iterable[Row]) -> None:
        """Fetch the pictures of these rows, and no others."""
        wanted = {row.picture: row for row in rows if row.picture}
        for href in set(self._wishes) - set(wanted):
            self._wishes.pop(href).cancelled.set()
        side = round(self._side * self._ratio)
        for href, row in wanted.items():
            if href in self.pictures and (href in self._fresh or not row.drawn):
                self.pictures.move_to_end(href)
            elif href not in self._wishes and href not in self._failed:
                wish = self._wishes[href] = _Wish(href, row.item.source, bool(row.drawn))
                self._pool.submit(self._fetcher.fetch, wish, side)
                self._clock.start()

    def look_again(self) -> None:
        """Try those again that could not be had, and draw those anew whose file has changed."""
        self._failed.clear()
        self._fresh.clear()

    def image(self, row: Row, side: int, is_cancelled: IsCancelled) -> QImage:
        """Return the picture of a row in another size; for a thread.

        Raises
        ------
        DbarError
            It cannot be fetched, or is no picture.
        """
        href = row.preview.href if row.preview is not None else ""
        return self._fetcher.image(href, row.item.source, side, is_cancelled)

    def close(self) -> None:
        """Stop; nothing waits for the threads."""
        self._clock.stop()
        for wish in self._wishes.values():
            wish.cancelled.set()
        self._wishes.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> None:
        """Take what has come."""
        while not self._fetcher.came.empty():
            self._take(*self._fetcher.came.get_nowait())
        if not self._wishes:
            self._clock.stop()

    def _take(self, wish: _Wish, image: QImage | None) -> None:
        if self._wishes.get(wish.href) is not wish:
            return
        del self._wishes[wish.href]
        if image is None:
            self._failed.add(wish.href)
            return
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self._ratio)
        self.pictures[wish.href] = picture
        self._fresh.add(wish.href)
        while len(self.pictures) > _KEPT:
            self.pictures.popitem(last=False)
        self.came.emit(wish.href)


def decoded(body: bytes, side: int) -> QImage:
    """Return a picture that is at most so wide and high.

    Raises
    ------
    InputError
        It is no picture, or one of too many pixels.
    """
    content = QByteArray(body)
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > _MOST_PIXELS:
            raise _no_picture()
        if max(size.width(), size.height()) > side:
            # JPEG is decoded at an eighth of its size and so on: much faster.
            reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise _no_picture()
    if max(image.width(), image.height()) > side:
        image = image.scaled(
            QSize(side, side),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return image


def _no_picture() -> InputError:
    return InputError(translate("Dbar", "The preview is no picture that can be shown."))
