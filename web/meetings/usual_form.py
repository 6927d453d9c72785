"""The forms of a public body and of a plan of its meetings, and the plan's days that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import field_time
from scheduler.db.store import Database
from scheduler.domain.meetings.body import BodyDraft, PublicBody
from scheduler.domain.meetings.meeting_series import MeetingSeries, MeetingSeriesDraft
from scheduler.domain.meetings.roster import members_text, read_members
from scheduler.domain.series.calendar import Policy
from scheduler.domain.series.recurrence import AddedDay, DayException, MovedDay, Rule, SkippedDay
from scheduler.queries import bodies, grid, sources
from scheduler.refusals import Refused
from web.kit.bounds import DayField, line, lines
from web.kit.dates import parse_day, parse_time
from web.kit.day_pattern import PatternFields, observances
from web.kit.file_offers import offer_files
from web.kit.forms import REQUIRED, ClockField
from web.meetings.forms import LIST_LETTERS, UsualFields

MEETING_POLICY_WORDS = (
    (Policy.KEEP.value, "meets anyway"),
    (Policy.SKIP.value, "no meeting that day"),
    (Policy.BEFORE.value, "the business day before"),
    (Policy.AFTER.value, "the business day after"),
)
"""Words for what happens to a meeting on a holiday, by policy."""
BLANK_ROWS = 2
"""Empty rows offered below the days that differ."""


class BodyForm(PatternFields, UsualFields):
    """The fields of a public body and how it usually meets."""

    body = line("Name", 120, [InputRequired(REQUIRED)])
    at = ClockField("Meets at", validators=[InputRequired(REQUIRED)])
    members = lines("Members, one per line", letters=LIST_LETTERS)

    def draft(self) -> BodyDraft:
        """Return the body as typed."""
        return BodyDraft(
            usual=self.usual(self.body.data or ""),
            pattern=self.pattern(),
            at=self.at.data or time(10),
            holidays=observances(request.values),
            members=read_members(self.members.data or ""),
        )

    def show(self, draft: BodyDraft) -> None:
        """Fill the fields from a body."""
        self.show_usual(draft.usual)
        self.show_pattern(draft.pattern)
        self.body.data, self.at.data = draft.name, draft.at
        self.members.data = members_text(draft.members)


class PlanForm(PatternFields, UsualFields):
    """The fields of a plan: a body's meetings that repeat."""

    body = SelectField("Public body", validators=[InputRequired(REQUIRED)])
    at = ClockField("At", validators=[InputRequired(REQUIRED)])
    first = DayField("From", validators=[InputRequired(REQUIRED)])
    last = DayField("Until", validators=[Optional()])
    split = DayField("Change only from this date on", validators=[Optional()])

    def draft(self, zone: str, before: Rule | None) -> MeetingSeriesDraft:
        """Return the plan as typed, in the channel's time; raises Refused for a day that cannot be
        read.
        """
        rule = Rule(
            zone=zone,
            at=self.at.data,
            pattern=self.pattern(),
            first=self.first.data,
            last=self.last.data,
            exceptions=differences(typed_rows(), before),
            holidays=observances(request.values),
        )
        return MeetingSeriesDraft(self.usual(self.body.data or ""), rule)


@dataclass(frozen=True)
class DayRow:
    """One row of the days that differ, as typed."""

    what: str = "add"
    day: str = ""
    to: str = ""
    at: str = ""
    title: str = ""


def fill_choices(db: Database, form: UsualFields) -> None:
    """Offer the channels, sources and files that exist."""
    form.choose("channel", [(c.id, c.name) for c in grid.channels(db)])
    known = list(sources.names(db).items())
    form.choose("source", [("", "choose a source"), *known])
    offer_files(db, form, "substitute", "filler and bulletins")


def offer_bodies(db: Database, form: PlanForm, standing: str = "") -> None:
    """Offer every public body, and the plan's own even if it is retired."""
    names = [one.name for one in bodies.bodies(db)]
    form.choose("body", [(name, name) for name in dict.fromkeys([*names, standing]) if name])


def plan_form(db: Database, body: PublicBody, today: date) -> PlanForm:
    """Return a plan filled with a body's usual details, for the year to be planned next."""
    form = PlanForm(formdata=None)
    offer_bodies(db, form)
    fill_choices(db, form)
    form.show_usual(body.draft.usual)
    form.show_pattern(body.draft.pattern)
    form.body.data, form.at.data = body.name, body.draft.at
    form.first.data, form.last.data = coming_year(today)
    return form


def coming_year(today: date) -> tuple[date, date]:
    """Return the first and last day to plan: the rest of this year, from September on all of the
    next.
    """
    if today.month >= 9:
        return date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)
    return today, date(today.year, 12, 31)


def filled_plan(db: Database, series: MeetingSeries) -> PlanForm:
    """Return the form filled from a plan."""
    draft = series.draft
    form = PlanForm(formdata=None)
    offer_bodies(db, form, draft.usual.body)
    fill_choices(db, form)
    form.show_usual(draft.usual)
    form.show_pattern(draft.rule.pattern)
    form.body.data, form.at.data = draft.usual.body, draft.rule.at
    form.first.data, form.last.data = draft.rule.first, draft.rule.last
    form.version.data = str(series.version)
    return form


def typed(db: Database, form: PlanForm, before: Rule | None = None) -> MeetingSeriesDraft:
    """Return the plan as typed, in the zone of its channel."""
    return form.draft(grid.channel(db, ChannelId(form.channel.data)).zone, before)


def typed_rows(given: MultiDict[str, str] | None = None) -> list[DayRow]:
    """Return the days that differ as typed, without rows that name no day."""
    form = request.values if given is None else given
    columns = (form.getlist(f"differ-{name}") for name in ("what", "day", "to", "at", "title"))
    lines = (DayRow(*line) for line in zip(*columns, strict=False))
    return [one for one in lines if one.day]


def rows_of(exceptions: Sequence[DayException]) -> list[DayRow]:
    """Return the days that differ as rows of the form."""
    rows = []
    for one in sorted(exceptions, key=lambda one: one.day):
        day = one.day.isoformat()
        if isinstance(one, AddedDay):
            rows.append(DayRow("add", day, "", field_time(one.at), one.title))
        elif isinstance(one, MovedDay):
            rows.append(DayRow("move", day, one.to.date().isoformat(), field_time(one.to.time())))
        else:
            rows.append(DayRow("skip", day))
    return rows


def with_blanks(lines: Sequence[DayRow]) -> list[DayRow]:
    """Append empty rows to fill in."""
    return [*lines, *[DayRow()] * BLANK_ROWS]


def differences(lines: Sequence[DayRow], before: Rule | None) -> tuple[DayException, ...]:
    """Read the rows as days that differ. Raises Refused for a row that cannot be read.

    A row without a time means the usual one, from the form or else from `before`.
    """
    usual = request.values.get("at", "") or (field_time(before.at) if before else "")
    return tuple(_difference(one, usual) for one in lines)


def _difference(row: DayRow, usual: str) -> DayException:
    day, to, at = parse_day(row.day), parse_day(row.to or row.day), parse_time(row.at or usual)
    if day is not None and row.what == "skip":
        return SkippedDay(day)
    if day is None or to is None or at is None or len(row.title) > 200:
        raise Refused({"differ": f"{row.day[:40]}: enter a day and a time."})
    if row.what == "move":
        return MovedDay(day, datetime.combine(to, at))
    return AddedDay(day, at, row.title.strip())
