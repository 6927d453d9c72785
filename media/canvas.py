"""Fits pictures of any size and shape onto one size (in the child only)."""

from fractions import Fraction
from typing import Any

import av
import av.filter

from media.colour import in_house, planes_of

BLACK = (16, 128, 128)
"""Luma and chroma of bars."""


def box_on(canvas: tuple[int, int], picture: tuple[int, int], pixel: Fraction) -> tuple[int, int]:
    """The even size at which a picture stands on a canvas of square pixels, all of it and as large
    as can be. `pixel` is the width of its own pixels for a height of 1."""
    wide, high = picture[0] * pixel, picture[1]
    share = min(canvas[0] / wide, Fraction(canvas[1], high))
    return tuple(max(2, round(side * share / 2) * 2) for side in (wide, high))  # type: ignore[return-value]


class Canvas:
    """Pictures of one source on a canvas of square pixels, with bars where their shape differs.

    Pictures in fields are made whole first. A source may change its size, its shape or its pixels
    between two pictures; libav's own filters refuse that.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._box, self._colours = size, (0, 0)
        self._graph: Any = None
        self._form: tuple[object, ...] = ()

    def take(self, frame: av.VideoFrame, pixel: Fraction) -> list[av.VideoFrame]:
        """Return the pictures that are ready after this one, which has pixels of this shape."""
        colours = (int(frame.colorspace), int(frame.color_range))
        form = (frame.width, frame.height, frame.format.name, pixel, colours)
        before = []
        if form != self._form:
            before, self._form = self.finish(), form
            self._colours = colours
            self._graph = self._made(frame, pixel)
        self._graph.vpush(frame)
        return before + self._ready()

    def finish(self) -> list[av.VideoFrame]:
        """Return whatever still waits."""
        if self._graph is None:
            return []
        self._graph.vpush(None)
        ready, self._graph, self._form = self._ready(), None, ()
        return ready

    def _ready(self) -> list[av.VideoFrame]:
        ready = []
        while True:
            try:
                ready.append(self._laid(self._graph.vpull()))
            except (av.error.BlockingIOError, av.error.EOFError):
                return ready

    def _laid(self, whole: av.VideoFrame) -> av.VideoFrame:
        """A whole picture on the canvas, in the house's colours and at its own time."""
        whole.colorspace, whole.color_range = self._colours  # filters may drop what they do not use
        canvas = av.VideoFrame(*self._size, "yuv420p")
        shown = in_house(whole, *self._box)
        left, top = ((side - own) // 4 * 2 for side, own in zip(self._size, self._box, strict=True))
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
        return canvas

    def _made(self, frame: Any, pixel: Fraction) -> Any:
        self._box = box_on(self._size, (frame.width, frame.height), pixel)
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format.name,
            time_base=frame.time_base,
        )  # fmt: skip
        graph.link_nodes(source, graph.add("yadif", "deint=interlaced"), graph.add("buffersink"))
        graph.configure()
        return graph
