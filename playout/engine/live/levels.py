"""Meter of a live source: sound levels, silence and stillness, for alarms and for staff who preview
it.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from config.clock import Clock
from config.names import HouseFormat
from config.wholefile import safe
from playout.engine.links.ring import Picture, Sound, planes

SILENT_DB, SILENT_AFTER = -60.0, timedelta(seconds=5)
"""Level below which a source is silent, and how long it must be before that is reported."""
FROZEN_CHANGE, FROZEN_AFTER = 0.1, timedelta(seconds=5)
"""Mean change in luma below which a picture is still, and how long it must be before that is
reported."""
FLOOR_DB = -100.0
SAMPLE_EVERY = 15
"""Pictures from one sample to the next; comparing each would cost too much."""
WATCHED_FOR = 10.0
"""Seconds after the last request for which a source counts as watched."""


class LevelMeter:
    """Peaks of the sound as it arrives, and whether the picture moves."""

    def __init__(self) -> None:
        self._peaks = [0.0, 0.0]
        self._levels = (FLOOR_DB, FLOOR_DB)
        self._quiet = self._still = False
        self._quiet_since: datetime | None = None
        self._still_since: datetime | None = None
        self._before: npt.NDArray[np.float32] | None = None
        self._count = 0
        self._picture: tuple[Picture, HouseFormat] | None = None

    def hear(self, block: Sound) -> None:
        """Meter one block of the source's sound, before gain."""
        if len(block):
            peaks = np.abs(block.astype(np.int32)).max(axis=0) / 32768
            self._peaks = [max(a, float(b)) for a, b in zip(self._peaks, peaks, strict=True)]

    def see(self, picture: Picture, house: HouseFormat) -> None:
        """Compare one house picture in SAMPLE_EVERY with the sample before it."""
        self._count += 1
        if self._count % SAMPLE_EVERY:
            return
        self._picture = (picture.copy(), house)
        small = planes(picture, house.width, house.height)[0][::4, ::4].astype(np.float32)
        if self._before is not None:
            self._still = float(np.abs(small - self._before).mean()) < FROZEN_CHANGE
        self._before = small

    def report(self, now: datetime) -> tuple[float, float, datetime | None, datetime | None]:
        """Return left and right peak since the last report (dB below full scale), and the instants
        since which the source is silent and its picture still.
        """
        left, right = (max(FLOOR_DB, 20 * float(np.log10(max(p, 1e-6)))) for p in self._peaks)
        self._peaks, self._levels = [0.0, 0.0], (round(left, 1), round(right, 1))
        self._quiet_since = _since(self._quiet_since, max(left, right) < SILENT_DB, now)
        self._still_since = _since(self._still_since, self._still, now)
        silent = _after(self._quiet_since, SILENT_AFTER, now)
        frozen = _after(self._still_since, FROZEN_AFTER, now)
        return round(left, 1), round(right, 1), silent, frozen

    def show(self, folder: Path, source: str, clock: Clock) -> None:
        """Write the latest picture and levels for the On-air page while somebody watches the
        source.
        """
        wanted = folder / "watch" / "wanted"
        try:
            age = clock.utc().timestamp() - wanted.stat().st_mtime
        except OSError:
            return
        if age > WATCHED_FOR or self._picture is None:
            return
        from config.wholefile import replace_file
        from playout.engine.format.jpeg import jpeg

        name = f"source-{safe(source)}"
        replace_file(folder / "watch" / f"{name}.jpg", jpeg(*self._picture))
        levels = {"left_db": self._levels[0], "right_db": self._levels[1]}
        replace_file(folder / "watch" / f"{name}.json", json.dumps(levels).encode())
        self._picture = None


def _since(before: datetime | None, is_so: bool, now: datetime) -> datetime | None:
    return (before or now) if is_so else None


def _after(since: datetime | None, least: timedelta, now: datetime) -> datetime | None:
    return since if since is not None and now - since >= least else None
