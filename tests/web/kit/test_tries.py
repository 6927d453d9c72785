"""Waits after failed sign-ins; nobody can make anybody else wait."""

import pytest
from support.desk import ADMIN
from support.page import read
from support.website import SECRET, Site, token_of

from scheduler.actions import people
from scheduler.domain.model.people import Role
from web.front.addresses import counted_address
from web.kit.tries import (
    ADDRESS_FAILURES,
    ADDRESS_TRY_EVERY,
    FIRST_WAIT_SECONDS,
    FREE_FAILURES,
    LONGEST_WAIT_SECONDS,
    NAMES_REMEMBERED,
    Tries,
)


class Rig:
    """Tries on a clock that the test sets."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.tries = Tries(lambda: self.at)

    def fail(self, account: str, address: str, count: int = 1) -> int:
        """Fail to sign in `count` times; return how many tries were allowed."""
        let = 0
        for _ in range(count):
            if not self.tries.wait(account, counted_address(address)):
                self.tries.failed(account, counted_address(address))
                let += 1
        return let


def test_after_ten_failures_each_wait_is_longer() -> None:
    rig = Rig()
    assert rig.fail("dana", "192.0.2.1", 100) == FREE_FAILURES
    waits = []
    for _ in range(8):
        waits.append(rig.tries.wait("dana", "192.0.2.1"))
        rig.at += waits[-1]
        rig.fail("dana", "192.0.2.1", FREE_FAILURES)
    assert (
        waits == sorted(waits)
        and waits[0] >= FIRST_WAIT_SECONDS
        and waits[-1] == LONGEST_WAIT_SECONDS
    )


def test_thirty_addresses_on_one_account_get_one_try_each_and_then_wait() -> None:
    rig = Rig()
    assert sum(rig.fail("dana", f"198.51.100.{n}", 10) for n in range(30)) <= FREE_FAILURES + 30
    assert rig.tries.wait("dana", "203.0.113.9") == 0, "the owner, from elsewhere, has a try"


def test_one_ipv6_subscriber_counts_as_one_address() -> None:
    rig = Rig()
    assert sum(rig.fail("dana", f"2001:db8:1:2::{n:x}") for n in range(1, 200)) == FREE_FAILURES


def test_successful_sign_ins_never_cause_a_wait() -> None:
    rig = Rig()
    for n in range(500):
        assert not rig.tries.wait(f"person {n}", "192.0.2.1")
        rig.tries.succeeded(f"person {n}", "192.0.2.1")


def test_a_colleague_behind_the_same_address_still_gets_in() -> None:
    rig = Rig()
    rig.fail("dana", "192.0.2.1", 50)
    assert rig.tries.wait("dana", "192.0.2.1") and not rig.tries.wait("pat", "192.0.2.1")


def test_after_success_earlier_failures_cause_no_wait() -> None:
    rig = Rig()
    rig.fail("dana", "192.0.2.1", 20)
    rig.at += rig.tries.wait("dana", "192.0.2.1")
    rig.tries.succeeded("dana", "192.0.2.1")
    assert not rig.tries.wait("dana", "192.0.2.1")


def test_one_address_trying_new_names_is_slowed_down() -> None:
    rig = Rig()
    assert rig.fail("name", "192.0.2.1", 1) == 1
    assert sum(rig.fail(f"name {n}", "192.0.2.1") for n in range(500)) <= ADDRESS_FAILURES
    rig.at += 10 * ADDRESS_TRY_EVERY
    assert sum(rig.fail(f"other {n}", "192.0.2.1") for n in range(500)) <= 11


def test_remembered_names_are_bounded() -> None:
    rig = Rig()
    for n in range(NAMES_REMEMBERED + 500):
        rig.tries.failed("x" * 5000 + str(n), f"192.0.2.{n}")
    held = (rig.tries._of_account, rig.tries._of_address, rig.tries._of_all, rig.tries._of_both)
    assert [len(one) for one in held] == [NAMES_REMEMBERED] * 4


def sign_in(site: Site, login: str, password: str, address: str) -> int:
    client = site.visitor()
    page = client.get("/login").get_data(as_text=True)
    token = read(page).control("csrf_token").value
    form = {"csrf_token": token, "login": login, "password": password}
    where = {"REMOTE_ADDR": address}
    return int(client.post("/login", data=form, environ_base=where).status_code)


def test_signing_in_while_others_guess_the_same_account(site: Site) -> None:
    token = people.invite(site.db, ADMIN, site.clock.utc(), Role.OPERATOR)
    people.redeem_link(site.db, site.clock.utc(), token, "Dana", "dana", SECRET)
    for n in range(30):
        sign_in(site, "dana", "wrong", f"198.51.100.{n}")
    assert sign_in(site, "dana", "wrong", "198.51.100.1") == 429
    assert sign_in(site, "dana", SECRET, "198.51.100.1") == 429
    assert sign_in(site, "dana", SECRET, "203.0.113.9") == 303


@pytest.mark.parametrize("word", ["old"])
def test_guessing_the_current_password_of_an_open_session_must_wait_too(
    site: Site, word: str
) -> None:
    client = site.browser(Role.OPERATOR)
    form = {"csrf_token": token_of(client), word: "wrong", "password": SECRET, "again": SECRET}
    codes = [
        client.post("/account/password", data=form).status_code for _ in range(FREE_FAILURES + 2)
    ]
    assert codes == [422] * FREE_FAILURES + [429] * 2
