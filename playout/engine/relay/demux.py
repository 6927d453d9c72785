"""The demultiplexer of what libVLC writes: bytes of its transport stream in, access units out.

An encoder that is killed leaves half a packet in the pipe, and the next one begins right after it.
Each encoder therefore begins with a mark (`run_mark`): a null packet with words of its own, found
at any offset. What an earlier run left unfinished at the mark is dropped.

Worked example, one letter for one packet: `M` mark, `K` `k` a key picture in two packets, `p` a
picture that needs it, `s` sound. Of

    M s K k s p p | half a packet | M s p K k s …

the units are `s Kk s p` in run 1 and `s p Kk s` in run 2. The last `p` of run 1 had no successor to
say that it is whole. What comes before the first key picture of a run is for `placement` to drop.
"""

from dataclasses import dataclass, field

from playout.engine.relay.units import AccessUnit, is_key_picture
from playout.engine.transport import (
    AUDIO_PID,
    NULL_PID,
    PACKET_BYTES,
    PAYLOAD_BYTES,
    SYNC_BYTE,
    VIDEO_PID,
    read_stamp,
)

_MARK = bytes((SYNC_BYTE, NULL_PID >> 8, NULL_PID & 0xFF, 0x10)) + b"Gavel begins a run. "
_LONGEST_RUN = 1000
"""Packets that are looked at in one step."""
_FLAGS = bytes(0x10 | count % 16 for count in range(_LONGEST_RUN + 16))
"""Fourth bytes of packets that carry nothing but payload, one after the other."""
_FILLED_PES_BYTES = 65_000
"""Bytes of payload from which libVLC continues a unit in a second PES; its limit is 65,500."""


def run_mark(name: int) -> bytes:
    """Return the packet that an encoder writes before its stream; `name` is its name, a number."""
    return (_MARK + name.to_bytes(8, "big")).ljust(PACKET_BYTES, b"\xff")


class _Columns:
    """The second, third and fourth bytes of the packets from an offset on, as long as each begins
    with the byte of a packet. So many packets are looked at in one step.
    """

    def __init__(self, data: bytes, start: int) -> None:
        whole = (len(data) - start) // PACKET_BYTES
        begins = data[start : start + whole * PACKET_BYTES : PACKET_BYTES]
        self.start, self.count = start, _same(begins, SYNC_BYTE)
        end = start + self.count * PACKET_BYTES
        self.highs, self.lows, self.flags = (
            data[start + place : end : PACKET_BYTES] for place in (1, 2, 3)
        )

    def alike(self, number: int, most: int, pid: int, count: int) -> int:
        """Return how many packets from this one on carry nothing but payload of a packet id, begin
        no unit, and have continuity counters that rise from `count`.
        """
        size = _same(self.lows[number : number + most], pid & 0xFF)
        size = _same(self.highs[number : number + size], pid >> 8)
        flags, expected = self.flags[number : number + size], _FLAGS[count : count + size]
        if flags == expected:
            return size
        pairs = enumerate(zip(flags, expected, strict=True))
        return next(place for place, (flag, right) in pairs if flag != right)


def _same(column: bytes, value: int) -> int:
    """Return how many bytes at the beginning of a column have this value."""
    return len(column) - len(column.lstrip(bytes((value,))))


@dataclass(slots=True)
class _Track:
    """One elementary stream, and its unit that is not yet whole."""

    is_video: bool
    pid: int
    body: bytearray = field(default_factory=bytearray)
    stamps: tuple[int, int] | None = None
    """PTS and DTS of the open unit; None while nothing is open."""
    missing: int = -1
    """Bytes until the open PES is whole; negative where it does not say."""
    count: int | None = None
    """Continuity counter of the last packet."""
    is_filled: bool = False
    """Whether the last PES was as large as they get, so that the unit may continue in the next."""

    def middle(self, data: bytes, columns: "_Columns", number: int) -> int:
        """Take all packets from this one on that are from the middle of the open unit, in their
        order; most of a stream is. Return how many they are.
        """
        if self.stamps is None or self.count is None:
            return 0
        most = (self.missing - 1) // PAYLOAD_BYTES if self.missing >= 0 else _LONGEST_RUN
        first = (self.count + 1) & 0x0F
        most = max(0, min(most, _LONGEST_RUN))
        size = columns.alike(number, most, self.pid, first)
        if size:
            self.count = (self.count + size) & 0x0F
            self.missing -= size * PAYLOAD_BYTES
            at = columns.start + number * PACKET_BYTES + 4
            places = range(at, at + size * PACKET_BYTES, PACKET_BYTES)
            self.body += b"".join([data[place : place + PAYLOAD_BYTES] for place in places])
        return size

    def drop(self) -> None:
        """Forget the open unit."""
        self.body.clear()
        self.stamps, self.is_filled, self.missing = None, False, -1


class Demux:
    """Access units out of libVLC's stream."""

    def __init__(
        self, run: int = 0, video_pid: int = VIDEO_PID, audio_pid: int = AUDIO_PID
    ) -> None:
        """Make a demultiplexer that begins in the middle of the run of this name."""
        self._tracks = {pid: _Track(pid == video_pid, pid) for pid in (video_pid, audio_pid)}
        self._rest = b""
        self._units: list[AccessUnit] = []
        self._awaits_key = False
        """Whether a lost packet makes pictures useless until the next key picture."""
        self.run = run
        """Name of the current run."""
        self.runs = 0
        """Runs begun so far."""
        self.lost = 0
        """Packets that were no packets, and holes in the continuity counters."""

    def take(self, data: bytes) -> list[AccessUnit]:
        """Take the next bytes; return the units that are now whole, in the order of the stream."""
        data, self._units = self._rest + data, []
        while (at := data.find(_MARK)) >= 0 and len(data) >= at + PACKET_BYTES:
            self._packets(data[:at])
            self._begin(data[at : at + PACKET_BYTES])
            data = data[at + PACKET_BYTES :]
        whole = at if at >= 0 else len(data) - _begun_mark(data)
        self._rest = data[self._packets(data[:whole]) :]
        return self._units

    def _begin(self, mark: bytes) -> None:
        self.runs += 1
        self.run = int.from_bytes(mark[len(_MARK) : len(_MARK) + 8], "big")
        self._awaits_key = False
        for track in self._tracks.values():
            track.drop()
            track.count = None

    def _packets(self, data: bytes) -> int:
        """Read all whole packets; return the offset of what is left."""
        at, end = 0, len(data) - PACKET_BYTES
        while at <= end:
            if data[at] != SYNC_BYTE:
                self.lost += 1
                at = _aligned(data, at)
                continue
            at = self._in_step(data, at)
        return at

    def _in_step(self, data: bytes, start: int) -> int:
        """Read the whole packets from here on, up to one that does not begin as packets do; return
        the offset after the last.
        """
        columns, number = _Columns(data, start), 0
        while number < columns.count:
            pid = (columns.highs[number] & 0x1F) << 8 | columns.lows[number]
            track = self._tracks.get(pid)
            if track is not None and (size := track.middle(data, columns, number)):
                number += size
                continue
            if track is not None and columns.flags[number] & 0x10:
                self._packet(track, data, start + number * PACKET_BYTES)
            number += 1
        return start + columns.count * PACKET_BYTES

    def _packet(self, track: _Track, data: bytes, at: int) -> None:
        count = data[at + 3] & 0x0F
        if track.count is not None and count != (track.count + 1) & 0x0F:
            self.lost += 1
            track.drop()
            self._awaits_key = self._awaits_key or track.is_video
        track.count = count
        start = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
        payload = data[start : at + PACKET_BYTES]
        if data[at + 1] & 0x40:
            payload = self._head(track, payload)
        if track.stamps is None:
            return
        track.body += payload
        track.missing -= len(payload)
        if track.missing == 0:
            if track.is_video and track.is_filled:
                return
            self._whole(track)

    def _head(self, track: _Track, payload: bytes) -> bytes:
        """Read the header of a PES, finish the unit before it, and return the bytes after it."""
        if len(payload) < 14 or payload[:3] != b"\x00\x00\x01":
            track.drop()
            return b""
        size, flags, first = payload[4] << 8 | payload[5], payload[7] >> 6, 9 + payload[8]
        if flags:
            if track.stamps is not None and (track.is_filled or track.missing < 0):
                self._whole(track)
            track.drop()
            pts = read_stamp(payload[9:14])
            track.stamps = pts, read_stamp(payload[14:19]) if flags == 3 else pts
        inside = size + 6 - first
        track.missing = inside if size else -1
        track.is_filled = inside >= _FILLED_PES_BYTES
        return payload[first:]

    def _whole(self, track: _Track) -> None:
        if track.stamps is None:
            return
        pts, dts = track.stamps
        data = bytes(track.body)
        track.drop()
        is_key = track.is_video and is_key_picture(data)
        if is_key:
            self._awaits_key = False
        if not (track.is_video and self._awaits_key):
            self._units.append(AccessUnit(self.run, track.is_video, is_key, pts, dts, data))


def _aligned(data: bytes, at: int) -> int:
    """Return the offset of the next packet after `at`, as far as these bytes show it."""
    while (at := data.find(SYNC_BYTE, at + 1)) >= 0:
        if at + PACKET_BYTES >= len(data) or data[at + PACKET_BYTES] == SYNC_BYTE:
            return at
    return len(data)


def _begun_mark(data: bytes) -> int:
    """Return how many bytes at the end may be the beginning of a mark."""
    most = min(len(_MARK), len(data))
    return next((size for size in range(most, 0, -1) if data.endswith(_MARK[:size])), 0)
