"""Copies of every row of one database into another one, from PostgreSQL into SQLite and back.

Values are copied as they are stored: what an older version wrote stays, also where this version
would refuse to write it.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    TableClause,
    Text,
    cast,
    column,
    func,
    insert,
    inspect,
    select,
    table,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SetTableComment
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from scheduler.db import migrate
from scheduler.db.references import references_later
from scheduler.db.store import Database, DatabaseError, translated
from scheduler.db.tables.base import Base
from scheduler.db.tables.passing import PASSING
from scheduler.db.tables.search import REMADE
from scheduler.db.tables.types import Address, Duration, UtcDateTime

ROWS_AT_ONCE = 200
"""Rows in memory at a time. A published plan may take a megabyte."""
_MARKED_TABLE = "alembic_version"
"""The table whose comment names the snapshot that filled the database; that of the migrations,
because it is no table of ours that would then differ from its definition."""


@dataclass(frozen=True)
class Contents:
    """The rows of one table, in whatever order they come."""

    rows: int = 0
    total: int = 0
    """The sum of the hashes of all rows."""


class _StoredInstant(TypeDecorator[datetime]):
    """An instant as it is stored, in UTC; of any year, unlike UtcDateTime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _StoredJson(UserDefinedType[str]):
    """JSON as its text. Read as values, a null of JSON and a null of SQL are the same."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        """Return the type's name."""
        return "JSON"

    def column_expression(self, colexpr: Any) -> Any:
        """Read it as text; PostgreSQL's driver would parse it."""
        return cast(colexpr, Text)


def save(url: str, target: Path) -> None:
    """Copy a PostgreSQL database into one new SQLite file while others write.

    All of it is read in one transaction, which sees the database as it was at one instant. Raises
    DatabaseError.
    """
    target.unlink(missing_ok=True)
    source, made = Database(url), Database(f"sqlite:///{target}")
    try:
        migrate.upgrade(made)
        _copy(source, made)
    finally:
        source.close()
        made.close()
    # As after copy_sqlite: out of WAL mode, so that it is whole without a file beside it.
    with translated(), closing(sqlite3.connect(target)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def load(source: Path, url: str, mark: str) -> None:
    """Copy an SQLite file of this version into an empty database, whole or not at all.

    `mark` stays with the database, for `mark_of`. Raises DatabaseError, also for a database that
    has rows.
    """
    read, filled = Database(f"sqlite:///{source}"), Database(url)
    try:
        migrate.upgrade(filled)
        _copy(read, filled, mark)
    finally:
        read.close()
        filled.close()


def has_rows(db: Database) -> bool:
    """Return whether the database holds anything of Gavel's. Raises DatabaseError."""
    with translated(), db.engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return any(_has_rows(connection, one) for name, one in _PLAIN.items() if name in there)


def mark_of(db: Database) -> str:
    """Return the mark of the snapshot that filled this database; empty for none.

    Raises DatabaseError.
    """
    with translated(), db.engine.connect() as connection:
        looking = inspect(connection)
        if db.is_sqlite or not looking.has_table(_MARKED_TABLE):
            return ""
        return looking.get_table_comment(_MARKED_TABLE)["text"] or ""


def _copy(source: Database, target: Database, mark: str = "") -> None:
    step = migrate.stands_on(source)
    if step != migrate.newest():
        raise DatabaseError(
            f"The database is at step {step or 'none'}, and this version of Gavel is at "
            f"{migrate.newest()}. Bring it up first: gavel db upgrade"
        )
    with _reading(source) as one, _filling(target) as other:
        for name, plain in _PLAIN.items():
            if _has_rows(other, plain):
                raise DatabaseError(f"The database is not empty: table {name} has rows.")
            if _copy_table(one, other, plain) != _contents(other, plain):
                raise DatabaseError(f"The copy of table {name} differs from the original.")
        if not target.is_sqlite:
            _set_counters(other)
            if mark:
                other.execute(SetTableComment(Table(_MARKED_TABLE, MetaData(), comment=mark)))


@contextmanager
def _reading(db: Database) -> Iterator[Connection]:
    """Open a transaction that sees one state of the database, however long it takes."""
    with translated(), db.engine.connect() as connection:
        if not db.is_sqlite:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


@contextmanager
def _filling(db: Database) -> Iterator[Connection]:
    """Open the one transaction in which a database is filled."""
    writing = db.engine.execution_options(gavel_write=True)
    with translated(), writing.connect() as connection:
        with references_later(connection):
            yield connection
        connection.commit()


def _copy_table(one: Connection, other: Connection, plain: TableClause) -> Contents:
    """Copy the rows of one table; return what was read."""
    found = Contents()
    for rows in _read(one, plain):
        found = _added(found, rows)
        other.execute(insert(plain), rows)
    return found


def _contents(connection: Connection, plain: TableClause) -> Contents:
    found = Contents()
    for rows in _read(connection, plain):
        found = _added(found, rows)
    return found


def _read(connection: Connection, plain: TableClause) -> Iterator[list[dict[str, Any]]]:
    streamed = {"stream_results": True}
    with connection.execute(select(plain), execution_options=streamed) as result:
        for rows in result.mappings().partitions(ROWS_AT_ONCE):
            yield [dict(row) for row in rows]


def _added(found: Contents, rows: list[dict[str, Any]]) -> Contents:
    """Add rows to what was found. A sum is the same in any order, and the two databases sort
    differently.
    """
    total = found.total
    for row in rows:
        digest = hashlib.sha256(repr(sorted(row.items())).encode())
        total = (total + int.from_bytes(digest.digest())) % (1 << 256)
    return Contents(found.rows + len(rows), total)


def _has_rows(connection: Connection, plain: TableClause) -> bool:
    return connection.execute(select(plain).limit(1)).first() is not None


def _set_counters(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were copied. SQLite does by itself."""
    for made in Base.metadata.sorted_tables:
        counted = made.autoincrement_column
        if counted is not None:
            sequence = func.pg_get_serial_sequence(made.name, counted.name)
            last = select(func.max(counted)).scalar_subquery()
            connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last > 0)))


def _plain(made: Table) -> TableClause:
    """Return a table whose columns give values as they are stored."""
    columns = (column(one.name, _stored_type(one.type)) for one in made.columns)
    return table(made.name, *columns)


def _stored_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, UtcDateTime):
        return _StoredInstant()
    if isinstance(kind, JSON):
        return _StoredJson()
    if isinstance(kind, Duration):
        return BigInteger()
    return String() if isinstance(kind, Address) else kind


_PLAIN = {
    made.name: _plain(made)
    for made in Base.metadata.sorted_tables
    if made.name not in PASSING | REMADE
}
"""Every table whose rows are kept. The scheduler makes the index of searches again."""
