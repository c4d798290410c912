"""Transfers run some at a time, in threads, and told of to whoever listens."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from dbar_qgis_plugin.catalog.http import Http
from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed
from dbar_qgis_plugin.catalog.transfers.download import (
    Fetched,
    Speed,
    Wanted,
    discard,
    download,
    part_size,
)
from dbar_qgis_plugin.catalog.transfers.outage import Outage, Outages
from dbar_qgis_plugin.catalog.transfers.queue import State, Transfer, TransferQueue
from dbar_qgis_plugin.catalog.transport import HttpError, NetworkError
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, OutputError, translate
from dbar_qgis_plugin.raster_io.progress import Message, message

MOST: Final = 4
MOST_PER_HOST: Final = 2

Route = Callable[[Transfer], tuple[str, Http]]
Receive = Callable[[Transfer, Fetched], None]
Listener = Callable[[Transfer, Speed | None], None]

_log = logging.getLogger(__name__)


class TransferRunner:
    """Runs the transfers of a queue, `MOST` at a time and `MOST_PER_HOST` from one server.

    All methods return at once, save `close`, and may be called from any thread.

    Parameters
    ----------
    queue : TransferQueue
        The transfers; closed with the runner.
    route : callable
        Gives the address of a transfer, and the way to its server; called in a thread of the
        runner. Where `Transfer.lacks_secret`, it has to get the address anew.
    receive : callable
        Takes each file that is whole, in a thread of the runner, before its transfer is done; an
        error that it raises makes the transfer fail.
    waits_for_network : bool
        Whether transfers wait, and are tried again, where no server is reached; else they fail.
    """

    def __init__(
        self,
        queue: TransferQueue,
        route: Route,
        receive: Receive,
        *,
        waits_for_network: bool = False,
    ) -> None:
        self.queue = queue
        self._route, self._receive = route, receive
        self._lock = threading.RLock()
        self._running: dict[int, Transfer] = {}
        self._intents: dict[int, State] = {}  # what becomes of those that are being stopped
        self._listeners: list[Listener] = []
        self._executor: ThreadPoolExecutor | None = None
        self._outages = Outages(self.try_again) if waits_for_network else None

    @property
    def outage(self) -> Outage | None:
        """The time without a network that it is, None if there is one."""
        return None if self._outages is None else self._outages.now

    def try_again(self) -> None:
        """Wait no longer for the network."""
        if self._outages is not None:
            self._outages.end()
        self._start_waiting()

    def start(self) -> bool:
        """Begin to run what waits; False if another program runs the same queue."""
        with self._lock:
            if not self.queue.take_over():
                return False
            if self._executor is None:
                self._executor = ThreadPoolExecutor(MOST, thread_name_prefix="dbar-transfer")
        self._start_waiting()
        return True

    def close(self) -> None:
        """Stop within some 300 ms; what ran goes on with the next start."""
        with self._lock:
            executor, self._executor = self._executor, None
            for number in self._running:
                self._intents.setdefault(number, State.WAITING)
        if self._outages is not None:
            self._outages.end()
        if executor is not None:
            executor.shutdown()
        self.queue.close()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` at each change and progress, in whatever thread; return how to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, wanted: Iterable[Wanted], connection: str = "") -> list[Transfer]:
        """Put files into the queue; see `TransferQueue.add`."""
        added = self.queue.add(wanted, connection)
        for transfer in added:
            self._tell(transfer)
        self.try_again()
        return added

    def take_up(self) -> bool:
        """Begin what another program has put into the queue; tell whether that has changed it."""
        is_changed = self.queue.is_changed_elsewhere()
        if is_changed:
            self._start_waiting()
        return is_changed

    def pause(self, numbers: Iterable[int]) -> None:
        """Stop transfers, and keep what has come."""
        self._stop(numbers, State.PAUSED, (State.WAITING,))

    def cancel(self, numbers: Iterable[int]) -> None:
        """Stop transfers, and drop what has come."""
        self._stop(numbers, State.CANCELLED, (State.WAITING, State.PAUSED, State.FAILED))

    def resume(self, numbers: Iterable[int]) -> None:
        """Go on with transfers that are paused, and try those again that failed."""
        self._stop(numbers, State.WAITING, (State.PAUSED, State.FAILED, State.CANCELLED))
        self.try_again()

    def _stop(self, numbers: Iterable[int], state: State, of: tuple[State, ...]) -> None:
        changed = []
        with self._lock, self.queue.together():
            for number in numbers:
                if number in self._running:
                    # One that runs, and is not being stopped, need not be resumed.
                    if state is not State.WAITING or number in self._intents:
                        self._intents[number] = state
                    continue
                transfer = self.queue.get(number)
                if transfer.state not in of:
                    continue
                if state is State.CANCELLED:
                    discard(transfer.path)
                done = part_size(transfer.path)
                changed.append(self.queue.set_state(number, state, done=done))
        for transfer in changed:
            self._tell(transfer)

    def _start_waiting(self) -> None:
        begun = []
        with self._lock:
            if self._executor is None or self.outage is not None:
                return
            hosts = Counter(host_of(transfer.url) for transfer in self._running.values())
            with self.queue.together():
                for number, url in self.queue.waiting():
                    if len(self._running) == MOST:
                        break
                    if hosts[host_of(url)] == MOST_PER_HOST:
                        continue
                    hosts[host_of(url)] += 1
                    transfer = self.queue.set_state(number, State.RUNNING)
                    self._running[number] = transfer
                    begun.append(transfer)
            for transfer in begun:
                self._tell(transfer)  # before its thread can tell of its end
                self._executor.submit(self._run, transfer)

    def _run(self, transfer: Transfer) -> None:
        state, reason = State.DONE, None
        host = host_of(transfer.url)
        if self._outages is not None:
            self._outages.asked(host)
        try:
            self._fetch(transfer)
        except Cancelled:
            state = State.CANCELLED
        except NetworkError as error:
            reason = Message(error.template, error.values)
            is_gone = self._outages is not None and self._outages.begins(host, reason)
            state = State.WAITING if is_gone else State.FAILED
        except DbarError as error:
            state, reason = State.FAILED, Message(error.template, error.values)
            if isinstance(error, HttpError):
                self._heard(host)
        except Exception as error:
            _log.exception("Transfer %s", transfer.path)
            state = State.FAILED
            reason = message(
                translate("Dbar", "{name} failed, for a reason that was not foreseen: {reason}"),
                name=transfer.path.name,
                reason=f"{type(error).__name__}: {scrubbed(str(error))}",
            )
        try:
            self._tell(self._ended(transfer, state, reason))
            self._start_waiting()
        except OutputError:  # nobody waits for this thread
            _log.exception("Transfer %s", transfer.path)

    def _ended(self, transfer: Transfer, state: State, reason: Message | None) -> Transfer:
        with self._lock:
            intent = self._intents.pop(transfer.id, None)
            if state is State.CANCELLED or (state is State.WAITING and intent is not None):
                state = intent or State.PAUSED  # for good, or for the time being
            if state is State.CANCELLED:
                discard(transfer.path)
            is_whole = state is State.DONE
            done = transfer.path.stat().st_size if is_whole else part_size(transfer.path)
            del self._running[transfer.id]
            return self.queue.set_state(transfer.id, state, done=done, reason=reason)

    def _fetch(self, transfer: Transfer) -> None:
        def is_cancelled() -> bool:
            return transfer.id in self._intents

        def report(speed: Speed) -> None:
            self._heard(host_of(transfer.url))
            self._tell(replace(transfer, done=speed.done), speed)

        url, http = self._route(transfer)
        if transfer.lacks_secret and url == transfer.url:
            raise InputError(
                translate(
                    "Dbar",
                    "The address of {name} was signed, and such an address is never written down. "
                    "Search for the item again, and fetch it from there: it goes on where it "
                    "stopped.",
                ),
                name=transfer.path.name,
            )
        wanted = Wanted(
            url,
            transfer.path,
            transfer.size,
            transfer.checksum,
            transfer.media_type,
            transfer.item,
            transfer.asset,
        )
        self._receive(transfer, download(wanted, http, report=report, is_cancelled=is_cancelled))

    def _heard(self, host: str) -> None:
        if self._outages is not None and self._outages.heard(host):
            self._start_waiting()

    def _tell(self, transfer: Transfer, speed: Speed | None = None) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(transfer, speed)
            except Exception:
                # A window that fails to show a transfer must not end it.
                _log.exception("A listener failed")
