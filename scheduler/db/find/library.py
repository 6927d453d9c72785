"""Queries of the library: what a search finds, a page at a time."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, or_, select, union
from sqlalchemy.orm import Session

from playout.model.search import AssetFilter, AssetKind, AssetOrder
from playout.timing.search import fold
from scheduler.db.search_words import SearchWords, search_words
from scheduler.db.tables.details import CaptionCorrectionRow, DetailsRow, DocumentRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.db.tables.search import SearchEntryRow, SearchTagRow
from scheduler.domain.library.search import Search, terms

E = SearchEntryRow
IN_USE = E.archived.is_(False)


@dataclass(frozen=True)
class FoundPage:
    """A page of what a search found."""

    ids: tuple[str, ...]
    total: int
    """Of all pages."""


def search(
    session: Session,
    search: Search,
    now: datetime,
    zone: ZoneInfo,
    *,
    skip: int = 0,
    most: int = 50,
) -> FoundPage:
    """Return the ids of the files that a search finds, retired ones never, in its order.

    `scheduler.domain.library.search.matches` is the same rule for one file.
    """
    fitting = _fitting(session, search, now, zone)
    if _is_costly(session, search):
        with _words(session).by_index(session):
            return _counted_at_once(session, search, fitting, skip, most)
    found = [IN_USE, *fitting]
    total = session.scalar(select(func.count(E.number)).where(*found)) or 0
    question = select(E.asset_id).where(*found).order_by(*_order(session, search.order))
    return FoundPage(tuple(session.scalars(question.offset(skip).limit(most))), total)


def _words(session: Session) -> SearchWords:
    return search_words(session.get_bind().dialect.name)


def _is_costly(session: Session, search: Search) -> bool:
    """Return whether to decide what is found takes longer than to put it in order.

    SQLite counts the files with a word, and reads the first of them, from an index alone. It goes
    through the words of all files for a phrase, and to each row for a filter; PostgreSQL always.
    """
    asked = terms(search.words)
    has_phrase = any(len(one.words) > 1 for one in asked)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return bool(asked) and (has_phrase or search.filter != AssetFilter() or not is_sqlite)


def _counted_at_once(
    session: Session,
    search: Search,
    fitting: Sequence[ColumnElement[bool]],
    skip: int,
    most: int,
) -> FoundPage:
    """Return a page with the number of all that is found, decided once for both."""
    # The files that have the words are looked up one by one: that is quicker than to go through
    # the index of what is archived, which SQLite would choose.
    question = select(E.asset_id, func.count().over())
    question = question.where(E.archived.is_not(True), *fitting)
    ordered = question.order_by(*_order(session, search.order)).offset(skip).limit(most)
    rows = session.execute(ordered).all()
    if not rows and skip:
        total = session.scalar(select(func.count(E.number)).where(IN_USE, *fitting)) or 0
    else:
        total = rows[0][1] if rows else 0
    return FoundPage(tuple(row[0] for row in rows), total)


def first(
    session: Session,
    search: Search,
    now: datetime,
    zone: ZoneInfo,
    only: ColumnElement[bool],
    most: int,
) -> Sequence[str]:
    """Return the ids of the first files that a search finds among those for which `only` holds.

    Nothing is counted: to count fifty thousand takes longer than to find the first hundred.
    """
    found = [IN_USE, *_fitting(session, search, now, zone), only]
    question = select(E.asset_id).where(*found).order_by(*_order(session, search.order))
    with _words(session).by_index(session) if search.words else nullcontext():
        return session.scalars(question.limit(most)).all()


def _fitting(
    session: Session, search: Search, now: datetime, zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    """Return what must hold of an entry that fits the search, whether it is retired or not."""
    found = list[ColumnElement[bool]]()
    asked = terms(search.words)
    if asked:
        found.append(E.number.in_(_words(session).having(asked)))
    found += _filtered(search.filter, now, zone)
    return found


def may_air() -> ColumnElement[bool]:
    """Return the condition of a file that may air."""
    return E.fit.is_(True)


def newest_stills(session: Session, most: int) -> Sequence[str]:
    """Return the ids of the newest pictures that may air."""
    question = select(E.asset_id).where(IN_USE, E.fit.is_(True), E.still.is_(True))
    return session.scalars(question.order_by(E.added.desc(), E.asset_id).limit(most)).all()


def _filtered(chosen: AssetFilter, now: datetime, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.body:
        found.append(E.body == fold(chosen.body))
    if chosen.program:
        found.append(E.program_id == chosen.program)
    if chosen.kind is not None:
        found.append(E.kind == chosen.kind.value)
    if chosen.captioned is not None:
        found.append(E.captioned.is_(chosen.captioned))
    for tag in chosen.tags:
        has = exists().where(SearchTagRow.tag == fold(tag), SearchTagRow.asset_id == E.asset_id)
        found.append(has)
    if chosen.not_aired_for is not None:
        found.append(or_(E.last_aired.is_(None), E.last_aired <= now - chosen.not_aired_for))
    return found + _long(chosen) + _dated(chosen, now, zone)


def _long(chosen: AssetFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.shortest is not None or chosen.longest is not None:
        found.append(E.length > timedelta(0))
    if chosen.shortest is not None:
        found.append(E.length >= chosen.shortest)
    if chosen.longest is not None:
        found.append(E.length <= chosen.longest)
    return found


def _dated(chosen: AssetFilter, now: datetime, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.within_days is not None:
        today = now.astimezone(zone).date()
        found.append(E.day.between(today - timedelta(days=chosen.within_days), today))
    if chosen.since is not None:
        found.append(E.day >= chosen.since)
    if chosen.until is not None:
        found.append(E.day <= chosen.until)
    return found


def _order(session: Session, order: AssetOrder) -> Sequence[Any]:
    title: Any = E.title
    if session.get_bind().dialect.name != "sqlite":
        # By the letters themselves, as SQLite and Python do, whatever the database's language.
        title = title.collate("C")
    return {
        AssetOrder.NEWEST: (E.day.desc(), E.added.desc(), E.asset_id),
        AssetOrder.OLDEST: (E.day, E.added, E.asset_id),
        AssetOrder.TITLE: (title, E.asset_id),
        AssetOrder.LONGEST: (E.length.desc(), E.asset_id),
        AssetOrder.LEAST_AIRED: (E.last_aired.nulls_first(), E.asset_id),
    }[order]


def tags(session: Session, most: int) -> Sequence[tuple[str, int]]:
    """Return the tags in use with the number of their files, the commonest first."""
    # Of `count(*)` and the smallest spelling, an index alone can tell.
    count = func.count()
    question = select(func.min(SearchTagRow.shown), count).group_by(SearchTagRow.tag)
    rows = session.execute(question.order_by(count.desc(), SearchTagRow.tag).limit(most))
    return [(shown, number) for shown, number in rows]


def entries(session: Session, ids: Iterable[str]) -> dict[str, SearchEntryRow]:
    """Return the entries of these files in the index, by id."""
    rows = session.scalars(select(E).where(E.asset_id.in_(list(ids))))
    return {row.asset_id: row for row in rows}


def documents(session: Session, asset: str) -> Sequence[DocumentRow]:
    """Return the documents of a file, the oldest first."""
    question = select(DocumentRow).where(
        DocumentRow.asset_id == asset, DocumentRow.removed.is_(False)
    )
    return session.scalars(question.order_by(DocumentRow.added, DocumentRow.id)).all()


def same_content(session: Session, asset: str) -> Sequence[str]:
    """Return the other files whose bytes, as they came or as they air, are those of this one.

    A cut has the bytes of its file, and doubles nothing.
    """
    is_whole = E.kind != AssetKind.CUT.value
    own = session.scalars(select(E).where(E.asset_id == asset, is_whole)).first()
    keys = {own.key, own.original_key} - {""} if own is not None else set()
    return [row.asset_id for row in _holders(session, keys) if row.asset_id != asset]


def naming(session: Session, key: str) -> Sequence[str]:
    """Return the files of the library, retired ones too, whose bytes have this key as they air or
    as they came; cuts too, the oldest first.
    """
    question = select(E.asset_id).where(_has_bytes([key]))
    return session.scalars(question.order_by(E.added, E.asset_id)).all()


def _holders(session: Session, keys: Iterable[str]) -> Sequence[SearchEntryRow]:
    """Return the entries, not retired and no cuts, whose bytes have one of these keys, the oldest
    first.

    What is archived is left out afterwards: of one question for all of it SQLite reads every entry.
    """
    rows = session.scalars(select(E).where(_has_bytes(keys)).order_by(E.added, E.asset_id))
    return [row for row in rows if not row.archived and row.kind != AssetKind.CUT.value]


def _has_bytes(keys: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition of an entry whose bytes, as they air or as they came, have one of these
    keys. Each kind of key is looked up in its own index.
    """
    wanted = list(keys)
    as_it_airs = select(E.number).where(E.key.in_(wanted))
    return E.number.in_(union(as_it_airs, select(E.number).where(E.original_key.in_(wanted))))


def twins(session: Session, entries: Sequence[SearchEntryRow]) -> dict[str, str]:
    """Return, by the id of each file that has one, another file with the same content; of cuts
    none.
    """
    entries = [one for one in entries if one.kind != AssetKind.CUT.value]
    keys = {key for one in entries for key in (one.key, one.original_key) if key}
    holders: dict[str, list[str]] = {}
    for row in _holders(session, keys):
        for key in dict.fromkeys(filter(None, (row.key, row.original_key))):
            holders.setdefault(key, []).append(row.asset_id)
    found: dict[str, str] = {}
    for one in entries:
        others = [id for key in (one.key, one.original_key) for id in holders.get(key, ())]
        twin = next((id for id in others if id != one.asset_id), None)
        if twin is not None:
            found[one.asset_id] = twin
    return found


@dataclass(frozen=True)
class ShownDetails:
    """The details of a file that a list shows."""

    body: str
    tags: tuple[str, ...]


def shown_details(session: Session, ids: Sequence[str]) -> dict[str, ShownDetails]:
    """Return what a list says of each of these files, of a recording also what its meeting said."""
    brought = select(RecordingRow.asset_id, RecordingRow.body).where(RecordingRow.asset_id.in_(ids))
    found = {id: ShownDetails(body, ()) for id, body in session.execute(brought)}
    rows = session.scalars(select(DetailsRow).where(DetailsRow.asset_id.in_(ids)))
    return found | {row.asset_id: ShownDetails(row.body, tuple(row.tags)) for row in rows}


def bodies(session: Session, most: int) -> Sequence[str]:
    """Return the names of bodies that files have, by name."""
    written = select(DetailsRow.body).union(select(RecordingRow.body)).subquery()
    question = select(written.c.body).where(written.c.body != "").order_by(written.c.body)
    return session.scalars(question.limit(most)).all()


def caption_corrections(session: Session, asset: str, most: int) -> Sequence[CaptionCorrectionRow]:
    """Return the newest corrections of the captions of a file, the newest first."""
    table = CaptionCorrectionRow
    question = select(table).where(table.asset_id == asset)
    newest = question.order_by(table.corrected.desc(), table.id.desc())
    return session.scalars(newest.limit(most)).all()
