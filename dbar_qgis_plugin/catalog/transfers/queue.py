"""The files that the user wants, in an SQLite file that survives whatever ends the program."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from dbar_qgis_plugin.catalog.model import Asset, Item, Link
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transfers.download import (
    Wanted,
    discard,
    part_size,
    resource_of,
    scrubbed_json,
    source_of,
    writable,
)
from dbar_qgis_plugin.catalog.transfers.names import asset_name, safe_name
from dbar_qgis_plugin.errors import OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Message

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    url TEXT NOT NULL,
    lacks_secret INTEGER NOT NULL,
    path TEXT NOT NULL UNIQUE COLLATE NOCASE,
    size INTEGER,
    checksum TEXT NOT NULL,
    media_type TEXT NOT NULL,
    connection TEXT NOT NULL,
    item TEXT NOT NULL,
    asset TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    reason TEXT
)
"""
_ALL: Final = "SELECT * FROM transfers ORDER BY position, id"
_ONE: Final = "SELECT * FROM transfers WHERE id = ?"

_log = logging.getLogger(__name__)


class State(StrEnum):
    """What becomes of a transfer."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Transfer:
    """A file in the queue.

    lacks_secret : the address had a signature, which is not written down and was lost with the
        program's end: the address has to be had from the catalog again
    connection : id of the connection that it belongs to
    item_text : its item, in JSON
    done : bytes that have come
    reason : why it has failed
    """

    id: int
    state: State
    url: str
    lacks_secret: bool
    path: Path
    size: int | None
    checksum: str
    media_type: str
    connection: str
    item_text: str = field(repr=False)
    asset: str
    done: int
    reason: Message | None

    @cached_property
    def item(self) -> Mapping[str, Any]:
        """Its item, as its catalog gave it; read when it is asked for: there may be thousands."""
        found: Mapping[str, Any] = json.loads(self.item_text)
        return found


class TransferQueue:
    """The transfers and their states; usable from any thread.

    Parameters
    ----------
    path : Path
        The SQLite file; one that is damaged is put aside.

    Raises
    ------
    OutputError
        The file cannot be written; so do all methods that write.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._addresses: dict[int, str] = {}  # whole ones, with their secrets: never written
        self._owner: sqlite3.Connection | None = None
        self._seen: int | None = None  # version of the file, as SQLite counts changes of others
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except sqlite3.DatabaseError as error:
            aside = path.with_name(f"{path.name}.damaged")
            _log.warning("%s is damaged (%s), and now named %s", path, error, aside)
            path.replace(aside)
            self._db = self._open()
        except OSError as error:
            raise _unwritable(path, error) from error

    def _open(self) -> sqlite3.Connection:
        try:
            self._db = sqlite3.connect(
                self._path, timeout=10.0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise _unwritable(self._path, error) from error
        try:
            with self.together():
                if self._db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    self._db.execute("DROP TABLE IF EXISTS transfers")
                    self._db.execute(_SCHEMA)
                    self._db.execute(f"PRAGMA user_version = {_VERSION}")
        except (OutputError, sqlite3.DatabaseError):
            self._db.close()
            raise
        return self._db

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is done within as one: all of it or none, and much faster than one by one."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise _unwritable(self._path, error) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def take_over(self) -> bool:
        """Become the one program that runs the transfers; False if another one does.

        What ran when its program ended waits again.
        """
        with self._lock:
            if self._owner is not None:
                return True
            # The lock goes with the program, however it ends.
            owner = sqlite3.connect(
                self._path.with_name(f"{self._path.name}.lock"),
                timeout=0.0,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                owner.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                owner.close()
                return False
            self._owner = owner
            with self.together():
                ran = self._db.execute(
                    "SELECT id, path FROM transfers WHERE state = ?", (State.RUNNING,)
                ).fetchall()
                for number, path in ran:
                    self.set_state(number, State.WAITING, done=part_size(Path(path)))
            return True

    def is_changed_elsewhere(self) -> bool:
        """Tell whether another program has changed the list since this was asked before."""
        with self._lock:
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
            is_changed = version != self._seen
            self._seen = version
            return is_changed

    def close(self) -> None:
        """Close the file, and leave the transfers to whoever takes them over."""
        with self._lock:
            self._db.close()
            if self._owner is not None:
                self._owner.close()
                self._owner = None

    def add(self, wanted: Iterable[Wanted], connection: str = "") -> list[Transfer]:
        """Put files at the end; one that is there already waits again, unless it is under way."""
        with self.together():
            return [self._add(entry, connection) for entry in wanted]

    def _add(self, wanted: Wanted, connection: str) -> Transfer:
        resource = writable(resource_of(wanted.url))
        known = self._db.execute(
            "SELECT id, state FROM transfers WHERE path = ?", (str(wanted.path),)
        ).fetchone()
        if known is not None and known[1] not in ENDED:
            self._addresses[known[0]] = wanted.url
            return self.get(known[0])
        if known is not None:
            self._db.execute("DELETE FROM transfers WHERE id = ?", (known[0],))
        cursor = self._db.execute(
            "INSERT INTO transfers (position, state, url, lacks_secret, path, size, checksum, "
            "media_type, connection, item, asset) SELECT COALESCE(MAX(position), 0) + 1, "
            "?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM transfers",
            (
                State.WAITING,
                resource,
                resource != wanted.url,
                str(wanted.path),
                wanted.size,
                writable(wanted.checksum),
                writable(wanted.media_type),
                connection,
                json.dumps(scrubbed_json(wanted.item), ensure_ascii=False),
                writable(wanted.asset),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._addresses[number] = wanted.url
        return self.get(number)

    def all(self) -> list[Transfer]:
        """Return all transfers, in order."""
        with self._lock:
            return [self._transfer(row) for row in self._db.execute(_ALL)]

    def waiting(self) -> list[tuple[int, str]]:
        """Return id and address of those that wait, in order."""
        with self._lock:
            return self._db.execute(
                "SELECT id, url FROM transfers WHERE state = ? ORDER BY position, id",
                (State.WAITING,),
            ).fetchall()

    def get(self, number: int) -> Transfer:
        """Return a transfer; `KeyError` if it has been removed."""
        with self._lock:
            row = self._db.execute(_ONE, (number,)).fetchone()
            if row is None:
                raise KeyError(number)
            return self._transfer(row)

    def set_state(
        self, number: int, state: State, *, done: int | None = None, reason: Message | None = None
    ) -> Transfer:
        """Note what has become of a transfer."""
        with self.together():
            self._db.execute(
                "UPDATE transfers SET state = ?, done = COALESCE(?, done), reason = ? WHERE id = ?",
                (state, done, _written(reason), number),
            )
            return self.get(number)

    def move(self, numbers: Sequence[int], before: int | None = None) -> None:
        """Put transfers before another one, in the order given; at the end if there is none."""
        with self.together():
            order = [row[0] for row in self._db.execute(_ALL) if row[0] not in numbers]
            at = order.index(before) if before in order else len(order)
            order[at:at] = numbers
            self._db.executemany(
                "UPDATE transfers SET position = ? WHERE id = ?", list(enumerate(order, start=1))
            )

    def remove(self, numbers: Iterable[int]) -> None:
        """Take transfers that have ended out of the list; files that are whole stay."""
        with self.together():
            for transfer in map(self.get, numbers):
                if transfer.state in ENDED:
                    self._db.execute("DELETE FROM transfers WHERE id = ?", (transfer.id,))
                    self._addresses.pop(transfer.id, None)
                    discard(transfer.path)

    def plan(self, item: Item, assets: Iterable[Asset], folder: Path) -> list[Wanted]:
        """Say where files of an item go: a folder of the item's own, under safe names.

        A file that has been fetched, or is in the queue, keeps its place.
        """
        place = folder.joinpath(*(safe_name(part) for part in (item.collection, item.id) if part))
        queued = dict(self._queued_in(place))
        there = {path.name: source_of(path) for path in place.glob("*")} if place.is_dir() else {}
        taken = {**there, **queued}
        # Where the document stood is forgotten with the search.
        raw = {**item.raw, "links": [_written_link(link) for link in item.links]}
        planned = []
        for asset in assets:
            resource = resource_of(asset.href)
            own = [name for name, source in taken.items() if source == resource]
            name = (
                own[0] if own else asset_name(asset.key, asset.file_name, asset.media_type, taken)
            )
            taken[name] = resource
            planned.append(
                Wanted(
                    asset.href,
                    place / name,
                    asset.promised_size,
                    asset.checksum,
                    asset.media_type,
                    raw,
                    asset.key,
                )
            )
        return planned

    def _queued_in(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Give name and address of those that go into a folder."""
        begin = f"{folder}{os.sep}"
        with self._lock:
            rows = self._db.execute(
                "SELECT path, url FROM transfers WHERE substr(path, 1, ?) = ?", (len(begin), begin)
            ).fetchall()
        for path, url in rows:
            if Path(path).parent == folder:
                yield Path(path).name, url

    def _transfer(self, row: Sequence[Any]) -> Transfer:
        number, _, state, url, lacks_secret, path, size, checksum, media_type = row[:9]
        connection, item, asset, done, reason = row[9:]
        whole = self._addresses.get(number)
        return Transfer(
            id=number,
            state=State(state),
            url=whole or url,
            lacks_secret=bool(lacks_secret) and whole is None,
            path=Path(path),
            size=size,
            checksum=checksum,
            media_type=media_type,
            connection=connection,
            item_text=item,
            asset=asset,
            done=done,
            reason=None if reason is None else Message(*json.loads(reason)),
        )


def _written_link(link: Link) -> dict[str, str]:
    facts = {"rel": link.rel, "href": link.href, "type": link.media_type, "title": link.title}
    return {name: text for name, text in facts.items() if text}


def _unwritable(path: Path, error: Exception) -> OutputError:
    return OutputError(
        translate("Dbar", "The list of transfers, {path}, could not be written: {reason}"),
        path=str(path),
        reason=str(error),
    )


def _written(reason: Message | None) -> str | None:
    if reason is None:
        return None
    values = {
        name: value if isinstance(value, int | float) else scrubbed(str(value))
        for name, value in reason.values.items()
    }
    return json.dumps([reason.template, values], ensure_ascii=False)
