"""The loudness of a day in words."""

from zoneinfo import ZoneInfo

from playout.model.loudness import DayLoudness
from web.kit import words


def loudness_words(day: DayLoudness, zone: ZoneInfo) -> str:
    """Write it as `−24.3 LKFS, from 7:00 PM −22.9 LKFS, highest peak −2.1 dBTP`."""
    parts = [words.loudness(day.lkfs)]
    if day.loudest_hour is not None and day.loudest_lkfs is not None:
        loudest = words.loudness(day.loudest_lkfs)
        parts.append(f"loudest hour from {words.clock(day.loudest_hour, zone)} {loudest}")
    if day.true_peak is not None:
        parts.append(f"highest peak {day.true_peak:.1f} dBTP".replace("-", "\N{MINUS SIGN}"))
    return ", ".join(parts)
