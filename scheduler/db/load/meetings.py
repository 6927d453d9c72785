"""Sources and meetings, between rows and values."""

from typing import Any

from pydantic import TypeAdapter

from config.names import ChannelId
from playout.model.source import SoundMap, Source
from scheduler.db.tables.meetings import MeetingColumns, MeetingRow, SourceRow
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft, MeetingRecording
from scheduler.domain.meetings.meeting_series import own_fields
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.meetings.roster import AgendaItem
from scheduler.domain.model.ids import AssetId, MeetingId, MeetingSeriesId, SourceId
from scheduler.domain.model.source import KnownSource, SourceDraft, shown
from scheduler.domain.model.text import clean, one_line

_RULES = TypeAdapter(ReplayRules)
_DRAFT = TypeAdapter(MeetingDraft)
_ITEMS = TypeAdapter(tuple[AgendaItem, ...])


def source(row: SourceRow) -> Source:
    """Return the source as the broadcast machine needs it, address included."""
    return Source(
        id=row.id,
        name=row.name,
        address=row.address,
        gain_db=row.gain_db,
        sound=SoundMap(row.sound),
        limiter=row.limiter,
        expects=row.expects,
        starts_on_signal=row.starts_on_signal,
        ends_on_silence=row.ends_on_silence,
    )


def known_source(row: SourceRow) -> KnownSource:
    """Return the source as pages may know it, without its address."""
    draft = SourceDraft(
        name=row.name,
        gain_db=row.gain_db,
        sound=SoundMap(row.sound),
        limiter=row.limiter,
        expects=row.expects,
        starts_on_signal=row.starts_on_signal,
        ends_on_silence=row.ends_on_silence,
    )
    return KnownSource(SourceId(row.id), draft, shown(row.address), row.retired, row.version)


def fill_source(row: SourceRow, draft: SourceDraft) -> None:
    """Write what engineers set; an empty address leaves the one there is."""
    row.name = one_line(draft.name)
    row.address = draft.address or row.address
    row.gain_db = draft.gain_db
    row.sound = draft.sound.value
    row.limiter = draft.limiter
    row.expects = draft.expects
    row.starts_on_signal = draft.starts_on_signal
    row.ends_on_silence = draft.ends_on_silence


def rules_json(rules: ReplayRules) -> dict[str, Any]:
    """Replay rules as they are kept in a row."""
    data: dict[str, Any] = _RULES.dump_python(rules, mode="json")
    return data


def rules(data: dict[str, Any]) -> ReplayRules:
    """Replay rules as they were kept; what an older version did not know has its default."""
    return _RULES.validate_python(data)


def meeting(row: MeetingRow) -> Meeting:
    """Return the meeting."""
    draft = MeetingDraft(
        start=row.start,
        hard_limit=row.hard_limit,
        agenda=row.agenda,
        agenda_items=_ITEMS.validate_python(row.agenda_items),
        **same_fields(row),
    )
    made = meeting_draft(row.made["draft"]) if row.made else None
    return Meeting(
        id=MeetingId(row.id),
        draft=draft,
        cancelled=row.cancelled,
        recording=_recording(row),
        version=row.version,
        series=MeetingSeriesId(row.series_id) if row.series_id else None,
        series_day=row.series_day,
        made=made,
        own=own_fields(made, draft) if made else frozenset(),
        off=bool(row.made and row.made["off"]),
    )


def same_fields(row: MeetingColumns) -> dict[str, Any]:
    """Return the fields that a meeting, a series and a body share, by their names in drafts."""
    return {
        "channel": ChannelId(row.channel_id),
        "title": row.title,
        "length": row.length,
        "body": row.body,
        "room": row.room,
        "televised": row.televised,
        "source": SourceId(row.source_id) if row.source_id else None,
        "public_note": row.public_note,
        "notes": row.notes,
        "substitute": AssetId(row.substitute_id) if row.substitute_id else None,
        "replays": rules(row.replays),
    }


def meeting_draft(data: dict[str, Any]) -> MeetingDraft:
    """Return the meeting as its series made it, from the stored JSON."""
    return _DRAFT.validate_python(data)


def meeting_draft_json(draft: MeetingDraft) -> dict[str, Any]:
    """Return the meeting as JSON to store."""
    data: dict[str, Any] = _DRAFT.dump_python(draft, mode="json")
    return data


def _recording(row: MeetingRow) -> MeetingRecording | None:
    if row.recorded_at is None or row.recorded_length is None:
        return None
    return MeetingRecording(
        row.recorded_length, bool(row.recorded_ok), row.recorded_note, row.recorded_at
    )


def fill_meeting(row: MeetingRow, draft: MeetingDraft) -> None:
    """Write what staff set."""
    fill_same(row, draft)
    row.start = draft.start
    row.hard_limit = draft.hard_limit
    row.agenda = draft.agenda.strip()
    row.agenda_items = _ITEMS.dump_python(draft.agenda_items, mode="json")


def fill_same(row: MeetingColumns, draft: MeetingDraft | MeetingDefaults) -> None:
    """Write the fields that a meeting, a series and a body share."""
    row.channel_id = draft.channel
    row.title = one_line(draft.title)
    row.body = one_line(draft.body)
    row.room = one_line(draft.room)
    row.length = draft.length
    row.televised = draft.televised
    row.source_id = draft.source
    row.public_note = clean(draft.public_note)
    row.notes = clean(draft.notes)
    row.substitute_id = draft.substitute
    row.replays = rules_json(draft.replays)
