"""The packets that carry a unit, made at once when it is queued; what leaves later are slices.

Worked example: a key picture of 500 bytes in packet id 256, the counter at 15. The first packet has
two bytes of adaptation field to say that it is a key picture, and 182 bytes of it; the second 184;
the third 134 behind 50 bytes of stuffing. Their counters are 15, 0 and 1.
"""

from dataclasses import dataclass
from functools import cache

from playout.engine.transport import PACKET_BYTES, PAYLOAD_BYTES, SYNC_BYTE

_RANDOM_ACCESS = 0x40
_BEGINS = 0x40
_PLAIN, _ADAPTED = 0x10, 0x30
_KEY_BYTES = 2
"""Bytes of the adaptation field in which a key picture says that it is one."""
_COUNTS = 16
_STUFFING = b"\xff" * PAYLOAD_BYTES


@dataclass(slots=True)
class PackedUnit:
    """One unit that waits, in packets, and how far it was sent."""

    packets: bytes
    count: int
    """How many packets they are."""
    from_slot: int
    """First slot in which it may be sent."""
    late_slot: int
    """First slot in which its last packet is late."""
    is_key: bool
    sent: int = 0
    """Packets that were sent."""

    def recount(self, count: int) -> None:
        """Give its packets continuity counters from this one on."""
        whole = bytearray(self.packets)
        flags = whole[3::PACKET_BYTES]
        whole[3::PACKET_BYTES] = bytes(
            flag & 0xF0 | (count + number) % _COUNTS for number, flag in enumerate(flags)
        )
        self.packets = bytes(whole)


def packets_of(size: int, is_key: bool) -> int:
    """Return how many packets carry so many bytes."""
    return -(-(size + _KEY_BYTES * is_key) // PAYLOAD_BYTES)


def packed(data: bytes, pid: int, count: int, is_key: bool) -> bytes:
    """Return the packets that carry a PES; `count` is the continuity counter of the first one."""
    heads, parts, at = _heads(pid), list[bytes](), 0
    if is_key:
        at = min(len(data), PAYLOAD_BYTES - _KEY_BYTES)
        parts = [_stuffed(pid, count, data[:at], _BEGINS, _RANDOM_ACCESS)]
        count += 1
    full = (len(data) - at) // PAYLOAD_BYTES
    end = at + full * PAYLOAD_BYTES
    turn = count % _COUNTS
    middle = [b""] * (2 * full)
    middle[::2] = (heads * (full // _COUNTS + 2))[turn : turn + full]
    middle[1::2] = [data[place : place + PAYLOAD_BYTES] for place in range(at, end, PAYLOAD_BYTES)]
    if not at and full:
        middle[0] = _head(pid, count, _BEGINS, _PLAIN)
    parts += middle
    if end < len(data):
        parts.append(_stuffed(pid, count + full, data[end:], 0 if end else _BEGINS, 0))
    return b"".join(parts)


def _stuffed(pid: int, count: int, payload: bytes, start: int, flags: int) -> bytes:
    """Return a packet that the payload does not fill."""
    field = PAYLOAD_BYTES - 1 - len(payload)
    filling = bytes((flags,)) + _STUFFING[: field - 1] if field else b""
    return _head(pid, count, start, _ADAPTED) + bytes((field,)) + filling + payload


def _head(pid: int, count: int, start: int, flags: int) -> bytes:
    return bytes((SYNC_BYTE, start | pid >> 8, pid & 0xFF, flags | count % _COUNTS))


@cache
def _heads(pid: int) -> list[bytes]:
    """Return the heads of packets that carry nothing but payload and begin no unit, by their
    continuity counter.
    """
    return [_head(pid, count, 0, _PLAIN) for count in range(_COUNTS)]
