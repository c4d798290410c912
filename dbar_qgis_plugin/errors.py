"""The errors that every layer raises, with messages that can be translated.

Code below `algorithms` knows no Qt, yet its messages reach a user. So an error carries an English
template and its values apart; `algorithms.base` looks the template up in the translation and fills
it in. Write the template inside a call of :func:`translate`, where the extraction tools find it:

    raise InputError(translate("Dbar", "{name} has no CRS: set one, then run again."), name=path)
"""

from __future__ import annotations


def translate(context: str, text: str) -> str:  # noqa: ARG001 - the signature that extraction knows
    """Mark `text` for extraction and return it unchanged."""
    return text


class DbarError(Exception):
    """Base of the errors whose message is meant for the user.

    Parameters
    ----------
    template : str
        English message with `str.format` fields: what is wrong, with which input, and what to do.
    **values
        The fields' values.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions pickle by their positional arguments; ours also come back from cluster workers.
        return _rebuild, (type(self), self.template, self.values)


def _rebuild(kind: type[DbarError], template: str, values: dict[str, object]) -> DbarError:
    return kind(template, **values)


class InputError(DbarError):
    """An input of the user's cannot be used as it is."""


class GridError(InputError):
    """A raster's grid (CRS, cell size, extent) cannot be used as it is."""


class MissingDependencyError(DbarError):
    """A library that a step needs is not installed."""


class OutputError(DbarError):
    """An output could not be written."""


class Cancelled(DbarError):
    """The user stopped the run."""

    def __init__(self, template: str = "Cancelled.", **values: object) -> None:
        super().__init__(template, **values)
