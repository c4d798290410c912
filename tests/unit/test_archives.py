"""Archives: what is unpacked, what is refused, and that nothing is left or reaches outside."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from sdgsat_fixtures import ATTACKS, hostile_archive, pack

from dbar_qgis_plugin.errors import Cancelled, InputError, OutputError
from dbar_qgis_plugin.pipelines import archives
from dbar_qgis_plugin.pipelines.archives import ENDINGS, Limits, extract, is_archive, unpacked
from dbar_qgis_plugin.raster_io.progress import Progress


@pytest.fixture
def product(tmp_path):
    folder = tmp_path / "source" / "scene"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.tif").write_bytes(bytes(range(256)) * 9000)
    (folder / "deep" / "b.xml").write_text("<b/>")
    (folder / "virus.exe").write_text("no")
    return folder


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def wanted(name):
    return name.endswith((".tif", ".xml"))


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*"))


def write_tar(path, *members):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_wanted_files(product, target, tmp_path, ending):
    archive = pack(product, tmp_path / f"scene{ending}")
    assert is_archive(archive)
    shares = []
    written = extract(archive, target, wanted, progress=Progress(shares.append))
    assert tree(target) == ["scene", "scene/a.tif", "scene/deep", "scene/deep/b.xml"]
    assert sorted(path.name for path in written) == ["a.tif", "b.xml"]
    assert (target / "scene" / "a.tif").read_bytes() == (product / "a.tif").read_bytes()
    assert shares
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_the_ending_does_not_matter(product, target, tmp_path):
    archive = pack(product, tmp_path / "scene.zip").rename(tmp_path / "scene.tar.gz")
    assert len(extract(archive, target, wanted)) == 2


def test_a_folder_for_the_time_of_use(product, target, tmp_path):
    archive = pack(product, tmp_path / "scene.tgz")
    with unpacked(archive, wanted, beside=target) as folder:
        assert folder.parent == target
        assert "scene/a.tif" in tree(folder)
    assert tree(target) == []
    with pytest.raises(RuntimeError, match="stop"), unpacked(archive, wanted, beside=target):
        raise RuntimeError("stop")
    assert tree(target) == []


@pytest.mark.parametrize("kind", ATTACKS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_attacks(target, tmp_path, kind, ending):
    path = tmp_path / f"hostile{ending}"
    if ending == ".zip" and kind in ("hardlink", "device"):
        with pytest.raises(ValueError, match=r"holds no"):
            hostile_archive(path, kind)
        return
    if ending == ".tar" and kind == "bomb":
        return  # not compressed, it is as large as it looks
    hostile_archive(path, kind)
    before = tree(tmp_path)
    with pytest.raises(InputError, match="is not unpacked"):
        extract(path, target, wanted)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "name",
    [
        "a/../../b.tif",
        "..",
        "C:/b.tif",
        "a\\..\\b.tif",
        "//server/b.tif",
        "nul.tif",
        "a/CON/b.tif",
        "b\n.tif",
        "a /b.tif",
        "trick./b.tif",
    ],
)
def test_names_that_lead_elsewhere(target, tmp_path, name):
    archive = write_tar(tmp_path / "x.tar.gz", ("good.tif", b"1"), (name, b"2"))
    with pytest.raises(InputError, match="leads out of the archive"):
        extract(archive, target, wanted)
    # What came before it is gone as well.
    assert tree(target) == []


def test_backslashes_of_windows_in_a_zip(target, tmp_path):
    path = tmp_path / "x.zip"
    for name, fits in (("scene\\b.tif", True), ("..\\b.tif", False)):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, b"1")
        if fits:
            extract(path, target, wanted)
            assert tree(target) == ["scene", "scene/b.tif"]
        else:
            with pytest.raises(InputError, match="is not unpacked"):
                extract(path, target, wanted)


def test_a_link_in_the_target_is_not_followed(target, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (target / "scene").symlink_to(outside)
    archive = write_tar(tmp_path / "x.tar.gz", ("scene/b.tif", b"1"))
    with pytest.raises(InputError, match="leads out of the archive"):
        extract(archive, target, wanted)
    assert tree(outside) == []


def test_a_file_is_never_replaced(target, tmp_path):
    (target / "b.tif").write_text("mine")
    with pytest.raises(InputError, match="twice, or it is there already"):
        extract(write_tar(tmp_path / "x.tar.gz", ("b.tif", b"1")), target, wanted)
    assert (target / "b.tif").read_text() == "mine"
    archive = write_tar(tmp_path / "y.tar.gz", ("c.tif", b"1"), ("./c.tif", b"2"))
    with pytest.raises(InputError, match="twice, or it is there already"):
        extract(archive, target, wanted)
    assert tree(target) == ["b.tif"]


def test_limits(target, tmp_path):
    archive = write_tar(tmp_path / "x.tar.gz", *((f"{place}.tif", b"12345") for place in range(9)))
    for limits in (Limits(largest_bytes=44), Limits(most_members=8)):
        with pytest.raises(InputError, match="it swells beyond"):
            extract(archive, target, wanted, limits=limits)
        assert tree(target) == []
    assert len(extract(archive, target, wanted, limits=Limits(45, 9))) == 9


def test_a_bomb_among_what_is_not_wanted(target, tmp_path):
    archive = write_tar(tmp_path / "x.tar.gz", ("bomb.bin", bytes(64 << 20)), ("b.tif", b"1"))
    with pytest.raises(InputError, match="it swells beyond"):
        extract(archive, target, wanted)


def test_no_room(target, tmp_path, monkeypatch):
    full = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _: full)
    archive = write_tar(tmp_path / "x.tar.gz", ("b.tif", bytes(2_000_000)))
    with pytest.raises(OutputError, match=r"takes 2 MB, but only 1 MB are free"):
        extract(archive, target, wanted)
    assert tree(target) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_cut_short_or_spoilt(product, target, tmp_path, ending):
    whole = pack(product, tmp_path / f"scene{ending}").read_bytes()
    path = tmp_path / f"bad{ending}"
    for data in (
        whole[: len(whole) // 2],
        whole[:700],
        b"",
        b"words" * 1000,
        whole[:600] + bytes(64) + whole[664:] if ending != ".tar" else whole[:100],
    ):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"damaged or cut short|is not unpacked"):
            extract(path, target, wanted)
        assert tree(target) == []


def test_a_login_page(target, tmp_path):
    path = tmp_path / "scene.tar.gz"
    path.write_text("\ufeff  <HTML><body>Log in</body></HTML>", encoding="utf-8")
    with pytest.raises(InputError, match=r"is a web page \(often that of a login\)"):
        extract(path, target, wanted)


def test_an_encrypted_member(target, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.tif", b"12345")
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match="encrypted"):
        extract(path, target, wanted)


def test_cancel(product, target, tmp_path):
    archive = pack(product, tmp_path / "scene.tar.gz")
    asked = iter([False, False, False, True])
    with pytest.raises(Cancelled):
        extract(archive, target, wanted, progress=Progress(is_cancelled=lambda: next(asked)))
    assert tree(target) == []


def test_a_link_that_is_not_wanted_is_refused_as_well(target, tmp_path):
    path = tmp_path / "x.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("readme")
        member.type, member.linkname = tarfile.SYMTYPE, "elsewhere"
        archive.addfile(member)
    with pytest.raises(InputError, match=r"member “readme” is a link"):
        extract(path, target, wanted)
