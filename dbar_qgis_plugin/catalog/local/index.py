"""The index of the user's own catalog: what its documents say, in SQLite, to be searched fast."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.model import Box, Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.errors import OutputError, translate

_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE collections (
    id TEXT PRIMARY KEY, original TEXT NOT NULL, source TEXT NOT NULL,
    folder TEXT NOT NULL UNIQUE COLLATE NOCASE, document TEXT NOT NULL
);
CREATE TABLE items (
    number INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL,
    folder TEXT NOT NULL UNIQUE COLLATE NOCASE,
    first REAL, last REAL, has_box INTEGER NOT NULL, document TEXT NOT NULL,
    UNIQUE (collection, id)
);
CREATE TABLE files (item INTEGER NOT NULL, asset TEXT NOT NULL, path TEXT NOT NULL);
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_by_item ON files (item);
"""
# An item over 180 degrees has two boxes. The R-tree rounds outwards: what it finds is tested again.
_BOXES: Final = "CREATE VIRTUAL TABLE boxes USING rtree (id, west, east, south, north, +item)"
_PLAIN_BOXES: Final = """
CREATE TABLE boxes (
    id INTEGER PRIMARY KEY, west REAL, east REAL, south REAL, north REAL, item INTEGER
)
"""
_SEARCH: Final = """
SELECT folder, document FROM items
WHERE (:begin IS NULL OR last IS NULL OR last >= :begin)
AND (:end IS NULL OR first IS NULL OR first <= :end)
AND (:collections IS NULL OR collection IN (SELECT value FROM json_each(:collections)))
AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
AND (:has_box = 0 OR has_box = 0 OR number IN (
    SELECT item FROM boxes
    WHERE east >= :west AND west <= :east AND north >= :south AND south <= :north
    UNION SELECT item FROM boxes
    WHERE east >= :west2 AND west <= :east2 AND north >= :south AND south <= :north
))
ORDER BY first DESC, number DESC
"""


class Kept(NamedTuple):
    """A collection or an item: its folder within the store, and its document."""

    folder: str
    document: Mapping[str, Any]


class Extent(NamedTuple):
    """Where and when the items of a collection lie; None where none of them tells."""

    box: Box | None
    first: float | None  # seconds since 1970
    last: float | None


class Index:
    """The index of a catalog; usable from any thread, and by several programs at a time.

    Parameters
    ----------
    path : Path
        The SQLite file; a damaged one is made anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._written():
            try:
                self._db = self._open()
            except sqlite3.OperationalError:  # in use, or not to be written: no reason to drop it
                raise
            except sqlite3.DatabaseError:
                path.unlink()
                self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path, timeout=30.0, isolation_level=None, check_same_thread=False
        )
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError:
            db.close()
            raise
        self.is_empty = version != _VERSION
        return db

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change what is in it, and the documents, as the only program that does: all or nothing.

        Raises
        ------
        OutputError
            Index or documents cannot be written.
        """
        with self._lock, self._written():
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.OperationalError) as error:
            raise OutputError(
                translate("Dbar", "{folder} could not be written: {reason}"),
                folder=str(self._path.parent),
                reason=str(error),
            ) from error

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def clear(self) -> None:
        """Leave nothing in it."""
        for table in ("collections", "items", "files", "boxes"):
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _TABLES.split(";"):
            self._db.execute(statement)
        try:
            self._db.execute(_BOXES)
        except sqlite3.OperationalError:  # an SQLite without R-trees
            self._db.execute(_PLAIN_BOXES)
        self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self.is_empty = False

    # Collections

    def collections(self) -> dict[str, Kept]:
        """Return all collections by id."""
        rows = self._rows("SELECT id, folder, document FROM collections ORDER BY folder")
        return {identity: Kept(folder, json.loads(text)) for identity, folder, text in rows}

    def collection_for(self, original: str, source: str) -> str | None:
        """Return the id of the collection for what a connection has under a name."""
        rows = self._rows(
            "SELECT id FROM collections WHERE original = ? AND source = ?", original, source
        )
        return rows[0][0] if rows else None

    def collection_in(self, folder: str) -> str | None:
        """Return the id of the collection in a folder."""
        rows = self._rows("SELECT id FROM collections WHERE folder = ?", folder)
        return rows[0][0] if rows else None

    def put_collection(
        self, identity: str, original: str, source: str, folder: str, document: Mapping[str, Any]
    ) -> None:
        """Take in a collection, or what has changed in it."""
        self._db.execute(
            "INSERT OR REPLACE INTO collections VALUES (?, ?, ?, ?, ?)",
            (identity, original, source, folder, _text(document)),
        )

    def remove_collection(self, identity: str) -> None:
        """Take a collection out."""
        self._db.execute("DELETE FROM collections WHERE id = ?", (identity,))

    def folders_of(self, collection: str) -> list[str]:
        """Return the folders of a collection's items, in the order in which they came."""
        rows = self._rows(
            "SELECT folder FROM items WHERE collection = ? ORDER BY number", collection
        )
        return [row[0] for row in rows]

    def extent_of(self, collection: str) -> Extent:
        """Return where and when a collection's items lie."""
        ((west, south, east, north),) = self._rows(
            "SELECT MIN(west), MIN(south), MAX(east), MAX(north) FROM boxes "
            "WHERE item IN (SELECT number FROM items WHERE collection = ?)",
            collection,
        )
        ((first, last),) = self._rows(
            "SELECT MIN(first), MAX(last) FROM items WHERE collection = ?", collection
        )
        return Extent(None if west is None else (west, south, east, north), first, last)

    # Items

    def item(self, collection: str, identity: str) -> Kept | None:
        """Return an item; None if it is not there."""
        rows = self._rows(
            "SELECT folder, document FROM items WHERE collection = ? AND id = ?",
            collection,
            identity,
        )
        return Kept(rows[0][0], json.loads(rows[0][1])) if rows else None

    def count(self) -> int:
        """Return the number of items."""
        return int(self._rows("SELECT COUNT(*) FROM items")[0][0])

    def has_id(self, identity: str) -> bool:
        """Tell whether an item of any collection has an id."""
        return bool(self._rows("SELECT 1 FROM items WHERE id = ?", identity))

    def has_folder(self, folder: str) -> bool:
        """Tell whether an item has a folder, in whatever case its letters are."""
        return bool(self._rows("SELECT 1 FROM items WHERE folder = ?", folder))

    def search(self, query: Query) -> Iterator[Kept]:
        """Give items among which are all that answer a query, the newest first."""
        boxes = query.boxes()
        (west, south, east, north), second = (boxes[0] if boxes else (None,) * 4), boxes[1:]
        wanted = {
            "begin": None if query.begin is None else query.begin.timestamp(),
            "end": None if query.end is None else query.end.timestamp(),
            "collections": json.dumps(query.collections) if query.collections else None,
            "ids": json.dumps(query.ids) if query.ids else None,
            "has_box": bool(boxes),
            "west": west,
            "east": east,
            "south": south,
            "north": north,
            "west2": second[0][0] if second else None,
            "east2": second[0][2] if second else None,
        }
        with self._lock:
            rows = self._db.execute(_SEARCH, wanted).fetchall()
        return (Kept(folder, json.loads(text)) for folder, text in rows)

    def put_item(
        self, item: Item, folder: str, document: Mapping[str, Any], files: Mapping[str, str]
    ) -> None:
        """Take in an item, or what has changed in it.

        files : paths by asset, as `items_of_file` looks for them
        """
        number = self._removed(item.collection, item.id)
        cursor = self._db.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                item.collection,
                item.id,
                folder,
                None if item.begin is None else item.begin.timestamp(),
                None if item.end is None else item.end.timestamp(),
                item.box is not None,
                _text(document),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._db.executemany(
            "INSERT INTO boxes (west, south, east, north, item) VALUES (?, ?, ?, ?, ?)",
            [(*box, number) for box in Query(box=item.box).boxes()],
        )
        self._db.executemany(
            "INSERT INTO files VALUES (?, ?, ?)",
            [(number, key, path) for key, path in files.items()],
        )

    def remove_item(self, item: Item) -> None:
        """Take an item out."""
        self._removed(item.collection, item.id)

    def _removed(self, collection: str, identity: str) -> int | None:
        """Take an item out, if it is there; return its number."""
        rows = self._rows(
            "SELECT number FROM items WHERE collection = ? AND id = ?", collection, identity
        )
        if not rows:
            return None
        (number,) = rows[0]
        self._db.execute("DELETE FROM items WHERE number = ?", (number,))
        self._db.execute("DELETE FROM files WHERE item = ?", (number,))
        self._db.execute("DELETE FROM boxes WHERE item = ?", (number,))
        return int(number)

    def items_of_file(self, path: str) -> list[Kept]:
        """Return the items that have a file, once for each asset that it is."""
        rows = self._rows(
            "SELECT i.folder, i.document FROM items i JOIN files f ON f.item = i.number "
            "WHERE f.path = ?",
            path,
        )
        return [Kept(folder, json.loads(text)) for folder, text in rows]


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
