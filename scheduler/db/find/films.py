"""Queries of the films of the library by their bytes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select, update

from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.db.tables.recordings import AWAY
from scheduler.db.tables.search import SearchEntryRow
from scheduler.domain.model.job import JobKind

E = SearchEntryRow


def films(session: Session) -> Sequence[tuple[str, str]]:
    """Return id and key of every file that may air and has a length, retired ones too, the oldest
    first.

    They are read from the index of the library, since this is asked every few seconds.
    """
    question = select(E.asset_id, E.key).where(
        E.fit.is_(True), E.length > timedelta(0), E.key != ""
    )
    return [(row[0], row[1]) for row in session.execute(question.order_by(E.added, E.asset_id))]


def suffixes(session: Session, assets: Sequence[str]) -> dict[str, str]:
    """Return the suffix of what airs of each of these files."""
    question = select(AssetRow.id, AssetRow.media).where(AssetRow.id.in_(assets))
    return {row.id: str(row.media["suffix"]) for row in session.execute(question) if row.media}


def without_captions(session: Session, at_least: timedelta, most: int) -> Sequence[str]:
    """Return the oldest files with sound that are here and may air, last so long, have no captions,
    and of which no draft was ever written or asked for.
    """
    asked = exists().where(
        JobRow.asset_id == E.asset_id, JobRow.kind == JobKind.CAPTION_DRAFT.value
    )
    question = (
        select(E.asset_id)
        .join(AssetRow, AssetRow.id == E.asset_id)
        .where(
            E.archived.is_(False),
            E.fit.is_(True),
            E.captions_key == "",
            E.length >= at_least,
            ~asked,
            AssetRow.cut_of.is_(None),
            AssetRow.media["has_sound"].as_boolean().is_(True),
            E.asset_id.not_in(AWAY),
        )
    )
    return session.scalars(question.order_by(E.added, E.asset_id).limit(most)).all()


def cuts(session: Session) -> Sequence[str]:
    """Return the id of every cut that may air."""
    question = select(AssetRow.id).where(AssetRow.state == "ready", AssetRow.cut_of.is_not(None))
    return session.scalars(question).all()


def keep_picture(session: Session, cut: str, picture: bytes) -> None:
    """Store the picture of a cut, and leave its version as it is."""
    picked = update(AssetRow).where(AssetRow.id == cut, AssetRow.cut_of.is_not(None))
    session.execute(picked.values(thumbnail=picture, has_thumbnail=True))
