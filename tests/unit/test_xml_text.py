"""XML files of products: encodings, what is damaged, and what is no XML."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.raster_io.xml_text import read_xml

TEXT = (
    "<?xml version='1.0' encoding='{}'?><!-- 注 -->"
    "<a x='1>2'><p:b>灯 &lt;光&gt;</p:b><b/><c>4</c></a>"
)


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / "file.xml"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("GB2312", "gb2312"),
        ("GBK", "gb18030"),
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("GB2312", "utf-8"),  # says what it is not
        ("UTF-8", "gb18030"),
        ("UTF-16", "utf-16"),
    ],
)
def test_encodings(write, declared, encoding):
    root, is_readable = read_xml(write(TEXT.format(declared).encode(encoding)))
    assert is_readable
    assert [element.tag for element in root.walk()] == ["a", "b", "b", "c"]
    assert root.first("b").text == "灯 <光>"
    assert len(root.all("b")) == 2
    assert root.first("d") is None


def test_other_encodings(write):
    root, is_readable = read_xml(
        write("<?xml version='1.0' encoding='iso-8859-1'?><a>é\xff</a>".encode("latin-1"))
    )
    assert (root.text, is_readable) == ("éÿ", True)
    root, is_readable = read_xml(write(b"<a>\xff\xff<b>7.5</b></a>"))
    assert (root.first("b").text, is_readable) == ("7.5", False)


def test_raw_text(write):
    assert read_xml(write(b"<a><![CDATA[1 < 2 & 3]]></a>"))[0].text == "1 < 2 & 3"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b"<a><b></a></b>",
        b"<a>",
        b"<a/><b/>",
        b"</a>",
        b"<a x='1></a>",
        # No entity is resolved and no document type read.
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"\x00\x01\x02",
    ],
)
def test_what_is_damaged(write, data):
    with pytest.raises(InputError, match="is not XML, or is damaged"):
        read_xml(write(data))


def test_a_deep_file(write):
    root, _ = read_xml(write(b"<a>" * 20_000 + b"</a>" * 20_000))
    assert len(root.all("a")) == 20_000


def test_what_is_no_file_of_the_product(write, tmp_path):
    with pytest.raises(InputError, match="is a web page"):
        read_xml(write(b"\n<!doctype HTML><html></html>"))
    with pytest.raises(InputError, match="cannot be read"):
        read_xml(tmp_path / "none.xml")
    with pytest.raises(InputError, match="is not XML"):
        read_xml(write(b"<a>" + b" " * 16_000_000 + b"</a>"))
