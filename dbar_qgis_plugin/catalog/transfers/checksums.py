"""Checksums as STAC's file extension writes them: multihash in hex.

A multihash is the code of the algorithm, the length of the digest, both as varints, and the digest
(github.com/multiformats/multihash).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

SHA2_256: Final = 0x12
_ALGORITHMS: Final = {
    0x11: "sha1",
    SHA2_256: "sha256",
    0x13: "sha512",
    0x14: "sha3_512",
    0x16: "sha3_256",
    0xD5: "md5",
}
_CHUNK: Final = 1 << 20
_LONGEST_VARINT: Final = 9


class Multihash(NamedTuple):
    """A checksum and the code of the algorithm that made it."""

    code: int
    digest: bytes

    def __str__(self) -> str:
        return (_varint(self.code) + _varint(len(self.digest)) + self.digest).hex()


def parse_multihash(text: str) -> Multihash | None:
    """Read a multihash in hex; None where it is none."""
    try:
        data = bytes.fromhex(text)
        code, rest = _read_varint(data)
        length, digest = _read_varint(rest)
    except ValueError:
        return None
    return Multihash(code, digest) if digest and len(digest) == length else None


def is_known(text: str) -> bool:
    """Tell whether a file can be held against a checksum: its algorithm and length are known."""
    found = parse_multihash(text)
    if found is None or found.code not in _ALGORITHMS:
        return False
    return len(found.digest) == _new(found.code).digest_size


class Checksum:
    """A checksum that grows with its file.

    Parameters
    ----------
    expected : str
        Multihash in hex that the file should have. Its algorithm is used where it is known, SHA-256
        where it is not.
    """

    def __init__(self, expected: str = "") -> None:
        found = parse_multihash(expected) if is_known(expected) else None
        self._expected = found
        self._code = SHA2_256 if found is None else found.code
        self._hash = _new(self._code)

    def update(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        self._hash.update(data)

    def update_from(self, path: Path, check: Callable[[], None] = lambda: None) -> None:
        """Take all bytes of a file; `check` is called at each megabyte, and may raise."""
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                check()
                self.update(data)

    @property
    def text(self) -> str:
        """The multihash of what came so far, in hex."""
        return str(Multihash(self._code, self._hash.digest()))

    @property
    def matches(self) -> bool | None:
        """Whether it is the expected one; None = not checked, for want of a known one."""
        return None if self._expected is None else self._hash.digest() == self._expected.digest


def file_checksum(
    path: Path, expected: str = "", check: Callable[[], None] = lambda: None
) -> Checksum:
    """Return the checksum of a file; see `Checksum`."""
    checksum = Checksum(expected)
    checksum.update_from(path, check)
    return checksum


def _new(code: int) -> hashlib._Hash:
    # They tell damage, not forgery; so they may also be had where weak ones are switched off.
    return hashlib.new(_ALGORITHMS[code], usedforsecurity=False)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _read_varint(data: bytes) -> tuple[int, bytes]:
    number = 0
    for position, byte in enumerate(data[:_LONGEST_VARINT]):
        number |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            return number, data[position + 1 :]
    raise ValueError(data)
