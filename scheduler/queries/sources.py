"""The sources as pages may know them: never an address."""

from scheduler.db import find_live, load_live
from scheduler.db.store import Database
from scheduler.db.tables_live import SourceRow
from scheduler.domain.names import SourceId
from scheduler.domain.source import KnownSource
from scheduler.refusals import Missing


def sources(db: Database) -> tuple[KnownSource, ...]:
    """Every source in use, by name."""
    with db.read() as session:
        return tuple(load_live.known_source(row) for row in find_live.sources(session))


def source(db: Database, source: SourceId) -> KnownSource:
    """One source, a retired one too. Raises Missing."""
    with db.read() as session:
        row = session.get(SourceRow, source)
        if row is None:
            raise Missing("source")
        return load_live.known_source(row)
