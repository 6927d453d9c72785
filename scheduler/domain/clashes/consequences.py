"""Consequences of an edit for a channel's airings as viewers see them, airing by airing."""

from collections.abc import Mapping
from datetime import timedelta

from config.names import AiringId
from playout.model.rundown import Cue, Rundown
from playout.timing.compare import (
    PLAN_TOLERANCE,
    AirChange,
    Effect,
    TimeOnAir,
    compare,
    effect_of,
    reasons_of,
)
from scheduler.domain.model.airing import AiringDraft

Drafts = Mapping[AiringId, AiringDraft]
Edits = Mapping[AiringId, AiringDraft | None]
"""The draft each airing is to have; None takes it off the schedule."""
AiringChange = AirChange[AiringId]


def consequences(
    before: Rundown, after: Rundown, standing: Drafts, edits: Edits
) -> tuple[AiringChange, ...]:
    """Return each airing that viewers would see differently after the edits, in order of time.

    `standing` are the airings as they are now; `before` and `after` are their settled rundowns.
    """
    edited = {**standing, **edits}
    return compare(_times(before, standing), _times(after, edited), reasons_of(after))


def unlike_plan(after: Rundown, wanted: Drafts, edits: Edits) -> tuple[AiringChange, ...]:
    """Return each airing that is kept but would not air as wanted, for example moved or cut.

    `wanted` are the airings as their maker planned them, `edits` what a way out makes of them.
    """
    cues, reasons = _first_and_last(after), reasons_of(after)
    times = _times(after, edits)
    changes = []
    for id, draft in wanted.items():
        if edits[id] is None:
            continue
        planned = _as_planned(draft, cues.get(id))
        effect = effect_of(planned, times.get(id))
        if effect is not None and effect is not Effect.LONGER:
            reason = reasons.get(id, "") if effect is Effect.DROPPED else ""
            changes.append(AirChange(id, draft.title, effect, planned, times.get(id), reason))
    return tuple(changes)


def outcome_of_each(after: Rundown, wanted: Drafts) -> tuple[AiringChange, ...]:
    """Return what viewers see of each of these airings, news or not, in order of time."""
    times, reasons = _times(after, wanted), reasons_of(after)
    changes: list[AiringChange] = []
    for id, draft in wanted.items():
        if id in times:
            changes.append(AirChange(id, draft.title, Effect.AIRS, None, times[id]))
        else:
            planned, why = _as_planned(draft, None), reasons.get(id, "")
            changes.append(AirChange(id, draft.title, Effect.DROPPED, planned, None, why))
    return tuple(sorted(changes, key=lambda change: (change.at, change.title)))


def lost(rundown: Rundown, airing: AiringId, wanted: AiringDraft) -> timedelta:
    """Return how much of the airing as wanted would not be seen; zero where it has no file."""
    cues = _first_and_last(rundown).get(airing)
    if cues is None:
        return timedelta(0)
    missing = _playable_length(wanted, cues) - (cues[1].end - cues[0].start)
    return missing if missing > PLAN_TOLERANCE else timedelta(0)


def _times(rundown: Rundown, drafts: Edits) -> dict[AiringId, TimeOnAir]:
    """The time on air of each draft; the planned time of one that has no file yet.

    An airing without a file is left out of the plan, so it has no cue, yet it is not displaced:
    staff are still to choose its file.
    """
    cues, displaced = _first_and_last(rundown), reasons_of(rundown)
    times = {}
    for id, draft in drafts.items():
        if draft is None:
            continue
        if id in cues:
            first, last = cues[id]
            into = first.offset - draft.in_point if first.media else timedelta(0)
            times[id] = TimeOnAir(draft.title, first.start, last.end, into)
        elif id not in displaced:
            times[id] = _as_planned(draft, None)
    return times


def _as_planned(draft: AiringDraft, cues: tuple[Cue, Cue] | None) -> TimeOnAir:
    """The planned time of the draft, no longer than the file that its cues play."""
    length = _playable_length(draft, cues) if cues else draft.length
    return TimeOnAir(draft.title, draft.start, draft.start + length)


def _playable_length(draft: AiringDraft, cues: tuple[Cue, Cue]) -> timedelta:
    """Return the length of the draft, no longer than what its file has from the in point on."""
    media = cues[0].media
    if media is None or not media.length:
        return draft.length
    return min(draft.length, media.length - draft.in_point)


def _first_and_last(rundown: Rundown) -> dict[AiringId, tuple[Cue, Cue]]:
    """Return the first and the last cue of each airing."""
    ends: dict[AiringId, tuple[Cue, Cue]] = {}
    for cue in rundown.cues:
        if cue.airing is not None:
            ends[cue.airing] = (ends.get(cue.airing, (cue, cue))[0], cue)
    return ends
