"""The state of air: a fold over the facts that the host has journalled."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import AssetKey, ItemId
from playout.events import (
    Absent,
    Alerted,
    Begun,
    Cleared,
    Closed,
    Event,
    Extended,
    Failed,
    Found,
    Held,
    Marked,
    Message,
    Off,
    On,
    Overridden,
    Placement,
    Recessed,
    Recorded,
    Resumed,
    SignalBack,
    SignalLost,
    Skipped,
)
from playout.filler import gap_of
from playout.happened import KEEP_NAMES, Happened, young
from playout.lives import come_back, of_lives, off_a_live
from playout.rundown import Cue, Rank

__all__ = [
    "Absent",
    "Alerted",
    "Begun",
    "Cleared",
    "Closed",
    "Event",
    "Extended",
    "Failed",
    "Found",
    "Happened",
    "Held",
    "Marked",
    "Message",
    "Off",
    "On",
    "Overridden",
    "Placement",
    "Recessed",
    "Recorded",
    "Resumed",
    "SignalBack",
    "SignalLost",
    "Skipped",
    "apply",
    "fold",
]

KEEP_CUES = timedelta(hours=12)
"""How long cues that have ended stay in the folded state."""


def fold(events: Iterable[Event], happened: Happened | None = None) -> Happened:
    """The state after `events`, in their order, from `happened` or from nothing."""
    state = happened or Happened()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: Happened, event: Event) -> Happened:
    """The state after one more event."""
    match event:
        case On():
            return _on(state, event.cue)
        case Off():
            return _off(state, event)
        case Failed():
            return _failed(state, event)
        case Found():
            return _found(state, event)
        case Absent():
            pinned = tuple(cue for cue in state.pinned if cue.start < event.until)
            return replace(state, since=event.until, pinned=pinned, gap=None)
        case Skipped() | Held() | Extended():
            return _asked(state, event)
        case _:
            return of_lives(state, event)


def _asked(state: Happened, event: Skipped | Held | Extended) -> Happened:
    """What an operator asked of an item."""
    if isinstance(event, Skipped):
        state = _unpinned(state, event.item, event.at)
        return replace(state, skipped=young({**state.skipped, event.item: event.at}, event.at))
    if isinstance(event, Held):
        return replace(state, held=state.held | {event.item})
    more = state.extended.get(event.item, timedelta(0)) + event.by
    return replace(state, extended={**state.extended, event.item: more})


def _on(state: Happened, cue: Cue) -> Happened:
    before = [c for c in state.pinned if c.start < cue.start and c.id != cue.id]
    kept = tuple(c for c in before if cue.start - c.end < KEEP_CUES)
    state = replace(state, pinned=(*kept, cue))
    if cue.id.startswith("off-"):
        state = replace(state, since=cue.end)
    last = before[-1] if before else None
    if cue.item is not None:
        state = come_back(_on_item(state, cue, cue.item), last, cue.item)
    state = _interrupting(state, last, cue)
    return _filling(state, cue)


def _on_item(state: Happened, cue: Cue, item: ItemId) -> Happened:
    released = {known: at for known, at in state.released.items() if known != item}
    return replace(
        state,
        aired=young({**state.aired, item: cue.start}, cue.start),
        interrupted=state.interrupted - {item},
        released=released,
    )


def _interrupting(state: Happened, before: Cue | None, cue: Cue) -> Happened:
    """Whatever an override or an emergency falls upon comes back in progress afterwards."""
    if before is None or before.item is None or before.item == cue.item:
        return state
    if cue.rank < Rank.OVERRIDE or before.rank >= Rank.OVERRIDE or before.id in state.ended:
        return state
    return replace(state, interrupted=state.interrupted | {before.item})


def _filling(state: Happened, cue: Cue) -> Happened:
    gap = gap_of(cue.id)
    if gap != state.gap:
        state = replace(state, gap=gap, gap_filler=state.filler)
    if cue.rank == Rank.FILLER and cue.media is not None:
        aired = young({**state.filler, cue.media.key: cue.start}, cue.start)
        state = replace(state, filler=aired)
    return state


def _off(state: Happened, event: Off) -> Happened:
    state = replace(state, ended=young({**state.ended, event.cue: event.at}, event.at))
    ended = next((cue for cue in state.pinned if cue.id == event.cue), None)
    item = ended.item if ended is not None else None
    state = off_a_live(state, ended, event)
    if event.why == "failed":
        state = _counted(state, item, event.at) if item is not None else state
        return replace(state, broken=frozenset(state.broken & set(state.ended)) | {event.cue})
    if event.why == "taken" and item is not None:
        return replace(state, taken_over=state.taken_over | {item})
    if event.why != "rejoined":
        return state
    released = dict(state.released)
    if item is not None:
        released[item] = event.at
    return replace(
        state,
        interrupted=state.interrupted | state.taken_over,
        taken_over=frozenset(),
        released=young(released, event.at),
    )


def _unpinned(state: Happened, item: ItemId, at: datetime) -> Happened:
    """The item was about to air and will not: it has had no air."""
    kept = tuple(cue for cue in state.pinned if cue.item != item or cue.start <= at)
    if len(kept) == len(state.pinned):
        return state
    aired = dict(state.aired)
    if all(cue.item != item for cue in kept):
        aired.pop(item, None)
    return replace(state, pinned=kept, aired=aired)


def _failed(state: Happened, event: Failed) -> Happened:
    if event.item is not None:
        state = _unpinned(state, event.item, event.at)
        state = replace(state, failed={**state.failed, event.item: event.reason})
        state = _counted(state, event.item, event.at)
    if event.asset is not None:
        doomed = event.asset
        state = _counted(state, doomed, event.at)
        kept = [c for c in state.pinned if c.start <= event.at or not _fills_with(c, doomed)]
        state = replace(state, pinned=tuple(kept))
        unplayable = young({**state.unplayable, event.asset: event.at}, event.at)
        state = replace(state, unplayable=unplayable)
    return state


def _fills_with(cue: Cue, asset: AssetKey) -> bool:
    return cue.item is None and cue.media is not None and cue.media.key == asset


def _counted(state: Happened, name: ItemId | AssetKey, at: datetime) -> Happened:
    """Remember one more failure."""
    known = {one: when for one, when in state.failures.items() if at - when[-1] < KEEP_NAMES}
    return replace(state, failures={**known, name: (*known.get(name, ()), at)})


def _found(state: Happened, event: Found) -> Happened:
    """It is tried again; an item that broke on air comes back in progress."""
    failed = {item: why for item, why in state.failed.items() if item != event.item}
    unplayable = {key: at for key, at in state.unplayable.items() if key != event.asset}
    if event.item is not None and state.broke(event.item):
        state = replace(state, interrupted=state.interrupted | {event.item})
    return replace(state, failed=failed, unplayable=unplayable)
