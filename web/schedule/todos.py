"""The to-do list on top of a rundown: what needs a person, each with its fix as a button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from scheduler.queries.readiness import MissWarning
from scheduler.queries.rundown import DayRundown
from web.kit import words

OPEN_ONLY = "Open it"
"""The button for a reader who may not change the channel: never a form they cannot save."""


@dataclass(frozen=True)
class Todo:
    """One thing that needs a person, with its fix."""

    text: str
    airing: str
    fix: str
    ways: bool = False
    """True when the fix is a choice among the ways out of an overlap."""
    soon: bool = False
    """True for an airing of the next 24 hours, on whatever day or channel."""


def todos(
    sheet: DayRundown,
    warned: Sequence[MissWarning],
    now: datetime,
    may_plan: Callable[[ChannelId], bool],
) -> list[Todo]:
    """Return what needs a person: airings without a time first, then findings on other pages, then
    the findings of this day.

    The button names the fix for a reader who may plan the channel, and only opens the airing for
    anyone else.
    """
    here, mine = sheet.channel, may_plan(sheet.channel.id)
    findings = [
        Todo(
            f"{words.clock(f.at, here.tz)} {f.sentence}",
            f.airing,
            _fix("Choose what happens" if f.other else "Fix it", mine),
            ways=f.other is not None and mine,
        )
        for f in sheet.findings
    ]
    return [*_displaced(sheet, now, mine), *_elsewhere(sheet, warned, now, may_plan), *findings]


def _fix(word: str, mine: bool) -> str:
    return word if mine else OPEN_ONLY


def _displaced(sheet: DayRundown, now: datetime, mine: bool) -> list[Todo]:
    """Return the airings that found no time, without what a block or filler would have shown.

    One whose time has passed is left out: as-run reports it, and it is rescheduled from the On air
    page.
    """
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
    """Return misses of the next 24 hours that this page does not list: other days or channels."""
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
