"""The pictures of a recording laid on one size, with bars where their shape differs (in the child
only).
"""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.filter import Graph

from media.colour import in_house, planes_of
from media.filtered import AnyFrame, Filtered, Form, picture_graph
from media.reshape import DEINTERLACE, corner, inside

BLACK = (16, 128, 128)
"""Luma and chroma of bars."""


class Canvas:
    """Pictures of one source on a canvas of square pixels, with bars where their shape differs.

    Interlaced pictures are deinterlaced first. A source may change size, shape or pixel format
    between two pictures. A house copy scales and colours its pictures in one libav filter; these go
    through `in_house` instead, which keeps luma exact to a level and takes half the time.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size, self._box = size, size
        self._pixel, self._colours = Fraction(1), (0, 0)
        self._laid: list[av.VideoFrame] = []
        self._whole = Filtered(self._made, self._lay, self._form)

    def take(self, frame: av.VideoFrame, pixel: Fraction) -> Sequence[av.VideoFrame]:
        """Return the pictures that are ready after this one; its pixels are `pixel` times as wide
        as high.
        """
        self._pixel = pixel
        self._whole.push(frame)
        return self._ready()

    def finish(self) -> Sequence[av.VideoFrame]:
        """Return the pictures still waiting in the filters."""
        self._whole.finish()
        return self._ready()

    def _ready(self) -> list[av.VideoFrame]:
        ready, self._laid = self._laid, []
        return ready

    def _form(self, frame: AnyFrame) -> Form:
        assert isinstance(frame, av.VideoFrame)
        size = frame.width, frame.height, frame.format.name
        return *size, self._pixel, int(frame.colorspace), int(frame.color_range)

    def _made(self, frame: AnyFrame) -> Graph:
        assert isinstance(frame, av.VideoFrame)
        self._box = inside((frame.width * self._pixel, frame.height), self._size)
        self._colours = int(frame.colorspace), int(frame.color_range)
        return picture_graph(frame, [DEINTERLACE])

    def _lay(self, whole: AnyFrame) -> None:
        """Put a deinterlaced picture on the canvas, in the house format's colours and at its own
        time.
        """
        assert isinstance(whole, av.VideoFrame)
        whole.colorspace, whole.color_range = self._colours  # filters may drop what they do not use
        canvas = av.VideoFrame(*self._size, "yuv420p")
        shown = in_house(whole, *self._box)
        left, top = corner(self._box, self._size)
        for place, (plane, part) in enumerate(
            zip(planes_of(canvas), planes_of(shown), strict=True)
        ):
            half = 1 if place == 0 else 2
            plane[...] = BLACK[place]
            rows, columns = part.shape
            plane[top // half :, left // half :][:rows, :columns] = part
        canvas.pts = whole.pts
        if whole.time_base is not None:
            canvas.time_base = whole.time_base
        self._laid.append(canvas)
