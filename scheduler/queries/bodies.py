"""Public bodies and how each usually meets."""

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import BodyRow
from scheduler.domain.meetings.body import PublicBody
from scheduler.domain.model.ids import BodyId
from scheduler.refusals import Missing


def bodies(db: Database) -> tuple[PublicBody, ...]:
    """Return every public body in use, by name."""
    with db.read() as session:
        return tuple(map(load.bodies.body, find.bodies.bodies(session)))


def body(db: Database, body: BodyId) -> PublicBody:
    """Return one public body, retired or not. Raises Missing."""
    with db.read() as session:
        row = session.get(BodyRow, body)
        if row is None:
            raise Missing("public body")
        return load.bodies.body(row)


def named(db: Database, name: str) -> PublicBody | None:
    """Return the body of that name, in upper or lower case; None where there is none."""
    wanted = " ".join(name.split()).casefold()
    return next((one for one in bodies(db) if one.name.casefold() == wanted), None)
