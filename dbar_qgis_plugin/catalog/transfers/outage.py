"""Whether the network is there, judged by what the transfers meet: no server is asked for that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from dbar_qgis_plugin.raster_io.progress import Message

FIRST_WAIT_S: Final = 15.0
_LONGEST_WAIT_S: Final = 300.0
# Two servers that fall silent together do so within less than this; one try of a transfer that
# meets no server takes longer.
_TOGETHER_S: Final = 3.0


class Outage(NamedTuple):
    """A time in which no server is reached.

    reason : the last error
    until : when transfers are tried again, in seconds since 1970
    """

    reason: Message
    until: float


class Outages:
    """Tells a network that is gone from one server that is, and when to try again.

    Usable from any thread.

    Parameters
    ----------
    again : callable
        Called, in a thread of its own, when it is time to try again.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        self._again = again
        self._lock = threading.Lock()
        self._signs: dict[str, float] = {}  # when each server was last asked, or heard of
        self._tries = 0
        self._timer: threading.Timer | None = None
        self.now: Outage | None = None

    def asked(self, host: str) -> None:
        """Note that a transfer begins."""
        with self._lock:
            self._signs[host] = time.monotonic()

    def heard(self, host: str) -> bool:
        """Note that a server has answered; tell whether that ends an outage."""
        with self._lock:
            self._signs[host] = time.monotonic()
            self._tries = 0
            return self._end()

    def begins(self, host: str, reason: Message) -> bool:
        """Tell whether the network is gone, where a server was tried in vain.

        It is not where another server has answered since.
        """
        with self._lock:
            own = self._signs.get(host, 0.0) + _TOGETHER_S
            if any(at > own for other, at in self._signs.items() if other != host):
                return False
            if self.now is None:
                wait = min(FIRST_WAIT_S * 2.0**self._tries, _LONGEST_WAIT_S)
                self._tries += 1
                self._timer = threading.Timer(wait, self._again)
                self._timer.daemon = True
                self._timer.start()
                self.now = Outage(reason, time.time() + wait)
            return True

    def end(self) -> None:
        """Try again from now on; the next wait is longer if that is in vain."""
        with self._lock:
            self._end()

    def _end(self) -> bool:
        was, self.now = self.now, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return was is not None
