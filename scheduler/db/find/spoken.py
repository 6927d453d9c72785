"""Queries of the words of captions, as the search of the library keeps them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, exists, select

from scheduler.db.store import Session
from scheduler.db.tables.search import SearchCaptionsRow, SearchEntryRow

E = SearchEntryRow


def captions(session: Session, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the words of caption tracks, folded and as lines, by key."""
    C = SearchCaptionsRow
    rows = session.execute(select(C.key, C.folded, C.lines).where(C.key.in_(list(keys))))
    return {str(key): (str(folded), str(lines)) for key, folded, lines in rows}


def captions_to_read(session: Session, most: int) -> Sequence[str]:
    """Return keys of caption tracks that are named by a file and whose words are not stored."""
    known = exists().where(SearchCaptionsRow.key == E.captions_key)
    question = select(E.captions_key).where(E.captions_key != "", ~known).distinct()
    return session.scalars(question.limit(most)).all()


def with_captions(session: Session, key: str) -> Sequence[str]:
    """Return the ids of the files whose captions are this track."""
    return session.scalars(select(E.asset_id).where(E.captions_key == key)).all()


def drop_unused_captions(session: Session) -> int:
    """Delete the words of tracks that no file names; return how many."""
    used = exists().where(E.captions_key == SearchCaptionsRow.key)
    gone = session.scalars(select(SearchCaptionsRow.key).where(~used)).all()
    session.execute(delete(SearchCaptionsRow).where(SearchCaptionsRow.key.in_(gone)))
    return len(gone)
