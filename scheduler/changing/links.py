"""One-time links for new accounts and new passwords. A link is valid only while its maker may make
it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import load
from scheduler.db.store import Session
from scheduler.db.tables.house import LinkRow, PersonRow
from scheduler.domain.model.people import Right, Role, rights
from scheduler.ids import token_hash

LINK_LASTS = timedelta(hours=24)


def new_link(
    token: str,
    roles: Collection[Role],
    person: PersonRow | None,
    now: datetime,
    work: UnitOfWork | None = None,
) -> LinkRow:
    """Return a new link for this token: to an account with the roles, or to a new password of
    `person`.

    It rests on the authority of the actor of `work`; without one, on whoever runs the machine.
    """
    maker = work.session.get(PersonRow, work.actor.id) if work is not None else None
    return LinkRow(
        token_hash=token_hash(token),
        roles=stored_roles(roles),
        person_id=person.id if person else None,
        created=now,
        expires=now + LINK_LASTS,
        made_by=maker.id if maker else None,
        made_by_name=work.actor.name if work is not None else "",
        password_was=password_name(person) if person else "",
    )


def is_valid(session: Session, link: LinkRow | None, now: datetime) -> bool:
    """Return True while the link can be redeemed.

    It must be unused and unexpired, and its maker must still be an administrator. The account it is
    for must be active and still have the password that it had.
    """
    if link is None or link.used is not None or link.expires <= now:
        return False
    if link.made_by is not None and not _may_invite(session.get(PersonRow, link.made_by)):
        return False
    if link.person_id is None:
        return True
    person = session.get(PersonRow, link.person_id)
    if person is None or not person.active:
        return False
    return link.password_was in ("", password_name(person))


def password_name(person: PersonRow) -> str:
    """Return a name for the person's present password that does not help anyone guess it."""
    return token_hash(person.password_hash)


def stored_roles(roles: Collection[Role]) -> list[str]:
    """Return the roles as a row stores them, always in the same order."""
    return [role.value for role in Role if role in roles]


def _may_invite(person: PersonRow | None) -> bool:
    return (
        person is not None
        and person.active
        and Right.ADMINISTER in rights(load.house.held(person.roles))
    )
