"""Pictures around the one at which a file is joined, so that the join is exact.

libVLC begins up to a picture beside the place that it was told, as the file's dates and the
reordering of its pictures have it. What airs of a cut must be what was marked. So libavcodec
decodes the pictures there too, libVLC is told to begin two pictures earlier, and its first pictures
are compared with them: those before the marked one are dropped, and one that libVLC passed over is
put back.

Example: frame 300 is marked, and libVLC was told to begin at 298. Its first picture looks like 297,
so three are dropped before 300 is placed. Where pictures look alike, none of this can be seen, and
its own count stands.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from config.clock import Clock
from media.formats import Family
from media.local import open_local
from media.tracks import streams_of
from playout.engine.decks.first_pictures import is_surely, planes_of, small_of
from playout.engine.format.framing import PictureBox
from playout.engine.format.ticks import NS
from playout.engine.links.ring import Picture

EARLIER = 2
"""Pictures by which libVLC is told to begin before the marked one."""
KNOWN_BEFORE, KNOWN_AFTER = 5, 4
"""Pictures decoded on either side of the marked one."""
READ_WITHIN = 1.2
"""Seconds that this may take: pictures far from a key picture are many to decode, and a deck that
comes late would be worse than one that is a picture off."""


class JoinPictures:
    """The expected pictures around the marked one, counted from it."""

    def __init__(self, pictures: Mapping[int, Sequence[Picture]]) -> None:
        self._pictures = dict(pictures)
        self._small = {number: small_of(picture) for number, picture in pictures.items()}
        self._next = -EARLIER
        self._over = False

    def lost_before(self, number: int, source: Sequence[Picture]) -> list[Sequence[Picture]] | None:
        """Return the pictures that should have come before `source`, the first ones of the join;
        None where it lies before the marked one.
        """
        if self._over or number:
            self._pictures, self._small = {}, {}
            return []
        came = self._recognised(source)
        self._next = came + 1
        if came < 0:
            return None
        self._over = True
        return [self._pictures[lost] for lost in range(came) if lost in self._pictures]

    def _recognised(self, source: Sequence[Picture]) -> int:
        """Return which picture this is; by its count where that cannot be told."""
        if self._next not in self._small:
            return self._next
        rows, columns = self._pictures[self._next][0].shape
        seen = small_of([plane[:rows, :columns] for plane in source[:1]])
        apart = {
            number: float(np.abs(small - seen).mean()) for number, small in self._small.items()
        }
        best = min(apart, key=lambda number: apart[number])
        return best if is_surely(apart[best], apart[self._next]) else self._next


def read_join_pictures(
    path: Path, family: Family, box: PictureBox, frame: int, rate: Fraction, clock: Clock
) -> JoinPictures:
    """Return the pictures around a frame of a file at this size, as far as libav can read them."""
    pictures: dict[int, Sequence[Picture]] = {}
    until = clock.monotonic() + round(READ_WITHIN * NS)
    try:
        with open_local(path, family) as container:
            stream = streams_of(container).picture
            if stream is None:
                return JoinPictures({})
            stream.thread_type = "AUTO"
            base, start = Fraction(stream.time_base or 1), stream.start_time or 0
            place = start + int((frame - KNOWN_BEFORE) / rate / base)
            container.seek(max(start, place), stream=stream)
            for picture in container.decode(stream):
                assert isinstance(picture, av.VideoFrame)
                if picture.pts is None or clock.monotonic() > until:
                    break
                number = round((picture.pts - start) * base * rate) - frame
                if number >= -KNOWN_BEFORE:
                    pictures[number] = planes_of(picture, box.width, box.height)
                if number >= KNOWN_AFTER:
                    break
    except (av.FFmpegError, OSError, ValueError, IndexError):
        return JoinPictures({})
    return JoinPictures(pictures)
