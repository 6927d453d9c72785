"""The table of rights is complete, and the gate enforces it."""

import logging
import re
from collections.abc import Iterator

import pytest
from support.desk import ADMIN, NOW
from support.page import read
from support.website import SECRET, Site, post, token_of

from playout.model.commands import Verb
from scheduler.actions import hosts, people
from scheduler.domain.model.people import RIGHTS, Right, Role
from web.gate.endpoints import ENDPOINTS, Access

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SAMPLES = {"channel": "ch13", "week": "2026-W47", "change": "1"}


def address(rule: str) -> str:
    """Return an address of the rule with a plausible value in each placeholder."""
    gaps = r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>"
    return re.sub(gaps, lambda gap: SAMPLES.get(gap.group(1), "x" * 32), rule)


def test_every_endpoint_is_in_the_table_of_rights(site: Site) -> None:
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(ENDPOINTS)


def test_staff_pages_require_sign_in(site: Site) -> None:
    client = site.visitor()
    for rule in site.app.url_map.iter_rules():
        if isinstance(ENDPOINTS[rule.endpoint], Right) and "GET" in (rule.methods or ()):
            answer = client.get(address(rule.rule))
            assert answer.status_code in (302, 401), rule
            assert answer.headers.get("Location", "/login") == "/login"


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_its_rights_allow_and_nothing_else(site: Site, role: Role) -> None:
    client = site.browser(role)
    token = token_of(client, "/programs")
    for rule in site.app.url_map.iter_rules():
        needed = ENDPOINTS[rule.endpoint]
        if not isinstance(needed, Right) or rule.endpoint in ("session.logout",):
            continue
        method = "GET" if "GET" in (rule.methods or ()) else next(iter(UNSAFE & rule.methods))
        answer = client.open(address(rule.rule), method=method, headers={"X-CSRFToken": token})
        allowed = needed in RIGHTS[role]
        if rule.endpoint == "onair.command":
            continue
        assert (answer.status_code != 403) is allowed, (role, rule, answer.status_code)
        assert answer.status_code < 500, (rule, answer.get_data(as_text=True)[:300])


def test_a_viewer_cannot_press_take_whatever_the_page_offers(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    for verb in Verb:
        answer = post(client, "/channels/ch13/command", verb=verb.value, cue="c", item="i")
        assert answer.status_code == 403, verb


def test_every_change_without_a_token_is_refused(site: Site) -> None:
    client = site.browser(Role.ADMINISTRATOR)
    crawled = 0
    for rule in site.app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            if ENDPOINTS[rule.endpoint] is Access.HOST:
                continue
            crawled += 1
            answer = client.open(address(rule.rule), method=method, data={"title": "x"})
            assert answer.status_code == 400, rule
            assert "Reload" in answer.get_data(as_text=True)
    assert crawled > 25


def test_a_change_from_another_site_is_refused_even_with_a_valid_token(site: Site) -> None:
    client = site.browser(Role.ADMINISTRATOR)
    data = {"csrf_token": token_of(client), "role": "viewer"}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/settings/people/invite", data=data, headers=headers).status_code == 403
    assert client.post("/settings/people/invite", data=data).status_code == 200


def test_deactivating_an_account_signs_its_browsers_out(site: Site) -> None:
    client = site.browser(Role.SCHEDULER)
    assert client.get("/programs").status_code == 200
    boss = site.person(Role.ADMINISTRATOR)
    with client.session_transaction() as session:
        person = people.session_person(site.db, site.clock.utc(), session["_user_id"])
    assert person is not None
    people.set_active(site.db, boss.actor, site.clock.utc(), person.id, False)
    assert client.get("/programs").headers["Location"] == "/login"


class Heard(logging.Handler):
    """A log handler that keeps messages, independent of the logging setup of earlier tests."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def log() -> Iterator[list[str]]:
    """The messages logged about refusals."""
    heard, logger = Heard(), logging.getLogger("web.kit.errors")
    before, logger.disabled = (logger.level, logger.disabled), False
    logger.setLevel(logging.WARNING)
    logger.addHandler(heard)
    yield heard.said
    logger.removeHandler(heard)
    logger.level, logger.disabled = before


def test_a_refused_action_is_logged_with_person_address_and_right(
    site: Site, log: list[str]
) -> None:
    viewer = site.browser(Role.VIEWER)
    post(viewer, "/channels/ch13/command", verb="skip", cue="c", item="i")
    post(viewer, "/channels/ch13/override", source="chamber")
    post(viewer, "/airings", title="x")
    post(site.browser(Role.SCHEDULER), "/settings/people/invite", role="viewer")
    assert log == [
        "refused: POST '/channels/ch13/command' to viewer (viewer) from 127.0.0.1: "
        "Your role does not let you run what is on air.",
        "refused: POST '/channels/ch13/override' to viewer (viewer) from 127.0.0.1: "
        "Your role does not let you run what is on air.",
        "refused: POST '/airings' to viewer (viewer) from 127.0.0.1: "
        "Your role does not let you change the schedule.",
        "refused: POST '/settings/people/invite' to scheduler (scheduler) from 127.0.0.1: "
        "Your role does not let you manage people.",
    ]


def test_ending_another_persons_session_is_refused_and_logged(site: Site, log: list[str]) -> None:
    assert post(site.browser(Role.VIEWER), "/account/sessions/abc/end").status_code == 404
    assert "to viewer (viewer) from 127.0.0.1: There is no such browser" in log[0]


def test_a_failed_sign_in_is_logged_by_name_but_never_what_was_typed(
    site: Site, log: list[str]
) -> None:
    login, client = site.person(Role.OPERATOR).login, site.visitor()
    token = read(client.get("/login")).control("csrf_token").value
    for name, password in ((login, "wrong horse battery"), (SECRET, "swapped")):
        client.post("/login", data={"csrf_token": token, "login": name, "password": password})
    client.get("/welcome/not-a-link-of-ours")
    known, stranger, link = log
    assert f"to {login} from 127.0.0.1: wrong name or password" in known
    assert "to a stranger from" in stranger and "'/welcome/<token>'" in link
    for secret in ("wrong horse", SECRET, "swapped", "not-a-link"):
        assert secret not in known + stranger + link


def test_a_machine_with_a_wrong_key_is_logged_once_a_minute_without_its_key(
    site: Site, log: list[str]
) -> None:
    made, key = hosts.add_host(site.db, ADMIN, NOW, "playout-1")
    hosts.set_channels(site.db, ADMIN, NOW, made.id, frozenset())
    for bearer in ("forged-key", "forged-key", key):
        site.visitor().get("/api/v1/host/ch13/plan", headers={"Authorization": f"Bearer {bearer}"})
    stranger, known = log
    assert "to a stranger from 127.0.0.1: no machine with this key" in stranger
    assert "to playout-1 from 127.0.0.1: its key does not cover ch13" in known
    assert "forged-key" not in stranger and key not in known
