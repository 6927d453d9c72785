"""A target that is a platform over RTMP or RTMPS: pictures copied, sound as AAC."""

from config.clock import Clock
from config.names import HouseFormat
from config.targetaddress import NotATarget, RtmpTarget, secret_of
from playout.engine.targets.flv import (
    STAMPS_A_MILLISECOND,
    metadata,
    picture,
    picture_header,
    sound,
    sound_header,
)
from playout.engine.targets.h264 import Parameters, parameters, units
from playout.engine.targets.rtmp_chunks import Kind, Message
from playout.engine.targets.rtmp_link import RtmpLink
from playout.engine.targets.sender import SendError
from playout.engine.targets.web_stream import WebStream, WebUnit

_SOUND, _DATA, _PICTURE = 4, 5, 6
"""The chunk streams that carry each."""


class RtmpSender:
    """Publishes the stream on one platform."""

    note = ""

    def __init__(
        self,
        target: RtmpTarget,
        house: HouseFormat,
        video_kbps: int,
        clock: Clock,
        coded_width: int = 0,
    ) -> None:
        """`coded_width` is the columns of a coded picture; 0 for those of the house."""
        self._target, self._clock = target, clock
        size = coded_width or house.width, house.height
        self.metadata = metadata(*size, float(house.rate), video_kbps)
        self._link: RtmpLink | None = None
        self._stream = WebStream()
        self._first: int | None = None
        """DTS of the first picture sent, at which the platform's time begins."""
        self._parameters: Parameters | None = None

    def open(self) -> None:
        """Connect and publish. Raises SendError."""
        try:
            key = secret_of(self._target.key, self._target.key_file)
        except NotATarget as error:
            raise SendError("the file with its stream key cannot be read") from error
        self._link = RtmpLink(self._target, key.reveal(), self._clock)
        self._stream, self._first, self._parameters = WebStream(), None, None

    def send(self, chunks: bytes) -> int:
        """Take chunks and send the pictures and sounds that they complete. Raises SendError."""
        if self._link is None:
            raise SendError("it is not connected")
        messages: list[tuple[int, Message]] = []
        for unit in self._stream.take(chunks):
            messages += self._messages(unit)
        self._link.send(messages)
        return 0

    def close(self) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.close()
        self._link = None

    def _messages(self, unit: WebUnit) -> list[tuple[int, Message]]:
        """Return the messages of a unit, and before the first and each new coding its headers."""
        if self._first is None and unit.is_video and unit.is_key:
            self._first = unit.dts
            begin = [(_DATA, Message(Kind.DATA, self.metadata))]
            begin += [(_SOUND, Message(Kind.SOUND, sound_header()))]
            return begin + self._picture(unit, unit.dts)
        if self._first is None or unit.dts < self._first:
            return []
        if unit.is_video:
            return self._picture(unit, self._first)
        return [(_SOUND, Message(Kind.SOUND, sound(unit), _milliseconds(unit.dts - self._first)))]

    def _picture(self, unit: WebUnit, first: int) -> list[tuple[int, Message]]:
        at = _milliseconds(unit.dts - first)
        found = parameters(units(unit.data)) if unit.is_key else None
        messages = []
        if found is not None and found != self._parameters:
            self._parameters = found
            messages.append((_PICTURE, Message(Kind.PICTURE, picture_header(found), at)))
        return [*messages, (_PICTURE, Message(Kind.PICTURE, picture(unit), at))]


def _milliseconds(units_of_90_khz: int) -> int:
    return round(units_of_90_khz / STAMPS_A_MILLISECOND) % (1 << 32)
