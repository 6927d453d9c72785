"""The state of a channel's air: what is on, what aired, and what operators and sources did to
it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from config.names import AiringId, AssetKey, CueId, ItemId
from playout.model.events import Message, Overridden
from playout.model.graphic_events import BugSet, Keyed
from playout.model.graphics import Unused
from playout.model.plan import Plan
from playout.model.recording import Recording
from playout.model.rundown import Cue, Rundown

Key = TypeVar("Key")
NAMES_KEPT_FOR = timedelta(days=10)
"""How long the state remembers that an item aired, failed or was skipped: longer than a plan
lasts, or a machine that is left alone with one would air its first items again."""
NAMES_DROPPED_AFTER_ANOTHER = timedelta(days=1)
"""How much longer names may stay, so that many are dropped at once."""


@dataclass(frozen=True)
class Prior:
    """Knowledge of an item just before it was committed, restored if that instance never
    airs."""

    aired: datetime | None = None
    interrupted: bool = False
    released: datetime | None = None


@dataclass(frozen=True)
class AirState:
    """The fold of a host's events. An empty one means that all went as planned."""

    pinned: tuple[Cue, ...] = ()
    """Instances in order of start; the last is on air or about to be."""
    prior: Mapping[CueId, Prior] = field(default_factory=dict)
    """For each instance of an item, the knowledge of the item before it."""
    ended: Mapping[CueId, datetime] = field(default_factory=dict)
    """Cues ended before their time, and when."""
    broken: frozenset[CueId] = frozenset()
    """The ended cues whose media failed."""
    aired: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Items that have had air, and the start of their last piece."""
    interrupted: frozenset[ItemId] = frozenset()
    """Items that rejoin in progress when the program that interrupted them ends."""
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
    failures: Mapping[ItemId | AssetKey, tuple[datetime, ...]] = field(default_factory=dict)
    """The instants at which each item or file failed, until it is forgotten."""
    filler: Mapping[AssetKey, datetime] = field(default_factory=dict)
    """The last start of each filler clip, by its `Media.material`."""
    played: Annotated[Mapping[AssetKey, datetime], Unused] = field(default_factory=dict)
    """The end of the last airing of each file of an item, by its `Media.material`, of those no
    longer pinned."""
    gap: datetime | None = None
    """Start of the gap being filled now; None while an item is on."""
    gap_filler: Mapping[AssetKey, datetime] = field(default_factory=dict)
    """`filler` as it was when that gap began."""
    begun: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Lives that have cut from slate to source, and when first."""
    recess: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Lives in recess, or kept from beginning, and since when."""
    resumed: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Lives that resumed after a recess, and when last."""
    marked: Mapping[ItemId, datetime] = field(default_factory=dict)
    """The instant at which the replays of a live begin, as an operator marked it."""
    provisional: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Lives adjourned provisionally, and when."""
    over: Mapping[ItemId, datetime] = field(default_factory=dict)
    """Lives that are over, whether on air or only recorded, and when."""
    lost: Mapping[str, datetime] = field(default_factory=dict)
    """Sources without good signal, and since when."""
    recordings: Mapping[AiringId, Recording] = field(default_factory=dict)
    overrides: Mapping[CueId, Overridden] = field(default_factory=dict)
    """Sources put on air by hand."""
    message: Message | None = None
    """The newest emergency message not taken down; it may be past its end."""
    keyed: Annotated[Mapping[str, Keyed], Unused] = field(default_factory=dict)
    """The newest lower third and crawl that operators showed, by kind; they may be over."""
    unkeyed: Annotated[Mapping[str, datetime], Unused] = field(default_factory=dict)
    """When operators last took down each kind of graphic, unless they showed another since."""
    bug: Annotated[BugSet | None, Unused] = None
    """The last time that an operator took the channel's bug off, or put it on."""
    since: datetime | None = None
    """Start of the present unbroken stretch on air; items over before it were missed."""

    def pieces(self, item: ItemId) -> tuple[Cue, ...]:
        """Return the committed cues of an item, in order; the last is on air, over or to come."""
        return tuple(cue for cue in self.pinned if cue.item == item)

    def broke(self, item: ItemId) -> bool:
        """Return whether the item's last piece on air ended because its media failed."""
        pieces = self.pieces(item)
        return bool(pieces) and pieces[-1].id in self.broken


def without_old(known: Mapping[Key, datetime], now: datetime) -> dict[Key, datetime]:
    """Drop names too old to matter, once the oldest is a day past its time.

    Every event asks this of up to ten thousand names. Names are added in order of time, so a look
    at the first one, which is the oldest, answers most calls. `forget` drops the rest.
    """
    oldest = next(iter(known.values()), now)
    if now - oldest >= NAMES_KEPT_FOR + NAMES_DROPPED_AFTER_ANOTHER:
        return _young(known, now)
    return known if isinstance(known, dict) else dict(known)


def _young(known: Mapping[Key, datetime], now: datetime) -> dict[Key, datetime]:
    return {key: at for key, at in known.items() if now - at < NAMES_KEPT_FOR}


def forget(state: AirState, now: datetime) -> AirState:
    """Return the state without anything that no decision can need, so that years add nothing to it.

    Items stay that aired or failed within NAMES_KEPT_FOR, or are pinned. Everything known of the
    others goes with them.
    """
    on_air = {cue.item for cue in state.pinned}
    aired = {
        item: at for item, at in state.aired.items() if now - at < NAMES_KEPT_FOR or item in on_air
    }
    gone = frozenset(state.aired.keys() - aired.keys())
    failures = {key: at for key, at in state.failures.items() if now - at[-1] < NAMES_KEPT_FOR}
    ended = _young(state.ended, now)
    return replace(
        state,
        aired=aired,
        ended=ended,
        broken=frozenset(cue for cue in state.broken if cue in ended),
        interrupted=state.interrupted - gone,
        taken_over=state.taken_over - gone,
        held=state.held - gone,
        extended={item: by for item, by in state.extended.items() if item not in gone},
        failed={item: why for item, why in state.failed.items() if item in failures},
        failures=failures,
        skipped=_young(state.skipped, now),
        filler=_young(state.filler, now),
        played=_young(state.played, now),
    )


class CommandRefused(Exception):
    """The command is not obeyed; the text tells the operator why."""


@dataclass(frozen=True)
class Situation:
    """The plan, rundown, state and instant against which a command is judged."""

    plan: Plan
    rundown: Rundown
    happened: AirState
    current: Cue
    now: datetime
