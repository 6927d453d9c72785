"""What viewers would see otherwise: two rundowns of a channel, compared airing by airing."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId
from playout.model.rundown import Cue, Rundown
from scheduler.domain.model.airing import AiringDraft

SECOND = timedelta(seconds=2)
"""Times that differ by less are the same to a viewer."""

Plan = Mapping[AiringId, AiringDraft]
Edits = Mapping[AiringId, AiringDraft | None]
"""What each airing is to be; None leaves it out."""


class Turn(StrEnum):
    """What becomes of an airing on air."""

    ADDED = "added"
    AIRS = "airs"
    """It is said when it airs, whether or not that is news."""
    MOVED = "moved"
    SHORTER = "shorter"
    LONGER = "longer"
    GONE = "gone"


@dataclass(frozen=True)
class Effect:
    """One airing that viewers would see otherwise than as things stand."""

    airing: AiringId
    title: str
    turn: Turn
    was: tuple[datetime, datetime] | None
    will: tuple[datetime, datetime] | None
    joined: timedelta = timedelta(0)
    """How far into it viewers come in."""
    why: str = ""


def consequences(
    before: Rundown, after: Rundown, standing: Plan, edits: Edits
) -> tuple[Effect, ...]:
    """Each airing that viewers would see otherwise than as things stand, in order of time."""
    wanted = {**standing, **edits}
    seen, will_be = _spans(before), _spans(after)
    gone = {one.airing: one.reason for one in after.displaced if one.airing}
    missed = {one.airing for one in before.displaced if one.airing}
    found = []
    for id, draft in wanted.items():
        title = (draft or standing[id]).title
        was = _seen(seen, missed, id, standing.get(id))
        one = _effect(id, title, was, _seen(will_be, gone, id, draft), gone.get(id, ""))
        if one is not None:
            found.append(one)
    return tuple(sorted(found, key=by_time))


def by_time(effect: Effect) -> tuple[datetime, str]:
    """What comes first on air, else would have."""
    span = effect.will or effect.was
    assert span is not None
    return span[0], effect.title


_Span = tuple[datetime, datetime, timedelta]


def otherwise(after: Rundown, wanted: Plan, edits: Edits) -> tuple[Effect, ...]:
    """Each airing that is to be kept, but that viewers would not see as it is wanted."""
    spans = _spans(after)
    gone = {one.airing: one.reason for one in after.displaced if one.airing}
    found = []
    for id, draft in wanted.items():
        kept = edits[id]
        if kept is None:
            continue
        was = draft.start, draft.start + draft.length
        will = _seen(spans, gone, id, kept)
        short = _lost(spans.get(id), draft)
        if will is None:
            found.append(Effect(id, draft.title, Turn.GONE, was, None, why=gone.get(id, "")))
        elif abs(will[0] - was[0]) > SECOND:
            found.append(Effect(id, draft.title, Turn.MOVED, was, will[:2], will[2]))
        elif short:
            whole = was[0], will[1] + short
            found.append(Effect(id, draft.title, Turn.SHORTER, whole, will[:2]))
    return tuple(found)


def stated(after: Rundown, wanted: Plan) -> tuple[Effect, ...]:
    """What viewers see of each of these, whether or not that is news; in order of time."""
    spans = _spans(after)
    gone = {one.airing: one.reason for one in after.displaced if one.airing}
    found = []
    for id, draft in wanted.items():
        was = draft.start, draft.start + draft.length
        will = _seen(spans, gone, id, draft)
        if will is None:
            found.append(Effect(id, draft.title, Turn.GONE, was, None, why=gone.get(id, "")))
        else:
            found.append(Effect(id, draft.title, Turn.AIRS, None, will[:2], will[2]))
    return tuple(sorted(found, key=by_time))


def lost(rundown: Rundown, airing: AiringId, wanted: AiringDraft) -> timedelta:
    """How much of the airing as it is wanted nobody would see; nothing where it has no file."""
    return _lost(_spans(rundown).get(airing), wanted)


def _lost(span: tuple[Cue, Cue] | None, wanted: AiringDraft) -> timedelta:
    if span is None:
        return timedelta(0)
    media, want = span[0].media, wanted.length
    if media is not None and media.length:
        want = min(want, media.length - wanted.in_point)
    short = want - (span[1].end - span[0].start)
    return short if short > SECOND else timedelta(0)


def _spans(rundown: Rundown) -> dict[AiringId, tuple[Cue, Cue]]:
    """The first and the last cue of each airing."""
    found: dict[AiringId, tuple[Cue, Cue]] = {}
    for cue in rundown.cues:
        if cue.airing is not None:
            found[cue.airing] = (found.get(cue.airing, (cue, cue))[0], cue)
    return found


def _seen(
    spans: Mapping[AiringId, tuple[Cue, Cue]],
    displaced: Container[AiringId],
    id: AiringId,
    draft: AiringDraft | None,
) -> _Span | None:
    """When viewers see it and how far in they begin; as planned where it has no file yet."""
    if draft is None:
        return None
    if id in spans:
        first, last = spans[id]
        into = first.offset - draft.in_point if first.media else timedelta(0)
        return first.start, last.end, into
    if id in displaced:
        return None
    return draft.start, draft.start + draft.length, timedelta(0)


def _effect(
    id: AiringId, title: str, was: _Span | None, will: _Span | None, why: str
) -> Effect | None:
    if will is None:
        return Effect(id, title, Turn.GONE, was[:2], None, why=why) if was else None
    if was is None:
        return Effect(id, title, Turn.ADDED, None, will[:2], will[2])
    if abs(will[0] - was[0]) > SECOND:
        return Effect(id, title, Turn.MOVED, was[:2], will[:2], will[2])
    if abs(will[1] - was[1]) > SECOND:
        turn = Turn.SHORTER if will[1] < was[1] else Turn.LONGER
        return Effect(id, title, turn, was[:2], will[:2], will[2])
    return None
