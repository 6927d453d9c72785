"""A relay between a pipe and a target that listens, on a simulated clock."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

from config.clock import SimulatedClock
from playout.engine.links.gate import Gate
from playout.engine.links.packets import packet_pair
from playout.engine.relay.demux import Demux, run_mark
from playout.engine.relay.memory import RelayMemory, make_memory
from playout.engine.relay.run import Relay, RelayParts
from playout.engine.relay.senders import Burst
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import pid_of, read_clock

RATE = 1_504_000
"""One slot each millisecond."""


SERVICE = StreamService("Gavel")


@dataclass
class Heard:
    """A target that keeps every chunk."""

    number: int = 0
    dropped: int = 0
    chunks: list[bytes] = field(default_factory=list)

    def send(self, burst: Burst) -> None:
        self.chunks += burst.chunks

    @property
    def packets(self) -> list[bytes]:
        whole = b"".join(self.chunks)
        return [whole[at : at + 188] for at in range(0, len(whole), 188)]


class Bench:
    """A relay between a pipe and a target that listens."""

    def __init__(self, service: StreamService = SERVICE, gate: Gate | None = None) -> None:
        self._service, self._gate = service, gate
        self._first_tick = 0 if gate is not None else None
        self.clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
        self.reading, self.writing = os.pipe()
        self.fed = packet_pair()
        os.set_blocking(self.reading, False)
        self.heard, self.memory = Heard(), make_memory()
        self.epoch = self.clock.monotonic()
        self.relay = self.start()

    def start(self) -> Relay:
        """Start a relay, the first or the one after a kill."""
        slots = SlotClock(self.epoch, RATE)
        parts = RelayParts(
            slots,
            self._service,
            self.reading,
            self.fed[1],
            RelayMemory(self.memory),
            Fraction(30000, 1001),
            senders=[self.heard],
            gate=self._gate,
            first_tick_ns=self._first_tick,
        )
        return Relay(parts, self.clock)

    def run(self, seconds: float) -> None:
        """Let the relay work for so long."""
        end = self.clock.monotonic() + round(seconds * 1e9)
        while self.clock.monotonic() < end:
            self.clock.wait(max(0.0005, self.relay.turn()))

    def encode(self, entries: list[bytes]) -> None:
        """Write pictures in real time."""
        for entry in entries:
            os.write(self.writing, entry)
            self.run(1 / 30)

    def close(self) -> None:
        for handle in (self.reading, self.writing, *self.fed, self.memory):
            os.close(handle)


def clocks(packets: list[bytes]) -> list[tuple[int, int]]:
    """Return place and PCR of each packet with a clock."""
    found = enumerate(packets)
    return [(at, read_clock(p[6:12])) for at, p in found if p[3] & 0x20 and p[4] and p[5] & 0x10]


def pictures(bench: Bench) -> list[AccessUnit]:
    units = Demux().take(run_mark(1) + b"".join(bench.heard.packets))
    return [unit for unit in units if unit.is_video]


def continuity_errors(packets: list[bytes]) -> int:
    last: dict[int, int] = {}
    errors = 0
    for packet in packets:
        if packet[3] & 0x10 and (pid := pid_of(packet)) != 0x1FFF:
            count = packet[3] & 15
            errors += last.get(pid, (count - 1) & 15) != (count - 1) & 15
            last[pid] = count
    return errors
