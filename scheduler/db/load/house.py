"""Rows of the house into frozen values: people, their sessions, hosts, what viewers were told."""

from collections.abc import Iterable

from config.names import ChannelId
from scheduler.db.tables.house import HostRow, LinkRow, PersonRow, RetoldRow, SessionRow
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import HostId, PersonId
from scheduler.domain.model.people import OpenLink, OpenSession, Person, Role
from scheduler.domain.reported.retimed import AnnouncedTimes


def person(row: PersonRow) -> Person:
    """The person, without what proves who they are."""
    only = None if row.channels is None else frozenset(map(ChannelId, row.channels))
    return Person(
        PersonId(row.id), row.login, row.name, held(row.roles), row.active, row.created, only
    )


def held(roles: Iterable[str]) -> frozenset[Role]:
    """The roles a row names."""
    return frozenset(map(Role, roles))


def open_session(row: SessionRow) -> OpenSession:
    """The signed-in browser; its id is a hash, of no use to whoever reads it."""
    return OpenSession(
        id=row.token_hash,
        person=PersonId(row.person_id),
        created=row.created,
        last_seen=row.last_seen,
        expires=row.expires,
        client=row.client,
    )


def host(row: HostRow) -> Host:
    """The broadcast machine."""
    only = None if row.channels is None else frozenset(map(ChannelId, row.channels))
    return Host(HostId(row.id), row.name, row.created, row.revoked is not None, only)


def told(row: RetoldRow) -> AnnouncedTimes:
    """What viewers were told in place of the planned times."""
    return AnnouncedTimes(row.planned, row.start, row.end, row.count, row.at, row.off)


def fill_told(row: RetoldRow, told: AnnouncedTimes) -> None:
    """Write what viewers are told from now on; the stamp carries whole seconds."""
    row.planned, row.start, row.end = told.planned, told.start, told.end
    row.count, row.at, row.off = told.count, told.at.replace(microsecond=0), told.off


def open_link(row: LinkRow, name: str) -> OpenLink:
    """The link, with the name of who it is for."""
    person = PersonId(row.person_id) if row.person_id else None
    return OpenLink(row.token_hash, held(row.roles), person, name, row.made_by_name, row.expires)
