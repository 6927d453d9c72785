"""Actions of staff on series of meetings: plan, change from a day on, end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from config.names import ChannelId
from config.times import calendar_day
from scheduler.changing.bookings import Accepted, refuse_doubles
from scheduler.changing.drafts import unknown_of_meeting
from scheduler.changing.meeting_airings import agree
from scheduler.changing.meeting_series import booked, materialise
from scheduler.changing.series_common import split_from
from scheduler.changing.transaction import UnitOfWork, changing, each_alone
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import MeetingSeriesRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.meetings.meeting_series import MeetingSeries, MeetingSeriesDraft, problems
from scheduler.domain.model.ids import MeetingSeriesId
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Refused

Elsewhere = Mapping[date, ChannelId]
"""Days whose meeting is on another channel than the series."""


def add(
    db: Database,
    actor: Actor,
    now: datetime,
    draft: MeetingSeriesDraft,
    accepted: Accepted = None,
    elsewhere: Elsewhere | None = None,
) -> MeetingSeries:
    """Plan a series of meetings and make those of the coming year and a half.

    Raises Refused, and DoubleBooked for an overlap that is not among `accepted`.
    """
    with changing(db, actor, now, Right.PLAN, "add") as work:
        _check(work, draft)
        row = MeetingSeriesRow(id=new_id())
        load.bodies.fill_meeting_series(row, draft)
        work.add(row)
        changed = _kept(work, row, accepted, elsewhere)
        work.about("meeting series", row.id, _said("Planned", draft, changed), row.channel_id)
    return load.bodies.meeting_series(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    series: MeetingSeriesId,
    draft: MeetingSeriesDraft,
    version: int,
    accepted: Accepted = None,
    elsewhere: Elsewhere | None = None,
) -> MeetingSeries:
    """Change rule and details. Coming meetings follow, except in what somebody set on one of them.

    Raises Refused, Missing, DoubleBooked, and Conflict with the present MeetingSeries.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = _open(work, series, version)
        _check(work, draft)
        work.channels.add(row.channel_id)
        load.bodies.fill_meeting_series(row, draft)
        changed = _kept(work, row, accepted, elsewhere)
        work.about("meeting series", row.id, _said("Changed", draft, changed), row.channel_id)
    return load.bodies.meeting_series(row)


def split(
    db: Database,
    actor: Actor,
    now: datetime,
    series: MeetingSeriesId,
    day: date,
    draft: MeetingSeriesDraft,
    version: int,
    accepted: Accepted = None,
    elsewhere: Elsewhere | None = None,
) -> MeetingSeries:
    """Give this day and all later ones another rule: the series ends before it, and a new one
    begins.

    Meetings already made keep their ids and go to the new series. Raises as `edit` does.
    """
    with changing(db, actor, now, Right.PLAN, "split") as work:
        row = _open(work, series, version)
        current = load.bodies.meeting_series(row).draft
        rule = current.rule
        if not rule.first < day <= (rule.last or day):
            raise Refused({"split": "Choose a day after the series' first and not after its last."})
        later = replace(draft, rule=split_from(draft.rule, rule, day))
        _check(work, later)
        before = tuple(one for one in rule.exceptions if one.day < day)
        ended = replace(rule, last=day - timedelta(days=1), exceptions=before)
        load.bodies.fill_meeting_series(row, replace(current, rule=ended))
        new = MeetingSeriesRow(id=new_id())
        load.bodies.fill_meeting_series(new, later)
        work.add(new)
        _hand_over(work, row, new, day)
        materialise(work, row)
        changed = _kept(work, new, accepted, elsewhere)
        word = f"From {calendar_day(day)} on changed"
        sentence = _said(word, later, changed)
        work.about("meeting series", new.id, sentence, row.channel_id, new.channel_id)
    return load.bodies.meeting_series(new)


def end(
    db: Database, actor: Actor, now: datetime, series: MeetingSeriesId, version: int
) -> MeetingSeries:
    """End a series. Coming meetings that nobody moved by hand are cancelled."""
    with changing(db, actor, now, Right.PLAN, "end") as work:
        row = _open(work, series, version)
        row.ended = True
        work.about("meeting series", row.id, f"Ended the meetings of {row.body}", row.channel_id)
        materialise(work, row)
    return load.bodies.meeting_series(row)


def materialise_all(db: Database, now: datetime) -> int:
    """Extend every series to a year and a half after `now`; return how many meetings changed."""

    def one(work: UnitOfWork, row: MeetingSeriesRow) -> int:
        work.about("meeting series", row.id, f"{row.body}: the coming meetings")
        return materialise(work, row)

    rows = find.bodies.meeting_series
    return each_alone(db, now, MeetingSeriesRow, "series of meetings", rows, one)


def _open(work: UnitOfWork, series: MeetingSeriesId, version: int) -> MeetingSeriesRow:
    row = work.get(MeetingSeriesRow, series, "series of meetings")
    work.expect_version(row, version, load.bodies.meeting_series(row))
    if row.ended:
        raise Refused(message="These meetings have ended: plan them again.")
    return row


def _kept(
    work: UnitOfWork, row: MeetingSeriesRow, accepted: Accepted, elsewhere: Elsewhere | None
) -> int:
    """Make the meetings and check what they book; return how many changed."""
    work.session.flush()
    before = booked(work.session, row, work.now)
    changed = materialise(work, row)
    _put_elsewhere(work, row, elsewhere or {})
    work.session.flush()
    refuse_doubles(work, booked(work.session, row, work.now), before, accepted)
    return changed


def _put_elsewhere(work: UnitOfWork, row: MeetingSeriesRow, elsewhere: Elsewhere) -> None:
    for one in find.bodies.meetings_of_series(work.session, row.id, work.now):
        channel = elsewhere.get(one.series_day) if one.series_day else None
        if channel is None or channel == one.channel_id:
            continue
        if work.session.get(ChannelRow, channel) is None:
            raise Refused({"channel": "Choose a channel."})
        work.watch(one)
        before = load.meetings.meeting(one).draft
        one.channel_id = channel
        work.session.flush()
        agree(work, one, before)


def _hand_over(work: UnitOfWork, row: MeetingSeriesRow, new: MeetingSeriesRow, day: date) -> None:
    for one in find.bodies.meetings_of_series(work.session, row.id, work.now):
        if one.series_day is not None and one.series_day >= day:
            work.watch(one)
            one.series_id = new.id
    work.session.flush()


def _said(verb: str, draft: MeetingSeriesDraft, changed: int) -> str:
    meetings = "1 meeting" if changed == 1 else f"{changed} meetings"
    return f"{verb} {meetings} of {draft.usual.body or draft.title}"


def _check(work: UnitOfWork, draft: MeetingSeriesDraft) -> None:
    errors = problems(draft) | unknown_of_meeting(work, draft.usual)
    if errors:
        raise Refused(errors)
