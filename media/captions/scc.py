"""Scenarist closed captions (`.scc`): pairs of line 21 in hexadecimal, by time code (pure).

They are read and written as they are, so position, colour and manner are kept. A time code with a
semicolon is drop-frame; one with a colon counts 30 frames a second, though 29.97 play.
"""

import re
from collections.abc import Iterable

from media.captions.encode import PAIR_RATE, slot_at, time_of
from media.captions.track import (
    FIELD_1,
    LONGEST_MICROSECONDS,
    CaptionError,
    CaptionPacket,
    CaptionTrack,
    triplets_of,
)

HEADING = "Scenarist_SCC V1.0"
NULL = "8080"
_LINE = re.compile(r"(\d{2}):(\d{2}):(\d{2})([:;.,])(\d{2})\s+([0-9A-Fa-f\s]*)")
_HOUR_SLOTS = 3600 * PAIR_RATE
_MINUTE_FRAMES, _TEN_MINUTES_FRAMES = 1798, 17982
"""Frames of a drop-frame minute, and of ten minutes, whose first minute drops none."""


def read_scc(text: str, length: int | None = None) -> CaptionTrack:
    """Return the track of an SCC file. `length` is that of the media in microseconds.

    Where every code is later than the media, whole hours are taken off: studios begin at hour one.
    Lines that run into the next one delay it. Raises CaptionError with a sentence.
    """
    if not text.lstrip("\ufeff \r\n").startswith(HEADING[:13]):
        raise CaptionError("This is no SCC file: it does not begin with “Scenarist_SCC V1.0”.")
    lines = [_line(line) for line in text.splitlines()[1:] if line.strip()]
    if not lines:
        return CaptionTrack()
    first = min(slot for slot, _ in lines)
    late = length is not None and first >= slot_at(length)
    shift = round(first // _HOUR_SLOTS * _HOUR_SLOTS) if late else 0
    packets, free = [], 0
    for slot, words in lines:
        free = max(free, slot - shift)
        for word in words:
            if word.lower() != NULL:
                packets.append(_packet(free, word))
            free += 1
    return CaptionTrack(packets)


def _packet(slot: int, word: str) -> CaptionPacket:
    return CaptionPacket(time_of(slot), bytes((FIELD_1, *bytes.fromhex(word))))


def _line(line: str) -> tuple[int, list[str]]:
    """Return the slot and the words of a line."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise CaptionError(f"This SCC file has a line that cannot be read: “{line.strip()[:40]}”.")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    words = match[6].split()
    if minutes > 59 or seconds > 59 or frames > 29 or any(len(word) != 4 for word in words):
        raise CaptionError(f"This SCC file has a line that cannot be read: “{line.strip()[:40]}”.")
    slot = ((hours * 60 + minutes) * 60 + seconds) * 30 + frames
    if match[4] != ":":
        total = hours * 60 + minutes
        slot -= 2 * (total - total // 10)
    if time_of(slot) > LONGEST_MICROSECONDS:
        raise CaptionError("This SCC file has captions days after its beginning.")
    return slot, words


def write_scc(packets: Iterable[CaptionPacket]) -> str:
    """Return the pairs of the first field as an SCC file. Pairs between 29.97 pictures move to the
    nearest free one.
    """
    lines, free = [HEADING], 0
    words: list[str] = []
    begin = 0
    for packet in packets:
        for pair in _first_field(packet):
            slot = max(free, slot_at(packet.microseconds))
            if words and slot > free:
                lines += ["", f"{_code(begin)}\t{' '.join(words)}"]
                words = []
            begin = begin if words else slot
            words.append(pair)
            free = slot + 1
    if words:
        lines += ["", f"{_code(begin)}\t{' '.join(words)}"]
    return "\n".join(lines) + "\n"


def _first_field(packet: CaptionPacket) -> list[str]:
    return [one[1:].hex() for one in triplets_of(packet.triplets) if one[0] == FIELD_1]


def _code(slot: int) -> str:
    """Write a slot as a drop-frame time code."""
    tens, rest = divmod(slot, _TEN_MINUTES_FRAMES)
    dropped = 18 * tens + 2 * max(0, (rest - 2) // _MINUTE_FRAMES)
    seconds, frames = divmod(slot + dropped, 30)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02};{frames:02}"
