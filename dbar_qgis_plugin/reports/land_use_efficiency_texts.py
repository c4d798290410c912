"""What a land use efficiency report says in words: readings, regimes, flags, the formula."""

from __future__ import annotations

from dbar_qgis_plugin.reports.html import MINUS, Html, Translate, element, finite, join, number
from dbar_qgis_plugin.reports.land_use_efficiency_tables import Period, Row, flags_of


def group_label(name: str, translate: Translate) -> str:
    """Return a group's name; that of all cities is empty."""
    return name or translate("Dbar", "All cities")


def period_label(period: Period, translate: Translate) -> str:
    """Return a period's years, and whether it is the whole one."""
    if not period.full:
        return period.label
    return translate("Dbar", "{years}, whole period").format(years=period.label)


def efficiency_labels(translate: Translate) -> dict[str, str]:
    """Return the names of the three kinds of regime."""
    return {
        "efficient": translate("Dbar", "efficient"),
        "inefficient": translate("Dbar", "inefficient"),
        "neutral": translate("Dbar", "neutral"),
    }


def reading(row: Row, translate: Translate) -> str:
    """Say how built-up area and population of a group changed, and which was faster."""
    land, people = _sign(row["lcr"]), _sign(row["pgr"])
    ratio = finite(row["ratio_of_totals"])
    if land is None or people is None:
        return translate("Dbar", "A rate is undefined, so there is no ratio.")
    if ratio is None or land != people:
        text = _opposite(land, people, translate)
    elif number(ratio) == number(1):
        text = (
            translate("Dbar", "Built-up area and population grew at the same rate.")
            if land > 0
            else translate("Dbar", "Built-up area and population shrank at the same rate.")
        )
    elif land > 0:
        text = (
            translate("Dbar", "Built-up area grew {ratio} times as fast as the population.")
            if ratio > 1
            else translate(
                "Dbar", "Built-up area grew at only {ratio} times the population's rate."
            )
        )
    else:
        text = (
            translate("Dbar", "Built-up area shrank {ratio} times as fast as the population.")
            if ratio > 1
            else translate(
                "Dbar", "Built-up area shrank at only {ratio} times the population's rate."
            )
        )
    text = text.format(ratio=number(ratio))
    if "PGR_NEAR_ZERO" not in flags_of(row):
        return text
    return (
        text + " " + translate("Dbar", "The population hardly changed: read the ratio with care.")
    )


def _opposite(land: int, people: int, translate: Translate) -> str:
    """Say how the two changed where no comparison of their speed makes sense."""
    return {
        (1, 0): translate("Dbar", "Built-up area grew, the population did not change."),
        (1, -1): translate("Dbar", "Built-up area grew while the population fell."),
        (0, 1): translate("Dbar", "Built-up area did not change while the population grew."),
        (0, 0): translate("Dbar", "Neither built-up area nor population changed."),
        (0, -1): translate("Dbar", "Built-up area did not change while the population fell."),
        (-1, 1): translate("Dbar", "Built-up area shrank while the population grew."),
        (-1, 0): translate("Dbar", "Built-up area shrank, the population did not change."),
    }.get((land, people), translate("Dbar", "A rate is undefined, so there is no ratio."))


def _sign(rate: object) -> int | None:
    known = finite(rate)
    return None if known is None else (known > 0) - (known < 0)


def regimes(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return kind and meaning of each regime, by its code."""
    meanings = (
        translate("Dbar", "Built-up area and population grow at the same rate"),
        translate("Dbar", "Both grow, the population faster"),
        translate("Dbar", "Built-up area unchanged, population grows"),
        translate("Dbar", "Built-up area shrinks, population grows faster than that"),
        translate("Dbar", "Built-up area shrinks as fast as the population grows"),
        translate("Dbar", "Built-up area shrinks faster than the population grows"),
        translate("Dbar", "Built-up area shrinks, population unchanged"),
        translate("Dbar", "Both shrink, built-up area faster"),
        translate("Dbar", "Built-up area and population shrink at the same rate"),
        translate("Dbar", "Both shrink, the population faster"),
        translate("Dbar", "Built-up area unchanged, population falls"),
        translate("Dbar", "Built-up area grows, population falls faster than that"),
        translate("Dbar", "Built-up area grows as fast as the population falls"),
        translate("Dbar", "Built-up area grows faster than the population falls"),
        translate("Dbar", "Built-up area grows, population unchanged"),
        translate("Dbar", "Both grow, built-up area faster"),
        translate("Dbar", "Neither built-up area nor population changes"),
    )
    kinds = ["efficient"] * 9 + ["inefficient"] * 7 + ["neutral"]
    codes = (f"R{index}" for index in range(1, len(kinds) + 1))
    return dict(zip(codes, zip(kinds, meanings, strict=True), strict=True))


def flags(translate: Translate) -> dict[str, tuple[str, str]]:
    """Return what each flag means and what to do about it, by its code."""
    return {
        "PGR_ZERO": (
            translate("Dbar", "The population is the same at both ends, so there is no ratio."),
            translate("Dbar", "Report LCR and PGR apart, or take a longer interval."),
        ),
        "NO_CHANGE": (
            translate("Dbar", "Neither built-up area nor population changed: there is no ratio."),
            translate("Dbar", "Check that the epochs are different data, not copies."),
        ),
        "PGR_NEAR_ZERO": (
            translate(
                "Dbar",
                "The population hardly changed: a small error in it changes the ratio a lot.",
            ),
            translate("Dbar", "Do not rank by this ratio; use the built-up area per person."),
        ),
        "V1_ZERO": (
            translate("Dbar", "No built-up area at the start, so there is no LCR."),
            translate("Dbar", "Check the first epoch, or start later."),
        ),
        "POP_ZERO": (
            translate("Dbar", "No inhabitants at one end, so there is no PGR."),
            translate("Dbar", "Check the population data and that they cover the city."),
        ),
        "LAND_LOSS": (
            translate("Dbar", "Less built-up area at the end than at the start."),
            translate("Dbar", "Rare except after clearance or a disaster: compare both epochs."),
        ),
        "LAND_UNCHANGED": (
            translate(
                "Dbar", "Built-up area is the same at both ends while the population changed."
            ),
            translate("Dbar", "The product may see no change here: do not read 0 as efficiency."),
        ),
        "COVERAGE": (
            translate("Dbar", "Too small a part of the city has data."),
            translate("Dbar", "Use rasters that cover the whole city, or leave it out."),
        ),
        "TOO_SMALL": (
            translate("Dbar", "The city holds no cell by the coverage rule chosen."),
            translate("Dbar", "Choose the exact coverage rule or finer rasters."),
        ),
        "OVERLAP": (
            translate("Dbar", "The city overlaps another one: group totals count the land twice."),
            translate("Dbar", "Mend the boundaries before you use group totals."),
        ),
        "IMPLAUSIBLE_JUMP": (
            translate("Dbar", "Built-up area changed faster than cities do."),
            translate("Dbar", "Look for a change of sensor or classification between the epochs."),
        ),
        "NO_DATA": (
            translate("Dbar", "Built-up area or population is missing at one end."),
            translate("Dbar", "Complete the data; totals leave the city out of this interval."),
        ),
    }


def formula_remark(formula: str, translate: Translate) -> str:
    """Say which edition a formula is and how it differs from the other one."""
    if formula == "2018":
        return translate(
            "Dbar",
            "Formula 2018 is the older, logarithmic form. It gives lower ratios than formula 2021 "
            "where built-up area grows: do not mix the two in one series.",
        )
    return translate(
        "Dbar",
        "Formula 2021 is the current official form. Do not mix it in one series with the older, "
        "logarithmic one of 2018, which gives lower ratios where built-up area grows.",
    )


def equations(formula: str) -> list[Html]:
    """Return the three equations, for the eye and for screen readers.

    Set with fractions of our own: MathML needs a mathematical font, which many computers lack.
    """
    v1, v2, p1, p2 = (
        join([element("i", letter), element("sub", index)]) for letter in "VP" for index in "12"
    )
    t = element("i", "t")
    land: tuple[str, list[object]]
    if formula == "2018":
        land = "ln(V2 / V1) / t", [_fraction(join(["ln(", v2, " / ", v1, ")"]), t)]
    else:
        change = _fraction(join([v2, f" {MINUS} ", v1]), v1)
        land = f"((V2 {MINUS} V1) / V1) / t", [change, " · ", _fraction("1", t)]
    people = "ln(P2 / P1) / t", [_fraction(join(["ln(", p2, " / ", p1, ")"]), t)]
    ratio = "LCR / PGR", [_fraction("LCR", "PGR")]
    return [
        element(
            "span",
            f"{symbol} = ",
            *parts,
            class_="equation",
            role="math",
            aria_label=f"{symbol} = {spoken}",
        )
        for symbol, (spoken, parts) in (("LCR", land), ("PGR", people), ("LCRPGR", ratio))
    ]


def _fraction(above: object, below: object) -> Html:
    return element("span", element("span", above), element("span", below), class_="fraction")
