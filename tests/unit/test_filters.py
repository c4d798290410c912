"""What a search's form offers to filter by."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.catalog.filters import Field, fields_of, together


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("a", {"type": "number", "minimum": 1, "maximum": 5}, ("number", (), 1.0, 5.0)),
        ("a", {"type": "integer"}, ("integer", (), None, None)),
        ("a", {"type": ["null", "string"]}, ("text", (), None, None)),
        ("a", {"type": "string", "enum": ["x", "y"]}, ("choice", ("x", "y"), None, None)),
        ("a", {"enum": [1, 2, True, None]}, ("choice", (1, 2), None, None)),
        ("a", {"type": "string", "format": "date-time"}, ("moment", (), None, None)),
        ("a", {"anyOf": [{"type": "null"}, {"type": "number"}]}, ("number", (), None, None)),
        ("a", {"type": "array", "items": {"type": "string"}}, ("text", (), None, None)),
        ("a", {"title": "A"}, ("text", (), None, None)),
        ("eo:cloud_cover", {"$ref": "x.json"}, ("number", (), 0.0, 100.0)),
        ("updated", {"$ref": "x.json"}, ("moment", (), None, None)),
        ("a", {"type": "number", "minimum": float("nan")}, ("number", (), None, None)),
    ],
)
def test_what_a_property_is(name, schema, expected):
    (field,) = fields_of({name: schema})
    assert (field.kind, field.choices, field.low, field.high) == expected


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("geometry", {"type": "string"}),
        ("datetime", {"format": "date-time"}),
        ("a", {"type": "object"}),
        ("a", {"type": "boolean"}),
        ("a", {"type": "array", "items": {"type": "number"}}),
        ("a", {"enum": [None, True]}),
    ],
)
def test_what_is_not_offered(name, schema):
    assert fields_of({name: schema}) == ()


def test_texts_are_equal_or_not_and_numbers_have_an_order():
    text, number = fields_of({"a": {"type": "string", "title": "Maker"}, "b": {"type": "number"}})
    assert text.title == "Maker"
    assert (number.name, number.title) == ("b", "b")
    assert text.operators == ("=", "<>")
    assert "<=" in number.operators


def test_several_catalogs_together():
    first = (
        Field("a", "A", "choice", ("x",)),
        Field("n", "N", "number", (), 0, 5),
        Field("k", "K", "text"),
    )
    second = (
        Field("a", "A", "choice", ("y", "x")),
        Field("n", "N", "number", (), 2, 9),
        Field("k", "K", "number"),
        Field("Z", "Z", "text"),
    )
    assert together([first, second]) == (
        Field("a", "A", "choice", ("x", "y")),
        Field("k", "K", "text"),
        Field("n", "N", "number", (), 0, 9),
        Field("Z", "Z", "text"),
    )
    bare = (Field("n", "N", "number"),)
    assert together([first, bare])[2].high is None
