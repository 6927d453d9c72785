"""A target without a network: it takes the stream, refuses it or breaks off, as a test says."""

from playout.engine.targets.sender import SendError


class FakeSender:
    """Keeps what was sent. While `fault` is set, it is refused with these words."""

    def __init__(self) -> None:
        self.fault = ""
        self.note = ""
        self.taken = bytearray()
        self.opened = 0
        """Times that it was opened, or refused to be."""
        self._is_open = False

    def open(self) -> None:
        """Open it. Raises SendError while there is a fault."""
        self.opened += 1
        if self.fault:
            raise SendError(self.fault)
        self._is_open = True

    def send(self, chunks: bytes) -> int:
        """Keep chunks. Raises SendError while there is a fault, or where it is not open."""
        if self.fault or not self._is_open:
            raise SendError(self.fault or "it is not open")
        self.taken += chunks
        return 0

    def close(self) -> None:
        """Close it."""
        self._is_open = False
