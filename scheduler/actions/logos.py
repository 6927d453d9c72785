"""The action of engineers that removes an uploaded logo, and takes it out wherever it is used."""

from dataclasses import replace
from datetime import datetime

from playout.model.look import LookFile
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.graphics import PictureRow
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY, PictureId
from scheduler.domain.model.people import Actor, Right
from scheduler.refusals import Missing, Refused

ENTITY = "logo"


def remove_logo(
    db: Database, actor: Actor, now: datetime, logo: PictureId, instead: PictureId | None
) -> str:
    """Remove the logo, put `instead` in its place, and return a sentence about it.

    Without `instead` the bugs that had it show their letters; a bug that has none is switched off.
    One undo brings all of it back. Raises Missing, and Refused for a replacement that is gone or
    is the logo itself.
    """
    with changing(db, actor, now, Right.EQUIP, "remove") as work:
        row = work.get(PictureRow, logo, "logo")
        if row.archived:
            raise Missing("logo")
        row.archived = True
        other = work.session.get(PictureRow, instead) if instead else None
        if instead and (other is None or other.archived):
            raise Refused(message="Choose another logo: the one to put in its place is gone.")
        work.session.flush()
        channels = _out_of_bugs(work, row, other) | _out_of_look(work, row, other)
        sentence = f"Removed the logo {row.title}"
        if other is not None:
            sentence = f"Replaced the logo {row.title} with {other.title}"
        work.about(ENTITY, logo, sentence, *channels)
    return sentence


def _out_of_bugs(work: UnitOfWork, row: PictureRow, other: PictureRow | None) -> set[str]:
    """Take the logo out of every channel's bug and return those channels."""
    shown = find.graphics.showing(work.session, row.id)
    for graphics in shown:
        work.watch(graphics)
        graphics.logo_id = other.id if other is not None else None
        if other is None and not graphics.bug_text:
            graphics.bug_on = False
    return {graphics.channel_id for graphics in shown}


def _out_of_look(work: UnitOfWork, row: PictureRow, other: PictureRow | None) -> set[str]:
    """Take the logo out of the bulletins' look, unless the same drawing is offered still; return
    the channels whose bulletins change.
    """
    station = work.session.get(StationRow, STATION_KEY)
    look = load.look.look(station)
    if station is None or look.logo is None or look.logo.key != row.key:
        return set()
    if not find.graphics.removed_key(work.session, row.key):
        return set()
    work.watch(station)
    file = None
    if other is not None:
        media = load.graphics.picture(other).media
        file = LookFile(media.key, media.suffix, media.size)
    load.look.fill_look(station, replace(look, logo=file))
    return set(all_channels(work.session))
