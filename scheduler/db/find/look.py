"""Queries of the station's look."""

from collections.abc import Sequence

from sqlalchemy import func, select

from scheduler.db.store import Session
from scheduler.db.tables.look import FontRow


def fonts(session: Session) -> Sequence[FontRow]:
    """Return every stored font, by name."""
    return session.scalars(select(FontRow).order_by(func.lower(FontRow.name), FontRow.key)).all()
