"""Tables of what web servers of one station tell one another. It is worth seconds: it is never
backed up, and on PostgreSQL a crash may empty it.
"""

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import UtcDateTime


class LivePictureRow(Base):
    """The newest picture of a channel or a source, and when a page last asked for it."""

    __tablename__ = "live_picture"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    jpeg: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    etag: Mapped[str] = mapped_column(String(64), default="")
    """Empty before the first picture."""
    meter: Mapped[str] = mapped_column(Text, default="")
    came: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PresenceRow(Base):
    """A person on the staff pages."""

    __tablename__ = "presence"
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FailedTryRow(Base):
    """A count of failed sign-ins, under a key that names an account, an address or both."""

    __tablename__ = "failed_try"
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    number: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class WatchedFolderRow(Base):
    """The state of a watch folder of the server, as the scheduler process saw it last."""

    __tablename__ = "watched_folder"
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    waiting: Mapped[int]
    checking: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    mount: Mapped[str] = mapped_column(String(400), default="")


PASSING = frozenset({"live_picture", "presence", "failed_try", "watched_folder"})
"""Names of these tables."""
