"""A stream second by second: counters, clock, and the coded pictures and sound worth decoding.

Packets are looked at by the thousand with numpy, because one at a time in Python would cost more
than decoding. Only key pictures are put together; every frame of sound is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from playout.engine.transport import (
    AUDIO_PID,
    CLOCK_HZ,
    NULL_PID,
    PACKET_BYTES,
    STAMP_WRAP,
    STAMPS_A_SECOND,
    SYNC_BYTE,
    VIDEO_PID,
    near,
    read_clock,
    read_stamp,
)

Packets: TypeAlias = npt.NDArray[np.uint8]
"""Transport packets, one a row."""
CLOCK_WRAP = STAMP_WRAP * 300
_START, _RANDOM_ACCESS, _MARKED_BREAK, _HAS_CLOCK = 0x40, 0x40, 0x80, 0x10
LEAD_NS = 3_000_000_000
"""Nanoseconds by which the time of a unit may differ from its arrival."""
_LONGEST_UNIT = 1 << 23
"""Bytes of a key picture after which it is given up: its end was lost."""


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """A key picture or a frame of sound, and when receivers show or play it (monotonic ns)."""

    instant: int
    data: bytes


@dataclass(slots=True)
class Counted:
    """Counts of a batch of packets."""

    packets: int = 0
    errors: int = 0
    offset: int | None = None
    marked: bool = False
    pictures: int = 0
    sounds: int = 0
    keys: list[CodedUnit] = field(default_factory=list)
    frames: list[CodedUnit] = field(default_factory=list)


class PacketWatch:
    """Reads the packets of one stream, batch after batch."""

    def __init__(self, video_pid: int = VIDEO_PID, audio_pid: int = AUDIO_PID) -> None:
        self._counters: dict[int, int] = {}
        self._clock: int | None = None
        """The last clock in units of 27 MHz, not wrapped."""
        self._offset: int | None = None
        self._video, self._audio = _Assembly(video_pid), _Assembly(audio_pid)

    def lose_place(self) -> None:
        """Forget what the next packet must be, after packets that the reader itself missed."""
        self._counters.clear()
        self._video.drop()
        self._audio.drop()

    def take(self, chunks: Sequence[tuple[int, bytes]]) -> Counted:
        """Take chunks of whole packets, each with the monotonic instant (ns) at which it came."""
        counted = Counted()
        whole = [(at, data) for at, data in chunks if data and len(data) % PACKET_BYTES == 0]
        if not whole:
            return counted
        packets = np.frombuffer(b"".join(data for _, data in whole), np.uint8)
        packets = packets.reshape(-1, PACKET_BYTES)
        sizes = [len(data) // PACKET_BYTES for _, data in whole]
        came = np.repeat(np.array([at for at, _ in whole], np.int64), sizes)
        synced = packets[:, 0] == SYNC_BYTE
        counted.packets = int(synced.sum())
        counted.errors = len(packets) - counted.packets
        pids = ((packets[:, 1] & 0x1F).astype(np.uint16) << 8 | packets[:, 2]).astype(np.uint16)
        pids[~synced] = NULL_PID
        self._clocks(packets, pids, came, counted)
        self._continuity(packets, pids, counted)
        counted.pictures, units = self._video.take(packets[pids == self._video.pid], only_keys=True)
        counted.keys = self._dated(units, int(came[-1]))
        counted.sounds, units = self._audio.take(packets[pids == self._audio.pid])
        counted.frames = self._dated(units, int(came[-1]))
        return counted

    def _clocks(
        self, packets: Packets, pids: npt.NDArray[np.uint16], came: npt.NDArray[np.int64],
        counted: Counted,
    ) -> None:  # fmt: skip
        """Read every clock: one packet in a hundred has one."""
        has = (packets[:, 3] & 0x20 > 0) & (packets[:, 4] > 6) & (packets[:, 5] & _HAS_CLOCK > 0)
        offsets = []
        for place in np.flatnonzero(has & (pids != NULL_PID)):
            counted.marked = counted.marked or bool(packets[place, 5] & _MARKED_BREAK)
            value = read_clock(packets[place, 6:12].tobytes())
            last = self._clock if self._clock is not None else value
            self._clock = last + (value - last + CLOCK_WRAP // 2) % CLOCK_WRAP - CLOCK_WRAP // 2
            offsets.append(int(came[place]) - self._clock * 1000 // 27)
        if offsets:
            counted.offset = self._offset = min(offsets)

    def _continuity(self, packets: Packets, pids: npt.NDArray[np.uint16], counted: Counted) -> None:
        for pid in np.unique(pids):
            if pid == NULL_PID:
                continue
            counts = packets[(pids == pid) & (packets[:, 3] & 0x10 > 0), 3] & 0x0F
            if not len(counts):
                continue
            last = self._counters.get(int(pid))
            if last is not None:
                counted.errors += int(counts[0]) != (last + 1) & 0x0F
            counted.errors += int(((counts[1:] - counts[:-1]) & 0x0F != 1).sum())
            self._counters[int(pid)] = int(counts[-1])

    def _dated(self, units: list[bytes], last: int) -> list[CodedUnit]:
        """Return what these PES carry, dated by the stream's clock; `last` is when the last packet
        came. What is dated far from that came with a clock that is wrong, and tells nothing else.
        """
        if self._clock is None or self._offset is None:
            return []
        now, dated = self._clock * STAMPS_A_SECOND // CLOCK_HZ, []
        for unit in units:
            if len(unit) < 14 or unit[:3] != b"\x00\x00\x01" or not unit[7] & 0x80:
                continue
            stamp = near(read_stamp(unit[9:14]), now)
            instant = stamp * 1_000_000_000 // STAMPS_A_SECOND + self._offset
            if not -LEAD_NS < instant - last < LEAD_NS:
                continue
            dated.append(CodedUnit(instant, unit[9 + unit[8] :]))
        return dated


class _Assembly:
    """The units of one packet id, put together from packets."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._open: list[bytes] | None = None

    def drop(self) -> None:
        """Forget the unit that is not whole yet."""
        self._open = None

    def take(self, packets: Packets, *, only_keys: bool = False) -> tuple[int, list[bytes]]:
        """Return how many units began, and those that are whole now."""
        starts = np.flatnonzero(packets[:, 1] & _START > 0) if len(packets) else np.zeros(0, int)
        units: list[bytes] = []
        cuts = [0, *starts.tolist(), len(packets)]
        for number, (first, end) in enumerate(zip(cuts, cuts[1:], strict=False)):
            if number and self._open is not None:
                units.append(b"".join(self._open))
            if number:
                is_wanted = not only_keys or _is_key(packets[first])
                self._open = [] if is_wanted else None
            if self._open is not None and end > first:
                self._open.append(payload(packets[first:end]))
        if self._open is not None and sum(map(len, self._open)) > _LONGEST_UNIT:
            self.drop()
        return len(starts), units


def _is_key(packet: npt.NDArray[np.uint8]) -> bool:
    """Return whether the unit that begins in this packet says that decoding can begin with it."""
    return bool(packet[3] & 0x20 and packet[4] and packet[5] & _RANDOM_ACCESS)


def payload(packets: Packets) -> bytes:
    """Return what these packets carry, without heads and adaptation fields."""
    kinds = packets[:, 3] >> 4 & 3
    parts, last = [], 0
    for place in np.flatnonzero(kinds != 1).tolist():
        parts.append(packets[last:place, 4:].tobytes())
        if kinds[place] == 3:
            parts.append(packets[place, 5 + int(packets[place, 4]) :].tobytes())
        last = place + 1
    parts.append(packets[last:, 4:].tobytes())
    return b"".join(parts)
