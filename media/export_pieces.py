"""Picture and sound of one piece, as a file is made from pieces of another (in the child only)."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from config.names import SAMPLE_RATE
from media.channels import in_order
from media.colour import SCALER, matrix_of
from media.export import Export
from media.export_writer import ExportWriter, Samples
from media.filtered import AnyFrame, Filtered, picture_graph
from media.resample import Resampler

FADE = SAMPLE_RATE // 400
"""Samples over which sound rises at the beginning of a piece and falls at its end, so that a join
does not click: 2.5 ms."""
JITTER = SAMPLE_RATE // 25
"""Samples by which the times of sound may differ from its count: some containers round times."""


class PiecePictures:
    """The pictures of one piece: each of its frames once."""

    def __init__(
        self,
        export: Export,
        piece: tuple[int, int],
        start: Fraction,
        writer: ExportWriter,
    ) -> None:
        self._next, self._after = piece
        self._steps, self._start, self._writer = export.steps, start, writer
        self._interlaced = export.interlaced
        self._held: VideoFrame | None = None
        self._filter = Filtered(self._graph, self._filtered)
        self.repeated = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether all of its frames are written."""
        return self._next >= self._after

    def take(self, frame: VideoFrame) -> None:
        """Take the next decoded picture of the file. Those far before the piece cost no filter."""
        if frame.pts is None or frame.time_base is None or self.is_whole:
            return
        number = self._number(frame)
        if number >= self._next - 3:
            self._filter.push(frame)

    def finish(self) -> bool:
        """Fill the piece with its last picture; return False where it has none."""
        self._filter.finish()
        if self.is_whole:
            return True
        if self._held is None:
            return False
        self._repeat(self._after, self._held)
        return True

    def _number(self, frame: VideoFrame) -> int:
        assert frame.pts is not None and frame.time_base is not None
        return round((frame.pts * Fraction(frame.time_base) - self._start) * self._steps)

    def _filtered(self, frame: AnyFrame) -> None:
        assert isinstance(frame, av.VideoFrame)
        number = self._number(frame)
        if self._next <= number and not self.is_whole:
            self._repeat(min(number, self._after), self._held or frame)
            if not self.is_whole:
                self._writer.push_picture(frame)
                self._next += 1
        self._held = frame

    def _repeat(self, until: int, frame: VideoFrame) -> None:
        while self._next < until:
            self._writer.push_picture(frame)
            self._next += 1
            self.repeated += 1

    def _graph(self, frame: AnyFrame) -> Graph:
        assert isinstance(frame, av.VideoFrame) and self._writer.picture is not None
        matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)
        size = f"{self._writer.picture.width}:{self._writer.picture.height}"
        steps = ["yadif"] if self._interlaced else []
        steps.append(
            f"scale={size}:flags=bicubic+accurate_rnd+full_chroma_int:"
            f"in_color_matrix={SCALER.get(matrix, 'bt601')}:out_color_matrix=bt709:out_range=tv"
        )
        return picture_graph(frame, [*steps, "setsar=1", "format=yuv420p"])


class PieceSound:
    """The sound of one piece: exactly its samples, silence where there are none."""

    def __init__(self, first: int, samples: int, start: Fraction, writer: ExportWriter) -> None:
        self._first, self._samples, self._start, self._writer = first, samples, start, writer
        self._resampler = Resampler("fltp")
        self._done = 0
        self._place: int | None = None
        """Where the next sample of the file belongs, counted from the piece's first."""

    @property
    def is_whole(self) -> bool:
        """Tell whether all of its samples are written."""
        return self._done >= self._samples

    def take(self, frame: av.AudioFrame) -> None:
        """Take the next decoded sound of the file."""
        if self.is_whole or frame.pts is None or frame.time_base is None:
            return
        at = frame.pts * Fraction(frame.time_base) - self._start
        place = round(at * SAMPLE_RATE) - self._first
        if self._place is None or abs(place - self._place) > JITTER:
            self._place = place
        for ready in self._resampler.take(in_order(frame)):
            self._put(ready.to_ndarray())

    def finish(self) -> None:
        """Fill the piece with silence."""
        self._silence(self._samples)

    def _put(self, samples: NDArray[Any]) -> None:
        assert self._place is not None
        begin = self._place
        self._place += samples.shape[1]
        self._silence(min(begin, self._samples))
        wanted = samples[:, max(0, self._done - begin) : max(0, self._samples - begin)]
        if wanted.shape[1]:
            self._write(wanted.astype(np.float32))

    def _silence(self, until: int) -> None:
        while self._done < until:
            length = min(until - self._done, SAMPLE_RATE)
            self._write(np.zeros((2, length), np.float32))

    def _write(self, samples: Samples) -> None:
        at = self._done + np.arange(samples.shape[1])
        edge = np.minimum(at + 1, self._samples - at)
        level = np.minimum(1.0, edge / FADE).astype(np.float32)
        self._writer.push_sound(samples * level)
        self._done += samples.shape[1]
