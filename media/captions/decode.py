"""Pairs of line 21 turned into captions in words (pure): the four caption channels of both fields.

Pop-on and paint-on captions are shown from the command that shows them, or their first character,
to the one that replaces or erases them. A roll-up caption is one row: from its first character to
the carriage return that makes room for the next. Colours, italics and underlines are dropped; XDS
and the text channels are skipped.
"""

import re
from collections.abc import Iterable, Sequence

from media.captions.codes import BLOCK, basic_text, parity_is_odd
from media.captions.cue import CaptionCue
from media.captions.screen import Screen
from media.captions.track import (
    FIELD_1,
    FIELD_2,
    TRIPLET_BYTES,
    CaptionPacket,
    CaptionTrack,
    triplets_of,
)

REPEATED_WITHIN = 75_000
"""Microseconds within which the same command again is its repetition: two pictures of 29.97."""
_IS_WHOLE = bytes(parity_is_odd(byte) for byte in range(256))
_IS_CHARACTER = bytes(_IS_WHOLE[byte] and byte & 0x7F >= 0x20 for byte in range(256))
_RUN = re.compile(b"\x01+")
CHANNELS = ("CC1", "CC2", "CC3", "CC4")


def decode(packets: Iterable[CaptionPacket], until: int = 0) -> dict[str, tuple[CaptionCue, ...]]:
    """Return the captions of each channel that has any, CC1 to CC4, in the order of time.

    `until` is the end of the media in microseconds, at which the last caption ends if no command
    erases it.
    """
    fields = {FIELD_1: FieldDecoder(), FIELD_2: FieldDecoder()}
    last = 0
    if isinstance(packets, CaptionTrack) and (alone := _field_1_alone(packets)) is not None:
        last = fields[FIELD_1].take_all(*alone)
    else:
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


def _field_1_alone(track: CaptionTrack) -> "tuple[Sequence[int], bytes, bytes] | None":
    """Return the times, first and second bytes of a track that has one pair of the first field in
    each packet, as all that is encoded here has; None for another.
    """
    times, ends, triplets = track.columns
    alone = len(triplets) == TRIPLET_BYTES * len(times) == TRIPLET_BYTES * (ends[-1] if ends else 0)
    if not alone or triplets[::TRIPLET_BYTES].strip(bytes((FIELD_1,))):
        return None
    return times, triplets[1::TRIPLET_BYTES], triplets[2::TRIPLET_BYTES]


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

    def take_all(self, times: Sequence[int], firsts: bytes, seconds: bytes) -> int:
        """Obey all pairs of a track; return the time of the last, 0 for none.

        Whole characters that stand side by side are written at once, which halves the time: they
        come from one picture after the other, and no command between them changes anything.
        """
        plain = int.from_bytes(firsts.translate(_IS_CHARACTER))
        plain &= int.from_bytes(seconds.translate(_IS_WHOLE))
        at = 0
        for run in _RUN.finditer(plain.to_bytes(len(firsts))):
            for place in range(at, run.start()):
                self.take(times[place], firsts[place], seconds[place])
            begin, at = run.span()
            self._last = None
            if self._channel is not None:
                pairs = bytearray(2 * (at - begin))
                pairs[::2], pairs[1::2] = firsts[begin:at], seconds[begin:at]
                self.screens[self._channel].write_all(times[begin], basic_text(bytes(pairs)))
        for place in range(at, len(times)):
            self.take(times[place], firsts[place], seconds[place])
        return times[-1] if times else 0

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
