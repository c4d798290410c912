"""Fill values that a raster of light does not state as its no-data value are told of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.blocks import BlockContext, map_blocks
from dbar_qgis_plugin.raster_io.progress import Message, message
from dbar_qgis_plugin.raster_io.sink import RasterSink
from dbar_qgis_plugin.raster_io.source import Block, RasterSource

Float64 = NDArray[np.float64]
BlockFunction = Callable[[list[Block], BlockContext, Any], Sequence[Any]]

_FILL: Final = 65535
_LISTED = 10


def map_light_blocks(
    function: BlockFunction,
    sources: Sequence[RasterSource],
    sinks: Sequence[RasterSink],
    parameters: Any,
    *,
    tally: Callable[[Any], None],
    lights: int = 1,
    **options: Any,
) -> list[Message]:
    """Run `map_blocks`, of whose sources the first `lights` are of light.

    Returns
    -------
    list of Message
        Those of `fill_warnings`.
    """
    largest = [np.full(len(source.bands), -np.inf) for source in sources[:lights]]

    def add(found: tuple[Any, list[NDArray[Any]]]) -> None:
        rest, maxima = found
        tally(rest)
        for known, new in zip(largest, maxima, strict=True):
            np.maximum(known, new, out=known)

    map_blocks(_light_block, sources, sinks, (function, parameters, lights), tally=add, **options)
    return fill_warnings(sources[:lights], largest)


def _light_block(
    blocks: list[Block], context: BlockContext, parameters: tuple[BlockFunction, Any, int]
) -> list[Any]:
    function, given, lights = parameters
    maxima = [block.values.max(axis=(1, 2)) for block in blocks[:lights]]
    *arrays, rest = function(blocks, context, given)
    return [*arrays, (rest, maxima)]


def fill_warnings(sources: Sequence[RasterSource], largest: Sequence[Float64]) -> list[Message]:
    """Warn where what looks like a fill value was taken for light.

    Parameters
    ----------
    sources : sequence of RasterSource
    largest : sequence of float64 ndarray [bands] or [bands, parts]
        For each source the largest value of its bands, in any parts of the raster.
    """
    names = dict.fromkeys(
        source.name
        for source, found in zip(sources, largest, strict=True)
        if _is_filled(source, found)
    )
    if not names:
        return []
    return [
        message(
            translate(
                "Dbar",
                "{names}: cells hold {fill}, which stands for no data in Black Marble and others, "
                "but the raster does not say so, and they count as light. Set it as the raster's "
                "no-data value, then run again.",
            ),
            names=", ".join(list(names)[:_LISTED]) + (", …" if len(names) > _LISTED else ""),
            fill=_FILL,
        )
    ]


def _is_filled(source: RasterSource, largest: Float64) -> bool:
    info = source.info
    for band, found in zip(source.bands, largest, strict=True):
        fill = _FILL * info.scales[band - 1] + info.offsets[band - 1]
        if info.nodata[band - 1] is None and np.any(np.abs(found - fill) < 1e-6 * fill):
            return True
    return False
