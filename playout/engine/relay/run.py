"""The process of the relay: takes what the encoder writes, and sends the stream in time."""

import gc
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from config.child import beat
from config.clock import Clock
from playout.engine.links.fed import read_fed
from playout.engine.priority import ask_for_realtime
from playout.engine.relay.datagrams import CHUNK_PACKETS, DatagramTarget, UdpSender
from playout.engine.relay.demux import Demux
from playout.engine.relay.matching import FrameMatch
from playout.engine.relay.memory import RelayMemory
from playout.engine.relay.mux import Mux
from playout.engine.relay.placement import Placement
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.relay.units import AccessUnit

log = logging.getLogger(__name__)
READ_BYTES = 1 << 16
MOST_BEHIND_SECONDS = 0.5
"""A relay that was stalled for longer leaves out slots; for less it sends what is due at once."""
OPEN_EVERY = 1.0
"""Seconds between two tries to open a target."""


class Sender(Protocol):
    """One target of the stream."""

    number: int
    dropped: int

    def send(self, chunk: bytes, stamp: int) -> None:
        """Send a chunk or drop it, at once."""


class PipeSender:
    """A pipe to the process of a target. When it is full, chunks are dropped whole."""

    def __init__(self, number: int, handle: int) -> None:
        self.number, self._handle = number, handle
        self.dropped = 0

    def send(self, chunk: bytes, stamp: int) -> None:
        """Write a chunk; it is small enough to be written whole or not at all."""
        try:
            os.write(self._handle, chunk)
        except OSError:
            self.dropped += 1


@dataclass
class RelayParts:
    """The parts of a relay, besides its clock."""

    slots: SlotClock
    service: StreamService
    encoder: int
    """Reading end of the encoder's pipe; it does not block."""
    fed: int
    """Reading end of the line of fed frames."""
    memory: RelayMemory
    senders: list[Sender] = field(default_factory=list)


class Relay:
    """The relay, one turn at a time. It never waits but for the next chunk."""

    def __init__(self, parts: RelayParts, clock: Clock) -> None:
        self._parts, self._clock = parts, clock
        self.mux = Mux(parts.slots, tables(parts.service), parts.memory.counters)
        self.placement = Placement()
        self.match = FrameMatch(lambda _frame: None, lambda _stamp, data: data)
        kept = parts.memory.load_run()
        if kept is not None:
            self.placement.run, self.placement.shift, self.match.constant = kept
            self.match.run = kept[0]
        self._kept = kept
        self.demux = Demux(run=kept[0] if kept is not None else 0)
        self.slot = parts.slots.due(clock.monotonic())
        self._most_behind = parts.slots.slots(MOST_BEHIND_SECONDS)
        self.skipped = 0
        """Slots left out because the process was stalled."""
        self.last_picture = clock.monotonic()
        """Monotonic nanoseconds at which the last picture came."""
        self._drain()

    def turn(self) -> float:
        """Send the chunks that are due, and take what has come. Return the seconds until the next
        chunk.
        """
        due = self._parts.slots.due(self._clock.monotonic())
        if due - self.slot > self._most_behind:
            self.skipped += due - self.slot
            self.slot = due
        while self.slot + CHUNK_PACKETS <= due:
            self._send()
        self._take()
        nearest = self._parts.slots.instant(self.slot + CHUNK_PACKETS - 1)
        return max(0.0, (nearest - self._clock.monotonic()) / 1e9)

    def _send(self) -> None:
        first, self.slot = self.slot, self.slot + CHUNK_PACKETS
        chunk = b"".join(map(self.mux.packet, range(first, self.slot)))
        stamp = self._parts.slots.stamp(first)
        for sender in self._parts.senders:
            sender.send(chunk, stamp)

    def _take(self) -> None:
        for frame in read_fed(self._parts.fed):
            self.match.take(frame)
        for unit in self.demux.take(self._read()):
            self._place(unit)

    def _place(self, unit: AccessUnit) -> None:
        if unit.is_video:
            unit = self.match.picture(unit)
        now = self._parts.slots.stamp(self.slot)
        placed = self.placement.place(unit, now, self.mux.ready(self.slot, unit))
        if placed is None:
            return
        self.mux.add(placed)
        if placed.is_video:
            self.last_picture = self._clock.monotonic()
        if placed.is_key:
            self._keep()

    def _keep(self) -> None:
        """Keep the place of the run for a relay that comes after this one."""
        run = (self.placement.run, self.placement.shift or 0, self.match.constant)
        if run != self._kept:
            self._kept = run
            self._parts.memory.save_run(*run)

    def _read(self) -> bytes:
        try:
            return os.read(self._parts.encoder, READ_BYTES)
        except OSError:
            return b""

    def _drain(self) -> None:
        """Read what waited while no relay ran: it comes too late."""
        for frame in read_fed(self._parts.fed):
            self.match.take(frame)
        while data := self._read():
            self.demux.take(data)


def run_relay(
    parts: RelayParts, targets: Sequence[DatagramTarget], folder: Path, clock: Clock
) -> None:
    """Run the relay until it is killed.

    A thread of its own does what may wait: it opens targets and writes the status. The garbage
    collector looks at nothing of the start any more, and afterwards there is next to nothing.
    """
    opening = threading.Thread(target=_open_targets, args=(parts, [*targets], clock), daemon=True)
    opening.start()
    ask_for_realtime()
    relay = Relay(parts, clock)
    gc.collect()
    gc.freeze()
    while True:
        clock.wait(relay.turn())
        beat()


def _open_targets(parts: RelayParts, closed: list[DatagramTarget], clock: Clock) -> None:
    while closed:
        for target in [*closed]:
            try:
                parts.senders = [*parts.senders, UdpSender(target)]
            except OSError as error:
                log.warning("output %d cannot be opened yet: %s", target.number + 1, error)
            else:
                closed.remove(target)
        if closed:
            clock.wait(OPEN_EVERY)
