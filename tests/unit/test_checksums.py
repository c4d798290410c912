"""Multihash: what others write is read, and damage is told."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.transfers.checksums import (
    Checksum,
    Multihash,
    file_checksum,
    is_known,
    parse_multihash,
)

# Digests of b"" as published by the algorithms' own documents, with the prefixes of the table of
# multiformats: code and length.
EMPTY = {
    "sha1": "1114da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha2-256": "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "md5": "d50110d41d8cd98f00b204e9800998ecf8427e",
    "sha3-256": "1620a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
}
PREFIX = {"sha512": "1340", "sha3_512": "1440"}


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY.keys())
def test_known_digests_of_nothing(text):
    checksum = Checksum(text)
    assert checksum.matches is True
    assert checksum.text == text
    checksum.update(b"x")
    assert checksum.matches is False
    assert checksum.text != text


@pytest.mark.parametrize(("name", "prefix"), PREFIX.items())
def test_long_digests(name, prefix):
    text = prefix + hashlib.new(name, b"abc").hexdigest()
    checksum = Checksum(text)
    checksum.update(b"a")
    checksum.update(b"bc")
    assert checksum.matches is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no hex",
        "12",
        "1220",
        "1220abcd",  # shorter than it says
        "1204abcdef01",  # SHA-256 cut short: not told apart from chance
        hashlib.sha256(b"abc").hexdigest(),  # plain hex, without code and length
        "b22020" + "00" * 32,  # BLAKE2s: known to others
        "ff" * 40,
        "d5",
    ],
)
def test_what_is_not_checked(text):
    assert not is_known(text)
    checksum = Checksum(text)
    checksum.update(b"abc")
    assert checksum.matches is None
    assert checksum.text == "1220" + hashlib.sha256(b"abc").hexdigest()


def test_a_file_is_read_in_pieces_and_can_be_stopped(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(b"abc" * 1_000_000)
    expected = "1220" + hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    assert file_checksum(path, expected.upper()).matches is True

    def stop():
        raise KeyError

    with pytest.raises(KeyError):
        file_checksum(path, expected, stop)


@given(st.integers(0, 2**62), st.binary(min_size=1, max_size=300))
def test_what_is_written_is_read_again(code, digest):
    assert parse_multihash(str(Multihash(code, digest))) == (code, digest)


@given(st.binary(max_size=100))
def test_any_bytes_are_a_multihash_or_none(data):
    found = parse_multihash(data.hex())
    assert found is None or data.endswith(found.digest)


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_pieces_do_not_matter(pieces):
    whole, parts = Checksum(), Checksum()
    whole.update(b"".join(pieces))
    for piece in pieces:
        parts.update(piece)
    assert whole.text == parts.text
