"""The bytes of a transport stream, split for libav into parts whose tables do not change."""

from collections.abc import Callable, Iterator
from typing import Any

import av

from playout.engine.gateway.address import SourceOpening
from playout.engine.gateway.tables import TableWatch

DATAGRAM_BYTES = 1 << 16
"""Size of the largest datagram."""
LIBAV_READ_BYTES = 7 * 188
"""Bytes that libav reads at once: one datagram of seven packets. A larger read would wait for the
next datagram before it delivered this one."""

Read = Callable[[], bytes]
"""Waits for the next bytes; empty at the end. Raises whatever its carrier raises."""


class Datagrams:
    """Datagrams that libav receives from an address, as plain bytes that it does not parse.

    The address is open before anyone sends to it. So the first datagram may take as long as opening
    a source may, `seconds`; to stop listening sooner would miss the start of the stream.
    """

    def __init__(self, how: SourceOpening, seconds: float) -> None:
        limits = (seconds, seconds)
        options = how.options | {"raw_packet_size": str(DATAGRAM_BYTES)}
        self._container: Any = av.open(
            how.url, "r", format="data", options=options, timeout=limits, buffer_size=DATAGRAM_BYTES
        )
        self._packets: Iterator[Any] = self._container.demux()

    def read(self) -> bytes:
        """Wait for the next datagram. Raises av.FFmpegError when none comes."""
        return bytes(next(self._packets, b""))

    def close(self) -> None:
        """Close the address."""
        self._container.close()


class StreamParts:
    """A file-like object that ends where the tables change, and continues after `go_on`."""

    def __init__(self, read: Read) -> None:
        self._read, self._watch = read, TableWatch()
        self._ready = b""
        self._next: bytes | None = None

    def read(self, most: int = -1) -> bytes:
        """Return the next bytes of the current part; empty at its end."""
        while not self._ready and self._next is None:
            got = self._read()
            if not got:
                return b""
            self._take(got)
        size = len(self._ready) if most < 0 else most
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _take(self, got: bytes) -> None:
        self._ready, self._next = self._watch.take(got)

    def go_on(self) -> bool:
        """Begin the next part; return False where the source itself has ended."""
        if self._next is None:
            return False
        self._take(self._next)
        return True
