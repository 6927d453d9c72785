"""Rules that turn an operator's command into events, or refuse it; decided from what is on air."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.names import CueId, ItemId
from playout.commands.limits import extension_fault
from playout.commands.obey_graphics import GRAPHICS_VERBS
from playout.commands.obey_lives import LIVE_VERBS, close
from playout.lives.sessions import is_recorded, within_limit
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin, command_cue_id, origin_of
from playout.model.events import Begun, Event, Extended, Held, Marked, Off, On, Skipped
from playout.model.plan import ContentKind, EndRule, Item, Rank
from playout.model.rundown import Cue, next_item
from playout.state.air_state import CommandRefused, Situation
from playout.timing.durations import begin_item

SLATE_FIRST_GUESS = timedelta(minutes=5)
"""First guess at how long a slate put up by hand stays; the guess moves on until rejoin."""


ANYWAY = frozenset(
    {
        *(Verb.EMERGENCY, Verb.CLEAR, Verb.HIDE_LOWER_THIRD, Verb.STOP_CRAWL),
        *(Verb.BUG_ON, Verb.BUG_OFF, Verb.MOVE),
    }
)
"""Commands that mean the same whatever is on air. A lower third names who speaks, so it counts only
for what its sender saw."""


def refuse_late(command: Command, wall: datetime) -> None:
    """Raise CommandRefused if the command has expired at `wall`, an instant of the machine's clock.

    Not by the house clock: commands are dated by ordinary clocks, and after the machine's clock was
    set, the house clock may not follow it for hours.
    """
    if wall > command.expires_at:
        late = (wall - command.issued_at).total_seconds()
        raise CommandRefused(f"It arrived {late:.0f} s after it was pressed, too late to count.")


def obey(command: Command, air: Situation) -> tuple[Event, ...]:
    """Return the events that the command causes.

    Raises CommandRefused if it is mistaken or impossible.
    """
    # What lies over anything does not depend on what its sender looked at.
    anyway = command.verb in ANYWAY
    if not anyway and not _same(command.cue, air.current):
        raise CommandRefused(f"{air.current.title or 'Something else'} is on air now.")
    return _VERBS[command.verb](command, air)


def _same(looked_at: CueId | None, current: Cue) -> bool:
    """Return whether the operator looked at what is on air now.

    All filling cues count as the same: no operator means a particular one, and they change often.
    """
    if looked_at is None or looked_at == current.id:
        return True
    fills = origin_of(looked_at) is Origin.FILL
    return fills and current.item is None and current.rank < Rank.OVERRIDE


def _take(command: Command, air: Situation) -> tuple[Event, ...]:
    cue = _upcoming(command, air)
    item = _planned(cue, air)
    if item.id in air.happened.failed:
        raise CommandRefused(f"{item.title} cannot be played: {air.happened.failed[item.id]}.")
    early = replace(item, start=air.now, hard_limit=None)
    placed = begin_item(early, air.now, air.happened, air.now, 1)
    if placed is None:
        raise CommandRefused(f"{item.title} has nothing to play.")
    end = placed.cue.end
    if item.kind is ContentKind.LIVE:
        if not within_limit(item.id, air.plan, air.now):
            raise CommandRefused(f"The latest end time of {item.title} has passed.")
        # Taken early, it lasts to its planned end at least; taken late, its whole length.
        end = max(end, item.start + item.length)
        end = end if item.hard_limit is None else min(end, item.hard_limit)
    taken = replace(
        placed.cue,
        id=command_cue_id(Origin.TAKE, command.id),
        origin=Origin.TAKE,
        planned=None,
        rank=max(cue.rank, Rank.OVERRIDE),
        end=end,
    )
    begun = (Begun(item.id, air.now, "operator"),) if item.kind is ContentKind.LIVE else ()
    if air.current.item is None and air.current.rank < Rank.OVERRIDE:
        return (On(taken), *begun)
    off = Off(air.current.id, air.now, "taken", f"{command.actor} took {item.title}")
    return (off, On(taken), *begun)


def _skip(command: Command, air: Situation) -> tuple[Event, ...]:
    """Drop the next item; if the command names the item on air, end that one."""
    if command.item is not None and command.item == air.current.item:
        return _adjourn(command, air)
    cue = _upcoming(command, air)
    assert cue.item is not None
    return (Skipped(cue.item, air.now),)


def _slate(command: Command, air: Situation) -> tuple[Event, ...]:
    if air.current.rank >= Rank.OVERRIDE and air.current.kind is ContentKind.SLATE:
        raise CommandRefused("The slate is already up.")
    end = air.now + SLATE_FIRST_GUESS
    cue = Cue(
        id=command_cue_id(Origin.SLATE, command.id),
        origin=Origin.SLATE,
        item=None,
        kind=ContentKind.SLATE,
        title="Slate",
        start=air.now,
        end=end,
        rank=Rank.OVERRIDE,
        held=True,
        slate_text=air.plan.slate_text,
    )
    return (On(cue),)


def _rejoin(command: Command, air: Situation) -> tuple[Event, ...]:
    if air.current.rank != Rank.OVERRIDE:
        raise CommandRefused("The schedule is already on air.")
    return (Off(air.current.id, air.now, "rejoined", f"{command.actor} rejoined"),)


def _hold(command: Command, air: Situation) -> tuple[Event, ...]:
    if air.current.kind is not ContentKind.LIVE or air.current.item is None:
        raise CommandRefused("Only a live program can be held.")
    return (Held(air.current.item, air.now),)


def _extend(command: Command, air: Situation) -> tuple[Event, ...]:
    if air.current.item is None:
        raise CommandRefused("Nothing that can be extended is on air.")
    if fault := extension_fault(command.minutes):
        raise CommandRefused(fault)
    assert command.minutes is not None
    return (Extended(air.current.item, timedelta(minutes=command.minutes), air.now),)


def _adjourn(command: Command, air: Situation) -> tuple[Event, ...]:
    if command.item is not None and command.item != air.current.item:
        return close(command, air)
    if air.current.item is None:
        raise CommandRefused("No item is on air.")
    return (Off(air.current.id, air.now, "adjourned", f"{command.actor} ended it"),)


def _mark(command: Command, air: Situation) -> tuple[Event, ...]:
    return (Marked(_begun(command, air), air.now, air.now),)


def _unmark(command: Command, air: Situation) -> tuple[Event, ...]:
    item = _begun(command, air)
    if item not in air.happened.marked:
        raise CommandRefused(f"No replay start is set for {air.current.title}.")
    return (Marked(item, air.now, None),)


def _begun(command: Command, air: Situation) -> ItemId:
    """Return the live on air if it has begun and is being recorded."""
    title, item = air.current.title, air.current.item
    if air.current.kind is not ContentKind.LIVE or item is None or command.item not in (None, item):
        raise CommandRefused("Only the live program on air can have a replay start.")
    if item not in air.happened.begun:
        raise CommandRefused(f"{title} has not started yet.")
    planned = air.plan.item(item)
    if planned is None or not is_recorded(planned, air.current, air.happened):
        raise CommandRefused(f"{title} is not being recorded.")
    return item


def _move(command: Command, air: Situation) -> tuple[Event, ...]:
    """Refuse: a channel with two machines obeys this before it comes here."""
    raise CommandRefused("This channel has no second machine.")


def _upcoming(command: Command, air: Situation) -> Cue:
    """Return the cue of the item that the command names, or the next item's."""
    following = next_item(air.rundown, air.now)
    if command.item is None:
        if following is None:
            raise CommandRefused("Nothing is planned to come next.")
        return following
    for cue in air.rundown.cues:
        if cue.item == command.item and cue.start > air.now:
            return cue
    raise CommandRefused("That item is no longer coming up.")


def _planned(cue: Cue, air: Situation) -> Item:
    for item in air.plan.items:
        if item.id == cue.item:
            return replace(item, end_rule=EndRule.HOLD) if cue.held else item
    raise CommandRefused("That item is no longer in the plan.")


_VERBS = {
    Verb.TAKE: _take,
    Verb.SKIP: _skip,
    Verb.SLATE: _slate,
    Verb.REJOIN: _rejoin,
    Verb.HOLD: _hold,
    Verb.EXTEND: _extend,
    Verb.ADJOURN: _adjourn,
    Verb.MARK: _mark,
    Verb.UNMARK: _unmark,
    Verb.MOVE: _move,
    **LIVE_VERBS,
    **GRAPHICS_VERBS,
}
