"""Queries of graphics over the picture."""

from collections.abc import Sequence

from sqlalchemy import func, select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.graphics import ChannelGraphicsRow, CrawlRow, PictureRow


def pictures(session: Session) -> Sequence[PictureRow]:
    """Return every picture that may lie over others, by title; none that was removed."""
    kept = select(PictureRow).where(~PictureRow.archived)
    return session.scalars(kept.order_by(func.lower(PictureRow.title))).all()


def showing(session: Session, picture: str) -> Sequence[ChannelGraphicsRow]:
    """Return the graphics of every channel whose logo the picture is, by channel."""
    named = select(ChannelGraphicsRow).where(ChannelGraphicsRow.logo_id == picture)
    return session.scalars(named.order_by(ChannelGraphicsRow.channel_id)).all()


def shows_removed(session: Session) -> bool:
    """Return whether a channel's logo is a picture that was removed."""
    logo = select(PictureRow.id).join(
        ChannelGraphicsRow, ChannelGraphicsRow.logo_id == PictureRow.id
    )
    return session.scalars(logo.where(PictureRow.archived).limit(1)).first() is not None


def removed_key(session: Session, key: str) -> bool:
    """Return whether pictures with these bytes were uploaded and all of them removed."""
    known = session.scalars(select(PictureRow.archived).where(PictureRow.key == key)).all()
    return bool(known) and all(known)


def picture_by_key(session: Session, key: str) -> PictureRow | None:
    """Return the first picture with these bytes."""
    return session.scalars(select(PictureRow).where(PictureRow.key == key).limit(1)).first()


def crawls(session: Session, channel: ChannelId) -> Sequence[CrawlRow]:
    """Return the crawls of the channel that are in use, by time of day."""
    used = select(CrawlRow).where(CrawlRow.channel_id == channel, CrawlRow.archived.is_(False))
    return session.scalars(used.order_by(CrawlRow.at, CrawlRow.id)).all()
