"""Saved searches as pages show them: in words, what they find now, and what draws from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from playout.model.choosing import Candidate
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import ProgramRow
from scheduler.db.tables.saved_searches import SavedSearchRow
from scheduler.domain.library.saved_search import (
    SavedSearch,
    SavedSearchDraft,
    found_at,
    in_words,
)
from scheduler.domain.library.search import Search
from scheduler.domain.model.ids import AssetId, SearchId
from scheduler.reading.channels import channels_in_use
from scheduler.reading.search_uses import SearchUse, uses_of
from scheduler.reading.searches import pool_of
from scheduler.refusals import Missing

SHOWN = 10
"""Files shown of what a search finds."""


@dataclass(frozen=True)
class FoundFile:
    """A file that a saved search finds now."""

    asset: AssetId
    title: str
    length: timedelta
    day: str
    """Its local day, as `2026-11-24`."""


@dataclass(frozen=True)
class FoundNow:
    """The files that a saved search finds at this moment."""

    words: str
    count: int
    """At most `MOST_FOUND`."""
    first: tuple[FoundFile, ...]
    """In the order in which they would be taken."""


@dataclass(frozen=True)
class SearchCard:
    """A saved search with what it means, what it finds and what draws from it."""

    saved: SavedSearch
    found: FoundNow
    uses: tuple[SearchUse, ...]


def choices(db: Database, channel: ChannelId | None = None) -> tuple[SavedSearch, ...]:
    """Return the saved searches in use, by name; with a channel, those that it may draw from."""
    with db.read() as session:
        return tuple(map(load.searches.saved, find.searches.saved(session, channel)))


def cards(db: Database, now: datetime) -> tuple[SearchCard, ...]:
    """Return every saved search in use, by name."""
    with db.read() as session:
        return tuple(_card(session, row, now) for row in find.searches.saved(session))


def card(db: Database, search: SearchId, now: datetime) -> SearchCard:
    """Return one saved search. Raises Missing."""
    with db.read() as session:
        row = session.get(SavedSearchRow, search)
        if row is None:
            raise Missing("saved search")
        return _card(session, row, now)


def found_now(db: Database, draft: SavedSearchDraft, now: datetime) -> FoundNow:
    """Return what a search would find now if it were saved."""
    with db.read() as session:
        return _found(session, SavedSearch(SearchId("typed"), draft, False, 0), now)


def filler_of(db: Database, channel: ChannelId) -> frozenset[SearchId]:
    """Return the saved searches that fill gaps of the channel."""
    with db.read() as session:
        return frozenset(map(SearchId, find.searches.filler(session, channel)))


def _card(session: Session, row: SavedSearchRow, now: datetime) -> SearchCard:
    saved = load.searches.saved(row)
    return SearchCard(saved, _found(session, saved, now), uses_of(session, saved.id, now))


def _found(session: Session, saved: SavedSearch, now: datetime) -> FoundNow:
    zone = _zone(session, saved.draft.channel)
    found = found_at(pool_of(session, saved, now, zone), now, zone)
    return FoundNow(
        words=_words(session, saved.draft.search),
        count=len(found),
        first=tuple(_file(one) for one in found[:SHOWN]),
    )


def _words(session: Session, search: Search) -> str:
    program = search.filter.program
    row = session.get(ProgramRow, program) if program else None
    return in_words(search, row.title if row is not None else "")


def _file(one: Candidate) -> FoundFile:
    day = one.facts.day.isoformat()
    return FoundFile(AssetId(one.facts.id), one.facts.title, one.length, day)


def _zone(session: Session, channel: ChannelId | None) -> ZoneInfo:
    known = channels_in_use(session)
    own = next((one for one in known if one.id == channel), known[0] if known else None)
    return own.tz if own is not None else ZoneInfo("UTC")
