"""The fold of events about lives, sources, recordings and messages into the state of air."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from config.names import AiringId, ItemId
from playout.model.events import (
    Alerted,
    Begun,
    Cleared,
    Event,
    LiveClosed,
    Marked,
    Off,
    Overridden,
    Recessed,
    Recorded,
    Resumed,
    SignalBack,
    SignalLost,
)
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.plan import ContentKind
from playout.model.recording import Recording
from playout.model.rundown import Cue
from playout.state.air_state import AirState, without_old
from playout.state.fold_graphics import of_graphics

Key = TypeVar("Key")
RECORDINGS_KEPT_FOR = timedelta(days=90)
"""How long a replay without a file of its own can find its recording: the longest replay rule
allows 60 days, and staff may move such a replay to a later month."""


def of_lives(state: AirState, event: Event) -> AirState:
    """Return the state after an event about a live, a source, a recording or a message."""
    match event:
        case SignalLost():
            return replace(state, lost={**state.lost, event.source: event.at})
        case SignalBack():
            return replace(state, lost=_without(state.lost, event.source))
        case Recorded():
            return replace(state, recordings=_recorded(state, event))
        case Overridden():
            overrides = {k: v for k, v in state.overrides.items() if _recent(v.until, event.at)}
            return replace(state, overrides={**overrides, event.cue: event})
        case Alerted():
            return replace(state, message=event.message)
        case Cleared():
            return replace(state, message=None)
        case Keyed() | Unkeyed() | BugSet():
            return of_graphics(state, event)
        case _:
            return _of_an_item(state, event)


def _of_an_item(state: AirState, event: Event) -> AirState:
    match event:
        case Begun():
            begun = {event.item: event.at, **without_old(state.begun, event.at)}
            return replace(state, begun=begun, recess=_without(state.recess, event.item))
        case Recessed():
            recess = {event.item: event.at, **without_old(state.recess, event.at)}
            return replace(state, recess=recess)
        case Resumed():
            resumed = without_old({**state.resumed, event.item: event.at}, event.at)
            return replace(state, recess=_without(state.recess, event.item), resumed=resumed)
        case Marked():
            marked = _without(state.marked, event.item)
            if event.begins is not None:
                marked = without_old({**marked, event.item: event.begins}, event.at)
            return replace(state, marked=marked)
        case LiveClosed():
            return _over(state, event.item, event.at)
        case _:
            return state


def off_a_live(state: AirState, cue: Cue | None, event: Off) -> AirState:
    """End a live's session, unless it only gave way to something else."""
    if cue is None or cue.item is None or cue.kind is not ContentKind.LIVE:
        return state
    if event.why == "provisional":
        provisional = without_old({**state.provisional, cue.item: event.at}, event.at)
        return replace(state, provisional=provisional)
    return _over(state, cue.item, event.at) if event.why == "adjourned" else state


def come_back(state: AirState, before: Cue | None, item: ItemId) -> AirState:
    """Put an adjourned live back in session; the item that aired in its place resumes
    afterwards."""
    if item not in state.provisional and item not in state.over:
        return state
    interrupted = state.interrupted - {item}
    if before is not None and before.item is not None and before.id not in state.ended:
        interrupted |= {before.item}
    return replace(
        state,
        interrupted=interrupted,
        provisional=_without(state.provisional, item),
        over=_without(state.over, item),
    )


def _over(state: AirState, item: ItemId, at: datetime) -> AirState:
    return replace(
        state,
        over=without_old({**state.over, item: at}, at),
        provisional=_without(state.provisional, item),
        recess=_without(state.recess, item),
    )


def _recorded(state: AirState, event: Recorded) -> dict[AiringId, Recording]:
    kept = {
        airing: known
        for airing, known in state.recordings.items()
        if event.at - known.began < RECORDINGS_KEPT_FOR
    }
    return {**kept, event.recording.airing: event.recording}


def _recent(at: datetime, now: datetime) -> bool:
    return now - at < timedelta(days=1)


def _without(known: Mapping[Key, datetime], key: Key) -> dict[Key, datetime]:
    return {one: at for one, at in known.items() if one != key}
