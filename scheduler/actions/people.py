"""Accounts: one-time links, passwords, browser sessions and roles."""

from collections.abc import Collection
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.names import ChannelId
from scheduler.changing.links import is_valid, new_link, stored_roles
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.house import LinkRow, PersonRow, SessionRow
from scheduler.domain.model.ids import PersonId
from scheduler.domain.model.passwords import password_problems
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Person, Right, Role, named, rights
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id, new_token, token_hash
from scheduler.refusals import Refused

SESSION_LASTS = timedelta(days=14)
_LAST_SEEN_EVERY = timedelta(minutes=5)
_hasher = PasswordHasher()
_DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$Z2F2ZWxnYXZlbGdhdmVs$" + "A" * 43
"""Checked when the login is unknown, so that both answers take equally long."""


def first_admin_link(db: Database, now: datetime) -> str | None:
    """Return a one-time token for the first administrator; None once there is one.

    The token is valid for 24 hours. Each call invalidates the tokens of earlier calls.
    """
    with db.change() as session:
        if find.house.administrators(session):
            return None
        find.house.end_links(session, Role.ADMINISTRATOR, now)
        token = new_token()
        session.add(new_link(token, [Role.ADMINISTRATOR], None, now))
        return token


def invite(db: Database, actor: Actor, now: datetime, *roles: Role) -> str:
    """Return a one-time token that gives somebody new an account with these roles.

    Raises Refused without a role.
    """
    token = new_token()
    _some(roles)
    with changing(db, actor, now, Right.ADMINISTER, "invite") as work:
        work.add(new_link(token, roles, None, now, work))
        work.about("person", "", f"Invited a new {named(roles)}")
    return token


def password_link(db: Database, actor: Actor, now: datetime, person: PersonId) -> str:
    """Return a one-time token with which the person chooses a new password."""
    token = new_token()
    with changing(db, actor, now, Right.ADMINISTER, "password link") as work:
        row = work.get(PersonRow, person, "person")
        if not row.active:
            raise Refused(message=f"The account of {row.name} is deactivated. Reactivate it first.")
        work.add(new_link(token, load.house.held(row.roles), row, now, work))
        work.about("person", person, f"Made a password link for {row.name}")
    return token


def revoke_link(db: Database, actor: Actor, now: datetime, link: str) -> None:
    """Revoke the link with this id. Raises Missing."""
    with changing(db, actor, now, Right.ADMINISTER, "revoke link") as work:
        row = work.get(LinkRow, link, "link")
        if row.used is None:
            row.used = now
        work.about("person", row.person_id or "", "Revoked a one-time link")


def link_is_open(db: Database, now: datetime, token: str) -> bool:
    """Return True while the token can be redeemed (`links.is_valid`)."""
    with db.read() as session:
        return is_valid(session, session.get(LinkRow, token_hash(token)), now)


def redeem_link(
    db: Database, now: datetime, token: str, name: str, login: str, password: str
) -> Person:
    """Redeem a one-time token: create an account, or set a new password for an existing one.

    Only success spends the token. Raises Refused: a spent token, a taken login, a weak password.
    """
    login = login.strip().casefold()
    if not link_is_open(db, now, token):
        raise Refused(message="This link is no longer valid. Ask for a new one.")
    errors = password_problems(password, login)
    # Hashing takes long, so it is done before the transaction.
    hashed = "" if errors else _hasher.hash(password)
    with changing(db, SYSTEM_ACTOR, now, Right.ADMINISTER, "redeem") as work:
        link = work.session.get(LinkRow, token_hash(token), with_for_update=True)
        if link is None or not is_valid(work.session, link, now):
            raise Refused(message="This link is no longer valid. Ask for a new one.")
        person = work.session.get(PersonRow, link.person_id) if link.person_id else None
        if person is None:
            errors |= _account_problems(work, name, login)
        if errors:
            raise Refused(errors)
        link.used = now
        if person is None:
            return _create(work, name, login, hashed, load.house.held(link.roles))
        work.watch(person)
        person.password_hash = hashed
        _sign_out(work, person)
        work.about("person", person.id, f"{person.name} chose a new password")
        return load.house.person(person)


def authenticate(db: Database, now: datetime, login: str, password: str) -> Person | None:
    """Return the person with this login and password; None when one is wrong or the account
    inactive.
    """
    with db.read() as session:
        row = find.house.person_by_login(session, login.strip().casefold())
    try:
        _hasher.verify(row.password_hash if row else _DUMMY_HASH, password)
    except (VerificationError, InvalidHashError):
        return None
    return load.house.person(row) if row is not None and row.active else None


def open_session(db: Database, now: datetime, person: PersonId, client: str) -> str:
    """Sign the person in; return the secret for the browser's cookie, valid for 14 days.

    Raises Refused for an inactive account, so that no session waits for its reactivation.
    """
    token = new_token()
    with db.write() as session:
        row = session.get(PersonRow, person)
        if row is None or not row.active:
            raise Refused(message="This account is deactivated.")
        opened = SessionRow(
            token_hash=token_hash(token), person_id=person, created=now, last_seen=now
        )
        opened.expires, opened.client = now + SESSION_LASTS, client[:200]
        session.add(opened)
    return token


def session_person(db: Database, now: datetime, token: str) -> Person | None:
    """Return whose browser this is; None for an ended session or an inactive account."""
    with db.read() as session:
        row = session.get(SessionRow, token_hash(token))
        if row is None or row.revoked is not None or row.expires <= now:
            return None
        person = session.get(PersonRow, row.person_id)
        last_seen = row.last_seen
    if person is None or not person.active:
        return None
    if now - last_seen > _LAST_SEEN_EVERY:
        with db.write() as session:
            seen = session.get(SessionRow, token_hash(token))
            if seen is not None:
                seen.last_seen = now
    return load.house.person(person)


def close_session(db: Database, now: datetime, token: str) -> None:
    """Sign this browser out."""
    revoke_session(db, now, token_hash(token))


def revoke_session(db: Database, now: datetime, session_id: str) -> None:
    """Sign out the browser whose OpenSession has this id."""
    with db.write() as session:
        row = session.get(SessionRow, session_id)
        if row is not None and row.revoked is None:
            row.revoked = now


def revoke_sessions(db: Database, now: datetime, person: PersonId, keep: str = "") -> None:
    """Sign the person out everywhere, except in the session whose id is `keep`."""
    with db.write() as session:
        find.house.revoke_sessions(session, person, now, keep)


def set_roles(db: Database, actor: Actor, now: datetime, person: PersonId, *roles: Role) -> Person:
    """Replace the person's roles; the rights of several roles add up.

    Raises Refused without a role, and when no administrator would be left.
    """
    _some(roles)
    with changing(db, actor, now, Right.ADMINISTER, "role") as work:
        row = work.get(PersonRow, person, "person")
        row.roles = stored_roles(roles)
        if Role.ADMINISTRATOR in roles:
            row.channels = None
        _keep_an_administrator(work)
        if Right.ADMINISTER not in rights(roles):
            find.house.end_links_of(work.session, row.id, now, own=False)
        work.about("person", row.id, f"{row.name} is now {named(roles)}")
    return load.house.person(row)


def set_channels(
    db: Database,
    actor: Actor,
    now: datetime,
    person: PersonId,
    only: frozenset[ChannelId] | None,
) -> Person:
    """Limit the person's planning and operating to some channels. None lifts the limit.

    Raises Refused for an administrator, who reaches every channel.
    """
    with changing(db, actor, now, Right.ADMINISTER, "channels") as work:
        row = work.get(PersonRow, person, "person")
        if only is not None and Role.ADMINISTRATOR.value in row.roles:
            raise Refused(message="An administrator reaches every channel.")
        row.channels = None if only is None else sorted(only)
        where = "every channel" if only is None else ", ".join(sorted(only)) or "no channel"
        work.about("person", row.id, f"{row.name} may now change {where}")
    return load.house.person(row)


def change_password(
    db: Database, now: datetime, person: Person, token: str, old: str, new: str
) -> None:
    """Set a password chosen by its owner, who knows the old one, and sign out their other browsers.

    `token` is the secret of the browser that stays signed in. Raises Refused.
    """
    if authenticate(db, now, person.login, old) is None:
        raise Refused({"old": "That is not your current password."})
    errors = password_problems(new, person.login)
    if errors:
        raise Refused(errors)
    hashed = _hasher.hash(new)
    with changing(db, person.actor, now, Right.VIEW, "password") as work:
        row = work.get(PersonRow, person.id, "person")
        row.password_hash = hashed
        _sign_out(work, row, keep=token_hash(token))
        work.about("person", row.id, f"{row.name} chose a new password")


def set_active(db: Database, actor: Actor, now: datetime, person: PersonId, active: bool) -> Person:
    """Deactivate an account, which signs it out everywhere, or reactivate it."""
    with changing(db, actor, now, Right.ADMINISTER, "account") as work:
        row = work.get(PersonRow, person, "person")
        row.active = active
        _keep_an_administrator(work)
        if not active:
            _sign_out(work, row)
        verb = "Reactivated" if active else "Deactivated"
        work.about("person", row.id, f"{verb} the account {row.login}")
    return load.house.person(row)


def _account_problems(work: UnitOfWork, name: str, login: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not name.strip() or len(name) > 120:
        errors["name"] = "Give a name of up to 120 characters."
    if not login or len(login) > 120 or any(letter.isspace() for letter in login):
        errors["login"] = "Give a sign-in name without spaces, such as your email address."
    elif find.house.person_by_login(work.session, login) is not None:
        errors["login"] = "Someone already uses this sign-in name."
    return errors


def _sign_out(work: UnitOfWork, person: PersonRow, keep: str = "") -> None:
    """End the person's sessions except one, and revoke every link in their name."""
    find.house.revoke_sessions(work.session, person.id, work.now, keep)
    find.house.end_links_of(work.session, person.id, work.now)


def _create(
    work: UnitOfWork, name: str, login: str, hashed: str, roles: Collection[Role]
) -> Person:
    row = PersonRow(
        id=new_id(),
        login=login,
        name=one_line(name),
        roles=stored_roles(roles),
        password_hash=hashed,
        active=True,
        created=work.now,
    )
    work.add(row)
    work.about("person", row.id, f"{row.name} joined as {named(roles)}")
    return load.house.person(row)


def _some(roles: Collection[Role]) -> None:
    if not roles:
        raise Refused({"roles": "Choose at least one role."})


def _keep_an_administrator(work: UnitOfWork) -> None:
    work.session.flush()
    if not find.house.administrators(work.session):
        raise Refused(message="At least one administrator must be able to sign in.")
