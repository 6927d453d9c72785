"""The airings of a meeting, brought into agreement with it: the live one, and each replay of its
rules.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId, ChannelId
from scheduler.changing.airing_rows import add_airing
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.meetings.meeting import (
    Meeting,
    MeetingDraft,
    live_draft,
    live_followed,
    moved,
    replay_draft,
)
from scheduler.domain.meetings.replays import Replay, replays
from scheduler.domain.model.airing import AiringDraft
from scheduler.ids import new_id

REPLAYS_WITHIN = timedelta(days=62)
"""The longest time from a meeting to its last replay."""


def watch_meeting(work: UnitOfWork, meeting: str) -> tuple[MeetingRow, list[AiringRow]]:
    """Return the meeting and all its airings, remembered as they are now. Raises Missing."""
    row = work.get(MeetingRow, meeting, "meeting")
    airings = list(find.meetings.airings_of(work.session, row.id))
    for airing in airings:
        work.watch(airing)
    work.channels.add(row.channel_id)
    return row, airings


def agree(work: UnitOfWork, row: MeetingRow, before: MeetingDraft | None = None) -> None:
    """Make, move and cancel airings until they match the meeting. `before` is its draft until now.

    Replays keep their places unless the meeting moved, or its rules or length changed. An airing
    that somebody moved or cancelled by hand is left alone, and so is one that has begun.
    """
    meeting = load.meetings.meeting(row)
    known = list(find.meetings.airings_of(work.session, row.id))
    for airing in known:
        work.watch(airing)
        work.channels.add(airing.channel_id)
    work.channels.add(row.channel_id)
    live = _live(work, meeting, next((one for one in known if not one.slot), None))
    by_slot = {one.slot: one for one in known if one.slot}
    if live is None or live.cancelled:
        for airing in by_slot.values():
            _cancel(work, airing)
    elif before is None or _placing(before) != _placing(meeting.draft):
        _place(work, meeting, AiringId(live.id), by_slot)
    else:
        for airing in by_slot.values():
            _retold(work, meeting, airing)


def copy_meeting(work: UnitOfWork, meeting: str, start: datetime) -> AiringRow | None:
    """Copy the meeting to another start, with airings of its own; return the live one."""
    row, _ = watch_meeting(work, meeting)
    first = load.meetings.meeting(row).draft
    again = MeetingRow(id=new_id())
    load.meetings.fill_meeting(again, replace(moved(first, start), agenda="", agenda_items=()))
    work.add(again)
    agree(work, again)
    return next(
        (one for one in find.meetings.airings_of(work.session, again.id) if not one.slot), None
    )


def _placing(draft: MeetingDraft) -> tuple[object, ...]:
    return draft.channel, draft.start, draft.length, draft.replays, draft.televised


def follow_live_airing(work: UnitOfWork, airing: AiringRow) -> None:
    """Make a meeting follow its live airing after somebody changed that on the schedule."""
    if airing.meeting_id is None or airing.slot:
        return
    row, _ = watch_meeting(work, airing.meeting_id)
    before = load.meetings.meeting(row).draft
    row.channel_id, row.title, row.start = airing.channel_id, airing.title, airing.start
    row.length, row.hard_limit, row.source_id = airing.length, airing.hard_limit, airing.source
    row.cancelled = airing.cancelled
    work.session.flush()
    agree(work, row, before)


def apply_true_length(work: UnitOfWork, row: MeetingRow) -> int:
    """Give coming replays the true length of the recording; return how many changed.

    A replay that is locked, has a fixed start or was changed by hand keeps its length.
    """
    meeting = load.meetings.meeting(row)
    changed = 0
    for airing in find.meetings.airings_of(work.session, row.id):
        if not airing.slot or airing.edited or airing.locked or airing.cancelled:
            continue
        if airing.start <= work.now or airing.start_rule == "hard":
            continue
        if airing.length == meeting.known_length:
            continue
        work.watch(airing)
        load.plan.fill_airing(
            airing, replace(load.plan.airing(airing).draft, length=meeting.known_length)
        )
        work.channels.add(airing.channel_id)
        changed += 1
    return changed


def wanted_replays(session: Session, meeting: Meeting, now: datetime) -> tuple[Replay, ...]:
    """Return every replay that the meeting's rules ask for, with its place or why it has none."""
    channel = session.get(ChannelRow, meeting.draft.channel)
    if channel is None or not meeting.draft.televised:
        return ()
    return replays(
        meeting.draft.replays,
        meeting.start,
        meeting.known_length,
        ZoneInfo(channel.zone),
        _taken(session, meeting),
        now,
    )


def _taken(session: Session, meeting: Meeting) -> Sequence[tuple[datetime, datetime]]:
    """Return the times that other airings of the channel hold."""
    until = meeting.start + REPLAYS_WITHIN
    rows = find.plan.airings(session, ChannelId(meeting.draft.channel), meeting.start, until)
    return [(row.start, row.end) for row in rows if row.meeting_id != meeting.id]


def _live(work: UnitOfWork, meeting: Meeting, row: AiringRow | None) -> AiringRow | None:
    """Make the live airing match the meeting; return it, or None if there never was one."""
    if not meeting.draft.televised or meeting.cancelled:
        if row is not None:
            _cancel(work, row)
        return row
    if row is None:
        return add_airing(work, live_draft(meeting))
    _set(work, row, live_followed(load.plan.airing(row).draft, meeting))
    return row


def _place(
    work: UnitOfWork, meeting: Meeting, live: AiringId, by_slot: dict[str, AiringRow]
) -> None:
    for place in wanted_replays(work.session, meeting, work.now):
        row = by_slot.pop(place.slot, None)
        if row is not None and (row.edited or row.start <= work.now):
            continue
        if place.start is None:
            if row is not None:
                _cancel(work, row)
            continue
        draft = replay_draft(meeting, live, place.start, place.slot)
        if row is None:
            add_airing(work, draft)
        else:
            _set(work, row, draft)
    for row in by_slot.values():
        if not row.edited:
            _cancel(work, row)


def _retold(work: UnitOfWork, meeting: Meeting, row: AiringRow) -> None:
    """Update title, note and substitute of a replay. Nothing moves."""
    if row.cancelled or row.start <= work.now:
        return
    draft = load.plan.airing(row).draft
    fresh = replace(
        draft,
        title=meeting.title,
        public_note=meeting.draft.public_note,
        substitute=meeting.draft.substitute,
    )
    if fresh != draft:
        load.plan.fill_airing(row, fresh)


def _set(work: UnitOfWork, row: AiringRow, draft: AiringDraft) -> None:
    row.cancelled, row.cancelled_at = False, None
    if load.plan.airing(row).draft != draft:
        load.plan.fill_airing(row, draft)
    work.channels.add(row.channel_id)


def _cancel(work: UnitOfWork, row: AiringRow) -> None:
    if row.cancelled or (row.slot and row.start <= work.now):
        return
    row.cancelled, row.cancelled_at = True, work.now
