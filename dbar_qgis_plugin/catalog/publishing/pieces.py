"""The files that are shared together as one item, and whether their terms allow it."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from dbar_qgis_plugin.catalog.local.documents import rights_of
from dbar_qgis_plugin.catalog.local.provenance import input_paths, item_of_raster, terms_of_name
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.model import Item, Raw
from dbar_qgis_plugin.catalog.transfers.names import asset_name, safe_name
from dbar_qgis_plugin.errors import InputError, translate

GEOTIFF: Final = "image/tiff; application=geotiff"
RASTERS: Final = (".tif", ".tiff", ".vrt", ".img", ".nc", ".asc", ".jp2")
_ROLES: Final = {
    **dict.fromkeys((".csv", ".gpkg", ".geojson", ".xlsx", ".parquet", ".zip"), "data"),
    **dict.fromkeys((".png", ".jpg", ".jpeg"), "overview"),
    **dict.fromkeys((".qml", ".sld"), "style"),
}
_TYPES: Final = {
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".qml": "application/xml",
    ".sld": "application/vnd.ogc.sld+xml",
}
# Their results are the cells of their inputs, in another unit or place.
_SAME_CELLS: Final = (
    "loadsdgsatscene",
    "calibratenightlight",
    "cleannightlight",
    "registernightlight",
)
_FILE: Final = re.compile(r"file:/+")


class Restriction(StrEnum):
    """What terms that forbid to pass data on mean for a file."""

    NONE = "none"
    DERIVED = "derived"  # computed from such data
    SOURCE = "source"  # such data itself


@dataclass(frozen=True)
class Piece:
    """A file to be shared.

    key : of its asset
    item : what is known of a raster, as an item with one asset; empty for any other file
    terms : that forbid to pass it on, "" for none
    """

    key: str
    path: Path
    media_type: str
    role: str
    item: Raw = field(default_factory=dict, compare=False, repr=False)
    terms: str = ""
    restriction: Restriction = Restriction.NONE

    @property
    def is_raster(self) -> bool:
        """Whether it is a raster."""
        return bool(self.item)

    @property
    def asset(self) -> Raw:
        """What is known of its asset."""
        assets = self.item.get("assets") or {}
        return next(iter(assets.values()), {})


def pieces_of(paths: Iterable[Path], data: DataStore | None = None) -> tuple[Piece, ...]:
    """Look at files that are to be shared; a raster's style goes with it.

    Parameters
    ----------
    paths : iterable of Path
        The files; at least one is a raster.
    data : DataStore, optional
        The user's own data, which know more of a file than the file itself.

    Raises
    ------
    InputError
        If a file is not there, a raster cannot be opened, or there is none.
    """
    found: list[Piece] = []
    whole = dict.fromkeys(part for path in paths for part in _with_style(path.absolute()))
    rasters = [path for path in whole if path.suffix.lower() in RASTERS]
    for path in whole:
        key = "data" if rasters == [path] else path.stem
        if any(key == other.key for other in found):
            key = path.name
        name = asset_name(key, "", taken=[other.key for other in found])
        found.append(_raster(name, path, data) if path in rasters else _other(name, path))
    if not rasters:
        raise InputError(
            translate("Dbar", "Choose at least one raster to share: it tells where the data lie.")
        )
    return tuple(found)


def pieces_of_items(items: Iterable[Item], data: DataStore) -> tuple[Piece, ...]:
    """Look at the files of items of the user's own data; raises as `pieces_of`."""
    return pieces_of((path for item in items for path in data.files(item).values()), data)


def without_paths(value: Any) -> Any:
    """Return a value with the names of files instead of where they lie on this computer."""
    if isinstance(value, str):
        return ", ".join(
            "|".join(_name(part) if number == 0 else part for number, part in enumerate(parts))
            for whole in value.split(", ")
            for parts in [whole.split("|")]
        )
    if isinstance(value, Mapping):
        return {key: without_paths(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without_paths(part) for part in value]
    return value


def tags_without_paths(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the metadata of a raster that name folders of this computer, without these."""
    changed = {}
    for name, text in tags.items():
        try:
            clean = json.dumps(without_paths(json.loads(text)), ensure_ascii=False)
        except ValueError:
            clean = without_paths(text)
        if name.startswith("DBAR_") and clean != text:
            changed[name] = clean
    return changed


def _name(text: str) -> str:
    path = _FILE.sub("/", text)
    if PureWindowsPath(path).drive:
        return PureWindowsPath(path).name
    return PurePosixPath(path).name or text if path.startswith("/") else text


def _with_style(path: Path) -> Iterator[Path]:
    yield path
    style = path.with_suffix(".qml")
    if path.suffix.lower() in RASTERS and style.is_file():
        yield style


def _raster(key: str, path: Path, data: DataStore | None) -> Piece:
    item = _known(path, data) or item_of_raster(
        path, safe_name(path.stem), inputs=_inputs(path, data)
    )
    properties = item["properties"]
    texts = [str(path), *map(str, dict(properties.get("dbar:parameters") or {}).values())]
    terms = rights_of(properties) or next(filter(None, map(terms_of_name, texts)), "")
    algorithm = str(properties.get("dbar:algorithm") or "").rpartition(":")[2]
    restriction = Restriction.NONE
    if terms:
        same = not algorithm or algorithm in _SAME_CELLS
        restriction = Restriction.SOURCE if same else Restriction.DERIVED
    return Piece(key, path, GEOTIFF, "data", item, terms, restriction)


def _known(path: Path, data: DataStore | None) -> Raw:
    """Return what the user's own data know of a file, as an item with that asset alone."""
    for item in data.items_of_file(path) if data is not None else ():
        for key, file in data.files(item).items() if data is not None else ():
            if file == path:
                asset = item.raw["assets"][key]
                return {**item.raw, "assets": {key: asset}}
    return {}


def _inputs(path: Path, data: DataStore | None) -> list[Item]:
    if data is None:
        return []
    return [item for used in input_paths(path) for item in data.items_of_file(used) if used != path]


def _other(key: str, path: Path) -> Piece:
    if not path.is_file():
        raise InputError(translate("Dbar", "{path} is not there."), path=str(path))
    ending = path.suffix.lower()
    media_type = _TYPES.get(ending) or mimetypes.guess_type(path.name)[0]
    terms = "" if ending == ".qml" else terms_of_name(str(path))
    return Piece(
        key,
        path,
        media_type or "application/octet-stream",
        _ROLES.get(ending, "metadata"),
        terms=terms,
        restriction=Restriction.SOURCE if terms else Restriction.NONE,
    )
