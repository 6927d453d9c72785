"""The database and its sessions: one kind for reading, one for writing, one for changes of the
plan.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from scheduler.db import search_index, tables
from scheduler.db.step import newer_step

__all__ = [
    "Database",
    "DatabaseError",
    "Duplicate",
    "LostUpdate",
    "NewerDatabase",
    "Session",
    "tables",
]

_TAKE_CHANGE_LOCK = text(f"SELECT pg_advisory_xact_lock({0x6761_7665_6D})")
"""The lock of `Database.change`, held to the end of the transaction."""
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
"""A text that changes whenever a transaction ends."""


class DatabaseError(Exception):
    """The database could not do what was asked. The transaction is rolled back."""


class Duplicate(DatabaseError):
    """A value that must be unique is taken, or a row is still referred to."""


class LostUpdate(DatabaseError):
    """Another transaction wrote the row between our read and our write."""


class NewerDatabase(DatabaseError):
    """The database has the shape of a newer Gavel, so this version must leave it alone."""

    def __init__(self, step: str) -> None:
        super().__init__(
            f"The database belongs to a newer Gavel (step {step}). Install that version."
        )


class Database:
    """One database, SQLite or PostgreSQL, by its URL.

    Keep sessions short: no file, network or hashing work inside one. Raises DatabaseError in place
    of the driver's errors, and NewerDatabase once another server has brought the database to a
    newer shape.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = _engine(url)
        self._read = sessionmaker(self.engine, expire_on_commit=False)
        writing = self.engine.execution_options(gavel_write=True)
        self._write = sessionmaker(writing, expire_on_commit=False)
        search_index.follow(self._write)
        self._newer = False
        self._file_at_first: tuple[int, int] | None = None
        self._looking: Any = None
        self._look = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """True for an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading. Changes made in it are lost.

        To ask for the step each time would cost as much as many a query. So a reader asks only
        after a writer of this process, or `refuse_newer`, has met a newer database.
        """
        with translated(), self._read() as session:
            if self._newer:
                self._refuse_newer(session)
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        On SQLite it takes the single writer's lock at once, and waits up to 10 s for it.
        """
        with translated(), self._write.begin() as session:
            self._refuse_newer(session)
            yield session

    def refuse_newer(self) -> None:
        """Raise NewerDatabase where a newer Gavel has changed the shape of the database."""
        with translated(), self._read() as session:
            self._refuse_newer(session)

    def _refuse_newer(self, session: Session) -> None:
        step = newer_step(session)
        self._newer = bool(step)
        if step:
            raise NewerDatabase(step)

    @contextmanager
    def change(self) -> Iterator[Session]:
        """Open a transaction during which no other change runs, so that what it reads is still true
        at commit.

        SQLite has one writer at a time anyway; on PostgreSQL it waits for an advisory lock.
        """
        with self.write() as session:
            if not self.is_sqlite:
                session.execute(_TAKE_CHANGE_LOCK)
            yield session

    def version(self) -> object:
        """Return a value that changes whenever any transaction commits; cheap enough to ask all the
        time.
        """
        with translated():
            if not self.is_sqlite:
                with self._read() as session:
                    return session.scalar(_SNAPSHOT)
            with self._look:
                # data_version changes only for commits of other connections, so this one never
                # writes and is kept out of the pool.
                if self._looking is None:
                    self._looking = self.engine.raw_connection()
                    self._looking.detach()
                return self._looking.execute("PRAGMA data_version").fetchone()[0]

    def check_file(self) -> None:
        """Raise DatabaseError where the SQLite file is gone, or is no more the one of the first
        call.

        A query does not tell: an open connection goes on in a file that was deleted, and what it
        writes is lost; a new one makes an empty file in its place.
        """
        path = self.engine.url.database
        if not self.is_sqlite or not path or path == ":memory:":
            return
        try:
            found = Path(path).stat()
        except OSError as error:
            raise DatabaseError(f"the file of the database cannot be found: {error}") from error
        file = (found.st_dev, found.st_ino)
        self._file_at_first = self._file_at_first or file
        if file != self._file_at_first:
            raise DatabaseError("another file lies in place of the database; restart Gavel")

    def close(self) -> None:
        """Close every connection."""
        with self._look:
            if self._looking is not None:
                self._looking.close()
                self._looking = None
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the errors of the driver into DatabaseError and its kinds."""
    try:
        yield
    except StaleDataError as error:
        raise LostUpdate("the row has changed since") from error
    except IntegrityError as error:
        raise Duplicate(_in_words(error)) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise DatabaseError(_in_words(error)) from None


def _in_words(error: Exception) -> str:
    """Return the driver's message without values, because a row may hold the key of a stream.

    PostgreSQL repeats a whole row in the detail of its message. So only the first line is kept, and
    the driver's error is not chained as the cause.
    """
    beneath = getattr(error, "orig", None) or error
    message = getattr(getattr(beneath, "diag", None), "message_primary", None) or str(beneath)
    first = message.partition("\n")[0]
    return f"{first} [{getattr(error, 'statement', None) or type(error).__name__}]"


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_size=8, max_overflow=24, hide_parameters=True
        )
    engine = create_engine(
        url,
        connect_args={"timeout": 10.0},
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set the pragmas, and stop the driver from opening transactions: we send BEGIN ourselves."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A plain BEGIN that reads first and writes later fails at once when another writer came
    # between, without waiting; IMMEDIATE takes the writer's lock up front and waits for it.
    writing = connection.get_execution_options().get("gavel_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
