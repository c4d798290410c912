"""Whether a catalog answers; what it can do is in words in `Capabilities.says`."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from dbar_qgis_plugin.catalog.adapters.base import Adapter, Capabilities
from dbar_qgis_plugin.catalog.transport import HttpError, IsCancelled, never
from dbar_qgis_plugin.errors import Cancelled, DbarError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

SLOW_S: Final = 3.0
_NEEDS_CREDENTIALS: Final = (401, 403, 407)


class State(enum.Enum):
    """How a connection is."""

    UNKNOWN = "unknown"  # not asked yet
    OK = "ok"
    SLOW = "slow"
    AUTH = "auth"
    DOWN = "down"


@dataclass(frozen=True)
class Health:
    """What a check of a connection has found.

    checked : when, None if never
    words : what happened, for the user
    seconds : that the answer took
    """

    state: State = State.UNKNOWN
    checked: datetime | None = None
    words: Message | None = None
    seconds: float = 0.0


class Check(NamedTuple):
    """A connection's health, and what its catalog can do, None where it did not say."""

    health: Health
    capabilities: Capabilities | None = None


def check(
    adapter: Adapter,
    is_cancelled: IsCancelled = never,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Check:
    """Ask a catalog what it is.

    Raises
    ------
    Cancelled
        If the user stops it; any other failure is a state.
    """
    begin = clock()
    try:
        capabilities = adapter.describe(is_cancelled)
    except Cancelled:
        raise
    except DbarError as error:
        refused = isinstance(error, HttpError) and error.status in _NEEDS_CREDENTIALS
        state = State.AUTH if refused else State.DOWN
        words = message(error.template, **error.values)
        return Check(Health(state, datetime.now(UTC), words, clock() - begin))
    seconds = clock() - begin
    if seconds > SLOW_S:
        words = message(
            translate("Dbar", "It answers, but took {seconds} s."), seconds=round(seconds, 1)
        )
        return Check(Health(State.SLOW, datetime.now(UTC), words, seconds), capabilities)
    words = message(translate("Dbar", "It answers."))
    return Check(Health(State.OK, datetime.now(UTC), words, seconds), capabilities)
