"""Reads of keeping: files that are due, in the trash, on hold, and let go."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.keeping import DisposalRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.keeping import (
    TRASH_KEPT_FOR,
    GivenTo,
    KeepingFacts,
    KeepingVerdict,
    RetentionClass,
    RetentionRule,
    judge,
    trash_ends,
)
from scheduler.domain.library.letting_go import Disposal, DisposalItem, Hold
from scheduler.domain.model.ids import AssetId
from scheduler.reading import keeping
from scheduler.refusals import Missing

MOST_LISTED = 500
"""Files of one list on the page; the rest follows when these are settled."""


@dataclass(frozen=True)
class JudgedFile:
    """A file of a list of keeping, with its verdict."""

    id: AssetId
    title: str
    size: int
    facts: KeepingFacts
    verdict: KeepingVerdict


@dataclass(frozen=True)
class TrashedFile:
    """A file in the trash."""

    id: AssetId
    title: str
    size: int
    deleted: datetime
    deleted_by: str
    ends: datetime
    """From when its bytes are removed."""


@dataclass(frozen=True)
class FileKeeping:
    """The keeping of one file, as its page shows it."""

    judged: JudgedFile
    classes: tuple[RetentionClass, ...]
    chosen: str
    """Id of the class that a person chose; empty for that of its kind."""
    given: RetentionClass | None
    """The class of its kind."""
    holds: tuple[Hold, ...]
    """Every hold that ever was on it, the newest first."""
    deleted: datetime | None
    deleted_by: str
    is_gone: bool


@dataclass(frozen=True)
class KeepingLists:
    """The lists of the page."""

    due: tuple[JudgedFile, ...]
    kept: tuple[JudgedFile, ...]
    """Files whose time is over, that a hold or a need keeps."""
    trash: tuple[TrashedFile, ...]
    holds: tuple[tuple[Hold, str], ...]
    """Holds that are not lifted, each with the title of its file."""
    disposals: tuple[Disposal, ...]
    classes: tuple[RetentionClass, ...]


def lists(db: Database, now: datetime) -> KeepingLists:
    """Return everything the page shows at `now`."""
    with db.read() as session:
        over = _over(session, now)
        titles = find.plan.assets_by_id(
            session, [hold.asset_id for hold in find.keeping.open_holds(session)]
        )
        return KeepingLists(
            due=tuple(one for one in over if one.verdict.is_due)[:MOST_LISTED],
            kept=tuple(one for one in over if not one.verdict.is_due)[:MOST_LISTED],
            trash=tuple(map(_trashed, find.keeping.deleted(session)))[:MOST_LISTED],
            holds=tuple(
                (load.keeping.hold(row), titles[row.asset_id].title)
                for row in find.keeping.open_holds(session)
            ),
            disposals=tuple(
                _disposal(session, row) for row in find.keeping.disposals(session)[:100]
            ),
            classes=keeping.classes(session).offered,
        )


def file(db: Database, asset: AssetId, now: datetime) -> FileKeeping:
    """Return the keeping of one file. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is None:
            raise Missing("file")
        facts, known = keeping.thorough_facts(session, row, now), keeping.classes(session)
        kind = GivenTo.RECORDINGS if facts.is_recording else GivenTo.UPLOADS
        return FileKeeping(
            judged=JudgedFile(
                asset, row.title, _size(row), facts, keeping.judged(session, facts, now)
            ),
            classes=known.offered,
            chosen=row.retention or "",
            given=known.given_to(kind),
            holds=tuple(map(load.keeping.hold, find.keeping.holds_of(session, asset))),
            deleted=row.deleted,
            deleted_by=row.deleted_by,
            is_gone=row.state == "gone",
        )


def disposal(db: Database, id: str) -> Disposal:
    """Return a signed disposal with its files. Raises Missing."""
    with db.read() as session:
        row = session.get(DisposalRow, id)
        if row is None:
            raise Missing("disposal")
        return _disposal(session, row)


def trash_over(db: Database, now: datetime) -> tuple[AssetId, ...]:
    """Return the files whose thirty days in the trash are over, the first deleted first."""
    with db.read() as session:
        return tuple(
            AssetId(row.id)
            for row in find.keeping.deleted(session)
            if row.deleted is not None and row.deleted + TRASH_KEPT_FOR <= now
        )


def let_go(db: Database) -> tuple[int, ...]:
    """Return the numbers of the bytes that were let go and are still here."""
    with db.read() as session:
        return tuple(row.number for row in find.keeping.unremoved(session))


def _over(session: Session, now: datetime) -> list[JudgedFile]:
    """Return the files whose class's time is over, the longest over first."""
    known = keeping.classes(session)
    ending = [one for one in known.by_id.values() if one.rule is not RetentionRule.FOREVER]
    given = {one.given_to for one in ending if not one.archived}
    rows = find.keeping.with_class(
        session,
        {one.id for one in ending},
        recordings=GivenTo.RECORDINGS in given,
        uploads=GivenTo.UPLOADS in given,
    )
    facts = keeping.facts_of(session, rows, now) if rows else {}
    zone, today = keeping.zone(session), keeping.today(session, now)
    judged = [
        JudgedFile(
            AssetId(row.id), row.title, _size(row), facts[row.id], judge(facts[row.id], today, zone)
        )
        for row in rows
    ]
    over = [one for one in judged if one.verdict.day is not None and one.verdict.day <= today]
    return sorted(over, key=lambda one: (one.verdict.day or today, one.title))


def _trashed(row: AssetRow) -> TrashedFile:
    assert row.deleted is not None
    ends = trash_ends(row.deleted)
    return TrashedFile(AssetId(row.id), row.title, _size(row), row.deleted, row.deleted_by, ends)


def _size(row: AssetRow) -> int:
    return int((row.media or {}).get("size") or 0)


def _disposal(session: Session, row: DisposalRow) -> Disposal:
    return Disposal(
        row.id,
        row.signed,
        row.signed_by,
        row.authority,
        tuple(
            DisposalItem(
                AssetId(one.asset_id), one.title, one.original_name, one.key, one.size, one.came,
                one.last_aired, one.class_name, one.reason, one.taken_back, one.taken_back_by,
                one.destroyed,
            )
            for one in find.keeping.disposal_items(session, row.id)
        ),
    )  # fmt: skip
