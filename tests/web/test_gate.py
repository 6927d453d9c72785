"""Every address has an entry in the table of rights, and the gate keeps to it."""

import re

import pytest
from support.website import Site, post, token_of

from scheduler.actions import people
from scheduler.domain.people import RIGHTS, Right, Role
from web.auth import ENDPOINTS, Door

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SAMPLES = {"channel": "ch13", "week": "2026-W47", "change": "1"}


def address(rule: str) -> str:
    """A rule with something plausible in each of its gaps."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda gap: SAMPLES.get(gap.group(1), "x" * 32), rule)


def test_every_address_of_the_house_stands_in_the_table(site: Site) -> None:
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(ENDPOINTS)


def test_nobody_comes_in_without_signing_in(site: Site) -> None:
    client = site.visitor()
    for rule in site.app.url_map.iter_rules():
        if isinstance(ENDPOINTS[rule.endpoint], Right) and "GET" in (rule.methods or ()):
            answer = client.get(address(rule.rule))
            assert answer.status_code in (302, 401), rule
            assert answer.headers.get("Location", "/login") == "/login"


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_its_rights_allow_and_nothing_else(site: Site, role: Role) -> None:
    client = site.browser(role)
    for rule in site.app.url_map.iter_rules():
        needed = ENDPOINTS[rule.endpoint]
        if not isinstance(needed, Right) or rule.endpoint in ("session.logout",):
            continue
        token = token_of(client, "/programs")
        method = "GET" if "GET" in (rule.methods or ()) else next(iter(UNSAFE & rule.methods))
        answer = client.open(address(rule.rule), method=method, headers={"X-CSRFToken": token})
        allowed = needed in RIGHTS[role]
        if rule.endpoint == "onair.command":
            continue
        assert (answer.status_code != 403) is allowed, (role, rule, answer.status_code)
        assert answer.status_code < 500, (rule, answer.get_data(as_text=True)[:300])


def test_a_viewer_cannot_press_take_whatever_the_page_offers(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    answer = post(client, "/channels/ch13/command", verb="skip", cue="c", item="i")
    assert answer.status_code == 403


def test_every_change_without_a_token_is_refused(site: Site) -> None:
    client = site.browser(Role.ADMINISTRATOR)
    crawled = 0
    for rule in site.app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            if ENDPOINTS[rule.endpoint] is Door.HOST:
                continue
            crawled += 1
            answer = client.open(address(rule.rule), method=method, data={"title": "x"})
            assert answer.status_code == 400, rule
            assert "Reload" in answer.get_data(as_text=True)
    assert crawled > 25


def test_a_change_that_another_site_sends_is_refused_with_a_good_token(site: Site) -> None:
    client = site.browser(Role.ADMINISTRATOR)
    data = {"csrf_token": token_of(client), "role": "viewer"}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/settings/people/invite", data=data, headers=headers).status_code == 403
    assert client.post("/settings/people/invite", data=data).status_code == 200


def test_closing_an_account_signs_its_browsers_out(site: Site) -> None:
    client = site.browser(Role.SCHEDULER)
    assert client.get("/programs").status_code == 200
    boss = site.person(Role.ADMINISTRATOR)
    with client.session_transaction() as session:
        person = people.session_person(site.db, site.clock.utc(), session["_user_id"])
    assert person is not None
    people.set_active(site.db, boss.actor, site.clock.utc(), person.id, False)
    assert client.get("/programs").headers["Location"] == "/login"
