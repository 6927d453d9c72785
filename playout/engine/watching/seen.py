"""Values: what was seen of a leaving stream in one second, and how that compares."""

from dataclasses import dataclass
from enum import StrEnum

from playout.engine.watching.signature import Signature


@dataclass(frozen=True, slots=True)
class Look:
    """One key picture that was decoded."""

    instant: int
    """Monotonic nanoseconds at which receivers show it."""
    blocks: Signature


@dataclass(frozen=True, slots=True)
class Level:
    """The sound of one coded frame."""

    instant: int
    """Monotonic nanoseconds at which receivers play it."""
    power: float
    """Mean square of its samples, of full scale."""


@dataclass(frozen=True, slots=True)
class StreamSecond:
    """One second of a stream, or about that, as it came."""

    at: int
    """Its end, in monotonic nanoseconds."""
    packets: int = 0
    errors: int = 0
    """Breaks of a continuity counter, and gaps in the sequence of RTP."""
    missed: bool = False
    """Whether the watcher itself was too late to read all. Then breaks say nothing."""
    offset: int | None = None
    """Least nanoseconds from the stream's clock (PCR) to its arrival; None without a clock."""
    marked: bool = False
    """Whether the stream itself marked a break of its clock."""
    pictures: int = 0
    """Coded pictures that began."""
    sounds: int = 0
    """Coded frames of sound that began."""
    undecoded: int = 0
    """Key pictures that the decoder refused."""
    looks: tuple[Look, ...] = ()
    levels: tuple[Level, ...] = ()
    senders: int = 1
    """Addresses from which datagrams came."""


class Match(StrEnum):
    """Verdict on a picture that left, by those that were placed."""

    UNKNOWN = "unknown"
    """Nothing came to compare, or nobody knows what was placed."""
    RIGHT = "right"
    BLACK = "black"
    FROZEN = "frozen"
    """It is the picture that was right last, and something else was placed since."""
    WRONG = "wrong"


class SoundMatch(StrEnum):
    """Verdict on sound that left, by that of the ticks that were placed."""

    UNKNOWN = "unknown"
    RIGHT = "right"
    SILENT = "silent"
    LOUD = "loud"


@dataclass(frozen=True, slots=True)
class Judged:
    """One second of a stream, compared with what was placed."""

    second: StreamSecond
    picture: Match = Match.UNKNOWN
    sound: SoundMatch = SoundMatch.UNKNOWN
    delay: float | None = None
    """Seconds from the tick to the moment at which receivers show it, where the picture tells."""
