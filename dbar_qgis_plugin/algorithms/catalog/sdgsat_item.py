"""SDGSAT-1 products as items of My data: an asset per raster, with place, time and terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from dbar_qgis_plugin.catalog.local.documents import ORIGIN, VERSION, iso, restricted
from dbar_qgis_plugin.catalog.local.provenance import item_of_raster
from dbar_qgis_plugin.catalog.local.store import Origin
from dbar_qgis_plugin.catalog.model import geometry_box, parse_moment
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.pipelines.night_light.light_bands import DATE
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import COLOUR, GIU, PAN, Product
from dbar_qgis_plugin.pipelines.night_light.sdgsat_scene import RIGHTS, SceneDescription
from dbar_qgis_plugin.raster_io.progress import Progress

COLLECTION: Final = "sdgsat-1"
_VIEW: Final = "https://stac-extensions.github.io/view/v1.0.0/schema.json"
_KEYS: Final = {COLOUR: "rgb", PAN: "pan"}
_ROLES: Final = {COLOUR: ("night_light",), PAN: ("night_light", "panchromatic")}
_PROVIDER: Final = {
    "name": "International Research Center of Big Data for Sustainable Development Goals (CBAS)",
    "roles": ["producer", "licensor"],
}


def files_of(product: Product) -> dict[str, Path]:
    """Return the files of a product, by the key of their asset: "rgb-a", "pan-b", "metadata"..."""
    files = {
        "-".join(filter(None, (_KEYS.get(raster.kind, "data"), raster.half.lower()))): raster.path
        for raster in product.rasters
    }
    for key, path in (("metadata", product.metadata), ("calibration", product.calibration)):
        if path is not None:
            files[key] = path
    return files


def item_of_product(
    product: Product, scene: SceneDescription, progress: Progress | None = None
) -> dict[str, Any]:
    """Describe a product as a STAC item, without the addresses of its files.

    Raises
    ------
    InputError
        A raster cannot be opened.
    Cancelled
        If the user stops it, within a megabyte of a file.
    """
    progress = progress or Progress()
    name = product.name
    kinds = {raster.path: raster.kind for raster in product.rasters}
    assets: dict[str, Any] = {}
    polygons: list[Any] = []
    codes, extensions = set(), {_VIEW}
    for key, path in files_of(product).items():
        progress.check()
        if path not in kinds:
            assets[key] = {"title": path.name, "type": "application/xml", "roles": ["metadata"]}
        else:
            found = item_of_raster(path, name.scene)
            place = {
                part: value
                for part, value in found["properties"].items()
                if part.startswith("proj:")
            }
            codes.add(place.get("proj:code"))
            roles = ["data", *_ROLES.get(kinds[path], ())]
            assets[key] = {**found["assets"]["data"], **place, "roles": roles}
            polygons += _polygons(found["geometry"])
            extensions.update(found["stac_extensions"])
        assets[key]["file:checksum"] = file_checksum(path, check=progress.check).text
    geometry = {"type": "MultiPolygon", "coordinates": polygons} if polygons else None
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": sorted(extensions),
        "id": name.scene,
        "collection": COLLECTION,
        "geometry": geometry,
        "properties": _properties(product, scene),
        "links": [],
        "assets": assets,
    }
    if len(codes) == 1 and None not in codes:
        document["properties"]["proj:code"] = codes.pop()
    box = None if geometry is None else geometry_box(geometry)
    if box is not None:
        document["bbox"] = list(box)
    return document


def _properties(product: Product, scene: SceneDescription) -> dict[str, Any]:
    name = product.name
    properties: dict[str, Any] = {
        "title": f"SDGSAT-1 {name.sensor} {name.day}",
        "platform": "sdgsat-1",
        "instruments": [name.sensor.lower()],
        "providers": [_PROVIDER],
        **_dates(scene, name.day),
        **restricted([RIGHTS]),
        ORIGIN: Origin.IMPORTED,
    }
    if name.sensor == GIU:
        properties["keywords"] = ["night light", "SDGSAT-1"]
    if name.level:
        properties["processing:level"] = name.level
    angles = scene.facts.angles
    if "sun_zenith" in angles:
        properties["view:sun_elevation"] = round(90.0 - angles["sun_zenith"], 6)
    if "sun_azimuth" in angles:
        properties["view:sun_azimuth"] = angles["sun_azimuth"] % 360.0
    return properties


def _dates(scene: SceneDescription, day: str) -> dict[str, Any]:
    """Return the time of a scene; the whole day where no more is known."""
    moment = parse_moment(scene.tags[DATE]) if "T" in scene.tags[DATE] else None
    if moment is None:
        begin = datetime.combine(datetime.fromisoformat(day).date(), time(), UTC)
        end = begin + timedelta(days=1, seconds=-1)
        return {"datetime": None, "start_datetime": iso(begin), "end_datetime": iso(end)}
    dates = {"datetime": iso(moment)}
    begins, ends = (_moments(scene.facts.times, which) for which in ("start", "end"))
    if begins and ends:
        dates.update(start_datetime=iso(min(begins)), end_datetime=iso(max(ends)))
    return dates


def _moments(times: Mapping[str, str], which: str) -> list[datetime]:
    found = (parse_moment(text) for key, text in times.items() if key.startswith(which))
    return [moment for moment in found if moment is not None]


def _polygons(geometry: Mapping[str, Any] | None) -> Iterable[Any]:
    if geometry is None:
        return []
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates
