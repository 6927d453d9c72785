"""Sign-in: one-time links, hashed passwords, revocable sessions, and no access by default."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL, create_engine
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft

from config.names import ChannelId
from playout.model.commands import Verb
from scheduler.actions import airings, calendars, hosts, people, series
from scheduler.actions.commands import issue
from scheduler.actions.undo import undo
from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.db.tables.house import HostRow, LinkRow, PersonRow, SessionRow
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.model.people import RIGHTS, Actor, Person, Right, Role
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.ids import token_hash
from scheduler.queries import grid
from scheduler.queries import people as queries
from scheduler.queries.changes import changes
from scheduler.refusals import Forbidden, Refused

PASSWORD = "gavel to gavel, always"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        people, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


def first_admin(db: Database) -> Person:
    token = people.first_admin_link(db, NOW)
    assert token is not None
    return people.redeem_link(db, NOW, token, "Ada", "ada@example.gov", PASSWORD)


def test_no_one_can_sign_in_before_the_first_link(db: Database) -> None:
    assert not queries.has_administrator(db)
    for login in ("admin", "", "ada@example.gov"):
        assert people.authenticate(db, NOW, login, "admin") is None


def test_the_first_link_creates_one_administrator(db: Database) -> None:
    token = people.first_admin_link(db, NOW)
    assert token is not None
    ada = people.redeem_link(db, NOW, token, "Ada", "Ada@Example.gov ", PASSWORD)
    assert (ada.roles, ada.login) == ({Role.ADMINISTRATOR}, "ada@example.gov")
    assert queries.has_administrator(db)
    assert people.first_admin_link(db, NOW) is None
    with pytest.raises(Refused):
        people.redeem_link(db, NOW, token, "Eve", "eve@example.gov", PASSWORD)


def test_a_new_first_link_invalidates_the_earlier_one(db: Database) -> None:
    old, new = people.first_admin_link(db, NOW), people.first_admin_link(db, NOW)
    assert old is not None
    assert new is not None
    assert not people.link_is_open(db, NOW, old)
    assert people.link_is_open(db, NOW, new)
    assert not people.link_is_open(db, NOW + timedelta(days=1), new)


@pytest.mark.parametrize(
    ("name", "login", "password", "field"),
    [
        ("Bo", "bo@example.gov", "short", "password"),
        ("Bo", "bo@example.gov", "my login is bo@example.gov!", "password"),
        ("Bo", "ada@example.gov", PASSWORD, "login"),
        ("Bo", "two words", PASSWORD, "login"),
        (" ", "bo@example.gov", PASSWORD, "name"),
    ],
)
def test_a_refused_account_leaves_its_link_valid(
    sqlite_db: Database, name: str, login: str, password: str, field: str
) -> None:
    first_admin(sqlite_db)
    token = people.invite(sqlite_db, ADMIN, NOW, Role.OPERATOR)
    with pytest.raises(Refused) as refused:
        people.redeem_link(sqlite_db, NOW, token, name, login, password)
    assert list(refused.value.field_errors) == [field]
    bo = people.redeem_link(sqlite_db, NOW, token, "Bo", "bo@example.gov", PASSWORD)
    assert bo.roles == {Role.OPERATOR}


def test_sign_in_needs_the_right_login_and_password(db: Database) -> None:
    ada = first_admin(db)
    assert people.authenticate(db, NOW, "ADA@example.gov", PASSWORD) == ada
    assert people.authenticate(db, NOW, "ada@example.gov", PASSWORD + ".") is None
    assert people.authenticate(db, NOW, "bo@example.gov", PASSWORD) is None


def test_an_unknown_login_takes_as_long_as_a_wrong_password(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            tried.append(hash)
            return PasswordHasher().verify(hash, password)

    monkeypatch.setattr(people, "_hasher", Counting())
    assert people.authenticate(db, NOW, "nobody", PASSWORD) is None
    assert tried == [people._DUMMY_HASH]


def test_a_session_ends_by_expiry_sign_out_or_revocation(db: Database) -> None:
    ada = first_admin(db)
    one = people.open_session(db, NOW, ada.id, "Firefox")
    two = people.open_session(db, NOW, ada.id, "Phone")
    assert people.session_person(db, NOW + HOUR, one) == ada
    assert people.session_person(db, NOW + timedelta(days=15), one) is None
    assert people.session_person(db, NOW, "made up") is None
    people.close_session(db, NOW, two)
    assert people.session_person(db, NOW, two) is None
    (left,) = queries.sessions(db, ada.id, NOW + HOUR)
    assert (left.client, left.last_seen) == ("Firefox", NOW + HOUR)
    people.revoke_session(db, NOW, left.id)
    assert people.session_person(db, NOW, one) is None


def test_deactivating_an_account_signs_it_out_everywhere(db: Database) -> None:
    first_admin(db)
    token = people.invite(db, ADMIN, NOW, Role.SCHEDULER)
    bo = people.redeem_link(db, NOW, token, "Bo", "bo@example.gov", PASSWORD)
    session = people.open_session(db, NOW, bo.id, "Firefox")
    people.set_active(db, ADMIN, NOW, bo.id, False)
    assert people.session_person(db, NOW, session) is None
    assert people.authenticate(db, NOW, "bo@example.gov", PASSWORD) is None
    people.set_active(db, ADMIN, NOW, bo.id, True)
    assert people.session_person(db, NOW, session) is None


def test_a_new_password_signs_out_everywhere(db: Database) -> None:
    ada = first_admin(db)
    session = people.open_session(db, NOW, ada.id, "Firefox")
    token = people.password_link(db, ADMIN, NOW, ada.id)
    people.redeem_link(db, NOW + MINUTE, token, "", "", "another sentence entirely")
    assert people.session_person(db, NOW + MINUTE, session) is None
    assert people.authenticate(db, NOW, ada.login, PASSWORD) is None
    assert people.authenticate(db, NOW, ada.login, "another sentence entirely") == ada


def test_the_last_administrator_cannot_be_removed(db: Database) -> None:
    ada = first_admin(db)
    with pytest.raises(Refused):
        people.set_roles(db, ADMIN, NOW, ada.id, Role.VIEWER)
    with pytest.raises(Refused):
        people.set_active(db, ADMIN, NOW, ada.id, False)
    assert queries.person(db, ada.id) == ada


def test_only_administrators_manage_people(db: Database) -> None:
    with pytest.raises(Forbidden):
        people.invite(db, PLANNER, NOW, Role.ADMINISTRATOR)
    assert [role for role in Role if Right.ADMINISTER in RIGHTS[role]] == [Role.ADMINISTRATOR]


def test_a_host_key_works_until_revoked(db: Database) -> None:
    host, key = hosts.add_host(db, ADMIN, NOW, "air1")
    assert hosts.host_by_key(db, key) == host
    assert hosts.host_by_key(db, key[:-1]) is None
    renewed = hosts.renew_key(db, ADMIN, NOW, host.id)
    assert hosts.host_by_key(db, key) is None
    hosts.revoke_host(db, ADMIN, NOW, host.id)
    assert hosts.host_by_key(db, renewed) is None
    assert [one.revoked for one in queries.hosts(db)] == [True]
    with pytest.raises(Refused):
        hosts.add_host(db, ADMIN, NOW, "air1")


def test_a_host_key_is_limited_to_its_channels(db: Database) -> None:
    thirteen, fourteen = ChannelId("ch13"), ChannelId("ch14")
    _, key = hosts.add_host(db, ADMIN, NOW, "air1")
    host = hosts.host_by_key(db, key)
    assert host is not None and host.only is None and host.serves(thirteen)
    kept = hosts.set_channels(db, ADMIN, NOW, host.id, frozenset({fourteen}))
    assert kept == hosts.host_by_key(db, key)
    assert (kept.serves(thirteen), kept.serves(fourteen)) == (False, True)
    assert hosts.set_channels(db, ADMIN, NOW, host.id, None).serves(thirteen)


def test_secrets_are_hashed_and_absent_from_the_audit_trail(db: Database) -> None:
    ada = first_admin(db)
    link = people.invite(db, ADMIN, NOW, Role.VIEWER)
    session = people.open_session(db, NOW, ada.id, "Firefox")
    _, key = hosts.add_host(db, ADMIN, NOW, "air1")
    with db.read() as rows:
        person = rows.get(PersonRow, ada.id)
        assert person is not None
        assert person.password_hash.startswith("$argon2id$")
        for table, secret in ((LinkRow, link), (SessionRow, session)):
            assert rows.get(table, token_hash(secret)) is not None
            assert rows.get(table, secret) is None
        (host,) = [rows.get(HostRow, one.id) for one in queries.hosts(db)]
        assert host is not None
        told = str(changes(db))
        for secret in (PASSWORD, person.password_hash, key, host.key_hash, link, session):
            assert secret not in told


def kept_to(only: frozenset[ChannelId] | None, role: Role = Role.SCHEDULER) -> Actor:
    return Actor("sam", "Sam Scheduler", frozenset({role}), only)


def test_a_person_limited_to_a_channel_changes_no_other(db: Database) -> None:
    a_channel(db, "ch13")
    a_channel(db, "ch14")
    sam = kept_to(frozenset({CH13}))
    mine = airings.add(db, sam, NOW, a_draft())
    with pytest.raises(Forbidden, match="ch14"):
        airings.add(db, sam, NOW, a_draft(channel=ChannelId("ch14")))
    moved = a_draft(channel=ChannelId("ch14"))
    with pytest.raises(Forbidden):
        airings.edit(db, sam, NOW, mine.id, moved, mine.version)
    assert grid.airing(db, mine.id, NOW).airing.channel == CH13


def test_a_person_limited_to_a_channel_undoes_and_operates_no_other(db: Database) -> None:
    a_channel(db, "ch14")
    other = airings.add(db, PLANNER, NOW, a_draft(channel=ChannelId("ch14")))
    (change,) = changes(db, "airing", other.id)
    with pytest.raises(Forbidden):
        undo(db, kept_to(frozenset({CH13})), NOW, change.id)
    operator = kept_to(frozenset({CH13}), Role.OPERATOR)
    with pytest.raises(Forbidden):
        issue(db, operator, NOW, ChannelId("ch14"), Verb.HOLD)
    with pytest.raises(Forbidden):
        rescuer = kept_to(frozenset({CH13}), Role.EMERGENCY)
        issue(db, rescuer, NOW, ChannelId("ch14"), Verb.SLATE)


def next_year(channel: str, calendar: CalendarId) -> SeriesDraft:
    """Add a series without any airing yet that observes a calendar."""
    rule = Rule("America/New_York", time(10), Weekly(frozenset({1})), date(2027, 12, 1))
    rule = replace(rule, holidays=(Observance(calendar, Policy.SKIP),))
    return SeriesDraft("Council", rule, a_draft(channel=ChannelId(channel)))


def test_a_calendar_edit_is_refused_where_it_moves_other_channels_meetings(db: Database) -> None:
    a_channel(db)
    a_channel(db, "ch14")
    sam = kept_to(frozenset({CH13}))
    first = CalendarDraft("City", "Christmas: December 25")
    made = calendars.add(db, PLANNER, NOW, first)
    mine = calendars.edit(db, sam, NOW, made.id, replace(first, name="House"), made.version)
    edit = changes(db, "calendar", made.id)[0]
    series.add(db, PLANNER, NOW, next_year("ch14", made.id))
    closed = CalendarDraft("House", "Recess: 2027-12-01 to 2027-12-31")
    with pytest.raises(Forbidden):
        calendars.edit(db, sam, NOW, made.id, closed, mine.version)
    with pytest.raises(Forbidden):
        calendars.retire(db, sam, NOW, made.id, mine.version)
    with pytest.raises(Forbidden):
        undo(db, sam, NOW, edit.id)
    calendars.edit(db, PLANNER, NOW, made.id, closed, mine.version)


def test_an_administrator_sets_and_lifts_a_persons_channel_limit(db: Database) -> None:
    ada = first_admin(db)
    token = people.invite(db, ADMIN, NOW, Role.SCHEDULER)
    pat = people.redeem_link(db, NOW, token, "Pat", "pat", PASSWORD)
    kept = people.set_channels(db, ada.actor, NOW, pat.id, frozenset({CH13}))
    assert kept.only == frozenset({CH13})
    assert queries.person(db, pat.id).actor.may(Right.PLAN, CH13)
    assert not queries.person(db, pat.id).actor.may(Right.PLAN, ChannelId("ch14"))
    assert queries.person(db, pat.id).actor.may(Right.PREPARE, ChannelId("ch14"))
    assert people.set_channels(db, ada.actor, NOW, pat.id, None).only is None
    with pytest.raises(Refused):
        people.set_channels(db, ada.actor, NOW, ada.id, frozenset({CH13}))
    with pytest.raises(Forbidden):
        people.set_channels(db, pat.actor, NOW, pat.id, None)


def test_changing_a_password_needs_the_old_one_and_signs_out_other_browsers(db: Database) -> None:
    ada = first_admin(db)
    here = people.open_session(db, NOW, ada.id, "here")
    there = people.open_session(db, NOW, ada.id, "there")
    with pytest.raises(Refused):
        people.change_password(db, NOW, ada, here, "a wrong guess", "another fine sentence")
    with pytest.raises(Refused):
        people.change_password(db, NOW, ada, here, PASSWORD, "short")
    people.change_password(db, NOW, ada, here, PASSWORD, "another fine sentence")
    assert people.authenticate(db, NOW, ada.login, PASSWORD) is None
    assert people.authenticate(db, NOW, ada.login, "another fine sentence") is not None
    assert people.session_person(db, NOW, here) is not None
    assert people.session_person(db, NOW, there) is None


BEFORE = (
    "INSERT INTO person (id, login, name, role, password_hash, active, created) VALUES "
    "('p1', 'ada', 'Ada', 'administrator', 'x', true, '2026-11-01 00:00:00'), "
    "('p2', 'olu', 'Olu', 'operator', 'x', false, '2026-11-01 00:00:00')",
    "INSERT INTO link (token_hash, role, created, expires) VALUES "
    "('t1', 'producer', '2026-11-01 00:00:00', '2026-11-09 00:00:00')",
)


def keep_their_roles(db: Database) -> None:
    """Fill a database whose accounts have one role each, upgrade it, and check every role."""
    migrate.upgrade(db, "0017")
    with db.engine.begin() as connection:
        for sentence in BEFORE:
            connection.exec_driver_sql(sentence)
    migrate.upgrade(db)
    assert migrate.differences(db) == []
    ada, olu = queries.people(db)
    assert (ada.roles, ada.active) == ({Role.ADMINISTRATOR}, True)
    assert (olu.roles, olu.active) == ({Role.OPERATOR}, False)
    with db.read() as session:
        link = session.get(LinkRow, "t1")
        assert link is not None and link.roles == ["producer"]
    db.close()


def test_migration_keeps_the_roles_of_accounts_on_sqlite(tmp_path: Path) -> None:
    keep_their_roles(Database(f"sqlite:///{tmp_path / 'old.db'}"))


def test_migration_keeps_the_roles_of_accounts_on_postgresql(postgres: URL) -> None:
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE gavel_roles_of_old")
    address = postgres.set(database="gavel_roles_of_old")
    keep_their_roles(Database(address.render_as_string(hide_password=False)))
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE gavel_roles_of_old WITH (FORCE)")
    server.dispose()
