"""The judge of as-run: the outcome of each airing, from the frames that were seen on air."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.names import CueId
from config.times import length as length_words
from playout.asrun.tally import ON_TIME_WITHIN, Tally
from playout.model.cue_ids import Origin, item_cue_id, without_piece
from playout.model.layer import Layer
from playout.model.plan import ContentKind, EndRule, Item, Outcome, Plan, Rank
from playout.model.rundown import Cue, Displaced
from playout.model.wire import AsRun
from playout.state.air_state import AirState

LEAST_NOTICED = timedelta(seconds=1)
DARK_FROM = timedelta(seconds=5)
"""Without a tick for so long the machine was off; outputs bridge shorter breaks."""
OWN_PICTURE_SHARE = 0.9
"""Least share of its ticks on which an item must have shown its own picture."""


def name_of(cue: Cue) -> str:
    """Return the name a cue is judged under: its item, for all pieces together; else its own id."""
    return cue.item if cue.item is not None else cue.id


def planned_start(cue: Cue, item: Item | None) -> datetime:
    """Return when it was planned to start: as planned at its commit, else by today's plan."""
    if cue.item is not None and cue.planned is not None:
        return cue.planned
    return item.start if item is not None else cue.start


def judge(tally: Tally, item: Item | None, happened: AirState) -> AsRun:
    """Return the as-run row of an airing that is over."""
    cue = tally.cue
    planned = planned_start(cue, item)
    length = _length(cue, item) if item is not None else tally.ends - cue.start
    outcome, reason = _outcome(tally, planned, planned + length, item, happened)
    if tally.dark >= DARK_FROM:
        outcome = Outcome.INTERRUPTED if outcome is Outcome.AIRED else outcome
        reason = "; ".join(filter(None, (reason, f"nothing was on air for {_lasted(tally.dark)}")))
    return AsRun(
        cue=cue.id,
        item=cue.item,
        airing=cue.airing,
        title=cue.title,
        planned_start=planned,
        planned_end=planned + length,
        start=tally.first_own or tally.start or planned,
        end=tally.end or planned,
        ticks=tally.own(),
        held=tally.held,
        dropped=tally.dropped,
        outcome=outcome,
        layer=tally.mostly().value,
        asset=cue.media.key if cue.media is not None else None,
        reason=reason,
        first_tick=tally.first_tick,
        policy=cue.policy,
        seen=tuple(tally.seen),
    )


def _lasted(span: timedelta) -> str:
    """Write a length as staff say it: `4 min 10 s`; tenths below ten seconds: `0.7 s`."""
    return f"{span.total_seconds():.1f} s" if span < timedelta(seconds=10) else length_words(span)


def _length(cue: Cue, item: Item) -> timedelta:
    """Return its planned length; a replay planned before its meeting is as long as the meeting
    was, and what a saved search takes as long as its file."""
    follows_file = item.replay_of is not None or item.choice
    if not follows_file or cue.media is None or item.end_rule is EndRule.CUT:
        return item.length
    return cue.media.length - item.in_point


def _outcome(
    tally: Tally, planned: datetime, planned_end: datetime, item: Item | None, happened: AirState
) -> tuple[Outcome, str]:
    cue = tally.cue
    if not tally.reported_ticks():
        return Outcome.MISSED, "none of it was seen on air"
    if (instead := _instead(tally, item, happened)) is not None:
        return Outcome.SUBSTITUTED, instead
    if _came_back(tally, happened):
        words = f"its file failed; it came back after {_lasted(tally.missing())}"
        return Outcome.INTERRUPTED, "; ".join(filter(None, (words, tally.reason)))
    start, end = tally.first_own or planned, tally.end or planned_end
    if cue.item in happened.taken_over or _by_hand(cue, happened):
        return Outcome.TERMINATED, "an operator ended it"
    if cue.kind is ContentKind.LIVE:
        return _of_live(tally, planned, planned_end, happened)
    late = start - planned
    if late > ON_TIME_WITHIN:
        into = tally.joined_at - (item.in_point if item is not None else timedelta(0))
        # Under a second of it missing is a late start to viewers, not a program joined midway.
        joined = cue.kind is not ContentKind.FILE or into >= LEAST_NOTICED
        word = Outcome.JOINED if joined and cue.item is not None else Outcome.LATE
        return word, f"{_lasted(late)} late"
    return _end(cue, start, end, planned_end, item)


def _instead(tally: Tally, item: Item | None, happened: AirState) -> str | None:
    """Return why something else was seen in its place; None if it mostly showed its own picture."""
    cue = tally.cue
    if tally.own() == 0:
        return tally.reason or "its own picture was never on air"
    if (
        cue.kind is not ContentKind.LIVE
        and tally.own() < OWN_PICTURE_SHARE * tally.reported_ticks()
    ):
        return tally.reason or "most of it was covered by another layer"
    if _among(cue, happened.broken) and not _came_back(tally, happened):
        return tally.reason or "its file failed on air"
    return _stood_in(cue, item)


def _stood_in(cue: Cue, item: Item | None) -> str | None:
    """Return why its substitute aired; None where that did not air."""
    other = item.substitute if item is not None else None
    if item is None or other is None or cue.media is None or cue.media.key != other.key:
        return None
    if item.choice:
        return "its saved search found nothing, and another file stood in for it"
    if item.replay_of is not None:
        return "its recording failed, and another file stood in for it"
    return None


def _came_back(tally: Tally, happened: AirState) -> bool:
    """Return whether it failed on air, and was then tried again and seen to its end."""
    is_broken = tally.piece is not None and tally.piece in happened.broken
    return _among(tally.cue, happened.broken) and not is_broken and bool(tally.missing())


def _of_live(
    tally: Tally, planned: datetime, planned_end: datetime, happened: AirState
) -> tuple[Outcome, str]:
    """Judge a live: late if it began from its own slate, joined if another program was on before.

    A recess is no fault.
    """
    cue, start, end = tally.cue, tally.first_own or planned, tally.end or planned_end
    override = happened.overrides.get(cue.id)
    words = [f"put on air by {override.by}"] if override is not None else []
    if tally.away >= LEAST_NOTICED:
        words.append(f"its slate was shown for {_lasted(tally.away)}")
    late, outcome = start - planned, Outcome.AIRED
    if late > LEAST_NOTICED and cue.item is not None and cue.origin is not Origin.TAKE:
        outcome = Outcome.JOINED if cue.start - planned > LEAST_NOTICED else Outcome.LATE
        words.insert(0, f"{_lasted(late)} late")
    elif (
        end > planned_end + LEAST_NOTICED and cue.item is not None and cue.origin is not Origin.TAKE
    ):
        outcome = Outcome.OVERRAN
        words.insert(0, f"{_lasted(end - planned_end)} over")
    return outcome, "; ".join(words)


def _by_hand(cue: Cue, happened: AirState) -> bool:
    return cue.kind is ContentKind.FILE and cue.item is not None and _among(cue, happened.ended)


def _among(cue: Cue, ids: Iterable[CueId]) -> bool:
    """Return whether `ids` name any piece of the cue's instance."""
    base = without_piece(cue.id)
    return any(without_piece(id) == base for id in ids)


def _end(
    cue: Cue, start: datetime, end: datetime, planned_end: datetime, item: Item | None
) -> tuple[Outcome, str]:
    if cue.item is None:
        return Outcome.AIRED, ""
    if end > planned_end + LEAST_NOTICED and cue.origin is not Origin.TAKE:
        return Outcome.OVERRAN, f"{_lasted(end - planned_end)} over"
    meant = cue.media.length - cue.offset if cue.media is not None else timedelta(0)
    if cue.media is None or meant <= timedelta(0):
        return Outcome.AIRED, ""
    if item is not None:
        meant = min(meant, item.length)
    if end - start < meant - LEAST_NOTICED:
        return Outcome.CUT_SHORT, f"by {_lasted(meant - (end - start))}"
    return Outcome.AIRED, ""


def unaired(displaced: Displaced, plan: Plan, happened: AirState) -> AsRun | None:
    """Return the row of an item that will not air any more; None when there is no row to write.

    An item of a block has none: no person planned it by name, what airs instead has its own row,
    and the item may even be older than the block. A block file that does not play has a row.
    """
    item = plan.item(displaced.item)
    if item is None:
        return None
    outcome = Outcome.MISSED
    if displaced.item in happened.skipped:
        outcome = Outcome.TERMINATED
    elif displaced.item in happened.failed or item.kind is ContentKind.FILE and item.media is None:
        outcome = Outcome.SUBSTITUTED
    if outcome is Outcome.MISSED and item.rank is Rank.BLOCK:
        return None
    end = item.start + item.length
    return AsRun(
        cue=item_cue_id(item.id, item.start, "none", 0),
        item=item.id,
        airing=item.airing,
        title=item.title,
        planned_start=item.start,
        planned_end=end,
        start=item.start,
        end=end,
        ticks=0,
        held=0,
        dropped=0,
        outcome=outcome,
        layer=Layer.SLATE.value,
        asset=item.media.key if item.media is not None else None,
        reason=displaced.reason,
    )
