"""The multiplexer: for every slot of the stream one packet, a null packet where nothing waits.

What a slot carries is decided in this order:

1. the clock, every 30 ms, in a packet of its own on the picture's packet id;
2. a table that is due;
3. sound that is played within the next tenth of a second: receivers buffer little of it;
4. picture, in the order of decoding;
5. a null packet.
"""

from collections import deque
from collections.abc import MutableSequence, Sequence

from playout.engine.relay.packing import PackedUnit, packed, packets_of
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import CyclicTable, payloads
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import (
    AUDIO_PID,
    NULL_PACKET,
    PACKET_BITS,
    PACKET_BYTES,
    PAT_PID,
    PAYLOAD_BYTES,
    PMT_PID,
    PSIP_PID,
    SDT_PID,
    STAMPS_A_SECOND,
    SYNC_BYTE,
    VIDEO_PID,
    clock_bytes,
    stamp_bytes,
)

CLOCK_EVERY = 0.03
"""Seconds between two PCRs; 0.04 is what DVB allows."""
SOUND_AHEAD_SECONDS = 0.1
"""Time before it is played from which sound is sent. The model receiver holds 3584 bytes of MPEG
sound and 2592 of AC-3: 0.1 s at 192 kbit/s."""
PICTURE_AHEAD_SECONDS = 1.0
"""Time before it is decoded from which a picture is sent; A/53 and DVB allow one second."""
COUNTED_PIDS = (PAT_PID, SDT_PID, PMT_PID, VIDEO_PID, AUDIO_PID, PSIP_PID)
"""Packet ids with a continuity counter, by its place in memory."""
MPEG_SOUND_ID, PRIVATE_ID, VIDEO_ID = 0xC0, 0xBD, 0xE0
"""Stream ids in the PES header; AC-3 is private."""
_STUFFING = b"\xff" * PAYLOAD_BYTES
OTHERS_A_SECOND = 240.0
"""Packets a second that carry clock, tables and sound at 192 kbit/s."""
_SPARE_STAMPS = 900
"""Time added to an estimate, in units of 90 kHz: sound comes in bursts."""
_LONGEST_HEAD = 19
"""Bytes of a PES header with two stamps."""


_VIDEO, _AUDIO = COUNTED_PIDS.index(VIDEO_PID), COUNTED_PIDS.index(AUDIO_PID)


class Mux:
    """One stream of constant rate, slot by slot."""

    def __init__(
        self,
        clock: SlotClock,
        tables: Sequence[CyclicTable],
        counters: MutableSequence[int],
        sound_id: int = MPEG_SOUND_ID,
        picture_ahead: float = PICTURE_AHEAD_SECONDS,
        others: float = OTHERS_A_SECOND,
    ) -> None:
        """Make a multiplexer. `counters` has a byte for each of COUNTED_PIDS; `others` is how many
        packets a second carry no picture.
        """
        self._clock, self._counters, self._sound_id = clock, counters, sound_id
        self._video, self._audio = deque[PackedUnit](), deque[PackedUnit]()
        self._waiting = [0] * len(COUNTED_PIDS)
        """Packets that wait, of each packet id."""
        self._share = max(0.1, 1 - others * PACKET_BITS / clock.rate)
        """Share of the slots that a waiting picture gets."""
        self._sound_ahead = round(SOUND_AHEAD_SECONDS * STAMPS_A_SECOND)
        self._picture_ahead = round(picture_ahead * STAMPS_A_SECOND)
        self._clock_slots = clock.slots(CLOCK_EVERY)
        self._next_clock = 0
        self._tables: list[CyclicTable] = []
        self._next_table: list[int] = []
        self._next_of_tables = 0
        self._pieces = deque[tuple[int, int, bytes]]()
        self.replace_tables(tables)
        self._breaks, self._awaits_key = False, False
        self.nulls = 0
        self.late = 0
        """Units whose last packet left after their decoding time."""

    def replace_tables(self, tables: Sequence[CyclicTable]) -> None:
        """Send these tables from now on, each in its cycle."""
        before = [(table.pid, table.section[0]) for table in self._tables]
        cycles = dict(zip(before, self._next_table, strict=True))
        self._tables = [*tables]
        self._next_table = [cycles.get((t.pid, t.section[0]), 0) for t in tables]
        self._next_of_tables = min(self._next_table, default=1 << 62)

    def ready(self, slot: int, unit: AccessUnit) -> int:
        """Return the stream's time at which a unit that comes now would be sent completely."""
        own = packets_of(len(unit.data) + _LONGEST_HEAD, unit.is_key)
        waiting = sum(self._waiting) if unit.is_video else 0
        return self._clock.stamp(slot + round((waiting + own) / self._share)) + _SPARE_STAMPS

    def add(self, unit: AccessUnit) -> None:
        """Queue a unit that is dated by the stream's clock."""
        has_dts = unit.pts != unit.dts
        stamps = stamp_bytes(3, unit.pts) + stamp_bytes(1, unit.dts) if has_dts else b""
        stamps = stamps or stamp_bytes(2, unit.pts)
        size = 3 + len(stamps) + len(unit.data)
        if unit.is_video and self._awaits_key and not unit.is_key:
            return
        self._awaits_key = self._awaits_key and not unit.is_key
        stream, size = (VIDEO_ID, 0) if unit.is_video else (self._sound_id, size)
        head = bytes((0, 0, 1, stream, size >> 8, size & 0xFF, 0x84, 0xC0 if has_dts else 0x80))
        self._queue(head + bytes((len(stamps),)) + stamps + unit.data, unit)

    def _queue(self, data: bytes, unit: AccessUnit) -> None:
        """Queue a unit as this PES."""
        queue, place, ahead = self._video, _VIDEO, self._picture_ahead
        if not unit.is_video:
            queue, place, ahead = self._audio, _AUDIO, self._sound_ahead
        count, at = packets_of(len(data), unit.is_key), self._clock.first_slot
        counter = self._counters[place] + self._waiting[place]
        packets = packed(data, COUNTED_PIDS[place], counter, unit.is_key)
        first, late = at(unit.dts - ahead + 1), at(unit.dts + 1)
        queue.append(PackedUnit(packets, count, first, late, unit.is_key))
        self._waiting[place] += count

    def begin(self, counters: bytes | None = None) -> None:
        """Begin a stream for receivers that have seen another: with clock and tables at once, the
        clock marked as new, and no picture before a key picture. With `counters` it goes on where
        that stream ended, and nothing is marked; pictures that wait are not sent.
        """
        self._breaks, self._awaits_key = counters is None, True
        if counters is not None:
            self._counters[: len(COUNTED_PIDS)] = list(counters[: len(COUNTED_PIDS)])
            self._video.clear()
        self._pieces.clear()
        self._next_clock = self._next_of_tables = 0
        self._next_table = [0] * len(self._tables)
        while self._video and self._awaits_key:
            first = self._video[0]
            self._awaits_key = not first.is_key or first.sent > 0
            if self._awaits_key:
                self._video.popleft()
        if self._audio and self._audio[0].sent:
            self._audio.popleft()
        self._count_again(self._video, _VIDEO)
        self._count_again(self._audio, _AUDIO)

    def _count_again(self, queue: deque[PackedUnit], place: int) -> None:
        """Let the counters of what waits go on where those of what was sent end."""
        self._waiting[place], sent = 0, self._counters[place]
        for unit in queue:
            unit.recount(sent + self._waiting[place] - unit.sent)
            self._waiting[place] += unit.count - unit.sent

    @property
    def has_pictures(self) -> bool:
        """True while any picture waits, or a part of one."""
        return bool(self._video)

    @property
    def waiting_seconds(self) -> float:
        """Seconds it takes to send all that waits."""
        return sum(self._waiting) * PACKET_BITS / self._clock.rate

    def packet(self, slot: int) -> bytes:
        """Return the packet of this slot. Slots are asked for in rising order."""
        return self.packets(slot, 1)

    def packets(self, first: int, count: int) -> bytes:
        """Return the packets of `count` slots from `first` on."""
        parts, slot, end = [], first, first + count
        while slot < end:
            if slot >= self._next_clock:
                part = self._clock_packet(slot)
            elif slot >= self._next_of_tables or self._pieces:
                part = self._table_packet(slot)
            else:
                part = self._run(slot, min(end, self._next_clock, self._next_of_tables))
            parts.append(part)
            slot += len(part) // PACKET_BYTES
        return b"".join(parts)

    def _run(self, slot: int, end: int) -> bytes:
        """Return the packets of this slot and of those before `end` that are of the same unit, or
        null packets.
        """
        for queue, place in ((self._audio, _AUDIO), (self._video, _VIDEO)):
            if queue and queue[0].from_slot <= slot:
                return self._unit_packets(queue, place, slot, end)
            if queue:
                end = min(end, queue[0].from_slot)
        self.nulls += end - slot
        return NULL_PACKET * (end - slot)

    def _unit_packets(self, queue: deque[PackedUnit], place: int, slot: int, end: int) -> bytes:
        unit = queue[0]
        before, after = unit.sent, min(unit.count, unit.sent + end - slot)
        unit.sent, count = after, after - before
        self._waiting[place] -= count
        self._counters[place] = (self._counters[place] + count) & 0x0F
        if after == unit.count:
            queue.popleft()
            self.late += slot + count > unit.late_slot
        return unit.packets[before * PACKET_BYTES : after * PACKET_BYTES]

    def _clock_packet(self, slot: int) -> bytes:
        """Return a packet with the clock alone; the counter stands still in it."""
        self._next_clock = slot + self._clock_slots
        count = (self._counters[3] - 1) & 0x0F
        flags, self._breaks = (0x90 if self._breaks else 0x10), False
        head = bytes((SYNC_BYTE, VIDEO_PID >> 8, VIDEO_PID & 0xFF, 0x20 | count, 183, flags))
        return head + clock_bytes(self._clock.clock(slot)) + _STUFFING[:176]

    def with_clock(self, packets: bytes, first: int) -> bytes:
        """Return packets as they leave in other slots, from `first` on: the clock in them says the
        time of those.
        """
        whole = bytearray(packets)
        for number, at in enumerate(range(0, len(whole), PACKET_BYTES)):
            if whole[at + 3] & 0x30 == 0x20:
                whole[at + 6 : at + 12] = clock_bytes(self._clock.clock(first + number))
        return bytes(whole)

    def _begin_tables(self, slot: int) -> None:
        for place, table in enumerate(self._tables):
            if slot >= self._next_table[place]:
                self._next_table[place] = slot + self._clock.slots(table.every)
                for number, piece in enumerate(payloads(table.section)):
                    self._pieces.append((table.pid, 0 if number else 0x40, piece))
        self._next_of_tables = min(self._next_table)

    def _table_packet(self, slot: int) -> bytes:
        if slot >= self._next_of_tables:
            self._begin_tables(slot)
        pid, start, piece = self._pieces.popleft()
        count = self._count(COUNTED_PIDS.index(pid))
        return bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, 0x10 | count)) + piece

    def _count(self, place: int) -> int:
        """Return the next continuity counter, and keep the one after it."""
        count = self._counters[place]
        self._counters[place] = (count + 1) & 0x0F
        return count
