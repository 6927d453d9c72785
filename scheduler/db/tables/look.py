"""The table of fonts for bulletins."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import Base
from scheduler.db.tables.types import UtcDateTime


class FontRow(Base):
    """A font file of the media store."""

    __tablename__ = "font"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    suffix: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    """As the file itself gives it."""
    stored: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by: Mapped[str] = mapped_column(String(120))
