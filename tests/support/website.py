"""The web app over an empty database, with browsers signed in in any role."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from support.desk import NOW, a_channel, set_hour_style
from support.page import read

from config.clock import SimulatedClock
from config.settings import Settings
from scheduler.actions import hosts, people
from scheduler.db.store import Database
from scheduler.domain.model.ids import PersonId
from scheduler.domain.model.people import Actor, Person, Role
from web import create_app

SECRET = "a short sentence of words"


@dataclass
class Site:
    """A running app, its database and its clock."""

    app: Flask
    db: Database
    clock: SimulatedClock
    settings: Settings

    def visitor(self) -> FlaskClient:
        """Return a browser that is not signed in."""
        return self.app.test_client()

    def person(self, *roles: Role) -> Person:
        """Return a new person with these roles."""
        boss = Actor("boss", "Boss", frozenset({Role.ADMINISTRATOR}))
        token = people.invite(self.db, boss, self.clock.utc(), *roles)
        role = "+".join(role.value for role in roles)
        name = f"{role}{len(token)}{token[:4].lower()}"
        return people.redeem_link(self.db, self.clock.utc(), token, role, name, SECRET)

    def browser(self, *roles: Role) -> FlaskClient:
        """Return a browser signed in as a new person with these roles."""
        return self.as_person(self.person(*roles).id)

    def as_person(self, person: PersonId) -> FlaskClient:
        """Return a browser signed in as this person."""
        client = self.visitor()
        secret = people.open_session(self.db, self.clock.utc(), person, "test")
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
        return client

    def host_key(self, name: str = "playout-1") -> dict[str, str]:
        """Return the headers of a new broadcast machine with its own key."""
        boss = Actor("boss", "Boss", frozenset({Role.ADMINISTRATOR}))
        _, key = hosts.add_host(self.db, boss, self.clock.utc(), name)
        return {"Authorization": f"Bearer {key}"}


def _signed_token(client: FlaskClient) -> str:
    """Return a valid CSRF token for this browser without loading a page."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", secrets.token_hex(20))
    signer = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token")
    return signer.dumps(raw)


def token_of(client: FlaskClient, page: str = "/programs") -> str:
    """Return the CSRF token of a page as this browser gets it."""
    return read(client.get(page)).one("meta", name="csrf-token").get("content")


def post(client: FlaskClient, path: str, **form: Any) -> Any:
    """Send a form as the page would, with its token."""
    return client.post(path, data={"csrf_token": _signed_token(client), **form})


DATABASE_VARIABLE = "GAVEL_TEST_SITE"
"""Set to `postgres` to run every test of a page on PostgreSQL; SQLite where it is not set."""


@pytest.fixture
def site(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """Give a site with two channels on a Sunday afternoon in New York."""
    db = request.getfixturevalue(f"{os.environ.get(DATABASE_VARIABLE, 'sqlite')}_db")
    yield _site_over(db, tmp_path, monkeypatch)


@pytest.fixture
def each_site(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give the same site on SQLite and on PostgreSQL."""
    yield _site_over(db, tmp_path, monkeypatch)


def _site_over(db: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    monkeypatch.setattr(people, "_hasher", _quick_hasher())
    settings = Settings(data_dir=folder / "data", station="Test City", domain="tv.example")
    clock = SimulatedClock(NOW)
    app = create_app(settings, db, clock)
    app.testing = False
    a_channel(db)
    a_channel(db, "ch14")
    set_hour_style(db)
    return Site(app, db, clock, settings)


def _quick_hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
