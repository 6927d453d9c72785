"""What viewers see from an instant on, as a person would say it: one stretch after another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import ItemId
from playout.direction.live_picture import picture
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Plan, Rank
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState

BRIEF = timedelta(seconds=10)
"""Board or slate for less than this, while a deck is cued, is not worth a word."""
TOLD = 3
"""So many stretches are told; nobody reads on."""


class Shows(StrEnum):
    """What kind of picture viewers see."""

    PROGRAM = "program"
    LIVE = "live"
    OWN_SLATE = "its slate"
    """The slate of a live: it has not begun, or is in recess."""
    FILLING = "filler and bulletins"
    SLATE = "slate"
    """The slate that somebody put up by hand."""


@dataclass(frozen=True)
class Stretch:
    """One thing that viewers see over [start, end), UTC."""

    shows: Shows
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
) -> tuple[Stretch, ...]:
    """The stretches from `now` on, the present one whole, up to one whose end nobody knows."""
    told: list[Stretch] = []
    for one in _merged(plan, rundown, happened, now):
        if told and one.shows is not Shows.FILLING and _is_brief(told[-1]):
            told[-1] = one
        else:
            told.append(one)
        if one.end is None or len(told) > TOLD:
            break
    return tuple(told[:TOLD])


def _is_brief(one: Stretch) -> bool:
    return one.shows is Shows.FILLING and one.end is not None and one.end - one.start < BRIEF


def _merged(plan: Plan, rundown: Rundown, happened: AirState, now: datetime) -> Iterator[Stretch]:
    """Each run of cues that viewers take for one thing."""
    last: Stretch | None = None
    for cue in rundown.cues:
        if cue.end <= now:
            continue
        one = shown(cue, plan, happened, now)
        same = last is not None and (last.shows, last.item) == (one.shows, one.item)
        if last is not None and same and one.shows is not Shows.SLATE and last.end == one.start:
            last = replace(last, end=one.end, latest=one.latest)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def shown(cue: Cue, plan: Plan, happened: AirState, now: datetime) -> Stretch:
    """What viewers see during one cue, as far as anybody knows at `now`."""
    item = plan.item(cue.item)
    sight = _sight(cue, happened, now)
    filling = sight is Shows.FILLING
    into = cue.offset - item.in_point if item is not None and cue.kind is ContentKind.FILE else None
    return Stretch(
        sight,
        cue.item,
        "" if filling else cue.title,
        cue.start,
        None if cue.held else cue.end,
        latest=item.hard_limit if item is not None and cue.held else None,
        into=max(into or timedelta(0), timedelta(0)),
    )


def _sight(cue: Cue, happened: AirState, now: datetime) -> Shows:
    if cue.item is None and cue.rank <= Rank.FILLER:
        return Shows.FILLING
    if cue.kind is ContentKind.LIVE:
        if cue.item is None:
            return Shows.LIVE
        on_source = picture(cue, happened, now).layer is Layer.DECK
        return Shows.LIVE if on_source else Shows.OWN_SLATE
    if cue.kind is ContentKind.SLATE and cue.item is None:
        return Shows.SLATE
    return Shows.PROGRAM
