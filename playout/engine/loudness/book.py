"""The loudness of each hour, day and cue, in files of a day that outlive the monitor."""

import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.readjson import read_json
from config.wholefile import replace_file
from playout.engine.loudness.meter import Hop
from playout.engine.loudness.tally import LoudnessTally

DAYS_KEPT, DAYS_TOLD = 40, 8
"""Days whose files are kept, and days that the summary holds."""
MOST_CUES = 3000
"""Cues of a day that are kept; one every half minute."""
HOP_LENGTH = timedelta(seconds=0.1)
WAITING_HOPS = 1200
"""Tenths of a second that wait until the air log says whose they are; it writes every ten
seconds."""
CUES_TOLD = 200
"""Cues that are over and stay in the file for the agent, which reads it every two seconds."""
SUMMARY_FILE, CUES_FILE = "loudness.json", "loudness-cues.json"
DAYS_FOLDER = "loudness"
LARGEST_DAY_BYTES = 4 * 2**20
Summed = tuple[float | None, float | None, float]
"""Loudness (LKFS), true peak (dBTP) and seconds of a cue."""


def decibels(level: float) -> float | None:
    """Return a level (part of full scale) in dB to a tenth; None for silence."""
    return round(20 * float(np.log10(level)), 1) if level > 1e-5 else None


class LoudnessBook:
    """The measurements of a channel. `hear` every tenth of a second, `name` each air fact, `save`
    now and then; a new book continues from the last `save`.
    """

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self._folder, self._zone = folder, zone
        self._day = date.min
        self._hours: dict[datetime, LoudnessTally] = {}
        self._cues: dict[str, Summed] = {}
        self._cue: str | None = None
        self._tally = LoudnessTally()
        self._waiting: deque[tuple[datetime, Hop]] = deque(maxlen=WAITING_HOPS)
        self._told = _told(folder / SUMMARY_FILE)
        self._over = {str(one.get("cue")): one for one in _told(folder / CUES_FILE)}
        self._written: list[dict[str, Any]] = []
        self._until: datetime | None = None

    def hear(self, hop: Hop, at: datetime) -> None:
        """Add a tenth of a second that began at this instant, UTC."""
        day = at.astimezone(self._zone).date()
        # What the book before had measured of a cue was heard before this.
        self._until = self._until or at
        if day != self._day:
            self._turn_to(day)
        hour = at.replace(minute=0, second=0, microsecond=0)
        self._hours.setdefault(hour, LoudnessTally()).add(hop)
        self._waiting.append((at, hop))

    def miss(self) -> None:
        """Note that some sound went by unheard."""
        for tally in (*self._hours.values(), self._tally):
            tally.part()

    def name(self, cue: str | None, start: datetime, end: datetime) -> None:
        """Give the sound of a stretch of air [start, end) to its cue; None for no cue.

        A tenth of a second that holds the end of one cue and the start of another is neither's.
        """
        while self._waiting and self._waiting[0][0] + HOP_LENGTH <= end:
            at, hop = self._waiting.popleft()
            before = HOP_LENGTH if cue == self._cue else timedelta(0)
            if cue is None or at < start - before:
                continue
            if cue != self._cue:
                self._close()
                self._cue = cue
            self._tally.add(hop)
            self._until = at + HOP_LENGTH

    def _close(self) -> None:
        """End the tally of the cue on air; what is kept of it is three numbers."""
        if self._cue is not None and self._tally.hops:
            before = self._cues.pop(self._cue, None)
            self._cues[self._cue] = _joined(before, summed(self._tally))
            if self._until is not None:
                self._tell(self._cue, summed(self._tally), self._until)
        while len(self._cues) > MOST_CUES:
            del self._cues[next(iter(self._cues))]
        self._cue, self._tally = None, LoudnessTally()

    def _tell(self, cue: str, figures: Summed, until: datetime) -> None:
        """Add a stretch that is over to what the broadcast machine is told of its cue."""
        known = self._over.pop(cue, None)
        before = (known["lkfs"], known["true_peak"], known["seconds"]) if known else None
        lkfs, true_peak, seconds = _joined(before, figures)
        self._over[cue] = {
            "cue": cue, "at": until.isoformat(), "seconds": seconds, "lkfs": lkfs,
            "true_peak": true_peak,
        }  # fmt: skip
        while len(self._over) > CUES_TOLD:
            del self._over[next(iter(self._over))]

    def _turn_to(self, day: date) -> None:
        cue = self._cue
        self._close()
        self.save()
        self._day, self._hours, self._cues, self._cue = day, {}, {}, cue
        with suppress(OSError, ValueError):
            self._take(read_kept_day(self._folder, day))
        for old in sorted(day_file(self._folder, day).parent.glob("*.json"))[:-DAYS_KEPT]:
            with suppress(OSError):
                old.unlink()

    def _take(self, kept: "KeptDay") -> None:
        self._hours, self._cues = kept.hours, kept.cues
        if kept.cue is not None:
            self._cue, self._tally = kept.cue, kept.tally

    def save(self) -> None:
        """Write the day's file and the summary. A disk that refuses is tried again next time."""
        if self._day == date.min:
            return
        hours = {hour.isoformat(): tally.to_dict() for hour, tally in self._hours.items()}
        kept = {
            "hours": hours, "cues": self._cues, "cue": self._cue, "tally": self._tally.to_dict(),
        }  # fmt: skip
        replace_file(day_file(self._folder, self._day), json.dumps(kept).encode())
        rest = [told for told in self._told if str(told.get("day")) < self._day.isoformat()]
        self._told = [*rest, self.today()][-DAYS_TOLD:]
        replace_file(self._folder / SUMMARY_FILE, json.dumps(self._told).encode())
        over = list(self._over.values())
        if over != self._written:
            replace_file(self._folder / CUES_FILE, json.dumps(over).encode())
            self._written = over

    def today(self) -> dict[str, Any]:
        """Return the figures of the day that it is, as `playout.model.loudness.DayLoudness`."""
        whole = LoudnessTally()
        for tally in self._hours.values():
            whole.merge(tally)
        heard = {hour: summed(tally)[0] for hour, tally in self._hours.items()}
        loud = {hour: value for hour, value in heard.items() if value is not None}
        loudest = max(loud, key=lambda hour: loud[hour]) if loud else None
        value, peak, seconds = summed(whole)
        return {
            "day": self._day.isoformat(), "seconds": seconds, "lkfs": value, "true_peak": peak,
            "loudest_hour": loudest.isoformat() if loudest else None,
            "loudest_lkfs": loud[loudest] if loudest else None,
        }  # fmt: skip


@dataclass(frozen=True)
class KeptDay:
    """Content of the file of a day."""

    hours: dict[datetime, LoudnessTally]
    cues: dict[str, Summed]
    """Cues that are over, in order of time."""
    cue: str | None
    tally: LoudnessTally
    """The cue on air at the last writing, and what of it was measured on this day."""

    def all_cues(self) -> dict[str, Summed]:
        """Return the figures of every cue of the day."""
        if self.cue is None or not self.tally.hops:
            return self.cues
        return self.cues | {self.cue: _joined(self.cues.get(self.cue), summed(self.tally))}


def day_file(folder: Path, day: date) -> Path:
    """Return the file of a day, in the folder of a channel."""
    return folder / DAYS_FOLDER / f"{day.isoformat()}.json"


def read_kept_day(folder: Path, day: date) -> KeptDay:
    """Read the file of a day. Raises OSError, or ValueError for a damaged one."""
    kept = read_json(day_file(folder, day), LARGEST_DAY_BYTES)
    try:
        hours = {
            datetime.fromisoformat(hour).astimezone(UTC): LoudnessTally.from_dict(tally)
            for hour, tally in kept["hours"].items()
        }
        cues = {str(cue): _read_sums(sums) for cue, sums in kept["cues"].items()}
        cue = kept["cue"] and str(kept["cue"])
        return KeptDay(hours, cues, cue, LoudnessTally.from_dict(kept["tally"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the loudness of {day} cannot be read: {error}") from error


def _told(path: Path) -> list[dict[str, Any]]:
    with suppress(OSError, ValueError):
        kept = read_json(path)
        return [day for day in kept if isinstance(day, dict)] if isinstance(kept, list) else []
    return []


def summed(tally: LoudnessTally) -> Summed:
    """Return the three figures of a tally."""
    loudness = tally.integrated()
    rounded = round(loudness, 1) if loudness is not None else None
    return rounded, decibels(tally.true_peak), round(tally.seconds, 1)


def _joined(before: Summed | None, after: Summed) -> Summed:
    """Return the figures of a cue that came back: its loudness weighted by time, its higher
    peak."""
    if before is None or before[0] is None or after[0] is None:
        return after if before is None or after[0] is not None else before
    seconds = before[2] + after[2]
    power = (before[2] * 10 ** (before[0] / 10) + after[2] * 10 ** (after[0] / 10)) / seconds
    peaks = [peak for peak in (before[1], after[1]) if peak is not None]
    return round(10 * float(np.log10(power)), 1), max(peaks, default=None), round(seconds, 1)


def _read_sums(sums: Any) -> Summed:
    loudness, peak, seconds = sums
    return (
        None if loudness is None else float(loudness),
        None if peak is None else float(peak),
        float(seconds),
    )
