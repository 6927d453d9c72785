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
from playout.engine.links.ring import EPOCH, LAYER_NUMBERS, OFFSET, Picture, Ring, Sound, planes
from playout.engine.loudness.watch import LoudnessWatch
from playout.model.layer import Layer

LOOKS_A_SECOND = 10
SHRINK = 2
"""One pixel in so many, as a power of two, is judged in each direction."""
WATCHED_FOR = 10.0
"""Seconds since the page last asked, after which no page is watching any more."""
BLACK_LUMA, BLACK_AFTER = 20.0, 2.0
FROZEN_CHANGE, FROZEN_AFTER = 0.1, 5.0
SILENT_DB, SILENT_AFTER = -60.0, 5.0
FLOOR_DB = -100.0


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
        self._before: npt.NDArray[np.float32] | None = None
        self._bare: npt.NDArray[np.bool_] | None = None

    def see(
        self, picture: Picture, passed: float, still: bool = False, covered: Sequence[Box] = ()
    ) -> dict[str, object]:
        """Judge a picture seen `passed` seconds after the last; return the fields of the meter but
        `utc`.

        `still` is True while slides or a slate air: those are silent and motionless without a
        fault. What graphics cover is not judged: a crawl moves over a frozen picture too, and
        shines over a black one.
        """
        luma = planes(picture, self._house.width, self._house.height)[0]
        small = luma[:: 1 << SHRINK, :: 1 << SHRINK].astype(np.float32)
        bare, change, light = _bare(small.shape, covered), 255.0, 255.0
        if bare.any():
            light = float(small.mean(where=bare))
        if self._before is not None and self._bare is not None and (bare & self._bare).any():
            change = float(np.abs(small - self._before).mean(where=bare & self._bare))
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


def _bare(shape: tuple[int, ...], covered: Sequence[Box]) -> npt.NDArray[np.bool_]:
    """Return which pixels of the small picture no graphic covers."""
    bare = np.ones(shape, dtype=np.bool_)
    for left, top, width, height in covered:
        rows = np.s_[top >> SHRINK : (top + height - 1 >> SHRINK) + 1]
        bare[rows, left >> SHRINK : (left + width - 1 >> SHRINK) + 1] = False
    return bare


def run_monitor(ring_handle: int, folder: Path, clock: Clock) -> None:
    """Run the monitor process: ten looks a second until it is killed."""
    ring = Ring(ring_handle)
    house = ring.shape.format
    ticks = Ticks(house.rate, ring.word(EPOCH))
    loudness = LoudnessWatch(
        folder, machine_zone(), lambda tick: from_ns(ticks.due(tick) + ring.word(OFFSET))
    )
    monitor, watch = Monitor(house, loudness), folder / "watch"
    os.nice(5)
    position, last, reported = ring.head, clock.monotonic(), 0
    picture: Picture = np.empty(house.picture_bytes, dtype=np.uint8)
    sound: Sound = np.zeros((ring.shape.samples, 2), dtype=np.int16)
    while True:
        clock.wait(1 / LOOKS_A_SECOND)
        beat()
        position, layer = _catch_up(ring, position, monitor, picture, sound)
        now = clock.monotonic()
        if layer is None:
            continue
        still = layer != LAYER_NUMBERS[Layer.DECK]
        seen = monitor.see(picture, (now - last) / 1e9, still, covered(ring))
        meter = {**seen, "utc": clock.utc().isoformat()}
        last = now
        if now - reported > 1_000_000_000:
            reported = now
            monitor.loudness.save(clock.utc())
            replace_file(folder / HEALTH_FILE, json.dumps(meter).encode())
        if _wanted(watch / "wanted", clock):
            replace_file(watch / "picture.jpg", jpeg(picture, house))
            replace_file(watch / "meter.json", json.dumps(meter).encode())


def _catch_up(
    ring: Ring, position: int, monitor: Monitor, picture: Picture, sound: Sound
) -> tuple[int, int | None]:
    """Hear every tick since `position` and copy the newest picture. Return the next position, and
    the number of the picture's layer, None when the picture was already overwritten.
    """
    head, layer = ring.head, None
    for tick in range(max(position, head - ring.shape.slots + 4), head):
        slot = ring.copy(tick, picture, sound) if tick == head - 1 else ring.look(tick)
        if slot is not None:
            monitor.loudness.hear(tick, slot.sound[: slot.samples])
            layer = slot.flags if tick == head - 1 else None
    return head, layer


def _wanted(mark: Path, clock: Clock) -> bool:
    try:
        return clock.utc().timestamp() - mark.stat().st_mtime < WATCHED_FOR
    except OSError:
        return False
