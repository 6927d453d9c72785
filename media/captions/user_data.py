"""Caption bytes inside coded pictures (pure): ATSC A/53 in H.264, HEVC and MPEG-2, and DVD user
data.

An H.264 access unit carries them in an SEI message of registered user data (ITU-T T.35), a picture
of MPEG-2 in user data after its header. In both, `GA94` and 3 are followed by `cc_data`: a count,
a filler byte, and triplets, of which only valid ones are returned.
"""

from collections.abc import Iterator

from media.captions.track import FIELD_1, FIELD_2, TRIPLET_BYTES

_T35_ATSC = b"\xb5\x00\x31GA94\x03"
"""United States, ATSC, caption user data."""
_USER_DATA = b"\x00\x00\x01\xb2"
_A53 = b"GA94\x03"
_DVD = b"CC\x01\xf8"
_START = b"\x00\x00\x01"
_REGISTERED = 4
"""SEI payload type of registered user data."""
_MOST_SEI_BYTES = 1 << 16


def cc_data(payload: bytes) -> bytes:
    """Return the valid triplets of `cc_data`, without null pairs: they say nothing."""
    count = payload[0] & 0x1F if payload and payload[0] & 0x40 else 0
    return said(payload[2 : 2 + count * TRIPLET_BYTES])


def said(triplets: bytes) -> bytes:
    """Return those triplets that are valid and say something."""
    whole = len(triplets) - len(triplets) % TRIPLET_BYTES
    pieces = (triplets[at : at + TRIPLET_BYTES] for at in range(0, whole, TRIPLET_BYTES))
    return b"".join(_marked(piece) for piece in pieces if _says(piece))


def _says(piece: bytes) -> bool:
    is_pair = not piece[0] & 2
    return bool(piece[0] & 4) and not (is_pair and not (piece[1] | piece[2]) & 0x7F)


def _marked(piece: bytes) -> bytes:
    """Set the five marker bits, which some encoders leave out."""
    return bytes((piece[0] | 0xF8, piece[1], piece[2]))


def in_h264(unit: bytes, length_bytes: int) -> bytes:
    """Return the triplets of an H.264 access unit.

    Its parts have a length of `length_bytes` before them, or start codes where that is 0.
    """
    return b"".join(_in_sei(nal[1:]) for nal in nal_units(unit, length_bytes) if nal[0] & 31 == 6)


def in_hevc(unit: bytes, length_bytes: int) -> bytes:
    """Return the triplets of an HEVC access unit; see in_h264."""
    parts = nal_units(unit, length_bytes)
    return b"".join(_in_sei(nal[2:]) for nal in parts if nal[0] >> 1 & 63 == 39)


def in_mpeg2(picture: bytes) -> bytes:
    """Return the triplets of an MPEG-2 picture; those of DVD user data are of its whole group."""
    found, at = b"", 0
    while (at := picture.find(_USER_DATA, at)) >= 0:
        at += len(_USER_DATA)
        if picture.startswith(_A53, at):
            found += cc_data(picture[at + len(_A53) : at + 128])
        elif picture.startswith(_DVD, at):
            found += said(_dvd(picture, at + len(_DVD)))
    return found


def _dvd(picture: bytes, at: int) -> bytes:
    """Return the pairs of both fields of a group of pictures. The count in it is often wrong."""
    found, at = bytearray(), at + 1
    while at + TRIPLET_BYTES <= len(picture) and picture[at] & 0xFE == 0xFE:
        field = FIELD_1 if picture[at] & 1 else FIELD_2
        found += bytes((field, picture[at + 1], picture[at + 2]))
        at += TRIPLET_BYTES
    return bytes(found)


def nal_units(unit: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the NAL units of an access unit; of long ones, which are pictures, only the beginning.

    What is cut off or says an impossible length ends it.
    """
    if not length_bytes:
        yield from _started(unit)
        return
    at = 0
    while at + length_bytes < len(unit):
        size = int.from_bytes(unit[at : at + length_bytes], "big")
        at += length_bytes
        if size:
            yield unit[at : at + min(size, _MOST_SEI_BYTES)]
        at += size


def _started(unit: bytes) -> Iterator[bytes]:
    at = unit.find(_START)
    while at >= 0:
        begin = at + len(_START)
        at = unit.find(_START, begin)
        end = min(at if at >= 0 else len(unit), begin + _MOST_SEI_BYTES)
        if end > begin:
            yield unit[begin:end]


def _in_sei(body: bytes) -> bytes:
    """Return the triplets of the SEI messages in one NAL unit, given without its header."""
    body, at, found = body.replace(b"\x00\x00\x03", b"\x00\x00"), 0, b""
    while at + 2 < len(body):
        kind, at = _number(body, at)
        size, at = _number(body, at)
        payload = body[at : at + size]
        if kind == _REGISTERED and payload.startswith(_T35_ATSC):
            found += cc_data(payload[len(_T35_ATSC) :])
        at += size
    return found


def _number(body: bytes, at: int) -> tuple[int, int]:
    """Read a number of an SEI message: bytes of 255 add up until another one."""
    number = 0
    while at < len(body) and body[at] == 255:
        number, at = number + 255, at + 1
    return number + (body[at] if at < len(body) else 0), at + 1
