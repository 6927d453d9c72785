"""Reads a capture as a viewer would: which clip ran when, what was lost, how sound sat to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from support.capture import Burst, CapturedPicture
from support.clips import BURST_SECONDS, burst_hz

BURST_END_TOLERANCE = 0.04
"""Seconds by which sound may sit off its picture, and so the end of a burst off its place."""


@dataclass(frozen=True)
class Run:
    """One stretch of a capture in which one clip was seen."""

    ident: int
    seen: tuple[CapturedPicture, ...]

    @property
    def frames(self) -> list[int]:
        return [one.frame for one in self.seen if one.frame is not None]

    @property
    def repeated(self) -> int:
        """Pictures shown again."""
        return sum(b == a for a, b in zip(self.frames, self.frames[1:], strict=False))

    @property
    def skipped(self) -> int:
        """Source frames never shown, between the first and the last seen."""
        return len(set(range(self.frames[0], self.frames[-1] + 1)) - set(self.frames))

    @property
    def backwards(self) -> int:
        """Times an older picture came after a newer one."""
        return sum(b < a for a, b in zip(self.frames, self.frames[1:], strict=False))


def runs(seen: Sequence[CapturedPicture]) -> list[Run]:
    """The capture cut into runs of one clip each; unreadable pictures belong to none."""
    found: list[list[CapturedPicture]] = []
    for one in seen:
        if one.ident is None:
            continue
        last = found[-1][-1] if found else None
        again = last is not None and one.frame is not None and last.frame is not None
        if last is not None and last.ident == one.ident and again and one.frame >= last.frame - 30:
            found[-1].append(one)
        else:
            found.append([one])
    return [Run(run[0].ident or 0, tuple(run)) for run in found]


def unreadable(seen: Sequence[CapturedPicture]) -> list[CapturedPicture]:
    """Pictures that carry no mark: black, slate, or broken."""
    return [one for one in seen if one.ident is None]


def longest_still(seen: Sequence[CapturedPicture]) -> float:
    """Seconds the longest unbroken stretch of one and the same numbered picture lasted."""
    longest, begin = 0.0, 0
    for place in range(1, len(seen)):
        one, first = seen[place], seen[begin]
        if (one.ident, one.frame) != (first.ident, first.frame) or one.ident is None:
            begin = place
        longest = max(longest, seen[place].pts - seen[begin].pts)
    return longest


def timing_errors(run: Run, source_rate: Fraction) -> list[float]:
    """For each picture, seconds by which it is off the place its number gives it in the run."""
    first = run.seen[0]
    assert first.frame is not None
    return [
        (one.pts - first.pts) - float((one.frame - first.frame) / source_rate)
        for one in run.seen
        if one.frame is not None
    ]


def sound_offsets(run: Run, bursts: Sequence[Burst], source_rate: Fraction) -> list[float]:
    """Seconds by which each burst of this clip comes after (+) or before (-) its picture.

    Picture number n of a clip belongs to media time n / rate and bursts begin on whole seconds, so
    the two can be compared without looking at flashes. Ignored are bursts of another clip's pitch,
    and those whose beginning was never on air: a live that comes back within a burst would else
    count as late by what is missing.
    """
    origins = [
        one.pts - float(one.frame / source_rate) for one in run.seen if one.frame is not None
    ]
    origin = sorted(origins)[len(origins) // 2]
    begin, end = run.seen[0].pts, run.seen[-1].pts
    offsets = []
    for burst in bursts:
        media = burst.pts - origin
        if not begin - 0.2 < burst.pts < end + 0.2 or abs(burst.hz - burst_hz(run.ident)) > 60:
            continue
        offset = media - round(media)
        if not _begun_late(burst, offset):
            offsets.append(offset)
    return offsets


def _begun_late(burst: Burst, offset: float) -> bool:
    """Is this the rest of a burst, which ends where a whole one ends?"""
    missing = BURST_SECONDS - burst.seconds
    return missing > 0.025 and abs(offset - missing) < BURST_END_TOLERANCE
