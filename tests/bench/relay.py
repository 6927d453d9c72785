"""The processor time that the relay takes of a second: `cd tests && python -m bench.relay`.

A simulated clock plays half a minute of an encoder's stream of 4.7 Mbit/s to it as fast as it can.
Its caches stay warm, so beside an encoder it takes two to three times as much.
"""

import os
import socket
import time
from datetime import UTC, datetime
from fractions import Fraction

from support.coded_stream import KEY, PICTURE, EncoderStream

from config.clock import SimulatedClock
from playout.engine.links.fed import FedLine
from playout.engine.links.packets import packet_pair
from playout.engine.links.tap import TapWriter, make_tap
from playout.engine.relay.datagrams import DatagramSender, DatagramTarget
from playout.engine.relay.demux import run_mark
from playout.engine.relay.memory import RelayMemory, make_memory
from playout.engine.relay.run import Relay, RelayParts
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService

RATE, SECONDS = 4_700_000, 30
PICTURE_BYTES, SOUND_BYTES = 16_000, 576
HANDED_OVER = 3
"""Pictures that libVLC hands over together."""


def encoded() -> list[bytes]:
    """Return the stream of an encoder, in the pieces in which it comes."""
    run, pieces = EncoderStream(), []
    for first in range(0, 30 * SECONDS, HANDED_OVER):
        piece = b""
        for number in range(first, first + HANDED_OVER):
            pts = 36_000 + 3000 * number
            start = PICTURE if number % 30 else KEY
            piece += run.unit(256, pts, start + os.urandom(PICTURE_BYTES))
            piece += run.unit(257, pts, b"\xff\xfd" + bytes(SOUND_BYTES - 2))
        pieces.append(piece)
    return pieces


def cost() -> float:
    """Return the milliseconds of processor that a second of the stream costs."""
    clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    output, fed = packet_pair()
    parts = RelayParts(
        SlotClock(clock.monotonic(), RATE), StreamService("Gavel"), reading, fed,
        RelayMemory(make_memory()), Fraction(30000, 1001), tap=TapWriter(make_tap(RATE)),
        senders=[DatagramSender(DatagramTarget(0, "127.0.0.1", door.getsockname()[1]))],
    )  # fmt: skip
    relay, spent = Relay(parts, clock), 0
    FedLine(output, 1).feed(1_000_000)
    os.write(writing, run_mark(1))
    for piece in encoded():
        os.write(writing, piece)
        end = clock.monotonic() + HANDED_OVER * 1_000_000_000 // 30
        while clock.monotonic() < end:
            begin = time.process_time_ns()
            wait = relay.turn()
            spent += time.process_time_ns() - begin
            clock.wait(max(0.0001, wait))
    return spent / 1e6 / SECONDS


if __name__ == "__main__":
    print(f"relay: {min(cost() for _ in range(5)):.1f} ms of a second")
