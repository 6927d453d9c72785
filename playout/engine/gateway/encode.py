"""Encodes a track whose codec a transport stream cannot carry; the encoded track is then the
recording.
"""

from fractions import Fraction
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from config.names import SAMPLE_RATE
from media.colour import in_house, say_house
from media.resample import Resampler
from playout.engine.links.packets import CodedPacket, CodedTrack

CARRIED_CODECS = frozenset(
    ("h264", "hevc", "mpeg2video", "mpeg1video", "aac", "mp2", "mp3", "ac3", "eac3")
)
"""Codecs that a transport stream carries, and that recording, deck and join all read."""
CODEC_NAMES = {"mp3float": "mp3", "mp2float": "mp2"}
"""libav's decoder names, by the name of their codec."""
PTS_UNIT = Fraction(1, 90000)
"""Seconds in one step of an MPEG clock."""
PICTURE_KBPS = 6000
ASSUMED_RATE = Fraction(30)
"""Pictures a second of a device that does not state its rate."""


def adts_header(config: bytes, size: int) -> bytes:
    """Return the seven ADTS bytes that let an AAC packet of `size` bytes be read alone, from its
    stream's configuration (ISO 14496-3). Empty where the packets already carry them.
    """
    if len(config) < 2:
        return b""
    bits = int.from_bytes(config[:2], "big")
    kind, rate, channels = bits >> 11, bits >> 7 & 0xF, bits >> 3 & 0xF
    if rate == 15:
        return b""
    profile = 1 if kind in (5, 29) else max(0, min(3, kind - 1))
    whole = size + 7
    return bytes(
        (
            0xFF,
            0xF1,
            profile << 6 | rate << 2 | channels >> 2,
            (channels & 3) << 6 | whole >> 11,
            whole >> 3 & 0xFF,
            (whole & 7) << 5 | 0x1F,
            0xFC,
        )
    )


class Encoder:
    """Turns the frames of one picture or sound track into packets a transport stream carries."""

    def __init__(self, number: int, context: VideoCodecContext | AudioCodecContext) -> None:
        self._number, self._context = number, context
        self._resampler = Resampler("fltp")
        self._fifo = av.AudioFifo()
        self._last = -(1 << 62)

    @classmethod
    def picture(
        cls, number: int, size: tuple[int, int], rate: Fraction, *, kbps: int = PICTURE_KBPS
    ) -> "Encoder":
        """Make an H.264 encoder with a key frame each second."""
        context: Any = av.CodecContext.create("libx264", "w")
        context.width, context.height = size[0] // 2 * 2, size[1] // 2 * 2
        context.pix_fmt = "yuv420p"
        context.time_base, context.framerate = PTS_UNIT, rate
        context.gop_size = max(1, round(rate))
        context.bit_rate = kbps * 1000
        context.thread_count = 1
        say_house(context)
        context.options = {"preset": "ultrafast", "tune": "zerolatency"}
        context.open()
        return cls(number, context)

    @classmethod
    def sound(cls, number: int) -> "Encoder":
        """Make an AAC encoder: stereo, 48 kHz."""
        context: Any = av.CodecContext.create("aac", "w")
        context.sample_rate, context.layout, context.format = SAMPLE_RATE, "stereo", "fltp"
        context.time_base = Fraction(1, SAMPLE_RATE)
        context.bit_rate = 192_000
        context.open()
        return cls(number, context)

    @property
    def track(self) -> CodedTrack:
        """The track its packets belong to."""
        context = self._context
        if isinstance(context, VideoCodecContext):
            size = (context.width, context.height)
            return CodedTrack("video", "h264", PTS_UNIT, *size, rate=context.framerate)
        base = Fraction(1, SAMPLE_RATE)
        return CodedTrack("audio", "aac", base, sample_rate=SAMPLE_RATE)

    def encode(self, frame: av.VideoFrame | av.AudioFrame, arrival: int) -> list[CodedPacket]:
        """Encode a frame whose pts and time base are set; return the packets that are ready."""
        packs: list[CodedPacket] = []
        for ready in self._prepared(frame):
            for packet in self._context.encode(ready):
                packs.append(self._pack(packet, arrival))
        return packs

    def _prepared(self, frame: Any) -> list[Any]:
        if isinstance(frame, av.AudioFrame):
            for piece in self._resampler.take(frame):
                self._fifo.write(piece)
            return list(self._fifo.read_many(1024))
        assert isinstance(self._context, VideoCodecContext)
        picture = in_house(frame, self._context.width, self._context.height)
        picture.pts = round((frame.pts or 0) * frame.time_base / PTS_UNIT)
        picture.time_base, picture.pict_type = PTS_UNIT, av.video.frame.PictureType.NONE
        if picture.pts <= self._last:
            return []
        self._last = picture.pts
        return [picture]

    def _pack(self, packet: Any, arrival: int) -> CodedPacket:
        base = self.track.time_base
        given = packet.time_base or base
        pts = round((packet.pts or 0) * given / base)
        dts = round((packet.dts if packet.dts is not None else packet.pts or 0) * given / base)
        length = round((packet.duration or 0) * given / base)
        data = bytes(packet)
        if isinstance(self._context, AudioCodecContext):
            data = adts_header(bytes(self._context.extradata or b""), len(data)) + data
        key = bool(packet.is_keyframe)
        return CodedPacket(self._number, key, pts, dts, length, arrival, data)


def encoder_of(stream: Any, number: int) -> Encoder:
    """Make the encoder for a stream that cannot be passed on as it is."""
    if isinstance(stream, VideoStream):
        rate = stream.average_rate or stream.guessed_rate or ASSUMED_RATE
        size = (stream.codec_context.width, stream.codec_context.height)
        return Encoder.picture(number, size, Fraction(rate))
    return Encoder.sound(number)
