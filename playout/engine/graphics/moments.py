"""The moments of a graphic: opacity, place and digits of one tick, from that tick alone."""

from datetime import datetime, timedelta
from math import floor

from playout.model.layered import Crawling, DigitForm, Digits

OPAQUE = 256
"""Opacity is counted in 256ths."""
MOST_LEFT = 99 * 60 + 59
_SECOND = timedelta(seconds=1)


def opacity(tick: int, first: int, end: int, fade: int) -> int:
    """Return the opacity on `tick` of a graphic shown over the ticks [first, end), of which it
    comes over the first `fade` and goes over the last.

    Example: over ten ticks with a fade of four it has 1/5, 2/5, 3/5, 4/5, 1, 1, 4/5, 3/5, 2/5, 1/5.
    """
    near = min(tick - first, end - 1 - tick)
    if near < 0:
        return 0
    return min(OPAQUE, OPAQUE * (near + 1) // (fade + 1)) if near < fade else OPAQUE


def text_left(crawl: Crawling, box: int, ticks: int) -> int:
    """Return the left edge of a crawl's text within a box of `box` columns, `ticks` after it began.

    Example: in a box of 100 columns a text that moves 5/2 columns a tick stands at 100, 98, 95, 93,
    90: wholly outside at first, and 50 columns further every 20 ticks exactly.
    """
    return box - floor((ticks % crawl.pass_ticks(box)) * crawl.pixels)


def digits_at(digits: Digits, instant: datetime) -> str:
    """Return the characters of `digits` at a UTC instant."""
    if digits.form is DigitForm.LEFT:
        left = -((instant - digits.target) // _SECOND) if digits.target is not None else 0
        minutes, seconds = divmod(max(0, min(left, MOST_LEFT)), 60)
        return f"{minutes:02}:{seconds:02}"
    local = instant + timedelta(seconds=digits.offset)
    twelve = digits.form in (DigitForm.HOURS_12, DigitForm.SECONDS_12)
    hours = f"{(local.hour + 11) % 12 + 1:>2}" if twelve else f"{local.hour:02}"
    with_seconds = digits.form in (DigitForm.SECONDS_12, DigitForm.SECONDS_24)
    return f"{hours}:{local.minute:02}{f':{local.second:02}' if with_seconds else ''}"
