"""Judge of takeovers: who sent when, by a capture of both machines, and what pictures lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support.capture import CapturedPicture, read_ts
from support.multicast_capture import Datagram

SECOND = 1_000_000_000
BOTH_WITHIN = SECOND
"""A machine that sends again so soon after the other one has begun was sending beside it."""
LOOKED_AT = 4 * SECOND
"""Time before and after a change in which pictures are read."""


@dataclass(frozen=True)
class Change:
    """The machine that sends is another one from here on."""

    before: int
    after: int
    stopped: int
    """UTC nanoseconds of the last datagram of the one, and of the first of the other."""
    began: int


@dataclass(frozen=True)
class PictureHole:
    """The longest stretch without a new picture in what was read."""

    pictures: int
    """Numbered pictures that lack; 0 where each follows the one before."""
    seconds: float
    """Time for which a receiver shows the last picture, by the stream's own clock."""


def changes(datagrams: Sequence[Datagram]) -> list[Change]:
    """Return every change of the machine that sends."""
    found, last = [], None
    for one in datagrams:
        if last is not None and one.sender != last.sender:
            found.append(Change(last.sender, one.sender, last.at, one.at))
        last = one
    return found


def sent_together(found: Sequence[Change]) -> int:
    """Return how often one machine sent beside the other."""
    pairs = zip(found, found[1:], strict=False)
    return sum(b.began - a.began < BOTH_WITHIN for a, b in pairs)


def hole_at(change: Change, datagrams: Sequence[Datagram], folder: Path) -> PictureHole:
    """Return the hole in the pictures round a change."""
    around = [
        one.data
        for one in datagrams
        if change.stopped - LOOKED_AT < one.at < change.began + LOOKED_AT
    ]
    path = folder / "around.ts"
    path.write_bytes(b"".join(around))
    return longest_hole(read_ts(path))


def longest_hole(pictures: Sequence[CapturedPicture]) -> PictureHole:
    """Return the longest hole between two pictures that carry a number."""
    numbered = [one for one in pictures if one.frame is not None]
    holes = [
        PictureHole(max(0, (b.frame or 0) - (a.frame or 0) - 1), b.pts - a.pts)
        for a, b in zip(numbered, numbered[1:], strict=False)
    ]
    return max(holes, key=lambda hole: (hole.pictures, hole.seconds), default=PictureHole(0, 0.0))
