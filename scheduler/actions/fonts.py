"""Fonts for bulletins, offered to engineers once they are stored."""

from datetime import datetime

from playout.model.look import LookFile
from scheduler.changing.transaction import changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.look import FontRow
from scheduler.domain.model.look import Font
from scheduler.domain.model.people import Actor, Right


def keep_font(db: Database, actor: Actor, now: datetime, name: str, file: LookFile) -> Font:
    """Offer a font of the media store for bulletins; one that is offered already is left alone."""
    with changing(db, actor, now, Right.EQUIP, "upload") as work:
        row = work.session.get(FontRow, file.key)
        if row is None:
            row = FontRow(
                key=file.key,
                suffix=file.suffix,
                size=file.size,
                name=name[:80],
                stored=now,
                stored_by=actor.name,
            )
            work.add(row)
            work.about("font", row.key, f"Stored the font {row.name}")
    return load.look.font(row)
