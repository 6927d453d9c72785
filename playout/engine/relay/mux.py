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
from dataclasses import dataclass

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
_PICTURE_HEADS = tuple(
    bytes((SYNC_BYTE, VIDEO_PID >> 8, VIDEO_PID & 0xFF, 0x10 | count % 16)) for count in range(32)
)
"""Heads of packets in the middle of a picture, by their continuity counter, twice over."""
_LONGEST_RUN = 16
"""Packets from the middle of a picture that are made at once."""
_STUFFING = b"\xff" * PAYLOAD_BYTES
_RANDOM_ACCESS = 0x40
OTHERS_A_SECOND = 240.0
"""Packets a second that carry clock, tables and sound at 192 kbit/s."""
_SPARE_STAMPS = 900
"""Time added to an estimate, in units of 90 kHz: sound comes in bursts."""
_LONGEST_HEAD = 19
"""Bytes of a PES header with two stamps."""


@dataclass(slots=True)
class _Waiting:
    """One unit as a PES, and how far it has been sent."""

    data: bytes
    dts: int
    is_key: bool
    sent: int = 0


def _packets(size: int, is_key: bool) -> int:
    """Return how many packets carry so many bytes; a key picture says that it is one in two."""
    return -(-(size + 2 * is_key) // PAYLOAD_BYTES)


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
        self._video, self._audio = deque[_Waiting](), deque[_Waiting]()
        self._waiting_packets = 0
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
        own = _packets(len(unit.data) + _LONGEST_HEAD, unit.is_key)
        waiting = self._waiting_packets if unit.is_video else 0
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
        data = head + bytes((len(stamps),)) + stamps + unit.data
        queue = self._video if unit.is_video else self._audio
        queue.append(_Waiting(data, unit.dts, unit.is_key))
        self._waiting_packets += _packets(len(data), unit.is_key)

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
        waiting = (*self._video, *self._audio)
        self._waiting_packets = sum(_packets(len(unit.data), unit.is_key) for unit in waiting)

    @property
    def has_pictures(self) -> bool:
        """True while any picture waits, or a part of one."""
        return bool(self._video)

    @property
    def waiting_seconds(self) -> float:
        """Seconds it takes to send all that waits."""
        return self._waiting_packets * PACKET_BITS / self._clock.rate

    def packets(self, first: int, count: int) -> bytes:
        """Return the packets of `count` slots from `first` on."""
        parts, slot, end = [], first, first + count
        while slot < end:
            most = min(end, self._next_clock, self._next_of_tables) - slot
            run = self._run(slot, most) if most > 1 else b""
            parts.append(run or self.packet(slot))
            slot += len(parts[-1]) // PACKET_BYTES
        return b"".join(parts)

    def _run(self, slot: int, most: int) -> bytes:
        """Return at most so many packets that are alike: from the middle of a picture, or null
        packets. Return nothing where each must be looked at. They are those that `packet` would
        return, at a third of the cost.
        """
        first, last = self._clock.stamp(slot), self._clock.stamp(slot + most - 1)
        if self._pieces or (self._audio and self._audio[0].dts - last < self._sound_ahead):
            return b""
        unit = self._video[0] if self._video else None
        if unit is None or unit.dts - last >= self._picture_ahead:
            self.nulls += most
            return NULL_PACKET * most
        at = unit.sent
        count = min(most, _LONGEST_RUN, (len(unit.data) - at - 1) // PAYLOAD_BYTES)
        if not at or count < 1 or unit.dts - first >= self._picture_ahead:
            return b""
        turn, unit.sent = self._counters[3], at + count * PAYLOAD_BYTES
        self._counters[3] = (turn + count) & 0x0F
        self._waiting_packets -= count
        places = range(at, unit.sent, PAYLOAD_BYTES)
        heads = _PICTURE_HEADS[turn : turn + count]
        pairs = zip(heads, places, strict=True)
        return b"".join([head + unit.data[at : at + PAYLOAD_BYTES] for head, at in pairs])

    def packet(self, slot: int) -> bytes:
        """Return the packet of this slot. Slots are asked for in rising order."""
        if slot >= self._next_clock:
            return self._clock_packet(slot)
        if slot >= self._next_of_tables:
            self._begin_tables(slot)
        if self._pieces:
            return self._table_packet()
        now = self._clock.stamp(slot)
        if self._audio and self._audio[0].dts - now < self._sound_ahead:
            return self._unit_packet(self._audio, 4, AUDIO_PID, now)
        if self._video and self._video[0].dts - now < self._picture_ahead:
            return self._unit_packet(self._video, 3, VIDEO_PID, now)
        self.nulls += 1
        return NULL_PACKET

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

    def _table_packet(self) -> bytes:
        pid, start, piece = self._pieces.popleft()
        count = self._count(COUNTED_PIDS.index(pid))
        return bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, 0x10 | count)) + piece

    def _unit_packet(self, queue: deque[_Waiting], place: int, pid: int, now: int) -> bytes:
        unit = queue[0]
        at, count = unit.sent, self._count(place)
        start = 0 if at else 0x40
        left = len(unit.data) - at
        flags = _RANDOM_ACCESS if unit.is_key and not at else 0
        room = PAYLOAD_BYTES - 2 if flags else PAYLOAD_BYTES
        self._waiting_packets -= 1
        if left > room and not flags:
            unit.sent = at + PAYLOAD_BYTES
            head = bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, 0x10 | count))
            return head + unit.data[at : at + PAYLOAD_BYTES]
        taken = min(left, room)
        unit.sent = at + taken
        if unit.sent == len(unit.data):
            queue.popleft()
            self.late += unit.dts < now
        if taken == PAYLOAD_BYTES:
            head = bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, 0x10 | count))
            return head + unit.data[at:]
        field = PAYLOAD_BYTES - 1 - taken
        head = bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, 0x30 | count, field))
        filling = bytes((flags,)) + _STUFFING[: field - 1] if field else b""
        return head + filling + unit.data[at : at + taken]

    def _count(self, place: int) -> int:
        """Return the next continuity counter, and keep the one after it."""
        count = self._counters[place]
        self._counters[place] = (count + 1) & 0x0F
        return count
