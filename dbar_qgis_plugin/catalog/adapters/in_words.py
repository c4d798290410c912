"""What a server can do, in words."""

from __future__ import annotations

from collections.abc import Iterator

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message


def in_words(
    *,
    can_filter: bool = False,
    can_sort: bool = False,
    can_text: bool = False,
    can_publish: bool = False,
) -> Iterator[Message]:
    """Say for each ability whether the server has it; all but publishing is done here else."""
    if can_filter:
        yield message(translate("Dbar", "Can filter by property: yes"))
    else:
        yield message(translate("Dbar", "Can filter by property: no, this is done here"))
    if can_sort:
        yield message(translate("Dbar", "Can sort: yes"))
    else:
        yield message(translate("Dbar", "Can sort: no, this is done here"))
    if can_text:
        yield message(translate("Dbar", "Can search for words: yes"))
    else:
        yield message(translate("Dbar", "Can search for words: no, this is done here"))
    if can_publish:
        yield message(translate("Dbar", "Can publish: yes"))
    else:
        yield message(translate("Dbar", "Can publish: no"))
