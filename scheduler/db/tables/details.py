"""Tables of what staff know of a file: its details, its documents, and who corrected captions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import UtcDateTime


class DetailsRow(Base):
    """The words of staff about a file of the library; there is no row before somebody did."""

    __tablename__ = "asset_details"
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    day: Mapped[date | None] = mapped_column(Date)
    """The local day the material is from."""
    body: Mapped[str] = mapped_column(String(120), default="", index=True)
    program_id: Mapped[str | None] = mapped_column(ForeignKey("program.id"), index=True)
    tags: Mapped[list[Any]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Texts by the id of a field that the station named."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class DocumentRow(Base):
    """A document that belongs to a file, such as an agenda; its bytes are in the media store."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    """As staff and downloads name it, with its ending."""
    key: Mapped[str] = mapped_column(String(64), index=True)
    suffix: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(120))
    removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class CaptionCorrectionRow(Base):
    """A correction of one caption by a person. Only undo changes it."""

    __tablename__ = "caption_correction"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    begin: Mapped[int] = mapped_column(BigInteger)
    """Microseconds from the start of the file to the caption."""
    before: Mapped[str] = mapped_column(String(2000))
    after: Mapped[str] = mapped_column(String(2000))
    """Empty where the caption was deleted."""
    corrected: Mapped[datetime] = mapped_column(UtcDateTime)
    corrected_by: Mapped[str] = mapped_column(String(120))
    removed: Mapped[bool] = mapped_column(default=False)
    """Whether it was undone."""
