"""What really happened on air: events the host journals, and the state folded from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import Field

from config.names import AssetKey, CueId, ItemId
from playout.filler import gap_of
from playout.rundown import Cue, Rank
from playout.source import STRICT

K = TypeVar("K")

KEEP_CUES = timedelta(hours=12)
"""How long cues that have ended stay in the folded state."""
KEEP_NAMES = timedelta(days=8)
"""How long it is remembered that an item has aired, failed or been skipped."""


@dataclass(frozen=True)
class On:
    """A cue became an instance: from now on no edit changes its start, its file or its place."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: Cue
    what: Literal["on"] = "on"


@dataclass(frozen=True)
class Off:
    """A cue on air was ended before its time.

    `rejoined` ends an operator's override; `taken` means the operator put something else on.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueId
    at: datetime
    why: Literal["adjourned", "failed", "rejoined", "taken"]
    reason: str = ""
    what: Literal["off"] = "off"


@dataclass(frozen=True)
class Skipped:
    """The operator dropped an item before it aired."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemId
    at: datetime
    what: Literal["skipped"] = "skipped"


@dataclass(frozen=True)
class Held:
    """The operator keeps a live item on until it is adjourned."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemId
    at: datetime
    what: Literal["held"] = "held"


@dataclass(frozen=True)
class Extended:
    """The operator gave an item more time."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemId
    by: timedelta
    at: datetime
    what: Literal["extended"] = "extended"


@dataclass(frozen=True)
class Failed:
    """An item or a filler file cannot be played: its media is missing or no deck can cue it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    reason: str
    item: ItemId | None = None
    asset: AssetKey | None = None
    what: Literal["failed"] = "failed"


@dataclass(frozen=True)
class Found:
    """A file reported as failed can be played again."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    item: ItemId | None = None
    asset: AssetKey | None = None
    what: Literal["found"] = "found"


@dataclass(frozen=True)
class Absent:
    """The host aired nothing of the plan before this instant."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    until: datetime
    what: Literal["absent"] = "absent"


Event = Annotated[
    On | Off | Skipped | Held | Extended | Failed | Found | Absent, Field(discriminator="what")
]


@dataclass(frozen=True)
class Happened:
    """The fold of a host's events. Empty, it means: all went as planned."""

    pinned: tuple[Cue, ...] = ()
    """Instances in order of start; the last is on air or about to be."""
    ended: Mapping[CueId, datetime] = field(default_factory=dict)
    """Cues ended before their time, and when."""
    broken: frozenset[CueId] = frozenset()
    """Those of them that ended because their media failed."""
    aired: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Items that were given air, and when last."""
    interrupted: frozenset[ItemId] = frozenset()
    """Items that come back in progress when what interrupted them ends."""
    taken_over: frozenset[ItemId] = frozenset()
    """Items an operator's take ended; a rejoin brings them back."""
    released: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Items taken early and given back by a rejoin: a later planned start airs as planned."""
    skipped: Mapping[ItemId, datetime] = field(default_factory=dict)
    held: frozenset[ItemId] = frozenset()
    extended: Mapping[ItemId, timedelta] = field(default_factory=dict)
    failed: Mapping[ItemId, str] = field(default_factory=dict)
    """Items that cannot be played, and why."""
    unplayable: Mapping[AssetKey, datetime] = field(default_factory=dict)
    """Files that cannot be played, and since when."""
    filler: Mapping[AssetKey, datetime] = field(default_factory=dict)
    """When each filler clip last began to air."""
    gap: datetime | None = None
    """Start of the gap being filled now; None while an item is on."""
    gap_filler: Mapping[AssetKey, datetime] = field(default_factory=dict)
    """`filler` as it stood when that gap began."""
    since: datetime | None = None
    """Start of the present unbroken stretch on air; items over before it were missed."""


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
        case _:
            return _asked(state, event)


def _asked(state: Happened, event: Skipped | Held | Extended) -> Happened:
    """What an operator asked of an item."""
    if isinstance(event, Skipped):
        state = _unpinned(state, event.item, event.at)
        return replace(state, skipped=_young({**state.skipped, event.item: event.at}, event.at))
    if isinstance(event, Held):
        return replace(state, held=state.held | {event.item})
    more = state.extended.get(event.item, timedelta(0)) + event.by
    return replace(state, extended={**state.extended, event.item: more})


def _young(known: Mapping[K, datetime], now: datetime) -> dict[K, datetime]:
    return {key: at for key, at in known.items() if now - at < KEEP_NAMES}


def _on(state: Happened, cue: Cue) -> Happened:
    before = [c for c in state.pinned if c.start < cue.start and c.id != cue.id]
    kept = tuple(c for c in before if cue.start - c.end < KEEP_CUES)
    state = replace(state, pinned=(*kept, cue))
    if cue.id.startswith("off-"):
        state = replace(state, since=cue.end)
    if cue.item is not None:
        state = _on_item(state, cue, cue.item)
    state = _interrupting(state, before[-1] if before else None, cue)
    return _filling(state, cue)


def _on_item(state: Happened, cue: Cue, item: ItemId) -> Happened:
    released = {known: at for known, at in state.released.items() if known != item}
    return replace(
        state,
        aired=_young({**state.aired, item: cue.start}, cue.start),
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
        aired = _young({**state.filler, cue.media.key: cue.start}, cue.start)
        state = replace(state, filler=aired)
    return state


def _off(state: Happened, event: Off) -> Happened:
    state = replace(state, ended=_young({**state.ended, event.cue: event.at}, event.at))
    item = next((cue.item for cue in state.pinned if cue.id == event.cue), None)
    if event.why == "failed":
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
        released=_young(released, event.at),
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
    if event.asset is not None:
        doomed = event.asset
        kept = [c for c in state.pinned if c.start <= event.at or not _fills_with(c, doomed)]
        state = replace(state, pinned=tuple(kept))
        unplayable = _young({**state.unplayable, event.asset: event.at}, event.at)
        state = replace(state, unplayable=unplayable)
    return state


def _fills_with(cue: Cue, asset: AssetKey) -> bool:
    return cue.item is None and cue.media is not None and cue.media.key == asset


def _found(state: Happened, event: Found) -> Happened:
    failed = {item: why for item, why in state.failed.items() if item != event.item}
    unplayable = {key: at for key, at in state.unplayable.items() if key != event.asset}
    return replace(state, failed=failed, unplayable=unplayable)
