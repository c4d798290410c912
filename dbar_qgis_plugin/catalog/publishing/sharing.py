"""From files and words to an item that others find: all of it there, or nothing.

Files go first, the item last. What goes wrong on the way is undone: the item, a collection that was
made for it, and the files that were brought; what cannot be taken back is told.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from dbar_qgis_plugin.catalog.local.documents import iso
from dbar_qgis_plugin.catalog.model import Item, Raw, parse_item, parse_moment
from dbar_qgis_plugin.catalog.publishing.checks import (
    Check,
    State,
    check_files,
    check_form,
    check_item,
    failed,
    licence_gate,
    refuse_failed,
)
from dbar_qgis_plugin.catalog.publishing.document import (
    Predecessor,
    collection_document,
    item_document,
    now,
)
from dbar_qgis_plugin.catalog.publishing.files import Place, ReadyFile
from dbar_qgis_plugin.catalog.publishing.metadata import Metadata
from dbar_qgis_plugin.catalog.publishing.pieces import Piece
from dbar_qgis_plugin.catalog.publishing.targets import STRUCTURE, Stored, Target, no_collection
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, Progress, message

_UNFIT: Final = re.compile(r"[^\w.-]+")
_LONGEST_ID: Final = 80
_CONFLICT: Final = 409
_CHANGED: Final = 412
_NAMES_OF_FILES: Final = 2  # lines at the head of a difference
_TOLERANCE: Final = 1e-6  # degrees
_SHARE_OF_FILES: Final = 0.9

Where = Callable[[str], Place]  # the place of an item's files, by the item's id


class OnConflict(StrEnum):
    """What happens where an item of the same id is there."""

    REFUSE = "refuse"
    VERSION = "version"  # a new item that follows it
    OVERWRITE = "overwrite"


@dataclass(frozen=True)
class Plan:
    """What is shared, and how.

    identity, collection : ids
    may_share_derivatives : whether the user has said that results of restricted data may be shared
    """

    identity: str
    collection: str
    metadata: Metadata
    pieces: tuple[Piece, ...]
    on_conflict: OnConflict = OnConflict.REFUSE
    may_share_derivatives: bool = False


@dataclass(frozen=True)
class Preview:
    """What would be written.

    there : the item that it would be written over, or would follow
    """

    document: Mapping[str, Any]
    checks: tuple[Check, ...]
    there: Stored | None = None

    @property
    def identity(self) -> str:
        """Id of the item that would be written."""
        return str(self.document["id"])

    @property
    def difference(self) -> str:
        """Lines that go and come, of the item that is there; "" where there is none."""
        if self.there is None:
            return ""
        links = [link for link in self.document["links"] if link["rel"] not in STRUCTURE]
        old, new = (
            json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True).splitlines()
            for raw in (self.there.raw, {**self.document, "links": links})
        )
        lines = list(difflib.unified_diff(old, new, lineterm="", n=1))
        return "\n".join(lines[_NAMES_OF_FILES:])


class Shared(NamedTuple):
    """What was shared.

    item : as the catalog gives it back
    link : its address
    notes : what the user should know
    """

    item: Item
    link: str
    document: Raw
    notes: tuple[Message, ...]


class ConflictError(InputError):
    """An item of the same id is there."""


class NotSharedError(DbarError):
    """Sharing failed; what it had done was undone.

    left : what could not be undone
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.left: tuple[Message, ...] = ()


def identity_of(title: str) -> str:
    """Make an id of a title; any server takes it."""
    text = unicodedata.normalize("NFC", title).strip().lower()
    return _UNFIT.sub("-", text)[:_LONGEST_ID].strip("-.") or "item"


def preview(
    plan: Plan,
    files: Sequence[ReadyFile],
    target: Target,
    where: Where,
    *,
    more: Sequence[Check] = (),
    is_cancelled: IsCancelled = never,
) -> Preview:
    """Make the item, and check all that can be checked before; nothing is written.

    Parameters
    ----------
    plan : Plan
    files : sequence of ReadyFile
        From `files.make_ready`.
    target : Target
        Asked whether the item is there.
    where : callable
        The place of the files.
    more : sequence of Check
        From `files.make_ready`.

    Raises
    ------
    HttpError, NetworkError, Cancelled
        The target could not be asked.
    """
    there = target.find(plan.collection, plan.identity, is_cancelled)
    identity, follows = plan.identity, None
    if there is not None and plan.on_conflict is OnConflict.VERSION:
        identity, there, follows = _next_version(plan, there, target, is_cancelled)
    place = where(identity)
    shared = {file.key: file.shared(place.href(file)) for file in files}
    document = item_document(
        identity,
        plan.collection,
        plan.metadata,
        plan.pieces,
        shared,
        parent=target.parent(plan.collection),
        made=now(),
        follows=follows,
    )
    if there is not None:
        _keep_created(document["properties"], there.raw)
    checks = (
        *licence_gate(plan.pieces, may_share_derivatives=plan.may_share_derivatives),
        *check_form(plan.metadata),
        *more,
        *check_files(shared),
        *check_item(document),
        *_collection(plan, target, is_cancelled),
        *_conflict(plan, there, identity),
    )
    return Preview(document, checks, there)


def share(
    plan: Plan,
    files: Sequence[ReadyFile],
    target: Target,
    where: Where,
    *,
    seen: Preview | None = None,
    progress: Progress | None = None,
) -> Shared:
    """Bring files and item to where others find them, and look at them there.

    Parameters
    ----------
    plan, files, target, where
        See `preview`.
    seen : Preview, optional
        What the user has agreed to: an item that has changed since is not written over.
    progress : Progress, optional
        Where to report to, and what asks to stop.

    Raises
    ------
    RefusedError
        A check has failed; nothing was done.
    ConflictError
        The item is there, or has been changed by somebody else; what was done was undone.
    NotSharedError
        It went wrong on the way; what was done was undone.
    Cancelled
        See `progress`; what was done was undone.
    """
    progress = progress or Progress()
    is_cancelled = progress.is_cancelled or never
    fresh = preview(plan, files, target, where, is_cancelled=is_cancelled)
    if fresh.there is not None and plan.on_conflict is OnConflict.REFUSE:
        raise _there_already(fresh.identity)
    refuse_failed(fresh.checks)
    if seen is not None and not _same(seen.there, fresh.there):
        raise _changed(fresh.identity)
    undo = _Undo()
    try:
        _make_collection(plan, fresh, target, undo, is_cancelled)
        _bring(files, where(fresh.identity), undo, progress.part(0.0, _SHARE_OF_FILES))
        identity = _write(plan, fresh, target, undo, is_cancelled)
        item, notes = _looked_at(fresh.document, identity, plan.collection, target, is_cancelled)
    except DbarError as error:
        raise _undone(error, undo) from error
    progress.report(1.0)
    link = item.link("self")
    address = link.href if link is not None else target.address(plan.collection, identity)
    return Shared(item, scrubbed(address), fresh.document, (*notes, *_replaced(fresh)))


class _Undo:
    """What is to be undone if a later step fails, the last one first."""

    def __init__(self) -> None:
        self._steps: list[tuple[Callable[[], bool], Message]] = []

    def add(self, step: Callable[[], bool], remains: Message) -> None:
        """Note how a step is undone, and what remains where that fails."""
        self._steps.append((step, remains))

    def run(self) -> tuple[Message, ...]:
        """Undo all, and return what remains."""
        left = []
        for step, remains in reversed(self._steps):
            try:
                if step():
                    continue
            except DbarError:
                left.append(remains)
                continue
            left.append(remains)
        return tuple(left)


def _bring(files: Sequence[ReadyFile], place: Place, undo: _Undo, progress: Progress) -> None:
    whole = sum(file.size for file in files) or 1
    done = 0
    for file in files:
        progress.check()
        before = done

        def sent(size: int, before: int = before) -> None:
            progress.report((before + size) / whole)

        text = translate("Dbar", "The file {address} could not be removed: remove it by hand.")
        remains = message(text, address=scrubbed(place.href(file)))
        try:
            is_new = place.put(file, sent, progress.is_cancelled or never)
        except DbarError as error:
            if _may_have_arrived(error):
                undo.add(lambda file=file: place.remove(file), remains)  # type: ignore[misc]
            raise
        if is_new:
            undo.add(lambda file=file: place.remove(file), remains)  # type: ignore[misc]
        done += file.size


def _make_collection(
    plan: Plan, fresh: Preview, target: Target, undo: _Undo, is_cancelled: IsCancelled
) -> None:
    """Make the collection where it is not there."""
    name = plan.collection
    if target.has_collection(name, is_cancelled):
        return
    text = translate("Dbar", "The collection {name} could not be removed: remove it by hand.")
    remains = message(text, name=name)
    try:
        target.make_collection(collection_document(fresh.document), is_cancelled)
    except DbarError as error:
        if _may_have_arrived(error):
            undo.add(lambda: _without(target, name), remains)
        raise
    undo.add(lambda: _without(target, name), remains)


def _write(
    plan: Plan, fresh: Preview, target: Target, undo: _Undo, is_cancelled: IsCancelled
) -> str:
    """Write the item, and return its id."""
    collection, document = plan.collection, fresh.document
    if fresh.there is not None and plan.on_conflict is OnConflict.OVERWRITE:
        _overwrite(plan, fresh, target, undo, is_cancelled)
        return fresh.identity
    text = translate("Dbar", "The item {name} could not be removed: remove it by hand.")
    remains = message(text, name=fresh.identity)
    try:
        identity = target.create(collection, document, is_cancelled)
    except DbarError as error:
        if getattr(error, "status", 0) == _CONFLICT:
            raise _there_already(fresh.identity) from error
        if _may_have_arrived(error):
            undo.add(lambda: _removed_if_ours(target, collection, fresh), remains)
        raise
    undo.add(lambda: _removed(target, collection, identity), remains)
    return identity


def _overwrite(
    plan: Plan, fresh: Preview, target: Target, undo: _Undo, is_cancelled: IsCancelled
) -> None:
    """Write over an item that is still as it was; not every server looks at If-Match."""
    there = target.find(plan.collection, fresh.identity, is_cancelled)
    if there is None or not _same(there, fresh.there):
        raise _changed(fresh.identity)
    text = translate(
        "Dbar", "The item {name} could not be written back as it was: look at it, and correct it."
    )

    def restore() -> bool:
        now_there = target.find(plan.collection, fresh.identity)
        if not _same(now_there, there):
            target.replace(plan.collection, there.raw)
        return True

    try:
        target.replace(plan.collection, fresh.document, there.etag, is_cancelled)
    except DbarError as error:
        if getattr(error, "status", 0) == _CHANGED:
            raise _changed(fresh.identity) from error
        if _may_have_arrived(error):
            undo.add(restore, message(text, name=fresh.identity))
        raise
    undo.add(restore, message(text, name=fresh.identity))


def _looked_at(
    document: Raw, identity: str, collection: str, target: Target, is_cancelled: IsCancelled
) -> tuple[Item, tuple[Message, ...]]:
    """Look for the item as others do, and compare it with what was written."""
    item = target.read_back(collection, identity, is_cancelled)
    if item is None:
        raise HttpError(
            translate("Dbar", "The catalog took the item {name}, but a search does not find it."),
            name=identity,
        )
    written = parse_item(document, base=target.address(collection, identity))
    addresses = {asset.href for asset in item.assets}
    lost = [asset.key for asset in written.assets if asset.href not in addresses]
    if lost:
        raise HttpError(
            translate(
                "Dbar", "The catalog took the item {name}, but gives it back without {files}."
            ),
            name=identity,
            files=", ".join(lost),
        )
    names = list(_not_kept(written, item))
    if not names:
        return item, ()
    text = translate("Dbar", "The catalog does not keep all that was written: {names}")
    return item, (message(text, names=", ".join(names)),)


def _not_kept(written: Item, item: Item) -> Iterator[str]:
    for name in ("title", "begin", "end"):
        if getattr(written, name) != getattr(item, name):
            yield name
    boxes = zip(written.box or (), item.box or (math.inf,) * 4, strict=False)
    if any(abs(first - second) > _TOLERANCE for first, second in boxes):
        yield "bbox"
    dates = ("datetime", "start_datetime", "end_datetime", "title")
    for name, value in written.properties.items():
        if name not in dates and item.properties.get(name) != value:
            yield name


def _keep_created(properties: dict[str, Any], there: Raw) -> None:
    """Say that an item that is written over was made before, and is changed now."""
    before = parse_moment((there.get("properties") or {}).get("created"))
    if before is not None:
        properties.update(created=iso(before), updated=properties["created"])


def _next_version(
    plan: Plan, there: Stored, target: Target, is_cancelled: IsCancelled
) -> tuple[str, Stored | None, Predecessor]:
    """Return the first free id of a version, and the one before it."""
    last, number = there, 2
    while True:
        identity = f"{plan.identity}-v{number}"
        found = target.find(plan.collection, identity, is_cancelled)
        if found is None:
            break
        last, number = found, number + 1
    link = last.item.link("self")
    href = target.address(plan.collection, last.item.id) if link is None else link.href
    return identity, None, Predecessor(scrubbed(href), str(number))


def _collection(plan: Plan, target: Target, is_cancelled: IsCancelled) -> Iterator[Check]:
    name = plan.collection
    if target.has_collection(name, is_cancelled):
        return
    if not target.makes_collections:
        yield failed(no_collection(name))
        return
    text = translate("Dbar", "The collection {name} is new, and will be made.")
    yield Check(State.FINE, message(text, name=name))


def _conflict(plan: Plan, there: Stored | None, identity: str) -> Iterator[Check]:
    if there is not None and plan.on_conflict is OnConflict.REFUSE:
        yield failed(_there_already(identity))
    elif there is not None:
        text = translate("Dbar", "The item {name} is there already, and will be written over.")
        yield Check(State.WARNING, message(text, name=identity))
    elif identity != plan.identity:
        text = translate("Dbar", "{old} is there already: {new} will follow it as a new version.")
        yield Check(State.FINE, message(text, old=plan.identity, new=identity))


def _replaced(fresh: Preview) -> Iterator[Message]:
    """Name the files of an item that was written over: they stay where they are."""
    if fresh.there is None:
        return
    ours = {asset["href"] for asset in fresh.document["assets"].values()}
    old = [
        asset.href
        for asset in fresh.there.item.assets
        if not any(asset.href.endswith(href.removeprefix("./")) for href in ours)
    ]
    if old:
        text = translate("Dbar", "Files of the former item stay where they are: {addresses}")
        yield message(text, addresses=", ".join(map(scrubbed, old)))


def _may_have_arrived(error: DbarError) -> bool:
    """Tell whether something may be there although an error came: it was not plainly refused."""
    status = getattr(error, "status", 0)
    return not (isinstance(error, HttpError) and 400 <= status < 500)


def _removed(target: Target, collection: str, identity: str) -> bool:
    if target.find(collection, identity) is not None:
        target.delete(collection, identity)
    return True


def _removed_if_ours(target: Target, collection: str, fresh: Preview) -> bool:
    """Remove an item that may have been written, though no answer said so."""
    there = target.find(collection, fresh.identity)
    if there is None:
        return True
    address = target.address(collection, fresh.identity)
    ours = {asset.href for asset in parse_item(fresh.document, base=address).assets}
    if ours <= {asset.href for asset in there.item.assets}:
        target.delete(collection, fresh.identity)
    return True


def _without(target: Target, collection: str) -> bool:
    if target.has_collection(collection):
        target.remove_collection(collection)
    return True


def _undone(error: DbarError, undo: _Undo) -> DbarError:
    """Undo what was done, and return the error to be raised."""
    left = undo.run()
    if not left and isinstance(error, Cancelled | ConflictError):
        return error
    failure = NotSharedError(error.template, **error.values)
    failure.left = left
    return failure


def _same(first: Stored | None, second: Stored | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.raw == second.raw


def _there_already(identity: str) -> ConflictError:
    return ConflictError(
        translate(
            "Dbar",
            "An item “{name}” is there already. Share a new version of it, write over it, or "
            "choose another id.",
        ),
        name=identity,
    )


def _changed(identity: str) -> ConflictError:
    return ConflictError(
        translate(
            "Dbar",
            "Somebody else has changed the item “{name}” meanwhile. Look at the difference again.",
        ),
        name=identity,
    )
