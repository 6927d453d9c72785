"""The stream of a channel as its settings ask for it: its encode, its tables, its rate."""

from dataclasses import dataclass

from config.names import HouseFormat
from config.settings import ChannelSettings, Settings
from playout.engine.outputs.encode import Encode
from playout.engine.relay.rate import stream_rate
from playout.engine.relay.tables import StreamService


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
    return Encode(channel.video_kbps, channel.audio_kbps, channel.preset, channel.audio)


def stream_of(settings: Settings, channel: str) -> StreamPlan:
    """Return the stream that the settings of a channel ask for."""
    wanted = settings.channels[channel]
    major, minor = wanted.channel_number.replace("-", ".").split(".")
    service = StreamService(
        name=wanted.service_name or channel,
        provider=wanted.service_provider or settings.station,
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
    needed = stream_rate(house.rate, encode.video_kbps, encode.audio_kbps, encode.audio)
    if stream.kbps and 1000 * stream.kbps < needed:
        raise StreamError(
            f"{encode.video_kbps} kbit/s of picture and {encode.audio_kbps} of sound need a stream "
            f"of {needed // 1000}: raise stream_kbps from {stream.kbps}, or lower video_kbps."
        )
    return 1000 * stream.kbps or needed
