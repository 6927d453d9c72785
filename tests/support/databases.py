"""Fixtures for an empty, migrated database per test, on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.db.tables.base import Base

SERVER_VARIABLE = "GAVEL_TEST_POSTGRES"
"""Variable with the URL of a PostgreSQL server to use instead of a temporary cluster."""


INSTALL_ROOT = Path("/usr/lib/postgresql")
"""Debian's folder of PostgreSQL, with a subfolder for each version."""


def newest_bin(installed: Path = INSTALL_ROOT) -> Path:
    """Return the program folder of the newest PostgreSQL; fail with advice if there is none."""
    found = sorted(installed.glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        pytest.fail(
            "PostgreSQL is missing, and half of the database tests need it: "
            f"apt-get install postgresql, or name a server in {SERVER_VARIABLE}"
        )
    return found[-1]


def _as_unprivileged(*argv: str) -> list[str]:
    """Return the command as user `postgres` when run as root: PostgreSQL refuses to run as root."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *argv]
        if (os.geteuid() == 0)
        else list(argv)
    )


class Cluster:
    """A PostgreSQL cluster in a temporary folder, reachable only over a socket."""

    def __init__(self, bin: Path) -> None:
        self.bin = bin
        self.folder = Path(tempfile.mkdtemp(prefix="gavel-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")

    def start(self) -> None:
        """Create the cluster and start its server. Raise CalledProcessError if a program fails."""
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-N")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(data), "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop the server and delete the cluster."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> URL:
        """The URL of the default database."""
        return make_url(f"postgresql+psycopg://postgres@/postgres?host={self.folder}")

    def _run(self, program: str, *arguments: str) -> None:
        argv = _as_unprivileged(str(self.bin / program), *arguments)
        subprocess.run(  # noqa: S603
            argv, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """Give the URL of a PostgreSQL server on which databases may be created."""
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        yield make_url(named)
        return
    cluster = Cluster(newest_bin())
    cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    made = Database(f"sqlite:///{path}")
    migrate.upgrade(made)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    made.close()
    return path


@contextmanager
def new_database(postgres: URL) -> Iterator[str]:
    """Give the URL of a new PostgreSQL database without any table, and drop it afterwards."""
    name = f"gavel_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def _postgres_database(postgres: URL) -> Iterator[Database]:
    with new_database(postgres) as url:
        made = Database(url)
        migrate.upgrade(made)
        yield made
        made.close()


@pytest.fixture
def empty_postgres(postgres: URL) -> Iterator[str]:
    """Give the URL of a new PostgreSQL database without any table."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite_db", "postgres_db"], ids=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest) -> Database:
    """Give a database with every table and no rows, once on each kind."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def postgres_db(_postgres_database: Database) -> Database:
    """Give a PostgreSQL database with every table and no rows."""
    empty_tables(_postgres_database)
    return _postgres_database


def empty_tables(db: Database) -> None:
    """Delete every row."""
    if db.is_sqlite:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            for table in Base.metadata.sorted_tables:
                connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("BEGIN")
        return
    # TRUNCATE gives each table and each index a new file, whether or not it has a row.
    tables = Base.metadata.sorted_tables[::-1]
    steps = [f'DELETE FROM "{table.name}"' for table in tables]
    steps += [
        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), 1, false)"
        for table in tables
        if (column := table.autoincrement_column) is not None
    ]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(steps))


@contextmanager
def at_step(db: Database, step: str) -> Iterator[None]:
    """Let a database look as if another version had made it, and then right again."""
    write_step(db, step)
    try:
        yield
    finally:
        write_step(db, migrate.newest())


def write_step(db: Database, step: str) -> None:
    """Write a step into a database, as a migration to it would."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :s"), {"s": step})


@pytest.fixture
def sqlite_db(tmp_path: Path, _sqlite_template: Path) -> Iterator[Database]:
    """Give a SQLite database with every table and no rows, for tests that need only one kind."""
    path = tmp_path / "gavel.db"
    shutil.copyfile(_sqlite_template, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()
