"""The extraction of translatable strings, and the checks that keep translations complete."""

from __future__ import annotations

import pytest

import i18n

BASE = "dbar_qgis_plugin/algorithms/base.py"


def texts(source: str) -> list[str]:
    literals, problems = i18n.walk_source(source, "planted.py")
    assert problems == []
    return [literal.text for literal in literals]


def test_literals_are_found_however_they_are_written():
    source = """
a = QCoreApplication.translate("Dbar", "plain")
b = InputError(translate("Dbar", "in an error"), name=1)
c = translate(
    "Dbar",
    "in pieces, "
    "with a comma at the end",
)
d = mark("Dbar", "by another name")
e = translate("Dbar", "R1\\N{EN DASH}R9")
f = text.translate(table)
"""
    assert sorted(texts(source)) == [
        "R1–R9",
        "by another name",
        "in an error",
        "in pieces, with a comma at the end",
        "plain",
    ]


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ('translate("Dbar", f"{x} cities")', "not a literal"),
        ('translate("Dbar", message)', "not a literal"),
        ('translate("Dbar", "a {}".format(1))', "not a literal"),
        ('translate("dbar", "a")', "context"),
        ('translate(CONTEXT, "a")', "context"),
        ('translate("Dbar", "%n cities", None, n)', "nothing else"),
        ('translate("Dbar", "")', "empty"),
    ],
)
def test_calls_that_would_never_match_are_found(call: str, problem: str):
    _, problems = i18n.walk_source(call, "planted.py")
    assert len(problems) == 1
    assert problem in problems[0]


def test_templates_are_looked_up_in_one_place():
    call = 'QCoreApplication.translate("Dbar", error.template)'
    assert i18n.walk_source(call, BASE) == ([], [])
    assert i18n.walk_source(call, "planted.py")[1]


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that writes a zh_CN file and gives the problems found in it."""
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)

    def write(code: set[str], translations: dict[str, str]) -> list[str]:
        document = i18n.render_translations("zh_CN", set(translations) | code, translations)
        i18n.translation_file("zh_CN").write_text(document, encoding="utf-8")
        return i18n.check_language("zh_CN", code)

    return write


def test_a_complete_translation_passes(written):
    assert written({"{n} cities & more"}, {"{n} cities & more": "{n}个城市"}) == []


def test_faults_in_a_translation_are_found(written):
    assert any("not translated" in problem for problem in written({"a"}, {}))
    assert any("not translated" in problem for problem in written({"a"}, {"a": " "}))
    assert any("other placeholders" in problem for problem in written({"{n} a"}, {"{n} a": "{m}"}))
    assert any("format string" in problem for problem in written({"{n} a"}, {"{n} a": "{n"}))
    assert any("not up to date" in problem for problem in written(set(), {"gone": "走"}))


def test_a_missing_file_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    assert any("not up to date" in problem for problem in i18n.check_language("zh_CN", set()))


def test_help_must_describe_the_same_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "HELP", tmp_path)
    (tmp_path / "zh_CN").mkdir()
    english = "# Title\n\nText\n\n### INPUT\n\nText\n\n### OUTPUT\n\nText\n"
    (tmp_path / "one.md").write_text(english, encoding="utf-8")
    assert i18n.check_help() == ["help/zh_CN/one.md is missing"]
    chinese = tmp_path / "zh_CN" / "one.md"
    chinese.write_text("# 标题\n\n### INPUT\n\n文字\n", encoding="utf-8")
    assert "describes ['INPUT']" in i18n.check_help()[0]
    chinese.write_text(chinese.read_text(encoding="utf-8") + "\n### OUTPUT\n", encoding="utf-8")
    assert i18n.check_help() == []
