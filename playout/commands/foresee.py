"""What a button would do before it is pressed: the same rules, settled with and without it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId, ItemId
from playout.commands.obey import obey
from playout.commands.viewed import ViewedStretch, stretches
from playout.lives.sessions import is_recorded
from playout.model.commands import Command, Verb
from playout.model.plan import Plan
from playout.model.rundown import Cue, Rundown, cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

SAME = timedelta(seconds=30)
"""Less than this is no move: a viewer would not notice it."""
AHEAD = timedelta(hours=36)


class Effect(StrEnum):
    """What becomes of an item."""

    AIRS = "airs"
    """It would not have aired, and does."""
    MOVES = "moves"
    JOINS = "joins in progress"
    SHORTER = "is cut short"
    LONGER = "stays longer"
    ENDS = "ends now"
    """It is on air and does not come back."""
    DROPS = "does not air"


@dataclass(frozen=True)
class Change:
    """What one button does to one item."""

    item: ItemId
    airing: AiringId | None
    title: str
    effect: Effect
    planned: datetime
    """Planned start, UTC."""
    before: tuple[datetime, datetime] | None
    """Start and end on air without the button; None where it would not air."""
    after: tuple[datetime, datetime] | None
    reason: str = ""
    """In words, where it does not air."""


@dataclass(frozen=True)
class Outlook:
    """Everything that pressing one button would do."""

    changes: tuple[Change, ...]
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
    Refused, in words, if the command would not be obeyed.
    """
    rundown = settle(plan, happened, now, horizon=now + AHEAD)
    air = Situation(plan, rundown, happened, cue_at(rundown, now), now)
    known = fold(obey(command, air), happened)
    after = settle(plan, known, now, horizon=now + AHEAD)
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
) -> tuple[Change, ...]:
    """Return only what the command would change, by planned start. Raises Refused as `outlook`."""
    return outlook(plan, happened, now, command).changes


def compared(plan: Plan, before: Rundown, after: Rundown, now: datetime) -> tuple[Change, ...]:
    """What differs from `now` on between two rundowns of one plan."""
    once, then = _spans(before, now), _spans(after, now)
    reasons = {one.item: one.reason for one in after.displaced}
    changes = []
    for item in sorted(plan.items, key=lambda item: (item.start, item.id)):
        old, new = once.get(item.id), then.get(item.id)
        effect = _effect(old, new, now)
        if effect is None:
            continue
        span = [(cues[0].start, cues[-1].end) if cues else None for cues in (old, new)]
        reason = reasons.get(item.id, "") if new is None else ""
        changes.append(
            Change(item.id, item.airing, item.title, effect, item.start, span[0], span[1], reason)
        )
    return tuple(changes)


def _spans(rundown: Rundown, now: datetime) -> dict[ItemId, list[Cue]]:
    spans: dict[ItemId, list[Cue]] = {}
    for cue in rundown.cues:
        if cue.item is not None and cue.end > now:
            spans.setdefault(cue.item, []).append(cue)
    return spans


def _effect(old: list[Cue] | None, new: list[Cue] | None, now: datetime) -> Effect | None:
    if old is None:
        return None if new is None else Effect.AIRS
    if new is None:
        return Effect.ENDS if old[0].start <= now else Effect.DROPS
    if new[0].offset - old[0].offset >= SAME:
        return Effect.JOINS
    if abs(new[0].start - old[0].start) >= SAME:
        return Effect.MOVES
    longer = new[-1].end - old[-1].end
    if abs(longer) < SAME:
        return None
    return Effect.LONGER if longer > timedelta(0) else Effect.SHORTER
