"""The commands for live airings and for the whole air: go, recess, resume, override, emergency."""

from collections.abc import Callable, Mapping
from datetime import datetime

from config.names import ItemId
from playout.commands.limits import end_fault, message_fault
from playout.lives.sessions import RESUMABLE_FOR, resumed_cue, within_limit
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin, command_cue_id
from playout.model.events import (
    Alerted,
    Begun,
    Cleared,
    Event,
    LiveClosed,
    Message,
    On,
    Overridden,
    Recessed,
    Resumed,
)
from playout.model.plan import ContentKind, Item, Rank
from playout.model.rundown import Cue
from playout.state.air_state import CommandRefused, Situation


def _go(command: Command, air: Situation) -> tuple[Event, ...]:
    current = air.current
    if current.kind is not ContentKind.LIVE or current.item is None or _elsewhere(command, current):
        return _back(_adjourned(command, air), air)
    if current.item in air.happened.begun and current.item not in air.happened.recess:
        raise CommandRefused(f"{current.title} has already started.")
    return (Begun(current.item, air.now, "operator"),)


def _elsewhere(command: Command, current: Cue) -> bool:
    return command.item is not None and command.item != current.item


def _recess(command: Command, air: Situation) -> tuple[Event, ...]:
    item, title = air.current.item, air.current.title
    if _elsewhere(command, air.current):
        coming = _item(command.item, air)
        if coming.kind is not ContentKind.LIVE or coming.id in air.happened.aired:
            raise CommandRefused(f"{coming.title} is not a live program about to start.")
        item, title = coming.id, coming.title
    elif air.current.kind is not ContentKind.LIVE or item is None:
        raise CommandRefused("Only a live program can be in recess.")
    assert item is not None
    if item in air.happened.recess:
        raise CommandRefused(f"{title} is already in recess.")
    return (Recessed(item, air.now),)


def _resume(command: Command, air: Situation) -> tuple[Event, ...]:
    item = air.current.item if command.item is None else command.item
    if item is not None and item in air.happened.recess:
        return (Resumed(item, air.now),)
    if air.current.kind is ContentKind.LIVE and item == air.current.item:
        raise CommandRefused(f"{air.current.title} is not in recess.")
    return _back(_adjourned(command, air), air)


def _adjourned(command: Command, air: Situation) -> Cue:
    """Return the last piece of the live that is to come back."""
    gone = {**air.happened.over, **air.happened.provisional}
    young = [c for c in air.happened.pinned if c.item in gone and c.kind is ContentKind.LIVE]
    if command.item is not None:
        young = [c for c in young if c.item == command.item]
    young = [c for c in young if c.item is not None and air.now - gone[c.item] <= RESUMABLE_FOR]
    if not young:
        raise CommandRefused("No live program was adjourned within the last hour.")
    return max(young, key=lambda cue: cue.start)


def _back(last: Cue, air: Situation) -> tuple[Event, ...]:
    assert last.item is not None
    if not within_limit(last.item, air.plan, air.now):
        raise CommandRefused(f"The latest end time of {last.title} has passed.")
    on = On(resumed_cue(last, air.now))
    if last.item in air.happened.begun:
        return (on,)
    return (on, Begun(last.item, air.now, "operator"))


def close(command: Command, air: Situation) -> tuple[Event, ...]:
    """Return Closed for a live that is off the air and only recorded. Raises CommandRefused."""
    item = _item(command.item, air)
    if item.kind is not ContentKind.LIVE or item.start - item.pre_roll > air.now:
        raise CommandRefused(f"{item.title} is not in session.")
    if item.id in air.happened.over:
        raise CommandRefused(f"{item.title} is already over.")
    return (LiveClosed(item.id, air.now, f"{command.actor} ended it"),)


def _override(command: Command, air: Situation) -> tuple[Event, ...]:
    meant = (command.source or "").casefold()
    named = [s for s in air.plan.sources if meant in (s.id.casefold(), s.name.casefold())]
    source = named[0] if named else None
    if source is None:
        raise CommandRefused("This channel does not have that source.")
    until = _until(command, air.now)
    cue = Cue(
        id=command_cue_id(Origin.OVERRIDE, command.id),
        origin=Origin.OVERRIDE,
        item=None,
        kind=ContentKind.LIVE,
        title=" ".join(command.text.split()) or source.name,
        start=air.now,
        end=until,
        rank=Rank.OVERRIDE,
        source=source.id,
    )
    return (Overridden(cue.id, air.now, until, command.actor), On(cue))


def _until(command: Command, now: datetime) -> datetime:
    if fault := end_fault(command.until, now):
        raise CommandRefused(fault)
    assert command.until is not None
    return command.until


def _emergency(command: Command, air: Situation) -> tuple[Event, ...]:
    text = " ".join(command.text.split())
    if fault := message_fault(text):
        raise CommandRefused(fault)
    until = _until(command, air.now)
    message = Message(command.id, text, command.placement, air.now, until, command.actor)
    return (Alerted(message),)


def _clear(command: Command, air: Situation) -> tuple[Event, ...]:
    message = air.happened.message
    if message is None or message.until <= air.now:
        raise CommandRefused("No emergency message is on air.")
    return (Cleared(air.now, command.actor),)


def _item(id: ItemId | None, air: Situation) -> Item:
    for item in air.plan.items:
        if item.id == id:
            return item
    raise CommandRefused("That item is no longer in the plan.")


LIVE_VERBS: Mapping[Verb, Callable[[Command, Situation], tuple[Event, ...]]] = {
    Verb.GO: _go,
    Verb.RECESS: _recess,
    Verb.RESUME: _resume,
    Verb.OVERRIDE: _override,
    Verb.EMERGENCY: _emergency,
    Verb.CLEAR: _clear,
}
