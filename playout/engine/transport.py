"""The layout of transport packets, their time stamps and checksums (ISO/IEC 13818-1)."""

PACKET_BYTES, SYNC_BYTE = 188, 0x47
PACKET_BITS = 8 * PACKET_BYTES
STAMPS_A_SECOND = 90_000
"""Units of a PTS or DTS in a second."""
CLOCK_HZ = 27_000_000
"""Units of a PCR in a second."""
STAMP_WRAP = 1 << 33
PAYLOAD_BYTES = 184
NULL_PID = 0x1FFF
PAT_PID, SDT_PID, PSIP_PID = 0, 0x11, 0x1FFB
PMT_PID, VIDEO_PID, AUDIO_PID = 4096, 256, 257
"""Packet ids of the stream that leaves. They never change, so a receiver finds them again."""
NULL_PACKET = bytes((SYNC_BYTE, 0x1F, 0xFF, 0x10)) + b"\xff" * PAYLOAD_BYTES


def _crc_row(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


_CRC = tuple(_crc_row(byte << 24) for byte in range(256))


def checksum(data: bytes) -> int:
    """Return the CRC-32 of MPEG tables (Annex A); 0 for a section that ends in its own."""
    value = 0xFFFFFFFF
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _CRC[value >> 24 ^ byte]
    return value


def pid_of(packet: bytes) -> int:
    """Return the packet id of a transport packet."""
    return (packet[1] & 0x1F) << 8 | packet[2]


def read_stamp(five: bytes) -> int:
    """Return the PTS or DTS in five bytes of a PES header."""
    return (
        (five[0] >> 1 & 7) << 30 | five[1] << 22 | five[2] >> 1 << 15 | five[3] << 7 | five[4] >> 1
    )


def stamp_bytes(mark: int, stamp: int) -> bytes:
    """Return a PTS or DTS as five bytes; `mark` is 2 for a PTS alone, 3 for one before a DTS, 1 for
    that DTS.
    """
    high, middle, low = stamp >> 30 & 7, stamp >> 15 & 0x7FFF, stamp & 0x7FFF
    pair = bytes((middle >> 7, (middle & 0x7F) << 1 | 1, low >> 7, (low & 0x7F) << 1 | 1))
    return bytes((mark << 4 | high << 1 | 1,)) + pair


def read_clock(six: bytes) -> int:
    """Return the PCR in six bytes of an adaptation field, in units of 27 MHz."""
    base = six[0] << 25 | six[1] << 17 | six[2] << 9 | six[3] << 1 | six[4] >> 7
    return base * 300 + ((six[4] & 1) << 8 | six[5])


def clock_bytes(units: int) -> bytes:
    """Return a PCR, given in units of 27 MHz, as six bytes."""
    base, extension = divmod(units, 300)
    return ((base % STAMP_WRAP) << 15 | 0x7E00 | extension).to_bytes(6, "big")


def near(stamp: int, other: int) -> int:
    """Return the stamp as the unwrapped number nearest to `other`; stamps wrap after 26.5 hours."""
    half = STAMP_WRAP // 2
    return other + (stamp - other + half) % STAMP_WRAP - half
