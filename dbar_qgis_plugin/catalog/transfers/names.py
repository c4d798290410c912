"""Names of files and folders that any system takes, from what strangers' servers call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

PART: Final = ".part"  # a file that is being fetched
PART_STATE: Final = ".part.json"  # what is known of it
SIDECAR: Final = ".stac.json"  # where a file came from
HALF_WRITTEN: Final = "~"  # one of these before it is whole
# Files of the user's own catalog, among which fetched ones lie.
ITEM: Final = "item.json"
COLLECTION: Final = "collection.json"
CATALOG: Final = "catalog.json"
INDEX: Final = "index.sqlite"

# In UTF-8. Windows takes 260 characters of a whole path, most others 255 bytes of a name; the
# endings above are added.
LONGEST: Final = 120
_LONGEST_ENDING: Final = 16
# Separators, what Windows forbids, and what an address would have to escape.
_UNFIT: Final = re.compile(r'[\s<>:"/\\|?*%#&]')
# Devices of Windows, with any ending. Superscript digits count as digits there.
_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE
)
# Of what catalogs hold; the system's own table differs from one to the next.
_ENDINGS: Final = {
    "application/geo+json": ".geojson",
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/netcdf": ".nc",
    "application/x-hdf5": ".h5",
    "application/x-netcdf": ".nc",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "image/jp2": ".jp2",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/xml": ".xml",
}


def safe_name(text: str) -> str:
    """Return a name close to a text, fit for a file or a folder on any system.

    It is one part of a path, neither hidden nor reserved nor one of this module's endings, and at
    most `LONGEST` bytes long. Applied to its own result it changes nothing.
    """
    text = "".join(
        "_" if unicodedata.category(sign)[0] == "C" else sign
        for sign in unicodedata.normalize("NFC", text)
    )
    name = _shortened(_UNFIT.sub("_", text).strip("."))
    if _RESERVED.match(name):
        name = _shortened(f"_{name}")
    own = name.lower() in (ITEM, COLLECTION, CATALOG, INDEX)
    if own or name.lower().endswith((PART, PART_STATE, SIDECAR, HALF_WRITTEN)):
        name = _shortened(f"{name}_")
    return name or "_"


def asset_name(key: str, basename: str, media_type: str = "", taken: Collection[str] = ()) -> str:
    """Name the file of an asset.

    Parameters
    ----------
    key : str
        Of the asset, within its item.
    basename : str
        Last part of its address; kept where it is a file's name and free.
    media_type : str
        Gives the ending where the address has none.
    taken : collection of str
        Names already used in the folder; names that differ in case only are the same to Windows
        and macOS.
    """
    ending = _ENDINGS.get(media_type.partition(";")[0].strip().lower(), "")
    has_ending = "." in basename.strip(".")
    own = basename if has_ending else "_".join(filter(None, (key, basename))) + ending
    keyed = own if not has_ending else f"{key}_{basename}"
    used = {name.casefold() for name in taken}
    for candidate in (safe_name(own), safe_name(keyed)):
        if candidate.casefold() not in used:
            return candidate
    number = 2
    while (name := numbered(safe_name(keyed), number)).casefold() in used:
        number += 1
    return name


def numbered(name: str, number: int) -> str:
    """Return a name with a number before its ending, and as long as a name may be."""
    stem, ending = _split(name)
    mark = f"_{number}"
    return _cut(stem, LONGEST - len(mark) - len(ending.encode())) + mark + ending


def _shortened(name: str) -> str:
    stem, ending = _split(name)
    short = _cut(stem, LONGEST - len(ending.encode())) + ending if name else ""
    return short.strip(".")


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) >= _LONGEST_ENDING:
        return name, ""
    return stem, dot + ending


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")
