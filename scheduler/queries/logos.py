"""Uploaded logos, and what uses each."""

from dataclasses import dataclass

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import ChannelRow, StationRow
from scheduler.domain.model.graphics import Picture
from scheduler.domain.model.ids import STATION_KEY


@dataclass(frozen=True)
class UsedLogo:
    """A logo, and where it is seen."""

    picture: Picture
    bugs: tuple[str, ...] = ()
    """Names of the channels that have it as their bug, also where the bug is off."""
    bare: tuple[str, ...] = ()
    """Those of them whose bug has no letters, and is switched off when the logo goes."""
    in_look: bool = False
    """True where bulletins show it."""


def logos(db: Database) -> tuple[UsedLogo, ...]:
    """Return every logo that was not removed, by title."""
    with db.read() as session:
        look = load.look.look(session.get(StationRow, STATION_KEY)).logo
        found = []
        for row in find.graphics.pictures(session):
            shown = [
                (session.get_one(ChannelRow, one.channel_id).name, one.bug_text, one.bug_on)
                for one in find.graphics.showing(session, row.id)
            ]
            found.append(
                UsedLogo(
                    load.graphics.picture(row),
                    tuple(name for name, _, _ in shown),
                    tuple(name for name, letters, on in shown if on and not letters),
                    look is not None and look.key == row.key,
                )
            )
        return tuple(found)
