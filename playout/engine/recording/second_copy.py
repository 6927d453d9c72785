"""The second copy of a recording: a process of its own that writes the packets the gateway sends
it.
"""

import select
from datetime import timedelta
from pathlib import Path

from config.child import beat
from config.clock import Clock
from config.names import AiringId
from playout.engine.links.packets import (
    CodedPacket,
    Message,
    PacketReader,
    SourceHeader,
    StreamFormat,
)
from playout.engine.recording.open_recordings import OpenRecordings


class Copyist:
    """Records into a folder of its own whatever the gateway records."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._tape, self._clock = OpenRecordings(root, clock), clock
        self._epoch: int | None = None

    def take(self, message: Message) -> None:
        """Take the gateway's next message."""
        if isinstance(message, SourceHeader):
            airings = [AiringId(airing) for airing in message.airings]
            self._tape.open(airings, [AiringId(airing) for airing in message.recess])
        elif isinstance(message, StreamFormat):
            if message.epoch != self._epoch:
                self._epoch = message.epoch
                self._tape.begin(message)
        elif isinstance(message, CodedPacket):
            late = (self._clock.monotonic() - message.arrival) // 1000
            self._tape.write(message, self._clock.utc() - timedelta(microseconds=late))


def run_copy(pipe: int, root: Path, clock: Clock) -> None:
    """Run the process of the second copy until it is killed."""
    reader, copyist = PacketReader(pipe), Copyist(root, clock)
    while True:
        select.select([reader], [], [], 0.25)
        for _ in range(200):
            message = reader.read()
            if message is None:
                break
            copyist.take(message)
        beat()
