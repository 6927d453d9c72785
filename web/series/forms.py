"""The form of a series: which days, at what time, what it does on holidays, what airs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import length as length_words
from playout.model.plan import StartRule
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, CalendarId, ProgramId
from scheduler.domain.series.calendar import Observance, Policy
from scheduler.domain.series.episodes import Episodes
from scheduler.domain.series.patterns import (
    DAYS,
    LAST,
    MONTHS,
    NUMBERS,
    MonthlyByDate,
    MonthlyByWeekday,
    Pattern,
    Weekly,
    Yearly,
)
from scheduler.domain.series.recurrence import Rule, SeriesDraft, instant
from web.kit.bounds import DayField, line
from web.kit.forms import NEEDED, ClockField, DeskForm, LengthField, offered, picked
from web.kit.rule_words import START_WORDS

KINDS = (
    ("weekly", "on days of the week"),
    ("weekday", "on a weekday of the month, like first and third Tuesday"),
    ("date", "on dates of the month"),
    ("year", "on dates of the year"),
)
POLICY_WORDS = (
    (Policy.KEEP.value, "airs anyway"),
    (Policy.SKIP.value, "skips the day"),
    (Policy.BEFORE.value, "airs on the business day before"),
    (Policy.AFTER.value, "airs on the business day after"),
)
MEETING_POLICY_WORDS = (
    (Policy.KEEP.value, "meets anyway"),
    (Policy.SKIP.value, "no meeting that day"),
    (Policy.BEFORE.value, "the business day before"),
    (Policy.AFTER.value, "the business day after"),
)
"""The same of a body that meets."""
HOLIDAY_PREFIX = "holiday-"
_DATE = re.compile(r"([A-Za-z]+)\s+(\d{1,2})|(\d{1,2})\s+([A-Za-z]+)")


class PatternFields(DeskForm):
    """On which days something falls."""

    kind = SelectField("Repeats", choices=offered(KINDS), default="weekly")
    weekdays = SelectMultipleField(
        "Days", choices=offered((str(number), name) for number, name in enumerate(DAYS))
    )
    numbers = SelectMultipleField(
        "Which of the month",
        choices=offered((str(number), name) for number, name in NUMBERS.items()),
    )
    month_days = line("Dates of the month", 200)
    dates = line("Dates of the year", 1000)
    every = SelectField(
        "How often", choices=offered((("1", "every week"), ("2", "every second week"))), default="1"
    )

    def pattern(self) -> Pattern:
        """The days that were chosen; what could not be read is left out."""
        weekdays = frozenset(map(int, picked(self.weekdays)))
        if self.kind.data == "weekday":
            return MonthlyByWeekday(weekdays, frozenset(map(int, picked(self.numbers))))
        if self.kind.data == "date":
            return MonthlyByDate(_month_days(self.month_days.data or ""))
        if self.kind.data == "year":
            return Yearly(_dates(self.dates.data or ""))
        return Weekly(weekdays, *map(int, picked(self.every)))

    def show_pattern(self, pattern: Pattern) -> None:
        """Put the days into their fields."""
        kind, told = _told(pattern)
        self.kind.data = kind
        for name, said in told.items():
            self[name].data = said


class SeriesForm(PatternFields):
    """A rule and the airing it makes each time."""

    channel = SelectField("Channel")
    title = line("Name of the series", 200, [InputRequired(NEEDED)])
    program = SelectField("Program", validators=[Optional()], default="")
    at = ClockField("At", validators=[InputRequired(NEEDED)])
    length = LengthField("Length", validators=[InputRequired(NEEDED)])
    asset = SelectField("Plays", validators=[Optional()], default="")
    first = DayField("From", validators=[InputRequired(NEEDED)])
    last = DayField("Until", validators=[Optional()])
    replay = BooleanField("Replays")
    start_rule = SelectField("Starts", choices=offered(START_WORDS), default="hard")
    episodes = SelectMultipleField("Episodes, in their order", validators=[Optional()])
    begins_again = BooleanField("After the last episode, start again with the first", default=True)
    split = DayField("Change only from this date on", validators=[Optional()])
    version = HiddenField()

    def draft(
        self, zone_name: str, said: Mapping[str, str], before: SeriesDraft | None = None
    ) -> SeriesDraft:
        """What was typed, in the channel's time; what the form does not show stays as `before`.

        `said` holds what each calendar's days do, by `holiday-<calendar>`.
        """
        rule = Rule(
            zone=zone_name,
            at=self.at.data,
            pattern=self.pattern(),
            first=self.first.data,
            last=self.last.data,
            exceptions=before.rule.exceptions if before else (),
            holidays=observances(said),
        )
        title = (self.title.data or "").strip()
        start = instant(datetime.combine(rule.first, rule.at or time()), ZoneInfo(zone_name))
        channel = ChannelId(self.channel.data)
        bare = AiringDraft(channel, title, start, timedelta(0))
        airing = replace(
            before.airing if before else bare,
            channel=channel,
            title=title,
            start=start,
            length=self.length.span or timedelta(0),
            program=ProgramId(self.program.data) if self.program.data else None,
            asset=AssetId(self.asset.data) if self.asset.data else None,
            start_rule=StartRule(self.start_rule.data),
            wait_limit=timedelta(minutes=30 if self.start_rule.data == "wait" else 0),
            replay=self.replay.data,
        )
        files = tuple(AssetId(id) for id in self.episodes.data or ())
        episodes = Episodes(files, bool(self.begins_again.data))
        return SeriesDraft(title, rule, airing, episodes)


def observances(said: Mapping[str, str]) -> tuple[Observance, ...]:
    """What the form says of each calendar; one whose days change nothing is left out."""
    known = {policy.value for policy in Policy}
    return tuple(
        Observance(CalendarId(name.removeprefix(HOLIDAY_PREFIX)), Policy(value))
        for name, value in said.items()
        if name.startswith(HOLIDAY_PREFIX) and value in known and value != Policy.KEEP.value
    )


def filled_form(draft: SeriesDraft, version: int) -> SeriesForm:
    """A form that says what the series says."""
    rule, airing = draft.rule, draft.airing
    kind, told = _told(rule.pattern)
    return SeriesForm(
        formdata=None,
        channel=airing.channel,
        title=draft.title,
        program=airing.program or "",
        kind=kind,
        at=rule.at,
        length=length_words(airing.length),
        asset=airing.asset or "",
        first=rule.first,
        last=rule.last,
        replay=airing.replay,
        start_rule=airing.start_rule.value,
        episodes=list(draft.episodes.files),
        begins_again=draft.episodes.begins_again,
        version=str(version),
        **told,
    )


def _told(pattern: Pattern) -> tuple[str, dict[str, object]]:
    if isinstance(pattern, Weekly):
        weekdays = [str(day) for day in sorted(pattern.weekdays)]
        return "weekly", {"weekdays": weekdays, "every": str(pattern.every)}
    if isinstance(pattern, MonthlyByWeekday):
        weekdays = [str(day) for day in sorted(pattern.weekdays)]
        numbers = [str(number) for number in sorted(pattern.numbers)]
        return "weekday", {"weekdays": weekdays, "numbers": numbers}
    if isinstance(pattern, MonthlyByDate):
        days = sorted(pattern.days, key=lambda day: day % 40)
        said = ", ".join("last" if day == LAST else str(day) for day in days)
        return "date", {"month_days": said}
    named = [f"{MONTHS[month - 1]} {day}" for month, day in sorted(pattern.dates)]
    return "year", {"dates": ", ".join(named)}


def _month_days(text: str) -> frozenset[int]:
    words = re.findall(r"last|\d+", text.lower())
    return frozenset(LAST if word == "last" else int(word) for word in words)


def _dates(text: str) -> frozenset[tuple[int, int]]:
    found = set()
    for match in _DATE.finditer(text):
        name, day = match[1] or match[4], int(match[2] or match[3])
        months = [n for n, month in enumerate(MONTHS, 1) if month.lower().startswith(name.lower())]
        found.add((months[0] if len(name) > 2 and months else 0, day))
    return frozenset(found)
