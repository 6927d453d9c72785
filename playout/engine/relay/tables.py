"""The tables of the stream that leaves: programs, tracks and the name of the service.

A table's version follows from its content: a relay that starts again sends the same one, and other
settings send another, upon which receivers read the table again.
Sources: ISO/IEC 13818-1 2.4.4 (PAT, PMT), EN 300 468 (SDT), A/65 6.9.2 (captions), A/52 Annex A
(AC-3).
"""

import struct
from dataclasses import dataclass

from playout.engine.transport import (
    AUDIO_PID,
    PAT_PID,
    PAYLOAD_BYTES,
    PMT_PID,
    SDT_PID,
    VIDEO_PID,
    checksum,
)

STREAM_ID, PROGRAM = 1, 1
"""The transport stream's id and the program's number."""
PAT_EVERY, SDT_EVERY = 0.09, 0.5
"""Seconds between two PATs with their PMT (DVB asks for 0.1, A/53 for 0.1 and 0.4), and two
SDTs (2)."""
VIDEO_TYPES = {"h264": 0x1B, "mpeg2": 0x02}
AUDIO_TYPES = {"mp2": 0x03, "ac3": 0x81}
LONGEST_NAME_BYTES = 60
_AC3_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
"""Bit rates of AC-3 by their code (A/52, table A4.3)."""
_UTF8 = b"\x15"
"""First byte of a DVB name in UTF-8 (EN 300 468, Annex A)."""


@dataclass(frozen=True)
class StreamService:
    """The service that a stream carries, as its tables name it."""

    name: str
    provider: str = ""
    video: str = "h264"
    audio: str = "mp2"
    audio_kbps: int = 192
    language: str = "eng"
    """Code of three letters (ISO 639-2) of the sound and the captions."""
    has_captions: bool = True
    """Whether the map announces the captions of line 21, field 1 (CEA-608)."""
    has_dtvcc: bool = False
    """Whether it announces service 1 of CEA-708 too. Receivers look there first, so the relay says
    it only while that service leaves (`playout/engine/captions/services.PrimaryService`)."""
    psip: bool = False
    """Whether the tables of ATSC come too."""
    major: int = 1
    """First part of the channel's number in those tables."""
    minor: int = 1


@dataclass(frozen=True)
class CyclicTable:
    """A section that is sent again and again."""

    pid: int
    section: bytes
    every: float
    """Seconds between two of it."""


def section(
    table: int, extension: int, body: bytes, *, version: int | None = None, is_private: bool = False
) -> bytes:
    """Return a whole section of a table, header and checksum included. Without a version it gets
    one of 32 by its content.
    """
    size = 5 + len(body) + 4
    version = checksum(body) & 0x1F if version is None else version
    head = struct.pack(
        ">BHHBBB", table, 0xB000 | is_private << 14 | size, extension, 0xC1 | version << 1, 0, 0
    )
    return head + body + struct.pack(">I", checksum(head + body))


def payloads(whole: bytes) -> list[bytes]:
    """Return a section as the payloads of one or more packets, filled up with 0xFF."""
    data = b"\x00" + whole
    pieces = [data[at : at + PAYLOAD_BYTES] for at in range(0, len(data), PAYLOAD_BYTES)]
    return [piece.ljust(PAYLOAD_BYTES, b"\xff") for piece in pieces]


def descriptor(tag: int, body: bytes) -> bytes:
    """Return a descriptor."""
    return bytes((tag, len(body))) + body


def caption_descriptor(language: str, has_dtvcc: bool) -> bytes:
    """Return the caption service descriptor: CEA-608 in field 1, and service 1 of CEA-708 where
    there is one.
    """
    code = language.encode("ascii")
    services = [code + bytes((0x7E, 0x3F, 0xFF))]
    if has_dtvcc:
        services.append(code + bytes((0xC1, 0x3F, 0xFF)))
    return descriptor(0x86, bytes((0xC0 | len(services),)) + b"".join(services))


def ac3_descriptors(kbps: int, language: str) -> bytes:
    """Return the registration and the AC-3 audio stream descriptor of stereo sound at 48 kHz."""
    code = next((at for at, rate in enumerate(_AC3_KBPS) if rate >= kbps), len(_AC3_KBPS) - 1)
    body = bytes((
        0 << 5 | 8,            # 48 kHz, bsid 8
        code << 2 | 0,         # exact bit rate, no Dolby surround flag
        0 << 5 | 2 << 1 | 1,   # complete main, two channels, full service
        0xFF,                  # langcod, no longer used
        0 << 5 | 1 << 3 | 7,   # main id 0, primary
        0,                     # no text
        0b10111111,            # a language code follows
    ))  # fmt: skip
    return descriptor(0x05, b"AC-3") + descriptor(0x81, body + language.encode("ascii"))


def program_list() -> bytes:
    """Return the PAT: one program."""
    return section(0, STREAM_ID, struct.pack(">HH", PROGRAM, 0xE000 | PMT_PID))


def program_map(service: StreamService) -> bytes:
    """Return the PMT: one picture, which carries the clock, and one sound."""
    captions = b""
    if service.has_captions:
        captions = caption_descriptor(service.language, service.has_dtvcc)
    sound = descriptor(0x0A, service.language.encode("ascii") + b"\x00")
    if service.audio == "ac3":
        sound += ac3_descriptors(service.audio_kbps, service.language)
    body = struct.pack(">HH", 0xE000 | VIDEO_PID, 0xF000)
    for kind, pid, descriptors in (
        (VIDEO_TYPES[service.video], VIDEO_PID, captions),
        (AUDIO_TYPES[service.audio], AUDIO_PID, sound),
    ):
        body += struct.pack(">BHH", kind, 0xE000 | pid, 0xF000 | len(descriptors)) + descriptors
    return map_section(body, service.has_dtvcc)


def map_section(body: bytes, has_dtvcc: bool) -> bytes:
    """Return the section of a PMT. Its version has one bit of its own for what may change while the
    stream runs: two maps that differ in it never have the same.
    """
    return section(2, PROGRAM, body, version=checksum(body) & 0x1E | has_dtvcc)


def service_list(service: StreamService) -> bytes:
    """Return the SDT: the service's name and its provider's."""
    kind = 0x19 if service.video == "h264" else 0x01
    provider, name = dvb_text(service.provider), dvb_text(service.name)
    named = descriptor(0x48, bytes((kind, len(provider))) + provider + bytes((len(name),)) + name)
    body = struct.pack(">HB", STREAM_ID, 0xFF) + struct.pack(
        ">HBH", PROGRAM, 0xFC, 4 << 13 | len(named)
    )
    return section(0x42, STREAM_ID, body + named, is_private=True)


def dvb_text(text: str) -> bytes:
    """Return a name as DVB writes it: plain letters as they are, anything else as UTF-8."""
    if text.isascii():
        return text.encode("ascii")[:LONGEST_NAME_BYTES]
    cut = text.encode("utf-8")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    return _UTF8 + cut.encode("utf-8")


def tables(service: StreamService) -> list[CyclicTable]:
    """Return the tables that every stream has."""
    return [
        CyclicTable(PAT_PID, program_list(), PAT_EVERY),
        CyclicTable(PMT_PID, program_map(service), PAT_EVERY),
        CyclicTable(SDT_PID, service_list(service), SDT_EVERY),
    ]
