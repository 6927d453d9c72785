"""Actions of staff on meetings: add, change, cancel, reconvene. Airings and replays follow."""

from dataclasses import replace
from datetime import datetime

from scheduler.changing.bookings import NEW_ID, Accepted, booking, refuse_doubles
from scheduler.changing.drafts import unknown_of_meeting
from scheduler.changing.meeting_airings import agree, watch_meeting
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import MeetingRow
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft, moved, problems
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.ids import MeetingId
from scheduler.domain.model.people import Actor, Right
from scheduler.foresight.free_time import starts_behind_replays
from scheduler.foresight.preview import PreviewedChange, preview_effects
from scheduler.ids import new_id
from scheduler.refusals import Conflict, Refused


def add(
    db: Database,
    actor: Actor,
    now: datetime,
    draft: MeetingDraft,
    accepted: Accepted = None,
) -> Meeting:
    """Announce a meeting and make its live airing, recording, guide entry and replays.

    Raises Refused for an invalid draft, and DoubleBooked for an overlap that is not among
    `accepted`.
    """
    with changing(db, actor, now, Right.PLAN, "add") as work:
        refuse_doubles(work, [booking(NEW_ID, draft)], [], accepted)
        row = _add(work, draft)
    return load.meetings.meeting(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    meeting: MeetingId,
    draft: MeetingDraft,
    version: int,
    accepted: Accepted = None,
) -> Meeting:
    """Set everything that staff may set. Every airing of the meeting follows; a meeting on air
    stays on.

    Raises Refused, Missing, DoubleBooked, and Conflict with the present Meeting.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        before = load.meetings.meeting(work.get(MeetingRow, meeting, "meeting")).draft
        refuse_doubles(work, [booking(meeting, draft)], [booking(meeting, before)], accepted)
        row = _edit(work, meeting, draft, version)
    return load.meetings.meeting(row)


def cancel(db: Database, actor: Actor, now: datetime, meeting: MeetingId, version: int) -> Meeting:
    """Cancel the meeting and all its airings. One on air stays until it is adjourned."""
    with changing(db, actor, now, Right.PLAN, "cancel") as work:
        row = _cancel(work, meeting, version)
    return load.meetings.meeting(row)


def reconvene(
    db: Database,
    actor: Actor,
    now: datetime,
    meeting: MeetingId,
    start: datetime,
    version: int,
    accepted: Accepted = None,
) -> Meeting:
    """Continue a recessed meeting at another time, as a second meeting.

    The replay rules go to the second; of the first, only what aired stays. Raises as `add` does.
    """
    with changing(db, actor, now, Right.PLAN, "reconvene") as work:
        row, _ = watch_meeting(work, meeting)
        first = load.meetings.meeting(row)
        work.expect_version(row, version, first)
        load.meetings.fill_meeting(row, replace(first.draft, replays=ReplayRules()))
        work.session.flush()
        agree(work, row, first.draft)
        draft = moved(first.draft, start)
        refuse_doubles(work, [booking(NEW_ID, draft)], [], accepted)
        second = _add(work, draft)
        work.about("meeting", second.id, f"Reconvened {second.title}", second.channel_id)
    return load.meetings.meeting(second)


def retime(db: Database, actor: Actor, now: datetime, meeting: MeetingId) -> int:
    """Move soft airings that the meeting's replays push back to where the air is free; return how
    many.

    All of it is one change. Locked, live and fixed airings never move.
    """
    with changing(db, actor, now, Right.PLAN, "retime") as work:
        row, _ = watch_meeting(work, meeting)
        moves = starts_behind_replays(work.session, meeting, now)
        for airing, start in moves:
            work.watch(airing)
            load.plan.fill_airing(airing, replace(load.plan.airing(airing).draft, start=start))
            airing.edited = True
            work.channels.add(airing.channel_id)
        sentence = f"Moved airings after the replays of {row.title}"
        work.about("meeting", row.id, sentence, row.channel_id)
    return len(moves)


def preview(
    db: Database,
    actor: Actor,
    now: datetime,
    draft: MeetingDraft | None,
    meeting: MeetingId | None = None,
) -> tuple[PreviewedChange, ...]:
    """Return what would move if the draft were saved, or the meeting cancelled where the draft is
    None.

    Nothing is stored. Raises what saving would raise.
    """

    def do(work: UnitOfWork) -> None:
        if meeting is None and draft is not None:
            _add(work, draft)
        elif meeting is not None and draft is not None:
            _edit(work, meeting, draft, None)
        elif meeting is not None:
            _cancel(work, meeting, None)

    return preview_effects(db, actor, now, do)


def _add(work: UnitOfWork, draft: MeetingDraft) -> MeetingRow:
    _check(work, draft, is_new=True)
    row = MeetingRow(id=new_id())
    load.meetings.fill_meeting(row, draft)
    work.add(row)
    agree(work, row)
    work.about("meeting", row.id, f"Added the meeting {row.title}", row.channel_id)
    return row


def _edit(
    work: UnitOfWork, meeting: MeetingId, draft: MeetingDraft, version: int | None
) -> MeetingRow:
    row = _open(work, meeting, version)
    before = load.meetings.meeting(row).draft
    _check(work, draft, is_new=draft.start != before.start)
    load.meetings.fill_meeting(row, draft)
    work.session.flush()
    agree(work, row, before)
    work.about("meeting", row.id, f"Changed the meeting {row.title}", row.channel_id)
    return row


def _cancel(work: UnitOfWork, meeting: MeetingId, version: int | None) -> MeetingRow:
    row = _open(work, meeting, version)
    row.cancelled = True
    agree(work, row, load.meetings.meeting(row).draft)
    work.about("meeting", row.id, f"Canceled the meeting {row.title}", row.channel_id)
    return row


def _open(work: UnitOfWork, meeting: MeetingId, version: int | None) -> MeetingRow:
    row, _ = watch_meeting(work, meeting)
    current = load.meetings.meeting(row)
    if version is not None:
        work.expect_version(row, version, current)
    if row.cancelled:
        raise Conflict(current, "This meeting has been canceled since.")
    return row


def _check(work: UnitOfWork, draft: MeetingDraft, *, is_new: bool) -> None:
    errors = problems(draft, work.now, is_new=is_new) | unknown_of_meeting(work, draft)
    if errors:
        raise Refused(errors)
