"""The meeting form filled from a meeting, and read back into one; choices that it offers."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from config.names import ChannelId
from config.times import length as length_words
from scheduler.db.store import Database
from scheduler.domain.meetings.body import PublicBody, agenda_on
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.meetings.roster import agenda_text
from scheduler.domain.series.patterns import days
from scheduler.queries import grid, meetings, sources
from scheduler.refusals import Refused
from web.kit.dates import parse_day
from web.meetings.forms import MeetingForm
from web.meetings.usual_form import fill_choices as offer_usual

USUAL_LENGTH = timedelta(hours=2)


def fill_choices(db: Database, form: MeetingForm) -> MeetingForm:
    """Offer the channels, sources and files that there are; return the form."""
    offer_usual(db, form)
    return form


def empty_form(db: Database, now: datetime, query: Mapping[str, str]) -> MeetingForm:
    """Return a form for a new meeting, prefilled with the latest meeting's details.

    It is set for tomorrow unless the address names a day. Raises Refused where there is no channel
    yet.
    """
    known = grid.channels(db)
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    last = meetings.latest(db)
    asked = query.get("channel") or (last.draft.channel if last else "")
    channel = next((c for c in known if c.id == asked), known[0])
    day = parse_day(query.get("day")) or now.astimezone(channel.tz).date() + timedelta(days=1)
    form = MeetingForm(formdata=None, channel=channel.id, day=day, at=time(10))
    form.length.data = length_words(last.draft.length if last else USUAL_LENGTH)
    offered = [one.id for one in sources.sources(db)]
    if last is not None:
        form.show(last.draft, channel.tz)
        form.limit.data = None
        form.room.data = last.draft.room
    source = last.draft.source if last and last.draft.source in offered else None
    form.source.data = source or (offered[0] if offered else "")
    return fill_choices(db, form)


def usual_form(db: Database, now: datetime, body: PublicBody) -> MeetingForm:
    """Return a form for a new meeting of a body: its usual details, on the next of its days."""
    usual = body.draft.usual
    today = now.astimezone(grid.channel(db, usual.channel).tz).date()
    ahead = days(body.draft.pattern, today, today + timedelta(days=1), today + timedelta(days=366))
    day = next(ahead, today + timedelta(days=1))
    form = MeetingForm(formdata=None, body=body.name, day=day, at=body.draft.at)
    form.show_usual(usual)
    form.agenda.data = agenda_on(usual.agenda, day)
    return fill_choices(db, form)


def filled_form(db: Database, meeting: Meeting) -> MeetingForm:
    """Return the form filled from a meeting, in its channel's time."""
    draft = meeting.draft
    tz = grid.channel(db, draft.channel).tz
    local = draft.start.astimezone(tz)
    form = MeetingForm(
        formdata=None,
        body=draft.body,
        title=draft.title,
        day=local.date(),
        at=local.time(),
        length=length_words(draft.length),
        televised=draft.televised,
        channel=draft.channel,
        source=draft.source or "",
        room=draft.room,
        agenda=draft.agenda,
        agenda_items=agenda_text(draft.agenda_items),
        substitute=draft.substitute or "",
        public_note=draft.public_note,
        notes=draft.notes,
        version=str(meeting.version),
        stood=draft.start.isoformat(),
        limit_stood=draft.hard_limit.isoformat() if draft.hard_limit else "",
    )
    form.show(draft, tz)
    return fill_choices(db, form)


def draft(db: Database, form: MeetingForm) -> MeetingDraft:
    """Return the meeting as typed."""
    return form.draft(grid.channel(db, ChannelId(form.channel.data)).tz)
