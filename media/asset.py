"""The facts of a media file, and whether it may go on air, in words staff understand."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import TypeAdapter

from config import times
from config.bounded import STRICT
from config.names import AssetKey

TARGET_LKFS = -24.0
MOST_GAIN_DB = 12.0
SLOWEST_DECODE = 2.0
"""Times faster than it plays that a file must decode, on one core."""
LATEST_BEGIN = timedelta(seconds=0.5)
"""Latest beginning by the file's own clock: libVLC counts a place in the file from zero."""
LOWEST_RATE = 12
"""Pictures a second of the slowest files that air as they are. Between slower pictures the engine
would take the file for one that has stopped."""
LONGEST_KEY_GAP = timedelta(seconds=11)
"""Longest time between two key frames of a file that airs as it is.

A join in progress decodes from a key frame to its place. In 1080p30 on two cores libVLC's first
picture came after 1.1 s with key frames 10 s apart, after 1.5 s at 20 s, and after 5 to 7 s at
60 s; a cue leaves 1.6 s. Encoders usually put them 250 pictures apart, 10.4 s at 24 a second."""
UNINDEXED = frozenset({"mpegts", "mpeg"})
"""Containers in which libVLC cannot seek to the exact picture."""

Severity = Literal["note", "warning", "refused"]


@dataclass(frozen=True)
class Problem:
    """One thing staff should know about a file; severity `refused` keeps it off the air."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    severity: Severity
    text: str
    begin: float | None = None
    """Where it begins, in seconds; None where it concerns the whole file or has no place."""
    end: float | None = None


@dataclass(frozen=True)
class AssetFacts:
    """Everything measured about one file's bytes; nothing staff typed."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetKey
    suffix: str
    """File suffix that fits the content: `.mp4`."""
    size: int
    container: str
    """`mp4`, `matroska`, `mpegts`, `png` ...: a family of media/formats, recognised by content."""
    length: timedelta
    """Time from the first picture to the end of the last, with any sound that goes on before or
    after (media.extent). Without a picture, the length of the sound; zero for a still."""
    rate: Fraction | None
    """Pictures a second; None for a still or sound alone."""
    width: int
    """Width as shown, with square pixels and after rotation; 0 without a picture."""
    height: int
    interlaced: bool
    variable_rate: bool
    video_codec: str
    audio_codec: str
    channels: int
    sample_rate: int
    loudness: float | None
    """Integrated loudness in LKFS (BS.1770); None when unmeasured or silent."""
    gain_db: float
    """Decibels that bring it toward -24 LKFS, at most 12 either way."""
    has_picture: bool
    has_sound: bool
    captions: bool
    decode_speed: float | None
    """Times faster than it plays, decoded on one core; None when unmeasured."""
    problems: tuple[Problem, ...] = ()
    hdr: Literal["", "pq", "hlg"] = ""
    """Coding of high dynamic range; empty for an ordinary picture."""
    rotation: int = 0
    """Degrees by which the stored picture must be turned clockwise to be upright."""
    begin: timedelta = timedelta()
    """Beginning by its own clock, which need not begin at zero."""
    stands: timedelta = timedelta()
    """Time for which its first or last picture stands still while its sound goes on."""
    trimmed: bool = False
    """Whether an edit list cuts off part of the file."""
    key_gap: timedelta = timedelta()
    """Longest time between two key pictures, at which it can be joined in progress."""
    changing: bool = False
    """Whether its pictures differ in shape, scanning or colour coding. Width and height are then
    those of a canvas on which each of them fits."""
    copied_for: tuple[str, ...] = ()
    """Why air needs a house copy, as far as the headers of its tracks tell."""

    @property
    def still(self) -> bool:
        """Tell whether it is a picture without a time of its own."""
        return self.has_picture and self.rate is None and not self.length

    @property
    def unindexed(self) -> bool:
        """Tell whether it must be rewrapped before a join in progress finds the right picture."""
        return self.container in UNINDEXED

    @property
    def house_reasons(self) -> tuple[str, ...]:
        """Why air needs a house copy of this file; empty when the file airs as it is."""
        slow = self.decode_speed is not None and self.decode_speed < SLOWEST_DECODE
        large = self.width * self.height > 1920 * 1088
        apart = self.key_gap.total_seconds()
        asked = {
            "it was trimmed without being re-encoded": self.trimmed,
            "its picture freezes at one end while its sound continues": bool(self.stands),
            "its clock does not begin at zero": self.begin > LATEST_BEGIN,
            "its frame rate is too low": self.rate is not None and self.rate < LOWEST_RATE,
            f"its key frames are {apart:.0f} seconds apart": self.key_gap > LONGEST_KEY_GAP,
            "its frame rate varies": self.variable_rate,
            "it is high dynamic range": bool(self.hdr),
            "its picture is larger than 1920 by 1080": large,
            "it is stored sideways": self.rotation != 0,
            "it is too slow to decode": slow,
            "its picture changes size partway through": self.changing,
        }
        return (*self.copied_for, *(reason for reason, holds in asked.items() if holds))


@dataclass(frozen=True)
class AirVerdict:
    """A verdict on a file: may it air, in one line, with the problems staff should know."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    fit: bool
    summary: str
    problems: tuple[Problem, ...]


FACTS: TypeAdapter[AssetFacts] = TypeAdapter(AssetFacts)


def gain_for(loudness: float | None) -> float:
    """Return the decibels that bring a file of this loudness toward the target, within the
    limit."""
    if loudness is None:
        return 0.0
    return round(max(-MOST_GAIN_DB, min(MOST_GAIN_DB, TARGET_LKFS - loudness)), 1)


def rate_words(rate: Fraction) -> str:
    """Write a frame rate as people do: `29.97`, `25`."""
    return f"{float(rate):.2f}".rstrip("0").rstrip(".")


def verdict(facts: AssetFacts) -> AirVerdict:
    """Judge a file by its facts alone."""
    refused = [problem for problem in facts.problems if problem.severity == "refused"]
    if refused:
        return AirVerdict(False, f"Cannot go on air: {refused[0].text}", facts.problems)
    if facts.still:
        words = f"a still picture, {facts.width}x{facts.height}"
    else:
        words = ", ".join([times.length(facts.length), *_picture_words(facts), _sound_words(facts)])
    warned = any(problem.severity == "warning" for problem in facts.problems)
    opening = "Can go on air, with a warning" if warned else "Ready for air"
    return AirVerdict(True, f"{opening}: {words}.", facts.problems)


def _picture_words(facts: AssetFacts) -> list[str]:
    if not facts.has_picture:
        return ["sound only"]
    words = [f"{facts.width}x{facts.height}"]
    if facts.rate is not None:
        words.append(f"{rate_words(facts.rate)} frames a second")
    return words


def _sound_words(facts: AssetFacts) -> str:
    if not facts.has_sound:
        return "no sound"
    names = {1: "mono", 2: "stereo"}
    return names.get(facts.channels, f"{facts.channels} channels of sound")
