"""What items are for: stated, known from what computed them, or read from their words."""

from __future__ import annotations

import pytest

from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.roles import common_roles, fits, roles_of


def item(collection="", title="", assets=None, **properties):
    return parse_item(
        {
            "id": "a",
            "collection": collection,
            "properties": {"title": title, **properties},
            "assets": assets or {"data": {"href": "https://x.example/a.tif"}},
        }
    )


@pytest.mark.parametrize(
    ("collection", "title", "role"),
    [
        ("ghs-built-s", "", "builtup"),
        ("x", "Built-up fraction 2015", "builtup"),
        ("worldpop", "", "population"),
        ("esa-worldcover", "", "land_cover"),
        ("x", "Annual NDVI 2020", "ndvi"),
        ("x", "MODIS EVI 2020", "evi"),
        ("soilgrids", "", "soil_carbon"),
        ("x", "IPCC climate zones", "climate_zones"),
        ("viirs-dnb", "", "night_light"),
        ("x", "KX10_GIU_20220101_E75.00_N40.00_202200000001_L4A", "night_light"),
        ("x", "全球土地生产力2015", "productivity"),
        ("rainfall_chirps_monthly", "", "climate"),
    ],
)
def test_words(collection, title, role):
    assert roles_of(item(collection, title))[0] == role


@pytest.mark.parametrize("title", ["", "Social statistics", "Unspielbar", "Believe"])
def test_other_words_give_no_role(title):
    assert roles_of(item("x", title)) == ()


def test_what_is_stated_outranks_all():
    stated = {"data": {"href": "https://x.example/a.tif", "roles": ["data", "ndvi"]}}
    found = item("worldpop", assets=stated)
    assert roles_of(found) == ("ndvi",)
    assert roles_of(found, found.assets[0]) == ("ndvi",)
    assert roles_of(item("worldpop", **{"dbar:role": "builtup"})) == ("builtup",)
    assert roles_of(item("worldpop", **{"dbar:role": "nonsense"})) == ("population",)


def test_evi_will_do_where_ndvi_is_wanted_but_not_the_other_way_round():
    assert fits("ndvi", item("x", "EVI 2020"))
    assert not fits("evi", item("x", "NDVI 2020"))


def test_results_of_our_own():
    made = item("x", "Population", **{"dbar:algorithm": "dbar:landproductivity"})
    assert roles_of(made) == ("productivity",)


def test_the_name_of_an_asset_goes_before_that_of_its_item():
    assets = {
        "land_cover": {"href": "https://x.example/lc.tif"},
        "b": {"href": "https://x.example/b.tif"},
    }
    found = item("population", assets=assets)
    assert roles_of(found, found.assets[0]) == ("land_cover", "population")
    assert roles_of(found, found.assets[1]) == ("population",)


def test_fits():
    assert fits("degradation productivity", item("x", "Land productivity"))
    assert not fits("ndvi", item("x", "Land productivity"))
    assert not fits("", item("x", "Land productivity"))
    assert common_roles([item("worldpop"), item("ghs-built")]) == ("population", "builtup")
