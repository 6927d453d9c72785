"""The loudness of a day and of an airing, and how far it may lie from what viewers are
promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from math import log10
from typing import ClassVar, Literal

from config.bounded import STRICT, CueRef, Instant, Number

TARGET_LKFS = -24.0
TOLERANCE_LU = 2.0
"""ATSC A/85, which the CALM Act makes law for cable: -24 LKFS, give or take 2."""
MOST_DBTP = -2.0
JUDGED_FROM = timedelta(minutes=30)
"""Sound measured on a day before its loudness is judged: a quiet talk is no fault of a day."""
CUE_JUDGED_FROM = timedelta(seconds=10)
"""Sound measured of an airing before its loudness is judged: one word is no program."""
MEASURED_ENTRIES = "loudness:"
"""The beginning of the id of each journal entry that tells the loudness of a cue."""
_ROUNDING = 0.1


@dataclass(frozen=True)
class DayLoudness:
    """Measurements of the sound that left the bus on one day, after ITU-R BS.1770."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    day: date
    """A day of the broadcast machine's own zone."""
    seconds: Number
    """Seconds measured, silence included."""
    lkfs: Number | None
    """Gated loudness; None when nothing passed the gate."""
    true_peak: Number | None
    """Highest true peak, dBTP; None when all was silent."""
    loudest_hour: Instant | None = None
    """Start of the loudest hour."""
    loudest_lkfs: Number | None = None

    @property
    def measured(self) -> timedelta:
        """Length of the sound measured."""
        return timedelta(seconds=self.seconds)

    @property
    def problem(self) -> str:
        """The words that say what is wrong and what to do; empty if nothing is wrong."""
        off = (self.lkfs if self.lkfs is not None else TARGET_LKFS) - TARGET_LKFS
        if self.measured >= JUDGED_FROM and abs(off) > TOLERANCE_LU + _ROUNDING / 2:
            way = "louder" if off > 0 else "quieter"
            return (
                f"The day is {abs(off):.1f} dB {way} than the {TARGET_LKFS:.0f} LKFS that "
                f"viewers are promised. Look for the programs that are {way} than that, and "
                "correct the sound of their file or source."
            )
        if self.true_peak is not None and self.true_peak > MOST_DBTP + _ROUNDING / 2:
            return (
                f"A peak of {self.true_peak:.1f} dBTP left the machine, above {MOST_DBTP:.0f}. "
                "The limiter should never let one through: report this as a fault of Gavel."
            )
        return ""


@dataclass(frozen=True)
class Measured:
    """The loudness of what one cue put on air, as far as it was heard by `at`, after ITU-R
    BS.1770. A cue that comes back is measured anew, and its latest figures hold.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueRef
    at: Instant
    """End of the sound measured, UTC."""
    seconds: Number
    """Seconds measured, silence included."""
    lkfs: Number | None
    """Gated loudness; None when nothing passed the gate."""
    true_peak: Number | None = None
    """Highest true peak, dBTP; None when all was silent."""
    what: Literal["measured"] = "measured"

    @property
    def entry(self) -> str:
        """Id of its journal entry: the same for the same figures."""
        figures = repr((self.seconds, self.lkfs, self.true_peak)).encode()
        return f"{MEASURED_ENTRIES}{self.cue}:{sha256(figures).hexdigest()[:8]}"

    @property
    def off_target(self) -> float:
        """Decibels by which it is too loud, below zero too quiet; 0 within the tolerance, and
        where too little was heard to judge.
        """
        if self.lkfs is None or self.seconds < CUE_JUDGED_FROM.total_seconds():
            return 0.0
        off = self.lkfs - TARGET_LKFS
        return off if abs(off) > TOLERANCE_LU + _ROUNDING / 2 else 0.0


def joined(pieces: Sequence[Measured]) -> Measured | None:
    """Return the figures of an airing that was on air in pieces: its loudness weighted by time, its
    highest peak. None where there are none.

    Ten minutes of -20 LKFS and ten of -26 are -22.0: the mean of their power, not of their levels.
    """
    if not pieces:
        return None
    last, heard = max(pieces, key=lambda one: one.at), [one for one in pieces if one.seconds > 0]
    powers = [(one.seconds, 10 ** (one.lkfs / 10)) for one in heard if one.lkfs is not None]
    whole = sum(seconds for seconds, _ in powers)
    lkfs = 10 * log10(sum(s * power for s, power in powers) / whole) if powers else None
    peaks = [one.true_peak for one in pieces if one.true_peak is not None]
    return replace(
        last,
        seconds=sum(one.seconds for one in pieces),
        lkfs=round(lkfs, 1) if lkfs is not None else None,
        true_peak=max(peaks, default=None),
    )
