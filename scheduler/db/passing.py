"""Notes that the servers of one station leave for one another. All instants are in UTC.

They are worth seconds, and nobody undoes them: no history is kept. Two servers may write one at the
same moment; the later one wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import undefer

from scheduler.db.store import Database, Duplicate, Session
from scheduler.db.tables.base import Base
from scheduler.db.tables.passing import FailedTryRow, LivePictureRow, PresenceRow, WatchedFolderRow

LONGEST_PATH = 400
"""Characters of a path that are stored; a longer one is cut."""


@dataclass(frozen=True)
class LivePicture:
    """The newest picture under a name, as the broadcast machine sent it."""

    etag: str
    meter: str
    """The sound meter as JSON; empty when the machine sent none."""
    came: datetime
    asked: datetime | None
    """When a page last asked for it."""


@dataclass(frozen=True)
class WatchedFolder:
    """The state of a watch folder."""

    name: str
    waiting: int
    """Files in it that are not taken yet."""
    checking: int
    """Files that are taken and not yet in the library."""
    words: str
    """What keeps it from taking files; empty for nothing."""
    at: datetime
    """When that was seen."""
    path: str = ""
    mount: str = ""
    """Where the disk that it is on was mounted when it was last there; empty for unknown."""


def put_folder(db: Database, path: str, folder: WatchedFolder) -> None:
    """Store how the watch folder at this path stands."""
    values = {
        "name": folder.name[:120], "waiting": folder.waiting, "checking": folder.checking,
        "words": folder.words, "at": folder.at, "mount": folder.mount[:LONGEST_PATH],
    }  # fmt: skip
    _put(db, WatchedFolderRow, {"path": path[:LONGEST_PATH]}, values, {})


def keep_folders(db: Database, paths: Sequence[str]) -> None:
    """Forget the watch folders at other paths than these."""
    with db.write() as session:
        kept = [path[:LONGEST_PATH] for path in paths]
        session.execute(delete(WatchedFolderRow).where(WatchedFolderRow.path.not_in(kept)))


def folders(db: Database) -> tuple[WatchedFolder, ...]:
    """Return how the watch folders stand, by path."""
    with db.read() as session:
        rows = session.scalars(select(WatchedFolderRow).order_by(WatchedFolderRow.path))
        return tuple(
            WatchedFolder(
                row.name, row.waiting, row.checking, row.words, row.at, row.path, row.mount
            )
            for row in rows
        )


def picture(db: Database, name: str) -> LivePicture | None:
    """Return what is known of the newest picture of this name, without its bytes."""
    with db.read() as session:
        row = session.get(LivePictureRow, name)
        if row is None or row.came is None:
            return None
        return LivePicture(row.etag, row.meter, row.came, row.asked)


def picture_bytes(db: Database, name: str) -> tuple[str, bytes]:
    """Return the newest picture of this name with its tag; both empty while there is none."""
    with db.read() as session:
        row = session.get(LivePictureRow, name, options=[undefer(LivePictureRow.jpeg)])
        return (row.etag, row.jpeg or b"") if row is not None else ("", b"")


def put_picture(db: Database, name: str, jpeg: bytes, etag: str, meter: str, at: datetime) -> None:
    """Store the newest picture of this name, which came at this instant."""
    values = {"jpeg": jpeg, "etag": etag, "meter": meter, "came": at}
    _put(db, LivePictureRow, {"name": name}, values, {"asked": None})


def ask_for_picture(db: Database, name: str, at: datetime) -> None:
    """Note that a page asks for the picture of this name."""
    _put(db, LivePictureRow, {"name": name}, {"asked": at}, {"etag": "", "meter": ""})


def asked_since(db: Database, since: datetime) -> frozenset[str]:
    """Return the names of all pictures that a page asked for since then."""
    with db.read() as session:
        named = select(LivePictureRow.name).where(LivePictureRow.asked > since)
        return frozenset(session.scalars(named))


def note_presence(db: Database, person: str, name: str, place: str, at: datetime) -> None:
    """Note a request of this person; an empty `place` keeps the page they were on."""
    seen: dict[str, Any] = {"name": name, "at": at} | ({"place": place} if place else {})
    _put(db, PresenceRow, {"person_id": person}, seen, {"place": ""})


def present_since(db: Database, since: datetime) -> dict[str, tuple[str, str]]:
    """Return the name and page of everybody seen since then, by id."""
    with db.read() as session:
        rows = session.scalars(select(PresenceRow).where(PresenceRow.at > since))
        return {row.person_id: (row.name, row.place) for row in rows}


def failed_tries(db: Database, key: str) -> tuple[float, datetime] | None:
    """Return the number under this key, and its instant."""
    with db.read() as session:
        row = session.get(FailedTryRow, key)
        return (row.number, row.at) if row is not None else None


def put_failed_tries(db: Database, key: str, number: float, at: datetime) -> None:
    """Store a number and an instant under this key."""
    _put(db, FailedTryRow, {"key": key}, {"number": number, "at": at}, {})


def forget_failed_tries(db: Database, key: str) -> None:
    """Remove what is under this key."""
    with db.write() as session:
        session.execute(delete(FailedTryRow).where(FailedTryRow.key == key))


def forget(db: Database, now: datetime, kept: timedelta) -> None:
    """Remove all notes older than `kept`, so that invented names never fill a table."""
    old = now - kept
    with db.write() as session:
        session.execute(delete(FailedTryRow).where(FailedTryRow.at < old))
        session.execute(delete(PresenceRow).where(PresenceRow.at < old))
        unused = LivePictureRow.asked.is_(None) | (LivePictureRow.asked < old)
        session.execute(delete(LivePictureRow).where(unused))


def _put(
    db: Database,
    table: type[Base],
    key: dict[str, Any],
    values: dict[str, Any],
    at_first: dict[str, Any],
) -> None:
    """Write values into the row of this key. A new row also gets what it has `at_first`."""
    try:
        with db.write() as session:
            if not _updated(session, table, key, values):
                session.execute(insert(table).values(**key, **(at_first | values)))
    except Duplicate:
        # Another server has made the row since we looked.
        with db.write() as session:
            _updated(session, table, key, values)


def _updated(
    session: Session, table: type[Base], key: dict[str, Any], values: dict[str, Any]
) -> bool:
    done: Any = session.execute(update(table).filter_by(**key).values(**values))
    return bool(done.rowcount)
