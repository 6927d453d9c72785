"""The monitor: measures the program as viewers get it, and shows it to whoever watches a page."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from config.child import beat
from config.clock import Clock, machine_zone
from config.names import HouseFormat
from config.wholefile import replace_file
from playout.engine.format.jpeg import jpeg
from playout.engine.format.ticks import Ticks, from_ns
from playout.engine.links.covered import Box, covered
from playout.engine.links.health_file import HEALTH_FILE
from playout.engine.links.ring import EPOCH, LAYER_NUMBERS, OFFSET, Picture, Ring, Slot, planes
from playout.engine.loudness.watch import LoudnessWatch
from playout.engine.watching.placing import TickNotes
from playout.model.layer import Layer

LOOK_EVERY, LOOK_EVERY_WATCHED = 0.3, 0.1
"""Seconds from one look to the next: while nobody watches, and while a page shows the program. The
monitor costs by how often it wakes, and the ring keeps a second of sound."""
SHRINK = 2
"""One pixel in so many, as a power of two, is judged in each direction."""
WATCHED_FOR = 10.0
"""Seconds since the page last asked, after which no page is watching any more."""
BLACK_LUMA, BLACK_AFTER = 20.0, 2.0
FROZEN_CHANGE, FROZEN_AFTER = 0.1, 5.0
SILENT_DB, SILENT_AFTER = -60.0, 5.0
FLOOR_DB = -100.0
Small = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def level_db(level: float) -> float:
    """Return a level (part of full scale) in dB."""
    return max(FLOOR_DB, 20 * float(np.log10(level))) if level > 0 else FLOOR_DB


@dataclass
class UnbrokenSeconds:
    """For how many seconds a condition has held without a break."""

    seconds: float = 0.0

    def look(self, is_so: bool, passed: float) -> float:
        """Note whether the condition holds now, `passed` seconds after the last look; return the
        seconds.
        """
        self.seconds = self.seconds + passed if is_so else 0.0
        return self.seconds


class Monitor:
    """Judges the picture and the sound of the program."""

    def __init__(self, house: HouseFormat, loudness: LoudnessWatch) -> None:
        self._house, self.loudness = house, loudness
        self._black, self._frozen, self._silent = (
            UnbrokenSeconds(),
            UnbrokenSeconds(),
            UnbrokenSeconds(),
        )
        self._before: Small | None = None
        self._bare: Mask | None = None

    def see(
        self, picture: Picture, passed: float, still: bool = False, covered: Sequence[Box] = ()
    ) -> dict[str, object]:
        """Judge a picture seen `passed` seconds after the last; return the fields of the meter but
        `utc`.

        `still` is True while slides or a slate air: those are silent and motionless without a
        fault. What graphics cover is not judged: a crawl moves over a frozen picture too, and
        shines over a black one.
        """
        return self.judge(shrunk(picture, self._house), passed, still, covered)

    def judge(
        self, small: Small, passed: float, still: bool = False, covered: Sequence[Box] = ()
    ) -> dict[str, object]:
        """Judge a picture of which only `shrunk` was taken, as `see` does."""
        bare = _bare(small.shape, covered) if covered else None
        light, change = _mean(small, bare, 255.0), 255.0
        if self._before is not None:
            both = bare if self._bare is None else self._bare if bare is None else bare & self._bare
            change = _mean(np.abs(small - self._before), both, 255.0)
        self._before, self._bare = small, bare
        left, right = (level_db(one) for one in self.loudness.levels)
        silent = not still and max(left, right) < SILENT_DB
        return {
            "left_db": round(left, 1),
            "right_db": round(right, 1),
            "momentary_lkfs": round(self.loudness.momentary, 1),
            "black": self._black.look(light < BLACK_LUMA, passed) >= BLACK_AFTER,
            "frozen": self._frozen.look(not still and change < FROZEN_CHANGE, passed)
            >= FROZEN_AFTER,
            "silent": self._silent.look(silent, passed) >= SILENT_AFTER,
        }


def shrunk(picture: Picture, house: HouseFormat) -> Small:
    """Return the luma that is judged: a copy, a sixteenth of the picture's."""
    luma = planes(picture, house.width, house.height)[0]
    return luma[:: 1 << SHRINK, :: 1 << SHRINK].astype(np.float32)


def _bare(shape: tuple[int, ...], covered: Sequence[Box]) -> Mask:
    """Return which pixels of the small picture no graphic covers."""
    bare = np.ones(shape, dtype=np.bool_)
    for left, top, width, height in covered:
        rows = np.s_[top >> SHRINK : (top + height - 1 >> SHRINK) + 1]
        bare[rows, left >> SHRINK : (left + width - 1 >> SHRINK) + 1] = False
    return bare


def _mean(values: Small, where: Mask | None, otherwise: float) -> float:
    """Return the mean of these pixels, of all for None; `otherwise` where there are none."""
    if where is None:
        return float(values.mean())
    return float(values.mean(where=where)) if where.any() else otherwise


def run_monitor(
    ring_handle: int, folder: Path, clock: Clock, placed_handle: int | None = None
) -> None:
    """Run the monitor process until it is killed.

    `placed_handle` is memory in which it notes every tick for the watcher of the output.
    """
    ring = Ring(ring_handle)
    notes = TickNotes(ring, placed_handle) if placed_handle is not None else None
    house = ring.shape.format
    ticks = Ticks(house.rate, ring.word(EPOCH))
    loudness = LoudnessWatch(
        folder, machine_zone(), lambda tick: from_ns(ticks.due(tick) + ring.word(OFFSET))
    )
    monitor, watch = Monitor(house, loudness), folder / "watch"
    os.nice(5)
    position, last, reported, is_watched = ring.head, clock.monotonic(), 0, False
    while True:
        clock.wait(LOOK_EVERY_WATCHED if is_watched else LOOK_EVERY)
        beat()
        is_watched = _wanted(watch / "wanted", clock)
        before, position = position, _hear_all(ring, position, monitor, notes)
        newest = ring.look(position - 1) if position > before else None
        small = shrunk(newest.picture, house) if newest is not None else None
        now = clock.monotonic()
        if newest is None or small is None or not _is_there(ring, newest, position - 1):
            continue
        still = newest.flags != LAYER_NUMBERS[Layer.DECK]
        seen = monitor.judge(small, (now - last) / 1e9, still, covered(ring))
        meter = {**seen, "utc": clock.utc().isoformat()}
        last = now
        if now - reported > 1_000_000_000:
            reported = now
            monitor.loudness.save(clock.utc())
            replace_file(folder / HEALTH_FILE, json.dumps(meter).encode())
        if is_watched:
            replace_file(watch / "picture.jpg", jpeg(newest.picture, house))
            replace_file(watch / "meter.json", json.dumps(meter).encode())


def _hear_all(ring: Ring, position: int, monitor: Monitor, notes: TickNotes | None) -> int:
    """Hear and note every tick since `position` that is still in the ring. Return the next
    position.
    """
    head = ring.head
    for tick in range(max(position, head - ring.shape.slots + 4), head):
        slot = ring.look(tick)
        if slot is not None:
            monitor.loudness.hear(tick, slot.sound[: slot.samples])
            if notes is not None:
                notes.note(tick, slot)
    return head


def _is_there(ring: Ring, slot: Slot, tick: int) -> bool:
    """Return whether what was just read of a slot was that tick's, and whole."""
    return ring.look(tick) is slot and ring.has_picture(tick)


def _wanted(mark: Path, clock: Clock) -> bool:
    try:
        return clock.utc().timestamp() - mark.stat().st_mtime < WATCHED_FOR
    except OSError:
        return False
