"""The timeline strip of a channel, planned above and as run below, as rectangles for an SVG."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.times import clock

WIDTH = 960
ROW_HEIGHT = 24
ROW_GAP = 4
ROWS_TOP = 16
LETTER_WIDTH = 6.2
"""Rough width of one letter of the strip's text, in SVG units."""


@dataclass(frozen=True)
class StripPiece:
    """One stretch to draw."""

    title: str
    start: datetime
    end: datetime
    bad: bool = False
    """True for a discrepancy with the plan: drawn outlined and named in the tooltip."""
    note: str = ""


@dataclass(frozen=True)
class StripBox:
    """A rectangle with as much of its title as fits."""

    x: float
    width: float
    text: str
    full: str
    bad: bool


@dataclass(frozen=True)
class Strip:
    """Everything the template draws."""

    planned: tuple[StripBox, ...]
    ran: tuple[StripBox, ...]
    hours: tuple[tuple[float, str], ...]
    here: float
    width: int = WIDTH
    height: int = ROWS_TOP + 2 * ROW_HEIGHT + ROW_GAP + 2


def draw(
    planned: list[StripPiece],
    ran: list[StripPiece],
    now: datetime,
    zone: ZoneInfo,
    back: timedelta = timedelta(hours=3),
    ahead: timedelta = timedelta(hours=1),
) -> Strip:
    """Return the strip from `back` before `now` to `ahead` after it, in the channel's zone."""
    first, last = now - back, now + ahead
    scale = WIDTH / (last - first).total_seconds()

    def x(at: datetime) -> float:
        return round((min(max(at, first), last) - first).total_seconds() * scale, 1)

    def boxes(pieces: list[StripPiece]) -> tuple[StripBox, ...]:
        inside = [p for p in pieces if p.end > first and p.start < last]
        return tuple(_box(p, x(p.start), x(p.end), zone) for p in inside)

    hour = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    marks = [hour.astimezone(now.tzinfo) + timedelta(hours=n) for n in range(1, 8)]
    hours = tuple((x(at), clock(at, zone)) for at in marks if first < at < last)
    return Strip(boxes(planned), boxes(ran), hours, x(now))


def _box(piece: StripPiece, left: float, right: float, zone: ZoneInfo) -> StripBox:
    width = max(1.0, round(right - left - 1, 1))
    letters = int((width - 8) / LETTER_WIDTH)
    text = piece.title if len(piece.title) <= letters else piece.title[: max(0, letters - 1)] + "…"
    full = f"{clock(piece.start, zone, seconds=True)} {piece.title}"
    return StripBox(
        left, width, text if letters > 3 else "", f"{full} {piece.note}".strip(), piece.bad
    )
