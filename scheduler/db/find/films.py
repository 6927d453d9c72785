"""Queries of the films of the library by their bytes."""

from collections.abc import Sequence

from sqlalchemy import select, update

from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow

NO_TIME = "PT0S"
"""The length of a still, as it is stored."""


def films(session: Session) -> Sequence[tuple[str, str, str]]:
    """Return id, key and suffix of every file that may air and has a length, the oldest first."""
    question = select(AssetRow.id, AssetRow.key, AssetRow.media).where(
        AssetRow.state == "ready", AssetRow.key.is_not(None)
    )
    rows = session.execute(question.order_by(AssetRow.uploaded, AssetRow.id))
    return [
        (row.id, row.key, str(row.media["suffix"]))
        for row in rows
        if row.media and row.media["length"] != NO_TIME
    ]


def cuts(session: Session) -> Sequence[str]:
    """Return the id of every cut that may air."""
    question = select(AssetRow.id).where(AssetRow.state == "ready", AssetRow.cut_of.is_not(None))
    return session.scalars(question).all()


def keep_picture(session: Session, cut: str, picture: bytes) -> None:
    """Store the picture of a cut, and leave its version as it is."""
    picked = update(AssetRow).where(AssetRow.id == cut, AssetRow.cut_of.is_not(None))
    session.execute(picked.values(thumbnail=picture, has_thumbnail=True))
