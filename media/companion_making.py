"""One reading of a film that makes its small copy, its picture strip and its sound strip (in the
child only).

Where browsers play the film itself, only its sound is decoded, and one key picture for each picture
of the strip.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from media.channels import in_order
from media.companion import (
    COLUMNS,
    COMPANION,
    COMPANION_SIZE,
    PICTURES,
    SOUND_BARS,
    TILE,
    VERSION,
    FilmOrder,
    Strips,
    browser_plays,
    tile_times,
)
from media.filtered import AnyFrame, Filtered, picture_graph
from media.formats import Family
from media.headers import Streams, codec_name, open_local, streams_of
from media.house import TrackEncoder, TrackWay, sound_way
from media.reshape import inside

AnyPacket: TypeAlias = "av.Packet[Any]"
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


class PictureStrip:
    """The pictures of the strip: the first picture at or after the time of each."""

    def __init__(self, times: list[float]) -> None:
        self._times = times
        self._sheet = Image.new("RGB", self._size())
        self._next = 0

    def wants(self, at: float) -> bool:
        """Tell whether a picture at this time, in seconds, is the next of the strip."""
        return self._next < len(self._times) and at >= self._times[self._next]

    def see(self, frame: av.VideoFrame, at: float) -> None:
        """Put this picture into every place whose time has come."""
        tile = frame.reformat(*TILE, "rgb24").to_ndarray()
        while self.wants(at):
            self._put(Image.fromarray(tile))

    def finish(self, to: Path) -> None:
        """Write the strip; places that no picture came for keep the last one."""
        if self._times:
            self._sheet.save(to, "JPEG", quality=72)

    def _put(self, tile: Image.Image) -> None:
        row, column = divmod(self._next, COLUMNS)
        self._sheet.paste(tile, (column * TILE[0], row * TILE[1]))
        self._next += 1

    def _size(self) -> tuple[int, int]:
        count = max(1, len(self._times))
        return min(count, COLUMNS) * TILE[0], -(-count // COLUMNS) * TILE[1]


class SoundStrip:
    """The loudest sample of each of `SOUND_BARS` equal stretches."""

    def __init__(self, length: float) -> None:
        self._length = max(0.001, length)
        self._bars: NDArray[np.float64] = np.zeros(SOUND_BARS)
        self._heard = False

    def hear(self, frame: av.AudioFrame, at: float) -> None:
        """Take a frame of decoded sound that begins at this time, in seconds."""
        self._heard = True
        samples = frame.to_ndarray()
        if samples.dtype == np.uint8:
            peak = (float(np.abs(samples.astype(np.int16) - 128).max(initial=0))) / 128
        else:
            full = np.iinfo(str(samples.dtype)).max if samples.dtype.kind == "i" else 1.0
            peak = max(float(samples.max(initial=0)), -float(samples.min(initial=0))) / full
        first, last = (
            min(SOUND_BARS - 1, max(0, int(edge / self._length * SOUND_BARS)))
            for edge in (at, at + frame.samples / frame.sample_rate)
        )
        stretch = self._bars[first : last + 1]
        np.maximum(stretch, peak, out=stretch)

    def bars(self) -> tuple[int, ...]:
        """Return the bars, 0 to 100 of full scale; empty where nothing was heard."""
        if not self._heard:
            return ()
        return tuple(int(one) for one in np.clip(np.round(self._bars * 100), 0, 100))


class KeyPictures:
    """The strip of a film that needs no copy: only key pictures near its places are decoded."""

    def __init__(self, stream: VideoStream, strip: PictureStrip) -> None:
        self._context, self._strip = stream.codec_context, strip

    def offer(self, packet: AnyPacket, at: float) -> None:
        """Decode the packet if it is a key picture that the strip wants."""
        if not packet.is_keyframe or not self._strip.wants(at):
            return
        try:
            frames = [*self._context.decode(packet), *self._context.decode(None)]
        except av.FFmpegError:
            return
        finally:
            self._context.flush_buffers()
        if frames:
            self._strip.see(frames[-1], at)


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
    length = order.length.total_seconds()
    with open_local(order.path, family) as source:
        streams = streams_of(source)
        strip = PictureStrip(tile_times(length, streams.picture is not None))
        sound = SoundStrip(length)
        plays = _plays(streams, family, order)
        copied = order.copied or not plays
        to = folder / COMPANION
        if copied:
            with av.open(str(to), "w", format="mp4", options={"movflags": "+faststart"}) as out:
                _read(source, order, _Copy(streams, out, order, strip, sound), progress)
        else:
            _read(source, order, _Look(streams, strip, sound), progress)
    strip.finish(folder / PICTURES)
    tiles = tuple(tile_times(length, streams.picture is not None))
    return Strips(VERSION, copied, tiles, sound.bars(), plays and copied)


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


class _Copy:
    """The reading of a film that needs a copy: everything is decoded."""

    def __init__(
        self,
        streams: Streams,
        out: av.container.OutputContainer,
        order: FilmOrder,
        strip: PictureStrip,
        sound: SoundStrip,
    ) -> None:
        self.streams = [one for one in (streams.picture, streams.sound) if one is not None]
        self._ways: dict[int, TrackWay] = {}
        self._sound = sound
        if streams.picture is not None:
            self._ways[streams.picture.index] = _picture_way(streams.picture, out, order, strip)
        if streams.sound is not None:
            self._ways[streams.sound.index] = sound_way(out, SOUND_BITS)

    def take(self, packet: AnyPacket, at: float, begin: float) -> None:
        """Take one packet."""
        del at
        way = self._ways[packet.stream.index]
        for frame in decoded(packet):
            if frame.pts is not None and frame.time_base is not None:
                frame.pts -= round(begin / float(frame.time_base))
            if isinstance(frame, av.AudioFrame):
                self._sound.hear(frame, frame.time or 0.0)
                frame = in_order(frame)
            way.push(frame)

    def finish(self) -> None:
        """Write what filters and encoders still hold."""
        for way in self._ways.values():
            way.finish()


def _read(
    source: av.container.InputContainer,
    order: FilmOrder,
    reading: "_Look | _Copy",
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
