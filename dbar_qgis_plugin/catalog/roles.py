"""What data are for: the roles of items, as the parameters of the plugin's algorithms name them.

A role is found where the data state it, else from what computed them, else from their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from dbar_qgis_plugin.catalog.model import Asset, Item, Raw

ROLE: Final = "dbar:role"  # of an item or asset that states it
_ALGORITHM: Final = "dbar:algorithm"

# By what computed the data.
_COMPUTED: Final = {
    "degreeofurbanisation": ("degree_of_urbanisation",),
    "urbanextent": ("urban_extent",),
    "annualvegetationindex": ("ndvi",),
    "productivitytrajectory": ("productivity_trajectory",),
    "productivitystate": ("productivity_state",),
    "productivityperformance": ("productivity_performance",),
    "landproductivity": ("productivity",),
    "landcoverchange": ("land_cover_change",),
    "soilorganiccarbon": ("soil_carbon_change",),
    "landdegradation": ("degradation",),
    "degradationstatus": ("degradation",),
    "loadsdgsatscene": ("night_light",),
    "calibratenightlight": ("night_light",),
    "cleannightlight": ("night_light",),
    "registernightlight": ("night_light",),
    "nightlightcomposite": ("night_light",),
    "nightlightpansharpen": ("night_light",),
    "nightlightchange": ("night_light_change",),
    "litarea": ("lit",),
}
# Told by no words: a colour alone may be that of any satellite.
_COLOURS: Final = ("night_light_red", "night_light_green", "night_light_blue")
# By words; several may hold.
_WORDS: Final = tuple(
    (role, re.compile(words, re.IGNORECASE))
    for role, words in (
        ("panchromatic", r"panchromatic|_LH(?![a-z])"),
        ("builtup", r"built[-_ ]?up|ghs[-_ ]?built|impervious|建成区|不透水"),
        ("population", r"population|ghs[-_ ]?pop|worldpop|人口"),
        ("land_cover", r"land[-_ ]?cover|worldcover|lulc|esa[-_ ]?cci[-_ ]?lc|土地覆盖|土地利用"),
        ("evi", r"(?<![a-z])evi(?![a-z])"),
        ("ndvi", r"(?<![a-z])(?:ndvi|evi)(?![a-z])|vegetation[-_ ]index|植被指数"),
        (
            "soil_carbon",
            r"soil[-_ ](?:organic[-_ ])?carbon|soilgrids|(?<![a-z])soc(?![a-z])|土壤有机碳",
        ),
        ("climate_zones", r"climate[-_ ]zones?|气候区"),
        ("land_units", r"soil[-_ ](?:types?|units?)|landforms?|eco[-_ ]?regions?|land[-_ ]units?"),
        ("productivity", r"land[-_ ]productivity|(?<![a-z])lpd(?![a-z])|土地生产力"),
        ("degradation", r"land[-_ ]degradation|15\.3\.1|土地退化"),
        (
            "night_light",
            r"night[-_ ]?(?:time[-_ ]?)?lights?|viirs|dmsp|black[-_ ]marble|vnp46|luojia"
            r"|KX10_GIU|glimmer|夜光|灯光",
        ),
        ("climate", r"precipitation|rainfall|chirps|evapotranspiration|降水|降雨"),
        ("drought", r"(?<![a-z])spe?i(?![a-z])|drought|干旱"),
        ("water", r"surface[-_ ]water|water[-_ ](?:bodies|mask|occurrence)|水体"),
        ("places", r"place[-_ ]?names?|gazetteer|settlements|populated[-_ ]places|地名|居民点"),
        ("zones", r"admin(?:istrative)?[-_ ](?:units?|areas?|boundar)|cities|provinces|行政区"),
    )
)


def roles_of(item: Item, asset: Asset | None = None) -> tuple[str, ...]:
    """Return the roles of an item, or of one of its assets; the likeliest first.

    Parameters
    ----------
    item : Item
        The item.
    asset : Asset, optional
        What it says of itself outranks the item.
    """
    stated = _stated(item, asset)
    if stated:
        return stated
    made_by = str(item.properties.get(_ALGORITHM, "")).rpartition(":")[2]
    if made_by in _COMPUTED:
        return _COMPUTED[made_by]
    # What names the file itself is the most exact.
    texts = [] if asset is None else [" ".join((asset.key, asset.title, asset.file_name))]
    texts += [" ".join((item.collection, item.title, item.id)), " ".join(_more(item.properties))]
    return tuple(dict.fromkeys(role for text in texts for role in _found(text)))


def fits(wanted: str, item: Item, asset: Asset | None = None) -> bool:
    """Tell whether data may be the input of a parameter, whose roles stand between spaces."""
    return bool(set(wanted.split()) & set(roles_of(item, asset)))


def common_roles(items: Sequence[Item]) -> tuple[str, ...]:
    """Return the roles that each item has at least one of, those of the first one first."""
    return tuple(dict.fromkeys(role for item in items for role in roles_of(item)))


def _stated(item: Item, asset: Asset | None) -> tuple[str, ...]:
    known = {*ROLES}
    if asset is not None:
        own = (*asset.roles, *_listed(asset.raw.get(ROLE)))
        found = tuple(role for role in dict.fromkeys(own) if role in known)
        if found:
            return found
    said = tuple(role for role in _listed(item.properties.get(ROLE)) if role in known)
    if said or asset is not None:
        return said
    of_assets = [role for one in item.assets for role in _stated_by(one) if role in known]
    return tuple(dict.fromkeys(of_assets))


def _stated_by(asset: Asset) -> Iterable[str]:
    return (*asset.roles, *_listed(asset.raw.get(ROLE)))


ROLES: Final = tuple(
    dict.fromkeys(
        [
            *(role for role, _ in _WORDS),
            *(role for roles in _COMPUTED.values() for role in roles),
            *_COLOURS,
        ]
    )
)


def _found(text: str) -> Iterable[str]:
    return (role for role, words in _WORDS if words.search(text))


def _more(properties: Raw) -> Iterable[str]:
    yield from _listed(properties.get("keywords"))
    yield from (str(properties.get(name) or "") for name in ("description", "instruments"))


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
