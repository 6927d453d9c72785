"""The places where the tables of a transport stream change. Rules without clock or file.

A stream's tables say which pictures and sounds it carries and how each is coded (ISO/IEC 13818-1,
2.4.4). libav follows a change on the same packet ids, but mixes the last packet before the change
with the first one after it, and that first one is the key picture on which everything after it
depends. So the bytes are split exactly there, and each part is opened as a stream of its own.

Worked example, one letter for one transport packet: `A` program association table, `P` program map
table (H.264 and AAC), `Q` the same table with HEVC, `v` `s` pictures and sound. In

    A P v s v A P v s | A Q v s v …

the second `A P` repeats the first and changes nothing. The first part ends before `Q`. The second
part begins with the last `A` and that `Q`, whatever came between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from playout.engine.transport import PACKET_BYTES, SYNC_BYTE, checksum

PICTURE_TYPES = frozenset((0x01, 0x02, 0x10, 0x1B, 0x24))
SOUND_TYPES = frozenset((0x03, 0x04, 0x0F, 0x11, 0x81, 0x87))
PRIVATE_TYPE = 0x06
SOUND_TAGS = frozenset((0x6A, 0x7A, 0x7B, 0x7C, 0x81))
"""Descriptors that mark private data as sound: AC-3, E-AC-3, DTS, AAC (EN 300 468, 6.1; A/52)."""
REGISTRATION_TAG = 0x05
REGISTERED = {
    b"HEVC": "picture", b"AC-3": "sound", b"EAC3": "sound", b"BSSD": "sound", b"Opus": "sound",
}  # fmt: skip
LONGEST_SECTION = 1024
"""Bytes of the longest section of a program table."""

TableTrack = tuple[int, int, bytes]
"""Packet id, stream type, and the descriptor that says what the private data is."""
AiredTracks = tuple[TableTrack | None, TableTrack | None]
"""The first picture and the main sound of a program, as `media.tracks.streams_of` chooses them."""
LANGUAGE_TAG, FOR_FEW_KINDS = 0x0A, frozenset((1, 2, 3))
"""The language descriptor, and the values of its last byte for a sound that is not the main one:
clean effects, hearing impaired, audio description."""
EXTENDED_TAG, SUPPLEMENTARY_AUDIO = 0x7F, 0x06
"""DVB's descriptor of a supplementary sound (EN 300 468, 6.4.10), read as libav reads it: the first
bit says that the sound is complete without the main one, bits two to six what it is for."""


@dataclass
class TableWatch:
    """Splits a transport stream where a track that airs gets another packet id or coding.

    The tracks that air are the first picture and the main sound of the program whose picture has
    the lowest packet id. Changes of subtitles, data, other sounds and other programs do not split:
    each new part waits for a key picture, so a needless split would cost pictures.
    """

    _rest: bytes = b""
    _pat: bytes = b""
    """The newest packet of the program association table."""
    _maps: dict[int, int] = field(default_factory=dict)
    """The packet id of each program's map."""
    _open: dict[int, list[bytes]] = field(default_factory=dict)
    """Packets of an unfinished section, by packet id."""
    _known: dict[int, bytes] = field(default_factory=dict)
    """The newest section on each packet id."""
    _carried: dict[int, AiredTracks] = field(default_factory=dict)

    def take(self, data: bytes) -> tuple[bytes, bytes | None]:
        """Return the bytes that belong to the current part, and the bytes the next part begins
        with; None while the current part continues. An incomplete packet is kept for the next call.
        """
        data = self._rest + data
        at = _aligned(data)
        while len(data) - at >= PACKET_BYTES and data[at] == SYNC_BYTE:
            packet = data[at : at + PACKET_BYTES]
            at += PACKET_BYTES
            again = self._packet(packet) if _pid(packet) in self._watched else None
            if again is not None:
                self._rest = b""
                return data[: at - PACKET_BYTES], again + data[at:]
        is_lost = len(data) - at >= PACKET_BYTES
        self._rest = b"" if is_lost else data[at:]
        return (data if is_lost else data[:at]), None

    @property
    def _watched(self) -> set[int]:
        return {0, *self._maps.values()}

    def _packet(self, packet: bytes) -> bytes | None:
        """Read a packet of a table; return the bytes the next part begins with, where the table
        changes.
        """
        pid = _pid(packet)
        if pid == 0:
            self._pat = packet
        if packet[1] & 0x40:
            self._open[pid] = [packet]
        elif pid in self._open:
            self._open[pid].append(packet)
        parts = self._open.get(pid, [])
        section = _section(parts)
        if section is None:
            return None
        del self._open[pid]
        if section == self._known.get(pid) or not is_whole(section):
            return None
        self._known[pid] = section
        return self._changed(pid, section, b"".join(parts))

    def _changed(self, pid: int, section: bytes, packets: bytes) -> bytes | None:
        if pid == 0:
            return packets if self._programs(section) else None
        if section[0] != 2:
            return None
        program, carried = int.from_bytes(section[3:5], "big"), aired_tracks(section)
        before, aired = self._carried.get(program), self._airing()
        self._carried[program] = carried
        airs = program in (aired, self._airing())
        return self._pat + packets if airs and before not in (None, carried) else None

    def _airing(self) -> int | None:
        """Return the program that airs, as far as its maps have come."""
        return min(self._carried, key=lambda program: _order(self._carried[program]), default=None)

    def _programs(self, section: bytes) -> bool:
        """Read the list of programs; return True when a known program is gone or has moved."""
        listed = section[8:-4]
        pairs = [listed[at : at + 4] for at in range(0, len(listed) - 3, 4)]
        numbers = {int.from_bytes(pair[:2], "big"): pair[2:] for pair in pairs}
        maps = {
            number: int.from_bytes(place, "big") & 0x1FFF
            for number, place in numbers.items()
            if number
        }
        lost = [number for number in self._carried if maps.get(number) != self._maps.get(number)]
        for program in lost:
            self._known.pop(self._maps.get(program, -1), None)
            del self._carried[program]
        self._maps = maps
        return bool(lost)


def _pid(packet: bytes) -> int:
    return (packet[1] & 0x1F) << 8 | packet[2]


def _aligned(data: bytes) -> int:
    """Return the offset of the first whole packet. Datagrams begin with one; a connection may begin
    anywhere.
    """
    if data[:1] == bytes([SYNC_BYTE]):
        return 0
    for at in range(min(PACKET_BYTES, len(data))):
        if data[at] == SYNC_BYTE and data[at + PACKET_BYTES : at + PACKET_BYTES + 1] == bytes(
            [SYNC_BYTE]
        ):
            return at
    return 0


def _section(packets: list[bytes]) -> bytes | None:
    """Return the section that begins in the first of these packets; None while part of it is
    missing.
    """
    whole = b""
    for place, packet in enumerate(packets):
        payload = _payload(packet)
        if place == 0 and payload:
            payload = payload[1 + payload[0] :]
        whole += payload
    if len(whole) < 3:
        return None
    length = 3 + (int.from_bytes(whole[1:3], "big") & 0xFFF)
    return whole[:length] if 12 <= length <= LONGEST_SECTION and len(whole) >= length else None


def _payload(packet: bytes) -> bytes:
    has_field, has_payload = packet[3] & 0x20, packet[3] & 0x10
    if not has_payload:
        return b""
    return packet[5 + packet[4] :] if has_field else packet[4:]


def is_whole(section: bytes) -> bool:
    """Return whether a section is in force, is all of its table, and has the right checksum. A
    section that lost a packet on its way tells nothing.
    """
    return bool(section[5] & 1) and not section[7] and checksum(section) == 0


def _order(carried: AiredTracks) -> tuple[bool, int]:
    """Return the sort key of a program: the one with the smallest key airs."""
    picture, sound = carried
    first = picture or sound
    return picture is None, first[0] if first is not None else 0


def aired_tracks(section: bytes) -> AiredTracks:
    """Return the first picture and the main sound of a program's map: the first sound for
    everybody.
    """
    found: dict[tuple[str, bool], TableTrack] = {}
    for pid, kind, descriptors in _streams(section):
        what, mark = _what(kind, descriptors)
        if what:
            found.setdefault(
                (what, what == "sound" and _is_for_few(descriptors)), (pid, kind, mark)
            )
    return found.get(("picture", False)), found.get(("sound", False)) or found.get(("sound", True))


def _is_for_few(descriptors: bytes) -> bool:
    """Return whether a sound's descriptors mark it as an addition to the main sound."""
    for tag, body in _descriptors(descriptors):
        if tag == LANGUAGE_TAG and len(body) >= 4 and body[-1] in FOR_FEW_KINDS:
            return True
        is_told = tag == EXTENDED_TAG and len(body) >= 2 and body[0] == SUPPLEMENTARY_AUDIO
        if is_told and (not body[1] & 0x80 or body[1] >> 2 & 0x1F in FOR_FEW_KINDS):
            return True
    return False


def _descriptors(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(raw):
        yield raw[at], raw[at + 2 : at + 2 + raw[at + 1]]
        at += 2 + raw[at + 1]


def _streams(section: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield packet id, type and descriptors of each stream in a program's map."""
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
    while at + 5 <= len(section) - 4:
        pid = int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF
        size = int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF
        yield pid, section[at], section[at + 5 : at + 5 + size]
        at += 5 + size


def _what(kind: int, descriptors: bytes) -> tuple[str, bytes]:
    """Return `picture`, `sound` or nothing, and the descriptor that decided it."""
    if kind in PICTURE_TYPES or kind in SOUND_TYPES:
        return ("picture" if kind in PICTURE_TYPES else "sound"), b""
    for tag, body in _descriptors(descriptors) if kind == PRIVATE_TYPE else ():
        if tag in SOUND_TAGS:
            return "sound", bytes([tag])
        if tag == REGISTRATION_TAG and body[:4] in REGISTERED:
            return REGISTERED[body[:4]], body[:4]
    return "", b""
