"""Who goes first: the order in which items that are due get the air, and why some never do."""

from datetime import datetime, timedelta

from playout.model.plan import ContentKind, EndRule, Item, MissedStart, Rank, StartRule
from playout.state.air_state import AirState
from playout.timing.durations import CUE_LEAD, Placed, joins, start_rule
from playout.timing.replays import awaits_recording, why_no_recording


def is_hard(item: Item) -> bool:
    """Whether the item has a fixed start."""
    return start_rule(item) is StartRule.HARD


def strength(item: Item) -> int:
    """The rank the item has once on air: a live that is held outranks any fixed start."""
    held = item.kind is ContentKind.LIVE and item.end_rule is EndRule.HOLD
    return max(item.rank, Rank.HELD) if held else item.rank


def precedence(item: Item) -> tuple[int, int, float, bool, str]:
    """Sorting key, first is best: highest rank; among fixed starts the latest, as it would have
    cut the others; of two at one time the locked one."""
    latest = is_hard(item) and joins(item)
    stamp = item.start.timestamp()
    order = -stamp if latest else stamp
    return (-strength(item), 0 if is_hard(item) else 1, order, not item.locked, item.id)


def keeps_off(item: Item, interrupted: Placed) -> bool:
    """Whether a due fixed start keeps what was interrupted off the air.

    A later fixed start does, as it would have cut in had nothing been interrupted; but nothing
    cuts into a held live of its own rank. Example: council held since 10:00, slate by hand at
    11:55, replay fixed for 12:00, rejoin at 12:05. Had nobody pressed slate, the council would
    still be on; so it is.
    """
    if strength(item) > interrupted.cue.rank:
        return True
    return interrupted.cue.rank < Rank.HELD and item.start > interrupted.asked


def has_had_its_air(item: Item, happened: AirState) -> bool:
    """Whether the item has had its air."""
    if item.id in happened.over:
        return item.id in happened.aired
    if item.id not in happened.aired or item.id in happened.interrupted:
        return False
    released = happened.released.get(item.id)
    return released is None or item.start <= released


def why_it_cannot_air(item: Item, happened: AirState, now: datetime) -> str | None:
    """Why the item cannot air at all, in words; None when it can."""
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
        return why_no_recording(item, happened) or "it has no file yet"
    if _had_its_chance(item, happened):
        return "it did not fit before the next fixed start"
    return None


def _had_its_chance(item: Item, happened: AirState) -> bool:
    """Whether the air was free when a soft item was due and it was left out all the same."""
    if is_hard(item) or item.missed is not MissedStart.SKIP or item.id in happened.interrupted:
        return False
    free = (c for c in happened.pinned if c.rank <= Rank.FILLER and c.end - c.start > CUE_LEAD)
    return any(c.end > item.start and not c.id.startswith("off-") for c in free)


def delay_in_words(late: timedelta) -> str:
    """A delay as staff say it."""
    minutes = round(late.total_seconds() / 60)
    return f"{minutes} min" if minutes else f"{round(late.total_seconds())} s"
