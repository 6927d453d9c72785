"""Words for sizes and counts; those for times and lengths come from `config.times`."""

from config.times import (
    about,
    civil,
    clock,
    day,
    length,
    long_day,
    short_day,
    time_of_day,
    timecode,
    when,
)

__all__ = [
    "a_count", "about", "civil", "clock", "timecode", "day", "length", "long_day", "loudness",
    "short_day", "size", "time_of_day", "when",
]  # fmt: skip


def size(count: int) -> str:
    """Return a file's size: `812 KB`, `1.4 GB`."""
    value = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000:
            return (
                f"{value:.0f} {unit}" if value >= 10 or unit == "bytes" else f"{value:.1f} {unit}"
            )
        value /= 1000
    return f"{value:.1f} TB"


def loudness(lkfs: float | None) -> str:
    """Return loudness in LKFS; `no sound` where nothing was measured."""
    return "no sound" if lkfs is None else f"{lkfs:.1f} LKFS".replace("-", "\u2212")


def a_count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 airing`, `3 airings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
