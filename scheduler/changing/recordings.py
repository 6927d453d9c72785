"""The broadcast machine's report of a recording, stored with its meeting; replays take its
length.
"""

from datetime import datetime, timedelta

from config.names import ChannelId
from config.times import length as length_words
from playout.model.recording import Recording, RecordingState
from scheduler.changing.meeting_airings import apply_true_length
from scheduler.changing.transaction import UnitOfWork, record
from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.domain.model.people import SYSTEM_ACTOR


def true_length(recording: Recording) -> timedelta:
    """Return the length from in point to out point, gaps closed up; zero for a failed recording."""
    if recording.state is not RecordingState.WHOLE or recording.media is None:
        return timedelta(0)
    first = recording.place(recording.begins or recording.began)
    last = recording.place(recording.ends) if recording.ends else recording.media.length
    return (last if last > first else recording.media.length) - first


def store_recording(
    session: Session, channel: ChannelId, recording: Recording, now: datetime
) -> None:
    """Store the state of a meeting's recording, and give its replays the true length.

    An airing of another channel is ignored, for a host may speak of its own only. A second report
    of the same changes nothing, and a recording that is still being joined says nothing yet.
    """
    airing = find.plan.airing_of(session, channel, recording.airing)
    if airing is None or airing.meeting_id is None or recording.state is RecordingState.CLOSING:
        return
    row = session.get(MeetingRow, airing.meeting_id, with_for_update=True)
    assert row is not None
    length, is_whole = true_length(recording), recording.state is RecordingState.WHOLE
    if (row.recorded_length, row.recorded_ok, row.recorded_note) == (
        length,
        is_whole,
        recording.reason,
    ):
        return
    row.recorded_length, row.recorded_ok, row.recorded_note = length, is_whole, recording.reason
    row.recorded_at = now
    session.flush()
    if not is_whole:
        return
    work = UnitOfWork(session, SYSTEM_ACTOR, now)
    changed = apply_true_length(work, row)
    follow = f"{changed} replay{'s' if changed != 1 else ''} follow"
    work.about(
        "meeting", row.id, f"{row.title} was recorded, {length_words(length)} long; {follow}"
    )
    record(work, "record")
