"""The loudness of a day and of an airing in words."""

from zoneinfo import ZoneInfo

from playout.model.loudness import CUE_JUDGED_FROM, DayLoudness, Measured
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


def verdict(heard: Measured | None) -> str:
    """Write how loud an airing was against the target: `3.1 dB too loud`, `on target`."""
    if heard is None:
        return "not measured"
    if heard.lkfs is None:
        return "no sound"
    if heard.seconds < CUE_JUDGED_FROM.total_seconds():
        return "too short to judge"
    off = heard.off_target
    return f"{abs(off):.1f} dB too {'loud' if off > 0 else 'quiet'}" if off else "on target"


def airing_words(heard: Measured | None) -> str:
    """Write how loud an airing was as `−20.9 LKFS, 3.1 dB too loud`."""
    if heard is None or heard.lkfs is None:
        return verdict(heard)
    return f"{words.loudness(heard.lkfs)}, {verdict(heard)}"
