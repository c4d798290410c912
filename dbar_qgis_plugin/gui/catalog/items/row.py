"""An item as the windows show it: what people want to know of it, worked out when it is asked."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import Final

from qgis.PyQt.QtCore import QCoreApplication, QLocale

from dbar_qgis_plugin.catalog import facts
from dbar_qgis_plugin.catalog.access import Form, form_of, local_files, main_asset
from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.gui.catalog.jobs import in_words, size_in_words

_WORKED_OUT: Final = (
    *("title", "date", "cloud", "resolution", "sensor"),
    *("size", "licence", "preview", "drawn", "outline"),
)


class ItemState(Enum):
    """Where the files of an item are."""

    REMOTE = "remote"
    STREAMING = "streaming"  # shown on the map from afar
    DOWNLOADING = "downloading"
    LOCAL = "local"


class Row:
    """An item, and what is shown of it.

    Parameters
    ----------
    item : Item
        The item.
    coverage : float, optional
        Share of the search's area that it covers, None if there is no such area.
    """

    def __init__(self, item: Item, coverage: float | None = None) -> None:
        self.item = item
        self.coverage = coverage
        self.state = ItemState.LOCAL if lies_here(item) else ItemState.REMOTE

    @cached_property
    def title(self) -> str:
        """Its name for people."""
        return facts.title_of(self.item) or QCoreApplication.translate("Dbar", "Without a name")

    @cached_property
    def date(self) -> str:
        """Its day, or the first and the last one, in the user's way of writing them."""
        ends = [end.date() for end in (self.item.begin, self.item.end) if end is not None]
        locale = QLocale()
        form = locale.dateFormat(QLocale.FormatType.ShortFormat)
        if "yyyy" not in form:  # which century is not left to guess
            form = form.replace("yy", "yyyy")
        written = [locale.toString(end, form) for end in ends]
        return " – ".join(dict.fromkeys(written))

    @cached_property
    def cloud(self) -> float | None:
        """Percent under clouds."""
        return facts.cloud_cover(self.item)

    @cached_property
    def resolution(self) -> float | None:
        """Size of its cells on the ground, in metres."""
        return facts.resolution(self.item)

    @cached_property
    def sensor(self) -> str:
        """What it was taken with."""
        return facts.sensor(self.item)

    @cached_property
    def size(self) -> int | None:
        """Bytes of its data."""
        return facts.data_size(self.item)

    @cached_property
    def licence(self) -> str:
        """Its licence."""
        return facts.licence(self.item)

    @cached_property
    def preview(self) -> facts.Preview | None:
        """The small picture that its catalog has of it."""
        return facts.preview(self.item)

    @cached_property
    def drawn(self) -> str:
        """Address of the raster of My data that a picture is drawn of, "" if there is no need."""
        main = main_asset(self.item) if self.item.source == MY_DATA else None
        if main is None or self.preview is not None or form_of(main) is not Form.RASTER:
            return ""
        return main.href if main.scheme == "file" else ""

    @property
    def picture(self) -> str:
        """Address of what its card shows a picture of, "" for none."""
        return self.preview.href if self.preview is not None else self.drawn

    @cached_property
    def outline(self) -> list[facts.Polygon]:
        """Where it lies."""
        return facts.outline(self.item)

    def warm(self) -> None:
        """Work out what cards show, in a thread: the window need not then."""
        for name in _WORKED_OUT:
            getattr(self, name)

    @property
    def problems(self) -> str:
        """What is wrong with it, a line each."""
        return "\n".join(map(in_words, self.item.problems))

    def cloud_text(self) -> str:
        """How much is under clouds, in words."""
        if self.cloud is None:
            return ""
        return QCoreApplication.translate("Dbar", "{share} % cloud").format(
            share=number_text(self.cloud)
        )

    def resolution_text(self) -> str:
        """Size of its cells with the unit."""
        return "" if self.resolution is None else f"{number_text(self.resolution)} m"

    def size_text(self) -> str:
        """Size of its data with the unit."""
        return "" if self.size is None else size_in_words(self.size)

    def coverage_text(self) -> str:
        """How much of the search's area it covers; none of it is never rounded to, nor all."""
        if self.coverage is None:
            return ""
        percent = 100.0 * self.coverage
        shown = min(max(round(percent), 1), 99) if 0.0 < percent < 99.95 else round(percent)
        return f"{shown} %"


def lies_here(item: Item) -> bool:
    """Tell whether an item's own catalog has its data on this computer."""
    return item.source == MY_DATA or bool(local_files(item))


def state_text(state: ItemState) -> str:
    """Name a state for people."""
    translate = QCoreApplication.translate
    return {
        ItemState.REMOTE: translate("Dbar", "remote"),
        ItemState.STREAMING: translate("Dbar", "on the map"),
        ItemState.DOWNLOADING: translate("Dbar", "downloading"),
        ItemState.LOCAL: translate("Dbar", "local"),
    }[state]


def number_text(number: float) -> str:
    """Write a number in the user's way, without digits that say nothing."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(number, "f", 0 if number == round(number) else 1)
