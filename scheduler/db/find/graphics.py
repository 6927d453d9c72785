"""Queries of graphics over the picture."""

from collections.abc import Sequence

from sqlalchemy import func, select

from scheduler.db.store import Session
from scheduler.db.tables.graphics import PictureRow


def pictures(session: Session) -> Sequence[PictureRow]:
    """Return every picture that may lie over others, by title."""
    return session.scalars(select(PictureRow).order_by(func.lower(PictureRow.title))).all()


def picture_by_key(session: Session, key: str) -> PictureRow | None:
    """Return the first picture with these bytes."""
    return session.scalars(select(PictureRow).where(PictureRow.key == key).limit(1)).first()
