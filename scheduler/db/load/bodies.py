"""Public bodies and series of meetings, between rows and values."""

from pydantic import TypeAdapter

from scheduler.db import load
from scheduler.db.load.meetings import fill_same, same_fields
from scheduler.db.tables.meetings import BodyRow, MeetingSeriesRow
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults, PublicBody
from scheduler.domain.meetings.meeting_series import MeetingSeries, MeetingSeriesDraft
from scheduler.domain.meetings.roster import Member
from scheduler.domain.model.ids import BodyId, MeetingSeriesId

_MEMBERS = TypeAdapter(tuple[Member, ...])


def body(row: BodyRow) -> PublicBody:
    """Return the public body."""
    draft = BodyDraft(
        usual=_usual(row),
        pattern=load.rule.pattern(row.pattern),
        at=row.at,
        holidays=load.rule.observances(row.holidays),
        members=_MEMBERS.validate_python(row.members),
    )
    return PublicBody(BodyId(row.id), draft, row.archived, row.version)


def fill_body(row: BodyRow, draft: BodyDraft) -> None:
    """Write what staff set."""
    fill_same(row, draft.usual)
    row.agenda = draft.usual.agenda.strip()
    row.pattern = load.rule.pattern_json(draft.pattern)
    row.at = draft.at
    row.holidays = load.rule.observances_json(draft.holidays)
    row.members = _MEMBERS.dump_python(draft.members, mode="json")


def meeting_series(row: MeetingSeriesRow) -> MeetingSeries:
    """Return the series of meetings."""
    draft = MeetingSeriesDraft(_usual(row), load.rule.rule(row))
    return MeetingSeries(MeetingSeriesId(row.id), draft, row.ended, row.version)


def fill_meeting_series(row: MeetingSeriesRow, draft: MeetingSeriesDraft) -> None:
    """Write what staff set."""
    fill_same(row, draft.usual)
    row.agenda = draft.usual.agenda.strip()
    load.rule.fill_rule(row, draft.rule)


def _usual(row: BodyRow | MeetingSeriesRow) -> MeetingDefaults:
    return MeetingDefaults(agenda=row.agenda, **same_fields(row))
