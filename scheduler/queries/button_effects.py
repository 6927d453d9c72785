"""The effect of every button on the next hours, computed once for each state of the air."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import ChannelId, ItemId
from playout.commands.foresee import ItemChange, outlook
from playout.commands.viewed import ViewedStretch
from playout.model.commands import Command
from playout.model.plan import Plan
from playout.model.wire import WireError, decode
from playout.state.air_state import AirState, CommandRefused
from playout.timing.resolving import resolve
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.reading.host_state import folded_state

EFFECTS_VALID_FOR = timedelta(seconds=20)
"""Effects are computed again after this time even if nothing new was reported."""


@dataclass(frozen=True)
class ButtonEffect:
    """The changes that one command would make, or why it would be refused."""

    changes: tuple[ItemChange, ...] = ()
    refused: str = ""
    then: tuple[ViewedStretch, ...] = ()
    """What viewers see from the press on; empty where it would be refused."""
    kept: bool = False
    """True when a live that this ends keeps its recording."""
    back: bool = False
    """True when a live that this ends can be put back on air."""


@dataclass(frozen=True)
class ButtonEffects:
    """The effect of each command that was asked about, by the name it was given."""

    by: Mapping[str, ButtonEffect]
    known: AirState
    """The air state they rest on, as far as the host has reported it."""
    limits: Mapping[ItemId, datetime]
    """Hard limits that staff set, by item. No command takes a live past its limit."""


class ButtonEffectCache:
    """A cache of button effects: the rules of air, asked about commands that nobody has pressed.

    Effects rest on the plan that was published last and on the facts that the host has reported.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: dict[ChannelId, tuple[tuple[object, ...], ButtonEffects]] = {}

    def of(
        self, channel: ChannelId, now: datetime, commands: Mapping[str, Command]
    ) -> ButtonEffects:
        """Return the effect of each command; no effects while there is no readable plan."""
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
            plan = resolve(decode(Plan, row.body), known)
        except WireError:
            return ButtonEffects({}, known, {})
        effects = {name: effect_of(plan, known, now, one) for name, one in commands.items()}
        limits = {one.id: one.hard_limit for one in plan.items if one.hard_limit is not None}
        return ButtonEffects(effects, known, limits)


def effect_of(plan: Plan, known: AirState, now: datetime, command: Command) -> ButtonEffect:
    """Return what the command would do, or why it would be refused."""
    try:
        seen = outlook(plan, known, now, command)
    except CommandRefused as refused:
        return ButtonEffect(refused=str(refused))
    return ButtonEffect(seen.changes, "", seen.then, seen.kept, seen.back)
