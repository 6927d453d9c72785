"""Codec, size and rate as the packets themselves carry them. Rules without clock or file.

A transport stream's tables say the same, but RTMP, HLS and RTSP have no tables, and some encoders
change what they send before their tables say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from playout.engine.links.packets import CodedPacket, StreamFormat

SEARCHED_BYTES = 4096
"""Bytes at a packet's front that are searched for parameter sets."""
START_CODES_READ = 8
"""Start codes read at a packet's front."""
SOUND_CONFIRMED_AFTER = 3
"""Packets of sound in a row that must agree on a change. Each is short, and after a loss on the way
a packet may begin with any bytes."""
SOUND_UNKNOWN_AFTER = 25
"""Packets of sound in a row of no known codec, after which the codec counts as changed."""
DECODER_FAMILY = {"mpeg1video": "mpeg2video", "mp3": "mp2"}
"""Codecs that share a decoder: a stream may go from one to the other without a break."""
H264_PROFILES = frozenset((44, 66, 77, 83, 86, 88, 100, 110, 118, 122, 128, 244))
"""Profiles of H.264 (ITU-T H.264, Annexes A, G and H)."""


class _Repeats(dict[int, tuple[object, int]]):
    """The last value each track showed, and how many times in a row."""

    def count(self, track: int, value: object) -> int:
        """Note one more sighting of a value; return how many came in a row."""
        before, count = self.get(track, (value, 0))
        self[track] = (value, count + 1 if before == value else 1)
        return self[track][1]


@dataclass
class Coding:
    """Notices a change of coding: another codec, or the same codec with another size, shape or
    rate.
    """

    form: StreamFormat
    _seen: dict[int, bytes] = field(default_factory=dict)
    _own: set[int] = field(default_factory=set)
    """Tracks that have been coded as their format says."""
    _other: _Repeats = field(default_factory=_Repeats)
    """Other codecs, by track."""
    _set: _Repeats = field(default_factory=_Repeats)
    """Other rates of a sound, by track."""

    def is_other(self, pack: CodedPacket) -> bool:
        """Take in a packet; return True when its track has changed to another codec.

        A track whose packets never matched its stated format has not changed: opening its source
        again would give the same packets.
        """
        track = self.form.tracks[pack.track]
        own = DECODER_FAMILY.get(track.codec, track.codec)
        is_picture = track.kind == "video"
        codec = picture_codec(pack.data) if is_picture else sound_codec(pack.data)
        if codec == own:
            self._own.add(pack.track)
        if codec == own or (is_picture and not codec):
            self._other.pop(pack.track, None)
            return False
        sure = 1 if is_picture else SOUND_CONFIRMED_AFTER if codec else SOUND_UNKNOWN_AFTER
        return self._other.count(pack.track, codec) >= sure and pack.track in self._own

    def changes(self, pack: CodedPacket) -> bool:
        """Take in a packet; return True when its codec now has other parameters than before."""
        track = self.form.tracks[pack.track]
        if track.kind == "video":
            return pack.key and self._differs(pack.track, parameter_set(pack.data, track.codec))
        sound = sound_parameters(pack.data, track.codec)
        if not sound or sound == self._seen.get(pack.track, sound):
            self._set.pop(pack.track, None)
            return self._differs(pack.track, sound)
        is_sure = self._set.count(pack.track, sound) >= SOUND_CONFIRMED_AFTER
        return is_sure and self._differs(pack.track, sound)

    def _differs(self, number: int, parameters: bytes) -> bool:
        before = self._seen.get(number)
        if parameters:
            self._seen[number] = parameters
        return bool(parameters) and before is not None and before != parameters


def _unit_starts(data: bytes) -> Iterator[int]:
    """Yield the offset behind each start code near a packet's front."""
    at = data.find(b"\0\0\1", 0, SEARCHED_BYTES)
    while at >= 0:
        yield at + 3
        at = data.find(b"\0\0\1", at + 3, SEARCHED_BYTES)


def picture_codec(data: bytes) -> str:
    """Return the codec whose parameter sets are at the front of a packet; empty for a packet
    without any, as most pictures are.
    """
    heads = [
        data[at : at + 2]
        for _, at in zip(range(START_CODES_READ), _unit_starts(data), strict=False)
    ]
    heads = [head for head in heads if len(head) == 2]
    if not heads:
        return ""
    if any(head[0] == 0xB3 for head in heads):  # H.264 and HEVC forbid a unit that begins so
        return "mpeg2video"
    if {b"\x40\x01", b"\x42\x01", b"\x44\x01"} <= set(heads):
        return "hevc"
    kinds = [head[0] & 0x1F for head in heads if head[0] < 0x80]
    sets = [head[1] for head in heads if head[0] & 0x9F == 7 and head[0] & 0x60]
    is_begun = kinds[:1] in ([6], [7], [9])
    is_h264 = is_begun and 8 in kinds and any(profile in H264_PROFILES for profile in sets)
    return "h264" if is_h264 else ""


def sound_codec(data: bytes) -> str:
    """Return the codec whose frame begins with these bytes; empty for an unknown one."""
    if len(data) < 6:
        return ""
    if data[:2] == b"\x0b\x77":
        return "ac3" if data[5] >> 3 <= 10 else "eac3"
    if data[0] == 0xFF and data[1] & 0xF6 == 0xF0:
        return "aac" if data[2] >> 2 & 0xF < 13 else ""
    is_mpeg = data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[1] & 0x18 != 0x08
    if is_mpeg and data[1] & 0x06 and data[2] & 0xF0 != 0xF0 and data[2] & 0x0C != 0x0C:
        return "mp2"
    return ""


def sound_parameters(data: bytes, codec: str) -> bytes:
    """Return the part of a sound frame's header that must not change within a recording: its rate,
    and for AAC also profile and channels, which an MP4 states once for the whole track.
    """
    if not sound_codec(data):
        return b""
    if codec == "aac":
        return bytes((data[2] & 0xFD, data[3] & 0xC0))
    if codec in ("mp2", "mp3"):
        return bytes((data[1] & 0x18, data[2] & 0x0C))
    return bytes((data[4] & 0xC0,)) if codec in ("ac3", "eac3") else b""


def parameter_set(data: bytes, codec: str) -> bytes:
    """Return the sequence parameter set of an Annex B packet, or the sequence header of MPEG-2:
    size, shape, rate and scanning. Empty when none is near the packet's front.
    """
    if DECODER_FAMILY.get(codec, codec) == "mpeg2video":
        return _sequence_header(data)
    kind, shift = (7, 0) if codec == "h264" else (33, 1)
    for at in _unit_starts(data) if codec in ("h264", "hevc") else ():
        head = data[at] if at < len(data) else 0
        if (head >> shift & (0x1F if codec == "h264" else 0x3F)) == kind:
            after = data.find(b"\0\0\1", at, at + SEARCHED_BYTES)
            return data[at : after if after >= 0 else at + 200].rstrip(b"\0")
    return b""


def _sequence_header(data: bytes) -> bytes:
    """Return four bytes of the header (sizes, shape, rate) and two of its extension (profile,
    fields). The remaining bytes only state bit rates.
    """
    found = b""
    for _, at in zip(range(START_CODES_READ), _unit_starts(data), strict=False):
        if data[at : at + 1] == b"\xb3":
            found = data[at + 1 : at + 5]
        elif found and data[at : at + 1] == b"\xb5" and data[at + 1] >> 4 == 1:
            return found + data[at + 1 : at + 3]
    return found
