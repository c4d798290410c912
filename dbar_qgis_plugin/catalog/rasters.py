"""Rasters made of what catalogs hold: mosaics, and parts; taken into My data with their origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.local.documents import ORIGIN, SOURCE, tidy_asset, tidy_item
from dbar_qgis_plugin.catalog.local.provenance import item_of_raster
from dbar_qgis_plugin.catalog.local.store import MY_DATA, DataStore, Origin
from dbar_qgis_plugin.catalog.model import Asset, Box, Item
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.catalog.transfers.download import resource_of
from dbar_qgis_plugin.catalog.transfers.names import safe_name
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.raster_io.mosaic import clip, write_mosaic
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.remote import (
    copy_here,
    has_driver,
    nothing_written_beside,
    only_asked_for,
)

__all__ = ["Part", "copied", "has_driver", "looking", "mosaic_of", "part_of", "reading"]

_VRT: Final = "application/x-vrt"
_PLACE: Final = ("proj:", "raster:", "bands")


class Part(NamedTuple):
    """A raster of an item, and how GDAL opens it.

    source : a path, or /vsicurl/ with an address
    """

    item: Item
    asset: Asset
    source: str


def reading(source: str) -> AbstractContextManager[None]:
    """Within it, GDAL in this thread asks for a remote raster alone, and nothing beside it."""
    return only_asked_for(source)


def looking() -> AbstractContextManager[None]:
    """Within it, GDAL in this thread leaves no files beside the rasters that it opens."""
    return nothing_written_beside()


def copied(part: Part, data: DataStore, progress: Progress) -> Item:
    """Copy a file that only GDAL reaches into My data; raises as `copy_here`."""
    path = _folder(data, part.item, part.item.id) / safe_name(part.asset.file_name)
    copy_here(part.source, path, progress)
    return data.add_fetched(
        part.item.raw,
        part.asset.key,
        path,
        url=part.asset.href,
        checksum=file_checksum(path, check=progress.check).text,
        connection=part.item.source,
    )


def part_of(
    part: Part, box: Box, data: DataStore, progress: Progress, *, folder: Path | None = None
) -> Item:
    """Fetch what lies within a box of a raster into My data, as a Cloud Optimized GeoTIFF.

    Parameters
    ----------
    part : Part
        The raster.
    box : tuple of float
        West, south, east, north, in degrees.
    data : DataStore
        Takes it.
    progress : Progress
        Where it reports to.
    folder : Path, optional
        Where the file goes; that of My data if absent.

    Returns
    -------
    Item
        Of My data: the original's properties, and a link to it.

    Raises
    ------
    InputError, GridError, OutputError, Cancelled
        See `raster_io.mosaic.clip`.
    """
    if box[0] > box[2]:
        raise InputError(
            translate(
                "Dbar",
                "The area goes over 180 degrees: choose the part on one side, then the other.",
            )
        )
    item, asset = part.item, part.asset
    bounds = "_".join(f"{value:.4f}" for value in box)
    identity = f"{item.id}_{bounds}"
    place = _folder(data, item, identity, folder)
    path = place / safe_name(f"{Path(asset.file_name).stem or 'part'}.tif")
    clip(part.source, path, box, progress.part(0.0, 0.95))
    title = f"{item.title or item.id} ({bounds.replace('_', ', ')})"
    document = tidy_item(item, datetime.now(UTC))
    made = item_of_raster(path, identity, title=title, inputs=(item,))
    _lay(document, made, title)
    document["id"] = identity
    document["properties"][ORIGIN] = Origin.FETCHED
    document["properties"]["processing:lineage"] = f"window {', '.join(bounds.split('_'))}"
    facts = {
        **_general(tidy_asset(asset.raw)),
        **made["assets"]["data"],
        SOURCE: resource_of(asset.href),
        "file:checksum": file_checksum(path, check=progress.check).text,
    }
    document["assets"] = {asset.key: facts}
    return data.add(document, {asset.key: path}, connection=_connection(item))


def mosaic_of(parts: Sequence[Part], data: DataStore, *, separate: bool = False) -> Item:
    """Make a VRT of rasters, and take it into My data.

    Parameters
    ----------
    parts : sequence of Part
        Their sources are written into the VRT: none may hold a secret.
    data : DataStore
        Takes it.
    separate : bool
        Whether each becomes a band of its own.

    Raises
    ------
    InputError, OutputError
        See `raster_io.mosaic.write_mosaic`.
    """
    first = parts[0].item
    items = list({part.item.key: part.item for part in parts}.values())
    day = "" if first.begin is None else f"_{first.begin.date()}"
    kind = "bands" if separate else "mosaic"
    known = "-".join(dict.fromkeys(part.asset.key for part in parts))
    only = first.id if len(items) == 1 else f"{first.collection}{day}_{len(items)}"
    identity = safe_name(f"{only}_{known}_{kind}")
    path = _folder(data, first, identity) / f"{identity}.vrt"
    names = [part.asset.title or part.asset.key for part in parts] if separate else ()
    write_mosaic([part.source for part in parts], path, separate=separate, names=names)
    title = f"{first.collection}{day.replace('_', ' ')} {known}"
    document = tidy_item(first, datetime.now(UTC))
    made = item_of_raster(path, identity, title=title, inputs=items)
    _lay(document, made, title)
    document["id"] = identity
    document["properties"][ORIGIN] = Origin.COMPUTED
    facts = {**made["assets"]["data"], "type": _VRT, "file:checksum": file_checksum(path).text}
    document["assets"] = {"data": facts}
    return data.add(document, {"data": path}, connection=_connection(first))


def _lay(document: dict[str, Any], made: Mapping[str, Any], title: str) -> None:
    """Put a document of an item where a raster made from it lies."""
    document["geometry"] = made["geometry"]
    document.pop("bbox", None)
    if "bbox" in made:
        document["bbox"] = made["bbox"]
    own = {name: value for name, value in made["properties"].items() if name.startswith("proj:")}
    document["properties"] = {**_general(document["properties"]), **own, "title": title}
    document["links"] = [*document["links"], *made["links"]]
    extensions = [*document["stac_extensions"], *made["stac_extensions"]]
    document["stac_extensions"] = list(dict.fromkeys(extensions))


def _general(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds for a part of something as well: not its cells, not its file."""
    left_out = (*_PLACE, "file:")
    return {name: value for name, value in facts.items() if not name.startswith(left_out)}


def _folder(data: DataStore, item: Item, identity: str, folder: Path | None = None) -> Path:
    return (folder or data.folder).joinpath(
        *(safe_name(part) for part in (item.collection or "files", identity))
    )


def _connection(item: Item) -> str:
    return "" if item.source == MY_DATA else item.source
