"""The waist of a target: one way to one place, whatever it speaks."""

from typing import Protocol

from config.means import lack
from playout.engine.transport import PACKET_BYTES

CHUNK_BYTES = 7 * PACKET_BYTES
"""Bytes of one chunk of the stream, as the relay hands it over: seven transport packets."""
GIVEN_UP_AFTER = 10.0
"""Seconds that one call of a sender may wait for the other side. Its process beats between calls,
and the supervisor gives it longer."""


class SendError(Exception):
    """A stream that is refused, no longer taken, or broken off.

    The text is the reason, in words that follow a colon; it holds no address and no secret.
    """


class TargetSender(Protocol):
    """One way to one place. After a SendError it is closed, and may be opened again."""

    @property
    def note(self) -> str:
        """A condition that staff may want to know while nothing is wrong; empty for none."""

    def open(self) -> None:
        """Reach the place. Raises SendError within about GIVEN_UP_AFTER seconds."""

    def send(self, chunks: bytes) -> int:
        """Send whole chunks. Return how many of their bytes were dropped because no one takes them
        fast enough. Raises SendError when the way is broken.
        """

    def close(self) -> None:
        """Give back sockets and files; more than once does nothing. It raises nothing."""


def reason(error: OSError) -> str:
    """Return the reason of an error of the system, in words that follow a colon."""
    return lack(error) or (error.strerror or "it cannot be used").lower()
