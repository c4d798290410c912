"""Small rasters and polygons made from arrays, for tests of what reads them."""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS

DRIVERS = [
    "rasterio",
    pytest.param(
        "gdal",
        marks=pytest.mark.skipif(find_spec("osgeo") is None, reason="osgeo.gdal is not installed"),
    ),
]

# Those that are here, to be compared with each other in one test.
DRIVER_NAMES = ["rasterio", "gdal"] if find_spec("osgeo") else ["rasterio"]

UTM_18N = "EPSG:32618"


def write_raster(
    path: Path,
    values,
    *,
    crs: str | None = UTM_18N,
    origin=(600_000.0, 1_200_000.0),
    cell=(100.0, -100.0),
    nodata=None,
    descriptions=(),
    scales=None,
    offsets=None,
    mask=None,
    **options,
) -> str:
    """Write an array [bands, height, width] or [height, width] as a GeoTIFF with rasterio."""
    layers = np.atleast_3d(values) if np.ndim(values) == 3 else np.asarray(values)[np.newaxis]
    count, height, width = layers.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=count,
        height=height,
        width=width,
        dtype=layers.dtype,
        crs=CRS.from_user_input(crs) if crs else None,
        transform=rasterio.Affine(cell[0], 0.0, origin[0], 0.0, cell[1], origin[1]),
        nodata=nodata,
        **options,
    ) as dataset:
        dataset.write(layers)
        for band, description in enumerate(descriptions, start=1):
            dataset.set_band_description(band, description)
        if scales is not None:
            dataset.scales = scales
            dataset.offsets = offsets
        if mask is not None:
            dataset.write_mask(mask)
    return str(path)


def polygon_wkb(*rings) -> bytes:
    """Well-known binary of a polygon; the first ring is the outline, the others are holes."""
    parts = [struct.pack("<BII", 1, 3, len(rings))]
    for ring in rings:
        points = np.asarray(ring, dtype="<f8")
        parts += [struct.pack("<I", len(points)), points.tobytes()]
    return b"".join(parts)


def multipolygon_wkb(*polygons: bytes) -> bytes:
    """Well-known binary of a multipolygon from that of its polygons."""
    return struct.pack("<BII", 1, 6, len(polygons)) + b"".join(polygons)


def box(west, south, east, north):
    """Ring of a rectangle."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def star(x, y, radius, points=40, depth=0.3, phase=0.0):
    """Ring of an outline that is neither convex nor aligned to anything."""
    angle = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    distance = radius * (1.0 + depth * np.sin(5.0 * angle + phase))
    ring = np.column_stack((x + distance * np.cos(angle), y + distance * np.sin(angle)))
    return np.vstack((ring, ring[:1]))
