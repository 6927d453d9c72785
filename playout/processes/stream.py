"""The stream of a channel as its settings ask for it: its encode, its tables, its rate."""

from dataclasses import dataclass

from config.names import HouseFormat
from config.settings import ChannelSettings, Settings
from playout.engine.outputs.encode import Encode
from playout.engine.relay.mux import PICTURE_AHEAD_SECONDS
from playout.engine.relay.rate import stream_rate
from playout.engine.relay.tables import StreamService

MPEG2_BUFFER_BITS = {576: 1_835_008, 1152: 9_781_248}
"""Bits of picture that a receiver of MPEG-2 holds, by the most lines of its level (ISO/IEC 13818-2,
table 8-14). One of H.264 holds more than a second."""


class StreamError(ValueError):
    """A stream that cannot be made as the settings ask; the text says what to change."""


@dataclass(frozen=True)
class StreamPlan:
    """The stream that leaves, as the settings of a channel name it."""

    channel: str = "play"
    service: StreamService = StreamService(name="Gavel")  # noqa: RUF009 - it is frozen
    kbps: int = 0
    """Its rate; 0 for what picture and sound need."""


def encode_of(channel: ChannelSettings) -> Encode:
    """Return the encode that a channel's settings ask for."""
    return Encode(
        channel.video_kbps,
        channel.audio_kbps,
        channel.preset,
        channel.audio,
        channel.video,
        channel.scan,
        channel.coded_width,
    )


def stream_of(settings: Settings, channel: str) -> StreamPlan:
    """Return the stream that the settings of a channel ask for."""
    wanted = settings.channels[channel]
    major, minor = wanted.channel_number.replace("-", ".").split(".")
    service = StreamService(
        name=wanted.service_name or channel,
        provider=wanted.service_provider or settings.station,
        video=wanted.video,
        audio=wanted.audio,
        audio_kbps=wanted.audio_kbps,
        language=wanted.language,
        psip=wanted.psip,
        major=int(major),
        minor=int(minor),
    )
    return StreamPlan(channel, service, wanted.stream_kbps)


def rate_of(house: HouseFormat, encode: Encode, stream: StreamPlan) -> int:
    """Return the rate of a stream in bits a second. Raises StreamError for one that is too low for
    its picture and sound.
    """
    frames = encode.frame_rate(house)
    needed = stream_rate(frames, encode.video_kbps, encode.audio_kbps, encode.audio)
    if stream.kbps and 1000 * stream.kbps < needed:
        raise StreamError(
            f"{encode.video_kbps} kbit/s of picture and {encode.audio_kbps} of sound need a stream "
            f"of {needed // 1000}: raise stream_kbps from {stream.kbps}, or lower video_kbps."
        )
    return 1000 * stream.kbps or needed


def picture_ahead(house: HouseFormat, encode: Encode, rate: int) -> float:
    """Return how many seconds before its decoding a picture may be sent, so that the receiver's
    buffer holds it; `rate` is the stream's, in bits a second.
    """
    if encode.video != "mpeg2":
        return PICTURE_AHEAD_SECONDS
    bits = next((bits for lines, bits in MPEG2_BUFFER_BITS.items() if house.height <= lines), 0)
    return min(PICTURE_AHEAD_SECONDS, bits / rate) if bits else PICTURE_AHEAD_SECONDS
