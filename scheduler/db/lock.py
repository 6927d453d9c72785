"""One scheduler process at a time: a lock that ends with the process that holds it."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.db.store import Database, DatabaseError

ADVISORY_LOCK_ID = 0x6761_7665_6C
"""PostgreSQL knows its advisory locks by number; this one is ours."""


class SchedulerLock:
    """Held by the scheduler that publishes. Two locks: a file's on this machine, and the
    database's own where several machines share it."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Try once; True when this process now holds the lock."""
        return self._take_file() and self._take_database()

    def still_held(self) -> bool:
        """False when the database let go of us, as it does when the connection breaks."""
        if self._file is None:
            return False
        if self._db.is_sqlite:
            return True
        try:
            return self._connection is not None and bool(self._connection.scalar(text("SELECT 1")))
        except SQLAlchemyError:
            return False

    def release(self) -> None:
        """Let go; safe to call when nothing is held."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                let_go = text("SELECT pg_advisory_unlock(:number)")
                self._connection.scalar(let_go, {"number": ADVISORY_LOCK_ID})
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take_file(self) -> bool:
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def _take_database(self) -> bool:
        if self._db.is_sqlite:
            return True
        try:
            if self._connection is None:
                engine = self._db.engine.execution_options(isolation_level="AUTOCOMMIT")
                self._connection = engine.connect()
            taken = text("SELECT pg_try_advisory_lock(:number)")
            return bool(self._connection.scalar(taken, {"number": ADVISORY_LOCK_ID}))
        except SQLAlchemyError as error:
            self.release()
            raise DatabaseError(str(error)) from error
