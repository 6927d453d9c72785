"""Tables that only make searching fast. Everything in them can be made again from other tables and
from the media store, so they have no references, are not moved to another database, and no undo
reads them.

Beside them is `search_words`, whose shape differs between databases (`scheduler/db/search_words`).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import Duration, UtcDateTime

LONGEST_FOLDED = 400
"""Characters of a folded title or body; what is longer is cut off."""


class SearchEntryRow(Base):
    """The narrow fields of one file by which it is chosen and put in order.

    The row of the file itself is wide, with a picture in it: to read fifty thousand takes seconds.
    """

    __tablename__ = "search_entry"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    asset_id: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of the bytes that air; empty for none."""
    original_key: Mapped[str] = mapped_column(String(64), index=True)
    """Of the bytes as they came; empty where that is not known."""
    captions_key: Mapped[str] = mapped_column(String(64), index=True)
    """The caption track whose words are searched; empty for none."""
    archived: Mapped[bool]
    fit: Mapped[bool]
    """True when it may go on air."""
    still: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date)
    added: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(LONGEST_FOLDED))
    """Folded, for the order."""
    length: Mapped[timedelta] = mapped_column(Duration)
    """Zero for a still, and for what is not checked yet."""
    captioned: Mapped[bool]
    body: Mapped[str] = mapped_column(String(LONGEST_FOLDED))
    """Folded."""
    program_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    last_aired: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        Index(None, "archived", "day", "added"),
        Index(None, "archived", "title"),
        Index(None, "archived", "length"),
        Index(None, "archived", "last_aired", "asset_id"),
    )


class SearchTagRow(Base):
    """A tag of a file."""

    __tablename__ = "search_tag"
    tag: Mapped[str] = mapped_column(String(160), primary_key=True)
    """Folded."""
    asset_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)
    shown: Mapped[str] = mapped_column(String(40))
    """As somebody typed it."""
    __table_args__ = (Index(None, "tag", "shown"),)


class SearchCaptionsRow(Base):
    """The words of one caption track."""

    __tablename__ = "search_captions"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    folded: Mapped[str] = mapped_column(Text)
    """The folded words of each caption, a caption a line."""
    lines: Mapped[str] = mapped_column(Text)
    """`milliseconds text` of each caption, a caption a line."""


REMADE = frozenset({"search_entry", "search_tag", "search_captions"})
"""Names of these tables."""
OWN_WORDS = "search_words"
"""The table of words, and the beginning of the names of those that SQLite keeps beneath it."""
