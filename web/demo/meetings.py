"""Meetings of the demo city: the coming weeks as a clerk announces them, and one in session."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from scheduler.actions import bodies as body_action
from scheduler.actions import meetings as action
from scheduler.actions import sources as source_action
from scheduler.db.store import Database
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.replays import ReplayRules, WeeklyReplay
from scheduler.domain.meetings.roster import read_agenda, read_members
from scheduler.domain.model.ids import SourceId
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.source import SourceDraft
from scheduler.domain.series.calendar import Calendar, Observance, Policy, named_days
from scheduler.domain.series.patterns import Weekly as Weekdays
from scheduler.domain.series.wall_time import instant
from scheduler.queries import bodies, calendars, meetings, sources
from web.demo import city
from web.demo.desk import HOLIDAYS

CHAMBER = SourceDraft("Council Chamber", "test:")
HEARING_BEGINS_AFTER = timedelta(minutes=2)
"""Delay before the demo's hearing begins, long enough to open the page."""
HEARING_BODY = "Department of Mobility"
HEARING_LENGTH = timedelta(minutes=20)
NO_OTHER_MEETING_WITHIN = timedelta(hours=3)
WEEKS_ANNOUNCED = 3
ANNOUNCED_AHEAD = timedelta(weeks=WEEKS_ANNOUNCED + 1)


def announce(db: Database, now: datetime) -> None:
    """Add each regular meeting of the coming weeks that is missing; none on a holiday."""
    zone, source, holidays = ZoneInfo(city.ZONE), _chamber(db, now), _holidays(db, now)
    _name_bodies(db, now, source, holidays)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    closed = named_days(holidays.draft.text, monday, monday + ANNOUNCED_AHEAD) if holidays else {}
    existing = {
        (one.meeting.title, one.meeting.start)
        for one in meetings.meetings(db, now, now + ANNOUNCED_AHEAD, now)
    }
    for week in range(WEEKS_ANNOUNCED):
        for one in city.MEETINGS:
            day = monday + timedelta(days=7 * week + one.weekday)
            start = instant(datetime.combine(day, time.fromisoformat(one.at)), zone)
            if start > now and day not in closed and (one.title, start) not in existing:
                action.add(db, SYSTEM_ACTOR, now, _draft(one, start, source))


def meet_now(db: Database, now: datetime) -> None:
    """Add a hearing that begins shortly and stays on air until somebody adjourns it.

    Add none while another meeting is within three hours.
    """
    near = meetings.meetings(db, now - NO_OTHER_MEETING_WITHIN, now + NO_OTHER_MEETING_WITHIN, now)
    if any(not one.meeting.cancelled for one in near):
        return
    start = (now + HEARING_BEGINS_AFTER).replace(second=0, microsecond=0)
    draft = MeetingDraft(
        channel=ChannelId(city.CHANNELS[0][0]),
        title="Public Hearing: Riverside Bridge",
        start=start,
        length=HEARING_LENGTH,
        body=HEARING_BODY,
        room="Council Chamber",
        source=_chamber(db, now),
        agenda="https://clerk.three-rivers.example/riverside-bridge",
        public_note="Live from the test picture of this demo.",
        replays=ReplayRules(count=2, within=7),
        agenda_items=read_agenda(city.HEARING_AGENDA),
    )
    action.add(db, SYSTEM_ACTOR, now, draft)


def _name_bodies(db: Database, now: datetime, source: SourceId, holidays: Calendar | None) -> None:
    """Add each public body with its usual meeting, so that planning its year takes one press.

    Bodies skip the city's holidays, as viewers would expect.
    """
    skips = (Observance(holidays.id, Policy.SKIP),) if holidays else ()
    usually = {
        one.body: (_usual(one, source), frozenset({one.weekday}), one.at) for one in city.MEETINGS
    }
    usually[HEARING_BODY] = _hearings(source), frozenset({3}), "17:00"
    for name, (usual, days, at) in usually.items():
        if bodies.named(db, name) is None:
            members = read_members(city.MEMBERS[name])
            draft = BodyDraft(usual, Weekdays(days), time.fromisoformat(at), skips, members)
            body_action.add(db, SYSTEM_ACTOR, now, draft)


def _hearings(source: SourceId) -> MeetingDefaults:
    return MeetingDefaults(
        channel=ChannelId(city.CHANNELS[0][0]),
        title="Public Hearing",
        length=HEARING_LENGTH,
        body=HEARING_BODY,
        room="Council Chamber",
        source=source,
    )


def _holidays(db: Database, now: datetime) -> Calendar | None:
    """Return the city's holiday calendar; None where somebody renamed or retired it."""
    known_calendars = (one.calendar for one in calendars.cards(db, now))
    return next((one for one in known_calendars if one.draft.name == HOLIDAYS), None)


def _chamber(db: Database, now: datetime) -> SourceId:
    known_sources = {one.name: one.id for one in sources.sources(db)}
    return known_sources.get(CHAMBER.name) or source_action.add(db, SYSTEM_ACTOR, now, CHAMBER).id


def _draft(meeting: city.DemoMeeting, start: datetime, source: SourceId) -> MeetingDraft:
    usual, day = _usual(meeting, source), start.astimezone(ZoneInfo(city.ZONE)).date()
    return replace(usual.on(start, day), agenda_items=read_agenda(city.AGENDA))


def _usual(meeting: city.DemoMeeting, source: SourceId) -> MeetingDefaults:
    weekday, at = meeting.again
    return MeetingDefaults(
        channel=ChannelId(meeting.channel),
        title=meeting.title,
        length=meeting.length,
        body=meeting.body,
        room="Council Chamber",
        source=source,
        agenda="https://clerk.three-rivers.example/agenda-{date}",
        replays=ReplayRules(
            same_day=time.fromisoformat(meeting.same_day),
            weekly=(WeeklyReplay(weekday, time.fromisoformat(at)),),
        ),
    )
