"""The airings of a series: each occurrence once, with a lasting id, five weeks ahead."""

from datetime import timedelta

from scheduler.changing.airing_rows import add_airing
from scheduler.changing.drafts import with_file
from scheduler.changing.episodes import coming_airings
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.tables.plan import AiringRow, SeriesRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.series.recurrence import Occurrence, Series, occurrences

AIRINGS_MADE_AHEAD = timedelta(weeks=5)


def materialise(work: UnitOfWork, row: SeriesRow) -> int:
    """Make the coming airings of a series match its rule; return how many rows changed.

    An airing that somebody edited or cancelled is left alone, and so is one that has started.
    """
    series = load.plan.series(row)
    known = {a.series_day: a for a in find.plan.airings_of_series(work.session, row.id, work.now)}
    stands = [load.plan.airing(one) for one in known.values()]
    days = _wanted(work, series)
    wanted = coming_airings(work.session, series.draft, days, stands, work.now, row.id).drafts
    changed = sum(_drop(work, a) for day, a in known.items() if day not in wanted)
    for day, bare in wanted.items():
        draft = with_file(work.session, bare)
        if day in known:
            changed += _renew(work, known[day], draft)
        # An airing of this day may be out of sight: moved by hand to before now.
        elif find.plan.airing_of_day(work.session, row.id, day) is None:
            add_airing(work, draft, row.id, day)
            changed += 1
    if changed:
        work.channels.add(row.channel_id)
    return changed


def _wanted(work: UnitOfWork, series: Series) -> list[Occurrence]:
    if series.ended:
        return []
    calendars = load.desk.calendars(work.session)
    return list(occurrences(series.draft.rule, work.now, work.now + AIRINGS_MADE_AHEAD, calendars))


def _drop(work: UnitOfWork, airing: AiringRow) -> bool:
    if airing.edited or airing.cancelled:
        return False
    work.watch(airing)
    airing.cancelled, airing.cancelled_at = True, work.now
    work.channels.add(airing.channel_id)
    return True


def _renew(work: UnitOfWork, airing: AiringRow, draft: AiringDraft) -> bool:
    if airing.edited or (load.plan.airing(airing).draft == draft and not airing.cancelled):
        return False
    work.watch(airing)
    work.channels.add(airing.channel_id)
    airing.cancelled, airing.cancelled_at = False, None
    load.plan.fill_airing(airing, draft)
    return True
