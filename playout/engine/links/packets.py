"""Coded packets from gateway to live deck, in messages that arrive whole or not at all."""

import json
import os
import socket
import struct
from collections import deque
from dataclasses import asdict, dataclass
from enum import IntEnum
from fractions import Fraction

DATAGRAM_BYTES = 60_000
"""Bytes of one datagram; a larger packet travels in several."""
SOCKET_BUFFER_BYTES = 1 << 20
HEADERS_REPEATED_EVERY_NS = 500_000_000
"""Nanoseconds until source and format are sent again before a key frame, for a new reader."""
_HEAD = struct.Struct("<BBI")
_PACKET_HEAD = struct.Struct("<B?qqqq")
_NO_PTS = -(2**63)
_LAST = 1


@dataclass(frozen=True)
class CodedTrack:
    """One coded picture or sound track of a source. Each packet can be decoded by its own headers
    (Annex B, ADTS).
    """

    kind: str
    """`video` or `audio`."""
    codec: str
    time_base: Fraction
    width: int = 0
    height: int = 0
    rate: Fraction | None = None
    """Pictures a second, where the source states it."""
    sample_rate: int = 0

    def seconds(self, units: int) -> float:
        """Return units of its time base as seconds."""
        return float(units * self.time_base)


@dataclass(frozen=True)
class StreamFormat:
    """The tracks of the packets after it. A new format comes with every break: a source reopened,
    its clock reset, its coding changed, or packets lost for a second.
    """

    tracks: tuple[CodedTrack, ...]
    bursty: bool = False
    """Whether it comes in segments of several seconds at once (HLS)."""
    epoch: int = 0
    """Number of the unbroken stretch; a format with the same number is repeated for a new
    reader."""

    @property
    def has_picture(self) -> bool:
        """Tell whether it has a picture track."""
        return any(track.kind == "video" for track in self.tracks)

    @property
    def has_sound(self) -> bool:
        """Tell whether it has a sound track."""
        return any(track.kind == "audio" for track in self.tracks)


@dataclass(frozen=True)
class CodedPacket:
    """One coded packet, as received."""

    track: int
    key: bool
    pts: int | None
    """In units of its track's time base, like `dts` and `duration`."""
    dts: int
    duration: int
    arrival: int
    """Monotonic nanoseconds of its arrival."""
    data: bytes


class MessageKind(IntEnum):
    """The kind of a message, its first byte."""

    SOURCE = 1
    FORMAT = 2
    PACKET = 3


@dataclass(frozen=True)
class SourceHeader:
    """The source of the packets that follow, and how to conform its sound. It never holds the
    address.
    """

    source: str
    gain_db: float = 0.0
    sound: str = "stereo"
    limiter: bool = True
    airings: tuple[str, ...] = ()
    """Airings whose recordings are open."""
    recess: tuple[str, ...] = ()
    """Those of them that are in recess."""


Message = SourceHeader | StreamFormat | CodedPacket


def _format_bytes(form: StreamFormat) -> bytes:
    plain = [
        asdict(track)
        | {
            "time_base": str(track.time_base),
            "rate": str(track.rate) if track.rate else None,
        }
        for track in form.tracks
    ]
    return json.dumps({"tracks": plain, "bursty": form.bursty, "epoch": form.epoch}).encode()


def _format(raw: bytes) -> StreamFormat:
    value = json.loads(raw)
    tracks = []
    for plain in value["tracks"]:
        plain["time_base"] = Fraction(plain["time_base"])
        plain["rate"] = Fraction(plain["rate"]) if plain["rate"] else None
        tracks.append(CodedTrack(**plain))
    return StreamFormat(tuple(tracks), value["bursty"], value["epoch"])


def _packed(message: Message) -> tuple[MessageKind, bytes]:
    if isinstance(message, StreamFormat):
        return MessageKind.FORMAT, _format_bytes(message)
    if isinstance(message, SourceHeader):
        return MessageKind.SOURCE, json.dumps(asdict(message)).encode()
    pts = _NO_PTS if message.pts is None else message.pts
    head = _PACKET_HEAD.pack(
        message.track, message.key, pts, message.dts, message.duration, message.arrival
    )
    return MessageKind.PACKET, head + message.data


def _unpacked(kind: int, raw: bytes) -> Message:
    if kind == MessageKind.FORMAT:
        return _format(raw)
    if kind == MessageKind.SOURCE:
        value = json.loads(raw)
        lists = {name: tuple(value[name]) for name in ("airings", "recess")}
        return SourceHeader(**{**value, **lists})
    track, key, pts, dts, duration, arrival = _PACKET_HEAD.unpack_from(raw)
    known_pts = None if pts == _NO_PTS else pts
    return CodedPacket(track, key, known_pts, dts, duration, arrival, raw[_PACKET_HEAD.size :])


def fragments(message: Message) -> list[bytes]:
    """Return the message as datagrams of at most DATAGRAM_BYTES each."""
    kind, raw = _packed(message)
    parts = [raw[at : at + DATAGRAM_BYTES] for at in range(0, max(1, len(raw)), DATAGRAM_BYTES)]
    last = len(parts) - 1
    return [
        _HEAD.pack(kind, _LAST if place == last else 0, place) + part
        for place, part in enumerate(parts)
    ]


class Assembler:
    """A reader that joins datagrams into messages. It drops a message that lost a part because its
    sender died.
    """

    def __init__(self) -> None:
        self._kind, self._parts = 0, list[bytes]()

    def take(self, datagram: bytes) -> Message | None:
        """Take the next datagram. Return the message when this was its last part."""
        kind, flags, place = _HEAD.unpack_from(datagram)
        if place == 0:
            self._kind, self._parts = kind, []
        if kind != self._kind or place != len(self._parts):
            self._kind, self._parts = 0, []
            return None
        self._parts.append(datagram[_HEAD.size :])
        if not flags & _LAST:
            return None
        parts, self._parts, self._kind = self._parts, [], 0
        try:
            return _unpacked(kind, b"".join(parts))
        except (ValueError, KeyError, TypeError, struct.error):
            return None


def packet_pair() -> tuple[int, int]:
    """Return both ends of a packet socket as descriptors. The supervisor keeps both open, so that
    either side may die.
    """
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (near, far):
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    return near.detach(), far.detach()


class PacketReader:
    """The receiving end. It never blocks."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self._assembler = Assembler()

    def fileno(self) -> int:
        """Return the descriptor, for select."""
        return self.handle

    def read(self) -> Message | None:
        """Return the next whole message; None when none waits."""
        while True:
            try:
                datagram = os.read(self.handle, DATAGRAM_BYTES + _HEAD.size)
            except OSError:
                return None
            if not datagram:
                return None
            message = self._assembler.take(datagram)
            if message is not None:
                return message


class PacketQueue:
    """A queue of packets for a reader that may be slow, hung or away.

    It holds at most `most` bytes. Once full, it drops whole packets until a key frame for which
    there is room, so that the reader resumes with a good picture.
    """

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._waiting: deque[list[bytes]] = deque()
        self._source: SourceHeader | None = None
        self._format: StreamFormat | None = None
        self._dropping = False
        self._headers_sent_at = 0
        self.dropped = 0
        """Packets dropped so far."""

    def put(self, message: Message) -> None:
        """Queue a message, or drop it."""
        if isinstance(message, SourceHeader):
            self._source = message
        elif isinstance(message, StreamFormat):
            self._format, self._dropping = message, False
        elif self._is_dropped(message):
            self.dropped += 1
            return
        self._append(message)

    def _is_dropped(self, packet: CodedPacket) -> bool:
        form = self._format
        if form is None:
            return True
        begins = self._begins(form, packet)
        if self._dropping and begins and self._bytes < self._most // 2:
            self._dropping = False
        elif self._bytes + len(packet.data) > self._most:
            self._dropping = True
        if (
            begins
            and not self._dropping
            and packet.arrival - self._headers_sent_at > HEADERS_REPEATED_EVERY_NS
        ):
            self._headers_sent_at = packet.arrival
            for before in (self._source, form):
                if before is not None:
                    self._append(before)
        return self._dropping

    @staticmethod
    def _begins(form: StreamFormat, packet: CodedPacket) -> bool:
        return packet.key and (form.tracks[packet.track].kind == "video" or not form.has_picture)

    def _append(self, message: Message) -> None:
        parts = fragments(message)
        self._bytes += sum(map(len, parts))
        self._waiting.append(parts)

    @property
    def empty(self) -> bool:
        """Tell whether no packet waits."""
        return not self._waiting

    def next(self) -> bytes | None:
        """Return the next datagram to send; None when nothing waits."""
        return self._waiting[0][0] if self._waiting else None

    def sent(self) -> None:
        """Remove the datagram that `next` returned: it has been sent."""
        gone = self._waiting[0].pop(0)
        self._bytes -= len(gone)
        if not self._waiting[0]:
            self._waiting.popleft()
