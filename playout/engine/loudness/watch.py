"""The monitor's account of loudness: it hears every tick, and learns from the air log whose sound
it was.
"""

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.names import SAMPLE_RATE
from playout.engine.links.log_text import read_lines
from playout.engine.links.ring import Sound
from playout.engine.loudness.book import LoudnessBook
from playout.engine.loudness.meter import HOP_SAMPLES, HOPS_A_BLOCK, Hop, HopMeter, lkfs

SAVE_EVERY = timedelta(seconds=20)
"""Time between two writings; a monitor that is killed loses no more than this."""
LOG_END = 1 << 62


class LoudnessWatch:
    """The last 400 ms as a meter shows them, and the book of the day. `instant` gives the UTC
    instant of a tick."""

    def __init__(self, folder: Path, zone: ZoneInfo, instant: Callable[[int], datetime]) -> None:
        self._instant, self._log = instant, folder / "air.log"
        self._meter, self.book = HopMeter(), LoudnessBook(folder, zone)
        self._last: deque[Hop] = deque(maxlen=HOPS_A_BLOCK)
        self._next: int | None = None
        self._saved: datetime | None = None
        self._cursor = LOG_END
        self._follow_log()

    def hear(self, tick: int, sound: Sound) -> None:
        """Take in the sound of one tick; ticks that were missed leave a gap."""
        if self._next is not None and tick != self._next:
            self.book.miss()
        self._next = tick + 1
        hops = self._meter.hear(sound)
        for place, hop in enumerate(hops):
            gone = self._meter.rest + (len(hops) - place) * HOP_SAMPLES
            begin = self._instant(tick + 1) - timedelta(seconds=gone / SAMPLE_RATE)
            self._last.append(hop)
            self.book.hear(hop, begin)

    @property
    def momentary(self) -> float:
        """Loudness of the last 400 ms, LKFS."""
        return lkfs(sum(hop.power for hop in self._last) / HOPS_A_BLOCK)

    @property
    def levels(self) -> tuple[float, float]:
        """Highest samples of the last 400 ms, left and right, as parts of full scale."""
        return (
            max((hop.left for hop in self._last), default=0.0),
            max((hop.right for hop in self._last), default=0.0),
        )

    def save(self, now: datetime) -> None:
        """Write what was measured, if it is time to."""
        if self._saved is not None and timedelta() <= now - self._saved < SAVE_EVERY:
            return
        self._saved = now
        self._follow_log()
        self.book.save()

    def _follow_log(self) -> None:
        with suppress(OSError):
            lines, self._cursor = read_lines(self._log, self._cursor)
            for line in lines.splitlines():
                self._name(line)

    def _name(self, line: bytes) -> None:
        with suppress(ValueError, KeyError, TypeError):
            fact = json.loads(line)
            start, end = (datetime.fromisoformat(fact[edge]) for edge in ("start", "end"))
            self.book.name(fact["cue"], start, end)
