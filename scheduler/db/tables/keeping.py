"""Tables of keeping: retention classes, legal holds, signed disposals and what was let go."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import UtcDateTime

KEY_LENGTH = 64


class RetentionClassRow(Base):
    """A retention class that the station named, or its change of a standard one by the same id."""

    __tablename__ = "retention_class"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    rule: Mapped[str] = mapped_column(String(20))
    """A value of domain.library.keeping.RetentionRule."""
    days: Mapped[int] = mapped_column(default=0)
    given_to: Mapped[str] = mapped_column(String(12), default="")
    """A value of domain.library.keeping.GivenTo."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class HoldRow(Base):
    """A legal hold on a file. A file may be under several; it is free when all are lifted."""

    __tablename__ = "hold"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    placed: Mapped[datetime] = mapped_column(UtcDateTime)
    placed_by: Mapped[str] = mapped_column(String(120))
    lifted: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str] = mapped_column(String(120), default="")
    lifted_reason: Mapped[str] = mapped_column(String(400), default="")


class DisposalRow(Base):
    """A list of files that somebody signed for disposal. It is never changed."""

    __tablename__ = "disposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    signed: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    signed_by_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    signed_by: Mapped[str] = mapped_column(String(120))
    authority: Mapped[str] = mapped_column(String(400))
    """The law or schedule of records that allows it, in the signer's words."""


class DisposalItemRow(Base):
    """A file of a signed disposal, as it was then, and what became of it."""

    __tablename__ = "disposal_item"
    disposal_id: Mapped[str] = mapped_column(ForeignKey("disposal.id"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    original_name: Mapped[str] = mapped_column(String(400))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), default="")
    """The hash of what aired of it."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    came: Mapped[datetime] = mapped_column(UtcDateTime)
    last_aired: Mapped[datetime | None] = mapped_column(UtcDateTime)
    class_name: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was due, as a sentence."""
    taken_back: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str] = mapped_column(String(120), default="")
    destroyed: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its bytes were removed from the server and the second store."""


class LetGoRow(Base):
    """Bytes that the station let go. Broadcast machines read the list and remove theirs too."""

    __tablename__ = "let_go"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), index=True)
    suffix: Mapped[str] = mapped_column(String(8))
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was gone from the server's store and the second store; null while it is not."""
    kept: Mapped[bool] = mapped_column(default=False)
    """True when another row needs the same bytes, so that they stay everywhere."""


class DiskDayRow(Base):
    """The fill of one disk on one day, from which its pace is computed."""

    __tablename__ = "disk_day"
    place: Mapped[str] = mapped_column(String(60), primary_key=True)
    """`server`, `archive`, or the id of a broadcast machine."""
    day: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    """Midnight UTC of the day."""
    name: Mapped[str] = mapped_column(String(120))
    """What people call it."""
    free: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of the whole disk; 0 where that is not known."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index(None, "day"),)
