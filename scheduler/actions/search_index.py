"""The upkeep of the index of searches by the server itself; none of it is a change of the plan."""

from scheduler.db import find, search_index
from scheduler.db.store import Database
from scheduler.db.tables.search import SearchCaptionsRow


def repair(db: Database) -> int:
    """Make the index again where files are missing from it or are in it no more; return the number
    of files in the new one, 0 where it was whole.
    """
    with db.read() as session:
        if search_index.is_whole(session):
            return 0
    return rebuild(db)


def rebuild(db: Database) -> int:
    """Make the whole index again; return the number of files in it."""
    with db.change() as session:
        return search_index.rebuild(session)


def captions_to_read(db: Database, most: int) -> tuple[str, ...]:
    """Return keys of caption tracks whose words are not stored yet."""
    with db.read() as session:
        return tuple(find.spoken.captions_to_read(session, most))


def store_captions(db: Database, key: str, folded: str, lines: str) -> None:
    """Store the words of a caption track, and let its files be found by them."""
    with db.write() as session:
        session.merge(SearchCaptionsRow(key=key, folded=folded, lines=lines))
        session.flush()
        search_index.index(session, find.spoken.with_captions(session, key))


def forget_captions(db: Database) -> int:
    """Drop the words of tracks that no file names any more; return how many."""
    with db.write() as session:
        return find.spoken.drop_unused_captions(session)
