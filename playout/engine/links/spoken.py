"""The line from the captioner to the bus: captions written from what is said in a live.

The bus says in a word of the program ring which live is to be heard; the captioner names it in each
message. So captions that come late, when another live is on air, are known and dropped.
"""

import os
import struct
from collections import deque

from media.captions.track import TRIPLET_BYTES, triplets_of
from playout.engine.links.ring import HEARD, Ring

_HEAD = struct.Struct("<Q")
_LONGEST_BYTES = 8192
_PIECE_BYTES = 1000 * TRIPLET_BYTES
MOST_WAITING = 600
"""Triplets that wait at the bus: 20 seconds of one field. What comes on top is dropped."""


def live_to_hear(ring: Ring) -> int:
    """Return the number of the live that is to be heard; 0 for none."""
    return ring.word(HEARD)


class SpokenLine:
    """The captioner's end. It never waits, and drops what the bus does not take."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.dropped = 0
        """Messages that the bus did not take."""

    def say(self, live: int, triplets: bytes) -> None:
        """Hand over captions of a live; nothing where there are none."""
        for at in range(0, len(triplets), _PIECE_BYTES):
            piece = triplets[at : at + _PIECE_BYTES]
            try:
                os.write(self._handle, _HEAD.pack(live) + piece)
            except OSError:
                self.dropped += 1


class SpokenCaptions:
    """The bus's end: the captions of the live on air, in the order in which they were said."""

    def __init__(self, ring: Ring, handle: int) -> None:
        self._ring, self._handle = ring, handle
        self.live = 0
        """The live to hear, as wanted last; 0 for none."""
        self._waiting: deque[bytes] = deque()
        ring.put_word(HEARD, 0)

    def want(self, live: int) -> None:
        """Name the live to hear, by any number but 0; 0 for none. Captions of another are
        dropped.
        """
        if live != self.live:
            self.live = live
            self._waiting.clear()
            self._ring.put_word(HEARD, live)

    def take(self, most: int) -> bytes:
        """Return at most so many triplets that wait now."""
        for message in self._messages():
            (live,) = _HEAD.unpack_from(message)
            if live and live == self.live:
                self._waiting.extend(triplets_of(message[_HEAD.size :]))
        while len(self._waiting) > MOST_WAITING:
            self._waiting.pop()
        count = min(most, len(self._waiting))
        return b"".join(self._waiting.popleft() for _ in range(count))

    def _messages(self) -> list[bytes]:
        messages: list[bytes] = []
        while True:
            try:
                message = os.read(self._handle, _LONGEST_BYTES)
            except OSError:
                return messages
            if len(message) < _HEAD.size:
                return messages
            messages.append(message)
