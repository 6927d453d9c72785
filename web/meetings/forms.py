"""The form of a meeting with its replay rules, and the fields it shares with bodies and plans."""

from dataclasses import fields
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import length as length_words
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.replays import ReplayRules, WeeklyReplay
from scheduler.domain.meetings.roster import read_agenda
from scheduler.domain.model.ids import AssetId, SourceId
from scheduler.domain.series.patterns import WEEKDAY_NAMES
from scheduler.domain.series.wall_time import instant_from_form
from web.kit.bounds import DayField, WholeField, line, lines
from web.kit.dates import parse_instant
from web.kit.forms import REQUIRED, ClockField, DeskForm, LengthField, offered, picked

NO_DAY = ("", "no day")
LIST_LETTERS = 20_000
"""Letters that fit into a list of members or agenda items, one a line."""


def _a_day(label: str) -> SelectField:
    days = [NO_DAY, *((str(number), name) for number, name in enumerate(WEEKDAY_NAMES))]
    return SelectField(label, choices=offered(days), default="")


def _a_time(label: str, default: time | None = None) -> ClockField:
    return ClockField(label, validators=[Optional()], default=default)


class ReplayFields(DeskForm):
    """The fields of a meeting's replay rules."""

    same_day = _a_time("Same day at")
    day_1, at_1 = _a_day("Next (weekday)"), _a_time("at")
    day_2, at_2 = _a_day("and next (weekday)"), _a_time("at")
    count = WholeField("Extra replays", validators=[Optional()], default=0)
    earliest, latest = _a_time("not before", time(9)), _a_time("must end by", time(23))
    within = WholeField("within (days)", validators=[Optional()], default=14)

    def rules(self) -> ReplayRules:
        """Return the rules as typed."""
        days = ((self.day_1, self.at_1), (self.day_2, self.at_2))
        chosen = [(int(one), at.data) for day, at in days for one in picked(day) if one and at.data]
        return ReplayRules(
            same_day=self.same_day.data,
            weekly=tuple(WeeklyReplay(day, at) for day, at in chosen),
            count=self.count.data or 0,
            earliest=self.earliest.data or time(9),
            latest=self.latest.data or time(23),
            within=self.within.data or 14,
        )

    def show_rules(self, rules: ReplayRules) -> None:
        """Fill the fields from the rules."""
        self.same_day.data = rules.same_day
        for weekly, day, at in zip(
            rules.weekly, (self.day_1, self.day_2), (self.at_1, self.at_2), strict=False
        ):
            day.data, at.data = str(weekly.weekday), weekly.at
        self.count.data, self.within.data = rules.count, rules.within
        self.earliest.data, self.latest.data = rules.earliest, rules.latest


class UsualFields(ReplayFields):
    """The fields that a meeting, a plan of meetings and a public body have in common."""

    title = line("Title", 200)
    length = LengthField("Expected length", validators=[InputRequired(REQUIRED)])
    televised = BooleanField("Televised live", default=True)
    channel = SelectField("Channel")
    source = SelectField("Video source", validators=[Optional()], default="")
    room = line("Room", 120)
    agenda = line("Agenda on the web", 400)
    substitute = SelectField(
        "Backup program if the recording fails", validators=[Optional()], default=""
    )
    public_note = lines("Note for viewers")
    notes = lines("Notes for staff")
    version = HiddenField()

    def usual(self, body: str) -> MeetingDefaults:
        """Return the details as typed, for the body of this name."""
        televised = bool(self.televised.data)
        return MeetingDefaults(
            channel=ChannelId(self.channel.data),
            title=(self.title.data or "").strip(),
            length=self.length.span or timedelta(0),
            body=body.strip(),
            room=(self.room.data or "").strip(),
            televised=televised,
            source=SourceId(self.source.data) if self.source.data and televised else None,
            agenda=(self.agenda.data or "").strip(),
            public_note=(self.public_note.data or "").strip(),
            notes=(self.notes.data or "").strip(),
            substitute=AssetId(self.substitute.data) if self.substitute.data else None,
            replays=self.rules(),
        )

    def show_usual(self, usual: MeetingDefaults) -> None:
        """Fill the fields from these details."""
        self.title.data, self.room.data = usual.title, usual.room
        self.length.data = length_words(usual.length)
        self.televised.data, self.channel.data = usual.televised, usual.channel
        self.source.data, self.substitute.data = usual.source or "", usual.substitute or ""
        self.agenda.data = usual.agenda
        self.public_note.data, self.notes.data = usual.public_note, usual.notes
        self.show_rules(usual.replays)


class MeetingForm(UsualFields):
    """The fields of one meeting; its live airing, recording, guide entry and replays come from
    them.
    """

    body = line("Public body", 120)
    day = DayField("Day", validators=[InputRequired(REQUIRED)])
    at = ClockField("At", validators=[InputRequired(REQUIRED)])
    limit = _a_time("Latest end time")
    agenda_items = lines("Agenda items, one per line", letters=LIST_LETTERS)
    stood, limit_stood = HiddenField(), HiddenField()
    """The start and latest end time from which the form was filled, ISO instants."""

    def draft(self, zone: ZoneInfo) -> MeetingDraft:
        """Return the meeting as typed. A latest end time before the start is on the next day."""
        local = datetime.combine(self.day.data, self.at.data)
        start = instant_from_form(local, zone, parse_instant(self.stood.data), seconds=False)
        usual = self.usual(self.body.data or "")
        same = {one.name: getattr(usual, one.name) for one in fields(usual)}
        same["title"] = usual.title or usual.body
        return MeetingDraft(
            start=start,
            hard_limit=self._limit(zone),
            agenda_items=read_agenda(self.agenda_items.data or ""),
            **same,
        )

    def _limit(self, zone: ZoneInfo) -> datetime | None:
        if self.limit.data is None:
            return None
        later = timedelta(days=int(self.limit.data <= self.at.data))
        local = datetime.combine(self.day.data + later, self.limit.data)
        return instant_from_form(local, zone, parse_instant(self.limit_stood.data), seconds=False)

    def show(self, draft: MeetingDraft, zone: ZoneInfo) -> None:
        """Fill the fields of replay rules and latest end time from a meeting."""
        self.show_rules(draft.replays)
        if draft.hard_limit:
            self.limit.data = draft.hard_limit.astimezone(zone).time()
