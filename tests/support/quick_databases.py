"""A pytest plugin that compiles each SQL statement once per run instead of once per database.

Every test opens its own database, and SQLAlchemy caches compiled statements in the engine. They
depend only on the dialect, and all SQLite databases here have the same one.
"""

from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from scheduler.db import store

STATEMENTS_KEPT = 4000
"""Size of the statement cache; the product has some hundreds of statements."""


def pytest_configure() -> None:
    """Make every SQLite engine of this process share one dialect and one statement cache."""
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
