"""Figures as people read them, in the log and in messages."""

from __future__ import annotations

import numpy as np

_GROUPED = 1000.0  # from here on digits are grouped, and fractions say nothing
_DIGITS = 4


def figure_text(value: float) -> str:
    """Write an area, or persons, for people.

    Parameters
    ----------
    value : float
        In any unit, such as km2.

    Returns
    -------
    str
        Whole numbers with groups of three digits from 1000 on, four digits that count below it;
        never an exponent.
    """
    if abs(value) >= _GROUPED:
        return f"{value:,.0f}"
    return np.format_float_positional(
        value, precision=_DIGITS, unique=False, fractional=False, trim="-"
    )
