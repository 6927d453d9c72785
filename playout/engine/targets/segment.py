"""Segments of TS for HLS: each begins with its tables and a key picture, and ends before another.

Pictures stay as they are, so captions in them do too. Counters go on from one segment to the next.
"""

import struct
from dataclasses import dataclass, field

from playout.engine.relay.tables import caption_descriptor, map_section, payloads, program_list
from playout.engine.targets.web_stream import WebUnit
from playout.engine.transport import (
    AUDIO_PID,
    CLOCK_HZ,
    PAT_PID,
    PAYLOAD_BYTES,
    PMT_PID,
    STAMP_WRAP,
    STAMPS_A_SECOND,
    SYNC_BYTE,
    VIDEO_PID,
    clock_bytes,
    stamp_bytes,
)

GAP = STAMPS_A_SECOND // 2
"""Time between two pictures from which the stream was interrupted."""
_CLOCK_BEFORE = STAMPS_A_SECOND // 10
_H264, _AAC = 0x1B, 0x0F
_STUFFING = b"\xff" * PAYLOAD_BYTES


def program_map(language: str, has_dtvcc: bool) -> bytes:
    """Return the table of a program: one picture with captions, one sound of AAC."""
    captions = caption_descriptor(language, has_dtvcc)
    body = struct.pack(">HH", 0xE000 | VIDEO_PID, 0xF000)
    body += struct.pack(">BHH", _H264, 0xE000 | VIDEO_PID, 0xF000 | len(captions)) + captions
    body += struct.pack(">BHH", _AAC, 0xE000 | AUDIO_PID, 0xF000)
    return map_section(body, has_dtvcc)


def adts(frame: bytes) -> bytes:
    """Return a frame of AAC-LC, 48 kHz, stereo, with its header (ISO/IEC 13818-7, 6.2)."""
    size = len(frame) + 7
    head = bytes((
        0xFF, 0xF1, 1 << 6 | 3 << 2, 2 << 6 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F,
        0xFC,
    ))  # fmt: skip
    return head + frame


@dataclass
class Packets:
    """Writes units as transport packets."""

    language: str
    _counts: dict[int, int] = field(default_factory=dict)

    def tables(self, has_dtvcc: bool) -> bytes:
        """Return the tables with which a segment begins."""
        held = program_map(self.language, has_dtvcc)
        return b"".join(
            self._packet(pid, b"", piece, starts=not number)
            for pid, table in ((PAT_PID, program_list()), (PMT_PID, held))
            for number, piece in enumerate(payloads(table))
        )

    def unit(self, unit: WebUnit) -> bytes:
        """Return a unit as packets; a picture carries the clock."""
        stamps = stamp_bytes(2, unit.pts % STAMP_WRAP)
        if unit.dts != unit.pts:
            stamps = stamp_bytes(3, unit.pts % STAMP_WRAP) + stamp_bytes(1, unit.dts % STAMP_WRAP)
        data = unit.data if unit.is_video else adts(unit.data)
        size = 0 if unit.is_video else len(data) + 3 + len(stamps)
        stream, mark = (0xE0 if unit.is_video else 0xC0), (0x80 if len(stamps) == 5 else 0xC0)
        pes = bytes((0, 0, 1, stream, size >> 8, size & 0xFF, 0x84, mark, len(stamps)))
        pes += stamps + data
        pid = VIDEO_PID if unit.is_video else AUDIO_PID
        clock = b""
        if unit.is_video:
            at = (unit.dts - _CLOCK_BEFORE) % STAMP_WRAP * (CLOCK_HZ // STAMPS_A_SECOND)
            clock = bytes((0x50 if unit.is_key else 0x10,)) + clock_bytes(at)
        room = PAYLOAD_BYTES - (1 + len(clock) if clock else 0)
        packets = [self._packet(pid, clock, pes[:room], starts=True)]
        packets += [
            self._packet(pid, b"", pes[at : at + PAYLOAD_BYTES], starts=False)
            for at in range(room, len(pes), PAYLOAD_BYTES)
        ]
        return b"".join(packets)

    def _packet(self, pid: int, adaptation: bytes, payload: bytes, *, starts: bool) -> bytes:
        count = self._counts.get(pid, 0)
        self._counts[pid] = (count + 1) & 0x0F
        head = bytes((SYNC_BYTE, (0x40 if starts else 0) | pid >> 8, pid & 0xFF))
        if not adaptation and len(payload) == PAYLOAD_BYTES:
            return head + bytes((0x10 | count,)) + payload
        size = PAYLOAD_BYTES - 1 - len(payload)
        filling = adaptation or (b"\x00" if size else b"")
        filling += _STUFFING[: size - len(filling)]
        return head + bytes((0x30 | count, size)) + filling + payload


@dataclass(frozen=True)
class Cut:
    """A segment that is complete."""

    content: bytes
    start: int
    """The stamp at which its first picture is decoded."""
    shown: int
    """The stamp at which its first picture is shown."""
    length: int
    """Its length in units of 90 kHz."""
    follows_gap: bool
    """Whether the stream was interrupted before it."""


class Segmenter:
    """Cuts units into segments, at the first key picture after so many seconds."""

    def __init__(self, seconds: int, language: str) -> None:
        self._least = seconds * STAMPS_A_SECOND
        self._packets = Packets(language)
        self._open = bytearray()
        self._start = self._shown = self._last = self._step = 0
        self._follows_gap = True
        self.has_dtvcc = False
        """Whether the next segment announces service 1 of CEA-708."""

    def take(self, unit: WebUnit) -> Cut | None:
        """Take the next unit in the order of DTS; return the segment that it ends."""
        cut = None
        if unit.is_video:
            gap = bool(self._open) and not 0 < unit.dts - self._last <= GAP
            # Half a picture of tolerance: stamps are rounded.
            enough = unit.dts - self._start >= self._least - self._step // 2
            if unit.is_key and (not self._open or gap or enough):
                cut = self._end(unit.dts, gap)
                self._begin(unit, gap)
            self._step = unit.dts - self._last if 0 < unit.dts - self._last <= GAP else self._step
            self._last = unit.dts
        if self._open:
            self._open += self._packets.unit(unit)
        return cut

    def _begin(self, unit: WebUnit, gap: bool) -> None:
        self._follows_gap = self._follows_gap if not self._open else gap
        self._start, self._shown = unit.dts, unit.pts
        self._open = bytearray(self._packets.tables(self.has_dtvcc))

    def _end(self, now: int, gap: bool) -> Cut | None:
        if not self._open:
            return None
        end = self._last + self._step if gap else now
        length = end - self._start
        return Cut(bytes(self._open), self._start, self._shown, length, self._follows_gap)
