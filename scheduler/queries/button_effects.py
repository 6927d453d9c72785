"""What each button would do to the evening, worked out once for each state of the air."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import ChannelId, ItemId
from playout.commands.foresee import Change, outlook
from playout.commands.viewed import ViewedStretch
from playout.model.commands import Command
from playout.model.plan import Plan
from playout.model.wire import WireError, decode
from playout.state.air_state import AirState, CommandRefused
from playout.timing.replays import resolve_replays
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.reading.host_state import folded_state

EFFECTS_VALID_FOR = timedelta(seconds=20)
"""A consequence is worked out anew after this long, though nothing was heard meanwhile."""


@dataclass(frozen=True)
class ButtonEffect:
    """What one command would change, or why it would be refused."""

    changes: tuple[Change, ...] = ()
    refused: str = ""
    then: tuple[ViewedStretch, ...] = ()
    """What viewers see from the press on; empty where it would be refused."""
    kept: bool = False
    """For a live that ends: whether its recording is kept."""
    back: bool = False
    """For a live that ends: whether it can be put back on air."""


@dataclass(frozen=True)
class ButtonEffects:
    """The consequence of each command asked about, by the name it was given."""

    by: Mapping[str, ButtonEffect]
    known: AirState
    """The state of air they stand on, as far as the host has told it."""
    limits: Mapping[ItemId, datetime]
    """The limit that staff set for a live, of those that have one: nothing passes it."""


class ButtonEffectCache:
    """Asks the rules of air about commands nobody has given, and keeps the answers for a while.

    They stand on the plan the host has and on the facts it has told.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: dict[ChannelId, tuple[tuple[object, ...], ButtonEffects]] = {}

    def of(
        self, channel: ChannelId, now: datetime, commands: Mapping[str, Command]
    ) -> ButtonEffects:
        """The consequence of each command, none without a plan that can be read."""
        with self._db.read() as session:
            published = find.house.published_digest(session, channel)
            newest = find.house.newest_fact(session, channel)
        asked = tuple((name, one.verb, one.item, one.minutes) for name, one in commands.items())
        state = (published, newest, now.timestamp() // EFFECTS_VALID_FOR.total_seconds(), asked)
        kept = self._kept.get(channel)
        if kept is None or kept[0] != state:
            kept = (state, self._ask(channel, now, commands))
            self._kept[channel] = kept
        return kept[1]

    def _ask(
        self, channel: ChannelId, now: datetime, commands: Mapping[str, Command]
    ) -> ButtonEffects:
        with self._db.read() as session:
            row = find.house.published(session, channel)
            known = folded_state(session, channel, now)
        if row is None or not commands:
            return ButtonEffects({}, known, {})
        try:
            plan = resolve_replays(decode(Plan, row.body), known)
        except WireError:
            return ButtonEffects({}, known, {})
        found = {name: effect_of(plan, known, now, one) for name, one in commands.items()}
        limits = {one.id: one.hard_limit for one in plan.items if one.hard_limit is not None}
        return ButtonEffects(found, known, limits)


def effect_of(plan: Plan, known: AirState, now: datetime, command: Command) -> ButtonEffect:
    """What the command would do, or why it would be refused."""
    try:
        seen = outlook(plan, known, now, command)
    except CommandRefused as refused:
        return ButtonEffect(refused=str(refused))
    return ButtonEffect(seen.changes, "", seen.then, seen.kept, seen.back)
