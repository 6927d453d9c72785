"""Programs and series as cards: what they are, and when they last and next air."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import ProgramRow, SeriesRow
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import ProgramId, SeriesId
from scheduler.domain.model.program import Program
from scheduler.domain.series.recurrence import Occurrence, Series, in_words, preview
from scheduler.reading.airing_views import airing_views
from scheduler.refusals import Missing

AIRINGS_LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True)
class ProgramCard:
    """A program with its file and its airings around now."""

    program: Program
    asset: Asset | None
    last: AiringView | None
    next: AiringView | None


@dataclass(frozen=True)
class SeriesCard:
    """A series with its rule in words and its coming dates."""

    series: Series
    words: str
    dates: tuple[Occurrence, ...]
    airings: tuple[AiringView, ...]
    """Its coming airings, those changed by hand included."""


def program_cards(
    db: Database, now: datetime, *, archived: bool = False
) -> tuple[ProgramCard, ...]:
    """Return every program, by title."""
    with db.read() as session:
        return tuple(
            _card(session, row, now) for row in find.plan.programs(session, archived=archived)
        )


def program_lengths(db: Database) -> tuple[tuple[str, str, timedelta | None], ...]:
    """Return id, title and the length of its file of every program, by title."""
    with db.read() as session:
        rows = find.plan.programs(session)
        files = find.plan.assets_by_id(session, (row.asset_id for row in rows))
        spans = {id: load.plan.asset(row).length for id, row in files.items()}
        return tuple((row.id, row.title, spans.get(row.asset_id or "")) for row in rows)


def program_card(db: Database, program: ProgramId, now: datetime) -> ProgramCard:
    """Return one program. Raises Missing."""
    with db.read() as session:
        row = session.get(ProgramRow, program)
        if row is None:
            raise Missing("program")
        return _card(session, row, now)


def airings_of(db: Database, program: ProgramId, now: datetime) -> tuple[AiringView, ...]:
    """Return the airings of the program in the last sixty days and ahead, by start."""
    with db.read() as session:
        rows = find.plan.airings_with(session, program=program, since=now - AIRINGS_LOOK_BACK)
        return airing_views(session, rows, now)


def series_cards(db: Database, now: datetime, *, ended: bool = False) -> tuple[SeriesCard, ...]:
    """Return every series, by name."""
    with db.read() as session:
        return tuple(_series(session, row, now) for row in find.plan.series(session, ended=ended))


def series_card(db: Database, series: SeriesId, now: datetime) -> SeriesCard:
    """Return one series. Raises Missing."""
    with db.read() as session:
        row = session.get(SeriesRow, series)
        if row is None:
            raise Missing("series")
        return _series(session, row, now)


def _card(session: Session, row: ProgramRow, now: datetime) -> ProgramCard:
    program = load.plan.program(row)
    files = find.plan.assets_by_id(session, [row.asset_id])
    asset = files.get(row.asset_id) if row.asset_id else None
    aired = find.plan.airings_with(session, program=row.id, since=now - AIRINGS_LOOK_BACK)
    views = airing_views(session, aired, now)
    return ProgramCard(
        program=program,
        asset=load.plan.asset(asset) if asset else None,
        last=next((view for view in reversed(views) if view.airing.start <= now), None),
        next=next((view for view in views if view.airing.start > now), None),
    )


def _series(session: Session, row: SeriesRow, now: datetime) -> SeriesCard:
    series = load.plan.series(row)
    rows = [a for a in find.plan.airings_of_series(session, row.id, now) if not a.cancelled]
    return SeriesCard(
        series=series,
        words=in_words(series.draft.rule),
        dates=() if series.ended else _dates(session, series, now),
        airings=airing_views(session, rows, now),
    )


def _dates(session: Session, series: Series, now: datetime) -> tuple[Occurrence, ...]:
    return preview(series.draft.rule, now, calendars=load.desk.calendars(session))
