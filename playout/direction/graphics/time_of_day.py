"""The rule for the clock in a corner of the picture."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.steps import last_step
from playout.direction.graphics.shown import SLIDES, GraphicsScene, Shown, TimeFace, Zone, joined
from playout.model.graphics import ClockFace, Corner
from playout.model.layered import DigitForm

STEP = timedelta(minutes=15)
"""Zones change their offset on quarter hours of UTC only."""
STEPS_AHEAD = 8
OTHER_SIDE = {
    Corner.TOP_LEFT: Corner.TOP_RIGHT, Corner.TOP_RIGHT: Corner.TOP_LEFT,
    Corner.BOTTOM_LEFT: Corner.BOTTOM_RIGHT, Corner.BOTTOM_RIGHT: Corner.BOTTOM_LEFT,
}  # fmt: skip


def clocks(scene: GraphicsScene) -> list[Shown]:
    """Return the clock for the next hours, in two pieces around a change of the zone's offset.

    It goes to the other side where the bug has its corner.
    """
    rule, bug = scene.rules.clock, scene.rules.bug
    if rule is None:
        return []
    corner = (
        rule.corner if bug is None or bug.corner is not rule.corner else OTHER_SIDE[rule.corner]
    )
    zone = Zone.BAND if corner is Corner.BOTTOM_LEFT else Zone.CORNER
    begin = last_step(scene.now, STEP)
    pieces = []
    for number in range(STEPS_AHEAD):
        at = begin + number * STEP
        face = TimeFace(corner, _form(rule), offset_at(scene.rules.zone, at))
        over = () if rule.over_programs else SLIDES
        for begins, ends in _hours(rule, at, at + STEP):
            pieces.append(Shown("clock", face, zone, begins, ends, over=over))
    return joined(pieces)


def _hours(rule: ClockFace, at: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of [at, until) in which the clock is shown."""
    if not rule.hours:
        yield at, until
    for one in rule.hours:
        if one.begins < until and one.ends > at:
            yield max(at, one.begins), min(until, one.ends)


def _form(rule: ClockFace) -> DigitForm:
    if rule.seconds:
        return DigitForm.SECONDS_12 if rule.twelve_hours else DigitForm.SECONDS_24
    return DigitForm.HOURS_12 if rule.twelve_hours else DigitForm.HOURS_24


def offset_at(zone: str, at: datetime) -> int:
    """Return the seconds by which a zone is ahead of UTC; 0 for one that is not known."""
    known = _zone(zone)
    offset = at.astimezone(known).utcoffset() if known is not None else None
    return round(offset.total_seconds()) if offset is not None else 0


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
