"""Pieces of a file: which of its frames air, in which order, to the frame.

A cut is a file with pieces. Each piece is [first, after last) in frames of the file, so nothing is
lost by rounding; a file of sound alone is counted in hundredths of a second. Everything that plans
times sees a cut as a file that is as long as its pieces together.

A house of another rate shows frame `source_frame` of a file on tick t of that file, which is
t × file rate / house rate, rounded down. A piece airs exactly the ticks that show its frames.

Example, a film of 25 frames a second in a house of 29.97, with the pieces [10, 35) and [50, 60):

    piece      ticks of the file      ticks of the cut
    10 to 34   12 to 41               0 to 29
    50 to 59   60 to 71               30 to 41

Tick 12 is due after 0.4004 s, where frame 10 is shown; tick 42 is due after 1.4014 s, where frame
35 would be, so it does not air.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil

SOUND_STEPS = Fraction(100)
"""Steps a second in which sound without a picture is cut."""

RATE_TOLERANCE = Fraction(1, 2000)
"""Part by which two rates may differ and count as one."""

_ROUNDING = Fraction(1, 1000)
"""Part of a frame by which a slot may begin before a frame and still show it."""

MOST_PIECES = 200
"""Most pieces of one cut."""
Piece = tuple[int, int]
"""[first frame, frame after the last)."""


def steps_of(rate: Fraction | None) -> Fraction:
    """Return how many frames a second pieces of a file of that rate are counted in."""
    return rate or SOUND_STEPS


def frames_in(pieces: Sequence[Piece]) -> int:
    """Return how many frames the pieces have together."""
    return sum(after - first for first, after in pieces)


def seconds_at(frame: int, rate: Fraction | None) -> Fraction:
    """Return how many seconds into its file a frame begins."""
    return frame / steps_of(rate)


def span_of(frames: int, rate: Fraction | None) -> timedelta:
    """Return how long so many frames last, to the nearest microsecond."""
    return timedelta(microseconds=round(seconds_at(frames, rate) * 10**6))


def length_of(pieces: Sequence[Piece], rate: Fraction | None) -> timedelta:
    """Return how long the pieces last together, to the nearest microsecond."""
    return span_of(frames_in(pieces), rate)


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with those that follow on one another in the file as one."""
    joined: list[Piece] = []
    for first, after in pieces:
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], after)
        else:
            joined.append((first, after))
    return tuple(joined)


def source_frame(slot: int, source: Fraction, house: Fraction) -> int:
    """Return the number of the source frame for house slot `slot`, both counted from 0, spread
    evenly.

    At 24 frames a second and a house rate of 30, slots 0 to 5 show frames 0, 0, 1, 2, 3, 4. Rates
    that differ by less than RATE_TOLERANCE go frame for frame: the difference is rounding in the
    container.
    """
    # In whole numbers: a deck asks this six times a picture, and fractions take ten times as long.
    over, under = source.numerator * house.denominator, source.denominator * house.numerator
    if abs(over - under) * RATE_TOLERANCE.denominator < under * RATE_TOLERANCE.numerator:
        return slot
    part = _ROUNDING.denominator
    return (slot * over * part + under * _ROUNDING.numerator) // (under * part)


def first_slot(frame: int, source: Fraction, house: Fraction) -> int:
    """Return the first house slot of a file that shows this frame or a later one."""
    if abs(source / house - 1) < RATE_TOLERANCE:
        return frame
    return max(0, ceil((frame - _ROUNDING) * house / source))


@dataclass(frozen=True)
class Part:
    """One unbroken stretch of a cut, in ticks of the house."""

    number: int
    """1 for the first."""
    begins: int
    """Tick of the cut on which it begins."""
    ends: int
    """Tick of the cut after its last."""
    first: int
    """Tick of the file that airs on its first."""

    def file_tick(self, tick: int) -> int:
        """Return the tick of the file that airs on a tick of the cut."""
        return self.first + tick - self.begins


@lru_cache(maxsize=64)
def parts_of(pieces: tuple[Piece, ...], rate: Fraction | None, house: Fraction) -> tuple[Part, ...]:
    """Return the stretches of a cut in a house of that rate. A piece that no tick falls in is left
    out.
    """
    parts: list[Part] = []
    begins = 0
    for first, after in joined(pieces):
        starts, stops = (first_slot(frame, steps_of(rate), house) for frame in (first, after))
        if stops > starts:
            parts.append(Part(len(parts) + 1, begins, begins + stops - starts, starts))
            begins += stops - starts
    return tuple(parts)


def part_at(parts: Sequence[Part], tick: int) -> Part:
    """Return the stretch that a tick of the cut belongs to; the last one for any tick beyond."""
    return next((part for part in parts if tick < part.ends), parts[-1])


def place_of(pieces: Sequence[Piece], frame: int) -> int | None:
    """Return which frame of the cut shows a frame of the file; None where that is left out."""
    gone = 0
    for first, after in pieces:
        if first <= frame < after:
            return gone + frame - first
        gone += after - first
    return None
