"""Roles add up, their words match their rights, and no page offers what it then refuses."""

import re
from itertools import combinations

import pytest
from support.desk import CH13, HOUR, NOW, an_airing
from support.page import read
from support.website import Site, post

from config.names import ChannelId
from playout.model.commands import Verb
from playout.model.events import MessagePlacement
from scheduler.actions import commands, people
from scheduler.actions.commands import Order
from scheduler.domain.model.people import RIGHTS, SYSTEM_ACTOR, Actor, Right, Role, named, rights
from scheduler.queries import people as asked
from web.kit.role_words import ROLE_WORDS

BOTH = frozenset({Role.OPERATOR, Role.EMERGENCY})


@pytest.mark.parametrize("pair", tuple(combinations(Role, 2)))
def test_two_roles_allow_what_either_allows_and_nothing_more(pair: tuple[Role, Role]) -> None:
    held = Actor("a", "A", frozenset(pair), frozenset({CH13}))
    for right in Right:
        assert held.may(right) is any(right in RIGHTS[role] for role in pair)
    assert not held.may(Right.PLAN, ChannelId("ch14"))


def test_no_role_allows_nothing() -> None:
    assert rights(()) == frozenset()
    assert not any(Actor("a", "A", frozenset()).may(right) for right in Right)


def test_roles_are_named_in_one_order_whoever_holds_them() -> None:
    assert named([Role.EMERGENCY, Role.OPERATOR]) == "operator, emergency"


PLUS = {
    Role.PRODUCER: {Right.PROPOSE, Right.PREPARE},
    Role.SCHEDULER: {Right.PLAN},
    Role.OPERATOR: {Right.OPERATE},
    Role.EMERGENCY: {Right.OVERRIDE},
    Role.RECORDS: {Right.PREPARE, Right.DISPOSE},
    Role.ENGINEER: {Right.EQUIP},
    Role.ADMINISTRATOR: {Right.ADMINISTER},
}
"""What each role's words add to those it names."""


@pytest.mark.parametrize(("role", "words"), ROLE_WORDS)
def test_the_words_of_a_role_match_its_rights(role: Role, words: str) -> None:
    if role is Role.VIEWER:
        assert RIGHTS[role] == {Right.VIEW}
        return
    all_of = words.split(", plus")[0]
    others = {other for other in Role if re.search(rf"\b{other.value}\b", all_of)}
    assert others and "everything" in all_of
    assert RIGHTS[role] == rights(others) | PLUS[role]


def test_every_role_is_described_once() -> None:
    assert [role for role, _ in ROLE_WORDS] == list(Role)


def test_a_person_with_two_roles_has_both_rights(each_site: Site) -> None:
    olu = each_site.person(*BOTH)
    assert asked.person(each_site.db, olu.id).roles == BOTH
    over = Order(
        Verb.EMERGENCY, until=NOW + HOUR, text="Boil water.", placement=MessagePlacement.STRIP
    )
    assert commands.give(each_site.db, olu.actor, NOW, CH13, over).text == "Boil water."
    assert olu.actor.may(Right.OPERATE, CH13)


def test_roles_are_set_on_the_persons_page(site: Site) -> None:
    boss, sam = site.browser(Role.ADMINISTRATOR), site.person(Role.OPERATOR)
    page = read(boss.get(f"/settings/people/{sam.id}"))
    assert "everything a producer can do, plus changing the schedule" in page
    assert page.sent["role"] == ["operator"]
    path = f"/settings/people/{sam.id}/role"
    assert post(boss, path, role=["operator", "emergency"]).status_code == 303
    assert asked.person(site.db, sam.id).roles == BOTH
    assert "operator, emergency" in boss.get("/settings").get_data(as_text=True)
    for wrong in ({}, {"role": ["operator", "king"]}):
        assert post(boss, path, **wrong).status_code == 422
    assert asked.person(site.db, sam.id).roles == BOTH


def test_an_administrator_has_every_channel(site: Site) -> None:
    sam = site.person(Role.SCHEDULER)
    people.set_channels(site.db, SYSTEM_ACTOR, NOW, sam.id, frozenset({CH13}))
    made = people.set_roles(site.db, SYSTEM_ACTOR, NOW, sam.id, Role.ADMINISTRATOR)
    assert made.only is None and made.actor.may(Right.PLAN, ChannelId("ch14"))


@pytest.mark.parametrize("role", Role)
def test_every_page_in_the_menu_opens(site: Site, role: Role) -> None:
    client = site.browser(role)
    menu = read(client.get("/programs")).one("nav", aria_label="Pages")
    for link in menu.all("a"):
        assert client.get(link.get("href")).status_code in (200, 302), link.text
    assert (menu.link("Settings") is not None) is (Right.EQUIP in RIGHTS[role])


@pytest.mark.parametrize(
    ("role", "only", "offered"),
    [
        (Role.SCHEDULER, None, True),
        (Role.SCHEDULER, frozenset({ChannelId("ch14")}), False),
        (Role.PRODUCER, None, False),
    ],
)
def test_a_save_button_is_shown_only_to_those_who_may_save(
    site: Site, role: Role, only: frozenset[ChannelId] | None, offered: bool
) -> None:
    made, who = an_airing(site.db), site.person(role)
    people.set_channels(site.db, SYSTEM_ACTOR, NOW, who.id, only)
    client = site.as_person(who.id)
    page = read(client.get("/schedule/ch13/2026-W48"))
    drawer = read(client.get(f"/airings/{made.id}"))
    assert ("Fix it" in page) is offered and ("Open it" in page) is not offered
    assert ("Add an airing" in page) is offered
    assert (drawer.button("Save") is not None) is offered
