"""The comparison of what left with what was placed (pure).

A picture is right if it is like any of those placed up to LONGEST_DELAY before receivers show it.
So stillness, darkness and silence are faults only where the placed program moved, shone or sounded,
and the delay of the encoder need not be known. It is measured where the picture tells it.

Worked example: a meeting is placed, and at 20:00:05 the encoder freezes. The key picture shown at
20:00:09 is compared with what was placed from 20:00:05 to 20:00:08.8. A hand moved at 20:00:06, so
nothing placed since is like it: it is the picture that was right last, so it is frozen. Had nothing
moved, it would be right, and viewers would miss nothing.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from playout.engine.format.ticks import NS
from playout.engine.links.placed import Placed
from playout.engine.watching.seen import Judged, Level, Look, Match, SoundMatch, StreamSecond
from playout.engine.watching.signature import Signature, blocks_off

SHORTEST_DELAY, LONGEST_DELAY = 0.2, 4.0
"""Seconds from a tick until receivers show it. It is 0.6 s and what the encoder takes."""
TOLERANCE = 6
"""Levels of luma by which coding may change the mean of a block, and a picture be right. Measured
at 640x360 and 1500 kbit/s with the fastest preset: at most 2."""
MOST_BLOCKS_OFF = 4
"""Blocks of 576 that may be off further: edges that move between two samples of the program."""
FEWEST_PLACED, LONGEST_HOLE = 5, 0.5
"""Ticks that must be known to judge a picture, and the longest hole between two, in seconds."""
NOTES_BEHIND, GIVEN_UP_AFTER = 0.5, 2.0
"""Seconds by which the notes of the program may end before a picture is shown, and after which one
that waits for them is given up."""
SAME_BLOCKS_OFF = 2
DARK_LUMA = 24.0
"""Mean luma below which a wrong picture is called black."""
ALIKE_SUM, TELLING_SECONDS = 150, 0.2
"""The delay is told where all ticks that are as good as the best, but for this sum over all blocks,
lie within so many seconds."""
SOUND_SECONDS = 4.0
"""Seconds of sound whose power is compared: longer than a pause in speech."""
SILENT_DB, SOUNDING_DB, LOUDER_DB, HEARD_DB = -60.0, -50.0, 6.0, -45.0
"""Sound that left is silent below the first where all that was placed is above the second. It is
too loud where it is this much above the loudest that was placed, and above the last."""
_FLOOR = 1e-10


@dataclass(frozen=True)
class Memory:
    """Facts remembered from one second to the next."""

    right: Signature | None = None
    """The picture that was right last."""
    waiting: tuple[Look, ...] = ()
    """Pictures that came before it was known what had been placed."""
    levels: tuple[Level, ...] = ()
    """The sound of the last SOUND_SECONDS."""


@dataclass(frozen=True)
class Compared:
    """One second compared, and what to remember for the next."""

    judged: Judged
    memory: Memory = field(default_factory=Memory)
    pictures: tuple[tuple[int, Match], ...] = ()
    """The instant of each picture that was settled in this second, and the verdict. One that waits
    for the notes of the program is settled a second later; one that is given up is UNKNOWN."""


def compared(second: StreamSecond, placed: Placed, memory: Memory) -> Compared:
    """Compare one second of a stream with what was placed around it.

    A picture waits until the notes of the program reach so far that its tick must be among them.
    """
    match, right, delay = Match.UNKNOWN, memory.right, None
    waiting, settled = list[Look](), list[tuple[int, Match]]()
    known = int(placed.instants[-1]) if len(placed.instants) else 0
    for look in (*memory.waiting, *second.looks):
        if look.instant - round(NOTES_BEHIND * NS) > known:
            waiting.append(look)
            continue
        match, delay = picture_match(look, placed, right)
        settled.append((look.instant, match))
        if match is Match.RIGHT:
            right = look.blocks
    late = second.at - round(GIVEN_UP_AFTER * NS)
    settled += [(look.instant, Match.UNKNOWN) for look in waiting if look.instant <= late]
    kept = tuple(look for look in waiting if look.instant > late)
    levels = _recent((*memory.levels, *second.levels)) if second.levels else memory.levels
    sound = sound_match(levels, placed) if second.levels else SoundMatch.UNKNOWN
    judged = Judged(second, match, sound, delay)
    return Compared(judged, Memory(right, kept, levels), tuple(settled))


def picture_match(
    look: Look, placed: Placed, right: Signature | None
) -> tuple[Match, float | None]:
    """Return how a picture compares, and the delay in seconds where it tells one."""
    last = look.instant - round(SHORTEST_DELAY * NS)
    near = placed.between(look.instant - round(LONGEST_DELAY * NS), last)
    if not _is_unbroken(near):
        return Match.UNKNOWN, None
    off = blocks_off(look.blocks, near.signatures, TOLERANCE)
    if int(off.min()) <= MOST_BLOCKS_OFF:
        return Match.RIGHT, _delay(look, near)
    if float(look.blocks.mean()) < DARK_LUMA:
        return Match.BLACK, None
    is_same = right is not None and int(blocks_off(look.blocks, right, 2)) <= SAME_BLOCKS_OFF
    return (Match.FROZEN if is_same else Match.WRONG), None


def _is_unbroken(near: Placed) -> bool:
    """Return whether the notes have no hole: in one the bus was away, and the output repeated its
    picture or showed a slate of its own.
    """
    if len(near.instants) < FEWEST_PLACED:
        return False
    whole = int(near.instants[-1] - near.instants[0])
    longest = int(np.diff(near.instants).max())
    return longest <= LONGEST_HOLE * NS and whole >= (LONGEST_DELAY - 1) * NS


def _delay(look: Look, near: Placed) -> float | None:
    """Return the seconds from the tick that is most alike; None where many are."""
    apart = np.abs(near.signatures.astype(np.int16) - look.blocks).sum(axis=1)
    alike = near.instants[apart <= apart.min() + ALIKE_SUM]
    if int(alike[-1] - alike[0]) > TELLING_SECONDS * NS:
        return None
    return (look.instant - int(near.instants[int(apart.argmin())])) / NS


def _recent(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    first = levels[-1].instant - round(SOUND_SECONDS * NS)
    return tuple(level for level in levels if first <= level.instant <= levels[-1].instant)


def sound_match(levels: tuple[Level, ...], placed: Placed) -> SoundMatch:
    """Return how the sound of the last seconds compares with that of the ticks they came from."""
    first, last = levels[0].instant, levels[-1].instant
    if last - first < 0.8 * SOUND_SECONDS * NS:
        return SoundMatch.UNKNOWN
    longest, shortest = round(LONGEST_DELAY * NS), round(SHORTEST_DELAY * NS)
    near = placed.between(first - longest, last - shortest)
    means = moving_means(near, last - first)
    if not len(means) or not _is_unbroken(near) or near.instants[-1] < last - NS:
        return SoundMatch.UNKNOWN
    here = decibels(sum(level.power for level in levels) / len(levels))
    quietest, loudest = decibels(float(means.min())), decibels(float(means.max()))
    if here < SILENT_DB:
        return SoundMatch.SILENT if quietest > SOUNDING_DB else SoundMatch.UNKNOWN
    is_loud = here > loudest + LOUDER_DB and here > HEARD_DB
    return SoundMatch.LOUD if is_loud else SoundMatch.RIGHT


def moving_means(near: Placed, span: int) -> npt.NDArray[np.float64]:
    """Return the mean power of every stretch of `span` nanoseconds; none without ticks."""
    if len(near.instants) < FEWEST_PLACED:
        return np.zeros(0)
    whole = int(near.instants[-1] - near.instants[0])
    count = round(span * (len(near.instants) - 1) / whole) if whole else 0
    if not 0 < count <= len(near.powers):
        return np.zeros(0)
    sums = np.concatenate(([0.0], np.cumsum(near.powers, dtype=np.float64)))
    means: npt.NDArray[np.float64] = (sums[count:] - sums[:-count]) / count
    return means


def decibels(power: float) -> float:
    """Return a mean square (part of full scale) in dB."""
    return 10 * float(np.log10(max(power, _FLOOR)))
