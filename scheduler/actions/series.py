"""Actions of staff on series: start, change now or from a day on, except a day, end."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from config.times import calendar_day
from scheduler.changing.drafts import UNKNOWN_ID_SENTENCES, unknown
from scheduler.changing.series_airings import materialise
from scheduler.changing.series_common import split_from
from scheduler.changing.transaction import UnitOfWork, changing, each_alone
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, ChannelRow, ProgramRow, SeriesRow
from scheduler.db.tables.saved_searches import SavedSearchRow
from scheduler.domain.model.airing import problems as airing_problems
from scheduler.domain.model.ids import SeriesId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.series.recurrence import (
    AddedDay,
    DayException,
    MovedDay,
    Series,
    SeriesDraft,
    SkippedDay,
    problems,
)
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(
    db: Database, actor: Actor, now: datetime, draft: SeriesDraft, plan: int | None = None
) -> Series:
    """Start a series and make its airings of the next five weeks. Raises Refused.

    In each action here `plan` is the version of the channel's plan that was read: Conflict if it is
    out of date, and None for no check.
    """
    with changing(db, actor, now, Right.PLAN, "add") as work:
        _check(work, draft, plan)
        row = SeriesRow(id=new_id())
        load.plan.fill_series(row, draft)
        work.add(row)
        work.about("series", row.id, f"Started the series {row.name}", row.channel_id)
        materialise(work, row)
    return load.plan.series(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    series: SeriesId,
    draft: SeriesDraft,
    version: int,
    plan: int | None = None,
) -> Series:
    """Change rule and airing. Coming airings follow, except those that somebody changed by hand.

    Raises Refused, Missing, and Conflict with the present Series.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(SeriesRow, series, "series")
        work.expect_version(row, version, load.plan.series(row))
        _check(work, draft, plan)
        work.about("series", row.id, f"Changed the series {draft.title}", row.channel_id)
        load.plan.fill_series(row, draft)
        work.channels.add(row.channel_id)
        materialise(work, row)
    return load.plan.series(row)


def split(
    db: Database,
    actor: Actor,
    now: datetime,
    series: SeriesId,
    day: date,
    draft: SeriesDraft,
    version: int,
    plan: int | None = None,
) -> Series:
    """Give this day and all later ones another rule: the series ends before it, and a new one
    begins.

    Airings already made keep their ids and go to the new series. Raises as `edit` does.
    """
    with changing(db, actor, now, Right.PLAN, "split") as work:
        row = work.get(SeriesRow, series, "series")
        current = load.plan.series(row)
        work.expect_version(row, version, current)
        rule = current.draft.rule
        if not rule.first < day <= (rule.last or day):
            raise Refused({"split": "Choose a day after the series' first and not after its last."})
        later = replace(draft, rule=split_from(draft.rule, rule, day))
        _check(work, later, plan)
        before = tuple(e for e in rule.exceptions if e.day < day)
        ended = replace(rule, last=day - timedelta(days=1), exceptions=before)
        load.plan.fill_series(row, replace(current.draft, rule=ended))
        new = SeriesRow(id=new_id(), continues_id=row.id)
        load.plan.fill_series(new, later)
        work.add(new)
        for airing in find.plan.airings_of_series(work.session, row.id, now):
            if airing.series_day is not None and airing.series_day >= day:
                work.watch(airing)
                airing.series_id = new.id
        work.session.flush()
        sentence = f"{row.name} changed from {calendar_day(day)} on"
        work.about("series", new.id, sentence, row.channel_id, new.channel_id)
        materialise(work, row)
        materialise(work, new)
    return load.plan.series(new)


def except_day(
    db: Database,
    actor: Actor,
    now: datetime,
    series: SeriesId,
    exception: DayException,
    version: int,
    plan: int | None = None,
) -> Series:
    """Skip a day of the series, move it to another local time, or add a day the rule lacks."""
    with changing(db, actor, now, Right.PLAN, "except") as work:
        row = work.get(SeriesRow, series, "series")
        current = load.plan.series(row)
        work.expect_version(row, version, current)
        work.as_seen(current.draft.airing.channel, plan)
        others = tuple(e for e in current.draft.rule.exceptions if e.day != exception.day)
        _set_exceptions(row, current.draft, (*others, exception))
        word = {SkippedDay: "skips", MovedDay: "moves", AddedDay: "adds"}[type(exception)]
        work.about("series", row.id, f"{row.name} {word} {exception.day}", row.channel_id)
        materialise(work, row)
    return load.plan.series(row)


def restore_day(
    db: Database,
    actor: Actor,
    now: datetime,
    series: SeriesId,
    day: date,
    version: int,
    plan: int | None = None,
) -> Series:
    """Return a skipped or moved day to the rule."""
    with changing(db, actor, now, Right.PLAN, "restore") as work:
        row = work.get(SeriesRow, series, "series")
        current = load.plan.series(row)
        work.expect_version(row, version, current)
        work.as_seen(current.draft.airing.channel, plan)
        kept = tuple(e for e in current.draft.rule.exceptions if e.day != day)
        _set_exceptions(row, current.draft, kept)
        work.about("series", row.id, f"{row.name} airs {day} by its rule again", row.channel_id)
        materialise(work, row)
    return load.plan.series(row)


def end(db: Database, actor: Actor, now: datetime, series: SeriesId, version: int) -> Series:
    """End a series. Coming airings that nobody changed by hand are cancelled."""
    with changing(db, actor, now, Right.PLAN, "end") as work:
        row = work.get(SeriesRow, series, "series")
        work.expect_version(row, version, load.plan.series(row))
        row.ended = True
        work.about("series", row.id, f"Ended the series {row.name}", row.channel_id)
        materialise(work, row)
    return load.plan.series(row)


def materialise_all(db: Database, now: datetime) -> int:
    """Extend every series to five weeks after `now`; return how many airings changed."""

    def one(work: UnitOfWork, row: SeriesRow) -> int:
        work.about("series", row.id, f"{row.name}: the coming weeks")
        return materialise(work, row)

    return each_alone(db, now, SeriesRow, "series", find.plan.series, one)


def _set_exceptions(
    row: SeriesRow, draft: SeriesDraft, exceptions: tuple[DayException, ...]
) -> None:
    load.plan.fill_series(row, replace(draft, rule=replace(draft.rule, exceptions=exceptions)))


def _check(work: UnitOfWork, draft: SeriesDraft, plan: int | None) -> None:
    work.as_seen(draft.airing.channel, plan)
    airing = replace(draft.airing, start=work.now)
    errors = (
        airing_problems(airing, work.now)
        | problems(draft)
        | unknown(
            work,
            channel=(ChannelRow, airing.channel),
            program=(ProgramRow, airing.program),
            asset=(AssetRow, airing.asset),
            search=(SavedSearchRow, airing.search),
        )
    )
    files = find.plan.assets_by_id(work.session, draft.episodes.files)
    if len(files) < len(set(draft.episodes.files)):
        errors["episodes"] = UNKNOWN_ID_SENTENCES["asset"]
    if errors:
        raise Refused(errors)
