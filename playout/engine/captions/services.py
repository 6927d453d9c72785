"""Services of 708: which of them have windows on the screen, the packet that removes them, and
whether the first one may be announced.
"""

from media.captions.track import DTVCC_DATA, DTVCC_START, FIELD_1, triplets_of
from playout.engine.captions.pairs import begins_packet
from playout.engine.captions.words import WordEar

PRIMARY_SERVICE = 1
DELETE_WINDOWS, RESET = 0x8C, 0x8F
ALL_WINDOWS = 0xFF
_EXTENDED = 7
"""Service number of a block that names its service in the next byte."""
_MOST_SERVICES = 30
"""Services whose blocks of five bytes and a packet's header fit into 127 bytes, with room."""
_MOST_PACKET_BYTES = 128


class DtvccServices:
    """The services named in the packets that went by."""

    def __init__(self) -> None:
        self._packet = b""
        self._sequence = 0
        self.seen: set[int] = set()
        """Services of the packets heard since the last clearing."""

    def hear(self, captions: bytes) -> None:
        """Note the services of the packets in these triplets."""
        for triplet in triplets_of(captions):
            if begins_packet(triplet):
                self._packet = triplet[1:]
            elif triplet[0] == DTVCC_DATA and self._packet:
                self._packet += triplet[1:]
            if self._packet and len(self._packet) >= _size(self._packet[0]):
                self._sequence = self._packet[0] >> 6
                self.seen |= _services(self._packet[1 : _size(self._packet[0])])
                self._packet = b""

    def clear(self) -> bytes:
        """Return the triplets that remove the windows of all these services, and forget them."""
        services = sorted(self.seen)[:_MOST_SERVICES]
        self.seen.clear()
        self._packet = b""
        if not services:
            return b""
        self._sequence = (self._sequence + 1) % 4
        return _packet(self._sequence, b"".join(_clearing_block(one) for one in services))


class PrimaryService:
    """The judgement whether a stream has service 1 of 708, by what leaves in its pictures.

    Receivers look there first, and show nothing where it is announced and does not come. So it may
    be announced from its first packet on, and no longer once line 21 says words without it.
    """

    def __init__(self, patience: int) -> None:
        """Take how long line 21 may say words alone, in the unit of what `hear` is told."""
        self._services, self._patience = DtvccServices(), patience
        self._ear, self._last = WordEar(), 0
        self.is_there = False

    def hear(self, now: int, captions: bytes) -> None:
        """Note the captions that leave now; `now` never falls."""
        self._services.hear(captions)
        if PRIMARY_SERVICE in self._services.seen:
            self._services.seen.clear()
            self._last, self.is_there = now, True
        elif self.is_there and now - self._last > self._patience:
            self.is_there = not any(
                one[0] == FIELD_1 and self._ear.hears(one) for one in triplets_of(captions)
            )


def _clearing_block(service: int) -> bytes:
    commands = bytes((DELETE_WINDOWS, ALL_WINDOWS, RESET))
    if service >= _EXTENDED:
        return bytes((_EXTENDED << 5 | len(commands), service)) + commands
    return bytes((service << 5 | len(commands),)) + commands


def _packet(sequence: int, blocks: bytes) -> bytes:
    """Return a packet as triplets: two bytes in each."""
    whole = bytes((sequence << 6 | (len(blocks) + 2) // 2,)) + blocks
    whole = whole[: _MOST_PACKET_BYTES - 1]
    whole += bytes(len(whole) % 2)
    pieces = [whole[start : start + 2] for start in range(0, len(whole), 2)]
    return b"".join(
        bytes((DTVCC_DATA if number else DTVCC_START,)) + piece
        for number, piece in enumerate(pieces)
    )


def _size(header: int) -> int:
    """Return the bytes of a packet, its header included."""
    return (header & 0x3F) * 2 or _MOST_PACKET_BYTES


def _services(blocks: bytes) -> set[int]:
    """Return the services that have a block with something in it."""
    seen, at = set[int](), 0
    while at < len(blocks):
        service, size = blocks[at] >> 5, blocks[at] & 0x1F
        at += 1
        if service == 0:
            break
        if service == _EXTENDED and size:
            if at >= len(blocks):
                break
            service, at = blocks[at] & 0x3F, at + 1
        if size:
            seen.add(service)
        at += size
    return seen
