"""The fold of journalled events into the state of air."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import AssetKey, ItemId
from playout.model.cue_ids import Origin
from playout.model.events import (
    Absent,
    Event,
    Extended,
    Failed,
    Held,
    Off,
    On,
    Retried,
    Skipped,
)
from playout.model.plan import Rank
from playout.model.rundown import Cue
from playout.state.air_state import NAMES_KEPT_FOR, AirState, Prior, without_old
from playout.state.fold_lives import come_back, of_lives, off_a_live

CUES_KEPT_FOR = timedelta(hours=12)
"""How long cues that have ended stay in the folded state."""


def fold(events: Iterable[Event], happened: AirState | None = None) -> AirState:
    """Return the state after `events`, in their order, from `happened` or from an empty state."""
    state = happened or AirState()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: AirState, event: Event) -> AirState:
    """Return the state after one more event."""
    match event:
        case On():
            return _on(state, event.cue)
        case Off():
            return _off(state, event)
        case Failed():
            return _failed(state, event)
        case Retried():
            return _found(state, event)
        case Absent():
            return _absent(state, event)
        case Skipped() | Held() | Extended():
            return _asked(state, event)
        case _:
            return of_lives(state, event)


def _asked(state: AirState, event: Skipped | Held | Extended) -> AirState:
    """Apply an operator's skip, hold or extension of an item."""
    if isinstance(event, Skipped):
        state = _withdrawn(state, _to_come(state, event.item, event.at))
        return replace(
            state, skipped=without_old({**state.skipped, event.item: event.at}, event.at)
        )
    if isinstance(event, Held):
        return replace(state, held=state.held | {event.item})
    more = state.extended.get(event.item, timedelta(0)) + event.by
    return replace(state, extended={**state.extended, event.item: more})


def _on(state: AirState, cue: Cue) -> AirState:
    # An earlier cue takes the place of instances that were still to begin. None of them has been
    # on air: without this a program five seconds ahead was lost when the one before it failed.
    state = _withdrawn(state, [c for c in state.pinned if c.start >= cue.start or c.id == cue.id])
    before = state.pinned
    kept = tuple(c for c in before if cue.start - c.end < CUES_KEPT_FOR)
    state = _remembering(state, before[: len(before) - len(kept)], cue.start)
    known = {c.id for c in kept}
    prior = {id: earlier for id, earlier in state.prior.items() if id in known}
    state = replace(state, pinned=(*kept, cue), prior=prior)
    if cue.origin is Origin.OFF_AIR:
        state = replace(state, since=cue.end)
    last = before[-1] if before else None
    if cue.item is not None:
        state = come_back(_on_item(state, cue, cue.item), last, cue.item)
    state = _interrupting(state, last, cue)
    return _filling(state, cue)


def _remembering(state: AirState, gone: Iterable[Cue], now: datetime) -> AirState:
    """Keep when the files of cues were last on air that the state no longer holds."""
    # A cue that is withdrawn never airs, and one that grew old did: so this is the moment to count.
    files = {
        cue.media.material: state.ended.get(cue.id, cue.end)
        for cue in gone
        if cue.item and cue.media
    }
    if not files:
        return state
    kept = {key: at for key, at in state.played.items() if key not in files}
    return replace(state, played=without_old({**kept, **files}, now))


def _on_item(state: AirState, cue: Cue, item: ItemId) -> AirState:
    prior = Prior(state.aired.get(item), item in state.interrupted, state.released.get(item))
    released = {known: at for known, at in state.released.items() if known != item}
    return replace(
        state,
        prior={**state.prior, cue.id: prior},
        aired=without_old({**state.aired, item: cue.start}, cue.start),
        interrupted=state.interrupted - {item},
        released=released,
    )


def _interrupting(state: AirState, before: Cue | None, cue: Cue) -> AirState:
    """Mark the item under an override or emergency, so that it rejoins in progress afterwards."""
    if before is None or before.item is None or before.item == cue.item:
        return state
    if cue.rank < Rank.OVERRIDE or before.rank >= Rank.OVERRIDE or before.id in state.ended:
        return state
    return replace(state, interrupted=state.interrupted | {before.item})


def _filling(state: AirState, cue: Cue) -> AirState:
    gap = cue.planned if cue.origin is Origin.FILL else None
    if gap != state.gap:
        state = replace(state, gap=gap, gap_filler=state.filler)
    if cue.rank == Rank.FILLER and cue.media is not None:
        aired = without_old({**state.filler, cue.media.material: cue.start}, cue.start)
        state = replace(state, filler=aired)
    return state


def _off(state: AirState, event: Off) -> AirState:
    state = replace(state, ended=without_old({**state.ended, event.cue: event.at}, event.at))
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
        released=without_old(released, event.at),
    )


def _to_come(state: AirState, item: ItemId, at: datetime) -> list[Cue]:
    """Return instances of the item that have not begun by `at`."""
    return [cue for cue in state.pieces(item) if cue.start > at]


def _withdrawn(state: AirState, cues: Iterable[Cue]) -> AirState:
    """Take back instances that had no air, and restore what was known of their items before.

    Example: A is on until 10:10. At 10:09:55 B is pinned for 10:10, and so counts as aired. A fails
    at 10:09:57; the slate that covers it begins then, and B gives way to the slate. B no longer
    counts as aired, waits for its start again, and is pinned once more behind the slate.
    """
    gone = {cue.id: cue.item for cue in cues}
    if not gone:
        return state
    aired, released, interrupted = dict(state.aired), dict(state.released), set(state.interrupted)
    # The newest first, so that of two instances of one item the elder has the last word.
    for cue, item in reversed(gone.items()):
        known = state.prior.get(cue)
        if item is not None and known is not None:
            _put(aired, item, known.aired)
            _put(released, item, known.released)
            interrupted = (interrupted | {item}) if known.interrupted else (interrupted - {item})
    return replace(
        state,
        pinned=tuple(cue for cue in state.pinned if cue.id not in gone),
        prior={cue: known for cue, known in state.prior.items() if cue not in gone},
        aired=aired,
        released=released,
        interrupted=frozenset(interrupted),
    )


def _put(known: dict[ItemId, datetime], item: ItemId, at: datetime | None) -> None:
    if at is None:
        known.pop(item, None)
    else:
        known[item] = at


def _absent(state: AirState, event: Absent) -> AirState:
    """Restart at `event.until`; an instance that was seen on the old clock has had its air."""
    state = _withdrawn(state, [cue for cue in state.pinned if cue.id in event.unseen])
    pinned = tuple(cue for cue in state.pinned if cue.start < event.until)
    return replace(state, since=event.until, pinned=pinned, gap=None)


def _failed(state: AirState, event: Failed) -> AirState:
    if event.item is not None:
        state = _withdrawn(state, _to_come(state, event.item, event.at))
        state = replace(state, failed={**state.failed, event.item: event.reason})
        state = _counted(state, event.item, event.at)
    if event.asset is not None:
        doomed = event.asset
        state = _counted(state, doomed, event.at)
        kept = [c for c in state.pinned if c.start <= event.at or not _fills_with(c, doomed)]
        state = replace(state, pinned=tuple(kept))
        unplayable = without_old({**state.unplayable, event.asset: event.at}, event.at)
        state = replace(state, unplayable=unplayable)
    return state


def _fills_with(cue: Cue, asset: AssetKey) -> bool:
    return cue.item is None and cue.media is not None and cue.media.key == asset


def _counted(state: AirState, name: ItemId | AssetKey, at: datetime) -> AirState:
    """Record one more failure of an item or file."""
    known = {one: when for one, when in state.failures.items() if at - when[-1] < NAMES_KEPT_FOR}
    return replace(state, failures={**known, name: (*known.get(name, ()), at)})


def _found(state: AirState, event: Retried) -> AirState:
    """Let a failed item or file be tried again; an item that broke on air rejoins in progress."""
    failed = {item: why for item, why in state.failed.items() if item != event.item}
    unplayable = {key: at for key, at in state.unplayable.items() if key != event.asset}
    if event.item is not None and state.broke(event.item):
        state = replace(state, interrupted=state.interrupted | {event.item})
    return replace(state, failed=failed, unplayable=unplayable)
