"""The picture strip and the sound strip of a film, filled as it is read (in the child only)."""

from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from media.companion import COLUMNS, SOUND_BARS, TILE

AnyPacket: TypeAlias = "av.Packet[Any]"


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
