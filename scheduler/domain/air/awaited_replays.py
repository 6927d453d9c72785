"""Replays whose recording does not exist yet, shown in the time that is kept for them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import AiringId
from playout.model.cue_ids import awaited_cue_id
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Displaced, Rundown
from playout.timing.replays import RECORDING_NOT_READY


def awaited(rundown: Rundown, now: datetime) -> tuple[AiringId, ...]:
    """Return the coming replays whose only reason for having no time is that nothing is recorded
    yet.
    """
    return tuple(
        one.airing
        for one in rundown.displaced
        if one.airing is not None and one.reason == RECORDING_NOT_READY and one.planned > now
    )


def with_awaited(rundown: Rundown, lengths: Mapping[AiringId, timedelta], now: datetime) -> Rundown:
    """Return the rundown with each awaited replay in place of filler, board and slate.

    Items planned by name keep their time. This rundown is for people to read; the host airs its
    own.
    """
    coming = set(awaited(rundown, now)) & set(lengths)
    if not coming:
        return rundown
    cues = list(rundown.cues)
    for one in rundown.displaced:
        if one.airing in coming:
            cues = [piece for cue in cues for piece in _over(cue, one, lengths)]
    displaced = tuple(one for one in rundown.displaced if one.airing not in coming)
    return replace(rundown, cues=tuple(_joined(cues)), displaced=displaced)


def _over(cue: Cue, replay: Displaced, lengths: Mapping[AiringId, timedelta]) -> Iterable[Cue]:
    """Yield the cue, with the replay's time cut out of it unless it was planned by name."""
    assert replay.airing is not None
    end = replay.planned + lengths[replay.airing]
    begin, over = max(cue.start, replay.planned), min(cue.end, end)
    if begin >= over or cue.item is not None or cue.rank > Rank.FILLER:
        yield cue
        return
    if cue.start < begin:
        yield replace(cue, end=begin)
    yield Cue(
        id=awaited_cue_id(replay.item),
        item=replay.item,
        kind=ContentKind.FILE,
        title=replay.title,
        start=begin,
        end=over,
        rank=Rank.SOFT,
        airing=replay.airing,
    )
    if over < cue.end:
        yield replace(cue, start=over)


def _joined(cues: Iterable[Cue]) -> Iterable[Cue]:
    """Join the cues of one replay that lay over several clips of filler."""
    last: Cue | None = None
    for cue in cues:
        if last is not None and last.id == cue.id and cue.item is not None:
            last = replace(last, end=cue.end)
            continue
        if last is not None:
            yield last
        last = cue
    if last is not None:
        yield last
