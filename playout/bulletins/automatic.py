"""The automatic pages of the board: what is next, tonight's meetings, the week, and changes.

Each is a function of plan, rundown and the present instant. So the broadcast machine writes them
when the server is gone, and the same text at the same instant is drawn only once. A page with
nothing to say is not shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.names import AiringId
from config.times import Hours, civil, day, long_day, weekday, written_in
from playout.model.announced import Announced, AutomaticPage
from playout.model.plan import ContentKind, Item, Page, Plan
from playout.model.rundown import Cue, Rundown, cue_at

MOST_ROWS = 5
"""Rows that can be read across a room."""
NEXT_WITHIN = timedelta(hours=20)
WEEK = timedelta(days=7)
NIGHT_ENDS = timedelta(hours=4)
"""A meeting that begins before four in the morning belongs to the evening before."""
EVENING = 17
"""Hour of the day from which `tonight` is the word."""


@dataclass(frozen=True)
class BoardMoment:
    """A plan, its rundown and the instant at which the pages are written."""

    plan: Plan
    rundown: Rundown
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The channel's zone; UTC for a name that this machine does not know."""
        return zone_of(self.plan)

    def time(self, at: datetime) -> str:
        """Write a time of day to the minute."""
        return civil(at, self.zone)

    def day(self, at: datetime) -> str:
        """Write a day, `today` by that word."""
        return day(at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date())

    @cached_property
    def settled(self) -> dict[AiringId | None, tuple[datetime, datetime]]:
        """First start and last end of each airing in the rundown."""
        spans = dict[AiringId | None, tuple[datetime, datetime]]()
        for cue in self.rundown.cues:
            start, _ = spans.get(cue.airing, (cue.start, cue.end))
            spans[cue.airing] = start, cue.end
        return spans

    def starts(self, announced: Announced) -> datetime:
        """Return when it starts as far as is known: as settled, where it is in the rundown."""
        return self.settled.get(announced.airing, (announced.start,))[0]

    def is_over(self, announced: Announced) -> bool:
        """Return whether it has been on: as settled, also one adjourned early; else as planned."""
        planned = announced.start, announced.start + announced.length
        return self.settled.get(announced.airing, planned)[1] <= self.now


def is_automatic(page: Page) -> bool:
    """Return whether the page is one that the broadcast machine writes itself."""
    return page.layout in _PAGES


def written(page: Page, plan: Plan, rundown: Rundown, now: datetime) -> Page | None:
    """Return the page as it reads at `now`, a list of events; None if it has nothing to say.

    A page that is not automatic is returned as it is.
    """
    if not is_automatic(page):
        return page
    with written_in(hours_of(plan)):
        words = _PAGES[AutomaticPage(page.layout)](BoardMoment(plan, rundown, now))
    if not words.rows:
        return None
    return replace(
        page,
        heading=words.heading,
        body="\n".join(words.rows),
        style=words.style or page.style,
        layout="events",
    )


class WrittenPages:
    """The automatic pages as they read, each written at most once a second while plan and rundown
    stay the same objects.
    """

    def __init__(self) -> None:
        self._from: tuple[Plan, Rundown, datetime] | None = None
        self._texts: dict[Page, Page | None] = {}

    def read(self, page: Page, plan: Plan, rundown: Rundown, now: datetime) -> Page | None:
        """Return the page as it reads at `now`, to the second; see `written`."""
        second = now.replace(microsecond=0)
        known = self._from
        same = known is not None and known[0] is plan and known[1] is rundown
        if not same or known is None or known[2] != second:
            self._from, self._texts = (plan, rundown, second), {}
        if page not in self._texts:
            self._texts[page] = written(page, plan, rundown, now)
        return self._texts[page]


def today(plan: Plan, now: datetime) -> str:
    """Write the day of the channel's zone in full: `Tuesday, November 24`."""
    with written_in(hours_of(plan)):
        return long_day(now.astimezone(zone_of(plan)).date())


@dataclass(frozen=True)
class _Words:
    """The text of a page: its heading, and its rows as `media/slides/events` reads them."""

    heading: str
    rows: tuple[str, ...]
    style: str = ""


def _row(*parts: str) -> str:
    return " | ".join(part.replace("|", "/") for part in parts if part)


def _next(moment: BoardMoment) -> _Words:
    rows, named = list[str](), set[object]()
    current = cue_at(moment.rundown, moment.now)
    if (line := _cue_line("Now", current, moment.plan.item(current.item))) is not None:
        rows.append(line)
        named.add(current.item)
    for cue in moment.rundown.cues:
        if len(rows) == MOST_ROWS or cue.start > moment.now + NEXT_WITHIN:
            break
        if cue.start <= moment.now or cue.item in named:
            continue
        line = _cue_line(_when(moment, cue.start), cue, moment.plan.item(cue.item))
        if line is not None:
            rows.append(line)
            named.add(cue.item)
    return _Words("Coming up", tuple(rows))


def _when(moment: BoardMoment, at: datetime) -> str:
    """Write a time, with its weekday if that is another day's."""
    local = at.astimezone(moment.zone)
    if local.date() == moment.now.astimezone(moment.zone).date():
        return moment.time(at)
    return f"{weekday(local.date())} {moment.time(at)}"


def _cue_line(when: str, cue: Cue, item: Item | None) -> str | None:
    """Return the row of a cue; None for what fills gaps, a slate, and what is not for viewers."""
    if item is None or item.replaces_with or cue.kind is ContentKind.SLATE:
        return None
    kind = {ContentKind.LIVE: "Live"}.get(item.kind, "Replay" if item.replay_of else "")
    return _row(when, item.title, kind)


def _tonight(moment: BoardMoment) -> _Words:
    today = (moment.now - NIGHT_ENDS).astimezone(moment.zone).date()
    coming = [
        one
        for one in _meetings(moment)
        if (one.start - NIGHT_ENDS).astimezone(moment.zone).date() == today
    ]
    late = all(moment.starts(one).astimezone(moment.zone).hour >= EVENING for one in coming)
    rows = tuple(
        _row(_time_or_now(moment, one), one.title, one.where) for one in coming[:MOST_ROWS]
    )
    return _Words("Tonight\u2019s meetings" if late else "Today\u2019s meetings", rows)


def _time_or_now(moment: BoardMoment, one: Announced) -> str:
    starts = moment.starts(one)
    return "Now" if starts <= moment.now else moment.time(starts)


def _week(moment: BoardMoment) -> _Words:
    coming = [one for one in _meetings(moment) if one.start < moment.now + WEEK]
    rows = (
        _row(_capital(moment.day(one.start)), one.title, moment.time(moment.starts(one)))
        for one in coming[:MOST_ROWS]
    )
    return _Words("Meetings this week", tuple(rows))


def _changes(moment: BoardMoment) -> _Words:
    changed = sorted(_changed(moment), key=lambda one: one.moved_from or one.start)
    rows = tuple(_change(moment, one) for one in changed[:MOST_ROWS])
    return _Words("Schedule changes", rows, "notice")


def _changed(moment: BoardMoment) -> Iterable[Announced]:
    for one in moment.plan.announced:
        if not one.cancelled and one.moved_from is None:
            continue
        told = one.moved_from or one.start
        if max(told, one.start) > moment.now and told < moment.now + WEEK:
            yield one


def _change(moment: BoardMoment, one: Announced) -> str:
    told = one.moved_from or one.start
    if one.cancelled:
        fate = f"Canceled ({moment.time(told)})"
    elif moment.day(told) == moment.day(one.start):
        fate = f"Now at {moment.time(one.start)} instead of {moment.time(told)}"
    else:
        fate = f"Moved to {moment.day(one.start)}, {moment.time(one.start)}"
    return _row(_capital(moment.day(told)), one.title, fate)


def _meetings(moment: BoardMoment) -> Iterable[Announced]:
    """Return the meetings that are to come or in session, by start."""
    live = (one for one in moment.plan.announced if one.live and not one.cancelled)
    return sorted((one for one in live if not moment.is_over(one)), key=moment.starts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def zone_of(plan: Plan) -> ZoneInfo:
    """Return the channel's zone; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(plan.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def hours_of(plan: Plan) -> Hours:
    """Return how the station writes times of day; 12 hours for a value not known here."""
    try:
        return Hours(plan.hours)
    except ValueError:
        return Hours.TWELVE


_PAGES: dict[AutomaticPage, Callable[[BoardMoment], _Words]] = {
    AutomaticPage.NEXT: _next,
    AutomaticPage.TONIGHT: _tonight,
    AutomaticPage.WEEK: _week,
    AutomaticPage.CHANGES: _changes,
}
