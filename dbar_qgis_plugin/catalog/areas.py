"""The box of an area on the round Earth."""

from __future__ import annotations

from collections.abc import Iterable

from dbar_qgis_plugin.catalog.model import Box, Raw, geometry_box


def box_around(geometry: Raw) -> Box | None:
    """Return the narrowest box around a GeoJSON geometry, None where it has no coordinates.

    Its parts lie within -180 to 180 degrees; the box goes over 180 (west > east) where that makes
    it narrower, as for the islands of Fiji.
    """
    boxes = [box for box in map(geometry_box, _parts(geometry)) if box is not None]
    if not boxes:
        return None
    west, east = _narrowest([(box[0], box[2]) for box in boxes])
    return west, min(box[1] for box in boxes), east, max(box[3] for box in boxes)


def _parts(geometry: Raw) -> Iterable[Raw]:
    if geometry.get("type") == "MultiPolygon":
        return ({"coordinates": part} for part in geometry.get("coordinates") or ())
    return (geometry,)


def _narrowest(spans: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the ends of what is left of the circle without its widest gap."""
    ordered = sorted(spans)
    joined = [ordered[0]]
    for west, east in ordered[1:]:
        if west <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], east))
        else:
            joined.append((west, east))
    following = [*joined[1:], (joined[0][0] + 360.0, 0.0)]
    gaps = [after[0] - before[1] for before, after in zip(joined, following, strict=True)]
    widest = max(range(len(gaps)), key=lambda number: (gaps[number], number))
    if widest == len(gaps) - 1:
        return joined[0][0], joined[-1][1]
    return joined[widest + 1][0], joined[widest][1]
