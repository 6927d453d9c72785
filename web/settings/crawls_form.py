"""The forms of what a channel shows by the clock: a crawl, and the hours of the clock itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import field_time
from config.times import length as length_words
from scheduler.domain.model.airing_graphics import LONGEST_CRAWL
from scheduler.domain.series.crawls import (
    MOST_CLOCK_HOURS,
    USUAL_SPEED,
    ChannelCrawl,
    CrawlDraft,
    hours_problems,
)
from scheduler.domain.series.hours import WeeklyHours
from scheduler.domain.series.patterns import WEEKDAY_NAMES
from scheduler.refusals import Refused
from web.kit.bounds import DayField, lines
from web.kit.dates import parse_time
from web.kit.forms import REQUIRED, ClockField, DeskForm, LengthField, offered, picked

SPEEDS = (("100", "slow"), (str(USUAL_SPEED), "usual"), ("200", "fast"))
DAYS = tuple((str(number), name) for number, name in enumerate(WEEKDAY_NAMES))


class CrawlForm(DeskForm):
    """The fields of a crawl."""

    text = lines("Text", [InputRequired(REQUIRED)], LONGEST_CRAWL)
    weekdays = SelectMultipleField("Days", choices=offered(DAYS))
    at = ClockField("From", validators=[InputRequired(REQUIRED)])
    until = ClockField("Until", validators=[InputRequired(REQUIRED)])
    every = LengthField("Every")
    speed = SelectField("Speed", choices=offered(SPEEDS), default=str(USUAL_SPEED))
    first = DayField("First day", validators=[InputRequired(REQUIRED)])
    last = DayField("Last day", validators=[Optional()])
    version = HiddenField()

    def draft(self, channel: ChannelId) -> CrawlDraft:
        """Return the crawl as typed."""
        weekdays = frozenset(map(int, picked(self.weekdays)))
        return CrawlDraft(
            channel=channel,
            text=" ".join((self.text.data or "").split()),
            hours=WeeklyHours(weekdays, self.at.data, self.until.data),
            first=self.first.data,
            last=self.last.data,
            every=self.every.span,
            speed=int(next(iter(picked(self.speed)), USUAL_SPEED)),
        )


def new_form(today: date) -> CrawlForm:
    """Return the form of a crawl that is not planned yet."""
    return CrawlForm(
        formdata=None,
        weekdays=[value for value, _ in DAYS],
        every=length_words(CrawlDraft.every) if CrawlDraft.every else "",
        first=today,
    )


def filled_form(crawl: ChannelCrawl) -> CrawlForm:
    """Return the form filled from a crawl."""
    draft = crawl.draft
    form = CrawlForm(
        formdata=None,
        text=draft.text,
        weekdays=[str(day) for day in sorted(draft.hours.weekdays)],
        at=draft.hours.at,
        until=draft.hours.until,
        every=length_words(draft.every) if draft.every else "",
        speed=str(draft.speed),
        first=draft.first,
        last=draft.last,
        version=str(crawl.version),
    )
    if str(draft.speed) not in dict(SPEEDS):
        form.choose("speed", (*SPEEDS, (str(draft.speed), f"{draft.speed} words a minute")))
    return form


@dataclass(frozen=True)
class HoursRow:
    """One row of hours as typed."""

    days: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    wrong: str = ""
    """What is wrong with it, in a sentence."""


def rows_of(hours: Sequence[WeeklyHours]) -> tuple[HoursRow, ...]:
    """Return the rows that show these hours, and an empty one where there may be more."""
    rows = [
        HoursRow(
            tuple(str(day) for day in sorted(one.weekdays)),
            field_time(one.at),
            field_time(one.until),
        )
        for one in hours
    ]
    return (*rows, HoursRow())[:MOST_CLOCK_HOURS]


def typed_rows() -> tuple[HoursRow, ...]:
    """Return the rows of the form as typed, each with what is wrong with it."""
    rows = []
    for number in range(MOST_CLOCK_HOURS):
        days = tuple(value for value, _ in DAYS if value in request.form.getlist(f"days-{number}"))
        at, until = (request.form.get(f"{name}-{number}", "").strip() for name in ("at", "until"))
        rows.append(HoursRow(days, at, until, _wrong(days, at, until)))
    used = [row for row in rows if row.days or row.at or row.until]
    return (*used, HoursRow())[:MOST_CLOCK_HOURS]


def _wrong(days: tuple[str, ...], at: str, until: str) -> str:
    if not (days or at or until):
        return ""
    begins, ends = parse_time(at), parse_time(until)
    if begins is None or ends is None:
        return "Enter both times, such as 6:00 and 9:00."
    found = hours_problems(WeeklyHours(frozenset(map(int, days)), begins, ends))
    return " ".join(found.values())


def hours_of(rows: Sequence[HoursRow]) -> tuple[WeeklyHours, ...]:
    """Return the hours that the rows say. Raises Refused where one cannot be used."""
    if any(row.wrong for row in rows):
        raise Refused(message="Nothing was saved yet. See what is marked below.")
    hours = []
    for row in rows:
        begins, ends = parse_time(row.at), parse_time(row.until)
        if begins is not None and ends is not None:
            hours.append(WeeklyHours(frozenset(map(int, row.days)), begins, ends))
    return tuple(hours)
