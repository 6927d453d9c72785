"""Compiles each statement once for all SQLite databases of a run, not once for each database.

Every test opens a database of its own, and SQLAlchemy keeps compiled statements with the engine and
its dialect. Both depend on the statement alone here, because all databases are of one kind.
"""

from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from scheduler.db import store

STATEMENTS_KEPT = 4000
"""So many are kept; the whole product has some hundreds."""


def pytest_configure() -> None:
    """Let every SQLite engine of this process share them."""
    pattern = create_engine("sqlite://")
    pattern.connect().close()  # The dialect learns what this SQLite can do.
    pattern.dispose()
    opened, compiled = store._engine, LRUCache(STATEMENTS_KEPT)

    def sharing(url: str) -> Engine:
        engine = opened(url)
        if engine.dialect.name == pattern.dialect.name:
            engine.dialect, engine._compiled_cache = pattern.dialect, compiled
        return engine

    store._engine = sharing
