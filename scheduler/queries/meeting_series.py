"""The preview of a series of meetings: its dates, what it leaves out, what collides or changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from config.names import ChannelId
from scheduler.changing.bookings import booking, bookings_between, giving_way
from scheduler.changing.series_common import CalendarEffect, split_from
from scheduler.changing.series_common import effects_on_series as _following
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.meetings import MeetingSeriesRow
from scheduler.domain.clashes.double_bookings import Booking, DoubleBooking, new_double_bookings
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.meetings.meeting_series import (
    MEETINGS_MADE_AHEAD,
    MeetingSeries,
    MeetingSeriesDraft,
    followed,
    meeting_on,
)
from scheduler.domain.model.ids import CalendarId, MeetingSeriesId
from scheduler.domain.series.affected_days import Affected, Becomes, affected
from scheduler.domain.series.calendar import Calendars
from scheduler.domain.series.recurrence import Rule, in_words, left_out_days, occurrences
from scheduler.refusals import Missing


@dataclass(frozen=True)
class PlannedDay:
    """One day of a series: the meeting it would have, or why it has none."""

    day: date
    start: datetime | None
    """None where there is no meeting that day."""
    was: datetime | None
    """The present start of this day's meeting; None where it is new."""
    why: str
    """Why the meeting is not at the rule's own time, or does not take place."""
    title: str
    """Its own title; empty where it has the title of the series."""
    becomes: Becomes
    doubles: tuple[DoubleBooking, ...]
    """What it would book twice."""
    over: tuple[str, ...]
    """Titles of airings that will give way to it by their own rules."""


@dataclass(frozen=True)
class PlanMeaning:
    """The meaning of a plan of meetings from now on."""

    words: str
    days: tuple[PlannedDay, ...]

    @property
    def meetings(self) -> tuple[PlannedDay, ...]:
        """The days that have a meeting."""
        return tuple(one for one in self.days if one.start)

    @property
    def colliding(self) -> tuple[PlannedDay, ...]:
        """The days on which something would be booked twice."""
        return tuple(one for one in self.days if one.doubles)

    @property
    def changed(self) -> tuple[PlannedDay, ...]:
        """The days whose present meeting would be moved, changed or cancelled."""
        moved = (Becomes.MOVED, Becomes.CHANGED, Becomes.CANCELLED)
        return tuple(one for one in self.days if one.was and one.becomes in moved)


@dataclass(frozen=True)
class MeetingSeriesLine:
    """A series of meetings in a list: its rule in words, the number of coming meetings, the next
    one.
    """

    series: MeetingSeries
    words: str
    coming: int
    next: datetime | None


def planned(
    db: Database,
    draft: MeetingSeriesDraft,
    now: datetime,
    series: MeetingSeriesId | None = None,
    split: date | None = None,
    elsewhere: Mapping[date, ChannelId] | None = None,
) -> PlanMeaning:
    """Return what the draft would mean, compared with the present `series`. Raises Missing.

    With `split` only days from then on follow it. `elsewhere` puts days on another channel.
    """
    with db.read() as session:
        known = _known(session, series, now, split)
        rule = split_from(draft.rule, _standing(session, series), split)
        draft = replace(draft, rule=rule)
        calendars = load.desk.calendars(session)
        drafts = _drafts(draft, known, calendars, now)
        days = _told(draft, known, calendars, now, drafts)
        drafts = _put(drafts, elsewhere or {})
        doubles = _doubles(session, drafts, known, now)
        over = _over(session, drafts, known, now)
        titles = {day: one.title for day, one in drafts.items() if one.title != draft.title}
        return PlanMeaning(
            in_words(rule),
            tuple(
                PlannedDay(
                    day=one.day,
                    start=one.will,
                    was=one.was,
                    why=one.why,
                    title=titles.get(one.day, ""),
                    becomes=one.becomes,
                    doubles=doubles.get(one.day, ()),
                    over=over.get(one.day, ()),
                )
                for one in days
                if one.day >= (split or one.day)
            ),
        )


def series(db: Database, series: MeetingSeriesId) -> MeetingSeries:
    """Return one series of meetings. Raises Missing."""
    with db.read() as session:
        return load.bodies.meeting_series(_row(session, series))


def lines(db: Database, now: datetime) -> tuple[MeetingSeriesLine, ...]:
    """Return every series of meetings that has not ended, by the name of the body."""
    with db.read() as session:
        rows = find.bodies.meeting_series(session)
        return tuple(_line(session, row, now) for row in rows)


def line(db: Database, series: MeetingSeriesId, now: datetime) -> MeetingSeriesLine:
    """Return one series of meetings, as in the list. Raises Missing."""
    with db.read() as session:
        return _line(session, _row(session, series), now)


def following(
    db: Database, calendar: CalendarId, text: str, now: datetime
) -> tuple[CalendarEffect, ...]:
    """Return the effect on each series that observes the calendar if it said `text`, by title."""
    with db.read() as session:

        def told(one: MeetingSeries, calendars: Calendars) -> tuple[Affected, ...]:
            known = _known(session, one.id, now, None)
            drafts = _drafts(one.draft, known, calendars, now)
            return _told(one.draft, known, calendars, now, drafts)

        every = map(load.bodies.meeting_series, find.bodies.meeting_series(session))
        reach = "in the next year and a half"
        return _following(session, calendar, text, every, told, "meeting", reach)


def _row(session: Session, series: MeetingSeriesId) -> MeetingSeriesRow:
    row = session.get(MeetingSeriesRow, series)
    if row is None:
        raise Missing("series of meetings")
    return row


def _line(session: Session, row: MeetingSeriesRow, now: datetime) -> MeetingSeriesLine:
    value = load.bodies.meeting_series(row)
    rows = find.bodies.meetings_of_series(session, row.id, now)
    coming = [one.start for one in rows if not one.cancelled]
    first = coming[0] if coming else None
    return MeetingSeriesLine(value, in_words(value.draft.rule), len(coming), first)


def _known(
    session: Session, series: MeetingSeriesId | None, now: datetime, split: date | None
) -> dict[date, Meeting]:
    if series is None:
        return {}
    rows = find.bodies.meetings_of_series(session, series, now)
    meetings = map(load.meetings.meeting, rows)
    return {
        one.series_day: one
        for one in meetings
        if one.series_day is not None and one.series_day >= (split or one.series_day)
    }


def _standing(session: Session, series: MeetingSeriesId | None) -> Rule | None:
    """Return the present rule of the series."""
    if series is None:
        return None
    return load.bodies.meeting_series(_row(session, series)).draft.rule


def _told(
    draft: MeetingSeriesDraft,
    known: Mapping[date, Meeting],
    calendars: Calendars,
    now: datetime,
    drafts: Mapping[date, MeetingDraft],
) -> tuple[Affected, ...]:
    coming = occurrences(draft.rule, now, now + MEETINGS_MADE_AHEAD, calendars)
    out = left_out_days(draft.rule, now, now + MEETINGS_MADE_AHEAD, calendars)
    days = affected(known, coming, out, changed=False)
    return tuple(
        replace(one, becomes=Becomes.CHANGED)
        if one.becomes is Becomes.SAME and known[one.day].draft != drafts[one.day]
        else one
        for one in days
    )


def _drafts(
    draft: MeetingSeriesDraft,
    known: Mapping[date, Meeting],
    calendars: Calendars,
    now: datetime,
) -> dict[date, MeetingDraft]:
    """Return each coming meeting as it would be, by day. Fields that somebody set by hand stay."""
    drafts_by_day = {}
    for one in occurrences(draft.rule, now, now + MEETINGS_MADE_AHEAD, calendars):
        will, stands = meeting_on(draft, one), known.get(one.day)
        if stands is not None:
            if stands.cancelled and not stands.off:
                continue
            will = followed(stands.made or stands.draft, stands.draft, will)
        drafts_by_day[one.day] = will
    return drafts_by_day


def _put(
    drafts: Mapping[date, MeetingDraft], elsewhere: Mapping[date, ChannelId]
) -> dict[date, MeetingDraft]:
    return {
        day: replace(one, channel=elsewhere.get(day, one.channel)) for day, one in drafts.items()
    }


def _doubles(
    session: Session,
    drafts: Mapping[date, MeetingDraft],
    known: Mapping[date, Meeting],
    now: datetime,
) -> dict[date, tuple[DoubleBooking, ...]]:
    ids = {day: known[day].id if day in known else day.isoformat() for day in drafts}
    wanted = [booking(ids[day], draft) for day, draft in drafts.items()]
    before = [booking(one.id, one.draft) for one in known.values() if not one.cancelled]
    others = _others(session, wanted, {one.id for one in known.values()}, now)
    doubles: dict[str, tuple[DoubleBooking, ...]] = {}
    for double in new_double_bookings(wanted, before, [*others, *wanted]):
        doubles[double.mine.id] = (*doubles.get(double.mine.id, ()), double)
    return {day: doubles[id] for day, id in ids.items() if id in doubles}


def _others(
    session: Session, wanted: Sequence[Booking], own: set[str], now: datetime
) -> list[Booking]:
    if not wanted:
        return []
    until = max(one.end for one in wanted)
    return [one for one in bookings_between(session, now, until) if one.id not in own]


def _over(
    session: Session,
    drafts: Mapping[date, MeetingDraft],
    known: Mapping[date, Meeting],
    now: datetime,
) -> dict[date, tuple[str, ...]]:
    """Return, by day, the titles that give way to each meeting that is new or moves."""
    moved = {
        day: booking(day.isoformat(), draft)
        for day, draft in drafts.items()
        if day not in known or known[day].start != draft.start
    }
    own = {one.id for one in known.values()}
    titles = giving_way(session, list(moved.values()), own, now)
    return dict(zip(moved, titles, strict=True))
