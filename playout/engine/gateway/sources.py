"""Opens a live source of any kind and reads its packets; nothing here waits for ever."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.video.stream import VideoStream

from config.clock import Clock
from config.sourceaddress import read_stored
from media.tracks import streams_of
from playout.engine.gateway.address import SourceOpening, source_opening
from playout.engine.gateway.capture_card import DeviceSource
from playout.engine.gateway.coding import parameter_set
from playout.engine.gateway.continuity import ProbeBacklog
from playout.engine.gateway.encode import (
    CARRIED_CODECS,
    CODEC_NAMES,
    Encoder,
    adts_header,
    encoder_of,
)
from playout.engine.gateway.parts import LIBAV_READ_BYTES, Datagrams, StreamParts
from playout.engine.gateway.proxy import Proxy
from playout.engine.gateway.rtsp import Relay
from playout.engine.gateway.source import (
    OPEN_SECONDS,
    READ_SECONDS,
    SEGMENT_SECONDS,
    OpenSource,
    SourceError,
)
from playout.engine.gateway.srt import SrtStream
from playout.engine.gateway.words import fault_words
from playout.engine.links.packets import CodedPacket, CodedTrack, StreamFormat

PROBE_OPTIONS = {"probesize": "1000000", "analyzeduration": "500000", "fpsprobesize": "3"}
BYTE_SCHEMES = frozenset(("udp", "srt"))
"""Schemes that carry a bare transport stream, whose tables we follow ourselves."""
ENDED = "The source has ended."
ANNEX_B_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


def open_source(address: str, networks: Sequence[str], clock: Clock) -> OpenSource:
    """Open a source. Raises AddressError where the address is not allowed, SourceError where
    nothing answers; returns or raises within OPEN_SECONDS, or the watchdog ends this process.
    """
    how = source_opening(address, networks)
    if how.scheme == "test":
        from playout.engine.gateway.test_card import TestSource

        return TestSource(how.query, clock)
    try:
        if how.scheme == "v4l2":
            return DeviceSource(how, clock)
        return LibavSource(how, clock, networks)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(fault_words(error, how)) from error


class LibavSource:
    """A source that libav demuxes: from the network itself, or from the bytes of libsrt."""

    def __init__(self, how: SourceOpening, clock: Clock, networks: Sequence[str] = ()) -> None:
        self._how, self._clock = how, clock
        self._proxy = Proxy(networks) if how.scheme in ("http", "https") else None
        self._relay = Relay(how.host, how.port) if how.scheme == "rtsp" else None
        self._carrier: SrtStream | Datagrams | None = None
        self._parts: StreamParts | None = None
        try:
            self._container = self._opened(how)
        except BaseException:
            self._let_go()
            raise
        try:
            self._choose(how)
        except BaseException:
            self.close()
            raise

    def _choose(self, how: SourceOpening) -> None:
        self._encoders: dict[int, Encoder] = {}
        self._numbers: dict[int, int] = {}
        self._filters: dict[int, BitStreamFilterContext] = {}
        self._heads: dict[int, bytes] = {}
        self._sets: dict[int, tuple[bytes, str]] = {}
        """Parameter sets that come only in the stream's description, as from a camera over RTSP."""
        streams = streams_of(self._container)
        found = [s for s in (streams.picture, streams.sound) if s is not None]
        chosen = [stream for stream in found if stream.codec_context is not None]
        if not chosen:
            raise ValueError("neither picture nor sound")
        self._tracks = tuple(self._track(stream, number) for number, stream in enumerate(chosen))

    def _opened(self, how: SourceOpening) -> InputContainer:
        limits = (OPEN_SECONDS, SEGMENT_SECONDS if how.bursty else READ_SECONDS)
        if how.scheme in BYTE_SCHEMES:
            self._carrier = (
                SrtStream(how, *limits) if how.scheme == "srt" else Datagrams(how, OPEN_SECONDS)
            )
            self._parts = StreamParts(self._carrier.read)
            return self._part(self._parts)
        options = PROBE_OPTIONS | how.options
        url, way = how.url, self._relay or self._proxy
        if self._proxy is not None:
            options |= {"http_proxy": self._proxy.address}
        if self._relay is not None:
            url = replace(read_stored(url), port=self._relay.port).at(self._relay.place)
        try:
            return av.open(url, "r", format=how.format, options=options, timeout=limits)
        except av.FFmpegError as error:
            if way is not None and way.refused:
                raise SourceError(way.refused) from error
            raise

    @staticmethod
    def _part(parts: StreamParts) -> InputContainer:
        """Open the current part of a stream of bytes."""
        return av.open(
            parts, "r", format="mpegts", options=PROBE_OPTIONS, buffer_size=LIBAV_READ_BYTES
        )

    def _track(self, stream: Any, number: int) -> CodedTrack:
        self._numbers[stream.index] = number
        name = CODEC_NAMES.get(stream.codec_context.name, stream.codec_context.name)
        if name not in CARRIED_CODECS:
            encoder = encoder_of(stream, number)
            self._encoders[stream.index] = encoder
            return encoder.track
        raw = bytes(stream.codec_context.extradata or b"")
        if name in ANNEX_B_FILTERS and raw[:1] == b"\x01":
            self._filters[stream.index] = BitStreamFilterContext(ANNEX_B_FILTERS[name], stream)
        elif name in ANNEX_B_FILTERS:
            self._sets[stream.index] = (raw, name)
        elif name == "aac":
            self._heads[stream.index] = raw
        return _stated(stream, name)

    @property
    def format(self) -> StreamFormat:
        """The tracks of its packets."""
        return StreamFormat(self._tracks, bursty=self._container.format.name == "hls")

    def packs(self) -> Iterator[CodedPacket | StreamFormat]:
        """Yield packets as they arrive, and a format wherever the stream's tables change. Raises
        SourceError when the source breaks off or changes in another way; the caller opens it again.
        """
        while True:
            yield from self._part_packs()
            self._next_part()
            yield self.format

    def _part_packs(self) -> Iterator[CodedPacket]:
        """Yield the packets of the current part; return where another part follows."""
        probed, asked, why = ProbeBacklog(self.format), self._clock.monotonic(), ENDED
        try:
            for packet in self._packets():
                waited = self._clock.monotonic() - asked
                for pack in self._taken(packet):
                    yield from probed.take(pack, waited)
                asked = self._clock.monotonic()
        except (av.FFmpegError, OSError) as error:
            why = fault_words(error, self._how)
        yield from probed.rest()
        if why is not ENDED or self._parts is None or not self._parts.go_on():
            raise SourceError(why)

    def _packets(self) -> Iterator[Any]:
        with suppress(IndexError):  # raised by PyAV at the end where a track appeared late
            yield from self._container.demux()

    def _next_part(self) -> None:
        assert self._parts is not None
        self._container.close()
        try:
            self._container = self._part(self._parts)
            self._choose(self._how)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise SourceError(fault_words(error, self._how)) from error

    def _taken(self, packet: Any) -> Iterator[CodedPacket]:
        number = self._numbers.get(packet.stream_index)
        at = packet.dts if packet.dts is not None else packet.pts
        if number is None or at is None or not packet.size:
            return
        arrival = self._clock.monotonic()
        encoder = self._encoders.get(packet.stream_index)
        if encoder is not None:
            for frame in packet.decode():
                if frame.pts is not None:
                    yield from encoder.encode(frame, arrival)
            return
        for alone in self._alone(packet):
            key, length = bool(alone.is_keyframe), alone.duration or 0
            data = self._heads.get(packet.stream_index, b"")
            data = adts_header(data, alone.size) + bytes(alone)
            sets, codec = self._sets.get(packet.stream_index, (b"", ""))
            if key and sets and not parameter_set(data, codec):
                data = sets + data
            yield CodedPacket(number, key, alone.pts, at, length, arrival, data)

    def _alone(self, packet: Any) -> Sequence[Any]:
        """Return the packet in a form that can be read without its container."""
        filtered = self._filters.get(packet.stream_index)
        return filtered.filter(packet) if filtered is not None else (packet,)

    def close(self) -> None:
        """Close the container and every socket."""
        self._let_go()
        self._container.close()

    def _let_go(self) -> None:
        for one in (self._carrier, self._proxy, self._relay):
            if one is not None:
                one.close()


def _stated(stream: Any, name: str) -> CodedTrack:
    context, base = stream.codec_context, stream.time_base or Fraction(1, 90000)
    if isinstance(stream, VideoStream):
        rate = stream.average_rate or stream.guessed_rate
        return CodedTrack("video", name, base, context.width, context.height, rate)
    return CodedTrack("audio", name, base, sample_rate=context.sample_rate)
