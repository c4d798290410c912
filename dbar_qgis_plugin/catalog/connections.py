"""Connections to catalogs: where they are, what they speak, and who may see their credentials.

Credentials live in QGIS's authentication database and nowhere else: a connection holds their ids,
an exported one not even those.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.redaction import host_of, without_secrets
from dbar_qgis_plugin.catalog.transport import Transport
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

KINDS: Final = (
    *("stac_api", "stac_static", "records", "csw", "wms", "wmts", "xyz"),
    "casearth_json",
)
# Kinds whose files are given to accounts: the parameter of the address that takes their name.
ACCOUNTS: Final[Mapping[str, str]] = {"casearth_json": "username"}
# Groups of the list of connections, in its order; `group_titles` names them for people.
GROUPS: Final = ("dbar", "open", "own", "local")
PRESETS: Final = Path(__file__).parents[1] / "resources" / "catalog" / "presets.json"
PAGE_SIZES: Final = (1, 1000)
TIMEOUTS_S: Final = (1.0, 600.0)
_WEB: Final = ("http://", "https://")
_VERSION: Final = 1
# What stays on this computer: ids of credentials, and what the user found out or allowed here.
_OWN_FIELDS: Final = ("id", "authcfg", "asset_authcfg", "writable", "verified")


@dataclass(frozen=True)
class Connection:
    """A catalog that can be searched.

    id : of the connection, 32 hexadecimal digits; made from kind and address if not given
    kind : one of `KINDS`
    url : without credentials; a folder's path or file: for a catalog on this computer
    authcfg : credentials for the catalog's own server
    asset_authcfg : credentials for files, where they need others than the catalog
    asset_hosts : further servers that may have the credentials for files, as `host_of` gives them
    writable : whether the user wants to share to it
    verified : whether it has answered once

    Raises
    ------
    InputError
        If the address, or a server, holds credentials or is none, or a value is out of bounds.
    """

    name: str
    url: str
    kind: str
    group: str = "own"
    id: str = ""
    authcfg: str = ""
    asset_authcfg: str = ""
    asset_hosts: tuple[str, ...] = ()
    page_size: int = 50
    timeout_s: float = 30.0
    writable: bool = False
    verified: bool = False

    def __post_init__(self) -> None:
        _check(self)
        hosts = tuple(sorted({_server(host) for host in self.asset_hosts}))
        object.__setattr__(self, "asset_hosts", hosts)
        if not self.id:
            made = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.kind} {self.url}").hex
            object.__setattr__(self, "id", made)

    @property
    def is_local(self) -> bool:
        """Whether it lies on this computer."""
        return not self.url.lower().startswith(_WEB)


class Imported(NamedTuple):
    """Connections that were read, and what the user should know of them."""

    connections: tuple[Connection, ...]
    notes: tuple[Message, ...]


def new_id() -> str:
    """Return an id for a connection that the user makes."""
    return uuid.uuid4().hex


def http_of(connection: Connection, transport: Transport) -> Http:
    """Return the way to a catalog; its own server gets its credentials, no other.

    One whose files are given to accounts lists them to everybody.
    """
    return Http(
        transport,
        "" if connection.kind in ACCOUNTS else connection.authcfg,
        frozenset(_own_host(connection)),
        timeout_s=connection.timeout_s,
    )


def asset_http_of(connection: Connection, transport: Transport) -> Http:
    """Return the way to a catalog's files: credentials go to its server and to `asset_hosts`."""
    return Http(
        transport,
        connection.asset_authcfg or connection.authcfg,
        _asset_hosts(connection),
        ACCOUNTS.get(connection.kind, ""),
        timeout_s=connection.timeout_s,
    )


def asset_credentials(connection: Connection, url: str) -> str:
    """Return the id of the credentials that a file's server may have, "" for none."""
    if host_of(url) not in _asset_hosts(connection):
        return ""
    return connection.asset_authcfg or connection.authcfg


def to_json(connections: Iterable[Connection]) -> str:
    """Write connections for other people: without secrets and the ids of any."""
    entries = [
        {name: value for name, value in as_mapping(connection).items() if name not in _OWN_FIELDS}
        for connection in connections
    ]
    document = {"type": "dbar-connections", "version": _VERSION, "connections": entries}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str | bytes) -> Imported:
    """Read connections that somebody has exported.

    What is broken is left out, and so are credentials in an address; both are told. Nothing that
    is read may have credentials of this computer: they are chosen anew.

    Raises
    ------
    InputError
        If it is no file of connections.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    entries = document.get("connections") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputError(translate("Dbar", "This is no file of catalog connections."))
    found: dict[str, Connection] = {}
    notes: list[Message] = []
    for number, entry in enumerate(entries, start=1):
        try:
            connection = _imported(entry, notes)
        except InputError as error:
            notes.append(
                message(
                    translate("Dbar", "Connection {number} was left out: {words}"),
                    number=number,
                    words=str(error),
                )
            )
        else:
            found[connection.id] = connection
    return Imported(tuple(found.values()), tuple(notes))


@cache
def presets() -> tuple[Connection, ...]:
    """Return the catalogs that the plugin knows of; none has been asked yet."""
    return from_json(PRESETS.read_text(encoding="utf-8")).connections


def as_mapping(connection: Connection) -> dict[str, Any]:
    """Return a connection's values as JSON has them; `from_mapping` reads them."""
    return {**asdict(connection), "asset_hosts": list(connection.asset_hosts)}


def from_mapping(raw: object) -> Connection:
    """Make a connection of its values; those of another kind than they should be are refused.

    Raises
    ------
    InputError
        See `Connection`.
    """
    entry = raw if isinstance(raw, Mapping) else {}
    values = {
        field.name: entry[field.name]
        for field in fields(Connection)
        if entry.get(field.name) is not None
    }
    for name in ("name", "url", "kind"):
        values.setdefault(name, "")
    if isinstance(values.get("asset_hosts"), list):
        values["asset_hosts"] = tuple(values["asset_hosts"])
    return Connection(**values)


def group_titles() -> dict[str, str]:
    """Return the groups' names in English, in the order of the list."""
    return {
        "dbar": translate("Dbar", "DBAR / CASEarth"),
        "open": translate("Dbar", "Open EO"),
        "own": translate("Dbar", "My catalogs"),
        "local": translate("Dbar", "Local folders"),
    }


def _imported(raw: object, notes: list[Message]) -> Connection:
    entry = dict(raw) if isinstance(raw, Mapping) else {}
    for name in _OWN_FIELDS:
        entry.pop(name, None)
    if entry.get("group") not in GROUPS:
        entry["group"] = "own"
    dropped: tuple[str, ...] = ()
    if isinstance(entry.get("url"), str):
        try:
            entry["url"], dropped = without_secrets(entry["url"].strip())
        except ValueError:
            entry["url"] = ""
    connection = from_mapping(entry)
    if dropped:
        notes.append(
            message(
                translate(
                    "Dbar",
                    "{name}: the address held credentials ({parts}), which were left out. Choose "
                    "the authentication of the connection.",
                ),
                name=connection.name,
                parts=", ".join(dropped),
            )
        )
    if connection.asset_hosts:
        notes.append(
            message(
                translate(
                    "Dbar",
                    "{name}: the credentials that you choose for its files will also go to "
                    "{hosts}. Take out what you do not trust.",
                ),
                name=connection.name,
                hosts=", ".join(connection.asset_hosts),
            )
        )
    return connection


def _check(connection: Connection) -> None:
    """Refuse what cannot be a connection."""
    whole = all(
        isinstance(getattr(connection, name), str)
        for name in ("name", "url", "kind", "group", "id", "authcfg", "asset_authcfg")
    )
    hosts = connection.asset_hosts
    if not whole or not isinstance(hosts, tuple) or not all(isinstance(h, str) for h in hosts):
        raise InputError(translate("Dbar", "A value of the connection is no text."))
    if not connection.name.strip():
        raise InputError(translate("Dbar", "Give the connection a name."))
    if connection.kind not in KINDS:
        raise InputError(
            translate("Dbar", "{name}: there is no catalog of the kind “{kind}”."),
            name=connection.name,
            kind=connection.kind,
        )
    _check_address(connection)
    for value, bounds in ((connection.page_size, PAGE_SIZES), (connection.timeout_s, TIMEOUTS_S)):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not bounds[0] <= value <= bounds[1]:
            raise InputError(
                translate("Dbar", "{name}: {value} is not between {least} and {most}."),
                name=connection.name,
                value=value,
                least=bounds[0],
                most=bounds[1],
            )


def _check_address(connection: Connection) -> None:
    try:
        clean, dropped = without_secrets(connection.url)
    except ValueError:
        clean, dropped = "", ()
    if not clean.strip() or (not connection.is_local and not _has_host(clean)):
        raise InputError(
            translate("Dbar", "{name}: give the address of a web server, or a folder."),
            name=connection.name,
        )
    if dropped:
        raise InputError(
            translate(
                "Dbar",
                "{name}: the address holds credentials ({parts}). Take them out, and choose the "
                "authentication of the connection instead: it keeps them encrypted.",
            ),
            name=connection.name,
            parts=", ".join(dropped),
        )


def _asset_hosts(connection: Connection) -> frozenset[str]:
    return frozenset(_own_host(connection)) | frozenset(connection.asset_hosts)


def _own_host(connection: Connection) -> tuple[str, ...]:
    """Return the catalog's server; by https too, to which an address without it often leads."""
    if connection.is_local:
        return ()
    host = host_of(connection.url)
    scheme, _, name = host.partition("://")
    return (host, f"https://{name}") if scheme == "http" and ":" not in name else (host,)


def _server(text: str) -> str:
    """Return a server as `host_of` gives it, of what a user types: by default with https."""
    typed = text.strip()
    server = host_of(typed if typed.lower().startswith(_WEB) else f"https://{typed}")
    if not _has_host(server):
        raise InputError(translate("Dbar", "{server} is no server."), server=text)
    return server


def _has_host(url: str) -> bool:
    return bool(host_of(url).partition("://")[2])
