"""Rows of sources and meetings into frozen values, and drafts into rows."""

from typing import Any

from pydantic import TypeAdapter

from config.names import ChannelId
from playout.source import SoundMap, Source
from scheduler.db.tables_live import MeetingRow, SourceRow
from scheduler.domain.meeting import Meeting, MeetingDraft, Recording
from scheduler.domain.names import AssetId, MeetingId, SourceId
from scheduler.domain.replays import ReplayRules
from scheduler.domain.source import KnownSource, SourceDraft, shown
from scheduler.domain.text import clean, one_line

_RULES = TypeAdapter(ReplayRules)


def source(row: SourceRow) -> Source:
    """The source as the broadcast machine needs it, address and all."""
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
    """The source as pages may know it."""
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
    said: dict[str, Any] = _RULES.dump_python(rules, mode="json")
    return said


def rules(said: dict[str, Any]) -> ReplayRules:
    """Replay rules as they were kept; what an older version did not know has its default."""
    return _RULES.validate_python(said)


def meeting(row: MeetingRow) -> Meeting:
    """The meeting."""
    draft = MeetingDraft(
        channel=ChannelId(row.channel_id),
        title=row.title,
        start=row.start,
        length=row.length,
        body=row.body,
        room=row.room,
        televised=row.televised,
        source=SourceId(row.source_id) if row.source_id else None,
        hard_limit=row.hard_limit,
        agenda=row.agenda,
        public_note=row.public_note,
        notes=row.notes,
        substitute=AssetId(row.substitute_id) if row.substitute_id else None,
        replays=rules(row.replays),
    )
    return Meeting(MeetingId(row.id), draft, row.cancelled, _recording(row), row.version)


def _recording(row: MeetingRow) -> Recording | None:
    if row.recorded_at is None or row.recorded_length is None:
        return None
    return Recording(row.recorded_length, bool(row.recorded_ok), row.recorded_note, row.recorded_at)


def fill_meeting(row: MeetingRow, draft: MeetingDraft) -> None:
    """Write what staff set."""
    row.channel_id = draft.channel
    row.title = one_line(draft.title)
    row.body = one_line(draft.body)
    row.room = one_line(draft.room)
    row.start = draft.start
    row.length = draft.length
    row.televised = draft.televised
    row.source_id = draft.source
    row.hard_limit = draft.hard_limit
    row.agenda = draft.agenda.strip()
    row.public_note = clean(draft.public_note)
    row.notes = clean(draft.notes)
    row.substitute_id = draft.substitute
    row.replays = rules_json(draft.replays)
