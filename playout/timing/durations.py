"""Durations of items once they start, and where in their media they begin."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playout.model.cue_ids import Origin, item_cue_id, off_air_cue_id
from playout.model.plan import ContentKind, EndRule, Item, Media, MissedStart, Rank, StartRule
from playout.model.rundown import Cue, Displaced
from playout.state.air_state import AirState

CUE_LEAD = timedelta(seconds=3)
"""Length of board or slate after an unplanned end, while a deck is cued for the next item."""
GUESS_STEP = timedelta(minutes=5)
"""Steps in which the estimated end of a held live moves."""
GUESS_MARGIN = timedelta(minutes=1)
"""Least distance of an estimated end from now."""
LEAST_AIR = timedelta(seconds=1)
"""An item with less air than this is not aired."""


@dataclass(frozen=True)
class Placed:
    """A cue of an item with its natural end, before anything cuts it."""

    cue: Cue
    asked: datetime
    """Planned start of its item, to compare with that of others."""
    claim: datetime
    """End of the time it was planned for; after it, the item overruns."""


def start_rule(item: Item) -> StartRule:
    """Return the start rule that counts: a locked item and a live never slide."""
    if item.locked:
        return StartRule.HARD
    if item.kind is ContentKind.LIVE and item.start_rule is StartRule.FOLLOW:
        return StartRule.HARD
    return item.start_rule


def natural_end(item: Item, at: datetime, happened: AirState) -> datetime:
    """Return when the item ends, started at `at` by its rules, if nothing cuts it."""
    extra = happened.extended.get(item.id, timedelta(0))
    if item.kind is ContentKind.LIVE:
        return _limit(item, item.start + item.length + extra)
    if item.kind is ContentKind.FILE:
        return at - _late(item, at) + _file_length(item, extra)
    return at - _late(item, at) + item.length + extra


def has_air(item: Item, at: datetime, happened: AirState) -> bool:
    """Tell whether any air is left for the item when it starts at `at`."""
    return natural_end(item, at, happened) - at >= LEAST_AIR


def _late(item: Item, at: datetime) -> timedelta:
    """Return how much of its beginning the item loses when it starts at `at`."""
    return max(at - item.start, timedelta(0)) if joins(item) else timedelta(0)


def begin_item(
    item: Item, at: datetime, happened: AirState, now: datetime, piece: int
) -> Placed | None:
    """Return the item as it airs when started at `at` by its rules; None when it has no air
    left."""
    end = natural_end(item, at, happened)
    if end - at < LEAST_AIR:
        return None
    late = _late(item, at)
    extra = happened.extended.get(item.id, timedelta(0))
    held = item.kind is ContentKind.LIVE and item.end_rule is EndRule.HOLD
    cue = Cue(
        id=item_cue_id(item.id, item.start, _content(item), piece),
        item=item.id,
        kind=item.kind,
        title=item.title,
        start=at,
        end=end,
        rank=max(item.rank, Rank.HELD) if held else item.rank,
        media=item.media if item.kind is ContentKind.FILE else None,
        offset=item.in_point + late if item.kind is ContentKind.FILE else timedelta(0),
        source=item.source,
        airing=item.airing,
        held=held,
        slate_text=item.slate_text,
        planned=item.start,
    )
    return Placed(cue, item.start, at - late + item.length + extra)


def off_air(start: datetime, end: datetime) -> Cue:
    """Return a cue for a stretch of which the host knows nothing, because it was down."""
    return Cue(
        off_air_cue_id(start), None, ContentKind.SLATE, "Off air", start, end, Rank.SLATE,
        origin=Origin.OFF_AIR,
    )  # fmt: skip


def continue_cue(cue: Cue, item: Item | None, happened: AirState, now: datetime) -> Placed:
    """Return a committed cue with the end it has now; an edit may move that later, never earlier.

    `item` is the item in today's plan; None when it was deleted, or when the cue fills a gap.
    """
    ended = happened.ended.get(cue.id)
    asked = item.start if item is not None else cue.start
    if ended is not None:
        return Placed(replace(cue, end=max(cue.start, ended), held=False), asked, ended)
    held = cue.held or (cue.item in happened.held and cue.kind is ContentKind.LIVE)
    limit = item.hard_limit if item is not None else None
    extra = happened.extended.get(cue.item, timedelta(0)) if cue.item is not None else None
    end = cue.end
    if item is not None and cue.origin is not Origin.TAKE:
        end = max(end, _today(cue, item, extra or timedelta(0)))
    elif extra is not None:
        end += extra
    if held:
        end = guess(end, now)
    if cue.kind is ContentKind.LIVE and limit is not None and limit <= end:
        end, held = limit, False
    if cue.item is not None:
        # A slate of half a second before a fixed start is right: the start keeps its tick.
        end = max(end, cue.start + LEAST_AIR)
    rank = max(cue.rank, Rank.HELD) if held else cue.rank
    claim = end if item is None else _claim(cue, item)
    return Placed(replace(cue, end=end, held=held, rank=rank), asked, claim)


def replaced_file(cue: Cue, item: Item, happened: AirState) -> Cue:
    """Return a cue that broke on air with the file that the plan names now; any other unchanged.

    The position in the new file is the one that it would have had, aired from the item's start.
    """
    if cue.id not in happened.broken or cue.media is None or item.media is None:
        return cue
    if item.media.key == cue.media.key:
        return cue
    id, first = cue.id, _origin(cue, item)
    if cue.origin is Origin.PLANNED:
        id = item_cue_id(item.id, item.start, _content(item), piece=1)
    return replace(cue, id=id, media=item.media, end=first + _play(item.media, item, timedelta(0)))


def _today(cue: Cue, item: Item, extra: timedelta) -> datetime:
    """Return when the instance would end by the plan as it is now."""
    if cue.kind is ContentKind.LIVE:
        return _limit(item, item.start + item.length + extra)
    if cue.kind is not ContentKind.FILE or cue.media is None:
        return _origin(cue, item) + item.length + extra
    return _origin(cue, item) + _play(cue.media, item, extra)


def _origin(cue: Cue, item: Item) -> datetime:
    """Return when the instance's first moment aired, or would have aired."""
    return cue.start - max(cue.offset - item.in_point, timedelta(0))


def _claim(cue: Cue, item: Item) -> datetime:
    return _origin(cue, item) + item.length


def _content(item: Item) -> str:
    """Return what tells a file from the one that an edit puts in its place."""
    return item.media.content if item.media is not None else item.kind.value


def joins(item: Item) -> bool:
    """Return whether a late start joins in progress instead of airing from the top."""
    if item.kind is ContentKind.LIVE or item.locked:
        return True
    return start_rule(item) is StartRule.HARD and item.missed is not MissedStart.TOP


def _file_length(item: Item, extra: timedelta) -> timedelta:
    """Return the file's time on air, or the planned length while its recording is still to come."""
    if item.media is not None:
        return _play(item.media, item, extra)
    return item.length + extra if item.replay_of is not None else timedelta(0)


def _play(media: Media, item: Item, extra: timedelta) -> timedelta:
    """Return a file's time on air from its in point: its slot, or the media if that decides."""
    slot = item.length + extra
    if media.length <= timedelta(0):
        return slot
    left = media.length - item.in_point
    return left if item.end_rule is not EndRule.CUT else min(slot, left)


def _limit(item: Item, end: datetime) -> datetime:
    return min(end, item.hard_limit) if item.hard_limit is not None else end


def guess(end: datetime, now: datetime) -> datetime:
    """Return the estimated end of a held live: as planned, then always a little ahead, in steps."""
    if end >= now + GUESS_MARGIN:
        return end
    steps = -((end - now - GUESS_MARGIN) // GUESS_STEP)
    return end + steps * GUESS_STEP


@dataclass(frozen=True)
class PlacedItems:
    """Stretches of items in order of time, with gaps between them still to be filled."""

    cues: tuple[Cue, ...]
    displaced: tuple[Displaced, ...]
    starts: datetime
