"""The words of captions come into the index by themselves, and a lost index is made again."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text
from support.desk import HOUR, NOW, an_asset

from config.clock import SimulatedClock
from media.caption_files import keep_track
from media.captions.cue import laid_out
from media.captions.encode import encode as captioned
from media.captions.facts import CaptionOrigin, facts_of
from media.store import MediaStore
from scheduler.actions import search_index
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.search import Search
from scheduler.process.library_indexer import LibraryIndexer


def captions_of(db: Database, asset: str, store: MediaStore | None) -> None:
    """Let captions air with a file; without a store their track is lost."""
    key = "e" * 64
    if store is not None:
        track = captioned(laid_out(65_000_000, 68_000_000, ["The stormwater fee rises."]))
        facts = facts_of(track, CaptionOrigin.SRT, HOUR, "en")
        assert facts is not None
        key = keep_track(track, facts, store).key
    with db.write() as session:
        row = session.get(AssetRow, asset)
        assert row is not None
        row.captions_key = key


def found(db: Database, typed: str) -> tuple[str, ...]:
    with db.read() as session:
        return find.library.search(session, Search(typed), NOW, ZoneInfo("UTC")).ids


def test_captions_are_found_soon_after_they_came(sqlite_db: Database, tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    asset, lost = an_asset(sqlite_db, "Council", "a"), an_asset(sqlite_db, "Board", "b")
    captions_of(sqlite_db, asset.id, store)
    captions_of(sqlite_db, lost.id, None)
    indexer = LibraryIndexer(sqlite_db, store, SimulatedClock(NOW))

    assert indexer.one()
    assert not indexer.one(), "a track that is not there is not read again and again"
    assert found(sqlite_db, "council stormwater") == (asset.id,)
    with sqlite_db.read() as session:
        ((_, lines),) = find.spoken.captions(session, search_index_keys(sqlite_db)).values()
    milliseconds, _, said = lines.partition(" ")
    assert said == "The stormwater fee rises." and abs(int(milliseconds) - 65_000) < 34


def search_index_keys(db: Database) -> list[str]:
    with db.read() as session:
        return [str(key) for key in session.scalars(text("SELECT key FROM search_captions"))]


def test_an_index_that_was_lost_is_made_again_within_a_minute(
    sqlite_db: Database, tmp_path: Path
) -> None:
    asset, clock = an_asset(sqlite_db, "Council"), SimulatedClock(NOW)
    indexer = LibraryIndexer(sqlite_db, MediaStore(tmp_path), clock)
    indexer.one()
    with sqlite_db.write() as session:
        session.execute(text("DELETE FROM search_entry"))
    clock.advance(timedelta(seconds=59))
    indexer.one()
    assert found(sqlite_db, "council") == ()
    clock.advance(timedelta(seconds=1))
    indexer.one()
    assert found(sqlite_db, "council") == (asset.id,)
    assert search_index.repair(sqlite_db) == 0
