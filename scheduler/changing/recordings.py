"""The broadcast machine's report of a recording, stored as a file of the library and with its
meeting; replays take its length.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config import times
from config.names import AiringId, ChannelId
from playout.model.plan import Media
from playout.model.recording import Recording, RecordingState
from scheduler.changing.meeting_airings import apply_true_length
from scheduler.changing.transaction import UnitOfWork, all_channels, record
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, AssetRow, ChannelRow, ProgramRow, StationRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.ids import new_id


def true_length(recording: Recording) -> timedelta:
    """Return the length from in point to out point, gaps closed up; zero for a failed recording."""
    if recording.state is not RecordingState.WHOLE or recording.media is None:
        return timedelta(0)
    first, last = recording.span
    return last - first


def store_recording(
    session: Session, channel: ChannelId, recording: Recording, now: datetime, place: str = ""
) -> None:
    """Store a recording that the machine at `place` reports: in the library, and with its meeting.

    An airing of another channel is ignored, for a host may speak of its own only. A second report
    of the same changes nothing, a recording that is still being joined says nothing yet, and one
    that is known better already (`Recording.outdoes`) is only noted.
    """
    airing = find.plan.airing_of(session, channel, recording.airing)
    if airing is None or recording.state is RecordingState.CLOSING:
        return
    known = find.recordings.of_airing(session, airing.id)
    if known is not None and not recording.outdoes(_as_known(session, known)):
        _note_other(known, recording.media)
        return
    if recording.media is not None and recording.state is RecordingState.WHOLE:
        _file(session, airing, known, recording, recording.media, now, place)
    if airing.meeting_id is not None:
        _note_with_meeting(session, airing.meeting_id, recording, now)


def _as_known(session: Session, row: RecordingRow) -> Recording:
    """Return the recording of the library as far as it is compared with another."""
    asset = session.get(AssetRow, row.asset_id)
    media = load.plan.asset(asset).media if asset is not None else None
    return Recording(AiringId(row.airing_id), RecordingState.WHOLE, row.began, media)


def _note_other(row: RecordingRow, media: Media | None) -> None:
    if media is not None and media.key not in row.others:
        row.others = [*row.others, media.key]


def _file(
    session: Session,
    airing: AiringRow,
    known: RecordingRow | None,
    recording: Recording,
    media: Media,
    now: datetime,
    place: str,
) -> None:
    """Make the recording a file of the library, or bring its file in line with a better one."""
    work = UnitOfWork(session, SYSTEM_ACTOR, now)
    if known is None:
        asset = _new_asset(session, airing, now)
        _fill_asset(asset, recording, media)
        work.add(asset)
        known = RecordingRow(asset_id=asset.id, airing_id=airing.id, others=[])
    else:
        asset = work.get(AssetRow, known.asset_id, "file")
        if asset.state == AssetState.GONE.value:
            return  # The station let it go; an old report does not bring it back.
        if asset.key != media.key:
            _put_off(known, asset)
        _fill_asset(asset, recording, media)
    _fill(session, known, airing, recording, now, place)
    work.about("check", asset.id, f"{asset.title} was recorded", *all_channels(session))
    record(work, "record")


def _new_asset(session: Session, airing: AiringRow, now: datetime) -> AssetRow:
    title = _title(session, airing)
    return AssetRow(
        id=new_id(), title=title, original_name=f"{title}.mp4"[:400], uploaded=now,
        uploaded_by=SYSTEM_ACTOR.name,
    )  # fmt: skip


def _title(session: Session, airing: AiringRow) -> str:
    """Return `City Council: Regular Meeting, November 22, 2026`, by the channel's calendar."""
    meeting = session.get(MeetingRow, airing.meeting_id) if airing.meeting_id else None
    channel = session.get(ChannelRow, airing.channel_id)
    zone = ZoneInfo(channel.zone if channel is not None else "UTC")
    station = session.get(StationRow, STATION_KEY)
    with times.written_in(
        times.Hours(station.hours) if station is not None else times.Hours.TWELVE
    ):
        day = times.calendar_day(airing.start.astimezone(zone).date())
    return f"{(meeting.title if meeting is not None else airing.title)[:170]}, {day}"


def _fill_asset(asset: AssetRow, recording: Recording, media: Media) -> None:
    """Write what air needs. Its captions are read at the server, with the facts of its file."""
    asset.state = AssetState.READY.value
    asset.summary = "Ready for air."
    asset.problems = [recording.reason] if recording.reason else []
    asset.media = load.plan.media_json(replace(media, captions=None))
    asset.key = media.key


def _put_off(row: RecordingRow, asset: AssetRow) -> None:
    """Forget what was found in the file that a better one replaces."""
    row.others = [*row.others, asset.key] if asset.key else row.others
    row.here = None
    asset.facts, asset.thumbnail, asset.has_thumbnail = {}, None, False
    load.plan.fill_captions(asset, None)
    load.plan.fill_caption_draft(asset, None)


def _fill(
    session: Session,
    row: RecordingRow,
    airing: AiringRow,
    recording: Recording,
    now: datetime,
    place: str,
) -> None:
    meeting = session.get(MeetingRow, airing.meeting_id) if airing.meeting_id else None
    program = session.get(ProgramRow, airing.program_id) if airing.program_id else None
    row.channel_id, row.meeting_id = airing.channel_id, airing.meeting_id
    row.program_id = airing.program_id
    row.body = meeting.body if meeting is not None else program.body if program is not None else ""
    row.began = recording.began
    row.first, row.last = recording.span
    row.gaps = [[gap.start.isoformat(), gap.end.isoformat()] for gap in recording.gaps]
    row.note, row.reported = recording.reason, now
    row.place = place or row.place or ""
    session.add(row)
    session.flush()


def _note_with_meeting(session: Session, meeting: str, recording: Recording, now: datetime) -> None:
    """Store the state of a meeting's recording, and give its replays the true length."""
    row = session.get(MeetingRow, meeting, with_for_update=True)
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
        "meeting",
        row.id,
        f"{row.title} was recorded, {times.length(length)} long; {follow}",
    )
    record(work, "record")
