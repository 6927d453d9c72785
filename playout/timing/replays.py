"""Replays planned before their file exists: the recording fills them once the host has it."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.names import ItemId
from playout.model.plan import ContentKind, Item, Media, Plan
from playout.model.recording import Recording, RecordingState
from playout.state.air_state import AirState

RECORDING_DUE_BEFORE = timedelta(minutes=1)
"""A replay whose recording is not there this long before its start is filled; it joins in
progress or is skipped when the recording comes."""
RECORDING_NOT_READY = "its recording is not ready yet"


def resolve_replays(plan: Plan, happened: AirState) -> Plan:
    """Return the plan with every known recording in its replays, in and out points included.

    An item with a file of its own is left alone, for somebody may have cut that file. What the host
    recorded by itself comes first, then what the server knows: the recording of another channel's
    machine, an older one, or the one of a machine whose disk was lost. If the recording failed, the
    substitute airs.
    """
    items = tuple(_item(item, happened) for item in plan.items)
    return plan if items == plan.items else replace(plan, items=items)


def _item(item: Item, happened: AirState) -> Item:
    if item.kind is not ContentKind.FILE or item.replay_of is None or item.media is not None:
        return item
    recording = happened.recordings.get(item.replay_of)
    if recording is not None and recording.state is RecordingState.WHOLE and recording.media:
        return _cut(item, recording, recording.media)
    if item.recorded is not None:
        start = item.recorded_from + item.in_point
        return replace(item, media=item.recorded, in_point=start, recorded=None)
    if recording is None or recording.state is RecordingState.CLOSING:
        return item
    return item if item.substitute is None else replace(item, media=item.substitute)


def _cut(item: Item, recording: Recording, media: Media) -> Item:
    """Put the recording into the item, from its in point to its out point.

    The slot stays as planned, so that a locked item behind it never moves.
    """
    first, last = recording.span
    start = first + item.in_point
    return replace(item, media=replace(media, length=last), in_point=start, recorded=None)


def meeting_span(
    recording: Recording, happened: AirState
) -> tuple[datetime | None, datetime | None]:
    """Return the in and out points of the meeting, UTC: from its start or mark to its adjournment.

    None where the recording's own edge counts: all of a meeting that was never on air.
    """
    pieces = [cue for cue in happened.pinned if cue.airing == recording.airing]
    if not pieces or (item := pieces[0].item) is None:
        return None, None
    last = pieces[-1]
    ends = [known[item] for known in (happened.over, happened.provisional) if item in known]
    ends += [happened.ended[last.id]] if last.id in happened.ended else []
    ends += [] if last.held else [last.end]
    return replay_start(item, happened) or pieces[0].start, min(ends, default=None)


def replay_start(item: ItemId, happened: AirState) -> datetime | None:
    """Return where the replays of a live begin, UTC: at the operator's mark, else the take or the
    go.

    None before it has begun.
    """
    return happened.marked.get(item) or happened.begun.get(item)


def awaits_recording(item: Item, happened: AirState, now: datetime) -> bool:
    """Return whether a replay without a file may still get one: planned, recording or being
    closed."""
    if item.replay_of is None or item.media is not None or item.recorded is not None:
        return False
    if item.start - now <= RECORDING_DUE_BEFORE:
        return False
    recording = happened.recordings.get(item.replay_of)
    return recording is None or recording.state is RecordingState.CLOSING


def why_no_recording(item: Item, happened: AirState) -> str | None:
    """Return why a replay has no file, in words for staff; None if it is no replay or has one."""
    if item.replay_of is None or item.media is not None:
        return None
    recording = happened.recordings.get(item.replay_of)
    if recording is not None and recording.state is RecordingState.FAILED:
        return f"its recording failed: {recording.reason or 'nothing was kept'}"
    return RECORDING_NOT_READY
