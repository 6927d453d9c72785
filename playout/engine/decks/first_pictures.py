"""First pictures of a file as libav decodes them, because libVLC may lose one while it starts."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation

from media.formats import Family
from media.local import open_local
from media.tracks import streams_of
from playout.engine.links.ring import Picture

PICTURES_KEPT = 8
"""Number of pictures kept. libVLC was seen to lose the first or the second, never a later one."""
_STEP = 4
_SURE, _APART = 0.5, 0.2
"""Another picture is believed when it fits twice as well, and by this many levels of luma."""
_Small = npt.NDArray[np.int16]


class FirstPictures:
    """The expected first pictures of a file. They tell which one came, and replace lost ones."""

    def __init__(self, pictures: Sequence[Sequence[Picture]]) -> None:
        self._pictures = pictures
        self._small = [small_of(picture) for picture in pictures]

    def lost_before(self, number: int, source: Sequence[Picture]) -> list[Sequence[Picture]] | None:
        """Return the pictures that should have come before `source`, which was counted as picture
        `number`; None when `source` repeats the one before.
        """
        if number >= len(self._small):
            self._pictures, self._small = (), []  # eight pictures are much to keep for a whole film
            return []
        seen = small_of([plane[: self._rows, : self._columns] for plane in source[:1]])
        apart = [float(np.abs(small - seen).mean()) for small in self._small]
        best = int(np.argmin(apart))
        if not is_surely(apart[best], apart[number]) or best == number:
            return []
        return list(self._pictures[number:best]) if best > number else None

    @property
    def _rows(self) -> int:
        return int(self._pictures[0][0].shape[0])

    @property
    def _columns(self) -> int:
        return int(self._pictures[0][0].shape[1])


def is_surely(best: float, counted: float) -> bool:
    """Return whether a picture that differs by `best` from one is believed to be that one, and not
    the one that it was counted as.
    """
    return best < _SURE * counted and counted - best > _APART


def small_of(picture: Sequence[Picture]) -> _Small:
    """Return a few rows and columns of a picture's luma, to be compared."""
    return picture[0][::_STEP, ::_STEP].astype(np.int16)


def read_first_pictures(path: Path, family: Family, width: int, height: int) -> FirstPictures:
    """Return the first pictures of a file at this size; none where libav cannot read it."""
    pictures: list[Sequence[Picture]] = []
    try:
        with open_local(path, family) as container:
            for frame in container.decode(streams_of(container).picture):
                assert isinstance(frame, av.VideoFrame)
                pictures.append(planes_of(frame, width, height))
                if len(pictures) == PICTURES_KEPT:
                    break
    except (av.FFmpegError, OSError, ValueError, IndexError):
        return FirstPictures([])
    return FirstPictures(pictures)


def planes_of(frame: av.VideoFrame, width: int, height: int) -> Sequence[Picture]:
    """Return a decoded picture at this size, as planes of luma and colour that lie where libav put
    them: they keep its frame.
    """
    scaled = frame.reformat(width, height, "yuv420p", interpolation=Interpolation.BICUBIC)
    planes = []
    for index, plane in enumerate(scaled.planes):
        across = width if index == 0 else width // 2
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        planes.append(rows[: height if index == 0 else height // 2, :across])
    return planes
