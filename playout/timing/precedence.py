"""The order in which items that are due get the air, and the reasons why some never do."""

from datetime import datetime, timedelta

from playout.model.cue_ids import Origin
from playout.model.plan import ContentKind, EndRule, Item, MissedStart, Rank, StartRule
from playout.state.air_state import AirState
from playout.timing.choosing import NOTHING_FOUND
from playout.timing.durations import CUE_LEAD, Placed, joins, start_rule
from playout.timing.replays import awaits_recording, why_no_recording


def is_hard(item: Item) -> bool:
    """Return whether the item has a hard start."""
    return start_rule(item) is StartRule.HARD


def strength(item: Item) -> int:
    """Return the item's rank once on air: a held live outranks any hard start."""
    held = item.kind is ContentKind.LIVE and item.end_rule is EndRule.HOLD
    return max(item.rank, Rank.HELD) if held else item.rank


def precedence(item: Item) -> tuple[int, int, float, bool, str]:
    """Return a sorting key, best first.

    The highest rank wins. Of hard starts the latest wins, as it would have cut the others; of two
    at one time, the locked one.
    """
    latest = is_hard(item) and joins(item)
    stamp = item.start.timestamp()
    order = -stamp if latest else stamp
    return (-strength(item), 0 if is_hard(item) else 1, order, not item.locked, item.id)


def cuts(item: Item, current: Placed, at: datetime, floor: datetime | None) -> bool:
    """Return whether the due item may end the program on air at the instant `at`.

    `floor` is the first instant still open to decision after a restart or a new plan.
    """
    rank, rule = current.cue.rank, start_rule(item)
    if rank <= Rank.FILLER:
        return True
    # A hard start that skips when missed has this one instant; later it is displaced.
    if rule is StartRule.HARD and item.missed is MissedStart.SKIP and at > item.start:
        return False
    # A held live runs until it is adjourned, and an override until it ends: only rank beats them.
    if rank >= Rank.HELD or item.rank >= Rank.OVERRIDE:
        return item.rank > rank
    if rule is StartRule.FOLLOW:
        return False
    if rule is StartRule.WAIT and at < item.start + item.wait_limit:
        return False
    # The stronger program keeps the time it was planned for; past that it overruns.
    if item.rank < rank and at < current.claim:
        return False
    if rule is StartRule.WAIT:
        return True
    # A hard start cuts at its own instant, or at the first chance after it. At any other instant
    # it was already decided, and a program planned later than it is left alone.
    fresh = at in (item.start, floor, current.claim)
    return fresh and item.start > current.asked


def keeps_off(item: Item, interrupted: Placed) -> bool:
    """Return whether a due hard start keeps an interrupted program from rejoining.

    A later hard start does, because it would have cut in had nothing interrupted; but nothing cuts
    into a held live of its own rank. Example: the council is held since 10:00, the slate is put on
    by hand at 11:55, a replay has a hard start at 12:00, and the operator rejoins at 12:05. Without
    the slate the council would still be on; so the council rejoins.
    """
    if strength(item) > interrupted.cue.rank:
        return True
    return interrupted.cue.rank < Rank.HELD and item.start > interrupted.asked


def has_had_its_air(item: Item, happened: AirState) -> bool:
    """Return whether the item has had its air."""
    if item.id in happened.over:
        return item.id in happened.aired
    if item.id not in happened.aired or item.id in happened.interrupted:
        return False
    released = happened.released.get(item.id)
    return released is None or item.start <= released


def why_it_cannot_air(item: Item, happened: AirState, now: datetime) -> str | None:
    """Return why the item cannot air at all, in words; None when it can."""
    if item.id in happened.skipped:
        return "the operator skipped it"
    if item.id in happened.over:
        return "its time passed before the channel was free"
    if item.id in happened.failed:
        return happened.failed[item.id]
    if (
        item.kind is ContentKind.FILE
        and item.media is None
        and not awaits_recording(item, happened, now)
    ):
        nothing = NOTHING_FOUND if item.choice else "it has no file yet"
        return why_no_recording(item, happened) or nothing
    if _had_its_chance(item, happened):
        return "it did not fit before the next fixed start"
    return None


def _had_its_chance(item: Item, happened: AirState) -> bool:
    """Return whether a soft item was left out although the air was free when it was due."""
    if is_hard(item) or item.missed is not MissedStart.SKIP or item.id in happened.interrupted:
        return False
    free = (c for c in happened.pinned if c.rank <= Rank.FILLER and c.end - c.start > CUE_LEAD)
    return any(c.end > item.start and c.origin is not Origin.OFF_AIR for c in free)


def delay_in_words(late: timedelta) -> str:
    """Return a delay as staff say it: `12 min`, or `40 s` below half a minute."""
    minutes = round(late.total_seconds() / 60)
    return f"{minutes} min" if minutes else f"{round(late.total_seconds())} s"
