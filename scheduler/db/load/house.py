"""People, their sessions and links, hosts, and what viewers were told, between rows and values."""

from collections.abc import Iterable

from config.names import ChannelId
from scheduler.db.tables.house import HostRow, LinkRow, PersonRow, RetoldRow, SessionRow
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import HostId, PersonId
from scheduler.domain.model.people import OpenLink, OpenSession, Person, Role
from scheduler.domain.reported.retimed import AnnouncedTimes


def person(row: PersonRow) -> Person:
    """Return the person, without the password hash."""
    only = None if row.channels is None else frozenset(map(ChannelId, row.channels))
    return Person(
        PersonId(row.id), row.login, row.name, held(row.roles), row.active, row.created, only
    )


def held(roles: Iterable[str]) -> frozenset[Role]:
    """Return the roles that a row names."""
    return frozenset(map(Role, roles))


def open_session(row: SessionRow) -> OpenSession:
    """Return the signed-in browser. Its id is a hash, which opens nothing."""
    return OpenSession(
        id=row.token_hash,
        person=PersonId(row.person_id),
        created=row.created,
        last_seen=row.last_seen,
        expires=row.expires,
        client=row.client,
    )


def host(row: HostRow) -> Host:
    """Return the broadcast machine."""
    only = None if row.channels is None else frozenset(map(ChannelId, row.channels))
    return Host(HostId(row.id), row.name, row.created, row.revoked is not None, only)


def told(row: RetoldRow) -> AnnouncedTimes:
    """Return what viewers were told in place of the planned times."""
    return AnnouncedTimes(row.planned, row.start, row.end, row.count, row.at, row.off)


def fill_told(row: RetoldRow, told: AnnouncedTimes) -> None:
    """Write what viewers are told from now on, with a stamp in whole seconds."""
    row.planned, row.start, row.end = told.planned, told.start, told.end
    row.count, row.at, row.off = told.count, told.at.replace(microsecond=0), told.off


def open_link(row: LinkRow, name: str) -> OpenLink:
    """Return the link with the name of the person it is for."""
    person = PersonId(row.person_id) if row.person_id else None
    return OpenLink(row.token_hash, held(row.roles), person, name, row.made_by_name, row.expires)
