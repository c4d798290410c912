"""What a server refuses of a search, done on this side instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dbar_qgis_plugin.catalog.adapters.base import Page
from dbar_qgis_plugin.catalog.transport import HttpError
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import message

# What a server answers that cannot do what it was asked, whatever it has announced.
_REFUSALS: Final = (400, 422, 500, 501)


def or_here(
    pages: Iterator[Page], otherwise: Callable[[], Iterator[Page]] | None
) -> Iterator[Page]:
    """Give the pages of a search; those of a simpler one, and a note, if the server refuses it.

    otherwise : gives the simpler search, None if there is none
    """
    try:
        first = next(pages, None)
    except HttpError as error:
        if otherwise is None or error.status not in _REFUSALS:
            raise
        note = message(
            translate(
                "Dbar",
                "The server refused a part of the search, which was done here instead: {words}",
            ),
            words=error.values.get("words", ""),
        )
        pages = otherwise()
        first = next(pages, None)
        first = first and first._replace(notes=(note, *first.notes))
    if first is not None:
        yield first
        yield from pages
