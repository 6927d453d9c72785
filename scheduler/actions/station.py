"""Settings of the whole station, made by engineers: how it writes its hours, and how its
bulletins look.
"""

from datetime import datetime

from config.bounded import LONGEST_CAPTION_NAME, MOST_CAPTION_NAMES
from config.times import Hours
from playout.model.look import StationLook
from scheduler.changing.logos import check_logos
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.library.details import field_id, field_problem
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.look import colour_problems
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.refusals import Refused


def set_hours(db: Database, actor: Actor, now: datetime, hours: Hours) -> None:
    """Set how times of day are written on every page, feed and report."""
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = _station(work)
        row.hours = hours.value
        # A clock on the picture is written alike, so every plan changes.
        clocked = all_channels(work.session)
        work.about("station", row.id, f"Times are written with {hours.value} hours", *clocked)


def set_caption_names(db: Database, actor: Actor, now: datetime, names: str) -> None:
    """Set the names that automatic captions should spell right, one a line.

    Raises Refused for more than a speech model compares.
    """
    lines = [one_line(line) for line in names.splitlines()]
    kept = list(dict.fromkeys(line for line in lines if line))
    if len(kept) > MOST_CAPTION_NAMES or any(len(line) > LONGEST_CAPTION_NAME for line in kept):
        most, longest = MOST_CAPTION_NAMES, LONGEST_CAPTION_NAME
        refusal = f"Give up to {most} names of up to {longest} characters, one a line."
        raise Refused({"names": refusal}, message=refusal)
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = _station(work)
        row.caption_names = "\n".join(kept)
        # Broadcast machines caption lives with them, so every plan changes.
        lives = all_channels(work.session)
        work.about("station", row.id, "Changed the names for automatic captions", *lives)


def set_asset_fields(db: Database, actor: Actor, now: datetime, names: str) -> None:
    """Set the names of the fields that the station adds to its files, one a line.

    A name that stays keeps what was written under it, and so does one that comes back later.
    Raises Refused.
    """
    named = [name for line in names.splitlines() if (name := one_line(line))]
    problem = field_problem(named)
    if problem:
        raise Refused({"fields": problem}, message=problem)
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = _station(work)
        row.asset_fields = [{"id": field_id(name), "name": name} for name in named]
        work.about("station", row.id, "Changed the station's fields of files")


def set_look(db: Database, actor: Actor, now: datetime, look: StationLook, version: int) -> None:
    """Set how the bulletins of every channel look; `version` is the one that was read.

    Raises Refused for colours that cannot be read on air or a removed logo, and Conflict
    with the present look.
    """
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        errors: dict[str, str] = {}
        for colours in look.colours:
            errors |= colour_problems(colours)
        if errors:
            raise Refused(errors)
        row = _station(work)
        work.expect_version(row, version or row.version, load.look.look(row))
        load.look.fill_look(row, look)
        check_logos(work)
        what = "Changed the look of bulletins"
        work.about("station", row.id, what, *all_channels(work.session))


def _station(work: UnitOfWork) -> StationRow:
    """Return the row of the station, watched; make it where there is none yet."""
    if work.session.get(StationRow, STATION_KEY) is None:
        work.session.add(StationRow(id=STATION_KEY, hours=Hours.TWELVE.value, look={}))
        work.session.flush()
    return work.get(StationRow, STATION_KEY, "station")
