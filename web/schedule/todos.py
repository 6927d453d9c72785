"""The to-do list on top of a rundown: what needs a person, each with its fix as a button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from scheduler.queries.readiness import MissWarning
from scheduler.queries.rundown import DayRundown
from web.kit import words

OPEN_ONLY = "Open it"
"""Offered where the person may not change the channel: no button leads to what they cannot save."""


@dataclass(frozen=True)
class Todo:
    """One thing that needs a person, with its fix."""

    text: str
    airing: str
    fix: str
    ways: bool = False
    """True when the fix is one of the ways out of a clash."""
    soon: bool = False
    """True when it airs within a day, wherever that is."""


def todos(
    sheet: DayRundown,
    warned: Sequence[MissWarning],
    now: datetime,
    may_plan: Callable[[ChannelId], bool],
) -> list[Todo]:
    """All that needs a person, each with a button: what lost its air first, then what is near.

    The button names the fix for who may plan the channel, and looking for everybody else.
    """
    here, mine = sheet.channel, may_plan(sheet.channel.id)
    found = [
        Todo(
            f"{words.clock(f.at, here.tz)} {f.sentence}",
            f.airing,
            _fix("Choose what happens" if f.other else "Fix it", mine),
            ways=f.other is not None and mine,
        )
        for f in sheet.findings
    ]
    return [*_displaced(sheet, now, mine), *_elsewhere(sheet, warned, now, may_plan), *found]


def _fix(word: str, mine: bool) -> str:
    return word if mine else OPEN_ONLY


def _displaced(sheet: DayRundown, now: datetime, mine: bool) -> list[Todo]:
    """Airings that found no time; what a block or filler would have shown needs nobody. One whose
    time has passed goes by itself: as-run tells of it, and it is rescheduled from the desk."""
    tz = sheet.channel.tz
    over = {view.id for view in sheet.planned if view.airing.end <= now}
    return [
        Todo(
            f"{words.clock(gone.planned, tz)} {gone.title} does not air as planned. {gone.reason}",
            gone.airing,
            _fix("Move it", mine),
        )
        for gone in sheet.displaced
        if gone.airing is not None and gone.airing not in over
    ]


def _elsewhere(
    sheet: DayRundown,
    warned: Sequence[MissWarning],
    now: datetime,
    may_plan: Callable[[ChannelId], bool],
) -> list[Todo]:
    """Misses of the next day that the page shown does not list: another day or channel."""
    listed = {one.airing for one in sheet.findings}
    return [
        Todo(
            f"{one.channel.name}, in {words.about(one.finding.at - now)}: {one.finding.sentence}",
            one.finding.airing,
            _fix("Fix it", may_plan(one.channel.id)),
            soon=True,
        )
        for one in warned
        if one.finding.airing not in listed
    ]
