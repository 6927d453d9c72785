"""The shapes of a file's pictures (size, pixels, rotation, colours, scanning), and whether they
change.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.colour import WEIGHTS, matrix_of

WOVEN_SHARE = 0.05
"""Share of interlaced pictures tolerated in a file that begins progressive."""
GLANCE_EVERY = 2.0
"""Seconds between two key pictures decoded of a long file."""
WIDESCREEN = Fraction(16, 9)


@dataclass(frozen=True)
class PictureShape:
    """Everything about a picture that decides how it is brought to air."""

    width: int
    height: int
    sar: Fraction
    """Width of a pixel divided by its height."""
    turn: int
    """Degrees clockwise by which to turn it upright."""
    weights: tuple[float, float]
    """Weights of red and blue in its luma."""
    range: int

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height with square pixels, upright."""
        width, height = round(self.width * self.sar), self.height
        return (height, width) if self.turn % 180 else (width, height)


def shape_of(frame: VideoFrame, sar: Fraction | None) -> PictureShape:
    """Return the shape of a picture. `sar` comes from its decoder, because the picture does not
    carry it.
    """
    weights = WEIGHTS[matrix_of(int(frame.colorspace), frame.width, frame.height)]
    turn = -round(frame.rotation) % 360
    size = frame.width, frame.height
    return PictureShape(*size, sar or Fraction(1), turn, weights, int(frame.color_range))


class SeenShapes:
    """Every shape seen in a file."""

    def __init__(self) -> None:
        self._seen: set[PictureShape] = set()
        self._sar: Fraction | None = None
        self._begins_woven = False
        self._woven = self._count = 0

    def note(self, frame: VideoFrame, decoder: Any) -> None:
        """Note a picture and the decoder it came from."""
        self._sar = decoder.sample_aspect_ratio or self._sar
        self._seen.add(shape_of(frame, self._sar))
        if not self._count:
            self._begins_woven = bool(frame.interlaced_frame)
        self._count += 1
        self._woven += bool(frame.interlaced_frame)

    @property
    def change(self) -> bool:
        """Tell whether a player that examines only the first picture shows a later one wrongly."""
        weaves = not self._begins_woven and self._woven > WOVEN_SHARE * self._count
        return len(self._seen) > 1 or weaves

    def canvas(self, first: tuple[int, int]) -> tuple[int, int]:
        """Return the size on which all of them fit: `first` while all are alike, else 16:9, so that
        a wide part after a narrow one fills the screen.
        """
        sizes = {shape.shown for shape in self._seen}
        if len(sizes) < 2:
            return first
        height = max(max(Fraction(high), wide / WIDESCREEN) for wide, high in sizes)
        return round(height * WIDESCREEN / 2) * 2, round(height / 2) * 2


class Glance:
    """Decodes a key picture now and then of a file too long to be decoded whole. It has a decoder
    of its own, so the samples that the main decoder reads stay unbroken.
    """

    def __init__(self, picture: VideoStream | None) -> None:
        self._decoder: Any = None
        self._next = 0.0
        if picture is not None:
            self._decoder = av.CodecContext.create(picture.codec_context.codec.name, "r")
            self._decoder.extradata = picture.codec_context.extradata
            self._decoder.thread_count = 1

    def at(self, packet: "av.Packet[Any]", at: float | None, shapes: SeenShapes) -> None:
        """Take a packet at `at` seconds that the main decoder skips."""
        if at is None or not packet.is_keyframe or not packet.size or at < self._next:
            return
        self._next = at + GLANCE_EVERY
        try:
            for frame in self._decoder.decode(packet):
                shapes.note(frame, self._decoder)
        except (av.FFmpegError, ValueError):
            return
