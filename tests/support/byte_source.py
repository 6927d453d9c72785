"""A live source that reads given bytes, without an address and without real time."""

from datetime import UTC, datetime
from typing import Any

from config.clock import SimulatedClock
from config.settings import SOURCE_NETWORKS
from playout.engine.gateway.address import source_opening
from playout.engine.gateway.parts import StreamParts
from playout.engine.gateway.source import SourceError
from playout.engine.gateway.sources import LibavSource
from playout.engine.links.packets import CodedPacket, StreamFormat

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


class ByteSource(LibavSource):
    """The libav source, fed with bytes in datagrams of `size` instead of from an address."""

    def __init__(self, data: bytes, size: int = 1316) -> None:
        self._datagrams = iter([data[at : at + size] for at in range(0, len(data), size)])
        clock = SimulatedClock(NOON)
        super().__init__(source_opening("udp://127.0.0.1:1", SOURCE_NETWORKS), clock)

    def _opened(self, how: Any) -> Any:
        self._parts = StreamParts(lambda: next(self._datagrams, b""))
        return self._part(self._parts)


def packets_by_format(source: LibavSource) -> list[tuple[StreamFormat, list[CodedPacket]]]:
    """Read a source to its end; return each format with the packets that follow it."""
    found: list[tuple[StreamFormat, list[CodedPacket]]] = [(source.format, [])]
    try:
        for one in source.packs():
            if isinstance(one, StreamFormat):
                found.append((one, []))
            else:
                found[-1][1].append(one)
    except SourceError as ended:
        assert "ended" in str(ended)
    return found
