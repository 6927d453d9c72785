"""The tables of ATSC (A/65), for headends that take a channel's number and name from them.

Sent are the table of tables (MGT), the channel (TVCT) and the time (STT). A guide (EIT) is not: a
headend takes its guide from a listings service.
"""

import struct
from datetime import UTC, datetime

from playout.engine.relay.tables import (
    AUDIO_TYPES,
    PROGRAM,
    STREAM_ID,
    VIDEO_TYPES,
    CyclicTable,
    StreamService,
    descriptor,
    section,
)
from playout.engine.transport import AUDIO_PID, PSIP_PID, VIDEO_PID

MGT_EVERY, TVCT_EVERY, STT_EVERY = 0.12, 0.35, 0.9
"""Seconds between two of each. A/65, 7.2.1, allows 0.15, 0.4 and 1."""
SHORT_NAME_LETTERS = 7
GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
LEAP_SECONDS = 18
"""Seconds by which GPS time, that of the STT, is ahead of UTC; so since 2017."""
_DAYLIGHT_SAVING = 0xE000
_NO_DAYLIGHT_SAVING = 0x6000
_8VSB = 0x04
_DIGITAL_TELEVISION = 0x02
_SOURCE = 1


def channel_table(service: StreamService) -> bytes:
    """Return the TVCT: the number, the short name and the tracks of the one channel."""
    letters = "".join(letter for letter in service.name if ord(letter) < 0x10000)
    short = letters[:SHORT_NAME_LETTERS].ljust(SHORT_NAME_LETTERS, "\0").encode("utf-16-be")
    number = 0xF << 28 | service.major << 18 | service.minor << 8 | _8VSB
    flags = 0b00_00_11_0_111 << 6 | _DIGITAL_TELEVISION
    location = _location(service)
    channel = short + struct.pack(
        ">IIHHHHH", number, 0, STREAM_ID, PROGRAM, flags, _SOURCE, 0xFC00 | len(location)
    )
    body = bytes((0, 1)) + channel + location + struct.pack(">H", 0xFC00)
    return section(0xC8, STREAM_ID, body, is_private=True)


def _location(service: StreamService) -> bytes:
    """Return the service location descriptor: where picture and sound are."""
    language = service.language.encode("ascii")
    tracks = (
        (VIDEO_TYPES[service.video], VIDEO_PID, bytes(3)),
        (AUDIO_TYPES[service.audio], AUDIO_PID, language),
    )
    body = struct.pack(">HB", 0xE000 | VIDEO_PID, len(tracks))
    for kind, pid, code in tracks:
        body += struct.pack(">BH", kind, 0xE000 | pid) + code
    return descriptor(0xA1, body)


def table_of_tables(channels: bytes) -> bytes:
    """Return the MGT, which names version and size of the table of channels."""
    version = channels[5] >> 1 & 0x1F
    entry = struct.pack(">HHBIH", 0, 0xE000 | PSIP_PID, 0xE0 | version, len(channels), 0xF000)
    body = bytes((0,)) + struct.pack(">H", 1) + entry + struct.pack(">H", 0xF000)
    return section(0xC7, 0, body, is_private=True)


def time_table(now: datetime, is_summer: bool) -> bytes:
    """Return the STT of an aware instant. `is_summer` is True while daylight saving time holds
    here.
    """
    seconds = int((now - GPS_EPOCH).total_seconds()) + LEAP_SECONDS
    saving = _DAYLIGHT_SAVING if is_summer else _NO_DAYLIGHT_SAVING
    body = struct.pack(">BIBH", 0, seconds & 0xFFFFFFFF, LEAP_SECONDS, saving)
    return section(0xCD, 0, body, version=0, is_private=True)


def psip_tables(service: StreamService, now: datetime, is_summer: bool) -> list[CyclicTable]:
    """Return the tables of ATSC at this instant."""
    channels = channel_table(service)
    return [
        CyclicTable(PSIP_PID, table_of_tables(channels), MGT_EVERY),
        CyclicTable(PSIP_PID, channels, TVCT_EVERY),
        CyclicTable(PSIP_PID, time_table(now, is_summer), STT_EVERY),
    ]
