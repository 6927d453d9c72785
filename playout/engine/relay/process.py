"""The process of the relay, and the thread in it that does what may wait."""

import gc
import threading
from collections.abc import Sequence
from pathlib import Path

from config.clock import Clock
from config.wholefile import replace_file
from playout.engine.links.stream_file import STREAM_FILE
from playout.engine.priority import ask_for_realtime
from playout.engine.relay.datagrams import DatagramSender, DatagramTarget
from playout.engine.relay.run import Relay, RelayParts
from playout.engine.relay.status import StatusHistory, status_text

STATUS_EVERY = 1.0
"""Seconds between two reports, and between two tries to open a target."""


def run_relay(
    parts: RelayParts, targets: Sequence[DatagramTarget], folder: Path, clock: Clock
) -> None:
    """Run the relay until it is killed.

    A thread of its own does what may wait: it opens targets and writes the status. The garbage
    collector looks at nothing of the start any more, and afterwards there is next to nothing.
    """
    relay = Relay(parts, clock)
    housekeeping = Housekeeping(relay, [*targets], folder / STREAM_FILE, clock)
    threading.Thread(target=housekeeping.run, daemon=True).start()
    ask_for_realtime()
    gc.collect()
    gc.freeze()
    while True:
        clock.wait(relay.turn())


class Housekeeping:
    """The work of the relay that may wait for the disk or for a name server."""

    def __init__(
        self, relay: Relay, targets: list[DatagramTarget], path: Path, clock: Clock
    ) -> None:
        self._relay, self._path, self._clock = relay, path, clock
        self._targets = targets
        self._closed = dict.fromkeys(targets, "it was not tried yet")
        self._history = StatusHistory()

    def run(self) -> None:
        """Work once a second, for ever."""
        while True:
            self.turn()
            self._clock.wait(STATUS_EVERY)

    def turn(self) -> None:
        """Open the targets that are not open, and write the status."""
        parts = self._relay.parts
        if parts.tap is not None and (asked := parts.tap.asked_to_reopen()) is not None:
            self._close(asked)
        for target in [*self._closed]:
            try:
                parts.senders = [*parts.senders, DatagramSender(target)]
            except OSError as error:
                self._closed[target] = error.strerror or str(error)
            else:
                del self._closed[target]
        targets = {sender.number: sender.dropped for sender in parts.senders}
        closed = {target.number: reason for target, reason in self._closed.items()}
        facts, counts = self._relay.facts(), self._relay.counts()
        text = status_text(facts, counts, targets, closed, self._history)
        replace_file(self._path, text)

    def _close(self, number: int) -> None:
        """Close a target of datagrams, so that it is opened again: the watcher of the output saw
        that its packets do not arrive.
        """
        parts = self._relay.parts
        for target in self._targets:
            if target.number == number and target not in self._closed:
                self._closed[target] = "it is opened again"
        old = [one for one in parts.senders if one.number == number]
        parts.senders = [one for one in parts.senders if one.number != number]
        for sender in old:
            if isinstance(sender, DatagramSender):
                sender.close()
