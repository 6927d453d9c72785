"""Trouble at the ends of files: the clips, the strikes, and the judge of the airing."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from soak.cpu_hogs import hogs
from soak.judge import Fault, FileWindow, LaidCapture, faults
from support.captured_airing import RunningPlay, children_of, has_film
from support.clips import NTSC, Clip, numbered_clip

STRIKE_WINDOW = 0.5
"""Seconds before an item's end in which it is struck."""
STRIKE_EVERY = 20.0
"""Seconds from one strike to the next, so that each heals before the next comes."""
RECOVERS_WITHIN = 8.0
"""Seconds after a strike in which pictures may be disturbed: a process restarts in them."""
HOG_SECONDS = 1.0
HOGS = 4
DECK_LOST_AFTER = 45.0
"""Seconds without work, while items follow each other, after which a deck is lost."""
SHORT_TICKS = 45
"""Ticks of an item too short for the next one to be on its tick: two decks cue one ahead."""


@dataclass(frozen=True)
class EndClip:
    """One clip of the run, and its kind, which decides how strictly it is judged."""

    clip: Clip
    kind: str
    """plain, long sound, damaged, or short."""


@dataclass(frozen=True)
class EndStrike:
    """A strike in the last half second of an item."""

    kind: str
    """SIGSTOP, SIGKILL or hogs."""
    at: float
    """UTC seconds."""
    end: float
    """When what it disturbed must be as before, UTC seconds."""


@dataclass
class DeckSample:
    """The state of all decks at one instant, by the number of their ring."""

    at: float
    pids: dict[int, int]
    films: dict[int, str]
    """The film each has open."""
    memory: dict[int, int]
    """Resident bytes."""


def make_clips(folder: Path) -> list[EndClip]:
    """Write the clips: plain ones, ones with sound that outlasts the picture, damaged and very
    short ones.

    The sound outlasts the picture by less than media.extent.LONE_SOUND_SECONDS: ingest would make a
    shortened copy of a file with more.
    """

    def clip(name: str, ident: int, frames: int, **more: Any) -> Clip:
        return numbered_clip(folder / name, ident=ident, frames=frames, **more)

    plain = [
        clip("plain.mp4", 1, 150),
        clip("between.mp4", 2, 120, between=3),
        clip("hevc.mp4", 3, 135, codec="libx265"),
        clip("mpeg2.ts", 4, 120, codec="mpeg2video"),
        clip("large.mp4", 5, 150, size=(1280, 720)),
    ]
    long = [
        clip("long1.mp4", 6, 150, sound_seconds=5.4),
        clip("long2.mp4", 7, 120, between=3, sound_seconds=4.4),
        clip("long3.mkv", 8, 135, sound_seconds=4.9),
    ]
    spoilt = [clip("spoilt1.ts", 9, 150, codec="mpeg2video"), clip("spoilt2.mp4", 10, 135)]
    for one in spoilt:
        spoil_tail(one.path)
    short = [clip(f"short{n}.mp4", 10 + n, n) for n in (1, 2, 5)]
    kinds = (("plain", plain), ("long sound", long), ("damaged", spoilt), ("short", short))
    return [EndClip(one, kind) for kind, some in kinds for one in some]


def spoil_tail(path: Path, share: float = 0.02) -> None:
    """Overwrite some of the last pictures; the index stays intact."""
    raw = bytearray(path.read_bytes())
    media = raw.rfind(b"moov") if path.suffix == ".mp4" else len(raw)
    begin = media - max(600, round(len(raw) * share))
    raw[begin : media - 64] = bytes((n * 37 + 11) % 256 for n in range(media - 64 - begin))
    path.write_bytes(raw)


WEIGHTS = {"plain": 8, "long sound": 6, "damaged": 3, "short": 1}


def random_order(some: Sequence[EndClip], long: float, dice: random.Random) -> list[EndClip]:
    """Return clips in random order for `long` minutes, never the same twice nor two short ones in a
    row.
    """
    made = [some[0]]
    while sum(float(one.clip.seconds) for one in made) < long * 60:
        kind = dice.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
        one = dice.choice([piece for piece in some if piece.kind == kind])
        if one is made[-1] or "short" == one.kind == made[-1].kind:
            continue
        made.append(one)
    return [*made, some[made[-1] is some[0]]]


@dataclass
class EndStriker:
    """A thread's work beside a `play`: it strikes at the ends of items and samples the decks."""

    ends: Sequence[float]
    """Seconds from the first item's start to the end of each."""
    dice: random.Random
    blows: list[EndStrike] = field(default_factory=list)
    looks: list[DeckSample] = field(default_factory=list)
    over: bool = False

    def __call__(self, playing: RunningPlay) -> None:
        """Strike and sample until the last item ends."""
        first = playing.begun + START_DELAY
        shift = time.time() - time.monotonic()
        due = self._due()
        for at, kind in due:
            self._look_until(playing, first + at)
            end = first + at + shift + RECOVERS_WITHIN
            self.blows.append(EndStrike(kind, first + at + shift, end))
            self._strike(playing.pid, kind)
        self._look_until(playing, first + self.ends[-1])

    def _due(self) -> list[tuple[float, str]]:
        """Return when to strike and how: the three kinds in shuffled turns."""
        due: list[tuple[float, str]] = []
        hand: list[str] = []
        for end in self.ends[2:-3]:
            if due and end - due[-1][0] < STRIKE_EVERY:
                continue
            if not hand:
                hand = ["SIGSTOP", "SIGKILL", "hogs", "hogs"]
                self.dice.shuffle(hand)
            due.append((end - self.dice.uniform(0.05, STRIKE_WINDOW), hand.pop()))
        return due

    def _strike(self, pid: int, kind: str) -> None:
        if kind == "hogs":
            with hogs(HOGS):
                time.sleep(HOG_SECONDS)
            return
        victims = [deck for deck in decks(pid).values() if has_film(deck)]
        if victims:
            os.kill(self.dice.choice(victims), signal.Signals[kind])

    def _look_until(self, playing: RunningPlay, until: float) -> None:
        while time.monotonic() < until:
            self.looks.append(sample_decks(playing.pid))
            time.sleep(max(0.0, min(0.25, until - time.monotonic())))


START_DELAY = 2.5
"""Seconds from the word that it is on air to the first item."""


def decks(pid: int) -> dict[int, int]:
    """Return the process ids of a `play`'s decks, by the number of the ring each fills."""
    found = {}
    for child in children_of(pid).values():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"child-deck" in words:
            found[json.loads(words[words.index(b"child-deck") + 1])["ring"]] = child
    return found


def sample_decks(pid: int) -> DeckSample:
    """Return what a `play`'s decks are doing now."""
    seen = DeckSample(time.time(), {}, {}, {})
    try:
        seen.pids = decks(pid)
    except (OSError, ValueError):
        return seen
    for ring, child in seen.pids.items():
        film = next(films(child), None)
        if film:
            seen.films[ring] = film
        seen.memory[ring] = resident(child)
    return seen


def films(pid: int) -> Iterator[str]:
    """Yield the media files a process has open, each with its folder's name."""
    try:
        handles = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return
    for handle in handles:
        try:
            path = handle.readlink()
        except OSError:
            continue
        if path.suffix in (".mp4", ".ts", ".mkv"):
            yield f"{path.parent.name}/{path.name}"


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 if it is gone."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def lost_decks(looks: Sequence[DeckSample]) -> list[tuple[int, float]]:
    """Return decks that opened no film for DECK_LOST_AFTER while items aired, and for how long."""
    rings = sorted({ring for one in looks for ring in one.pids})
    found = []
    for ring in rings:
        idle = worst = 0.0
        last = looks[0].at
        for one in looks:
            if ring in one.films:
                last = one.at
            idle = one.at - last
            worst = max(worst, idle)
        if worst > DECK_LOST_AFTER:
            found.append((ring, worst))
    return found


def growth(looks: Sequence[DeckSample]) -> list[tuple[int, float]]:
    """Return, for each deck process, its film switches and the bytes it grew per 1,000 of them.

    The first fifth of its samples is warm-up. Of the rest, the median of the last third is compared
    with the median of the first third.
    """
    made: dict[int, list[tuple[int, int]]] = {}
    last: dict[int, str] = {}
    count: dict[int, int] = {}
    for one in looks:
        for ring, pid in one.pids.items():
            film = one.films.get(ring, "")
            count[pid] = count.get(pid, 0) + (film != last.get(pid, "") and bool(film))
            last[pid] = film
            if one.memory.get(ring):
                made.setdefault(pid, []).append((count[pid], one.memory[ring]))
    return [found for series in made.values() if (found := slope(series)) is not None]


SWITCHES_NEEDED = 60
"""Switches a process must live through for its growth to tell."""


def slope(series: Sequence[tuple[int, int]]) -> tuple[int, float] | None:
    """Return the switches, and bytes per 1,000 of them, of a series of (switches so far, bytes)."""
    warm = series[len(series) // 5 :]
    third = len(warm) // 3
    if third == 0 or series[-1][0] < SWITCHES_NEEDED:
        return None
    early, late = warm[:third], warm[-third:]
    switches = median(n for n, _ in late) - median(n for n, _ in early)
    grown = median(size for _, size in late) - median(size for _, size in early)
    return series[-1][0], 1000 * grown / max(1, switches)


def excused(
    window: FileWindow, blows: Sequence[EndStrike], delay: float
) -> Callable[[Fault], bool]:
    """Return a test for faults of this item that a strike may have caused."""

    def is_excused(fault: Fault) -> bool:
        at = window.begins + fault.place / float(NTSC)
        return any(one.at - 0.1 <= at <= one.end + delay for one in blows)

    return is_excused


@dataclass
class EndsVerdict:
    """The faults of a run over the ends of files."""

    faults: list[Fault] = field(default_factory=list)
    """Pictures wrong without excuse."""
    struck: int = 0
    """Pictures wrong in the time of a strike."""
    stalled: int = 0
    """Pictures wrong in a stall of the machine."""
    late: list[int] = field(default_factory=list)
    """Items that began late without excuse."""
    behind_short: list[int] = field(default_factory=list)
    """Items that began late behind a clip of under a second and a half; counted, not judged."""
    never: list[int] = field(default_factory=list)
    """Items of which nothing was seen, though they are whole: lost."""
    untrue: list[int] = field(default_factory=list)
    """Items whose as-run says something else than the capture."""


def judge_items(
    laid: LaidCapture,
    order: Sequence[EndClip],
    lines: Sequence[dict[str, Any]],
    blows: Sequence[EndStrike],
    stalled: Callable[[float | None], bool],
) -> EndsVerdict:
    """Judge every item by its pictures. Damaged and very short clips, and what follows a short one,
    are not held to every picture.
    """
    verdict = EndsVerdict()
    for window, piece, line in zip(laid.windows, order, lines, strict=True):
        number = window.number
        before = laid.windows[number - 1].ticks if number else SHORT_TICKS
        found = faults(window)
        if not _is_true(window, line):
            verdict.untrue.append(number)
        if piece.kind == "damaged":
            continue
        let_off = excused(window, blows, 0.0)
        hurt = [one for one in found if let_off(one)]
        halted = [one for one in found if not let_off(one) and stalled(one.arrived)]
        bare = [one for one in found if one not in hurt and one not in halted]
        verdict.struck += len(hurt)
        verdict.stalled += len(halted)
        if not _seen(window) and not hurt and not halted:
            verdict.never.append(number)
        if before < SHORT_TICKS:
            verdict.behind_short += [number] * any(one.place == 0 for one in bare)
        if before < SHORT_TICKS or window.ticks < SHORT_TICKS:
            continue
        verdict.faults += bare
        if any(one.place == 0 for one in bare):
            verdict.late.append(number)
    return verdict


def _seen(window: FileWindow) -> list[int]:
    """Return the places in the item at which any picture of its clip was seen."""
    return [place for place, one in window.seen.items() if one.ident == window.clip.ident]


PICTURE_SLACK = 2
"""Pictures by which as-run and capture may differ: the capture misses one at either end."""


def _is_true(window: FileWindow, line: dict[str, Any]) -> bool:
    """Return whether the as-run line matches the capture: the number of pictures and the first
    tick.
    """
    mine = _seen(window)
    told = line["frames"]
    if abs(len(mine) - told) > PICTURE_SLACK + line["held"] + line["dropped"]:
        return False
    if not mine or line["first_tick"] is None:
        return (
            bool(mine) == (line["first_tick"] is not None) or min(len(mine), told) <= PICTURE_SLACK
        )
    return abs(min(mine) - (line["first_tick"] - line["planned_tick"])) <= PICTURE_SLACK


def run_together(argv: Sequence[Sequence[str]], patience: float) -> list[tuple[int, str, str]]:
    """Run commands side by side; return code, standard output and standard error of each."""
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for words in argv
    ]
    said = [one.communicate(timeout=patience) for one in running]
    return [(one.returncode, *text) for one, text in zip(running, said, strict=True)]
