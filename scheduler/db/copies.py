"""Copies of a whole database: made while it is in use, looked into, and begun anew."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, inspect, make_url, or_, select, table, text, update

from config.names import ChannelId
from scheduler.db import find
from scheduler.db.store import Database, DatabaseError, Session
from scheduler.db.tables.alerts import AlertMessageRow
from scheduler.db.tables.desk import ListingRow
from scheduler.db.tables.details import DocumentRow
from scheduler.db.tables.graphics import PictureRow
from scheduler.db.tables.house import CommandRow, LinkRow, SessionRow
from scheduler.db.tables.look import FontRow
from scheduler.db.tables.plan import AiringRow, AssetRow, ChannelRow
from scheduler.db.tables.recordings import AWAY, RestingRow
from scheduler.db.tables.search import OWN_WORDS, REMADE

PAGES_AT_ONCE = -1
"""The whole database in one read transaction: with WAL no writer waits for it."""
LOST_ANSWER = "The server was restored from a backup before an answer arrived."
LONGEST_LOSS = 100_000_000
"""Most by which one restore raises a number, three years of seconds: a number has 31 bits."""
NOT_SENT = "Not sent: the server was restored from a backup."


@dataclass(frozen=True)
class HistoryPlace:
    """The newest names of one channel's history; empty before the first."""

    entry: str
    command: str
    plan: str


def sqlite_file(url: str) -> Path:
    """Return the file of an SQLite database."""
    return Path(str(make_url(url).database))


def copy_sqlite(url: str, target: Path) -> None:
    """Copy an SQLite database into one new file while others write. Raises DatabaseError.

    The copy is no longer in WAL mode, so that it is whole without a file beside it.
    """
    target.unlink(missing_ok=True)
    source = sqlite_file(url)
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=10.0)) as one,
            closing(sqlite3.connect(target)) as other,
        ):
            one.backup(other, pages=PAGES_AT_ONCE)
            other.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise DatabaseError(f"The database cannot be copied: {error}.") from error


def faults(db: Database) -> list[str]:
    """Return what SQLite finds wrong with its own structure, and rows that refer to nothing.

    Empty for a sound one. PostgreSQL checks both while it restores.
    """
    if not db.is_sqlite:
        return []
    with db.read() as session:
        told = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check(10)"))]
        lost = session.execute(text("PRAGMA foreign_key_check")).fetchall()
    found = [line for line in told if line != "ok"]
    return found + [f"a row of {row[0]} refers to nothing" for row in lost[:10]]


def row_counts(db: Database) -> dict[str, int]:
    """Return the number of rows of every table, except those that can be made again."""
    with db.read() as session:
        names = inspect(session.connection()).get_table_names()
        return {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0
            for name in sorted(names)
            if name not in REMADE and not name.startswith(OWN_WORDS)
        }


def places(db: Database) -> dict[str, HistoryPlace]:
    """Return where each channel is in its history."""
    with db.read() as session:
        channels = session.scalars(select(ChannelRow.id).order_by(ChannelRow.id))
        last = select(CommandRow.id).order_by(CommandRow.number.desc()).limit(1)
        return {
            channel: HistoryPlace(
                find.house.newest_entry(session, channel),
                session.scalar(last.where(CommandRow.channel_id == channel)) or "",
                find.house.published_digest(session, channel),
            )
            for channel in map(ChannelId, channels)
        }


def named_files(db: Database) -> frozenset[str]:
    """Return the hash of every file of the media store that a row names.

    A recording that is still on its broadcast machine is not among them.
    """
    here = select(AssetRow.key).where(
        AssetRow.id.not_in(AWAY), or_(AssetRow.cut_of.is_(None), AssetRow.cut_of.not_in(AWAY))
    )
    draft = AssetRow.caption_draft["key"].as_string()
    keys = (AssetRow.captions_key, draft, PictureRow.key, FontRow.key, DocumentRow.key)
    others = map(select, keys)
    with db.read() as session:
        return frozenset(
            key for question in (here, *others) for key in session.scalars(question) if key
        )


def resting_files(db: Database) -> dict[str, int]:
    """Return the files that rest in the archive, by their names in the store, with their sizes."""
    with db.read() as session:
        return {f"{row.key}{row.suffix}": row.size for row in session.scalars(select(RestingRow))}


def resting_in(copy: Path) -> frozenset[str]:
    """Return the same names from an SQLite file that is a copy, and that is not touched.

    One of a version that let nothing rest has none.
    """
    question = "SELECT key || suffix FROM resting"
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as file:
            return frozenset(str(row[0]) for row in file.execute(question))
    except sqlite3.Error:
        return frozenset()


def begin_anew(db: Database, now: datetime, made: datetime) -> None:
    """Take back what a restored database would do a second time, or grant to somebody again, and
    stamp what subscribers see as newer than all that they saw. The copy was `made` then.

    Commands without an answer count as refused, so that none is offered to a broadcast machine.
    Alerts that waited are not sent. Sessions and links end: whoever lost them since the backup must
    not have them back. As-run, plans and numbers stay; the broadcast machines send what is lacking.
    """
    with db.write() as session:
        session.execute(
            update(CommandRow)
            .where(CommandRow.answer == "")
            .values(answer="refused", reason=LOST_ANSWER)
        )
        session.execute(
            update(AlertMessageRow)
            .where(AlertMessageRow.next_try.is_not(None))
            .values(next_try=None, error=NOT_SENT)
        )
        session.execute(update(SessionRow).where(SessionRow.revoked.is_(None)).values(revoked=now))
        session.execute(update(LinkRow).where(LinkRow.used.is_(None)).values(used=now))
        _restamp(session, now.replace(microsecond=0), now - made)


def _restamp(session: Session, now: datetime, lost: timedelta) -> None:
    """Raise the number of each calendar event by the seconds since the copy was made.

    A client ignores an event whose number is lower than the one it knows, and what was changed
    since the copy is lost, with the numbers it had. Nothing changes more often than once a second.
    Example: a copy from yesterday has event 3, and subscribers know event 5; it becomes 86403.
    """
    more = min(max(int(lost.total_seconds()), 1), LONGEST_LOSS)
    session.execute(
        update(AiringRow).values(sequence=AiringRow.sequence + more, public_modified=now)
    )
    session.execute(update(ListingRow).values(count=ListingRow.count + more, at=now))
