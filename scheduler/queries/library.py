"""The media library: files with their verdict, their use, and the progress of their check."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from config.names import ChannelId
from playout.model.search import AssetKind
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.library.search import Search, terms
from scheduler.domain.library.spoken import SpokenLine, line_found
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobState
from scheduler.refusals import Missing

_ANY, _ANY_ZONE = datetime(2000, 1, 1, tzinfo=UTC), ZoneInfo("UTC")


@dataclass(frozen=True)
class LibraryEntry:
    """A file as the library shows it."""

    asset: Asset
    job: Job | None
    """Its check, while that waits, runs or has failed."""
    fills: tuple[ChannelId, ...]
    """The channels whose gaps it may fill."""
    caption_job: Job | None = None
    """The reading of its captions, while that waits, runs or has failed."""


@dataclass(frozen=True)
class FoundFile:
    """A file that a search found, with what the list says of it."""

    entry: LibraryEntry
    kind: AssetKind
    day: date
    """The local day the material is from."""
    body: str
    tags: tuple[str, ...]
    said: SpokenLine | None
    """The caption in which words of the search were found."""
    twin: Asset | None
    """Another file with the same content."""


@dataclass(frozen=True)
class FoundFiles:
    """A page of what a search found."""

    files: tuple[FoundFile, ...]
    total: int
    """Of all pages."""


def search(
    db: Database, search: Search, now: datetime, zone: ZoneInfo, *, skip: int, most: int
) -> FoundFiles:
    """Return the files that a search finds, `most` of them after the first `skip`."""
    with db.read() as session:
        page = find.library.search(session, search, now, zone, skip=skip, most=most)
        return FoundFiles(_found(session, page.ids, search), page.total)


def choices(db: Database, typed: str, most: int) -> tuple[Asset, ...]:
    """Return files that may air, for the choice of one in a form: those that the typed words find,
    the newest first.
    """
    may_air = find.library.may_air()
    with db.read() as session:
        # Words alone ask for no day, so any will do.
        ids = find.library.first(session, Search(typed), _ANY, _ANY_ZONE, may_air, most)
        return _assets(session, ids)


def named(db: Database, ids: Iterable[str]) -> tuple[Asset, ...]:
    """Return the named files, in this order; those that are no more are left out."""
    with db.read() as session:
        return _assets(session, tuple(dict.fromkeys(id for id in ids if id)))


def library(db: Database, *, archived: bool = False) -> tuple[LibraryEntry, ...]:
    """Return every file, the newest first."""
    with db.read() as session:
        rows = find.plan.assets(session, archived=archived)
        ids = [row.id for row in rows]
        jobs = find.jobs.jobs_of_assets(session, ids)
        readings = find.jobs.jobs_of_assets(session, ids, captions=True)
        fills = find.plan.filled_by(session, ids)
        return tuple(
            _entry(row, jobs.get(row.id), readings.get(row.id), fills.get(row.id, ()))
            for row in rows
        )


def entry(db: Database, asset: AssetId) -> LibraryEntry:
    """Return one file. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        job = find.jobs.jobs_of_assets(session, [asset]).get(asset)
        reading = find.jobs.jobs_of_assets(session, [asset], captions=True).get(asset)
        return _entry(row, job, reading, find.plan.filler_of_asset(session, asset))


def thumbnail(db: Database, asset: AssetId) -> bytes | None:
    """Return the small picture of a file as JPEG; None while it has none."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        return row.thumbnail if row is not None else None


def _assets(session: Session, ids: Sequence[str]) -> tuple[Asset, ...]:
    rows = find.plan.assets_by_id(session, ids)
    return tuple(load.plan.asset(rows[id]) for id in ids if id in rows)


def _found(session: Session, ids: Sequence[str], search: Search) -> tuple[FoundFile, ...]:
    rows = find.plan.assets_by_id(session, ids)
    jobs = find.jobs.jobs_of_assets(session, ids)
    readings = find.jobs.jobs_of_assets(session, ids, captions=True)
    fills = find.plan.filled_by(session, ids)
    entries = find.library.entries(session, ids)
    written = find.library.shown_details(session, ids)
    said = _said(session, {id: one.captions_key for id, one in entries.items()}, search)
    twins = find.library.twins(session, list(entries.values()))
    others = find.plan.assets_by_id(session, twins.values())
    return tuple(
        FoundFile(
            entry=_entry(rows[id], jobs.get(id), readings.get(id), fills.get(id, ())),
            kind=AssetKind(entries[id].kind),
            day=entries[id].day,
            body=written[id].body if id in written else "",
            tags=written[id].tags if id in written else (),
            said=said.get(id),
            twin=load.plan.asset(others[twins[id]]) if twins.get(id) in others else None,
        )
        for id in ids
        if id in rows and id in entries
    )


def _said(session: Session, keys: dict[str, str], search: Search) -> dict[str, SpokenLine]:
    """Return, by file, the caption in which the search found words."""
    asked = terms(search.words)
    texts = find.spoken.captions(session, {key for key in keys.values() if key}) if asked else {}
    found = {}
    for key, (folded, lines) in texts.items():
        line = line_found(folded, lines, asked)
        if line is not None:
            found[key] = line
    return {id: found[key] for id, key in keys.items() if key in found}


def _entry(
    row: AssetRow, job: JobRow | None, reading: JobRow | None, fills: Sequence[str]
) -> LibraryEntry:
    return LibraryEntry(
        asset=load.plan.asset(row),
        job=_open(job, row),
        caption_job=_open(reading, row),
        fills=tuple(map(ChannelId, fills)),
    )


def _open(job: JobRow | None, row: AssetRow) -> Job | None:
    if job is None or job.state in (JobState.DONE.value, JobState.CANCELLED.value):
        return None
    return load.plan.job(job, row.original_name)
