"""What the facts about lives, sources, recordings and messages change in the state of air."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from config.names import AiringId, ItemId
from playout.model.events import (
    Alerted,
    Begun,
    Cleared,
    Closed,
    Event,
    Marked,
    Off,
    Overridden,
    Recessed,
    Recorded,
    Resumed,
    SignalBack,
    SignalLost,
)
from playout.model.plan import Kind
from playout.model.recording import Recording
from playout.model.rundown import Cue
from playout.state.air_state import Happened, young

K = TypeVar("K")
KEEP_RECORDINGS = timedelta(days=90)
"""How long a recording can be named by a replay that has no file of its own: the longest replay
rule allows 60 days, and staff may move such a replay to a later month."""


def of_lives(state: Happened, event: Event) -> Happened:
    """The state after a fact about a live, a source, a recording or a message."""
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
        case _:
            return _of_an_item(state, event)


def _of_an_item(state: Happened, event: Event) -> Happened:
    match event:
        case Begun():
            begun = {event.item: event.at, **young(state.begun, event.at)}
            return replace(state, begun=begun, recess=_without(state.recess, event.item))
        case Recessed():
            recess = {event.item: event.at, **young(state.recess, event.at)}
            return replace(state, recess=recess)
        case Resumed():
            resumed = young({**state.resumed, event.item: event.at}, event.at)
            return replace(state, recess=_without(state.recess, event.item), resumed=resumed)
        case Marked():
            marked = _without(state.marked, event.item)
            if event.begins is not None:
                marked = young({**marked, event.item: event.begins}, event.at)
            return replace(state, marked=marked)
        case Closed():
            return _over(state, event.item, event.at)
        case _:
            return state


def off_a_live(state: Happened, cue: Cue | None, event: Off) -> Happened:
    """A live was ended; one that only gave way to something else is still in session."""
    if cue is None or cue.item is None or cue.kind is not Kind.LIVE:
        return state
    if event.why == "provisional":
        provisional = young({**state.provisional, cue.item: event.at}, event.at)
        return replace(state, provisional=provisional)
    return _over(state, cue.item, event.at) if event.why == "adjourned" else state


def come_back(state: Happened, before: Cue | None, item: ItemId) -> Happened:
    """A live that was adjourned is on air again; what stood in for it comes back afterwards."""
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


def _over(state: Happened, item: ItemId, at: datetime) -> Happened:
    return replace(
        state,
        over=young({**state.over, item: at}, at),
        provisional=_without(state.provisional, item),
        recess=_without(state.recess, item),
    )


def _recorded(state: Happened, event: Recorded) -> dict[AiringId, Recording]:
    kept = {
        airing: known
        for airing, known in state.recordings.items()
        if event.at - known.began < KEEP_RECORDINGS
    }
    return {**kept, event.recording.airing: event.recording}


def _recent(at: datetime, now: datetime) -> bool:
    return now - at < timedelta(days=1)


def _without(known: Mapping[K, datetime], key: K) -> dict[K, datetime]:
    return {one: at for one, at in known.items() if one != key}
