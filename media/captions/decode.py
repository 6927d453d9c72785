"""Pairs of line 21 turned into captions in words (pure): the four caption channels of both fields.

Pop-on and paint-on captions are shown from the command that shows them, or their first character,
to the one that replaces or erases them. A roll-up caption is one row: from its first character to
the carriage return that makes room for the next. Colours, italics and underlines are dropped; XDS
and the text channels are skipped.
"""

from collections.abc import Iterable

from media.captions.codes import BLOCK, parity_is_odd
from media.captions.cue import CaptionCue
from media.captions.screen import Screen
from media.captions.track import (
    FIELD_1,
    FIELD_2,
    CaptionPacket,
    CaptionTrack,
    triplets_of,
)

REPEATED_WITHIN = 75_000
"""Microseconds within which the same command again is its repetition: two pictures of 29.97."""
CHANNELS = ("CC1", "CC2", "CC3", "CC4")


def decode(packets: Iterable[CaptionPacket], until: int = 0) -> dict[str, tuple[CaptionCue, ...]]:
    """Return the captions of each channel that has any, CC1 to CC4, in the order of time.

    `until` is the end of the media in microseconds, at which the last caption ends if no command
    erases it.
    """
    fields = {FIELD_1: FieldDecoder(), FIELD_2: FieldDecoder()}
    last = 0
    for last, triplets in _pieces(packets):
        for kind, first, second in triplets_of(triplets):
            if kind in fields:
                fields[kind].take(last, first, second)
    screens = [screen for field in fields.values() for screen in field.screens]
    for screen in screens:
        screen.finish(max(last, until))
    named = zip(CHANNELS, screens, strict=True)
    return {name: tuple(screen.cues) for name, screen in named if screen.cues}


def _pieces(packets: Iterable[CaptionPacket]) -> Iterable[tuple[int, bytes]]:
    if isinstance(packets, CaptionTrack):
        return packets.pieces()
    return ((packet.microseconds, packet.triplets) for packet in packets)


class FieldDecoder:
    """The decoder of one field: it sorts pairs by channel and drops repeated commands."""

    def __init__(self) -> None:
        self.screens = (Screen(), Screen())
        self._channel: int | None = None
        self._last: tuple[int, int, int] | None = None
        """Time and bytes of the last command, while nothing else has come."""

    def take(self, microseconds: int, first: int, second: int) -> None:
        """Obey the two bytes of a picture, with their parity bits.

        A command that arrived damaged is ignored, a damaged character shown as a block, as
        receivers do. Nulls between a command and its repetition change nothing: at 59.94 pictures
        a second some encoders send them.
        """
        whole = parity_is_odd(first), parity_is_odd(second)
        first, second = first & 0x7F, second & 0x7F
        if whole[0] and 0x10 <= first < 0x20:
            if whole[1] and second >= 0x20:
                self._command(microseconds, first, second)
        elif whole[0] and 0 < first < 0x10:
            self._channel = self._last = None
        elif whole == (True, True) and not first and not second:
            return
        else:
            self._last = None
            self._characters(microseconds, first, second, whole)

    def _command(self, microseconds: int, first: int, second: int) -> None:
        last = self._last
        if last is not None and last[1:] == (first, second):
            self._last = None
            if microseconds - last[0] <= REPEATED_WITHIN:
                return
        self._last = microseconds, first, second
        self._channel = first >> 3 & 1
        self.screens[self._channel].obey(microseconds, first & 0x17, second)

    def _characters(
        self, microseconds: int, first: int, second: int, whole: tuple[bool, bool]
    ) -> None:
        """Write characters, unless they belong to XDS or to no channel."""
        if self._channel is None:
            return
        for byte, is_whole in zip((first, second), whole, strict=True):
            if byte >= 0x20 or not is_whole:
                self.screens[self._channel].write(microseconds, byte if is_whole else BLOCK)
