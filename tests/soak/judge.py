"""The judge of a long airing: on each tick of each file exactly one picture is right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from support.capture import Burst, CapturedPicture
from support.capture_analysis import Run, sound_offsets
from support.clips import NTSC, Clip, burst_hz

FRAME = float(1 / NTSC)


@dataclass(frozen=True)
class Fault:
    """A tick whose picture was wrong."""

    kind: str
    """repeated, skipped, black, stranger, or none."""
    file: int
    place: int
    """Ticks since the file's first."""
    arrived: float | None


@dataclass
class FileWindow:
    """The pictures seen of one file, by tick since its first."""

    number: int
    clip: Clip
    begins: float
    """UTC seconds at which its first tick was due at the bus."""
    ticks: int
    seen: dict[int, CapturedPicture] = field(default_factory=dict)
    opens: float = 0.0
    """The stream's time of its first tick."""

    @property
    def at_house_rate(self) -> bool:
        return self.clip.rate == NTSC

    @property
    def run(self) -> Run:
        mine = [one for _, one in sorted(self.seen.items()) if one.ident == self.clip.ident]
        return Run(self.clip.ident, tuple(mine))


def utc(text: str) -> float:
    """Return the UTC seconds of an ISO 8601 text."""
    return datetime.fromisoformat(text).timestamp()


def lay_on_ticks(
    seen: Sequence[CapturedPicture], clips: Sequence[Clip], lines: Sequence[dict[str, Any]]
) -> "LaidCapture":
    """Lay the pictures of a capture on the ticks that the as-run lines planned."""
    made = [
        FileWindow(number, clip, utc(line["planned_start"]), line["planned_frames"])
        for number, (clip, line) in enumerate(zip(clips, lines, strict=True))
    ]
    firsts = [line["planned_tick"] - lines[0]["planned_tick"] for line in lines]
    zero = _zero(seen, clips[0])
    for window, first in zip(made, firsts, strict=True):
        window.opens = zero + float(first / NTSC)
    laid = LaidCapture(made)
    place = 0
    for one in seen:
        tick = round((one.pts - zero) * NTSC)
        while place + 1 < len(made) and tick >= firsts[place + 1]:
            place += 1
        at = tick - firsts[place]
        if 0 <= at < made[place].ticks:
            laid.twice += at in made[place].seen
            made[place].seen[at] = one
            laid.off.append(one.pts - zero - float(tick / NTSC))
    return laid


@dataclass
class LaidCapture:
    """The windows of all files, and how well pictures fit the ticks."""

    windows: list[FileWindow]
    off: list[float] = field(default_factory=list)
    """Seconds by which each picture's time stamp is off its tick's."""
    twice: int = 0
    """Ticks for which two pictures came."""


def _zero(seen: Sequence[CapturedPicture], first: Clip) -> float:
    """Return the stream's time of the first tick of the first file."""
    mine = []
    for one in seen:
        if one.ident == first.ident and one.frame is not None:
            mine.append(one.pts - float(one.frame / NTSC))
        elif mine:
            break
    return median(mine)


def faults(window: FileWindow) -> list[Fault]:
    """Return every tick of the file that did not show its own picture."""
    found, before = [], None
    for place in range(window.ticks):
        one = window.seen.get(place)
        kind = _fault(window, place, one, before)
        if kind:
            found.append(Fault(kind, window.number, place, one.arrived if one else _near(window)))
        before = one
    return found


def _near(window: FileWindow) -> float | None:
    return next((one.arrived for one in window.seen.values()), None)


def _fault(
    window: FileWindow, place: int, one: CapturedPicture | None, before: CapturedPicture | None
) -> str:
    if one is None:
        return "none"
    if one.black:
        return "black"
    if not window.clip.has_picture:
        return "stranger" if one.ident is not None else ""
    if one.ident != window.clip.ident or one.frame is None:
        return "stranger"
    if window.clip.rate is None:
        return ""
    if window.at_house_rate:
        right = one.frame == place
    else:
        right = abs(off_time(window.clip.rate, place, one.frame)) <= FRAME
    if right:
        return ""
    return "repeated" if before is not None and one.frame == before.frame else "skipped"


def off_time(rate: Fraction, place: int, frame: int) -> float:
    """Return by how many seconds a source frame is shown before (-) its time or after (+) it is
    over.

    A frame shown within its own time, even if not on the first tick of it, is right: 0.
    """
    early, late = float(frame / rate - place / NTSC), float(place / NTSC - (frame + 1) / rate)
    return -early if early > 0 else max(0.0, late)


def unseen(window: FileWindow) -> int:
    """Count the frames of a file slower than the house format that were due and never shown."""
    rate = window.clip.rate
    if rate is None or rate >= NTSC:
        return 0
    due = int((window.ticks - 1) / NTSC * rate)
    shown = {one.frame for one in window.seen.values() if one.ident == window.clip.ident}
    return len(set(range(due + 1)) - shown)


def sound(window: FileWindow, bursts: Sequence[Burst]) -> list[float]:
    """Return by how many seconds each burst of the file is off its picture, or off its own time if
    the file has no picture.
    """
    if not window.clip.has_sound:
        return []
    if not window.clip.has_picture:
        return _alone(window, bursts)
    if window.clip.rate is None or not window.run.seen:
        return []
    return sound_offsets(window.run, bursts, window.clip.rate)


def _alone(window: FileWindow, bursts: Sequence[Burst]) -> list[float]:
    hz, length = burst_hz(window.clip.ident), window.ticks * FRAME
    heard = [one.pts - window.opens for one in bursts if abs(one.hz - hz) <= 60]
    return [at - round(at) for at in heard if -0.2 < at < length]


def delays(window: FileWindow) -> list[float]:
    """Return the seconds from each tick of the file to the arrival of its picture."""
    return [
        one.arrived - window.begins - place * FRAME
        for place, one in window.seen.items()
        if one.arrived is not None
    ]
