"""The effects of a button before it is pressed: the same rules, settled with and without it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from config.names import ItemId
from playout.commands.obey import obey
from playout.commands.viewed import ViewedStretch, stretches
from playout.lives.sessions import is_recorded
from playout.model.commands import Command, Verb
from playout.model.plan import Plan
from playout.model.rundown import Cue, Rundown, cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.compare import PRESS_TOLERANCE, AirChange, compare, times_on_air
from playout.timing.settle import settle

FORESEEN_AHEAD = timedelta(hours=36)


@dataclass(frozen=True)
class ItemChange(AirChange[ItemId]):
    """The effect of one button on one item."""

    planned: datetime = field(kw_only=True)
    """Planned start, UTC."""


@dataclass(frozen=True)
class Outlook:
    """Everything that pressing one button would do."""

    changes: tuple[ItemChange, ...]
    """What becomes of each item that changes, by planned start."""
    then: tuple[ViewedStretch, ...]
    """What viewers see from the press on, one stretch after another."""
    kept: bool = False
    """True if the command ends a live and its recording is kept."""
    back: bool = False
    """True if the command ends a live that can be put back on air."""


def outlook(plan: Plan, happened: AirState, now: datetime, command: Command) -> Outlook:
    """Return what the command would do, without doing it.

    `plan` has its known recordings in place (`replays.resolved`); `happened` is the last state
    heard from the host. The end of a held live is a guess, and so is everything after it. Raises
    CommandRefused, in words, if the command would not be obeyed.
    """
    rundown = settle(plan, happened, now, horizon=now + FORESEEN_AHEAD)
    air = Situation(plan, rundown, happened, cue_at(rundown, now), now)
    known = fold(obey(command, air), happened)
    after = settle(plan, known, now, horizon=now + FORESEEN_AHEAD)
    ended = plan.item(air.current.item)
    gone = ended is not None and cue_at(after, now).item != ended.id
    return Outlook(
        compared(plan, rundown, after, now),
        stretches(plan, after, known, now),
        kept=ended is not None and gone and is_recorded(ended, air.current, happened),
        back=gone and _comes_back(replace(air, rundown=after, happened=known), command, now),
    )


def _comes_back(air: Situation, command: Command, now: datetime) -> bool:
    """Return whether the live that the command ended could be resumed afterwards."""
    asked = replace(command, verb=Verb.RESUME, cue=None, item=air.current.item, minutes=None)
    try:
        obey(asked, replace(air, current=cue_at(air.rundown, now)))
    except CommandRefused:
        return False
    return True


def consequences(
    plan: Plan, happened: AirState, now: datetime, command: Command
) -> tuple[ItemChange, ...]:
    """Return only what the command would change, by planned start.

    Raises CommandRefused as `outlook` does.
    """
    return outlook(plan, happened, now, command).changes


def compared(plan: Plan, before: Rundown, after: Rundown, now: datetime) -> tuple[ItemChange, ...]:
    """Return what differs from `now` on between two rundowns of one plan, by planned start."""
    changes = {
        change.id: change
        for change in compare(
            times_on_air(before.cues, _item_of, now),
            times_on_air(after.cues, _item_of, now),
            {gone.item: gone.reason for gone in after.displaced},
            PRESS_TOLERANCE,
            now,
        )
    }
    return tuple(
        ItemChange(**{**vars(changes[item.id]), "title": item.title}, planned=item.start)
        for item in sorted(plan.items, key=lambda item: (item.start, item.id))
        if item.id in changes
    )


def _item_of(cue: Cue) -> ItemId | None:
    return cue.item
