"""The files of one data set of the CASEarth sharing service (data.casearth.cn); experimental.

The service documents no interface for programs. Public scripts ask for the list of a data set's
files at `/api/dataset/getAllFileListBySdoId` (older ones at `/api/getAllFileListBySdoId`), and for
a file at `/api/file/downloadOneFile`, with the name of an account. Nothing is relied on that they
do not need, and no other data set is looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from dbar_qgis_plugin.catalog.adapters.addresses import parts_of
from dbar_qgis_plugin.catalog.adapters.as_items import DATA, Online, item_document, media_type_of
from dbar_qgis_plugin.catalog.adapters.base import Capabilities, Page
from dbar_qgis_plugin.catalog.adapters.in_words import in_words
from dbar_qgis_plugin.catalog.adapters.local_search import answering, at_most, paged, sorted_pages
from dbar_qgis_plugin.catalog.connection_tree import caution
from dbar_qgis_plugin.catalog.http import Http, account_wanted, server_words
from dbar_qgis_plugin.catalog.model import (
    LOCAL_PATH,
    ROUGH_SIZE,
    Collection,
    Item,
    Link,
    Raw,
    parse_item,
)
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, Response, never
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

KIND: Final = "casearth_json"
_HOME: Final = "data.casearth.cn"
# "/en/sdo/detail/<id>", "/dataset/<id>": with or without a language, and whatever follows.
_PAGE: Final = re.compile(r"(/[a-z]{2}(?:[-_][A-Za-z]+)?)?/(sdo/detail|dataset)/([^/]*)(?:/|$)")
_ID: Final = re.compile(r"[0-9a-f]{24}")
_LISTS: Final = ("/api/dataset/getAllFileListBySdoId", "/api/getAllFileListBySdoId")
_FILE: Final = "/api/file/downloadOneFile"
_OK: Final = (None, 0, 200, "0", "200")
# Names of what an entry tells, the first that is there.
_IDS: Final = ("id", "fileId", "file_id", "_id")
_NAMES: Final = ("file_name", "fileName", "name")
_SIZES: Final = ("file_size", "fileSize", "size", "length")
_SIZE: Final = re.compile(r"(?i)(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?(?:ytes)?")
_UNITS: Final = ("", "k", "m", "g", "t")
_LARGEST: Final = 1 << 50


class DataSet(NamedTuple):
    """A data set of the service.

    server : scheme and host
    page : its page for people
    """

    id: str
    server: str
    page: str


def is_data_set(url: str) -> bool:
    """Tell by an address alone whether it is the page of a data set.

    Raises
    ------
    InputError
        If it is another page of the service, or its id is none.
    """
    parts = parts_of(url)
    is_known = (parts.hostname or "").lower() == _HOME
    found = _PAGE.match(parts.path)
    # Other servers may have pages with the more usual path.
    if not is_known and (found is None or found[2] != "sdo/detail"):
        return False
    data_set_of(url)
    return True


def data_set_of(url: str) -> DataSet:
    """Return the data set whose page an address is.

    Raises
    ------
    InputError
        If it is none.
    """
    parts = parts_of(url)
    found = _PAGE.match(parts.path)
    if found is None:
        raise InputError(
            translate(
                "Dbar",
                "{url} is no data set of CASEarth. Open it in a browser, look for the data set, "
                "and paste the address of its page: it ends in sdo/detail/ or dataset/ and an id. "
                "If it is the address of a map service, choose the kind yourself.",
            ),
            url=scrubbed(url),
        )
    identity = found[3].lower()
    if _ID.fullmatch(identity) is None:
        raise InputError(
            translate(
                "Dbar",
                "“{id}” in {url} is no id of a data set of CASEarth: that has 24 digits and "
                "letters from a to f. Open the data set in a browser, and copy the address of its "
                "page.",
            ),
            id=found[3],
            url=scrubbed(url),
        )
    server = host_of(url)
    if (parts.hostname or "").lower() == _HOME and parts.port is None:
        server = f"https://{_HOME}"  # old links are without it
    return DataSet(identity, server, f"{server}{found[1] or ''}/{found[2]}/{identity}")


class _Files(NamedTuple):
    """The files of a data set, and what the user should know of them."""

    items: tuple[Item, ...]
    notes: tuple[Message, ...]


class CasearthJson:
    """A data set whose files are the items; their list is read once, and searched here.

    Parameters
    ----------
    url : str
        Of its page.
    http : Http
        The connection's way to the list.
    source : str
        Id of the connection.
    has_account : bool
        Whether the connection has credentials for the files.

    Raises
    ------
    InputError
        If the address is none of a data set.
    """

    def __init__(self, url: str, http: Http, source: str = "", *, has_account: bool = True) -> None:
        self.data_set = data_set_of(url)
        self.http = http
        self.source = source
        self._has_account = has_account
        self._read: _Files | None = None

    def describe(self, is_cancelled: IsCancelled = never) -> Capabilities:
        """Read the list of files."""
        found = self._files(is_cancelled)
        count = message(translate("Dbar", "Files in the list: {count}"), count=len(found.items))
        nowhere = message(
            translate("Dbar", "Can filter by area and date: no, the list of files tells none")
        )
        notes = list(found.notes)
        if not self._has_account:
            notes.append(message(account_wanted()))
        return Capabilities(
            title=self._title,
            description="",
            kind=KIND,
            says=(message(caution(KIND)), count, *in_words(), nowhere, *notes),
        )

    def collections(
        self,
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - nothing is asked
    ) -> Iterator[Collection]:
        """Give the one that the data set is."""
        page = Link("about", self.data_set.page, "text/html")
        yield Collection(self.data_set.id, self._title, links=(page,), source=self.source)

    def queryables(
        self,
        collection: str,  # noqa: ARG002 - there is one
        is_cancelled: IsCancelled = never,  # noqa: ARG002 - nothing is asked
    ) -> Mapping[str, Raw]:
        """Return nothing: the list tells no more of a file than its name."""
        return {}

    def search(self, query: Query, is_cancelled: IsCancelled = never) -> Iterator[Page]:
        """Give the files whose names answer a query; area and period speak against none."""
        found = self._files(is_cancelled)
        known = {one.id: one for one in self.collections()}
        page = answering(Page(found.items), query, known)
        # No server has ignored anything: what does not answer is not counted.
        page = Page(page.items, len(page.items), notes=found.notes)
        pages = sorted_pages([page], query) if query.sort else paged(page, query.page_size)
        yield from at_most(pages, query.most)

    def get(self, collection: str, item_id: str, is_cancelled: IsCancelled = never) -> Item:
        """Return one file."""
        for item in self._files(is_cancelled).items:
            if item.key == (self.source, collection, item_id):
                return item
        raise HttpError(
            translate(
                "Dbar", "The file “{item}” is not in the data set any more. Look at its page, {url}"
            ),
            item=item_id,
            url=self.data_set.page,
            status=404,
        )

    @property
    def _title(self) -> str:
        return f"CASEarth {self.data_set.id}"

    def _files(self, is_cancelled: IsCancelled) -> _Files:
        if self._read is None:
            self._read = self._as_items(self._entries(is_cancelled))
        return self._read

    def _entries(self, is_cancelled: IsCancelled) -> list[Any]:
        """Ask for the list, at each place where it may be."""
        asked = urlencode({"sdoId": self.data_set.id})
        for path in _LISTS:
            url = f"{self.data_set.server}{path}?{asked}"
            try:
                found = self.http.get(url, accept="application/json", is_cancelled=is_cancelled)
            except HttpError as error:
                if error.status != 404:
                    raise
            else:
                return self._listed(found)
        raise HttpError(
            translate(
                "Dbar",
                "{url} is not there (404): CASEarth gives lists of files in another way now, or "
                "does not know the data set. Open {page} in a browser, sign in, and download the "
                "files there; then load them, or import archives of SDGSAT-1.",
            ),
            url=url,
            page=self.data_set.page,
            status=404,
        )

    def _listed(self, response: Response) -> list[Any]:
        """Return the entries of an answer.

        Raises
        ------
        HttpError
            If it is no list, but a login page or an error, whatever its status.
        """
        try:
            entries = _list_in(json.loads(response.body))
        except (ValueError, RecursionError):
            entries = None
        if entries is None:
            raise HttpError(
                translate(
                    "Dbar",
                    "{url} answered with something else than a list of files ({kind}): “{words}”. "
                    "It may ask for a login or an approval, or have changed. Open {page} in a "
                    "browser, sign in, and download the files there; then load them, or import "
                    "archives of SDGSAT-1.",
                ),
                url=scrubbed(response.url),
                kind=response.headers.get("content-type", "?"),
                words=server_words(response.body),
                page=self.data_set.page,
                status=response.status,
            )
        return entries

    def _as_items(self, entries: list[Any]) -> _Files:
        known = [entry for entry in entries if isinstance(entry, Mapping)]
        items = tuple(
            parse_item(self._document(entry, number), source=self.source)
            for number, entry in enumerate(known, start=1)
        )
        notes = []
        lost = len(entries) - sum(bool(item.assets) for item in items)
        if not entries:
            notes.append(
                message(
                    translate(
                        "Dbar",
                        "The data set lists no files: they may need an approval. Open {page} in a "
                        "browser.",
                    ),
                    page=self.data_set.page,
                )
            )
        elif lost:
            notes.append(
                message(
                    translate(
                        "Dbar",
                        "{count} entries of the list have no id of a file, and cannot be fetched. "
                        "Open {page} in a browser.",
                    ),
                    count=lost,
                    page=self.data_set.page,
                )
            )
        return _Files(items, tuple(notes))

    def _document(self, entry: Raw, number: int) -> dict[str, Any]:
        """Return a file as an item: its one asset has the name, which the address does not tell."""
        identity, name = _told(entry, _IDS), _told(entry, _NAMES)
        title = name or identity
        page = Online(self.data_set.page, rel="about", title=self._title, media_type="text/html")
        document = item_document(
            identity or f"{title} {number}".strip(),
            self.data_set.id,
            {"title": title},
            online=[page],
        )
        if identity:
            asset = {
                "href": f"{self.data_set.server}{_FILE}?{urlencode({'fileId': identity})}",
                "title": title,
                "type": media_type_of(name),
                "roles": [DATA],
                LOCAL_PATH: title,
                "file:size": _size(_told(entry, _SIZES)),
                ROUGH_SIZE: True,
            }
            told = {key: value for key, value in asset.items() if value not in ("", None)}
            document["assets"] = {DATA: told}
        return document


def _list_in(document: Any) -> list[Any] | None:
    """Return the list of an answer, however deep it lies; None for an error."""
    found = document
    for name in ("data", "list"):
        if isinstance(found, Mapping) and name in found:
            if found[name] is None and found.get("code") in _OK:
                return []
            found = found[name]
    return found if isinstance(found, list) else None


def _told(entry: Raw, names: tuple[str, ...]) -> str:
    """Return the first text or number that an entry has under one of some names."""
    values = (entry.get(name) for name in names)
    texts = (
        str(value).strip()
        for value in values
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    )
    return next(filter(None, texts), "")


def _size(text: str) -> int | None:
    """Return the bytes that a size means, "1024" or "1.5 MB"; None for anything else."""
    found = _SIZE.fullmatch(text)
    if found is None:
        return None
    size = round(float(found[1]) * 1024 ** _UNITS.index(found[2].lower()))
    return size if size <= _LARGEST else None
