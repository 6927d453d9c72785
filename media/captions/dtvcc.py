"""Captions of 708 (DTVCC) turned into captions in words (pure): service 1, for reading.

A packet is a header and up to 127 bytes, carried in triplets: one that starts it, and its data. It
holds blocks of services. Service 1 draws text into up to eight windows, shown or hidden. A caption
is what the windows show from one change to the next. In a window that rolls, each row is a caption:
from its first character to the carriage return. Colours, fonts and print directions are dropped.
"""

from collections.abc import Iterable, Iterator

from media.captions.cue import CaptionCue
from media.captions.track import DTVCC_DATA, DTVCC_START, triplets_of
from media.captions.windows import ServiceScreen

PRIMARY_SERVICE = 1
_EXTENDED = 7
"""Service number of a block that names its service in the next byte."""
_LARGEST_PACKET = 128
_WINDOW_COMMANDS = {
    0x88: ("clear", 1), 0x89: ("show", 1), 0x8A: ("hide", 1), 0x8B: ("toggle", 1),
    0x8C: ("delete", 1),
}  # fmt: skip
_PARAMETERS = {0x8D: 1, 0x90: 2, 0x91: 3, 0x92: 2, 0x97: 4}
"""Bytes that follow a command of the upper set and name no windows."""
_RESET, _PEN_LOCATION = 0x8F, 0x92
_SPECIALS = {
    0x20: " ", 0x21: " ", 0x25: "…", 0x2A: "Š", 0x2C: "Œ", 0x30: "█", 0x31: "‘", 0x32: "’",
    0x33: "“", 0x34: "”", 0x35: "•", 0x39: "™", 0x3A: "š", 0x3C: "œ", 0x3D: "℠", 0x3F: "Ÿ",
    0x76: "⅛", 0x77: "⅜", 0x78: "⅝", 0x79: "⅞", 0xA0: "[CC]",
}  # fmt: skip
"""Characters behind the extension code: the sets G2 and G3."""
_MUSIC = 0x7F
_UNKNOWN = "_"


def decode_708(pieces: Iterable[tuple[int, bytes]], until: int = 0) -> tuple[CaptionCue, ...]:
    """Return the captions of the primary service from triplets by time, in the order of time."""
    screen, last = ServiceScreen(), 0
    for last, packet in _packets(pieces):
        for service, block in _blocks(packet[1:]):
            if service == PRIMARY_SERVICE:
                _obey(screen, last, block)
    screen.finish(max(last, until))
    return tuple(screen.cues)


def _packets(pieces: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield whole packets, each with the time at which it was whole."""
    packet = b""
    for time, triplets in pieces:
        for kind, *data in triplets_of(triplets):
            if kind == DTVCC_START:
                packet = bytes(data)
            elif kind == DTVCC_DATA and packet:
                packet += bytes(data)
            else:
                continue
            size = (packet[0] & 0x3F) * 2 or _LARGEST_PACKET
            if len(packet) >= size:
                yield time, packet[:size]
                packet = b""


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the services of a packet and their bytes; a null block ends it."""
    at = 0
    while at < len(data) and data[at] >> 5:
        service, size = data[at] >> 5, data[at] & 0x1F
        at += 1
        if service == _EXTENDED and size and at < len(data):
            service, at = data[at] & 0x3F, at + 1
        yield service, data[at : at + size]
        at += size


def _obey(screen: ServiceScreen, now: int, block: bytes) -> None:
    """Do what a block says. A command that is cut off ends it."""
    at = 0
    while at < len(block):
        code = block[at]
        size = _size(block, at)
        if at + size > len(block):
            return
        rest = block[at + 1 : at + size]
        if code < 0x20:
            _control(screen, now, code, rest)
        elif 0x80 <= code < 0xA0:
            _command(screen, now, code, rest)
        else:
            screen.write(now, "♪" if code == _MUSIC else chr(code))
        at += size


def _size(block: bytes, at: int) -> int:
    """Return the bytes of the code at a place, with what follows it."""
    code = block[at]
    if code == 0x10:
        return 1 + _extended_size(block[at + 1] if at + 1 < len(block) else 0)
    if code < 0x20:
        return 1 if code < 0x10 else 2 if code < 0x18 else 3
    if 0x98 <= code < 0xA0:
        return 7
    if code in _WINDOW_COMMANDS:
        return 2
    return 1 + _PARAMETERS.get(code, 0)


def _extended_size(code: int) -> int:
    """Return the bytes of a code behind the extension code, itself included."""
    if code < 0x20:
        return 1 + code // 8
    if 0x80 <= code < 0x90:
        return 5 if code < 0x88 else 6
    return 1


def _control(screen: ServiceScreen, now: int, code: int, rest: bytes) -> None:
    if code == 0x08:
        screen.backspace()
    elif code == 0x0C:
        screen.clear_current(now)
    elif code == 0x0D:
        screen.new_line(now)
    elif code == 0x0E:
        screen.erase_row()
    elif code == 0x10 and rest[0] >= 0x20 and not 0x80 <= rest[0] < 0xA0:
        screen.write(now, _SPECIALS.get(rest[0], _UNKNOWN))
    elif code == 0x18:
        letter = chr(rest[0] << 8 | rest[1])
        screen.write(now, letter if letter.isprintable() else _UNKNOWN)


def _command(screen: ServiceScreen, now: int, code: int, rest: bytes) -> None:
    if code < 0x88:
        screen.choose(code - 0x80)
    elif code in _WINDOW_COMMANDS:
        screen.change(now, _WINDOW_COMMANDS[code][0], rest[0])
    elif code == _RESET:
        screen.change(now, "delete", 0xFF)
    elif code == _PEN_LOCATION:
        screen.move_pen(rest[0] & 0x0F, rest[1] & 0x3F)
    elif code >= 0x98:
        screen.define(now, code - 0x98, rest)
