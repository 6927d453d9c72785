"""Messages of RTMP and the chunks they travel in (Adobe's RTMP specification 1.0, 5.3 and 5.4)."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum

CHUNK_SIZE = 4096
"""Bytes of a message in one chunk of ours; each side begins with 128."""
_FIRST_CHUNK_SIZE = 128
LARGEST_MESSAGE = 1 << 20
"""Bytes of the longest message that is read; answers of a server have some hundred."""
_MOST_STREAMS = 64
_LONG_STAMP = 0xFFFFFF


class Kind(IntEnum):
    """Kinds of messages."""

    CHUNK_SIZE = 1
    ACKNOWLEDGEMENT = 3
    CONTROL = 4
    WINDOW = 5
    BANDWIDTH = 6
    SOUND = 8
    PICTURE = 9
    DATA = 18
    COMMAND = 20


class ChunkError(ValueError):
    """Bytes that are no chunks of RTMP, or a message too long to be an answer."""


@dataclass(frozen=True)
class Message:
    """One message. `kind` may be one that is not in Kind."""

    kind: int
    body: bytes
    stamp: int = 0
    """Milliseconds."""
    stream: int = 0


def chunks(message: Message, carrier: int, size: int = CHUNK_SIZE) -> bytes:
    """Return a message as chunks on a chunk stream, 2 to 63."""
    short = min(message.stamp, _LONG_STAMP)
    long = struct.pack(">I", message.stamp) if short == _LONG_STAMP else b""
    head = struct.pack(">I", short)[1:] + struct.pack(">I", len(message.body))[1:]
    head += bytes((message.kind,)) + struct.pack("<I", message.stream) + long
    parts = [bytes((carrier,)) + head + message.body[:size]]
    again = bytes((0xC0 | carrier,)) + long
    for at in range(size, len(message.body), size):
        parts.append(again + message.body[at : at + size])
    return b"".join(parts)


@dataclass
class _Incoming:
    """One chunk stream of the other side: the head that the next chunk may leave out."""

    stamp: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    is_long: bool = False
    body: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Reads the messages of the other side out of its bytes."""

    def __init__(self) -> None:
        self._data = b""
        self._size = _FIRST_CHUNK_SIZE
        self._streams: dict[int, _Incoming] = {}

    def take(self, data: bytes) -> list[Message]:
        """Take bytes; return the messages that they complete. Raises ChunkError."""
        self._data += data
        messages = []
        while (read := self._chunk()) is not None:
            consumed, message = read
            self._data = self._data[consumed:]
            if message is not None:
                messages.append(message)
                self._obey(message)
        return messages

    def _obey(self, message: Message) -> None:
        if message.kind == Kind.CHUNK_SIZE and len(message.body) >= 4:
            size = int.from_bytes(message.body[:4], "big")
            if not 1 <= size <= 1 << 24:
                raise ChunkError("the other side sets an impossible size of chunks")
            self._size = size

    def _chunk(self) -> tuple[int, Message | None] | None:
        """Read one chunk; return how many bytes it has, and the message that it completes. None
        while part of it is missing.
        """
        if not self._data:
            return None
        form, number, at = self._data[0] >> 6, self._data[0] & 0x3F, 1
        if number < 2:
            at += number + 1
            number = int.from_bytes(self._data[1:at], "little") + 64
        size = (11, 7, 3, 0)[form]
        head = self._data[at : at + size]
        incoming = self._streams.setdefault(number, _Incoming())
        if len(self._streams) > _MOST_STREAMS:
            raise ChunkError("the other side opens too many chunk streams")
        is_long = incoming.is_long if form == 3 else head[:3] == b"\xff\xff\xff"
        body_at = at + size + 4 * is_long
        length = int.from_bytes(head[3:6], "big") if form < 2 else incoming.length
        if len(head) == size and length > LARGEST_MESSAGE:
            raise ChunkError("the other side sends a message that is too long")
        part = min(self._size, length - len(incoming.body))
        if len(head) < size or len(self._data) < body_at + part:
            return None
        self._read_head(incoming, form, head)
        incoming.is_long = is_long
        incoming.body += self._data[body_at : body_at + part]
        return body_at + part, self._whole(incoming)

    @staticmethod
    def _read_head(incoming: _Incoming, form: int, head: bytes) -> None:
        if form < 2:
            incoming.length, incoming.kind = int.from_bytes(head[3:6], "big"), head[6]
        if form == 0:
            incoming.stream = int.from_bytes(head[7:11], "little")

    @staticmethod
    def _whole(incoming: _Incoming) -> Message | None:
        if len(incoming.body) < incoming.length:
            return None
        body = bytes(incoming.body)
        incoming.body.clear()
        return Message(incoming.kind, body, 0, incoming.stream)
