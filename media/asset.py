"""What is known about a media file, and whether it may go on air, in words staff understand."""

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
"""A file must decode at least this many times faster than it plays, on one core."""
LATEST_BEGIN = timedelta(seconds=0.5)
"""A file begins this late by its own clock at most; libVLC looks for a place in it from zero."""
LOWEST_RATE = 12
"""Pictures a second of the slowest files that air as they are; between slower ones the engine would
take the file for one that has stopped."""
LONGEST_KEY_GAP = timedelta(seconds=11)
"""Most time between two key frames of a file that airs as it is. A join decodes from one of them to
its place. In 1080p30 on two cores libVLC's first picture came after 1.1 s where they were 10 s
apart, after 1.5 s at 20 s and after 5 to 7 s at 60 s; a cue has 1.6 s. 250 pictures, the usual
distance of encoders, are 10.4 s at 24 a second."""
UNINDEXED = frozenset({"mpegts", "mpeg"})
"""Containers in which libVLC does not find a place to the picture."""

Severity = Literal["note", "warning", "refused"]


@dataclass(frozen=True)
class Problem:
    """One thing staff should know about a file; `refused` keeps it off the air."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    severity: Severity
    text: str


@dataclass(frozen=True)
class AssetFacts:
    """Everything measured about one file's bytes; nothing staff typed."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetKey
    suffix: str
    """File name ending that fits the content, with its dot: `.mp4`."""
    size: int
    container: str
    """`mp4`, `matroska`, `mpegts`, `png` ...: a name of media/formats, not the file's own word."""
    length: timedelta
    """Time from the first picture to the end of the last, and as long before and after as its sound
    goes on without one (media.extent); that of the sound where there is no picture; zero for a
    still."""
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
    """What brings it toward -24 LKFS, at most 12 dB either way."""
    has_picture: bool
    has_sound: bool
    captions: bool
    decode_speed: float | None
    """Times faster than it plays, decoded on one core; None when unmeasured."""
    problems: tuple[Problem, ...] = ()
    hdr: Literal["", "pq", "hlg"] = ""
    """How high dynamic range is coded; empty for an ordinary picture."""
    rotation: int = 0
    """Degrees by which the stored picture must be turned clockwise to be upright."""
    begin: timedelta = timedelta()
    """When it begins by its own clock, which need not begin at zero."""
    stands: timedelta = timedelta()
    """Time for which its first or its last picture stands and its sound goes on."""
    trimmed: bool = False
    """It holds more than it says to show: an edit list cuts something off."""
    key_gap: timedelta = timedelta()
    """Longest time between two pictures that need no other, on which it can be joined."""
    changing: bool = False
    """Its pictures are not all of one shape, scanning and colour coding; width and height are then
    of a screen that shows each of them whole."""
    copied_for: tuple[str, ...] = ()
    """Why air needs a house copy of it, by what its headers say of its tracks."""

    @property
    def still(self) -> bool:
        """A picture without time of its own."""
        return self.has_picture and self.rate is None and not self.length

    @property
    def unindexed(self) -> bool:
        """Must be rewrapped before it can be joined in progress at the right picture."""
        return self.container in UNINDEXED

    @property
    def house_reasons(self) -> tuple[str, ...]:
        """Why air needs a house copy of this file; empty when it airs as it is."""
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
    """May it air, said in one line, with what staff should know."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    fit: bool
    summary: str
    problems: tuple[Problem, ...]


FACTS: TypeAdapter[AssetFacts] = TypeAdapter(AssetFacts)


def facts_to_json(facts: AssetFacts) -> bytes:
    """The facts as JSON."""
    return FACTS.dump_json(facts)


def facts_from_json(text: bytes | str) -> AssetFacts:
    """Facts from their JSON; pydantic's ValidationError where a field is unknown or missing."""
    return FACTS.validate_json(text)


def gain_for(loudness: float | None) -> float:
    """Decibels that bring a file of this loudness toward the target, within what is allowed."""
    if loudness is None:
        return 0.0
    return round(max(-MOST_GAIN_DB, min(MOST_GAIN_DB, TARGET_LKFS - loudness)), 1)


def rate_words(rate: Fraction) -> str:
    """A frame rate as people write it: `29.97`, `25`."""
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
