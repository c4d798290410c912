"""Items of rasters: where they lie, what they hold, and how they came to be.

What the plugin's algorithms write into a raster's metadata (names that begin with DBAR_) becomes
the item's properties, so that a result can be found, computed again, and shared under the terms of
what it was made of.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from dbar_qgis_plugin.catalog.local.documents import (
    UNDATED,
    VERSION,
    iso,
    restricted,
    rights_of,
)
from dbar_qgis_plugin.catalog.model import Item, parse_moment
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json
from dbar_qgis_plugin.errors import GridError, InputError
from dbar_qgis_plugin.raster_io.drivers import get_driver
from dbar_qgis_plugin.raster_io.drivers.base import RasterInfo, Window
from dbar_qgis_plugin.raster_io.footprint import footprint
from dbar_qgis_plugin.raster_io.grid import Grid, grid_of

_EXTENSIONS: Final = {
    "proj": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "raster": "https://stac-extensions.github.io/raster/v2.0.0/schema.json",
    "processing": "https://stac-extensions.github.io/processing/v1.2.0/schema.json",
}
_SOFTWARE: Final = "DBAR SDG Tools"
_SDGSAT: Final = re.compile(r"KX10_(GIU|MII|TIS)_\d{8}")
_SDGSAT_TERMS: Final = (
    "SDGSAT-1 data of CBAS. Its terms hold: no redistribution without permission."
)
_PERIOD: Final = re.compile(r"YEAR|PERIOD|BASELINE|DATE")
_YEARS: Final = re.compile(r"[\d\s,.;:–-]+")  # years and marks alone, no path
_YEAR: Final = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?!\d)")
# Named by STAC as they are by numpy; any other is "other".
_DATA_TYPES: Final = re.compile(r"u?int(8|16|32|64)|float(16|32|64)")
_EPSG: Final = re.compile(r'ID\["(\w+)",\s*(\d+)\]\s*\]$')


def item_of_raster(
    path: Path, identity: str, *, title: str = "", inputs: Sequence[Item] = ()
) -> dict[str, Any]:
    """Describe a raster as a STAC item, without the address of its file.

    Parameters
    ----------
    path : Path
        The raster.
    identity : str
        Id of the item.
    title : str
        For people; the name of the file if empty.
    inputs : sequence of Item
        What it was computed from, as far as known: linked as `derived_from`, and their terms hold.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    info = get_driver().describe(str(path), ())
    tags = dict(info.tags)
    made = _made(path, tags)
    parameters = _parameters(tags)
    properties: dict[str, Any] = {
        "title": title or path.stem,
        "created": iso(made),
        **_dates(tags, parameters, made),
        **_processing(tags, parameters, made),
        **restricted(_terms(path, tags, inputs)),
    }
    document: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": identity,
        "geometry": None,
        "properties": properties,
        "links": list(_origins(tags, inputs)),
        "assets": {},
    }
    asset: dict[str, Any] = {
        "title": path.name,
        "type": "image/tiff; application=geotiff",
        "roles": ["data"],
    }
    resolution = None
    try:
        grid = grid_of(info, str(path))
        place = footprint(grid)
    except GridError:
        place = None
    else:
        properties.update(_projection(grid))
        resolution = _resolution(grid)
    if place is not None:
        document["geometry"], document["bbox"] = place[0], list(place[1])
    asset["bands"] = [_band(info, number, resolution) for number in range(info.band_count)]
    document["assets"]["data"] = asset
    used = {name.partition(":")[0] for part in (properties, *asset["bands"]) for name in part}
    document["stac_extensions"] = [url for name, url in _EXTENSIONS.items() if name in used]
    return document


def made_by(path: Path) -> tuple[str, str]:
    """Return the algorithm of this plugin that has made a raster, and when; "" for any other.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    tags = dict(get_driver().describe(str(path), ()).tags)
    algorithm = tags.get("DBAR_ALGORITHM", "")
    return algorithm, iso(_made(path, tags)) if algorithm else ""


def input_paths(path: Path) -> list[Path]:
    """Return the files that a result of the plugin's algorithms was computed from."""
    return _input_paths(_parameters(dict(get_driver().describe(str(path), ()).tags)))


def terms_of_name(name: str) -> str:
    """Return the terms of what has the name of an SDGSAT-1 product; "" for anything else."""
    return _SDGSAT_TERMS if _SDGSAT.search(name) else ""


def _input_paths(parameters: Mapping[str, Any]) -> list[Path]:
    texts = [
        part.partition("|")[0]
        for value in parameters.values()
        for whole in [str(value)]
        for part in (whole, *whole.split(", "))
    ]
    return [Path(text) for text in dict.fromkeys(texts) if _is_file(text)]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_absolute() and Path(text).is_file()
    except (OSError, ValueError):
        return False


def _parameters(tags: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        found = json.loads(tags.get("DBAR_PARAMETERS", "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _made(path: Path, tags: Mapping[str, str]) -> datetime:
    """Return when a raster was made: it is written in local time."""
    try:
        made = datetime.strptime(tags["TIFFTAG_DATETIME"], "%Y:%m:%d %H:%M:%S").astimezone()
    except (KeyError, ValueError, OverflowError, OSError):
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return made.replace(microsecond=0)


def _dates(
    tags: Mapping[str, str], parameters: Mapping[str, Any], made: datetime
) -> dict[str, Any]:
    """Return the time that the data speak of: from their metadata, else from the years chosen."""
    end = parse_moment(tags.get("DBAR_DATE"))
    begin = parse_moment(tags.get("DBAR_DATE_BEFORE")) or end
    if end is not None and begin is not None:
        if begin == end:
            return {"datetime": iso(end)}
        first, last = sorted((begin, end))
        return {"datetime": None, "start_datetime": iso(first), "end_datetime": iso(last)}
    years = [
        int(year)
        for name, value in parameters.items()
        if _PERIOD.search(name) and _YEARS.fullmatch(str(value))
        for year in _YEAR.findall(str(value))
    ]
    if not years:
        return {"datetime": iso(made), UNDATED: True}
    last = datetime.combine(date(max(years), 12, 31), time(23, 59, 59), UTC)
    return {
        "datetime": None,
        "start_datetime": iso(datetime(min(years), 1, 1, tzinfo=UTC)),
        "end_datetime": iso(last),
    }


def _processing(
    tags: Mapping[str, str], parameters: Mapping[str, Any], made: datetime
) -> dict[str, Any]:
    algorithm = tags.get("DBAR_ALGORITHM")
    if not algorithm:
        return {}
    formula = tags.get("DBAR_FORMULA", "")
    return {
        "processing:software": {_SOFTWARE: tags.get("DBAR_VERSION", "")},
        "processing:lineage": ", ".join(filter(None, (algorithm, formula))),
        "processing:datetime": iso(made),
        "dbar:algorithm": algorithm,
        "dbar:formula": formula,
        "dbar:parameters": scrubbed_json(parameters),
    }


def _terms(path: Path, tags: Mapping[str, str], inputs: Sequence[Item]) -> Iterable[str]:
    """Give the terms of a raster, and of all that it was made of."""
    yield tags.get("DBAR_RIGHTS", "")
    for item in inputs:
        yield rights_of(item.properties)
    for name in (path, *_input_paths(_parameters(tags))):
        terms = terms_of_name(str(name))
        yield terms or ("" if name == path else _rights_tag(name))


def _rights_tag(path: Path) -> str:
    try:
        return dict(get_driver().describe(str(path), ()).tags).get("DBAR_RIGHTS", "")
    except InputError:  # a table, or polygons
        return ""


def _origins(tags: Mapping[str, str], inputs: Sequence[Item]) -> Iterable[dict[str, str]]:
    """Link to the inputs: those of My data, and others by the addresses that a raster names."""
    links = [link for item in inputs for link in _derived_from(item)]
    yield from links
    known = {link["href"] for link in links}
    try:
        named = json.loads(tags.get("DBAR_DERIVED_FROM", "[]"))
    except ValueError:
        return
    for href in named if isinstance(named, list) else ():
        if isinstance(href, str) and href.startswith("http") and href not in known:
            yield {"rel": "derived_from", "href": href, "type": "application/geo+json"}


def _derived_from(item: Item) -> Iterable[dict[str, str]]:
    """Link to an input: where it came from, else to the item itself."""
    link = item.link("via", "canonical", "self")
    if link is not None:
        facts = {"rel": "derived_from", "href": link.href, "title": item.title or item.id}
        yield {**facts, "type": "application/geo+json"}


def _projection(grid: Grid) -> dict[str, Any]:
    a, b, c, d, e, f = grid.transform
    x = [c, c + a * grid.width, c + b * grid.height, c + a * grid.width + b * grid.height]
    y = [f, f + d * grid.width, f + e * grid.height, f + d * grid.width + e * grid.height]
    code = _EPSG.search(grid.crs.strip())
    reference: dict[str, Any]
    if code is not None:
        reference = {"proj:code": ":".join(code.groups())}
    else:
        reference = {"proj:code": None, "proj:wkt2": grid.crs}
    return {
        **reference,
        "proj:shape": [grid.height, grid.width],
        "proj:transform": [a, b, c, d, e, f],
        "proj:bbox": [min(x), min(y), max(x), max(y)],
    }


def _resolution(grid: Grid) -> float | None:
    """Return the side in metres of a square as large as the raster's middle cell."""
    middle = Window(grid.height // 2, grid.width // 2, 1, 1)
    side = math.sqrt(abs(float(grid.cell_areas(middle).ravel()[0])))
    return round(side, 3) if math.isfinite(side) and side > 0.0 else None


def _band(info: RasterInfo, number: int, resolution: float | None) -> dict[str, Any]:
    kind, nodata = info.dtypes[number], info.nodata[number]
    band: dict[str, Any] = {
        "name": info.descriptions[number] or f"band {number + 1}",
        "data_type": kind if _DATA_TYPES.fullmatch(kind) else "other",
    }
    if nodata is not None:
        band["nodata"] = nodata if math.isfinite(nodata) else str(nodata)
    if info.units[number]:
        band["unit"] = info.units[number]
    if info.scales[number] != 1.0 or info.offsets[number] != 0.0:
        band["raster:scale"], band["raster:offset"] = info.scales[number], info.offsets[number]
    if resolution is not None:
        band["raster:spatial_resolution"] = resolution
    return band
