"""Transport streams as libVLC writes them, made by hand for tests of the relay."""

from playout.engine.transport import NULL_PACKET, PACKET_BYTES, stamp_bytes

KEY = b"\x00\x00\x00\x01\x09\xf0\x00\x00\x00\x01\x67" + b"k" * 40 + b"\x00\x00\x01\x65"
"""Beginning of a key picture: access unit delimiter, sequence parameters and a slice."""
PICTURE = b"\x00\x00\x00\x01\x09\xf0\x00\x00\x00\x01\x41" + b"p" * 40
SOUND = b"\xff\xfd" + b"s" * 100


class EncoderStream:
    """One run of an encoder: packets with continuity counters of its own."""

    def __init__(self) -> None:
        self._counts = {256: 0, 257: 0}

    def unit(self, pid: int, pts: int, data: bytes, *, bounded: bool = True) -> bytes:
        """Return a unit as packets: a PES, or several where libVLC divides it."""
        pieces = [data[at : at + 65_480] for at in range(0, len(data), 65_480)]
        return b"".join(
            self._pes(pid, piece, pts if number == 0 else None, bounded=bounded)
            for number, piece in enumerate(pieces)
        )

    def _pes(self, pid: int, data: bytes, pts: int | None, *, bounded: bool) -> bytes:
        stamps = stamp_bytes(3, pts) + stamp_bytes(1, pts) if pts is not None else b"\xff" * 10
        size = len(data) + 3 + len(stamps) if bounded else 0
        kind, flags = (0xE0, 0xC0 if pts is not None else 0) if pid == 256 else (0xC0, 0xC0)
        head = bytes((0, 0, 1, kind, size >> 8, size & 0xFF, 0x84, flags, len(stamps)))
        body = head + stamps + data
        packets, start = [], 0x40
        while body:
            packets.append(self._packet(pid, start, body[:184]))
            body, start = body[184:], 0
        return b"".join(packets)

    def _packet(self, pid: int, start: int, payload: bytes) -> bytes:
        count = self._counts[pid]
        self._counts[pid] = (count + 1) & 15
        control, room = 0x10, 184 - len(payload)
        filling = b""
        if room:
            control = 0x30
            filling = bytes((room - 1,)) + (b"\x00" + b"\xff" * (room - 2) if room > 1 else b"")
        packet = bytes((0x47, start | pid >> 8, pid & 255, control | count)) + filling + payload
        assert len(packet) == PACKET_BYTES
        return packet


def seconds_of(run: EncoderStream, seconds: float, first: int = 36_000) -> list[bytes]:
    """Return 30 pictures a second with sound, a list of one entry for each picture and its sound.
    Each second begins with a key picture.
    """
    entries = []
    for number in range(round(30 * seconds)):
        pts = first + 3000 * number
        picture = run.unit(256, pts, (PICTURE if number % 30 else KEY) + b"x" * 3000)
        entries.append(picture + run.unit(257, pts, SOUND) + NULL_PACKET)
    return entries
