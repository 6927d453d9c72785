"""One reading of a film that makes its small copy, its picture strip and its sound strip (in the
child only).

Where browsers play the film itself, only its sound is decoded, and one key picture for each picture
of the strip.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.stream import VideoStream

from media.channels import in_order
from media.companion import (
    COMPANION,
    COMPANION_SIZE,
    PICTURES,
    VERSION,
    FilmOrder,
    Strips,
    browser_plays,
    tile_times,
)
from media.companion_copy import PictureCopy, can_be_copied
from media.companion_strips import AnyPacket, KeyPictures, PictureStrip, SoundStrip
from media.copied_times import UnfitError
from media.filtered import AnyFrame, Filtered, picture_graph
from media.formats import Family
from media.headers import Streams, codec_name, open_local, streams_of
from media.house import TrackEncoder, TrackWay, sound_way
from media.reshape import inside

SOUND_BITS = 96_000
PICTURE_OPTIONS = {
    "preset": "ultrafast",
    "crf": "27",
    "maxrate": "900k",
    "bufsize": "1800k",
    "bf": "0",
    "sc_threshold": "0",
}
"""Without pictures that refer forward, the copy begins at zero in every browser."""
INDEX_FIRST = {"movflags": "+faststart"}
"""The index of a small copy stands in front. A large one would have to be written twice for that;
browsers find its index at the end."""


class _SeenEncoder(TrackEncoder):
    """The encoder of the copy, whose pictures the strip sees too."""

    def __init__(self, *parts: Any, strip: PictureStrip) -> None:
        super().__init__(*parts)
        self._strip = strip

    def push(self, frame: AnyFrame) -> None:
        """Encode and write a picture."""
        if isinstance(frame, av.VideoFrame) and self._strip.wants(frame.time or 0.0):
            self._strip.see(frame, frame.time or 0.0)
        super().push(frame)


def make(
    order: FilmOrder, family: Family, folder: Path, progress: Callable[[float], None]
) -> Strips:
    """Make them in `folder`, which is empty. Raises av.FFmpegError where the file breaks off."""
    to = folder / COMPANION
    try:
        return _made(order, family, to, progress)
    except UnfitError:
        to.unlink(missing_ok=True)
        return _made(replace(order, small=True), family, to, progress)


def _made(order: FilmOrder, family: Family, to: Path, progress: Callable[[float], None]) -> Strips:
    length = order.length.total_seconds()
    whole = False
    with open_local(order.path, family) as source:
        streams = streams_of(source)
        strip = PictureStrip(tile_times(length, streams.picture is not None))
        sound = SoundStrip(length)
        plays = _plays(streams, family, order)
        if order.copied or not plays:
            whole = can_be_copied(streams.picture, family, order)
            way = _Remux if whole else _Copy
            with av.open(str(to), "w", format="mp4", options={} if whole else INDEX_FIRST) as out:
                _read(source, order, way(streams, out, order, strip, sound), progress)
        else:
            _read(source, order, _Look(streams, strip, sound), progress)
    strip.finish(to.with_name(PICTURES))
    tiles = tuple(tile_times(length, streams.picture is not None))
    return Strips(VERSION, to.exists(), tiles, sound.bars(), plays and to.exists(), whole)


def _plays(streams: Streams, family: Family, order: FilmOrder) -> bool:
    context = streams.picture.codec_context if streams.picture is not None else None
    return browser_plays(
        family.name,
        order.suffix,
        codec_name(streams.picture),
        (context.pix_fmt or "") if context is not None else "",
        codec_name(streams.sound),
        interlaced=order.interlaced,
    )


class _Look:
    """The reading of a film that browsers play: sound, and some key pictures."""

    def __init__(self, streams: Streams, strip: PictureStrip, sound: SoundStrip) -> None:
        self.streams = [one for one in (streams.picture, streams.sound) if one is not None]
        self._keys = KeyPictures(streams.picture, strip) if streams.picture is not None else None
        self._sound = sound

    def take(self, packet: AnyPacket, at: float, begin: float) -> None:
        """Take one packet whose time is `at`, in seconds from the beginning of the film."""
        if isinstance(packet.stream, VideoStream):
            assert self._keys is not None
            self._keys.offer(packet, at)
            return
        for frame in decoded(packet):
            if isinstance(frame, av.AudioFrame):
                self._sound.hear(frame, (frame.time or 0.0) - begin)

    def finish(self) -> None:
        """Nothing is held back."""


class _SoundCopy:
    """The sound of a copy: decoded once for the strip and for the encoder."""

    def __init__(self, out: av.container.OutputContainer, strip: SoundStrip) -> None:
        self._way, self._strip = sound_way(out, SOUND_BITS), strip

    def take(self, packet: AnyPacket, begin: float) -> None:
        """Take one packet."""
        for frame in decoded(packet):
            if isinstance(frame, av.AudioFrame):
                _move(frame, begin)
                self._strip.hear(frame, frame.time or 0.0)
                self._way.push(in_order(frame))

    def finish(self) -> None:
        """Write what filters and encoder still hold."""
        self._way.finish()


class _Copy:
    """The reading of a film whose picture is encoded small: everything is decoded."""

    def __init__(
        self,
        streams: Streams,
        out: av.container.OutputContainer,
        order: FilmOrder,
        strip: PictureStrip,
        sound: SoundStrip,
    ) -> None:
        self.streams = [one for one in (streams.picture, streams.sound) if one is not None]
        picture = streams.picture
        self._way = _picture_way(picture, out, order, strip) if picture is not None else None
        self._sound = _SoundCopy(out, sound) if streams.sound is not None else None

    def take(self, packet: AnyPacket, at: float, begin: float) -> None:
        """Take one packet."""
        del at
        if not isinstance(packet.stream, VideoStream):
            assert self._sound is not None
            self._sound.take(packet, begin)
            return
        assert self._way is not None
        for frame in decoded(packet):
            _move(frame, begin)
            self._way.push(frame)

    def finish(self) -> None:
        """Write what filters and encoders still hold."""
        for way in (self._way, self._sound):
            if way is not None:
                way.finish()


class _Remux:
    """The reading of a film whose picture is copied: sound is decoded, and some key pictures."""

    def __init__(
        self,
        streams: Streams,
        out: av.container.OutputContainer,
        order: FilmOrder,
        strip: PictureStrip,
        sound: SoundStrip,
    ) -> None:
        assert streams.picture is not None
        self.streams = [one for one in (streams.picture, streams.sound) if one is not None]
        self._picture = PictureCopy(streams.picture, out, order)
        self._keys = KeyPictures(streams.picture, strip)
        self._sound = _SoundCopy(out, sound) if streams.sound is not None else None

    def take(self, packet: AnyPacket, at: float, begin: float) -> None:
        """Take one packet whose time is `at`, in seconds from the beginning of the film."""
        if not isinstance(packet.stream, VideoStream):
            assert self._sound is not None
            self._sound.take(packet, begin)
        elif packet.size:
            self._keys.offer(packet, at)
            self._picture.take(packet, at)

    def finish(self) -> None:
        """Write what is still held."""
        self._picture.finish()
        if self._sound is not None:
            self._sound.finish()


def _move(frame: AnyFrame, begin: float) -> None:
    """Let a frame count its time from the beginning of the film."""
    if frame.pts is not None and frame.time_base is not None:
        frame.pts -= round(begin / float(frame.time_base))


def _read(
    source: av.container.InputContainer,
    order: FilmOrder,
    reading: "_Look | _Copy | _Remux",
    progress: Callable[[float], None],
) -> None:
    length, begin = max(0.04, order.length.total_seconds()), order.begin.total_seconds()
    reported = -0.01
    for packet in source.demux(reading.streams):
        at = 0.0
        if packet.pts is not None and packet.time_base is not None:
            at = float(packet.pts * packet.time_base) - begin
            if at / length > reported + 0.005:
                reported = at / length
                progress(min(1.0, max(0.0, reported)))
        if packet.pts is not None or packet.dts is not None or packet.size == 0:
            reading.take(packet, at, begin)
    reading.finish()


def decoded(packet: AnyPacket) -> list[AnyFrame]:
    """Return the frames that a packet completes; none where it is damaged."""
    try:
        frames = packet.decode()
    except av.FFmpegError:
        return []
    return [one for one in frames if isinstance(one, av.VideoFrame | av.AudioFrame)]


def _picture_way(
    source: VideoStream, out: av.container.OutputContainer, order: FilmOrder, strip: PictureStrip
) -> TrackWay:
    rate = order.rate or Fraction(30000, 1001)
    shape = source.sample_aspect_ratio or source.codec_context.sample_aspect_ratio or Fraction(1)
    width, height = inside((source.width * shape, source.height), COMPANION_SIZE)
    stream = out.add_stream("libx264", rate=rate, options=PICTURE_OPTIONS)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.gop_size, context.time_base, context.thread_count = round(rate), 1 / rate, 1
    source.codec_context.thread_count = 1
    count = max(1, round(order.length.total_seconds() * rate))
    steps = [
        *(["field=type=top"] if order.interlaced else []),
        f"scale={width}:{height}:flags=fast_bilinear",
        "setsar=1",
        "format=yuv420p",
        f"fps=fps={rate}:start_time=0",
        "tpad=stop=-1:stop_mode=clone",
        f"trim=end_frame={count}",
    ]
    encoder = _SeenEncoder(stream, out, strip=strip)
    return TrackWay(encoder, Filtered(lambda frame: picture_graph(frame, steps), encoder.push))
