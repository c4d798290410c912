"""Archives taken apart safely: .tar, .tar.gz, .tgz, .zip from places that need not be trusted.

Only plain files that are wanted are written, under names checked here, into a folder of their own.
An archive with a member that could reach out of that folder (a path that climbs or is absolute, a
link, a device) or that swells without end is refused as a whole, and what was written is removed.
"""

from __future__ import annotations

import gzip
import lzma
import re
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

from dbar_qgis_plugin.errors import InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Progress
from dbar_qgis_plugin.raster_io.source import close_readers
from dbar_qgis_plugin.raster_io.xml_text import is_web_page

ENDINGS: Final = (".tar.gz", ".tgz", ".tar", ".zip")

_CHUNK = 1 << 20
# Dark scenes compress well, but noise keeps them far from this; zeros compress a thousandfold.
_MOST_TIMES = 250
_SMALL = 16_000_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")  # devices on Windows
_FAULTS = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    struct.error,
    UnicodeError,
    RuntimeError,  # an encrypted member, or a compression that this Python lacks
    ValueError,
)


@dataclass(frozen=True)
class Limits:
    """What an archive may hold: bytes in all, and members."""

    largest_bytes: int = 64_000_000_000
    most_members: int = 10_000


class _Member(NamedTuple):
    """A member of an archive: `open` is None where it is something else than a plain file."""

    name: str
    size: int
    is_folder: bool
    open: Callable[[], IO[bytes] | None] | None


def is_archive(path: str | Path) -> bool:
    """Tell by its name whether a file is an archive that can be taken apart here."""
    return str(path).lower().endswith(ENDINGS)


@contextmanager
def unpacked(
    path: str | Path,
    wanted: Callable[[str], bool],
    *,
    beside: str | Path | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Keep the wanted files of an archive in a temporary folder, removed at the end of the block.

    Parameters
    ----------
    path, wanted, limits, progress
        See :func:`extract`.
    beside : str or Path, optional
        Folder in which the temporary one is made, where there is room; the system's if absent.
    """
    with tempfile.TemporaryDirectory(prefix="dbar_", dir=beside, ignore_cleanup_errors=True) as at:
        try:
            extract(path, at, wanted, limits=limits, progress=progress)
            yield Path(at)
        finally:
            close_readers()  # an open file cannot be removed on Windows


def extract(
    path: str | Path,
    folder: str | Path,
    wanted: Callable[[str], bool],
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the wanted files of an archive into a folder.

    Parameters
    ----------
    path : str or Path
        The archive; what it is, is told by its content.
    folder : str or Path
        Exists; nothing is written outside, and no file that is there is replaced.
    wanted : callable
        Tells of a file's name, without its folders, whether it is wanted.
    limits : Limits, optional
        What it may hold.
    progress : Progress, optional
        Where to report to; checked for cancel at each megabyte.

    Returns
    -------
    list of Path
        The files written, with the folders that they have in the archive.

    Raises
    ------
    InputError
        The archive is damaged, hostile, too large, or none at all; nothing of it stays.
    OutputError
        There is no room for it.
    Cancelled
        If the user stops the run; nothing of it stays.
    """
    path, folder = Path(path), Path(folder).resolve()
    progress = progress or Progress()
    limits = limits or Limits()
    written: list[Path] = []
    made: list[Path] = []
    done = False
    try:
        with path.open("rb") as file:
            room = _Room(path, max(1, path.stat().st_size), limits)
            for member in _members(path, file):
                progress.check()
                room.take_declared(member)
                target = _place(path, folder, member)
                if target is not None and wanted(target.name):
                    _make_folders(folder, target.parent, made)
                    for _ in _copied(member, target, room, written):
                        progress.check()
                        progress.report(min(1.0, file.tell() / room.archive_bytes))
        done = True
    except FileExistsError as error:
        raise InputError(
            translate("Dbar", "{path} holds “{name}” twice, or it is there already."),
            path=str(path),
            name=Path(error.filename or "").name,
        ) from error
    except OSError as error:
        if isinstance(error, _FAULTS):  # BadGzipFile is an OSError
            raise _damaged(path, error) from error
        raise OutputError(
            translate("Dbar", "{path} could not be unpacked: {reason}"),
            path=str(path),
            reason=str(error),
        ) from error
    except _FAULTS as error:
        raise _damaged(path, error) from error
    finally:
        if not done:
            for target in written:
                target.unlink(missing_ok=True)
            for parent in reversed(made):
                parent.rmdir()
    return written


class _Room:
    """What an archive may still take, by what it declares and by what really comes out of it."""

    def __init__(self, path: Path, archive_bytes: int, limits: Limits) -> None:
        self.path = path
        self.archive_bytes = archive_bytes
        most = max(_SMALL, _MOST_TIMES * archive_bytes)
        self._bytes = min(limits.largest_bytes, most)
        self._members = limits.most_members
        self._declared = 0
        self._real = 0

    def take_declared(self, member: _Member) -> None:
        """Count a member by what it says of itself, wanted or not."""
        self._members -= 1
        self._declared += member.size
        if self._members < 0 or self._declared > self._bytes:
            raise _too_large(self.path)

    def take(self, count: int) -> None:
        """Count bytes that came out."""
        self._real += count
        if self._real > self._bytes:
            raise _too_large(self.path)


def _copied(member: _Member, target: Path, room: _Room, written: list[Path]) -> Iterator[int]:
    """Write a member to its place, and yield the bytes done after each piece."""
    free = shutil.disk_usage(target.parent).free
    if member.size > free:
        raise OutputError(
            translate(
                "Dbar",
                "{path}: unpacked, “{name}” takes {needed} MB, but only {free} MB are free. "
                "Free space, or choose another folder for the outputs.",
            ),
            path=str(room.path),
            name=target.name,
            needed=member.size // 1_000_000,
            free=free // 1_000_000,
        )
    source = member.open() if member.open is not None else None
    if source is None:
        raise _unsafe(room.path, member.name)
    done = 0
    with source, target.open("xb") as output:
        written.append(target)
        while piece := source.read(_CHUNK):
            room.take(len(piece))
            output.write(piece)
            done += len(piece)
            yield done
    if done != member.size:
        raise _damaged(room.path, EOFError(member.name))


def _members(path: Path, file: IO[bytes]) -> Iterator[_Member]:
    """Members in the order of the archive; a .tar.gz is read once, from its start to its end."""
    start = file.read(1024)
    file.seek(0)
    if is_web_page(start):
        raise InputError(
            translate(
                "Dbar",
                "{path} is a web page (often that of a login), not the file that its name "
                "promises. Log in, then download it again.",
            ),
            path=str(path),
        )
    if start[:2] == b"PK":
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                yield _zip_member(archive, entry)
        return
    # Unlike tarfile's own reading of .gz, GzipFile compares the checksum at the end.
    stream: Any = gzip.GzipFile(fileobj=file) if start[:2] == b"\x1f\x8b" else file
    with tarfile.open(fileobj=stream, mode="r|") as tape:
        for item in tape:
            yield _tar_member(tape, item)
    rest = 0
    while piece := stream.read(_CHUNK):
        rest += len(piece)
        if rest > _SMALL:
            raise _too_large(path)


def _zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Member:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    is_plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
    return _Member(
        entry.orig_filename.replace("\\", "/"),  # as some write it on Windows
        entry.file_size,
        entry.is_dir(),
        (lambda: archive.open(entry)) if is_plain else None,
    )


def _tar_member(tape: tarfile.TarFile, item: tarfile.TarInfo) -> _Member:
    is_plain = (item.isreg() and not item.issparse()) or item.isdir()
    return _Member(
        item.name,
        item.size,
        item.isdir(),
        (lambda: tape.extractfile(item)) if is_plain else None,
    )


def _place(path: Path, folder: Path, member: _Member) -> Path | None:
    """Where a member goes, None for a folder; refuses what could lie elsewhere."""
    name = member.name
    parts = [part for part in PurePosixPath(name).parts if part != "."]
    if (
        member.open is None
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or _CONTROL.search(name)
        or any(part == ".." or _RESERVED.match(part) or part.endswith((" ", ".")) for part in parts)
    ):
        raise _unsafe(path, name)
    if member.is_folder or not parts:
        return None
    target = folder.joinpath(*parts)
    if not target.resolve().is_relative_to(folder):
        raise _unsafe(path, name)
    return target


def _make_folders(folder: Path, wanted: Path, made: list[Path]) -> None:
    missing = [at for at in (wanted, *wanted.parents) if at != folder and not at.exists()]
    for at in reversed([at for at in missing if at.is_relative_to(folder)]):
        at.mkdir()
        made.append(at)


def _unsafe(path: Path, name: str) -> InputError:
    return InputError(
        translate(
            "Dbar",
            "{path} is not unpacked: its member “{name}” is a link, a device or a path that leads "
            "out of the archive. No product holds such; take the archive from its source again.",
        ),
        path=str(path),
        name=name[:200],
    )


def _too_large(path: Path) -> InputError:
    return InputError(
        translate(
            "Dbar",
            "{path} is not unpacked: it swells beyond what a product holds. Take the archive from "
            "its source again, or unpack it yourself and choose the folder.",
        ),
        path=str(path),
    )


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(
        translate(
            "Dbar",
            "{path} is no .tar, .tar.gz or .zip that can be unpacked, or is damaged or cut short "
            "({reason}). Download it again.",
        ),
        path=str(path),
        reason=str(error) or type(error).__name__,
    )
