"""Recordings and copies of files, between rows and values."""

from datetime import datetime

from config.names import AiringId, AssetKey, ChannelId
from playout.model.recording import RecordingGap
from scheduler.db.tables.recordings import CopyRow, RecordingRow
from scheduler.domain.library.copies import Copy
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.domain.model.ids import AssetId, MeetingId, ProgramId


def copy(row: CopyRow) -> Copy:
    """Return one place where a file is."""
    return Copy(AssetKey(row.key), row.place, row.size, row.since, row.verified, row.leaving)


def recorded(row: RecordingRow) -> RecordedAsset:
    """Return what only a recording has."""
    return RecordedAsset(
        asset=AssetId(row.asset_id),
        airing=AiringId(row.airing_id),
        channel=ChannelId(row.channel_id),
        meeting=MeetingId(row.meeting_id) if row.meeting_id else None,
        program=ProgramId(row.program_id) if row.program_id else None,
        body=row.body,
        began=row.began,
        first=row.first,
        last=row.last,
        gaps=tuple(RecordingGap(_at(start), _at(end)) for start, end in row.gaps),
        note=row.note,
        place=row.place,
        reported=row.reported,
        here=row.here,
    )


def _at(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
