"""Standing graphics of a channel, and the pictures that may lie over others."""

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.graphics import PictureRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.graphics import ChannelGraphics, Picture
from scheduler.domain.model.ids import PictureId
from scheduler.refusals import Missing


def channel_graphics(db: Database, channel: ChannelId) -> ChannelGraphics:
    """Return what the channel shows over its pictures; all off where nobody set any. Raises
    Missing.
    """
    with db.read() as session:
        if session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        return load.graphics.channel_graphics(session, channel)


def pictures(db: Database) -> tuple[Picture, ...]:
    """Return every picture that may lie over others, by title."""
    with db.read() as session:
        return tuple(map(load.graphics.picture, find.graphics.pictures(session)))


def picture(db: Database, picture: PictureId) -> Picture:
    """Return one picture. Raises Missing."""
    with db.read() as session:
        row = session.get(PictureRow, picture)
        if row is None:
            raise Missing("picture")
        return load.graphics.picture(row)
