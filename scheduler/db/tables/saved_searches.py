"""Tables of saved searches, and of the channels whose gaps they fill."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base


class SavedSearchRow(Base):
    """A saved search."""

    __tablename__ = "saved_search"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channel.id"), index=True)
    """The channel that uses it; null for all."""
    name: Mapped[str] = mapped_column(String(120))
    search: Mapped[dict[str, Any]]
    """As JSON of scheduler.domain.library.search.Search."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class FillerSearchRow(Base):
    """A saved search whose files may fill gaps of a channel. Once taken out, `used` is False."""

    __tablename__ = "filler_search"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    search_id: Mapped[str] = mapped_column(ForeignKey("saved_search.id"), primary_key=True)
    used: Mapped[bool] = mapped_column(default=True)
