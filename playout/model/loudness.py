"""The loudness of a day on air, and how far it may lie from what viewers are promised."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from config.bounded import STRICT, Instant, Number

TARGET_LKFS = -24.0
TOLERANCE_LU = 2.0
"""ATSC A/85, which the CALM Act makes law for cable: -24 LKFS, give or take 2."""
MOST_DBTP = -2.0
JUDGED_FROM = timedelta(minutes=30)
"""Sound measured on a day before its loudness is judged: a quiet talk is no fault of a day."""
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
