"""Zones over which light and people are summed: polygons, or a raster as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.kernels.joint_tally import JointSums, merged
from dbar_qgis_plugin.pipelines.zone_painting import ZonePainter, zone_painter
from dbar_qgis_plugin.raster_io.drivers.base import Window
from dbar_qgis_plugin.raster_io.grid import Grid
from dbar_qgis_plugin.raster_io.polygons import polygons_from_wkb
from dbar_qgis_plugin.raster_io.progress import Message, message

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_KEYS_AT_ONCE = 1 << 18
_LISTED = 10


@dataclass(frozen=True)
class Zones:
    """The zones of a run, as plain values.

    names : one per zone
    wkb : valid 2D polygons, None or empty = without geometry; None instead of the sequence: all of
        a raster is one zone
    crs : WKT of the polygons
    total : name of the row of all zones together
    """

    names: Sequence[str] = ("",)
    wkb: Sequence[bytes | None] | None = None
    crs: str = ""
    total: str = ""

    @property
    def count(self) -> int:
        """Number of zones."""
        return len(self.names)

    @property
    def row_names(self) -> list[str]:
        """Names of a table's rows: the zones, and all of them together where they are polygons."""
        return [*self.names, *([self.total] if self.wkb is not None else [])]

    def on(self, grid: Grid, raster_name: str) -> ZoneCodes:
        """Lay the zones over a grid.

        Raises
        ------
        InputError
            If there is no zone, or none of them lies on the grid.
        """
        if self.wkb is None:
            return ZoneCodes(None)
        if not self.wkb:
            raise InputError(
                translate("Dbar", "The zone layer has no features. Choose another layer.")
            )
        painter = zone_painter(polygons_from_wkb(self.wkb, self.crs), grid)
        if painter.zone.size == 0:
            raise InputError(
                translate(
                    "Dbar",
                    "No zone overlaps the raster {name}. Check the CRS of the zone layer and of "
                    "the raster, and that both show the same region.",
                ),
                name=raster_name,
            )
        return ZoneCodes(painter)

    def with_total(self, sums: Int64) -> Int64:
        """Add to sums [.., zones] those of all zones, where the zones are polygons."""
        if self.wkb is None:
            return sums
        return np.concatenate((sums, sums.sum(axis=-1, keepdims=True)), axis=-1)

    def flags(self, codes: ZoneCodes, with_data: Bools) -> list[str]:
        """Tell per row of a table why its figures are missing, or in part only."""
        found: list[list[str]] = [[] for _ in self.names]
        painter = codes.painter
        if painter is not None and self.wkb is not None:
            found = painter.flags(self.wkb)
        for zone in np.flatnonzero(~with_data).tolist():
            if not found[zone] or found[zone] == ["OVERLAP"]:
                found[zone].append("NO_DATA")
        lines = [";".join(flags) for flags in found]
        return lines + [""] * (len(self.row_names) - len(lines))


@dataclass(frozen=True, eq=False)
class ZoneCodes:
    """Which zone each cell of a grid lies in; a value, which pickles."""

    painter: ZonePainter | None

    def paint(self, window: Window) -> NDArray[np.int32]:
        """Numbers of the zones of a window's cells, from 1; 0 outside all zones."""
        if self.painter is None:
            return np.ones((window.height, window.width), dtype=np.int32)
        return self.painter.paint(window) + np.int32(1)


def flag_warnings(zones: Zones, flags: Sequence[str]) -> list[Message]:
    """Say which zones have figures that are missing, or in part only."""
    lines: list[Message] = []
    for code, text in (
        ("NO_GEOMETRY", translate("Dbar", "Zones without a geometry ({count}): {names}")),
        ("OUTSIDE", translate("Dbar", "Zones outside the raster ({count}): {names}")),
        ("PARTLY_OUTSIDE", translate("Dbar", "Zones partly outside the raster ({count}): {names}")),
        ("TOO_SMALL", translate("Dbar", "Zones that hold no cell's centre ({count}): {names}")),
        (
            "OVERLAP",
            translate(
                "Dbar",
                "Zones that overlap others; shared cells count in the first ({count}): {names}",
            ),
        ),
        ("NO_DATA", translate("Dbar", "Zones without data ({count}): {names}")),
    ):
        rows = zip(zones.names, flags, strict=False)
        chosen = [name for name, found in rows if code in found.split(";")]
        if chosen and zones.wkb is not None:
            more = ", …" if len(chosen) > _LISTED else ""
            lines.append(message(text, count=len(chosen), names=", ".join(chosen[:_LISTED]) + more))
    return lines


@dataclass
class JointCollector:
    """Adds up the joint sums of blocks."""

    parts: list[JointSums] = field(default_factory=list)
    waiting: int = 0

    def add(self, found: JointSums) -> None:
        """Add the sums of a block."""
        self.parts.append(found)
        self.waiting += found.keys.size
        if self.waiting > _KEYS_AT_ONCE:
            self.parts = [merged(self.parts)]
            self.waiting = 0

    def by_first(self, size: int, other: int) -> list[tuple[Int64, Int64]]:
        """Return the sums over two dimensions by the codes of the first.

        Per code of the first, of which there are `size`: the codes of the other that occur with it,
        increasing, and their sums [weights, codes].
        """
        sums = merged(self.parts)
        borders = np.searchsorted(sums.keys, np.arange(size + 1) * other)
        return [
            (sums.keys[begin:end] % other, sums.sums[:, begin:end])
            for begin, end in pairwise(borders.tolist())
        ]

    def dense(self, sizes: Sequence[int]) -> Int64:
        """Return all sums, int64 [weights, *sizes]."""
        sums = merged(self.parts)
        table = np.zeros((sums.sums.shape[0], int(np.prod(sizes))), dtype=np.int64)
        table[:, sums.keys] = sums.sums
        return table.reshape(-1, *sizes)
