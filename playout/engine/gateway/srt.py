"""An SRT stream that a gateway reads."""

from playout.engine.gateway.address import AddressError, SourceOpening
from playout.engine.libsrt import SrtError, SrtMissing, SrtOption, SrtSocket

LATENCY_MS = 250
"""Time in which lost packets are requested again, unless the address sets `latency` (ms)."""


class SrtStream:
    """The bytes of one SRT stream as a file-like object. It calls the sender, or with
    `mode=listener` or without a host waits to be called. `read` raises SrtError after `timeout`
    seconds without a byte. Raises AddressError without libsrt, SrtError where the stream is refused
    or does not come.
    """

    def __init__(self, opening: SourceOpening, connect: float, timeout: float) -> None:
        try:
            first = SrtSocket()
        except SrtMissing as error:
            raise AddressError(str(error)) from error
        self._sockets = [first]
        query = opening.query
        try:
            first.set(SrtOption.RECEIVE_LATENCY, int(query.get("latency", LATENCY_MS)))
            first.set(SrtOption.CONNECT_TIMEOUT, round(connect * 1000))
            if "passphrase" in query:
                first.set(SrtOption.PASSPHRASE, query["passphrase"].encode())
            if "streamid" in query:
                first.set(SrtOption.STREAM_ID, query["streamid"].encode())
            self._open(opening, connect)
            self._sockets[-1].set(SrtOption.RECEIVE_TIMEOUT, round(timeout * 1000))
        except BaseException:
            self.close()
            raise

    def _open(self, opening: SourceOpening, connect: float) -> None:
        first = self._sockets[0]
        if opening.host and opening.query.get("mode") != "listener":
            self._call(first, opening)
            return
        first.listen(opening.host, opening.port)
        self._sockets.append(first.accept_within(connect))

    @staticmethod
    def _call(first: SrtSocket, opening: SourceOpening) -> None:
        try:
            first.connect(opening.host, opening.port)
        except SrtError as error:
            raise SrtError(first.refusal or str(error)) from error

    def read(self, most: int = -1) -> bytes:
        """Return the next bytes, at most one SRT message."""
        return self._sockets[-1].receive()

    def close(self) -> None:
        """Close the sockets."""
        for opened in reversed(self._sockets):
            opened.close()
