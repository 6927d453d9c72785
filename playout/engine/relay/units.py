"""Access units: one coded picture or one frame of sound, with its time stamps."""

import re
from dataclasses import dataclass

_PARAMETERS_OR_IDR = re.compile(rb"\x00\x00\x01[\x05\x07\x25\x27\x45\x47\x65\x67]")
"""Start of a NAL unit of H.264 that only a key picture has: a sequence parameter set or an IDR
slice."""
_START = b"\x00\x00\x01"
_MPEG2_BEGINNINGS = (b"\x00", b"\xb3", b"\xb8")
"""First start codes of MPEG-2: picture, sequence, group. Slices of it look like anything of
H.264."""
_SEQUENCE_HEADER = b"\x00\x00\x01\xb3"
_EXTENSION = b"\x00\x00\x01\xb5"
_PICTURE_CODING = 8
"""Number of the picture coding extension (ISO/IEC 13818-2, 6.2.3.1)."""
_LOOKED_AT = 96
"""Bytes of a picture in which it says whether it is a key picture."""


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded picture or frame of sound. Its stamps are in units of 90 kHz."""

    run: int
    """Name of the encoder's run."""
    is_video: bool
    is_key: bool
    pts: int
    dts: int
    data: bytes


def upper_field_first(data: bytes) -> bytes:
    """Return a picture of interlaced MPEG-2 that says that its upper field is shown first; libav's
    encoder says the contrary of what libVLC was fed. Any other picture is returned as it is.
    """
    at = data.find(_EXTENSION, 0, _LOOKED_AT * 4)
    while at >= 0 and at + 9 < len(data):
        if data[at + 4] >> 4 == _PICTURE_CODING:
            return data[: at + 7] + bytes((data[at + 7] | 0x80,)) + data[at + 8 :]
        at = data.find(_EXTENSION, at + 4, _LOOKED_AT * 4)
    return data


def is_key_picture(data: bytes) -> bool:
    """Return whether decoding can begin with this picture of H.264 or MPEG-2."""
    head = data[:_LOOKED_AT]
    first = head[head.find(_START) + len(_START) :][:1]
    if first in _MPEG2_BEGINNINGS:
        return _SEQUENCE_HEADER in head
    return _PARAMETERS_OR_IDR.search(head) is not None
