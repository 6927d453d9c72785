"""People and their sessions, and the broadcast machines that have a key."""

from datetime import datetime

from scheduler.changing.links import is_valid
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.house import PersonRow
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import PersonId
from scheduler.domain.model.people import OpenLink, OpenSession, Person
from scheduler.refusals import Missing


def people(db: Database) -> tuple[Person, ...]:
    """Return everyone with an account, by name, deactivated accounts too."""
    with db.read() as session:
        return tuple(load.house.person(row) for row in find.house.people(session))


def person(db: Database, person: PersonId) -> Person:
    """Return one person. Raises Missing."""
    with db.read() as session:
        row = session.get(PersonRow, person)
        if row is None:
            raise Missing("person")
        return load.house.person(row)


def has_administrator(db: Database) -> bool:
    """Return False until the first link was redeemed."""
    with db.read() as session:
        return find.house.administrators(session) > 0


def has_login(db: Database, login: str) -> bool:
    """Return True when an account has this login."""
    with db.read() as session:
        return find.house.person_by_login(session, login.strip().casefold()) is not None


def sessions(db: Database, person: PersonId, now: datetime) -> tuple[OpenSession, ...]:
    """Return where the person is signed in, the latest seen first."""
    with db.read() as session:
        return tuple(
            load.house.open_session(row) for row in find.house.sessions(session, person, now)
        )


def links(db: Database, now: datetime) -> tuple[OpenLink, ...]:
    """Return every one-time link that can still be redeemed, the newest first."""
    with db.read() as session:
        open_links = []
        for row in find.house.open_links(session, now):
            if is_valid(session, row, now):
                person = session.get(PersonRow, row.person_id) if row.person_id else None
                open_links.append(load.house.open_link(row, person.name if person else ""))
        return tuple(open_links)


def hosts(db: Database) -> tuple[Host, ...]:
    """Return every broadcast machine, by name, revoked ones too."""
    with db.read() as session:
        return tuple(load.house.host(row) for row in find.machines.hosts(session))
