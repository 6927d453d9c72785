"""The preview of a rule before it is saved: its dates, what it leaves out, what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId
from scheduler.changing.episodes import NONE_LEFT, coming_airings
from scheduler.changing.series_airings import AIRINGS_MADE_AHEAD
from scheduler.changing.series_common import CalendarEffect, changed_days, split_from
from scheduler.changing.series_common import effects_on_series as _following
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import SeriesRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import CalendarId, SeriesId
from scheduler.domain.series.affected_days import Affected, affected
from scheduler.domain.series.calendar import Calendars
from scheduler.domain.series.recurrence import (
    LeftOutDay,
    Occurrence,
    Rule,
    Series,
    SeriesDraft,
    in_words,
    left_out_days,
    occurrences,
    preview,
)
from scheduler.domain.series.wall_time import instant
from scheduler.refusals import Missing

DATES_SHOWN = 10
DATES_WITHIN = timedelta(days=366)


@dataclass(frozen=True)
class RuleMeaning:
    """The meaning of a rule from now on."""

    words: str
    dates: tuple[Occurrence, ...]
    out: tuple[LeftOutDay, ...]
    """Days that the rule leaves out, up to the last of `dates`."""
    changes: tuple[Affected, ...]
    """What becomes of the present airings, without those that stay as they are."""
    titles: Mapping[date, str]
    """The title of each airing that plays an episode, by day."""


def following(
    db: Database, calendar: CalendarId, text: str, now: datetime
) -> tuple[CalendarEffect, ...]:
    """Return the effect on each series that observes the calendar if it said `text`, by title."""
    with db.read() as session:

        def told(one: Series, calendars: Calendars) -> tuple[Affected, ...]:
            return _told(session, one.draft, now, one.id, None, calendars)

        every = map(load.plan.series, find.plan.series(session))
        reach = "in the next five weeks"
        return _following(session, calendar, text, every, told, "airing", reach)


def meaning(
    db: Database,
    draft: SeriesDraft,
    now: datetime,
    series: SeriesId | None = None,
    split: date | None = None,
) -> RuleMeaning:
    """Return what the draft would mean, compared with the present `series`. Raises Missing.

    With `split` only days from then on follow the draft; earlier days follow the series as it is.
    """
    with db.read() as session:
        calendars = load.desk.calendars(session)
        rule = split_from(draft.rule, _standing(session, series), split)
        dates = preview(rule, now, DATES_SHOWN, calendars)
        until = dates[-1].start if len(dates) == DATES_SHOWN else now + DATES_WITHIN
        changes: tuple[Affected, ...] = ()
        if series is not None:
            changes = changed_days(_told(session, draft, now, series, split, calendars))
        rows = find.plan.airings_of_series(session, series, now) if series else ()
        stands = [load.plan.airing(one) for one in rows]
        plays = coming_airings(session, draft, dates, stands, _since(rule, now, split), series)
        none_left = tuple(LeftOutDay(day, NONE_LEFT) for day in plays.none_left)
        out = left_out_days(rule, now, until, calendars)
        return RuleMeaning(
            words=in_words(rule),
            dates=tuple(one for one in dates if one.day in plays.drafts),
            out=tuple(sorted((*out, *none_left), key=lambda one: one.day)),
            changes=changes,
            titles={day: one.title for day, one in plays.drafts.items() if draft.episodes.files},
        )


def _told(
    session: Session,
    draft: SeriesDraft,
    now: datetime,
    series: SeriesId,
    split: date | None,
    calendars: Calendars,
) -> tuple[Affected, ...]:
    row = session.get(SeriesRow, series)
    if row is None:
        raise Missing("series")
    rows = find.plan.airings_of_series(session, series, now)
    known = {
        airing.series_day: airing
        for airing in map(load.plan.airing, rows)
        if airing.series_day is not None and airing.series_day >= (split or date.min)
    }
    rule = split_from(draft.rule, _standing(session, series), split)
    days = list(occurrences(rule, now, now + AIRINGS_MADE_AHEAD, calendars))
    stands = list(known.values())
    plays = coming_airings(session, draft, days, stands, _since(rule, now, split), series).drafts
    wanted = [one for one in days if one.day in plays]
    out = left_out_days(rule, now, now + AIRINGS_MADE_AHEAD, calendars)
    before = load.plan.series(row).draft
    changed = _bare(draft.airing, now) != _bare(before.airing, now)
    changed = changed or draft.episodes != before.episodes
    return affected(known, wanted, out, changed=changed)


def planned_airings(
    db: Database,
    draft: SeriesDraft,
    now: datetime,
    series: SeriesId | None = None,
    split: date | None = None,
) -> dict[AiringId, tuple[date, AiringDraft | None]]:
    """Return what each airing of the next five weeks would become if the draft were saved, with its
    day.

    A new airing has its day as its id, and None takes one off the schedule. Airings that somebody
    changed by hand and those before `split` stay as they are and are left out.
    """
    with db.read() as session:
        rule = split_from(draft.rule, _standing(session, series), split)
        days = occurrences(rule, now, now + AIRINGS_MADE_AHEAD, load.desk.calendars(session))
        rows = find.plan.airings_of_series(session, series, now) if series else ()
        known = {one.series_day: one for one in map(load.plan.airing, rows) if one.series_day}
        stands = list(known.values())
        wanted = coming_airings(
            session, draft, days, stands, _since(rule, now, split), series
        ).drafts
        planned: dict[AiringId, tuple[date, AiringDraft | None]] = {}
        for day in sorted({*known, *wanted}):
            one = known.get(day)
            if one is not None and not one.edited and day >= (split or day):
                planned[one.id] = day, wanted.get(day)
            elif one is None and not (series and find.plan.airing_of_day(session, series, day)):
                planned[AiringId(day.isoformat())] = day, wanted[day]
    return planned


def _standing(session: Session, series: SeriesId | None) -> Rule | None:
    """Return the present rule of the series."""
    row = session.get(SeriesRow, series) if series is not None else None
    return load.plan.series(row).draft.rule if row is not None else None


def _since(rule: Rule, now: datetime, split: date | None) -> datetime:
    """Return when the draft takes over; airings before that stay as they are."""
    if split is None:
        return now
    return max(now, instant(datetime.combine(split, time()), ZoneInfo(rule.zone)))


def _bare(airing: AiringDraft, now: datetime) -> AiringDraft:
    return replace(airing, start=now)
