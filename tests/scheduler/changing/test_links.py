"""A one-time link is valid only while its maker still has the authority to make it."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from support.desk import HOUR, NOW
from support.page import read
from support.website import Site, post

from scheduler.actions import people
from scheduler.db.store import Database
from scheduler.domain.model.people import Actor, Person, Role
from scheduler.queries import people as queries
from scheduler.refusals import Refused

PASSWORD = "gavel to gavel, always"
NEWER = "a newer sentence of words"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        people, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


class Rig:
    """Two administrators and an operator, and a link of each kind made by one administrator."""

    def __init__(self, db: Database) -> None:
        self.db = db
        first = people.first_admin_link(db, NOW) or ""
        self.ada = people.redeem_link(db, NOW, first, "Ada", "ada", PASSWORD)
        self.bob = self.joined(Role.ADMINISTRATOR, "bob")
        self.dana = self.joined(Role.OPERATOR, "dana")
        self.invitation = people.invite(db, self.bob.actor, NOW, Role.ADMINISTRATOR)
        self.renewal = people.password_link(db, self.bob.actor, NOW, self.dana.id)

    def joined(self, role: Role, login: str) -> Person:
        token = people.invite(self.db, self.ada.actor, NOW, role)
        return people.redeem_link(self.db, NOW, token, login.title(), login, PASSWORD)

    @property
    def boss(self) -> Actor:
        return self.ada.actor

    def stand(self) -> tuple[bool, bool]:
        """Return whether the invitation and the password link can be redeemed, which the list shows
        too.
        """
        tokens = self.invitation, self.renewal
        open_now = tuple(people.link_is_open(self.db, NOW, token) for token in tokens)
        assert len(queries.links(self.db, NOW)) == sum(open_now)
        for token, is_open in zip(tokens, open_now, strict=True):
            if not is_open:
                with pytest.raises(Refused):
                    people.redeem_link(self.db, NOW, token, "Eve", "eve", NEWER)
        return open_now[0], open_now[1]


def close(rig: Rig, person: Person) -> None:
    people.set_active(rig.db, rig.boss, NOW, person.id, False)


def reopen(rig: Rig, person: Person) -> None:
    close(rig, person)
    people.set_active(rig.db, rig.boss, NOW, person.id, True)


def demote(rig: Rig, person: Person) -> None:
    people.set_roles(rig.db, rig.boss, NOW, person.id, Role.VIEWER)


def demote_and_promote(rig: Rig, person: Person) -> None:
    demote(rig, person)
    people.set_roles(rig.db, rig.boss, NOW, person.id, Role.ADMINISTRATOR)


def new_password(rig: Rig, person: Person) -> None:
    token = people.open_session(rig.db, NOW, person.id, "")
    people.change_password(rig.db, NOW, person, token, PASSWORD, NEWER)


def renamed(rig: Rig, person: Person) -> None:
    people.set_channels(rig.db, rig.boss, NOW, person.id, None)


CASES: list[tuple[Callable[[Rig, Person], None], str, tuple[bool, bool]]] = [
    (close, "bob", (False, False)),
    (reopen, "bob", (False, False)),
    (demote, "bob", (False, False)),
    (demote_and_promote, "bob", (False, False)),
    (new_password, "bob", (False, False)),
    (close, "dana", (True, False)),
    (reopen, "dana", (True, False)),
    (new_password, "dana", (True, False)),
    (demote, "dana", (True, True)),
    (renamed, "bob", (True, True)),
]


@pytest.mark.parametrize(("done", "to", "stand"), CASES)
def test_a_link_is_void_once_its_maker_loses_the_right(
    db: Database, done: Callable[[Rig, Person], None], to: str, stand: tuple[bool, bool]
) -> None:
    rig = Rig(db)
    assert rig.stand() == (True, True)
    done(rig, getattr(rig, to))
    assert rig.stand() == stand


def test_a_link_is_listed_and_can_be_revoked(db: Database) -> None:
    rig = Rig(db)
    renewal, invitation = sorted(queries.links(db, NOW), key=lambda one: one.person is None)
    assert (renewal.name, renewal.made_by, invitation.roles) == (
        "Dana",
        "Bob",
        {Role.ADMINISTRATOR},
    )
    people.revoke_link(db, rig.boss, NOW, renewal.id)
    assert rig.stand() == (True, False)
    people.revoke_link(db, rig.boss, NOW, invitation.id)
    assert rig.stand() == (False, False)
    assert not queries.links(db, NOW + 25 * HOUR)


def test_an_inactive_account_gets_neither_link_nor_session(db: Database) -> None:
    rig = Rig(db)
    close(rig, rig.dana)
    with pytest.raises(Refused):
        people.password_link(db, rig.boss, NOW, rig.dana.id)
    with pytest.raises(Refused):
        people.open_session(db, NOW, rig.dana.id, "")


def test_the_page_lists_links_and_revokes_them(site: Site) -> None:
    boss = site.browser(Role.ADMINISTRATOR)
    answer = post(boss, "/settings/people/invite", role="operator").get_data(as_text=True)
    token = answer.split("/welcome/")[1].split("<")[0]
    page = read(boss.get("/settings"))
    assert "One-time link for a new operator" in page and token not in page
    (link,) = [
        one for one in queries.links(site.db, site.clock.utc()) if one.roles == {Role.OPERATOR}
    ]
    post(boss, f"/settings/people/links/{link.id}/revoke")
    assert "One-time link for a new operator" not in read(boss.get("/settings"))
    assert site.visitor().get(f"/welcome/{token}").status_code == 404
