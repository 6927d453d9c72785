"""The sources as pages may know them: without their addresses."""

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import SourceRow
from scheduler.domain.model.ids import SourceId
from scheduler.domain.model.source import DOUBLED, KnownSource
from scheduler.refusals import Missing


def sources(db: Database) -> tuple[KnownSource, ...]:
    """Return every source in use, by name."""
    with db.read() as session:
        return tuple(load.meetings.known_source(row) for row in find.meetings.sources(session))


def names(db: Database) -> dict[str, str]:
    """Return the names of the sources in use, by id, in order of name."""
    return {source.id: source.name for source in sources(db)}


def doubled(db: Database) -> tuple[str, ...]:
    """Return the names of the sources in whose address an option is written twice, as a version
    before this one let it.
    """
    return tuple(one.name for one in sources(db) if one.shown.endswith(DOUBLED))


def source(db: Database, source: SourceId) -> KnownSource:
    """Return one source, retired or not. Raises Missing."""
    with db.read() as session:
        row = session.get(SourceRow, source)
        if row is None:
            raise Missing("source")
        return load.meetings.known_source(row)
