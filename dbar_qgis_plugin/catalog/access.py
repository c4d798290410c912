"""How an asset gets onto the map: streamed, fetched first, as a layer of a service, or not at all.

What cannot be opened where it is says why, and what to do instead.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from dbar_qgis_plugin.catalog.adapters.as_items import LAYERS, SERVICES, THUMBNAIL
from dbar_qgis_plugin.catalog.adapters.documents import local_path
from dbar_qgis_plugin.catalog.connections import ACCOUNTS, Connection, asset_credentials
from dbar_qgis_plugin.catalog.http import account_wanted
from dbar_qgis_plugin.catalog.model import Asset, Item, Raw
from dbar_qgis_plugin.errors import translate
from dbar_qgis_plugin.raster_io.progress import Message, message

WEB: Final = ("http", "https")
# Credentials that QGIS hands to GDAL without writing them into a layer's source.
BASIC: Final = "Basic"
# What GDAL calls the stores of files that have no address on the web.
_VIRTUAL: Final = {"s3": "/vsis3/", "gs": "/vsigs/", "abfs": "/vsiaz/", "abfss": "/vsiaz/"}
_STORES: Final = (*_VIRTUAL, "az")
_AMAZON: Final = "AWS"
# Relations of links to services, as the web-map-links extension has them.
_SERVICE_LINKS: Final = ("xyz", "wmts", "wms")
# Roles of what is for people or programs, and not for a map.
_BESIDE: Final = (THUMBNAIL, "overview", "metadata", "iso-19115", "archive-index", "index")


class Kind(StrEnum):
    """How an asset is opened."""

    FILE = "file"  # it lies on this computer
    STREAM = "stream"  # QGIS reads what it needs of it over the network
    DOWNLOAD = "download"  # it is fetched first
    LAYER = "layer"  # a layer of a service
    NONE = "none"  # it cannot be shown on a map


class Form(StrEnum):
    """What an asset's file holds."""

    RASTER = "raster"
    CUBE = "cube"
    POINTS = "points"
    TABLE = "table"
    PARQUET = "parquet"
    ARCHIVE = "archive"
    PICTURE = "picture"
    DOCUMENT = "document"
    UNKNOWN = "unknown"


_ENDINGS: Final[Mapping[str, Form]] = {
    **dict.fromkeys((".tif", ".tiff", ".gtiff", ".vrt", ".jp2"), Form.RASTER),
    **dict.fromkeys((".nc", ".nc4", ".h5", ".hdf", ".hdf5", ".he5", ".zarr", ".grib"), Form.CUBE),
    **dict.fromkeys((".las", ".laz"), Form.POINTS),
    **dict.fromkeys((".geojson", ".gpkg", ".fgb", ".shp", ".kml", ".gml", ".csv"), Form.TABLE),
    **dict.fromkeys((".parquet", ".geoparquet"), Form.PARQUET),
    **dict.fromkeys((".zip", ".tar", ".gz", ".tgz", ".7z", ".rar"), Form.ARCHIVE),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif"), Form.PICTURE),
    **dict.fromkeys((".json", ".xml", ".html", ".htm", ".pdf", ".txt", ".md"), Form.DOCUMENT),
}
_MEDIA_TYPES: Final = (
    (re.compile(r"image/(?:tiff|jp2|vnd\.stac\.geotiff)|application/x-vrt"), Form.RASTER),
    (re.compile(r"netcdf|hdf|zarr|grib"), Form.CUBE),
    (re.compile(r"copc|laszip|vnd\.las"), Form.POINTS),
    (re.compile(r"parquet"), Form.PARQUET),
    (re.compile(r"geo\+json|geopackage|flatgeobuf|shapefile|text/csv|kml|gml"), Form.TABLE),
    (re.compile(r"zip|x-tar"), Form.ARCHIVE),
    (re.compile(r"image/"), Form.PICTURE),
    (re.compile(r"text/|json|xml|pdf"), Form.DOCUMENT),
)


@dataclass(frozen=True)
class Access:
    """How an asset is opened.

    href : its address on the web, or where GDAL finds it; a path if it lies on this computer.
        Without a new signature: see `signing`
    provider : QGIS's key of what opens it, where it is known
    authcfg : id of the credentials that it needs
    reason : why it is not simply opened, for the user
    """

    kind: Kind
    href: str
    provider: str = ""
    authcfg: str = ""
    reason: Message | None = None

    @property
    def is_openable(self) -> bool:
        """Whether it can be shown without being fetched."""
        return self.kind in (Kind.FILE, Kind.STREAM, Kind.LAYER)

    @property
    def is_copied(self) -> bool:
        """Whether only GDAL can fetch it."""
        return self.href.startswith("/vsi")


def access_of(
    asset: Asset,
    connection: Connection | None = None,
    *,
    auth_method: Callable[[str], str] | None = None,
    stores: Raw | None = None,
    has_driver: Callable[[str], bool] | None = None,
) -> Access:
    """Say how an asset is opened.

    Parameters
    ----------
    asset : Asset
        With an absolute address.
    connection : Connection, optional
        That it came from; without one it is public.
    auth_method : callable, optional
        Gives the method of credentials by their id; without it they are taken for such as GDAL
        cannot use.
    stores : mapping, optional
        The item's `storage:schemes`.
    has_driver : callable, optional
        Tells whether GDAL has a driver; without it it has all.
    """
    service = next((kind for kind in SERVICES if kind in asset.roles), "")
    if asset.scheme == "file":
        return _file(asset, has_driver)
    found, reason = asset, None
    if asset.scheme not in WEB:
        found, reason = on_the_web(asset, stores)
    if found.scheme not in WEB:
        return _outside_of_the_web(found, reason)
    authcfg = asset_credentials(connection, found.href) if connection is not None else ""
    if connection is not None and connection.kind in ACCOUNTS:
        return _of_account(found, authcfg, auth_method, has_driver)
    if service:
        return _service(found, service, authcfg)
    if found.raw.get("auth:refs") and not authcfg and not _is_signed_by_name(found):
        return Access(Kind.NONE, found.href, reason=_lacks_credentials())
    return _remote(found, authcfg, auth_method, has_driver)


def on_the_web(asset: Asset, stores: Raw | None = None) -> tuple[Asset, Message | None]:
    """Return an asset with an address on the web, if it has one; else why not.

    An alternate address of its own goes first, then that of its bucket, if it is public.
    """
    if asset.scheme in WEB:
        return asset, None
    for other in _alternates(asset):
        if other.scheme in WEB:
            return other, None
    if asset.scheme not in _STORES:
        return asset, message(
            translate("Dbar", "Addresses of the kind “{scheme}:” cannot be opened here."),
            scheme=asset.scheme or "?",
        )
    store = _store(asset, stores)
    if store.get("requester_pays"):
        return asset, message(
            translate(
                "Dbar",
                "Who reads from its bucket pays for it. Fetch the file with a program of that "
                "service, then add the file.",
            )
        )
    href = _bucket_address(asset, store)
    if href:
        return replace(asset, href=href), None
    virtual = _virtual_path(asset)
    if not virtual:
        return asset, message(
            translate("Dbar", "Its address does not say which account of the service it is in.")
        )
    return replace(asset, href=virtual), message(
        translate(
            "Dbar",
            "It lies in a store that has no address on the web: GDAL fetches it, with the "
            "credentials for that store that this computer has.",
        )
    )


def form_of(asset: Asset) -> Form:
    """Tell what an asset's file holds, from its media type and its name."""
    kind = asset.media_type.partition(";")[0].strip().lower()
    name = asset.file_name.lower()
    by_name = _ENDINGS.get(posixpath.splitext(name.rstrip("/"))[1], Form.UNKNOWN)
    by_type = next((form for words, form in _MEDIA_TYPES if words.search(kind)), Form.UNKNOWN)
    # A picture that is a raster, or a document that is a table: the name is the more exact.
    vague = (Form.UNKNOWN, Form.DOCUMENT, Form.PICTURE)
    return by_name if by_type in vague and by_name is not Form.UNKNOWN else by_type


def is_copc(asset: Asset) -> bool:
    """Tell whether a cloud of points can be read in parts."""
    return "copc" in asset.media_type.lower() or asset.file_name.lower().endswith(".copc.laz")


def data_assets(item: Item) -> tuple[Asset, ...]:
    """Return the assets of an item that hold data, or show them; services of its links too."""
    own = [asset for asset in item.assets if not _is_beside(asset)]
    return (*own, *_linked_services(item))


def main_asset(item: Item) -> Asset | None:
    """Return the asset that stands for an item, None if it has no data."""
    assets = data_assets(item)
    return min(assets, key=_rank, default=None)


def local_files(item: Item) -> tuple[Path, ...]:
    """Return where the data of an item lie that its catalog has on this computer.

    Nothing is looked for on the disk: a window may ask.
    """
    return tuple(local_path(one.href) for one in data_assets(item) if one.scheme == "file")


def _rank(asset: Asset) -> int:
    if asset.key == "data":
        return 0
    if "visual" in asset.roles or asset.key == "visual":
        return 1
    if form_of(asset) is Form.RASTER and "data" in asset.roles:
        return 2
    if form_of(asset) is Form.RASTER:
        return 3
    return 4 if "data" in asset.roles or any(kind in asset.roles for kind in SERVICES) else 5


def _is_beside(asset: Asset) -> bool:
    return any(role in _BESIDE for role in asset.roles) or form_of(asset) is Form.DOCUMENT


def _linked_services(item: Item) -> Iterable[Asset]:
    """Give the services that links of an item lead to (web-map-links extension)."""
    links = {str(link.get("href")): link for link in _mappings(item.raw.get("links"))}
    for link in item.links:
        if link.rel in _SERVICE_LINKS:
            raw = links.get(link.href, {})
            title = link.title or link.rel.upper()
            roles = (link.rel,)
            yield Asset(link.rel, link.href, title, link.media_type, roles, raw=raw)


def _mappings(raw: object) -> Iterable[Raw]:
    return (part for part in raw if isinstance(part, Mapping)) if isinstance(raw, list) else ()


def _file(asset: Asset, has_driver: Callable[[str], bool] | None) -> Access:
    path = local_path(asset.href)
    if not path.exists():
        return Access(
            Kind.NONE,
            str(path),
            reason=message(
                translate(
                    "Dbar", "{path} is not there any more: it was moved, renamed or deleted."
                ),
                path=str(path),
            ),
        )
    form = form_of(asset)
    reason = _no_layer(asset, form, has_driver)
    return Access(Kind.FILE if reason is None else Kind.NONE, str(path), reason=reason)


def _outside_of_the_web(asset: Asset, reason: Message | None) -> Access:
    kind = Kind.DOWNLOAD if asset.href.startswith("/vsi") else Kind.NONE
    return Access(kind, asset.href, reason=reason)


def _service(asset: Asset, service: str, authcfg: str) -> Access:
    if service == "wfs" and not asset.raw.get(LAYERS["wfs"]):
        return Access(
            Kind.NONE,
            asset.href,
            reason=message(
                translate(
                    "Dbar", "The service does not say which of its layers is meant. Open its page."
                )
            ),
        )
    if service == "wcs":
        return Access(
            Kind.NONE,
            asset.href,
            reason=message(
                translate(
                    "Dbar",
                    "Coverages of a WCS are not opened from here: add the service as a WCS "
                    "connection in QGIS's browser.",
                )
            ),
        )
    return Access(Kind.LAYER, asset.href, "WFS" if service == "wfs" else "wms", authcfg)


def _of_account(
    asset: Asset,
    authcfg: str,
    auth_method: Callable[[str], str] | None,
    has_driver: Callable[[str], bool] | None,
) -> Access:
    """Say how a file is opened that is given to an account: its name is in no layer's source."""
    if not authcfg or (auth_method is not None and auth_method(authcfg) != BASIC):
        return Access(Kind.NONE, "", reason=message(account_wanted()))
    reason = _no_layer(asset, form_of(asset), has_driver)
    if reason is not None:
        return Access(Kind.NONE, asset.href, authcfg=authcfg, reason=reason)
    whole = message(
        translate("Dbar", "Its server gives it to your account, as a whole: it is fetched first.")
    )
    return Access(Kind.DOWNLOAD, asset.href, authcfg=authcfg, reason=whole)


def _remote(
    asset: Asset,
    authcfg: str,
    auth_method: Callable[[str], str] | None,
    has_driver: Callable[[str], bool] | None,
) -> Access:
    form = form_of(asset)
    reason = _no_layer(asset, form, has_driver)
    if reason is not None:
        return Access(Kind.NONE, asset.href, reason=reason)
    if form is Form.RASTER:
        provider = "gdal"
    elif form is Form.POINTS and is_copc(asset):
        provider = "copc"
    else:
        return Access(Kind.DOWNLOAD, asset.href, authcfg=authcfg, reason=_read_whole(form))
    is_basic = auth_method is not None and auth_method(authcfg) == BASIC
    if authcfg and not (is_basic and provider == "gdal"):
        return Access(Kind.DOWNLOAD, asset.href, authcfg=authcfg, reason=_not_for_gdal())
    return Access(Kind.STREAM, asset.href, provider, authcfg)


def _no_layer(asset: Asset, form: Form, has_driver: Callable[[str], bool] | None) -> Message | None:
    """Say why a file is no layer, whether it lies here or there; None if it may be one."""
    if form is Form.DOCUMENT:
        return message(translate("Dbar", "It is a document, not a map. Download it to read it."))
    if form is Form.PICTURE and _is_beside(asset):
        return message(translate("Dbar", "It is a preview for people, without a place on the map."))
    if form is Form.ARCHIVE:
        return message(
            translate(
                "Dbar",
                "It is an archive: download it, then unpack it, or import it if it is of SDGSAT-1.",
            )
        )
    if form is Form.PARQUET and has_driver is not None and not has_driver("Parquet"):
        return message(
            translate(
                "Dbar",
                "The GDAL of this QGIS cannot read Parquet. Download it for another program, or "
                "use a QGIS whose GDAL has that driver.",
            )
        )
    if asset.file_name.lower().endswith(".zarr"):
        return message(
            translate("Dbar", "A Zarr store is a folder of many files, which is not opened here.")
        )
    return None


def _read_whole(form: Form) -> Message:
    texts = {
        Form.CUBE: translate(
            "Dbar", "Files of this kind (netCDF, HDF) cannot be read in parts: it is fetched first."
        ),
        Form.POINTS: translate(
            "Dbar", "Only clouds of points as COPC can be read in parts: it is fetched first."
        ),
    }
    usual = translate("Dbar", "Files of this kind are read as a whole: it is fetched first.")
    return message(texts.get(form, usual))


def _not_for_gdal() -> Message:
    return message(
        translate(
            "Dbar",
            "Its credentials go into a header or a token, which a layer cannot hold without being "
            "saved with the project: it is fetched first.",
        )
    )


def _lacks_credentials() -> Message:
    return message(
        translate(
            "Dbar",
            "Its server asks for credentials: choose those for files in the connection, and name "
            "the server there.",
        )
    )


def _is_signed_by_name(asset: Asset) -> bool:
    """Tell whether an asset names a scheme of signed addresses as what it needs."""
    return any("sign" in str(ref).lower() or "sas" in str(ref).lower() for ref in _refs(asset.raw))


def _refs(raw: Raw) -> Iterable[Any]:
    refs = raw.get("auth:refs")
    return refs if isinstance(refs, list) else ()


def _alternates(asset: Asset) -> Iterable[Asset]:
    """Give an asset at its other addresses (alternate-assets extension), https first."""
    others = asset.raw.get("alternate")
    entries = list(others.values()) if isinstance(others, Mapping) else []
    found = []
    for entry in _mappings(entries):
        href = entry.get("href")
        if isinstance(href, str) and href:
            own = {**asset.raw, **entry}
            if "auth:refs" not in entry:
                own.pop("auth:refs", None)
            found.append(replace(asset, href=href, raw=own))
    return sorted(found, key=lambda other: other.scheme != "https")


def _store(asset: Asset, stores: Raw | None) -> Mapping[str, Any]:
    """Return what is told of the store of an asset: `type`, `platform`, `region`, ...

    Both ways of the storage extension: fields of the asset (v1), schemes of the item (v2).
    """
    own = {
        name.partition(":")[2]: value
        for name, value in asset.raw.items()
        if isinstance(name, str) and name.startswith("storage:")
    }
    refs = own.get("refs")
    for ref in refs if isinstance(refs, list) else ():
        scheme = (stores or {}).get(ref)
        if isinstance(scheme, Mapping):
            return {**own, **scheme}
    return own


def _bucket_address(asset: Asset, store: Mapping[str, Any]) -> str:
    """Return the address on the web of a file in a public bucket; "" if there is none."""
    bucket, key = _bucket_and_key(asset)
    if not bucket or not key:
        return ""
    if asset.scheme == "gs":
        return f"https://storage.googleapis.com/{bucket}/{key}"
    if asset.scheme != "s3":
        container, account = _azure(asset, store)
        return f"https://{account}.blob.core.windows.net/{container}/{key}" if account else ""
    platform = str(store.get("platform") or "")
    if platform.startswith("https://") and store.get("type") == "custom-s3":
        names = {"bucket": bucket, "region": str(store.get("region") or "")}
        place = platform
        for name, value in names.items():
            place = place.replace(f"{{{name}}}", value)
        own = "{bucket}" in platform
        return f"{place.rstrip('/')}/{key if own else f'{bucket}/{key}'}"
    if platform and platform.upper() != _AMAZON and store.get("type") != "aws-s3":
        return ""
    region = str(store.get("region") or "")
    server = f"s3.{region}.amazonaws.com" if re.fullmatch(r"[a-z0-9-]+", region) else ""
    server = server or "s3.amazonaws.com"
    # No certificate holds for a name with more dots.
    if "." in bucket:
        return f"https://{server}/{bucket}/{key}"
    return f"https://{bucket}.{server}/{key}"


def _bucket_and_key(asset: Asset) -> tuple[str, str]:
    parts = urlsplit(asset.href)
    return parts.netloc, quote(unquote(parts.path.lstrip("/")))


def _azure(asset: Asset, store: Mapping[str, Any]) -> tuple[str, str]:
    """Return container and account of a file in Azure."""
    container, at, server = urlsplit(asset.href).netloc.partition("@")
    if at:
        return container, server.partition(".")[0]
    account = store.get("account")
    for name in ("table:storage_options", "xarray:storage_options", "msft:storage_options"):
        options = asset.raw.get(name)
        if isinstance(options, Mapping):
            account = account or options.get("account_name")
    account = str(account or "")
    return container, account if re.fullmatch(r"[a-z0-9]+", account) else ""


def _virtual_path(asset: Asset) -> str:
    """Return the path by which GDAL reads a file in a store; "" if it has none."""
    prefix = _VIRTUAL.get(asset.scheme, "")
    bucket, key = _bucket_and_key(asset)
    return f"{prefix}{bucket}/{unquote(key)}" if prefix and bucket and key else ""
