"""Units of H.264 without start codes, and the parameters that the web wants to know."""

import re
import struct
from dataclasses import dataclass

SPS, PPS, DELIMITER = 7, 8, 9
"""Types of units: parameters of the sequence and of pictures, and the mark between two pictures."""
_START = re.compile(rb"\x00*\x00\x00\x01")


@dataclass(frozen=True)
class Parameters:
    """The parameters with which decoding begins."""

    sequence: bytes
    picture: bytes

    @property
    def name(self) -> str:
        """The coding by its name in playlists (RFC 6381), like `avc1.42c01f`."""
        return f"avc1.{self.sequence[1:4].hex()}"

    @property
    def record(self) -> bytes:
        """The AVCDecoderConfigurationRecord (ISO/IEC 14496-15), with lengths of four bytes."""
        head = bytes((1, *self.sequence[1:4], 0xFF, 0xE1))
        sequence = struct.pack(">H", len(self.sequence)) + self.sequence
        return head + sequence + b"\x01" + struct.pack(">H", len(self.picture)) + self.picture


def units(picture: bytes) -> list[bytes]:
    """Return the units of a picture in the form of Annex B, without start codes."""
    parts = _START.split(picture)
    return [part for part in parts[1:] if part]


def parameters(found: list[bytes]) -> Parameters | None:
    """Return the parameters among these units; None where there are none."""
    sequence = next((unit for unit in found if unit[0] & 0x1F == SPS and len(unit) > 3), None)
    picture = next((unit for unit in found if unit[0] & 0x1F == PPS), None)
    return Parameters(sequence, picture) if sequence is not None and picture is not None else None


def with_lengths(found: list[bytes]) -> bytes:
    """Return the units of a picture with their lengths before them, without those that a receiver
    has from the record. Captions stay.
    """
    kept = [unit for unit in found if unit[0] & 0x1F not in (SPS, PPS, DELIMITER)]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in kept)
