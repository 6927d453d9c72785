"""What viewers see from an instant on, as a person would say it: one stretch after another."""

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
"""Board or slate for less than this, while a deck is cued, is not worth a word."""
MOST_STRETCHES = 3
"""So many stretches are told; nobody reads on."""


class Sight(StrEnum):
    """What kind of picture viewers see."""

    PROGRAM = "program"
    LIVE = "live"
    OWN_SLATE = "its slate"
    """The slate of a live: it has not begun, or is in recess."""
    FILLING = "filler and bulletins"
    SLATE = "slate"
    """The slate that somebody put up by hand."""


@dataclass(frozen=True)
class ViewedStretch:
    """One thing that viewers see over [start, end), UTC."""

    shows: Sight
    item: ItemId | None
    """None for filling, a slate by hand and a source by hand."""
    title: str
    start: datetime
    end: datetime | None
    """None where nothing but a press, or the signal, ends it."""
    latest: datetime | None = None
    """For one without an end: the limit that staff set, if any."""
    into: timedelta = timedelta(0)
    """How far into a program it begins."""


def stretches(
    plan: Plan, rundown: Rundown, happened: AirState, now: datetime
) -> tuple[ViewedStretch, ...]:
    """The stretches from `now` on, the present one whole, up to one whose end nobody knows."""
    told: list[ViewedStretch] = []
    for one in _merged(plan, rundown, happened, now):
        if told and one.shows is not Sight.FILLING and _is_brief(told[-1]):
            told[-1] = one
        else:
            told.append(one)
        if one.end is None or len(told) > MOST_STRETCHES:
            break
    return tuple(told[:MOST_STRETCHES])


def _is_brief(one: ViewedStretch) -> bool:
    return (
        one.shows is Sight.FILLING and one.end is not None and one.end - one.start < BRIEF_FILLING
    )


def _merged(
    plan: Plan, rundown: Rundown, happened: AirState, now: datetime
) -> Iterator[ViewedStretch]:
    """Each run of cues that viewers take for one thing."""
    last: ViewedStretch | None = None
    for cue in rundown.cues:
        if cue.end <= now:
            continue
        one = shown(cue, plan, happened, now)
        same = last is not None and (last.shows, last.item) == (one.shows, one.item)
        if last is not None and same and one.shows is not Sight.SLATE and last.end == one.start:
            last = replace(last, end=one.end, latest=one.latest)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def shown(cue: Cue, plan: Plan, happened: AirState, now: datetime) -> ViewedStretch:
    """What viewers see during one cue, as far as anybody knows at `now`."""
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
