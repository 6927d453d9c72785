"""The lock that lets one scheduler process publish at a time. It ends with the process that holds
it.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.db.store import Database, DatabaseError

ADVISORY_LOCK_ID = 0x6761_7665_6C
"""The number by which PostgreSQL knows our advisory lock: "gavel" in ASCII."""
NOTICE_LOST_MACHINE = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
)
"""PostgreSQL ends our session, and the lock with it, eleven seconds after this machine lost power
or its network. Its own default is two hours, during which no other scheduler could take over. A
process that dies is noticed at once."""


class SchedulerLock:
    """A file lock beside an SQLite database; an advisory lock of PostgreSQL, which several machines
    may share.
    """

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Try once to take the lock; return True when this process holds it."""
        return self._take_file() if self._db.is_sqlite else self._take_database()

    def still_held(self) -> bool:
        """Return False once the database released the lock, as when the connection breaks."""
        if self._db.is_sqlite:
            return self._file is not None
        try:
            return self._connection is not None and bool(self._connection.scalar(text("SELECT 1")))
        except SQLAlchemyError:
            return False

    def release(self) -> None:
        """Release the lock. Safe to call when it is not held."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                let_go = text("SELECT pg_advisory_unlock(:number)")
                self._connection.scalar(let_go, {"number": ADVISORY_LOCK_ID})
            # The lock belongs to the connection: back in the pool it might still hold it.
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
        try:
            if self._connection is None:
                engine = self._db.engine.execution_options(isolation_level="AUTOCOMMIT")
                self._connection = engine.connect()
                for setting in NOTICE_LOST_MACHINE:
                    self._connection.exec_driver_sql(setting)
            taken = text("SELECT pg_try_advisory_lock(:number)")
            return bool(self._connection.scalar(taken, {"number": ADVISORY_LOCK_ID}))
        except SQLAlchemyError as error:
            self.release()
            raise DatabaseError(str(error)) from error
