"""A public body and its usual meeting: the defaults of each of its meetings."""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta

from config import webaddress
from config.names import ChannelId
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting import problems as meeting_problems
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.meetings.roster import Member, member_problem
from scheduler.domain.model.ids import AssetId, BodyId, SourceId
from scheduler.domain.series.calendar import Observance
from scheduler.domain.series.patterns import Pattern, Weekly
from scheduler.domain.series.patterns import problems as pattern_problems

AGENDA_PLACES = ("date", "year", "month", "day")
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class MeetingDefaults:
    """The fields that every meeting of a body, or of a series, has in common."""

    channel: ChannelId
    title: str
    """What staff and viewers call it; the body's name where it is empty."""
    length: timedelta
    """How long it is expected to last: an estimate, never an end."""
    body: str = ""
    room: str = ""
    televised: bool = True
    source: SourceId | None = None
    agenda: str = ""
    """A web address, with places such as {date} for the day of the meeting."""
    public_note: str = ""
    notes: str = ""
    """For staff only."""
    substitute: AssetId | None = None
    """What its replays show should the recording fail."""
    replays: ReplayRules = field(default_factory=ReplayRules)

    def on(self, start: datetime, day: date, title: str = "") -> MeetingDraft:
        """Return the meeting at this instant; `day` is its local day, for the address of its
        agenda.
        """
        same = {one.name: getattr(self, one.name) for one in fields(self)}
        same["title"] = title or self.title or self.body
        same["agenda"] = agenda_on(self.agenda, day)
        return MeetingDraft(start=start, **same)


@dataclass(frozen=True)
class BodyDraft:
    """The fields of a public body that staff may set. New meetings and series begin with them."""

    usual: MeetingDefaults
    pattern: Pattern = Weekly(frozenset({1}))
    at: time = time(10)
    """Local time of the channel."""
    holidays: tuple[Observance, ...] = ()
    """What it does on the days of each calendar."""
    members: tuple[Member, ...] = ()
    """Who may be named in a lower third, in the order of the buttons."""

    @property
    def name(self) -> str:
        """The body's name."""
        return self.usual.body


@dataclass(frozen=True)
class PublicBody:
    """A public body as stored."""

    id: BodyId
    draft: BodyDraft
    archived: bool
    version: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.draft.name


def agenda_on(pattern: str, day: date) -> str:
    """Return the address of one day's agenda.

    `https://city.example/{year}/council-{date}` gives
    `https://city.example/2027/council-2027-01-05` on 5 January 2027; {month} and {day} have two
    digits.
    """
    values = dict(zip(AGENDA_PLACES, (day.isoformat(), *f"{day:%Y %m %d}".split()), strict=True))
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), pattern.strip())


def agenda_problem(pattern: str) -> str:
    """Return what is wrong with the pattern, in a sentence; empty when it gives each day an
    address.
    """
    for place in _PLACE.findall(pattern):
        if place not in AGENDA_PLACES:
            known = ", ".join(f"{{{one}}}" for one in AGENDA_PLACES)
            return f"There is no {{{place}}}: write {known}."
    filled = agenda_on(pattern, date(2027, 1, 5))
    if "{" in filled or "}" in filled:
        return "A brace is missing: write {date} with both braces."
    return webaddress.problem(filled)


def default_problems(usual: MeetingDefaults) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the defaults may be saved."""
    someday = datetime(2027, 1, 5, 10, tzinfo=UTC)
    errors = meeting_problems(usual.on(someday, someday.date()), someday)
    errors.pop("agenda", None)
    if wrong := agenda_problem(usual.agenda):
        errors["agenda"] = wrong
    return errors


def problems(draft: BodyDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved.

    A body may have no source yet; a meeting that is televised needs one.
    """
    errors: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name) > 120:
        errors["body"] = "Give the body a name of up to 120 characters."
    if wrong := member_problem(draft.members):
        errors["members"] = wrong
    bare = replace(draft.usual, title=draft.usual.title or "Meeting", televised=False, source=None)
    return {**default_problems(bare), **pattern_problems(draft.pattern), **errors}
