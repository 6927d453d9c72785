"""The air from an instant on, as stretches that a person would name one after another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import ItemId
from playout.direction.live_shot import live_shot
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Plan, Rank
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState

BRIEF_FILLING = timedelta(seconds=10)
"""Filling shorter than this is left out: it only bridges the time in which a deck is cued."""
MOST_STRETCHES = 3
"""More than three stretches are too much to read before pressing a button."""


class Sight(StrEnum):
    """The kind of picture that viewers see."""

    PROGRAM = "program"
    LIVE = "live"
    OWN_SLATE = "its slate"
    """The slate of a live that has not begun or is in recess."""
    FILLING = "filler and bulletins"
    SLATE = "slate"
    """The slate that somebody put up by hand."""


@dataclass(frozen=True)
class ViewedStretch:
    """One thing that viewers see over [start, end), UTC."""

    shows: Sight
    item: ItemId | None
    """None for filling, and for a slate or a source put up by hand."""
    title: str
    start: datetime
    end: datetime | None
    """None if only an operator or the signal ends it."""
    latest: datetime | None = None
    """For a stretch without an end: the hard limit, if staff set one."""
    into: timedelta = timedelta(0)
    """How far into the program it begins."""


def stretches(
    plan: Plan, rundown: Rundown, happened: AirState, now: datetime
) -> tuple[ViewedStretch, ...]:
    """Return what viewers see from `now` on, in up to three stretches.

    The first is the whole present stretch. A stretch whose end is unknown is the last.
    """
    viewed: list[ViewedStretch] = []
    for stretch in _merged(plan, rundown, happened, now):
        if viewed and stretch.shows is not Sight.FILLING and _is_brief(viewed[-1]):
            viewed[-1] = stretch
        else:
            viewed.append(stretch)
        if stretch.end is None or len(viewed) > MOST_STRETCHES:
            break
    return tuple(viewed[:MOST_STRETCHES])


def _is_brief(stretch: ViewedStretch) -> bool:
    if stretch.shows is not Sight.FILLING or stretch.end is None:
        return False
    return stretch.end - stretch.start < BRIEF_FILLING


def _merged(
    plan: Plan, rundown: Rundown, happened: AirState, now: datetime
) -> Iterator[ViewedStretch]:
    """Yield a stretch for each run of cues that viewers take for one thing."""
    last: ViewedStretch | None = None
    for cue in rundown.cues:
        if cue.end <= now:
            continue
        stretch = shown(cue, plan, happened, now)
        same = last is not None and (last.shows, last.item) == (stretch.shows, stretch.item)
        joins = same and stretch.shows is not Sight.SLATE
        if last is not None and joins and last.end == stretch.start:
            last = replace(last, end=stretch.end, latest=stretch.latest)
            continue
        if last is not None:
            yield last
        last = stretch
    if last is not None:
        yield last


def shown(cue: Cue, plan: Plan, happened: AirState, now: datetime) -> ViewedStretch:
    """Return what viewers see during one cue, as far as that is known at `now`."""
    item = plan.item(cue.item)
    sight = _sight(cue, happened, now)
    filling = sight is Sight.FILLING
    into = cue.offset - item.in_point if item is not None and cue.kind is ContentKind.FILE else None
    return ViewedStretch(
        sight,
        cue.item,
        "" if filling else cue.title,
        cue.start,
        None if cue.held else cue.end,
        latest=item.hard_limit if item is not None and cue.held else None,
        into=max(into or timedelta(0), timedelta(0)),
    )


def _sight(cue: Cue, happened: AirState, now: datetime) -> Sight:
    if cue.item is None and cue.rank <= Rank.FILLER:
        return Sight.FILLING
    if cue.kind is ContentKind.LIVE:
        if cue.item is None:
            return Sight.LIVE
        on_source = live_shot(cue, happened, now).layer is Layer.DECK
        return Sight.LIVE if on_source else Sight.OWN_SLATE
    if cue.kind is ContentKind.SLATE and cue.item is None:
        return Sight.SLATE
    return Sight.PROGRAM
