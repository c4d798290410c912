"""Figures as people read them."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.pipelines.figures import figure_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3_147_330.4, "3,147,330"),
        (1_000.0, "1,000"),
        (-12_345.6, "-12,346"),
        (999.94, "999.9"),
        (62.5, "62.5"),
        (0.0625, "0.0625"),
        (0.123456, "0.1235"),
        (0.0000012, "0.0000012"),
        (0.0, "0"),
        (-0.5, "-0.5"),
    ],
)
def test_figure_text(value, text):
    assert figure_text(value) == text
