"""Progress and cancel, as plain callables, for code that knows no QGIS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from dbar_qgis_plugin.errors import Cancelled


class Message(NamedTuple):
    """A line for the user: an English template with `str.format` fields, and their values."""

    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.template.format(**self.values)


def message(template: str, **values: object) -> Message:
    """Make a `Message`; write the template inside `translate("Dbar", ...)`."""
    return Message(template, values)


@dataclass(frozen=True)
class Progress:
    """Where a run reports to.

    Parameters
    ----------
    set_progress : callable, optional
        Takes the share done, 0 to 1.
    is_cancelled : callable, optional
        Tells whether the user has asked to stop.
    info : callable, optional
        Takes a `Message` for the log.
    """

    set_progress: Callable[[float], None] | None = None
    is_cancelled: Callable[[], bool] | None = None
    info: Callable[[Message], None] | None = None

    def report(self, share: float) -> None:
        """Report the share done, 0 to 1."""
        if self.set_progress is not None:
            self.set_progress(share)

    def check(self) -> None:
        """Raise `Cancelled` if the user has asked to stop."""
        if self.is_cancelled is not None and self.is_cancelled():
            raise Cancelled

    def say(self, line: Message) -> None:
        """Write a line to the log."""
        if self.info is not None:
            self.info(line)

    def part(self, begin: float, end: float) -> Progress:
        """Progress of a step that takes the shares `begin` to `end` of the whole."""
        outer = self.set_progress
        if outer is None:
            return self

        def inner(share: float) -> None:
            outer(begin + share * (end - begin))

        return Progress(inner, self.is_cancelled, self.info)
