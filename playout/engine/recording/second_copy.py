"""The second copy of a recording: a process of its own, writing what the gateway hands on."""

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
    """Keeps in a folder of its own whatever is recorded."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._tape, self._clock = OpenRecordings(root, clock), clock
        self._epoch: int | None = None

    def take(self, message: Message) -> None:
        """The next message of the gateway."""
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
    """The process of the second copy: write until killed."""
    reader, copyist = PacketReader(pipe), Copyist(root, clock)
    while True:
        select.select([reader], [], [], 0.25)
        for _ in range(200):
            message = reader.read()
            if message is None:
                break
            copyist.take(message)
        beat()
